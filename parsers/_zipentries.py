"""The entries of a zip file, read within bounds (PKWARE APPNOTE 6.3.10).

The directory at the end is believed only as far as it can be checked: offsets must lie in the file,
no two entries may share bytes. Where the end is lost, as in a file that was cut off, the entries
are found by their own headers. Names are labels. Their bytes are left to `_unzip`.
"""

from __future__ import annotations

import os
import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_DESCRIPTOR = b"PK\x07\x08"
_END_64, _LOCATOR_64 = b"PK\x06\x06", b"PK\x06\x07"
_COMMENT = 65_557  # the longest comment and the end record
_MOST_DIRECTORY = 64 << 20  # bytes of a directory that are looked at
_MOST_SCANNED = 512 << 20  # bytes of a file without a directory that are looked at
_FULL = 0xFFFFFFFF
_UNIX = 3
_LOCKED, _DESCRIBED, _STRONG, _UTF_8, _MASKED = 0x1, 0x8, 0x40, 0x800, 0x2000


class NotAZipError(ValueError):
    """The bytes hold no zip directory and no entry that can be found without one."""


class SpannedError(ValueError):
    """The file is one of several that together are a zip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry: its name, where it starts, and its sizes as stated, which are not believed.

    `unsure` says that the name's charset is not stated; `packed` is None where the header of a
    file without a directory does not say.
    """

    name: str
    unsure: bool
    start: int
    packed: int | None
    size: int
    method: int
    flags: int
    crc: int
    mode: int
    overlaps: bool = False

    @property
    def is_folder(self) -> bool:
        """Whether it only names a folder."""
        return self.name.endswith("/") and not self.size

    @property
    def is_locked(self) -> bool:
        """Whether it needs a password (ZipCrypto, AES or strong encryption)."""
        return bool(self.flags & (_LOCKED | _STRONG | _MASKED)) or self.method == 99

    @property
    def is_regular(self) -> bool:
        """Whether it is a file, rather than a link or a device."""
        kind = stat.S_IFMT(self.mode)
        return kind in (0, stat.S_IFREG, stat.S_IFDIR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """The entries of a zip in the order of its directory.

    `stated` is how many it says there are, None where the directory is lost; `more` whether there
    were more than were looked at.
    """

    entries: tuple[Entry, ...]
    stated: int | None
    more: bool


def directory(stream: BinaryIO, *, most: int) -> Directory:
    """The entries of a zip, at most `most`; raises NotAZipError or SpannedError."""
    size = stream.seek(0, os.SEEK_END)
    found = _end(stream, size)
    if found is None:
        return _recovered(stream, size, most=most)
    stated, length, offset, end = found
    if length > end or offset > end:
        return _recovered(stream, size, most=most)
    before = max(0, end - length - offset)
    stream.seek(offset + before)
    data = stream.read(min(length, _MOST_DIRECTORY))
    entries: list[Entry] = []
    for entry in _listed(data, before):
        if len(entries) >= most:
            return Directory(entries=_apart(entries), stated=stated, more=True)
        entries.append(entry)
    if not entries and stated:
        return _recovered(stream, size, most=most)
    return Directory(entries=_apart(entries), stated=stated, more=length > _MOST_DIRECTORY)


def _end(stream: BinaryIO, size: int) -> tuple[int, int, int, int] | None:
    """Number of entries, the directory's length and offset, and where the end record begins."""
    start = max(0, size - _COMMENT)
    stream.seek(start)
    tail = stream.read(_COMMENT)
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < 22:
        return None
    disk, first, _, total, length, offset = struct.unpack_from("<HHHHII", tail, at + 4)
    end = start + at
    if disk == 0xFFFF or _FULL in (length, offset) or total == 0xFFFF:
        found = _end_64(stream, end)
        if found is not None:
            return found
    if disk not in (0, 0xFFFF) or first not in (0, 0xFFFF):
        raise SpannedError("the archive is one part of several")
    return total, length, offset, end


def _end_64(stream: BinaryIO, end: int) -> tuple[int, int, int, int] | None:
    if end < 20:
        return None
    stream.seek(end - 20)
    locator = stream.read(20)
    if not locator.startswith(_LOCATOR_64):
        return None
    where = struct.unpack_from("<Q", locator, 8)[0]
    if where + 56 > end:
        return None
    stream.seek(where)
    record = stream.read(56)
    if not record.startswith(_END_64):
        return None
    total, length, offset = struct.unpack_from("<QQQ", record, 32)
    return total, length, offset, where


def _listed(data: bytes, before: int) -> Iterator[Entry]:
    at = 0
    while data.startswith(CENTRAL, at) and at + 46 <= len(data):
        (made, _, flags, method, _, _, crc, packed, size, name, extra, comment, _, _, outer,
         start) = struct.unpack_from("<HHHHHHIIIHHHHHII", data, at + 4)  # fmt: skip
        raw = data[at + 46 : at + 46 + name]
        more = _extras(data[at + 46 + name : at + 46 + name + extra])
        wide = more.get(1, b"")
        size, wide = _wide(size, wide)
        packed, wide = _wide(packed, wide)
        start, wide = _wide(start, wide)
        said, unsure = _name(raw, flags, more.get(0x7075, b""))
        mode = outer >> 16 if made >> 8 == _UNIX else 0
        yield Entry(
            name=said, unsure=unsure, start=start + before, packed=packed, size=size,
            method=method, flags=flags, crc=crc, mode=mode,
        )  # fmt: skip
        at += 46 + name + extra + comment


def _wide(value: int, wide: bytes) -> tuple[int, bytes]:
    """A number, taken from the zip64 field where the plain one is full (APPNOTE 4.5.3)."""
    if value != _FULL or len(wide) < 8:
        return value, wide
    return int.from_bytes(wide[:8], "little"), wide[8:]


def _extras(data: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        found.setdefault(kind, data[at + 4 : at + 4 + length])
        at += 4 + length
    return found


def _name(raw: bytes, flags: int, unicode_path: bytes) -> tuple[str, bool]:
    """A name as characters, and whether its charset had to be guessed (APPNOTE 4.4.4, 4.6.9)."""
    if len(unicode_path) > 5 and unicode_path[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
        raw, flags = unicode_path[5:], flags | _UTF_8
    if raw.isascii():
        return raw.decode("ascii"), False
    try:
        return raw.decode("utf-8"), False
    except UnicodeDecodeError:
        return raw.decode("cp437"), True


def _apart(entries: list[Entry]) -> tuple[Entry, ...]:
    """The entries, those that share bytes with one that begins before them marked."""
    order = sorted(range(len(entries)), key=lambda n: (entries[n].start, n))
    end = -1
    marked: set[int] = set()
    for number in order:
        entry = entries[number]
        if entry.start < end:
            marked.add(number)
            continue
        end = entry.start + 30 + (entry.packed or 0)
    return tuple(
        replace(entry, overlaps=True) if number in marked else entry
        for number, entry in enumerate(entries)
    )


def _recovered(stream: BinaryIO, size: int, *, most: int) -> Directory:
    """The entries of a zip whose directory is lost, by their own headers."""
    stream.seek(0)
    data = stream.read(min(size, _MOST_SCANNED))
    entries: list[Entry] = []
    at = data.find(LOCAL)
    while at >= 0 and len(entries) < most:
        entry, following = _by_header(data, at)
        if entry is not None:
            entries.append(entry)
        at = data.find(LOCAL, following)
    if not entries:
        raise NotAZipError("no entry was found")
    return Directory(entries=tuple(entries), stated=None, more=at >= 0 or size > _MOST_SCANNED)


def _by_header(data: bytes, at: int) -> tuple[Entry | None, int]:
    if at + 30 > len(data):
        return None, len(data)
    flags, method, _, _, crc, packed, size, name, extra = struct.unpack_from(
        "<HHHHIIIHH", data, at + 6
    )
    if not name:
        return None, at + 4
    body = at + 30 + name + extra
    more = _extras(data[at + 30 + name : body])
    size, wide = _wide(size, more.get(1, b""))
    packed, _ = _wide(packed, wide)
    if flags & _DESCRIBED and not packed:
        ends = data.find(LOCAL, body)  # what is sought lies before the next entry
        ends = len(data) if ends < 0 else ends
        described = data.find(_DESCRIPTOR, body, ends)
        listed = data.find(CENTRAL, body, ends)
        packed = min(n for n in (described, listed, ends) if n >= 0) - body
        if described == body + packed and described + 16 <= len(data):
            crc, _, size = struct.unpack_from("<III", data, described + 4)
    said, unsure = _name(data[at + 30 : at + 30 + name], flags, more.get(0x7075, b""))
    entry = Entry(name=said, unsure=unsure, start=at, packed=packed, size=size, method=method,
                  flags=flags, crc=crc, mode=0)  # fmt: skip
    return entry, max(at + 4, min(body + packed, len(data)))
