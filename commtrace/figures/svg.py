"""A figure as SVG text: the same marks at the same places as on the screen, for papers.

Pure string building. Every word is escaped, no style sheet, script, link or outside reference is
written, and the font is named only by generic fallbacks that a paper's own font stands before.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from commtrace.figures._svg import (
    CHARACTER,
    TICK_SIZE,
    Page,
    area,
    draw,
    n,
    stroke,
    symbol,
    text,
)
from commtrace.figures.marks import Anchor, Figure, Key, Line, Pattern, Rect
from commtrace.model import digest

FONT = "Source Sans Pro, Source Sans 3, Arial, Helvetica, sans-serif"
_LANE_SIZE, _SUB_SIZE, _KEY_SIZE = 12.5, 10.5, 11.5
_KEY_HEIGHT = 20.0


def to_svg(figure: Figure, width: float | None = None, *, theme: str = "paper") -> str:
    """A figure as one `<svg>` element, `width` pixels wide (its own width if None).

    `theme` is "paper", "light" or "dark". The element carries the figure's `alt` as its name.
    """
    page = Page(figure, theme, f"f{digest(figure.alt)[:6]}-")
    legend = list(_legend(page))
    rows = 1 + max((row for row, _, _ in _key_places(figure)), default=-1)
    height = figure.height + rows * _KEY_HEIGHT
    shown = figure.width if width is None else width
    body = "".join([*_ground(page), *_above(page), *_axis(page), *_lane_names(page), *legend])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{n(shown)}" '
        f'height="{n(height * shown / figure.width)}" '
        f'viewBox="0 0 {figure.width} {n(height)}" font-family="{escape(FONT)}">'
        f"<title>{escape(figure.alt)}</title>{_definitions(page)}{body}</svg>"
    )


def _definitions(page: Page) -> str:
    """The fills that back colour up; white (page) strokes over a bar, grey ones on the ground."""
    light, grey, p = page.ink("on_bar"), page.ink("hatch"), page.prefix
    return (
        f'<defs><pattern id="{p}diagonal" width="6" height="6" patternUnits="userSpaceOnUse" '
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


def _ground(page: Page) -> Iterator[str]:
    """What lies under every mark: bands, lane lines, the grid."""
    marks = page.figure.marks
    yield from (draw(page, mark) for mark in marks if isinstance(mark, Rect) and mark.below)
    if page.figure.x.grid:
        for at, _ in page.figure.x.ticks:
            x = page.x(at)
            yield stroke((x, page.top), (x, page.bottom), page.ink("grid"))
    for lane in page.figure.lanes:
        y, start = page.y(lane.y0), 0.0 if lane.rule else page.left
        ink = page.ink("rule" if lane.rule else "lane")
        yield stroke((start, y), (page.right, y), ink)
    if page.figure.lanes:
        ends = (page.left, page.bottom), (page.right, page.bottom)
        yield stroke(*ends, page.ink("rule"))
    yield from (draw(page, mark) for mark in marks if isinstance(mark, Line) and mark.below)


def _above(page: Page) -> Iterator[str]:
    for mark in page.figure.marks:
        if not (isinstance(mark, Rect | Line) and mark.below):
            yield draw(page, mark)


def _axis(page: Page) -> Iterator[str]:
    for at, words in page.figure.x.ticks:
        for index, part in enumerate(words.split("\n")):
            y = page.bottom + 13 + index * TICK_SIZE * 1.2
            yield text(page.x(at), y, part, page.ink("muted"), TICK_SIZE)


def _lane_names(page: Page) -> Iterator[str]:
    for lane in page.figure.lanes:
        middle = (page.y(lane.y0) + page.y(lane.y1)) / 2
        parts = lane.label.split("\n")
        depth = len(parts) + (1 if lane.sub else 0)
        for index, words in enumerate(parts):
            y = middle + (index - (depth - 1) / 2) * _LANE_SIZE * 1.15
            x = page.left - 9
            yield text(x, y, words, page.ink("ink"), _LANE_SIZE, bold=True, anchor=Anchor.RIGHT)
        if lane.sub:
            y = middle + (depth - 1) / 2 * _LANE_SIZE * 1.15
            ink, x = page.ink("muted"), page.left - 9
            yield text(x, y, lane.sub, ink, _SUB_SIZE, anchor=Anchor.RIGHT)
        if lane.note:
            ink, x = page.ink("muted"), page.right + 4
            yield text(x, middle, lane.note, ink, TICK_SIZE, anchor=Anchor.LEFT)


def _key_places(figure: Figure) -> list[tuple[int, float, Key]]:
    """Row and left edge of each entry of the legend, wrapped at the figure's width."""
    row, x, found = 0, float(figure.left), []
    for key in figure.legend:
        wide = 46 + len(key.label) * _KEY_SIZE * CHARACTER
        if x + wide > figure.width and x > figure.left:
            row, x = row + 1, float(figure.left)
        found.append((row, x, key))
        x += wide
    return found


def _legend(page: Page) -> Iterator[str]:
    for row, x, key in _key_places(page.figure):
        y = page.figure.height + row * _KEY_HEIGHT + _KEY_HEIGHT / 2
        if key.shape is not None:
            fill, edge = page.ink("page" if key.hollow else key.ink), page.ink(key.ink)
            style = f'fill="{fill}" stroke="{edge}" stroke-width="1.2"'
            yield symbol((x + 10, y), 9.0, key.shape, style)
        else:
            yield _key_box(page, (x, y - 5, 20.0, 10.0), key)
        ink = page.ink("ink")
        yield text(x + 26, y, key.label, ink, _KEY_SIZE, anchor=Anchor.LEFT)


def _key_box(page: Page, box: tuple[float, float, float, float], key: Key) -> str:
    ink, pattern = page.ink(key.ink), key.pattern or Pattern.PLAIN
    if pattern is Pattern.HATCH:
        return area(box, f"url(#{page.prefix}hatch)", f' stroke="{page.ink("hatch")}"')
    if pattern is Pattern.HOLLOW or key.hollow:
        return area(box, page.ink("page"), f' stroke="{ink}" stroke-width="1.2"')
    over = "" if pattern is Pattern.PLAIN else area(box, f"url(#{page.prefix}{pattern.value})")
    return area(box, ink) + over
