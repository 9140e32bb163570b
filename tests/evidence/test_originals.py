"""The bytes of one thing in the evidence, as they came."""

from __future__ import annotations

import mailbox
from contextlib import closing

import pytest

from commtrace.evidence.originals import embedded_bytes
from commtrace.model import Source

HEAD = b"From: rosa@families.example\nDate: Mon, 3 Jan 2022 10:00:00 +0000\n"
FIRST = HEAD + b"Subject: one\n\n>From the start the bus was late.\n\n\n"
ATTACHED = (
    HEAD + b"Subject: two\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
    b"--x\nContent-Type: text/plain\n\nsee it\n--x\nContent-Type: application/octet-stream\n"
    b"Content-Disposition: attachment; filename=a.bin\n\n\x01\x02\x03\n--x--\n"
)  # fmt: skip
LINE = b"From rosa@families.example Mon Jan  3 10:00:00 2022\n"


@pytest.fixture
def box(place):
    place.write("box.mbox", LINE + FIRST + b"\n" + LINE + ATTACHED + b"\n")
    place.ingest()
    return lambda *part: embedded_bytes(
        place.case / "evidence",
        Source(sha256=place.store.files()[0].sha256, path="box.mbox", part=part),
    )


def test_a_message_of_a_mailbox_is_given_as_it_lies_there(box):
    assert box("message 1") == FIRST
    assert box("message 2") == ATTACHED


def test_another_program_gives_the_same_bytes(box, place):
    copy = place.write("elsewhere/box", (LINE + FIRST + b"\n" + LINE + ATTACHED + b"\n"))
    with closing(mailbox.mbox(copy, create=False)) as other:
        assert [other.get_bytes(n) for n in (0, 1)] == [box("message 1"), box("message 2")]


def test_an_attachment_of_a_message_of_a_mailbox_is_given(box):
    assert box("message 2", "attachment 1") == b"\x01\x02\x03"


@pytest.mark.parametrize("part", [("message 3",), ("message 0",), ("message x",), ("page 1",)])
def test_a_place_that_is_not_there_has_no_bytes(box, part):
    with pytest.raises(LookupError, match="No bytes of their own"):
        box(*part)
