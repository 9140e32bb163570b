"""Who wrote to whom: a graph whose nodes never move, and a matrix."""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx
import numpy as np

from commtrace.figures.ground import ROLE_ORDER, Ground, Ints, volumes
from commtrace.figures.marks import (
    Arrow,
    Axis,
    Cell,
    Dot,
    Figure,
    Key,
    Label,
    Lane,
    Mark,
    Shape,
    Table,
)
from commtrace.figures.pairs import LEFT
from commtrace.figures.palette import ROLES
from commtrace.figures.words import day_words, shorten

NODES = 14
_ASPECT = 2.3  # width to height of the graph: a unit is as long across as down
_BEND = 0.095  # how far an arrow is bent aside, as a share of its length


def counts(ground: Ground, window: tuple[float, float]) -> Ints:
    """Messages in a window from each party (row) to each party (column)."""
    rows, senders, recipients = ground.flows
    parties = len(ground.view.parties)
    inside = (ground.x[rows] >= window[0]) & (ground.x[rows] < window[1])
    flat = np.bincount(senders[inside] * parties + recipients[inside], minlength=parties**2)
    return flat.reshape(parties, parties)


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
    place = {party: (x * _ASPECT, y) for party, (x, y) in place.items()}
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
        x=Axis(first=-0.1 * _ASPECT, last=1.1 * _ASPECT, grid=False),
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
    cut0, cut1 = _cut(x1 - x0, y1 - y0, 0.062), _cut(x1 - x0, y1 - y0, 0.078)
    words = f"{ground.party(ends[0])} → {ground.party(ends[1])}\n{count:,} messages"
    return Arrow(
        x0=x0 + cut0[0],
        y0=y0 + cut0[1],
        x1=x1 - cut1[0],
        y1=y1 - cut1[1],
        ink=ground.ink(ends[0]),
        width=1.2 + 9 * share,
        bend=_BEND,
        opacity=0.3 + 0.55 * share,
        gap=0.0,
        key=f"e{ends[0]}-{ends[1]}",
        hover=words,
    )


def _cut(dx: float, dy: float, share: float) -> tuple[float, float]:
    """An end of an arrow drawn back from its node by about the node's size."""
    length = float(np.hypot(dx, dy)) or 1.0
    return dx / length * share, dy / length * share


def _edge_label(place: dict[int, tuple[float, float]], one: int, other: int, count: int) -> Label:
    (x0, y0), (x1, y1) = place[one], place[other]
    x = (x0 + x1) / 2 - (y1 - y0) * _BEND
    y = (y0 + y1) / 2 + (x1 - x0) * _BEND
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


def matrix(ground: Ground, window: tuple[float, float], *, width: int = 1200) -> Figure:
    """From (rows) to (columns), the parties that wrote most."""
    total = counts(ground, window)
    volume = volumes(ground.view)
    ranked = sorted(range(len(volume)), key=lambda p: (-int(volume[p]), p))[:NODES]
    shown = sorted(
        (p for p in ranked if volume[p]), key=lambda p: (int(ground.role_of_party[p]), p)
    )
    most = max((int(total[a, b]) for a in shown for b in shown), default=1) or 1
    wide = min(13, int((width - LEFT) / 7.6 / max(1, len(shown))))  # 7.6 px a bold character
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
        for up, line in enumerate(reversed(_lines(ground.party(party), wide)))
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
        left=LEFT - 40,
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
