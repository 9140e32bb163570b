"""Mailboxes to measure with: invented council mail in a realistic mix, or real mail repeated.

Two in three messages have the fifty headers of a hosted mail service, the rest a dozen. Bodies are
plain, alternative, HTML alone, with attachments, nested, or a forwarded message; one in ten has
encoded words and one in thirty a long list of recipients. About 20 kB each, the same every time.
"""

# ruff: noqa: E501 - header lines and markup read best as servers and mail programs write them
from __future__ import annotations

import base64
import quopri
import random
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from commtrace.parsers.mbox import spans

_SYLLABLES = [
    "ba",
    "con",
    "de",
    "er",
    "fi",
    "gra",
    "hal",
    "in",
    "jo",
    "ka",
    "lo",
    "men",
    "nor",
    "or",
    "pla",
    "qua",
    "re",
    "se",
    "tion",
    "un",
    "ver",
    "wa",
    "yo",
]
_COMMON = """
the of to and in a for is on that be we this with you it are as will have not from by your at or
an if please can which has been was would but they all there their our school transport meeting
""".split()  # noqa: SIM905 - likewise
_HEADS = 8_192  # bytes of a message in which its Message-ID is looked for
_MESSAGE_ID = re.compile(rb"^(message-id:\s*<)", re.IGNORECASE | re.MULTILINE)
_CSS = "p.MsoNormal{margin:0cm;font-size:11.0pt;font-family:Calibri,sans-serif} a{color:#0563C1} "


def invented(target: Path, messages: int) -> None:
    """Write an mboxrd file of invented messages."""
    maker = _Maker(random.Random(20220207))  # noqa: S311 - a benchmark wants the same file each time
    with target.open("wb") as stream:
        for number in range(messages):
            _append(stream.write, maker.message(number))


def repeated(target: Path, folder: Path, messages: int) -> None:
    """Write an mboxrd file of the mail in the mailbox files under `folder`, over and over.

    Each pass changes the Message-IDs, so that no message is a copy of an earlier one by its id.
    """
    with target.open("wb") as stream:
        for data in islice(_real(folder), messages):
            _append(stream.write, data)


def _append(write: Callable[[bytes], object], data: bytes) -> None:
    write(b"From someone@wantsum.example Mon Feb  7 09:30:00 2022\n")
    write(re.sub(rb"^(>*From )", rb">\1", data.rstrip(b"\n"), flags=re.MULTILINE) + b"\n\n")


def _real(folder: Path) -> Iterator[bytes]:
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        with path.open("rb") as stream:
            if stream.read(5) == b"From ":
                found += [span.data.partition(b"\n")[2] for span in spans(stream)]
    if not found:
        raise SystemExit(f"There is no mailbox file under {folder}.")
    turn = 0
    while True:
        for data in found:
            head, rest = data[:_HEADS], data[_HEADS:]
            yield _MESSAGE_ID.sub(rb"\g<1>r%d." % turn, head, count=1) + rest
        turn += 1


class _Maker:
    """Draws messages; everything random comes from one seed."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        rare = ["".join(chance.choices(_SYLLABLES, k=chance.randrange(2, 5))) for _ in range(4000)]
        words = [*_COMMON, *rare]
        self.words = chance.choices(words, [1 / (n + 1) for n in range(len(words))], k=60_000)
        self.people = [
            f"{chance.choice(rare).title()} {chance.choice(rare).title()}" for _ in range(400)
        ]

    def message(self, number: int) -> bytes:
        """One message, headers and body."""
        kind = self.chance.choices(
            (self.plain, self.alternative, self.html, self.attached, self.nested, self.forwarded),
            (35, 33, 10, 16, 3, 3),
        )[0]
        return self.headers(number) + kind(number)

    def headers(self, number: int) -> bytes:
        """A header block without the content headers."""
        chance, hosted = self.chance, number % 3 != 0
        lines = list(self.trace(number, hosted=hosted))
        many = chance.randrange(30, 80) if number % 30 == 0 else chance.randrange(1, 6)
        lines += [f"From: {self.mailbox(number)}"]
        lines += ["To: " + ",\n ".join(self.mailbox(number) for _ in range(many))]
        if number % 2:
            lines += [
                "CC: " + ", ".join(self.mailbox(number) for _ in range(chance.randrange(1, 4)))
            ]
        subject = ("RE: " * (number % 2)) + self.line(6)[:60]
        lines += ["Subject: " + (_encoded(subject + " – é") if number % 10 == 0 else subject)]
        index = base64.b64encode(chance.randbytes(22 + 5 * (number % 4))).decode()
        lines += [f"Thread-Topic: {subject[4:]}", f"Thread-Index: {index}"]
        lines += [_date(number, "Date: ", "+0000"), f"Message-ID: <{number}.a@wantsum.example>"]
        if number % 2:
            lines += [f"In-Reply-To: <{number - 1}.a@wantsum.example>", "References: " + "\n ".join(
                f"<{max(0, number - back)}.a@wantsum.example>" for back in range(4, 0, -1))]  # fmt: skip
        if hosted:
            lines += self.hosted()
        return "\n".join([*lines, "MIME-Version: 1.0", ""]).encode()

    def trace(self, number: int, *, hosted: bool) -> Iterable[str]:
        """What servers write on the way."""
        for hop in range(6 if hosted else 2):
            when = _date(number, "", "+0000")
            yield (f"Received: from AM{hop}PR08MB{number}.eurprd08.prod.example (2603:10a6:20b:{hop}::17)\n"
                   f" by DB{hop}PR08MB7.eurprd08.prod.example with HTTPS; {when}")  # fmt: skip
        if hosted:
            for name in ("ARC-Seal", "ARC-Message-Signature", "DKIM-Signature"):
                yield (f"{name}: i=1; a=rsa-sha256; s=selector; d=wantsum.example; cv=none;\n"
                       f" h=From:Date:Subject:Message-ID;\n b={self.noise(256)}")  # fmt: skip
            yield ("Authentication-Results: spf=pass (sender IP is 192.0.2.7)\n"
                   " smtp.mailfrom=wantsum.example; dkim=pass (signature was verified)\n"
                   " header.d=wantsum.example;dmarc=pass action=none;compauth=pass reason=100")  # fmt: skip
            yield "Return-Path: someone@wantsum.example"

    def hosted(self) -> Iterator[str]:
        """The remarks of a hosted mail service to itself."""
        yield "Accept-Language: en-GB, en-US"
        yield "Content-Language: en-US"
        yield "X-MS-Has-Attach: yes"
        for name in ("publictraffictype", "office365-filtering-correlation-id", "traffictypediagnostic",
                     "exchange-transport-crosstenantheadersstamped", "exchange-messagesentrepresentingtype",
                     "exchange-organization-scl", "exchange-organization-authas", "exchange-crosstenant-id",
                     "exchange-crosstenant-authsource", "exchange-crosstenant-network-message-id",
                     "exchange-crosstenant-originalarrivaltime", "exchange-organization-expirationstarttime",
                     "exchange-crosstenant-fromentityheader", "exchange-senderadcheck", "exchange-antispam-relay",
                     "exchange-crosstenant-mailboxtype", "exchange-transport-endtoendlatency"):  # fmt: skip
            yield f"X-MS-{name}: {self.noise(30)}"
        yield "X-Forefront-Antispam-Report: CIP:255.255.255.255;CTRY:;LANG:en;SCL:1;SRV:;IPV:NLI;SFV:NSPM"
        yield f"X-Microsoft-Antispam: BCL:0;ARA:13230031|366007|1800799015|{self.noise(40)}"
        yield f"X-Microsoft-Antispam-Message-Info: {self.noise(800)}"

    def noise(self, count: int) -> str:
        """Base64 of random bytes, folded."""
        text = base64.b64encode(self.chance.randbytes(count)).decode()
        return "\n ".join(text[at : at + 76] for at in range(0, len(text), 76))

    def mailbox(self, number: int) -> str:
        """A name and an address, as they are written in many ways."""
        name = self.chance.choice(self.people)
        address = f"{name.replace(' ', '.').lower()}@wantsum.example"
        if number % 20 == 7:
            return f"{_encoded(name + ' Ó')} <{address}>"
        return (f'"{name}" <{address}>', f"{name} <{address}>", f"<{address}>")[number % 3]

    def line(self, words: int) -> str:
        """Some words."""
        at = self.chance.randrange(len(self.words) - words)
        return " ".join(self.words[at : at + words])

    def text(self) -> str:
        """What is said, and what it answers."""
        said = [
            self.line(self.chance.randrange(6, 70)) + "."
            for _ in range(self.chance.randrange(2, 8))
        ]
        quoted = [f"> {self.line(11)}" for _ in range(self.chance.randrange(0, 40))]
        head = "On Mon, 7 Feb 2022 at 09:30, Somebody <somebody@wantsum.example> wrote:"
        return (
            "\n\n".join([*said, "Kind regards\nSomebody", *([head] if quoted else [])])
            + "\n"
            + "\n".join(quoted)
            + "\n"
        )

    def page(self, text: str) -> str:
        """A text as a mail program writes it as HTML."""
        between = "\r\n"
        lines = [
            f'<p class="MsoNormal"><span lang="EN-GB" style="font-size:11.0pt">{line or "&nbsp;"}</span></p>'
            for line in text.replace("> ", "").split("\n")
        ]
        return (f'<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!--{_CSS * 8}--></style></head>'
                f'<body lang="EN-GB"><div class="WordSection1">{between.join(lines)}</div></body></html>')  # fmt: skip

    def plain(self, number: int) -> bytes:
        """Text and nothing else."""
        return _leaf("text/plain; charset=utf-8", self.text(), printable=number % 2 == 0)

    def html(self, number: int) -> bytes:
        """A page and nothing else."""
        return _leaf("text/html; charset=utf-8", self.page(self.text()), printable=number % 4 != 0)

    def alternative(self, number: int) -> bytes:
        """The same as text and as a page."""
        text = self.text()
        link = (
            f"{self.line(4)} <https://wantsum.example/plans/{number}>\n" if number % 3 == 0 else ""
        )
        plain = _leaf("text/plain; charset=utf-8", text + link, printable=True)
        page = _leaf("text/html; charset=utf-8", self.page(text), printable=True)
        return _multipart("alternative", [plain, page], f"_000_{number}_")

    def attached(self, number: int) -> bytes:
        """A message with one to three files."""
        files = [
            self.file(number, "image/png", f"plan {n}.png")
            for n in range(self.chance.randrange(1, 4))
        ]
        return _multipart("mixed", [self.alternative(number), *files], f"_004_{number}_")

    def nested(self, number: int) -> bytes:
        """Parts within parts: a page with its picture, and a file."""
        related = _multipart("related", [self.alternative(number), self.file(number, "image/png", "i.png")],
                             f"_005_{number}_")  # fmt: skip
        return _multipart(
            "mixed", [related, self.file(number, "application/zip", "a.zip")], f"_006_{number}_"
        )

    def forwarded(self, number: int) -> bytes:
        """A message within a message."""
        inner = self.headers(number + 1).replace(b".a@wantsum", b".f@wantsum") + self.alternative(
            number
        )
        carried = b"Content-Type: message/rfc822\n\n" + inner
        return _multipart("mixed", [self.plain(number), carried], f"_007_{number}_")

    def file(self, number: int, kind: str, name: str) -> bytes:
        """An attachment of random bytes."""
        data = base64.encodebytes(self.chance.randbytes(self.chance.randrange(5_000, 30_000)))
        shown = "inline" if name == "i.png" else "attachment"
        head = f'Content-Type: {kind}; name="{name}"\nContent-Disposition: {shown}; filename="{number} {name}"\n'
        return head.encode() + b"Content-Transfer-Encoding: base64\n\n" + data


def _leaf(kind: str, text: str, *, printable: bool) -> bytes:
    data = text.encode()
    code, body = (
        ("quoted-printable", quopri.encodestring(data))
        if printable
        else ("base64", base64.encodebytes(data))
    )
    return f"Content-Type: {kind}\nContent-Transfer-Encoding: {code}\n\n".encode() + body


def _multipart(kind: str, parts: list[bytes], mark: str) -> bytes:
    head = f'Content-Type: multipart/{kind}; boundary="{mark}"\n\n'.encode()
    between = f"\n--{mark}\n".encode()
    return head + b"".join(between + part for part in parts) + f"\n--{mark}--\n".encode()


def _encoded(text: str) -> str:
    return f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?="


def _date(number: int, name: str, zone: str) -> str:
    day = 1 + number % 28
    week = ("Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Mon")[(day - 1) % 7]
    return f"{name}{week}, {day} Feb 2022 {number % 24:02}:{number % 60:02}:{number // 60 % 60:02} {zone}"
