"""Who wrote to whom: pairs by week, a graph whose nodes never move, and a matrix.

Pairs by week is the fastest way to see a silence: one square a week, an empty run as visible as a
full one, and weeks that no material of either side covers are hatched, not counted as empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import networkx as nx
import numpy as np

from commtrace.figures.events import event_labels, event_lines
from commtrace.figures.ground import ROLE_ORDER, Floats, Ground, Ints, volumes
from commtrace.figures.marks import (
    DAY,
    Arrow,
    Axis,
    Cell,
    Dot,
    Figure,
    Key,
    Label,
    Lane,
    Mark,
    Pattern,
    Rect,
    Shape,
    Table,
    time_axis,
)
from commtrace.figures.palette import ROLES
from commtrace.figures.words import day_words, shorten

PAIRS = 14
NODES = 14
RUN = 3  # weeks with no message that are outlined
_LEFT = 250


def counts(ground: Ground, window: tuple[float, float]) -> Ints:
    """Messages in a window from each party (row) to each party (column)."""
    rows, senders, recipients = ground.flows
    parties = len(ground.view.parties)
    inside = (ground.x[rows] >= window[0]) & (ground.x[rows] < window[1])
    flat = np.bincount(senders[inside] * parties + recipients[inside], minlength=parties**2)
    return flat.reshape(parties, parties)


# --------------------------------------------------------------------------- pairs by week


def pairs_by_week(
    ground: Ground, window: tuple[float, float], *, most: int = PAIRS, width: int = 1200
) -> Figure:
    """The pairs of parties that wrote most to each other in a window, a square a week."""
    first, last = window
    weeks = ground.weeks[(ground.weeks + 7 * DAY > first) & (ground.weeks < last)]
    pairs, weekly = _pair_weeks(ground, weeks, most)
    pixels = float(width - _LEFT - 12)
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
        height=48 + 15 * levels + 40 * max(1, len(pairs)),
        left=_LEFT,
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


# --------------------------------------------------------------------------- graph


def positions(ground: Ground, most: int = NODES) -> dict[int, tuple[float, float]]:
    """Where each party stands: the same in every window, families left, partners right.

    Fruchterman and Reingold (1991) from a start by role, on the traffic of the whole case; then
    what still stands too close is moved apart. The same case gives the same places.
    """
    total = counts(ground, (float("-inf"), float("inf")))
    both = total + total.T
    volume = volumes(ground.view)
    chosen = sorted(range(len(volume)), key=lambda p: (-int(volume[p]), p))[:most]
    chosen = sorted(p for p in chosen if volume[p])
    if not chosen:
        return {}
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(chosen)
    top = float(np.log1p(both.max())) or 1.0
    for i, one in enumerate(chosen):
        for other in chosen[i + 1 :]:
            near = float(np.log1p(both[one, other])) / top
            graph.add_edge(one, other, weight=0.3 + 0.1 * near)
    start = _start(ground, chosen)
    if len(chosen) < 3:
        return start
    place = nx.spring_layout(graph, pos=start, weight="weight", iterations=150, k=2.6, seed=1)
    return _apart({p: (float(x), float(y)) for p, (x, y) in place.items()})


def _start(ground: Ground, chosen: Sequence[int]) -> dict[int, tuple[float, float]]:
    column = {"families": -1.0, "council": 0.0, "members": -0.35, "outside": 0.9, "unplaced": 1.2}
    found: dict[int, tuple[float, float]] = {}
    for ink in ROLE_ORDER:
        members = [p for p in chosen if ground.ink(p) == ink]
        for n, party in enumerate(members):
            y = (n + 0.5) / len(members) * 2 - 1
            found[party] = (column[ink] + 0.13 * (n % 2), y + 0.05 * ROLE_ORDER.index(ink))
    return found


def _apart(place: dict[int, tuple[float, float]]) -> dict[int, tuple[float, float]]:
    """Stretch to the frame, then push every two nodes at least a label's width and height apart."""
    nodes = sorted(place)
    xy = np.array([place[n] for n in nodes])
    low, high = xy.min(axis=0), xy.max(axis=0)
    xy = (xy - low) / np.where(high - low == 0, 1, high - low)
    need = np.array([0.22, 0.24])
    for _ in range(200):
        moved = False
        for i in range(len(nodes)):
            for j in range(i + 1, len(nodes)):
                gap = xy[j] - xy[i]
                if np.all(np.abs(gap) < need):
                    axis = int(np.argmin(need - np.abs(gap)))
                    push = (need[axis] - abs(gap[axis])) / 2 + 0.002
                    sign = 1.0 if gap[axis] >= 0 else -1.0
                    xy[i, axis] -= sign * push
                    xy[j, axis] += sign * push
                    moved = True
        if not moved:
            break
    xy = (xy - xy.min(axis=0)) / np.where(np.ptp(xy, axis=0) == 0, 1, np.ptp(xy, axis=0))
    return {
        n: (round(float(x), 4), round(float(y), 4)) for n, (x, y) in zip(nodes, xy, strict=True)
    }


def graph(ground: Ground, window: tuple[float, float], *, width: int = 1200) -> Figure:
    """Parties as nodes, messages as arrows: thicker for more; who sent gives the colour."""
    place = positions(ground)
    total = counts(ground, window)
    shown = {(a, b): int(total[a, b]) for a in place for b in place if a != b and total[a, b]}
    most = max(shown.values(), default=1)
    volume = {p: int(total[p].sum() + total[:, p].sum()) for p in place}
    biggest = max(volume.values(), default=1) or 1
    marks: list[Mark] = []
    for (one, other), count in sorted(shown.items(), key=lambda item: (item[1], item[0])):
        marks.append(_edge(ground, place, (one, other), count, most))
    for (one, other), count in sorted(shown.items()):
        if count >= most * 0.14:
            marks.append(_edge_label(place, one, other, count))
    for party, (x, y) in sorted(place.items()):
        size = 22 + 30 * float(np.sqrt(volume[party] / biggest))
        words = f"{ground.party(party)}\nsent {int(total[party].sum()):,}, "
        words += f"received {int(total[:, party].sum()):,}"
        marks.append(Dot(x=x, y=y, ink=ground.ink(party), size=size, key=f"p{party}", hover=words))
        marks.append(
            Label(
                x=x,
                y=y,
                text=shorten(ground.party(party), 26),
                bold=True,
                size=13,
                halo=True,
                shift=size / 2 + 12,
            )
        )
    inks = [i for i in ROLE_ORDER if any(ground.ink(p) == i for p in place)]
    return Figure(
        marks=tuple(marks),
        x=Axis(first=-0.1, last=1.1, grid=False),
        y0=-0.1,
        y1=1.16,
        alt=f"Graph of {len(place)} parties and {len(shown)} directions of messages between "
        f"{day_words(window[0])} and {day_words(window[1] - 1)}; at most {most:,} in one.",
        table=_edge_table(ground, shown),
        legend=tuple(Key(label=ROLES[i], ink=i, shape=Shape.CIRCLE) for i in inks),
        width=width,
        height=560,
        left=10,
        right=10,
        top=8,
        bottom=8,
    )


def _edge(
    ground: Ground,
    place: dict[int, tuple[float, float]],
    ends: tuple[int, int],
    count: int,
    most: int,
) -> Arrow:
    (x0, y0), (x1, y1) = place[ends[0]], place[ends[1]]
    share = float(np.sqrt(count / most))
    cut0, cut1 = _cut(x1 - x0, y1 - y0, 0.03), _cut(x1 - x0, y1 - y0, 0.038)
    words = f"{ground.party(ends[0])} → {ground.party(ends[1])}\n{count:,} messages"
    return Arrow(
        x0=x0 + cut0[0],
        y0=y0 + cut0[1],
        x1=x1 - cut1[0],
        y1=y1 - cut1[1],
        ink=ground.ink(ends[0]),
        width=1.2 + 9 * share,
        bend=0.09,
        opacity=0.3 + 0.55 * share,
        gap=0.0,
        key=f"e{ends[0]}-{ends[1]}",
        hover=words,
    )


def _cut(dx: float, dy: float, share: float) -> tuple[float, float]:
    """An end of an arrow drawn back from its node by about the node's size."""
    length = float(np.hypot(dx, dy * 0.5)) or 1.0
    return dx / length * share, dy / length * share


def _edge_label(place: dict[int, tuple[float, float]], one: int, other: int, count: int) -> Label:
    (x0, y0), (x1, y1) = place[one], place[other]
    x = (x0 + x1) / 2 - (y1 - y0) * 0.09
    y = (y0 + y1) / 2 + (x1 - x0) * 0.09
    return Label(x=x, y=y, text=f"{count:,}", halo=True, size=12)


def _edge_table(ground: Ground, shown: dict[tuple[int, int], int]) -> Table:
    ranked = sorted(shown.items(), key=lambda item: (-item[1], item[0]))
    return Table(
        header=("From", "To", "Messages"),
        rows=tuple((ground.party(a), ground.party(b), f"{n:,}") for (a, b), n in ranked),
        caption="Messages from party to party",
        numeric=(2,),
        keys=tuple(f"e{a}-{b}" for (a, b), _ in ranked),
    )


# --------------------------------------------------------------------------- matrix


def matrix(ground: Ground, window: tuple[float, float], *, width: int = 1200) -> Figure:
    """From (rows) to (columns), the parties that wrote most."""
    total = counts(ground, window)
    volume = volumes(ground.view)
    ranked = sorted(range(len(volume)), key=lambda p: (-int(volume[p]), p))[:NODES]
    shown = sorted(
        (p for p in ranked if volume[p]), key=lambda p: (int(ground.role_of_party[p]), p)
    )
    most = max((int(total[a, b]) for a in shown for b in shown), default=1) or 1
    marks: list[Mark] = []
    for row, one in enumerate(shown):
        for column, other in enumerate(shown):
            count = int(total[one, other])
            words = f"{ground.party(one)} → {ground.party(other)}\n{count:,} messages"
            value = float(np.sqrt(count / most))
            marks.append(
                Cell(
                    x0=column + 0.03,
                    x1=column + 0.97,
                    y0=row + 0.05,
                    y1=row + 0.95,
                    value=value,
                    text=f"{count:,}" if count else "",
                    hover=words,
                    key=f"e{one}-{other}",
                )
            )
    marks += [
        Label(x=n + 0.5, y=0.0, text=line, size=12, shift=-9.0 - 15 * up, bold=True)
        for n, party in enumerate(shown)
        for up, line in enumerate(reversed(_lines(ground.party(party))))
    ]
    pairs = {(a, b): int(total[a, b]) for a in shown for b in shown if total[a, b]}
    return Figure(
        marks=tuple(marks),
        x=Axis(first=0.0, last=float(max(1, len(shown))), grid=False),
        y0=0.0,
        y1=float(max(1, len(shown))),
        alt=f"Matrix of messages among {len(shown)} parties, senders in rows, recipients in "
        f"columns; at most {most:,}.",
        table=_edge_table(ground, pairs),
        lanes=tuple(
            Lane(label=shorten(ground.party(p), 26), y0=float(n), y1=n + 1.0)
            for n, p in enumerate(shown)
        ),
        width=width,
        height=60 + 40 * max(1, len(shown)),
        left=_LEFT - 40,
        right=12,
        top=54,
        bottom=8,
    )


def _lines(label: str, wide: int = 13, most: int = 3) -> list[str]:
    """A name in up to three short lines."""
    lines = [""]
    for word in label.split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > wide:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    kept = lines[:most]
    if len(lines) > most:
        kept[-1] = shorten(kept[-1] + " " + lines[most], wide)
    return [shorten(line, wide + 3) for line in kept]
