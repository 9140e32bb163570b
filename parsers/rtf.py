"""A letter, minutes or a note saved as rich text (RTF), and the pictures and objects in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from commtrace.model import Attachment, Embedded, Found, Problem, ProblemKind, Source
from commtrace.plugins import Item, parser

from . import _html, _paper, _rtf, _rtfstate, _rtftext
from ._layout import Text
from ._text import clean, clean_line

_LARGEST = 128 << 20  # bytes
_MOST_FILES = 1_000
_LARGEST_TEXT = 20_000_000  # characters
_MAGIC = b"{\\rtf"
_TYPES = {"png": "image/png", "jpeg": "image/jpeg", "emf": "image/emf", "wmf": "image/wmf",
    "dib": "image/bmp", "bmp": "image/bmp", "pict": "image/x-pict", "met": "image/x-pict",
}  # fmt: skip
_CUT = "Only the first 20 million characters of the text were kept."


@parser(suffixes=(".rtf",), magic=(_MAGIC,))
def rtf(item: Item) -> Iterator[Found]:
    """Rich text document (.rtf)."""
    if item.size > _LARGEST:
        yield _problem(item, ProblemKind.LIMIT_SIZE, "The document is too large to be read.")
        return
    data = item.read()
    found = _rtftext.document(data)
    text = _page(data) or found.text
    files = tuple(_file(item.source, number, one) for number, one in
                  enumerate(found.files[:_MOST_FILES], 1))  # fmt: skip
    labels = tuple(_label(file) for file in files)
    if text.text.strip():
        document = _paper.Document(
            units=(text.text[:_LARGEST_TEXT],),
            unit="text",
            attachments=labels,
            emphasised=text.emphasised,
            doubts=(*text.doubts, *((_CUT,) if len(text.text) > _LARGEST_TEXT else ())),
        )
        yield from _paper.read(item, document, reader="rtf")
    else:
        what = "The document holds no text; pictures in it may need text recognition (OCR)."
        yield _problem(item, ProblemKind.NO_TEXT, what)
    yield from _limits(item, found)
    yield from files


def _page(data: bytes) -> Text | None:
    """The text of a page of HTML that Outlook had wrapped in rich text (MS-OXRTFEX)."""
    if b"\\fromhtml1" not in data[:2048]:
        return None
    page, wrapped = _rtf.to_text(data)
    if not wrapped:
        return None
    text, doubts = _html.read(page)
    return Text(clean(text), (), doubts) if text.strip() else None


def _limits(item: Item, found: _rtftext.Document) -> Iterator[Problem]:
    for what in found.problems:
        kind = ProblemKind.LIMIT_DEPTH if what == _rtfstate.DEEP else ProblemKind.LIMIT_SIZE
        yield _problem(item, kind, what)
    if len(found.files) > _MOST_FILES:
        what = "The document holds more than 1,000 pictures and objects; the rest were not read."
        yield _problem(item, ProblemKind.LIMIT_COUNT, what)


def _file(source: Source, number: int, inside: _rtfstate.Inside) -> Embedded:
    name = clean_line(inside.name)[:200]
    kind = _TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    place = replace(source, part=(*source.part, f"attachment {number}"))
    return Embedded(source=place, name=name, media_type=kind, data=inside.data)


def _label(file: Embedded) -> Attachment:
    digest = hashlib.sha256(file.data).hexdigest()
    return Attachment(
        name=file.name, media_type=file.media_type, size=len(file.data), sha256=digest
    )


def _problem(item: Item, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=item.source, reader="rtf", kind=kind, what=what)
