"""What may have carried a fact: messages, mailboxes that many use, lists, and absent messages.

A shared mailbox is read by everybody of its party, and anybody of it may have written in its name:
it is taken apart into what it received and what went out from it, so that a colleague's knowledge
leaves it with a message and not by itself. A list reaches its members.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from commtrace.model import Ghost, IdentityKind
from commtrace.reconstruction.sendings import EARLIEST, LATEST, Sendings, joined, sendings
from commtrace.view import NOBODY, Ints, View

_SHARED = (IdentityKind.SHARED_MAILBOX, IdentityKind.TEAM)
_Entry = tuple[int, int, int, int, int]  # row, sender, recipient, start, end


@dataclass(frozen=True, kw_only=True, eq=False)
class Carriers:
    """Everything by which a fact may have come from one to another.

    `messages` are those held; `inside` (mailboxes read and written in) and `lists` (to the members)
    need no message and have row -1. `outgoing` gives for each shared mailbox the place past the
    identities that stands for what goes out from it; `people` counts both. `unknown_lists` have no
    known member.
    """

    messages: Sendings
    inside: Sendings
    lists: Sendings
    outgoing: Mapping[int, int]
    people: int
    unknown_lists: tuple[int, ...]
    _mailbox: Mapping[int, int] = field(repr=False)

    def real(self, who: int) -> int:
        """The identity behind a place: a mailbox for what goes out from it."""
        return self._mailbox.get(who, who)

    def places(self, held: Mapping[int, int]) -> dict[int, int]:
        """What identities hold from a time on, at both places of a shared mailbox."""
        return {**held, **{self.outgoing[w]: at for w, at in held.items() if w in self.outgoing}}


def carriers(view: View) -> Carriers:
    """The carriers of a view. Made once, it serves for every fact."""
    whole = sendings(view)
    on_messages = np.zeros(len(view.identities), dtype=np.bool_)
    on_messages[whole.sender] = on_messages[whole.recipient] = True
    shared = [n for n, one in enumerate(view.identities) if one.kind in _SHARED and on_messages[n]]
    outgoing = {who: place for place, who in enumerate(shared, len(view.identities))}
    listed = _listed(view)
    members = [_read(one, member) for one, all_ in listed.items() for member in all_ - {one}]
    lists = (n for n, one in enumerate(view.identities) if one.kind is IdentityKind.LIST)
    return Carriers(
        messages=_sent_out(whole, outgoing),
        inside=made(sorted(_desks(view, outgoing, on_messages))),
        lists=made(sorted(members)),
        outgoing=outgoing,
        people=len(view.identities) + len(shared),
        unknown_lists=tuple(n for n in lists if n not in listed and on_messages[n]),
        _mailbox={place: who for who, place in outgoing.items()},
    )


def ghost_carriers(view: View, known: Carriers) -> tuple[Sendings, dict[int, str]]:
    """Every absent message as a possible carrier, and the id of each by its row past the last.

    From its author where a quoted header names one, else from anybody on the messages that cite it;
    to those it names, its likely holders and whoever cites it; without a time, at any time before
    the last of those that cite it.
    """
    place = _places(view)
    entries: list[_Entry] = []
    named = {}
    for number, ghost in enumerate(view.ghosts, len(view)):
        named[number] = ghost.id
        citing = [view.row_of[one] for one in ghost.cited_by if one in view.row_of]
        senders, to = _ends(view, ghost, citing, place)
        start, end = _time_of(view, ghost, citing)
        entries += [
            (number, known.outgoing.get(one, one), other, start, end)
            for one in sorted(senders - {NOBODY})
            for other in sorted(to - {NOBODY, one})
        ]
    return made(entries), named


def _ends(
    view: View, ghost: Ghost, citing: Sequence[int], place: Mapping[str, int]
) -> tuple[set[int], set[int]]:
    """Who may have sent an absent message, and who may have received it."""
    around = {p for row in citing for p in (int(view.sender[row]), *view.identities_to(row))}
    author = place.get(ghost.author.address.casefold()) if ghost.author else None
    said = {place.get(one.address.casefold(), NOBODY) for one in ghost.recipients}
    held = {place.get(name.casefold(), NOBODY) for name in ghost.likely_holders}
    to = said | held | {int(view.sender[row]) for row in citing}
    return ({author} if author is not None else around), (to if said else to | around)


def _time_of(view: View, ghost: Ghost, citing: Sequence[int]) -> tuple[int, int]:
    if ghost.when is not None:
        return int(ghost.when.earliest.timestamp()), int(ghost.when.latest.timestamp())
    ends = [int(view.end[row]) for row in citing if view.end[row]]
    return EARLIEST, max(ends, default=LATEST)


def _sent_out(whole: Sendings, outgoing: Mapping[int, int]) -> Sendings:
    """Messages in the name of a mailbox come from its outgoing place, and lie in it as sent."""
    if not outgoing:
        return whole
    place = np.arange(1 + max(int(whole.sender.max()), *outgoing), dtype=np.int64)
    place[list(outgoing)] = list(outgoing.values())
    sender = place[whole.sender]
    copies = whole.only(sender != whole.sender)
    moved = replace(whole, sender=sender)
    sent: Ints = place[copies.sender]
    return joined(moved, replace(copies, sender=sent, recipient=copies.sender))


def _desks(view: View, outgoing: Mapping[int, int], on_messages: Iterable[bool]) -> list[_Entry]:
    """Who reads a shared mailbox, and who may write in its name: everybody of its parties."""
    members: dict[str, set[int]] = {}
    for who, (identity, seen) in enumerate(zip(view.identities, on_messages, strict=True)):
        for one in identity.parties if seen else ():
            members.setdefault(one.party, set()).add(who)
    entries = []
    for who, out in outgoing.items():
        entries.append(_read(who, out))
        readers = {m for one in view.identities[who].parties for m in members[one.party]} - {who}
        entries += [_read(who, reader) for reader in readers]
        entries += [_read(outgoing.get(reader, reader), out) for reader in readers]
    return entries


def _listed(view: View) -> dict[int, set[int]]:
    """The members of each list that the case names."""
    if not any(person.list_members for person in view.brief.people):
        return {}
    place = _places(view)
    return {
        place[person.address.casefold()]: {
            place[name.casefold()] for name in person.list_members if name.casefold() in place
        }
        for person in view.brief.people
        if person.list_members and person.address.casefold() in place
    }


def _places(view: View) -> dict[str, int]:
    return {
        member.address.casefold(): index
        for index, one in enumerate(view.identities)
        for member in one.members
        if member.address
    }


def _read(one: int, other: int) -> _Entry:
    return NOBODY, one, other, EARLIEST, LATEST


def made(entries: Sequence[_Entry]) -> Sendings:
    """Sendings from (row, sender, recipient, start, end), of no party and no thread."""
    turned = np.array(entries, dtype=np.int64).reshape(-1, 5).T
    nobody = np.full(len(entries), NOBODY, dtype=np.int64)
    return Sendings(
        row=turned[0],
        sender=turned[1],
        recipient=turned[2],
        sender_party=nobody,
        recipient_party=nobody,
        start=turned[3],
        end=turned[4],
        thread=nobody,
    )
