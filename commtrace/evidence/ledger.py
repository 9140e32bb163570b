"""What became of each input file: exactly one state and a sentence, and sums that must agree.

Knows the words of the ledger; who reads and who stores is the business of `ingest`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from commtrace.evidence.values import Tally
from commtrace.model import File, Problem, ProblemKind, Status

_NO_READER = frozenset({ProblemKind.UNSUPPORTED_TYPE, ProblemKind.AMBIGUOUS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the parent stored of one file: counted row by row, not taken from the worker."""

    records: int = 0
    problems: int = 0
    embedded: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """The state of a file, or of something inside one, and its reason."""

    status: Status
    reason: str


def ending_of(*, records: int, grave: int, first: Problem | None) -> Ending:
    """The state of a place by what was read and what could not be read at it and beneath it.

    `first` is the first grave problem, which gives its reason where nothing was read.
    """
    if records and not grave:
        return Ending(status=Status.READ, reason="Read whole.")
    if records:
        what = f"Read, with {_number(grave, 'problem')} listed for it."
        return Ending(status=Status.PARTLY, reason=what)
    if first is not None and first.kind in _NO_READER:
        return Ending(status=Status.UNSUPPORTED, reason=first.what)
    reason = first.what if first is not None else "Nothing was found inside."
    return Ending(status=Status.FAILED, reason=reason)


def cut_off(end: Ending, what: str, records: int) -> Ending:
    """The ending of a file whose worker did not come back; `what` says how it ended."""
    if not records:
        return Ending(status=Status.FAILED, reason=what)
    kept = f"{what} What was read before that ({records:,}) is kept."
    return Ending(status=end.status, reason=kept)


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def imbalance(tally: Tally, stored: Stored) -> str | None:
    """A sentence where what was stored is not what the worker found; None where the sums agree."""
    found = tally.records, tally.problems, tally.embedded
    if found == (stored.records, stored.problems, stored.embedded):
        return None
    if tally.embedded != stored.embedded:
        return (
            f"The sums do not agree: {tally.embedded:,} things were found inside, "
            f"{stored.embedded:,} were listed."
        )
    return (
        f"The sums do not agree: {tally.records:,} communications and {tally.problems:,} problems "
        f"were found, {stored.records:,} and {stored.problems:,} were stored."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestSummary:
    """What one ingest did: input files by state, and how many of them were new to the case."""

    files: int = 0
    new: int = 0
    read: int = 0
    partly: int = 0
    duplicate: int = 0
    unsupported: int = 0
    failed: int = 0
    excluded: int = 0
    communications: int = 0
    embedded: int = 0
    problems: int = 0
    warnings: tuple[str, ...] = ()

    @property
    def balanced(self) -> bool:
        """Whether every input file is in exactly one state, and no sum disagreed."""
        states = self.read + self.partly + self.duplicate
        states += self.unsupported + self.failed + self.excluded
        return states == self.files and not self.warnings


def summary(rows: Iterable[File], *, new: int, warnings: Iterable[str]) -> IngestSummary:
    """The ledger of the whole case in numbers."""
    found = list(rows)
    states = Counter(row.status for row in found)
    return IngestSummary(
        files=len(found),
        new=new,
        **{str(status): states.get(status, 0) for status in Status},
        communications=sum(row.communications for row in found),
        embedded=sum(row.embedded for row in found),
        problems=sum(row.problems for row in found),
        warnings=tuple(warnings),
    )
