"""The marks of a figure as SVG elements: one function a mark, and the strokes and words they share.

Knows where data coordinates lie on the page; leaves axes, lanes and legend to `svg`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

from commtrace.figures.marks import (
    Anchor,
    Arrow,
    Bar,
    Cell,
    Dot,
    Figure,
    Label,
    Line,
    Mark,
    Pattern,
    Rect,
    Shape,
)
from commtrace.figures.palette import colour, heat, ink_on

TICK_SIZE = 11.0
CHARACTER = 0.52  # mean width of a character as a share of its size
_BAR_SIZE = 10.0
_POINTER = "\u25be"  # drawn as a shape: with one sign missing, a whole label would change font
_DASH = {"dash": "5 3.5", "dot": "1.5 3"}
_TEXT_ANCHOR = {Anchor.LEFT: "start", Anchor.MIDDLE: "middle", Anchor.RIGHT: "end"}
Box = tuple[float, float, float, float]  # left, top, width, height, in pixels


@dataclass(frozen=True, slots=True)
class Page:
    """Where data coordinates lie on the page, the theme, and the prefix of pattern names."""

    figure: Figure
    theme: str
    prefix: str

    def x(self, value: float) -> float:
        """The pixel of a data x."""
        axis, figure = self.figure.x, self.figure
        inner = figure.width - figure.left - figure.right
        return figure.left + inner * (value - axis.first) / ((axis.last - axis.first) or 1.0)

    def y(self, value: float) -> float:
        """The pixel of a data y."""
        figure = self.figure
        inner = figure.height - figure.top - figure.bottom
        return figure.top + inner * (value - figure.y0) / ((figure.y1 - figure.y0) or 1.0)

    def ink(self, name: str) -> str:
        """The colour of an ink in the theme."""
        return colour(name, self.theme)

    @property
    def left(self) -> float:
        """The plot's left edge."""
        return float(self.figure.left)

    @property
    def right(self) -> float:
        """The plot's right edge."""
        return float(self.figure.width - self.figure.right)

    @property
    def top(self) -> float:
        """The plot's top edge."""
        return float(self.figure.top)

    @property
    def bottom(self) -> float:
        """The plot's bottom edge."""
        return float(self.figure.height - self.figure.bottom)


def draw(page: Page, mark: Mark) -> str:
    """One mark, whatever it is."""
    match mark:
        case Rect():
            return rect(page, mark)
        case Line():
            return line(page, mark)
        case Cell():
            return cell(page, mark)
        case Bar():
            return bar(page, mark)
        case Arrow():
            return arrow(page, mark)
        case Dot():
            return dot(page, mark)
        case Label():
            return label(page, mark)


def n(value: float) -> str:
    """A number to two decimals, without trailing zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def box_of(page: Page, mark: Rect | Bar | Cell) -> Box:
    """Left, top, width and height on the page, kept inside the plot sideways."""
    left, right = sorted((page.x(mark.x0), page.x(mark.x1)))
    top, bottom = sorted((page.y(mark.y0), page.y(mark.y1)))
    left, right = max(left, page.left), min(right, page.right)
    return left, top, max(right - left, 0.0), max(bottom - top, 0.0)


def area(box: Box, fill: str, more: str = "") -> str:
    """A rectangle with a fill and further attributes."""
    x, y, width, height = (n(value) for value in box)
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"{more}/>'


def stroke(start: tuple[float, float], end: tuple[float, float], ink: str) -> str:
    """A straight line one pixel wide."""
    (x0, y0), (x1, y1) = start, end
    return f'<line x1="{n(x0)}" y1="{n(y0)}" x2="{n(x1)}" y2="{n(y1)}" stroke="{ink}"/>'


def rect(page: Page, mark: Rect) -> str:
    """Ground: a band, a veil, a frame, a hatch."""
    box, ink = box_of(page, mark), page.ink(mark.ink)
    edge = ""
    if mark.edge and mark.edge_width:
        edge = f' stroke="{page.ink(mark.edge)}" stroke-width="{n(mark.edge_width)}"'
    if mark.pattern is Pattern.HATCH:
        return area(box, f"url(#{page.prefix}hatch)", edge)
    if mark.pattern is Pattern.HOLLOW:
        return area(box, "none", edge or f' stroke="{ink}"')
    opacity = "" if mark.opacity >= 1 else f' fill-opacity="{n(mark.opacity)}"'
    return area(box, ink, opacity + edge)


def bar(page: Page, mark: Bar) -> str:
    """A bar with its pattern and its label."""
    box, ink = box_of(page, mark), page.ink(mark.ink)
    faded = ' opacity="0.28"' if mark.dim else ""
    return f"<g{faded}>{_filled(page, box, ink, mark)}{_bar_label(page, box, ink, mark)}</g>"


def _filled(page: Page, box: Box, ink: str, mark: Bar) -> str:
    if mark.pattern is Pattern.HATCH:
        return area(box, f"url(#{page.prefix}hatch)")
    if mark.pattern is Pattern.HOLLOW:
        return area(box, page.ink("page"), f' stroke="{ink}" stroke-width="1.2"')
    strong = f' stroke="{page.ink("ink")}" stroke-width="1.6"' if mark.strong else ""
    over = ""
    if mark.pattern is not Pattern.PLAIN:
        over = area(box, f"url(#{page.prefix}{mark.pattern.value})")
    return area(box, ink, strong) + over


def _bar_label(page: Page, box: Box, ink: str, mark: Bar) -> str:
    if not mark.label:
        return ""
    x, y, width, height = box
    hollow = mark.pattern in {Pattern.HOLLOW, Pattern.HATCH}
    ground = page.ink("page") if hollow else ink
    size = min(_BAR_SIZE, height * 0.86)
    wide = min(len(mark.label) * size * CHARACTER + 6, width)
    middle = x + width / 2
    plate = (
        "" if mark.pattern is Pattern.PLAIN else area((middle - wide / 2, y, wide, height), ground)
    )
    text_ink = page.ink("ink") if hollow else ink_on(ground)
    return plate + text(middle, y + height / 2, mark.label, text_ink, size, bold=True)


def cell(page: Page, mark: Cell) -> str:
    """A heat cell with its number."""
    x, y, width, height = box_of(page, mark)
    ground = heat(mark.value, mark.ink, page.theme)
    faded = ' opacity="0.28"' if mark.dim else ""
    inset = 0.5 if min(width, height) > 4 else 0.0
    box = (x + inset, y + inset, max(width - 2 * inset, 0.3), max(height - 2 * inset, 0.3))
    words = ""
    if mark.text:
        ink = ink_on(ground)
        words = text(x + width / 2, y + height / 2, mark.text, ink, TICK_SIZE)
    return f"<g{faded}>{area(box, ground)}{words}</g>"


def line(page: Page, mark: Line) -> str:
    """A line through points."""
    points = " ".join(f"{n(page.x(x))},{n(page.y(y))}" for x, y in mark.points)
    dash = f' stroke-dasharray="{_DASH[mark.dash]}"' if mark.dash in _DASH else ""
    opacity = "" if mark.opacity >= 1 else f' stroke-opacity="{n(mark.opacity)}"'
    return (
        f'<polyline points="{points}" fill="none" stroke="{page.ink(mark.ink)}" '
        f'stroke-width="{n(mark.width)}"{dash}{opacity}/>'
    )


def arrow(page: Page, mark: Arrow) -> str:
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
    opacity = "" if mark.opacity >= 1 else f' opacity="{n(mark.opacity)}"'
    shaft = f"M{n(x0)} {n(y0)}Q{n(middle_x)} {n(middle_y)} {n(base_x)} {n(base_y)}"
    half = size * 0.42
    head = (
        f"M{n(x1)} {n(y1)}L{n(base_x - ty * half)} {n(base_y + tx * half)}"
        f"L{n(base_x + ty * half)} {n(base_y - tx * half)}Z"
    )
    return (
        f'<g{opacity}><path d="{shaft}" fill="none" stroke="{ink}" '
        f'stroke-width="{n(mark.width)}"/><path d="{head}" fill="{ink}"/></g>'
    )


def dot(page: Page, mark: Dot) -> str:
    """A communication or node."""
    paint, ground = page.ink(mark.ink), page.ink("page")
    fill, edge = (ground, paint) if mark.hollow else (paint, page.ink("edge"))
    style = f'fill="{fill}" stroke="{edge}" stroke-width="{"1.4" if mark.hollow else "0.7"}"'
    style += ' opacity="0.28"' if mark.dim else ""
    size = mark.size * (1.25 if mark.strong else 1.0)
    return symbol((page.x(mark.x), page.y(mark.y)), size, mark.shape, style)


def symbol(at: tuple[float, float], size: float, shape: Shape, style: str) -> str:
    """The outline of a dot about its middle."""
    x, y = at
    if shape is Shape.CIRCLE:
        return f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(size / 2)}" {style}/>'
    half = size / 2
    corners = {
        Shape.SQUARE: ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
        Shape.DIAMOND: ((0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)),
        Shape.TRIANGLE: ((0, -1.15), (1.1, 0.85), (-1.1, 0.85)),
    }[shape]
    points = " ".join(f"{n(x + dx * half)},{n(y + dy * half)}" for dx, dy in corners)
    return f'<polygon points="{points}" {style}/>'


def label(page: Page, mark: Label) -> str:
    """Text at a place, on one line or more, on ground of its own where asked."""
    x, y = page.x(mark.x) + mark.shift_x, page.y(mark.y) + mark.shift
    lines = mark.text.split("\n")
    ground = page.ink(mark.ground) if mark.ground else page.ink("page") if mark.halo else ""
    found = []
    for index, words in enumerate(lines):
        at = y + (index - (len(lines) - 1) / 2) * mark.size * 1.2
        if ground:
            found.append(_plate(x, at, words, mark, ground))
        found.append(_words(page, (x, at), words, mark))
    return "".join(found)


def _words(page: Page, at: tuple[float, float], words: str, mark: Label) -> str:
    """The words of a label and, at the end that its `x` marks, its pointer."""
    (x, y), size, ink = at, mark.size, page.ink(mark.ink)
    side = {Anchor.LEFT: 1.0, Anchor.MIDDLE: 0.0, Anchor.RIGHT: -1.0}[mark.anchor]
    pointer = ""
    if side and _POINTER in (words[:1], words[-1:]):
        words, middle = words.strip(f"{_POINTER} "), x + side * size * 0.42
        corners = ((-0.3, -0.2), (0.3, -0.2), (0.0, 0.25))
        points = " ".join(f"{n(middle + dx * size)},{n(y + dy * size)}" for dx, dy in corners)
        pointer, x = f'<polygon points="{points}" fill="{ink}"/>', x + side * size * 1.0
    return pointer + text(x, y, words, ink, size, bold=mark.bold, anchor=mark.anchor)


def _plate(x: float, y: float, words: str, mark: Label, ground: str) -> str:
    width = len(words) * mark.size * CHARACTER + 4
    left = {Anchor.LEFT: x - 2, Anchor.MIDDLE: x - width / 2, Anchor.RIGHT: x - width + 2}
    height = mark.size * 1.2
    box = (left[mark.anchor], y - height / 2, width, height)
    return area(box, ground, ' fill-opacity="0.88"')


def text(
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
        f'<text x="{n(x)}" y="{n(y + size * 0.34)}" font-size="{n(size)}" fill="{ink}" '
        f'text-anchor="{_TEXT_ANCHOR[anchor]}"{weight}>{escape(words)}</text>'
    )
