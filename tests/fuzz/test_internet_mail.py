"""Damaged internet messages, mailboxes and zips: values in time, never an exception, nothing lost.

Messages are damaged byte by byte and by grammar: headers doubled, dropped, cut and exchanged,
delimiters broken, encodings lied about. What does no harm (line ends, the case of header names,
folding, blanks) must leave each field as it was. A mailbox's spans cover each of its bytes, and of
mailboxes made by code with a known number of messages as many come out.
`COMMTRACE_FUZZ=release` raises the size.
"""

from __future__ import annotations

import base64
import io
import os
import random
import re
import struct
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "parsers"))
from messages import item
from papers import SHARED
from wrapped import cms, winmail, zip_of

from commtrace.model import Address, Attachment, Declared, Embedded, Found, Problem, Record
from commtrace.parsers.archive import archive
from commtrace.parsers.eml import eml
from commtrace.parsers.mbox import mbox, spans
from commtrace.plugins import Parser

RELEASE = os.environ.get("COMMTRACE_FUZZ") == "release"
MESSAGES = 200_000 if RELEASE else 5_000
BENIGN = 40_000 if RELEASE else 1_500
MAILBOXES = 50_000 if RELEASE else 2_000
LABELLED = 2_000 if RELEASE else 200
ZIPS = 20_000 if RELEASE else 500
SECONDS = 5.0  # for one mutant, on a loaded machine
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
LINE = b"From alice@council.example Mon Jan  3 10:00:00 2022\n"

PLAIN = (
    b"Received: from mx by mail; Mon, 3 Jan 2022 10:00:05 +0000\n"
    b"From: =?utf-8?q?Al=C3=AFce?= <alice@council.example>\n"
    b'To: "Bob, the Head" <bob@school.example>, team: c@x.example, d@x.example;\n'
    b"Cc: Sam <sam@x.example>\nDate: Mon, 3 Jan 2022 10:00:00 +0000\n"
    b"Subject: Transport for\n =?utf-8?b?Y2Fmw6k=?=\nMessage-ID: <1@council.example>\n"
    b"In-Reply-To: <0@council.example>\nReferences: <a@x> <0@council.example>\n"
    b"MIME-Version: 1.0\n"
)
ALTERNATIVE = (
    b"--in\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n"
    b"\nThe caf=C3=A9 is open.=\n Come.\n--in\nContent-Type: text/html\n\n"
    b"<p>The caf\xc3\xa9 is open. Come.</p>\n--in--\n"
)


def whole(*parts: bytes, kind: bytes = b"mixed") -> bytes:
    head = PLAIN + b'Content-Type: multipart/%s; boundary="out"\n\n' % kind
    return head + b"".join(b"--out\n" + part + b"\n" for part in parts) + b"--out--\n"


def encoded(kind: bytes, data: bytes) -> bytes:
    return b"Content-Type: %s\nContent-Transfer-Encoding: base64\n\n%s" % (
        kind,
        base64.encodebytes(data),
    )


NESTED = b'Content-Type: multipart/alternative; boundary="in"\n\n' + ALTERNATIVE
ORIGINALS = [
    PLAIN + b"\nHello there.\n\nFrom my point of view.\n> quoted\n",
    PLAIN + b'Content-Type: multipart/alternative; boundary="in"\n\n' + ALTERNATIVE,
    whole(NESTED, encoded(b"application/pdf; name*=utf-8''caf%C3%A9.pdf", b"%PDF-1.4" + bytes(90))),
    whole(b"\nSee below.", b"Content-Type: message/rfc822\n\n" + PLAIN + b"\nInner words.\n"),
    whole(b"\nHello.", encoded(b"application/ms-tnef; name=winmail.dat", winmail(
        {0x1000: "Wrapped words.", 0x001A: "IPM.Note"}, (), (("a.txt", b"abc", {}),)))),
    PLAIN + encoded(b"application/pkcs7-mime; smime-type=signed-data",
                    cms(2, b"Content-Type: text/plain\n\nSigned words.\n", endless=True)),
    whole(b"\nIt failed.", b"Content-Type: message/delivery-status\n\nAction: failed\n",
          b"Content-Type: text/rfc822-headers\n\n" + PLAIN, kind=b"report"),
    PLAIN + b"Content-Type: text/html; charset=windows-1252\n\n<b>Caf\xe9</b> <i>open</i>\n",
]  # fmt: skip


def real(folder: str, most: int) -> list[bytes]:
    """Real files of the corpus, the smaller ones, where it is here."""
    paths = sorted(path for path in (SHARED / folder).rglob("*") if path.is_file())
    small = (path.read_bytes() for path in paths if path.suffix in ("", ".eml", ".mbox", ".txt"))
    return [data for data in small if 0 < len(data) < 20_000][:: max(1, len(paths) // most)]


# ---- damage by bytes
def flip(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randint(1, 12)):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randint(1, len(data)) :]


def drop(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    del data[at : at + dice.randrange(1, 200)]


def double(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    data[at:at] = data[at : at + dice.randrange(1, 400)]


def strange(data: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(data))
    data[at:at] = dice.choice(
        [b"\0", b"\r", b"\r\r\n", b"\n\n", b"\xff\xfe", b"\xef\xbb\xbf", b"=?utf-8?b?", b"?=",
         b"(" * 50, b"<" * 50, b'"', b"\\", b"--out--", b"--out\n", b"--in\n", b"\nFrom ",
         b"\x1b$B", b"%00", b": ", b";", b"\xe2\x80\xae", b"\xed\xa0\x80"]
    )  # fmt: skip


# ---- damage by grammar
REPORT = b"Content-Type: multipart/report; report-type=delivery-status; boundary=out"
HEADERS = [b"Content-Type: multipart/mixed; boundary=", b"Content-Type: message/rfc822",
           b"Content-Type: text/plain; charset=unicode_escape", b"Content-Type: text/html",
           b"Content-Transfer-Encoding: x-uuencode", b"Content-Transfer-Encoding: base64",
           b"Content-Disposition: attachment; filename*0=a; filename*1=b", b"Date: 99 Foo 0000",
           b"From: a@b.example <c@d.example>", b"To: <<<>>>, @, ;:", b"Subject: =?x?q?=00?=",
           b"Message-ID: <<>>", b"References: " + b"<x@y> " * 300, b"Bcc:", b": no name",
           b"no colon here", b" folded at once", b"Thread-Index: AAAA",
           b"Content-Type: application/ms-tnef", b"Content-Type: application/pkcs7-mime",
           REPORT]  # fmt: skip


def lines(change: Callable[[list[bytes], random.Random], None]) -> Callable[..., None]:
    def damage(data: bytearray, dice: random.Random) -> None:
        found = bytes(data).split(b"\n")
        change(found, dice)
        data[:] = b"\n".join(found)

    return damage


def header(found: list[bytes], dice: random.Random) -> None:
    found.insert(dice.randrange(len(found)), dice.choice(HEADERS))


def swap(found: list[bytes], dice: random.Random) -> None:
    one, other = dice.randrange(len(found)), dice.randrange(len(found))
    found[one], found[other] = found[other], found[one]


def lose(found: list[bytes], dice: random.Random) -> None:
    del found[dice.randrange(len(found))]


def repeat(found: list[bytes], dice: random.Random) -> None:
    at = dice.randrange(len(found))
    found[at:at] = found[at : at + 1] * dice.choice([1, 2, 40])


DAMAGE = (flip, cut, drop, double, strange, *map(lines, (header, swap, lose, repeat)))


def mutants(originals: list[bytes], count: int, seed: int) -> Iterator[bytes]:
    dice = random.Random(seed)  # noqa: S311 - a seed makes damage repeatable
    for _ in range(count):
        data = bytearray(dice.choice(originals))
        for _ in range(dice.choice([1, 1, 2, 5])):
            if data:
                dice.choice(DAMAGE)(data, dice)
        yield bytes(data)


# ---- what must hold
def strings(one: Found) -> Iterator[str]:
    for field in fields(one):
        value = getattr(one, field.name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, str):
                yield each
            elif isinstance(each, Address):
                yield from (each.name, each.address, each.said)
            elif isinstance(each, Attachment):
                yield from (each.name, each.media_type)


def read_whole(format_: Parser, name: str, data: bytes) -> list[Found]:
    """All a file gives: at least one value, in time, with safe strings, each at a place."""
    started = time.process_time()
    found = list(format_.read(item(data, name)))
    assert time.process_time() - started < SECONDS
    assert found, "nothing came out"
    places = Counter(
        (type(one), one.source.part) for one in found if isinstance(one, (Record, Embedded))
    )
    assert not [place for place, count in places.items() if count > 1], "two things at one place"
    for one in found:
        assert not [said for said in strings(one) if UNSAFE.search(said)], "unsafe characters"
    return found


def test_damaged_messages_give_values():
    originals = [*ORIGINALS, *real("eml", 60)]
    for data in mutants(originals, MESSAGES, 11):
        read_whole(eml, "a.eml", data)


# ---- what does no harm
FIELDS = ("sender", "to", "cc", "subject", "message_id", "in_reply_to", "references", "sent",
          "received", "text", "attachments", "marks")  # fmt: skip


def crlf(data: bytes, _: random.Random) -> bytes:
    return re.sub(rb"\r?\n", b"\r\n", data)


def case(data: bytes, dice: random.Random) -> bytes:
    change = dice.choice([bytes.upper, bytes.lower, bytes.title])
    head, blank, body = data.partition(b"\n\n")
    return re.sub(rb"(?m)^[!-9;-~]+:", lambda m: change(m[0]), head) + blank + body


def refold(data: bytes, dice: random.Random) -> bytes:
    head, blank, body = data.partition(b"\n\n")
    fold = dice.choice([b"\n ", b"\n\t"])
    head = re.sub(rb"(?m)^((?:To|Cc|References): [^\n]*?[,>]) ", rb"\g<1>" + fold, head)
    return re.sub(rb"\n[ \t]+", lambda _: fold, head) + blank + body


def spaced(data: bytes, dice: random.Random) -> bytes:
    head, blank, body = data.partition(b"\n\n")
    more = dice.choice([b": ", b":  ", b":\t", b":"])
    return re.sub(rb"(?m)^([!-9;-~]+):[ \t]*(?=\S)", rb"\1" + more, head) + blank + body


def preceded(data: bytes, dice: random.Random) -> bytes:
    return dice.choice([b"\n", b"\r\n", b"\xef\xbb\xbf", LINE]) + data


def more_headers(data: bytes, dice: random.Random) -> bytes:
    return dice.choice([b"X-Spam: no\n", b"X-Long: " + b"x" * 900 + b"\n", b"X-Empty:\n"]) + data


BENIGN_CHANGES = (case, refold, spaced, more_headers, preceded, crlf)  # in this order


def told(data: bytes) -> dict[str, object]:
    record = next(one for one in eml.read(item(data)) if isinstance(one, Record))
    return {name: getattr(record, name) for name in FIELDS}


def test_what_does_no_harm_changes_no_field():
    dice = random.Random(12)  # noqa: S311 - a seed makes damage repeatable
    wanted = [told(data) for data in ORIGINALS]
    differing: Counter[str] = Counter()
    for _ in range(BENIGN):
        number = dice.randrange(len(ORIGINALS))
        data, done = ORIGINALS[number], []
        chosen = set(dice.sample(range(len(BENIGN_CHANGES)), dice.choice([1, 2, 3])))
        for change in (BENIGN_CHANGES[n] for n in sorted(chosen)):
            data = change(data, dice)
            done.append(change.__name__)
        mine = told(data)
        for name in FIELDS:
            if name == "attachments" and "crlf" in done:  # text parts have other bytes then
                continue
            if mine[name] != wanted[number][name]:
                differing[f"{number} {name} {done}"] += 1
    print(f"{sum(differing.values())} of {BENIGN * len(FIELDS)} fields differ: {differing}")  # noqa: T201
    assert sum(differing.values()) <= BENIGN * len(FIELDS) / 1_000


# ---- mailboxes
def covered(data: bytes) -> list[tuple[int, int]]:
    found = [(span.start, span.end) for span in spans(io.BytesIO(data))]
    assert sum(end - start for start, end in found) == len(data), "bytes that no message holds"
    assert all(one[1] == other[0] for one, other in pairwise(found))
    return found


def test_damaged_mailboxes_lose_no_byte():
    boxes = [
        LINE + ORIGINALS[0] + b"\n" + LINE + ORIGINALS[1] + b"\n" + LINE + ORIGINALS[3],
        (LINE + ORIGINALS[0] + b"\n" + LINE + ORIGINALS[7]).replace(b"\n", b"\r\n"),
        b"".join(LINE + b"Content-Length: 6\n" + PLAIN + b"\nHello\n\n" for _ in range(3)),
        *real("mbox", 8),
    ]
    for data in mutants(boxes, MAILBOXES, 13):
        if not data:
            continue
        found = read_whole(mbox, "a.mbox", data)
        messages = {one.source.part[:1] for one in found}
        assert len(messages) == len(covered(data)), "a message without a value"


WORDS = ["From my point of view it is late.", "From", "From: not a header here", ">From quoted",
         "From alice to bob", "The bus.", "", "--", "Monday, 3 Jan 2022 10:00:00", "A: b",
         "From the Head, Mon 3 January"]  # fmt: skip


def labelled(dice: random.Random) -> tuple[bytes, int]:
    """A mailbox as one of the four kinds, and how many messages were put in it."""
    count = dice.randint(0, 12)
    ends = dice.choice([b"\n", b"\r\n"])
    kind = dice.choice(["mboxo", "mboxrd", "mboxcl", "mboxcl2"])
    out = b""
    for number in range(count):
        text = [dice.choice(WORDS).encode() for _ in range(dice.randint(0, 12))]
        if kind in ("mboxo", "mboxcl"):
            text = [b">" + one if one.startswith(b"From ") else one for one in text]
        elif kind == "mboxrd":
            text = [b">" + one if re.match(rb">*From ", one) else one for one in text]
        body = ends.join([*text, b""]) if text else b""
        head = [LINE.rstrip(b"\n"), b"From: a@x.example", b"Subject: number %d" % number]
        if kind in ("mboxcl", "mboxcl2"):
            head.append(b"Content-Length: %d" % len(body))
        out += ends.join([*head, b"", b""]) + body + ends
    return out, count


def test_as_many_messages_come_out_of_a_mailbox_as_were_put_in():
    dice = random.Random(14)  # noqa: S311 - a seed makes mailboxes repeatable
    for _ in range(LABELLED):
        data, count = labelled(dice)
        found = [one for one in mbox.read(item(data, "a.mbox")) if isinstance(one, Record)]
        assert [one.subject for one in found] == [f"number {n}" for n in range(count)]
        assert len(covered(data)) == count if data else not found


# ---- zips
def field_of_header(data: bytearray, dice: random.Random) -> None:
    """One number of a header or of the directory becomes one that readers stumble over."""
    mark = dice.choice([b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"])
    places = [found.start() for found in re.finditer(re.escape(mark), bytes(data))]
    if not places:
        return
    at = dice.choice(places) + dice.randrange(4, 44, 2)
    value = dice.choice([0, 1, 0xFFFF, 0xFFFFFFFF, 0x7FFFFFFF, dice.randrange(1 << 16)])
    data[at : at + 4] = struct.pack("<I", value)[: max(0, len(data) - at)]


def test_damaged_zips_give_values():
    dice = random.Random(15)  # noqa: S311 - a seed makes damage repeatable
    originals = [
        zip_of(
            ("in/a.eml", ORIGINALS[0]), ("b.txt", b"words " * 900), ("c.zip", zip_of(("d", b"e")))
        ),
        zip_of(("a.eml", ORIGINALS[1]), method=zipfile.ZIP_STORED),
        zip_of(("a.eml", ORIGINALS[1]), ("é", b"x"), method=zipfile.ZIP_LZMA),
        zip_of(*((f"{n}.eml", ORIGINALS[0]) for n in range(9)), method=zipfile.ZIP_BZIP2),
    ]
    for _ in range(ZIPS):
        data = bytearray(dice.choice(originals))
        for _ in range(dice.choice([1, 1, 3])):
            dice.choice([flip, cut, drop, double, field_of_header, field_of_header])(data, dice)
            data = data or bytearray(b"PK")
        found = read_whole(archive, "a.zip", bytes(data))
        assert sum(len(one.data) for one in found if isinstance(one, Embedded)) < 60 << 20


def nested(depth: int) -> bytes:
    data = b"innermost"
    for _ in range(depth):
        data = zip_of(("in.zip", data))
    return data


def test_bombs_end_in_time_and_are_said():
    flat = zip_of(("bomb", bytes(120 << 20)))
    many = zip_of(*((f"{n}", bytes(5 << 20)) for n in range(30)))
    lying = bytearray(zip_of(("bomb", bytes(60 << 20))))
    struct.pack_into("<I", lying, bytes(lying).index(b"PK\x01\x02") + 24, 10)
    for data in (flat, many, bytes(lying)):
        found = read_whole(archive, "a.zip", data)
        assert "limit_ratio" in {one.kind.value for one in found if isinstance(one, Problem)}
        assert sum(len(one.data) for one in found if isinstance(one, Embedded)) <= 50 << 20
    (inner,) = [
        one for one in read_whole(archive, "a.zip", nested(40)) if isinstance(one, Embedded)
    ]
    assert inner.name == "in.zip"
    tiny = zip_of(*((f"{n}", b"") for n in range(20_000)))
    assert [
        one.number for one in read_whole(archive, "a.zip", tiny) if isinstance(one, Declared)
    ] == [20_000]


def test_no_name_of_a_member_is_unsafe_and_none_is_told_twice():
    dice = random.Random(16)  # noqa: S311 - a seed makes names repeatable
    letters = "ab/\\.:\n\r\té\u202e\u2028 "
    for _ in range(100):
        names = {"".join(dice.choices(letters, k=dice.randint(1, 6))): None for _ in range(20)}
        data = zip_of(*((name, b"x") for name in names)).replace(b".", b"\0")
        found = read_whole(archive, "a.zip", data)
        parts = [one.source.part[0] for one in found if isinstance(one, Embedded)]
        assert not [part for part in parts if UNSAFE.search(part)]
