"""Which party an identity counts for where nobody dated its membership: by address, domain, name.

What `case.toml` says comes first; a mail domain that it does not know becomes a provisional party,
and the mail services open to anybody share one, so that no organisation is made up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from commtrace.brief import Brief, PartyBrief
from commtrace.model import Membership, Party, PartyKind, PeopleRuling
from commtrace.reconstruction.addresses import (
    domain_of,
    fold,
    is_webmail,
    name_key,
    registrable,
)

PRIVATE = Party(
    id="private-addresses", label="Private addresses", kind=PartyKind.PUBLIC, provisional=True
)


class Placing:
    """The parties of the brief, and the provisional ones made on the way."""

    def __init__(self, brief: Brief) -> None:
        self._briefs = brief.parties
        self._by_address = _first(
            (fold(address), entry.party.id)
            for entry in brief.parties
            for address in entry.addresses
        )
        self._by_domain = _first(
            (domain.casefold().lstrip("@."), entry.party.id)
            for entry in brief.parties
            for domain in entry.domains
        )
        self._by_name = _first(_party_names(brief.parties))
        self._made: dict[str, Party] = {}

    def of(self, keys: Sequence[str]) -> tuple[str, str] | None:
        """The party of an identity with these keys, and the reason; None where nothing says."""
        for key in keys:
            if found := self._by_address.get(key[2:]):
                return found, "case.toml lists the address under the party."
        for key in keys:
            if found := self._of_domain(domain_of(key)):
                return found, "case.toml lists the mail domain under the party."
        for key in keys:
            if key.startswith("n:") and (found := self._by_name.get(key[2:])):
                return found, "The name is the party's own."
        domains = sorted({domain_of(key) for key in keys} - {""})
        return self._provisional(domains[0]) if domains else None

    def _of_domain(self, domain: str) -> str | None:
        while domain:
            if found := self._by_domain.get(domain):
                return found
            domain = domain.partition(".")[2]
        return None

    def _provisional(self, domain: str) -> tuple[str, str]:
        if is_webmail(domain) or is_webmail(registrable(domain)):
            self._made[PRIVATE.id] = PRIVATE
            return PRIVATE.id, "Its mail service is open to anybody: no organisation is known."
        name = registrable(domain)
        party = Party(
            id=f"domain:{name}",
            label=name,
            kind=PartyKind.OTHER,
            organisation=name,
            provisional=True,
        )
        self._made[party.id] = party
        return party.id, "Placed by its mail domain, for the auditor to confirm."

    def ordered(self) -> tuple[Party, ...]:
        """Parties of the brief in its order, then the provisional ones by label."""
        made = sorted(self._made.values(), key=lambda party: (party.label.casefold(), party.id))
        return (*(entry.party for entry in self._briefs), *made)


def over(held: Sequence[Membership], ruled: Sequence[PeopleRuling]) -> tuple[Membership, ...]:
    """Memberships with those ruled (oldest first) laid over them: each stands in its own days.

    What was held before and after those days stays, so that somebody ruled into a party from one
    day on counts until then as before.
    """
    found = list(held)
    for one in ruled:
        found = [part for each in found for part in _outside(each, one.since, one.until)]
        found.append(Membership(party=one.party, since=one.since, until=one.until))
    return tuple(sorted(found, key=lambda m: (m.since or date.min, m.until or date.max, m.party)))


def _outside(held: Membership, since: date | None, until: date | None) -> Iterable[Membership]:
    """What is left of a membership before `since` and after `until`."""
    first, last = held.since or date.min, held.until or date.max
    if (until or date.max) < first or last < (since or date.min):
        yield held
        return
    if since is not None and first < since:
        yield replace(held, until=since - timedelta(days=1))
    if until is not None and until < last:
        yield replace(held, since=until + timedelta(days=1))


def _first(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in pairs:
        if key:
            found.setdefault(key, value)
    return found


def _party_names(briefs: Sequence[PartyBrief]) -> Iterable[tuple[str, str]]:
    for entry in briefs:
        yield name_key(entry.party.label), entry.party.id
        for written in entry.addresses:
            if "@" not in written:
                yield name_key(written), entry.party.id
    organisations = Counter(entry.party.organisation for entry in briefs)
    for entry in briefs:
        if organisations[entry.party.organisation] == 1:
            yield name_key(entry.party.organisation), entry.party.id
