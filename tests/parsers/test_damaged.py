"""Damage of every kind to Outlook, Word and PDF files: values come back, never an exception."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable

import pytest
from papers import SHARED, column, item, outlook, paragraphs, pdf_file, word

from commtrace.model import Found
from commtrace.parsers.docx import docx
from commtrace.parsers.msg import msg
from commtrace.parsers.pdf import pdf
from commtrace.plugins import Parser, choose

MUTANTS = 300
LETTER = "Dear Mrs Okafor\n\nTransport\n\nI write about the bus.\n\nYours sincerely\n\nJane Smith"


def flip(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randint(1, 12)):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def number(data: bytearray, dice: random.Random) -> None:
    """One four-byte number becomes one that readers stumble over."""
    at = dice.randrange(0, max(1, len(data) - 4)) & ~3
    value = dice.choice([0, 1, 2, 0xFFFFFFFF, 0xFFFFFFFE, 0x7FFFFFFF, dice.randrange(256)])
    data[at : at + 4] = value.to_bytes(4, "little")


def zeros(data: bytearray, dice: random.Random) -> None:
    at, length = dice.randrange(len(data)), dice.randrange(1, 600)
    data[at : at + length] = bytes(len(data[at : at + length]))


def cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(1, len(data)) :]


def double(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data)) & ~511
    data[at:at] = data[at : at + 512]


KINDS: tuple[Callable[[bytearray, random.Random], None], ...] = (flip, number, zeros, cut, double)


def mutants(originals: list[bytes], seed: int, *, header: int = 0) -> list[bytes]:
    """Damaged copies, half of them damaged where the format keeps its structure."""
    dice = random.Random(seed)  # noqa: S311 - a seed makes damage repeatable
    made = []
    for n in range(MUTANTS):
        data = bytearray(dice.choice(originals))
        if header and n % 2:
            start = bytearray(data[:header])
            dice.choice(KINDS[:3])(start, dice)
            data[: len(start)] = start
        else:
            dice.choice(KINDS)(data, dice)
        made.append(bytes(data))
    return made


def read_whole(format_: Parser, name: str, data: bytes) -> None:
    """Every value a file gives, with all its fields, and that a file gives at least one."""
    found = list(format_.read(item(name, data)))
    assert found
    for one in found:
        assert isinstance(one, Found)
        repr(one)


def outlook_originals() -> list[bytes]:
    inner = {"class": "IPM.Note", "subject": "Inner", "body": "inner words"}
    people = [(1, {"name": "Tom", "address": "tom@school.example"})]
    made = outlook(
        {
            "class": "IPM.Note",
            "subject": "Outer",
            "sender": "Jane",
            "headers": "From: <a@b.example>\n\n",
        },
        recipients=people,
        attachments=[{"file": "a.bin", "data": bytes(9000)}, {"name": "Inner", "message": inner}],
    )
    real = [SHARED / "msg" / "poi-hsmf" / "quick.msg", SHARED / "msg" / "tika" / "testMSG.msg",
            SHARED / "msg" / "poi-hsmf" / "58214_with_attachment.msg"]  # fmt: skip
    return [made, *(path.read_bytes() for path in real if path.exists())]


def test_damaged_outlook_files_give_values():
    for data in mutants(outlook_originals(), 1, header=3072):
        read_whole(msg, "a.msg", data)


def test_damaged_word_files_give_values():
    for data in mutants([word(paragraphs(*LETTER.split("\n")))], 2):
        read_whole(docx, "a.docx", data)


def test_damaged_xml_in_a_whole_word_file_gives_values():
    original = word(paragraphs(*LETTER.split("\n")))
    with zipfile.ZipFile(io.BytesIO(original)) as archive:
        xml = archive.read("word/document.xml")
    for data in mutants([xml], 3):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("word/document.xml", data)
        read_whole(docx, "a.docx", out.getvalue())


def test_damaged_pdf_files_give_values():
    for data in mutants([pdf_file([column(72, 760, LETTER), column(72, 760, "Page two")])], 4):
        read_whole(pdf, "a.pdf", data)


@pytest.mark.skipif(not SHARED.exists(), reason="the corpora of real files are not here")
@pytest.mark.parametrize("folder", ["msg", "letters", "rtf"])
def test_every_real_file_gives_values_or_is_claimed_by_nobody_here(folder):
    for path in sorted((SHARED / folder).rglob("*.*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        for format_ in choose(item(path.name, data)):
            read_whole(format_, path.name, data)
