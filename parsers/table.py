"""A workbook (Excel, OpenDocument): a letter log, a mailing list, a telephone log.

Formulas are never evaluated, links never followed and macros never run; hidden sheets, rows and
columns are read and labelled. A person decides what the columns are; until then it is a note.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace

from commtrace.model import Attachment, Found, Problem, ProblemKind
from commtrace.plugins import Item, parser

from . import _ole, _packedfiles, _tabular, _workbook, _zip
from ._text import clean_line

_LARGEST = 256 << 20  # bytes
_ZIP = b"PK\x03\x04"
_SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".ods")
_PARTS = ("xl/workbook.xml", "xl/workbook.bin")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_LOCKED = "EncryptedPackage"  # what a workbook locked with a password lies in (MS-OFFCRYPTO)
_STREAMS = frozenset({"Workbook", "Book", "WORKBOOK", "BOOK"})


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
        inside = _files(item)
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
    yield from _contents(item, found, inside.labels())
    yield from inside.problems
    yield from inside.files


def _contents(
    item: Item, found: _workbook.Workbook, labels: tuple[Attachment, ...]
) -> Iterator[Found]:
    for name, flaw in found.problems:
        limit = flaw == _workbook.NOT_READ
        kind = ProblemKind.LIMIT_SIZE if limit else ProblemKind.CORRUPT
        place = replace(item.source, part=(*item.source.part, f"sheet {clean_line(name)[:100]}"))
        what = f"A sheet of the workbook {flaw}; save it as .csv and supply that."
        yield Problem(source=place, reader="table", kind=kind, what=what)
    if any(sheet.rows or sheet.notes for sheet in found.sheets):
        yield from _tabular.read(item, found.sheets, reader="table", attachments=labels)
    elif not found.problems:
        yield _problem(item, ProblemKind.NO_TEXT, "The sheets of the workbook are empty.")


def _files(item: Item) -> _packedfiles.Packed:
    """Pictures and objects in the workbook."""
    if not item.head.startswith(_ZIP):
        return _packedfiles.Packed()
    with item.open() as stream, zipfile.ZipFile(stream) as archive:
        return _packedfiles.packed(archive, item.source, _is_file, reader="table", whole="workbook")


def _is_file(name: str) -> bool:
    folders = ("xl/media/", "xl/embeddings/", "Pictures/")
    return name.startswith(folders) and not name.endswith("/")


def _problem(item: Item, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=item.source, reader="table", kind=kind, what=what)
