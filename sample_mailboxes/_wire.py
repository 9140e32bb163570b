"""Internet mail as bytes: headers, bodies in the encodings of real programs, mbox dialects.

Written by hand rather than with `email`, so that a new Python cannot change a committed byte.
"""

from __future__ import annotations

import base64
import quopri
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from ._dice import Dice
from ._mail import Mail, Person

_WIDTH = 76
_PROGRAMS = {
    "gmail": "",
    "apple": "Apple Mail (2.3654.120.0.1.13)",
    "iphone": "iPhone Mail (19C63)",
    "contactwell": "Contactwell Service Desk 4.2",
    "yahoo": "WebService/1.1.19797 YMailNorrin",
    "outlook": "Microsoft Outlook 16.0",
}


def headers(mail: Mail, *, custodian: Person, is_sender: bool) -> list[tuple[str, str]]:
    """The header fields of a custodian's copy, in order; Bcc only in the sender's own."""
    fields = [] if is_sender else _received(mail, custodian)
    fields += [("From", _address(mail.sender)), ("To", _addresses(mail.to))]
    if mail.cc:
        fields.append(("Cc", _addresses(mail.cc)))
    if mail.bcc and is_sender:
        fields.append(("Bcc", _addresses(mail.bcc)))
    fields += [("Subject", words(mail.subject)), ("Date", format_datetime(mail.at))]
    fields.append(("Message-ID", f"<{mail.message_id}>"))
    if mail.in_reply_to:
        fields.append(("In-Reply-To", f"<{mail.in_reply_to}>"))
    if mail.references:
        fields.append(("References", "\n ".join(f"<{r}>" for r in mail.references)))
    if mail.is_outlook:
        topic = mail.subject.removeprefix("RE: ").removeprefix("FW: ")
        fields += [("Thread-Topic", words(topic)), ("Thread-Index", _index(mail.index))]
    program = _PROGRAMS.get(mail.client, "")
    if program:
        fields.append(("X-Mailer", program))
    fields.append(("X-Synthetic", "yes"))
    changed = mail.draft.headers
    kept = [(name, value) for name, value in fields if name not in changed]
    return [*kept, *((name, value) for name, value in changed.items() if value)]


def _index(index: bytes) -> str:
    text = base64.b64encode(index).decode()
    return "\n ".join(text[i : i + _WIDTH] for i in range(0, len(text), _WIDTH))


def _received(mail: Mail, custodian: Person) -> list[tuple[str, str]]:
    dice = Dice("received", mail.key, custodian.key)
    seconds = 2 + dice.below(40)
    arrived = (mail.at + timedelta(seconds=seconds)).astimezone(UTC)
    serial = dice.bytes(6).hex().upper()
    hop = (
        f"from mail.{mail.sender.domain} (192.0.2.{dice.below(250) + 1})\n"
        f" by mx.{custodian.domain} with ESMTPS id {serial}\n"
        f" for <{custodian.address}>; {format_datetime(arrived)}"
    )
    return [("Delivered-To", custodian.address), ("Received", hop)]


def received_at(mail: Mail, custodian: Person) -> datetime:
    """When the custodian's copy arrived: what its Received field says."""
    seconds = 2 + Dice("received", mail.key, custodian.key).below(40)
    return mail.at + timedelta(seconds=seconds)


def header_text(fields: Iterable[tuple[str, str]], *, newline: str = "\r\n") -> str:
    """Header fields as they stand in a message."""
    return "".join(f"{n}: {v}\n" for n, v in fields).replace("\n", newline)


def message(mail: Mail, fields: Sequence[tuple[str, str]], text: str) -> bytes:
    """A whole message with bare newlines; `text` is the body of this copy."""
    report = mail.draft.headers.get("Content-Type", "")
    if report:
        return (header_text(fields, newline="\n") + "\n" + text + "\n").encode()
    inner_fields, inner = _content(mail, text)
    head = [*fields, ("MIME-Version", "1.0")]
    if not mail.draft.enclosures:
        return _joined([*head, *inner_fields], inner)
    parts = [_joined(inner_fields, inner)]
    for enclosure in mail.draft.enclosures:
        label = (
            ("Content-Type", f'{enclosure.media_type}; name="{enclosure.name}"'),
            ("Content-Disposition", f'attachment; filename="{enclosure.name}"'),
            ("Content-Transfer-Encoding", "base64"),
        )
        parts.append(_joined(label, base64.encodebytes(enclosure.data)))
    return _multipart(head, "mixed", _boundary(mail, "mixed"), parts)


def _content(mail: Mail, text: str) -> tuple[list[tuple[str, str]], bytes]:
    plain = _text_part(mail, text, "plain")
    if not mail.html:
        return plain
    parts = [_joined(*plain), _joined(*_text_part(mail, mail.html, "html"))]
    boundary = _boundary(mail, "alternative")
    fields = [("Content-Type", f'multipart/alternative; boundary="{boundary}"')]
    return fields, _parts(boundary, parts)


def _text_part(mail: Mail, text: str, kind: str) -> tuple[list[tuple[str, str]], bytes]:
    text = text.rstrip("\n") + "\n"
    charset = "utf-8"
    if mail.client == "outlook" and all(ord(c) < 128 or c in "£’‘“”–—é" for c in text):
        charset = "windows-1252"
    data = text.encode(charset)
    if text.isascii() and max(map(len, text.split("\n"))) < 900:
        fields = [("Content-Type", f'text/{kind}; charset="us-ascii"')]
        return [*fields, ("Content-Transfer-Encoding", "7bit")], data
    fields = [("Content-Type", f'text/{kind}; charset="{charset}"')]
    if mail.client in {"iphone", "yahoo"}:
        return [*fields, ("Content-Transfer-Encoding", "base64")], base64.encodebytes(data)
    quoted = quopri.encodestring(data).replace(b"\r\n", b"\n")
    return [*fields, ("Content-Transfer-Encoding", "quoted-printable")], quoted


def _boundary(mail: Mail, kind: str) -> str:
    return f"----={kind}_{Dice('boundary', mail.key, kind).bytes(9).hex()}"


def _joined(fields: Iterable[tuple[str, str]], body: bytes) -> bytes:
    return header_text(fields, newline="\n").encode() + b"\n" + body


def _multipart(
    head: Sequence[tuple[str, str]], kind: str, boundary: str, parts: Sequence[bytes]
) -> bytes:
    fields = [*head, ("Content-Type", f'multipart/{kind}; boundary="{boundary}"')]
    return _joined(fields, _parts(boundary, parts))


def _parts(boundary: str, parts: Sequence[bytes]) -> bytes:
    mark = f"--{boundary}\n".encode()
    end = f"--{boundary}--\n".encode()
    return b"".join(mark + part + b"\n" for part in parts) + end


def words(text: str) -> str:
    """Header text, encoded as in RFC 2047 where it is not ASCII."""
    if text.isascii():
        return text
    pieces = [text[i : i + 20] for i in range(0, len(text), 20)]
    coded = (base64.b64encode(piece.encode()).decode() for piece in pieces)
    return "\n ".join(f"=?utf-8?B?{piece}?=" for piece in coded)


def _address(person: Person) -> str:
    name = words(person.name)
    if person.name.isascii() and any(c in person.name for c in '.,()"'):
        name = f'"{person.name}"'
    return f"{name} <{person.address}>"


def _addresses(people: Iterable[Person]) -> str:
    return ",\n ".join(_address(person) for person in people) or "undisclosed-recipients:;"


def mbox(dialect: str, messages: Iterable[tuple[Mail, bytes]]) -> bytes:
    """All messages of a folder in one file; qmail's manual names the dialects."""
    out = []
    for mail, data in messages:
        stamp = _ctime(mail.at.astimezone(UTC))
        out.append(f"From {mail.sender.address} {stamp}\n".encode())
        out.append(_boxed(dialect, data))
        out.append(b"\n")
    return b"".join(out)


def _ctime(when: datetime) -> str:
    """The time of a "From " line, as C's asctime has it, whatever the machine's language."""
    weekday, day, month, year = format_datetime(when).replace(",", "").split()[:4]
    return f"{weekday} {month} {int(day):2d} {when:%H:%M:%S} {year}"


def _boxed(dialect: str, data: bytes) -> bytes:
    head, _, body = data.partition(b"\n\n")
    if dialect != "mboxcl2":
        lines = [
            b">" + line if _looks_like_start(line, dialect) else line for line in body.split(b"\n")
        ]
        body = b"\n".join(lines)
    if dialect in {"mboxcl", "mboxcl2"}:
        head += f"\nContent-Length: {len(body)}".encode()
    return head + b"\n\n" + body


def _looks_like_start(line: bytes, dialect: str) -> bool:
    bare = line.lstrip(b">") if dialect == "mboxrd" else line
    return bare.startswith(b"From ")
