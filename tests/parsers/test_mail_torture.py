"""Hostile mail: whatever its size or depth, it ends in values, soon, and none is unsafe."""

from __future__ import annotations

import re
import time
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from messages import PLAIN, mailbox, read, record

from commtrace.model import Address, Attachment, Embedded, Problem, ProblemKind, Record
from commtrace.moments import Moment

CORPORA = Path(__file__).parents[2] / ".." / "shared" / "corpora"
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
SECONDS = 20.0  # a loaded machine; each takes a few at most on an idle one


def nested(depth: int) -> bytes:
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%dx\n\n--b%dx\n" % (n, n) for n in range(depth)
    )
    closed = b"".join(b"\n--b%dx--\n" % n for n in reversed(range(depth)))
    return PLAIN + opened + b"\ninnermost" + closed


def folded(depth: int) -> bytes:
    return PLAIN + b"".join(
        b'Content-Type:\n multipart/mixed;\n boundary="b%dx"\n\n--b%dx\n' % (n, n)
        for n in range(depth)
    )


TORTURE = {
    "multipart 1,000 deep": nested(1_000),
    "multipart 100,000 deep": nested(100_000),
    "multipart 20,000 deep, folded": folded(20_000),
    "one delimiter 100,000 deep": PLAIN
    + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 100_000,
    "delimiters in pieces": PLAIN
    + b"".join(b"Content-Type: multipart/mixed; boundary*0=b%dx\n\n--b%dx\n" % (n, n)
               for n in range(20_000)),
    "message 1,000 deep": PLAIN + b"Content-Type: message/rfc822\n\n" * 1_000 + b"x",
    "message 100,000 deep": PLAIN + b"cOnTeNt-TyPe: mEsSaGe/rfc822\n\n" * 100_000 + b"x",
    "100,000 headers": PLAIN + b"".join(b"X-%d: v\n" % n for n in range(100_000)) + b"\nx",
    "100,000 To headers": PLAIN + b"To: a@x.example\n" * 100_000 + b"\nx",
    "100,000 Received headers": PLAIN
    + b"Received: a; Mon, 3 Jan 2022 10:00:00 +0000\n" * 100_000 + b"\nx",
    "a million parts": PLAIN + b"Content-Type: multipart/mixed; boundary=b\n\n"
    + b"--b\n\nx\n" * 1_000_000 + b"--b--\n",
    "a line of 20 MB": PLAIN + b"\n" + b"x" * 20_000_000,
    "a header of 20 MB": b"Subject: " + b"x" * 20_000_000 + b"\n" + PLAIN + b"\nx",
    "a million continuation lines": PLAIN + b" x\n" * 1_000_000 + b"\nx",
    "20,000 encoded words in a subject": b"Subject: " + b"\n ".join([b"=?utf-8?q?a?="] * 20_000)
    + b"\n" + PLAIN + b"\nx",
    "20,000 encoded words in a name": PLAIN + b"Cc: "
    + b"\n ".join([b"=?utf-8?q?abc?="] * 20_000) + b" <a@x.example>\n\nx",
    "5,000 opening brackets": PLAIN + b"Cc: " + b"(" * 5_000 + b"\n\nx",
    "nested comments": PLAIN + b"Cc: " + b"(a" * 50_000 + b")" * 50_000 + b"\n\nx",
    "20,000 parameters": PLAIN + b"Content-Type: text/plain; "
    + b"; ".join(b"x*%d=y" % n for n in range(20_000)) + b"\n\nx",
    "100,000 references": PLAIN + b"References: "
    + b" ".join(b"<%d@x>" % n for n in range(100_000)) + b"\n\nx",
    "a million angle brackets": PLAIN + b"References: " + b"<" * 1_000_000 + b"\n\nx",
    "a long date": b"Date: " + b"1" * 1_000_000 + b"\n" + PLAIN + b"\nx",
    "HTML 200,000 deep": PLAIN + b"Content-Type: text/html\n\n" + b"<div>" * 200_000 + b"x",
    "a million NULs": PLAIN + b"\n" + b"\x00" * 1_000_000,
    "a million delimiters of nothing": PLAIN
    + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" + b"--\n" * 1_000_000,
}  # fmt: skip


@pytest.mark.parametrize("name", TORTURE)
def test_hostile_mail_ends_in_values_and_in_time(name):
    started = time.process_time()
    found = read(TORTURE[name])
    assert time.process_time() - started < SECONDS
    assert isinstance(found[0], Record)
    assert found[0].sender.address == "alice@council.example"


def test_what_lies_too_deep_is_kept_as_one_attachment_and_said():
    found = read(nested(1_000))
    assert [one.kind for one in found if isinstance(one, Problem)] == [ProblemKind.LIMIT_DEPTH]
    assert found[0].attachments[0].size > 10_000


def test_text_a_hundred_deep_is_read():
    assert record(nested(90)).text == "innermost"


def test_a_million_parts_are_cut_and_said():
    kinds = [one.kind for one in read(TORTURE["a million parts"]) if isinstance(one, Problem)]
    assert kinds == [ProblemKind.LIMIT_COUNT]


def strings(value, name=""):
    """Every string of a value but a body, with the names of their fields."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, tuple):
        for one in value:
            yield from strings(one, name)
    elif isinstance(value, Record | Address | Attachment | Moment | Embedded | Problem):
        for one in fields(value):
            if one.name != "source":
                yield from strings(getattr(value, one.name), one.name)


def unsafe(found) -> list[tuple[str, str]]:
    return [
        (name, text)
        for one in found
        for name, text in strings(one)
        if UNSAFE.search(text.replace("\n", "").replace("\t", "") if name == "text" else text)
    ]


LINES = [
    b"From: ", b"To: ", b"Cc: ", b"Subject: ", b"Message-ID: ", b"In-Reply-To: ", b"References: ",
    b"Date: ", b"Received: x; ", b"Delivered-To: ", b"X-Folder: ", b"Reply-To: ",
    b"Content-Type: text/", b"Content-Type: multipart/mixed; boundary=b", b"\n", b"--b\n",
    b"Content-Type: application/x; name=", b"Content-Disposition: attachment; filename=",
    b"Content-Transfer-Encoding: base64", b"Content-Type: text/html; charset=",
]  # fmt: skip
NASTY = [
    b"a@x.example", b"\x00", b"\r", b"\x1b", b"\x85", b"\x7f", b"\xe9",
    b"=?utf-8?q?=00=0D=0A=E2=80=A8?=",
    b"=?utf-16?b?2AA=?=", b"<", b">", b'"', b"(", b",", b"utf-7", b"\xed\xa0\x80", b"\n ", b"+ADw-",
    b"\xe2\x80\xa8", b"3 Jan 2022 10:00:00 +0000", b"\x9b", b"=?iso-8859-1?q?=85=9B?=",
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(LINES), st.lists(st.sampled_from(NASTY), max_size=4)), max_size=14
    )
)
def test_no_field_of_any_value_holds_a_control_character(lines):
    data = PLAIN + b"".join(line + b"".join(nasty) + b"\n" for line, nasty in lines)
    assert unsafe(read(data)) == []


@settings(deadline=None)
@given(st.binary(max_size=600))
def test_no_bytes_make_a_message_or_a_mailbox_fail(data):
    for found in (
        read(data),
        read(PLAIN + data),
        mailbox(b"From a Mon Jan  3 10:00:00 2022\n" + data),
    ):
        assert found
        assert unsafe(found) == []


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the shared corpora are not here")
def test_every_sample_message_of_many_programs_ends_in_values():
    paths = sorted(path for path in (CORPORA / "eml").rglob("*.eml") if path.is_file())
    for path in paths:
        found = read(path.read_bytes())
        assert found, path
        assert unsafe(found) == [], path
