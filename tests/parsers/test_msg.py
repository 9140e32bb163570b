"""Outlook messages: who, to whom, when, which ids, what is attached, and what is doubtful."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from papers import embedded, item, outlook, problems, read, record

from commtrace.model import Channel, Embedded, Mark, Problem, ProblemKind, Record
from commtrace.moments import Basis, utc_text
from commtrace.parsers import _mapi, _ole, _outlook
from commtrace.parsers import msg as module
from commtrace.parsers.msg import _is_message, msg

NOTE = {"class": "IPM.Note"}
JANE = {"sender": "Jane Smith", "sender_kind": "SMTP", "sender_address": "jane@wantsum.example"}
SENT = datetime(2022, 2, 11, 9, 30, tzinfo=UTC)
INDEX = bytes.fromhex("01d81f2a3b4c5d6e7f80") + bytes(12)


def test_a_message_gives_its_subject_text_and_class_as_mail():
    found = record(msg, "a.msg", outlook({**NOTE, "subject": "Transport", "body": "Dear all"}))
    assert (found.subject, found.text, found.channel) == ("Transport", "Dear all", Channel.EMAIL)


def test_the_sender_is_the_smtp_address_even_where_exchange_kept_a_directory_name():
    exchange = {"sender": "Jane Smith", "sender_kind": "EX", "sender_address": "/o=KCC/cn=jane"}
    found = record(msg, "a.msg", outlook({**NOTE, **exchange, "sender_smtp": "jane@kcc.example"}))
    assert found.sender.address == "jane@kcc.example"


def test_a_directory_name_without_an_smtp_address_is_kept_as_written_with_a_doubt():
    exchange = {"sender": "Jane Smith", "sender_kind": "EX", "sender_address": "/o=KCC/cn=jane"}
    found = record(msg, "a.msg", outlook({**NOTE, **exchange}))
    assert found.sender.address == "/o=KCC/cn=jane"
    assert _outlook.X500 in found.doubts


def test_the_from_header_of_the_same_message_stands_in_for_a_directory_name():
    exchange = {"sender": "Jane Smith", "sender_kind": "EX", "sender_address": "/o=KCC/cn=jane"}
    headers = "From: Jane Smith <jane@kcc.example>\r\nDate: Fri, 11 Feb 2022 09:30:00 +0000\r\n\r\n"
    found = record(msg, "a.msg", outlook({**NOTE, **exchange, "headers": headers}))
    assert found.sender.address == "jane@kcc.example"
    assert found.sender.said == "Jane Smith </o=KCC/cn=jane>"
    assert _outlook.BY_HEADER in found.doubts


def test_a_message_sent_on_behalf_of_a_mailbox_is_from_that_mailbox_and_says_who_sent_it():
    behalf = {"for": "SEND Transport", "for_kind": "SMTP", "for_address": "send@wantsum.example"}
    found = record(msg, "a.msg", outlook({**NOTE, **JANE, **behalf}))
    assert found.sender.address == "send@wantsum.example"
    assert any("Sent by Jane Smith <jane@wantsum.example> on behalf of" in d for d in found.doubts)


def test_a_message_without_a_sender_is_given_none():
    found = record(msg, "a.msg", outlook({**NOTE, "subject": "x"}))
    assert found.sender is None
    assert _outlook.NO_SENDER in found.doubts


def test_recipients_keep_their_kind_and_order():
    people = [
        (1, {"name": "Tom", "address_kind": "SMTP", "address": "tom@school.example"}),
        (
            2,
            {
                "name": "Ada",
                "address_kind": "EX",
                "address": "/o=x/cn=ada",
                "smtp": "ada@kcc.example",
            },
        ),
        (3, {"name": "Secret", "address": "s@kcc.example"}),
        (1, {"name": "Only a name"}),
    ]
    found = record(msg, "a.msg", outlook(NOTE, recipients=people))
    assert [(a.name, a.address) for a in found.to] == [
        ("Tom", "tom@school.example"),
        ("Only a name", ""),
    ]
    assert [a.address for a in found.cc] == ["ada@kcc.example"]
    assert [a.address for a in found.bcc] == ["s@kcc.example"]


def test_a_missing_table_of_recipients_falls_back_to_the_display_line_with_a_doubt():
    found = record(msg, "a.msg", outlook({**NOTE, "display_to": "Tom Brown; 'ada@kcc.example'"}))
    assert [(a.name, a.address) for a in found.to] == [
        ("Tom Brown", ""),
        ("ada@kcc.example", "ada@kcc.example"),
    ]
    assert _outlook.NAMES_ONLY in found.doubts


def test_submission_and_delivery_are_the_times_with_their_own_basis():
    times = {0x0039: SENT, 0x0E06: datetime(2022, 2, 11, 9, 31, tzinfo=UTC)}
    found = record(msg, "a.msg", outlook(NOTE, times=times))
    assert (utc_text(found.sent.earliest), found.sent.basis) == (
        "2022-02-11T09:30:00Z",
        Basis.MAPI_SUBMIT,
    )
    assert found.received.basis is Basis.MAPI_DELIVERY


@pytest.mark.parametrize("ticks", [2**63 - 1, 2**64 - 1, 10])
def test_a_time_no_calendar_holds_is_a_doubt_and_no_date(ticks):
    found = record(msg, "a.msg", outlook(NOTE, times={0x0039: ticks}))
    assert found.sent is None
    assert len(found.doubts) >= 2


def test_a_header_date_that_differs_from_the_submission_is_said():
    headers = "From: <jane@wantsum.example>\r\nDate: Sat, 12 Feb 2022 09:30:00 +0000\r\n\r\n"
    found = record(msg, "a.msg", outlook({**NOTE, "headers": headers}, times={0x0039: SENT}))
    assert found.sent.basis is Basis.MAPI_SUBMIT
    assert any(doubt.startswith(_outlook.DATES) for doubt in found.doubts)


def test_ids_come_without_brackets_and_from_the_headers_where_outlook_has_none():
    texts = {**NOTE, "id": "<a@x.example>", "reply_to_id": "<b@x.example>",
             "references": "<c@x.example> <b@x.example>"}  # fmt: skip
    found = record(msg, "a.msg", outlook(texts))
    assert (found.message_id, found.in_reply_to) == ("a@x.example", "b@x.example")
    assert found.references == ("c@x.example", "b@x.example")
    headers = (
        "From: <jane@x.example>\r\nMessage-ID: <h@x.example>\r\nIn-Reply-To: <i@x.example>\r\n\r\n"
    )
    found = record(msg, "a.msg", outlook({**NOTE, "headers": headers}))
    assert (found.message_id, found.in_reply_to) == ("h@x.example", "i@x.example")


def test_the_conversation_index_is_given_in_hexadecimal():
    found = record(msg, "a.msg", outlook(NOTE, binaries={0x0071: INDEX}))
    assert found.thread_index == INDEX.hex()


def test_a_damaged_conversation_index_is_a_doubt():
    found = record(msg, "a.msg", outlook(NOTE, binaries={0x0071: INDEX[:20]}))
    assert found.thread_index is None
    assert _outlook.BAD_INDEX in found.doubts


def test_an_unsent_message_is_a_draft():
    assert record(msg, "a.msg", outlook(NOTE, numbers={0x0E07: 8})).marks == (Mark.DRAFT,)


def test_the_mailbox_it_was_delivered_to_is_known():
    found = record(msg, "a.msg", outlook({**NOTE, "received_by": "tom@school.example"}))
    assert found.delivered_to == ("tom@school.example",)


def test_each_attachment_is_labelled_and_handed_on_with_its_place():
    files = [{"file": "letter of 7 March.pdf", "mime": "application/pdf", "data": b"%PDF-1.4 x"}]
    data = outlook(NOTE, attachments=files)
    (label,) = record(msg, "a.msg", data).attachments
    (inside,) = embedded(msg, "a.msg", data)
    assert label.sha256 == hashlib.sha256(b"%PDF-1.4 x").hexdigest()
    assert (label.name, label.media_type, label.size) == (
        "letter of 7 March.pdf", "application/pdf", 10,
    )  # fmt: skip
    assert (inside.source.part, inside.data) == (("attachment 1",), b"%PDF-1.4 x")


def test_a_message_inside_a_message_can_be_read_again_and_again_gives_the_same_bytes():
    inner = {**NOTE, "subject": "The original", "body": "First words", **JANE}
    data = outlook(
        {**NOTE, "subject": "FW"}, attachments=[{"name": "The original", "message": inner}]
    )
    (one,) = embedded(msg, "a.msg", data)
    (other,) = embedded(msg, "a.msg", data)
    again = record(msg, "inside", one.data)
    assert (again.subject, again.text, again.sender.address) == (
        "The original", "First words", "jane@wantsum.example",
    )  # fmt: skip
    assert one.data == other.data
    assert _is_message(item("inside", one.data))


def test_an_attachment_that_only_points_elsewhere_is_not_in_evidence():
    data = outlook(NOTE, attachments=[{"file": "budget.xlsx", "method": 4}])
    (problem,) = problems(msg, "a.msg", data)
    assert problem.kind is ProblemKind.UNSUPPORTED_TYPE
    assert "not in evidence" in problem.what
    assert record(msg, "a.msg", data).attachments[0].name == "budget.xlsx"


def test_every_attachment_listed_is_embedded_or_a_problem():
    files = [{"file": "a", "data": b"x"}, {"file": "b", "data": b""}, {"file": "c", "method": 7}]
    found = read(msg, "a.msg", outlook(NOTE, attachments=files))
    (letter,) = [one for one in found if isinstance(one, Record)]
    others = [one for one in found if isinstance(one, Embedded | Problem)]
    assert len(letter.attachments) == len(others) == 3


@pytest.mark.parametrize(
    ("item_class", "said"),
    [("IPM.Contact", "a contact"), ("IPM.Task", "a task"), ("IPM.Activity", "a journal entry")],
)
def test_what_is_no_message_is_said_to_be_what_it_is(item_class, said):
    (found,) = read(msg, "a.msg", outlook({"class": item_class, "subject": "x"}))
    assert found.kind is ProblemKind.UNSUPPORTED_TYPE
    assert said in found.what


@pytest.mark.parametrize(
    ("item_class", "channel"),
    [
        ("IPM.Appointment", Channel.MEETING),
        ("IPM.StickyNote", Channel.NOTE),
        ("IPM.Post", Channel.EMAIL),
        ("IPM.Schedule.Meeting.Request", Channel.MEETING),
    ],
)
def test_the_channel_follows_the_class(item_class, channel):
    assert record(msg, "a.msg", outlook({"class": item_class})).channel is channel


def test_narrow_strings_are_read_in_the_code_page_that_the_message_names():
    subject = "Автоматический".encode("cp1251")
    found = record(msg, "a.msg", outlook(NOTE, numbers={0x3FFD: 1251}, narrow={0x0037: subject}))
    assert found.subject == "Автоматический"


def test_narrow_strings_are_read_by_locale_where_only_the_body_names_a_code_page():
    subject = "Straße".encode("cp1252")
    numbers = {0x3FDE: 65001, 0x3FF1: 1031}
    found = record(msg, "a.msg", outlook(NOTE, numbers=numbers, narrow={0x0037: subject}))
    assert found.subject == "Straße"


def test_plain_text_is_preferred_and_html_read_where_there_is_none():
    page = b"<html><body><p>Only <b>HTML</b></p></body></html>"
    both = outlook({**NOTE, "body": "Plain"}, binaries={0x1013: page})
    assert record(msg, "a.msg", both).text == "Plain"
    assert record(msg, "a.msg", outlook(NOTE, binaries={0x1013: page})).text.strip() == "Only HTML"


def test_the_library_writes_no_log_for_a_damaged_file(caplog, capfd):
    data = bytearray(outlook({**NOTE, "subject": "x"}))
    data[600:900] = bytes(300)
    with caplog.at_level(logging.DEBUG):
        read(msg, "a.msg", bytes(data))
    assert not [
        entry for entry in caplog.records if entry.name.startswith(("extract_msg", "olefile"))
    ]
    assert capfd.readouterr() == ("", "")


def test_an_old_word_file_is_not_claimed():
    assert not _is_message(item("a.doc", _ole.MAGIC + bytes(2000)))


def test_a_message_is_known_by_its_streams_even_if_they_lie_behind_the_first_64_kilobytes():
    data = outlook({**NOTE, "subject": "x"})
    shown = replace(item("a.msg", data), head=data[:512])
    assert _mapi.PROPERTIES.encode("utf-16-le") not in shown.head
    assert _is_message(shown)


def test_a_file_cut_in_half_is_a_problem_or_a_doubt_and_never_an_error():
    data = outlook({**NOTE, **JANE, "subject": "Half", "body": "y" * 9000})
    found = read(msg, "a.msg", data[: len(data) // 2])
    assert any(isinstance(one, Problem) for one in found)


def test_a_template_is_a_draft_that_was_not_sent():
    made = bytearray(outlook({"class": "IPM.Note", "subject": "Reply to parents"}))
    sector = 1 << int.from_bytes(made[30:32], "little")
    at = (int.from_bytes(made[48:52], "little") + 1) * sector + 80  # the class of the root
    made[at : at + 16] = UUID("0006f046-0000-0000-c000-000000000046").bytes_le
    found = record(msg, "a.oft", bytes(made))
    assert found.marks == (Mark.DRAFT,)
    assert module.OF_A_TEMPLATE in found.doubts


def test_a_sticky_note_is_its_owners_own_words():
    found = record(msg, "a.msg", outlook({"class": "IPM.StickyNote", "body": "Rang Mrs O."}))
    assert (found.channel, found.doubts) == (Channel.NOTE, (_outlook.STICKY,))


@pytest.mark.parametrize(
    ("data", "mark"),
    [
        (b"0\x80\x06\x09*\x86H\x86\xf7\r\x01\x07\x02\xa0\x80", Mark.SIGNED),
        (b"0\x80\x06\x09*\x86H\x86\xf7\r\x01\x07\x03\xa0\x80", Mark.ENCRYPTED),
        (b"Content-Type: multipart/signed; boundary=x\r\n\r\n", Mark.SIGNED),
    ],
)
def test_a_sealed_message_is_signed_or_encrypted_as_its_attachment_is(data, mark):
    made = outlook(
        {"class": "IPM.Note.SMIME", "sender": "Jane"},
        attachments=[{"file": "smime.p7m", "data": data}],
    )
    assert record(msg, "a.msg", made).marks == (mark,)


def test_a_delivery_report_says_what_was_reported():
    made = outlook({"class": "REPORT.IPM.Note.NDR", "report": "No such mailbox."})
    found = record(msg, "a.msg", made)
    assert (found.text, found.marks) == ("No such mailbox.", (Mark.DELIVERY_REPORT,))


def test_a_part_that_is_shorter_than_the_message_says_is_a_problem():
    made = bytearray(
        outlook({"class": "IPM.Note", "sender": "Jane", "body": "We start on Monday."})
    )
    name = "__substg1.0_1000001F".encode("utf-16-le")
    at = made.index(name) + 120  # the size of the stream
    made[at : at + 4] = (8).to_bytes(4, "little")
    (problem,) = problems(msg, "a.msg", bytes(made))
    assert (problem.kind, _mapi.RESIZED in problem.what) == (ProblemKind.DOUBTFUL, True)
