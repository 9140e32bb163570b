"""Containers of mail made by code: zips that lie, winmail.dat, S/MIME structures."""

from __future__ import annotations

import io
import struct
import zipfile

from commtrace.parsers import _tnef


def zip_of(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def attribute(level: int, kind: int, data: bytes) -> bytes:
    return (
        struct.pack("<BII", level, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
    )


def properties(values: dict[int, object]) -> bytes:
    """MAPI properties as TNEF keeps them: strings wide, bytes, numbers."""
    out = struct.pack("<I", len(values))
    for tag, value in values.items():
        if isinstance(value, int):
            out += struct.pack("<HHI", 0x0003, tag, value)
            continue
        raw = value if isinstance(value, bytes) else f"{value}\0".encode("utf-16-le")
        kind = 0x000D if tag == 0x3701 and isinstance(value, bytes) and value[:1] == b"\x07" else (
            0x0102 if isinstance(value, bytes) else 0x001F
        )  # fmt: skip
        out += struct.pack("<HHII", kind, tag, 1, len(raw)) + raw + bytes(-len(raw) % 4)
    return out


def winmail(
    message: dict[int, object],
    recipients: tuple[dict[int, object], ...] = (),
    attachments: tuple[tuple[str, bytes, dict[int, object]], ...] = (),
) -> bytes:
    """A TNEF stream; an attachment is a title, the bytes of its own attribute, and properties."""
    out = _tnef.MAGIC + b"\x01\x00"
    out += attribute(1, 0x00089006, struct.pack("<I", 0x10000))
    out += attribute(1, 0x00069003, properties(message))
    if recipients:
        rows = struct.pack("<I", len(recipients)) + b"".join(map(properties, recipients))
        out += attribute(1, 0x00069004, rows)
    for title, data, more in attachments:
        out += attribute(2, 0x00069002, bytes(14))
        out += attribute(2, 0x00018010, title.encode() + b"\0")
        if data:
            out += attribute(2, 0x0006800F, data)
        out += attribute(2, 0x00069005, properties(more))
    return out


MESSAGE_OBJECT = bytes.fromhex("0703020000000000c000000000000046")


def element(tag: int, value: bytes, *, endless: bool = False) -> bytes:
    """A BER element, of a stated length or up to an end mark."""
    if endless:
        return bytes([tag, 0x80]) + value + b"\0\0"
    if len(value) < 0x80:
        return bytes([tag, len(value)]) + value
    length = len(value).to_bytes((len(value).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + value


def cms(kind: int, content: bytes | None, *, endless: bool = False) -> bytes:
    """A PKCS #7 structure: 2 signed (content or None), 3 enveloped. Its signatures are empty."""
    identifier = element(0x06, bytes.fromhex("2a864886f70d0107") + bytes([kind]))
    data = element(0x06, bytes.fromhex("2a864886f70d010701"))
    inside = b""
    if content is not None and endless:
        halves = content[: len(content) // 2], content[len(content) // 2 :]
        pieces = b"".join(element(0x04, half) for half in halves)
        inside = element(0xA0, element(0x24, pieces, endless=True), endless=True)
    elif content is not None:
        inside = element(0xA0, element(0x04, content))
    body = element(0x02, b"\x01") + element(0x31, b"")
    body += element(0x30, data + inside, endless=endless) + element(0x31, b"")
    return element(
        0x30,
        identifier + element(0xA0, element(0x30, body, endless=endless), endless=endless),
        endless=endless,
    )
