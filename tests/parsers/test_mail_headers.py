"""Headers of an internet message: none lost in silence, none that smuggles another in."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from messages import PLAIN, item, record, with_headers

from commtrace.model import Mark
from commtrace.moments import Basis
from commtrace.parsers import _head, _rfc5322
from commtrace.parsers._head import looks_like_headers, read_head
from commtrace.parsers.eml import eml

FROM = b"From: alice@council.example"
EXPECTED = ("alice@council.example", "Transport", "1@council.example", "Hello.")


def facts(message: bytes):
    found = record(message)
    return found.sender.address, found.subject, found.message_id, found.text


@pytest.mark.parametrize(
    "message",
    [
        PLAIN + b"\nHello.\n",
        (PLAIN + b"\nHello.\n").replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + PLAIN + b"\nHello.\n",
        b"\n" + PLAIN + b"\nHello.\n",
        b"\r\n \r\n\r\n" + PLAIN + b"\nHello.\n",
        b"From alice Mon Jan  3 10:00:00 2022\n" + PLAIN + b"\nHello.\n",
        b">From alice Mon Jan  3 10:00:00 2022\n" + PLAIN + b"\nHello.\n",
        PLAIN.replace(b":", b" :", 1) + b"\nHello.\n",
        PLAIN.replace(b": ", b"\t:", 5) + b"\nHello.\n",
        PLAIN.replace(b"Subject", b"SUBJECT") + b"\nHello.\n",
        PLAIN + b">From x Mon Jan  3 10:00:00 2022\nTo: c@x.example\n\nHello.\n",
        PLAIN.replace(b"Subject: ", b"Subject:\n ") + b"\nHello.\n",
        PLAIN + b"X-Empty:\n\nHello.\n",
        (PLAIN + b"\nHello.\n").replace(b"\n", b"\r"),
        ("\ufeff" + (PLAIN + b"\nHello.\n").decode()).encode("utf-16-le"),
    ],
)
def test_headers_are_read_whatever_surrounds_them(message):
    assert facts(message) == EXPECTED


def test_a_line_that_is_no_header_does_not_end_the_headers():
    message = PLAIN.replace(b"Subject:", b"this is no header\nSubject:") + b"\nHello.\n"
    assert facts(message) == EXPECTED
    assert _head.NOT_A_HEADER in record(message).doubts


def test_a_body_without_its_blank_line_is_kept_as_body():
    message = PLAIN + b"Hello.\n"
    assert facts(message) == EXPECTED
    assert _head.NO_SEPARATOR in record(message).doubts


def test_a_bare_carriage_return_starts_no_header():
    found = record(with_headers(FROM, b"Subject: hi\rBcc: evil@evil.example"))
    assert found.bcc == ()
    assert found.subject == "hi Bcc: evil@evil.example"
    assert _head.BARE_CR in found.doubts


@pytest.mark.parametrize(
    "subject",
    [
        b"=?utf-8?q?hello=0D=0AX-Injected=3A_yes?=",
        b"=?utf-8?b?aGVsbG8NClgtSW5qZWN0ZWQ6IHllcw==?=",
    ],
)
def test_an_encoded_line_break_is_a_blank(subject):
    assert record(with_headers(FROM, b"Subject: " + subject)).subject == "hello X-Injected: yes"


SUBJECTS = [
    (b"=?utf-8?q?caf=C3=A9?=", "café"),
    (b"=?UTF-8?Q?caf=c3=a9?=", "café"),
    (b"=?iso-8859-1?q?caf=E9_one?=", "café one"),
    (b"=?utf-8?b?Y2Fmw6k=?=", "café"),
    (b"=?utf-8?b?Y2Fmw6k?=", "café"),
    (b"=?utf-8?b?Y2Fm?=\n =?utf-8?b?w6k=?=", "café"),
    (b"=?utf-8?b?Y2Fmww==?= =?utf-8?b?qQ==?=", "café"),
    (b"=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
    (b"=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
    (b"=?utf-8*en?q?caf=C3=A9?=", "café"),
    (b"=?windows-1252?q?=93quoted=94?=", "“quoted”".replace("”", "”")),
    (b"=?gb2312?b?1tDOxA==?=", "中文"),
    (b"=?iso-2022-jp?b?GyRCRnxLXBsoQg==?=", "日本"),
    (b"RE: =?utf-8?q?FW=3A?= plain", "RE: FW: plain"),
    (b"caf\xc3\xa9", "café"),
    (b"caf\xe9", "café"),
    (b"=?utf-7?q?+ADw-script?=", "+ADw-script"),
    (b"=?utf-8?q?with space?=", "with space"),
    (b"=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
    (b"=?utf-8?b??=", ""),
    (b"folded\n\t and  spaced", "folded and spaced"),
    (b"nul\x00led", "nul␀led"),
    (b"", ""),
]


@pytest.mark.parametrize(("raw", "subject"), SUBJECTS)
def test_a_subject_is_decoded_to_one_line(raw, subject):
    assert record(with_headers(FROM, b"Subject: " + raw)).subject == subject


def test_a_word_that_cannot_be_decoded_stands_and_is_doubted():
    found = record(with_headers(FROM, b"Subject: =?utf-8?b?!!!?="))
    assert found.subject == "=?utf-8?b?!!!?="
    assert _rfc5322.UNREADABLE_WORD in found.doubts


def test_a_very_long_subject_is_cut_and_said():
    found = record(with_headers(FROM, b"Subject: " + b"x" * 100_000))
    assert len(found.subject) == 32_768
    assert _rfc5322.LONG_SUBJECT in found.doubts


def test_two_from_headers_that_differ_leave_the_author_in_doubt():
    found = record(with_headers(b"From: a@x.example", b"From: b@x.example"))
    assert found.sender.address == "a@x.example"
    assert any("not certain" in doubt and "b@x.example" in doubt for doubt in found.doubts)


def test_two_from_headers_that_agree_leave_none():
    found = record(with_headers(b"From: a@x.example", b"From: A <A@x.example>"))
    assert found.doubts == ()


def test_of_several_authors_the_sender_header_says_who_sent():
    found = record(with_headers(b"From: a@x.example, b@x.example", b"Sender: b@x.example"))
    assert found.sender.address == "b@x.example"
    assert any("not certain" in doubt for doubt in found.doubts)


def test_a_sender_header_does_not_displace_the_one_author():
    found = record(with_headers(b"From: head@x.example", b"Sender: clerk@x.example"))
    assert found.sender.address == "head@x.example"


def test_who_sent_it_for_a_colleague_is_said():
    found = record(with_headers(b"From: Head <head@x.example>", b"Sender: Clerk <clerk@x.example>"))
    said = "Sent by Clerk <clerk@x.example> on behalf of Head <head@x.example>."
    assert said in found.doubts


@pytest.mark.parametrize(
    "lines",
    [
        (b"Sender: head@x.example",),
        (b"Sender: talk-bounces@x.example",),
        (b"Sender: clerk@post.example",),
        (b"Sender: clerk@x.example", b"List-Id: <talk.x.example>"),
    ],
    ids=["the author", "a list's machine", "a service elsewhere", "a list"],
)
def test_a_relay_is_nobodys_delegate(lines):
    found = record(with_headers(b"From: head@x.example", *lines))
    assert not any("on behalf" in doubt for doubt in found.doubts)


def test_a_message_from_nobody_says_so():
    found = record(with_headers(b"Subject: hello"))
    assert found.sender is None
    assert _rfc5322.NO_SENDER in found.doubts


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"<1@x>", "1@x"),
        (b" <1@x> ", "1@x"),
        (b"\n <1@x>", "1@x"),
        (b"<1@x>+0D52", "1@x"),
        (b"(comment) <1@x>", "1@x"),
        (b"1@x", "1@x"),
        (b"<a b@x>", "a b@x"),
        (b"<A@X>", "A@X"),
        (b"<a@x.\n\ty.uk>", "a@x.y.uk"),
        (b"<a@6 x.uk ", "a@6 x.uk"),
        (b"<1@x\r\n>", "1@x"),
        (b"", None),
        (b"<>", None),
        (b"no id here", None),
    ],
)
def test_a_message_id_is_what_the_brackets_hold(raw, expected):
    assert record(with_headers(FROM, b"Message-ID: " + raw)).message_id == expected


def test_two_message_ids_are_doubted():
    found = record(with_headers(FROM, b"Message-ID: <1@x>", b"Message-ID: <2@x>"))
    assert found.message_id == "1@x"
    assert _rfc5322.TWO_IDS in found.doubts


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"<1@x>\n <2@x> <3@x>", ("1@x", "2@x", "3@x")),
        (b"<1@x><2@x>,<1@x>", ("1@x", "2@x")),
        (b"1@x 2@x", ("1@x", "2@x")),
        (b"", ()),
    ],
)
def test_references_are_a_list_each_once(raw, expected):
    assert record(with_headers(FROM, b"References: " + raw)).references == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"<1@x>", "1@x"),
        (b'Your message of "Mon" <1@x>', "1@x"),
        (b"Message from a@b of Mon <1@x>", "1@x"),
        (b"nothing", None),
    ],
)
def test_in_reply_to_is_one_id(raw, expected):
    assert record(with_headers(FROM, b"In-Reply-To: " + raw)).in_reply_to == expected


def test_a_thread_index_is_its_bytes_in_hexadecimal():
    data = bytes(range(27))
    found = record(with_headers(FROM, b"Thread-Index: " + base64.b64encode(data)))
    assert found.thread_index == data.hex()


@pytest.mark.parametrize(
    "raw", [b"!!!", b"AAAA", base64.b64encode(bytes(23)), b"A" * 100_001, "é".encode()]
)
def test_a_damaged_thread_index_is_not_used_and_said(raw):
    found = record(with_headers(FROM, b"Thread-Index: " + raw))
    assert found.thread_index is None
    assert _rfc5322.BAD_INDEX in found.doubts


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        (b"Auto-Submitted: auto-replied", Mark.AUTOMATIC),
        (b"Auto-Submitted: auto-generated (x)", Mark.AUTOMATIC),
        (b"X-Autoreply: yes", Mark.AUTOMATIC),
        (b"Precedence: auto_reply", Mark.AUTOMATIC),
        (b"Precedence: bulk", Mark.BULK),
        (b"Precedence: List", Mark.BULK),
        (b"List-Id: <forum.example>", Mark.BULK),
        (b"X-Unsent: 1", Mark.DRAFT),
        (b"Content-Type: multipart/report; report-type=delivery-status", Mark.DELIVERY_REPORT),
        (b"Content-Type: multipart/report; report-type=disposition-notification",
         Mark.READ_RECEIPT),
        (b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data", Mark.ENCRYPTED),
    ],
)  # fmt: skip
def test_how_a_message_was_made_is_marked(line, mark):
    assert mark in record(with_headers(FROM, line)).marks


@pytest.mark.parametrize("line", [b"Auto-Submitted: no", b"X-Unsent: 0", b"Precedence: normal"])
def test_what_says_nothing_is_not_marked(line):
    assert record(with_headers(FROM, line)).marks == ()


def test_the_topmost_received_header_is_when_it_arrived():
    found = record(
        with_headers(
            FROM,
            b"Received: from b by c; Mon, 3 Jan 2022 10:00:09 +0000",
            b"Received: from a by b; Mon, 3 Jan 2022 10:00:01 +0000",
            b"Date: Mon, 3 Jan 2022 10:00:00 +0000",
        )
    )
    assert found.received.earliest.second == 9
    assert found.received.basis is Basis.RECEIVED
    assert found.doubts == ()


def test_a_received_header_without_a_date_is_passed_over():
    found = record(
        with_headers(FROM, b"Received: by x", b"Received: a; Mon, 3 Jan 2022 10:00:01 +0000")
    )
    assert found.received.earliest.second == 1


def test_a_date_without_zone_is_read_as_utc_where_the_first_server_agrees():
    found = record(
        with_headers(
            FROM,
            b"Received: by x; Mon, 3 Jan 2022 10:00:04 +0000",
            b"Date: Mon, 3 Jan 2022 10:00:00 -0000",
        )
    )
    assert found.sent.exact
    assert any("bears it out" in doubt for doubt in found.doubts)


def test_clocks_more_than_a_day_apart_are_doubted():
    found = record(
        with_headers(
            FROM,
            b"Received: by x; Fri, 7 Jan 2022 10:00:00 +0000",
            b"Date: Mon, 3 Jan 2022 10:00:00 +0000",
        )
    )
    assert _rfc5322.CLOCKS in found.doubts


def test_two_dates_that_differ_are_doubted():
    found = record(
        with_headers(
            FROM,
            b"Date: Mon, 3 Jan 2022 10:00:00 +0000",
            b"Date: Tue, 4 Jan 2022 10:00:00 +0000",
        )
    )
    assert found.sent.earliest.day == 3
    assert _rfc5322.TWO_DATES in found.doubts


def test_where_it_was_delivered_is_kept_for_the_custodian():
    found = record(
        with_headers(
            FROM, b"Delivered-To: bob@x.example", b"X-Original-To: team@x.example",
            b"Envelope-To: bob@x.example",
        )
    )  # fmt: skip
    assert found.delivered_to == ("bob@x.example", "team@x.example")


def test_recipients_stand_in_their_own_fields():
    found = record(
        with_headers(
            FROM, b"To: a@x.example", b"To: b@x.example", b"Cc: c@x.example", b"Bcc: d@x.example",
            b"Reply-To: e@x.example",
        )
    )  # fmt: skip
    people = [[one.address for one in field] for field in (found.to, found.cc, found.bcc)]
    assert people == [["a@x.example", "b@x.example"], ["c@x.example"], ["d@x.example"]]
    assert found.reply_to[0].address == "e@x.example"


def test_the_folder_an_export_names_is_kept():
    assert record(with_headers(FROM, b"X-Gmail-Labels: Inbox,SEN")).folder == "Inbox,SEN"
    assert record(with_headers(FROM, b"X-Folder: \\A\\Sent")).folder == "\\A\\Sent"


@pytest.mark.parametrize(
    ("head", "claimed"),
    [
        (PLAIN, True),
        (b"\n\n" + PLAIN, True),
        (b"\xef\xbb\xbf" + PLAIN, True),
        (b"Received: from a\n by b\n", True),
        (b"MIME-Version: 1.0\n", True),
        (b"Dear Sir,\n\nFrom: nobody\n", False),
        (b"Note: this is prose\nand more of it\n", False),
        (b"Key: value\nOther: value\n", False),
        (b"<html><body>From: x</body></html>", False),
        (b"%PDF-1.7\n", False),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", False),
        (b"", False),
        (b"\x00" * 500, False),
    ],
)
def test_a_message_is_known_by_its_first_lines(head, claimed):
    assert looks_like_headers(head) is claimed


MEMORANDUM = b"To: All staff\nFrom: Head of SEN\nDate: 3 March 2022\nSubject: Transport\n\nDear all"


def test_a_memorandum_in_a_text_file_is_no_message():
    assert not eml.claims(item(MEMORANDUM, "memo.txt"))
    assert eml.claims(item(MEMORANDUM, "memo.eml"))


def test_a_message_in_a_text_file_is_one():
    assert eml.claims(item(PLAIN + b"\nHello.\n", "saved.txt"))
    assert eml.claims(item(PLAIN + b"\nHello.\n", "12_"))


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_reading_headers_fail(data):
    head = read_head(data)
    assert 0 <= head.body <= len(head.data)
