"""A Word document as a letter, minutes or a note: all its text, and what is embedded in it.

Read with lxml out of the zip, because headers, text boxes, notes, comments and tracked changes are
evidence too; they are labelled in the text. Nothing is fetched and no entity is resolved.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree  # type: ignore[import-untyped]

from commtrace.model import Attachment, Embedded, Found, Problem, ProblemKind, Source
from commtrace.plugins import Item, parser

from . import _ole, _paper, _zip
from ._docxtext import Text, document_text
from ._oleobject import unwrapped
from ._text import clean_line

_LARGEST_XML = 64 << 20  # bytes of one XML member
_LARGEST_FILES = 256 << 20  # bytes of all embedded files together
_MOST_FILES = 1_000
_MOST_NOTES = 50  # header and footer parts
_DOCUMENT = "word/document.xml"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK\x03\x04"
_SUFFIXES = (".docx", ".docm", ".dotx", ".dotm")
_TYPES = {
    ".png": "image/png", ".jpeg": "image/jpeg", ".jpg": "image/jpeg", ".gif": "image/gif",
    ".emf": "image/emf", ".wmf": "image/wmf", ".tif": "image/tiff", ".tiff": "image/tiff",
}  # fmt: skip


def _is_document(item: Item) -> bool:
    """Whether a zip holds a Word document, or a locked package is named as one."""
    if item.head.startswith(_ole.MAGIC):
        return item.suffix in _SUFFIXES and _LOCKED in item.read()
    try:
        with item.open() as stream, zipfile.ZipFile(stream) as archive:
            return _DOCUMENT in archive.NameToInfo
    except _zip.BROKEN:
        return item.suffix in _SUFFIXES


@parser(suffixes=_SUFFIXES, magic=(_ZIP, _ole.MAGIC), claims=_is_document)
def docx(item: Item) -> Iterator[Found]:
    """Word document (.docx)."""
    if item.head.startswith(_ole.MAGIC):
        what = "The Word document is locked with a password; ask for the password or an open copy."
        yield _problem(item, ProblemKind.PASSWORD_NEEDED, what)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(item.read())) as archive:
            found = tuple(_document(item, archive))
    except _zip.TooLargeError:
        found = (_problem(item, ProblemKind.LIMIT_SIZE, "The Word document is too large to read."),)
    except _zip.RatioError:
        what = "The Word document unpacks to far more than documents do; it was not read."
        found = (_problem(item, ProblemKind.LIMIT_RATIO, what),)
    except (*_zip.BROKEN, etree.LxmlError):
        what = "The Word document is damaged or cut off; ask for the file again."
        found = (_problem(item, ProblemKind.CORRUPT, what),)
    yield from found


def _document(item: Item, archive: zipfile.ZipFile) -> Iterator[Found]:
    text = _whole_text(archive)
    files, problems = _files(item.source, archive)
    labels = tuple(_label(file) for file in files)
    if text.paragraphs:
        yield from _paper.read(item, _in_paragraphs(text, labels), reader="docx")
    else:
        what = "The Word document holds no text; pictures in it may need text recognition (OCR)."
        yield _problem(item, ProblemKind.NO_TEXT, what)
    yield from problems
    yield from files


def _in_paragraphs(text: Text, attachments: tuple[Attachment, ...]) -> _paper.Document:
    """The document with its paragraphs in groups that begin behind a page break or at a heading."""
    first = sorted({1, *text.begins})
    last = [*(n - 1 for n in first[1:]), len(text.paragraphs)]
    return _paper.Document(
        units=text.paragraphs,
        unit="paragraph",
        groups=tuple(zip(first, last, strict=True)),
        attachments=attachments,
        emphasised=text.emphasised,
        doubts=text.doubts,
    )


def _whole_text(archive: zipfile.ZipFile) -> Text:
    names = archive.namelist()
    parts = [n for n in names if n.startswith("word/") and n.count("/") == 1]
    headers = _sorted(parts, "word/header")
    footers = _sorted(parts, "word/footer")
    trees = {
        name: _tree(archive, name)
        for name in (
            _DOCUMENT,
            *headers,
            *footers,
            "word/footnotes.xml",
            "word/endnotes.xml",
            "word/comments.xml",
        )
    }
    return document_text(
        trees[_DOCUMENT],
        headers=[trees[name] for name in headers],
        footers=[trees[name] for name in footers],
        footnotes=trees["word/footnotes.xml"],
        endnotes=trees["word/endnotes.xml"],
        comments=trees["word/comments.xml"],
    )


def _sorted(names: list[str], start: str) -> list[str]:
    return sorted(n for n in names if n.startswith(start) and n.endswith(".xml"))[:_MOST_NOTES]


def _tree(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    data = _zip.member(archive, name, limit=_LARGEST_XML)
    if data is None:
        return None
    rules = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    return etree.fromstring(data, rules)


def _files(source: Source, archive: zipfile.ZipFile) -> tuple[list[Embedded], list[Problem]]:
    files: list[Embedded] = []
    problems: list[Problem] = []
    left = _LARGEST_FILES
    inside = sorted({n for n in archive.namelist() if _is_file(n)})[:_MOST_FILES]
    for number, name in enumerate(inside, 1):
        place = replace(source, part=(*source.part, f"attachment {number}"))
        try:
            data = _zip.member(archive, name, limit=left) or b""
        except _zip.TooLargeError:
            problems.append(_unread(place, ProblemKind.LIMIT_SIZE, "is too large to be read"))
            continue
        except _zip.RatioError:
            what = "unpacks to far more than files do; it was not read"
            problems.append(_unread(place, ProblemKind.LIMIT_RATIO, what))
            continue
        except _zip.BROKEN:
            problems.append(_unread(place, ProblemKind.CORRUPT, "is damaged"))
            continue
        left -= len(data)
        if data:
            files.append(_file(place, clean_line(name.rpartition("/")[2]), data))
    return files, problems


def _file(place: Source, name: str, data: bytes) -> Embedded:
    known, inside = unwrapped(data)
    suffix = f".{name.rpartition('.')[2].lower()}"
    kind = _TYPES.get(suffix, "application/octet-stream")
    return Embedded(source=place, name=known or name, media_type=kind, data=inside)


def _is_file(name: str) -> bool:
    return name.startswith(("word/media/", "word/embeddings/")) and not name.endswith("/")


def _label(file: Embedded) -> Attachment:
    digest = hashlib.sha256(file.data).hexdigest()
    return Attachment(
        name=file.name, media_type=file.media_type, size=len(file.data), sha256=digest
    )


def _unread(place: Source, kind: ProblemKind, what: str) -> Problem:
    number = place.part[-1].rpartition(" ")[2]
    said = f"File {number} inside the document {what}."
    return Problem(source=place, reader="docx", kind=kind, what=said)


def _problem(item: Item, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=item.source, reader="docx", kind=kind, what=what)
