"""Many internet messages end to end in one file: mboxo, mboxrd, mboxcl and mboxcl2.

A message starts at the file's start or after a blank line, with `From`, a token and a date as C's
asctime writes it, above a header; "From my point of view" starts nothing. A Content-Length is
believed only where it ends at the next such line or the end of the file. The file is read through
a sliding window that never holds more than the largest message and a little.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from commtrace.model import Found
from commtrace.plugins import Item, parser

from ._head import KNOWN
from ._mime import read_message

NO_BLANK = "The mailbox has no blank line before this message."
_CHUNK = 1 << 20
_AHEAD = 1 << 16  # bytes kept in sight beyond a message's start, enough for nearly all headers
_LINE = 1_000  # the longest separator looked at
_DATED = re.compile(
    rb"From [^\r\n]{0,400}?\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? +"
    rb"(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d{1,2}"
    rb"|\d{1,2} +(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)),?"
    rb"(?= [^\r\n]{0,80}\d{1,2}:\d\d)(?= [^\r\n]{0,80}\b\d{4}\b)[^\r\n]*\r?\n?"
)
_UNDATED = re.compile(rb"From (?:[^\s@]+@[^\s@]+|-|MAILER-DAEMON)[ \t]*\r?\n")
_HEADER = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
_LENGTH = re.compile(rb"\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r?\n", re.IGNORECASE)
_HEADERS_END = re.compile(rb"\n\r?\n")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Span:
    """One message as it lies in the file: bytes `[start, end)`, and how its end was found."""

    start: int
    end: int
    data: bytes
    counted: bool = False
    loose: bool = False


def _claims(item: Item) -> bool:
    return _separates(item.head, 0, blank=True)


def _message(item: Item, part: tuple[str, ...]) -> bytes | None:
    """One message as it lies in the mailbox, without the line that separates it from the others."""
    number = part[0].removeprefix("message ")
    if len(part) != 1 or not (number.isascii() and number.isdigit()):
        return None
    with item.open() as stream:
        span = next((one for n, one in enumerate(spans(stream), 1) if str(n) == number), None)
    if span is None:
        return None
    data = span.data.partition(b"\n")[2] if span.data.startswith(b"From ") else span.data
    line_end = b"\r\n" if data.endswith(b"\r\n\r\n") else b"\n"
    return data.removesuffix(line_end) if data.endswith(2 * line_end) else data


@parser(suffixes=(".mbox", ".mbx"), magic=(b"From ",), claims=_claims, piece=_message)
def mbox(item: Item) -> Iterator[Found]:
    """A mailbox file with many e-mails (.mbox)."""
    with item.open() as stream:
        for number, span in enumerate(spans(stream), 1):
            source = replace(item.source, part=(*item.source.part, f"message {number}"))
            doubts = (NO_BLANK,) if span.loose else ()
            yield from read_message(unquoted(span), source=source, reader="mbox", doubts=doubts)


def spans(stream: BinaryIO) -> Iterator[Span]:
    """The messages of a mailbox in order; their spans cover every byte of it."""
    window = _Window(stream)
    loose = False
    while window.fill(_AHEAD):
        start = window.offset
        size = _counted(window)
        counted = size is not None
        follows_loosely = False
        if size is None:
            size, follows_loosely = _next_separator(window)
        data = window.take(size)
        yield Span(start, start + len(data), data, counted=counted, loose=loose)
        loose = follows_loosely


def unquoted(span: Span) -> bytes:
    """The message as it was before `>` was put before its lines that begin with "From ".

    One level is taken off, as mboxrd put it on; of a message whose length was counted only if no
    bare "From " line shows that nothing was quoted (mboxcl2).
    """
    data = span.data
    if b">From " not in data:
        return data
    match = _HEADERS_END.search(data)
    if match is None or (span.counted and b"\nFrom " in data):
        return data
    return data[: match.end()] + _QUOTED.sub(rb"\1", data[match.end() :])


class _Window:
    """Bytes of a stream from the current message on; it never holds much more."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.size = stream.seek(0, os.SEEK_END)
        stream.seek(0)
        self.data = stream.read(_CHUNK)
        self.returns = b"\n" not in self.data and b"\r" in self.data
        self.data = self._read(self.data)
        self.blank = b"\n\r\n" if b"\r\n" in self.data[:_LINE] else b"\n\n"
        self.start = 0
        self.base = 0  # where `data` begins in the file

    @property
    def offset(self) -> int:
        """Where the current message begins in the file."""
        return self.base + self.start

    @property
    def length(self) -> int:
        """How many bytes from the current message on are in sight."""
        return len(self.data) - self.start

    def _read(self, data: bytes) -> bytes:
        return data.replace(b"\r", b"\n") if self.returns else data

    def fill(self, wanted: int) -> bool:
        """Have `wanted` bytes in sight, or all there are; whether there are any."""
        while self.length < wanted and self.base + len(self.data) < self.size:
            more = self._read(self.stream.read(max(_CHUNK, self.length)))
            if not more:
                self.size = self.base + len(self.data)
                break
            self.data = self.data[self.start :] + more
            self.base += self.start
            self.start = 0
        return self.length > 0

    def take(self, size: int) -> bytes:
        """The next `size` bytes, which the window then leaves behind."""
        self.fill(size)
        taken = self.data[self.start : self.start + size]
        self.start += len(taken)
        return taken

    def peek(self, offset: int) -> bytes:
        """A separator's worth of bytes at a place in the file, wherever it is."""
        if self.base <= offset and offset + _LINE <= self.base + len(self.data):
            return self.data[offset - self.base : offset - self.base + _LINE]
        self.stream.seek(offset)
        found = self._read(self.stream.read(_LINE))
        self.stream.seek(self.base + len(self.data))
        return found


def _counted(window: _Window) -> int | None:
    """The message's size by its Content-Length, where the bytes bear it out."""
    start, limit = window.start, window.start + _AHEAD
    body = window.data.find(window.blank, start, limit) + len(window.blank)
    if body < start or window.data.find(b"ength:", start, body) < 0:
        return None
    length = _LENGTH.search(window.data, start, body)
    if length is None:
        return None
    end = body - start + int(length[1])
    if window.offset + end > window.size:
        return None
    after = window.peek(window.offset + end)
    skipped = len(after) - len(after.lstrip(b"\r\n"))
    if skipped <= 4 and _separates(after, skipped, blank=True):
        return end + skipped
    if not after.strip(b"\r\n") and window.offset + end + len(after) == window.size:
        return end + len(after)
    return None


def _next_separator(window: _Window) -> tuple[int, bool]:
    """How far it is to the next message (or the end), and whether no blank line precedes it."""
    scan = 0
    while True:
        found = window.data.find(b"\nFrom ", window.start + scan)
        if found < 0:
            scan = max(scan, window.length - 5)
            if not window.fill(window.length + 1):
                return 0, False
            if window.length - 5 <= scan:
                return window.length, False
            continue
        at = found + 1 - window.start
        window.fill(at + _LINE)
        here = window.start + at
        before = window.data[max(window.start, here - 3) : here - 1]
        blank = before.endswith((b"\n", b"\n\r"))
        if _separates(window.data, here, blank=blank):
            return at, not blank
        scan = at


def _separates(data: bytes, at: int, *, blank: bool) -> bool:
    """Whether a separator stands at `at`; without a blank line before, a header must follow."""
    line = data[at : at + _LINE]
    match = _DATED.match(line)
    if match is None:
        match = _UNDATED.match(line) if blank else None
        if match is None:
            return False
        blank = False
    following = line[match.end() :]
    if following.startswith((b">From ", b"From ")):
        following = following.partition(b"\n")[2]
    header = _HEADER.match(following)
    if header is not None:
        return blank or header[1].lower() in KNOWN
    return blank and following[:1] in b"\r\n"
