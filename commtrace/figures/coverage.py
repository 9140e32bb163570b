"""What the material could show: one row a custodian, one square a week.

A square shows how many items are held, or what share of the copies that other mailboxes prove is
held. A hatched week lies outside what was supplied; where others prove copies that are not held it
is red. A square's key names its week and custodian.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from commtrace.figures.events import event_labels
from commtrace.figures.ground import Ground, wrap
from commtrace.figures.marks import (
    DAY,
    Cell,
    Figure,
    Key,
    Lane,
    Mark,
    Pattern,
    Rect,
    Table,
    clock_of_day,
    time_axis,
)
from commtrace.figures.words import day_words
from commtrace.model import AbsentCopy, Coverage, CoverageWeek
from commtrace.moments import say_day
from commtrace.view import View

_LEFT = 230
_COMPLETE, _NOTHING = 0.6, 0.12  # where on the blue scale a whole week stands, and one unmeasured
_LEAST_RED = 0.3  # where on the red scale the smallest lack stands


class Measure(StrEnum):
    """What the squares show."""

    COMPLETENESS = "Copies held of those proven"
    HELD = "Items held"


def heat_map(
    ground: Ground, *, measure: Measure = Measure.HELD, chosen: str = "", width: int = 1200
) -> Figure:
    """The custodians' weeks, in order of name, with one measure; the square `chosen` outlined."""
    view = ground.view
    custodians = sorted({w.custodian for w in view.weeks} | {c.custodian for c in view.coverage})
    lane_of = {name: n for n, name in enumerate(custodians)}
    called = custodian_names(view)
    weeks = [w for w in view.weeks if _inside(ground, w)]
    top = float(np.sqrt(max((w.held_sent + w.held_received for w in weeks), default=1) or 1))
    marks = [
        _square(
            ground,
            w,
            lane_of[w.custodian],
            value=_completeness(w) if measure is Measure.COMPLETENESS else _held(w, top),
            called=called.get(w.custodian, w.custodian),
        )
        for w in weeks
    ]
    names, levels = event_labels(ground, (ground.first, ground.last), float(width - _LEFT - 12))
    lacking = sum(1 for w in weeks if w.covered and w.matched < w.proven)
    outside = sum(1 for w in weeks if not w.covered)
    return Figure(
        marks=(*marks, *_outlines(marks, chosen), *names),
        x=time_axis(ground.first, ground.last, most=12, grid=False),
        y0=0.0,
        y1=float(max(1, len(custodians))),
        alt=f"Items held for {len(custodians)} custodians in each week. {outside} weeks "
        f"lie outside what was supplied; in {lacking} weeks other mailboxes prove messages that "
        "are not held.",
        table=_table(ground, custodians, weeks),
        lanes=tuple(
            Lane(
                label=wrap(called.get(name, name)),
                sub=_basis(view.coverage, name),
                y0=float(n),
                y1=n + 1.0,
            )
            for name, n in lane_of.items()
        ),
        legend=_LEGENDS[measure],
        width=width,
        height=60 + 15 * levels + 46 * max(1, len(custodians)),
        left=_LEFT,
        right=12,
        top=10 + 15 * levels,
        bottom=28,
    )


_OUTSIDE = Key(label="Outside what was supplied", ink="hatch", pattern=Pattern.HATCH)
_LEGENDS = {
    Measure.HELD: (
        _OUTSIDE,
        Key(label="Messages proven elsewhere, none held", ink="late", pattern=Pattern.PLAIN),
    ),
    Measure.COMPLETENESS: (
        Key(label="All copies that others prove are held", ink="council", pattern=Pattern.PLAIN),
        Key(label="Some are not held; darker: more", ink="late", pattern=Pattern.PLAIN),
        Key(label="Nothing to compare", ink="chosen", pattern=Pattern.PLAIN),
        _OUTSIDE,
    ),
}


def custodian_names(view: View) -> Mapping[str, str]:
    """What each custodian is called: the name of the identity, where one is known."""
    labels = {who.id: who.label for who in view.identities}
    return {
        c.custodian: labels.get(c.identity, c.custodian) if c.identity else c.custodian
        for c in view.coverage
    }


def _inside(ground: Ground, week: CoverageWeek) -> bool:
    x = clock_of_day(week.week)
    return x + 7 * DAY > ground.first and x < ground.last


def _proven_empty(week: CoverageWeek) -> bool:
    return week.covered and week.proven > 0 and week.held_sent + week.held_received == 0


def _held(week: CoverageWeek, top: float) -> tuple[str, float]:
    """The scale and value of the items held."""
    if _proven_empty(week):
        return "hot", 0.75
    return "count", float(np.sqrt(week.held_sent + week.held_received)) / top


def _completeness(week: CoverageWeek) -> tuple[str, float]:
    """The scale and value of the share of proven copies that is held."""
    if not week.proven:
        return "count", _NOTHING if week.held_sent + week.held_received else 0.0
    absent = 1 - week.matched / week.proven
    return ("hot", _LEAST_RED + (1 - _LEAST_RED) * absent) if absent else ("count", _COMPLETE)


def _square(
    ground: Ground, week: CoverageWeek, lane: int, *, value: tuple[str, float], called: str
) -> Mark:
    x = clock_of_day(week.week)
    x0, x1 = max(x, ground.first), min(x + 7 * DAY, ground.last)
    held = week.held_sent + week.held_received
    if not week.covered and not held:
        return Rect(x0=x0, x1=x1, y0=lane + 0.1, y1=lane + 0.9, ink="hatch", pattern=Pattern.HATCH)
    words = f"{called}, week of {day_words(x)}\n{held:,} items held"
    if week.proven:
        words += f"\n{week.matched:,} of {week.proven:,} proven elsewhere are held"
    return Cell(
        x0=x0,
        x1=x1,
        y0=lane + 0.08,
        y1=lane + 0.92,
        hover=words,
        ink=value[0],
        value=value[1],
        key=key_of(week.custodian, week.week),
    )


def _outlines(marks: list[Mark], chosen: str) -> list[Rect]:
    return [
        Rect(
            x0=mark.x0,
            x1=mark.x1,
            y0=mark.y0,
            y1=mark.y1,
            ink="page",
            opacity=0.0,
            edge="ink",
            edge_width=2.0,
            below=False,
        )
        for mark in marks
        if isinstance(mark, Cell) and mark.key == chosen
    ]


def key_of(custodian: str, week: date) -> str:
    """The key of a square: its week (a Monday) and its custodian."""
    return f"{week.isoformat()}|{custodian}"


def week_of(view: View, key: str) -> CoverageWeek | None:
    """The week that a square's key names; None if there is none."""
    wanted = (week for week in view.weeks if key_of(week.custodian, week.week) == key)
    return next(wanted, None)


def barest_week(view: View) -> CoverageWeek | None:
    """The covered week in which most proven copies are not held; the first week where none is."""
    return max(
        (week for week in view.weeks if week.covered),
        key=lambda week: (week.proven - week.matched, -week.week.toordinal()),
        default=None,
    )


def absent_in(view: View, week: CoverageWeek) -> tuple[AbsentCopy, ...]:
    """The copies of a custodian's week that others prove and that are not held, by time."""
    last = week.week + timedelta(days=6)
    own = (copy for copy in view.absent_copies if copy.custodian == week.custodian)
    rows = {view.row_of[copy.communication]: copy for copy in own}
    return tuple(rows[row] for row in sorted(rows) if week.week <= view.day(row) <= last)


def _basis(coverage: tuple[Coverage, ...], custodian: str) -> str:
    own = [c for c in coverage if c.custodian == custodian]
    if not own:
        return "no window known"
    inferred = any(c.basis == "inferred" for c in own)
    proven, held = sum(c.proven for c in own), sum(c.held for c in own)
    share = f", {held / proven:.0%} of copies held" if proven else ""
    return ("inferred" if inferred else "declared") + share


def _table(ground: Ground, custodians: list[str], weeks: list[CoverageWeek]) -> Table:
    rows = []
    for name in custodians:
        own = [c for c in ground.view.coverage if c.custodian == name]
        its = [w for w in weeks if w.custodian == name]
        window = "; ".join(f"{say_day(c.first)} to {say_day(c.last)}" for c in own)
        proven, held = sum(c.proven for c in own), sum(c.held for c in own)
        rows.append(
            (
                custodian_names(ground.view).get(name, name),
                window or "no window known",
                ", ".join(sorted({c.basis for c in own})) or "none",
                f"{sum(w.held_sent + w.held_received for w in its):,}",
                f"{sum(1 for w in its if not w.covered):,}",
                f"{sum(1 for w in its if _proven_empty(w)):,}",
                f"{held / proven:.0%}" if proven else "nothing to compare",
            )
        )
    return Table(
        header=(
            "Custodian",
            "Material from",
            "Window",
            "Items held",
            "Weeks not covered",
            "Weeks proven, none held",
            "Proven copies held",
        ),
        rows=tuple(rows),
        caption="What each custodian's material could show",
        numeric=(3, 4, 5, 6),
    )
