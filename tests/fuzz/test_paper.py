"""Damaged PDFs and pictures: every one gives values in time, or dies in its own process.

Mutants are read in forked children, as a worker would be: a child that a native library kills costs
its one file and is counted. Text recognition itself is left out, since Tesseract only ever sees
grey pixels; pages are still drawn and pictures still decoded to them. `COMMTRACE_FUZZ=release`
raises the size.
"""

from __future__ import annotations

import faulthandler
import io
import os
import random
import resource
import signal
import sys
import time
import traceback
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import typst
from pypdf import PdfReader, PdfWriter

sys.path.insert(0, str(Path(__file__).parents[1] / "parsers"))
from bundles import WRITING, pdf_of
from papers import column, item, pdf_file

from commtrace.model import Problem, Record
from commtrace.parsers import _ocr
from commtrace.parsers.pdf import pdf
from commtrace.parsers.scan import scan
from commtrace.plugins import Parser

Image = pytest.importorskip("PIL.Image", reason="Pillow is not here")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked here")

SIZE = 20_000 if os.environ.get("COMMTRACE_FUZZ") == "release" else 500
SECONDS = 20  # for one mutant
MEMORY = 1 << 30  # bytes beyond what the process holds already
BATCH = 50
LETTER = (
    "11 February 2022\n\nOur ref: AB/12\n\nDear Mrs Okafor\n\nThe panel met.\n\nYours sincerely"
)


# ---- damage


def flip(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randrange(1, 9)):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def number(data: bytearray, dice: random.Random) -> None:
    """Figures are what sizes, offsets and counts of a PDF are written with."""
    places = [n for n, byte in enumerate(data) if 48 <= byte <= 57]
    for _ in range(dice.randrange(1, 5)):
        data[dice.choice(places or [0])] = 48 + dice.randrange(10)


def word(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    data[at : at + 4] = dice.choice(
        [bytes(4), b"\xff" * 4, b"\x7f\xff\xff\xff", b"\x00\x00\x00\x01"]
    )


def cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(1, len(data)) :]


def drop(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    del data[at : at + dice.randrange(1, 64)]


def double(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    data[at:at] = data[at : at + dice.randrange(1, 512)]


DAMAGE = (flip, number, word, cut, drop, double)


def mutants(originals: Sequence[bytes], seed: int) -> Iterator[bytes]:
    dice = random.Random(seed)  # noqa: S311 - a seed makes damage repeatable
    for n in range(SIZE):
        data = bytearray(originals[n % len(originals)])
        for _ in range(dice.randrange(1, 3)):
            dice.choice(DAMAGE)(data, dice)
            if not data:
                data += b"\0"
        yield bytes(data)


# ---- children


@contextmanager
def decoding():
    """Pictures brought to grey pixels as for text recognition, and no more."""

    def read(picture):
        grey = _ocr._bounded(_ocr._grey(picture))
        return _ocr.Page(text=f"{grey.size} {len(grey.tobytes())}", sure=90)

    yield read


def in_child(format_: Parser, name: str, some: Sequence[bytes]) -> tuple[int, str]:
    """How many files a child read before it ended, and how it ended ("" if well)."""
    here, there = os.pipe()
    child = os.fork()
    if not child:
        os.close(here)
        _read_all(format_, name, some, there)
    os.close(there)
    with os.fdopen(here, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    done = said.count(b"+")
    fault = said.partition(b"!")[2].decode()
    return done, fault or (f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "")


def _read_all(format_: Parser, name: str, some: Sequence[bytes], out: int) -> None:
    """Read all, and never come back: the child of a test must not run the rest of the suite."""
    faulthandler.disable()  # a death is counted by the parent, and not printed
    try:
        held = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (held + MEMORY, held + MEMORY))
        for data in some:
            signal.alarm(SECONDS)
            for one in format_.read(item(name, data)):
                repr(one)
            os.write(out, b"+")
        os._exit(0)
    except MemoryError:
        os.write(out, b"!memory")  # a worker ends so, and its file with it
    except BaseException:  # noqa: BLE001 - whatever it is, the parent has to hear of it
        os.write(out, b"!" + traceback.format_exc(limit=-3).encode())
    finally:
        os._exit(1)


def run(format_: Parser, name: str, originals: Sequence[bytes], seed: int) -> list[str]:
    """The faults of all mutants, each file read by a child of its batch."""
    todo = list(mutants(originals, seed))
    faults: list[str] = []
    read = 0
    while read < len(todo):
        done, fault = in_child(format_, name, todo[read : read + BATCH])
        if fault:
            faults.append(fault)
        assert fault or done == len(todo[read : read + BATCH])
        read += done + bool(fault)  # the file that it ended with is done with too
    return faults


def tolerable(faults: Sequence[str]) -> bool:
    """Whether no fault is an exception or a hang, and hardly any a death in native code."""
    deaths = [one for one in faults if one in ("memory", "signal 11", "signal 6", "signal 8")]
    return len(deaths) == len(faults) and len(deaths) <= SIZE * 0.01


# ---- lanes


def a_pdf_with_everything() -> bytes:
    """Bookmarks, an attachment, a picture, text in a form, two kinds of page."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf_file([column(72, 760, LETTER), []])))
    picture = io.BytesIO()
    Image.new("L", (80, 60), 200).save(picture, "PDF")
    writer.append(PdfReader(io.BytesIO(picture.getvalue())), outline_item="Picture.pdf")
    writer.add_outline_item(title="Letter 11 February 2022.pdf", page_number=0)
    writer.add_attachment("annex.txt", b"Annex words")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pictures() -> list[bytes]:
    page = Image.new("L", (120, 60), 255)
    page.paste(0, (10, 10, 60, 20))
    made = []
    for mode, kind, told in (
        ("L", "PNG", {}), ("P", "PNG", {}), ("RGBA", "PNG", {}), ("RGB", "JPEG", {}),
        ("CMYK", "JPEG", {}), ("1", "TIFF", {"compression": "group4"}),
        ("RGB", "TIFF", {"compression": "tiff_lzw"}), ("L", "TIFF", {"compression": "jpeg"}),
        ("P", "GIF", {}), ("RGB", "BMP", {}), ("RGB", "WEBP", {"lossless": True}),
    ):  # fmt: skip
        out = io.BytesIO()
        more = {"save_all": True, "append_images": [page.convert(mode)]} if kind == "TIFF" else {}
        page.convert("RGB").convert(mode).save(out, kind, **told, **more)
        made.append(out.getvalue())
    return made


def test_damaged_pdfs_give_values_in_time(monkeypatch):
    monkeypatch.setattr(_ocr, "missing", lambda: None)
    monkeypatch.setattr(_ocr, "recognition", decoding)
    plain = pdf_file([column(72, 760, LETTER), column(72, 760, "Page two")])
    packed = typst.compile(b"= Letter\n\nDear Mrs Okafor\n\n#table(columns: 3, [a], [b], [c])")
    originals = [plain, a_pdf_with_everything(), packed, pdf_of(WRITING[6])]
    faults = run(pdf, "a.pdf", originals, 405)
    assert tolerable(faults), faults


def test_damaged_pictures_give_values_in_time(monkeypatch):
    monkeypatch.setattr(_ocr, "missing", lambda: None)
    monkeypatch.setattr(_ocr, "recognition", decoding)
    faults = run(scan, "a.png", pictures(), 406)
    assert tolerable(faults), faults


# ---- bombs (trust.md 2.5): a small file that asks for very much


def _page(stream: bytes, filters: bytes = b"") -> bytes:
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<>>>>",
        b"<</Length %d %s>>stream\n%s\nendstream" % (len(stream), filters, stream),
    )
    out, places = b"%PDF-1.4\n", []
    for n, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 5\n0000000000 65535 f \n%strailer<</Size 5/Root 1 0 R>>\n" % table
        + (b"startxref\n%d\n%%%%EOF\n" % len(out))
    )


def _packed(piece: bytes, times: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(piece) for _ in range(times)) + packer.flush()


FLATE = b"/Filter/FlateDecode"
BOMBS = {
    "flate upon flate": lambda: _page(
        zlib.compress(_packed(b" " * (1 << 20), 1024), 9), b"/Filter[/FlateDecode/FlateDecode]"
    ),
    "operators without end": lambda: _page(_packed(b"q 1 0 0 1 0 0 cm Q " * 5000, 500), FLATE),
    "a table that is its own predecessor": lambda: _page(b"q Q").replace(
        b"trailer<<", b"trailer<</Prev 300 "
    ),
    "arrays in arrays": lambda: _page(b"[" * 2_000_000),
    "a page as large as a town": lambda: _page(b"q Q").replace(b"600 800", b"9e9 9e9"),
    "pages that are their own parent": lambda: _page(b"q Q").replace(b"[3 0 R]", b"[2 0 R]"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_small_pdf_that_asks_for_much_ends_in_time(monkeypatch, name):
    monkeypatch.setattr(_ocr, "missing", lambda: None)
    monkeypatch.setattr(_ocr, "recognition", decoding)
    start = time.perf_counter()
    done, fault = in_child(pdf, "bomb.pdf", [BOMBS[name]()])
    assert done == 1 or fault in ("memory", "signal 11", "signal 6")
    assert time.perf_counter() - start < SECONDS


def test_an_animation_of_many_pictures_is_read_to_its_first(monkeypatch):
    monkeypatch.setattr(_ocr, "missing", lambda: None)
    monkeypatch.setattr(_ocr, "recognition", decoding)
    frame = Image.new("P", (64, 64))
    out = io.BytesIO()
    frame.save(out, "GIF", save_all=True, append_images=[frame] * 2000, duration=10)
    (found,) = [
        one for one in scan.read(item("a.gif", out.getvalue())) if not isinstance(one, Problem)
    ]
    assert isinstance(found, Record)
    assert "\f" not in found.text
