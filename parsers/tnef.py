"""Outlook's winmail.dat (TNEF) as a file, or attached: the message it wraps, and what is attached.

A winmail.dat that came with an internet message is opened by `_mime` and belongs to that message;
this format reads one that lies alone, and a message that is attached within another.
"""

from __future__ import annotations

from collections.abc import Iterator

from commtrace.model import Found, Problem, ProblemKind, Source
from commtrace.plugins import Item, parser

from . import _outlook, _tnef


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
    parts = tuple(_tnef.attached(whole, item.source, reader="tnef"))
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


def _problem(source: Source, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=source, reader="tnef", kind=kind, what=what)
