"""Copies a file into the case by content, hashing while it copies; the source is only ever read.

A copy is written beside and renamed when it is whole; it is on the disk before the store refers to
it. What a parser reads is always the copy.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from commtrace.errors import CaseError
from commtrace.evidence.values import MIB, Refusal
from commtrace.evidence.walk import kind_of, say_error
from commtrace.model import ProblemKind, Status

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_NO_ACCESS_TIME = getattr(os, "O_NOATIME", 0)


@dataclass(frozen=True, slots=True)
class Copied:
    """A file's content as it lies in the case."""

    sha256: str
    size: int
    blob: Path


def blob_path(evidence: Path, digest: str) -> Path:
    """Where content lies under the case's evidence folder."""
    return evidence / digest[:2] / digest


@dataclass
class Copies:
    """The folder of copies. `known` are contents that the store refers to, so they are on the disk.

    `unwanted` are those that are not to be taken in (they were purged), and why.
    A copy that the store does not know is written again even if it is there: a power cut may have
    left it with its name and without its bytes.
    """

    evidence: Path
    known: set[str] = field(default_factory=set)
    unwanted: Mapping[str, str] = field(default_factory=dict)
    waiting: list[Path] = field(default_factory=list)

    def copy_in(self, source: Path) -> Copied | Refusal:
        """Copy `source` in, or say why its bytes could not be had.

        A file that changes while it is read is tried once more. Call `settle` before the store
        refers to the copy. Raises CaseError if the copy cannot be written, which says nothing of
        the source.
        """
        try:
            for _ in range(2):
                copied = _copy_once(source, self)
                if copied is not None:
                    return copied
        except OSError as error:
            reason = f"The file could not be read ({say_error(error)})."
            return Refusal(status=Status.FAILED, kind=kind_of(error), reason=reason)
        reason = "The file changed while it was read: copy it somewhere quiet and ingest it again."
        return Refusal(status=Status.FAILED, kind=ProblemKind.CHANGED_DURING_READ, reason=reason)

    def refusal(self, digest: str) -> Refusal | None:
        """Why a content is not taken in; None if it is."""
        if digest not in self.unwanted:
            return None
        return Refusal(status=Status.EXCLUDED, kind=None, reason=self.unwanted[digest])

    def settle(self) -> None:
        """Force all copies made since the last time to the disk, names included."""
        if not self.waiting:
            return
        if not _sync_file_system(self.evidence):
            for path in dict.fromkeys([*self.waiting, *(p.parent for p in self.waiting)]):
                _force(path)
        self.waiting.clear()

    def has(self, digest: str, size: int) -> bool:
        """Whether a content lies here whole and safe."""
        try:
            return digest in self.known and blob_path(self.evidence, digest).stat().st_size == size
        except OSError:
            return False

    def keep(self, partial: Path, digest: str) -> Path:
        """Give a finished copy its name."""
        blob = blob_path(self.evidence, digest)
        blob.parent.mkdir(exist_ok=True)
        partial.replace(blob)
        blob.chmod(0o444)
        self.known.add(digest)
        self.waiting.append(blob)
        return blob

    @property
    def partial(self) -> Path:
        """Where a copy is written before it has its name."""
        return self.evidence / f"{os.getpid()}.partial"


@contextmanager
def cannot_write() -> Iterator[None]:
    """What fails in here is the writing of the case: CaseError in place of the system's error."""
    try:
        yield
    except ConnectionError as error:  # a pipe, and no file of the case
        raise CaseError(
            "The processes that read the evidence could not be started, or ended; what was read is "
            "kept, ingest again."
        ) from error
    except OSError as error:
        why = f"The case cannot be written ({say_error(error)})"
        raise CaseError(f"{why}; make room or allow it, then ingest again.") from error


@contextmanager
def opened(source: Path) -> Iterator[BinaryIO]:
    """The source as a read-only stream that waits for nobody and follows no link."""
    try:
        number = os.open(source, _FLAGS | _NO_ACCESS_TIME)
    except PermissionError:  # only a file's owner may ask for its access time to stay
        number = os.open(source, _FLAGS)
    with os.fdopen(number, "rb", buffering=0) as stream:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        yield stream


def _copy_once(source: Path, copies: Copies) -> Copied | Refusal | None:
    with opened(source) as stream:
        before = os.fstat(stream.fileno())
        first = _read(stream, MIB)
        if len(first) < MIB:
            copied = _keep_bytes(first, copies)
        else:
            copied = _keep_stream(first, stream, copies)
        after = os.fstat(stream.fileno())
    if isinstance(copied, Refusal):
        return copied
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return copied if same and copied.size == after.st_size else None


def _read(stream: BinaryIO, size: int) -> bytes:
    parts = []
    while size and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _keep_bytes(data: bytes, copies: Copies) -> Copied | Refusal:
    digest = sha256(data).hexdigest()
    if refused := copies.refusal(digest):
        return refused
    blob = blob_path(copies.evidence, digest)
    if not copies.has(digest, len(data)):
        with cannot_write():
            copies.partial.write_bytes(data)
            copies.keep(copies.partial, digest)
    return Copied(digest, len(data), blob)


def _keep_stream(first: bytes, stream: BinaryIO, copies: Copies) -> Copied | Refusal:
    total, size, part = sha256(), 0, first
    with cannot_write():
        target = copies.partial.open("wb")
    with target:
        while part:
            total.update(part)
            with cannot_write():
                size += target.write(part)
                target.flush()
            part = stream.read(MIB)
    digest = total.hexdigest()
    refused = copies.refusal(digest)
    with cannot_write():
        if refused is not None or copies.has(digest, size):
            copies.partial.unlink()
        else:
            copies.keep(copies.partial, digest)
    return refused or Copied(digest, size, blob_path(copies.evidence, digest))


def _sync_file_system(folder: Path) -> bool:
    """Force a folder's whole file system to the disk at once, where Linux can.

    One call for hundreds of small copies, each of which would wait for the disk by itself.
    """
    if not sys.platform.startswith("linux"):
        return False
    number = os.open(folder, os.O_RDONLY)
    try:
        return bool(ctypes.CDLL(None, use_errno=True).syncfs(number) == 0)
    except AttributeError:
        return False
    finally:
        os.close(number)


def _force(path: Path) -> None:
    if path.is_dir() and os.name != "posix":
        return
    number = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)
