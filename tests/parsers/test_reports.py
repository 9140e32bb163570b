"""Delivery reports, receipts, automatic replies and recalls are recognised and named as such."""

from __future__ import annotations

import pytest
from messages import PLAIN, item, read, record, with_headers

from commtrace.model import Mark, Record
from commtrace.parsers import _reports
from commtrace.parsers.eml import eml

STATUS = (
    b"Reporting-MTA: dns; mx.council.example\n\n"
    b"Original-Recipient: rfc822;tom@school.example\nFinal-Recipient: rfc822;tom@school.example\n"
    b"Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no\n such user\nX-Other: no\n"
)
DAEMON = b"From: Mail Delivery Subsystem <MAILER-DAEMON@mx.council.example>"
HEADERS = b"From: a@council.example\nMessage-ID: <original@council.example>\nSubject: Bus\n"


def report(*parts: bytes, kind: bytes = b"delivery-status") -> bytes:
    inner = b"".join(b"--b\n" + part + b"\n" for part in parts)
    return with_headers(
        DAEMON, b"To: a@council.example", b"Subject: Undelivered Mail Returned to Sender",
        b"Message-ID: <report@mx>",
        b"Content-Type: multipart/report; report-type=" + kind + b"; boundary=b",
        body=inner + b"--b--\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    "copied",
    [
        b"Content-Type: message/rfc822\n\n" + HEADERS + b"\nHello.\n",
        b"Content-Type: text/rfc822-headers\n\n" + HEADERS,
    ],
)
def test_a_delivery_report_tells_of_whom_and_of_which_message(copied):
    data = report(b"\nIt was not delivered.", b"Content-Type: message/delivery-status\n\n" + STATUS,
                  copied)  # fmt: skip
    found = next(one for one in read(data) if isinstance(one, Record))
    assert found.marks == (Mark.DELIVERY_REPORT,)
    assert found.references == ("original@council.example",)
    assert found.in_reply_to is None
    assert found.text == (
        "It was not delivered.\n\nReporting-MTA: dns; mx.council.example\n"
        "Original-Recipient: rfc822;tom@school.example\n"
        "Final-Recipient: rfc822;tom@school.example\n"
        "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user"
    )


def test_a_read_receipt_names_the_message_that_was_read():
    told = (b"Reporting-UA: x\nFinal-Recipient: rfc822;tom@school.example\n"
            b"Original-Message-ID: <original@council.example>\n"
            b"Disposition: manual-action/MDN-sent-manually; displayed\n")  # fmt: skip
    found = record(report(b"\nRead.", b"Content-Type: message/disposition-notification\n\n" + told,
                          kind=b"disposition-notification"))  # fmt: skip
    assert found.marks == (Mark.READ_RECEIPT,)
    assert found.references == ("original@council.example",)
    assert "Disposition: manual-action/MDN-sent-manually; displayed" in found.text


BOUNCES = [
    (
        DAEMON,
        b"Subject: failure notice",
        b"This is qmail-send.\n<tom@school.example>:\nno mailbox\n\n",
    ),
    (b"From: postmaster@x.example", b"Subject: Undeliverable: Bus", b"It did not reach Tom.\n\n"),
    (
        b"From: Mail Delivery System <Mailer-Daemon@x.example>\nX-Failed-Recipients: t@x.example",
        b"Subject: Mail delivery failed: returning message to sender",
        b"------ This is a copy of the message, including all the headers. ------\n\n",
    ),
    (DAEMON, b"Subject: Returned mail: see transcript for details", b"--- Original ---\n\n"),
    (
        b"From: Somebody <system@x.example>\nReturn-Path: <>",
        b"Subject: Delivery Status Notification (Failure)",
        b"\n",
    ),
    (b"From: postmaster@x.example", b"Subject: Unzustellbar: Bus", b"\n"),
]


@pytest.mark.parametrize(("sender", "subject", "words"), BOUNCES)
def test_older_reports_are_known_and_linked_by_the_headers_they_copy(sender, subject, words):
    found = record(with_headers(sender, subject, b"To: a@x.example", body=words + HEADERS))
    assert found.marks == (Mark.DELIVERY_REPORT,)
    assert found.references == ("original@council.example",)


@pytest.mark.parametrize(
    "headers",
    [
        (b"From: tom@school.example", b"Subject: Undeliverable: Bus"),
        (b"From: postmaster@x.example", b"Subject: Our meeting"),
        (b"From: tom@school.example", b"Subject: Re: Out of office: Tom"),
        (b"From: tom@school.example", b"Subject: Out of office next week"),
        (b"From: tom@school.example", b"Subject: Recall: the meeting of Monday"),
        (b"From: tom@school.example", b"Subject: Bus", b"X-Auto-Response-Suppress: All"),
        (b"From: tom@school.example", b"Subject: Bus", b"Auto-Submitted: no"),
        (b"From: tom@school.example", b"Subject: Read the minutes"),
    ],
)
def test_what_a_person_wrote_is_not_marked(headers):
    found = record(with_headers(*headers))
    assert (found.marks, [d for d in found.doubts if "automatic" in d or "recall" in d]) == ((), [])


@pytest.mark.parametrize(
    "header",
    [
        b"Auto-Submitted: auto-replied",
        b"Auto-Submitted: auto-generated (x)",
        b"X-Autoreply: yes",
        b"X-Autorespond: x",
        b"Precedence: auto_reply",
    ],
)
def test_an_automatic_reply_says_so_in_its_headers(header):
    found = record(with_headers(b"From: tom@school.example", b"Subject: Re: Bus", header))
    assert (found.marks, found.doubts) == ((Mark.AUTOMATIC,), ())


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Bus", "AutoReply: Bus", "Out of Office: Bus",
        "Out of Office AutoReply: Bus", "Automatische Antwort: Bus", "Abwesenheitsnotiz: Bus",
        "Réponse automatique : Bus", "Respuesta automática: Bus", "Risposta automatica: Bus",
        "Automatisch antwoord: Bus", "Automatiskt svar: Bus", "Odpowiedź automatyczna: Bus",
        "Автоматический ответ: Bus", "自动答复: Bus",
    ],
)  # fmt: skip
def test_a_subject_alone_shows_it_with_a_doubt(subject):
    alone = (b"From: tom@school.example", b"Subject: " + subject.encode())
    found = record(with_headers(*alone))
    assert found.marks == (Mark.AUTOMATIC,)
    assert _reports.BY_SUBJECT in found.doubts
    sure = record(with_headers(*alone, b"X-Auto-Response-Suppress: All"))
    assert sure.marks == (Mark.AUTOMATIC,)
    assert _reports.BY_SUBJECT not in sure.doubts


def test_a_request_to_recall_is_said():
    body = b'Jane Smith would like to recall the message, "Bus".\n'
    found = record(with_headers(b"From: j@x.example", b"Subject: Recall: Bus", body=body))
    assert _reports.RECALL in found.doubts


def test_a_report_about_nothing_refers_to_nothing():
    found = record(report(b"\nIt was not delivered.",
                          b"Content-Type: message/delivery-status\n\n\x00\xff"))  # fmt: skip
    assert (found.references, found.marks) == ((), (Mark.DELIVERY_REPORT,))


def test_a_report_that_holds_thousands_of_fields_is_bounded():
    fields = b"Final-Recipient: rfc822;%d@x.example\nAction: failed\n\n"
    status = b"".join(fields % n for n in range(20_000))
    part = b"Content-Type: message/delivery-status\n\n" + status
    assert record(report(b"\nx", part)).text.count("\n") <= 2_001


def test_a_message_attached_to_mail_is_no_reference():
    data = (PLAIN + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee below.\n"
            b"--b\nContent-Type: message/rfc822\n\n" + HEADERS + b"\nHello.\n--b--\n")  # fmt: skip
    found = next(one for one in eml.read(item(data)) if isinstance(one, Record))
    assert found.references == ()
