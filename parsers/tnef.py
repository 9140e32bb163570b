"""Outlook's winmail.dat (TNEF) as a file, or attached: the message it wraps, and what is attached.

A winmail.dat that came with an internet message is opened by `_mime` and belongs to that message;
this format reads one that lies alone, and a message that is attached within another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from commtrace.model import Attachment, Embedded, Found, Problem, ProblemKind, Source
from commtrace.plugins import Item, parser

from . import _outlook, _tnef
from ._msg_parts import media_type_of


@parser(suffixes=(".tnef", ".dat"), magic=(_tnef.MAGIC,))
def tnef(item: Item) -> Iterator[Found]:
    """Outlook's wrapping of a message (winmail.dat, TNEF)."""
    whole = _tnef.read(item.read())
    message = whole.message
    item_class = message.line(0x001A)
    other = _outlook.other_kind(item_class.upper())
    if other:
        what = f"The Outlook item is {other} ({item_class[:60]}), not a message; it was not read."
        yield _problem(item.source, ProblemKind.UNSUPPORTED_TYPE, what)
        return
    parts = tuple(attached(whole, item.source, reader="tnef"))
    if message.values:
        yield _outlook.record(
            message,
            whole.recipients,
            source=item.source,
            reader="tnef",
            attachments=tuple(label for label, _ in parts),
        )
    elif not parts:
        what = "The winmail.dat is damaged or cut off; ask for the message again."
        yield _problem(item.source, ProblemKind.CORRUPT, what)
    if _tnef.CUT in message.doubts:
        yield _problem(item.source, ProblemKind.TRUNCATED, _tnef.CUT)
    yield from (found for _, found in parts)


def attached(
    whole: _tnef.Wrapped, source: Source, *, reader: str, first: int = 1
) -> Iterator[tuple[Attachment, Embedded | Problem]]:
    """Each attachment's label, and its bytes as evidence of their own or why there are none.

    They are numbered from `first`.
    """
    for number, one in enumerate(whole.attachments, first):
        data = one.bytes
        kind = "application/ms-tnef" if one.is_message else media_type_of(one.properties)
        label = Attachment(
            name=one.name, media_type=kind, size=len(data), sha256=hashlib.sha256(data).hexdigest()
        )
        place = replace(source, part=(*source.part, f"attachment {number}"))
        if data:
            yield label, Embedded(source=place, name=one.name, media_type=kind, data=data)
            continue
        what = f"Attachment {number} is listed and holds no bytes."
        yield (
            label,
            Problem(source=place, reader=reader, kind=ProblemKind.EMPTY, what=what),
        )


def _problem(source: Source, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=source, reader="tnef", kind=kind, what=what)
