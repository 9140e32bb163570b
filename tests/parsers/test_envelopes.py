"""Signed, encrypted and protected messages: read through where that is possible, else said."""

from __future__ import annotations

import base64
import random
import zlib

import pytest
from messages import PLAIN, item, read
from papers import SHARED
from wrapped import cms, element

from commtrace.model import Embedded, Mark, Problem, ProblemKind, Record
from commtrace.parsers import _cms, _mime, _pgp, _portals
from commtrace.parsers.sealed import sealed
from commtrace.plugins import choose

ENTITY = (
    b"Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\nContent-Type: text/plain\r\n\r\n"
    b"Words inside.\r\n--in\r\nContent-Type: application/pdf; name=a.pdf\r\n"
    b"Content-Disposition: attachment; filename=a.pdf\r\n\r\n%PDF-\r\n--in--\r\n"
)
SIGNED_TEXT = """-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

Dear Tom,
- -- a dash that was escaped
- From here on
-----BEGIN PGP SIGNATURE-----
Comment: x

iQEzBAEBCAAdFiEE
=abcd
-----END PGP SIGNATURE-----
"""
CIPHER = "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n=x\n-----END PGP MESSAGE-----\n"


def opaque(data, *, kind=b"signed-data", media=b"application/pkcs7-mime"):
    stated = b"; smime-type=" + kind if kind else b""
    return read(PLAIN + b"Content-Type: " + media + stated + b"; name=smime.p7m\n"
                b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(data))  # fmt: skip


def problems(found):
    return [one.kind for one in found if isinstance(one, Problem)]


@pytest.mark.parametrize("endless", [False, True])
@pytest.mark.parametrize("kind", [b"signed-data", b""])
@pytest.mark.parametrize("media", [b"application/pkcs7-mime", b"application/x-pkcs7-mime",
                                   b"application/octet-stream"])  # fmt: skip
def test_an_opaque_signed_message_is_read_through(endless, kind, media):
    found = opaque(cms(2, ENTITY, endless=endless), kind=kind, media=media)
    record = found[0]
    assert (record.text, record.subject) == ("Words inside.", "Transport")
    assert record.marks == (Mark.SIGNED,)
    assert [one.name for one in record.attachments] == ["smime.p7m", "a.pdf"]
    assert [one.source.part for one in found if isinstance(one, Embedded)] == [("attachment 2",)]
    assert problems(found) == []


def test_a_clear_signed_message_is_marked_and_nothing_is_claimed_verified():
    signature = b"Content-Type: application/pkcs7-signature; name=smime.p7s\n\nxyz"
    parts = b"--b\n\nHello.\n--b\n" + signature + b"\n--b--\n"
    found = read(PLAIN + b"Content-Type: multipart/signed; boundary=b\n\n" + parts)
    assert (found[0].text, found[0].marks) == ("Hello.", (Mark.SIGNED,))
    assert len(found) == 1


@pytest.mark.parametrize("kind", [b"enveloped-data", b""])
def test_an_encrypted_message_keeps_its_headers_and_says_what_would_help(kind):
    found = opaque(cms(3, None), kind=kind)
    record, problem = found
    assert (record.subject, record.text, record.marks) == ("Transport", "", (Mark.ENCRYPTED,))
    assert (problem.kind, problem.what) == (ProblemKind.ENCRYPTED, _mime.SEALED)


def test_a_signature_over_an_encrypted_message_hides_neither():
    inner = b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\n" + cms(
        3, None
    )
    found = opaque(cms(2, inner))
    assert found[0].marks == (Mark.SIGNED, Mark.ENCRYPTED)
    assert problems(found) == [ProblemKind.ENCRYPTED]


def test_envelopes_within_envelopes_end():
    data = ENTITY
    for _ in range(40):
        data = b"Content-Type: application/pkcs7-mime\r\n\r\n" + cms(2, data)
    assert isinstance(opaque(cms(2, data))[0], Record)


def test_a_damaged_signed_envelope_is_said():
    found = opaque(cms(2, ENTITY)[:60])
    assert found[0].marks == (Mark.SIGNED,)
    assert problems(found) == [ProblemKind.CORRUPT]


def test_compressed_content_is_read():
    packed = zlib.compress(ENTITY)
    identifier = element(0x06, bytes.fromhex("2a864886f70d0109100109"))
    inner = element(0x06, bytes.fromhex("2a864886f70d010701")) + element(0xA0, element(4, packed))
    body = element(2, b"\0") + element(0x30, b"") + element(0x30, inner)
    found = opaque(element(0x30, identifier + element(0xA0, element(0x30, body))), kind=b"")
    assert (found[0].text, found[0].marks) == ("Words inside.", ())


def test_words_signed_in_the_text_are_read_through():
    (record,) = read(PLAIN + b"\nBefore.\n\n" + SIGNED_TEXT.encode() + b"\nAfter.\n")
    assert record.marks == (Mark.SIGNED,)
    assert record.text == (
        "Before.\n\nDear Tom,\n-- a dash that was escaped\nFrom here on\n\nAfter."
    )


def test_ciphertext_in_the_text_is_left_out_and_said():
    record, problem = read(PLAIN + b"\nSee below.\n\n" + CIPHER.encode())
    assert (record.text, record.marks) == ("See below.", (Mark.ENCRYPTED,))
    assert problem.kind is ProblemKind.ENCRYPTED


def test_quoted_armour_is_somebody_elses():
    text = "> -----BEGIN PGP SIGNED MESSAGE-----\n> x\nHello"
    assert _pgp.opened(text) == _pgp.Opened(text, signed=False, encrypted=False)


def test_a_pgp_message_in_parts_is_said_once():
    found = read(PLAIN + b"Content-Type: multipart/encrypted; boundary=b\n\n--b\n"
                 b"Content-Type: application/pgp-encrypted\n\nVersion: 1\n--b\n"
                 b"Content-Type: application/octet-stream; name=encrypted.asc\n\n"
                 + CIPHER.encode() + b"\n--b--\n")  # fmt: skip
    assert problems(found) == [ProblemKind.ENCRYPTED]
    assert [one.name for one in found[0].attachments] == ["", "encrypted.asc"]
    assert not [one for one in found if isinstance(one, Embedded)]


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (cms(3, None), "smime.p7m", ProblemKind.ENCRYPTED),
        (base64.encodebytes(cms(3, None) + bytes(60)), "smime.p7m", ProblemKind.ENCRYPTED),
        (CIPHER.encode(), "letter.asc", ProblemKind.ENCRYPTED),
        (b"\x85\x01\x0c\x03" + bytes(40), "letter.gpg", ProblemKind.ENCRYPTED),
        (bytes.fromhex("76e80460c411e386") + bytes(90), "message.rpmsg",
         ProblemKind.RIGHTS_PROTECTED),
        (b"nothing of the kind", "smime.p7m", ProblemKind.CORRUPT),
        (cms(2, None), "smime.p7m", ProblemKind.CORRUPT),
    ],
)  # fmt: skip
def test_an_envelope_that_lies_alone_is_a_problem(data, name, kind):
    it = item(data, name)
    assert choose(it) == (sealed,)
    (problem,) = sealed.read(it)
    assert problem.kind is kind


@pytest.mark.parametrize("wrap", [bytes, base64.encodebytes,
                                  lambda d: b"-----BEGIN PKCS7-----\n" + base64.encodebytes(d)
                                  + b"-----END PKCS7-----\n"])  # fmt: skip
def test_a_signed_file_is_opened(wrap):
    it = item(wrap(cms(2, b"<x>" + bytes(80) + b"</x>")), "report.xml.p7m")
    assert choose(it) == (sealed,)
    (inner,) = sealed.read(it)
    assert (inner.name, inner.data[:3]) == ("report.xml", b"<x>")
    assert inner.source.part == ("signed content",)


def test_a_signature_alone_is_no_envelope():
    assert choose(item(cms(2, None), "smime.p7s")) == ()


def test_damaged_structures_give_values():
    dice = random.Random(3)  # noqa: S311 - a seed makes damage repeatable
    for endless in (False, True):
        whole = cms(2, ENTITY, endless=endless)
        for _ in range(2_000):
            data = bytearray(whole)
            for _ in range(dice.randint(1, 4)):
                data[dice.randrange(len(data))] = dice.choice([0, 0x80, 0x84, 0xFF, 0x30, 0x24])
            found = _cms.read(bytes(data[: dice.randrange(len(data))]))
            assert found is None or isinstance(found, _cms.Structure)


def test_pieces_within_pieces_end():
    deep = element(0x04, b"x")
    for _ in range(3_000):
        deep = element(0x24, deep)
    assert _cms.read(element(0x30, element(6, bytes.fromhex("2a864886f70d010702")) + deep)) is None


@pytest.mark.skipif(not SHARED.exists(), reason="the corpus of real envelopes is not here")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("testPKCS7_signed_data_def.p7m", b"text"),
        ("testPKCS7_signed_data_ind.p7m", b"text"),
        ("testPKCS7_enveloped_def.p7m", None),
        ("testPKCS7_enveloped_ind.p7m", None),
    ],
)
def test_real_envelopes(name, content):
    (found,) = sealed.read(item((SHARED / "smime" / "tika" / name).read_bytes(), name))
    assert getattr(found, "data", None) == content


NOTICES = [
    b"You have received a secure message from Jane.\nhttps://switch.egress.com/ui/x\n",
    b"Jane sent you an encrypted email.\nRead it at https://web1.zixmail.net/s/login\n",
    b"This is a protected message.\nhttps://outlook.office365.com/Encryption/retrieve.ashx?x\n",
]


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_of_a_portal_says_that_the_words_lie_elsewhere(notice):
    record, problem = read(PLAIN + b"\n" + notice)
    assert record.marks == (Mark.ENCRYPTED,)
    assert record.text
    assert (problem.kind, problem.what) == (ProblemKind.ENCRYPTED, _portals.PORTAL)


@pytest.mark.parametrize(
    "text",
    [
        b"I could not open this.\n\n> You have received a secure message\n> https://switch.egress.com/x\n",
        b"Please use https://switch.egress.com/ from now on.\n",
        b"It was a secure message. " * 300 + b"https://switch.egress.com/ui/x\n",
    ],
)
def test_what_only_speaks_of_a_portal_is_a_message(text):
    assert [type(one) for one in read(PLAIN + b"\n" + text)] == [Record]


@pytest.mark.parametrize(
    "name", ["securedoc_20220103T100000.html", "SecureMessageAtt.html", "message_v2.rpmsg",
             "Letter to parents.switch", "Encrypted_Message.htm"]
)  # fmt: skip
def test_a_wrapper_of_a_portal_is_said_once_and_not_read(name):
    data = (b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee the attachment.\n--b\n"
            b'Content-Type: text/html; name="' + name.encode() + b'"\n'
            b"Content-Disposition: attachment\n\n<html>x</html>\n--b--\n")  # fmt: skip
    record, problem = read(PLAIN + data)
    assert (record.text, record.marks) == ("See the attachment.", (Mark.ENCRYPTED,))
    assert (problem.kind, problem.what) == (ProblemKind.ENCRYPTED, _portals.PORTAL)
