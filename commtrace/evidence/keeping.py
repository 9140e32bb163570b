"""Keeps what the workers hand over: records, problems, and the ledger below each file.

Everything is counted again here, row by row; where the sums are not those of the worker, or what
lay in a container is not all in one state, there is a warning. Whoever asks sees to transactions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Protocol

from commtrace.evidence import parcel
from commtrace.evidence.containment import Containment
from commtrace.evidence.ledger import Stored, cut_off, imbalance
from commtrace.evidence.values import Encode, Inner, Result, Row, Task
from commtrace.model import (
    Contained,
    File,
    Problem,
    ProblemKind,
    Proposal,
    RulingKind,
    Source,
    Status,
)

TRY = ", try "
_MOST_DOUBTS = 1000  # doubts about what containers of one file declare that are listed
Found = tuple[str, int, Sequence[Row], Sequence[Problem], str, int]
Below = tuple[str, int, int, Sequence[tuple[Contained, bool]], Sequence[Proposal]]


class Ledger(Protocol):
    """What evidence asks of a store."""

    @property
    def encode(self) -> Encode:
        """Turns a record into the row that `add_files` takes; picklable by name."""
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

    def add_files(self, found: Sequence[Found]) -> int:
        """Add what was found in files: SHA-256, size, records, problems, version, reading."""
        ...

    def add_contained(self, found: Sequence[Below]) -> None:
        """Add what lay in files: SHA-256, size, reading, rows of the ledger, proposals."""
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
        reading: int = 1,
    ) -> None:
        """Note how the reading of a file ended."""
        ...

    def uneven(self, sha256: str) -> str | None:
        """A sentence where the law of the ledger does not hold below a file."""
        ...

    def attempted(self) -> dict[str, tuple[Status, frozenset[tuple[str, str]]]]:
        """For each content the state it is in, and the readers and versions that tried it."""
        ...

    def following(self, sha256: str) -> int:
        """The number of the next reading of a content."""
        ...

    def set_aside(self, sha256: str) -> None:
        """Take what was read of a content before out of all communications."""
        ...

    def files(self) -> tuple[File, ...]:
        """The ledger."""
        ...


@dataclass
class Keeping:
    """Writes into a store under the label of one version of the program."""

    store: Ledger
    version: str
    warnings: list[str] = field(default_factory=list)

    def keep(self, results: Sequence[Result]) -> None:
        """Write down what was found in some small files, and how each ended."""
        found = [_File(result.task) for result in results]
        for one, result in zip(found, results, strict=True):
            one.take(parcel.unpacked(result.found))
        self._add(found)
        for one, result in zip(found, results, strict=True):
            self._finish(one, result)

    def keep_spooled(self, result: Result) -> None:
        """Write down what lies in a spool file, frame by frame, each a transaction of its own.

        Inside a transaction of the caller all of them are one.
        """
        one = _File(result.task)
        with result.task.spool.open("rb") as stream:
            for some in parcel.read(stream):
                one.take(some)
                with self.store.batch():
                    self._add([one])
        with self.store.batch():
            self._finish(one, result)
        result.task.spool.unlink(missing_ok=True)

    def _add(self, found: Sequence[_File]) -> None:
        self.store.add_files([one.found(self._label(one.task)) for one in found])
        below = [one.below() for one in found]
        if held := [one for one in below if one[3] or one[4]]:
            self.store.add_contained(held)

    def _label(self, task: Task) -> str:
        return self.version if task.reading == 1 else f"{self.version}{TRY}{task.reading}"

    def _finish(self, one: _File, result: Result) -> None:
        task, tally = result.task, result.tally
        if result.failure is not None:
            kind, what = result.failure
            place = Source(sha256=task.sha256, path=task.path)
            one.put(Problem(source=place, reader="", kind=kind, what=what))
            tally = replace(
                tally, records=one.stored.records, problems=one.stored.problems,
                embedded=one.stored.embedded,
            )  # fmt: skip
        elif wrong := imbalance(tally, one.stored):
            self.warnings.append(f"{task.path}: {wrong}")
        end, rows = one.containment.close(tally.reader)
        one.rows_below.extend(rows)
        if result.failure is not None:
            end = cut_off(end, result.failure[1], one.stored.records)
        doubts = one.containment.doubts[:_MOST_DOUBTS]
        one.problems.extend(doubts)
        self._add([one])
        self.store.finish(
            sha256=task.sha256,
            reader=tally.reader,
            version=self._label(task),
            status=end.status,
            reason=end.reason,
            communications=one.stored.records,
            embedded=tally.embedded,
            problems=tally.problems + len(doubts),
            owner=tally.owner,
            reading=task.reading,
        )
        if rows and (uneven := self.store.uneven(task.sha256)):
            self.warnings.append(f"{task.path}: {uneven}")


@dataclass
class _File:
    """What was handed over of one file: what is to be written yet, and the sums so far."""

    task: Task
    containment: Containment = field(init=False)
    stored: Stored = field(default=Stored())
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    rows_below: list[tuple[Contained, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        task = self.task
        top = Source(sha256=task.sha256, path=task.path)
        self.containment = Containment(top, task.path.rpartition("/")[2], task.size)

    def take(self, entries: Iterable[parcel.Entry]) -> None:
        """Sort what a worker handed over."""
        inner = 0
        for kind, *rest in entries:
            if kind == parcel.RECORD:
                row, reader, attachments = rest
                self.rows.append(row)
                self.containment.record(tuple(json.loads(row[0])), reader, attachments)
            elif kind == parcel.PROBLEM:
                self.put(self._problem(*rest))
            elif kind == parcel.INNER:
                inner += 1
                self.containment.inner(tuple(rest[0]), _inner(*rest[1:]))
            elif kind == parcel.DECLARED:
                part, what, number, by = rest
                self.containment.declare(tuple(part), what, number, by)
            else:
                self.proposals.append(self._proposal(*rest))
        self.stored = replace(
            self.stored,
            records=self.stored.records + len({row[0] for row in self.rows}),
            embedded=self.stored.embedded + inner,
        )

    def put(self, found: Problem) -> None:
        """Add one problem."""
        self.problems.append(found)
        self.containment.problem(found)
        self.stored = replace(self.stored, problems=self.stored.problems + 1)

    def found(self, version: str) -> Found:
        """Records and problems to be written, which are forgotten then."""
        task = self.task
        rows, problems = self.rows, self.problems
        self.rows, self.problems = [], []
        return task.sha256, task.size, rows, problems, version, task.reading

    def below(self) -> Below:
        """Rows of the ledger and proposals to be written, which are forgotten then."""
        rows, proposals = [*self.containment.taken(), *self.rows_below], self.proposals
        self.rows_below, self.proposals = [], []
        return self.task.sha256, self.task.size, self.task.reading, rows, proposals

    def _source(self, part: list[str]) -> Source:
        return Source(sha256=self.task.sha256, path=self.task.path, part=tuple(part))

    def _problem(self, part: list[str], reader: str, kind: str, what: str) -> Problem:
        return Problem(source=self._source(part), reader=reader, kind=ProblemKind(kind), what=what)

    def _proposal(  # noqa: PLR0917 - the fields of an entry, in its order
        self, part: list[str], reader: str, kind: str, value: str, why: str, applied: bool
    ) -> Proposal:
        return Proposal(
            source=self._source(part),
            reader=reader,
            kind=RulingKind(kind),
            value=value,
            why=why,
            applied=applied,
        )


def _inner(  # noqa: PLR0917 - the fields of an entry, in its order
    name: str, media_type: str, size: int, sha256: str, reader: str | None, excluded: str | None
) -> Inner:
    return Inner(
        name=name,
        media_type=media_type,
        size=size,
        sha256=sha256,
        reader=reader,
        excluded=excluded,
    )
