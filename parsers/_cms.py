"""What lies in a CMS structure (S/MIME, PKCS #7): the content of one that is signed or compressed.

Only the way to the content is walked (RFC 5652 section 3 to 6, RFC 3274), over BER as mail programs
write it, with lengths of either kind, without recursion and within bounds. No signature is checked.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from dataclasses import dataclass
from enum import StrEnum

_LARGEST = 256 << 20  # bytes of a compressed content
_DEEPEST = 20  # octet strings within octet strings
_MOST_SKIPPED = 1_000_000
_PKCS7 = bytes.fromhex("2a864886f70d0107")
_SMIME = bytes.fromhex("2a864886f70d01091001")
_SEQUENCE, _IDENTIFIER, _EXPLICIT = 0x30, 0x06, 0xA0
_OCTETS, _OCTETS_IN_PIECES = 0x04, 0x24
_ARMOUR = re.compile(
    rb"\A\s*-----BEGIN (?:PKCS7|CMS|PKCS #7 SIGNED DATA)-----([A-Za-z0-9+/=\s]+)-----END"
)
_BASE64 = re.compile(rb"\A\s*(M[A-P][A-Za-z0-9+/\r\n]{60,}={0,2})\s*\Z")


class Kind(StrEnum):
    """What a structure does to its content."""

    SIGNED = "signed"
    ENCRYPTED = "encrypted"
    COMPRESSED = "compressed"


_KINDS = {
    _PKCS7 + b"\x02": Kind.SIGNED,
    _PKCS7 + b"\x03": Kind.ENCRYPTED,
    _PKCS7 + b"\x06": Kind.ENCRYPTED,
    _SMIME + b"\x17": Kind.ENCRYPTED,  # AuthEnvelopedData, RFC 5083
    _SMIME + b"\x09": Kind.COMPRESSED,
}


@dataclass(frozen=True, slots=True)
class Structure:
    """A structure's kind, and its content; None where that is elsewhere, sealed or damaged."""

    kind: Kind
    content: bytes | None = None


class _EndedError(ValueError):
    """The bytes are not what the structure promises."""


def binary(data: bytes) -> bytes:
    """The bytes of a structure that may be written as characters (PEM, or plain base 64)."""
    match = _ARMOUR.match(data) or _BASE64.match(data[: 1 << 27])
    if match is None:
        return data
    try:
        return base64.b64decode(re.sub(rb"\s", b"", match[1]))
    except (binascii.Error, ValueError):
        return data


def kind_of(start: bytes) -> Kind | None:
    """The kind of structure that bytes begin with, None for anything else."""
    try:
        return _KINDS.get(_outermost(start)[0])
    except _EndedError:
        return None


def read(data: bytes) -> Structure | None:
    """The structure in `data` and its content; None where it is none. Never raises."""
    try:
        identifier, at = _outermost(data)
    except _EndedError:
        return None
    kind = _KINDS.get(identifier)
    if kind is None or kind is Kind.ENCRYPTED:
        return None if kind is None else Structure(kind)
    try:
        content = _content(data, at)
    except _EndedError:
        return Structure(kind)
    if kind is Kind.COMPRESSED and content is not None:
        content = _inflated(content)
    return Structure(kind, content)


def _inflated(content: bytes) -> bytes | None:
    inflating = zlib.decompressobj()
    try:
        found = inflating.decompress(content, _LARGEST)
    except zlib.error:
        return None
    return None if inflating.unconsumed_tail else found


def _outermost(data: bytes) -> tuple[bytes, int]:
    """The content type of a ContentInfo, and where its explicit content begins."""
    at = _enter(data, 0, _SEQUENCE)
    identifier, at = _identifier(data, at)
    return identifier, _enter(data, at, _EXPLICIT)


def _content(data: bytes, at: int) -> bytes | None:
    """The octets of the encapsulated content: after a version and algorithms."""
    at = _enter(data, at, _SEQUENCE)
    at = _after(data, _after(data, at))
    at = _enter(data, at, _SEQUENCE)
    _, at = _identifier(data, at)
    if at >= len(data) or data[at] != _EXPLICIT:
        return None  # detached: what is signed lies elsewhere
    return _octets(data, _enter(data, at, _EXPLICIT))


def _header(data: bytes, at: int) -> tuple[int, int | None, int]:
    """Tag and length of an element (None: until its end mark), and where its value begins."""
    if at + 2 > len(data):
        raise _EndedError
    tag, length = data[at], data[at + 1]
    if tag & 0x1F == 0x1F:
        raise _EndedError
    if length < 0x80:
        return tag, length, at + 2
    if length == 0x80:
        return tag, None, at + 2
    width = length & 0x7F
    if width > 8 or at + 2 + width > len(data):
        raise _EndedError
    return tag, int.from_bytes(data[at + 2 : at + 2 + width], "big"), at + 2 + width


def _enter(data: bytes, at: int, expected: int) -> int:
    tag, _, value = _header(data, at)
    if tag != expected:
        raise _EndedError
    return value


def _identifier(data: bytes, at: int) -> tuple[bytes, int]:
    tag, length, value = _header(data, at)
    if tag != _IDENTIFIER or length is None:
        raise _EndedError
    return data[value : value + length], value + length


def _after(data: bytes, at: int) -> int:
    """Where the element that begins at a place ends."""
    depth = 0
    for _ in range(_MOST_SKIPPED):
        if depth and data[at : at + 2] == b"\0\0":
            depth, at = depth - 1, at + 2
        else:
            _, length, at = _header(data, at)
            if length is None:
                depth += 1
            else:
                at += length
        if at > len(data):
            break
        if not depth:
            return at
    raise _EndedError


def _octets(data: bytes, at: int) -> bytes:
    """An octet string in one piece or many (X.690 section 8.7)."""
    pieces: list[bytes] = []
    ends: list[int | None] = []  # of the strings in pieces that are open
    while True:
        while ends and ends[-1] is not None and at >= ends[-1]:
            ends.pop()
        if ends and ends[-1] is None and data[at : at + 2] == b"\0\0":
            ends.pop()
            at += 2
        else:
            tag, length, value = _header(data, at)
            at = value
            if tag == _OCTETS_IN_PIECES and len(ends) < _DEEPEST:
                ends.append(None if length is None else value + length)
                continue
            if tag != _OCTETS or length is None or value + length > len(data):
                raise _EndedError
            pieces.append(data[value : value + length])
            at = value + length
        while ends and ends[-1] is not None and at >= ends[-1]:
            ends.pop()
        if not ends:
            return b"".join(pieces)
