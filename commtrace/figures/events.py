"""Events of the case on a time axis: a dashed line and a name that nothing covers."""

from __future__ import annotations

from collections.abc import Sequence

from commtrace.figures.ground import Ground
from commtrace.figures.marks import Anchor, Bar, Label, Line, Mark, Rect, clock_of_day


def event_lines(
    ground: Ground, window: tuple[float, float], bars: Sequence[Bar | Rect], *, lanes: int = 0
) -> list[Mark]:
    """A dashed line at each event, broken where a bar lies, so that it crosses no label."""
    marks: list[Mark] = []
    for event in ground.view.brief.events:
        x = clock_of_day(event.date)
        if not window[0] <= x < window[1]:
            continue
        y = 0.0
        for bar in sorted((b for b in bars if b.x0 <= x <= b.x1), key=lambda b: b.y0):
            if bar.y0 > y:
                marks.append(_dashed(x, y, bar.y0))
            y = max(y, bar.y1)
        marks.append(_dashed(x, y, float(lanes or len(ground.lanes))))
    return marks


def _dashed(x: float, y0: float, y1: float) -> Line:
    return Line(points=((x, y0), (x, y1)), ink="faint", width=1.2, dash="dash")


def event_labels(
    ground: Ground, window: tuple[float, float], pixels: float
) -> tuple[list[Mark], int]:
    """The events' names above a figure, and in how many rows they stand so as to stay apart."""
    first, last = window
    used: list[list[tuple[float, float]]] = []
    marks: list[Mark] = []
    for event in sorted(ground.view.brief.events, key=lambda e: (e.date, e.id)):
        x = clock_of_day(event.date)
        if not first <= x < last:
            continue
        at, wide = (x - first) / (last - first) * pixels, 6.4 * len(event.label) + 18
        flip, level = _place(used, at, wide, pixels)
        text = f"{event.label} ▾" if flip else f"▾ {event.label}"
        side = Anchor.RIGHT if flip else Anchor.LEFT
        shift_x, shift = (5.0, -9.0) if flip else (-5.0, -9.0)
        marks.append(
            Label(x=x, y=0.0, text=text, anchor=side, shift_x=shift_x, shift=shift - 15 * level)
        )
    return marks, len(used)


def _place(
    used: list[list[tuple[float, float]]], at: float, wide: float, pixels: float
) -> tuple[bool, int]:
    """The lowest row in which a name fits to the right of its line, or to the left of it."""
    sides = [(at, at + wide)] if at + wide <= pixels else []
    sides += [(at - wide, at)] if at - wide >= 0 or not sides else []
    for level in range(len(used) + 1):
        if level == len(used):
            used.append([])
        for low, high in sides:
            if all(high + 6 <= a or low - 6 >= b for a, b in used[level]):
                used[level].append((low, high))
                return low < at, level
    raise AssertionError("The last row is empty.")
