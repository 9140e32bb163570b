"""A figure as SVG text: the same marks at the same places as on the screen, for papers.

Pure string building. Every word is escaped, no style sheet, script, link or outside reference is
written, and the font is named only by generic fallbacks that a paper's own font stands before.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape

from commtrace.figures.marks import (
    Anchor,
    Arrow,
    Bar,
    Cell,
    Dot,
    Figure,
    Key,
    Label,
    Line,
    Pattern,
    Rect,
    Shape,
)
from commtrace.figures.palette import colour, heat, ink_on

FONT = "Source Sans Pro, Source Sans 3, Arial, Helvetica, sans-serif"
_TICK_SIZE, _LANE_SIZE, _SUB_SIZE, _BAR_SIZE, _KEY_SIZE = 11.0, 12.5, 10.5, 10.0, 11.5
_KEY_HEIGHT = 20.0
_CHARACTER = 0.52  # mean width of a character as a share of its size, for the legend's wrap
_DASH = {"dash": "5 3.5", "dot": "1.5 3"}
_TEXT_ANCHOR = {Anchor.LEFT: "start", Anchor.MIDDLE: "middle", Anchor.RIGHT: "end"}


@dataclass(frozen=True, slots=True)
class _Page:
    """Where data coordinates lie on the page, the theme, and the prefix of pattern names."""

    figure: Figure
    theme: str
    prefix: str

    def x(self, value: float) -> float:
        axis, figure = self.figure.x, self.figure
        inner = figure.width - figure.left - figure.right
        return figure.left + inner * (value - axis.first) / ((axis.last - axis.first) or 1.0)

    def y(self, value: float) -> float:
        figure = self.figure
        inner = figure.height - figure.top - figure.bottom
        return figure.top + inner * (value - figure.y0) / ((figure.y1 - figure.y0) or 1.0)

    def ink(self, name: str) -> str:
        return colour(name, self.theme)

    @property
    def left(self) -> float:
        return float(self.figure.left)

    @property
    def right(self) -> float:
        return float(self.figure.width - self.figure.right)

    @property
    def top(self) -> float:
        return float(self.figure.top)

    @property
    def bottom(self) -> float:
        return float(self.figure.height - self.figure.bottom)


def to_svg(figure: Figure, width: float | None = None, *, theme: str = "paper") -> str:
    """A figure as one `<svg>` element, `width` pixels wide (its own width if None).

    `theme` is "paper", "light" or "dark". The element carries the figure's `alt` as its name.
    """
    page = _Page(figure, theme, f"f{abs(len(figure.alt)) % 1000}")
    legend = list(_legend(page))
    rows = 1 + max((row for row, _, _ in _key_places(figure)), default=-1)
    height = figure.height + rows * _KEY_HEIGHT
    shown = figure.width if width is None else width
    body = "".join([*_ground(page), *_marks(page), *_axis(page), *_lane_names(page), *legend])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{_n(shown)}" '
        f'height="{_n(height * shown / figure.width)}" '
        f'viewBox="0 0 {figure.width} {_n(height)}" font-family="{escape(FONT)}">'
        f"<title>{escape(figure.alt)}</title>{_definitions(page)}{body}</svg>"
    )


def _n(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def _definitions(page: _Page) -> str:
    """The fills that back colour up; white (page) strokes over a bar, grey ones on the ground."""
    light, grey, p = page.ink("on_bar"), page.ink("hatch"), page.prefix
    clip = (
        f'<clipPath id="{p}clip"><rect x="{_n(page.left)}" y="0" '
        f'width="{_n(page.right - page.left)}" height="{page.figure.height}"/></clipPath>'
    )
    return (
        f"<defs>{clip}"
        f'<pattern id="{p}diagonal" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="1.5" height="6" fill="{light}" '
        'fill-opacity="0.6"/></pattern>'
        f'<pattern id="{p}crossed" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path d="M0 0H6V1H0ZM0 0H1V6H0Z" fill="{light}" '
        'fill-opacity="0.6"/></pattern>'
        f'<pattern id="{p}dotted" width="5" height="5" patternUnits="userSpaceOnUse">'
        f'<circle cx="2.5" cy="2.5" r="1" fill="{light}" fill-opacity="0.8"/></pattern>'
        f'<pattern id="{p}hatch" width="7" height="7" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="1" height="7" fill="{grey}"/></pattern>'
        "</defs>"
    )


def _ground(page: _Page) -> Iterator[str]:
    """What lies under every mark: bands, lane lines, the grid."""
    marks = page.figure.marks
    yield from (_rect(page, mark) for mark in marks if isinstance(mark, Rect) and mark.below)
    if page.figure.x.grid:
        for at, _ in page.figure.x.ticks:
            x = page.x(at)
            yield _stroke((x, page.top), (x, page.bottom), page.ink("grid"))
    for lane in page.figure.lanes:
        y, start = page.y(lane.y0), 0.0 if lane.rule else page.left
        ink = page.ink("rule" if lane.rule else "lane")
        yield _stroke((start, y), (page.right, y), ink)
    if page.figure.lanes:
        ends = (page.left, page.bottom), (page.right, page.bottom)
        yield _stroke(*ends, page.ink("rule"))
    yield from (_line(page, mark) for mark in marks if isinstance(mark, Line) and mark.below)


def _marks(page: _Page) -> Iterator[str]:
    drawers: Mapping[type, Callable[..., str]] = {
        Rect: _rect,
        Line: _line,
        Cell: _cell,
        Bar: _bar,
        Arrow: _arrow,
        Dot: _dot,
        Label: _label,
    }
    for mark in page.figure.marks:
        if not (isinstance(mark, Rect | Line) and mark.below):
            yield drawers[type(mark)](page, mark)


def _box(page: _Page, mark: Rect | Bar | Cell) -> tuple[float, float, float, float]:
    """Left, top, width and height on the page, kept inside the plot sideways."""
    left, right = sorted((page.x(mark.x0), page.x(mark.x1)))
    top, bottom = sorted((page.y(mark.y0), page.y(mark.y1)))
    left, right = max(left, page.left), min(right, page.right)
    return left, top, max(right - left, 0.0), max(bottom - top, 0.0)


def _area(box: tuple[float, float, float, float], fill: str, more: str = "") -> str:
    x, y, width, height = (_n(value) for value in box)
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"{more}/>'


def _stroke(start: tuple[float, float], end: tuple[float, float], ink: str) -> str:
    (x0, y0), (x1, y1) = start, end
    return f'<line x1="{_n(x0)}" y1="{_n(y0)}" x2="{_n(x1)}" y2="{_n(y1)}" stroke="{ink}"/>'


def _rect(page: _Page, mark: Rect) -> str:
    box, ink = _box(page, mark), page.ink(mark.ink)
    edge = ""
    if mark.edge and mark.edge_width:
        edge = f' stroke="{page.ink(mark.edge)}" stroke-width="{_n(mark.edge_width)}"'
    if mark.pattern is Pattern.HATCH:
        return _area(box, f"url(#{page.prefix}hatch)", edge)
    if mark.pattern is Pattern.HOLLOW:
        return _area(box, "none", edge or f' stroke="{ink}"')
    opacity = "" if mark.opacity >= 1 else f' fill-opacity="{_n(mark.opacity)}"'
    return _area(box, ink, opacity + edge)


def _bar(page: _Page, mark: Bar) -> str:
    box, ink = _box(page, mark), page.ink(mark.ink)
    faded = ' opacity="0.28"' if mark.dim else ""
    return f"<g{faded}>{_filled(page, box, ink, mark)}{_bar_label(page, box, ink, mark)}</g>"


def _filled(page: _Page, box: tuple[float, float, float, float], ink: str, mark: Bar) -> str:
    if mark.pattern is Pattern.HATCH:
        return _area(box, f"url(#{page.prefix}hatch)")
    if mark.pattern is Pattern.HOLLOW:
        return _area(box, page.ink("page"), f' stroke="{ink}" stroke-width="1.2"')
    strong = f' stroke="{page.ink("ink")}" stroke-width="1.6"' if mark.strong else ""
    over = ""
    if mark.pattern is not Pattern.PLAIN:
        over = _area(box, f"url(#{page.prefix}{mark.pattern.value})")
    return _area(box, ink, strong) + over


def _bar_label(page: _Page, box: tuple[float, float, float, float], ink: str, mark: Bar) -> str:
    if not mark.label:
        return ""
    x, y, width, height = box
    hollow = mark.pattern in {Pattern.HOLLOW, Pattern.HATCH}
    ground = page.ink("page") if hollow else ink
    size = min(_BAR_SIZE, height * 0.86)
    wide = min(len(mark.label) * size * _CHARACTER + 6, width)
    middle = x + width / 2
    plate = (
        "" if mark.pattern is Pattern.PLAIN else _area((middle - wide / 2, y, wide, height), ground)
    )
    text_ink = page.ink("ink") if hollow else ink_on(ground, page.theme)
    return plate + _text(middle, y + height / 2, mark.label, text_ink, size, bold=True)


def _cell(page: _Page, mark: Cell) -> str:
    x, y, width, height = _box(page, mark)
    ground = heat(mark.value, mark.ink, page.theme)
    faded = ' opacity="0.28"' if mark.dim else ""
    inset = 0.5 if min(width, height) > 4 else 0.0
    box = (x + inset, y + inset, max(width - 2 * inset, 0.3), max(height - 2 * inset, 0.3))
    words = ""
    if mark.text:
        ink = ink_on(ground, page.theme)
        words = _text(x + width / 2, y + height / 2, mark.text, ink, _TICK_SIZE)
    return f"<g{faded}>{_area(box, ground)}{words}</g>"


def _line(page: _Page, mark: Line) -> str:
    points = " ".join(f"{_n(page.x(x))},{_n(page.y(y))}" for x, y in mark.points)
    dash = f' stroke-dasharray="{_DASH[mark.dash]}"' if mark.dash in _DASH else ""
    opacity = "" if mark.opacity >= 1 else f' stroke-opacity="{_n(mark.opacity)}"'
    return (
        f'<polyline points="{points}" fill="none" stroke="{page.ink(mark.ink)}" '
        f'stroke-width="{_n(mark.width)}"{dash}{opacity}/>'
    )


def _arrow(page: _Page, mark: Arrow) -> str:
    """A shaft and a head as paths: markers are drawn differently by different readers."""
    x0, y0, x1, y1 = page.x(mark.x0), page.y(mark.y0), page.x(mark.x1), page.y(mark.y1)
    length = math.hypot(x1 - x0, y1 - y0)
    if length == 0:
        return ""
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    gap = min(mark.gap, length / 3)
    x0, y0, x1, y1 = x0 + ux * gap, y0 + uy * gap, x1 - ux * gap, y1 - uy * gap
    middle_x = (x0 + x1) / 2 - uy * mark.bend * length
    middle_y = (y0 + y1) / 2 + ux * mark.bend * length
    toward = math.hypot(x1 - middle_x, y1 - middle_y) or 1.0
    tx, ty = (x1 - middle_x) / toward, (y1 - middle_y) / toward
    size = 4.0 + mark.width * 1.6
    base_x, base_y = x1 - tx * size, y1 - ty * size
    ink = page.ink(mark.ink)
    opacity = "" if mark.opacity >= 1 else f' opacity="{_n(mark.opacity)}"'
    shaft = f"M{_n(x0)} {_n(y0)}Q{_n(middle_x)} {_n(middle_y)} {_n(base_x)} {_n(base_y)}"
    half = size * 0.42
    head = (
        f"M{_n(x1)} {_n(y1)}L{_n(base_x - ty * half)} {_n(base_y + tx * half)}"
        f"L{_n(base_x + ty * half)} {_n(base_y - tx * half)}Z"
    )
    return (
        f'<g{opacity}><path d="{shaft}" fill="none" stroke="{ink}" '
        f'stroke-width="{_n(mark.width)}"/><path d="{head}" fill="{ink}"/></g>'
    )


def _dot(page: _Page, mark: Dot) -> str:
    paint, ground = page.ink(mark.ink), page.ink("page")
    fill, edge = (ground, paint) if mark.hollow else (paint, page.ink("edge"))
    style = f'fill="{fill}" stroke="{edge}" stroke-width="{"1.4" if mark.hollow else "0.7"}"'
    style += ' opacity="0.28"' if mark.dim else ""
    size = mark.size * (1.25 if mark.strong else 1.0)
    return _symbol((page.x(mark.x), page.y(mark.y)), size, mark.shape, style)


def _symbol(at: tuple[float, float], size: float, shape: Shape, style: str) -> str:
    x, y = at
    if shape is Shape.CIRCLE:
        return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(size / 2)}" {style}/>'
    half = size / 2
    corners = {
        Shape.SQUARE: ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
        Shape.DIAMOND: ((0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)),
        Shape.TRIANGLE: ((0, -1.15), (1.1, 0.85), (-1.1, 0.85)),
    }[shape]
    points = " ".join(f"{_n(x + dx * half)},{_n(y + dy * half)}" for dx, dy in corners)
    return f'<polygon points="{points}" {style}/>'


def _label(page: _Page, mark: Label) -> str:
    x, y = page.x(mark.x) + mark.shift_x, page.y(mark.y) + mark.shift
    lines = mark.text.split("\n")
    ground = page.ink(mark.ground) if mark.ground else page.ink("page") if mark.halo else ""
    found = []
    for index, words in enumerate(lines):
        at = y + (index - (len(lines) - 1) / 2) * mark.size * 1.2
        if ground:
            found.append(_plate(x, at, words, mark, ground))
        ink = page.ink(mark.ink)
        found.append(_text(x, at, words, ink, mark.size, bold=mark.bold, anchor=mark.anchor))
    return "".join(found)


def _plate(x: float, y: float, words: str, mark: Label, ground: str) -> str:
    width = len(words) * mark.size * _CHARACTER + 4
    left = {Anchor.LEFT: x - 2, Anchor.MIDDLE: x - width / 2, Anchor.RIGHT: x - width + 2}
    height = mark.size * 1.2
    box = (left[mark.anchor], y - height / 2, width, height)
    return _area(box, ground, ' fill-opacity="0.88"')


def _text(
    x: float,
    y: float,
    words: str,
    ink: str,
    size: float,
    *,
    bold: bool = False,
    anchor: Anchor = Anchor.MIDDLE,
) -> str:
    """Text whose middle height is `y`; the baseline is computed, as readers differ on it."""
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{_n(x)}" y="{_n(y + size * 0.34)}" font-size="{_n(size)}" fill="{ink}" '
        f'text-anchor="{_TEXT_ANCHOR[anchor]}"{weight}>{escape(words)}</text>'
    )


def _axis(page: _Page) -> Iterator[str]:
    for at, words in page.figure.x.ticks:
        for index, part in enumerate(words.split("\n")):
            y = page.bottom + 13 + index * _TICK_SIZE * 1.2
            yield _text(page.x(at), y, part, page.ink("muted"), _TICK_SIZE)


def _lane_names(page: _Page) -> Iterator[str]:
    for lane in page.figure.lanes:
        middle = (page.y(lane.y0) + page.y(lane.y1)) / 2
        parts = lane.label.split("\n")
        depth = len(parts) + (1 if lane.sub else 0)
        for index, words in enumerate(parts):
            y = middle + (index - (depth - 1) / 2) * _LANE_SIZE * 1.15
            x = page.left - 9
            yield _text(x, y, words, page.ink("ink"), _LANE_SIZE, bold=True, anchor=Anchor.RIGHT)
        if lane.sub:
            y = middle + (depth - 1) / 2 * _LANE_SIZE * 1.15
            ink, x = page.ink("muted"), page.left - 9
            yield _text(x, y, lane.sub, ink, _SUB_SIZE, anchor=Anchor.RIGHT)
        if lane.note:
            ink, x = page.ink("muted"), page.right + 4
            yield _text(x, middle, lane.note, ink, _TICK_SIZE, anchor=Anchor.LEFT)


def _key_places(figure: Figure) -> list[tuple[int, float, Key]]:
    """Row and left edge of each entry of the legend, wrapped at the figure's width."""
    row, x, found = 0, float(figure.left), []
    for key in figure.legend:
        wide = 46 + len(key.label) * _KEY_SIZE * _CHARACTER
        if x + wide > figure.width and x > figure.left:
            row, x = row + 1, float(figure.left)
        found.append((row, x, key))
        x += wide
    return found


def _legend(page: _Page) -> Iterator[str]:
    for row, x, key in _key_places(page.figure):
        y = page.figure.height + row * _KEY_HEIGHT + _KEY_HEIGHT / 2
        if key.shape is not None:
            fill, edge = page.ink("page" if key.hollow else key.ink), page.ink(key.ink)
            style = f'fill="{fill}" stroke="{edge}" stroke-width="1.2"'
            yield _symbol((x + 10, y), 9.0, key.shape, style)
        else:
            yield _key_box(page, (x, y - 5, 20.0, 10.0), key)
        ink = page.ink("ink")
        yield _text(x + 26, y, key.label, ink, _KEY_SIZE, anchor=Anchor.LEFT)


def _key_box(page: _Page, box: tuple[float, float, float, float], key: Key) -> str:
    ink, pattern = page.ink(key.ink), key.pattern or Pattern.PLAIN
    if pattern is Pattern.HATCH:
        return _area(box, f"url(#{page.prefix}hatch)", f' stroke="{page.ink("hatch")}"')
    if pattern is Pattern.HOLLOW or key.hollow:
        return _area(box, page.ink("page"), f' stroke="{ink}" stroke-width="1.2"')
    over = "" if pattern is Pattern.PLAIN else _area(box, f"url(#{page.prefix}{pattern.value})")
    return _area(box, ink) + over
