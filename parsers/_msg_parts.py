"""What an Outlook message carries: its body in the best form there is, and what is attached.

Plain text is taken first, then HTML, then rich text, because unpacking rich text is slow and
guessed. Every attachment with bytes is handed on as evidence of its own; one that only names a
place elsewhere is said to be not in evidence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from commtrace.model import Attachment, Embedded, Mark, Problem, ProblemKind, Source

from . import _html, _rtf
from ._codepages import code_page
from ._mapi import PROPERTIES, Properties, Storage, broken
from ._text import clean, clean_line, decode

_DATA = 0x3701
_REPORT = 0x1001  # PidTagReportText: what a delivery report says
_OBJECT = "__substg1.0_3701000D"
BY_REFERENCE = frozenset({2, 3, 4, 7})


def body(message: Properties) -> tuple[str, tuple[str, ...]]:
    """The text of a message and what had to be assumed; "" where it has none."""
    plain = message.text(0x1000)
    if plain and plain.strip():
        return clean(plain), ()
    page, doubt = _page(message)
    if page.strip():
        text, doubts = _html.read(page)
        return clean(text), tuple(d for d in (doubt, *doubts) if d)
    text, doubts = _rich(message)
    return text or clean(message.text(_REPORT) or ""), doubts


def _page(message: Properties) -> tuple[str, str | None]:
    raw = message.binary(0x1013)
    if raw is None:
        return message.text(0x1013) or "", None
    stated = message.number(0x3FDE)
    return decode(raw, code_page(stated) if stated else message.code_page)


def _rich(message: Properties) -> tuple[str, tuple[str, ...]]:
    packed = message.binary(0x1009)
    if not packed:
        return "", ()
    rtf, doubt = _rtf.unpack(packed)
    text, is_html = _rtf.to_text(rtf)
    doubts = (doubt,) if doubt else ()
    if not is_html:
        return clean(text).strip("\n"), doubts
    text, more = _html.read(text)
    return clean(text), (*doubts, *more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """An attachment's label, and what becomes of it: evidence of its own, or why it cannot."""

    label: Attachment
    found: Embedded | Problem


def attached(message: Storage, source: Source, *, reader: str) -> Iterator[Attached]:
    """Each attachment of a message in the order of the file, numbered from 1."""
    for number, row in enumerate(message.children("__attach_version1.0_"), 1):
        place = replace(source, part=(*source.part, f"attachment {number}"))
        yield _attachment(row, place, reader=reader)


def _attachment(row: Storage, place: Source, *, reader: str) -> Attached:
    if row.has(_OBJECT):
        inner = row.within(_OBJECT)
        kind = "application/vnd.ms-outlook" if inner.has(PROPERTIES) else "application/x-ole-object"
        try:
            data = _export(inner)
        except broken():
            return unread(row, place, reader, ProblemKind.CORRUPT, "is damaged and was not read")
        name = name_of(row) or inner.line(0x0037)
        return with_bytes(row, place, data, name=name, media_type=kind, reader=reader)
    method = row.number(0x3705)
    data = row.binary(_DATA) or b""
    if not data and method in BY_REFERENCE:
        return unread(
            row, place, reader, ProblemKind.UNSUPPORTED_TYPE,
            "is only named: the message points to a file kept elsewhere, which is not in evidence",
        )  # fmt: skip
    return with_bytes(
        row, place, data, name=name_of(row), media_type=media_type_of(row), reader=reader
    )


_SIGNED, _ENVELOPED = (
    bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a864886f70d010703"),
)  # fmt: skip


def sealed(name: str, data: bytes) -> Mark | None:
    """What an S/MIME attachment of this name is: signed or encrypted (RFC 5652 3 to 6)."""
    if not name.lower().endswith((".p7m", ".p7s")):
        return None
    start = data[:64]
    if _SIGNED in start or data[:200].lower().startswith(b"content-type: multipart/signed"):
        return Mark.SIGNED
    return Mark.ENCRYPTED if _ENVELOPED in start else None


def name_of(row: Properties) -> str:
    """The long file name, else the short one, else the label shown to the reader."""
    return row.line(0x3707) or row.line(0x3704) or row.line(0x3001)


def media_type_of(row: Properties) -> str:
    """The stated media type; where none is, that of plain bytes."""
    return row.line(0x370E).lower() or "application/octet-stream"


def with_bytes(
    row: Properties, place: Source, data: bytes, *, name: str, media_type: str, reader: str
) -> Attached:
    """An attachment and its bytes as evidence of its own; a Problem where it holds none."""
    label = Attachment(
        name=clean_line(name),
        media_type=media_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )
    if not data:
        return unread(row, place, reader, ProblemKind.EMPTY, "is listed and holds no bytes")
    found = Embedded(source=place, name=label.name, media_type=media_type, data=data)
    return Attached(label=label, found=found)


def unread(row: Properties, place: Source, reader: str, kind: ProblemKind, what: str) -> Attached:
    """An attachment of which only the label is known; `what` completes "Attachment 2 ..."."""
    label = Attachment(name=name_of(row), media_type=media_type_of(row), size=0, sha256="")
    number = place.part[-1].rpartition(" ")[2]
    problem = Problem(source=place, reader=reader, kind=kind, what=f"Attachment {number} {what}.")
    return Attached(label=label, found=problem)


def _export(inner: Storage) -> bytes:
    """A message or object inside another, written out as a file that can be opened again."""
    from extract_msg import MSGFile  # noqa: PLC0415 - see `_mapi.broken`
    from extract_msg.enums import ErrorBehavior  # noqa: PLC0415 - likewise

    child = MSGFile(  # type: ignore[no-untyped-call]
        inner.file.path,
        prefix="/".join(inner.path),
        parentMsg=inner.file,
        filename="inside",
        delayAttachments=True,
        errorBehavior=ErrorBehavior.SUPPRESS_ALL,
    )
    return bytes(child.exportBytes(allowBadEmbed=True))
