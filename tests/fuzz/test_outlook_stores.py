"""Damaged Outlook stores in forked children: nothing stops the parent, nothing is lost in silence.

The stores are the two smallest of the corpus that hold messages, where it is here, and one made by
code. A loss is silent where fewer items come out and neither a problem nor a doubt says so. The
size is that of every run; `COMMTRACE_FUZZ=release` raises it.
"""

from __future__ import annotations

import marshal
import os
import random
import struct
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "parsers"))
from papers import SHARED, item
from stores import Mail, store

from commtrace.model import Embedded, Problem, ProblemKind, Proposal, Record
from commtrace.parsers import _readpst
from commtrace.parsers.pst import pst

SIZE = 50_000 if os.environ.get("COMMTRACE_FUZZ") == "release" else 1_000
IN_ONE_CHILD = 50
SECONDS = 30.0  # for one child
MOST_SILENT = 1 / 10_000
SMALLEST = ("pst/tika/testPST_variousBodyTypes.pst", "pst/java-libpst/dist-list.pst")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")

Mutate = Callable[[bytearray, random.Random], None]


def flip(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randint(1, 12)):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def dword(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data) - 4) & ~3
    value = dice.choice([0, 1, 2, 0xFFFFFFFF, 0x7FFFFFFF, dice.randrange(1 << 32)])
    struct.pack_into("<I", data, at, value)


def zero(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    end = min(len(data), at + dice.randrange(1, 2_000))
    data[at:end] = bytes(end - at)


def dup(data: bytearray, dice: random.Random) -> None:
    here, there = (dice.randrange(len(data) - 512) & ~63 for _ in range(2))
    data[there : there + 512] = data[here : here + 512]


def cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(600, len(data)) :]


def header(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randint(1, 4)):
        data[dice.randrange(4, 564)] = dice.randrange(256)


KINDS: tuple[Mutate, ...] = (flip, dword, zero, dup, cut, header)


def originals() -> list[bytes]:
    letter = {"class": "IPM.Note", "subject": "Meals", "body": "We start on Monday.",
              "sender": "Ann", 0x0039: datetime(2024, 3, 5, 9, 30, tzinfo=UTC)}  # fmt: skip
    bob = {"name": "Bob Birch", "smtp": "bob@council.example"}
    file = {"file": "Menu.txt", 0x3701: b"Peas", 0x3705: 1}
    mails = [Mail(letter, recipients=[(1, bob)], attachments=[file]) for _ in range(20)]
    made = store({("Inbox",): mails[:12], ("Sent Items",): mails[12:]})
    real = [(SHARED / name) for name in SMALLEST]
    return [made, *(path.read_bytes() for path in real if path.exists())]


def mutant(originals: list[bytes], number: int) -> tuple[int, str, bytes]:
    """Which original it was made of, how, and the damaged store."""
    dice = random.Random(number)  # noqa: S311 - a seed makes damage repeatable
    which, mutate = dice.randrange(len(originals)), dice.choice(KINDS)
    data = bytearray(originals[which])
    mutate(data, dice)
    return which, mutate.__name__, bytes(data)


def told(data: bytes) -> tuple[int, bool]:
    """How many items a store gives, and whether anything says that some may be missing."""
    found = list(pst.read(item("box.pst", data)))
    assert found
    for one in found:
        if not isinstance(one, Embedded):
            repr(one)
    kinds = [one.kind for one in found if isinstance(one, Problem)]
    items = sum(isinstance(one, Record) for one in found)
    items += kinds.count(ProblemKind.UNSUPPORTED_TYPE)
    said = any(kind is not ProblemKind.UNSUPPORTED_TYPE for kind in kinds)
    doubts = any(one.doubts for one in found if isinstance(one, Record))
    return items, said or doubts or any(isinstance(one, Proposal) for one in found)


def in_child(work: Callable[[], object]) -> object | None:
    """What the work gives in a child of this process; None where the child did not come back."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, marshal.dumps(work()))
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        data = stream.read()
    os.waitpid(child, 0)
    return marshal.loads(data) if data else None  # noqa: S302 - from our own child


@pytest.fixture(autouse=True)
def _no_second_reader(monkeypatch):
    monkeypatch.setattr(_readpst, "messages", lambda _item: None)


def test_no_damage_to_a_store_loses_an_item_in_silence():
    whole = originals()
    expected = [told(data)[0] for data in whole]
    silent: list[tuple[int, str]] = []
    dead: list[int] = []
    items = Counter[str]()
    slowest = 0.0

    def batch(numbers: range) -> list[tuple[int, int, str, int, bool]]:
        rows = []
        for number in numbers:
            which, kind, data = mutant(whole, number)
            rows.append((number, which, kind, *told(data)))
        return rows

    for start in range(0, SIZE, IN_ONE_CHILD):
        began = time.monotonic()
        numbers = range(start, start + IN_ONE_CHILD)
        rows = in_child(lambda numbers=numbers: batch(numbers))
        slowest = max(slowest, time.monotonic() - began)
        if rows is None:
            dead.append(start)
            continue
        for number, which, kind, count, said in rows:
            items["there"] += expected[which]
            items["found"] += count
            if count < expected[which] and not said:
                silent.append((number, kind))
    print(  # noqa: T201 - the figures of the lane
        f"{SIZE:,} mutants: {items['found']:,} of {items['there']:,} items found, "
        f"{len(silent)} lost in silence {silent}, {len(dead)} children dead {dead}, "
        f"slowest batch of {IN_ONE_CHILD} {slowest:.2f} s"
    )
    assert not dead
    assert len(silent) <= SIZE * MOST_SILENT
    assert slowest < SECONDS
