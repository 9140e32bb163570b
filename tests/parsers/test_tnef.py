"""winmail.dat: what it wraps is read, alone, in its message, and within another."""

from __future__ import annotations

import base64
import random

import pytest
from messages import PLAIN, item
from papers import SHARED
from wrapped import MESSAGE_OBJECT, attribute, winmail

from commtrace.model import Channel, Embedded, Mark, Problem, ProblemKind, Record
from commtrace.parsers import _mime, _tnef
from commtrace.parsers.eml import eml
from commtrace.parsers.tnef import tnef
from commtrace.plugins import choose

NOTE = {0x001A: "IPM.Note", 0x0037: "Transport", 0x1000: "The bus is late.\r\n",
        0x0C1A: "Jane Smith", 0x0C1F: "jane@school.example", 0x0C1E: "SMTP",
        0x1035: "<1@school.example>"}  # fmt: skip
TOM = {0x3001: "Tom", 0x3003: "tom@x.example", 0x3002: "SMTP", 0x0C15: 1}
PDF = ("A~1.PDF", b"%PDF-1.4", {0x3707: "A long name.pdf", 0x370E: "application/pdf"})


def read(data, name="winmail.dat"):
    return list(tnef.read(item(data, name)))


def carried(data, *, body=b"", kind=b"application/ms-tnef; name=winmail.dat"):
    """A message with a winmail.dat attached, as Exchange sends it."""
    encoded = base64.encodebytes(data)
    return list(eml.read(item(
        PLAIN + b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
        + body + b"\n--b\nContent-Type: " + kind + b"\nContent-Transfer-Encoding: base64\n\n"
        + encoded + b"--b--\n")))  # fmt: skip


def test_the_message_and_its_attachments_are_read():
    found = read(winmail(NOTE, (TOM,), (PDF,)))
    record = found[0]
    assert (record.subject, record.text.strip()) == ("Transport", "The bus is late.")
    assert record.sender.address == "jane@school.example"
    assert [one.address for one in record.to] == ["tom@x.example"]
    assert record.message_id == "1@school.example"
    (attached,) = found[1:]
    assert (attached.name, attached.data) == ("A long name.pdf", b"%PDF-1.4")
    assert attached.source.part == ("attachment 1",)


def test_a_message_within_is_a_message_of_its_own():
    inner = winmail({**NOTE, 0x0037: "Inner"})
    outer = winmail(NOTE, (), (("", b"", {0x3701: MESSAGE_OBJECT + inner, 0x3001: "Inner"}),))
    (attached,) = [one for one in read(outer) if isinstance(one, Embedded)]
    assert choose(item(attached.data, attached.name)) == (tnef,)
    assert read(attached.data)[0].subject == "Inner"


def test_what_a_message_carries_is_attached_to_it():
    found = carried(winmail(NOTE, (), (PDF,)), body=b"The bus is late.")
    (record,) = [one for one in found if isinstance(one, Record)]
    assert [one.name for one in record.attachments] == ["winmail.dat", "A long name.pdf"]
    assert record.text == "The bus is late."
    (attached,) = [one for one in found if isinstance(one, Embedded)]
    assert attached.source.part == ("attachment 2",)
    assert [one for one in found if isinstance(one, Problem)] == []


@pytest.mark.parametrize(
    "kind", [b"application/ms-tnef", b"application/octet-stream; name=winmail.dat"]
)
def test_a_message_whose_text_is_only_in_the_wrapping_has_it(kind):
    (record,) = carried(winmail(NOTE), kind=kind)
    assert record.text.strip() == "The bus is late."
    assert _mime.WRAPPED in record.doubts


def test_what_is_only_named_winmail_dat_is_an_attachment():
    found = carried(b"something else entirely", kind=b"application/ms-tnef; name=winmail.dat")
    assert [type(one) for one in found] == [Record, Embedded]


def test_a_meeting_is_a_meeting():
    record = read(winmail({**NOTE, 0x001A: "IPM.Schedule.Meeting.Request"}))[0]
    assert record.channel is Channel.MEETING


def test_the_classes_of_microsoft_mail_are_known():
    old = attribute(1, 0x00078008, b"IPM.Microsoft Mail.Non-Delivery\0")
    old += attribute(1, 0x00018004, b"Undeliverable\0") + attribute(1, 0x0002800C, b"It failed.\0")
    record = read(_tnef.MAGIC + b"\0\0" + old)[0]
    assert (record.subject, record.text) == ("Undeliverable", "It failed.")
    assert Mark.DELIVERY_REPORT in record.marks


def test_a_contact_is_counted_and_not_read():
    (problem,) = read(winmail({**NOTE, 0x001A: "IPM.Contact"}))
    assert problem.kind is ProblemKind.UNSUPPORTED_TYPE


def test_one_cut_off_keeps_what_came_before():
    whole = winmail(NOTE, (), (PDF,))
    found = read(whole[:-30])
    assert found[0].subject == "Transport"
    assert [one.kind for one in found if isinstance(one, Problem)] == [ProblemKind.TRUNCATED]


def test_a_checksum_that_does_not_fit_is_doubted():
    data = bytearray(winmail(NOTE))
    data[data.index("Transport".encode("utf-16-le"))] ^= 32
    assert _tnef.CHECKSUM in read(bytes(data))[0].doubts


def test_no_tnef_is_a_problem():
    (problem, *_) = read(_tnef.MAGIC + b"\0\0")
    assert problem.kind is ProblemKind.CORRUPT


def test_damaged_ones_give_values():
    dice = random.Random(5)  # noqa: S311 - a seed makes damage repeatable
    whole = winmail(NOTE, (TOM,), (PDF, PDF))
    for _ in range(1_000):
        data = bytearray(whole)
        for _ in range(dice.randint(1, 8)):
            data[dice.randrange(6, len(data))] = dice.choice(
                [0, 1, 0x7F, 0xFF, dice.randrange(256)]
            )
        found = read(bytes(data[: dice.choice([len(data), dice.randrange(6, len(data))])]))
        assert found
        assert all(isinstance(one, (Record, Embedded, Problem)) for one in found)


@pytest.mark.skipif(not SHARED.exists(), reason="the corpus of real winmail.dat is not here")
@pytest.mark.parametrize(
    ("name", "subject", "files"),
    [
        ("bug52400-winmail-simple.dat", "Testing TNEF Message", []),
        ("bug52400-winmail-with-attachments.dat", "TNEF test message with attachments",
         [("scion_tc_2007_maintenanceguide.pdf", 193258), ("Duke_Wave.png", 122016)]),
        ("bug63955-winmail.dat", "Test", [("SI-61597.pdf", 236426), ("SI-61598.pdf", 236653)]),
        ("quick-winmail.dat", "", [("quick.doc", 19968), ("quick.html", 428),
                                   ("quick.pdf", 18638), ("quick.txt", 235), ("quick.xml", 143)]),
    ],
)  # fmt: skip
def test_real_ones_give_their_files(name, subject, files):
    data = (SHARED / "tnef" / "poi-hmef" / name).read_bytes()
    record, *rest = read(data)
    assert record.subject == subject
    assert [(one.name, one.size) for one in record.attachments] == files
    assert [len(one.data) for one in rest if isinstance(one, Embedded)] == [s for _, s in files]


@pytest.mark.skipif(not SHARED.exists(), reason="the corpus of real winmail.dat is not here")
def test_the_bytes_of_real_attachments_are_those_that_were_attached():
    folder = SHARED / "tnef" / "poi-hmef"
    found = {one.name: one.data for one in read((folder / "quick-winmail.dat").read_bytes())
             if isinstance(one, Embedded)}  # fmt: skip
    for path in (folder / "quick-contents").glob("quick.*"):
        assert found[path.name] == path.read_bytes()
