"""Matters passed between directorates: how many, how long, and one of them message by message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from commtrace.figures.ground import Ground
from commtrace.figures.marks import (
    Anchor,
    Arrow,
    Axis,
    Dot,
    Figure,
    Label,
    Line,
    Mark,
    Rect,
    Table,
)
from commtrace.figures.palette import SHAPES
from commtrace.figures.thread import LATE
from commtrace.figures.words import message_words, shorten
from commtrace.model import Handoff, HandoffState, PartyKind
from commtrace.moments import local_day, say_day
from commtrace.view import View

STATES = {
    HandoffState.TAKEN_UP: "taken up",
    HandoffState.LATE: "taken up late",
    HandoffState.NOT_TAKEN_UP: "no next step on record",
    HandoffState.NOT_YET_DUE: "not yet due",
    HandoffState.NOT_TESTABLE: "not testable",
}
_MOST_STEPS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """All handoffs from one party to another; `median` counts working days, None if none ended."""

    from_party: str
    to_party: str
    count: int
    median: float | None
    late: int
    not_taken_up: int
    open: int
    not_testable: int


def totals(view: View) -> tuple[Total, ...]:
    """The handoffs of each ordered pair of parties: between directorates first, then most first."""

    def ends(handoff: Handoff) -> tuple[str, str]:
        return handoff.from_party, handoff.to_party

    found = [
        _total(one, other, list(group))
        for (one, other), group in groupby(sorted(view.handoffs, key=ends), key=ends)
    ]
    kinds = {party.id: party.kind for party in view.parties}

    def order(total: Total) -> tuple[bool, int, str, str]:
        within = {kinds.get(total.from_party), kinds.get(total.to_party)} == {PartyKind.DIRECTORATE}
        return not within, -total.count, total.from_party, total.to_party

    return tuple(sorted(found, key=order))


def _total(one: str, other: str, group: Sequence[Handoff]) -> Total:
    def number(state: HandoffState) -> int:
        return sum(1 for h in group if h.state is state)

    waits = [h.waited for h in group if h.state in {HandoffState.TAKEN_UP, HandoffState.LATE}]
    return Total(
        from_party=one,
        to_party=other,
        count=len(group),
        median=median(waits) if waits else None,
        late=number(HandoffState.LATE),
        not_taken_up=number(HandoffState.NOT_TAKEN_UP),
        open=number(HandoffState.NOT_YET_DUE),
        not_testable=number(HandoffState.NOT_TESTABLE),
    )


def sequence(ground: Ground, handoff: Handoff, *, width: int = 640) -> Figure:
    """One handoff message by message: parties in columns, time downwards in equal steps.

    The bar on a party's line is the time it held the matter; working days stand at the left.
    """
    view = ground.view
    found = sorted({view.row_of[c] for c in handoff.communications if c in view.row_of})
    rows = [r for r in found if r < view.dated][:_MOST_STEPS]
    columns = _columns(ground, rows, handoff)
    last = len(rows) + (0.9 if handoff.taken_up is None else 0.2)
    marks: list[Mark] = [
        Line(points=((float(c), -0.35), (float(c), last - 0.45)), ink="rule", width=1.4)
        for c in columns.values()
    ]
    marks += _waits(ground, rows, columns)
    if handoff.taken_up is None and rows:
        marks += _open_end(handoff, len(rows), columns.get(_index(ground, handoff.to_party), 0))
    for step, row in enumerate(rows):
        marks += _step(ground, row, step, columns, handoff)
    fits = int((width - 170) / max(1, len(columns)) / 8) - 1
    for party, column in columns.items():
        marks.append(
            Label(
                x=float(column),
                y=-0.72,
                text=shorten(ground.party(party), max(fits, 8)),
                bold=True,
                size=13,
                ink="on_bar",
                ground=ground.ink(party),
            )
        )
    names = f"{_label(ground, handoff.from_party)} to {_label(ground, handoff.to_party)}"
    return Figure(
        marks=tuple(marks),
        x=Axis(first=-0.6, last=max(1, len(columns)) - 0.4, grid=False),
        y0=-1.15,
        y1=last,
        alt=f"Handoff from {names} in {len(rows)} messages, {handoff.waited} working days, "
        f"{STATES[handoff.state]}.",
        table=_table(ground, rows),
        width=width,
        height=int(70 + 62 * (last + 0.4)),
        left=150,
        right=14,
        top=4,
        bottom=4,
    )


def _index(ground: Ground, party: str) -> int:
    return ground.view.party_index.get(party, -1)


def _label(ground: Ground, party: str) -> str:
    return ground.party(_index(ground, party))


def _columns(ground: Ground, rows: Sequence[int], handoff: Handoff) -> dict[int, int]:
    """Parties in the order in which they appear; those of the handoff are always there."""
    order: dict[int, None] = {}
    for row in rows:
        order.setdefault(int(ground.view.sender_party[row]))
        for party in ground.view.parties_to(row)[:2]:
            order.setdefault(party)
    for name in (handoff.from_party, handoff.to_party):
        order.setdefault(_index(ground, name))
    return {party: column for column, party in enumerate(order)}


def _step(
    ground: Ground, row: int, step: int, columns: dict[int, int], handoff: Handoff
) -> list[Mark]:
    view = ground.view
    sender = int(view.sender_party[row])
    x0, y = float(columns[sender]), float(step)
    passed = view.ids[row] == handoff.given
    ink = "accent" if passed else "ink"
    when = view.whens[row]
    day = say_day(local_day(when.earliest)) if when is not None else "undated"
    marks: list[Mark] = [
        Label(x=-0.6, y=y, text=day, anchor=Anchor.RIGHT, shift_x=-10, size=12.5),
        Dot(
            x=x0,
            y=y,
            ink=ground.ink(sender),
            shape=SHAPES[view.channels[row]],
            size=11,
            key=f"m{view.ids[row]}",
            hover=message_words(ground, row),
        ),
    ]
    targets = [p for p in view.parties_to(row)[:2] if p != sender]
    marks += [
        Arrow(x0=x0, y0=y, x1=float(columns[p]), y1=y, ink=ink, width=2.6 if passed else 1.8)
        for p in targets
    ]
    if targets:
        x = (x0 + columns[targets[0]]) / 2
        text = f"Handoff, {view.channels[row].value}" if passed else view.channels[row].value
        marks.append(Label(x=x, y=y, text=text, halo=True, bold=passed, ink=ink, shift=-12.0))
    return marks


def _waits(ground: Ground, rows: Sequence[int], columns: dict[int, int]) -> list[Mark]:
    marks: list[Mark] = []
    for step, (before, after) in enumerate(pairwise(rows)):
        one, other = ground.view.whens[before], ground.view.whens[after]
        if one is None or other is None:
            continue
        first, last = local_day(one.earliest), local_day(other.earliest)
        days = ground.view.working.elapsed(first, last)
        column = float(columns[int(ground.view.sender_party[after])])
        late = days > LATE
        marks.append(
            Rect(
                x0=column - 0.035,
                x1=column + 0.035,
                y0=step,
                y1=step + 1.0,
                ink="late" if late else "wait",
            )
        )
        marks.append(_wait_label(step + 0.5, days, late=late))
    return marks


def _wait_label(y: float, days: int, *, late: bool, more: str = "") -> Label:
    words = "1 working day" if days == 1 else f"{days} working days"
    return Label(
        x=-0.6,
        y=y,
        text=words + more,
        anchor=Anchor.RIGHT,
        shift_x=-10,
        size=12,
        bold=late,
        ink="late" if late else "muted",
    )


def _open_end(handoff: Handoff, steps: int, column: int) -> list[Mark]:
    """The time after the last message in which no next step is on record."""
    late = handoff.state is HandoffState.NOT_TAKEN_UP
    ink = "late" if late else "wait"
    return [
        Rect(
            x0=column - 0.035,
            x1=column + 0.035,
            y0=steps - 1.0,
            y1=steps + 0.35,
            ink=ink,
        ),
        Label(
            x=float(column),
            y=steps + 0.35,
            text="no next step on record" if late else "open",
            ink="late" if late else "muted",
            bold=late,
            halo=True,
            shift=12.0,
        ),
        _wait_label(steps - 0.35, handoff.waited, late=late),
    ]


def _table(ground: Ground, rows: Sequence[int]) -> Table:
    view = ground.view
    body = []
    for row in rows:
        when = view.whens[row]
        body.append(
            (
                say_day(local_day(when.earliest)) if when is not None else "undated",
                ground.party(int(view.sender_party[row])),
                ", ".join(ground.party(p) for p in view.parties_to(row)) or "recipient not known",
                view.subjects[row] or "no subject",
            )
        )
    return Table(
        header=("Day", "From", "To", "Subject"),
        rows=tuple(body),
        caption="The messages of this handoff",
    )
