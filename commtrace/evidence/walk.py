"""From the paths given to candidates: every file there is, in a fixed order, links not followed.

Opens nothing. What is no regular file, and folders that cannot be listed, come as candidates with a
refusal, so that the ledger accounts for them.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from commtrace.errors import CallError
from commtrace.evidence.formats import OF_THE_SYSTEM, SYSTEM_FILES
from commtrace.evidence.values import Candidate, Refusal
from commtrace.model import ProblemKind, Status

_KINDS = (
    (stat.S_ISLNK, "a link; links are not followed: supply the file it points to"),
    (stat.S_ISFIFO, "a pipe, which holds no bytes of its own"),
    (stat.S_ISSOCK, "a socket, which holds no bytes of its own"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_RECALL = 0x1000 | 0x40000 | 0x400000  # Windows: offline, recall on open, recall on data access
_NAME_DOUBT = "The file's name is not in a known encoding; unreadable bytes are shown as \\x codes."


def walk(paths: Iterable[Path], *, skip: Path | None = None) -> Iterator[Candidate]:
    """Every file at and under `paths`, in the order given and sorted within each.

    `skip` is a folder that is left out with one row (the case itself). Raises CallError if a path
    is not there.
    """
    given = [Path(path) for path in paths]
    for path in given:
        if not os.path.lexists(path):
            raise CallError(f"There is no file or folder {printable(str(path))}.")
    leave = skip.resolve() if skip is not None else None
    for path in given:
        top = path.resolve() if path.is_dir() or path.is_file() else path
        if top.is_dir():
            yield from _folder(top, "", leave)
        else:
            yield _entry(path.name, top)


def printable(name: str) -> str:
    """A name as it can be printed and stored: bytes that are not UTF-8 become codes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace").replace("\0", "\\x00")


def _folder(folder: Path, prefix: str, leave: Path | None) -> Iterator[Candidate]:
    todo = [(folder, prefix)]
    while todo:
        here, before = todo.pop()
        if here == leave:
            yield _refused(before or here.name, here, Status.EXCLUDED, None, "The case itself.")
            continue
        try:
            entries = sorted(os.scandir(here), key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            yield _unlisted(before or here.name, here, error)
            continue
        below = []
        for entry in entries:
            relative = f"{before}/{entry.name}" if before else entry.name
            if entry.is_dir(follow_symlinks=False):
                below.append((Path(entry.path), relative))
            else:
                yield _entry(relative, Path(entry.path))
        todo.extend(reversed(below))


def _unlisted(relative: str, where: Path, error: OSError) -> Candidate:
    reason = f"The folder could not be listed ({say_error(error)})."
    return _refused(relative, where, Status.FAILED, kind_of(error), reason)


def _entry(relative: str, where: Path) -> Candidate:
    try:
        found = where.lstat()
    except OSError as error:
        reason = f"The file could not be looked at ({say_error(error)})."
        return _refused(relative, where, Status.FAILED, kind_of(error), reason)
    refusal = _refusal(found, where)
    path = printable(relative)
    doubt = _NAME_DOUBT if path != relative else None
    return Candidate(path=path, where=where, size=found.st_size, doubt=doubt, refusal=refusal)


def _refusal(found: os.stat_result, where: Path) -> Refusal | None:
    for test, said in _KINDS:
        if test(found.st_mode):
            reason, kind = f"Not a file but {said}.", ProblemKind.NOT_REGULAR_FILE
            if test is stat.S_ISLNK and _loops(where):
                reason, kind = "A link that leads back to itself.", ProblemKind.LOOP
            return Refusal(status=Status.EXCLUDED, kind=kind, reason=reason)
    if where.name.casefold() in SYSTEM_FILES:
        return Refusal(status=Status.EXCLUDED, kind=None, reason=OF_THE_SYSTEM)
    if getattr(found, "st_file_attributes", 0) & _RECALL:
        reason = "Only a placeholder: the content is in a cloud. Download it and ingest again."
        return Refusal(status=Status.FAILED, kind=ProblemKind.CLOUD_PLACEHOLDER, reason=reason)
    return None


def _loops(where: Path) -> bool:
    try:
        where.stat()
    except OSError as error:
        return error.errno == errno.ELOOP
    return where.resolve() in where.absolute().parents


def _refused(
    relative: str, where: Path, status: Status, kind: ProblemKind | None, reason: str
) -> Candidate:
    refusal = Refusal(status=status, kind=kind, reason=reason)
    return Candidate(path=printable(relative), where=where, size=0, refusal=refusal)


def kind_of(error: OSError) -> ProblemKind:
    """The reason code of an operating-system error."""
    if error.errno == errno.ELOOP:
        return ProblemKind.LOOP
    if error.errno == errno.ENAMETOOLONG:
        return ProblemKind.PATH_TOO_LONG
    return ProblemKind.READ_ERROR


def say_error(error: OSError) -> str:
    """The error's code and words, without the path (which may name somebody)."""
    code = errno.errorcode.get(error.errno or 0, "unknown error")
    return f"{code}: {os.strerror(error.errno).lower()}" if error.errno else code
