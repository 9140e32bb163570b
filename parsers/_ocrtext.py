"""From the words that Tesseract found on a page, with their boxes, to the text a reader sees.

Tesseract joins what stands abreast into one line: an address window and a letterhead become
"MR DOE    Wolverhampton". Here a line is parted where a gap is wide, and blocks are built from
where the pieces stand, as for the text of a PDF. Knows boxes and words, and no Tesseract.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ._pdftext import COLUMN_GAP, Block, Line, follows, has_columns

_SHORT_LABEL = 30  # characters of a label whose value stands apart: "Our ref:     AB/12"


@dataclass(frozen=True, slots=True)
class Word:
    """A word, its box in pixels from the page's upper left corner, and how sure it is (0-100)."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    sure: float

    @property
    def height(self) -> int:
        """The height of its box, never below a pixel."""
        return max(1, self.bottom - self.top)


Run = list[Word]  # words that stand close by one another on a line


def page_text(lines: Iterable[Run], loose: Iterable[Run] = ()) -> str:
    """The text of a page: blocks from top to bottom, a blank line between two.

    `lines` are Tesseract's, in its order; `loose` are those found when it looked again.
    """
    runs = [run for line in lines if line for run in _runs(line)]
    for more in loose:
        _insert(more, runs)
    return "\n\n".join("\n".join(line.text for line in block) for block in _ordered(runs))


def overlap(word: Word, other: Word) -> bool:
    """Whether the boxes of two words have a place in common."""
    across = min(word.right, other.right) > max(word.left, other.left)
    return across and min(word.bottom, other.bottom) > max(word.top, other.top)


def _runs(line: Run) -> list[Run]:
    """A line parted at wide gaps, except behind a short label that announces its value."""
    words = sorted(line, key=lambda word: word.left)
    height = sorted(word.height for word in words)[len(words) // 2]
    runs = [words[:1]]
    for before, word in pairwise(words):
        wide = word.left - before.right > COLUMN_GAP * height
        if wide and not _is_label(runs[-1]):
            runs.append([word])
        else:
            runs[-1].append(replace(word, text=f"   {word.text}") if wide else word)
    return runs


def _is_label(run: Run) -> bool:
    said = " ".join(word.text for word in run)
    return said.endswith(":") and len(said) <= _SHORT_LABEL


def _insert(more: Run, runs: list[Run]) -> None:
    """Put loose words into the run they continue, or leave them as one of their own."""
    for run in runs:
        if any(_beside(word, other) for other in run for word in more):
            run.extend(more)
            run.sort(key=lambda one: one.left)
            return
    runs.append(list(more))


def _beside(word: Word, other: Word) -> bool:
    """Whether two words stand level, and no further apart than words of a line do.

    A box that is much taller was drawn around two lines, and stands level with neither.
    """
    height = max(word.height, other.height)
    level = min(word.bottom, other.bottom) - max(word.top, other.top) > 0.5 * height
    return level and -height < max(word.left, other.left) - min(word.right, other.right) < height


def _ordered(runs: Sequence[Run]) -> list[Block]:
    """Blocks from top to bottom; in Tesseract's order where columns of text stand abreast."""
    lines = [_line(run) for run in runs]
    place = {id(line): n for n, line in enumerate(lines)}
    blocks: list[Block] = []
    for line in sorted(lines, key=lambda line: -line.top):
        above = [block for block in blocks if follows(block[-1], line)]
        if above:
            min(above, key=lambda block: abs(block[-1].left - line.left)).append(line)
        else:
            blocks.append([line])
    if has_columns(blocks):
        blocks.sort(key=lambda block: min(place[id(line)] for line in block))
    return blocks


def _line(run: Run) -> Line:
    """A run as a line of a page, whose heights count upwards."""
    return Line(
        " ".join(word.text for word in run),
        min(word.left for word in run),
        max(word.right for word in run),
        -max(word.bottom for word in run),
        -min(word.top for word in run),
    )
