"""Where sentences begin and end: at full stops, question marks, blank lines and list items."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BREAK = re.compile(
    r"[.!?]+[\"'”’)\]]{0,2}(?=\s|$)"  # the end of a sentence
    r"|\n[ \t\r]*\n"  # a blank line
    r"|\n(?=[ \t]{0,8}(?:[-*•·o▪]|\d{1,2}[.)])[ \t])"  # a list item
    r"|,[ \t\r]*\n"  # perhaps the end of a greeting
)
_GREETING = re.compile(r"(?:dear|hi|hello|good (?:morning|afternoon|evening)|all)\b", re.IGNORECASE)
_LONGEST_GREETING = 60
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|rev|cllr|st|no|nos|vs|etc|inc|ltd|dept|approx|ext|tel|ref|e\.g|i\.e"
    r"|cf|fig|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)|\b[A-Za-z])\.$",
    re.IGNORECASE,
)
_LONGEST = 2000


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The places of the sentences in `text[start:end]`, without white space at either end."""
    begin = start
    for match in _BREAK.finditer(text, start, end):
        stop = match.end()
        if not _breaks(text, begin, match, end):
            continue
        yield from _trimmed(text, begin, stop)
        begin = stop
    yield from _trimmed(text, begin, end)


def _breaks(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    """Whether a sentence ends here: not at "Mr." or "no.", nor at a comma but a greeting's."""
    stop = match.end()
    if match[0][0] == ",":
        words = text[begin:stop].strip()
        blank = text[stop : stop + 1] in {"\n", "\r"}
        alone = blank and words.istitle() and len(words.split()) < 4
        return len(words) <= _LONGEST_GREETING and (alone or _GREETING.match(words) is not None)
    if match[0] != "." or not _ABBREVIATION.search(text[max(begin, stop - 12) : stop]):
        return True
    following = text[stop : min(end, stop + 40)].lstrip(" \t")
    return not following or following[0] == "\n"


def _trimmed(text: str, begin: int, stop: int) -> Iterator[tuple[int, int]]:
    stop = min(stop, begin + _LONGEST)
    while begin < stop and text[begin].isspace():
        begin += 1
    while stop > begin and text[stop - 1].isspace():
        stop -= 1
    if begin < stop:
        yield begin, stop
