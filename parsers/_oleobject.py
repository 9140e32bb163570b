"""What an embedded OLE object holds: the file that was put into a document, out of its wrappers.

Reads the OLE 1.0 header of RTF (MS-OLEDS 2.2.4), the packager's stream, and the streams in which
newer programs keep a whole file within a compound file. What is not understood stays as it is.
"""

from __future__ import annotations

import io
import struct

import olefile  # type: ignore[import-untyped]

from . import _ole
from ._text import clean_line

_SUFFIXES = {
    "word.document.8": ".doc", "word.document.6": ".doc", "excel.sheet.8": ".xls",
    "excel.sheet.5": ".xls", "powerpoint.show.8": ".ppt", "word.document.12": ".docx",
    "excel.sheet.12": ".xlsx", "powerpoint.show.12": ".pptx", "acroexch.document": ".pdf",
    "wordpad.document.1": ".rtf", "pbrush": ".bmp", "paint.picture": ".bmp",
}  # fmt: skip
_WHOLE = ("Package", "CONTENTS", "Contents")  # streams that are a file of their own
_NATIVE = "\x01Ole10Native"
_BROKEN = (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, struct.error)


def from_rtf(data: bytes) -> tuple[str, bytes]:
    """The name and bytes of the file in the object data of an RTF document."""
    parts = _ole1(data)
    if parts is None:
        return "", data
    kind, native = parts
    if kind.lower() == "package":
        return _package(native) or ("", native)
    name, inside = unwrapped(native)
    return name or _SUFFIXES.get(kind.lower(), ""), inside


def unwrapped(data: bytes) -> tuple[str, bytes]:
    """The name ("" where none is told) and bytes of the file within a compound file's wrapper."""
    if not data.startswith(_ole.MAGIC):
        return "", data
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            if container.exists(_NATIVE):
                stream = container.openstream(_NATIVE).read()
                return _package(stream[4:]) or ("", stream[4:])
            for name in _WHOLE:
                if container.exists(name):
                    return "", container.openstream(name).read()
    except _BROKEN:
        pass
    return "", data


def _ole1(data: bytes) -> tuple[str, bytes] | None:
    """The class and native data of an embedded OLE 1.0 object (MS-OLEDS 2.2.5)."""
    try:
        kind_of_object, length = struct.unpack_from("<4xII", data)
        if kind_of_object != 2:
            return None
        place = 12
        kind = data[place : place + length].rstrip(b"\x00").decode("latin-1")
        place += length
        for _ in range(2):  # topic and item
            (length,) = struct.unpack_from("<I", data, place)
            place += 4 + length
        (size,) = struct.unpack_from("<I", data, place)
    except struct.error:
        return None
    return kind, data[place + 4 : place + 4 + size]


def _package(stream: bytes) -> tuple[str, bytes] | None:
    """The file in a packager's stream: its label, its bytes; None where it is none."""
    if stream[:2] != b"\x02\x00":
        return None
    label, found, rest = stream[2:].partition(b"\x00")
    _, second, rest = rest.partition(b"\x00")
    try:
        (length,) = struct.unpack_from("<I", rest, 4)
        place = 8 + length
        (size,) = struct.unpack_from("<I", rest, place)
    except struct.error:
        return None
    if not (found and second):
        return None
    return clean_line(label.decode("cp1252", "replace"))[:200], rest[place + 4 : place + 4 + size]
