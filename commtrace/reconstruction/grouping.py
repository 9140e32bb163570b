"""Which addresses and names are one identity: what the headers say, `case.toml`, and rulings.

Two are one only for a reason that is kept: `case.toml` names them together, a person ruled so, or a
name without an address is the display name of one single address of the same organisation. Who
signs at a mailbox of a role is not that mailbox, nor one of two people who share an address both.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from commtrace.brief import Brief, Person
from commtrace.model import Address, Communication, PeopleRuling, PeopleRulingKind
from commtrace.moments import say_day
from commtrace.reconstruction import names
from commtrace.reconstruction.addresses import (
    behind,
    domain_of,
    fold,
    key_of,
    may_bear,
    name_key,
    registrable,
)


@dataclass(slots=True)
class Seen:
    """What the headers said about one key: spellings with counts, and the domains around it."""

    written: Counter[Address]
    domains: set[str]


def seen_in(communications: Sequence[Communication]) -> dict[str, Seen]:
    """What the headers of all communications said, by key."""
    seen: dict[str, Seen] = {}
    for one in communications:
        keyed = [(key_of(address), behind(address)) for address in _everyone(one)]
        domains = {registrable(domain_of(key)) for key, _ in keyed} - {""}
        for key, address in keyed:
            if not key:
                continue
            entry = seen.setdefault(key, Seen(Counter(), set()))
            entry.written[address] += 1
            if key[0] != "a":
                entry.domains |= domains
    return seen


def _everyone(one: Communication) -> Iterable[Address]:
    if one.sender is not None:
        yield one.sender
    for group in (one.to, one.cc, one.bcc, one.reply_to):
        yield from group
    for sighting in one.sightings:
        yield from sighting.bcc


def groups(
    seen: dict[str, Seen], brief: Brief, rulings: Sequence[PeopleRuling]
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Keys that are one identity, with the reasons for every merge; `rulings` oldest first."""
    apart = {  # the place of the latest ruling that takes each key apart
        key: place
        for place, one in enumerate(rulings)
        if one.kind is PeopleRulingKind.APART
        for key in one.keys
    }
    ruled = [(n, one) for n, one in enumerate(rulings) if one.kind is PeopleRulingKind.SAME]
    owner: dict[str, str] = {}
    because: dict[str, set[str]] = defaultdict(set)

    def root(key: str) -> str:
        while (up := owner.setdefault(key, key)) != key:
            owner[key] = owner[up] = owner.setdefault(up, up)
            key = owner[key]
        return key

    def join(keys: Sequence[str], reason: str, *, by_ruling: bool = False) -> None:
        roots = sorted({root(key) for key in keys if by_ruling or key not in apart})
        if not roots:
            return
        for other in roots[1:]:
            owner[other] = roots[0]
            because[roots[0]] |= because.pop(other, set())
        because[roots[0]].add(reason)

    for key in sorted(seen):
        root(key)
    for person in brief.people:
        keys = keys_of(person)
        if keys:
            join(keys, f"case.toml names {person.name or person.address} with these addresses.")
    for custodian in brief.custodians:
        _join_custodian(custodian.name, custodian.address, owner, join)
    for name, target in sorted(_nameless(seen, owner).items()):
        words = "directory name" if name.startswith("x:") else "name without an address"
        join(
            [name, target],
            f"A {words} is the display name of one single address in the same organisation.",
        )
    for place, one in ruled:
        said = f"{one.who} ruled on {say_day(one.when.date())} that they are one: {one.because}"
        still = [key for key in one.keys if key in owner and apart.get(key, -1) < place]
        join(still, said, by_ruling=True)
    members: dict[str, list[str]] = defaultdict(list)
    for key in sorted(owner):
        members[root(key)].append(key)
    return [(tuple(keys), tuple(sorted(because[top]))) for top, keys in sorted(members.items())]


def _join_custodian(name: str, address: str, owner: dict[str, str], join: object) -> None:
    folded, named = fold(address), name_key(name)
    keys = [f"a:{folded}"] if folded else []
    if named and (f"n:{named}" in owner or not keys):
        keys.append(f"n:{named}")
    if keys:
        join(keys, f"case.toml names the custodian {name or address}.")  # type: ignore[operator]


def keys_of(person: Person) -> list[str]:
    """The keys of everything that `case.toml` calls a person by."""
    written = [person.name, person.address, *person.also]
    keys = {
        key_of(Address(name="", address=w)) if "@" in w else f"n:{name_key(w)}" for w in written
    }
    return sorted(key for key in keys if len(key) > 2)


def _is_joint(entry: Seen) -> bool:
    """Whether an address writes under full names of two people: then no name is its own."""
    written: Counter[str] = Counter()
    for address, times in entry.written.items():
        if "@" not in address.name:
            written[address.name.strip()] += times
    read = [names.name(name) for name, times in written.items() if times >= names.OFTEN and name]
    return any(names.unlike(one, other) for one, other in combinations(read, 2))


def _nameless(seen: dict[str, Seen], owner: Mapping[str, str]) -> dict[str, str]:
    """Names and directory names without an address, with the one address that bears the name."""
    bearers: dict[str, set[str]] = defaultdict(set)
    for key, entry in seen.items():
        if key[0] == "a" and not _is_joint(entry):
            for name in {name_key(address.name) for address in entry.written} - {""}:
                if may_bear(key, name):
                    bearers[name].add(key)
    found = {}
    for key, entry in seen.items():
        if key[0] == "a" or owner.get(key, key) != key:
            continue
        called = {name_key(address.name) for address in entry.written} - {""}
        full = [name for name in called if " " in name]
        candidates = {one for name in full for one in bearers[name]}
        if entry.domains:
            candidates = {c for c in candidates if registrable(domain_of(c)) in entry.domains}
        if len(candidates) == 1:
            found[key] = candidates.pop()
    return found
