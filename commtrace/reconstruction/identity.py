"""Who is who: addresses become identities, identities count for parties, each with its reason.

One address is one identity. Two addresses are one person only where `case.toml` says so, or where
a name without an address is the exact display name of one single known address in the same
organisation. Everybody whom `case.toml` does not place counts for a provisional party of their
mail domain, so that an unconfigured case still shows who wrote to whom.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from commtrace.brief import Brief, Person
from commtrace.model import (
    Address,
    Communication,
    Identity,
    IdentityId,
    IdentityKind,
    Membership,
    Party,
    PeopleRuling,
    PeopleRulingKind,
    digest,
)
from commtrace.reconstruction.addresses import (
    fold,
    is_internet,
    is_list,
    is_role,
    key_of,
    name_key,
)
from commtrace.reconstruction.custodians import custodians, is_sent_folder
from commtrace.reconstruction.grouping import Seen, groups, keys_of, seen_in
from commtrace.reconstruction.parties import Placing, over

_BRIDGE = timedelta(
    days=7
)  # "until Friday, since Monday" leaves a weekend that belongs to the first
NOBODY = -1


@dataclass(frozen=True, kw_only=True)
class Directory:
    """Everybody in a case: identities and parties by index, and how to look somebody up.

    `sender_of` gives a communication's sender where its own header is silent: the owner of the
    mailbox whose Sent folder holds it.
    """

    identities: tuple[Identity, ...]
    parties: tuple[Party, ...]
    place: Mapping[str, int]
    custodian_place: Mapping[str, int]
    _party_place: Mapping[str, int] = field(repr=False)
    _fixed: Sequence[int | None] = field(repr=False)

    def find(self, address: Address | None) -> int:
        """The index of the identity behind an address as written; -1 for nobody."""
        return NOBODY if address is None else self.place.get(key_of(address), NOBODY)

    def named(self, words: str) -> int:
        """The index of the identity with an address or a name; -1 for nobody known."""
        folded = fold(words)
        key = f"a:{folded}" if is_internet(folded) else f"n:{name_key(words)}"
        return self.place.get(key, NOBODY)

    def custodian(self, custodian: str | None) -> int:
        """The index of a custodian's identity; -1 if it is not known."""
        return NOBODY if custodian is None else self.custodian_place.get(custodian, NOBODY)

    def party(self, identity: int, day: date | None) -> int:
        """The index of the party that an identity counts for on a day; -1 for none."""
        if identity == NOBODY:
            return NOBODY
        fixed = self._fixed[identity]
        return fixed if fixed is not None else self._dated(identity, day)

    def _dated(self, identity: int, day: date | None) -> int:
        held = self.identities[identity].parties
        if day is None:
            return NOBODY
        for one in held:
            if _within(one, day):
                return self._party_place.get(one.party, NOBODY)
        ended = [m for m in held if m.until is not None and m.until < day <= m.until + _BRIDGE]
        if not ended:
            return NOBODY
        latest = max(ended, key=lambda m: m.until or date.min)
        return self._party_place.get(latest.party, NOBODY)

    def sender_of(self, communication: Communication) -> int:
        """The index of the sender's identity; the Sent folder's owner where none is written."""
        found = self.find(communication.sender)
        if found != NOBODY:
            return found
        owners = {
            self.custodian(sighting.custodian)
            for sighting in communication.sightings
            if sighting.custodian and is_sent_folder(sighting.folder)
        } - {NOBODY}
        return owners.pop() if len(owners) == 1 else NOBODY


@dataclass(frozen=True, slots=True)
class _Told:
    """What persons said of who is who: in `case.toml`, and by rulings."""

    brief: Brief
    rulings: Sequence[PeopleRuling]


def directory(
    communications: Sequence[Communication], brief: Brief, rulings: Sequence[PeopleRuling] = ()
) -> Directory:
    """Everybody named in the headers of `communications` or in `brief`, in an order by content.

    `rulings` are what persons decided on who is who; they stand over everything else.
    """
    seen = seen_in(communications)
    grouped = groups(seen, brief, rulings)
    parties = Placing(brief)
    made = sorted(
        (_identity(keys, why, seen, parties, _Told(brief, rulings)) for keys, why in grouped),
        key=lambda pair: pair[0].id,
    )
    identities = tuple(identity for identity, _ in made)
    place = {key: index for index, (_, keys) in enumerate(made) for key in keys}
    ordered = parties.ordered()
    party_place = {party.id: index for index, party in enumerate(ordered)}
    partial = Directory(
        identities=identities,
        parties=ordered,
        place=place,
        custodian_place={},
        _party_place=party_place,
        _fixed=[_fixed(identity, party_place) for identity in identities],
    )
    return Directory(
        identities=identities,
        parties=ordered,
        place=place,
        custodian_place=custodians(communications, brief, partial.named, identities),
        _party_place=party_place,
        _fixed=partial._fixed,  # noqa: SLF001 - the same value, completed
    )


def _identity(
    keys: tuple[str, ...],
    because: tuple[str, ...],
    seen: Mapping[str, Seen],
    parties: Placing,
    told: _Told,
) -> tuple[Identity, tuple[str, ...]]:
    person = _person(keys, told.brief)
    written: Counter[Address] = Counter()
    for key in keys:
        if key in seen:
            written.update(seen[key].written)
    known = () if person is None else person.membership
    ruled = [
        r for r in told.rulings if r.kind is PeopleRulingKind.PLACED and set(keys) & set(r.keys)
    ]
    always = any(one.since is None and one.until is None for one in ruled)
    placed = None if known or always else parties.of(keys)
    reasons = [*because, *([placed[1]] if placed else [])]
    counted = over(known or ((Membership(party=placed[0]),) if placed else ()), ruled)
    addresses = [key for key in keys if key[0] == "a"] or list(keys)
    primary = addresses[0]
    if person is not None and fold(person.address):
        primary = f"a:{fold(person.address)}"
    identity = Identity(
        id=IdentityId(digest("identity", primary)),
        label=_label(person, written, primary),
        kind=_kind(person, addresses),
        members=tuple(sorted(_members(written, keys), key=lambda a: (a.address, a.name, a.said))),
        parties=counted,
        because=tuple(reasons),
    )
    return identity, keys


def _person(keys: Sequence[str], brief: Brief) -> Person | None:
    held = set(keys)
    found = [person for person in brief.people if held.intersection(keys_of(person))]
    return found[0] if found else None


def _members(written: Counter[Address], keys: Sequence[str]) -> set[Address]:
    distinct = {Address(name=a.name.strip(), address=fold(a.address)) for a in written}
    present = {a.address for a in distinct}
    named = {Address(name="", address=key[2:]) for key in keys if key[0] == "a"}
    return distinct | {a for a in named if a.address not in present}


def _label(person: Person | None, written: Counter[Address], primary: str) -> str:
    if person is not None and person.name:
        return person.name
    names: Counter[str] = Counter()
    for address, count in written.items():
        name = address.name.strip().strip("'\"")
        if name and "@" not in name:
            names[name] += count
    if names:
        return min(names, key=lambda name: (-names[name], name))
    return primary[2:]


def _kind(person: Person | None, keys: Sequence[str]) -> IdentityKind:
    if person is not None and person.list_members:
        return IdentityKind.LIST
    if person is not None and person.shared:
        return IdentityKind.SHARED_MAILBOX
    if person is not None:
        return IdentityKind.PERSON
    if any(is_list(key) for key in keys):
        return IdentityKind.LIST
    if any(is_role(key) for key in keys):
        return IdentityKind.SHARED_MAILBOX
    return IdentityKind.PERSON


def _within(membership: Membership, day: date) -> bool:
    return (membership.since is None or membership.since <= day) and (
        membership.until is None or day <= membership.until
    )


def _fixed(identity: Identity, party_place: Mapping[str, int]) -> int | None:
    """The party of somebody who never moved, so that no day need be asked for."""
    if not identity.parties:
        return NOBODY
    one = identity.parties[0]
    if len(identity.parties) == 1 and one.since is None and one.until is None:
        return party_place.get(one.party, NOBODY)
    return None
