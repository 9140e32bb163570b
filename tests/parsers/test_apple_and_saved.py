"""Messages of Apple Mail, and pages and mails saved in one file."""

from __future__ import annotations

import pytest
from messages import PLAIN, item
from papers import SHARED

from commtrace.model import Embedded, Mark, Problem, ProblemKind, Record
from commtrace.parsers.emlx import emlx
from commtrace.parsers.mht import mht
from commtrace.plugins import choose

RAW = PLAIN + b"\nHello.\n"
PLIST = b'<?xml version="1.0"?><plist><dict><key>flags</key><integer>%d</integer></dict></plist>'


def apple(raw=RAW, flags=1, length=None):
    return b"%-11d\n" % (len(raw) if length is None else length) + raw + PLIST % flags


@pytest.mark.parametrize(
    ("flags", "marks"),
    [(1, ()), (1 << 6, (Mark.DRAFT,)), (1 << 1, (Mark.DELETED,)), (8623750145, ())],
)
def test_an_apple_mail_message_is_read_without_its_flags(flags, marks):
    it = item(apple(flags=flags), "12.emlx")
    assert choose(it) == (emlx,)
    (record,) = emlx.read(it)
    assert (record.text, record.subject, record.marks) == ("Hello.", "Transport", marks)


def test_a_partial_message_says_that_its_attachments_lie_elsewhere():
    found = list(emlx.read(item(apple(), "12.partial.emlx")))
    assert isinstance(found[0], Record)
    assert found[1].kind is ProblemKind.TRUNCATED
    assert "Attachments" in found[1].what


def test_a_message_shorter_than_it_says_is_cut_off():
    found = list(emlx.read(item(apple(length=9_999), "12.emlx")))
    assert [one.kind for one in found if isinstance(one, Problem)] == [ProblemKind.TRUNCATED]


@pytest.mark.parametrize("data", [b"", b"no number\n" + RAW, b"12\n" + b"x" * 40])
def test_what_is_no_apple_mail_is_a_problem(data):
    assert [type(one) for one in emlx.read(item(data, "12.emlx"))] == [Problem]


PAGE = (
    b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://x.example/\r\n"
    b"Subject: The page\r\nDate: Mon, 3 Jan 2022 10:00:00 -0000\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\n'
    b"Content-Type: text/html%s\r\nContent-Transfer-Encoding: quoted-printable\r\n"
    b"Content-Location: https://x.example/\r\n\r\n<html><body>The caf%s is open</body></html>\r\n"
    b"--b\r\nContent-Type: image/png\r\nContent-Location: https://x.example/a.png\r\n\r\nPNG\r\n"
    b"--b--\r\n"
)


@pytest.mark.parametrize(
    ("stated", "letter"), [(b"", b"=C3=A9"), (b"; charset=windows-1252", b"=E9")]
)
def test_a_saved_page_is_handed_on_as_a_page(stated, letter):
    it = item(PAGE % (stated, letter), "page.mhtml")
    assert choose(it) == (mht,)
    (page,) = mht.read(it)
    assert (page.name, page.media_type, page.source.part) == (
        "page.html", "text/html", ("saved page",),
    )  # fmt: skip
    assert "The café is open" in page.data.decode("utf-8-sig")


def test_a_mail_saved_so_is_a_mail():
    it = item(RAW, "mail.mht")
    assert choose(it) == (mht,)
    (record,) = mht.read(it)
    assert (record.sender.address, record.text) == ("alice@council.example", "Hello.")


def test_a_saved_file_without_a_page_is_a_problem():
    data = b"From: <Saved by Blink>\nContent-Type: image/png\nMIME-Version: 1.0\n\nPNG"
    (problem,) = mht.read(item(data, "a.mht"))
    assert problem.kind is ProblemKind.NO_TEXT


@pytest.mark.skipif(not SHARED.exists(), reason="the corpus of real messages is not here")
@pytest.mark.parametrize("name", ["aleph/plaintext.emlx", "aleph/richtext.emlx",
                                  "tika/testEMLX.emlx"])  # fmt: skip
def test_real_messages_of_apple_mail(name):
    it = item((SHARED / "eml" / name).read_bytes(), name)
    assert choose(it) == (emlx,)
    found = list(emlx.read(it))
    assert found[0].text
    assert found[0].sender.address
    assert not [one for one in found if not isinstance(one, (Record, Embedded))]
