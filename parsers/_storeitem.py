"""One item of an Outlook store as a communication, with all that is attached to it.

An attachment with bytes is handed on as evidence of its own, a message attached to another is read
in the same way, and what is no communication is a problem that names its class. What properties
mean is left to `_outlook`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from commtrace.model import (
    Attachment,
    Embedded,
    Found,
    Mark,
    Problem,
    ProblemKind,
    Record,
    Source,
)

from . import _mapi, _outlook
from ._msg_parts import BY_REFERENCE, media_type_of, name_of, sealed, unread, with_bytes
from ._pst import BROKEN, Attached, Message, Values
from ._text import clean_line

SHUT = "is a message that could not be opened; save it from Outlook as .msg and supply it"
NO_PEOPLE = "The list of recipients is damaged and was not read."
NO_ATTACHMENTS = "The list of attachments is damaged and was not read."
TOO_DEEP = "Messages lie too deep, or too many of them, in one another; this one was not read."
TOO_MUCH = "was not read: what lies in this item is more than the whole store"
SHELL = "The store lists an item that holds neither text, nor people, nor a time."
_DEEPEST = 20  # messages within messages
_MESSAGE, _OLE = 5, 6
_TELLING = (
    0x0037, 0x1000, 0x1009, 0x1013, 0x007D, 0x0C1A, 0x0E04, 0x0039, 0x0E06, 0x0060,
)  # fmt: skip


@dataclass(slots=True)
class Context:
    """What the things inside an item share with it: its folder, its marks, and known names.

    `room` is how many bytes may still come out of it, and `messages` how many that lie inside:
    nodes that lead to one another in a damaged store, or in one made for it, would not end.
    """

    folder: str | None
    marks: tuple[Mark, ...]
    directory: dict[str, str]
    room: int
    messages: int = 10_000

    def take(self, size: int) -> bool:
        """Whether so many more bytes may be handed on."""
        self.room -= size
        return self.room >= 0


def communication(
    message: Message, place: Source, context: Context, depth: int = 0
) -> Iterator[Found]:
    """The record of an item and what is attached to it, or the problem that it is none.

    `depth` is how many messages it lies in.
    """
    kept = message.values
    refused = _refused(kept, place)
    if refused:
        yield refused
        return
    labels: list[Attachment] = []
    parts: list[Found] = []
    for label, found in _attachments(message, place, context, depth):
        labels.append(label)
        parts.extend(found)
    rows = _recipients(message)
    record = _outlook.record(
        kept,
        rows,
        source=place,
        reader="pst",
        attachments=tuple(labels),
        folder=context.folder,
        sealed=next((mark for one in parts if (mark := _sealed(one, place))), None),
    )
    record = _with_owner(record, kept, rows, context.directory)
    yield replace(record, marks=(*record.marks, *context.marks))
    if any(label.name.lower().endswith(".rpmsg") for label in labels):
        what = "The message is protected by rights management; ask for an open copy."
        yield _problem(place, ProblemKind.RIGHTS_PROTECTED, what)
    yield from parts


def _refused(kept: Values, place: Source) -> Problem | None:
    """Why an item is no communication; None for one that is."""
    item_class = kept.line(0x001A)
    other = _outlook.other_kind(item_class.upper())
    if other:
        what = f"The Outlook item is {other} ({item_class[:60]}), not a message; it was not read."
        return _problem(place, ProblemKind.UNSUPPORTED_TYPE, what)
    if not any(tag in kept.kept for tag in _TELLING):
        return _problem(place, ProblemKind.EMPTY, SHELL)
    return None


def _sealed(found: Found, place: Source) -> Mark | None:
    """What an attachment of the item itself is, where it is an S/MIME structure."""
    own = isinstance(found, Embedded) and len(found.source.part) == len(place.part) + 1
    return sealed(found.name, found.data) if own and isinstance(found, Embedded) else None


def _recipients(message: Message) -> list[Values]:
    try:
        return message.recipients()
    except BROKEN:
        message.values.doubts.append(NO_PEOPLE)
        return []


def _with_owner(
    record: Record, kept: Values, rows: list[Values], directory: dict[str, str]
) -> Record:
    """The record with the mailbox that received it, where Outlook names one, by e-mail address.

    An Exchange directory name is looked up in `directory`, which grows with each list of
    recipients. A mailing list that stands in the transport's headers is no owner of a store.
    """
    for row in rows:
        if "@" in (smtp := row.line(0x39FE)):
            directory.setdefault(row.line(0x3003).casefold(), smtp)
    people = (_mapi.person(kept, tags) for tags in (_mapi.RECEIVED_BY, _mapi.RECEIVED_FOR))
    mailboxes = [one.address for one in people if one and one.address]
    if not mailboxes:
        return record
    known = (directory.get(mailbox.casefold(), mailbox) for mailbox in mailboxes)
    own = tuple(dict.fromkeys(one for one in known if "@" in one))
    return replace(record, delivered_to=own)


def _attachments(
    message: Message, place: Source, context: Context, depth: int
) -> Iterator[tuple[Attachment, tuple[Found, ...]]]:
    """Each attachment's label, and what it gives: itself as evidence, records, or a problem."""
    try:
        attached = list(message.attachments())
    except BROKEN:
        label = Attachment(name="", media_type="", size=0, sha256="")
        yield label, (_problem(place, ProblemKind.CORRUPT, NO_ATTACHMENTS),)
        return
    for number, one in enumerate(attached, 1):
        inner = replace(place, part=(*place.part, f"attachment {number}"))
        yield _attachment(one, inner, message.values, context, depth)


def _attachment(
    attached: Attached | None, place: Source, outer: Values, context: Context, depth: int
) -> tuple[Attachment, tuple[Found, ...]]:
    row = attached.values if attached else Values({}, outer.code_page, outer.doubts)
    method = row.number(0x3705)
    if attached and method == _MESSAGE:
        return _inside(attached, place, context, depth + 1)
    try:
        data = attached.data() if attached else None
    except BROKEN:
        data = None
    if data is None:
        one = unread(row, place, "pst", ProblemKind.CORRUPT, "is damaged and was not read")
    elif not context.take(len(data)):
        one = unread(row, place, "pst", ProblemKind.LIMIT_RATIO, TOO_MUCH)
    elif not data and method in BY_REFERENCE:
        one = unread(
            row, place, "pst", ProblemKind.UNSUPPORTED_TYPE,
            "is only named: the message points to a file kept elsewhere, which is not in evidence",
        )  # fmt: skip
    else:
        kind = "application/x-ole-object" if method == _OLE else media_type_of(row)
        one = with_bytes(row, place, data, name=name_of(row), media_type=kind, reader="pst")
    return one.label, (one.found,)


def _inside(
    attached: Attached, place: Source, context: Context, depth: int
) -> tuple[Attachment, tuple[Found, ...]]:
    """A message attached to another, read like one of a folder."""
    row = attached.values
    context.messages -= 1
    if depth > _DEEPEST or context.messages < 0:
        kind = ProblemKind.LIMIT_DEPTH if depth > _DEEPEST else ProblemKind.LIMIT_COUNT
        one = unread(row, place, "pst", kind, "was not read")
        return one.label, (_problem(place, kind, TOO_DEEP),)
    try:
        message = attached.message()
    except BROKEN:
        one = unread(row, place, "pst", ProblemKind.CORRUPT, SHUT)
        return one.label, (one.found,)
    name = name_of(row) or clean_line(message.values.line(0x0037))
    size = row.number(0x0E20) or 0  # PidTagAttachSize; no file of its own, so no hash
    label = Attachment(name=name, media_type="application/vnd.ms-outlook", size=size, sha256="")
    return label, tuple(communication(message, place, context, depth))


def _problem(source: Source, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=source, reader="pst", kind=kind, what=what)
