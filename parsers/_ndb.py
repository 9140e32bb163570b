"""The lower layer of an Outlook store: its two trees, its blocks, and their checksums.

An own reader, because libpff dies of some damaged stores, loses items of others in silence, and
hands out no message inside a message. Every page and block is held against its checksum; what does
not match is noted in `flaws`. Stores of Outlook 97 (ANSI), of 2003 on (Unicode), and of 2013 on
(pages of 4 KiB, blocks packed) are read. Sources: MS-PST 2.2, and for the last kind, which it
leaves out, the format documentation of libpff. Raises what `BROKEN` lists for what is broken.
"""

from __future__ import annotations

import struct
import zlib
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import BinaryIO

from . import _storecoding as coding

MAGIC = b"!BDN"
BROKEN = (ValueError, LookupError, OverflowError, struct.error, zlib.error)
_NODES, _BLOCKS = 0x81, 0x80  # MS-PST 2.2.2.7.1: the two trees
_INNER = 0  # any page above the leaves
# Bytes that are read of an entry, in ANSI and Unicode stores (MS-PST 2.2.2.7.7.2 to .4).
_LEAST = {_INNER: (12, 24), _BLOCKS: (10, 20), _NODES: (16, 28)}
_DEEPEST = 12  # levels of a tree; 512-byte pages reach any store with seven
_PACKED = 64  # how much smaller than its content a packed block may be
_AT_ONCE = 2048  # pages read at once where all are looked through
_KEPT = 512  # pages of the trees held in memory
_MOST_BLOCKS = 1 << 20


@dataclass(frozen=True, slots=True)
class Layout:
    """How one kind of store is laid out: widths of numbers, pages, blocks and their trailers."""

    wide: bool
    page: int
    body: int  # bytes of a page before the counts
    unit: int  # blocks are padded to a multiple of it
    trailer: int
    packed: bool

    @property
    def number(self) -> str:
        """The format of a block's number or place."""
        return "Q" if self.wide else "I"

    @property
    def page_end(self) -> int:
        """Where the trailer of a page begins."""
        return self.page - (24 if self.packed else 16 if self.wide else 12)


_ANSI = Layout(False, 512, 496, 64, 12, False)
_UNICODE = Layout(True, 512, 488, 64, 16, False)
_LARGE = Layout(True, 4096, 4056, 512, 24, True)


@dataclass(frozen=True, slots=True)
class Node:
    """An entry of the node tree or of an item's own: its number, data, own nodes, and parent."""

    number: int
    data: int
    below: int
    parent: int = 0


@dataclass
class Blocks:
    """The blocks and nodes of one store.

    `flaws` are the places whose checksums do not match or that cannot be read, by kind; `met`
    counts how often one was come upon.
    """

    stream: BinaryIO
    layout: Layout
    method: int
    roots: dict[int, int]  # of each tree, where its first page lies
    flaws: dict[str, set[int]] = field(default_factory=dict)
    met: int = 0
    most: int = 1 << 62  # bytes of the data of one node
    is_broken: bool = False  # whether a page of the trees could not be followed
    _pages: OrderedDict[tuple[int, int], _Page] = field(default_factory=OrderedDict)

    def node(self, number: int) -> Node:
        """A node by its number; LookupError where there is none."""
        row = self._find(_NODES, number)
        return self._node(row)

    def nodes(self) -> Iterator[Node]:
        """Every node in the order of their numbers; those that a broken tree hides come last."""
        for row in self._leaves(self.roots[_NODES], 0, set()):
            yield self._node(row)
        if not self.is_broken:
            return
        seen = {self._node(row).number for row in self._leaves(self.roots[_NODES], 0, set())}
        for number, row in sorted(self._strewn[_NODES].items()):
            if number not in seen:
                yield self._node(row)

    def _node(self, row: bytes) -> Node:
        if self.layout.wide:
            number, data, below, parent = struct.unpack_from("<QQQI", row)
            return Node(number & 0xFFFFFFFF, data, below, parent)
        return Node(*struct.unpack_from("<IIII", row))

    def pieces(self, number: int) -> list[bytes]:
        """The blocks of data under a block's number, in order; none for 0."""
        found: list[bytes] = []
        room = self.most
        for piece in self._pieces(number, 0) if number else ():
            room -= len(piece)
            if room < 0:
                raise ValueError("a node holds more than the store")
            found.append(piece)
        return found

    def data(self, number: int) -> bytes:
        """All data under a block's number."""
        return b"".join(self.pieces(number))

    def below(self, number: int) -> dict[int, Node]:
        """The nodes listed in the block `number` (MS-PST 2.2.2.8.3.3), by their number."""
        return {node.number: node for node in self._listed(number, 0)} if number else {}

    def _pieces(self, number: int, depth: int) -> Iterator[bytes]:
        if depth > 2:
            raise ValueError("blocks of blocks lie too deep")
        data = self._block(number)
        if not number & 2:
            yield coding.plain(data, self.method, number)
            return
        kind, level, count = struct.unpack_from("<BBH", data)
        if kind != 1 or level not in (1, 2) or count > _MOST_BLOCKS:
            raise ValueError("not a block of blocks")
        for (inner,) in self._rows(data, 8, count, 1):
            yield from self._pieces(inner, depth + 1)

    def _listed(self, number: int, depth: int) -> Iterator[Node]:
        if depth > 2:
            raise ValueError("lists of nodes lie too deep")
        data = self._block(number)
        kind, level, count = struct.unpack_from("<BBH", data)
        if kind != 2 or level > 1:
            raise ValueError("not a list of nodes")
        start = 8 if self.layout.wide else 4
        if level:
            for _, inner in self._rows(data, start, count, 2):
                yield from self._listed(inner, depth + 1)
            return
        for name, inner, below in self._rows(data, start, count, 3):
            yield Node(name & 0xFFFFFFFF, inner, below)

    def _rows(self, data: bytes, start: int, count: int, width: int) -> Iterator[tuple[int, ...]]:
        row = struct.Struct(f"<{width}{self.layout.number}")
        for at in range(start, start + count * row.size, row.size):
            yield row.unpack_from(data, at)

    def _block(self, number: int) -> bytes:
        """One block's bytes as they lie there, unpacked where the store packs them."""
        row = self._find(_BLOCKS, number & ~1)
        layout = self.layout
        if layout.wide:
            at, size, whole = struct.unpack_from("<8xQHH", row)
        else:
            at, size = struct.unpack_from("<4xIH", row)
            whole = size
        padded = -(-(size + layout.trailer) // layout.unit) * layout.unit
        self.stream.seek(at)
        raw = self.stream.read(padded)
        if len(raw) < size:
            raise ValueError("a block ends before its stated size")
        self._check_block(raw, size, padded, at)
        data = raw[:size]
        if layout.packed and whole > size:
            data = zlib.decompressobj().decompress(data, whole)
        return data

    def _check_block(self, raw: bytes, size: int, padded: int, place: int) -> None:
        end = raw[padded - self.layout.trailer :]
        if len(end) < 12:
            self.flaw("blocks", place)
            return
        at = 4 if self.layout.wide else 8
        stated = int.from_bytes(end[at : at + 4], "little")
        if stated != coding.crc(raw[:size]) or int.from_bytes(end[:2], "little") != size:
            self.flaw("blocks", place)

    def flaw(self, kind: str, place: int) -> None:
        """Note that what lies at a place is not as it was written."""
        self.flaws.setdefault(kind, set()).add(place)
        self.met += 1

    def _find(self, tree: int, key: int) -> bytes:
        """The leaf of a tree with this key; LookupError where there is none."""
        try:
            return self._descend(tree, key)
        except LookupError:
            if not self.is_broken:
                raise
        except BROKEN:
            self.is_broken = True
            self.flaw("pages", self.roots[tree])
        return self._strewn[tree][key]

    @cached_property
    def _strewn(self) -> dict[int, dict[int, bytes]]:
        """The leaves of both trees by key, gathered from wherever a whole page of them lies.

        A store keeps pages that it no longer needs until their room is taken: of several with the
        same key the latest page, by its number, is believed.
        """
        found: dict[int, dict[int, tuple[int, bytes]]] = {_NODES: {}, _BLOCKS: {}}
        for tree, number, page in self._whole_pages():
            for place, key in enumerate(page.keys):
                row = page.rows[place * page.width : (place + 1) * page.width]
                if number >= found[tree].get(key, (0, b""))[0]:
                    found[tree][key] = (number, row)
        return {tree: {key: row for key, (_, row) in rows.items()} for tree, rows in found.items()}

    def _whole_pages(self) -> Iterator[tuple[int, int, _Page]]:
        """Every page of leaves that matches its checksum: of which tree, its number, itself."""
        layout, step = self.layout, self.layout.page
        start = layout.page_end
        place = 0
        while True:
            self.stream.seek(place)
            many = self.stream.read(step * _AT_ONCE)
            for at in range(0, len(many) - step + 1, step):
                tree = many[at + start]
                if tree not in (_NODES, _BLOCKS) or many[at + start + 1] != tree:
                    continue
                page, number = self._parsed(many[at : at + step], tree, place + at, doubtful=False)
                if page is not None and not page.level:
                    yield tree, number, page
            if len(many) < step * _AT_ONCE:
                return
            place += len(many)

    def _descend(self, tree: int, key: int) -> bytes:
        at = self.roots[tree]
        for _ in range(_DEEPEST):
            page = self._page(at, tree)
            place = bisect_right(page.keys, key) - 1
            if place < 0 or (not page.level and page.keys[place] != key):
                raise LookupError("no such entry")
            row = page.rows[place * page.width : (place + 1) * page.width]
            if not page.level:
                return row
            at = self._inner(row)
        raise ValueError("a tree is too deep")

    def _inner(self, row: bytes) -> int:
        return int(struct.unpack_from("<16xQ" if self.layout.wide else "<8xI", row)[0])

    def _leaves(self, at: int, depth: int, seen: set[int]) -> Iterator[bytes]:
        """The leaves of the node tree; a page that cannot be read is a flaw and is passed over."""
        if depth > _DEEPEST or at in seen:
            self.is_broken = True
            self.flaw("pages", at)
            return
        seen.add(at)
        try:
            page = self._page(at, _NODES)
        except BROKEN:
            self.is_broken = True
            self.flaw("pages", at)
            return
        for start in range(0, len(page.keys) * page.width, page.width):
            row = page.rows[start : start + page.width]
            if page.level:
                yield from self._leaves(self._inner(row), depth + 1, seen)
            else:
                yield row

    def _page(self, at: int, tree: int) -> _Page:
        """A page of a tree (MS-PST 2.2.2.7.7); its checksum is looked at when it is first read."""
        kept = self._pages.get((tree, at))
        if kept is None:
            kept = self._pages[tree, at] = self._read_page(at, tree)
            if len(self._pages) > _KEPT:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end((tree, at))
        return kept

    def _read_page(self, at: int, tree: int) -> _Page:
        self.stream.seek(at)
        page, _ = self._parsed(self.stream.read(self.layout.page), tree, at, doubtful=True)
        if page is None:
            raise ValueError("not a page of this tree")
        return page

    def _parsed(
        self, raw: bytes, tree: int, at: int, *, doubtful: bool
    ) -> tuple[_Page | None, int]:
        """A page and its number; None for what is none, or is doubtful and must not be."""
        layout, start = self.layout, self.layout.page_end
        if len(raw) < layout.page:
            return None, 0
        counts = "<HHBB" if layout.packed else "<BBBB"
        count, _, width, level = struct.unpack_from(counts, raw, layout.body)
        kind, again, _, one, other = struct.unpack_from(f"<BBHI{layout.number}", raw, start)
        stated, number = (one, other) if layout.wide else (other, one)
        if stated != coding.crc(raw[:start]):
            if not doubtful:
                return None, 0
            self.flaw("pages", at)
        least = _LEAST[_INNER if level else tree][layout.wide]
        if kind != tree or again != tree or width < least or count * width > layout.body:
            return None, 0
        key = struct.Struct(f"<{layout.number}{width - (8 if layout.wide else 4)}x")
        rows = raw[: count * width]
        mask = ~1 if tree == _BLOCKS else 0xFFFFFFFF
        keys = [value & mask for (value,) in key.iter_unpack(rows)]
        return _Page(level, width, keys, rows), number


@dataclass(frozen=True, slots=True)
class _Page:
    level: int
    width: int
    keys: list[int]
    rows: bytes


def opened(stream: BinaryIO, head: bytes, size: int) -> Blocks:
    """The blocks of the store of `size` bytes whose first are `head` (MS-PST 2.2.2.6)."""
    found = _opened(stream, head)
    found.most = size * (_PACKED if found.layout.packed else 1)
    if coding.crc(head[8:479]) != int.from_bytes(head[4:8], "little"):
        found.flaw("header", 0)
    return found


def _opened(stream: BinaryIO, head: bytes) -> Blocks:
    if head[:4] != MAGIC or len(head) < 564:
        raise ValueError("not a store")
    version = int.from_bytes(head[10:12], "little")
    if version in (14, 15):
        roots = struct.unpack_from("<4xI4xI", head, 184)
        return Blocks(stream, _ANSI, head[461], {_NODES: roots[0], _BLOCKS: roots[1]})
    if version < 20:
        raise ValueError("not a known kind of store")
    roots = struct.unpack_from("<8xQ8xQ", head, 216)
    layout = _LARGE if version >= 36 else _UNICODE
    return Blocks(stream, layout, head[513], {_NODES: roots[0], _BLOCKS: roots[1]})
