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
from typing import BinaryIO

import numpy as np

MAGIC = b"!BDN"
BROKEN = (ValueError, LookupError, OverflowError, struct.error, zlib.error)
_NODES, _BLOCKS = 0x81, 0x80  # MS-PST 2.2.2.7.1: the two trees
_DEEPEST = 12  # levels of a tree; 512-byte pages reach any store with seven
_KEPT = 512  # pages of the trees held in memory
_MOST_BLOCKS = 1 << 20
_PERMUTED, _ROTATED = 1, 2

# MS-PST 5.1: the tables mpbbR, mpbbS and mpbbI; the third undoes the first.
_ROTOR = bytes.fromhex(
    "41361362a8216ebbf416cc047f64e85d1ef2cb2a74c55e35d295479e962d9a88"
    "4c7d843fdbac31b6485ff6c4d8398be7233b388ec8c1df25b120a546604e9cfb"
    "aad35651457c550007c92b9d859b09a08fadb30f63ab894bd7a7155a716642bf"
    "264a6b98faea7753b270052cfd593a867ece06eb827857c78d43afb41cd45bcd"
    "e2e9274fc3087280cfb0eff5286dbe304d3492d50e3c2232e5e4f99fc2d10a81"
    "12e1ee918376e397e6618a1779a4b7dc907a5c8c02a6ca69de501a1193b95287"
    "58fced1d37491b6ae0293399bd6cd994f340546ff0c673b8d63e6518441fdd67"
    "10f10c19ecae03a1147ba90bfff8a3c0a201f72ebc2468750dfeba2fb5d0da3d"
)
_MIRROR = bytes.fromhex(
    "14530f56b3c87a9ceb65481716159f02cc547c83000d0c0ba262a876dbd9edc7"
    "c5a4dcac8574d6d0a79bae9a967166c36399b8dd73928e847da55ed15d93b157"
    "5150808952944f4e0a6bbc8d7f6e47464140440111cb033ff7f4e1a98f3c3af9"
    "fbf0193082092ec99da08649ee6f4d6dc42d813425871b88aafc06a11238fd4c"
    "4272641337246a757743ffe6b44b365ce4d8353d45b92cecb7312b290768a30e"
    "697b189e2139be281a5b78f523ca2ab0af3efe048ce7e5983295d3f64ae8a6ea"
    "e9f3d52f7020f21f0567ad5510cecde3273bdabad7c226d4911dd21c2233f8fa"
    "f15aefcf90b68bb5bdc0bf08971e6ce261e0c6c159abbb58de5fdf60797eb28a"
)
_UNDONE = bytes(_ROTOR.index(value) for value in range(256))


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
    _pages: OrderedDict[int, _Page] = field(default_factory=OrderedDict)

    def node(self, number: int) -> Node:
        """A node by its number; LookupError where there is none."""
        row = self._find(_NODES, number)
        return self._node(row)

    def nodes(self) -> Iterator[Node]:
        """Every node in the order of their numbers, as far as the tree is whole."""
        for row in self._leaves(self.roots[_NODES], 0, set()):
            yield self._node(row)

    def _node(self, row: bytes) -> Node:
        if self.layout.wide:
            number, data, below, parent = struct.unpack_from("<QQQI", row)
            return Node(number & 0xFFFFFFFF, data, below, parent)
        return Node(*struct.unpack_from("<IIII", row))

    def pieces(self, number: int) -> list[bytes]:
        """The blocks of data under a block's number, in order; none for 0."""
        return list(self._pieces(number, 0)) if number else []

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
            yield self._plain(data, number)
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
        if stated != crc(raw[:size]) or int.from_bytes(end[:2], "little") != size:
            self.flaw("blocks", place)

    def _plain(self, data: bytes, number: int) -> bytes:
        if self.method == _PERMUTED:
            return data.translate(_UNDONE)
        return _rotated(data, number) if self.method == _ROTATED else data

    def flaw(self, kind: str, place: int) -> None:
        """Note that what lies at a place is not as it was written."""
        self.flaws.setdefault(kind, set()).add(place)
        self.met += 1

    def _find(self, tree: int, key: int) -> bytes:
        """The leaf of a tree with this key; LookupError where there is none."""
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
            self.flaw("pages", at)
            return
        seen.add(at)
        try:
            page = self._page(at, _NODES)
        except BROKEN:
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
        kept = self._pages.get(at)
        if kept is None:
            kept = self._pages[at] = self._read_page(at, tree)
            if len(self._pages) > _KEPT:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(at)
        return kept

    def _read_page(self, at: int, tree: int) -> _Page:
        layout = self.layout
        self.stream.seek(at)
        raw = self.stream.read(layout.page)
        if len(raw) < layout.page:
            raise ValueError("a page ends early")
        start = layout.page - (24 if layout.packed else 16 if layout.wide else 12)
        count, _, width, level = struct.unpack_from(
            "<HHBB" if layout.packed else "<BBBB", raw, layout.body
        )
        stated = int.from_bytes(raw[start + 4 : start + 8] if layout.wide else raw[-4:], "little")
        if stated != crc(raw[:start]):
            self.flaw("pages", at)
        if raw[start] != tree or raw[start + 1] != tree or not width or count * width > layout.body:
            raise ValueError("not a page of this tree")
        key = struct.Struct(f"<{layout.number}{width - (8 if layout.wide else 4)}x")
        rows = raw[: count * width]
        mask = ~1 if tree == _BLOCKS else 0xFFFFFFFF
        keys = [one & mask for (one,) in key.iter_unpack(rows)]
        return _Page(level, width, keys, rows)


@dataclass(frozen=True, slots=True)
class _Page:
    level: int
    width: int
    keys: list[int]
    rows: bytes


def opened(stream: BinaryIO, head: bytes) -> Blocks:
    """The blocks of the store whose first bytes are `head` (MS-PST 2.2.2.6)."""
    found = _opened(stream, head)
    if crc(head[8:479]) != int.from_bytes(head[4:8], "little"):
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


def crc(data: bytes) -> int:
    """The checksum of MS-PST 5.3: CRC-32 that begins with zero and is not inverted at the end."""
    return zlib.crc32(data, 0xFFFFFFFF) ^ 0xFFFFFFFF


def _rotated(data: bytes, number: int) -> bytes:
    """A block without the cyclic encoding (MS-PST 5.2), whose key is the block's own number."""
    key = (number & 0xFFFF) ^ (number >> 16 & 0xFFFF)
    places = np.arange(key, key + len(data), dtype=np.uint32)
    low, high = places.astype(np.uint8), (places >> 8).astype(np.uint8)
    rotor, mirror, undone = (
        np.frombuffer(one, dtype=np.uint8) for one in (_ROTOR, _MIRROR, _UNDONE)
    )
    given = np.frombuffer(data, dtype=np.uint8)
    turned = mirror[rotor[given + low] + high] - high
    return bytes((undone[turned] - low).tobytes())
