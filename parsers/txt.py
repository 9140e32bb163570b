"""Plain text: a letter, a note or minutes saved without any layout.

Chosen by its suffix alone, because plain text has no sign of its own. What the text says of itself
is read as in any letter; bytes that are no text are said so.
"""

from __future__ import annotations

from collections.abc import Iterator

from commtrace.model import Found, Problem, ProblemKind
from commtrace.plugins import Item, parser

from . import _paper
from ._text import clean, decode

_LARGEST = 64 << 20  # bytes
_PROBE = 65_536
_TEXT_CONTROLS = frozenset(b"\t\n\r\x0c\x1b\x1a")


@parser(suffixes=(".txt", ".text"))
def txt(item: Item) -> Iterator[Found]:
    """Plain text (.txt)."""
    if not item.size:
        yield _problem(item, ProblemKind.EMPTY, "The file is empty.")
        return
    if item.size > _LARGEST:
        yield _problem(item, ProblemKind.LIMIT_SIZE, "The text file is too large to be a letter.")
        return
    if _is_binary(item.head):
        what = "The file is named as text but holds other data; its true format is not known."
        yield _problem(item, ProblemKind.UNSUPPORTED_TYPE, what)
        return
    text, doubt = decode(item.read(), None)
    pages = tuple(clean(page).rstrip("\u241a") for page in text.split("\f"))
    if not any(page.strip() for page in pages):
        yield _problem(item, ProblemKind.EMPTY, "The text file holds only white space.")
        return
    while len(pages) > 1 and not pages[-1].strip():
        pages = pages[:-1]
    unit = "page" if len(pages) > 1 else "text"
    doubts = (doubt,) if doubt else ()
    yield from _paper.read(
        item, _paper.Document(units=pages, unit=unit, doubts=doubts), reader="txt"
    )


def _is_binary(head: bytes) -> bool:
    """Whether more than one byte in fifty is a control character, UTF-16 and UTF-32 apart."""
    probe = head[:_PROBE]
    if probe.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")) or _is_wide(probe):
        return False
    controls = sum(probe.count(bytes((n,))) for n in range(32) if n not in _TEXT_CONTROLS)
    return controls * 50 > len(probe)


def _is_wide(probe: bytes) -> bool:
    """UTF-16 without a mark: nearly every second byte is NUL, and none of the others is."""
    even, odd = probe[::2], probe[1::2]
    half = max(1, len(odd))
    return (odd.count(0) * 10 > half * 8 and not even.count(0)) or (
        even.count(0) * 10 > half * 8 and not odd.count(0)
    )


def _problem(item: Item, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=item.source, reader="txt", kind=kind, what=what)
