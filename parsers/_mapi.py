"""Outlook properties (MS-OXMSG, MS-OXPROPS) by tag, out of a file that extract-msg has opened.

Knows how a property is stored, in which code page a string was written, and what the tags of
persons, times and attachments are called. What a message means is left to `_outlook`.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Protocol, Self

from commtrace.model import Address

from . import _named
from ._codepages import code_page, of_locale
from ._text import clean_line, decode

if TYPE_CHECKING:
    from extract_msg import MSGFile

for _name in ("extract_msg", "olefile"):  # what they would log is returned as doubts and Problems
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)

DAMAGED = "A part of the Outlook message is damaged and was not read."

ABSENT = "A part that the message itself lists is not there; some of its content is lost."
RESIZED = "A part of the message is not as long as the message says; it may be cut or altered."
UNLISTED = "A part of the message is not in the message's own list; the list may be damaged."

Path = tuple[str, ...]
_STREAM_NAME = "__SUBSTG1.0_"
# What a stated size counts beside the stream: a closing NUL, which some writers keep in the stream.
_IN_STREAMS = {0x001F: (2, 0), 0x001E: (1, 0), 0x0102: (0,)}
_STORAGE, _STREAM = 1, 2


class Entry(Protocol):
    """A directory entry as extract-msg's container library keeps it."""

    name: str
    kids: list[Entry]
    entry_type: int
    isectStart: int  # noqa: N815 - the library's name
    size: int
    olefile: Any


Index = Mapping[Path, Mapping[str, Entry]]
PROPERTIES = "__properties_version1.0"
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_SMALL = ("__RECIP_", "__ATTACH")  # storages whose property stream has the short header


@cache
def broken() -> tuple[type[Exception], ...]:
    """What extract-msg and its container library raise on damaged files; guards their calls only.

    They are loaded with the first message only, since that takes longer than all other formats.
    """
    from extract_msg.exceptions import ExMsgBaseException  # noqa: PLC0415 - see above

    return (
        OSError, ExMsgBaseException, ValueError, TypeError, KeyError, IndexError, AttributeError,
        OverflowError, struct.error, RecursionError,
    )  # fmt: skip


def open_message(data: bytes) -> tuple[MSGFile, Storage]:
    """The container, opened by extract-msg and to be closed, and its outermost message.

    The base class is asked for, because `openMsg` reads the body of a mail as it opens it, and
    one that is RTF only can take half a minute. Raises what `broken` lists.
    """
    from extract_msg import MSGFile  # noqa: PLC0415 - see `broken`
    from extract_msg.enums import ErrorBehavior  # noqa: PLC0415 - likewise

    file = MSGFile(  # type: ignore[no-untyped-call]
        data, delayAttachments=True, errorBehavior=ErrorBehavior.SUPPRESS_ALL
    )
    return file, Storage.top(file)


class Properties(Protocol):
    """The properties of one message, recipient or attachment by tag, however they are kept."""

    @property
    def code_page(self) -> str | None:
        """The code page of narrow strings, as Python calls it."""

    @property
    def doubts(self) -> list[str]:
        """What reading had to assume so far."""

    def number(self, tag: int) -> int | None:
        """A 16 or 32 bit integer or a truth value."""

    def time(self, tag: int) -> datetime | None:
        """A time in UTC."""

    def binary(self, tag: int) -> bytes | None:
        """A run of bytes."""

    def text(self, tag: int) -> str | None:
        """A string, as written, without its closing NULs."""

    def line(self, tag: int) -> str:
        """A string on one line, "" where there is none."""


@dataclass(frozen=True)
class Storage:
    """One message, recipient or attachment inside a file: its properties by tag.

    A tag is the property's id, `0x0037`; the type is whatever the file stored. `doubts` gathers
    in words what reading had to assume.
    """

    file: MSGFile = field(repr=False)
    path: Path = ()
    code_page: str | None = None
    index: Index = field(repr=False, default_factory=dict)
    doubts: list[str] = field(repr=False, default_factory=list)
    names: Mapping[int, int] = field(repr=False, default_factory=dict)  # of named properties

    @classmethod
    def top(cls, file: MSGFile) -> Self:
        """The outermost message of an opened file."""
        index = _index(file)
        bare = cls(file, (), None, index)
        map_ = Storage(file, ("__nameid_version1.0",), None, index)
        names = _named.aliases(map_.binary(0x0002) or b"", map_.binary(0x0003) or b"")
        return cls(file, (), stated_code_page(bare), index, names=names)

    def within(self, name: str) -> Storage:
        """A storage inside this one, named as the file names it, with this one's code page."""
        return Storage(self.file, (*self.path, name), self.code_page, self.index, self.doubts)

    @cached_property
    def _names(self) -> Mapping[str, Entry]:
        return self.index.get(self.path, {})

    def children(self, prefix: str) -> tuple[Storage, ...]:
        """The storages whose name begins with `prefix`, in the order of their numbers."""
        wanted = prefix.upper()
        found = [entry.name for name, entry in self._names.items() if name.startswith(wanted)]
        return tuple(self.within(name) for name in sorted(found, key=_place))

    def has(self, name: str) -> bool:
        """Whether a stream or storage of this name lies here."""
        return name.upper() in self._names

    def stream(self, name: str) -> bytes | None:
        """The bytes of a stream, None where there is none or it is damaged, which is a doubt."""
        entry = self._names.get(name.upper())
        if entry is None or entry.entry_type != _STREAM:
            return None
        try:
            return self._read(entry)
        except broken():
            self.doubts.append(DAMAGED)
            return None

    def _read(self, entry: Entry) -> bytes:
        with entry.olefile._open(entry.isectStart, entry.size) as stream:  # noqa: SLF001 - see _index
            return bytes(stream.read())

    @cached_property
    def fixed(self) -> Mapping[int, tuple[int, bytes]]:
        """Type and eight bytes of each fixed-width property, by id (MS-OXMSG 2.4)."""
        raw = self.stream(PROPERTIES) or b""
        start = 32 if not self.path else 8 if self.path[-1].upper().startswith(_SMALL) else 24
        found: dict[int, tuple[int, bytes]] = {}
        for at in range(start, len(raw) - 15, 16):
            tag = struct.unpack_from("<I", raw, at)[0]
            found.setdefault(tag >> 16, (tag & 0xFFFF, raw[at + 8 : at + 16]))
        return found

    def flaws(self) -> tuple[str, ...]:
        """What of the message is not there, or not as long as it says itself (MS-OXMSG 2.4.2.2)."""
        rows = (*self.children("__recip_version1.0_"), *self.children("__attach_version1.0_"))
        return tuple(dict.fromkeys(flaw for one in (self, *rows) for flaw in one.misfits()))

    def misfits(self) -> Iterator[str]:
        """The same of this storage alone."""
        listed: set[str] = set()
        for tag, (kind, raw) in self.fixed.items():
            if kind not in _IN_STREAMS:
                continue
            name = f"{_STREAM_NAME}{tag:04X}{kind:04X}"
            listed.add(name)
            entry, stated = self._names.get(name), int.from_bytes(raw[:4], "little")
            if entry is None or entry.entry_type != _STREAM:
                yield ABSENT
            elif stated - entry.size not in _IN_STREAMS[kind]:
                yield RESIZED
        kinds = tuple(f"{kind:04X}" for kind in _IN_STREAMS)
        for name in self._names:
            if name.startswith(_STREAM_NAME) and name.endswith(kinds) and name not in listed:
                yield UNLISTED

    def number(self, tag: int) -> int | None:
        """A 16 or 32 bit integer or a truth value."""
        kind, raw = self.fixed.get(self.names.get(tag, tag), (0, b""))
        if kind in (0x0003, 0x000A):
            return int.from_bytes(raw[:4], "little")
        if kind in (0x0002, 0x000B):
            return int.from_bytes(raw[:2], "little")
        return None

    def time(self, tag: int) -> datetime | None:
        """A time in UTC; None where there is none or it is one no calendar holds."""
        kind, raw = self.fixed.get(self.names.get(tag, tag), (0, b""))
        if kind != 0x0040:
            return None
        return filetime(raw, self.doubts)

    def binary(self, tag: int) -> bytes | None:
        """A run of bytes."""
        return self.stream(f"__substg1.0_{tag:04X}0102")

    def text(self, tag: int) -> str | None:
        """A string, as written, without its closing NULs; None where the file has none."""
        tag = self.names.get(tag, tag)
        wide = self.stream(f"__substg1.0_{tag:04X}001F")
        if wide is not None:
            return wide_text(wide)
        narrow = self.stream(f"__substg1.0_{tag:04X}001E")
        return None if narrow is None else narrow_text(narrow, self.code_page, self.doubts)

    def line(self, tag: int) -> str:
        """A string on one line, "" where the file has none."""
        return clean_line(self.text(tag) or "")


def stated_code_page(message: Properties) -> str | None:
    """The code page of a message's narrow strings: stated, of its locale, of its body.

    PidTagMessageCodepage, PidTagMessageLocaleId, PidTagInternetCodepage, in this order
    (MS-OXCMSG 2.2.1.4 to 2.2.1.6); None where none is stated.
    """
    stated = message.number(0x3FFD)
    if stated:
        return code_page(stated)
    locale = message.number(0x3FF1)
    if locale:
        return of_locale(locale)
    body = message.number(0x3FDE)
    return code_page(body) if body else None


def wide_text(raw: bytes) -> str:
    """A PtypString without its closing NULs (MS-OXCDATA 2.11.1)."""
    return raw[: len(raw) // 2 * 2].decode("utf-16-le", "replace").rstrip("\0")


def narrow_text(raw: bytes, code_page: str | None, doubts: list[str]) -> str:
    """A PtypString8 without its closing NULs; what had to be assumed goes to `doubts`."""
    found, doubt = decode(raw.rstrip(b"\0"), code_page)
    if doubt:
        doubts.append(doubt)
    return found


def filetime(raw: bytes, doubts: list[str]) -> datetime | None:
    """Ticks of 100 ns since 1601 as a time in UTC; None for zero and for what no calendar holds."""
    ticks = int.from_bytes(raw[:8], "little")
    if not ticks:
        return None
    try:
        return _EPOCH + timedelta(microseconds=ticks // 10)
    except OverflowError:
        doubts.append("A time stored in the message lies outside every calendar.")
        return None


def _index(file: MSGFile) -> dict[Path, dict[str, Entry]]:
    """Every directory entry by the storage it lies in and its name.

    extract-msg looks a path up by going through all of them, which a message to all staff makes
    quadratic; so its entries are taken once.
    """
    index: dict[Path, dict[str, Entry]] = {}
    waiting: list[tuple[Path, Entry]] = [((), file._getOleEntry("/"))]  # noqa: SLF001 - the library has no public way
    while waiting:
        path, storage = waiting.pop()
        for entry in storage.kids:
            index.setdefault(path, {}).setdefault(entry.name.upper(), entry)
            if entry.entry_type == _STORAGE:
                waiting.append(((*path, entry.name), entry))
    return index


def _place(name: str) -> tuple[int, str]:
    digits = name.rpartition("#")[2]
    try:
        return int(digits, 16), name
    except ValueError:
        return 1 << 32, name


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTags:
    """Where a person's name, address, address type and SMTP address are kept."""

    name: int
    address: int
    kind: int
    smtp: int


SENDER = PersonTags(name=0x0C1A, address=0x0C1F, kind=0x0C1E, smtp=0x5D01)
REPRESENTED = PersonTags(name=0x0042, address=0x0065, kind=0x0064, smtp=0x5D02)
RECEIVED_BY = PersonTags(name=0x0040, address=0x0076, kind=0x0075, smtp=0x5D07)
RECEIVED_FOR = PersonTags(name=0x0044, address=0x0078, kind=0x0077, smtp=0x5D08)
RECIPIENT = PersonTags(name=0x3001, address=0x3003, kind=0x3002, smtp=0x39FE)


def person(storage: Properties, tags: PersonTags) -> Address | None:
    """The person at `tags`: the SMTP address where one is kept, else the address as written."""
    name = unquoted(storage.line(tags.name))
    smtp, written = storage.line(tags.smtp), storage.line(tags.address)
    address = smtp or written
    if not name and not address:
        return None
    said = f"{name} <{address}>" if name and address and name != address else name or address
    return Address(name=name, address=address, said=said)


def unquoted(name: str) -> str:
    """A display name without the quotation marks that Outlook puts around it."""
    quoted = len(name) > 2 and name[0] == name[-1] and name[0] in "'\""
    return name[1:-1].strip() if quoted else name


def is_internal(address: str) -> bool:
    """Whether an address names an entry of an Exchange directory rather than a mailbox."""
    return address.lower().startswith(("/o=", "/ou=", "/cn="))


_KINDS = {1: "to", 2: "cc", 3: "bcc"}


def recipients(message: Properties, rows: Iterable[Properties]) -> Iterator[tuple[str, Address]]:
    """Each recipient of a message with "to", "cc" or "bcc", in the order of the table's rows."""
    for row in rows:
        found = person(row, RECIPIENT)
        kind = row.number(0x0C15)
        if found is None or (kind is not None and kind & 0xF == 0):  # 0 is the originator
            continue
        if kind is None or kind & 0xF not in _KINDS:
            message.doubts.append("A recipient's kind is not stated; read as To.")
        yield _KINDS.get((kind or 1) & 0xF, "to"), found
