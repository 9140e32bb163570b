"""How matters passed between parties fared, as a matrix and pair by pair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from commtrace.model import HandoffState
from commtrace.report import _words as words
from commtrace.view import View

IN_MATRIX = 8  # columns of the matrix that a page can hold


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffRow:
    """How matters passed from one party to another fared; `median` in working days, or None."""

    giver: str
    taker: str
    passed: int
    taken_up: int
    late: int
    not_taken_up: int
    not_yet_due: int
    not_testable: int
    median: str


def handoff_rows(view: View) -> tuple[HandoffRow, ...]:
    """Every pair of parties between which a matter was passed, most left open first."""
    labels = {party.id: words.line(party.label) for party in view.parties}
    pairs = sorted({(one.from_party, one.to_party) for one in view.handoffs})
    rows = [_handoff_row(view, labels, pair) for pair in pairs]
    return tuple(
        sorted(rows, key=lambda r: (-r.not_taken_up, -r.late, -r.passed, r.giver, r.taker))
    )


def _handoff_row(view: View, labels: dict[str, str], pair: tuple[str, str]) -> HandoffRow:
    own = [one for one in view.handoffs if (one.from_party, one.to_party) == pair]
    states = Counter(one.state for one in own)
    waits = sorted(
        one.waited for one in own if one.state in {HandoffState.TAKEN_UP, HandoffState.LATE}
    )
    return HandoffRow(
        giver=labels.get(pair[0], words.line(pair[0])),
        taker=labels.get(pair[1], words.line(pair[1])),
        passed=len(own),
        taken_up=states[HandoffState.TAKEN_UP],
        late=states[HandoffState.LATE],
        not_taken_up=states[HandoffState.NOT_TAKEN_UP],
        not_yet_due=states[HandoffState.NOT_YET_DUE],
        not_testable=states[HandoffState.NOT_TESTABLE],
        median=_median(waits),
    )


def matrix(rows: Sequence[HandoffRow]) -> tuple[tuple[str, ...], ...]:
    """Givers against takers, "passed / no next step"; a header first; () where it is too wide."""
    takers = sorted({row.taker for row in rows})
    givers = sorted({row.giver for row in rows})
    if not rows or len(takers) > IN_MATRIX:
        return ()
    cells = {(row.giver, row.taker): f"{row.passed:,} / {row.not_taken_up:,}" for row in rows}
    body = [(giver, *(cells.get((giver, taker), "-") for taker in takers)) for giver in givers]
    return (("Passed by, to", *takers), *body)


def _median(waits: Sequence[int]) -> str:
    if not waits:
        return "none taken up"
    middle = len(waits) // 2
    value = waits[middle] if len(waits) % 2 else (waits[middle - 1] + waits[middle]) / 2
    return f"{value:g}"
