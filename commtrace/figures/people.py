"""Everybody in a case: rows for the People page. Draws nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from commtrace.model import Identity, IdentityKind, Likeness, SharedUse, Sharing
from commtrace.moments import say_day
from commtrace.reconstruction.addresses import key_of
from commtrace.view import View

KINDS: Mapping[IdentityKind, str] = {
    IdentityKind.PERSON: "Person",
    IdentityKind.SHARED_MAILBOX: "Shared mailbox",
    IdentityKind.TEAM: "Team",
    IdentityKind.LIST: "List",
    IdentityKind.ORGANISATION: "Organisation",
}
LIKENESS: Mapping[Likeness, str] = {
    Likeness.SAME_NAME: "Same name",
    Likeness.NAME_IN_ADDRESS: "Name in the address",
    Likeness.SPELLING: "A slip of spelling",
    Likeness.FULLER_NAME: "A fuller name",
    Likeness.ONLY_BEARER: "Nobody else of that name",
    Likeness.SAME_NAME_ELSEWHERE: "Same name elsewhere",
    Likeness.LOOKALIKE: "Looks alike",
}
USES: Mapping[SharedUse, str] = {
    SharedUse.HOUSEHOLD: "Household",
    SharedUse.SEVERAL_PEOPLE: "Several people",
    SharedUse.DELEGATE: "Delegate",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """An identity with what the page says of it: messages, days, parties, who else uses it."""

    identity: Identity
    place: int
    written: int
    received: int
    first: str
    last: str
    parties: str
    shared: tuple[Sharing, ...] = ()

    @property
    def kind(self) -> str:
        """What is behind the address: a household or several people, else what it is itself."""
        joint = (one.use for one in self.shared if one.use is not SharedUse.DELEGATE)
        return next((USES[use] for use in joint), KINDS[self.identity.kind])

    @property
    def messages(self) -> int:
        """Messages that name them as sender or recipient."""
        return self.written + self.received


def everybody(view: View) -> tuple[Somebody, ...]:
    """All identities that a message names, most messages first."""
    size = len(view.identities)
    dated = np.arange(len(view)) < view.dated
    senders, recipients = view.sender, view.recipient
    rows = np.repeat(np.arange(len(view)), np.diff(view.recipient_offsets))
    written = np.bincount(senders[senders >= 0], minlength=size)
    received = np.bincount(recipients[recipients >= 0], minlength=size)
    first, last = np.full(size, len(view)), np.full(size, -1)
    for who, row in ((senders[dated], np.flatnonzero(dated)), (recipients, rows)):
        kept = (who >= 0) & (row < view.dated)
        np.minimum.at(first, who[kept], row[kept])
        np.maximum.at(last, who[kept], row[kept])
    shared: dict[str, list[Sharing]] = {}
    for one in view.sharing:
        shared.setdefault(one.who, []).append(one)
    found = [
        Somebody(
            identity=who,
            place=n,
            written=int(written[n]),
            received=int(received[n]),
            first=say_day(view.day(int(first[n]))) if last[n] >= 0 else "",
            last=say_day(view.day(int(last[n]))) if last[n] >= 0 else "",
            parties=memberships(view, who),
            shared=tuple(shared.get(who.id, ())),
        )
        for n, who in enumerate(view.identities)
        if written[n] or received[n]
    ]
    return tuple(sorted(found, key=lambda one: (-one.messages, one.identity.label, one.place)))


def memberships(view: View, who: Identity) -> str:
    """The parties somebody counts for, with their days where they have any."""
    labels = {party.id: party.label for party in view.parties}
    said = []
    for one in who.parties:
        since = f" from {say_day(one.since)}" if one.since else ""
        until = f" to {say_day(one.until)}" if one.until else ""
        said.append(f"{labels.get(one.party, one.party)}{since}{until}")
    return ", ".join(said)


def keys(who: Identity) -> tuple[str, ...]:
    """What rulings call an identity: the keys of all its addresses and names."""
    return tuple(sorted({key for member in who.members if (key := key_of(member))}))


def said_key(key: str) -> str:
    """A key as a reader knows it: the address, or the name."""
    return key.partition(":")[2]


def rows_of(view: View, place: int, most: int = 8) -> Sequence[int]:
    """The latest rows that name somebody, as examples."""
    rows = np.repeat(np.arange(len(view)), np.diff(view.recipient_offsets))
    own = np.union1d(np.flatnonzero(view.sender == place), rows[view.recipient == place])
    return [int(row) for row in own[own < view.dated][-most:][::-1]]
