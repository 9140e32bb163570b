"""Damaged entries: each gives one record or one problem, and nothing else ever comes out."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO

from commtrace.entries import FIRST_LINE, Entry, as_text
from commtrace.model import Address, Channel, Grade, Problem, Record, Source
from commtrace.parsers.entry import entry
from commtrace.plugins import Item

MUTANTS = 20_000 if os.environ.get("COMMTRACE_FUZZ") == "release" else 500
WHOLE = as_text(
    Entry(
        channel=Channel.MEETING,
        earliest=datetime(2022, 2, 14, 9, tzinfo=UTC),
        latest=datetime(2022, 2, 14, 12, tzinfo=UTC),
        said="14 Feb 2022, morning",
        sender=Address(name="Ada Reed", address="ada@one.example", said=""),
        to=(Address(name="Ben Cole", address="", said=""), Address(name="Cy", address="", said="")),
        subject="Route W26",
        text='She said:\n"it starts on Monday".',
        author="A. Officer",
        basis="own memory",
    )
).encode()
PIECES = (b'"""', b"\n", b"[", b"]", b"{", b"= 1", b"\xff", b"\0", b"9999-12-31", b"[[to]]", b"\\u")


def damaged(seed: int) -> bytes:
    """One to four changes of a whole entry, its first line apart."""
    chance = random.Random(seed)  # noqa: S311 - a fixed seed
    data = bytearray(WHOLE)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(FIRST_LINE) + 1, len(data))
        match chance.randrange(4):
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                del data[at : at + chance.randint(1, 40)]
            case 2:
                data[at:at] = chance.choice(PIECES)
            case _:
                data[at:at] = data[at : at + chance.randint(1, 60)]
        if len(data) <= len(FIRST_LINE) + 2:
            break
    return bytes(data)


def read(data: bytes) -> list[object]:
    source = Source(sha256=sha256(data).hexdigest(), path="x.toml")
    return list(
        entry.read(
            Item(
                source=source, name="x.toml", size=len(data), head=data, open=lambda: BytesIO(data)
            )
        )
    )


def test_a_damaged_entry_is_one_record_by_hand_or_one_problem():
    for seed in range(MUTANTS):
        (found,) = read(damaged(seed))
        assert isinstance(found, Record | Problem)
        if isinstance(found, Record):
            assert found.grade is Grade.ENTERED
            assert found.doubts[0].startswith("Entered by hand by ")
