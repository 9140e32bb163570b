"""Where two wordings of one message part: the words that only one of them has, and in what place.

Line breaks, quotation marks, kinds of apostrophe and the case of letters make no difference; links
are left out, because mail gateways rewrite them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

_LINK = re.compile(r"(?:https?://|mailto:|www\.)\S+|<[^<>\s]{3,200}>|\[cid:[^\]]{1,200}\]")
_MARKS = re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+(?:['’.,:/-][^\W_]+)*")
_MOST = 4_000  # words of each wording that are compared
_AROUND = 4  # words on either side that must agree
_MATERIAL = re.compile(
    r"\d|^(?:no|not|never|none|without|cannot|must|may|will|shall|all|some|before|after|until|by"
    r"|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow|yesterday"
    r"|\w+n['’]t)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where `one` has words and `other` has others, or none."""

    one: str
    other: str


def words(text: str) -> list[str]:
    """The words of a text as they are compared, in order."""
    return _WORD.findall(_LINK.sub(" ", _MARKS.sub("", text)))[:_MOST]


def differences(one: str, other: str) -> tuple[Difference, ...]:
    """Every place where two wordings part, in order."""
    left, right = words(one), words(other)
    return tuple(
        Difference(" ".join(left[a:b]), " ".join(right[c:d])) for a, b, c, d in _parts(left, right)
    )


def altered(quotation: str, original: str) -> tuple[Difference, ...]:
    """Where a quotation puts other words into a sentence of the original, and it matters.

    Only words replaced by others count, with four words on either side that agree, and only where
    a figure, a date or a word that turns the sense (not, all, must, until) is among them. What a
    quotation leaves out, or what was written between its lines, is no alteration.
    """
    left, right = words(original), words(quotation)
    return tuple(
        Difference(" ".join(left[a:b]), " ".join(right[c:d]))
        for a, b, c, d in _parts(left, right)
        if _is_inside(left, right, (a, b, c, d)) and _matters([*left[a:b], *right[c:d]])
    )


def _parts(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """The stretches `[a, b)` of one and `[c, d)` of the other between words that agree."""
    folded = [[word.casefold().replace("’", "'") for word in side] for side in (left, right)]
    a = c = 0
    for step in Indel.opcodes(*folded):
        if step.tag == "equal":
            if step.src_start > a or step.dest_start > c:
                yield a, step.src_start, c, step.dest_start
            a, c = step.src_end, step.dest_end
    if len(left) > a or len(right) > c:
        yield a, len(left), c, len(right)


def _is_inside(left: Sequence[str], right: Sequence[str], place: tuple[int, int, int, int]) -> bool:
    a, b, c, d = place
    replaced = b > a and d > c and b - a <= 2 * _AROUND and d - c <= 2 * _AROUND
    if not replaced or min(a, c) < _AROUND or b + _AROUND > len(left) or d + _AROUND > len(right):
        return False
    before = _same(left[a - _AROUND : a], right[c - _AROUND : c])
    return before and _same(left[b : b + _AROUND], right[d : d + _AROUND])


def _same(one: Sequence[str], other: Sequence[str]) -> bool:
    return [w.casefold().replace("’", "'") for w in one] == [
        w.casefold().replace("’", "'") for w in other
    ]


def _matters(changed: Sequence[str]) -> bool:
    return any(_MATERIAL.search(word) for word in changed)
