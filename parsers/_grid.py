"""A table as rows of cells, whatever file it came from: its values in words, and as text.

Rows and columns count from 1 as a spreadsheet shows them. Nothing here guesses or decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from commtrace.moments import say_day

from ._text import clean_line

Value = str | int | float | bool | date | datetime | time | timedelta | None
LARGEST_TEXT = 20_000_000  # characters of a table that are kept as text
CUT = "The table is larger than is kept as text; only its first 20 million characters were."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table: its name (None for a file that is one table), its rows, and what is hidden.

    `rows` are (number, cells); `hidden_rows` and `hidden_columns` hold numbers; `unknown` counts
    formulas without a stored value; `notes` are sentences that belong to its cells.
    """

    name: str | None
    rows: tuple[tuple[int, tuple[Value, ...]], ...] = field(repr=False)
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    unknown: int = 0
    notes: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """How many columns its widest row has."""
        return max((len(cells) for _, cells in self.rows), default=0)


def words(value: Value) -> str:
    """A cell as a reader sees it, on one line."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean_line(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        day = say_day(value.date())
        return day if value.time() == time() else f"{day} {value:%H:%M}"
    if isinstance(value, date):
        return say_day(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value)


def text_of(sheets: Sequence[Sheet]) -> tuple[str, tuple[str, ...]]:
    """Tables as text, a row a line, hidden parts labelled; and doubts."""
    pieces: list[str] = []
    length, doubts = 0, dict.fromkeys(doubt for sheet in sheets for doubt in _doubts(sheet))
    for line in _lines(sheets):
        length += len(line) + 1
        if length > LARGEST_TEXT:
            doubts[CUT] = None
            break
        pieces.append(line)
    return "\n".join(pieces), tuple(doubts)


def _doubts(sheet: Sheet) -> Iterator[str]:
    if sheet.hidden:
        yield "A sheet of the workbook is hidden; it was read and is marked so."
    if sheet.hidden_rows or sheet.hidden_columns:
        yield "Rows or columns of the table are hidden; they were read and are marked so."
    if sheet.unknown:
        yield "Formulas are not evaluated, and some have no stored value; their cells are empty."


def _lines(sheets: Sequence[Sheet]) -> Iterator[str]:
    for number, sheet in enumerate(sheets):
        if number:
            yield ""
        if sheet.name is not None:
            yield f"[Sheet {sheet.name}{', hidden' if sheet.hidden else ''}]"
        if sheet.hidden_columns:
            said = ", ".join(letters(n) for n in sorted(sheet.hidden_columns)[:50])
            yield f"[Hidden columns: {said}]"
        for row, cells in sheet.rows:
            line = row_text(cells)
            if line:
                yield f"[hidden row: {line}]" if row in sheet.hidden_rows else line
        yield from sheet.notes


def row_text(cells: Sequence[Value]) -> str:
    """The cells of a row on one line, wide gaps between them."""
    return "    ".join(words(cell) for cell in cells).strip()


def letters(column: int) -> str:
    """A column's letters: 1 is A, 27 is AA."""
    said = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        said = chr(65 + rest) + said
    return said


def number_of(column: str) -> int:
    """The number of a column's letters."""
    total = 0
    for letter in column[:4].upper():
        total = total * 26 + ord(letter) - 64
    return total
