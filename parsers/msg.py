"""One Outlook message as a file: mail, meeting, post or note, and what is attached to it.

The container is extract-msg's, properties are read by tag (`_mapi`) and given their meaning by
`_outlook`, bodies and attachments by `_msg_parts`, and the chains of sectors are checked (`_ole`).
Attachments go back as evidence of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from uuid import UUID

from commtrace.model import Embedded, Found, Mark, Problem, ProblemKind, Record
from commtrace.plugins import Item, parser

from . import _mapi, _ole, _outlook
from ._mapi import Storage
from ._msg_parts import attached, sealed

OF_A_TEMPLATE = "The file is a template from which messages are made, and was not sent itself."
_TEMPLATE = UUID("0006f046-0000-0000-c000-000000000046").bytes_le  # the class of an .oft
_NAMES = tuple(name.encode("utf-16-le") for name in ("__substg1.0_", "__properties_version1.0"))


def _is_message(item: Item) -> bool:
    """Whether a compound file is an Outlook message rather than an old Word or Excel file."""
    if any(name in item.head for name in _NAMES):
        return True
    try:
        return _mapi.PROPERTIES in _ole.names(item.read())
    except _ole.NotCompoundError:
        return False


@parser(suffixes=(".msg", ".oft"), magic=(_ole.MAGIC,), claims=_is_message)
def msg(item: Item) -> Iterator[Found]:
    """Outlook message (.msg)."""
    data = item.read()
    try:
        flaws = _ole.doubts(data)
        file, message = _mapi.open_message(data)
    except _mapi.broken():
        yield _problem(item, ProblemKind.CORRUPT, "The Outlook file is damaged and does not open.")
        return
    with closing(file):
        for found in _message(item, message, (*flaws, *message.flaws())):
            yield _as_template(found) if _TEMPLATE in data else found


def _message(item: Item, message: Storage, flaws: tuple[str, ...]) -> Iterator[Found]:
    if flaws:
        yield _problem(item, ProblemKind.DOUBTFUL, " ".join(flaws))
    item_class = message.line(0x001A)
    other = _outlook.other_kind(item_class.upper())
    if other:
        what = f"The Outlook item is {other} ({item_class[:60]}), not a message; it was not read."
        yield _problem(item, ProblemKind.UNSUPPORTED_TYPE, what)
        return
    parts = tuple(attached(message, item.source, reader="msg"))
    yield _outlook.record(
        message,
        message.children("__recip_version1.0_"),
        source=item.source,
        reader="msg",
        attachments=tuple(part.label for part in parts),
        flaws=flaws,
        sealed=next((mark for part in parts if (mark := _sealed(part.found))), None),
    )
    if any(part.label.name.lower().endswith(".rpmsg") for part in parts):
        what = "The message is protected by rights management; ask for an open copy."
        yield _problem(item, ProblemKind.RIGHTS_PROTECTED, what)
    yield from (part.found for part in parts)


def _as_template(found: Found) -> Found:
    if not isinstance(found, Record):
        return found
    marks = tuple(dict.fromkeys((*found.marks, Mark.DRAFT)))
    return replace(found, marks=marks, doubts=(*found.doubts, OF_A_TEMPLATE))


def _sealed(found: Embedded | Problem) -> Mark | None:
    return sealed(found.name, found.data) if isinstance(found, Embedded) else None


def _problem(item: Item, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=item.source, reader="msg", kind=kind, what=what)
