"""A workbook (Excel, OpenDocument): a letter log, a mailing list, a telephone log.

Formulas are never evaluated, links never followed and macros never run; hidden sheets, rows and
columns are read and labelled. A person decides what the columns are; until then it is a note.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import replace

from commtrace.model import Attachment, Embedded, Found, Problem, ProblemKind, Source
from commtrace.plugins import Item, parser

from . import _ole, _tabular, _workbook, _zip
from ._oleobject import unwrapped
from ._text import clean_line

_LARGEST = 256 << 20  # bytes
_LARGEST_FILES = 256 << 20  # bytes of all embedded files together
_MOST_FILES = 1_000
_ZIP = b"PK\x03\x04"
_SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".ods")
_PARTS = ("xl/workbook.xml", "xl/workbook.bin")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_LOCKED = "EncryptedPackage"  # what a workbook locked with a password lies in (MS-OFFCRYPTO)
_STREAMS = frozenset({"Workbook", "Book", "WORKBOOK", "BOOK"})
_TYPES = {
    ".png": "image/png", ".jpeg": "image/jpeg", ".jpg": "image/jpeg", ".gif": "image/gif",
    ".emf": "image/emf", ".wmf": "image/wmf", ".tif": "image/tiff", ".tiff": "image/tiff",
}  # fmt: skip


def _is_workbook(item: Item) -> bool:
    """Whether a zip or a compound file holds a workbook, or a locked package is named as one."""
    if item.head.startswith(_ole.MAGIC):
        return _is_old(item)
    try:
        with item.open() as stream, zipfile.ZipFile(stream) as archive:
            if any(part in archive.NameToInfo for part in _PARTS):
                return True
            said = _zip.member(archive, "mimetype", limit=200) or b""
            return said.strip().startswith(_ODS)
    except _zip.BROKEN:
        return item.suffix in _SUFFIXES


def _is_old(item: Item) -> bool:
    names = _streams(item.read())
    if names is None:
        return item.suffix in _SUFFIXES
    return bool(names & _STREAMS) or (_LOCKED in names and item.suffix in _SUFFIXES)


def _streams(data: bytes) -> frozenset[str] | None:
    """The names in a compound file; None where it is none or is damaged."""
    if not data.startswith(_ole.MAGIC):
        return frozenset()
    try:
        return _ole.names(data)
    except (_ole.NotCompoundError, ValueError, IndexError):
        return None


@parser(suffixes=_SUFFIXES, magic=(_ZIP, _ole.MAGIC), claims=_is_workbook)
def table(item: Item) -> Iterator[Found]:
    """Workbook (.xlsx, .xls, .ods): a log or a list of people."""
    if item.size > _LARGEST:
        yield _problem(item, ProblemKind.LIMIT_SIZE, "The workbook is too large to be read.")
        return
    data = item.read()
    try:
        found = _workbook.workbook(data, locked=_LOCKED in (_streams(data) or ()))
        files, problems = _files(item)
    except _workbook.LockedError:
        what = "The workbook is locked with a password; ask for the password or an open copy."
        yield _problem(item, ProblemKind.PASSWORD_NEEDED, what)
        return
    except _zip.TooLargeError:
        what = "The workbook is too large to be read; save its sheets as .csv and supply those."
        yield _problem(item, ProblemKind.LIMIT_SIZE, what)
        return
    except _zip.RatioError:
        what = "The workbook unpacks to far more than workbooks do; it was not read."
        yield _problem(item, ProblemKind.LIMIT_RATIO, what)
        return
    except (_workbook.BrokenError, *_zip.BROKEN):
        what = "The workbook is damaged or cut off; ask for the file again."
        yield _problem(item, ProblemKind.CORRUPT, what)
        return
    yield from _contents(item, found, files)
    yield from problems
    yield from files


def _contents(item: Item, found: _workbook.Workbook, files: list[Embedded]) -> Iterator[Found]:
    for name, flaw in found.problems:
        limit = flaw == _workbook.NOT_READ
        kind = ProblemKind.LIMIT_SIZE if limit else ProblemKind.CORRUPT
        place = replace(item.source, part=(*item.source.part, f"sheet {clean_line(name)[:100]}"))
        what = f"A sheet of the workbook {flaw}; save it as .csv and supply that."
        yield Problem(source=place, reader="table", kind=kind, what=what)
    if any(sheet.rows or sheet.notes for sheet in found.sheets):
        labels = tuple(_label(file) for file in files)
        yield from _tabular.read(item, found.sheets, reader="table", attachments=labels)
    elif not found.problems:
        yield _problem(item, ProblemKind.NO_TEXT, "The sheets of the workbook are empty.")


def _files(item: Item) -> tuple[list[Embedded], list[Problem]]:
    """Pictures and objects in the workbook."""
    if not item.head.startswith(_ZIP):
        return [], []
    files: list[Embedded] = []
    flaws: list[tuple[ProblemKind, str]] = []
    left = _LARGEST_FILES
    with item.open() as stream, zipfile.ZipFile(stream) as archive:
        for name in sorted({name for name in archive.namelist() if _is_file(name)})[:_MOST_FILES]:
            try:
                data = _zip.member(archive, name, limit=left) or b""
            except (_zip.TooLargeError, _zip.RatioError):
                flaws.append((ProblemKind.LIMIT_SIZE, "is too large to be read"))
            except _zip.BROKEN:
                flaws.append((ProblemKind.CORRUPT, "is damaged"))
            else:
                left -= len(data)
                if data:
                    place = _place(item.source, len(files) + 1)
                    files.append(_file(place, clean_line(name.rpartition("/")[2]), data))
    numbered = enumerate(flaws, len(files) + 1)
    return files, [_unread(_place(item.source, n), kind, what) for n, (kind, what) in numbered]


def _place(source: Source, number: int) -> Source:
    """Files that were read come first, as the record lists them; then those that were not."""
    return replace(source, part=(*source.part, f"attachment {number}"))


def _is_file(name: str) -> bool:
    folders = ("xl/media/", "xl/embeddings/", "Pictures/")
    return name.startswith(folders) and not name.endswith("/")


def _file(place: Source, name: str, data: bytes) -> Embedded:
    known, inside = unwrapped(data)
    suffix = f".{name.rpartition('.')[2].lower()}"
    kind = _TYPES.get(suffix, "application/octet-stream")
    return Embedded(source=place, name=known or name, media_type=kind, data=inside)


def _label(file: Embedded) -> Attachment:
    digest = hashlib.sha256(file.data).hexdigest()
    return Attachment(
        name=file.name, media_type=file.media_type, size=len(file.data), sha256=digest
    )


def _unread(place: Source, kind: ProblemKind, what: str) -> Problem:
    number = place.part[-1].rpartition(" ")[2]
    said = f"File {number} inside the workbook {what}."
    return Problem(source=place, reader="table", kind=kind, what=said)


def _problem(item: Item, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=item.source, reader="table", kind=kind, what=what)
