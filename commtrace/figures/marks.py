"""What a figure is made of: frozen marks in data coordinates, drawn alike by every renderer.

A time axis counts milliseconds since 1970 *as clocks run in Europe/London* (`clock`), so that no
renderer has to know a zone. `y` grows downwards: lane 0 is `[0, 1)`, lane 1 `[1, 2)`. Sizes,
widths and the size of text are pixels at `Figure.width`. An `ink` is a name that `palette`
resolves for light, dark and paper; a mark never carries a colour of its own. All text is plain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from commtrace.moments import LONDON

DAY = 86_400_000.0  # milliseconds


class Shape(StrEnum):
    """The outline of a dot: the channel of a communication."""

    CIRCLE = "circle"
    SQUARE = "square"
    DIAMOND = "diamond"
    TRIANGLE = "triangle"


class Pattern(StrEnum):
    """What fills a bar or a rectangle: it backs the colour up, so nothing rests on colour alone."""

    PLAIN = "plain"
    DIAGONAL = "diagonal"
    CROSSED = "crossed"
    DOTTED = "dotted"
    HATCH = "hatch"  # thin grey diagonals on no ground: no material could show anything here
    HOLLOW = "hollow"  # outline only: an empty place


class Anchor(StrEnum):
    """Which side of a label its `x` is."""

    LEFT = "left"
    MIDDLE = "middle"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One communication or node. `key` names what it stands for; `hover` may hold line breaks."""

    x: float
    y: float
    ink: str
    shape: Shape = Shape.CIRCLE
    size: float = 8.0
    hollow: bool = False
    dim: bool = False
    strong: bool = False
    key: str = ""
    hover: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar `[x0, x1] x [y0, y1]` with an optional label that the maker knows to fit."""

    x0: float
    x1: float
    y0: float
    y1: float
    ink: str
    pattern: Pattern = Pattern.PLAIN
    label: str = ""
    dim: bool = False
    strong: bool = False
    key: str = ""
    hover: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rect:
    """Ground: a band, a veil, a frame. `below` draws it under the grid and every other mark."""

    x0: float
    x1: float
    y0: float
    y1: float
    ink: str
    pattern: Pattern = Pattern.PLAIN
    opacity: float = 1.0
    edge: str = ""
    edge_width: float = 0.0
    below: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line through `points`; `dash` is "solid", "dash" or "dot"."""

    points: tuple[tuple[float, float], ...]
    ink: str
    width: float = 1.0
    dash: str = "solid"
    opacity: float = 1.0
    below: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """A line from `(x0, y0)` to `(x1, y1)` with a head, kept `gap` pixels off both ends.

    `bend` moves the middle sideways by that share of the length (0 is straight).
    """

    x0: float
    y0: float
    x1: float
    y1: float
    ink: str
    width: float = 1.8
    gap: float = 6.0
    bend: float = 0.0
    opacity: float = 1.0
    key: str = ""
    hover: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Plain text, its middle height at `y + shift` pixels; `halo` puts page ground behind it.

    `ground` is an ink that fills a box behind the text (the head of a column). A label may stand
    outside the vertical range, in the margin.
    """

    x: float
    y: float
    text: str
    ink: str = "ink"
    size: float = 12.0
    bold: bool = False
    anchor: Anchor = Anchor.MIDDLE
    halo: bool = False
    ground: str = ""
    shift_x: float = 0.0
    shift: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A heat cell: `value` from 0 (nothing) to 1 (most) on the scale `ink` ("count" or "hot")."""

    x0: float
    x1: float
    y0: float
    y1: float
    value: float
    ink: str = "count"
    text: str = ""
    dim: bool = False
    key: str = ""
    hover: str = ""


Mark = Dot | Bar | Rect | Line | Arrow | Label | Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A row `[y0, y1)` with its name at the left; `rule` draws the line that opens a group.

    `label` may hold one line break; `sub` stands under it, smaller and muted.
    """

    label: str
    y0: float
    y1: float
    sub: str = ""
    rule: bool = False
    note: str = ""  # at the right edge: "+66"


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A horizontal axis: its range, its ticks with their words, and whether it counts time."""

    first: float
    last: float
    ticks: tuple[tuple[float, str], ...] = ()
    is_time: bool = False
    grid: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The same facts as rows: what "View as table" shows. `keys` name the rows' things, if any."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    numeric: tuple[int, ...] = ()  # columns set flush right
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One entry of the legend: a shape or a pattern in an ink, and its words."""

    label: str
    ink: str
    shape: Shape | None = None
    pattern: Pattern | None = None
    hollow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A whole figure, drawn in the order of `marks` (those `below` first).

    `left`, `top`, `right`, `bottom` are margins and `width`, `height` the outer size, in pixels; a
    renderer may stretch it to its page, the data coordinates stay. `alt` says in a sentence or two
    what the figure shows, counts included. `y0`, `y1` are the vertical range, `y0` at the top.
    """

    marks: tuple[Mark, ...]
    x: Axis
    y0: float
    y1: float
    alt: str
    table: Table
    lanes: tuple[Lane, ...] = ()
    legend: tuple[Key, ...] = ()
    width: int = 900
    height: int = 500
    left: int = 150
    right: int = 34
    top: int = 10
    bottom: int = 36
    drag: str = ""  # "zoom", "select" or "" for none


def clock(when: datetime) -> float:
    """Milliseconds since 1970 as clocks run in Europe/London, of an aware time."""
    local = when.astimezone(LONDON).replace(tzinfo=UTC)
    return local.timestamp() * 1000.0


def clock_of_day(day: date) -> float:
    """The first moment of a day on the time axis."""
    return (day - date(1970, 1, 1)).days * DAY


def day_of_clock(x: float) -> date:
    """The day that a point of the time axis lies in."""
    return date(1970, 1, 1) + timedelta(days=int(x // DAY))


_MONTH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def time_axis(first: float, last: float, *, most: int = 9, grid: bool = True) -> Axis:
    """A time axis with at most about `most` ticks on days, Mondays, months or years.

    Every tick names its year once: where the year changes and at the first tick.
    """
    days = (last - first) / DAY
    if days <= most:
        ticks = _days(first, last, max(1, round(days / most)))
    elif days <= 7 * most:
        ticks = _days(first, last, max(1, -int(-days // most)))
    else:
        ticks = _months(first, last, max(1, -int(-days // (30.4 * most))))
    return Axis(first=first, last=last, ticks=tuple(_named(ticks)), is_time=True, grid=grid)


def _days(first: float, last: float, step: int) -> list[tuple[date, bool]]:
    step = next((s for s in (1, 2, 3, 7, 14) if s >= step), 14)
    anchor = date(2018, 1, 1).toordinal()  # a Monday
    start = day_of_clock(first).toordinal()
    start += -(start - anchor) % step
    end = day_of_clock(last).toordinal()
    found = [date.fromordinal(n) for n in range(start, end + 1, step)]
    return [(day, True) for day in found if first <= clock_of_day(day) <= last]


def _months(first: float, last: float, step: int) -> list[tuple[date, bool]]:
    step = next((s for s in (1, 2, 3, 6, 12) if s >= step), 12 * -(-step // 12))
    from_, to = day_of_clock(first), day_of_clock(last)
    start, end = from_.year * 12 + from_.month - 1, to.year * 12 + to.month - 1
    found = [date(n // 12, n % 12 + 1, 1) for n in range(start - start % step, end + 1, step)]
    return [(day, False) for day in found if first <= clock_of_day(day) <= last]


def _named(ticks: Sequence[tuple[date, bool]]) -> list[tuple[float, str]]:
    named, year = [], None
    for day, with_day in ticks:
        words = f"{day.day} {_MONTH[day.month - 1]}" if with_day else _MONTH[day.month - 1]
        if day.year != year:
            words += f" {day.year}"
        named.append((clock_of_day(day), words))
        year = day.year
    return named
