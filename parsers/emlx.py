"""A message as Apple Mail keeps it: its length, the message, and a property list of flags.

The message is read as any internet message; of the flags only draft and deleted say something of
how it was made. A `.partial.emlx` lacks attachments that Apple Mail kept in folders beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from commtrace.model import Found, Mark, Problem, ProblemKind, Record
from commtrace.plugins import Item, parser

from ._head import looks_like_headers
from ._mime import read_message

PARTIAL = "Apple Mail kept this message without its attachments, which lie in the folder \
Attachments beside it. Supply that folder as well, or the message saved from Apple Mail."
SHORT = "The file is shorter than it says; the message may be cut short."
_LENGTH = re.compile(rb"\A(\d{1,12})[ \t]*\r?\n")
_FLAGS = re.compile(rb"<key>flags</key>\s*<integer>(\d{1,19})</integer>")
_DELETED, _DRAFT = 1 << 1, 1 << 6


def _claims(item: Item) -> bool:
    match = _LENGTH.match(item.head)
    return match is not None and looks_like_headers(item.head[match.end() :])


@parser(suffixes=(".emlx",), claims=_claims)
def emlx(item: Item) -> Iterator[Found]:
    """Apple Mail message (.emlx)."""
    data = item.read()
    match = _LENGTH.match(data)
    if match is None:
        what = "The file does not begin as Apple Mail writes it; ask for the message again."
        yield Problem(source=item.source, reader="emlx", kind=ProblemKind.CORRUPT, what=what)
        return
    length = int(match[1])
    raw = data[match.end() : match.end() + length]
    marks = _marks(data[match.end() + length :])
    for found in read_message(raw, source=item.source, reader="emlx"):
        if isinstance(found, Record):
            yield replace(found, marks=tuple(dict.fromkeys((*found.marks, *marks))))
        else:
            yield found
    if item.name.lower().endswith(".partial.emlx"):
        yield Problem(source=item.source, reader="emlx", kind=ProblemKind.TRUNCATED, what=PARTIAL)
    elif len(raw) < length:
        yield Problem(source=item.source, reader="emlx", kind=ProblemKind.TRUNCATED, what=SHORT)


def _marks(flags: bytes) -> tuple[Mark, ...]:
    match = _FLAGS.search(flags[:100_000])
    value = int(match[1]) if match else 0
    wanted = ((_DRAFT, Mark.DRAFT), (_DELETED, Mark.DELETED))
    return tuple(mark for bit, mark in wanted if value & bit)
