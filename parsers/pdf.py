"""A PDF with a text layer: its text page by page, read as a letter.

Text comes from pypdfium2 (PDFium). Pages are joined with a form feed. Pages without text are said
so; reading pictures of pages is left to another format.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from commtrace.model import Attachment, Embedded, Found, Problem, ProblemKind
from commtrace.plugins import Item, parser

from . import _letter
from ._pdftext import page_text

_MOST_PAGES = 5_000
_MOST_TEXT = 20_000_000  # characters
_MOST_FILES = 1_000
_MOST_FILE_BYTES = 256 << 20


def _is_pdf(item: Item) -> bool:
    """Whether "%PDF-" stands in the first 1,024 bytes, as readers accept it."""
    return b"%PDF-" in item.head[:1024]


@parser(suffixes=(".pdf",), claims=_is_pdf)
def pdf(item: Item) -> Iterator[Found]:
    """PDF with text (.pdf)."""
    data = item.read()
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        yield _refused(item, error, cut=b"%%EOF" not in data[-2048:])
        return
    with closing(document):
        yield from _document(item, document)


def _document(item: Item, document: pypdfium2.PdfDocument) -> Iterator[Found]:
    pages, problems = _pages(item, document)
    files, more = _files(item, document)
    text = "\f".join(pages)
    if any(page.strip() for page in pages):
        labels = tuple(_label(file) for file in files)
        yield _letter.record(item.source, text, reader="pdf", name=item.name, attachments=labels)
    yield from _silent_pages(item, pages)
    yield from problems
    yield from more
    yield from files


def _pages(item: Item, document: pypdfium2.PdfDocument) -> tuple[list[str], list[Problem]]:
    pages: list[str] = []
    problems: list[Problem] = []
    length = 0
    for number in range(len(document)):
        if number >= _MOST_PAGES or length > _MOST_TEXT:
            what = f"Only the first {number:,} pages were read; the document is too long."
            problems.append(_problem(item, ProblemKind.LIMIT_SIZE, what))
            break
        try:
            text = _page_text(document, number)
        except (pypdfium2.PdfiumError, UnicodeError, ValueError):
            what = f"Page {number + 1} is damaged and could not be read."
            problems.append(_problem(item, ProblemKind.CORRUPT, what))
            text = ""
        pages.append(text)
        length += len(text)
    return pages, problems


def _page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    with closing(document[number]) as page, closing(page.get_textpage()) as layer:
        return page_text(layer)


def _silent_pages(item: Item, pages: list[str]) -> Iterator[Problem]:
    silent = [number for number, page in enumerate(pages, 1) if not page.strip()]
    if not pages:
        yield _problem(item, ProblemKind.EMPTY, "The PDF has no pages that could be read.")
    elif len(silent) == len(pages):
        what = "The PDF holds no text, only pictures of pages; text recognition (OCR) would help."
        yield _problem(item, ProblemKind.NO_TEXT, what)
    elif silent:
        shown = ", ".join(map(str, silent[:10])) + (" and others" if len(silent) > 10 else "")
        what = f"No text on page {shown}; if it is a scan, text recognition (OCR) would help."
        yield _problem(item, ProblemKind.NO_TEXT, what)


def _files(item: Item, document: pypdfium2.PdfDocument) -> tuple[list[Embedded], list[Problem]]:
    files: list[Embedded] = []
    problems: list[Problem] = []
    for number in range(min(document.count_attachments(), _MOST_FILES)):
        try:
            files.append(_file(item, document, number))
        except (pypdfium2.PdfiumError, UnicodeError, ValueError, MemoryError):
            what = f"Attachment {number + 1} of the PDF is damaged and could not be read."
            problems.append(_problem(item, ProblemKind.CORRUPT, what))
    return files, problems


def _file(item: Item, document: pypdfium2.PdfDocument, number: int) -> Embedded:
    attached = document.get_attachment(number)
    return Embedded(
        source=replace(item.source, part=(*item.source.part, f"attachment {number + 1}")),
        name=attached.get_name(),
        media_type="application/octet-stream",
        data=bytes(attached.get_data()),
    )


def _label(file: Embedded) -> Attachment:
    digest = hashlib.sha256(file.data).hexdigest()
    return Attachment(
        name=file.name, media_type=file.media_type, size=len(file.data), sha256=digest
    )


def _refused(item: Item, error: pypdfium2.PdfiumError, *, cut: bool) -> Problem:
    code = getattr(error, "err_code", None)
    if code == raw.FPDF_ERR_PASSWORD:
        what = "The PDF is locked with a password; ask for the password or an open copy."
        return _problem(item, ProblemKind.PASSWORD_NEEDED, what)
    if code == raw.FPDF_ERR_SECURITY:
        what = "The PDF is protected by a security scheme; ask for an open copy."
        return _problem(item, ProblemKind.ENCRYPTED, what)
    if not item.size:
        return _problem(item, ProblemKind.EMPTY, "The file is empty.")
    if cut:
        what = "The PDF breaks off before its end; ask for the file again."
        return _problem(item, ProblemKind.TRUNCATED, what)
    return _problem(item, ProblemKind.CORRUPT, "The PDF is damaged; ask for the file again.")


def _problem(item: Item, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=item.source, reader="pdf", kind=kind, what=what)
