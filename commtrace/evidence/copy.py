"""Copies a file into the case by content, hashing while it copies; the source is only ever read.

A copy appears under its hash whole or not at all: it is written beside, forced to disk and renamed
(RFC-less common practice, as in git's object store). What a parser reads is always the copy.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

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


def copy_in(source: Path, evidence: Path) -> Copied | Refusal:
    """Copy `source` into the folder `evidence`, or say why its bytes could not be had.

    A file that changes while it is read is tried once more.
    """
    try:
        for _ in range(2):
            copied = _copy_once(source, evidence)
            if copied is not None:
                return copied
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise
        reason = f"The file could not be read ({say_error(error)})."
        return Refusal(status=Status.FAILED, kind=kind_of(error), reason=reason)
    reason = "The file changed while it was read: copy it somewhere quiet and ingest it again."
    return Refusal(status=Status.FAILED, kind=ProblemKind.CHANGED_DURING_READ, reason=reason)


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


def _copy_once(source: Path, evidence: Path) -> Copied | None:
    with opened(source) as stream:
        before = os.fstat(stream.fileno())
        first = _read(stream, MIB)
        if len(first) < MIB:
            copied = _keep_bytes(first, evidence)
        else:
            copied = _keep_stream(first, stream, evidence)
        after = os.fstat(stream.fileno())
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return copied if same and copied.size == after.st_size else None


def _read(stream: BinaryIO, size: int) -> bytes:
    parts = []
    while size and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _keep_bytes(data: bytes, evidence: Path) -> Copied:
    digest = sha256(data).hexdigest()
    blob = blob_path(evidence, digest)
    if not _is_whole(blob, len(data)):
        partial = _partial(evidence)
        with partial.open("wb") as target:
            target.write(data)
            _force(target)
        _rename(partial, blob)
    return Copied(digest, len(data), blob)


def _keep_stream(first: bytes, stream: BinaryIO, evidence: Path) -> Copied:
    total, size, part = sha256(), 0, first
    partial = _partial(evidence)
    try:
        with partial.open("wb") as target:
            while part:
                total.update(part)
                size += target.write(part)
                part = stream.read(MIB)
            _force(target)
        digest = total.hexdigest()
        blob = blob_path(evidence, digest)
        if not _is_whole(blob, size):
            _rename(partial, blob)
    finally:
        partial.unlink(missing_ok=True)
    return Copied(digest, size, blob)


def _is_whole(blob: Path, size: int) -> bool:
    try:
        return blob.stat().st_size == size
    except OSError:
        return False


def _partial(evidence: Path) -> Path:
    evidence.mkdir(parents=True, exist_ok=True)
    return evidence / f"{os.getpid()}.partial"


def _force(target: BinaryIO) -> None:
    target.flush()
    os.fsync(target.fileno())


def _rename(partial: Path, blob: Path) -> None:
    blob.parent.mkdir(exist_ok=True)
    partial.replace(blob)
    blob.chmod(0o444)


def force_folders(evidence: Path) -> None:
    """Make the names of new copies durable too, before the store refers to them."""
    if os.name != "posix":
        return
    for folder in (evidence, *(item for item in evidence.iterdir() if item.is_dir())):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
