"""A whole mailbox as Outlook keeps it: folders and their items, with all that lies inside them.

Each item gives one record or one problem, an attachment is evidence of its own, and a message
attached to another is read like any other. Items of the folder for deleted things carry a mark;
items that the store still holds and no folder lists are read only where a person decided so. The
hidden items in which Outlook keeps views and rules are no communications. `_pst` knows the store,
`_outlook` what items mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from commtrace.model import (
    Attachment,
    Declared,
    Embedded,
    Found,
    Mark,
    Problem,
    ProblemKind,
    Proposal,
    Record,
    RulingKind,
    Source,
)
from commtrace.plugins import Item, parser

from . import _mapi, _outlook, _pst, _readpst
from ._msg_parts import BY_REFERENCE, media_type_of, name_of, sealed, unread, with_bytes
from ._ndb import Node
from ._pst import BROKEN, Attached, Folder, Message, Values
from ._text import clean_line

SHUT = "is a message that could not be opened; save it from Outlook as .msg and supply it"
DAMAGED = "The item is damaged and was not read."
UNLISTED = "The item lies in the folder and the folder's own list does not name it."
NAMELESS = "The folder's own properties are damaged; it goes by its number."
ASTRAY = "The folder is listed in no other folder of this damaged store; it was read all the same."
ALTERED = "A part of the item does not match its checksum; it may be altered."
NO_PEOPLE = "The list of recipients is damaged and was not read."
NO_ATTACHMENTS = "The list of attachments is damaged and was not read."
TOO_DEEP = "Messages lie too deep in one another; this one was not read."
SHUT_FOLDER = {
    ProblemKind.CORRUPT: "A folder is damaged and its content was not read.",
    ProblemKind.LIMIT_DEPTH: "Folders lie too deep in one another; those below were not read.",
}
SHELL = "The store lists an item that holds neither text, nor people, nor a time."
RECOVERED = "recovered"
_DEEPEST = 20  # messages within messages
_MESSAGE, _OLE = 5, 6
_TELLING = (
    0x0037, 0x1000, 0x1009, 0x1013, 0x007D, 0x0C1A, 0x0E04, 0x0039, 0x0E06, 0x0060,
)  # fmt: skip


@parser(suffixes=(".pst", ".ost"), magic=(_pst.MAGIC,))
def pst(item: Item) -> Iterator[Found]:
    """Outlook store (.pst, .ost)."""
    end = _pst.stated_end(item.head)
    if end is not None and item.size < end:
        what = f"The store says it has {end:,} bytes and {item.size:,} are here; the rest is lost."
        yield _problem(item.source, ProblemKind.TRUNCATED, what)
    with item.open() as stream:
        try:
            store = _pst.Store(stream, item.head)
        except BROKEN:
            what = "The Outlook store is damaged and does not open; repair a copy with Scanpst."
            yield _problem(item.source, ProblemKind.CORRUPT, what)
            return
        items = sum(node.number & 0x1F == _pst.ITEM for node in store.blocks.nodes())
        yield Declared(source=item.source, what="items", number=items)
        walk = _Walk(item, store)
        for folder in store.folders():
            yield from walk.folder(folder)
        yield from walk.rest()
    counted = _readpst.messages(item)
    if counted is not None:
        yield Declared(source=item.source, what="messages", number=counted, by=_readpst.NAME)


@dataclass
class _Walk:
    """The way through one store: which items were met, and whose names are known.

    `broken` says that a folder or its list could not be read.
    """

    item: Item
    store: _pst.Store
    seen: set[int] = field(default_factory=set)
    folders: dict[int, Folder] = field(default_factory=dict)
    broken: bool = False
    directory: dict[str, str] = field(default_factory=dict)

    def folder(self, folder: Folder) -> Iterator[Found]:
        """What the items of one folder give, and how many its own properties count."""
        here = replace(self.item.source, part=folder.names)
        if folder.number is None:
            self.broken = True
            yield _problem(here, folder.why, SHUT_FOLDER[folder.why])
            return
        self.folders[folder.number] = folder
        if folder.nameless:
            self.broken = True
            yield _problem(here, ProblemKind.CORRUPT, NAMELESS)
        try:
            listed = self.store.listed(folder)
        except BROKEN:
            self.broken = True
            what = "What a folder holds is listed illegibly."
            yield _problem(here, ProblemKind.CORRUPT, what)
            listed = []
        if folder.names and (folder.stated or listed):
            stated = len(listed) if folder.stated is None else folder.stated
            yield Declared(source=here, what="items", number=stated)
        for number in listed:
            place = replace(here, part=(*folder.names, f"item {number}"))
            if number in self.seen:
                yield _problem(place, ProblemKind.LOOP, "The store lists the item more than once.")
                continue
            self.seen.add(number)
            yield from self.one(number, place, folder)

    def one(self, number: int, place: Source, folder: Folder, *doubts: str) -> Iterator[Found]:
        """What one item gives."""
        marks = (Mark.DELETED,) if folder.deleted else ()
        met = self.store.blocks.met
        try:
            message = self.store.message(self.store.blocks.node(number))
        except BROKEN:
            yield _problem(place, ProblemKind.CORRUPT, DAMAGED)
            return
        message.values.doubts.extend(doubts)
        context = _Context("/".join(folder.names) or None, marks, self.directory)
        found = list(_message(message, place, context, 0))
        altered = self.store.blocks.met > met
        for one in found:
            if altered and isinstance(one, Record):
                yield replace(one, doubts=(*one.doubts, ALTERED))
            else:
                yield one

    def rest(self) -> Iterator[Found]:
        """What the store's own index knows and no folder lists, and how whole the store is."""
        lost, folders = list[Node](), list[int]()
        for node in self.store.blocks.nodes():
            kind = node.number & 0x1F
            if kind == _pst.ITEM and node.number not in self.seen:
                lost.append(node)
            elif kind == _pst.FOLDER and node.number not in self.folders:
                folders.append(node.number)
        damaged = self.broken or bool(self.store.blocks.flaws)
        for number in folders if damaged else ():
            folder = self.store.unlisted(number)
            place = replace(self.item.source, part=folder.names)
            yield _problem(place, ProblemKind.DOUBTFUL, ASTRAY)
            yield from self.folder(folder)
        outside: list[int] = []
        for node in lost:
            if node.number in self.seen:
                continue
            if damaged and node.parent in self.folders:
                folder = self.folders[node.parent]
                place = replace(self.item.source, part=(*folder.names, f"item {node.number}"))
                yield from self.one(node.number, place, folder, UNLISTED)
            else:
                outside.append(node.number)
        yield from self._recovered(outside)
        yield from self._state()
        if not lost and not self.seen:
            yield _problem(self.item.source, ProblemKind.EMPTY, "The Outlook store holds no items.")

    def _recovered(self, numbers: list[int]) -> Iterator[Found]:
        """Items outside every folder: read where a person decided so, else said to be there."""
        if not numbers:
            return
        told = self.item.told.get(RulingKind.DELETED_ITEMS, "").strip()
        asked = told == "true"
        count = f"{len(numbers):,} item{' lies' if len(numbers) == 1 else 's lie'}"
        yield Proposal(
            source=self.item.source,
            reader="pst",
            kind=RulingKind.DELETED_ITEMS,
            value="true",
            why=f"{count} in the store outside every folder, as deleted items can; "
            f"{'read and marked.' if asked else 'not read unless that is decided.'}",
            applied=asked,
        )
        folder = Folder((RECOVERED,), None, deleted=True)
        for number in numbers if asked else ():
            place = replace(self.item.source, part=(RECOVERED, f"item {number}"))
            yield from self.one(number, place, folder)

    def _state(self) -> Iterator[Found]:
        """A doubt about the store as a whole where its checksums do not match."""
        flaws = self.store.blocks.flaws
        if not flaws:
            return
        counted = (
            f"{len(flaws[kind]):,} of its {kind}" for kind in sorted(flaws) if kind != "header"
        )
        parts = " and ".join((*counted, *(("its header",) if "header" in flaws else ())))
        what = (
            f"The store is damaged: {parts} cannot be read or do not match their checksums. "
            "Items may be missing or altered; ask for another copy of the store."
        )
        yield _problem(self.item.source, ProblemKind.DOUBTFUL, what)


@dataclass(frozen=True, slots=True)
class _Context:
    """What the things inside an item share with it: its folder, its marks, and known names."""

    folder: str | None
    marks: tuple[Mark, ...]
    directory: dict[str, str]


def _message(message: Message, place: Source, context: _Context, depth: int) -> Iterator[Found]:
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
    message: Message, place: Source, context: _Context, depth: int
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
    attached: Attached | None, place: Source, outer: Values, context: _Context, depth: int
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
    attached: Attached, place: Source, context: _Context, depth: int
) -> tuple[Attachment, tuple[Found, ...]]:
    """A message attached to another, read like one of a folder."""
    row = attached.values
    if depth > _DEEPEST:
        one = unread(row, place, "pst", ProblemKind.LIMIT_DEPTH, "was not read")
        return one.label, (_problem(place, ProblemKind.LIMIT_DEPTH, TOO_DEEP),)
    try:
        message = attached.message()
    except BROKEN:
        one = unread(row, place, "pst", ProblemKind.CORRUPT, SHUT)
        return one.label, (one.found,)
    name = name_of(row) or clean_line(message.values.line(0x0037))
    size = row.number(0x0E20) or 0  # PidTagAttachSize; no file of its own, so no hash
    label = Attachment(name=name, media_type="application/vnd.ms-outlook", size=size, sha256="")
    return label, tuple(_message(message, place, context, depth))


def _problem(source: Source, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=source, reader="pst", kind=kind, what=what)
