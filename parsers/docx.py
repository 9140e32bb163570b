"""A Word document as a letter, minutes or a note: all its text, and what is embedded in it.

Read with lxml out of the zip, because headers, text boxes, notes, comments and tracked changes are
evidence too; they are labelled in the text. Nothing is fetched and no entity is resolved.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]

from commtrace.model import Attachment, Found, Problem, ProblemKind
from commtrace.plugins import Item, parser

from . import _ole, _packedfiles, _paper, _zip
from ._docxtext import Text, document_text

_MOST_NOTES = 50  # header and footer parts
_DOCUMENT = "word/document.xml"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK\x03\x04"
_SUFFIXES = (".docx", ".docm", ".dotx", ".dotm")


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
    inside = _packedfiles.packed(archive, item.source, _is_file, reader="docx", whole="document")
    if text.paragraphs:
        yield from _paper.read(item, _in_paragraphs(text, inside.labels()), reader="docx")
    else:
        what = "The Word document holds no text; pictures in it may need text recognition (OCR)."
        yield _problem(item, ProblemKind.NO_TEXT, what)
    yield from inside.problems
    yield from inside.files


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
        name: _packedfiles.tree(archive, name)
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


def _is_file(name: str) -> bool:
    return name.startswith(("word/media/", "word/embeddings/")) and not name.endswith("/")


def _problem(item: Item, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=item.source, reader="docx", kind=kind, what=what)
