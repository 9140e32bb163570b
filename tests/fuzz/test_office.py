"""Damage to rich text, Word and OpenDocument, workbooks, tables as text, calendars and chats.

Bytes are flipped, cut, doubled and emptied; in zips also inside a member, so that the damage gets
past the checksum to the reader. Every mutant gives values in time and never an exception, and no
two of them claim one place. `COMMTRACE_FUZZ=release` raises the size.
"""

from __future__ import annotations

import io
import os
import random
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "parsers"))
from office import (
    ANDROID,
    IOS,
    LOG,
    calendar_file,
    odt_letter,
    opendocument,
    rich,
    rich_letter,
    workbook,
)
from papers import item, paragraphs, word

from commtrace.model import Embedded, Found, Record
from commtrace.parsers.calendar import calendar
from commtrace.parsers.delimited import delimited
from commtrace.parsers.docx import docx
from commtrace.parsers.odt import odt
from commtrace.parsers.rtf import rtf
from commtrace.parsers.table import table
from commtrace.parsers.whatsapp import whatsapp
from commtrace.plugins import Parser

SIZE = 20_000 if os.environ.get("COMMTRACE_FUZZ") == "release" else 500
SECONDS = 10.0  # for one mutant
LETTER = "Dear Mrs Okafor\n\nTransport\n\nI write about the bus.\n\nYours sincerely\n\nJane Smith"
NOTED = (
    r"{\header\pard council\par}Seen{\footnote\pard annex\par}{\*\annotation\pard why\par}\par"
    r"{\*\shppict{\pict\pngblip 89504e47}}{\object{\*\objdata 0105000002000000}}"
    r"\trowd\intbl A\cell B\cell\row\pard{\f1 \'cf\'f0}\u8364?\u-10187?\u-8440?{\deleted no}\par"
)
CSV = b'Date,From,To,Subject\n14/02/2022,H Whitlock,KCC,"Transport, again"\n03/04/2022,KCC,,Re\n'
TRACKED = (
    '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion><text:p>never'
    "</text:p></text:deletion></text:changed-region></text:tracked-changes>"
    '<text:p>We <text:change text:change-id="c1"/><text:note text:note-class="footnote">'
    "<text:note-body><text:p>n</text:p></text:note-body></text:note></text:p>"
)
LANES: dict[str, tuple[Parser, tuple[bytes, ...]]] = {
    "a.rtf": (rtf, (rich_letter(), rich(NOTED))),
    "a.docx": (docx, (word(paragraphs(*LETTER.split("\n"))),)),
    "a.xlsx": (table, (workbook(), workbook(("Log", LOG), ("More", LOG)))),
    "a.odt": (odt, (odt_letter(), opendocument(TRACKED))),
    "a.csv": (delimited, (CSV, CSV.replace(b",", b";"), CSV.decode().encode("utf-16"))),
    "a.ics": (calendar, (calendar_file(), calendar_file(method="REPLY", zone=""))),
    "a.txt": (whatsapp, (ANDROID.encode(), IOS.encode())),
}
_SYNTAX = b"{}\\<>/\"'=;:,.&#0123456789-\x00\xff\n\r "


def flip(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randint(1, 12)):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def syntax(data: bytearray, dice: random.Random) -> None:
    """Bytes become ones that mean something to the reader."""
    for _ in range(dice.randint(1, 8)):
        data[dice.randrange(len(data))] = dice.choice(_SYNTAX)


def zeros(data: bytearray, dice: random.Random) -> None:
    at, length = dice.randrange(len(data)), dice.randrange(1, 200)
    data[at : at + length] = bytes(len(data[at : at + length]))


def cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(1, len(data) + 1) :]


def double(data: bytearray, dice: random.Random) -> None:
    at, length = dice.randrange(len(data)), dice.randrange(1, 300)
    data[at:at] = data[at : at + length] * dice.randint(1, 20)


def shift(data: bytearray, dice: random.Random) -> None:
    at, length = dice.randrange(len(data)), dice.randrange(1, 40)
    del data[at : at + length]


KINDS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flip, syntax, zeros, cut, double, shift,
)  # fmt: skip


def within(archive: bytes, dice: random.Random) -> bytes:
    """A zip with one member damaged and a checksum that fits."""
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        files = {name: bytearray(source.read(name)) for name in source.namelist()}
    name = dice.choice([name for name, data in files.items() if data])
    dice.choice(KINDS)(files[name], dice)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as out:
        for one, data in files.items():
            out.writestr(one, bytes(data))
    return made.getvalue()


def mutant(originals: tuple[bytes, ...], seed: int) -> bytes:
    dice = random.Random(seed)  # noqa: S311 - a seed makes damage repeatable
    original = dice.choice(originals)
    if original.startswith(b"PK") and seed % 4:
        return within(original, dice)
    data = bytearray(original)
    for _ in range(dice.randint(1, 2)):
        if data:  # nothing may be left of it
            dice.choice(KINDS)(data, dice)
    return bytes(data)


@pytest.mark.parametrize("name", sorted(LANES))
def test_no_damage_raises_or_hangs_or_claims_a_place_twice(name):
    format_, originals = LANES[name]
    for seed in range(SIZE):
        data = mutant(originals, seed)
        began = time.monotonic()
        found = list(format_.read(item(name, data)))
        assert time.monotonic() - began < SECONDS, f"mutant {seed} of {name}"
        assert found, f"mutant {seed} of {name} gave nothing"
        assert all(isinstance(one, Found) for one in found)
        assert all(repr(one) for one in found)
        assert seed % 10 or list(format_.read(item(name, data))) == found, "read twice, told twice"
        places = Counter(one.source.part for one in found if isinstance(one, (Record, Embedded)))
        assert not places or max(places.values()) == 1, f"mutant {seed} of {name}"
