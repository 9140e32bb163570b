"""A picture of a letter (PNG, JPEG, TIFF, GIF, BMP, WebP): its pages read by OCR.

Only a picture that was supplied as such is read: a file, or a member of an archive. One that is
attached to a message or lies in a document stays listed there as an attachment, since nearly all
of those are logos, signatures and photographs, and a logo must never become a letter; whoever
wants one read supplies it as a file. Pages of a PDF without text are read likewise, by its format.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from commtrace.model import Found, Problem, ProblemKind, Record
from commtrace.plugins import Item, parser

from . import _ocr, _paper

if TYPE_CHECKING:
    from PIL.Image import Image

_READER = "scan/ocr"
_FORMATS = ("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP")
_MAGIC = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*",
    b"GIF87a", b"GIF89a", b"BM", b"RIFF",
)  # fmt: skip
_SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".bmp", ".webp")


def _is_supplied(item: Item) -> bool:
    """Whether the picture is a file or a member of an archive, and nobody's attachment."""
    head = item.head
    if head.startswith(b"BM") and head[6:10] != bytes(4):  # four reserved bytes of a bitmap's head
        return False
    if head.startswith(b"RIFF") and head[8:12] != b"WEBP":
        return False
    return not item.source.part or not item.source.part[-1].startswith("attachment ")


@parser(suffixes=_SUFFIXES, magic=_MAGIC, claims=_is_supplied)
def scan(item: Item) -> Iterator[Found]:
    """Scanned letter as a picture (.png, .jpg, .tif, .gif), by OCR with `commtrace[ocr]`.

    Of an animation the first picture is read, of a TIFF every page.
    """
    absent = _ocr.missing()
    if absent:
        yield _problem(item, ProblemKind.UNSUPPORTED_TYPE, absent)
        return
    pages: dict[int, _ocr.Page] = {}
    problems = list(_read(item, pages))
    if any(page.legible for page in pages.values()):
        yield from _text(item, pages)
    yield from problems
    yield from _ocr.unsure(item.source, "scan", pages)


def _text(item: Item, pages: Mapping[int, _ocr.Page]) -> Iterator[Found]:
    """The records of what was read, each with how sure that was of its own pages."""
    units = (pages.get(n) for n in range(1, max(pages) + 1))
    texts = tuple(page.text if page and page.legible else "" for page in units)

    def finish(record: Record, numbers: Sequence[int]) -> Record:
        return _ocr.marked(
            record, {n: pages[n] for n in numbers if n in pages and pages[n].legible}
        )

    yield from _paper.read(item, _paper.Document(units=texts), reader=_READER, finish=finish)


def _read(item: Item, pages: dict[int, _ocr.Page]) -> Iterator[Problem]:
    """Fill `pages`; whatever stops that is a problem, and what was read before it is kept."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - an extra

    try:
        with warnings.catch_warnings(), item.open() as stream:
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with _decoded():
                picture = Image.open(stream, formats=_FORMATS)
            with picture, _ocr.recognition() as read:
                yield from _frames(item, picture, read, pages)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        yield _too_large(item, len(pages) + 1)
    except UnidentifiedImageError:
        yield _problem(item, ProblemKind.CORRUPT, "The picture is damaged; ask for it again.")
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        yield _broken(item, error, len(pages) + 1)


@contextmanager
def _decoded() -> Iterator[None]:
    """Pillow raises nearly anything on a damaged picture; here it is what a decoder may say."""
    try:
        yield
    except (TypeError, KeyError, IndexError, AttributeError, ArithmeticError, struct.error) as odd:
        raise SyntaxError("The picture is damaged.") from odd


def _frames(
    item: Item, picture: Image, read: _ocr.Read, pages: dict[int, _ocr.Page]
) -> Iterator[Problem]:
    with _decoded():
        frames = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
    most = _ocr.most_pages(item.source)
    for number in range(1, min(frames, most) + 1):
        with _decoded():
            picture.seek(number - 1)
        if picture.width * picture.height > _ocr.MOST_PIXELS:
            yield _too_large(item, number)
            continue
        with _decoded():
            picture.load()
        pages[number] = read(picture)
    if frames > most:
        what = f"Only the first {most:,} of {frames:,} pages were read; split the file."
        yield _problem(item, ProblemKind.LIMIT_COUNT, what)


def _too_large(item: Item, number: int) -> Problem:
    most = _ocr.MOST_PIXELS // 1_000_000
    what = f"Page {number} has more than {most} million pixels; scan it at 300 dots an inch."
    return _problem(item, ProblemKind.LIMIT_SIZE, what)


def _broken(item: Item, error: Exception, number: int) -> Problem:
    """Pillow says "truncated" where a picture breaks off, and has no type for it."""
    if "truncated" in str(error).lower():
        what = f"The picture breaks off on page {number}; ask for the file again."
        return _problem(item, ProblemKind.TRUNCATED, what)
    what = f"Page {number} of the picture is damaged and could not be read."
    return _problem(item, ProblemKind.CORRUPT, what)


def _problem(item: Item, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=item.source, reader="scan", kind=kind, what=what)
