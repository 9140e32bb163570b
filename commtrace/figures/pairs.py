"""Pairs of parties by week: the fastest way to see a silence.

One square a week, an empty run as visible as a full one; weeks that no material of either side
covers are hatched and never counted as empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from commtrace.figures.events import event_labels, event_lines
from commtrace.figures.ground import Floats, Ground, Ints
from commtrace.figures.marks import (
    DAY,
    Cell,
    Figure,
    Key,
    Label,
    Lane,
    Mark,
    Pattern,
    Rect,
    Table,
    time_axis,
)
from commtrace.figures.words import day_words, shorten

PAIRS = 14
RUN = 3  # weeks with no message that are outlined
LEFT = 250  # pixels for the names of a pair


def pairs_by_week(
    ground: Ground, window: tuple[float, float], *, most: int = PAIRS, width: int = 1200
) -> Figure:
    """The pairs of parties that wrote most to each other in a window, a square a week."""
    first, last = window
    weeks = ground.weeks[(ground.weeks + 7 * DAY > first) & (ground.weeks < last)]
    pairs, weekly = _pair_weeks(ground, weeks, most)
    pixels = float(width - LEFT - 12)
    names, levels = event_labels(ground, (first, last), pixels)
    top = float(np.sqrt(weekly.max())) if weekly.size and weekly.max() else 1.0
    marks: list[Mark] = []
    outlines: list[Rect] = []
    lanes = []
    for lane, (one, other) in enumerate(pairs):
        blind = _blind(ground, weeks, one, other)
        marks.extend(_squares(weeks, lane, weekly[lane], blind, bounds=window, top=top))
        outlines.extend(_runs(weeks, lane, weekly[lane], blind))
        label = f"{_name(ground, one)}\n↔ {_name(ground, other)}"
        lanes.append(Lane(label=label, y0=float(lane), y1=lane + 1.0))
    marks += event_lines(ground, (first, last), outlines, lanes=len(pairs))
    marks += outlines
    marks += [_run_label(o, pixels / (last - first)) for o in outlines]
    runs = len(outlines)
    return Figure(
        marks=(*marks, *names),
        x=time_axis(first, last, most=12, grid=False),
        y0=0.0,
        y1=float(max(1, len(pairs))),
        alt=f"Messages a week between {len(pairs)} pairs of parties; {runs} runs of {RUN} or more "
        "weeks with no message on record are outlined.",
        table=_pairs_table(ground, weeks, pairs, weekly),
        lanes=tuple(lanes),
        legend=(
            Key(
                label=f"{RUN} or more weeks with no message on record",
                ink="late",
                pattern=Pattern.HOLLOW,
            ),
            Key(label="No material of either side", ink="hatch", pattern=Pattern.HATCH),
        ),
        width=width,
        height=48 + 15 * levels + 37 * max(1, len(pairs)),
        left=LEFT,
        right=12,
        top=10 + 15 * levels,
        bottom=28,
    )


def _name(ground: Ground, party: int) -> str:
    return shorten(ground.party(party), 30)


def _pair_weeks(ground: Ground, mondays: Floats, most: int) -> tuple[list[tuple[int, int]], Ints]:
    rows, senders, recipients = ground.flows
    parties, weeks = len(ground.view.parties), len(mondays)
    low, high = np.minimum(senders, recipients), np.maximum(senders, recipients)
    apart = low != high
    week = ((ground.x[rows] - mondays[0]) // (7 * DAY)).astype(np.int64)
    apart &= (week >= 0) & (week < weeks)
    code = low[apart] * parties + high[apart]
    distinct, inverse, size = np.unique(code, return_inverse=True, return_counts=True)
    chosen = np.lexsort((distinct, -size))[:most]
    flat = np.bincount(inverse * weeks + week[apart], minlength=len(distinct) * weeks)
    weekly = flat.reshape(len(distinct), weeks)[chosen]
    pairs = [(int(c) // parties, int(c) % parties) for c in distinct[chosen]]
    return pairs, weekly


def _blind(ground: Ground, weeks: Floats, one: int, other: int) -> list[bool]:
    """For each week, whether no material of either party covers it whole or in part."""
    lanes = [ground.lanes[int(ground.lane_of_party[p])] for p in (one, other)]
    own = [lane for lane in lanes if lane.supplied] or lanes
    return [
        all(any(a <= w and w + 7 * DAY <= b for a, b in lane.holes) for lane in own)
        for w in weeks.tolist()
    ]


def _squares(
    weeks: Floats,
    lane: int,
    weekly: Ints,
    blind: Sequence[bool],
    *,
    bounds: tuple[float, float],
    top: float,
) -> list[Mark]:
    marks: list[Mark] = []
    for week, count in enumerate(weekly.tolist()):
        x = float(weeks[week])
        x0, x1 = max(x, bounds[0]), min(x + 7 * DAY, bounds[1])
        if not count and blind[week]:
            marks.append(
                Rect(
                    x0=x0, x1=x1, y0=lane + 0.08, y1=lane + 0.92, ink="hatch", pattern=Pattern.HATCH
                )
            )
            continue
        marks.append(
            Cell(
                x0=x0,
                x1=x1,
                y0=lane + 0.06,
                y1=lane + 0.94,
                value=float(np.sqrt(count)) / top,
                hover=f"{count:,} messages\nweek of {day_words(x)}",
                key=f"w{int(x)}",
            )
        )
    return marks


def _runs(weeks: Floats, lane: int, weekly: Ints, blind: Sequence[bool]) -> list[Rect]:
    """Runs of weeks with no message that material could have shown, between two messages."""
    used = np.flatnonzero(weekly)
    if not len(used):
        return []
    found = []
    inside = range(int(used[0]), int(used[-1]) + 1)
    for empty, group in groupby(inside, key=lambda w: not weekly[w] and not blind[w]):
        run = list(group)
        if empty and len(run) >= RUN:
            found.append(
                Rect(
                    x0=float(weeks[run[0]]),
                    x1=float(weeks[run[-1]]) + 7 * DAY,
                    y0=lane + 0.06,
                    y1=lane + 0.94,
                    ink="page",
                    opacity=0.0,
                    edge="late",
                    edge_width=2.0,
                    below=False,
                )
            )
    return found


def _run_label(outline: Rect, scale: float) -> Label:
    weeks = round((outline.x1 - outline.x0) / (7 * DAY))
    wide = (outline.x1 - outline.x0) * scale
    text = f"{weeks} weeks" if wide > 56 else f"{weeks} wk" if wide > 34 else str(weeks)
    return Label(
        x=(outline.x0 + outline.x1) / 2,
        y=(outline.y0 + outline.y1) / 2,
        text=text,
        ink="late",
        bold=True,
        size=12,
    )


def _pairs_table(
    ground: Ground, weeks: Floats, pairs: list[tuple[int, int]], weekly: Ints
) -> Table:
    rows = []
    for (one, other), week in zip(pairs, weekly, strict=True):
        outlines = _runs(weeks, 0, week, _blind(ground, weeks, one, other))
        longest = max((round((o.x1 - o.x0) / (7 * DAY)) for o in outlines), default=0)
        where = max(outlines, key=lambda o: o.x1 - o.x0, default=None)
        rows.append(
            (
                ground.party(one),
                ground.party(other),
                f"{int(week.sum()):,}",
                f"{int(np.count_nonzero(week)):,}",
                f"{longest} weeks from {day_words(where.x0)}" if where else "none of 3 weeks",
            )
        )
    return Table(
        header=("One", "Other", "Messages", "Weeks with any", "Longest run with none on record"),
        rows=tuple(rows),
        caption="Messages between pairs of parties",
        numeric=(2, 3),
    )
