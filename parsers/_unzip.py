"""The bytes of a zip's entry, counted while they come; no stated size is believed."""

from __future__ import annotations

import bz2
import lzma
import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Protocol

from ._zip import TooLargeError
from ._zipentries import LOCAL, Entry

_CHUNK = 1 << 16


class BrokenEntryError(ValueError):
    """An entry's header or bytes are not what the directory says."""


class UnknownMethodError(ValueError):
    """An entry is packed by a method that is not read."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The bytes of an entry as far as they could be had, and what is wrong with them ("")."""

    data: bytes
    flaw: str = ""


def unpack(stream: BinaryIO, entry: Entry, *, limit: int) -> Unpacked:
    """The bytes of an entry, as many as come out whole.

    Raises TooLargeError beyond `limit` bytes, BrokenEntryError where its header is none, and
    UnknownMethodError.
    """
    header = b""
    if entry.start <= stream.seek(0, os.SEEK_END):
        stream.seek(entry.start)
        header = stream.read(30)
    if len(header) < 30 or not header.startswith(LOCAL):
        raise BrokenEntryError("no header where the directory says")
    name, extra = struct.unpack_from("<HH", header, 26)
    stream.seek(entry.start + 30 + name + extra)
    out = BytesIO()
    flaw = ""
    checksum = 0
    try:
        for piece in _pieces(stream, entry):
            checksum = zlib.crc32(piece, checksum)
            if out.tell() + len(piece) > limit:
                raise TooLargeError("the entry is larger than is read")
            out.write(piece)
    except (zlib.error, OSError, EOFError, lzma.LZMAError, struct.error, _CutError):
        flaw = "Its packed bytes are damaged or cut off; what came out before that was read."
    if out.tell() == entry.size and checksum == entry.crc:
        return Unpacked(out.getvalue())
    if not flaw:
        flaw = "Its checksum or size is not the one that the archive states; it may be damaged."
    return Unpacked(out.getvalue(), flaw)


class _CutError(ValueError):
    """The packed bytes end early."""


class _Inflating(Protocol):
    """What the decompressors of the standard library have in common, but for zlib's."""

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


def _pieces(stream: BinaryIO, entry: Entry) -> Iterator[bytes]:
    packed = _packed(stream, entry.packed or 0)
    if entry.method == 0:
        yield from packed
    elif entry.method == 8:
        yield from _inflated(packed)
    elif entry.method == 12:
        yield from _by(bz2.BZ2Decompressor(), packed)
    elif entry.method == 14:
        yield from _by(_lzma(stream), packed)
    else:
        raise UnknownMethodError(str(entry.method))


def _packed(stream: BinaryIO, length: int) -> Iterator[bytes]:
    while length > 0:
        chunk = stream.read(min(_CHUNK, length))
        if not chunk:
            raise _CutError
        length -= len(chunk)
        yield chunk


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    inflating = zlib.decompressobj(-15)
    for chunk in packed:
        rest = chunk
        while rest and not inflating.eof:
            yield inflating.decompress(rest, _CHUNK)
            rest = inflating.unconsumed_tail
        if inflating.eof:
            return
    raise _CutError


def _by(inflating: _Inflating, packed: Iterator[bytes]) -> Iterator[bytes]:
    for chunk in packed:
        piece = inflating.decompress(chunk, _CHUNK)
        yield piece
        while not inflating.eof and not inflating.needs_input:
            yield inflating.decompress(b"", _CHUNK)
        if inflating.eof:
            return
    if not inflating.eof:
        raise _CutError


def _lzma(stream: BinaryIO) -> lzma.LZMADecompressor:
    """A decompressor for an entry that begins with its own properties (APPNOTE 5.8.8)."""
    _, length = struct.unpack("<HH", stream.read(4))
    properties = stream.read(length)
    if len(properties) < 5:
        raise _CutError
    value, remainder = divmod(properties[0], 9)
    size = int.from_bytes(properties[1:5], "little")
    if properties[0] >= 225 or size > 1 << 28:
        raise _CutError
    one = {"id": lzma.FILTER_LZMA1, "lc": remainder, "lp": value % 5, "pb": value // 5,
           "dict_size": size}  # fmt: skip
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[one])
