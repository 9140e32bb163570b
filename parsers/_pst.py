"""Items of an Outlook store: properties by tag as libpff hands them over, folders, the header.

A message attached to another is a block that libpff does not open; its table of properties is
decoded here (MS-PST 2.3.1 to 2.3.3), while what lies outside the block, long texts and the lists
of recipients and attachments, stays out of reach. What an item means is left to `_outlook`.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from commtrace.model import ProblemKind

from . import _mapi
from ._text import clean_line, decode

MAGIC = b"!BDN"
BROKEN = (
    OSError, ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError,
    SystemError, struct.error,
)  # fmt: skip
"""What libpff raises on damaged stores; guards calls into it only."""
DEEPEST = 100  # folders within folders
_OWN_KINDS = (2, 4)  # MS-PST 2.2.2.1: a folder, an item; others are Outlook's own
_WIDE, _NARROW, _BINARY, _TIME = 0x001F, 0x001E, 0x0102, 0x0040
_NUMBERS = {0x0002: 2, 0x0003: 4, 0x000B: 1}
_SUBJECT = 0x0037
_SUBTREE = 0x35E0  # PidTagIpmSubTreeEntryId: the folder in which a person's own folders lie
_TOP = "IPM_SUBTREE"  # the same folder by name, where the store does not point to it

Load = Callable[[], bytes | None]


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
            return raw[: len(raw) // 2 * 2].decode("utf-16-le", "replace").rstrip("\0")
        found, doubt = decode(raw.rstrip(b"\0"), self.code_page)
        if doubt:
            self.doubts.append(doubt)
        return found

    def line(self, tag: int) -> str:
        """A string on one line, "" where there is none."""
        return clean_line(self.text(tag) or "")


def values(record_set: Any, *, code_page: str | None = None, doubts: list[str]) -> Values:
    """The properties of a libpff record set; the bytes are fetched when they are asked for."""
    kept: dict[int, tuple[int, Load]] = {}
    for number in range(record_set.number_of_entries):
        entry = record_set.get_entry(number)
        if entry.entry_type is not None:
            kept.setdefault(entry.entry_type, (entry.value_type, partial(_data, entry)))
    found = Values(kept, code_page, doubts)
    return found if code_page else Values(kept, _mapi.stated_code_page(found), doubts)


def _data(entry: Any) -> bytes | None:
    data = entry.data
    return bytes(data) if data is not None else None


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder, its names from the outside in, and libpff's hold on it; None where it is shut."""

    names: tuple[str, ...]
    inside: Any = field(repr=False)
    why: ProblemKind = ProblemKind.CORRUPT


def folders(store: Any) -> Iterator[Folder]:
    """Every folder in the order of the file, each once; one that was not entered says why.

    The names begin below the folder that Outlook shows as the top of the mailbox.
    """
    top, seen = _top(store), set[int]()
    waiting = [Folder((), store.root_folder)]
    while waiting:
        folder = waiting.pop()
        if folder.inside is not None and folder.inside.identifier in seen:
            continue
        if len(folder.names) > DEEPEST:
            folder = Folder(folder.names[:DEEPEST], None, ProblemKind.LIMIT_DEPTH)
        yield folder
        if folder.inside is not None:
            seen.add(folder.inside.identifier)
            waiting.extend(reversed(list(_below(folder, top))))


def _below(folder: Folder, top: int | None) -> Iterator[Folder]:
    for number in range(count(folder.inside, "number_of_sub_folders") or 0):
        try:
            inside = folder.inside.get_sub_folder(number)
            name = clean_line(inside.name or "") or f"folder {inside.identifier}"
            is_top = inside.identifier == top or name == _TOP
        except BROKEN:
            yield Folder(folder.names, None)
            continue
        yield Folder(() if is_top else (*folder.names, name), inside)


def unlisted(folder: Any, listed: set[int]) -> tuple[int, ...]:
    """Items and folders that belong to a folder and do not stand in its own lists."""
    try:
        if folder.number_of_sub_items <= len(listed) + folder.number_of_sub_folders:
            return ()
        named = {folder.get_sub_folder(n).identifier for n in range(folder.number_of_sub_folders)}
        every = [folder.get_sub_item(n).identifier for n in range(folder.number_of_sub_items)]
    except BROKEN:
        return ()
    known = listed | named
    return tuple(one for one in every if one & 0x1F in _OWN_KINDS and one not in known)


def _top(store: Any) -> int | None:
    try:
        entry = values(store.message_store.get_record_set(0), doubts=[]).binary(_SUBTREE)
    except BROKEN:
        return None
    return int.from_bytes(entry[20:24], "little") if entry and len(entry) >= 24 else None


def count(thing: Any, what: str) -> int | None:
    """A number that libpff gives of a thing; None where the store is damaged there."""
    try:
        return int(getattr(thing, what) or 0)
    except BROKEN:
        return None


def stated_end(head: bytes) -> int | None:
    """How long the store says it is (ibFileEof, MS-PST 2.2.2.6), None where the header is short."""
    if len(head) < 192:
        return None
    version = int.from_bytes(head[10:12], "little")
    ansi = version in (14, 15)
    return int.from_bytes(head[168:172] if ansi else head[184:192], "little")


def block_bytes(head: bytes) -> int:
    """How many bytes of data one block of this store holds (MS-PST 2.2.2.8.3)."""
    version = int.from_bytes(head[10:12], "little")
    return 8180 if version in (14, 15) else 65512 if version >= 36 else 8176


def property_context(data: bytes, step: int) -> tuple[Values, frozenset[int]]:
    """The properties in the block of an attached message, and the tags of those outside of it.

    `step` is how many bytes one block holds. Raises ValueError or struct.error where the bytes
    are no table of properties.
    """
    heap = _Heap(tuple(data[at : at + step] for at in range(0, len(data), step)))
    signature, client, root = struct.unpack_from("<xxBBI", data)
    if signature != 0xEC or client != 0xBC:
        raise ValueError("not a table of properties")
    tree, key, width, levels, first = struct.unpack("<BBBBI", heap.get(root)[:8])
    if (tree, key, width) != (0xB5, 2, 6):
        raise ValueError("not a table of properties")
    kept: dict[int, tuple[int, Load]] = {}
    outside: set[int] = set()
    for row in _rows(heap, first, levels):
        tag, kind, value = struct.unpack("<HHI", row)
        if kind in _NUMBERS:
            kept.setdefault(tag, (kind, partial(bytes, row[4:8])))
        elif value & 0x1F:
            outside.add(tag)  # in a node of its own
        else:
            kept.setdefault(tag, (kind, partial(heap.get, value)))
    doubts: list[str] = []
    page = _mapi.stated_code_page(Values(kept, None, doubts))
    return Values(kept, page, doubts), frozenset(outside)


@dataclass(frozen=True, slots=True)
class _Heap:
    """A heap on a node (MS-PST 2.3.1): allocations by number, page by page."""

    pages: tuple[bytes, ...]

    def get(self, number: int) -> bytes:
        """An allocation; b"" for none. Raises ValueError where it lies outside."""
        if number == 0:
            return b""
        place, index = number >> 16, (number >> 5) & 0x7FF
        if number & 0x1F or place >= len(self.pages) or not index:
            raise ValueError("no such allocation")
        page = self.pages[place]
        at = int.from_bytes(page[:2], "little")
        count = int.from_bytes(page[at : at + 2], "little")
        if index > count:
            raise ValueError("no such allocation")
        start, end = struct.unpack_from("<HH", page, at + 2 + 2 * index)
        if not start <= end <= len(page):
            raise ValueError("an allocation leaves its page")
        return page[start:end]


def _rows(heap: _Heap, first: int, levels: int) -> Iterator[bytes]:
    """The leaves of a tree on a heap whose keys have two bytes and whose leaves have eight."""
    waiting = [(first, levels)]
    seen: set[int] = set()
    while waiting:
        number, level = waiting.pop()
        if number in seen:
            raise ValueError("the tree runs in a circle")
        seen.add(number)
        data = heap.get(number)
        width = 6 if level else 8
        rows = [data[at : at + width] for at in range(0, len(data) // width * width, width)]
        if not level:
            yield from rows
            continue
        below = [(int.from_bytes(row[2:6], "little"), level - 1) for row in rows]
        waiting.extend(reversed(below))
