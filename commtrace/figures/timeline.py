"""The timeline: a strip of the whole period, and the lanes of a part of it.

One mark a message up to `MOST_MARKS`, counts beyond. Gap bars stand in the lane of whoever owed the
next step; stretches in which no material could show anything are hatched; messages that others cite
and nobody supplied are empty outlines; what is reported or entered by hand has an outline with its
letter; a date known only to a day or a week is as long as its
doubt. A chosen thread is drawn as arrows with its waits, and the rest steps back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from commtrace.figures import gaps as gap_bars
from commtrace.figures.events import event_labels, event_lines
from commtrace.figures.gaps import Gap
from commtrace.figures.ghosts import ghosts
from commtrace.figures.ground import ROLE_ORDER, Floats, Ground, Ints
from commtrace.figures.marks import (
    DAY,
    Cell,
    Dot,
    Figure,
    Key,
    Lane,
    Line,
    Mark,
    Pattern,
    Rect,
    Shape,
    Table,
    clock_of_day,
    day_of_clock,
    time_axis,
)
from commtrace.figures.palette import FAMILIES, PATTERNS, ROLES, SHAPES
from commtrace.figures.thread import HOUR, MIDDLE, grade_letter, rows_of, thread
from commtrace.figures.words import (
    GRADES,
    LEFT,
    RIGHT,
    channel_words,
    day_words,
    message_words,
)
from commtrace.model import Family, Grade
from commtrace.moments import say

MOST_MARKS = 900
_SPREAD = 0.26
_BINS = (1, 2, 3, 6, 12, 24, 48, 72, 168, 336, 672)  # hours
_BIN_WORDS = {
    1: "hour",
    2: "2 hours",
    3: "3 hours",
    6: "6 hours",
    12: "half day",
    24: "day",
    48: "2 days",
    72: "3 days",
    168: "week",
    336: "fortnight",
    672: "four weeks",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is open on the timeline: a message with its thread, or a gap; "" where not."""

    message: str = ""
    thread: int = -1
    gap: str = ""


def lanes(
    ground: Ground,
    gaps: Sequence[Gap],
    window: tuple[float, float],
    chosen: Chosen | None = None,
    *,
    width: int = 900,
    height: int = 520,
) -> Figure:
    """The lanes of a window; `chosen` opens a thread or a gap in it."""
    chosen = chosen or Chosen()
    first, last = window
    low, high = ground.rows(first, last)
    pixels = float(width - LEFT - RIGHT)
    inside = [g for g in gaps if g.x0 < last and g.x1 > first]
    opened = chosen.thread >= 0
    placed = gap_bars.layout(
        ground, inside, window, pixels=pixels, dim=opened or bool(chosen.gap), strong=chosen.gap
    )
    dense = high - low > MOST_MARKS
    rows = rows_of(ground, chosen.thread, window) if opened else np.zeros(0, dtype=np.int64)
    traffic = (
        _cells(ground, low, high, window, dim=opened) if dense else _dots(ground, low, high, chosen)
    )
    names, levels = event_labels(ground, window, pixels)
    marks: list[Mark] = [
        *_holes(ground, window),
        *traffic,
        *ghosts(ground, window, chosen.thread),
        *event_lines(ground, window, placed.bars),
        *placed.bars,
        *thread(ground, rows, chosen.message),
        *names,
    ]
    return Figure(
        marks=tuple(marks),
        x=time_axis(first, last, most=9),
        y0=0.0,
        y1=float(len(ground.lanes)),
        alt=_alt(ground, high - low, len(inside), window, dense=dense),
        table=_message_table(ground, low, high),
        lanes=_lane_names(ground, placed.more),
        legend=legend(ground, inside),
        width=width,
        height=height,
        left=LEFT,
        right=RIGHT,
        top=8 + 15 * levels,
        bottom=28,
        drag="zoom",
    )


def _lane_names(ground: Ground, more: tuple[int, ...]) -> tuple[Lane, ...]:
    names = []
    for index, row in enumerate(ground.lanes):
        opens = index > 0 and row.ink != ground.lanes[index - 1].ink
        names.append(
            Lane(
                label=row.label,
                y0=float(index),
                y1=float(index + 1),
                sub="" if row.supplied else "no mailbox supplied",
                rule=opens,
                note=f"+{more[index]}" if more[index] else "",
            )
        )
    return tuple(names)


def _holes(ground: Ground, window: tuple[float, float]) -> list[Mark]:
    first, last = window
    return [
        Rect(
            x0=max(a, first),
            x1=min(b, last),
            y0=lane + 0.04,
            y1=lane + 0.96,
            ink="hatch",
            pattern=Pattern.HATCH,
        )
        for lane, row in enumerate(ground.lanes)
        for a, b in row.holes
        if a < last and b > first
    ]


def _height(rows: Ints) -> Floats:
    """Where in its lane a row lies: spread by its number, the same in every window and renderer."""
    return MIDDLE + (((rows * 2654435761) % 1000) / 1000.0 - 0.5) * _SPREAD


def _dots(ground: Ground, low: int, high: int, chosen: Chosen) -> list[Mark]:
    view = ground.view
    rows = np.arange(low, high, dtype=np.int64)
    heights = (ground.lane[low:high] + _height(rows)).tolist()
    size = 7.0 if high - low > 450 else 9.0
    dim = chosen.thread >= 0
    marks: list[Mark] = []
    for row, y in zip(range(low, high), heights, strict=True):
        if dim and int(view.thread[row]) == chosen.thread:
            continue
        x, x_end = float(ground.x[row]), float(ground.x_end[row])
        ink = ground.ink(int(view.sender_party[row]))
        if x_end - x > HOUR:
            marks.append(
                Line(points=((x, y), (x_end, y)), ink=ink, width=4.0, opacity=0.12 if dim else 0.4)
            )
            x = (x + x_end) / 2
        marks += grade_letter(ground, row, (x, y))
        marks.append(
            Dot(
                x=x,
                y=y,
                ink=ink,
                shape=SHAPES[view.channels[row]],
                size=size,
                hollow=view.grade(row) is not Grade.ORIGINAL,
                dim=dim,
                key=f"m{view.ids[row]}",
                hover=message_words(ground, row),
            )
        )
    return marks


def _cells(
    ground: Ground, low: int, high: int, window: tuple[float, float], *, dim: bool
) -> list[Mark]:
    first, last = window
    hours, start, counts = density(ground, low, high, window)
    most = float(np.sqrt(counts.max())) or 1.0
    step = hours * HOUR
    marks: list[Mark] = []
    for lane, bin_ in zip(*(axis.tolist() for axis in np.nonzero(counts)), strict=True):
        x0 = start + bin_ * step
        count = int(counts[lane, bin_])
        marks.append(
            Cell(
                x0=max(x0, first),
                x1=min(x0 + step, last),
                y0=lane + 0.06,
                y1=lane + 0.42,
                value=float(np.sqrt(count)) / most,
                dim=dim,
                hover=f"{count:,} messages\n{_bin_words(x0, hours)}",
            )
        )
    return marks


def density(
    ground: Ground, low: int, high: int, window: tuple[float, float], target: int = 150
) -> tuple[int, float, Ints]:
    """Counts by lane and bin: the bin's hours, where the first begins, and the counts."""
    first, last = window
    wanted = (last - first) / HOUR / target
    hours = next((h for h in _BINS if h >= wanted), _BINS[-1])
    step = hours * HOUR
    anchor = clock_of_day(day_of_clock(first)) if hours <= 24 else float(ground.weeks[0])
    start = anchor + np.floor((first - anchor) / step) * step
    bins = int(np.ceil((last - start) / step))
    where = np.clip(((ground.x[low:high] - start) // step).astype(np.int64), 0, bins - 1)
    flat = np.bincount(ground.lane[low:high] * bins + where, minlength=len(ground.lanes) * bins)
    return hours, float(start), flat.reshape(len(ground.lanes), bins)


def _bin_words(x: float, hours: int) -> str:
    if hours < 24:
        hour = int((x % DAY) // HOUR)
        return f"{day_words(x)}, from {hour:02d}:00, {_BIN_WORDS[hours]}"
    return day_words(x) if hours == 24 else f"{_BIN_WORDS[hours]} from {day_words(x)}"


def legend(ground: Ground, gaps: Sequence[Gap]) -> tuple[Key, ...]:
    """Roles and families that occur, and what hatching and outlines mean."""
    families = [f for f in Family if any(g.finding.family is f for g in gaps)]
    keys = roles(ground)
    if any(channel.value == "letter" for channel in set(ground.view.channels)):
        keys.append(Key(label="Letter", ink="ink", shape=Shape.SQUARE))
    keys += [
        Key(label=GRADES[g], ink="ink", shape=Shape.CIRCLE, hollow=True) for g in _grades(ground)
    ]
    keys += [Key(label=f"{FAMILIES[f]} gap", ink=f.value, pattern=PATTERNS[f]) for f in families]
    if ground.view.ghosts:
        keys.append(
            Key(label="Cited, not supplied", ink="evidence", shape=Shape.CIRCLE, hollow=True)
        )
    if any(row.holes for row in ground.lanes):
        keys.append(Key(label="No material covers this", ink="hatch", pattern=Pattern.HATCH))
    return tuple(keys)


def _grades(ground: Ground) -> list[Grade]:
    """The grades below an original that occur."""
    return [grade for grade in GRADES if grade in set(ground.view.grades)]


def roles(ground: Ground) -> list[Key]:
    """The roles of the lanes, as a legend names them."""
    inks = [i for i in ROLE_ORDER if any(row.ink == i for row in ground.lanes)]
    return [Key(label=ROLES[i], ink=i, shape=Shape.CIRCLE) for i in inks]


def mode_words(ground: Ground, window: tuple[float, float]) -> str:
    """How the window is drawn: one mark a message, or counts."""
    low, high = ground.rows(*window)
    count = high - low
    if count <= MOST_MARKS:
        return f"{count:,} messages, one mark each"
    hours, _, _ = density(ground, low, high, window)
    return f"{count:,} messages, counted by {_BIN_WORDS[hours]}; zoom in to see each"


def _alt(
    ground: Ground, messages: int, gaps: int, window: tuple[float, float], *, dense: bool
) -> str:
    how = "as counts" if dense else "one mark each"
    return (
        f"Timeline with {len(ground.lanes)} lanes from {day_words(window[0])} to "
        f"{day_words(window[1] - 1)}: {messages:,} messages, {how}, and {gaps} gaps. "
        "Arrow keys step through messages, plus and minus zoom, Escape closes."
    )


def _message_table(ground: Ground, low: int, high: int, most: int = 300) -> Table:
    view = ground.view
    rows, keys = [], []
    for row in range(low, min(high, low + most)):
        to = ", ".join(ground.party(p) for p in view.parties_to(row)) or "recipient not known"
        rows.append(
            (
                say(view.whens[row]),
                ground.party(int(view.sender_party[row])),
                to,
                view.subjects[row] or "no subject",
                channel_words(view, row),
            )
        )
        keys.append(view.ids[row])
    count = high - low
    shown = f"the first {most} of {count:,}" if count > most else f"{count:,}"
    return Table(
        header=("When", "From", "To", "Subject", "Channel"),
        rows=tuple(rows),
        caption=f"Messages in this window: {shown}",
        keys=tuple(keys),
    )
