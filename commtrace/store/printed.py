"""What a copy on paper and its original can be compared by: words, the sender's name, the minute.

Print names no Message-ID and no second, often no address and no time zone; a scan misreads words.
Who counts as a copy of what, `identity` decides.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from commtrace.model import Channel, Grade, Record
from commtrace.quoted_dates import start_in_london

_UPPER, _LOWER = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz"
_FOLD = bytes.maketrans(_UPPER, _LOWER)
_NO_LETTERS = bytes(c for c in range(128) if not chr(c).isalnum())
_NOT_A_LETTER = re.compile(r"[\W_]+")
_WORD = re.compile(r"\w+")
_FEW_RUNS = 6  # of three words each, below which a printed text has to be the original's beginning
_SHARE = 0.75  # of its runs that the original must hold: page numbers and stamps are not there


def letters(text: str) -> bytes:
    """The letters and digits of a text, case folded, in UTF-8."""
    folded = text.encode("utf-8", "replace").translate(_FOLD, _NO_LETTERS)
    if folded.isascii():
        return folded
    return _NOT_A_LETTER.sub("", folded.decode().casefold()).encode()


def is_printed(record: Record) -> bool:
    """Whether a record is of mail that is known from print or a quotation alone."""
    return record.grade is Grade.REPORTED and record.channel is Channel.EMAIL


def london_minute(record: Record) -> int | None:
    """The minute of the sent time since 1970; where print names no zone, as clocks run in London.

    None for a day that is printed without a time.
    """
    if record.sent is None:
        return None
    start = start_in_london(record.sent) if is_printed(record) else record.sent.earliest
    return None if start is None else int(start.timestamp()) // 60


def words(text: str) -> frozenset[str]:
    """The words of a name, in any order and case."""
    return frozenset(_WORD.findall(text.casefold()))


def may_be_one(name: AbstractSet[str], other: AbstractSet[str]) -> bool:
    """Whether the words of two names allow that they are one person's; no words allow any."""
    return not name or not other or bool(name & other)


def holds(original: str, sheet: str) -> bool:
    """Whether an original holds most of what is printed: runs of three words, or a short whole."""
    part = _runs(sheet)
    if len(part) >= _FEW_RUNS:
        return len(part & _runs(original)) >= _SHARE * len(part)
    short = letters(sheet)
    return bool(short) and letters(original).startswith(short)


def _runs(text: str) -> frozenset[tuple[str, str, str]]:
    found = _WORD.findall(text.casefold())
    return frozenset(zip(found, found[1:], found[2:], strict=False))
