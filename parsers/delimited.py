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

_PROBE = 65_536  # characters
_OTHER = "The file is named as a table of text but holds other data; ask what it is."
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
    text, doubt = decode(data, None)
    text = clean(text)
    if _is_binary(text[:_PROBE]):
        yield _problem(item, ProblemKind.UNSUPPORTED_TYPE, _OTHER)
        return
    favoured = "" if item.suffix == ".csv" else "\t"
    sheet, doubts, more = _delimited.sheet_of(text, favoured=favoured)
    if more:
        yield _problem(item, ProblemKind.LIMIT_COUNT, "The table has more rows than are read.")
    if not any(cell.strip() for _, cells in sheet.rows for cell in cells if isinstance(cell, str)):
        yield _problem(item, ProblemKind.EMPTY, "The table holds no words.")
        return
    doubts = (doubt, *doubts) if doubt else doubts
    yield from _tabular.read(item, [sheet], reader="delimited", doubts=doubts)


def _is_binary(probe: str) -> bool:
    """Whether more than one character in fifty is no character of a text."""
    strange = sum("\u2400" <= letter <= "\u2421" or letter == "\ufffd" for letter in probe)
    return strange * 50 > len(probe)


def _problem(item: Item, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=item.source, reader="delimited", kind=kind, what=what)
