"""Scans: pages as pictures, read by OCR whichever way up, bounded, and never taken for verbatim."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
from bundles import Bundle, mail, pdf_of
from papers import SHARED, column, item, pdf_file, problems, read, record
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from commtrace.evidence.ingest import ingest
from commtrace.evidence.values import Task
from commtrace.evidence.workers import Limits, _pictures_last, processes
from commtrace.model import Channel, Grade, Mark, ProblemKind, Record
from commtrace.moments import say, written_dates
from commtrace.parsers import _ocr
from commtrace.parsers._ocrtext import Word, page_text
from commtrace.parsers.pdf import pdf
from commtrace.parsers.scan import scan
from commtrace.plugins import choose
from commtrace.store import Store

Image = pytest.importorskip("PIL.Image", reason="Pillow is not here")
ImageDraw = pytest.importorskip("PIL.ImageDraw", reason="Pillow is not here")
needs_ocr = pytest.mark.skipif(
    _ocr.missing() is not None, reason="the extra commtrace[ocr] is not installed"
)

HEAD = "Wantsum County Council\nSessions House\nWantsum\nCT9 1XQ"
WINDOW = "Mrs A Okafor\n12 Mill Lane\nWantsum\nCT5 2BC"
BODY = (
    "11 February 2022\n\nOur ref: SEN/2022/0417\n\nDear Mrs Okafor\n\nYour appeal\n\n"
    "Thank you for your letter about transport for your son. The panel met last\n"
    "week and looked at everything you sent us. It found that the walk to school\n"
    "is longer than three miles, and that he is entitled to free transport from\n"
    "the first day of the new term. The taxi will call at eight each morning.\n\n"
    "Yours sincerely\n\nJane Smith\nHead of Transport"
)
LINES = [*column(380, 780, HEAD), *column(72, 700, WINDOW), *column(72, 600, BODY)]


def pages(*texts):
    """Pages of a PDF drawn as grey pictures at 150 dots an inch."""
    document = pypdfium2.PdfDocument(pdf_file(texts or [LINES]))
    drawn = [page.render(scale=150 / 72, grayscale=True).to_pil().copy() for page in document]
    document.close()
    return drawn


def saved(pictures, kind="PNG", **options):
    out = io.BytesIO()
    first, *rest = pictures
    more = {"save_all": True, "append_images": rest} if rest else {}
    first.save(out, kind, **more, **options)
    return out.getvalue()


def words(text):
    return Counter(re.findall(r"\w+", text.lower()))


def recall(truth, found):
    wanted = words(truth)
    return (wanted & words(found)).total() / wanted.total()


def header_only(width, height):
    """A PNG that says it is huge and holds nothing."""

    def chunk(name, data):
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    shape = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", shape)
    return start + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")


@needs_ocr
@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_page_is_read_whichever_way_up_it_was_scanned(turned):
    (page,) = pages()
    found = record(scan, "a.png", saved([page.rotate(turned, expand=True)]))
    assert recall(f"{HEAD}\n{WINDOW}\n{BODY}", found.text) >= 0.97


@needs_ocr
def test_a_scanned_letter_gives_its_date_addressee_reference_and_subject():
    found = record(scan, "a.png", saved(pages()))
    assert (say(found.sent), found.to[0].name, found.our_ref, found.subject) == (
        "11 Feb 2022", "Mrs A Okafor", "SEN/2022/0417", "Your appeal",
    )  # fmt: skip


@needs_ocr
def test_a_text_from_a_picture_is_marked_as_such_with_how_sure_it_is():
    found = record(scan, "a.png", saved(pages()))
    assert found.reader == "scan/ocr"
    assert re.fullmatch(
        r"Read by OCR, \d\d % sure on page 1; the words are not verbatim\.", found.doubts[0]
    )
    assert _ocr.FROM_A_PICTURE in found.doubts


@needs_ocr
def test_the_pages_of_a_tiff_are_one_letter():
    second = column(72, 700, "The second page tells where the taxi stops each morning.")
    found = record(scan, "a.tif", saved(pages(LINES, second), "TIFF"))
    assert "\f" in found.text
    assert "page 2" in found.doubts[0]


@needs_ocr
def test_a_picture_without_words_gives_no_letter():
    blank = Image.new("L", (800, 600), 255)
    (found,) = read(scan, "a.png", saved([blank]))
    assert found.kind is ProblemKind.NO_TEXT


@needs_ocr
def test_black_letters_on_a_transparent_ground_are_read():
    (page,) = pages()
    clear = Image.new("RGBA", page.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=page.point(lambda light: 255 - light))
    assert recall(BODY, record(scan, "a.png", saved([clear])).text) >= 0.97


@needs_ocr
def test_a_picture_of_too_many_pixels_is_not_opened():
    (found,) = read(scan, "a.png", header_only(9_000, 9_000))
    assert (found.kind, "50 million" in found.what) == (ProblemKind.LIMIT_SIZE, True)


@needs_ocr
def test_a_decompression_bomb_is_not_opened():
    (found,) = read(scan, "a.png", header_only(100_000, 100_000))
    assert found.kind is ProblemKind.LIMIT_SIZE


@needs_ocr
def test_only_so_many_pages_of_a_tiff_are_read(monkeypatch):
    monkeypatch.setattr(_ocr, "MOST_PAGES", 1)
    found = problems(scan, "a.tif", saved(pages(LINES, LINES), "TIFF"))
    assert [one.kind for one in found] == [ProblemKind.LIMIT_COUNT]


@needs_ocr
@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\nnothing", ProblemKind.CORRUPT),
        (b"\xff\xd8\xff\xe0nothing", ProblemKind.TRUNCATED),
        (b"II*\x00\xff\xff\xff\xff", ProblemKind.CORRUPT),
    ],
)
def test_a_damaged_picture_is_said_to_be_damaged(data, kind):
    (found,) = read(scan, "a.png", data)
    assert found.kind is kind


@needs_ocr
def test_a_picture_that_breaks_off_is_said_to_break_off():
    data = saved(pages(), "JPEG")
    (found,) = read(scan, "a.jpg", data[: len(data) // 2])
    assert found.kind is ProblemKind.TRUNCATED


@needs_ocr
def test_what_ocr_is_little_sure_of_is_listed():
    (found,) = _ocr.unsure(item("a", b"").source, "scan", {1: _ocr.Page(text="Wxrds", sure=45)})
    assert (found.kind, "page 1" in found.what) == (ProblemKind.DOUBTFUL, True)


def test_words_that_ocr_is_little_sure_of_are_quoted_with_their_pages():
    pages = {
        1: _ocr.Page(text="Words", sure=90, words=100, low=("AB/1Z", "Wantsurn")),
        2: _ocr.Page(text="Words", sure=95, words=50, low=("th3",)),
    }
    (said,) = _ocr._little_sure(pages)
    assert said.startswith("OCR is less than 60 % sure of 3 of 150 words: ")
    assert said.endswith('"AB/1Z" (page 1), "Wantsurn" (page 1), "th3" (page 2).')


@needs_ocr
@pytest.mark.parametrize("mode", ["CMYK", "I;16", "1", "P", "LAB"])
def test_a_page_is_read_in_whatever_colours_it_was_saved(mode):
    (page,) = pages()
    if mode == "I;16":
        deep = Image.new("I", page.size)
        deep.paste(page.convert("I").point(lambda level: level * 257))
        picture = deep.convert("I;16")
    elif mode == "LAB":
        even = Image.new("L", page.size, 128)
        picture = Image.merge("LAB", (page, even, even))
    else:
        picture = page.convert("RGB").convert(mode)
    with _ocr.recognition() as read_page:
        assert recall(BODY, read_page(picture).text) >= 0.97


@needs_ocr
def test_of_an_animation_the_first_picture_is_read():
    found = record(scan, "a.gif", saved([*pages(), *pages(column(72, 700, "Other"))], "GIF"))
    assert "Dear Mrs Okafor" in found.text
    assert "\f" not in found.text


@needs_ocr
def test_what_was_read_by_ocr_is_marked_for_ever():
    assert record(scan, "a.png", saved(pages())).marks == (Mark.OCR,)


def layered_pdf():
    """A scanned page over which a scanner laid what its own OCR read, not to be seen."""
    writer = PdfWriter(clone_from=io.BytesIO(saved(pages(), "PDF", resolution=150)))
    page = writer.pages[0]
    page.merge_page(PdfReader(io.BytesIO(pdf_file([LINES]))).pages[0])
    unseen = DecodedStreamObject()
    unseen.set_data(page.get_contents().get_data().replace(b"BT\n", b"BT 3 Tr\n"))
    page[NameObject("/Contents")] = writer._add_object(unseen)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@needs_ocr
@pytest.mark.parametrize("style", ["apple", "gmail"])
def test_a_scan_of_a_printed_mail_is_a_reported_mail(style):
    """At 150 dots an inch the labels of Apple's page, and "Hello", were not seen at all."""
    document = pypdfium2.PdfDocument(pdf_of(Bundle("mail", tuple(mail(2, style=style)), (1,))))
    picture = document[0].render(scale=150 / 72, grayscale=True).to_pil().copy()
    document.close()
    found = record(scan, "a.png", saved([picture]))
    assert (found.channel, found.grade, found.marks) == (
        Channel.EMAIL, Grade.REPORTED, (Mark.OCR,),
    )  # fmt: skip
    assert (found.sender.address, found.subject) == ("jean@mail.example", "Route 2")
    assert "Hello" in found.text


def test_an_invisible_layer_of_text_is_said_to_be_ocr():
    found = record(pdf, "a.pdf", layered_pdf())
    assert found.marks == (Mark.OCR,)
    assert "a layer that a scanner's OCR laid" in found.doubts[0]


def test_visible_text_is_no_ocr():
    assert record(pdf, "a.pdf", pdf_file([LINES])).marks == ()


@needs_ocr
def test_of_a_mixed_pdf_only_the_items_on_pictures_are_marked():
    writer = PdfWriter(clone_from=io.BytesIO(pdf_file([LINES])))
    writer.append(io.BytesIO(saved(pages(), "PDF", resolution=150)))
    out = io.BytesIO()
    writer.write(out)
    found = [one for one in read(pdf, "a.pdf", out.getvalue()) if isinstance(one, Record)]
    assert [(r.source.part, r.marks, r.reader) for r in found] == [
        (("page 1",), (), "pdf"), (("page 2",), (Mark.OCR,), "pdf/ocr"),
    ]  # fmt: skip


def test_many_pages_are_summed_up_with_the_least_sure():
    many = {number: _ocr.Page(text="Words", sure=90 - number) for number in range(1, 10)}
    assert _ocr._how_sure(many) == (
        "Read by OCR, 85 % sure on the mean of 9 pages, 81 % on page 9; the words are not verbatim."
    )


@needs_ocr
def test_a_pdf_of_pictures_is_read_as_a_letter():
    found = record(pdf, "a.pdf", saved(pages(), "PDF", resolution=150))
    assert (found.reader, say(found.sent), found.subject) == (
        "pdf/ocr", "11 Feb 2022", "Your appeal",
    )  # fmt: skip
    assert recall(f"{HEAD}\n{WINDOW}\n{BODY}", found.text) >= 0.97


def stamped_pdf():
    """A scanned page upon which somebody's bundle program has written a number."""
    scanned = PdfReader(io.BytesIO(saved(pages(), "PDF", resolution=150)))
    stamp = PdfReader(io.BytesIO(pdf_file([column(500, 20, "Bundle 417")])))
    writer = PdfWriter()
    page = writer.add_page(scanned.pages[0])
    page.merge_page(stamp.pages[0])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@needs_ocr
def test_a_scanned_page_with_a_stamp_of_text_is_read_as_a_scan():
    found = record(pdf, "a.pdf", stamped_pdf())
    assert found.reader == "pdf/ocr"
    assert "Dear Mrs Okafor" in found.text


def test_without_ocr_a_stamped_scan_is_said_to_be_unread(monkeypatch):
    monkeypatch.setattr(_ocr, "missing", lambda: _ocr.NOT_INSTALLED)
    (found,) = problems(pdf, "a.pdf", stamped_pdf())
    assert found.kind is ProblemKind.NO_TEXT


def test_without_ocr_a_picture_is_unsupported_and_says_what_would_help(monkeypatch):
    monkeypatch.setattr(_ocr, "missing", lambda: _ocr.NOT_INSTALLED)
    (found,) = read(scan, "a.png", saved(pages()))
    assert (found.kind, "commtrace[ocr]" in found.what) == (ProblemKind.UNSUPPORTED_TYPE, True)


def test_without_ocr_a_pdf_of_pictures_keeps_its_problem(monkeypatch):
    monkeypatch.setattr(_ocr, "missing", lambda: _ocr.NOT_INSTALLED)
    (found,) = read(pdf, "a.pdf", saved(pages(), "PDF", resolution=150))
    assert (found.kind, "commtrace[ocr]" in found.what) == (ProblemKind.NO_TEXT, True)


@pytest.mark.parametrize("name", ["a.png", "a.bin"])
def test_a_picture_that_was_supplied_is_told_by_its_content(name):
    assert choose(item(name, saved(pages()))) == (scan,)


def test_a_picture_attached_to_a_message_never_becomes_a_letter():
    whole = item("logo.png", saved(pages()))
    inside = replace(whole, source=replace(whole.source, part=("message 1", "attachment 1")))
    assert choose(inside) == ()


def test_a_member_of_an_archive_is_a_picture_that_was_supplied():
    whole = item("scan.png", saved(pages()))
    inside = replace(whole, source=replace(whole.source, part=("letters/scan.png",)))
    assert choose(inside) == (scan,)


@needs_ocr
def test_scans_are_read_within_the_walls_of_a_worker(tmp_path):
    (page,) = pages()
    large = page.convert("RGBA").resize((7_000, 7_100))
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    (evidence / "a.jpg").write_bytes(saved([page.rotate(90, expand=True)], "JPEG"))
    (evidence / "b.png").write_bytes(saved([large], compress_level=1))
    (evidence / "c.pdf").write_bytes(saved(pages(LINES, LINES), "PDF", resolution=150))
    store = Store(f"sqlite:///{tmp_path / 'case.db'}")
    ingest([evidence], case_folder=tmp_path, store=store, read=processes(1))
    ends = [(file.path, str(file.status), file.communications) for file in store.files()]
    store.close()
    assert ends == [("a.jpg", "read", 1), ("b.png", "read", 1), ("c.pdf", "read", 2)]


def test_a_file_of_pages_has_minutes_more_than_a_message():
    small = {"sha256": "", "size": 0, "blob": Path(), "spool": Path(), "encode": list}
    limits = Limits()
    message = limits.time_for(Task(path="a.eml", **small))
    assert limits.time_for(Task(path="a/Scan.PDF", **small)) == message + limits.seconds_of_pages
    long = Task(path="scan.tif", **(small | {"size": 300 * 20 * 1024}))  # 300 pages of fax
    assert limits.time_for(long) >= 300 * 3
    huge = Task(path="scan.pdf", **(small | {"size": 1 << 30}))
    assert limits.time_for(huge) == limits.most_seconds


def test_pictures_wait_until_everything_else_was_read():
    small = {"sha256": "", "size": 0, "blob": Path(), "spool": Path(), "encode": list}
    tasks = [Task(path=path, **small) for path in ("a.PDF", "b.eml", "c.tif", "d.msg")]
    assert [task.path for task in _pictures_last(tasks)] == ["b.eml", "d.msg", "a.PDF", "c.tif"]


def test_columns_that_stand_abreast_are_told_apart():
    lines = [[at("Mrs", 0, 0), at("Okafor", 40, 0), at("Wantsum", 400, 0)],
             [at("Mill", 0, 30), at("Lane", 50, 30), at("Council", 400, 30)]]  # fmt: skip
    assert page_text(lines) == "Mrs Okafor\nMill Lane\n\nWantsum\nCouncil"


def test_a_label_keeps_the_value_that_stands_apart_from_it():
    assert page_text([[at("Our", 0, 0), at("ref:", 40, 0), at("AB/12", 400, 0)]]) == (
        "Our ref:    AB/12"
    )


def test_a_word_that_was_overlooked_finds_its_line():
    line = [at("MR", 0, 0), at("DOE", 50, 0)]
    assert page_text([line], [[at("J", 30, 0, width=10)]]) == "MR J DOE"


def test_a_line_that_was_overlooked_joins_no_box_drawn_around_two_lines():
    garbled = [at("Mes", 0, 0, height=50)]
    found = page_text([garbled], [[at("MR", 40, 0), at("DOE", 70, 0)], [at("LANE", 40, 30)]])
    assert "MR DOE" in found.splitlines()


def at(text, left, top, *, width=None, height=20):
    """A word as Tesseract gives it."""
    right = left + (width or 9 * len(text))
    return Word(text, left, top, right, top + height, 95.0)


FORMS = ("200dpi_bilevel.tif", "150dpi_skewed_noisy.jpg", "150dpi_rot90.png", "image_only.pdf")
LETTERS = ("dwp", "ibm_cognos")
has_scans = pytest.mark.skipif(
    not (SHARED / "scans" / "derived").exists(), reason="the corpus of scans is not here"
)


@cache
def derived(letter, form):
    """The true text of a derived scan, and what was read of it."""
    file = SHARED / "scans" / "derived" / f"{letter}_{form}"
    found = record(pdf if form.endswith("pdf") else scan, file.name, file.read_bytes())
    return (file.parent / f"{letter}.truth.txt").read_text("utf-8"), found.text


@has_scans
@needs_ocr
@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("form", FORMS)
def test_derived_scans_are_read(letter, form):
    truth, text = derived(letter, form)
    assert recall(truth, text) >= 0.97


def telling(text):
    """Dates, and references: what has a figure and four characters or more."""
    reference = r"(?<!\w)(?=[\w/.-]*\d)(?=[\w/.-]{4})[^\W_]+(?:[/.-][^\W_]+)*(?!\w)"
    found = Counter(match.casefold() for match in re.findall(reference, text))
    return found + Counter(str(one.day) for one in written_dates(text))


@has_scans
@needs_ocr
def test_of_dates_and_references_of_the_derived_scans_nearly_all_are_found():
    right = wanted = 0
    for letter in LETTERS:
        for form in FORMS:
            truth, text = map(telling, derived(letter, form))
            right += (truth & text).total()
            wanted += truth.total()
    assert right >= 0.95 * wanted
