"""Near-duplicate texts, and where they differ in something that matters.

Texts are grouped by the least hashes of their five-word shingles (Broder 1997) and held together by
a Jaccard share of .6 (three slots of a short letter cost a third). Within a group each is aligned
with the one that most received. A place that differs in most texts is a personal slot (a name, a
pick-up time); one that takes two values or three, and fewer than half as many as there are texts,
is a fact that was told differently.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_SHINGLE, _HASHES, _ALIKE = 5, 12, 0.6
_LEAST_WORDS = 40
_MOST_TEXTS = 400  # distinct texts of one group that are compared
_VALUES = 3  # a fact takes so many values; a slot takes more
_WORD = re.compile(r"[\w£@.,:/'’+-]*\w")
_FACT = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?$|\b\d{4}$|^\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?$|^£\s?\d|^[\d,]+$"
    r"|^(?:mon|tues|wednes|thurs|fri|satur|sun)day$"
    r"|^(?:january|february|march|april|may|june|july|august|september|october|november|december)$"
    r"|^(?:not|no|never|cannot|must|need)$|@|^0\d{3,}$|^\d{1,2}[.:]\d\d$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where texts of a group differ: the words of each value, and who has it.

    `before` are the words that stand before it in all of them; `texts` gives the indices by value.
    """

    before: str
    texts: Mapping[str, tuple[int, ...]]


def signature(text: str) -> tuple[int, ...]:
    """What near-duplicates have in common: a few numbers; () for a text too short to compare."""
    words = _words(text)
    return tuple(_least(_shingles(words))) if len(words) >= _LEAST_WORDS else ()


def candidates(signatures: Iterable[tuple[int, ...]]) -> list[int]:
    """The indices of texts that share a number with another, in order."""
    buckets: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, some in enumerate(signatures):
        for place, least in enumerate(some):
            buckets[place, least].append(index)
    return sorted({index for some in buckets.values() if len(some) > 1 for index in some})


def groups(texts: Sequence[str]) -> list[list[int]]:
    """The indices of near-duplicates, in groups of two and more; equal texts lie in one group."""
    buckets: dict[tuple[int, int], list[int]] = defaultdict(list)
    shingles = [_shingles(_words(text)) for text in texts]
    for index, made in enumerate(shingles):
        for place, least in enumerate(_least(made) if made else ()):
            buckets[place, least].append(index)
    group_of: dict[int, list[int]] = {}
    found: list[list[int]] = []
    for members in buckets.values():
        first = members[0]
        for other in members[1:]:
            _join(first, other, shingles, group_of, found)
    return sorted((sorted(one) for one in found if len(one) > 1), key=lambda one: one[0])


def _join(
    first: int,
    other: int,
    shingles: Sequence[frozenset[int]],
    group_of: dict[int, list[int]],
    found: list[list[int]],
) -> None:
    if other in group_of or first == other:
        return
    home = group_of.get(first)
    lead = home[0] if home else first
    both = len(shingles[lead] & shingles[other])
    if both < _ALIKE * len(shingles[lead] | shingles[other]):
        return
    if home is None:
        home = [first]
        found.append(home)
        group_of[first] = home
    home.append(other)
    group_of[other] = home


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _shingles(words: Sequence[str]) -> frozenset[int]:
    folded = [word.casefold() for word in words]
    return frozenset(
        zlib.crc32(" ".join(folded[n : n + _SHINGLE]).encode())
        for n in range(max(0, len(folded) - _SHINGLE + 1))
    )


def _least(shingles: Iterable[int]) -> Iterator[int]:
    """The least of the shingles under each of a few permutations."""
    hashes = list(shingles)
    for seed in range(_HASHES):
        key = (seed * 0x9E3779B1 + 0x85EBCA6B) & 0xFFFFFFFF
        yield min(((one ^ key) * 0x01000193) & 0xFFFFFFFF for one in hashes)


def differences(texts: Sequence[str]) -> list[Difference]:
    """Where near-duplicate texts differ in a fact, in order of place in the commonest of them."""
    times = Counter(texts)
    distinct = [text for text, _ in times.most_common(_MOST_TEXTS)]
    base = _words(distinct[0])
    others = {text: _words(text) for text in distinct[1:]}
    codes = {
        text: SequenceMatcher(None, base, words, autojunk=False).get_opcodes()
        for text, words in others.items()
    }
    found = []
    for a0, a1 in _places(codes.values()):
        usual = " ".join(base[a0:a1])
        value_of = {distinct[0]: usual}
        for text, code in codes.items():
            value_of[text] = " ".join(
                others[text][_at(code, a0, end=False) : _at(code, a1, end=True)]
            )
        told = set(value_of.values())
        if len(told) > min(_VALUES, (len(texts) + 1) // 2) or not any(map(_is_fact, told)):
            continue
        by: dict[str, list[int]] = defaultdict(list)
        for index, text in enumerate(texts):
            by[value_of.get(text, usual)].append(index)
        before = " ".join(base[max(0, a0 - 6) : a0])
        found.append(Difference(before=before, texts={v: tuple(i) for v, i in by.items()}))
    return found


_Code = Sequence[tuple[str, int, int, int, int]]


def _places(codes: Iterable[_Code]) -> list[tuple[int, int]]:
    """The short stretches of the first text in which any other differs, those that touch as one."""
    spans = sorted(
        (a0, a1)
        for code in codes
        for kind, a0, a1, b0, b1 in code
        if kind != "equal" and a1 - a0 <= _SHINGLE and b1 - b0 <= _SHINGLE
    )
    found: list[tuple[int, int]] = []
    for a0, a1 in spans:
        if found and a0 <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], a1))
        else:
            found.append((a0, a1))
    return found


def _at(code: _Code, place: int, *, end: bool) -> int:
    """Where a place of the first text lies in the other; within a change, its beginning or end."""
    for kind, a0, a1, b0, b1 in code:
        if a0 <= place <= a1:
            if kind == "equal":
                if place == a1 and end is False and a1 != a0:
                    continue
                return b0 + place - a0
            if place == a1 and not end and a1 != a0:
                continue
            return b1 if end else b0
    return code[-1][4] if code else 0


def _is_fact(value: str) -> bool:
    return any(_FACT.search(word) for word in value.split())
