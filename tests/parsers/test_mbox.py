"""Mailboxes: where one message ends and the next begins, in four dialects, byte for byte."""

from __future__ import annotations

import io
import tracemalloc
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from messages import PLAIN, item, mailbox, records

from commtrace.model import Embedded, Problem, Record
from commtrace.parsers import mbox as mbox_module
from commtrace.parsers.mbox import NO_BLANK, mbox, spans
from commtrace.plugins import choose

CORPORA = Path(__file__).parents[2] / ".." / "shared" / "corpora" / "mbox"
LINE = b"From alice@council.example Mon Jan  3 10:00:00 2022\n"


def letter(number: int, body: bytes = b"Hello.\n", *extra: bytes) -> bytes:
    lines = [
        b"From: a%d@council.example" % number,
        b"Subject: number %d" % number,
        b"Message-ID: <%d@x>" % number,
        *extra,
    ]
    return b"\n".join([*lines, b"", body])


def box(*letters: bytes) -> bytes:
    return b"".join(LINE + one + b"\n" for one in letters)


def subjects(data: bytes) -> list[str]:
    return [found.subject for found in records(data)]


def cover(data: bytes) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in spans(io.BytesIO(data))]


def test_each_message_has_its_number_and_what_lies_in_it_comes_below():
    inner = b'--B\n\nHello.\n--B\nContent-Type: application/pdf; name="a.pdf"\n\nPDF\n--B--\n'
    second = letter(2, inner, b"Content-Type: multipart/mixed; boundary=B")
    found = mailbox(box(letter(1), second, letter(3)))
    assert [one.source.part for one in found] == [
        ("message 1",), ("message 2",), ("message 2", "attachment 1"), ("message 3",),
    ]  # fmt: skip


def test_prose_that_begins_with_from_splits_nothing():
    body = b"Hello.\n\nFrom my point of view it is Mon.\n\nFrom Monday 3 January 2022 on.\n"
    assert subjects(box(letter(1, body), letter(2))) == ["number 1", "number 2"]


def test_a_separator_quoted_in_prose_splits_nothing():
    body = b"The log says\n\n" + LINE + b"and no more.\n"
    found = records(box(letter(1, body), letter(2)))
    assert len(found) == 2
    assert "and no more." in found[0].text


SEPARATORS = [
    b"From alice@council.example Mon Jan  3 10:00:00 2022\n",
    b"From alice@council.example Mon Jan  3 10:00:00 2022\r\n",
    b"From alice at council.example  Mon Jan  3 10:00:00 2022\n",
    b"From - Mon Jan 03 10:00:00 2022\n",
    b"From MAILER-DAEMON Mon Jan  3 10:00:00 2022\n",
    b"From 1234567@xxx Mon Jan 03 10:00:00 +0000 2022\n",
    b"From alice@council.example Mon, 3 Jan 2022 10:00:00 +0000\n",
    b"From alice@council.example Mon Jan  3 10:00:00 GMT 2022\n",
    b"From alice@council.example Mon Jan  3 10:00 2022\n",
    b"From ???@??? Mon Jan 03 10:00:00 2022\n",
    b'From "alice smith"@council.example Mon Jan  3 10:00:00 2022\n',
    b"From alice@council.example Mon Jan  3 10:00:00 2022 remote from x\n",
    b"From alice@council.example\n",
    b"From -\n",
]


@pytest.mark.parametrize("separator", SEPARATORS)
def test_separators_of_many_programs_are_known(separator):
    data = separator + letter(1) + b"\n" + separator + letter(2) + b"\n"
    assert subjects(data) == ["number 1", "number 2"]
    assert choose(item(data, "x")) == (mbox,)


@pytest.mark.parametrize(
    "line",
    [
        b"From my point of view\n",
        b"From Monday on\n",
        b"From: alice@x\n",
        b"From alice\n",
        b"From \n",
    ],
)
def test_a_file_that_begins_otherwise_is_no_mailbox(line):
    assert mbox not in choose(item(line + letter(1), "x"))


def test_line_ends_of_windows_are_read():
    data = box(letter(1, b"a\n\nFrom here\n"), letter(2)).replace(b"\n", b"\r\n")
    assert subjects(data) == ["number 1", "number 2"]
    assert records(data)[0].text == "a\n\nFrom here"


def test_line_ends_of_old_macs_are_read():
    assert subjects(box(letter(1), letter(2)).replace(b"\n", b"\r")) == ["number 1", "number 2"]


def test_a_message_without_a_blank_line_before_it_is_found_and_doubted():
    data = LINE + letter(1) + LINE + letter(2)
    found = records(data)
    assert [one.subject for one in found] == ["number 1", "number 2"]
    assert NO_BLANK not in found[0].doubts
    assert NO_BLANK in found[1].doubts


def test_mboxrd_quotation_is_taken_off_one_level():
    found = records(box(letter(1, b">From one\n>>From two\n> From three\n")))
    assert found[0].text == "From one\n>From two\n> From three"


def test_a_counted_message_keeps_a_bare_separator_in_its_body():
    body = b"Hello.\n\n" + LINE + letter(9) + b">From x\n"
    counted = letter(1, body, b"Content-Length: %d" % len(body))
    found = records(box(counted, letter(2)))
    assert [one.subject for one in found] == ["number 1", "number 2"]
    assert ">From x" in found[0].text


def test_a_counted_last_message_ends_at_the_end_of_the_file():
    body = b"Hello.\n\n" + LINE + letter(9)
    assert subjects(box(letter(1, body, b"Content-Length: %d" % len(body)))) == ["number 1"]


@pytest.mark.parametrize("length", [b"0", b"3", b"99999999", b"-1", b"x", b"9" * 40])
def test_a_length_that_the_bytes_do_not_bear_out_is_ignored(length):
    first = letter(1, b"Hello.\n", b"Content-Length: " + length)
    assert subjects(box(first, letter(2))) == ["number 1", "number 2"]


def test_a_last_message_cut_short_is_still_a_record():
    data = box(letter(1), letter(2))
    assert subjects(data[:-5]) == ["number 1", "number 2"]


def test_a_message_without_headers_keeps_its_words():
    found = mailbox(LINE + b"\nOnly words.\n\n" + LINE + letter(2))
    assert [type(one) for one in found] == [Record, Record]
    assert found[0].text == "Only words."


def test_a_separator_alone_is_a_problem_and_not_lost():
    found = mailbox(box(letter(1)) + LINE)
    assert len([one for one in found if isinstance(one, Record | Problem)]) == 2


def test_the_spans_of_a_mailbox_cover_every_byte():
    data = box(*(letter(n, b"x\n" * n) for n in range(300)))
    covered = cover(data)
    assert covered[0][0] == 0
    assert covered[-1][1] == len(data)
    assert all(one[1] == other[0] for one, other in pairwise(covered))
    assert b"".join(span.data for span in spans(io.BytesIO(data))) == data


@pytest.mark.parametrize("chunk", [600, 4096, 65_536])
def test_where_the_window_ends_does_not_matter(monkeypatch, chunk):
    data = box(*(letter(n, b"line of text\n" * (n % 50)) for n in range(200)))
    whole = cover(data)
    monkeypatch.setattr(mbox_module, "_CHUNK", chunk)
    monkeypatch.setattr(mbox_module, "_AHEAD", 512)
    assert cover(data) == whole
    assert len(whole) == 200


def test_memory_holds_a_message_and_never_the_mailbox(tmp_path):
    path = tmp_path / "big.mbox"
    with path.open("wb") as out:
        for number in range(400):
            out.write(box(letter(number, b"x" * 99 + b"\n") * 1) + b"y" * 100_000 + b"\n\n")
    tracemalloc.start()
    with path.open("rb") as stream:
        total = sum(span.end - span.start for span in spans(stream))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total == path.stat().st_size
    assert peak < 8_000_000


@settings(deadline=None)
@given(
    st.lists(
        st.text(
            alphabet=st.sampled_from("ab \n>F"), max_size=60
        ).map(lambda text: text.replace("From", "Form")),
        min_size=1, max_size=8,
    ),
    st.booleans(),
)  # fmt: skip
def test_as_many_messages_come_out_as_went_in(bodies, windows):
    data = box(*(letter(n, body.encode() + b"\n") for n, body in enumerate(bodies)))
    data = data.replace(b"\n", b"\r\n") if windows else data
    assert subjects(data) == [f"number {n}" for n in range(len(bodies))]


PIECES = [LINE, b"From x\n", b"\n", b"A: b\n", b"text\n", b"\r\n", b">From "]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join))
def test_any_bytes_are_covered_and_accounted_for(data):
    data = LINE + data
    covered = cover(data)
    assert sum(end - start for start, end in covered) == len(data)
    found = [one for one in mailbox(data) if not isinstance(one, Embedded)]
    assert len({one.source.part for one in found}) == len(covered)


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the shared corpora are not here")
def test_every_message_of_real_mailboxes_is_a_record_or_a_problem():
    paths = sorted(path for path in CORPORA.rglob("*.mbox") if path.is_file())
    for path in paths:
        data = path.read_bytes()
        if mbox not in choose(item(data, path.name)):
            continue
        assert sum(end - start for start, end in cover(data)) == len(data)
        found = [one for one in mailbox(data) if not isinstance(one, Embedded)]
        assert len({one.source.part for one in found}) == len(cover(data)), path


def test_a_message_alone_is_no_mailbox():
    assert [one.name for one in choose(item(PLAIN + b"\nHello.\n"))] == ["eml"]
