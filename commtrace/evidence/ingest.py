"""Takes evidence into a case: walk, copy in, read in workers, store; every file is accounted for.

Doing it again changes nothing, late disclosure adds, and an ingest that was cut off is finished by
the next one. Knows nothing of what the evidence means.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from commtrace import __version__, plugins, programs
from commtrace.errors import CaseError
from commtrace.evidence import copy
from commtrace.evidence.copy import cannot_write
from commtrace.evidence.keeping import TRY, Keeping, Ledger
from commtrace.evidence.ledger import IngestSummary, summary
from commtrace.evidence.values import MIB, Candidate, Read, Refusal, Result, Task, Told
from commtrace.evidence.walk import walk
from commtrace.evidence.workers import processes
from commtrace.model import ProblemKind, Ruling, Source, Status

__all__ = ["EVIDENCE", "IngestSummary", "ingest", "reread"]
EVIDENCE = "evidence"
_SPOOL = "spool"
_HELD = 2 * MIB  # bytes of small results in one transaction
_FILES = 200  # small files in one transaction
_AGAIN = frozenset({Status.UNSUPPORTED, Status.FAILED})
Progress = Callable[[int, int, str], None]
CustodianOf = Callable[[str], tuple[str | None, bool]]


def ingest(
    paths: Iterable[Path | str],
    *,
    case_folder: Path,
    store: Ledger,
    custodian: str | None = None,
    custodian_of: CustodianOf = lambda _: (None, False),
    supplied_by: str | None = None,
    unwanted: Mapping[str, str] | None = None,
    read: Read | None = None,
    progress: Progress | None = None,
    version: str = __version__,
    rulings: Iterable[Ruling] = (),
) -> IngestSummary:
    """Take `paths` into the case and account for every file, each read as `rulings` say.

    `custodian` is whose material it is; where it is None, `custodian_of` is asked by path and says
    whether its answer is inferred. `unwanted` are contents (SHA-256) that are not to be taken in,
    because they were purged, each with a sentence that says so. `progress` is told files done,
    files in all and the path. Raises CallError if a path is not there and CaseError if the case
    cannot be written or another ingest is under way.
    """
    with cannot_write(), alone(case_folder) as spool:
        found = list(walk([Path(path) for path in paths], skip=case_folder))
        work = _Ingest(
            store=store,
            copies=copy.Copies(case_folder / EVIDENCE, unwanted=unwanted or {}),
            spool=spool,
            custodian_of=custodian_of if custodian is None else lambda _: (custodian, False),
            supplied_by=supplied_by,
            version=version,
            progress=progress or (lambda _done, _all, _path: None),
            total=len(found),
            told=told(rulings),
        )
        for result in (read or processes())(work.tasks(found)):
            work.take(result)
        work.flush()
    return summary(store.files(), new=work.new, warnings=work.warnings)


def told(rulings: Iterable[Ruling]) -> dict[str, tuple[Told, ...]]:
    """What was decided on each content: the latest ruling of a kind on a place counts."""
    latest = {(one.source.sha256, one.source.part, one.kind): one.value for one in rulings}
    found: dict[str, tuple[Told, ...]] = {}
    for (sha256, part, kind), value in latest.items():
        found[sha256] = (*found.get(sha256, ()), (part, kind, value))
    return found


def reread(
    sha256s: Iterable[str],
    *,
    case_folder: Path,
    store: Ledger,
    rulings: Iterable[Ruling],
    read: Read | None = None,
    progress: Progress | None = None,
    version: str = __version__,
) -> IngestSummary:
    """Read contents that the case holds once more, as `rulings` say; each gets a new reading.

    A content is read anew whole or not at all: where its worker does not come back, what was read
    before stays and the summary warns. Raises LookupError if a kept copy is not there, CaseError if
    the case cannot be written or an ingest is under way.
    """
    wanted = dict.fromkeys(sha256s)
    paths = {file.sha256: file.path for file in reversed(store.files()) if file.sha256 in wanted}
    with cannot_write(), alone(case_folder) as spool:
        work = _Ingest(
            store=store,
            copies=copy.Copies(case_folder / EVIDENCE),
            spool=spool,
            custodian_of=lambda _: (None, False),
            supplied_by=None,
            version=version,
            progress=progress or (lambda _done, _all, _path: None),
            total=len(wanted),
            told=told(rulings),
        )
        tasks = [work.kept(sha256, paths.get(sha256)) for sha256 in wanted]
        for result in (read or processes())(tasks):
            work.replace(result)
    return summary(store.files(), new=0, warnings=work.warnings)


@contextmanager
def alone(case_folder: Path) -> Iterator[Path]:
    """The case's spool folder, held by this ingest alone; what a killed one left is removed."""
    (case_folder / EVIDENCE).mkdir(parents=True, exist_ok=True)
    spool = case_folder / _SPOOL
    spool.mkdir(exist_ok=True)
    with (spool / "lock").open("a+b") as lock:
        if not _lock(lock.fileno()):
            raise CaseError("Another ingest into this case is under way; wait until it has ended.")
        for old in [*spool.glob("*.found"), *(case_folder / EVIDENCE).glob("*.partial")]:
            old.unlink(missing_ok=True)
        _wipe_workrooms(spool)
        try:
            yield spool
        finally:
            _wipe_workrooms(spool)


def _wipe_workrooms(spool: Path) -> None:
    """Remove what programs of other makers wrote for a worker that was killed."""
    for workroom in spool.glob("*.work"):
        programs.wipe(workroom)


def _lock(number: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt  # noqa: PLC0415 - Windows only

            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl  # noqa: PLC0415 - not on Windows

            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@dataclass
class _Ingest:
    """One run: what waits to be written, and what was seen."""

    store: Ledger
    copies: copy.Copies
    spool: Path
    custodian_of: CustodianOf
    supplied_by: str | None
    version: str
    progress: Progress
    total: int
    new: int = 0
    done: int = 0
    warnings: list[str] = field(default_factory=list)
    arrivals: list[tuple[Candidate, copy.Copied | Refusal]] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    held: int = 0
    told: Mapping[str, tuple[Told, ...]] = field(default_factory=dict)
    keeping: Keeping = field(init=False)

    def __post_init__(self) -> None:
        self.keeping = Keeping(self.store, self.version, self.warnings)

    def tasks(self, found: Iterable[Candidate]) -> Iterator[Task]:
        """Copy each file in and hand it on, unless its content was read before."""
        tried = self.store.attempted()
        self.copies.known.update(tried)
        queued: set[str] = set()
        for candidate in found:
            taken = candidate.refusal or self.copies.copy_in(candidate.where)
            self.arrivals.append((candidate, taken))
            if len(self.arrivals) >= _FILES:
                self.flush()
            if isinstance(taken, Refusal) or taken.sha256 in queued:
                self._step(candidate.path)
                continue
            queued.add(taken.sha256)
            task = self._task(candidate.path, taken)
            if taken.sha256 in tried:
                if not self._try_again(task, *tried[taken.sha256]):
                    self._step(candidate.path)
                    continue
                task = replace(task, reading=self.store.following(task.sha256))
            yield task

    def _task(self, path: str, taken: copy.Copied) -> Task:
        return Task(
            path=path,
            sha256=taken.sha256,
            size=taken.size,
            blob=taken.blob,
            spool=self.spool / f"{taken.sha256}.found",
            encode=self.store.encode,
            told=self.told.get(taken.sha256, ()),
        )

    def _try_again(self, task: Task, status: Status, tried: frozenset[tuple[str, str]]) -> bool:
        """Whether a file that could not be read has a reader or version that has not tried it."""
        if status not in _AGAIN:
            return False
        here = {reader for reader, version in tried if version.split(TRY)[0] == self.version}
        if not here:
            return True
        with task.blob.open("rb") as stream:
            head = stream.read(plugins.HEAD_BYTES)
        if status is not Status.UNSUPPORTED or not head:
            return False
        item = plugins.Item(
            source=Source(sha256=task.sha256, path=task.path),
            name=task.path.rpartition("/")[2],
            size=task.size,
            head=head,
            open=lambda: task.blob.open("rb"),
        )
        chosen = plugins.choose(item)
        return len(chosen) == 1 and chosen[0].name not in here

    def _step(self, path: str) -> None:
        self.done += 1
        self.progress(self.done, self.total, path)

    def take(self, result: Result) -> None:
        """Keep a result until there are enough for a transaction; a large one is stored at once."""
        if result.spooled:
            self.flush()
            self.keeping.keep_spooled(result)
        else:
            self.results.append(result)
            self.held += len(result.found)
            if self.held >= _HELD or len(self.results) >= _FILES:
                self.flush()
        self._step(result.task.path)

    def kept(self, sha256: str, path: str | None) -> Task:
        """The next reading of a content that the case holds."""
        blob = copy.blob_path(self.copies.evidence, sha256)
        if path is None or not blob.is_file():
            raise LookupError("The kept copy of this file is not in the case.")
        taken = copy.Copied(sha256, blob.stat().st_size, blob)
        return replace(self._task(path, taken), reading=self.store.following(sha256))

    def replace(self, result: Result) -> None:
        """Let a new reading take the place of the one before, in one transaction."""
        task = result.task
        if result.failure is not None:
            self.warnings.append(f"{task.path}: {result.failure[1]} What was read before is kept.")
            task.spool.unlink(missing_ok=True)
        else:
            with self.store.batch():
                self.store.set_aside(task.sha256)
                if result.spooled:
                    self.keeping.keep_spooled(result)
                else:
                    self.keeping.keep([result])
        self._step(task.path)

    def flush(self) -> None:
        """Write down all that waits, in one transaction, once the copies are on the disk."""
        if not self.arrivals and not self.results:
            return
        self.copies.settle()
        with self.store.batch():
            for candidate, taken in self.arrivals:
                self.new += self._arrive(candidate, taken)
            self.keeping.keep(self.results)
        self.arrivals.clear()
        self.results.clear()
        self.held = 0

    def _arrive(self, candidate: Candidate, taken: copy.Copied | Refusal) -> bool:
        custodian, inferred = self.custodian_of(candidate.path)
        told = partial(
            self.store.arrive,
            path=candidate.path,
            custodian=custodian,
            custodian_inferred=inferred,
            supplied_by=self.supplied_by,
        )
        if isinstance(taken, Refusal):
            return told(sha256=None, size=candidate.size, status=taken.status,
                        reason=taken.reason, problem=taken.kind)  # fmt: skip
        doubt = ProblemKind.NAME_UNDECODABLE if candidate.doubt else None
        return told(sha256=taken.sha256, size=taken.size, reason=candidate.doubt, problem=doubt)
