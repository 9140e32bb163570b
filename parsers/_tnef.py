"""Outlook's own wrapping of a message, TNEF (winmail.dat): its properties and its attachments.

Knows the stream of attributes and how MAPI properties lie in it (MS-OXTNEF); what they mean is left
to `_outlook` and `_msg_parts`. Read in one pass; a length that leads out of the bytes ends it, and
what was read before stands.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from commtrace.model import Attachment, Embedded, Problem, ProblemKind, Source

from . import _named
from ._codepages import code_page
from ._mapi import filetime, narrow_text, stated_code_page, wide_text
from ._msg_parts import media_type_of
from ._text import clean_line, decode

MAGIC = b"\x78\x9f\x3e\x22"
CUT = "The winmail.dat is damaged or cut off; what came before the damage was read."
CHECKSUM = "A part of the winmail.dat does not match its checksum; it may be damaged."

_MOST = 100_000  # attributes or properties
_SUBJECT, _CLASS, _BODY, _PAGE = 0x8004, 0x8008, 0x800C, 0x9007
_PROPERTIES, _RECIPIENTS, _OF_ATTACHMENT = 0x9003, 0x9004, 0x9005
_RENDERING, _TITLE, _DATA, _TRANSPORT_NAME = 0x9002, 0x8010, 0x800F, 0x9001
_MESSAGE_OBJECT = bytes.fromhex("0703020000000000c000000000000046")  # IID_IMessage
_OBJECTS = 0x000D
_FIXED = {0x0002: 2, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 2,
          0x0014: 8, 0x0040: 8, 0x0048: 16, 0x0001: 0, 0x0000: 0}  # fmt: skip
_VARIABLE = (0x000D, 0x001E, 0x001F, 0x0102)
# The classes of Microsoft Mail by those that followed them (MS-OXTNEF 2.1.3.3.1).
_CLASSES = {
    "IPM.Microsoft Mail.Note": "IPM.Note",
    "IPM.Microsoft Mail.Read Receipt": "Report.IPM.Note.IPNRN",
    "IPM.Microsoft Mail.Non-Delivery": "Report.IPM.Note.NDR",
    "IPM.Microsoft Schedule.MtgReq": "IPM.Schedule.Meeting.Request",
    "IPM.Microsoft Schedule.MtgRespP": "IPM.Schedule.Meeting.Resp.Pos",
    "IPM.Microsoft Schedule.MtgRespN": "IPM.Schedule.Meeting.Resp.Neg",
    "IPM.Microsoft Schedule.MtgRespA": "IPM.Schedule.Meeting.Resp.Tent",
    "IPM.Microsoft Schedule.MtgCncl": "IPM.Schedule.Meeting.Canceled",
}


class _EndedError(ValueError):
    """A length leads out of the bytes."""


@dataclass
class TnefProperties:
    """The properties of a message, recipient or attachment by tag (see `_mapi.Properties`)."""

    values: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    code_page: str | None = None
    doubts: list[str] = field(default_factory=list)

    def number(self, tag: int) -> int | None:
        """A 16 or 32 bit integer or a truth value."""
        kind, raw = self.values.get(tag, (0, b""))
        return int.from_bytes(raw, "little") if kind in (0x0002, 0x0003, 0x000A, 0x000B) else None

    def time(self, tag: int) -> datetime | None:
        """A time in UTC; None where there is none or it is one no calendar holds."""
        kind, raw = self.values.get(tag, (0, b""))
        return filetime(raw, self.doubts) if kind == 0x0040 else None

    def binary(self, tag: int) -> bytes | None:
        """A run of bytes."""
        kind, raw = self.values.get(tag, (0, b""))
        return raw if kind in (0x0102, _OBJECTS) else None

    def is_object(self, tag: int) -> bool:
        """Whether a run of bytes is an object, which begins with the id of its interface."""
        return self.values.get(tag, (0, b""))[0] == _OBJECTS

    def text(self, tag: int) -> str | None:
        """A string, as written, without its closing NULs."""
        kind, raw = self.values.get(tag, (0, b""))
        if kind == 0x001F:
            return wide_text(raw)
        return narrow_text(raw, self.code_page, self.doubts) if kind == 0x001E else None

    def line(self, tag: int) -> str:
        """A string on one line, "" where there is none."""
        return clean_line(self.text(tag) or "")


@dataclass(slots=True)
class TnefAttachment:
    """One attachment: its properties, and its bytes as the attribute of its own holds them."""

    properties: TnefProperties
    title: bytes = b""
    transport_name: bytes = b""
    data: bytes = b""

    @property
    def is_message(self) -> bool:
        """Whether a message is attached, wrapped like the one it lies in."""
        return (self.properties.binary(0x3701) or b"")[:16] == _MESSAGE_OBJECT

    @property
    def bytes(self) -> bytes:
        """What is attached; of an object without the id before it."""
        stored = self.properties.binary(0x3701)
        if stored is None:
            return self.data
        return stored[16:] if self.properties.is_object(0x3701) else stored

    @property
    def name(self) -> str:
        """The long file name, else the short one, else the label shown to the reader."""
        own = self.properties
        said = own.line(0x3707) or own.line(0x3704) or own.line(0x3001)
        raw = (self.transport_name or self.title).split(b"\0")[0]
        return said or clean_line(decode(raw, own.code_page)[0]) or own.line(0x0037)


@dataclass(slots=True)
class Wrapped:
    """A message out of its wrapping."""

    message: TnefProperties
    recipients: list[TnefProperties] = field(default_factory=list)
    attachments: list[TnefAttachment] = field(default_factory=list)


def read(data: bytes) -> Wrapped:
    """The message in a TNEF stream, as far as it is whole; its doubts say what is not.

    `data` must begin with `MAGIC`. Never raises.
    """
    doubts: list[str] = []
    attributes = tuple(_attributes(data, doubts))
    page = next((a[2] for a in attributes if a[1] == _PAGE), b"")
    narrow = code_page(int.from_bytes(page[:4], "little")) if len(page) >= 4 else None
    whole = Wrapped(TnefProperties(code_page=narrow, doubts=doubts))
    older: dict[int, bytes] = {}
    for level, kind, value in attributes:
        if level == 2:
            _of_attachment(whole, kind, value)
        elif kind == _PROPERTIES:
            whole.message.values.update(_read_properties(value, doubts))
        elif kind == _RECIPIENTS:
            whole.recipients += _rows(value, whole.message)
        elif kind in (_SUBJECT, _CLASS, _BODY):
            older.setdefault(kind, value)
    if narrow is None:
        whole.message.code_page = stated_code_page(whole.message)
    _older(whole.message, older)
    return whole


def attached(
    whole: Wrapped, source: Source, *, reader: str, first: int = 1
) -> Iterator[tuple[Attachment, Embedded | Problem]]:
    """Each attachment's label, and its bytes as evidence of their own or why there are none.

    They are numbered from `first`.
    """
    for number, one in enumerate(whole.attachments, first):
        data = one.bytes
        kind = "application/ms-tnef" if one.is_message else media_type_of(one.properties)
        label = Attachment(
            name=one.name, media_type=kind, size=len(data), sha256=hashlib.sha256(data).hexdigest()
        )
        place = replace(source, part=(*source.part, f"attachment {number}"))
        if data:
            yield label, Embedded(source=place, name=one.name, media_type=kind, data=data)
            continue
        what = f"Attachment {number} is listed and holds no bytes."
        yield (
            label,
            Problem(source=place, reader=reader, kind=ProblemKind.EMPTY, what=what),
        )


def _attributes(data: bytes, doubts: list[str]) -> Iterator[tuple[int, int, bytes]]:
    """Level, id and value of each attribute (MS-OXTNEF 2.1.1)."""
    at = 6
    for _ in range(_MOST):
        if at + 11 > len(data):
            return
        level, identifier, length = struct.unpack_from("<BII", data, at)
        value = data[at + 9 : at + 9 + length]
        if level not in (1, 2) or len(value) < length:
            doubts.append(CUT)
            if level in (1, 2) and value:
                yield level, identifier & 0xFFFF, value
            return
        at += 11 + length
        stated = int.from_bytes(data[at - 2 : at], "little")
        if sum(value) & 0xFFFF != stated and CHECKSUM not in doubts:
            doubts.append(CHECKSUM)
        yield level, identifier & 0xFFFF, value


def _of_attachment(whole: Wrapped, kind: int, value: bytes) -> None:
    if kind == _RENDERING or not whole.attachments:
        own = TnefProperties(code_page=whole.message.code_page, doubts=whole.message.doubts)
        whole.attachments.append(TnefAttachment(own))
    latest = whole.attachments[-1]
    if kind == _TITLE:
        latest.title = value
    elif kind == _DATA:
        latest.data = value
    elif kind == _TRANSPORT_NAME:
        latest.transport_name = value
    elif kind == _OF_ATTACHMENT:
        latest.properties.values.update(_read_properties(value, whole.message.doubts))


def _older(message: TnefProperties, given: dict[int, bytes]) -> None:
    """What attributes say for which there is no property, as programs before MAPI wrote them."""
    said = given.get(_CLASS, b"").rstrip(b"\0").decode("ascii", "replace")
    said = _CLASSES.get(said, said)
    if said and 0x001A not in message.values:
        message.values[0x001A] = (0x001E, said.encode("ascii", "replace"))
    for kind, tag in ((_SUBJECT, 0x0037), (_BODY, 0x1000)):
        if kind in given and tag not in message.values:
            message.values[tag] = (0x001E, given[kind])


def _rows(value: bytes, message: TnefProperties) -> Iterator[TnefProperties]:
    """The recipients' rows (MS-OXTNEF 2.1.3.5.2)."""
    at = 4
    for _ in range(min(int.from_bytes(value[:4], "little"), _MOST)):
        row = TnefProperties(code_page=message.code_page, doubts=message.doubts)
        try:
            for tag, kind, raw, after in _each(value, at):
                at = after
                if tag is not None:
                    row.values.setdefault(tag, (kind, raw))
        except _EndedError:
            message.doubts.append(CUT)
            if row.values:
                yield row
            return
        if at + 4 > len(value) and not row.values:
            return
        yield row


def _read_properties(value: bytes, doubts: list[str]) -> dict[int, tuple[int, bytes]]:
    found: dict[int, tuple[int, bytes]] = {}
    try:
        for tag, kind, raw, _ in _each(value, 0):
            if tag is not None:
                found.setdefault(tag, (kind, raw))
    except _EndedError:
        doubts.append(CUT)
    return found


def _each(value: bytes, at: int) -> Iterator[tuple[int | None, int, bytes, int]]:
    """Tag, type, value and the place after it, of each property of a list (MS-OXTNEF 2.1.3.4).

    The tag is None for the list's own head and for properties whose name is not read.
    """
    count, at = _u32(value, at), at + 4
    yield None, 0, b"", at
    for _ in range(min(count, _MOST)):
        kind, tag = struct.unpack("<HH", _take(value, at, 4))
        at += 4
        found: int | None = tag
        if tag >= 0x8000:
            found, at = _of_name(value, at)
        raw, at = _value(value, at, kind)
        yield found, kind, raw, at


def _of_name(value: bytes, at: int) -> tuple[int | None, int]:
    of_set, by_name = _take(value, at, 16), _u32(value, at + 16)
    number = _u32(value, at + 20)
    if not by_name:
        return _named.tag_of(of_set, number), at + 24
    return None, at + 24 + _padded(len(_take(value, at + 24, number)))


def _value(value: bytes, at: int, kind: int) -> tuple[bytes, int]:
    """The first value of a property, and the place after all of them."""
    several, plain = bool(kind & 0x1000), kind & 0xEFFF
    variable = plain in _VARIABLE
    if not variable and plain not in _FIXED:
        raise _EndedError
    count = 1
    if several or variable:
        count, at = _u32(value, at), at + 4
    first: bytes | None = None
    for _ in range(count):
        length = _FIXED.get(plain, 0)
        if variable:
            length, at = _u32(value, at), at + 4
        raw = _take(value, at, length)
        first = raw if first is None else first
        at += _padded(length)
        if not length and count > _MOST:
            raise _EndedError
    return first or b"", at


def _take(value: bytes, at: int, length: int) -> bytes:
    if at + length > len(value):
        raise _EndedError
    return value[at : at + length]


def _u32(value: bytes, at: int) -> int:
    return int.from_bytes(_take(value, at, 4), "little")


def _padded(length: int) -> int:
    return length + (-length % 4)
