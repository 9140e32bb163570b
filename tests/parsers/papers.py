"""Documents made in memory: what a parser is handed, Outlook files, PDFs and Word documents."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from extract_msg import OleWriter

from commtrace.model import Embedded, Found, Problem, Record, Source
from commtrace.plugins import Item, Parser

SHARED = Path(__file__).parents[2] / ".." / "shared" / "corpora"
PIDS = {
    "class": 0x001A, "subject": 0x0037, "body": 0x1000, "sender": 0x0C1A, "sender_address": 0x0C1F,
    "sender_kind": 0x0C1E, "sender_smtp": 0x5D01, "for": 0x0042, "for_address": 0x0065,
    "for_kind": 0x0064, "for_smtp": 0x5D02, "id": 0x1035, "reply_to_id": 0x1042,
    "references": 0x1039, "headers": 0x007D, "name": 0x3001, "address": 0x3003, "smtp": 0x39FE,
    "address_kind": 0x3002, "display_to": 0x0E04, "display_cc": 0x0E03, "file": 0x3707,
    "short_file": 0x3704, "mime": 0x370E, "received_by": 0x0076,
    "report": 0x1001,
}  # fmt: skip


def item(name: str, data: bytes) -> Item:
    """A whole file as a parser is handed it."""
    source = Source(sha256=hashlib.sha256(data).hexdigest(), path=f"evidence/{name}")
    return Item(
        source=source, name=name, size=len(data), head=data[:65536], open=lambda: io.BytesIO(data)
    )


def read(format_: Parser, name: str, data: bytes) -> list[Found]:
    return list(format_.read(item(name, data)))


def record(format_: Parser, name: str, data: bytes) -> Record:
    """The one record in a file."""
    (found,) = [one for one in read(format_, name, data) if isinstance(one, Record)]
    return found


def problems(format_: Parser, name: str, data: bytes) -> list[Problem]:
    return [one for one in read(format_, name, data) if isinstance(one, Problem)]


def embedded(format_: Parser, name: str, data: bytes) -> list[Embedded]:
    return [one for one in read(format_, name, data) if isinstance(one, Embedded)]


def ticks(when: datetime) -> int:
    return int((when - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000


def outlook(
    texts: Mapping[str, str],
    *,
    numbers: Mapping[int, int] | None = None,
    times: Mapping[int, datetime | int] | None = None,
    binaries: Mapping[int, bytes] | None = None,
    narrow: Mapping[int, bytes] | None = None,
    recipients: Sequence[tuple[int, Mapping[str, str]]] = (),
    attachments: Sequence[Mapping[str, object]] = (),
) -> bytes:
    """An Outlook message file. `recipients` are (1 To, 2 Cc, 3 Bcc; texts)."""
    writer = OleWriter(bytes.fromhex("0b0d020000000000c000000000000046"))
    _message(writer, "", texts, numbers=numbers, times=times, binaries=binaries, narrow=narrow,
             recipients=recipients, attachments=attachments)  # fmt: skip
    writer.addEntry("__nameid_version1.0", storage=True)
    for name in ("00020102", "00030102", "00040102"):
        writer.addEntry(f"__nameid_version1.0/__substg1.0_{name}", b"")
    return _bytes(writer)


def _message(writer, path, texts, *, numbers=None, times=None, binaries=None, narrow=None,
             recipients=(), attachments=()):  # fmt: skip
    rows = _strings(writer, path, texts)
    for tag, data in (binaries or {}).items():
        rows.append(_variable(writer, path, tag, 0x0102, data))
    for tag, data in (narrow or {}).items():
        rows.append(_variable(writer, path, tag, 0x001E, data))
    for tag, number in (numbers or {}).items():
        rows.append(struct.pack("<IIII", tag << 16 | 3, 6, number, 0))
    for tag, when in (times or {}).items():
        value = ticks(when) if isinstance(when, datetime) else when
        rows.append(struct.pack("<IIQ", tag << 16 | 0x40, 6, value))
    for n, (kind, person) in enumerate(recipients):
        place = f"{path}__recip_version1.0_#{n:08X}"
        writer.addEntry(place, storage=True)
        own = _strings(writer, f"{place}/", person)
        own.append(struct.pack("<IIII", 0x0C15 << 16 | 3, 6, kind, 0))
        writer.addEntry(f"{place}/__properties_version1.0", bytes(8) + b"".join(own))
    for n, attachment in enumerate(attachments):
        _attachment(writer, f"{path}__attach_version1.0_#{n:08X}", attachment)
    header = bytes(8) + struct.pack("<4I", len(recipients), len(attachments), len(recipients),
                                    len(attachments))  # fmt: skip
    padding = b"" if path else bytes(8)
    writer.addEntry(f"{path}__properties_version1.0", header + padding + b"".join(rows))


def _attachment(writer, place, attachment):
    writer.addEntry(place, storage=True)
    inside = attachment.get("message")
    method = attachment.get("method", 5 if inside else 1)
    texts = {key: value for key, value in attachment.items() if key in PIDS}
    rows = _strings(writer, f"{place}/", texts)
    if "data" in attachment:
        rows.append(_variable(writer, f"{place}/", 0x3701, 0x0102, attachment["data"]))
    if inside is not None:
        writer.addEntry(f"{place}/__substg1.0_3701000D", storage=True)
        _message(writer, f"{place}/__substg1.0_3701000D/", inside)
    rows.append(struct.pack("<IIII", 0x3705 << 16 | 3, 6, method, 0))
    writer.addEntry(f"{place}/__properties_version1.0", bytes(8) + b"".join(rows))


def _strings(writer, path, texts) -> list[bytes]:
    return [
        _variable(writer, path, PIDS[key], 0x001F, text.encode("utf-16-le"))
        for key, text in texts.items()
    ]


def _variable(writer, path, tag, kind, data) -> bytes:
    writer.addEntry(f"{path}__substg1.0_{tag:04X}{kind:04X}", data)
    return struct.pack("<IIII", tag << 16 | kind, 6, len(data) + (2 if kind == 0x1F else 0), 0)


def _bytes(writer: OleWriter) -> bytes:
    stream = io.BytesIO()
    stream.close = lambda: None  # the writer closes what it is given
    writer.write(stream)
    return stream.getvalue()


def pdf_file(pages: Sequence[Iterable[tuple[float, float, str]]], *, size: int = 11) -> bytes:
    """A PDF whose pages hold lines at (x, y) in points from the lower left corner."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    objects.append(
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    )
    for n, lines in enumerate(pages):
        drawn = "".join(
            f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({_escaped(text)}) Tj ET\n"
            for x, y, text in lines
        ).encode("cp1252")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R"
            b" >> >> /Contents %d 0 R >>" % (5 + 2 * n)
        )
        objects.append(b"<< /Length %d >>\nstream\n%sendstream" % (len(drawn), drawn))
    return _pdf(objects)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _pdf(objects: Sequence[bytes]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )


def column(
    x: float, top: float, text: str, *, leading: float = 14
) -> list[tuple[float, float, str]]:
    """Lines one below another; an empty line leaves a gap."""
    lines = text.split("\n")
    return [(x, top - leading * n, line) for n, line in enumerate(lines) if line]


def word(body: str, **parts: str | bytes) -> bytes:
    """A Word document whose body holds raw WordprocessingML; `parts` are further members."""
    start = '<?xml version="1.0" encoding="UTF-8"?>'
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f"{start}<Types/>")
        document = f"{start}<w:document {space}><w:body>{body}</w:body></w:document>"
        archive.writestr("word/document.xml", document)
        for name, content in parts.items():
            member = name.replace("__", "/").replace("_DOT_", ".")
            archive.writestr(member, f"{start}{content}" if isinstance(content, str) else content)
    return out.getvalue()


def paragraphs(*lines: str) -> str:
    """Plain paragraphs as WordprocessingML."""
    return "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
