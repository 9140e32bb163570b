"""Workbooks: their sheets by calamine, and what it does not tell from the XML beside it.

calamine reads cells as they were last calculated and evaluates nothing. From the parts of an
.xlsx file itself come what is hidden, comments, text boxes, formulas without a stored value, and
how far its cells reach: a sheet of a few far cells would be unfolded to billions.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import olefile  # type: ignore[import-untyped]
from lxml import etree  # type: ignore[import-untyped]
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from . import _ole, _zip
from ._grid import Sheet, letters, number_of
from ._text import clean_line

LARGEST_XML = 64 << 20  # bytes of one XML part
MOST_SHEETS = 200
MOST_ROWS = 1_048_576
MOST_CELLS = 8_000_000  # of a sheet's rectangle
MOST_COLUMNS = 4_000
NOT_READ = "is larger than tables are"
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=\"([A-Z]{1,4})(\d{1,8})\"")
_FORMULA_ALONE = re.compile(
    rb"</(?:\w+:)?f>\s*</(?:\w+:)?c>|<(?:\w+:)?f\b[^>]*/>\s*</(?:\w+:)?c>"
    rb"|<(?:\w+:)?v\s*/>\s*</(?:\w+:)?c>|<(?:\w+:)?v></(?:\w+:)?v>\s*</(?:\w+:)?c>"
)
_HIDDEN = re.compile(rb"\bhidden=\"(?:1|true)\"")
_NUMBER = re.compile(rb"\br=\"(\d{1,8})\"")
_RANGE = re.compile(rb"\b(min|max)=\"(\d{1,6})\"")
_DIMENSIONS = 0x0200  # the record of how far a sheet's cells reach
_BROKEN_OLE = (
    OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, struct.error,
    StopIteration,
)  # fmt: skip
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


class LockedError(Exception):
    """The workbook needs a password."""


class BrokenError(Exception):
    """The workbook is damaged."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """What was read of a workbook; `problems` are (sheet's name, what is wrong)."""

    sheets: tuple[Sheet, ...]
    problems: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the XML of a sheet says beside its cells."""

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    unknown: int = 0
    too_large: bool = False
    notes: tuple[str, ...] = field(default=(), repr=False)


def workbook(data: bytes, *, locked: bool = False) -> Workbook:
    """The sheets of a workbook. Raises `LockedError`, `BrokenError`, and what `_zip` raises."""
    if locked:
        raise LockedError
    facts = _facts(data) if data.startswith(b"PK") else {}
    if data.startswith(_ole.MAGIC):
        _check_claims(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        listed = book.sheets_metadata[:MOST_SHEETS]
    except BaseException as error:
        if type(error).__name__ == "PasswordError":
            raise LockedError from None
        if _is_damage(error):
            raise BrokenError from None
        raise
    sheets: list[Sheet] = []
    problems: list[tuple[str, str]] = []
    for number, one in enumerate(listed):
        known = facts.get(one.name, _Facts())
        sheet = _sheet(book, number, known)
        if isinstance(sheet, str):
            problems.append((one.name, sheet))
            continue
        hidden = one.visible != SheetVisibleEnum.Visible
        sheets.append(replace(sheet, name=clean_line(one.name), hidden=hidden))
    return Workbook(tuple(sheets), tuple(problems))


def _check_claims(data: bytes) -> None:
    """Refuse an .xls file whose sheets claim more cells than are unfolded (MS-XLS 2.4.90).

    calamine reserves memory for as many as are claimed, and ends the process where that fails.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            name = next(name for name in ("Workbook", "Book") if container.exists(name))
            stream = container.openstream(name).read()
    except _BROKEN_OLE:
        raise BrokenError from None
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        wide = length >= 14  # BIFF8 counts rows in four bytes
        if kind == _DIMENSIONS and length >= 8 and place + 4 + (12 if wide else 8) <= len(stream):
            top, below, left, beyond = struct.unpack_from(
                "<IIHH" if wide else "<4H", stream, place + 4
            )
            if below < top or beyond < left:
                raise BrokenError
            if (below - top) * (beyond - left) > MOST_CELLS:
                raise _zip.TooLargeError
        place += 4 + length


def _is_damage(error: BaseException) -> bool:
    """Whether calamine says that a workbook is damaged; a panic of its Rust is no Exception."""
    known = isinstance(error, (CalamineError, ValueError, OSError))
    return known or type(error).__name__ == "PanicException"


def _sheet(book: CalamineWorkbook, number: int, facts: _Facts) -> Sheet | str:
    if facts.too_large:
        return NOT_READ
    try:
        found = book.get_sheet_by_index(number)
        return _cells(found, facts)
    except BaseException as error:
        if not _is_damage(error):
            raise
        return "is damaged"


def _cells(found: CalamineSheet, facts: _Facts) -> Sheet | str:
    if found.total_height * max(1, found.total_width) > MOST_CELLS or (
        found.total_width > MOST_COLUMNS
    ):
        return NOT_READ
    first = found.start[0] if found.start else 0
    left = found.start[1] if found.start else 0
    rows = []
    for number, cells in enumerate(found.to_python(skip_empty_area=True), first + 1):
        end = next((n for n in range(len(cells), 0, -1) if cells[n - 1] != ""), 0)
        if end:
            rows.append((number, ("",) * left + tuple(cells[:end])))
    return Sheet(
        name=None,
        rows=tuple(rows),
        hidden_rows=facts.hidden_rows,
        hidden_columns=facts.hidden_columns,
        unknown=facts.unknown,
        notes=facts.notes,
    )


def _facts(data: bytes) -> dict[str, _Facts]:
    """By a sheet's name, what the parts of an .xlsx file say of it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            inside = info.filename.startswith(("xl/media/", "xl/embeddings/"))
            parsed = info.filename.endswith((".xml", ".bin")) and not inside
            if parsed and info.file_size > LARGEST_XML:
                raise _zip.TooLargeError
        for name in ("xl/sharedStrings.xml", "xl/styles.xml", "content.xml", "xl/workbook.bin"):
            _zip.member(archive, name, limit=LARGEST_XML)
        return {name: _facts_of(archive, path) for name, path in _paths(archive)[:MOST_SHEETS]}


def _paths(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """The sheets of a workbook in order: their names and the parts that hold them."""
    book = _tree(archive, "xl/workbook.xml")
    if book is None:
        return []
    targets = dict(_relations(archive, "xl/workbook.xml"))
    found = []
    for sheet in book.iter("{*}sheet"):
        target = targets.get(sheet.get(_RELATION) or sheet.get(_STRICT) or "")
        if target:
            found.append((sheet.get("name") or "", target))
    return found


def _relations(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, str]]:
    """The parts that a part points to, by id; those outside the file are none."""
    folder, _, base = name.rpartition("/")
    tree = _tree(archive, f"{folder}/_rels/{base}.rels")
    for one in tree if tree is not None else ():
        target = one.get("Target") if isinstance(one.tag, str) else None
        if target and one.get("TargetMode") != "External":
            yield one.get("Id") or "", _resolved(folder, target)


def _resolved(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    parts = folder.split("/")
    for piece in target.split("/"):
        if piece == "..":
            parts = parts[:-1]
        elif piece not in (".", ""):
            parts.append(piece)
    return "/".join(parts)


def _facts_of(archive: zipfile.ZipFile, path: str) -> _Facts:
    xml = _zip.member(archive, path, limit=LARGEST_XML) or b""
    rows = [_NUMBER.search(m[1]) for m in _ROW.finditer(xml) if _HIDDEN.search(m[1])]
    columns: set[int] = set()
    for match in _COLUMN.finditer(xml[: 1 << 20]):
        if _HIDDEN.search(match[1]):
            ends = {key: int(value) for key, value in _RANGE.findall(match[1])}
            first = ends.get(b"min", 1)
            columns |= set(range(first, min(ends.get(b"max", first), first + 500) + 1))
    return _Facts(
        hidden_rows=frozenset(int(found[1]) for found in rows if found),
        hidden_columns=frozenset(columns),
        unknown=sum(1 for _ in _FORMULA_ALONE.finditer(xml)),
        too_large=_too_large(xml),
        notes=tuple(_notes(archive, path)),
    )


def _too_large(xml: bytes) -> bool:
    """Whether the rectangle around a sheet's cells is more than is unfolded."""
    highest = widest = 0
    for match in _CELL.finditer(xml):
        highest = max(highest, int(match[2]))
        widest = max(widest, number_of(match[1].decode()))
    return highest > MOST_ROWS or highest * widest > MOST_CELLS * 4 or widest > MOST_COLUMNS


def _notes(archive: zipfile.ZipFile, path: str) -> Iterator[str]:
    """Comments and text boxes of a sheet, labelled."""
    for _, target in _relations(archive, path):
        low = target.lower()
        if "threadedcomment" in low or "/comments" in low:
            yield from _comments(archive, target)
        elif "/drawing" in low and low.endswith(".xml"):
            tree = _tree(archive, target)
            said = [clean_line("".join(p.itertext())) for p in
                    (tree.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}p")
                     if tree is not None else ())]  # fmt: skip
            text = " / ".join(line for line in said if line)
            if text:
                yield f"[Text box: {text[:100_000]}]"


def _comments(archive: zipfile.ZipFile, path: str) -> Iterator[str]:
    tree = _tree(archive, path)
    if tree is None:
        return
    authors = [clean_line(one.text or "") for one in tree.iter("{*}author")]
    for one in [*tree.iter("{*}comment"), *tree.iter("{*}threadedComment")]:
        text = clean_line("".join(one.itertext()))
        who = one.get("authorId") or ""
        by = authors[int(who)] if who.isdecimal() and int(who) < len(authors) else ""
        at = re.match(r"([A-Z]{1,4})(\d{1,8})$", one.get("ref") or "")
        where = f" at {letters(number_of(at[1]))}{at[2]}" if at else ""
        if text:
            yield f"[Comment{f' by {by}' if by else ''}{where}: {text}]"


def _tree(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    data = _zip.member(archive, name, limit=LARGEST_XML)
    if data is None:
        return None
    rules = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        return etree.fromstring(data, rules)
    except etree.LxmlError:
        return None
