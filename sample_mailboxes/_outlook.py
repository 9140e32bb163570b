"""Outlook's own formats: the conversation index that Exchange writes, and the .msg file.

The index is [MS-OXOMSG] 2.2.1.3 as modern Exchange really fills it: the root keeps the five bytes
of FILETIME below the reserved byte, while the response levels add up from the value that results
when that reserved byte is read as FILETIME's own top byte. Levels therefore hold true only modulo
2**54 (31 bits of 2**23 x 100 ns).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from extract_msg import OleWriter

from ._dice import Dice
from ._mail import Enclosure, Mail, Person

_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_WRAP = 1 << 54
_HEADER = 22
_TEXT, _BINARY, _LONG, _FLAG, _TIME = 0x001F, 0x0102, 0x0003, 0x000B, 0x0040
_READABLE_WRITABLE = 6
_UNICODE_STORE = 0x00040000
_UTF8 = 65001
_INTERNET_HEADERS = bytes.fromhex("8603020000000000c000000000000046")


def filetime(when: datetime) -> int:
    """An aware time in units of 100 ns since 1601."""
    return (when.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1) * 10


def root_index(when: datetime, dice: Dice) -> bytes:
    """The 22 bytes of a conversation that begins at `when`."""
    return b"\x01" + (filetime(when) >> 24).to_bytes(5, "big") + dice.bytes(16)


def reply_index(parent: bytes, started: datetime, dice: Dice) -> bytes:
    """The parent's index and five bytes more: a reply that was begun at `started`."""
    steps = ((filetime(started) - _accumulated(parent)) % _WRAP) >> 23
    return parent + (0x80000000 | steps).to_bytes(4, "big") + bytes([dice.below(16) << 4])


def _accumulated(index: bytes) -> int:
    total = int.from_bytes(index[0:6], "big") << 16
    for place in range(_HEADER, len(index), 5):
        value = int.from_bytes(index[place : place + 4], "big")
        total += (value & 0x7FFFFFFF) << (23 if value >> 31 else 18)
    return total


def level_times(index: bytes, sent: datetime) -> list[datetime]:
    """The time of the root and of each level, lifted to the wrap nearest the message's `sent`."""
    root = int.from_bytes(index[1:6], "big") << 24
    times = [_EPOCH + timedelta(microseconds=root // 10)]
    near = filetime(sent)
    for end in range(_HEADER + 5, len(index) + 1, 5):
        total = _accumulated(index[:end])
        lifted = total + round((near - total) / _WRAP) * _WRAP
        times.append(_EPOCH + timedelta(microseconds=lifted // 10))
    return times


def msg_file(mail: Mail, *, text: str, headers: str, received: datetime | None) -> bytes:
    """A .msg file ([MS-OXMSG]): `headers` is empty and `received` None in the sender's own copy."""
    writer = OleWriter()
    people = [*((1, p) for p in mail.to), *((2, p) for p in mail.cc)]
    people += [(3, p) for p in mail.bcc] if received is None else []
    enclosures = mail.draft.enclosures
    properties = [*_message(mail, text, headers, received), (0x0E1B, _FLAG, bool(enclosures))]
    counts = struct.pack("<8xIIII8x", len(people), len(enclosures), len(people), len(enclosures))
    _store(writer, (), counts, properties)
    for number, (kind, person) in enumerate(people):
        _store(
            writer, (f"__recip_version1.0_#{number:08X}",), bytes(8), _person(number, kind, person)
        )
    for number, enclosure in enumerate(enclosures):
        _store(writer, (f"__attach_version1.0_#{number:08X}",), bytes(8), _file(number, enclosure))
    _names(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


_Property = tuple[int, int, str | bytes | int | bool | datetime]


def _message(mail: Mail, text: str, headers: str, received: datetime | None) -> Iterator[_Property]:
    prefix, bare = _split_subject(mail.subject)
    yield from (
        (0x001A, _TEXT, "IPM.Note"),
        (0x0037, _TEXT, mail.subject),
        (0x003D, _TEXT, prefix),
        (0x0E1D, _TEXT, bare),
        (0x0070, _TEXT, bare),
        (0x0071, _BINARY, mail.index),
        (0x1000, _TEXT, text.replace("\n", "\r\n")),
        (0x1035, _TEXT, f"<{mail.message_id}>"),
        (0x0039, _TIME, mail.at),
        (0x0E06, _TIME, received or mail.at),
        (0x0E07, _LONG, 0x0001 | (0x0010 if mail.draft.enclosures else 0)),
        (0x0E04, _TEXT, "; ".join(p.name for p in mail.to)),
        (0x0E03, _TEXT, "; ".join(p.name for p in mail.cc)),
        (0x340D, _LONG, _UNICODE_STORE),
        (0x3FDE, _LONG, _UTF8),
        (0x8000, _TEXT, "yes"),
    )
    if mail.in_reply_to:
        yield 0x1042, _TEXT, f"<{mail.in_reply_to}>"
    if mail.references:
        yield 0x1039, _TEXT, " ".join(f"<{r}>" for r in mail.references)
    if headers:
        yield 0x007D, _TEXT, headers
    if mail.bcc and received is None:
        yield 0x0E02, _TEXT, "; ".join(p.name for p in mail.bcc)
    for name, kind, address, smtp in ((0x0C1A, 0x0C1E, 0x0C1F, 0x5D01),
                                      (0x0042, 0x0064, 0x0065, 0x5D02)):  # fmt: skip
        yield name, _TEXT, mail.sender.name
        yield kind, _TEXT, "SMTP"
        yield address, _TEXT, mail.sender.address
        yield smtp, _TEXT, mail.sender.address


def _person(number: int, kind: int, person: Person) -> Iterator[_Property]:
    yield from (
        (0x0C15, _LONG, kind),
        (0x3000, _LONG, number),
        (0x3001, _TEXT, person.name),
        (0x3002, _TEXT, "SMTP"),
        (0x3003, _TEXT, person.address),
        (0x39FE, _TEXT, person.address),
        (0x5FF6, _TEXT, person.name),
    )


def _file(number: int, enclosure: Enclosure) -> Iterator[_Property]:
    yield from (
        (0x0E21, _LONG, number),
        (0x0E20, _LONG, len(enclosure.data)),
        (0x3001, _TEXT, enclosure.name),
        (0x3701, _BINARY, enclosure.data),
        (0x3703, _TEXT, "." + enclosure.name.rpartition(".")[2]),
        (0x3704, _TEXT, enclosure.name),
        (0x3705, _LONG, 1),
        (0x3707, _TEXT, enclosure.name),
        (0x370E, _TEXT, enclosure.media_type),
    )


def _store(
    writer: OleWriter,
    folder: Sequence[str],
    header: bytes,
    properties: Sequence[_Property] | Iterator[_Property],
) -> None:
    rows = b""
    for identifier, kind, value in sorted(properties, key=lambda item: item[0]):
        tag = struct.pack("<II", identifier << 16 | kind, _READABLE_WRITABLE)
        if isinstance(value, datetime):
            rows += tag + struct.pack("<Q", filetime(value))
        elif isinstance(value, (bool, int)):
            rows += tag + struct.pack("<II", int(value), 0)
        else:
            data = value.encode("utf-16-le") if isinstance(value, str) else value
            size = len(data) + (2 if kind == _TEXT else 0)
            rows += tag + struct.pack("<II", size, 0)
            name = f"__substg1.0_{identifier:04X}{kind:04X}"
            writer.addEntry([*folder, name], data)
    writer.addEntry([*folder, "__properties_version1.0"], header + rows)


def _names(writer: OleWriter) -> None:
    """The one named property: an Internet header called X-Synthetic, as 0x8000."""
    name = "X-Synthetic".encode("utf-16-le")
    text = struct.pack("<I", len(name)) + name + bytes(-len(name) % 4)
    entry = struct.pack(
        "<IHH", 0, 3 << 1 | 1, 0
    )  # offset of the name, GUID 3 and "is a name", index
    folder = "__nameid_version1.0"
    writer.addEntry([folder, "__substg1.0_00020102"], _INTERNET_HEADERS)
    writer.addEntry([folder, "__substg1.0_00030102"], entry)
    writer.addEntry([folder, "__substg1.0_00040102"], text)


def _split_subject(subject: str) -> tuple[str, str]:
    head, colon, rest = subject.partition(": ")
    if colon and head.upper() in {"RE", "FW"}:
        return head + ": ", rest
    return "", subject
