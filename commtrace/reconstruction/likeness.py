"""Which identities may be one person: proposals with a reason, for a person to accept or refuse.

Names are compared without titles, initials, accents, order and short forms; slips of spelling by
optimal string alignment (Damerau 1964; rapidfuzz), one in five letters or more, two in eight or
more; a local part by the ways in which organisations make addresses of names. Only identities that
share a name's word, its beginning or a local part are compared (blocking), so the cost grows with
their number. A mailbox of a role or a list is never proposed. Look-alikes (one local part, domains
that differ by a letter) are shown as a warning. Precision before recall: in the spellings of a
scanned mail archive every pair proposed is one person, and half of those within reach are found.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations

from rapidfuzz.distance import OSA

from commtrace.model import Identity, IdentityId, IdentityKind, Likely, Likeness
from commtrace.reconstruction.addresses import is_webmail, registrable

_TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady cllr councillor rev hon the".split()  # noqa: SIM905
)
_SPLIT = re.compile(r"[\W_]+")
_MOST_IN_BLOCK = 60  # identities that share a word: beyond that it is no name's
_SHORT_SURNAME = 4  # letters below which a local part tells too little
_ONE_SLIP, _TWO_SLIPS = 5, 8  # letters of a word from which one or two slips are allowed


@dataclass(frozen=True, slots=True)
class _Name:
    """A name as it is compared: its words and its initials, in order."""

    words: tuple[str, ...]
    initials: frozenset[str]

    @property
    def key(self) -> frozenset[str]:
        """The words in their full forms, in no order."""
        return frozenset(_full_forms().get(word, word) for word in self.words)


@dataclass(frozen=True, slots=True)
class _Face:
    """What of an identity is compared: names, local parts, organisations."""

    identity: Identity
    names: tuple[_Name, ...]
    locals: frozenset[str]
    organisations: frozenset[str]


def likely(
    identities: Sequence[Identity], refused: Iterable[frozenset[str]] = ()
) -> tuple[Likely, ...]:
    """Pairs of identities that may be one, strongest first, then by their ids.

    `refused` are sets of two ids that a person ruled to be different.
    """
    no = set(refused)
    persons = (who for who in identities if who.kind is IdentityKind.PERSON)
    faces = [_face(who) for who in sorted(persons, key=lambda who: who.id)]
    found: dict[frozenset[str], _Reason] = {}
    for one, other in _pairs(faces):
        ids = frozenset({one.identity.id, other.identity.id})
        if ids not in no and ids not in found:
            reason = _reason(one, other)
            if reason is not None:
                found[ids] = reason
    made = [
        Likely(
            one=IdentityId(min(ids)),
            other=IdentityId(max(ids)),
            likeness=reason.likeness,
            why=reason.why,
        )
        for ids, reason in _unambiguous(found).items()
    ]
    return tuple(sorted(made, key=lambda pair: (pair.likeness, pair.one, pair.other)))


@cache
def _full_forms() -> dict[str, str]:
    table = tomllib.loads(files("commtrace.data").joinpath("names.toml").read_text("utf-8"))
    return {short: full for full, shorts in table["short_forms"].items() for short in shorts}


def _face(who: Identity) -> _Face:
    names = {_name(member.name) for member in who.members if member.name and "@" not in member.name}
    addresses = [member.address for member in who.members if member.address]
    parts, domains = set(), set()
    for address in addresses:
        local, at, domain = address.rpartition("@")
        if at:
            parts.add(_letters(local))
            domains.add(registrable(domain.strip(".[]")))
        else:
            names.add(_name(address.rpartition("cn=")[2]))
    kept = sorted((one for one in names if one.words), key=lambda one: one.words)
    return _Face(who, tuple(kept), frozenset(parts - {""}), frozenset(domains))


def _name(written: str) -> _Name:
    plain = unicodedata.normalize("NFKD", written.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = re.sub(r"\([^()]*\)|\[[^\[\]]*\]?", " ", plain)
    tokens = [token for token in _SPLIT.split(plain) if token and token not in _TITLES]
    tokens = [token for token in tokens if not any(sign.isdigit() for sign in token)]
    words = tuple(token for token in tokens if len(token) > 1)
    return _Name(words, frozenset(token for token in tokens if len(token) == 1))


def _letters(local: str) -> str:
    plain = unicodedata.normalize("NFKD", local.casefold())
    return "".join(sign for sign in plain if sign.isalpha())


def _pairs(faces: Sequence[_Face]) -> Iterator[tuple[_Face, _Face]]:
    """Faces that share a word of a name, its first four letters, or letters of a local part."""
    blocks: dict[str, list[_Face]] = defaultdict(list)
    for face in faces:
        for key in _keys(face):
            blocks[key].append(face)
    seen: set[tuple[str, str]] = set()
    for key in sorted(blocks):
        members = blocks[key]
        if len(members) > _MOST_IN_BLOCK:
            continue
        for one, other in combinations(members, 2):
            ids = (one.identity.id, other.identity.id)
            if ids not in seen:
                seen.add(ids)
                yield one, other


def _keys(face: _Face) -> set[str]:
    keys = set()
    for name in face.names:
        for word in name.words:
            keys |= (
                {f"w:{word}", f"b:{word[:4]}", f"e:{word[-4:]}"} if len(word) > 3 else {f"w:{word}"}
            )
        keys |= {f"l:{made}" for made in _locals_of(name)}
        if len(name.words) == 1:
            keys.add(f"l:{name.words[0]}")
    for part in face.locals:
        keys |= {f"l:{part}", f"b:{part[:4]}", f"e:{part[-4:]}"}
    return keys


def _locals_of(name: _Name) -> set[str]:
    """The local parts that organisations make of a name of two words or three."""
    if not 2 <= len(name.words) <= 3:
        return set()
    made: set[str] = set()
    for first, last in ((name.words[0], name.words[-1]), (name.words[-1], name.words[0])):
        if len(last) < _SHORT_SURNAME:
            continue
        made |= {first + last, first[0] + last, last + first[0]}
        for initial in name.initials:
            made |= {last + first[0] + initial, first[0] + initial + last}
    return made


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why two may be one; where an address is made of a name, whose address and of which name."""

    likeness: Likeness
    why: str
    address: str = ""
    name: _Name | None = None


def _reason(one: _Face, other: _Face) -> _Reason | None:
    same_place = _may_share(one.organisations, other.organisations)
    for mine in one.names:
        for theirs in other.names:
            if _same(mine, theirs):
                called = f"Both are called {_said(mine)}"
                if same_place:
                    return _Reason(Likeness.SAME_NAME, f"{called}.")
                where = f"{called}, at addresses of different organisations."
                return _Reason(Likeness.SAME_NAME_ELSEWHERE, where)
    if not same_place:
        return _lookalike(one, other)
    made = _made(one, other) or _made(other, one)
    return made or _slip_between(one, other)


def _lookalike(one: _Face, other: _Face) -> _Reason | None:
    if not one.locals & other.locals:
        return None
    for mine in sorted(one.organisations):
        for theirs in sorted(other.organisations):
            if min(len(mine), len(theirs)) >= _TWO_SLIPS and OSA.distance(mine, theirs) == 1:
                why = f"{mine} and {theirs} differ by one letter: is one of them what it seems?"
                return _Reason(Likeness.LOOKALIKE, why)
    return None


def _slip_between(one: _Face, other: _Face) -> _Reason | None:
    for mine in one.names:
        for theirs in other.names:
            if _slips(mine, theirs):
                why = f"{_said(mine)} and {_said(theirs)} differ by a slip of spelling."
                return _Reason(Likeness.SPELLING, why)
    return None


def _said(name: _Name) -> str:
    return " ".join(word.capitalize() for word in name.words)


def _may_share(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two are of one organisation, as far as is known; mail open to anybody is none."""
    if not one or not other:
        return True
    return bool(one & other) and not all(is_webmail(domain) for domain in one & other)


def _same(one: _Name, other: _Name) -> bool:
    if len(one.words) < 2 or one.key != other.key:
        return False
    return not one.initials or not other.initials or bool(one.initials & other.initials)


def _made(named: _Face, addressed: _Face) -> _Reason | None:
    """The reason where a local part, or a name of one word, is made of the other's name."""
    parts = set(addressed.locals)
    parts |= {name.words[0] for name in addressed.names if len(name.words) == 1}
    for name in named.names:
        made = _locals_of(name)
        for part in sorted(parts):
            if part in made or _is_surname_first(name, part):
                why = f"“{part}” is how an address is made of the name {_said(name)}."
                return _Reason(Likeness.NAME_IN_ADDRESS, why, addressed.identity.id, name)
    return None


def _is_surname_first(name: _Name, part: str) -> bool:
    """`sullivanjj` of Jacob J Sullivan: a whole word, then initials of the others."""
    for word in name.words if len(name.words) > 1 else ():
        if len(word) >= _SHORT_SURNAME and part.startswith(word):
            rest = part[len(word) :]
            firsts = {other[0] for other in name.words if other != word} | name.initials
            if 0 < len(rest) <= 3 and rest[0] in firsts and set(rest) <= firsts | {rest[0]}:
                return True
    return False


def _slips(one: _Name, other: _Name) -> bool:
    """Whether two names of as many words agree but for a slip or two."""
    mine, theirs = sorted(one.words), sorted(other.words)
    if mine == theirs:
        return False  # one name, and initials that contradict
    if "".join(mine) == "".join(theirs) or "".join(one.words) == "".join(other.words):
        return min(len(mine), len(theirs)) > 0 and max(len(mine), len(theirs)) > 1
    if len(mine) != len(theirs) or len(mine) < 2:
        return False
    slips = 0
    for left in mine:
        best = min(theirs, key=lambda right: (OSA.distance(left, right), right))
        distance = OSA.distance(left, best)
        shorter = min(len(left), len(best))
        allowed = 2 if shorter >= _TWO_SLIPS else 1 if shorter >= _ONE_SLIP else 0
        if distance > allowed:
            return False
        theirs = [right for right in theirs if right != best] or theirs
        slips += distance
    return 0 < slips <= 2


def _unambiguous(found: Mapping[frozenset[str], _Reason]) -> dict[frozenset[str], _Reason]:
    """Without addresses that two people's names could make: each is proposed for neither."""
    names: dict[str, list[_Name]] = defaultdict(list)
    for reason in found.values():
        if reason.name is not None:
            names[reason.address].append(reason.name)
    unclear = {
        address
        for address, some in names.items()
        if any(not _one_person(mine, theirs) for mine, theirs in combinations(some, 2))
    }
    return {ids: reason for ids, reason in found.items() if reason.address not in unclear}


def _one_person(one: _Name, other: _Name) -> bool:
    """Whether two names that make one address may be the same person's."""
    if one.key <= other.key or other.key <= one.key or _slips(one, other):
        return True
    joined = ("".join(sorted(one.key)), "".join(sorted(other.key)))
    return OSA.distance(*joined, score_cutoff=2) <= 2
