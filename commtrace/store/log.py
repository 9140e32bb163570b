"""SQLite's write-ahead log, read for itself: whether every frame that was written is still whole.

SQLite takes the first frame whose checksum does not fit for the end of the log and goes on without
a word, so that one flipped bit undoes everything written since. The format is that of
sqlite.org/fileformat2.html, section 4.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

_MAGIC = (0x377F0682, 0x377F0683)  # the low bit says in which byte order checksums are worked out
_HEADER, _FRAME = 32, 24
_BROKEN = (
    "The log of the last writes is damaged{where}: what was written from there on is lost to the "
    "program. Put a copy of the case back."
)


def broken(log: Path) -> str | None:
    """A sentence on the damage in a write-ahead log; None where it is whole, empty or not there."""
    try:
        data = log.read_bytes()
    except FileNotFoundError:
        return None
    if not data:
        return None
    if len(data) < _HEADER:
        return _BROKEN.format(where=" at its beginning")
    magic, _, page = struct.unpack(">3I", data[:12])
    order = ">" if magic & 1 else "<"
    total = _sum(data[:24], order, (0, 0))
    if magic not in _MAGIC or total != struct.unpack(">2I", data[24:32]):
        return _BROKEN.format(where=" at its beginning")
    return _broken_frame(data, page, order, total)


def _sum(data: bytes, order: str, start: tuple[int, int]) -> tuple[int, int]:
    first, second = start
    for one, two in struct.iter_unpack(f"{order}2I", data):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + two + first) & 0xFFFFFFFF
    return first, second


def _broken_frame(data: bytes, page: int, order: str, total: tuple[int, int]) -> str | None:
    salts = data[16:24]
    for number, frame in enumerate(_frames(data, page), 1):
        same = (int.from_bytes(frame[8:16]) ^ int.from_bytes(salts)).bit_count()
        if same > 1:  # of an earlier round of the log: not part of it any more
            return None
        total = _sum(frame[_FRAME:], order, _sum(frame[:8], order, total))
        if same or total != struct.unpack(">2I", frame[16:24]):
            return _BROKEN.format(where=f" at its frame {number}")
    return None


def _frames(data: bytes, page: int) -> Iterator[bytes]:
    """The whole frames of a log; one that was cut off in the writing was never part of it."""
    step = _FRAME + page
    for start in range(_HEADER, len(data) - step + 1, step):
        yield data[start : start + step]
