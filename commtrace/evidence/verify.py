"""Checks the kept copies against their names: each is the SHA-256 of its own bytes.

Reads and hashes, changes nothing. What the store should hold is told by the caller.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from commtrace.evidence.copy import blob_path
from commtrace.evidence.values import MIB
from commtrace.evidence.walk import say_error
from commtrace.model import Fault

_NAME = re.compile("[0-9a-f]{64}")


def copies(evidence: Path, contents: Mapping[str, int]) -> Iterator[Fault]:
    """The faults of the folder of copies, by name; `contents` are the SHA-256 and size of each."""
    found = set[str]()
    for path in _every_file(evidence):
        where = path.relative_to(evidence.parent).as_posix()
        if path != blob_path(evidence, path.name) or not _NAME.fullmatch(path.name):
            yield Fault(where=where, what="This is no kept copy: commtrace did not put it here.")
            continue
        found.add(path.name)
        if (what := _wrong(path)) is not None:
            yield Fault(where=where, what=what)
        elif path.name not in contents:
            yield Fault(where=where, what="No row of the ledger knows this copy: an ingest was cut "
                                          "off, or the row was removed. Ingest again.")  # fmt: skip
    for digest in sorted(contents.keys() - found):
        where = blob_path(evidence, digest).relative_to(evidence.parent).as_posix()
        yield Fault(where=where, what="The kept copy of a file in the ledger is not there.")


def _every_file(folder: Path) -> Iterator[Path]:
    """Everything below a folder that is not a folder itself, in order of name; links unfollowed."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _every_file(Path(entry.path))
        else:
            yield Path(entry.path)


def _wrong(path: Path) -> str | None:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return "This is a link or no file at all; a case holds its own files."
        if hashed(path) != path.name:
            return "The kept copy was altered: its SHA-256 is no longer its name."
    except OSError as error:
        return f"The kept copy cannot be read ({say_error(error)})."
    return None


def hashed(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    total = sha256()
    with path.open("rb", buffering=0) as stream:
        while part := stream.read(MIB):
            total.update(part)
    return total.hexdigest()
