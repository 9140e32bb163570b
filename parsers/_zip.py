"""Members of a zip file, taken out within limits: sizes and ratios are checked before and during.

A stated size is never believed: what comes out is counted while it comes. Names are labels and
never paths.
"""

from __future__ import annotations

import zipfile
import zlib
from typing import IO

BROKEN = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError,
    RuntimeError,
)  # fmt: skip
"""What zipfile raises on damaged, locked or unknown members."""
_RATIO = 200  # bytes out for one byte in, beyond a mebibyte
_CHUNK = 1 << 16


class TooLargeError(ValueError):
    """A member grows beyond what is read."""


class RatioError(ValueError):
    """A member grows far more than documents do: a decompression bomb."""


def member(archive: zipfile.ZipFile, name: str, *, limit: int) -> bytes | None:
    """The bytes of a member, None where there is none.

    Raises `TooLargeError` beyond `limit` bytes, `RatioError` for a bomb, and what `BROKEN` lists.
    """
    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    with archive.open(info) as stream:
        return _bounded(stream, packed=info.compress_size, limit=limit)


def _bounded(stream: IO[bytes], *, packed: int, limit: int) -> bytes:
    most = max(1 << 20, packed * _RATIO)
    pieces: list[bytes] = []
    length = 0
    while chunk := stream.read(_CHUNK):
        length += len(chunk)
        if length > most:
            raise RatioError("the member grows beyond the ratio of documents")
        if length > limit:
            raise TooLargeError("the member is larger than is read")
        pieces.append(chunk)
    return b"".join(pieces)
