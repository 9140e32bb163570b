"""Compound files (MS-CFB): are the chains of sectors whole, and what does the directory name?

Readers follow a chain until the stream's size is reached, so a chain that runs in a circle or
through another stream's sectors gives wrong bytes without an error. Here every sector is walked
once and what does not add up is said. Reading streams is left to the library.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CIRCLE = "A stream's chain of sectors runs in a circle; what was read from it may be wrong."
SHARED = "Two streams claim the same sector; what was read from them may be wrong."
OUTSIDE = "A stream's chain of sectors leaves the file; some of its content is lost."
SHORT = "A stream's chain of sectors ends before its stated size; some of its content is lost."
UNLISTED = "The file holds streams that its directory does not lead to; they were not read."
DIRECTORY = "The file's directory is damaged; streams may be missing."
TABLE = "The file's sector table is damaged or cut off; what was read may be wrong."

_END = 0xFFFFFFFE
_FREE = 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5


class NotCompoundError(ValueError):
    """The bytes are not a compound file whose header can be followed."""


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class _Layout:
    data: bytes
    sector: int
    mini: int
    cutoff: int
    directory: int
    minifat: int
    fat: array[int]
    doubts: tuple[str, ...]


def doubts(data: bytes) -> tuple[str, ...]:
    """What is wrong with the chains of a compound file, in words; empty where they are whole.

    Linear in the size of `data`: every sector is visited once. Raises `NotCompoundError` where
    the header cannot be followed. Reference: MS-CFB sections 2.2 to 2.6.
    """
    layout = _layout(data)
    found = list(layout.doubts)
    used = bytearray(len(layout.fat))
    sectors, flaw = _chain(layout.fat, layout.directory, used)
    entries = tuple(_entries(layout, sectors))
    minifat_sectors, mini_flaw = _chain(layout.fat, layout.minifat, used)
    found += [say for say in (flaw and DIRECTORY, mini_flaw) if say]
    found += _stream_flaws(layout, entries, used, _minifat(layout, minifat_sectors))
    found += _directory_flaws(entries)
    return tuple(dict.fromkeys(found))


def names(data: bytes) -> frozenset[str]:
    """The names in the directory of a compound file, wherever they lie in its tree."""
    layout = _layout(data)
    sectors, _ = _chain(layout.fat, layout.directory, bytearray(len(layout.fat)))
    return frozenset(entry.name for entry in _entries(layout, sectors))


def _layout(data: bytes) -> _Layout:
    if len(data) < 512 or not data.startswith(MAGIC):
        raise NotCompoundError("no compound file header")
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or mini_shift >= shift:
        raise NotCompoundError("impossible sector size")
    directory, _, cutoff, minifat = struct.unpack_from("<IIII", data, 48)
    sector = 1 << shift
    places, flawed = _fat_places(data, sector)
    fat, cut = _fat(data, places, sector)
    stated = struct.unpack_from("<I", data, 44)[0]
    wrong = flawed or cut or stated != len(places)
    return _Layout(
        data, sector, 1 << mini_shift, cutoff, directory, minifat, fat, (TABLE,) if wrong else ()
    )


def _fat_places(data: bytes, sector: int) -> tuple[list[int], bool]:
    """Where the file allocation table lies: 109 places in the header, the rest chained."""
    places = [n for n in struct.unpack_from("<109I", data, 76) if n < _END]
    following = struct.unpack_from("<I", data, 68)[0]
    most = len(data) // sector + 1
    seen: set[int] = set()
    while following < _END:
        block = _sector(data, following, sector)
        if following in seen or len(block) < sector:
            return places, True
        seen.add(following)
        numbers = struct.unpack(f"<{sector // 4}I", block)
        places += [n for n in numbers[:-1] if n < _END]
        following = numbers[-1]
        if len(places) > most:
            return places[:most], True
    return places, len(set(places)) != len(places)


def _fat(data: bytes, places: list[int], sector: int) -> tuple[array[int], bool]:
    raw = bytearray()
    cut = False
    for place in places:
        block = _sector(data, place, sector)
        cut = cut or len(block) < sector
        raw += block.ljust(sector, b"\xff")
    held = max(0, -(-len(data) // sector) - 1)
    table = _numbers(bytes(raw))
    return table[:held], cut


def _numbers(raw: bytes) -> array[int]:
    return array("L" if array("L").itemsize == 4 else "I", raw[: len(raw) // 4 * 4])


def _sector(data: bytes, number: int, sector: int) -> bytes:
    start = (number + 1) * sector
    return data[start : start + sector]


def _chain(
    table: array[int], start: int, used: bytearray, most: int | None = None
) -> tuple[list[int], str | None]:
    """The sectors from `start`, each marked in `used`; stops at the first that does not add up."""
    own: list[int] = []
    mine: set[int] = set()
    number = start
    while number < _END and (most is None or len(own) < most):
        if number >= len(table):
            return own, OUTSIDE
        if number in mine:
            return own, CIRCLE
        if used[number]:
            return own, SHARED
        used[number] = 1
        mine.add(number)
        own.append(number)
        number = table[number]
    if number in mine:
        return own, CIRCLE
    return own, None


def _entries(layout: _Layout, sectors: list[int]) -> Iterator[_Entry]:
    for number in sectors:
        block = _sector(layout.data, number, layout.sector)
        for at in range(0, len(block) - 127, 128):
            yield _entry(block[at : at + 128], wide=layout.sector == 4096)


def _entry(raw: bytes, *, wide: bool) -> _Entry:
    length, kind = struct.unpack_from("<HB", raw, 64)
    left, right, child = struct.unpack_from("<III", raw, 68)
    start, size = struct.unpack_from("<IQ", raw, 116)
    name = raw[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
    return _Entry(name, kind, left, right, child, start, size if wide else size & 0xFFFFFFFF)


def _minifat(layout: _Layout, sectors: list[int]) -> array[int]:
    raw = b"".join(_sector(layout.data, n, layout.sector) for n in sectors)
    return _numbers(raw)


def _stream_flaws(
    layout: _Layout, entries: tuple[_Entry, ...], used: bytearray, minifat: array[int]
) -> Iterator[str]:
    if not entries or entries[0].kind != _ROOT:
        yield DIRECTORY
        return
    root = entries[0]
    container, flaw = _chain(layout.fat, root.start, used)
    if flaw and root.size:
        yield flaw
    held = len(container) * layout.sector // layout.mini
    mini_used = bytearray(len(minifat))
    for entry in entries[1:]:
        if entry.kind != _STREAM or not entry.size:
            continue
        small = entry.size < layout.cutoff
        table, marks = (minifat, mini_used) if small else (layout.fat, used)
        width = layout.mini if small else layout.sector
        sectors, flaw = _chain(table, entry.start, marks)
        if flaw:
            yield flaw
        elif len(sectors) * width < entry.size:
            yield SHORT
        elif small and any(n >= held for n in sectors):
            yield OUTSIDE


def _directory_flaws(entries: tuple[_Entry, ...]) -> Iterator[str]:
    """Entries reached from the root, each once; the walk is a stack, never recursion."""
    if not entries:
        return
    reached = {0}
    waiting = [entries[0].child]
    while waiting:
        number = waiting.pop()
        if number == _FREE:
            continue
        if number >= len(entries) or number in reached or not entries[number].kind:
            yield DIRECTORY
            continue
        reached.add(number)
        entry = entries[number]
        waiting += [entry.left, entry.right]
        if entry.kind == _STORAGE:
            waiting.append(entry.child)
    if any(e.kind in (_STORAGE, _STREAM) for i, e in enumerate(entries) if i not in reached):
        yield UNLISTED
