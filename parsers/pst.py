"""A whole mailbox as Outlook keeps it: folders and their items, with all that lies inside them.

Each item gives one record or one problem, an attachment is evidence of its own, and a message
attached to another is read like any other. Items of the folder for deleted things carry a mark;
items that the store still holds and no folder lists are read only where a person decided so. The
hidden items in which Outlook keeps views and rules are no communications. `_pst` knows the store,
`_storeitem` what one item gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from commtrace.model import (
    Declared,
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

from . import _pst, _readpst
from ._ndb import Node
from ._pst import BROKEN, Folder
from ._storeitem import Context, communication

DAMAGED = "The item is damaged and was not read."
UNLISTED = "The item lies in the folder and the folder's own list does not name it."
NAMELESS = "The folder's own properties are damaged; it goes by its number."
ASTRAY = "The folder is listed in no other folder of this damaged store; it was read all the same."
ANEW = "The store's index is broken; what could be found without it was read."
ALTERED = "A part of the item does not match its checksum; it may be altered."
SHUT_FOLDER = {
    ProblemKind.CORRUPT: "A folder is damaged and its content was not read.",
    ProblemKind.LIMIT_DEPTH: "Folders lie too deep in one another; those below were not read.",
}
RECOVERED = "recovered"
_ROOM = 64 << 20  # bytes that any item may hold, beside the size of the store


@parser(suffixes=(".pst", ".ost"), magic=(_pst.MAGIC,))
def pst(item: Item) -> Iterator[Found]:
    """Outlook store (.pst, .ost)."""
    end = _pst.stated_end(item.head)
    if end is not None and item.size < end:
        what = f"The store says it has {end:,} bytes and {item.size:,} are here; the rest is lost."
        yield _problem(item.source, ProblemKind.TRUNCATED, what)
    with item.open() as stream:
        try:
            store = _pst.Store(stream, item.head, item.size)
            kinds = Counter(node.number & 0x1F for node in store.blocks.nodes())
        except BROKEN:
            kinds = Counter()
        if not kinds:
            what = "The Outlook store is damaged and does not open; repair a copy with Scanpst."
            yield _problem(item.source, ProblemKind.CORRUPT, what)
            return
        items = kinds[_pst.ITEM]
        yield Declared(source=item.source, what="items", number=items)
        walk = _Walk(item, store)
        for folder in store.folders():
            yield from walk.folder(folder)
        yield from walk.rest()
    counted = _readpst.messages(item) if not walk.recovered else None
    if counted is not None:
        yield Declared(source=item.source, what="messages", number=counted, by=_readpst.NAME)


@dataclass
class _Walk:
    """The way through one store: which items were met, and whose names are known.

    `broken` says that a folder or its list could not be read, `recovered` that items outside every
    folder were read too, which a second reader does not count.
    """

    item: Item
    store: _pst.Store
    seen: set[int] = field(default_factory=set)
    folders: dict[int, Folder] = field(default_factory=dict)
    broken: bool = False
    recovered: bool = False
    directory: dict[str, str] = field(default_factory=dict)

    def place(self, *part: str) -> Source:
        """A place in the store, which may itself lie inside another file."""
        return replace(self.item.source, part=(*self.item.source.part, *part))

    def folder(self, folder: Folder) -> Iterator[Found]:
        """What the items of one folder give, and how many its own properties count."""
        here = self.place(*folder.names)
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
            place = self.place(*folder.names, f"item {number}")
            if number in self.seen:
                yield _problem(place, ProblemKind.LOOP, "The store lists the item more than once.")
                continue
            self.seen.add(number)
            yield from self.one(number, place, folder)

    def one(self, number: int, place: Source, folder: Folder, *doubts: str) -> Iterator[Found]:
        """What one item gives."""
        marks = (Mark.DELETED,) if folder.deleted else ()
        met = self.store.blocks.met
        context = Context(
            "/".join(folder.names) or None, marks, self.directory, _ROOM + self.item.size
        )
        try:
            message = self.store.message(self.store.blocks.node(number))
            message.values.doubts.extend(doubts)
            found = list(communication(message, place, context))
        except (*BROKEN, RecursionError):
            yield _problem(place, ProblemKind.CORRUPT, DAMAGED)
            return
        except MemoryError:
            what = "The item asks for more memory than is given to one file."
            yield _problem(place, ProblemKind.OUT_OF_MEMORY, what)
            return
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
            place = self.place(*folder.names)
            yield _problem(place, ProblemKind.DOUBTFUL, ASTRAY)
            yield from self.folder(folder)
        outside: list[int] = []
        for node in lost:
            if node.number in self.seen:
                continue
            if damaged and node.parent in self.folders:
                folder = self.folders[node.parent]
                place = self.place(*folder.names, f"item {node.number}")
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
        self.recovered = asked
        folder = Folder((RECOVERED,), None, deleted=True)
        for number in numbers if asked else ():
            place = self.place(RECOVERED, f"item {number}")
            yield from self.one(number, place, folder)

    def _state(self) -> Iterator[Found]:
        """A doubt about the store as a whole where its checksums do not match."""
        flaws = self.store.blocks.flaws
        if self.store.blocks.is_broken:
            yield _problem(self.item.source, ProblemKind.CORRUPT, ANEW)
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


def _problem(source: Source, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=source, reader="pst", kind=kind, what=what)
