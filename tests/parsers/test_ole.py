"""Chains of sectors that do not add up, which readers follow to wrong content in silence."""

from __future__ import annotations

import struct

import pytest
from papers import SHARED, outlook, problems, read

from commtrace.model import ProblemKind
from commtrace.parsers import _ole
from commtrace.parsers.msg import msg

SMALL, LARGE = "s" * 600, "l" * 9000
FREE, END = 0xFFFFFFFF, 0xFFFFFFFE


def message() -> bytearray:
    return bytearray(outlook({"class": "IPM.Note", "subject": SMALL, "body": LARGE}))


def place(data: bytes, name: str) -> int:
    """Where the directory entry of a stream stands."""
    return data.index(name.encode("utf-16-le"))


def fat_sector(data: bytes) -> int:
    return (struct.unpack_from("<I", data, 76)[0] + 1) * 512


def minifat_sector(data: bytes) -> int:
    return (struct.unpack_from("<I", data, 60)[0] + 1) * 512


def start_of(data: bytes, name: str) -> int:
    return struct.unpack_from("<I", data, place(data, name) + 116)[0]


def test_a_whole_file_has_no_doubts():
    assert _ole.doubts(bytes(message())) == ()


def test_a_loop_in_the_allocation_table_is_found():
    data = message()
    first = start_of(data, "__substg1.0_1000001F")
    struct.pack_into("<I", data, fat_sector(data) + 4 * (first + 2), first + 2)
    assert _ole.CIRCLE in _ole.doubts(bytes(data))


def test_a_loop_in_the_small_allocation_table_is_found():
    data = message()
    first = start_of(data, "__substg1.0_0037001F")
    struct.pack_into("<I", data, minifat_sector(data) + 4 * (first + 1), first)
    assert _ole.CIRCLE in _ole.doubts(bytes(data))


def test_a_stream_that_runs_into_anothers_sectors_is_found():
    data = message()
    body, small = (place(data, f"__substg1.0_{tag}001F") for tag in ("1000", "0037"))
    struct.pack_into("<I", data, small + 116, start_of(data, "__substg1.0_1000001F"))
    struct.pack_into("<Q", data, small + 120, 9000)
    assert body != small
    assert _ole.SHARED in _ole.doubts(bytes(data))


def test_a_chain_that_ends_too_early_is_found():
    data = message()
    first = start_of(data, "__substg1.0_1000001F")
    struct.pack_into("<I", data, fat_sector(data) + 4 * first, END)
    assert _ole.SHORT in _ole.doubts(bytes(data))


def test_a_stream_that_the_directory_does_not_lead_to_is_found():
    data = message()
    entry = data.index("Root Entry".encode("utf-16-le"))
    struct.pack_into("<I", data, entry + 76, FREE)
    assert _ole.UNLISTED in _ole.doubts(bytes(data))


def test_a_message_with_a_loop_is_read_with_a_problem_that_says_so():
    data = message()
    first = start_of(data, "__substg1.0_1000001F")
    struct.pack_into("<I", data, fat_sector(data) + 4 * (first + 2), first + 2)
    found = problems(msg, "a.msg", bytes(data))
    assert found[0].kind in (ProblemKind.DOUBTFUL, ProblemKind.CORRUPT)
    assert len(read(msg, "a.msg", bytes(data))) >= 1


@pytest.mark.parametrize("data", [b"", b"\xd0\xcf", _ole.MAGIC, _ole.MAGIC + b"\xff" * 4000])
def test_what_is_no_compound_file_is_refused(data):
    with pytest.raises(_ole.NotCompoundError):
        _ole.doubts(data)


@pytest.mark.skipif(not (SHARED / "msg").exists(), reason="the corpus of Outlook files is not here")
def test_no_real_file_is_doubted_except_those_damaged_on_purpose():
    doubted = set()
    for path in sorted((SHARED / "msg").rglob("*.msg")):
        data = path.read_bytes()
        if data.startswith(_ole.MAGIC) and _ole.doubts(data):
            doubted.add(path.name)
    assert all(name.startswith("clusterfuzz") for name in doubted)
