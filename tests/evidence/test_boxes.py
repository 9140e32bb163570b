"""Boxes within boxes end to end: all that lies in one is found, in one state, and had again."""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "parsers"))
from wrapped import cms, winmail, zip_of

from commtrace.evidence.originals import embedded_bytes
from commtrace.model import Mark, Source, Status


def mail(subject: bytes, kind: bytes = b"text/plain", body: bytes = b"Hello.\n") -> bytes:
    head = b"From: a@x.example\nTo: b@x.example\nDate: Mon, 3 Jan 2022 10:00:00 +0000\n"
    named = b"Message-ID: <%s@x.example>\nSubject: %s\n" % (subject, subject)
    return head + named + b"MIME-Version: 1.0\nContent-Type: " + kind + b"\n\n" + body


def carrying(subject: bytes, kind: bytes, data: bytes) -> bytes:
    part = b"Content-Type: " + kind + b"\nContent-Transfer-Encoding: base64\n\n"
    body = b"--b\n\nSee attached.\n--b\n" + part + base64.encodebytes(data) + b"--b--\n"
    return mail(subject, b"multipart/mixed; boundary=b", body)


NOTE = b"Dear Mrs Okafor\n\nThe bus is late.\n\nYours sincerely\n\nJane Smith\n"
WINMAIL = winmail({0x001A: "IPM.Note", 0x1000: "x"}, (), (("note.txt", NOTE, {}),))
SIGNED = cms(2, b"Content-Type: text/plain\n\nSigned words.\n")
INNER = zip_of(("deep.eml", mail(b"deep")), ("again.eml", mail(b"top")))
BOX = zip_of(
    ("mail/top.eml", mail(b"top")),
    ("mail/top.eml.copy", mail(b"copied")),
    ("inner.zip", INNER),
    ("wrapped.eml", carrying(b"wrapped", b"application/ms-tnef; name=winmail.dat", WINMAIL)),
    ("signed.eml", carrying(b"signed", b"application/pkcs7-mime; name=smime.p7m", SIGNED)),
    ("sealed.eml", carrying(b"sealed", b"application/pkcs7-mime; name=smime.p7m", cms(3, None))),
    ("__MACOSX/mail/._top.eml", b"\x00\x05\x16\x07" + bytes(80)),
    ("sheet.unknown", b"\x00\x01\x02" * 40),
)


@pytest.fixture
def box(place):
    place.write("box.zip", BOX)
    place.ingest()
    return place


def test_every_message_in_a_box_is_a_communication_at_its_place(box):
    subjects = {one.subject: one for one in box.store.communications() if one.subject}
    assert {"top", "copied", "deep", "wrapped", "signed", "sealed"} <= set(subjects)
    assert subjects["deep"].source.part == ("member inner.zip", "member deep.eml")
    assert len(subjects["top"].sightings) == 2
    assert Mark.SIGNED in subjects["signed"].marks
    assert Mark.ENCRYPTED in subjects["sealed"].marks


def test_the_words_in_a_winmail_dat_and_in_an_envelope_are_found(box):
    texts = " ".join(box.texts())
    assert "The bus is late." in texts
    assert "Signed words." in texts


def test_what_is_encrypted_is_listed_with_its_place(box):
    found = [p for p in box.store.problems() if str(p.kind) == "encrypted"]
    assert [p.source.part for p in found] == [("member sealed.eml",)]


def test_the_box_adds_up(box):
    (file,) = box.store.files()
    assert file.status is Status.PARTLY
    whole = next(row for row in box.store.contained() if row.source.part == ())
    assert [one.number for one in whole.declared] == [8]
    assert whole.inside.found == 8


def test_the_bytes_of_a_member_are_had_again(box):
    (file,) = box.store.files()
    place = ("member inner.zip", "member deep.eml")
    source = Source(sha256=file.sha256, path="box.zip", part=place)
    assert embedded_bytes(box.case / "evidence", source) == mail(b"deep")


def test_parts_that_are_read_into_their_message_are_not_missed(box):
    """Signed mail, winmail.dat and forwarded messages were doubted: "1 declared, none found"."""
    inner = b"--b\nContent-Type: message/rfc822\n\n" + mail(b"inner") + b"\n--b--\n"
    body = b"--b\n\nSee below.\n" + inner
    forwarded = mail(b"fwd", b"multipart/mixed; boundary=b", body)
    box.write("fwd.eml", forwarded)
    box.write("clear.eml", carrying(b"clear", b"application/pkcs7-signature", b"xyz"))
    box.ingest()
    assert [p.what for p in box.store.problems() if "declared" in p.what] == []


def test_a_zip_that_holds_itself_ends(place):
    place.write("a.zip", zip_of(("b.zip", zip_of(("c.zip", zip_of(("d.eml", mail(b"d"))))))))
    place.ingest()
    assert [one.subject for one in place.store.communications()] == ["d"]


def test_zips_deeper_than_the_cap_are_named(place):
    data = mail(b"innermost")
    for _ in range(40):
        data = zip_of(("in.zip", data))
    place.write("deep.zip", data)
    place.ingest()
    assert ("deep.zip", "limit_depth") in place.kinds()


def test_two_readings_of_a_box_say_the_same(place, another):
    for one in (place, another):
        one.write("box.zip", BOX)
        one.write("winmail.dat", WINMAIL)
        one.ingest()
    assert place.dump() == another.dump()


def test_what_a_system_keeps_for_itself_is_left_out_in_an_archive_as_it_is_loose(place):
    beside = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X"
    place.write(
        "box.zip",
        zip_of(
            ("deep.eml", mail(b"deep")),
            ("Thumbs.db", b"\xd0\xcf\x11\xe0"),
            ("__MACOSX/._deep.eml", beside),
            ("__MACOSX/._note.txt", beside),
        ),
    )
    place.ingest()
    left_out = [
        one.name for one in place.store.contained() if one.reason.startswith("A file that the oper")
    ]
    assert sorted(left_out) == ["._deep.eml", "._note.txt", "Thumbs.db"]
    assert len(list(place.store.communications())) == 1
