"""Names and addresses that look like others: letters of other alphabets, domains a letter apart.

The letters are those of Unicode UTS 39 (confusables) that a reader of English cannot tell from
Latin ones; `xn--` labels are read as what a mail program shows (RFC 3492). Whether anybody means to
be taken for somebody else is not said: a look-alike is shown, for a person to look at.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from commtrace.reconstruction import names
from commtrace.reconstruction.addresses import is_webmail

_OTHERS = (  # Cyrillic, Greek, and Latin letters of other languages, in lower case
    "\u0430\u0441\u0501\u0435\u04bb\u0456\u0458\u043a\u04cf\u043e\u0440\u051b\u0455\u0443\u0445\u051d\u0475"
    "\u03b1\u03bf\u03bd\u03b9\u03ba\u03c1\u03c5\u03c7\u03f2\u03f3"
    "\u0131\u0251\u0261"
)
_LATIN = "acdehijklopqsyxwvaovikpuxcjiag"
_DIGITS = re.compile(r"\d+")
_LOOKS = str.maketrans(_OTHERS, _LATIN)


def looks(word: str) -> str:
    """A word in lower case with the Latin letters that it seems to have."""
    return word if word.isascii() else word.translate(_LOOKS)


@lru_cache(maxsize=65536)
def shown(domain: str) -> str:
    """A domain as a mail program shows it: with the letters that `xn--` stands for."""
    if "xn--" not in domain:
        return domain
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain


def domains(one: str, other: str) -> str:
    """In which way two different domains look alike; "" where they do not, or anybody knows both.

    By letters of another alphabet, by letters that run together, or by one letter of eight or more;
    two that differ in their numbers alone are of a series.
    """
    mine, theirs = shown(one), shown(other)
    if mine == theirs or (is_webmail(mine) and is_webmail(theirs)):
        return ""
    if looks(mine) == looks(theirs):
        return f"{mine} and {theirs} are written with letters of different alphabets"
    if min(len(mine), len(theirs)) < names.TWO_SLIPS:
        return ""
    if names.skeleton(mine) == names.skeleton(theirs):
        return f"{mine} and {theirs} differ by letters that look alike"
    if OSA.distance(mine, theirs, score_cutoff=1) == 1 and not _series(mine, theirs):
        return f"{mine} and {theirs} differ by one letter"
    return ""


def _series(one: str, other: str) -> bool:
    """Whether two domains differ in their numbers alone: `school1` and `school2`."""
    return all(any(sign.isdigit() for sign in each) for each in (one, other)) and (
        _DIGITS.sub("", one) == _DIGITS.sub("", other)
    )
