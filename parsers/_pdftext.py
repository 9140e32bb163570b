"""The text of a PDF page as a reader sees it: lines, blank lines between blocks, wide gaps.

PDFium gives characters in the order the page draws them. Where they stand on the page decides
where a block ends, where two columns meet, and which block comes first.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from ._text import clean

_MOST_CHARACTERS = 1_000_000  # on one page
_BLOCK_GAP = 0.9  # of a line's height between two lines: more begins a new block
COLUMN_GAP = 2.2  # of a line's height between two words: more is a gap of columns
_LONG_BLOCK = 8  # lines; two of them side by side are columns of running text
_BREAKS = frozenset("\r\n\x02\ufffe\x00")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its words and its box in points, from the page's lower left corner."""

    text: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def height(self) -> float:
        """The height of the line's letters, never below a point."""
        return max(1.0, self.top - self.bottom)


Block = list[Line]


def page_text(layer: pypdfium2.PdfTextPage) -> str:
    """The text of one page: blocks from top to bottom, a blank line between two."""
    lines = _lines(layer)
    return clean("\n\n".join("\n".join(line.text for line in block) for block in _ordered(lines)))


def _lines(layer: pypdfium2.PdfTextPage) -> list[Line]:
    count = min(layer.count_chars(), _MOST_CHARACTERS)
    characters = [chr(raw.FPDFText_GetUnicode(layer, n) % 0x110000) for n in range(count)]
    found: list[Line] = []
    start = 0
    for n in [*(n for n, c in enumerate(characters) if c in _BREAKS), count]:
        hyphen = n < count and characters[n] in "\x02\ufffe"
        line = _line(layer, characters, start, n, hyphen=hyphen)
        if line is not None:
            found.append(line)
        start = n + 1
    return found


def _line(
    layer: pypdfium2.PdfTextPage, characters: Sequence[str], start: int, end: int, *, hyphen: bool
) -> Line | None:
    inked = [n for n in range(start, end) if not characters[n].isspace()]
    if not inked:
        return None
    boxes = {n: _box(layer, n) for n in _edges(inked)}
    known = [box for box in boxes.values() if box is not None]
    height = max((box[3] - box[2] for box in known), default=1.0)
    pieces = [characters[inked[0]]]
    for n, following in pairwise(inked):
        if following - n > 1:
            pieces.append("    " if _wide(boxes, n, following, height) else " ")
        pieces.append(characters[following])
    text = _whole("".join(pieces)) + ("-" if hyphen else "")
    if not known:
        return Line(text, 0, 0, 0, 0)
    return Line(
        text,
        min(b[0] for b in known),
        max(b[1] for b in known),
        min(b[2] for b in known),
        max(b[3] for b in known),
    )


def _edges(inked: Sequence[int]) -> list[int]:
    """The first and last character of each word."""
    edges = {inked[0], inked[-1]}
    for n, following in pairwise(inked):
        if following - n > 1:
            edges |= {n, following}
    return sorted(edges)


def _box(layer: pypdfium2.PdfTextPage, n: int) -> tuple[float, float, float, float] | None:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    if not raw.FPDFText_GetCharBox(layer, n, left, right, bottom, top):
        return None
    return left.value, right.value, bottom.value, top.value


def _wide(
    boxes: dict[int, tuple[float, float, float, float] | None],
    before: int,
    after: int,
    height: float,
) -> bool:
    one, other = boxes.get(before), boxes.get(after)
    return bool(one and other and other[0] - one[1] > COLUMN_GAP * height)


def _whole(text: str) -> str:
    """`text` with pairs of surrogates joined into the characters they stand for."""
    if not any("\ud800" <= c <= "\udfff" for c in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _ordered(lines: Sequence[Line]) -> list[Block]:
    """Blocks from top to bottom; in the page's own order where columns of text stand abreast."""
    blocks = _blocks(lines)
    if len(blocks) > 1 and not has_columns(blocks):
        blocks.sort(key=lambda block: -max(line.top for line in block))
    return blocks


def _blocks(lines: Sequence[Line]) -> list[Block]:
    blocks: list[Block] = []
    for line in lines:
        if blocks and follows(blocks[-1][-1], line):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def follows(above: Line, line: Line) -> bool:
    """Whether a line stands close below another and shares its column."""
    gap = above.bottom - line.top
    height = max(above.height, line.height)
    beside = line.left < above.right + height and above.left < line.right + height
    return beside and -height < gap < _BLOCK_GAP * height


def has_columns(blocks: Sequence[Block]) -> bool:
    """Whether two long blocks stand at the same height."""
    spans = sorted(
        (min(line.bottom for line in b), max(line.top for line in b))
        for b in blocks
        if len(b) >= _LONG_BLOCK
    )
    return any(other[0] < one[1] for one, other in pairwise(spans))
