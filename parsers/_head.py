"""Where the headers of an internet message are, over raw bytes and in one linear pass.

Tolerates what real files have: a byte order mark, blank lines or a `From ` line first, a blank
before the colon, lines that are no header, bare carriage returns. Nothing is lost in silence: each
repair is a doubt. What the headers mean is `_rfc5322`'s.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from functools import lru_cache

from ._words import characters

BARE_CR = "A header holds a bare carriage return, which can smuggle a second header in; it is kept."
CR_ONLY = "The message's lines end in bare carriage returns."
NOT_A_HEADER = "Lines among the headers are no headers; each was joined to the header before it."
NO_SEPARATOR = "The body begins without the blank line that should precede it."
MANY_HEADERS = "The header block is larger than commtrace reads; its rest was left out."

_HEADER = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
_NAME = re.compile(rb"[!-9;-~]{1,200}[ \t]*")
_LONGEST_NAME = 250
_USUAL = 1 << 18  # bytes of a header block that is read at one go
_MOST_LINES = 200_000
_LONGEST_VALUE = 4_000_000
# fmt: off
_WANTED = frozenset({
    b"from", b"sender", b"reply-to", b"to", b"cc", b"bcc", b"date", b"subject", b"message-id",
    b"in-reply-to", b"references", b"thread-index", b"received", b"delivered-to", b"x-original-to",
    b"envelope-to", b"auto-submitted", b"x-autoreply", b"x-autorespond", b"precedence", b"list-id",
    b"x-unsent", b"x-folder", b"x-gmail-labels", b"content-type", b"content-transfer-encoding",
    b"content-disposition", b"content-class", b"content-id", b"content-length", b"resent-from",
    b"resent-date", b"return-path", b"x-auto-response-suppress", b"x-failed-recipients",
})
KNOWN = _WANTED | {
    b"mime-version", b"x-mailer", b"user-agent", b"importance", b"x-priority",
    b"list-unsubscribe", b"list-post", b"dkim-signature", b"thread-topic", b"organization",
    b"x-mozilla-status", b"x-from", b"x-to", b"status", b"x-status", b"received-spf", b"newsgroups",
    b"authentication-results", b"arc-seal", b"x-received", b"x-gm-thrid", b"errors-to", b"lines",
    b"x-uid", b"x-ms-has-attach", b"accept-language", b"content-language", b"xref", b"path",
    b"x-apparently-to", b"x-originating-ip", b"comments", b"keywords", b"resent-to",
    b"resent-message-id", b"x-keywords", b"x-spam-status", b"list-archive", b"list-help",
}
MACHINE = KNOWN - {
    b"from", b"sender", b"reply-to", b"to", b"cc", b"bcc", b"date", b"subject", b"importance",
    b"comments", b"keywords", b"status", b"lines", b"path", b"organization", b"references",
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


def looks_like_headers(head: bytes, *, strict: bool = False) -> bool:
    """Whether bytes begin as an internet message: header lines, at least one of a known name.

    If `strict`, one must be of those that only mail programs write: a memorandum, and mail printed
    to a text file, begin with From, To, Date and Subject as well.
    """
    data = _as_bytes(head)[0]
    start, _ = _start(data)
    if data[start : start + 1] not in b" \t" and _HEADER.match(data, start) is None:
        return False  # most things that are no message end here, at little cost
    wanted = MACHINE if strict else KNOWN
    known = 0
    lines = data[start : start + 16_384].replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    for number, line in enumerate(lines[:200]):
        if not line or known >= 2:
            break
        if line[:1] in b" \t" and number:
            continue
        match = _HEADER.match(line)
        if match is None:
            return known >= 1 and not strict
        known += match[1].lower() in wanted
    return known >= 1


def read_head(raw: bytes) -> Head:
    """Find the headers and the start of the body. Never raises; linear in the block's length."""
    data, doubt = _as_bytes(raw)
    doubts = [doubt] if doubt else []
    if data.find(b"\n", 0, 65536) < 0 and data.find(b"\r", 0, 65536) >= 0:
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
        separator = data.startswith((b"From ", b">From "), place)
        if separator and not from_line and _HEADER.match(data, place) is None:
            line_end = data.find(b"\n", place)
            line_end = len(data) if line_end < 0 else line_end
            from_line = data[place:line_end].rstrip(b"\r")
            place = line_end + 1
            continue
        break
    return min(place, len(data)), from_line


def _collect(head: Head, start: int) -> None:
    if not _collect_usual(head, start):
        _collect_any(head, start)


def _collect_usual(head: Head, start: int) -> bool:
    """Read a block in which every line is a header or its continuation; False for any other."""
    data, limit = head.data, start + _USUAL
    end, blank = data.find(b"\n\n", start, limit), 2
    crlf = data.find(b"\n\r\n", start, limit if end < 0 else end)
    if crlf >= 0:
        end, blank = crlf, 3
    if end < 0:
        return False
    block = data[start : end + 1].replace(b"\r\n", b"\n")
    if b"\r" in block:
        return False
    lines = block[:-1].replace(b"\n ", b"\r ").replace(b"\n\t", b"\r\t").split(b"\n")
    values: dict[bytes, list[bytes]] = {}
    for line in lines:
        written, colon, value = line.partition(b":")
        name = _wanted(written) if colon and len(written) < _LONGEST_NAME else None
        if name is None:
            return False
        if name:
            values.setdefault(name, []).append(value.replace(b"\r", b"\n").strip())
    head.values, head.headers, head.body = values, len(lines), end + blank
    return True


@lru_cache(maxsize=4096)
def _wanted(written: bytes) -> bytes | None:
    """The lower-case name of a header that is wanted, b"" for another, None for no header."""
    if _NAME.fullmatch(written) is None:
        return None
    name = written.rstrip(b" \t").lower()
    return name if name in _WANTED else b""


def _collect_any(head: Head, start: int) -> None:
    data, place, end = head.data, start, len(head.data)
    name, parts = b"", [b""]
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
            if name in _WANTED and len(parts) < _MOST_LINES:
                parts.append(line)
        elif not line.startswith(b">From ") and _headers_go_on(data, following):
            if NOT_A_HEADER not in head.doubts:
                head.doubts.append(NOT_A_HEADER)
            parts.append(b" " + line)
        elif not line.startswith(b">From "):
            _keep(head, name, parts)
            head.body = place
            head.doubts.append(NO_SEPARATOR)
            return
        place = following
        if head.headers > _MOST_LINES:
            break
    _keep(head, name, parts)
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
