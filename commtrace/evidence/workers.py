"""Reads files somewhere else: in this process for tests, in killable processes for real evidence.

Both are a function `read(tasks) -> results`. A worker process has a time limit, a memory cap, no
network, no way to write outside the case's spool and no voice; when it hangs or dies, its file is
read once more alone and then fails by itself, with what it had spooled kept, and the rest goes on.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures import TimeoutError as Expired
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from pebble import ProcessExpired, ProcessPool

from commtrace.evidence import cell
from commtrace.evidence.copy import blob_path
from commtrace.evidence.reading import embedded_bytes, read_file
from commtrace.evidence.values import MIB, Read, Result, Task
from commtrace.model import ProblemKind, Source

Prepare = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one worker may use. Seconds are for each file, and more of them for a large one."""

    seconds: float = 120.0
    seconds_per_mebibyte: float = 1.0
    memory: int = 2 << 30
    files: int = 2000

    def time_for(self, task: Task) -> float:
        """How long the reading of `task` may take."""
        return self.seconds + self.seconds_per_mebibyte * task.size / MIB


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
            for task, result in _results(pool, tasks, allowed, 3 * count):
                if result.failure is not None and result.failure[0] is not ProblemKind.TIMEOUT:
                    again.append(task)
                else:
                    yield result
        for task in again:
            with _pool(1, allowed, prepare) as pool:
                yield from (result for _, result in _results(pool, [task], allowed, 1))

    return read


@contextmanager
def _pool(count: int, limits: Limits, prepare: Prepare | None) -> Iterator[ProcessPool]:
    pool = ProcessPool(
        max_workers=count,
        max_tasks=limits.files,
        initializer=cell.enter,
        initargs=(limits.memory, prepare),
        context=get_context("spawn"),
    )
    try:
        yield pool
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _results(
    pool: ProcessPool, tasks: Iterable[Task], limits: Limits, ahead: int
) -> Iterator[tuple[Task, Result]]:
    """Results as they come, with at most `ahead` files under way."""
    todo = iter(tasks)
    running: dict[Future[Result], Task] = {}
    exhausted = False
    while True:
        while not exhausted and len(running) < ahead:
            task = next(todo, None)
            if task is None:
                exhausted = True
                break
            time = limits.time_for(task)
            running[pool.schedule(_read_in_cell, args=(task,), timeout=time)] = task
        if not running:
            return
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            task = running.pop(future)
            yield task, _result(future, task, limits)


def _read_in_cell(task: Task) -> Result:
    with cell.reading(task.spool):
        return read_file(task)


def _result(future: Future[Result], task: Task, limits: Limits) -> Result:
    try:
        return future.result()
    except Expired:
        what = f"Reading took longer than {limits.time_for(task):,.0f} seconds."
        failure = (ProblemKind.TIMEOUT, what)
    except ProcessExpired as expired:
        failure = _death(expired.exitcode or 0)
    except MemoryError:
        failure = _death(cell.OUT_OF_MEMORY)
    except BrokenProcessPool:
        failure = (ProblemKind.PARSER_CRASH, "The reading process could not be kept alive.")
    return Result(task=task, spooled=task.spool.exists(), failure=failure)


def _death(code: int) -> tuple[ProblemKind, str]:
    if code == cell.OUT_OF_MEMORY:
        return ProblemKind.OUT_OF_MEMORY, "Reading needed more memory than one file may have."
    if code == cell.LEFT:
        return ProblemKind.PARSER_CRASH, "The reading process ended without a result."
    if code < 0:
        name = signal.Signals(-code).name
        return ProblemKind.PARSER_CRASH, f"The reading process ended with {name}."
    return ProblemKind.PARSER_CRASH, f"The reading process ended without a result (exit {code})."


def read_part(evidence: Path, source: Source, *, limits: Limits | None = None) -> bytes:
    """The bytes at a place in the evidence folder, read again from the kept copy in a worker.

    Raises LookupError if the copy is not there, or nothing with bytes of its own lies at the place.
    """
    blob = blob_path(evidence, source.sha256)
    if not source.part and blob.is_file():
        return blob.read_bytes()
    allowed = limits or Limits()
    with _pool(1, allowed, None) as pool:
        future = pool.schedule(embedded_bytes, args=(evidence, source), timeout=allowed.seconds)
        try:
            return bytes(future.result())
        except (Expired, ProcessExpired, MemoryError) as error:
            raise LookupError("The file could not be read again to this place.") from error
