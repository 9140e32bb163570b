"""Reads files somewhere else: in this process for tests, in killable processes for real evidence.

Both are a function `read(tasks) -> results`. A worker process has a time limit, a memory cap, no
network, no way to write outside the case's spool and no voice; when it hangs or dies, its file is
read once more alone and then fails by itself, with what it had spooled kept, and the rest goes on.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures import TimeoutError as Expired
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pebble import ProcessExpired, ProcessPool

from commtrace.evidence import cell
from commtrace.evidence.copy import blob_path
from commtrace.evidence.originals import embedded_bytes, whole_bytes
from commtrace.evidence.reading import read_file
from commtrace.evidence.spawning import Spawning
from commtrace.evidence.values import MIB, Read, Result, Task, Told
from commtrace.model import ProblemKind, Source

Prepare = Callable[[], None]
_BUNDLE_FILES, _BUNDLE_BYTES = 32, 128 * 1024
_ROOM = 640 * MIB  # what any file may take, beside four times its own size
_OF_PAGES = (".pdf", ".tif", ".tiff")
_PICTURES = (*_OF_PAGES, ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one worker may use. Seconds are for each file, and more of them for a large one.

    `seconds_of_pages` come on top for a file of pages, whose scans are read at seconds a page, and
    `seconds_per_mebibyte_of_pages`, up to `most_seconds` in all: a page is seldom below 20 KiB.
    """

    seconds: float = 120.0
    seconds_per_mebibyte: float = 1.0
    seconds_of_pages: float = 600.0
    seconds_per_mebibyte_of_pages: float = 60.0
    most_seconds: float = 3600.0
    memory: int = 2 << 30
    files: int = 2000

    def time_for(self, task: Task) -> float:
        """How long the reading of `task` may take."""
        size = task.size / MIB
        usual = self.seconds + self.seconds_per_mebibyte * size
        if not task.path.lower().endswith(_OF_PAGES):
            return usual
        pages = self.seconds_of_pages + self.seconds_per_mebibyte_of_pages * size
        return max(usual, min(self.most_seconds, self.seconds + pages))


def serial(tasks: Iterable[Task]) -> Iterator[Result]:
    """Read in this process, in order, with nothing between a hostile file and the caller."""
    for task in tasks:
        yield read_file(task)


def processes(
    workers: int | None = None, *, limits: Limits | None = None, prepare: Prepare | None = None
) -> Read:
    """A `read` over `workers` processes (one for each processor but one, at most four).

    `prepare` is called in each worker as it starts.
    """
    count = workers or max(1, min(4, (os.cpu_count() or 2) - 1))
    allowed = limits or Limits()

    def read(tasks: Iterable[Task]) -> Iterator[Result]:
        again: list[Task] = []
        with _pool(count, allowed, prepare) as pool:
            bundles = _bundles(_pictures_last(tasks))
            for bundle, results in _results(pool, bundles, allowed, 3 * count):
                if results[0].failure is not None and _worth_another(bundle, results[0]):
                    again.extend(bundle)
                    for task in bundle:
                        task.spool.unlink(missing_ok=True)
                else:
                    yield from results
        if again:
            with _pool(1, allowed, prepare) as pool:
                for _, results in _results(pool, ([task] for task in again), allowed, 1):
                    yield from results

    return read


def _pictures_last(tasks: Iterable[Task]) -> Iterator[Task]:
    """Pages that may need text recognition come last, so that nothing waits for them."""
    later: list[Task] = []
    for task in tasks:
        if task.path.lower().endswith(_PICTURES):
            later.append(task)
        else:
            yield task
    yield from later


def _worth_another(bundle: Sequence[Task], first: Result) -> bool:
    """Whether files may fare better one by one: always, but for one that is known to be slow."""
    timeout = first.failure is not None and first.failure[0] is ProblemKind.TIMEOUT
    return len(bundle) > 1 or not timeout


def _bundles(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    """Small files together, since handing one over costs as much as reading it; large alone."""
    bundle: list[Task] = []
    size = 0
    for task in tasks:
        if bundle and (size + task.size > _BUNDLE_BYTES or len(bundle) == _BUNDLE_FILES):
            yield bundle
            bundle, size = [], 0
        bundle.append(task)
        size += task.size
    if bundle:
        yield bundle


@contextmanager
def _pool(count: int, limits: Limits, prepare: Prepare | None) -> Iterator[ProcessPool]:
    pool = ProcessPool(
        max_workers=count,
        max_tasks=limits.files,
        initializer=cell.enter,
        initargs=(limits.memory, prepare),
        context=Spawning(),
    )
    try:
        yield pool
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _results(
    pool: ProcessPool, bundles: Iterable[list[Task]], limits: Limits, ahead: int
) -> Iterator[tuple[list[Task], list[Result]]]:
    """Results as they come, with at most `ahead` bundles under way."""
    todo = iter(bundles)
    running: dict[Future[list[Result]], list[Task]] = {}
    exhausted = False
    while True:
        while not exhausted and len(running) < ahead:
            bundle = next(todo, None)
            if bundle is None:
                exhausted = True
                break
            time = max(map(limits.time_for, bundle))
            running[pool.schedule(_read_in_cell, args=(bundle,), timeout=time)] = bundle
        if not running:
            return
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            bundle = running.pop(future)
            yield bundle, _result(future, bundle, limits)


def _read_in_cell(bundle: list[Task]) -> list[Result]:
    with cell.reading(bundle[0].spool, room=_ROOM + 4 * max(task.size for task in bundle)):
        return [read_file(task) for task in bundle]


def _result(future: Future[list[Result]], bundle: list[Task], limits: Limits) -> list[Result]:
    try:
        return future.result()
    except Expired:
        what = f"Reading took longer than {max(map(limits.time_for, bundle)):,.0f} seconds."
        failure = (ProblemKind.TIMEOUT, what)
    except ProcessExpired as expired:
        failure = _death(expired.exitcode or 0)
    except MemoryError:
        failure = _death(cell.OUT_OF_MEMORY)
    except BrokenProcessPool:
        failure = (ProblemKind.PARSER_CRASH, "The reading process could not be kept alive.")
    return [Result(task=task, spooled=task.spool.exists(), failure=failure) for task in bundle]


def _death(code: int) -> tuple[ProblemKind, str]:
    if code == cell.OUT_OF_MEMORY:
        return ProblemKind.OUT_OF_MEMORY, "Reading needed more memory than one file may have."
    if code == cell.LEFT:
        return ProblemKind.PARSER_CRASH, "The reading process ended without a result."
    if code < 0:
        name = signal.Signals(-code).name
        return ProblemKind.PARSER_CRASH, f"The reading process ended with {name}."
    return ProblemKind.PARSER_CRASH, f"The reading process ended without a result (exit {code})."


def read_part(
    evidence: Path, source: Source, *, limits: Limits | None = None, told: tuple[Told, ...] = ()
) -> bytes:
    """The bytes at a place in the evidence folder, read again from the kept copy in a worker.

    `told` is what was decided on how the file is read. Raises LookupError if the copy is not there,
    or nothing with bytes of its own lies at the place.
    """
    blob = blob_path(evidence, source.sha256)
    if not source.part and blob.is_file():
        return whole_bytes(blob)
    allowed = limits or Limits()
    with _pool(1, allowed, None) as pool:
        future = pool.schedule(
            embedded_bytes, args=(evidence, source, told), timeout=allowed.seconds
        )
        try:
            return bytes(future.result())
        except (Expired, ProcessExpired, MemoryError) as error:
            raise LookupError("The file could not be read again to this place.") from error
