"""Where sentences begin and end: at full stops, question marks, blank lines and list items."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BREAK = re.compile(
    r"[.!?]+[\"'”’)\]]{0,2}(?=\s|$)|\n[ \t\r]*\n|\n(?=[ \t]{0,8}(?:[-*•·o▪]|\d{1,2}[.)])[ \t])|\n(?=[ \t]{0,4}>)"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|rev|cllr|st|no|nos|vs|etc|inc|ltd|dept|approx|ext|tel|ref|e\.g|i\.e|cf|fig"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)|\b[A-Za-z])\.$",
    re.IGNORECASE,
)
_LONGEST = 2000


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The places of the sentences in `text[start:end]`, without white space at either end."""
    begin = start
    for match in _BREAK.finditer(text, start, end):
        stop = match.end()
        if match[0][0] == "." and _ABBREVIATION.search(text[max(begin, stop - 12) : stop]):
            following = text[stop : stop + 2].strip()
            if stop < end and following and not following[0].isupper():
                continue
            if _ABBREVIATION.search(text[max(begin, stop - 12) : stop]) and stop - begin < 12:
                continue
        yield from _trimmed(text, begin, stop)
        begin = stop
    yield from _trimmed(text, begin, end)


def _trimmed(text: str, begin: int, stop: int) -> Iterator[tuple[int, int]]:
    stop = min(stop, begin + _LONGEST)
    while begin < stop and text[begin].isspace():
        begin += 1
    while stop > begin and text[stop - 1].isspace():
        stop -= 1
    if begin < stop:
        yield begin, stop
