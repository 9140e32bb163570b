"""Files packed by gzip, bzip2 or xz, and the members of a tar, as a stream within bounds.

Nothing is held but the member that is being read. What unpacks is counted while it comes.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Protocol

from ._zip import RatioError, TooLargeError

BROKEN = (tarfile.TarError, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)
"""What the standard library raises on damaged archives."""
_CHUNK = 1 << 16
_PIECE = 1 << 12  # what is lost at most where a tar is cut off within a member
_BLOCK = 512
_STARTS = ((b"\x1f\x8b\x08", "gz"), (b"BZh", "bz2"), (b"\xfd7zXZ\x00", "xz"))
_SUFFIXES = {".tgz": ".tar", ".tbz2": ".tar", ".txz": ".tar", ".gz": "", ".bz2": "", ".xz": ""}


class _Stream(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(slots=True)
class _Counted:
    """A stream that ends with RatioError when more than `left` bytes came out of it."""

    inner: _Stream
    left: int

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes, and never all there are at once."""
        data = self.inner.read(size if 0 <= size <= _CHUNK else _CHUNK)
        self.left -= len(data)
        if self.left < 0:
            raise RatioError("it unfolds to more than is read")
        return data


@dataclass(frozen=True, slots=True)
class Member:
    """One member, to be read before the next is asked for; `size` is None where nothing says."""

    name: str
    size: int | None
    is_regular: bool
    stream: _Stream

    def read(self, limit: int) -> tuple[bytes, bool]:
        """Its bytes, and whether it has as many as stated; TooLargeError beyond `limit`."""
        out = BytesIO()
        try:
            while piece := self.stream.read(_PIECE):
                if out.tell() + len(piece) > limit:
                    raise TooLargeError("the member is larger than is read")
                out.write(piece)
        except (tarfile.ReadError, EOFError, zlib.error, lzma.LZMAError, OSError):
            return out.getvalue(), False
        return out.getvalue(), self.size is None or out.tell() == self.size


def packing(head: bytes) -> str | None:
    """How a file is packed, by its first bytes: gz, bz2 or xz; None for any other."""
    found = next((name for start, name in _STARTS if head.startswith(start)), None)
    return None if found == "bz2" and not head[3:4].isdigit() else found


def is_tar(head: bytes) -> bool:
    """Whether a block is the header of a tar member: its checksum must be right (POSIX pax)."""
    block = head[:_BLOCK]
    if len(block) < _BLOCK or not block[:1].strip(b"\0"):
        return False
    try:
        stated = int(block[148:156].split(b"\0")[0].strip() or b"x", 8)
    except ValueError:
        return False
    return stated == sum(block) - sum(block[148:156]) + 8 * 32


def members(stream: BinaryIO, head: bytes, name: str, *, total: int) -> Iterator[Member]:
    """The members of a tar in order, or the one file inside; at most `total` bytes unfold.

    Raises RatioError beyond that, and what `BROKEN` lists.
    """
    how = packing(head)
    if how is None:
        yield from _of_tar(_Counted(stream, max(total, len(head))))
        return
    opened = _Counted(_opened(how, stream), total)
    start = b""
    while len(start) < _BLOCK and (more := opened.read(_BLOCK - len(start))):
        start += more
    whole = _Joined(start, opened)
    if is_tar(start):
        yield from _of_tar(whole)
    else:
        yield Member(_inner_name(name), None, is_regular=True, stream=whole)


def _opened(how: str, stream: BinaryIO) -> _Stream:
    if how == "gz":
        return gzip.GzipFile(fileobj=stream, mode="rb")
    return bz2.BZ2File(stream) if how == "bz2" else lzma.LZMAFile(stream)


@dataclass(slots=True)
class _Joined:
    """Bytes already read, and the stream they came from."""

    start: bytes
    rest: _Stream

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes."""
        if not self.start:
            return self.rest.read(size)
        size = len(self.start) if size < 0 else size
        taken, self.start = self.start[:size], self.start[size:]
        return taken


def _of_tar(stream: _Stream) -> Iterator[Member]:
    with tarfile.open(fileobj=stream, mode="r|", errorlevel=0) as archive:  # type: ignore[call-overload]
        for info in archive:
            if info.isdir():
                continue
            opened = archive.extractfile(info) if info.isreg() else None
            inner: _Stream = getattr(
                opened, "raw", BytesIO()
            )  # its buffer would drop more at a cut
            yield Member(info.name, info.size, is_regular=opened is not None, stream=inner)
            archive.members.clear()  # it would keep each one


def _inner_name(name: str) -> str:
    """What a packed file's content is called: its name without the suffix of the packing."""
    for suffix, instead in _SUFFIXES.items():
        if name.lower().endswith(suffix):
            return name[: -len(suffix)] + instead or "content"
    return name or "content"
