"""Rows out of text that is a table: which character parts the cells, and the cells.

A quotation mark that never closes would swallow the rest of a file, so such a file is read again
without quotation marks, and says so.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from ._grid import Sheet

UNQUOTED = "A quotation mark in the table does not close; it was read without quotation marks."
RAGGED = "The rows of the table have different numbers of cells."
_DELIMITERS = ",;\t|"
_PROBED = 60  # rows on which the delimiter is tried
_PROBE = 262_144  # characters in which they stand
_MOST_LINES = 2_000  # lines in one cell beyond which its quotation mark is taken for a stray one
MOST_ROWS = 1_100_000
MOST_CELLS = 4_000  # cells of one row
csv.field_size_limit(1 << 27)  # the size of a cell is bounded by the size of what is read


def sheet_of(text: str, *, favoured: str = "") -> tuple[Sheet, tuple[str, ...], bool]:
    """The table in `text`, doubts, and whether it has more rows than are read."""
    declared, text = _declared(text)
    delimiter = declared or _delimiter(text[:_PROBE], favoured)
    doubts: list[str] = []
    rows, more = _rows(text, delimiter, quoting=True)
    if any(cell.count("\n") > _MOST_LINES for _, cells in rows for cell in cells):
        doubts.append(UNQUOTED)
        rows, more = _rows(text, delimiter, quoting=False)
    widths = Counter(len(cells) for _, cells in rows if any(cells))
    if len(widths) > 1 and widths.most_common(1)[0][1] * 10 < widths.total() * 9:
        doubts.append(RAGGED)
    return Sheet(name=None, rows=tuple(rows)), tuple(doubts), more


def _declared(text: str) -> tuple[str, str]:
    """Excel's own first line "sep=;" and the rest."""
    first, _, rest = text.partition("\n")
    said = first.strip().strip('"').lower()
    if said.startswith("sep=") and len(said) == 5:
        return said[4], rest
    return ("\t", rest) if said == "sep=" else ("", text)


def _delimiter(probe: str, favoured: str) -> str:
    """The character that parts most rows into the same number of cells, more than one."""
    best, most = favoured or ",", 0.0
    for candidate in (favoured, *_DELIMITERS) if favoured else _DELIMITERS:
        widths = Counter(
            len(cells) for _, cells in islice(_cells(probe, candidate, quoting=True), _PROBED)
            if any(cells)
        )  # fmt: skip
        parted = {width: n for width, n in widths.items() if width > 1}
        if not parted:
            continue
        width, n = max(parted.items(), key=lambda one: (one[1], one[0]))
        score = n / widths.total() + min(width, 20) / 100
        if score > most:
            best, most = candidate, score
    return best


def _rows(
    text: str, delimiter: str, *, quoting: bool
) -> tuple[list[tuple[int, tuple[str, ...]]], bool]:
    found: list[tuple[int, tuple[str, ...]]] = []
    for row in _cells(text, delimiter, quoting=quoting):
        if row[0] > MOST_ROWS:
            return found, True
        found.append(row)
    return found, False


def _cells(text: str, delimiter: str, *, quoting: bool) -> Iterator[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quoting=csv.QUOTE_MINIMAL if quoting else csv.QUOTE_NONE,
        strict=False,
    )
    try:
        for number, cells in enumerate(reader, 1):
            if any(cells):
                yield number, tuple(cells[:MOST_CELLS])
    except csv.Error:
        return
