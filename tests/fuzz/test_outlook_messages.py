"""Structure-aware damage to Outlook messages: a body that changed is never told without a defect.

Chains of sectors are bent into circles, onto others and out of the file, sizes lie, entries of the
directory are moved, cut or exchanged, sectors are swapped or emptied. Every mutant gives values in
time, and one whose text differs carries a problem or a doubt. `COMMTRACE_FUZZ=release` raises the
size.
"""

from __future__ import annotations

import os
import random
import struct
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "parsers"))
from papers import SHARED, item, outlook

from commtrace.model import Embedded, Problem, Record
from commtrace.parsers.msg import msg

SIZE = 20_000 if os.environ.get("COMMTRACE_FUZZ") == "release" else 500
SECONDS = 10.0  # for one mutant
REAL = ("quick.msg", "58214_with_attachment.msg", "chinese-traditional.msg")
_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF


@dataclass(frozen=True)
class Places:
    """Where the tables of a compound file lie in its bytes (MS-CFB 2.2 to 2.6)."""

    fat: list[int]  # the place of each entry
    minifat: list[int]
    entries: list[int]  # the place of each directory entry that is in use
    streams: list[int]  # those that are streams with bytes

    @classmethod
    def of(cls, data: bytes) -> Places:
        size = 1 << struct.unpack_from("<H", data, 30)[0]
        sectors = [n for n in struct.unpack_from("<109I", data, 76) if n < _END]
        fat = [(n + 1) * size + 4 * k for n in sectors for k in range(size // 4)]

        def chain(start: int) -> list[int]:
            found: list[int] = []
            while start < _END and len(found) < 10_000:
                found.append(start)
                start = struct.unpack_from("<I", data, fat[start])[0]
            return found

        directory, _, _, mini = struct.unpack_from("<IIII", data, 48)
        minifat = [(n + 1) * size + 4 * k for n in chain(mini) for k in range(size // 4)]
        rows = [(n + 1) * size + k for n in chain(directory) for k in range(0, size, 128)]
        used = [at for at in rows if data[at + 66]]
        streams = [
            at for at in used if data[at + 66] == 2 and data[at + 120 : at + 124] != bytes(4)
        ]
        live = [at for at in fat if at + 4 <= len(data) and data[at : at + 4] != b"\xff" * 4]
        small = [at for at in minifat if data[at : at + 4] != b"\xff" * 4]
        return cls(live, small, used, streams)


Mutate = Callable[[bytearray, Places, random.Random], None]


def chain(data: bytearray, places: Places, dice: random.Random) -> None:
    """A link of a chain of sectors leads elsewhere: in a circle, into another, out, or nowhere."""
    table = dice.choice([places.fat, places.minifat or places.fat])
    at = dice.choice(table)
    value = dice.choice([
        table.index(at), dice.randrange(len(table)), _END, _FREE, 0x7FFFFFF0, len(table) + 9,
    ])  # fmt: skip
    struct.pack_into("<I", data, at, value)


def size(data: bytearray, places: Places, dice: random.Random) -> None:
    """A stream's stated size is a lie."""
    at = dice.choice(places.streams) + 120
    true = struct.unpack_from("<I", data, at)[0]
    lie = dice.choice([0, 1, true - 1, true // 2, true + 1, true * 2, 4095, 4096, 0x7FFFFFFF])
    struct.pack_into("<I", data, at, lie)


def start(data: bytearray, places: Places, dice: random.Random) -> None:
    """A stream begins elsewhere."""
    struct.pack_into("<I", data, dice.choice(places.streams) + 116, dice.randrange(200))


def tree(data: bytearray, places: Places, dice: random.Random) -> None:
    """A link of the directory's tree leads elsewhere."""
    at = dice.choice(places.entries) + dice.choice([68, 72, 76])
    value = dice.choice([0, _FREE, dice.randrange(len(places.entries)), 0x00FFFFFF])
    struct.pack_into("<I", data, at, value)


def exchange(data: bytearray, places: Places, dice: random.Random) -> None:
    """Two streams change places."""
    one, other = dice.choice(places.streams), dice.choice(places.streams)
    data[one + 116 : one + 124], data[other + 116 : other + 124] = (
        data[other + 116 : other + 124], data[one + 116 : one + 124])  # fmt: skip


def kind(data: bytearray, places: Places, dice: random.Random) -> None:
    """An entry becomes another kind of thing, or goes by another name."""
    at = dice.choice(places.entries)
    if dice.random() < 0.5:
        data[at + 66] = dice.choice([0, 1, 2, 5, 9])
    else:
        data[at + 2 * dice.randrange(20)] ^= 1 << dice.randrange(7)


def header(data: bytearray, places: Places, dice: random.Random) -> None:
    """A number of the file's header is a lie."""
    at = dice.choice([30, 32, 44, 48, 56, 60, 64, 68, 72, 76])
    struct.pack_into(
        "<I", data, at, dice.choice([0, 1, 2, 31, _END, 0x7FFFFFFF, dice.randrange(99)])
    )


def cut(data: bytearray, places: Places, dice: random.Random) -> None:
    """The file ends early."""
    del data[dice.randrange(512, len(data)) :]


KINDS: tuple[Mutate, ...] = (chain, size, start, tree, exchange, kind, header, cut)


def originals() -> list[bytes]:
    made = outlook(
        {"class": "IPM.Note", "subject": "Meals", "body": "We start on Monday. " * 40,
         "sender": "Ann", "sender_address": "ann@council.example", "id": "<7@council.example>",
         "headers": "From: <ann@council.example>\n" * 30},
        recipients=[(1, {"name": "Tom", "address": "tom@school.example"})],
        attachments=[{"file": "a.bin", "data": bytes(9_000)}],
    )  # fmt: skip
    real = [SHARED / "msg" / "poi-hsmf" / name for name in REAL]
    return [made, *(path.read_bytes() for path in real if path.exists())]


def told(data: bytes) -> tuple[str | None, frozenset[str]]:
    """The text of a message, and what is said to be wrong."""
    found = list(msg.read(item("a.msg", data)))
    assert found
    for one in found:
        if not isinstance(one, Embedded):
            repr(one)
    text = next((one.text for one in found if isinstance(one, Record)), None)
    wrong = {one.what for one in found if isinstance(one, Problem)}
    wrong |= {doubt for one in found if isinstance(one, Record) for doubt in one.doubts}
    return text, frozenset(wrong)


def test_no_damage_changes_the_text_of_a_message_in_silence():
    whole = originals()
    places = [Places.of(data) for data in whole]
    bases = [told(data) for data in whole]
    silent, changed, slowest = [], Counter[str](), 0.0
    for number in range(SIZE):
        dice = random.Random(number)  # noqa: S311 - a seed makes damage repeatable
        which, mutate = dice.randrange(len(whole)), dice.choice(KINDS)
        data = bytearray(whole[which])
        mutate(data, places[which], dice)
        began = time.monotonic()
        text, wrong = told(bytes(data))
        slowest = max(slowest, time.monotonic() - began)
        if text != bases[which][0]:
            changed[mutate.__name__] += 1
            if not wrong - bases[which][1]:
                silent.append((number, which, mutate.__name__))
    print(  # noqa: T201 - the figures of the lane
        f"{SIZE:,} mutants: {sum(changed.values()):,} changed the text {dict(changed)}, "
        f"{len(silent)} in silence {silent}, slowest {slowest:.2f} s"
    )
    assert sum(changed.values()) > SIZE / 10
    assert not silent
    assert slowest < SECONDS
