"""What a whole message says, row by row: who sent it, when, in which words, and what was lost.

Each table has rows that must never go wrong: nobody is named for a display name, no zone is
invented, no header is lost without a word. The dates are read under several zones of the machine.
"""

from __future__ import annotations

import base64
import quopri
import time
from datetime import UTC, datetime

import pytest
from messages import item, record, with_headers

from commtrace.model import Record
from commtrace.parsers import _address, _head, _rfc5322
from commtrace.parsers.mbox import mbox

# ---- senders: header lines, the address that counts, a doubt where it is not plain
EVIL = "evil@evil.example"
UNCLEAR = "not certain"
NEVER_ANOTHER = [  # must never: attribute to the address that the display name shows
    "From: alice@council.gov.uk <evil@evil.example>",
    'From: "alice@council.gov.uk" <evil@evil.example>',
    "From: 'alice@council.gov.uk' <evil@evil.example>",
    "From: Alice <alice@council.gov.uk> <evil@evil.example>",
    'From: "Alice <alice@council.gov.uk>" <evil@evil.example>',
    'From: "alice@council.gov.uk via Portal" <evil@evil.example>',
    "From: alice@council.gov.uk (Alice) <evil@evil.example>",
    "From: (alice@council.gov.uk) <evil@evil.example>",
    "From: =?utf-8?q?alice=40council=2Egov=2Euk?= <evil@evil.example>",
    "From: =?utf-8?b?YWxpY2VAY291bmNpbC5nb3YudWs=?= <evil@evil.example>",
    "From: =?utf-8?q?Alice_=3Calice=40council=2Egov=2Euk=3E?= <evil@evil.example>",
    "From: =?utf-8?q?alice=40council=2Egov=2Euk=2C?= <evil@evil.example>",
    'From: "=?utf-8?q?alice=40council=2Egov=2Euk?=" <evil@evil.example>',
    "From: alice@council.gov.uk\t<evil@evil.example>",
    "From: alice@council.gov.uk\n <evil@evil.example>",
    "From: alice@council.gov.uk\n\t\n <evil@evil.example>",
    "From: <evil@evil.example> (alice@council.gov.uk)",
    'From: "alice@council.gov.uk\\" " <evil@evil.example>',
    "From: Alice =?utf-8?q?=3Calice=40council=2Egov=2Euk=3E?= <evil@evil.example>",
    "From: alice@council.gov.uk <evil@evil.example>\nReply-To: alice@council.gov.uk",
    "From: evil@evil.example\nReply-To: alice@council.gov.uk",
    "From: evil@evil.example\nX-From: alice@council.gov.uk",
    "From: evil@evil.example\nReturn-Path: <alice@council.gov.uk>",
    "From: evil@evil.example\nSubject: x\n From: alice@council.gov.uk",
    "From: evil@evil.example\nSubject: =?utf-8?q?x=0D=0AFrom=3A_alice=40council=2Egov=2Euk?=",
    "From: evil@evil.example\nX-A: b\rFrom: alice@council.gov.uk",
    "From: evil@evil.example\nResent-From: alice@council.gov.uk",
    "From: evil@evil.example\nOn-Behalf-Of: alice@council.gov.uk",
    "From: evil@evil.example\nDelivered-To: alice@council.gov.uk",
    "Fr\u043em: alice@council.gov.uk\nFrom: evil@evil.example",
]  # fmt: skip
PLAIN_SENDERS = [
    ("From: alice@x.uk", "alice@x.uk"),
    ("From: <alice@x.uk>", "alice@x.uk"),
    ("From: Alice <alice@x.uk>", "alice@x.uk"),
    ('From: "Smith, Alice" <alice@x.uk>', "alice@x.uk"),
    ("From: alice@x.uk (Alice)", "alice@x.uk"),
    ("from: alice@x.uk", "alice@x.uk"),
    ("FROM : alice@x.uk", "alice@x.uk"),
    ("From:alice@x.uk", "alice@x.uk"),
    ("From:\n alice@x.uk", "alice@x.uk"),
    ("From: =?utf-8?q?Ren=C3=A9e?= <r@x.uk>", "r@x.uk"),
    ("From: =?iso-8859-1?q?Ren=E9e?= <r@x.uk>", "r@x.uk"),
    ("From: Renée <r@x.uk>", "r@x.uk"),
    ('From: "john doe"@x.uk', '"john doe"@x.uk'),
    ("From: <@relay.uk:alice@x.uk>", "alice@x.uk"),
    ("From: Team: alice@x.uk;", "alice@x.uk"),
    ("From: </O=ORG/OU=EX/CN=RECIPIENTS/CN=JS>", "/O=ORG/OU=EX/CN=RECIPIENTS/CN=JS"),
    ("From: Alice <ALICE@X.UK>", "ALICE@X.UK"),
    ("From: o'brien@x.uk", "o'brien@x.uk"),
    ("From: a+b@x.uk", "a+b@x.uk"),
    ("From: Alice <mailto:alice@x.uk>", "alice@x.uk"),
    ("From: alice@x.uk\nSender: relay@y.uk", "alice@x.uk"),
    ("Sender: relay@y.uk\nFrom: alice@x.uk", "alice@x.uk"),
    ("From: alice@x.uk, ALICE@x.uk", "alice@x.uk"),
    ("From: alice@x.uk\nFrom: Alice <alice@x.uk>", "alice@x.uk"),
    ("From: (on leave) alice@x.uk", "alice@x.uk"),
    ("From: 'Alice' <alice@x.uk>", "alice@x.uk"),
    ("From: pete(his account)@x.uk", "pete@x.uk"),
    ("From: alice @ x.uk", "alice@x.uk"),
]  # fmt: skip
UNSURE_SENDERS = [
    ("From: a@x.uk, b@x.uk", "a@x.uk", UNCLEAR),
    ("From: a@x.uk\nFrom: b@x.uk", "a@x.uk", UNCLEAR),
    ("From: a@x.uk, b@x.uk\nSender: b@x.uk", "b@x.uk", UNCLEAR),
    ("From: a@x.uk, b@x.uk\nSender: c@x.uk", "a@x.uk", UNCLEAR),
    ("From: Team: a@x.uk, b@x.uk;", "a@x.uk", UNCLEAR),
    ("From: Bailey, Susan <s@x.uk>", "s@x.uk", _address.COMMA),
    ("From: Alice Smith", "", _address.NO_ADDRESS),
    ("From: alice at x.uk (Alice)", "alice@x.uk", _address.REWRITTEN),
    ("From: Bob <bob@x.uk", "bob@x.uk", _address.UNCLOSED),
    ('From: "Bob <bob@x.uk>', "bob@x.uk", _address.UNCLOSED),
    ("From: Al\u200bice <a@x.uk>", "a@x.uk", _address.DISGUISED),
    ("From: \u202eecilA <a@x.uk>", "a@x.uk", _address.DISGUISED),
    ("From: a@xn--80ak6aa92e.com", "a@xn--80ak6aa92e.com", _address.INTERNATIONAL),
    ("From: a@g\u043ev.uk", "a@g\u043ev.uk", _address.INTERNATIONAL),
    ("Sender: clerk@x.uk", "clerk@x.uk", _rfc5322.NO_SENDER),
    ("From:\nSender: clerk@x.uk", "clerk@x.uk", _rfc5322.NO_SENDER),
    ("From: <>\nSender: clerk@x.uk", "clerk@x.uk", _rfc5322.NO_SENDER),
]  # fmt: skip
NOBODY = ["Subject: x", "From:", "From: <>", "From: undisclosed-recipients:;", "From: ,;"]


def of(lines: str) -> Record:
    return record(with_headers(*lines.encode().split(b"\n"), b"To: you@x.uk"))


@pytest.mark.parametrize("lines", NEVER_ANOTHER)
def test_never_the_address_that_a_name_or_another_header_shows(lines):
    found = of(lines)
    addresses = {found.sender.address.lower()}
    assert "alice@council.gov.uk" not in addresses or any(
        UNCLEAR in doubt or doubt == _address.SEVERAL_IN_ONE for doubt in found.doubts
    )
    if lines.count("<") < 2 or "(" in lines:
        assert found.sender.address == EVIL


@pytest.mark.parametrize(("lines", "address"), PLAIN_SENDERS)
def test_a_plain_sender_is_read_without_a_doubt(lines, address):
    found = of(lines)
    assert (found.sender.address, found.doubts) == (address, ()) or (
        found.sender.address == address and "charset" in " ".join(found.doubts)
    )


@pytest.mark.parametrize(("lines", "address", "doubt"), UNSURE_SENDERS)
def test_an_unclear_sender_is_kept_and_doubted(lines, address, doubt):
    found = of(lines)
    assert found.sender.address == address
    assert any(doubt in one for one in found.doubts)


@pytest.mark.parametrize("lines", NOBODY)
def test_nobody_is_invented(lines):
    found = of(lines)
    assert found.sender is None
    assert _rfc5322.NO_SENDER in found.doubts


# ---- headers: none may be lost without a word
KEPT = (
    b"From: a@x.uk\nTo: b@x.uk\nDate: Mon, 3 Jan 2022 10:00:00 +0000\n"
    b"Subject: S\nMessage-ID: <1@x>\n"
)
AROUND = [
    KEPT + b"\nHello.", KEPT.replace(b"\n", b"\r\n") + b"\r\nHello.", b"\n" + KEPT + b"\nHello.",
    b"\r\n\r\n" + KEPT + b"\nHello.", b" \n" + KEPT + b"\nHello.", b"\t \r\n" + KEPT + b"\nHello.",
    b"\xef\xbb\xbf" + KEPT + b"\nHello.", b"\xef\xbb\xbf\n" + KEPT + b"\nHello.",
    b"From a Mon Jan  3 10:00:00 2022\n" + KEPT + b"\nHello.",
    b">From a Mon Jan  3 10:00:00 2022\n" + KEPT + b"\nHello.",
    KEPT.replace(b": ", b":") + b"\nHello.", KEPT.replace(b": ", b" : ") + b"\nHello.",
    KEPT.replace(b": ", b":\t") + b"\nHello.", KEPT.replace(b": ", b":\n ") + b"\nHello.",
    KEPT.replace(b": ", b":\r\n\t") + b"\nHello.", KEPT.upper().replace(b"A@X.UK", b"a@x.uk")
    .replace(b"B@X.UK", b"b@x.uk").replace(b"<1@X>", b"<1@x>") + b"\nHello.",
    KEPT + b"X-Long: " + b"x" * 100_000 + b"\n\nHello.", KEPT + b"X-Empty:\n\nHello.",
    b"X-First: y\n" * 500 + KEPT + b"\nHello.",
    KEPT.replace(b"Subject", b"this is no header\nSubject") + b"\nHello.",
    KEPT.replace(b"Subject", b"http://x.uk is no header either\nSubject") + b"\nHello.",
    KEPT.replace(b"Subject", b"=?utf-8?q?not_one?=\nSubject") + b"\nHello.",
    (KEPT + b"\nHello.").replace(b"\n", b"\r"), (KEPT + b"\nHello.").decode().encode("utf-16"),
    ("\ufeff" + (KEPT + b"\nHello.").decode()).encode("utf-16-be"),
    KEPT + b"Subject: S\n\nHello.", KEPT + b"From: a@x.uk\n\nHello.",
    KEPT + b"Received: from x by y; Mon, 3 Jan 2022 10:00:01 +0000\n\nHello.",
    b"Received: from x\n\tby y;\n\tMon, 3 Jan 2022 10:00:01 +0000\n" + KEPT + b"\nHello.",
    KEPT + b"X-Bin: \xff\xfe\x00\x01\n\nHello.", KEPT + b"X-Fold: a\n  \n b\n\nHello.",
    KEPT + b"\r\nHello.", KEPT + b"\n\n\nHello.", KEPT + b"\nHello.\n\n\n",
]  # fmt: skip
SAID = [  # must never: lose or change a header in silence
    (KEPT + b": nameless\n\nHello.", _head.NO_SEPARATOR),
    (KEPT + b"Hello.", _head.NO_SEPARATOR),
    (KEPT.replace(b"Subject", b"this is no header\nSubject") + b"\nx", _head.NOT_A_HEADER),
    (KEPT + b"X-A: b\rBcc: c@x.uk\nDate: x\n\nHello.", None),
    (KEPT.replace(b"S\n", b"S\rBcc: c@x.uk\n") + b"\nHello.", _head.BARE_CR),
    ((KEPT + b"\nHello.").replace(b"\n", b"\r"), _head.CR_ONLY),
    (KEPT + b"Subject: other\n\nHello.", _rfc5322.TWO_SUBJECTS),
    (KEPT + b"Date: Tue, 4 Jan 2022 10:00:00 +0000\n\nHello.", _rfc5322.TWO_DATES),
    (KEPT + b"Message-ID: <2@x>\n\nHello.", _rfc5322.TWO_IDS),
    (KEPT + b"From: c@x.uk\n\nHello.", UNCLEAR),
    (KEPT.replace(b"<1@x>", b"1@x") + b"\nHello.", _rfc5322.BAD_ID),
    (KEPT + b"Thread-Index: xx\n\nHello.", _rfc5322.BAD_INDEX),
    (KEPT.replace(b"S\n", b"S" * 40_000 + b"\n") + b"\nHello.", _rfc5322.LONG_SUBJECT),
    (KEPT.replace(b"S\n", b"=?utf-8?b?!!!!?=\n") + b"\nHello.", _rfc5322.UNREADABLE_WORD),
    (KEPT + b"Received: by x; Fri, 7 Jan 2022 10:00:00 +0000\n\nHello.", _rfc5322.CLOCKS),
    (b"From: a@x.uk\n" + b"X: y\n" * 210_000 + b"Subject: S\n\nHello.", _head.MANY_HEADERS),
    ((KEPT + b"\nHello.").decode().encode("utf-16"), "UTF-16"),
    (KEPT.replace(b"S\n", b"caf\xe9\n") + b"\nHello.", "charset"),
    (KEPT.replace(b"Mon, 3 Jan", b"Mon, 30 Feb") + b"\nHello.", "30 Feb"),
    (KEPT.replace(b"Mon, 3 Jan", b"Tue, 3 Jan") + b"\nHello.", "weekday"),
    (KEPT.replace(b"From: a@x.uk\n", b"") + b"\nHello.", _rfc5322.NO_SENDER),
]  # fmt: skip


@pytest.mark.parametrize("data", AROUND)
def test_the_headers_are_found_whatever_surrounds_them(data):
    found = record(data)
    assert found.sender.address == "a@x.uk"
    assert [one.address for one in found.to] == ["b@x.uk"]
    assert (found.subject, found.message_id, found.sent.earliest.day) == ("S", "1@x", 3)
    assert found.text == "Hello."


@pytest.mark.parametrize(("data", "doubt"), SAID)
def test_no_header_is_lost_or_changed_without_a_word(data, doubt):
    found = record(data)
    assert found.bcc == ()
    assert doubt is None or any(doubt in one for one in found.doubts)


# ---- charsets of the body: label, transfer encoding, the bytes and the words
WORDS = [
    ("utf-8", "Café – £5"), ("UTF8", "Café"), ('"utf-8"', "Café"), ("iso-8859-1", "Café £"),
    ("latin1", "Café"), ("iso-8859-15", "€ Café"), ("windows-1252", "“Café” – €"),
    ("cp1252", "Café"), ("iso-8859-2", "Łódź"), ("windows-1250", "Łódź"), ("iso-8859-5", "Привет"),
    ("windows-1251", "Привет"), ("koi8-r", "Привет"), ("koi8-u", "Привіт"), ("iso-8859-7", "Γειά"),
    ("windows-1253", "Γειά"), ("iso-8859-8", "שלום"), ("windows-1255", "שלום"),
    ("iso-8859-6", "سلام"), ("windows-1256", "سلام"), ("iso-8859-9", "Şişli"),
    ("windows-1254", "Şişli"), ("iso-8859-4", "Rīga"), ("windows-1257", "Rīga"),
    ("iso-8859-13", "Rīga"), ("windows-1258", "Viet"), ("shift_jis", "日本語"),
    ("euc-jp", "日本語"),
    ("iso-2022-jp", "日本語"), ("gb2312", "中文"), ("gbk", "中文"), ("gb18030", "中文"),
    ("big5", "中文"), ("euc-kr", "한국어"), ("ks_c_5601-1987", "한국어"), ("macintosh", "Café"),
    ("utf-16", "Café au lait"), ("utf-16le", "Café au lait"), ("utf-16be", "Café au lait"),
    ("iso-8859-10", "Tromsø"), ("iso-8859-14", "Ŵyn"), ("cp850", "Café"), ("cp437", "Café"),
]  # fmt: skip
PYTHON = {'"utf-8"': "utf-8", "ks_c_5601-1987": "cp949"}
WRONG = [  # label, bytes, the words that stand there all the same
    ("us-ascii", "Café".encode(), "Café"), ("us-ascii", b"Caf\xe9", "Café"),
    ("iso-8859-1", "“Café”".encode(), "“Café”"), ("utf-8", b"Caf\xe9", "Café"),
    ("utf-8", "“Café”".encode("cp1252"), "“Café”"), ("unknown-8bit", "Café".encode(), "Café"),
    ("x-nosuch", "Café".encode(), "Café"), ("default", b"Caf\xe9", "Café"),
    ("", b"Caf\xe9", "Café"),
    ("utf-7", b"+ADw-script+AD4-", "+ADw-script+AD4-"), ("unicode_escape", rb"\ud800", r"\ud800"),
    ("zlib", b"plain", "plain"), ("idna", b"xn--caf-dma", "xn--caf-dma"), ("hex", b"6869", "6869"),
    ("rot13", b"uryyb", "uryyb"), ("utf-8\x00", b"plain", "plain"), ("../x", b"plain", "plain"),
    ("utf-8", b"\xef\xbb\xbfplain", "plain"), ("iso-8859-1", b"\xef\xbb\xbfCaf\xc3\xa9", "Café"),
]  # fmt: skip


PACK = {"8bit": bytes, "base64": base64.encodebytes, "quoted-printable": quopri.encodestring}


def body_of(charset: str, data: bytes, transfer: str) -> str:
    kind = b"Content-Type: text/plain" + (b"; charset=" + charset.encode() if charset else b"")
    packing = b"Content-Transfer-Encoding: " + transfer.encode()
    lines = (b"From: a@x.uk", b"MIME-Version: 1.0", kind, packing)
    return record(with_headers(*lines, body=PACK[transfer](data))).text


@pytest.mark.parametrize("transfer", ["base64", "quoted-printable"])
@pytest.mark.parametrize(("charset", "words"), WORDS)
def test_a_body_is_read_in_its_charset(charset, words, transfer):
    data = words.encode(PYTHON.get(charset, charset))
    assert body_of(charset, data, transfer).strip() == words


@pytest.mark.parametrize(("charset", "data", "words"), WRONG)
def test_a_wrong_or_strange_label_is_never_obeyed_and_the_words_stand(charset, data, words):
    assert body_of(charset, data, "8bit").strip() == words


# ---- mailboxes: pieces, and the subjects of the messages in them
LINE = b"From a@x.uk Mon Jan  3 10:00:00 2022\n"


def one(number: int, body: bytes = b"Hello.\n", extra: bytes = b"") -> bytes:
    return b"From: a@x.uk\nSubject: %d\n%s\n%s" % (number, extra, body)


MAILBOXES = [
    (LINE + one(1), 1), (LINE + one(1) + b"\n" + LINE + one(2), 2),
    (LINE + one(1) + b"\n\n\n" + LINE + one(2), 2), (LINE + one(1) + LINE + one(2), 2),
    ((LINE + one(1) + b"\n" + LINE + one(2)).replace(b"\n", b"\r\n"), 2),
    ((LINE + one(1) + b"\n" + LINE + one(2)).replace(b"\n", b"\r"), 2),
    (LINE + one(1, b"From my point of view\n") + b"\n" + LINE + one(2), 2),
    (LINE + one(1, b"\nFrom my point of view\n") + b"\n" + LINE + one(2), 2),
    (LINE + one(1, b"\nFrom Alice, on Monday at 10:00\n") + b"\n" + LINE + one(2), 2),
    (LINE + one(1, b"\n>From a@x.uk Mon Jan  3 10:00:00 2022\n") + b"\n" + LINE + one(2), 2),
    (LINE + one(1, b"\n> From a@x.uk Mon Jan  3 10:00:00 2022\nA: b\n") + b"\n" + LINE + one(2), 2),
    (LINE + one(1, b"\nFrom: b@x.uk\nSubject: 9\n\nforwarded\n") + b"\n" + LINE + one(2), 2),
    (LINE + one(1, b"") + b"\n" + LINE + one(2), 2), (LINE + one(1)[:-3], 1),
    (LINE + one(1, b"x" * 200_000 + b"\n") + b"\n" + LINE + one(2), 2),
    (LINE + one(1, b"x\n" * 100_000) + b"\n" + LINE + one(2), 2),
    (b"From - Mon Jan 03 10:00:00 2022\n" + one(1), 1),
    (b"From MAILER-DAEMON Mon Jan  3 10:00:00 2022\n" + one(1), 1),
    (b"From ???@??? Mon Jan 03 10:00:00 2022\n" + one(1), 1),
    (b"From 123@xxx Mon Jan 03 10:00:00 +0000 2022\n" + one(1), 1),
    (b'From "a b"@x.uk Mon Jan  3 10:00:00 2022\n' + one(1), 1),
    (b"From a at x.uk  Mon Jan  3 10:00:00 2022\n" + one(1), 1),
    (b"From a@x.uk Mon Jan  3 10:00:00 GMT 2022\n" + one(1), 1),
    (b"From a@x.uk Mon, 3 Jan 2022 10:00:00 +0000\n" + one(1), 1),
    (b"From a@x.uk Mon Jan  3 10:00 2022\n" + one(1), 1), (b"From a@x.uk\n" + one(1), 1),
    (LINE + one(1, b"12345\n", b"Content-Length: 6\n") + b"\n" + LINE + one(2), 2),
    (LINE + one(1, LINE + b"A: b\n\nx\n", b"Content-Length: %d\n" % (len(LINE) + 8)) + b"\n"
     + LINE + one(2), 2),
    (LINE + one(1, b"12345\n", b"Content-Length: 3\n") + b"\n" + LINE + one(2), 2),
    (LINE + one(1, b"12345\n", b"Content-Length: 99999\n") + b"\n" + LINE + one(2), 2),
    (LINE + one(1, b"12345\n", b"Content-Length: -5\n") + b"\n" + LINE + one(2), 2),
    (LINE + one(1, b"12345\n", b"Content-Length: x\n") + b"\n" + LINE + one(2), 2),
    (LINE + b">From b@x.uk Mon Jan  3 09:00:00 2022\n" + one(1), 1),
    (b"\n\n" + LINE + one(1) + b"\n" + LINE + one(2), 2),
    (LINE + one(1, b"caf\xe9 \x00 \xff\n") + b"\n" + LINE + one(2), 2),
    (b"".join(LINE + one(n) + b"\n" for n in range(1, 301)), 300),
    (LINE + one(1) + b"\n" + LINE + one(2).replace(b"\n", b"\r\n"), 2),
    (LINE + one(1, b"--\nAlice\n") + b"\n" + LINE + one(2), 2),
    (LINE + one(1, b"On Mon Jan  3 10:00:00 2022 a@x.uk wrote:\n> x\n") + b"\n" + LINE + one(2), 2),
    (LINE + one(1, b"\nFROM a@x.uk Mon Jan  3 10:00:00 2022\n") + b"\n" + LINE + one(2), 2),
    (LINE + one(1, b"\n From a@x.uk Mon Jan  3 10:00:00 2022\n") + b"\n" + LINE + one(2), 2),
]  # fmt: skip


@pytest.mark.parametrize(("data", "count"), MAILBOXES)
def test_a_mailbox_gives_each_of_its_messages_once(data, count):
    found = [r for r in mbox.read(item(data, "a.mbox")) if isinstance(r, Record)]
    assert [r.subject for r in found] == [str(n) for n in range(1, count + 1)]


# ---- dates: the header, and the instant, the width in hours, or None
EXACT = [
    ("Mon, 3 Jan 2022 10:00:00 +0000", "2022-01-03 10:00:00"),
    ("Mon, 3 Jan 2022 10:00:00 +0100", "2022-01-03 09:00:00"),
    ("Mon, 3 Jan 2022 10:00:00 +0545", "2022-01-03 04:15:00"),
    ("Mon, 3 Jan 2022 10:00:00 +1400", "2022-01-02 20:00:00"),
    ("Mon, 3 Jan 2022 00:30:00 -1200", "2022-01-03 12:30:00"),
    ("Mon, 3 Jan 2022 23:59:59 -0001", "2022-01-04 00:00:59"),
    ("3 Jan 2022 10:00 GMT", "2022-01-03 10:00:00"),
    ("Thu, 29 Feb 2024 10:00:00 +0000", "2024-02-29 10:00:00"),
    ("Sun, 27 Mar 2022 00:59:59 +0000", "2022-03-27 00:59:59"),
    ("Sun, 27 Mar 2022 02:00:00 +0100", "2022-03-27 01:00:00"),
    ("Sun, 30 Oct 2022 01:30:00 +0100", "2022-10-30 00:30:00"),
    ("Sun, 30 Oct 2022 01:30:00 +0000", "2022-10-30 01:30:00"),
    ("Sun, 30 Oct 2022 01:30:00 BST", "2022-10-30 00:30:00"),
    ("Sun, 30 Oct 2022 01:30:00 GMT", "2022-10-30 01:30:00"),
    ("Fri, 1 Jul 2022 10:00:00 BST", "2022-07-01 09:00:00"),
    ("Mon, 3 Jan 2022 10:00:00 EST", "2022-01-03 15:00:00"),
    ("Sat, 31 Dec 2016 23:59:60 +0000", "2016-12-31 23:59:59"),
    ("Thu, 1 Jan 1970 00:00:00 +0000", "1970-01-01 00:00:00"),
    ("2022-01-03T10:00:00Z", "2022-01-03 10:00:00"),
    ("Mon Jan  3 10:00:00 2022 +0000", "2022-01-03 10:00:00"),
]
WIDE = [  # must never: a zone is invented for these
    "Mon, 3 Jan 2022 10:00:00", "Mon, 3 Jan 2022 10:00:00 -0000", "Mon, 3 Jan 2022 10:00:00 +9999",
    "Mon, 3 Jan 2022 10:00:00 -2400", "Mon, 3 Jan 2022 10:00:00 XYZ", "2022-01-03 10:00:00",
    "Mon Jan  3 10:00:00 2022", "Mon, 3 Jan 2022 10:00:00 Q", "Mon, 3 Jan 2022 10:00:00 IST",
    "Sun, 27 Mar 2022 01:30:00", "Sun, 30 Oct 2022 01:30:00",
]  # fmt: skip
NONE = [  # must never: a day is invented for these; their words are kept
    "Mon, 30 Feb 2022 10:00:00 +0000", "Mon, 0 Jan 2022 10:00:00 +0000",
    "Mon, 3 Jan 0000 10:00:00 +0000", "Mon, 3 Jan 1601 00:00:00 +0000",
    "Mon, 3 Jan 9999 10:00:00 +0000", "Mon, 3 Jan 202400000000 10:00:00 +0000",
    "03/04/2024", "last Tuesday", "Mon, 3 Foo 2022 10:00:00 +0000",
    "Mon, 3 Jan 2022 25:00:00 +0000", "9" * 400,
]  # fmt: skip
ZONES = ["UTC", "Europe/London", "Pacific/Kiritimati", "America/New_York"]


@pytest.fixture(params=ZONES)
def machine(request, monkeypatch):
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def sent(said: str) -> Record:
    return record(with_headers(b"From: a@x.uk", b"Date: " + said.encode()))


@pytest.mark.usefixtures("machine")
def test_dates_are_read_alike_wherever_the_machine_stands():
    for said, expected in EXACT:
        found = sent(said).sent
        assert found.exact, said
        assert found.earliest == datetime.fromisoformat(expected).replace(tzinfo=UTC), said
        assert found.said == " ".join(said.split())
    for said in WIDE:
        found = sent(said)
        assert (found.sent.latest - found.sent.earliest).total_seconds() >= 4 * 3600, said
        assert found.doubts, said
    for said in NONE:
        found = sent(said)
        assert found.sent is None, said
        assert any(said[:60] in doubt for doubt in found.doubts), said


def test_a_date_out_of_range_keeps_its_words_beside_the_time_of_arrival():
    found = record(with_headers(
        b"Received: by x; Mon, 3 Jan 2022 10:00:00 +0000", b"From: a@x.uk",
        b"Date: Mon, 3 Jan 9999 10:00:00 +0000"))  # fmt: skip
    assert found.sent is None
    assert found.received.earliest.year == 2022
    assert any("9999" in doubt for doubt in found.doubts)


def test_the_tables_are_as_long_as_they_claim():
    senders = len(NEVER_ANOTHER) + len(PLAIN_SENDERS) + len(UNSURE_SENDERS) + len(NOBODY)
    assert senders >= 80
    assert len(AROUND) + len(SAID) >= 55
    assert len(WORDS) + len(WRONG) >= 60
    assert len(MAILBOXES) >= 40
