"""Bodies: the text a reader saw, attachments by content, and messages kept in their envelopes."""

from __future__ import annotations

import base64
from hashlib import sha256

import pytest
from messages import PLAIN, read, record, with_headers

from commtrace.model import Embedded, Mark, Problem, ProblemKind, Record
from commtrace.parsers import _mimetext

FROM = b"From: alice@council.example"
PDF = b"%PDF-1.4 not really"


def multipart(kind: bytes, *parts: bytes, boundary: bytes = b"BB", tail: bytes = b"") -> bytes:
    body = b"".join(b"--" + boundary + b"\n" + part + b"\n" for part in parts)
    return (
        b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"\n\n'
        + body + b"--" + boundary + b"--\n" + tail
    )  # fmt: skip


def spelled(stem: bytes) -> bytes:
    """Twenty-six words, from `stem` and each letter."""
    return b" ".join(stem + bytes((letter,)) for letter in range(97, 123))


def message(inner: bytes) -> bytes:
    return PLAIN + b"MIME-Version: 1.0\n" + inner


PLAIN_PART = b"Content-Type: text/plain; charset=utf-8\n\nHello."
HTML_PART = b"Content-Type: text/html; charset=utf-8\n\n<p>Hello.</p>"
PDF_PART = (
    b"Content-Type: application/pdf\n"
    b'Content-Disposition: attachment; filename="plan.pdf"\n'
    b"Content-Transfer-Encoding: base64\n\n" + base64.b64encode(PDF)
)
INNER = b"From: carol@x.example\nSubject: Inner\n\nInner text."
MESSAGE_PART = b"Content-Type: message/rfc822\n\n" + INNER


@pytest.mark.parametrize(
    ("lines", "body", "text"),
    [
        ([], b"Hello.\n", "Hello."),
        ([b"Content-Type: text/plain; charset=iso-8859-1"], b"caf\xe9\n", "café"),
        ([b"Content-Transfer-Encoding: quoted-printable"], b"caf=C3=A9 =\nnoir\n", "café noir"),
        ([b"Content-Transfer-Encoding: base64"], base64.b64encode("café".encode()), "café"),
        ([b"Content-Type: text/html"], b"<p>One</p><p>Two</p>", "One\n\nTwo"),
        ([b"Content-Type: text/html"], b'<meta charset="iso-8859-2"><p>\xa3', "Ł"),
        ([b"Content-Type: garbage"], b"Hello.", "Hello."),
        ([b"Content-Type:"], b"Hello.", "Hello."),
        ([b"Content-Type : text/plain"], b"Hello.", "Hello."),
        ([b"Content-Type: text/plain; name=a.txt"], b"Hello.", "Hello."),
        ([b"Content-Type: multipart/mixed"], b"Hello.", "Hello."),
        ([b"Content-Type: multipart/mixed; boundary=x"], b"Hello.", "Hello."),
        ([], b"a\x00b\x07c\r\nd", "a␀b␇c\nd"),
        ([], b"", ""),
    ],
)
def test_a_simple_body_is_read(lines, body, text):
    assert record(with_headers(FROM, *lines, body=body)).text == text


def test_the_plain_text_of_an_alternative_is_read():
    found = record(message(multipart(b"alternative", PLAIN_PART, HTML_PART)))
    assert (found.text, found.reader, found.attachments) == ("Hello.", "eml/fast", ())


def test_the_html_is_read_where_there_is_nothing_else():
    assert record(message(multipart(b"alternative", HTML_PART))).text == "Hello."


def test_alternatives_that_differ_are_doubted():
    plain = b"Content-Type: text/plain\n\n" + spelled(b"alpha")
    html = b"Content-Type: text/html\n\n<p>" + spelled(b"beta")
    found = record(message(multipart(b"alternative", plain, html)))
    assert found.text.startswith("alphaa")
    assert _mimetext.DISAGREE in found.doubts


def test_a_plain_part_that_says_nothing_gives_way_to_the_html():
    plain = b"Content-Type: text/plain\n\nPlease use HTML."
    html = b"Content-Type: text/html\n\n<p>" + spelled(b"word")
    found = record(message(multipart(b"alternative", plain, html)))
    assert found.text.startswith("worda")
    assert _mimetext.STUB in found.doubts


def test_alternatives_that_agree_are_not_doubted():
    page = b"Content-Type: text/html\n\n<b>" + spelled(b"word")
    found = record(message(multipart(b"alternative", b"\n" + spelled(b"word"), page)))
    assert found.doubts == ()


def test_text_on_both_sides_of_an_attachment_is_kept():
    found = record(message(multipart(b"mixed", PLAIN_PART, PDF_PART, b"\nAfter.")))
    assert found.text == "Hello.\nAfter."


def test_an_attachment_is_listed_and_handed_on_whole():
    found, attached = read(message(multipart(b"mixed", PLAIN_PART, PDF_PART)))
    (label,) = found.attachments
    assert (label.name, label.media_type, label.size) == ("plan.pdf", "application/pdf", len(PDF))
    assert label.sha256 == sha256(PDF).hexdigest()
    assert isinstance(attached, Embedded)
    assert (attached.source.part, attached.data) == (("attachment 1",), PDF)
    assert attached.source.sha256 == found.source.sha256


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (b"Content-Disposition: attachment; filename*=utf-8''r%C3%A9sum%C3%A9.pdf", "résumé.pdf"),
        (b'Content-Disposition: attachment; filename="=?utf-8?q?r=C3=A9s.pdf?="', "rés.pdf"),
        (b"Content-Disposition: attachment;\n filename*0=a;\n filename*1=b.pdf", "ab.pdf"),
        (b'Content-Disposition: attachment; filename="../../etc/passwd"', "../../etc/passwd"),
        (b'Content-Disposition: attachment; filename="a\x00b\rc.pdf"', "a␀b c.pdf"),
        (b"Content-Disposition: attachment", ""),
    ],
)  # fmt: skip
def test_an_attachments_name_is_a_label_on_one_line(line, name):
    part = b"Content-Type: application/pdf\n" + line + b"\n\n" + PDF
    (label,) = record(message(multipart(b"mixed", PLAIN_PART, part))).attachments
    assert label.name == name


def test_an_attached_message_is_never_flattened_into_its_carrier():
    found, inner = read(message(multipart(b"mixed", PLAIN_PART, MESSAGE_PART)))
    assert found.text == "Hello."
    assert found.subject == "Transport"
    assert isinstance(inner, Embedded)
    assert (inner.source.part, inner.media_type, inner.data) == (
        ("message 1",), "message/rfc822", INNER,
    )  # fmt: skip
    assert found.attachments[0].media_type == "message/rfc822"


def test_an_attached_message_with_its_own_attachment_stays_whole():
    inner = INNER.partition(b"\n\n")[0] + b"\n" + multipart(
        b"mixed", PLAIN_PART, PDF_PART, boundary=b"CC"
    )  # fmt: skip
    part = b"Content-Type: message/rfc822\n\n" + inner
    found, attached = read(message(multipart(b"mixed", PLAIN_PART, part)))
    assert found.text == "Hello."
    assert attached.data.strip() == inner.strip()


def test_a_message_in_a_message_in_a_message_keeps_every_byte():
    deep = b"From: d@x\n" + multipart(b"mixed", MESSAGE_PART, boundary=b"DD")
    part = b"Content-Type: message/rfc822\n\n" + deep
    _, attached = read(message(multipart(b"mixed", part)))
    assert attached.data.strip() == deep.strip()


def test_each_part_of_a_digest_is_a_message():
    found = read(message(multipart(b"digest", b"\n" + INNER, b"\n" + INNER)))
    assert [one.source.part for one in found if isinstance(one, Embedded)] == [
        ("message 1",), ("message 2",),
    ]  # fmt: skip


def test_a_base64_attached_message_is_decoded():
    part = (
        b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
        + base64.b64encode(INNER)
    )
    assert read(message(multipart(b"mixed", part)))[1].data == INNER


def test_a_small_inline_picture_is_listed_and_not_read_again():
    part = b"Content-Type: image/png\nContent-Disposition: inline\nContent-ID: <a>\n\nsmall"
    found = read(message(multipart(b"related", HTML_PART, part)))
    assert len(found) == 1
    assert found[0].attachments[0].media_type == "image/png"


def test_a_large_inline_picture_may_be_a_letter():
    part = b"Content-Type: image/png\nContent-Disposition: inline\n\n" + b"x" * 20_000
    assert isinstance(read(message(multipart(b"related", HTML_PART, part)))[1], Embedded)


def test_a_signature_is_listed_and_not_read_again():
    part = b"Content-Type: application/pgp-signature; name=s.asc\n\nxyz"
    found = read(message(multipart(b"signed", PLAIN_PART, part)))
    assert (len(found), found[0].text, len(found[0].attachments)) == (1, "Hello.", 1)


def test_a_calendar_beside_the_text_is_handed_on():
    part = b"Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR"
    found, calendar = read(message(multipart(b"alternative", PLAIN_PART, part)))
    assert found.text == "Hello."
    assert calendar.media_type == "text/calendar"


@pytest.mark.parametrize(
    "inner",
    [
        multipart(b"encrypted", b"Content-Type: application/pgp-encrypted\n\nVersion: 1",
                  b"Content-Type: application/octet-stream\n\nxyz"),
        b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nxyz",
        b"\n-----BEGIN PGP MESSAGE-----\n\nxyz",
    ],
)  # fmt: skip
def test_an_encrypted_message_is_a_record_and_a_problem(inner):
    found = read(message(inner))
    assert isinstance(found[0], Record)
    assert Mark.ENCRYPTED in found[0].marks
    assert [one.kind for one in found if isinstance(one, Problem)] == [ProblemKind.ENCRYPTED]


def test_a_rights_protected_message_is_a_problem():
    part = (
        b"Content-Type: application/x-microsoft-rpmsg-message\n"
        b"Content-Disposition: attachment; filename=message.rpmsg\n\nxyz"
    )
    kinds = [
        one.kind
        for one in read(message(multipart(b"mixed", PLAIN_PART, part)))
        if isinstance(one, Problem)
    ]
    assert kinds == [ProblemKind.RIGHTS_PROTECTED]


def test_text_after_the_last_delimiter_is_kept_and_said():
    found = record(message(multipart(b"mixed", PLAIN_PART, tail=b"Hidden words.\n")))
    assert found.text == "Hello.\nHidden words."
    assert _mimetext.OUTSIDE in found.doubts


def test_the_customary_note_before_the_parts_is_not_text():
    inner = multipart(b"mixed", PLAIN_PART).replace(
        b"\n\n", b"\n\nThis is a multi-part message in MIME format.\n", 1
    )
    found = record(message(inner))
    assert (found.text, found.doubts) == ("Hello.", ())


def test_a_message_cut_short_says_so_and_keeps_its_text():
    whole = message(multipart(b"mixed", PLAIN_PART, PDF_PART))
    found = record(whole[: whole.index(b"JVBER") + 3])
    assert found.text == "Hello."
    assert _mimetext.CUT_SHORT in found.doubts


def test_damaged_base64_loses_neither_message_nor_text():
    part = PDF_PART.rpartition(b"\n")[0] + b"\n!!! not base64 !!!"
    found = record(message(multipart(b"mixed", PLAIN_PART, part)))
    assert (found.text, found.reader) == ("Hello.", "eml/compat32")


def test_a_delimiter_that_begins_like_another_splits_nothing():
    inner = multipart(b"alternative", b"\nAAA", b"Content-Type: text/html\n\nAAA", boundary=b"b10")
    found = record(message(multipart(b"mixed", inner, b"\nCCC", boundary=b"b1")))
    assert (found.text, found.attachments) == ("AAA\nCCC", ())


def test_a_line_that_begins_like_a_delimiter_is_text():
    found = record(message(multipart(b"mixed", b"\none\n--BBq is no delimiter\ntwo")))
    assert found.text == "one\n--BBq is no delimiter\ntwo"


def test_a_part_without_its_blank_line_keeps_its_text():
    assert record(message(multipart(b"mixed", b"Hello there"))).text == "Hello there"


def test_a_charset_in_pieces_does_not_stop_the_lenient_reader():
    found = record(message(b"Content-Type: multipart/mixed; charset*=x'y'z\n\ncaf\xe9"))
    assert (found.text, found.reader) == ("café", "eml/compat32")


def test_what_is_no_message_is_a_problem():
    (found,) = read(b"\x00\x01\x02 nothing here")
    assert (type(found), found.kind) == (Problem, ProblemKind.CORRUPT)


def test_an_empty_file_is_a_problem_of_its_own():
    (found,) = read(b" \n")
    assert found.kind is ProblemKind.EMPTY
