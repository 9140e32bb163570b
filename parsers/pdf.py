"""A PDF: its text page by page, read as a letter.

Text comes from pypdfium2 (PDFium). Pages are joined with a form feed. Pages without text are drawn
and read by `_ocr` where that is installed, and are said so where it is not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from commtrace.model import Attachment, Embedded, Found, Problem, ProblemKind, Record
from commtrace.plugins import Item, parser

from . import _ocr, _paper
from ._pdftext import page_text
from ._text import clean_line

if TYPE_CHECKING:
    from PIL.Image import Image

_MOST_PAGES = 5_000
_MOST_TEXT = 20_000_000  # characters
_MOST_FILES = 1_000
_MOST_BOOKMARKS = 5_000
_MOST_LOOKED = 200  # pieces of text on a page of which it is asked whether they are visible
_MOST_FILE_BYTES = 256 << 20
_DOTS = 200  # an inch, at which a page is drawn to be read by OCR
_LONGEST_STAMP = 120  # characters of "Page 3 of 12" or a bundle's number on a scanned page
_SHARE_OF_SCAN = 0.6  # of a page that one picture covers
_MOST_DRAWN = 10_000_000  # pixels


def _is_pdf(item: Item) -> bool:
    """Whether "%PDF-" stands in the first 1,024 bytes, as readers accept it."""
    return b"%PDF-" in item.head[:1024]


@parser(suffixes=(".pdf",), claims=_is_pdf)
def pdf(item: Item) -> Iterator[Found]:
    """PDF (.pdf); pages without text by OCR with the extra `commtrace[ocr]`."""
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
    silent = [number for number, page in enumerate(pages, 1) if not page.strip()]
    stamped = [n for n, page in enumerate(pages, 1) if page.strip() and _stamped(document, n, page)]
    drawn = {} if _ocr.missing() else _read_drawn(item, document, sorted([*silent, *stamped]))
    read = {number: page for number, page in drawn.items() if page.legible}
    texts = tuple(read[n].text if n in read else page for n, page in enumerate(pages, 1))
    if any(text.strip() for text in texts):
        yield from _text(item, document, texts, read, tuple(_label(file) for file in files))
    told = {n: page for n, page in drawn.items() if n in silent or n in read}
    yield from _ocr.unsure(item.source, "pdf", told)
    left = [n for n in sorted([*silent, *stamped]) if n not in drawn]
    yield from _silent_pages(item, left, len(pages))
    yield from problems
    yield from more
    yield from files


def _text(
    item: Item,
    document: pypdfium2.PdfDocument,
    texts: tuple[str, ...],
    read: Mapping[int, _ocr.Page],
    attachments: tuple[Attachment, ...],
) -> Iterator[Found]:
    """The records and proposals of a PDF's text; those on pages read by OCR say so."""
    layers = _layers(document, [n for n in range(1, len(texts) + 1) if n not in read])

    def finish(record: Record, pages: Sequence[int]) -> Record:
        mine = {n: read[n] for n in pages if n in read}
        record = _ocr.layered(record, [n for n in pages if n in layers])
        return _ocr.marked(replace(record, reader="pdf/ocr"), mine) if mine else record

    whole = _paper.Document(units=texts, outline=_outline(document), attachments=attachments)
    yield from _paper.read(item, whole, reader="pdf", finish=finish)


def _outline(document: pypdfium2.PdfDocument) -> tuple[tuple[int, str], ...]:
    """The bookmarks of the first level, as page numbers from 1 and titles."""
    found: list[tuple[int, str]] = []
    with suppress(pypdfium2.PdfiumError, ValueError, UnicodeError, RecursionError):
        for mark in islice(document.get_toc(), _MOST_BOOKMARKS):
            place = None if mark.level else mark.get_dest()
            page = place.get_index() if place else None
            if page is not None:
                found.append((page + 1, clean_line(mark.get_title())))
    return tuple(found)


def _layers(document: pypdfium2.PdfDocument, numbers: Sequence[int]) -> frozenset[int]:
    """Pages whose text is an invisible layer over a picture, as a scanner's own OCR leaves it."""
    return frozenset(number for number in numbers if _is_layer(document, number))


def _is_layer(document: pypdfium2.PdfDocument, number: int) -> bool:
    with suppress(pypdfium2.PdfiumError, ValueError), closing(document[number - 1]) as page:
        pictures = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=2)
        if not any(True for _ in islice(pictures, 1)):
            return False
        words = page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=2)
        modes = [
            raw.FPDFTextObj_GetTextRenderMode(word.raw) for word in islice(words, _MOST_LOOKED)
        ]
        hidden = modes.count(raw.FPDF_TEXTRENDERMODE_INVISIBLE)
        return bool(modes) and hidden > len(modes) / 2
    return False


def _stamped(document: pypdfium2.PdfDocument, number: int, text: str) -> bool:
    """Whether a page is a picture with no more text than a stamp or a page number upon it."""
    if len(text) > _LONGEST_STAMP:
        return False
    with suppress(pypdfium2.PdfiumError, ValueError), closing(document[number - 1]) as page:
        width, height = page.get_size()
        for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=2):
            left, bottom, right, top = picture.get_bounds()
            if (right - left) * (top - bottom) >= _SHARE_OF_SCAN * width * height:
                return True
    return False


def _read_drawn(
    item: Item, document: pypdfium2.PdfDocument, numbers: list[int]
) -> dict[int, _ocr.Page]:
    """What OCR reads on the pages without text, as far as they can be drawn."""
    found: dict[int, _ocr.Page] = {}
    if not numbers:
        return found
    with _ocr.recognition() as read:
        for number in numbers[: _ocr.most_pages(item.source)]:
            with suppress(pypdfium2.PdfiumError, ValueError):
                found[number] = read(_drawn(document, number))
    return found


def _drawn(document: pypdfium2.PdfDocument, number: int) -> Image:
    with closing(document[number - 1]) as page:
        width, height = page.get_size()
        most = (_MOST_DRAWN / max(1.0, width * height)) ** 0.5
        bitmap = page.render(scale=min(_DOTS / 72, most), grayscale=True)
        with closing(bitmap):
            picture: Image = bitmap.to_pil().copy()
            return picture


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


def _silent_pages(item: Item, silent: list[int], pages: int) -> Iterator[Problem]:
    """Problems for pages that gave no text and were not read by OCR either."""
    advice = _ocr.missing() or "Split the file, so that these pages are read by OCR too."
    if not pages:
        yield _problem(item, ProblemKind.EMPTY, "The PDF has no pages that could be read.")
    elif len(silent) == pages:
        what = f"The PDF holds only pictures of pages and no text of its own. {advice}"
        yield _problem(item, ProblemKind.NO_TEXT, what)
    elif silent:
        shown = ", ".join(map(str, silent[:10])) + (" and others" if len(silent) > 10 else "")
        yield _problem(
            item, ProblemKind.NO_TEXT, f"Page {shown} is without text of its own. {advice}"
        )


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
