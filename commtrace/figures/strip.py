"""The strip above the timeline: the whole period in weeks, who wrote, and what was open.

Dragging across it chooses the window that the lanes show; the two date fields beside it do the same
for those who do not drag.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from commtrace.figures.gaps import Gap
from commtrace.figures.ground import ROLE_ORDER, Floats, Ground, Ints
from commtrace.figures.marks import (
    DAY,
    Anchor,
    Bar,
    Cell,
    Figure,
    Label,
    Line,
    Mark,
    Rect,
    Table,
    clock_of_day,
    time_axis,
)
from commtrace.figures.palette import ROLES
from commtrace.figures.words import LEFT, RIGHT, day_words


def strip(
    ground: Ground, gaps: Sequence[Gap], window: tuple[float, float], *, width: int = 900
) -> Figure:
    """The strip: messages a week by role, open gaps a week, events, and the chosen window."""
    weeks, weekly = ground.weeks, ground.weekly
    first, last = ground.first, ground.last
    open_gaps = _open_gaps(weeks, gaps)
    top = max(1, int(weekly.sum(axis=0).max()))
    marks: list[Mark] = []
    marks.extend(_stacks(ground, top))
    hottest = max(1, int(open_gaps.max()))
    marks.extend(
        Cell(
            x0=max(float(week), first),
            x1=min(float(week) + 7 * DAY, last),
            y0=1.12,
            y1=1.32,
            ink="hot",
            value=count / hottest,
            hover=f"{count} open gaps\nweek of {day_words(float(week))}",
        )
        for week, count in zip(weeks, open_gaps.tolist(), strict=True)
    )
    for event in ground.view.brief.events:
        at = clock_of_day(event.date)
        if first <= at < last:
            marks.append(Line(points=((at, 0.0), (at, 1.0)), ink="ink", dash="dot"))
    marks.extend(_window_frame(first, last, window))
    marks.append(_axis_words(first, 0.03, f"{top:,}"))
    marks.append(_axis_words(first, 0.97, "0"))
    marks.append(_axis_words(first, 0.5, "Messages a week"))
    marks.append(_axis_words(first, 1.22, "Open gaps"))
    total = int(weekly.sum())
    return Figure(
        marks=tuple(marks),
        x=time_axis(first, last, most=12, grid=False),
        y0=-0.04,
        y1=1.34,
        alt=f"Messages a week by who sent them, {total:,} in all, at most {top:,} in a week, "
        f"and below them the number of open gaps in each week, at most {int(open_gaps.max())}. "
        "Drag across to choose the period shown below.",
        table=_overview_table(ground, open_gaps),
        width=width,
        height=112,
        left=LEFT,
        right=RIGHT,
        top=4,
        bottom=24,
        drag="select",
    )


def _stacks(ground: Ground, top: int) -> list[Mark]:
    weeks, weekly = ground.weeks, ground.weekly
    marks: list[Mark] = []
    below = np.zeros(len(weeks), dtype=np.int64)
    for role, ink in enumerate(ROLE_ORDER):
        for week, (count, under) in enumerate(
            zip(weekly[role].tolist(), below.tolist(), strict=True)
        ):
            if count:
                x = float(weeks[week])
                words = f"{count:,} from {ROLES[ink].lower()}\nweek of {day_words(x)}"
                marks.append(
                    Bar(
                        x0=max(x + 0.5 * DAY, ground.first),
                        x1=min(x + 6.5 * DAY, ground.last),
                        y0=1 - (under + count) / top,
                        y1=1 - under / top,
                        ink=ink,
                        hover=words,
                    )
                )
        below += weekly[role]
    return marks


def _open_gaps(weeks: Floats, gaps: Sequence[Gap]) -> Ints:
    begins = np.sort(np.array([g.x0 for g in gaps], dtype=np.float64))
    ends = np.sort(np.array([g.x1 for g in gaps], dtype=np.float64))
    begun = np.searchsorted(begins, weeks + 7 * DAY, side="left")
    ended = np.searchsorted(ends, weeks, side="right")
    return np.asarray(begun - ended, dtype=np.int64)


def _window_frame(first: float, last: float, window: tuple[float, float]) -> list[Mark]:
    low = min(max(first, window[0]), last)
    high = max(min(last, window[1]), low)
    veil = [
        Rect(x0=a, x1=b, y0=-0.04, y1=1.34, ink="veil", opacity=0.62, below=False)
        for a, b in ((first, low), (high, last))
        if b > a
    ]
    if not veil:
        return []
    frame = Rect(
        x0=low,
        x1=high,
        y0=-0.04,
        y1=1.34,
        ink="page",
        opacity=0.0,
        edge="accent",
        edge_width=2.0,
        below=False,
    )
    return [*veil, frame]


def _axis_words(first: float, y: float, text: str) -> Label:
    return Label(x=first, y=y, text=text, ink="muted", anchor=Anchor.RIGHT, shift_x=-10, size=12)


def _overview_table(ground: Ground, open_gaps: Ints) -> Table:
    used = [i for i in range(len(ROLE_ORDER)) if ground.weekly[i].any()]
    rows = []
    for week, monday in enumerate(ground.weeks.tolist()):
        counts = [f"{int(ground.weekly[i, week]):,}" for i in used]
        rows.append((day_words(monday), *counts, f"{int(open_gaps[week]):,}"))
    header = ("Week of", *(ROLES[ROLE_ORDER[i]] for i in used), "Open gaps")
    return Table(
        header=header,
        rows=tuple(rows),
        caption="Messages a week by who sent them, and open gaps",
        numeric=tuple(range(1, len(header))),
    )
