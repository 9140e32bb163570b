"""The header block of an internet message, read over raw bytes: who, when, which id.

One linear pass finds the headers and where the body starts, tolerating what real files have: a
byte order mark, blank lines or a `From ` line first, a blank before the colon, lines that are no
header. What the headers mean follows, and each assumption made is a doubt. Addresses, dates and
encoded words have their own modules; the body is `_mime`'s.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from commtrace.model import Address, Mark
from commtrace.moments import Basis, Moment

from ._address import addresses
from ._maildate import mail_date, narrowed
from ._text import clean_line
from ._words import UNREADABLE_WORD, characters, unreadable, words

BARE_CR = "A header holds a bare carriage return, which can smuggle a second header in; it is kept."
CR_ONLY = "The message's lines end in bare carriage returns."
NOT_A_HEADER = "Lines among the headers are no headers; each was joined to the header before it."
NO_SEPARATOR = "The body begins without the blank line that should precede it."
MANY_HEADERS = "The header block is larger than commtrace reads; its rest was left out."
TWO_DATES = "There are several Date headers that differ; the first was used."
TWO_IDS = "There are several Message-ID values; the first was used."
TWO_SUBJECTS = "There are several Subject headers that differ; the first was used."
LONG_SUBJECT = "The subject was cut at 32 KB."
NO_SENDER = "The message has no From header that names anyone."
BAD_INDEX = "The Thread-Index header is damaged and was not used."
BAD_ID = "The Message-ID has no angle brackets."
CLOCKS = "The Date header and the receiving server's clock differ by more than a day."
FROM_LINE = "The only date is that of the mailbox's own separator line."

_HEADER = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
_MOST_BYTES = 16_000_000
_MOST_LINES = 200_000
_LONGEST_VALUE = 4_000_000
_LONGEST_SUBJECT = 32_768
_MOST_REFERENCES = 5_000
_ID = re.compile(r"<\s*([^<>]+?)\s*>")
# fmt: off
_WANTED = frozenset({
    b"from", b"sender", b"reply-to", b"to", b"cc", b"bcc", b"date", b"subject", b"message-id",
    b"in-reply-to", b"references", b"thread-index", b"received", b"delivered-to", b"x-original-to",
    b"envelope-to", b"auto-submitted", b"x-autoreply", b"x-autorespond", b"precedence", b"list-id",
    b"x-unsent", b"x-folder", b"x-gmail-labels", b"content-type", b"content-transfer-encoding",
    b"content-disposition", b"content-class", b"content-id", b"content-length", b"resent-from",
    b"resent-date",
})
KNOWN = _WANTED | {
    b"mime-version", b"return-path", b"x-mailer", b"user-agent", b"importance", b"x-priority",
    b"list-unsubscribe", b"list-post", b"dkim-signature", b"thread-topic", b"organization",
    b"x-mozilla-status", b"x-from", b"x-to", b"status", b"x-status", b"received-spf", b"newsgroups",
    b"authentication-results", b"arc-seal", b"x-received", b"x-gm-thrid", b"errors-to", b"lines",
    b"x-uid", b"x-ms-has-attach", b"accept-language", b"content-language", b"xref", b"path",
    b"x-apparently-to", b"x-originating-ip", b"comments", b"keywords", b"resent-to",
    b"resent-message-id", b"x-keywords", b"x-spam-status", b"list-archive", b"list-help",
}
# fmt: on


@dataclass(slots=True)
class Head:
    """A header block: the values wanted, by lower-case name in order of place, and its bytes.

    `data` is the message as read (decoded from UTF-16 where it was so); `body` is where its body
    starts in `data`; `from_line` is the mailbox separator it opened with, b"" if none.
    """

    data: bytes
    body: int
    values: dict[bytes, list[bytes]]
    doubts: list[str] = field(default_factory=list)
    from_line: bytes = b""
    headers: int = 0

    def first(self, name: bytes) -> str:
        """The first value of a header as characters, still encoded; "" if there is none."""
        values = self.values.get(name)
        return self.text(values[0]) if values else ""

    def text(self, raw: bytes) -> str:
        """A raw value as characters; a guess at its charset is added to the doubts."""
        text, doubt = characters(raw)
        if doubt and doubt not in self.doubts:
            self.doubts.append(doubt)
        return text


def looks_like_headers(head: bytes) -> bool:
    """Whether bytes begin as an internet message: header lines, at least one of a known name."""
    start, _ = _start(_as_bytes(head)[0])
    data = _as_bytes(head)[0][start : start + 8192]
    known = 0
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    whole = lines[:-1] if len(data) == 8192 else lines
    for number, line in enumerate(whole[:60]):
        if not line:
            break
        if line[:1] in b" \t" and number:
            continue
        match = _HEADER.match(line)
        if match is None:
            return known >= 2
        known += match[1].lower() in KNOWN
    return known >= 1


def read_head(raw: bytes) -> Head:
    """Find the headers and the start of the body. Never raises; linear in the block's length."""
    data, doubt = _as_bytes(raw)
    doubts = [doubt] if doubt else []
    if b"\n" not in data[:65536] and b"\r" in data[:65536]:
        data = data.replace(b"\r", b"\n")
        doubts.append(CR_ONLY)
    start, from_line = _start(data)
    head = Head(data, len(data), {}, doubts, from_line)
    _collect(head, start)
    return head


def _as_bytes(raw: bytes) -> tuple[bytes, str | None]:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = raw.decode("utf-16", "replace")
        return text.encode("utf-8", "replace"), "The file is UTF-16, which no mail system writes."
    return raw, None


def _start(data: bytes) -> tuple[int, bytes]:
    """Where the headers start: after a byte order mark, blank lines and a `From ` line."""
    place = 3 if data.startswith(codecs.BOM_UTF8) else 0
    from_line = b""
    while place < len(data):
        if data[place] in b"\r\n":
            place += 1
            continue
        if data[place] in b" \t":
            line_end = data.find(b"\n", place)
            if line_end < 0 or data[place:line_end].strip():
                break
            place = line_end + 1
            continue
        if not from_line and data.startswith((b"From ", b">From "), place):
            line_end = data.find(b"\n", place)
            line_end = len(data) if line_end < 0 else line_end
            from_line = data[place:line_end].rstrip(b"\r")
            place = line_end + 1
            continue
        break
    return min(place, len(data)), from_line


def _collect(head: Head, start: int) -> None:
    data, place, end = head.data, start, min(len(head.data), start + _MOST_BYTES)
    name, parts = b"", [b""]
    junk = False
    while place < end:
        stop = data.find(b"\n", place)
        stop = len(data) if stop < 0 else stop
        line = data[place:stop]
        if line.endswith(b"\r"):
            line = line[:-1]
        following = stop + 1
        if not line:
            _keep(head, name, parts)
            head.body = min(following, len(data))
            return
        match = None if line[0] in b" \t" else _HEADER.match(line)
        if match is not None:
            _keep(head, name, parts)
            name, parts = match[1].lower(), [line[match.end() :]]
            head.headers += 1
        elif line[0] in b" \t":
            parts.append(line)
        elif line.startswith(b">From ") or _headers_go_on(data, following):
            junk = junk or not line.startswith(b">From ")
            parts.append(b" " + line)
        else:
            _keep(head, name, parts)
            head.body = place
            head.doubts.append(NO_SEPARATOR)
            return
        place = following
        if head.headers > _MOST_LINES:
            break
    _keep(head, name, parts)
    if junk:
        head.doubts.append(NOT_A_HEADER)
    head.body = min(place, len(data))
    if place < len(data):
        _skip_rest(head)


def _skip_rest(head: Head) -> None:
    head.doubts.append(MANY_HEADERS)
    blank = re.compile(rb"\r?\n\r?\n").search(head.data, head.body)
    head.body = blank.end() if blank else len(head.data)


def _headers_go_on(data: bytes, place: int) -> bool:
    """Whether a known header follows a line that is none, within the next lines."""
    for line in data[place : place + 600].split(b"\n")[:4]:
        if not line.strip():
            return False
        match = _HEADER.match(line)
        if match is not None and match[1].lower() in KNOWN:
            return True
    return False


def _keep(head: Head, name: bytes, parts: list[bytes]) -> None:
    if name not in _WANTED:
        return
    value = parts[0] if len(parts) == 1 else b"\n".join(parts)
    value = value[:_LONGEST_VALUE].strip()
    if b"\r" in value:
        if BARE_CR not in head.doubts:
            head.doubts.append(BARE_CR)
        value = value.replace(b"\r", b" ")
    head.values.setdefault(name, []).append(value)


def envelope(head: Head) -> dict[str, Any]:
    """The fields of a `Record` that the headers give, `doubts` and `marks` among them."""
    doubts: dict[str, None] = dict.fromkeys(head.doubts)
    sent, received = _times(head, doubts)
    fields: dict[str, Any] = {
        "sent": sent,
        "received": received,
        "sender": _sender(head, doubts),
        "subject": _subject(head, doubts),
        "message_id": _message_id(head, doubts),
        "in_reply_to": _in_reply_to(head),
        "references": _references(head),
        "thread_index": _thread_index(head, doubts),
        "delivered_to": _delivered_to(head),
        "folder": _folder(head),
        "marks": _marks(head),
    }
    for name in ("reply_to", "to", "cc", "bcc"):
        fields[name] = _people(head, name.replace("_", "-").encode(), doubts)
    doubts.update(dict.fromkeys(head.doubts))  # charsets guessed while the values were read
    fields["doubts"] = tuple(doubts)
    return fields


def _people(head: Head, name: bytes, doubts: dict[str, None]) -> tuple[Address, ...]:
    values = head.values.get(name)
    if not values:
        return ()
    found: list[Address] = []
    for value in values:
        people, unsure = addresses(head.text(value))
        found.extend(people)
        doubts.update(dict.fromkeys(unsure))
    return tuple(found)


def _sender(head: Head, doubts: dict[str, None]) -> Address | None:
    """The author: the mailbox in From; where several are named, the first, said to be unclear."""
    authors = _people(head, b"from", doubts)
    senders = _people(head, b"sender", doubts) if len(authors) != 1 else ()
    if not authors:
        doubts[NO_SENDER] = None
        return senders[0] if senders else None
    if len({author.address.lower() for author in authors}) == 1:
        return authors[0]
    named = ", ".join(author.address or author.name for author in authors[:5])
    doubts[f"From names several authors ({named}): who wrote this is not certain."] = None
    known = {author.address.lower(): author for author in reversed(authors)}
    return known.get(senders[0].address.lower(), authors[0]) if senders else authors[0]


def _subject(head: Head, doubts: dict[str, None]) -> str:
    values = head.values.get(b"subject")
    if not values:
        return ""
    if len(values) > 1 and len(set(values)) > 1:
        doubts[TWO_SUBJECTS] = None
    subject = words(head.text(values[0]))
    if unreadable(subject):
        doubts[UNREADABLE_WORD] = None
    if len(subject) > _LONGEST_SUBJECT:
        doubts[LONG_SUBJECT] = None
    return subject[:_LONGEST_SUBJECT].strip()


def _ids(text: str) -> list[str]:
    """Message identifiers in order, each once, without angle brackets (RFC 5322 section 3.6.4)."""
    found = _ID.findall(text)
    if not found:
        found = [token.strip("<>,;\"'") for token in text.split() if "@" in token]
    return list(dict.fromkeys(one for one in (clean_line(i)[:998] for i in found) if one))


def _message_id(head: Head, doubts: dict[str, None]) -> str | None:
    values = head.values.get(b"message-id")
    if not values:
        return None
    text = head.text(values[0])
    found = _ids(text)
    if not found:
        bare = clean_line(text).strip("<>")[:998]
        found = [bare] if bare and " " not in bare else []
    if found and "<" not in text:
        doubts[BAD_ID] = None
    if len(found) > 1 or len(set(values)) > 1:
        doubts[TWO_IDS] = None
    return found[0] if found else None


def _in_reply_to(head: Head) -> str | None:
    found = _ids(head.first(b"in-reply-to"))
    return found[0] if found else None


def _references(head: Head) -> tuple[str, ...]:
    values = head.values.get(b"references")
    return tuple(_ids(head.text(b" ".join(values)))[-_MOST_REFERENCES:]) if values else ()


def _thread_index(head: Head, doubts: dict[str, None]) -> str | None:
    """The conversation index (MS-OXOMSG 2.2.1.3): 22 bytes, and five more for each reply."""
    text = "".join(head.first(b"thread-index").split())
    if not text:
        return None
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if len(data) < 22 or (len(data) - 22) % 5 or len(data) > 20_000:
        doubts[BAD_INDEX] = None
        return None
    return data.hex()


def _times(head: Head, doubts: dict[str, None]) -> tuple[Moment | None, Moment | None]:
    received, first_hop = _received(head.values.get(b"received", []))
    sent = _sent(head, first_hop, doubts)
    if sent is None and received is None and head.from_line:
        said = clean_line(characters(head.from_line[-60:])[0])
        found = re.search(r"\b[A-Z][a-z]{2} +[A-Z][a-z]{2} +\d.*", said)
        received = mail_date(found[0], Basis.RECEIVED)[0] if found else None
        if received is not None:
            doubts[FROM_LINE] = None
    if sent and received and _a_day_apart(sent, received):
        doubts[CLOCKS] = None
    return sent, received


def _a_day_apart(sent: Moment, received: Moment) -> bool:
    seconds = (received.earliest - sent.latest).total_seconds()
    early = (sent.earliest - received.latest).total_seconds()
    return max(seconds, early) > 86_400


def _sent(head: Head, first_hop: Moment | None, doubts: dict[str, None]) -> Moment | None:
    values = head.values.get(b"date")
    if not values:
        return None
    if len(values) > 1 and len(set(values)) > 1:
        doubts[TWO_DATES] = None
    said = clean_line(head.text(values[0]))
    moment, unsure = mail_date(said, Basis.DATE_HEADER)
    doubts.update(dict.fromkeys(unsure))
    if moment is None or moment.exact:
        return moment
    as_utc = narrowed(moment, first_hop)
    if as_utc is None:
        return moment
    doubts["The date was read as UTC: the first server to receive the message bears it out."] = None
    return as_utc


def _received(values: list[bytes]) -> tuple[Moment | None, Moment | None]:
    """The topmost Received header's time, and the bottommost's: delivery and first hop."""
    top = next((moment for moment in map(_hop, values[:10]) if moment), None)
    if len(values) < 2:
        return top, top
    return top, next((moment for moment in map(_hop, reversed(values[-10:])) if moment), None)


def _hop(value: bytes) -> Moment | None:
    said = clean_line(characters(value.rpartition(b";")[2][-120:])[0])
    return mail_date(said, Basis.RECEIVED)[0] if said else None


def _delivered_to(head: Head) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in (b"delivered-to", b"x-original-to", b"envelope-to"):
        for value in head.values.get(name, ())[:20]:
            for person in addresses(head.text(value))[0]:
                if "@" in person.address:
                    found[person.address] = None
    return tuple(found)


def _folder(head: Head) -> str | None:
    said = words(head.first(b"x-gmail-labels") or head.first(b"x-folder"))
    return said[:500] or None


def _marks(head: Head) -> tuple[Mark, ...]:
    return tuple(dict.fromkeys(_each_mark(head)))


def _each_mark(head: Head) -> Iterator[Mark]:
    values = head.values
    submitted = _lower(values.get(b"auto-submitted", ()))
    if submitted and not submitted.startswith("no"):
        yield Mark.AUTOMATIC  # RFC 3834 section 5
    precedence = _lower(values.get(b"precedence", ()))
    if b"x-autoreply" in values or b"x-autorespond" in values or precedence == "auto_reply":
        yield Mark.AUTOMATIC
    if b"list-id" in values or precedence in ("bulk", "list", "junk"):
        yield Mark.BULK
    if _lower(values.get(b"x-unsent", ())).startswith("1"):
        yield Mark.DRAFT
    kind = _lower(values.get(b"content-type", ()))
    if kind.startswith("multipart/report"):
        yield Mark.READ_RECEIPT if "disposition-notification" in kind else Mark.DELIVERY_REPORT
    if kind.startswith("multipart/encrypted") or (
        "pkcs7-mime" in kind[:40] and "signed-data" not in kind
    ):
        yield Mark.ENCRYPTED


def _lower(values: Iterable[bytes]) -> str:
    first = next(iter(values), b"")
    return first[:2000].decode("latin-1").strip().lower()
