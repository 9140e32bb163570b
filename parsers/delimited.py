"""A table saved as text: a letter log, a mailing list, a telephone log.

Chosen by its suffix alone, because such text has no sign of its own. A person decides what its
columns are; until then it is a note.
"""

from __future__ import annotations

from collections.abc import Iterator

from commtrace.model import Found, Problem, ProblemKind
from commtrace.plugins import Item, parser

from . import _delimited, _tabular
from ._text import clean, decode

_LARGEST = 32 << 20  # bytes that are read


@parser(suffixes=(".csv", ".tsv", ".tab"))
def delimited(item: Item) -> Iterator[Found]:
    """Table saved as text (.csv, .tsv): a log or a list of people."""
    with item.open() as stream:
        data = stream.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        data = data[:_LARGEST]
        what = "Only the first 32 MB of the table were read; supply the rest in files of its own."
        yield _problem(item, ProblemKind.LIMIT_SIZE, what)
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")):
        what = "The file is named as a table of text but holds other data; ask what it is."
        yield _problem(item, ProblemKind.UNSUPPORTED_TYPE, what)
        return
    text, doubt = decode(data, None)
    favoured = "" if item.suffix == ".csv" else "\t"
    sheet, doubts, more = _delimited.sheet_of(clean(text), favoured=favoured)
    if more:
        yield _problem(item, ProblemKind.LIMIT_COUNT, "The table has more rows than are read.")
    if not any(cell.strip() for _, cells in sheet.rows for cell in cells if isinstance(cell, str)):
        yield _problem(item, ProblemKind.EMPTY, "The table holds no words.")
        return
    doubts = (doubt, *doubts) if doubt else doubts
    yield from _tabular.read(item, [sheet], reader="delimited", doubts=doubts)


def _problem(item: Item, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=item.source, reader="delimited", kind=kind, what=what)
