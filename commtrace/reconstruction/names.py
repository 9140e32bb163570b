"""Names of people as they are compared: their words and initials, and when two may be one.

Without titles, accents, order and short forms; slips of spelling by optimal string alignment
(Damerau 1964; rapidfuzz), one in five letters or more, two in eight or more. What a scan confuses
(l, i, j and 1; rn and m; vv and w) is one letter (after the skeletons of Unicode UTS 39).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rapidfuzz.distance import OSA

_TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady cllr councillor rev hon the".split()  # noqa: SIM905
)
_SPLIT = re.compile(r"[\W_]+")
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]?")
_ADDRESS = re.compile(r"[<‹«:]?\s*[^\s<‹«:]+(?:@|©|&#64;)\S*|[<‹«].*$")
_SHORT_SURNAME = 4  # letters below which a local part tells too little
ONE_SLIP, TWO_SLIPS = 5, 8  # letters of a word from which one or two slips are allowed
_CONFUSED = (("rn", "m"), ("nn", "m"), ("vv", "w"), ("cl", "d"))
_ALIKE = str.maketrans({"1": "l", "i": "l", "j": "l", "|": "l", "0": "o", "5": "s"})
OFTEN = 2  # messages under a name, so that one forwarded oddly is none
_OWN = 3  # letters of a word that tells one person from another


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared: its words and its initials, in order."""

    words: tuple[str, ...]
    initials: frozenset[str]

    @property
    def key(self) -> frozenset[str]:
        """The words in their full forms, in no order."""
        return frozenset(full_form(word) for word in self.words)

    @property
    def said(self) -> str:
        """The words as a sentence writes them."""
        return " ".join(word.capitalize() for word in self.words)


@cache
def _full_forms() -> dict[str, str]:
    table = tomllib.loads(files("commtrace.data").joinpath("names.toml").read_text("utf-8"))
    return {short: full for full, shorts in table["short_forms"].items() for short in shorts}


def full_form(word: str) -> str:
    """A first name in the full form that a short one stands for, else itself."""
    return _full_forms().get(word, word)


def name(written: str) -> Name:
    """A name as written, read; an address that runs on behind it, and brackets, are cut off."""
    plain = unicodedata.normalize("NFKD", written.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = _ADDRESS.sub(" ", _BRACKETED.sub(" ", plain))
    tokens = [token for token in _SPLIT.split(plain) if token and token not in _TITLES]
    tokens = [token for token in tokens if not any(sign.isdigit() for sign in token)]
    words = tuple(token for token in tokens if len(token) > 1)
    return Name(words, frozenset(token for token in tokens if len(token) == 1))


def letters(local: str) -> str:
    """The letters of a local part, without case and accents."""
    plain = unicodedata.normalize("NFKD", local.casefold())
    return "".join(sign for sign in plain if sign.isalpha())


def skeleton(word: str) -> str:
    """A word with one letter for those that a scan takes for one another."""
    for wrong, right in _CONFUSED:
        word = word.replace(wrong, right)
    return word.translate(_ALIKE)


def locals_of(of: Name) -> set[str]:
    """The local parts that organisations make of a name of two words or three."""
    if not 2 <= len(of.words) <= 3:
        return set()
    made: set[str] = set()
    for first, last in ((of.words[0], of.words[-1]), (of.words[-1], of.words[0])):
        if len(last) < _SHORT_SURNAME:
            continue
        made |= {first + last, first[0] + last, last + first[0]}
        for initial in of.initials:
            made |= {last + first[0] + initial, first[0] + initial + last}
    return made


def is_surname_first(of: Name, part: str) -> bool:
    """`sullivanjj` of Jacob J Sullivan: a whole word, then initials of the others."""
    for word in of.words if len(of.words) > 1 else ():
        if len(word) >= _SHORT_SURNAME and part.startswith(word):
            rest = part[len(word) :]
            firsts = {other[0] for other in of.words if other != word} | of.initials
            if 0 < len(rest) <= 3 and rest[0] in firsts and set(rest) <= firsts | {rest[0]}:
                return True
    return False


def same(one: Name, other: Name) -> bool:
    """Whether two names have the same two words or more, and no initials that contradict."""
    if len(one.words) < 2 or one.key != other.key:
        return False
    return not one.initials or not other.initials or bool(one.initials & other.initials)


def fuller(one: Name, other: Name) -> bool:
    """Whether one has the words of the other, two or more, and something beside them."""
    less, more = sorted((one.key, other.key), key=len)
    if len(less) < 2 or not less < more or any(len(word) < _OWN for word in less):
        return False
    extra = {word[0] for word in more - less}
    given = one.initials if one.key == less else other.initials
    return not given or bool(given & (extra | one.initials & other.initials))


def slips(one: Name, other: Name) -> bool:
    """Whether two names of as many words agree but for a slip or two."""
    mine, theirs = sorted(one.words), sorted(other.words)
    if mine == theirs:
        return False  # one name, and initials that contradict
    if "".join(mine) == "".join(theirs) or "".join(one.words) == "".join(other.words):
        return min(len(mine), len(theirs)) > 0 and max(len(mine), len(theirs)) > 1
    if len(mine) != len(theirs) or len(mine) < 2:
        return False
    made = 0
    for left in mine:
        best = min(theirs, key=lambda right: (OSA.distance(left, right), right))
        distance = 0 if skeleton(left) == skeleton(best) else OSA.distance(left, best)
        shorter = min(len(left), len(best))
        allowed = 2 if shorter >= TWO_SLIPS else 1 if shorter >= ONE_SLIP else 0
        if distance > allowed:
            return False
        theirs = [right for right in theirs if right != best] or theirs
        made += distance
    return made <= 2


def one_person(one: Name, other: Name) -> bool:
    """Whether two names that make one address may be the same person's."""
    if one.key <= other.key or other.key <= one.key or slips(one, other):
        return True
    joined = ("".join(sorted(one.key)), "".join(sorted(other.key)))
    return OSA.distance(*joined, score_cutoff=2) <= 2


def unlike(one: Name, other: Name) -> bool:
    """Whether two full names are of two people: no spelling, short or fuller form of one."""
    full = len(one.words) > 1 and len(other.words) > 1
    return full and not (
        same(one, other) or slips(one, other) or fuller(one, other) or one_person(one, other)
    )
