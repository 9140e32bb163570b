"""What is known to exist and was not provided, where it bears on what was not found.

A line of the register bears on a person or a party if its holder is theirs and its days overlap; a
line without a holder says of no place what it could hold, and only the reports print it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from commtrace.brief import KnownMissing
from commtrace.gaps._wording import failed, listed
from commtrace.model import Channel, Check, Coverage
from commtrace.moments import say_day
from commtrace.view import NOBODY, View

WHAT = "It lies in material that is known to exist and was not provided"


def lines(
    view: View, people: Iterable[int], parties: Iterable[int], first: date, last: date
) -> list[KnownMissing]:
    """The lines of the register that bear on these people or parties in these days."""
    if not view.brief.known_missing:
        return []
    names: set[str] = set()
    for who in people:
        if who != NOBODY:
            names |= _names(view, who)
    for index in parties:
        if index != NOBODY:
            party = view.parties[index]
            names |= {party.id.casefold(), party.label.casefold()}
            names |= _members(view, party.id)
    return [
        one
        for one in view.brief.known_missing
        if one.holder and one.holder.casefold() in names and _overlaps(one, first, last)
    ]


def _names(view: View, who: int) -> set[str]:
    identity = view.identities[who]
    found = {identity.label, *(m.address for m in identity.members)}
    found |= {m.name for m in identity.members}
    return {name.casefold() for name in found if name}


def _members(view: View, party: str) -> set[str]:
    return {
        name
        for who, identity in enumerate(view.identities)
        if any(m.party == party for m in identity.parties)
        for name in _names(view, who)
    }


def _overlaps(one: KnownMissing, first: date, last: date) -> bool:
    early = one.until is not None and one.until < first
    late = one.since is not None and last < one.since
    return not (early or late)


def withheld(view: View, box: Coverage, first: date, last: date) -> bool:
    """Whether mail of a mailbox in these days is known to exist and was not provided."""
    mail = [one for one in view.brief.known_missing if one.channel is Channel.EMAIL]
    if not mail:
        return False
    own = {box.custodian.casefold()}
    own |= {
        name
        for who, identity in enumerate(view.identities)
        if identity.id == box.identity
        for name in _names(view, who)
    }
    return any(one.holder.casefold() in own and _overlaps(one, first, last) for one in mail)


def shows(view: View, box: Coverage, first: date, last: date) -> bool:
    """Whether a mailbox covers these days whole, and none of its mail of them is withheld."""
    return box.first <= first and last <= box.last and not withheld(view, box, first, last)


def checks(found: Sequence[KnownMissing]) -> tuple[Check, ...]:
    """The check that such lines fail; nothing where there are none."""
    return (failed(WHAT, f"the register names {said(found)}"),) if found else ()


def said(found: Sequence[KnownMissing]) -> str:
    """The lines in words."""
    return listed(_line(one) for one in found)


def _line(one: KnownMissing) -> str:
    known = [one.holder, f"known from: {one.who_says}" if one.who_says else ""]
    asked = f"asked for on {say_day(one.asked_for)}" if one.asked_for else "not asked for yet"
    known.append(f"{asked}, {one.answered}" if one.answered else asked)
    return f"“{one.what}” ({'; '.join(word for word in known if word)})"
