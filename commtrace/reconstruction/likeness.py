"""Which identities may be one person: proposals with a reason, for a person to accept or refuse.

Names are compared as `names` says; a local part by the ways in which organisations make addresses
of names; a single word with the names of everybody, where only one person bears it. Only identities
that share a name's word, its beginning or a local part are compared (blocking), so the cost grows
with their number. A mailbox of a role or a list is never proposed. Look-alikes (one local part or
name at domains that look alike, or letters of another alphabet) are shown as a warning, whatever
else speaks for the two. Precision before recall: in the spellings of a scanned mail archive the
pairs proposed are one person but for errors of the list itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from commtrace.model import Identity, IdentityId, IdentityKind, Likely, Likeness
from commtrace.reconstruction import disguise, names
from commtrace.reconstruction.addresses import is_webmail, registrable
from commtrace.reconstruction.names import Name

_MOST_IN_BLOCK = 60  # identities that share a word: beyond that it is no name's
_SCANNED = 7  # letters of a local part that differs only in what a scan confuses
_ALONE = 4  # letters of a single word that tells one person from all others


@dataclass(frozen=True, slots=True)
class _Face:
    """What of an identity is compared: names, local parts, organisations; `plain`: all ASCII."""

    identity: Identity
    names: tuple[Name, ...]
    locals: frozenset[str]
    organisations: frozenset[str]
    plain: bool


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
    known = _known(faces)
    for one, other in _pairs(faces):
        ids = frozenset({one.identity.id, other.identity.id})
        if ids not in no and ids not in found:
            reason = _reason(one, other) or _fuller(one, other, known)
            if reason is not None:
                found[ids] = reason
    found = _unambiguous(found)
    for pair, reason in _only_bearers(faces, found):
        if pair not in no:
            found.setdefault(pair, reason)
    found |= {pair: reason for pair, reason in _roles(identities) if pair not in no}
    made = [
        Likely(
            one=IdentityId(min(ids)),
            other=IdentityId(max(ids)),
            likeness=reason.likeness,
            why=reason.why,
        )
        for ids, reason in found.items()
    ]
    return tuple(sorted(made, key=lambda pair: (pair.likeness, pair.one, pair.other)))


def _roles(identities: Sequence[Identity]) -> Iterator[tuple[frozenset[str], _Reason]]:
    """Mailboxes of a role or a list that look like one another: a warning, and no proposal."""
    faces = [_face(who) for who in identities if who.kind is not IdentityKind.PERSON]
    for one, other in _pairs(sorted(faces, key=lambda face: face.identity.id)):
        if warned := _warning(one, other):
            yield frozenset({one.identity.id, other.identity.id}), warned


def _face(who: Identity) -> _Face:
    named = {
        names.name(member.name)
        for member in who.members
        if member.name and not _is_address(member.name)
    }
    parts, domains = set(), set()
    for address in (member.address for member in who.members if member.address):
        local, at, domain = address.rpartition("@")
        if at:
            parts.add(names.letters(local))
            domains.add(registrable(domain.strip(".[]")))
        else:
            named.add(names.name(address.rpartition("cn=")[2]))
    kept = sorted((one for one in named if one.words), key=lambda one: one.words)
    plain = all(word.isascii() for word in (*parts, *(w for one in kept for w in one.words)))
    return _Face(who, tuple(kept), frozenset(parts - {""}), frozenset(domains), plain)


def _is_address(written: str) -> bool:
    return "@" in written and " " not in written.strip()


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
    for one in face.names:
        for word in one.words:
            keys |= (
                {f"w:{word}", f"b:{word[:4]}", f"e:{word[-4:]}"} if len(word) > 3 else {f"w:{word}"}
            )
            keys.add(f"s:{names.skeleton(word)}")
        keys |= {f"l:{made}" for made in names.locals_of(one)}
        if len(one.words) == 1:
            keys.add(f"l:{one.words[0]}")
    for word in (*(word for one in face.names for word in one.words), *face.locals):
        if not word.isascii():
            keys |= {f"l:{disguise.looks(word)}", f"w:{disguise.looks(word)}"}
    for part in face.locals:
        keys |= {f"l:{part}", f"b:{part[:4]}", f"e:{part[-4:]}", f"s:{names.skeleton(part)}"}
    return keys


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why two may be one; where an address is made of a name, whose address and of which name."""

    likeness: Likeness
    why: str
    address: str = ""
    name: Name | None = None


def _reason(one: _Face, other: _Face) -> _Reason | None:
    if warned := _warning(one, other):
        return warned
    same_place = _may_share(one.organisations, other.organisations)
    called = _called(one, other)
    if called and same_place:
        return _Reason(Likeness.SAME_NAME, f"Both are called {called}.")
    if called:
        where = f"Both are called {called}, at addresses of different organisations."
        return _Reason(Likeness.SAME_NAME_ELSEWHERE, where)
    if not same_place:
        return None
    made = _made(one, other) or _made(other, one)
    return made or _slip_between(one, other) or _scanned(one, other)


def _called(one: _Face, other: _Face) -> str:
    """A name that both bear; "" where they bear none."""
    both = (mine for mine in one.names for theirs in other.names if names.same(mine, theirs))
    return next((mine.said for mine in both), "")


def _warning(one: _Face, other: _Face) -> _Reason | None:
    if alike := _disguised(one, other) or _lookalike(one, other):
        return _Reason(Likeness.LOOKALIKE, f"{alike}: is one of them what it seems?")
    return None


def _disguised(one: _Face, other: _Face) -> str:
    """Names or local parts that are one to the eye, in letters of different alphabets."""
    if one.plain and other.plain:
        return ""
    for mine, theirs in ((one.locals, other.locals), (_said(one), _said(other))):
        for word in sorted(mine - theirs):
            for like in sorted(theirs - mine):
                if disguise.looks(word) == disguise.looks(like):
                    return f"“{word}” and “{like}” are written with letters of different alphabets"
    return ""


def _said(face: _Face) -> frozenset[str]:
    return frozenset(" ".join(one.words) for one in face.names)


def _lookalike(one: _Face, other: _Face) -> str:
    """Organisations that look alike, where somebody has the same local part or name at both."""
    called = _called(one, other)
    if one.organisations & other.organisations or not (called or one.locals & other.locals):
        return ""
    for mine in sorted(one.organisations):
        for theirs in sorted(other.organisations):
            if alike := disguise.domains(mine, theirs):
                return f"Both are called {called}, and {alike}" if called else alike
    return ""


def _slip_between(one: _Face, other: _Face) -> _Reason | None:
    for mine in one.names:
        for theirs in other.names:
            if names.slips(mine, theirs):
                why = f"{mine.said} and {theirs.said} differ by a slip of spelling."
                return _Reason(Likeness.SPELLING, why)
    return None


def _known(faces: Sequence[_Face]) -> frozenset[frozenset[str]]:
    """What tells somebody by itself: two words of a name, or a single one, or a local part."""
    found = {one.key for face in faces for one in face.names if len(one.key) < 3}
    return frozenset(found | {frozenset({part}) for face in faces for part in face.locals})


def _fuller(one: _Face, other: _Face, known: frozenset[frozenset[str]]) -> _Reason | None:
    """One name within another of the same place, unless the rest is somebody else's name."""
    if not _may_share(one.organisations, other.organisations):
        return None
    for mine in one.names:
        for theirs in other.names:
            if names.fuller(mine, theirs):
                less, more = sorted((mine, theirs), key=lambda name: len(name.key))
                rest = more.key - less.key
                two = {frozenset(pair) for pair in combinations(sorted(rest), 2)}
                if not known & (two | {frozenset({word}) for word in rest}):
                    why = f"{more.said} has all the words of {less.said}, and more."
                    return _Reason(Likeness.FULLER_NAME, why)
    return None


def _scanned(one: _Face, other: _Face) -> _Reason | None:
    """An address that somebody else's differs from only in letters that a scan confuses."""
    if one.names and other.names:
        return None  # two people with names of their own
    for mine in sorted(_parts(one)):
        for theirs in sorted(_parts(other)):
            alike = names.skeleton(mine) == names.skeleton(theirs)
            if alike and mine != theirs and len(mine) >= _SCANNED:
                why = f"“{mine}” and “{theirs}” differ only in letters that a scan confuses."
                return _Reason(Likeness.SPELLING, why)
    return None


def _parts(face: _Face) -> set[str]:
    return set(face.locals) | {one.words[0] for one in face.names if len(one.words) == 1}


def _may_share(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two are of one organisation, as far as is known; mail open to anybody is none."""
    if not one or not other:
        return True
    return bool(one & other) and not all(is_webmail(domain) for domain in one & other)


def _made(named: _Face, addressed: _Face) -> _Reason | None:
    """The reason where a local part, or a name of one word, is made of the other's name."""
    for one in named.names:
        made = names.locals_of(one)
        for part in sorted(_parts(addressed)):
            if part in made or names.is_surname_first(one, part):
                why = f"“{part}” is how an address is made of the name {one.said}."
                return _Reason(Likeness.NAME_IN_ADDRESS, why, addressed.identity.id, one)
    return None


def _unambiguous(found: Mapping[frozenset[str], _Reason]) -> dict[frozenset[str], _Reason]:
    """Without addresses that two people's names could make: each is proposed for neither."""
    by: dict[str, list[Name]] = defaultdict(list)
    for reason in found.values():
        if reason.name is not None:
            by[reason.address].append(reason.name)
    unclear = {
        address
        for address, some in by.items()
        if any(not names.one_person(mine, theirs) for mine, theirs in combinations(some, 2))
    }
    return {ids: reason for ids, reason in found.items() if reason.address not in unclear}


def _only_bearers(
    faces: Sequence[_Face], found: Mapping[frozenset[str], _Reason]
) -> Iterator[tuple[frozenset[str], _Reason]]:
    """Names of one word that belong to one person alone, as far as the proposals join people."""
    person = _joined([face.identity.id for face in faces], found)
    bearers: dict[str, list[tuple[_Face, Name]]] = defaultdict(list)
    for face in faces:
        for one in face.names:
            for word in one.key if len(one.words) > 1 else ():
                bearers[word].append((face, one))
    for face in faces:
        for one in face.names:
            word = names.full_form(one.words[0])
            if len(one.words) > 1 or len(word) < _ALONE or not bearers.get(word):
                continue
            known = bearers[word]
            if len({person[bearer.identity.id] for bearer, _ in known}) > 1:
                continue
            bearer, theirs = known[0]
            same_place = _may_share(face.organisations, bearer.organisations)
            if bearer is not face and same_place:
                why = f"{theirs.said} is the only person here who is called {one.said}."
                ids = frozenset({face.identity.id, bearer.identity.id})
                yield ids, _Reason(Likeness.ONLY_BEARER, why)


def _joined(ids: Sequence[str], found: Mapping[frozenset[str], _Reason]) -> dict[str, str]:
    """The first id of everybody's group, where all proposals but warnings were accepted."""
    top = {one: one for one in ids}

    def root(one: str) -> str:
        while top[one] != one:
            top[one] = top[top[one]]
            one = top[one]
        return one

    for pair, reason in found.items():
        if reason.likeness is not Likeness.LOOKALIKE:
            one, other = sorted(root(each) for each in pair)
            top[other] = one
    return {one: root(one) for one in ids}
