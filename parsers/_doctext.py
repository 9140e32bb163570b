"""The words of a Word 97-2003 document by its piece table, without their layout (MS-DOC 2.4.1).

Converters give a letter's body with its lines, and leave out what stands around it: headers and
footers, comments and text boxes, which are read here. Word 6 and 95 have another header and are
left to the converters.
"""

from __future__ import annotations

import io
import re
import struct
from dataclasses import dataclass
from itertools import pairwise

import olefile  # type: ignore[import-untyped]

from ._text import clean

_IDENT = 0xA5EC
_TABLE_ONE = 0x0200  # fWhichTblStm
_LENGTHS = 0x4C  # ccpText, ccpFtn, ccpHdd, ccpMcr, ccpAtn, ccpEdn, ccpTxbx, ccpHdrTxbx
_HEADERS, _CLX = 0x00F2, 0x01A2  # places of fcPlcfHdd and fcClx in the header
_MOST_PIECES = 200_000
_MOST_CHARACTERS = 40_000_000
_SEPARATORS = 6  # stories of note separators before the headers of the first section
_FIELD = re.compile("\x13[^\x13\x14\x15]*(?:\x14([^\x13\x14\x15]*))?\x15")
_MARKS = str.maketrans({
    "\r": "\n", "\x07": "    ", "\x0b": "\n", "\x0c": "\n", "\x1e": "\u2011", "\x1f": None,
    "\x01": None, "\x02": None, "\x05": None, "\x08": None, "\x13": None, "\x14": None,
    "\x15": None, "\x03": None, "\x04": None, "\x00": None,
})  # fmt: skip
_BROKEN = (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, struct.error)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a document's parts; () where it has none of a kind."""

    body: str
    headers: tuple[str, ...] = ()
    footers: tuple[str, ...] = ()
    comments: str = ""
    boxes: str = ""


def words(data: bytes) -> Words | None:
    """The words of a document; None where it is no Word 97 document or is damaged."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            head = container.openstream("WordDocument").read()
            ident, flags = struct.unpack_from("<H8xH", head)
            if ident != _IDENT or flags & 0x0100:  # fEncrypted
                return None
            table = container.openstream("1Table" if flags & _TABLE_ONE else "0Table").read()
        return _read(head, table)
    except _BROKEN:
        return None


def _read(head: bytes, table: bytes) -> Words | None:
    lengths = struct.unpack_from("<8i", head, _LENGTHS)
    if min(lengths) < 0 or sum(lengths) > _MOST_CHARACTERS:
        return None
    text = _text(head, _pieces(head, table), sum(lengths))
    starts = [sum(lengths[:n]) for n in range(len(lengths) + 1)]
    parts = [text[a:b] for a, b in pairwise(starts)]
    headers, footers = _stories(head, table, parts[2])
    return Words(
        body=shown(parts[0]),
        headers=headers,
        footers=footers,
        comments=shown(parts[4]).strip(),
        boxes=shown(f"{parts[6]}\n{parts[7]}").strip(),
    )


def _pieces(head: bytes, table: bytes) -> list[tuple[int, int, int]]:
    """Where characters lie: their first and last number, and the place with its flag."""
    start, length = struct.unpack_from("<II", head, _CLX)
    clx = table[start : start + length]
    place = 0
    while clx[place] == 1:  # property modifiers
        place += 3 + int.from_bytes(clx[place + 1 : place + 3], "little")
    if clx[place] != 2:
        return []
    (size,) = struct.unpack_from("<I", clx, place + 1)
    count = min((size - 4) // 12, _MOST_PIECES)
    at = place + 5
    ends = struct.unpack_from(f"<{count + 1}i", clx, at)
    descriptors = at + 4 * (count + 1)
    return [
        (ends[n], ends[n + 1], struct.unpack_from("<I", clx, descriptors + 8 * n + 2)[0])
        for n in range(count)
    ]


def _text(head: bytes, pieces: list[tuple[int, int, int]], most: int) -> str:
    """The characters of all pieces in order (MS-DOC 2.9.73, FcCompressed)."""
    made: list[str] = []
    done = 0
    for first, last, place in pieces:
        number = min(last - first, most + 16 - done)
        if number <= 0:
            continue
        if place & 0x40000000:
            start = (place & 0x3FFFFFFF) // 2
            made.append(head[start : start + number].decode("cp1252", "replace"))
        else:
            start = place & 0x3FFFFFFF
            made.append(head[start : start + 2 * number].decode("utf-16-le", "replace"))
        done += number
    return "".join(made)


def _stories(head: bytes, table: bytes, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Headers and footers, each once: six stories a section, even and odd and first ones."""
    start, length = struct.unpack_from("<II", head, _HEADERS)
    count = min(length // 4, 4_000)
    if not text or count < 2:
        return (), ()
    ends = struct.unpack_from(f"<{count}i", table, start)
    headers: dict[str, None] = {}
    footers: dict[str, None] = {}
    for number in range(_SEPARATORS, count - 1):
        story = shown(text[max(0, ends[number]) : max(0, ends[number + 1])]).strip()
        if story:
            kind = (number - _SEPARATORS) % 6  # even, odd header; even, odd footer; first ones
            (headers if kind in (0, 1, 4) else footers).setdefault(story)
    return tuple(headers), tuple(footers)


def shown(text: str) -> str:
    """Text as a reader sees it: a field's result without its instruction, no marks of layout."""
    for _ in range(5):  # fields within fields
        shorter = _FIELD.sub(lambda match: match[1] or "", text)
        if shorter == text:
            break
        text = shorter
    return clean(text.replace("\x07\x07", "\r").translate(_MARKS))  # the end of a row of cells
