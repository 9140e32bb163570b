"""The middle layer of an Outlook store: heaps, trees on them, and tables of properties.

What a node holds becomes properties by tag, each with its type and a way to fetch its bytes; what
the tags mean is left to others. Source: MS-PST 2.3. Raises what `_ndb.BROKEN` lists.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from ._ndb import Blocks, Node

Load = Callable[[], bytes | None]
Kept = dict[int, tuple[int, Load]]
_INLINE = {0x0002: 2, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x000B: 1}
_INLINE_IN_ROWS = {**_INLINE, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x0014: 8, 0x0040: 8}
_PROPERTIES, _TABLE, _TREE = 0xBC, 0x7C, 0xB5
_MOST_LEVELS = 8


@dataclass(frozen=True)
class Heap:
    """A heap on a node (MS-PST 2.3.1): allocations by number, and the node's own nodes by theirs.

    `large` is the kind of heap of stores with pages of 4 KiB, whose numbers split elsewhere.
    """

    blocks: Blocks = field(repr=False)
    pages: list[bytes] = field(repr=False)
    below: dict[int, Node] = field(repr=False)
    large: bool = False

    @classmethod
    def on(cls, blocks: Blocks, node: Node) -> Heap:
        """The heap of a node."""
        pages = blocks.pieces(node.data)
        return cls(blocks, pages, blocks.below(node.below), blocks.layout.packed)

    def header(self, client: int) -> int:
        """The number of the root allocation; ValueError where the heap is of another kind."""
        if not self.pages:
            raise ValueError("a node without data")
        signature, kind, root = struct.unpack_from("<xxBBI", self.pages[0])
        if (signature, kind) != (0xEC, client):
            raise ValueError("not the heap that was expected")
        return int(root)

    def get(self, number: int) -> bytes:
        """An allocation; b"" for none."""
        if number == 0:
            return b""
        place, index = (
            (number >> 19, number >> 5 & 0x3FFF)
            if self.large
            else (number >> 16, number >> 5 & 0x7FF)
        )
        if number & 0x1F or place >= len(self.pages) or not index:
            raise ValueError("no such allocation")
        page = self.pages[place]
        at = int.from_bytes(page[:2], "little")
        if index > int.from_bytes(page[at : at + 2], "little"):
            raise ValueError("no such allocation")
        start, end = struct.unpack_from("<HH", page, at + 2 + 2 * index)
        if not start <= end <= len(page):
            raise ValueError("an allocation leaves its page")
        return page[start:end]

    def value(self, number: int) -> bytes:
        """What a value points to: an allocation, or the data of one of the node's own nodes."""
        return self.get(number) if not number & 0x1F else self.blocks.data(self._node(number).data)

    def pieces(self, number: int) -> list[bytes]:
        """The same, block by block."""
        if not number & 0x1F:
            return [self.get(number)] if number else []
        return self.blocks.pieces(self._node(number).data)

    def _node(self, number: int) -> Node:
        found = self.below.get(number)
        if found is None:
            raise LookupError("a value points to a node that is not there")
        return found

    def leaves(self, root: int, key: int, width: int) -> Iterator[bytes]:
        """The rows of a tree on this heap (MS-PST 2.3.2), each with its key."""
        kind, keys, data, levels, first = struct.unpack_from("<BBBBI", self.get(root))
        if (kind, keys, data) != (_TREE, key, width) or levels > _MOST_LEVELS:
            raise ValueError("not the tree that was expected")
        return self._leaves(first, levels, key, width, set())

    def _leaves(
        self, number: int, level: int, key: int, width: int, seen: set[int]
    ) -> Iterator[bytes]:
        if number in seen:
            raise ValueError("the tree runs in a circle")
        seen.add(number)
        data = self.get(number)
        step = key + (4 if level else width)
        for at in range(0, len(data) // step * step, step):
            if level:
                below = int.from_bytes(data[at + key : at + step], "little")
                yield from self._leaves(below, level - 1, key, width, seen)
            else:
                yield data[at : at + step]


def properties(heap: Heap) -> Kept:
    """The properties of a node (MS-PST 2.3.3): type and bytes by tag."""
    kept: Kept = {}
    for row in heap.leaves(heap.header(_PROPERTIES), 2, 6):
        tag, kind, value = struct.unpack("<HHI", row)
        if kind in _INLINE:
            kept.setdefault(tag, (kind, partial(bytes, row[4:8])))
        else:
            kept.setdefault(tag, (kind, partial(heap.value, value)))
    return kept


def rows(heap: Heap) -> Iterator[tuple[int, Kept]]:
    """The rows of a table (MS-PST 2.3.4) in the order of its matrix, with their numbers."""
    info = heap.get(heap.header(_TABLE))
    kind, count, marks, end, index, matrix = struct.unpack_from("<BB4xHHII", info)
    if kind != _TABLE or not marks <= end:
        raise ValueError("not a table")
    columns = [struct.unpack_from("<IHBB", info, 22 + 8 * n) for n in range(count)]
    wide = 4 if heap.blocks.layout.wide else 2
    numbers = {
        int.from_bytes(row[4:], "little"): int.from_bytes(row[:4], "little")
        for row in heap.leaves(index, 4, wide)
    }
    place = 0
    for piece in heap.pieces(matrix) if matrix else ():
        for at in range(0, len(piece) // end * end if end else 0, end):
            if place in numbers:
                yield numbers[place], _row(heap, piece[at : at + end], columns, marks)
            place += 1
    if place < len(numbers):
        raise ValueError("the table ends before its last row")


def _row(heap: Heap, row: bytes, columns: list[tuple[int, ...]], marks: int) -> Kept:
    kept: Kept = {}
    for tag, at, width, bit in columns:
        if not row[marks + bit // 8] & 0x80 >> bit % 8:
            continue
        kind, cell = tag & 0xFFFF, row[at : at + width]
        if _INLINE_IN_ROWS.get(kind) == width:
            kept[tag >> 16] = (kind, partial(bytes, cell))
        else:
            kept[tag >> 16] = (kind, partial(heap.value, int.from_bytes(cell[:4], "little")))
    return kept
