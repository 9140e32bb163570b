"""What lies in an Outlook store: its folders, their items, the people and attachments of an item.

The upper layer (MS-PST 2.4) over `_ltp` and `_ndb`: a store is walked from its root folder, and
every item that its node tree knows is compared with what the folders list. What an item means is
left to `_outlook`. Raises what `BROKEN` lists where the store is broken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import BinaryIO

from commtrace.model import ProblemKind

from . import _ltp, _mapi, _named, _ndb
from ._ltp import Heap, Kept, Load
from ._ndb import BROKEN, MAGIC, Node
from ._text import clean_line

__all__ = ["BROKEN", "MAGIC", "Attached", "Folder", "Message", "Store", "Values", "stated_end"]
DEEPEST = 100  # folders within folders
ITEM, FOLDER, ATTACHMENT = 0x04, 0x02, 0x05  # MS-PST 2.2.2.1: kinds of node
_FOLDERS, _ITEMS = 0x0D, 0x0E  # a folder's lists
_STORE, _NAMES, _ROOT = 0x21, 0x61, 0x122  # MS-PST 2.4.1
_PEOPLE, _ATTACHMENTS = 0x692, 0x671
_WIDE, _NARROW, _BINARY, _TIME, _OBJECT = 0x001F, 0x001E, 0x0102, 0x0040, 0x000D
_NUMBERS = {0x0002: 2, 0x0003: 4, 0x000B: 1}
_SUBJECT, _DATA, _NAME, _COUNT = 0x0037, 0x3701, 0x3001, 0x3602
_SUBTREE, _WASTE = 0x35E0, 0x35E3  # PidTagIpmSubTreeEntryId, PidTagIpmWastebasketEntryId
_TOP = "IPM_SUBTREE"  # the first of them by name, where the store does not point to it
_WASTE_NAMES = frozenset({
    "deleted items", "recoverable items", "deletions", "purges", "versions", "discoveryholds",
    "substrateholds",
})  # fmt: skip


@dataclass(frozen=True)
class Values:
    """The properties of one item, recipient or attachment: type and bytes by tag.

    `doubts` gathers in words what reading had to assume.
    """

    kept: Mapping[int, tuple[int, Load]] = field(repr=False)
    code_page: str | None = None
    doubts: list[str] = field(default_factory=list)

    def _bytes(self, tag: int, *kinds: int) -> bytes | None:
        kind, load = self.kept.get(tag, (0, None))
        if load is None or kind not in kinds:
            return None
        try:
            return load()
        except BROKEN:
            self.doubts.append(_mapi.DAMAGED)
            return None

    def number(self, tag: int) -> int | None:
        """A 16 or 32 bit integer or a truth value."""
        raw = self._bytes(tag, *_NUMBERS)
        width = _NUMBERS.get(self.kept[tag][0], 0) if raw else 0
        return int.from_bytes(raw[:width], "little") if raw else None

    def time(self, tag: int) -> datetime | None:
        """A time in UTC; None where there is none or it is one no calendar holds."""
        raw = self._bytes(tag, _TIME)
        return _mapi.filetime(raw, self.doubts) if raw else None

    def binary(self, tag: int) -> bytes | None:
        """A run of bytes."""
        return self._bytes(tag, _BINARY)

    def pointer(self, tag: int) -> bytes | None:
        """The eight bytes that point to an object: the number of its node, and its size."""
        return self._bytes(tag, _OBJECT)

    def text(self, tag: int) -> str | None:
        """A string without its closing NULs, and the subject without the length of its prefix."""
        found = self._text(tag)
        # MS-PST 2.5.3.1.1.1: a subject may open with U+0001 and the length of its "Re: "
        return found[2:] if found and tag == _SUBJECT and found[0] == "\x01" else found

    def _text(self, tag: int) -> str | None:
        raw = self._bytes(tag, _WIDE, _NARROW)
        if raw is None:
            return None
        if self.kept[tag][0] == _WIDE:
            return _mapi.wide_text(raw)
        return _mapi.narrow_text(raw, self.code_page, self.doubts)

    def line(self, tag: int) -> str:
        """A string on one line, "" where there is none."""
        return clean_line(self.text(tag) or "")


@dataclass(frozen=True)
class Attached:
    """An attachment: its properties, and its bytes or the message that it is."""

    values: Values
    _heap: Heap = field(repr=False)
    _store: Store = field(repr=False)

    def data(self) -> bytes:
        """Its bytes; b"" where the store keeps none. An object's are those of its node."""
        kind, load = self.values.kept.get(_DATA, (0, None))
        if load is None:
            return b""
        if kind == _OBJECT:
            return self._heap.blocks.data(self._pointed().data)
        return load() or b""

    def message(self) -> Message:
        """The message that is attached (MS-PST 2.4.6.2.3); LookupError where there is none."""
        return self._store.message(self._pointed())

    def _pointed(self) -> Node:
        raw = self.values.pointer(_DATA) or b""
        found = self._heap.below.get(int.from_bytes(raw[:4], "little"))
        if found is None:
            raise LookupError("the object is not there")
        return found


@dataclass(frozen=True)
class Message:
    """An item: its properties, its recipients, its attachments."""

    values: Values
    _heap: Heap = field(repr=False)
    _store: Store = field(repr=False)

    def recipients(self) -> list[Values]:
        """Each recipient, in the order of the table."""
        node = self._heap.below.get(_PEOPLE)
        return [self._of(kept) for _, kept in self._rows(node)] if node else []

    def attachments(self) -> Iterator[Attached | None]:
        """Each attachment in the order of the table, those it does not name after them.

        None stands for one that could not be opened.
        """
        below, table = self._heap.below, self._heap.below.get(_ATTACHMENTS)
        listed = [number for number, _ in self._rows(table)] if table else []
        others = sorted(n for n in below if n & 0x1F == ATTACHMENT and n not in set(listed))
        for number in (*listed, *others):
            try:
                heap = Heap.on(self._heap.blocks, below[number])
                yield Attached(self._of(_ltp.properties(heap)), heap, self._store)
            except BROKEN:
                yield None

    def _rows(self, node: Node) -> list[tuple[int, Kept]]:
        return list(_ltp.rows(Heap.on(self._heap.blocks, node)))

    def _of(self, kept: Kept) -> Values:
        return Values(kept, self.values.code_page, self.values.doubts)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder: its names from the outside in, whether it holds what was deleted, and its node.

    `number` is None where it could not be opened, and then `why` says why. `stated` is how many
    items its own properties count.
    """

    names: tuple[str, ...]
    number: int | None
    deleted: bool = False
    why: ProblemKind = ProblemKind.CORRUPT
    stated: int | None = None
    nameless: bool = False  # its own properties could not be read


class Store:
    """One Outlook store of `size` bytes, opened from a stream whose first bytes are `head`."""

    def __init__(self, stream: BinaryIO, head: bytes, size: int) -> None:
        self.blocks = _ndb.opened(stream, head, size)

    @cached_property
    def _own(self) -> Values:
        try:
            return self._values(_STORE)
        except BROKEN:
            return Values({})

    @cached_property
    def _aliases(self) -> Mapping[int, int]:
        """Tags of named properties that are read: ours, and that of this store."""
        try:
            kept = self._values(_NAMES)
        except BROKEN:
            return {}
        return _named.aliases(kept.binary(0x0002) or b"", kept.binary(0x0003) or b"")

    def _values(self, number: int) -> Values:
        return Values(_ltp.properties(Heap.on(self.blocks, self.blocks.node(number))))

    def message(self, node: Node) -> Message:
        """The item on a node."""
        heap = Heap.on(self.blocks, node)
        kept = _ltp.properties(heap)
        for ours, theirs in self._aliases.items():
            if theirs in kept:
                kept[ours] = kept[theirs]
        bare = Values(kept)
        return Message(replace(bare, code_page=_mapi.stated_code_page(bare)), heap, self)

    def folders(self) -> Iterator[Folder]:
        """Every folder in the order of the store, each once; one that was not entered says why.

        The names begin below the folder that Outlook shows as the top of the mailbox.
        """
        seen: set[int] = set()
        waiting = [Folder((), _ROOT)]
        while waiting:
            folder = waiting.pop()
            if folder.number in seen:
                continue
            if len(folder.names) > DEEPEST:
                folder = Folder(folder.names[:DEEPEST], None, why=ProblemKind.LIMIT_DEPTH)
            yield folder
            if folder.number is not None:
                seen.add(folder.number)
                waiting.extend(reversed(list(self._below(folder))))

    def _below(self, folder: Folder) -> Iterator[Folder]:
        try:
            numbers = self.listed(folder, _FOLDERS)
        except BROKEN:
            yield Folder(folder.names, None, folder.deleted)
            return
        for number in numbers:
            if number & 0x1F != FOLDER:
                continue  # a search folder shows items of others
            yield self._folder(number, folder)

    def _folder(self, number: int, above: Folder) -> Folder:
        try:
            kept = self._values(number)
        except BROKEN:
            names = (*above.names, f"folder {number}")
            return Folder(names, number, above.deleted, nameless=True)
        name = kept.line(_NAME) or f"folder {number}"
        names = () if number == self._top or name == _TOP else (*above.names, name)
        deleted = above.deleted or number == self._waste or name.lower() in _WASTE_NAMES
        return Folder(names, number, deleted, stated=kept.number(_COUNT))

    def unlisted(self, number: int) -> Folder:
        """A folder that no other lists, as if it lay at the top."""
        return self._folder(number, Folder((), None))

    def listed(self, folder: Folder, kind: int = _ITEMS) -> list[int]:
        """The numbers of a folder's items, in the order of its list."""
        assert folder.number is not None  # noqa: S101 - a folder that was entered
        try:
            node = self.blocks.node(folder.number & ~0x1F | kind)
        except LookupError:
            return []
        return [number for number, _ in _ltp.rows(Heap.on(self.blocks, node))]

    @cached_property
    def _top(self) -> int | None:
        return _entry(self._own.binary(_SUBTREE))

    @cached_property
    def _waste(self) -> int | None:
        return _entry(self._own.binary(_WASTE))


def _entry(raw: bytes | None) -> int | None:
    """The number of the node that an entry id of a store names (MS-PST 2.4.3.2)."""
    return int.from_bytes(raw[20:24], "little") if raw and len(raw) >= 24 else None


def stated_end(head: bytes) -> int | None:
    """How long the store says it is (ibFileEof, MS-PST 2.2.2.6), None where the header is short."""
    if len(head) < 192:
        return None
    version = int.from_bytes(head[10:12], "little")
    ansi = version in (14, 15)
    return int.from_bytes(head[168:172] if ansi else head[184:192], "little")
