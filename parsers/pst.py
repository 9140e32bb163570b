"""A whole mailbox as Outlook keeps it: folders and their items, read with libpff.

Needs `libpff-python` (the extra `commtrace[pst]`); without it a store is claimed by no format and
is listed as not read. Each item gives one record or one problem, and its attachments are evidence
of their own. Items that were deleted and only survive in free space, and the hidden items in which
Outlook keeps views and rules, are not read. `_pst` knows the store, `_outlook` what items mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from itertools import chain
from typing import Any

from commtrace.model import Attachment, Found, Problem, ProblemKind, Record, Source
from commtrace.plugins import Item, parser

from . import _mapi, _outlook, _pst
from ._msg_parts import BY_REFERENCE, media_type_of, name_of, unread, with_bytes
from ._pst import BROKEN, Values
from ._text import clean_line

INSIDE = "The message lies inside another in a store, where its list of recipients is out of reach."
LONG = "The text of the attached message is out of reach; save it as .msg and supply it."
HOLDS = "Attachments of the attached message are out of reach; save it as .msg and supply it."
SHUT = "is a message that could not be opened; save it from Outlook as .msg and supply it"
DAMAGED = "The item is damaged and was not read."
UNLISTED = "It lies in the folder and the folder's own list does not name it; it was not read."
SHUT_FOLDER = {
    ProblemKind.CORRUPT: "A folder is damaged and its content was not read.",
    ProblemKind.LIMIT_DEPTH: "Folders lie too deep in one another; those below were not read.",
}
SHELL = "The store lists an item that holds neither text, nor people, nor a time."
_BODIES = frozenset({0x1000, 0x1009, 0x1013})
_CHUNK = 8 * 1024 * 1024
_DATA = 0x3701
_MESSAGE, _OLE = 5, 6
_HAS_ATTACHMENTS = 0x10
_TELLING = (0x0037, 0x1000, 0x1009, 0x1013, 0x007D, 0x0C1A, 0x0E04, 0x0039, 0x0E06)


def _readable(item: Item) -> bool:  # noqa: ARG001 - what a format's claim is handed
    """Whether the library that reads stores is installed."""
    return find_spec("pypff") is not None


@parser(suffixes=(".pst", ".ost"), magic=(_pst.MAGIC,), claims=_readable)
def pst(item: Item) -> Iterator[Found]:
    """Outlook store (.pst, .ost), with the extra `commtrace[pst]`."""
    import pypff  # noqa: PLC0415 - an extra: commtrace runs without it

    end = _pst.stated_end(item.head)
    if end is not None and item.size < end:
        what = f"The store says it has {end:,} bytes and {item.size:,} are here; the rest is lost."
        yield _problem(item.source, ProblemKind.TRUNCATED, what)
    with item.open() as stream, ExitStack() as opened:
        store = pypff.file()
        try:
            store.open_file_object(stream)
            opened.callback(store.close)
            found = _pst.folders(store)
            first = next(found)
        except BROKEN:
            what = "The Outlook store is damaged and does not open; repair a copy with Scanpst."
            yield _problem(item.source, ProblemKind.CORRUPT, what)
            return
        walk = _Walk(item)
        for folder in chain((first,), found):
            yield from walk.items(folder)
        if not walk.met:
            yield _problem(item.source, ProblemKind.EMPTY, "The Outlook store holds no items.")


@dataclass
class _Walk:
    """The way through one store: which items were met, whether any, and whose names are known."""

    item: Item
    seen: set[int] = field(default_factory=set)
    met: bool = False
    directory: dict[str, str] = field(default_factory=dict)

    def items(self, folder: _pst.Folder) -> Iterator[Found]:
        """What the items of one folder give."""
        here = replace(self.item.source, part=folder.names)
        if folder.inside is None:
            self.met = True
            yield _problem(here, folder.why, SHUT_FOLDER[folder.why])
            return
        listed: set[int] = set()
        items = _pst.count(folder.inside, "number_of_sub_messages")
        if items is None or _pst.count(folder.inside, "number_of_sub_folders") is None:
            self.met = True
            yield _problem(here, ProblemKind.CORRUPT, "What a folder holds is listed illegibly.")
        for number in range(items or 0):
            self.met = True
            try:
                message = folder.inside.get_sub_message(number)
                identifier = int(message.identifier)
            except BROKEN:
                yield _problem(here, ProblemKind.CORRUPT, f"Item {number + 1} of it is damaged.")
                continue
            listed.add(identifier)
            place = replace(here, part=(*folder.names, f"item {identifier}"))
            if identifier in self.seen:
                yield _problem(place, ProblemKind.LOOP, "The store lists the item more than once.")
                continue
            self.seen.add(identifier)
            yield from self.one(message, place, "/".join(folder.names) or None)
        for identifier in _pst.unlisted(folder.inside, listed):
            self.met = True
            place = replace(here, part=(*folder.names, f"item {identifier}"))
            yield _problem(place, ProblemKind.CORRUPT, UNLISTED)

    def one(self, message: Any, place: Source, folder: str | None) -> list[Found]:
        """What one item gives; nothing of an item that breaks midway is kept."""
        try:
            step = _pst.block_bytes(self.item.head)
            return list(_item(message, place, folder, step, self.directory))
        except BROKEN:
            return [_problem(place, ProblemKind.CORRUPT, DAMAGED)]
        except MemoryError:
            what = "The item asks for more memory than is given to one file."
            return [_problem(place, ProblemKind.OUT_OF_MEMORY, what)]


def _item(
    message: Any, place: Source, folder: str | None, step: int, directory: dict[str, str]
) -> Iterator[Found]:
    kept = _pst.values(message.get_record_set(0), doubts=[])
    refused = _refused(kept, place)
    if refused:
        yield refused
        return
    labels: list[Attachment] = []
    parts: list[Found] = []
    for number in range(getattr(message, "number_of_attachments", 0) or 0):
        inner = replace(place, part=(*place.part, f"attachment {number + 1}"))
        label, found = _attachment(message, number, inner, kept, step)
        labels.append(label)
        parts.extend(found)
    rows = _recipients(message, kept)
    record = _outlook.record(
        kept,
        _mapi.recipients(kept, rows),
        source=place,
        reader="pst",
        attachments=tuple(labels),
        folder=folder,
    )
    yield _with_owner(record, kept, rows, directory)
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


def _recipients(message: Any, kept: Values) -> list[Values]:
    table = getattr(message, "recipients", None)
    if table is None:
        return []
    return [
        _pst.values(table.get_recipient(number), code_page=kept.code_page, doubts=kept.doubts)
        for number in range(table.number_of_recipients)
    ]


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


def _attachment(
    message: Any, number: int, place: Source, kept: Values, step: int
) -> tuple[Attachment, tuple[Found, ...]]:
    """An attachment's label, and what it gives: itself as evidence, a record, or a problem."""
    row = Values({}, kept.code_page, kept.doubts)
    try:
        attached = message.get_attachment(number)
        row = _pst.values(attached.get_record_set(0), code_page=kept.code_page, doubts=kept.doubts)
        method = row.number(0x3705)
        data = _read(attached) if _DATA in row.kept else b""
    except BROKEN:
        one = unread(row, place, "pst", ProblemKind.CORRUPT, "is damaged and was not read")
        return one.label, (one.found,)
    if method == _MESSAGE:
        return _inside(row, data, place, step)
    if not data and method in BY_REFERENCE:
        one = unread(
            row, place, "pst", ProblemKind.UNSUPPORTED_TYPE,
            "is only named: the message points to a file kept elsewhere, which is not in evidence",
        )  # fmt: skip
        return one.label, (one.found,)
    media_type = "application/x-ole-object" if method == _OLE else media_type_of(row)
    one = with_bytes(row, place, data, name=name_of(row), media_type=media_type, reader="pst")
    return one.label, (one.found,)


def _read(attached: Any) -> bytes:
    """The bytes of an attachment; b"" where the store keeps none for it."""
    size = attached.size
    if not size:
        return b""
    attached.seek_offset(0, 0)
    pieces: list[bytes] = []
    while size > 0:
        piece = attached.read_buffer(min(size, _CHUNK))
        if not piece:
            raise OSError("the attachment ends before its stated size")
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _inside(
    row: Values, data: bytes, place: Source, step: int
) -> tuple[Attachment, tuple[Found, ...]]:
    """A message attached to another: its record, and problems for what is out of reach."""
    try:
        kept, outside = _pst.property_context(data, step)
    except BROKEN:
        one = unread(row, place, "pst", ProblemKind.UNSUPPORTED_TYPE, SHUT)
        return one.label, (one.found,)
    name = name_of(row) or clean_line(kept.line(0x0037))
    size = row.number(0x0E20) or 0  # PidTagAttachSize; no file of its own, so no hash
    label = Attachment(name=name, media_type="application/vnd.ms-outlook", size=size, sha256="")
    refused = _refused(kept, place)
    if refused:
        return label, (refused,)
    record = _outlook.record(kept, (), source=place, reader="pst", attachments=(), flaws=(INSIDE,))
    found: list[Found] = [record]
    if not record.text and outside & _BODIES:
        found.append(_problem(place, ProblemKind.UNSUPPORTED_TYPE, LONG))
    if (kept.number(0x0E07) or 0) & _HAS_ATTACHMENTS or kept.number(0x0E1B):
        found.append(_problem(place, ProblemKind.UNSUPPORTED_TYPE, HOLDS))
    return label, tuple(found)


def _problem(source: Source, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=source, reader="pst", kind=kind, what=what)
