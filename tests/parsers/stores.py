"""Outlook stores made in memory (MS-PST, Unicode or ANSI, in each encoding): folders, items, files.

Only what a reader needs: two B-trees, blocks, heaps with tables of properties and of recipients.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from papers import PIDS, ticks

from commtrace.parsers import _storecoding

PIDS = {**PIDS, "folder": 0x3001, "conversation": 0x0070}
Value = str | int | bytes | datetime
ROOT, TOP = 0x122, 0x8022
_WIDE, _NUMBER, _BINARY, _TIME, _OBJECT = 0x1F, 0x03, 0x0102, 0x40, 0x0D


@dataclass(frozen=True)
class Mail:
    """An item: properties by name or tag, recipients as (1 To, 2 Cc, 3 Bcc; properties)."""

    values: Mapping[str | int, Value]
    recipients: Sequence[tuple[int, Mapping[str, Value]]] = ()
    attachments: Sequence[Mapping[str | int, Value]] = ()
    inside: Sequence[Mail] = ()  # messages attached to it
    listed: bool = True  # whether its folder's own list names it


@dataclass
class _Blocks:
    """The blocks of a store: where each lies and how long it is. `wide` is Unicode, else ANSI."""

    wide: bool = True
    method: int = 0
    data: bytearray = field(default_factory=lambda: bytearray(0x4800))
    places: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def number(self) -> str:
        return "Q" if self.wide else "I"

    def row(self, *numbers: int) -> bytes:
        return struct.pack(f"<{len(numbers)}{self.number}", *numbers)

    def node(self, number: int, data: int, below: int, parent: int) -> bytes:
        row = self.row(number, data, below)
        return row + struct.pack("<II" if self.wide else "<I", *((parent, 0)[: 1 + self.wide]))

    def add(self, content: bytes, *, internal: bool = False) -> int:
        number = (len(self.places) + 1) * 4 | (2 if internal else 0)
        at = len(self.data)
        if self.method and not internal:
            content = _encoded(content, number, self.method)
        padding = -(len(content) + (16 if self.wide else 12)) % 64
        self.places.append((number, at, len(content)))
        trailer = struct.pack("<HH", len(content), _signature(at, number))
        trailer += self._sealed(_crc(content), number)
        self.data += content + bytes(padding) + trailer
        return number

    def page(self, kind: int, entries: Sequence[bytes], level: int) -> tuple[int, int]:
        self.data += bytes(-len(self.data) % 512)
        at, number = len(self.data), 0x10000 + len(self.data)
        width, most = len(entries[0]), 488 if self.wide else 496
        body = b"".join(entries).ljust(most, b"\0")
        body += struct.pack("<BBBB", len(entries), most // width, width, level)
        body += bytes(4 if self.wide else 0)
        end = struct.pack("<BBH", kind, kind, _signature(at, number))
        self.data += body + end + self._sealed(_crc(body), number)
        return number, at

    def _sealed(self, crc: int, number: int) -> bytes:
        return struct.pack("<IQ", crc, number) if self.wide else struct.pack("<II", number, crc)

    def tree(self, kind: int, entries: Sequence[bytes], level: int = 0) -> tuple[int, int]:
        most, key = (488, 8) if self.wide else (496, 4)
        count = most // len(entries[0])
        groups = [entries[at : at + count] for at in range(0, len(entries), count)]
        pages = [(group[0][:key], self.page(kind, group, level)) for group in groups]
        if len(pages) == 1:
            return pages[0][1]
        return self.tree(kind, [first + self.row(*place) for first, place in pages], level + 1)


def _encoded(content: bytes, number: int, method: int) -> bytes:
    """As stores hide their data: each byte exchanged (1), or that turned with its place (2)."""
    if method == 1:
        return content.translate(_storecoding.ROTOR)
    return _storecoding.turned(content, number)


def store(
    folders: Mapping[tuple[str, ...], Sequence[Mail]],
    *,
    stated_end: int | None = None,
    wide: bool = True,
    method: int = 0,
) -> bytes:
    """A store whose folders lie below its top folder. `folders` names parents before children."""
    blocks, nodes = _Blocks(wide, method), []
    top = bytes(20) + struct.pack("<I", TOP)

    def node(number: int, values: Mapping[str | int, Value], parent: int, below: int = 0) -> None:
        nodes.append(blocks.node(number, blocks.add(properties(values)), below, parent))

    node(0x21, {0x35E0: top, "folder": "Mailbox"}, 0)
    sets, entries = _names()
    node(0x61, {0x0001: 251, 0x0002: sets, 0x0003: entries, 0x0004: bytes(4)}, 0)
    node(ROOT, {"folder": "", 0x3602: 0, 0x3603: 0}, ROOT)
    node(TOP, {"folder": "Top of Personal Folders", 0x3602: 0, 0x3603: 0}, ROOT)
    numbers = {(): TOP}
    below: dict[int, list[int]] = {ROOT: [TOP]}
    item = 0x200024
    for at, (names, mails) in enumerate(folders.items(), 1):
        numbers[names] = numbers.get(names, TOP + 0x20 * at)
        if names:
            held = sum(mail.listed for mail in mails)
            values = {"folder": names[-1], 0x3602: held, 0x3603: 0}  # a folder, to readpst
            node(numbers[names], values, numbers[names[:-1]])
            below.setdefault(numbers[names[:-1]], []).append(numbers[names])
        for mail in mails:
            node(item, mail.values, numbers[names], _below(blocks, mail))
            if mail.listed:
                below.setdefault(numbers[names], []).append(item)
            item += 0x20
    for folder, inside in below.items():
        for kind, wanted in ((0x0D, False), (0x0E, True)):  # its folders, its items
            rows = [one for one in inside if (one & 0x1F == 4) == wanted]
            if rows:
                content = table([{0x0E38: 0} for _ in rows], numbers=rows, wide=wide)
                number = folder & ~0x1F | kind
                nodes.append(blocks.node(number, blocks.add(content), 0, 0))
    return _file(blocks, sorted(nodes, key=lambda row: row[:4][::-1]), stated_end)


NAMED = {"start": 0x8001, "end": 0x8002, "where": 0x8003, "changed": 0x8004, "state": 0x8005}
"""Numbers that these stores give to properties of a meeting."""


def _names() -> tuple[bytes, bytes]:
    """The map of names: sets of properties, and entries; libpff wants it to hold one."""
    sets = UUID("00062002-0000-0000-c000-000000000046").bytes_le
    sets += UUID("6ed8da90-450b-101b-98da-00aa003f1305").bytes_le
    rows = ((0x8530, 4), (0x820D, 6), (0x820E, 6), (0x8208, 6), (0x001A, 8), (0x8217, 6))
    return sets, b"".join(struct.pack("<IHH", *row, at) for at, row in enumerate(rows))


def _file(blocks: _Blocks, nodes: Sequence[bytes], stated_end: int | None) -> bytes:
    node_root = blocks.tree(0x81, nodes)
    places = [
        blocks.row(number, at) + struct.pack("<HHI" if blocks.wide else "<HH",
                                             *((size, 2, 0)[: 2 + blocks.wide]))
        for number, at, size in blocks.places
    ]  # fmt: skip
    block_root = blocks.tree(0x80, places)
    data = blocks.data
    head = bytearray(564)
    struct.pack_into("<HHHBB", head, 8, 0x4D53, 23 if blocks.wide else 15, 19, 1, 1)
    end = len(data) if stated_end is None else stated_end
    root = blocks.row(end, 0x4400, 0, 0, *node_root, *block_root) + b"\x02"
    at, sentinel = (184, 512) if blocks.wide else (168, 460)
    head[at : at + len(root)] = root
    head[sentinel : sentinel + 2] = bytes((0x80, blocks.method))
    struct.pack_into("<I", head, 4, _crc(head[8:479]))
    if blocks.wide:
        struct.pack_into("<I", head, 524, _crc(head[8:524]))
    head[:4] = b"!BDN"
    data[: len(head)] = head
    return bytes(data)


def _below(blocks: _Blocks, mail: Mail) -> int:
    """The block that lists an item's own nodes: its recipients and attachments; 0 for none."""
    rows: list[tuple[int, int, int]] = []
    if mail.recipients:
        people = [{0x0C15: kind, **_tagged(values)} for kind, values in mail.recipients]
        rows.append((0x692, blocks.add(table(people, wide=blocks.wide)), 0))
    attached: list[tuple[Mapping[str | int, Value], int]] = [(a, 0) for a in mail.attachments]
    for one in mail.inside:
        content = properties(one.values)
        inner = _listed(blocks, [(0x2001A4, blocks.add(content), _below(blocks, one))])
        pointer = {0x3705: 5, "name": "inside", 0x3701: struct.pack("<II", 0x2001A4, len(content))}
        attached.append((pointer, inner))
    for at, (values, inner) in enumerate(attached):
        rows.append((0x8025 + 0x20 * at, blocks.add(properties(values, inner=bool(inner))), inner))
    if attached:
        listed = [{0x3705: 1} for _ in attached]
        places = [0x8025 + 0x20 * at for at in range(len(attached))]
        rows.append((0x671, blocks.add(table(listed, numbers=places, wide=blocks.wide)), 0))
    return _listed(blocks, sorted(rows)) if rows else 0


def _listed(blocks: _Blocks, rows: Sequence[tuple[int, int, int]]) -> int:
    content = struct.pack("<BBH", 2, 0, len(rows)) + bytes(4 if blocks.wide else 0)
    content += b"".join(blocks.row(*row) for row in rows)
    return blocks.add(content, internal=True)


def properties(values: Mapping[str | int, Value], *, inner: bool = False) -> bytes:
    """A table of properties (a heap that holds a tree); `inner`: 0x3701 points to a message."""
    held: list[bytes] = [b"", b""]
    rows = []
    for tag, value in sorted(_tagged(values).items()):
        kind, raw = _stored(value)
        if inner and tag == 0x3701:
            kind = _OBJECT
        if kind != _NUMBER:
            held.append(raw)
            raw = struct.pack("<I", len(held) << 5 if raw else 0)
        rows.append(struct.pack("<HH4s", tag, kind, raw))
    held[0] = struct.pack("<BBBBI", 0xB5, 2, 6, 0, 2 << 5)
    held[1] = b"".join(rows)
    return _heap(held, 0xBC)


def table(
    rows: Sequence[Mapping[int, Value]], *, numbers: Sequence[int] = (), wide: bool = True
) -> bytes:
    """A table context: every row has the columns of all rows, absent cells not marked as there."""
    kinds = {tag: _stored(value)[0] for row in rows for tag, value in row.items()}
    columns = [(0x67F2, _NUMBER), (0x67F3, _NUMBER), *sorted(kinds.items())]
    width, marks = 4 * len(columns), -(-len(columns) // 8)
    held: list[bytes] = [b"", b"", b"", b""]
    matrix, index = b"", b""
    for at, row in enumerate(rows):
        number = numbers[at] if numbers else at
        there, cells = 0b11 << 6, struct.pack("<II", number, 0)
        bits = there << 8 * (marks - 1)
        for place, (tag, kind) in enumerate(columns[2:], 2):
            raw = bytes(4)
            if tag in row:
                bits |= 1 << (8 * marks - 1 - place)
                raw = _stored(row[tag])[1]
                if kind != _NUMBER:
                    held.append(raw)
                    raw = struct.pack("<I", len(held) << 5)
            cells += raw
        matrix += cells + bits.to_bytes(marks, "big")
        index += struct.pack("<II" if wide else "<IH", number, at)
    described = b"".join(
        struct.pack("<IHBB", tag << 16 | kind, 4 * place, 4, place)
        for place, (tag, kind) in sorted(enumerate(columns), key=lambda one: one[1])
    )
    held[0] = (
        struct.pack(
            "<BBHHHHIII", 0x7C, len(columns), width, width, width, width + marks, 2 << 5, 4 << 5, 0
        )
        + described
    )
    held[1] = struct.pack("<BBBBI", 0xB5, 4, 4 if wide else 2, 0, 3 << 5)
    held[2], held[3] = index, matrix
    return _heap(held, 0x7C)


def _heap(held: Sequence[bytes], client: int) -> bytes:
    ends, at = [12], 12
    for one in held:
        at += len(one)
        ends.append(at)
    content = b"".join(held)
    padding = at % 2
    head = struct.pack("<HBBII", at + padding, 0xEC, client, 1 << 5, 0)
    places = struct.pack(f"<HH{len(ends)}H", len(held), 0, *ends)
    return head + content + bytes(padding) + places


def _tagged(values: Mapping[str | int, Value]) -> dict[int, Value]:
    return {PIDS[k] if isinstance(k, str) else k: v for k, v in values.items()}


def _stored(value: Value) -> tuple[int, bytes]:
    if isinstance(value, str):
        return _WIDE, value.encode("utf-16-le")
    if isinstance(value, int):
        return _NUMBER, struct.pack("<I", value)
    if isinstance(value, datetime):
        return _TIME, struct.pack("<Q", ticks(value))
    return _BINARY, value


def _crc(data: bytes) -> int:
    """MS-PST 5.3: CRC-32 that begins with zero and is not inverted at the end."""
    return zlib.crc32(data, 0xFFFFFFFF) ^ 0xFFFFFFFF


def _signature(at: int, number: int) -> int:
    mixed = at ^ number
    return (mixed >> 16 ^ mixed) & 0xFFFF
