"""Takes evidence into a case: walk, copy in, read in workers, store; every file is accounted for.

Doing it again changes nothing, late disclosure adds, and an ingest that was cut off is finished by
the next one. Knows nothing of what the evidence means.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from commtrace import __version__, plugins, programs
from commtrace.errors import CaseError
from commtrace.evidence import copy, parcel
from commtrace.evidence.copy import cannot_write
from commtrace.evidence.ledger import Ending, IngestSummary, Stored, ending, imbalance, summary
from commtrace.evidence.reading import SLIGHT
from commtrace.evidence.values import MIB, Candidate, Encode, Read, Refusal, Result, Row, Task
from commtrace.evidence.walk import walk
from commtrace.evidence.workers import processes
from commtrace.model import File, Problem, ProblemKind, Source, Status

__all__ = ["EVIDENCE", "IngestSummary", "ingest"]
EVIDENCE = "evidence"
_SPOOL = "spool"
_HELD = 2 * MIB  # bytes of small results in one transaction
_FILES = 200  # small files in one transaction
_TRY = ", try "
_AGAIN = frozenset({Status.UNSUPPORTED, Status.FAILED})
Progress = Callable[[int, int, str], None]
CustodianOf = Callable[[str], tuple[str | None, bool]]


class Ledger(Protocol):
    """What ingest asks of a store."""

    @property
    def encode(self) -> Encode:
        """Turns a record into the row that `add` takes; picklable by name."""
        ...

    def batch(self) -> AbstractContextManager[None]:
        """One transaction."""
        ...

    def arrive(
        self,
        *,
        path: str,
        sha256: str | None,
        size: int,
        custodian: str | None = None,
        custodian_inferred: bool = False,
        supplied_by: str | None = None,
        status: Status | None = None,
        reason: str | None = None,
        problem: ProblemKind | None = None,
    ) -> bool:
        """Note that an input file was supplied."""
        ...

    def add_files(
        self, found: Sequence[tuple[str, int, Sequence[Row], Sequence[Problem], str]]
    ) -> int:
        """Add what was found in some files: SHA-256, size, records, problems, version of each."""
        ...

    def finish(
        self,
        *,
        sha256: str,
        reader: str | None,
        version: str,
        status: Status,
        reason: str,
        communications: int = 0,
        embedded: int = 0,
        problems: int = 0,
        owner: str | None = None,
    ) -> None:
        """Note how the reading of a file ended."""
        ...

    def attempted(self) -> dict[str, tuple[Status, frozenset[tuple[str, str]]]]:
        """For each content the state it is in, and the readers and versions that tried it."""
        ...

    def files(self) -> tuple[File, ...]:
        """The ledger."""
        ...


def ingest(
    paths: Iterable[Path | str],
    *,
    case_folder: Path,
    store: Ledger,
    custodian: str | None = None,
    custodian_of: CustodianOf = lambda _: (None, False),
    supplied_by: str | None = None,
    read: Read | None = None,
    progress: Progress | None = None,
    version: str = __version__,
) -> IngestSummary:
    """Take `paths` into the case and account for every file.

    `custodian` is whose material it is; where it is None, `custodian_of` is asked by path and says
    whether its answer is inferred. `progress` is told files done, files in all and the path.
    Raises CallError if a path is not there and CaseError if the case cannot be written or another
    ingest is under way.
    """
    with cannot_write(), _alone(case_folder) as spool:
        found = list(walk([Path(path) for path in paths], skip=case_folder))
        work = _Ingest(
            store=store,
            copies=copy.Copies(case_folder / EVIDENCE),
            spool=spool,
            custodian_of=custodian_of if custodian is None else lambda _: (custodian, False),
            supplied_by=supplied_by,
            version=version,
            progress=progress or (lambda _done, _all, _path: None),
            total=len(found),
        )
        for result in (read or processes())(work.tasks(found)):
            work.take(result)
        work.flush()
    return summary(store.files(), new=work.new, warnings=work.warnings)


@contextmanager
def _alone(case_folder: Path) -> Iterator[Path]:
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
    labels: dict[str, str] = field(default_factory=dict)  # attempts after the first of a version

    def _version(self, task: Task) -> str:
        return self.labels.get(task.sha256, self.version)

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
            task = self._task(candidate, taken)
            if taken.sha256 in tried and not self._try_again(task, *tried[taken.sha256]):
                self._step(candidate.path)
                continue
            yield task

    def _task(self, candidate: Candidate, taken: copy.Copied) -> Task:
        return Task(
            path=candidate.path,
            sha256=taken.sha256,
            size=taken.size,
            blob=taken.blob,
            spool=self.spool / f"{taken.sha256}.found",
            encode=self.store.encode,
        )

    def _try_again(self, task: Task, status: Status, tried: frozenset[tuple[str, str]]) -> bool:
        """Whether a file that could not be read has a reader or version that has not tried it."""
        if status not in _AGAIN:
            return False
        here = {reader for reader, version in tried if version.split(_TRY)[0] == self.version}
        if not here:
            return True
        self.labels[task.sha256] = f"{self.version}{_TRY}{len(tried) + 1}"
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
            self._store_spooled(result)
        else:
            self.results.append(result)
            self.held += len(result.found)
            if self.held >= _HELD or len(self.results) >= _FILES:
                self.flush()
        self._step(result.task.path)

    def flush(self) -> None:
        """Write down all that waits, in one transaction, once the copies are on the disk."""
        if not self.arrivals and not self.results:
            return
        self.copies.settle()
        with self.store.batch():
            for candidate, taken in self.arrivals:
                self.new += self._arrive(candidate, taken)
            found = [self._opened(result, parcel.unpacked(result.found)) for result in self.results]
            self.store.add_files([self._row(one) for one in found])
            for result, one in zip(self.results, found, strict=True):
                self._finish(result, one.stored())
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

    def _store_spooled(self, result: Result) -> None:
        stored = Stored()
        with result.task.spool.open("rb") as stream:
            for some in parcel.read(stream):
                one = self._opened(result, some)
                with self.store.batch():
                    self.store.add_files([self._row(one)])
                stored = one.stored(stored)
        with self.store.batch():
            self._finish(result, stored)
        result.task.spool.unlink(missing_ok=True)

    def _opened(self, result: Result, entries: Iterable[parcel.Entry]) -> _Opened:
        rows: list[Row] = []
        problems: list[Problem] = []
        for kind, *rest in entries:
            if kind == parcel.RECORD:
                rows.append(rest[0])
            else:
                problems.append(_problem(result.task, rest))
        return _Opened(result.task, rows, problems)

    def _row(self, one: _Opened) -> tuple[str, int, list[Row], list[Problem], str]:
        task = one.task
        return task.sha256, task.size, one.rows, one.problems, self._version(task)

    def _finish(self, result: Result, stored: Stored) -> None:
        task, tally = result.task, result.tally
        if result.failure is not None:
            kind, what = result.failure
            place = Source(sha256=task.sha256, path=task.path)
            problem = Problem(source=place, reader="", kind=kind, what=what)
            self.store.add_files([self._row(_Opened(task, [], [problem]))])
            tally = replace(tally, records=stored.records, problems=stored.problems + 1, grave=1)
        elif wrong := imbalance(tally, stored):
            self.warnings.append(f"{task.path}: {wrong}")
        end: Ending = ending(tally, stored, result.failure)
        self.store.finish(
            sha256=task.sha256,
            reader=tally.reader,
            version=self._version(task),
            status=end.status,
            reason=end.reason,
            communications=stored.records,
            embedded=tally.embedded,
            problems=tally.problems,
            owner=tally.owner,
        )


@dataclass(frozen=True, slots=True)
class _Opened:
    """Some of what was found in one file, unpacked."""

    task: Task
    rows: list[Row]
    problems: list[Problem]

    def stored(self, before: Stored | None = None) -> Stored:
        """The sums with this added: places are counted, so that none is stored over another."""
        so_far = before or Stored()
        grave = next((p for p in self.problems if p.kind not in SLIGHT), None)
        return Stored(
            records=so_far.records + len({row[0] for row in self.rows}),
            problems=so_far.problems + len(self.problems),
            first=so_far.first or grave,
        )


def _problem(task: Task, row: Row) -> Problem:
    part, reader, kind, what = row
    source = Source(sha256=task.sha256, path=task.path, part=tuple(part))
    return Problem(source=source, reader=reader, kind=ProblemKind(kind), what=what)
