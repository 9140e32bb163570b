"""Who should hold an absent message, and what of their material was supplied for its time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from commtrace.model import Coverage, Ghost, Holder
from commtrace.moments import Moment, local_day
from commtrace.reconstruction.identity import NOBODY, Directory


def with_holders(
    ghosts: Iterable[Ghost], stretches: Sequence[Coverage], people: Directory
) -> tuple[Ghost, ...]:
    """The ghosts, each with its likely holders held against what was supplied.

    A custodian whose mailbox is not among the material is named all the same, and so is whoever a
    quoted header names as author or recipient: that they wrote or received it is shown.
    """
    supplied = {stretch.custodian for stretch in stretches}
    return tuple(
        replace(
            ghost,
            holders=(
                *(
                    Holder(
                        custodian=name,
                        supplied=name in supplied,
                        covers=_covers(name, ghost.when, stretches),
                    )
                    for name in ghost.likely_holders
                ),
                *_named(ghost, people),
            ),
        )
        for ghost in ghosts
    )


def _named(ghost: Ghost, people: Directory) -> Iterator[Holder]:
    """Author and recipients whom a quoted header names and who are no custodians of the case."""
    known = set(people.custodian_place.values()) | {NOBODY}
    written = [address for address in (ghost.author, *ghost.recipients) if address is not None]
    for place in dict.fromkeys(people.find(address) for address in written):
        if place not in known:
            yield Holder(custodian=people.identities[place].label, supplied=False, covers=None)


def _covers(name: str, when: Moment | None, stretches: Sequence[Coverage]) -> bool | None:
    """Whether one stretch of a mailbox covers the whole time; None where the time is not known."""
    if when is None:
        return None
    first, last = local_day(when.earliest), local_day(when.last_second)
    return any(s.custodian == name and s.first <= first and last <= s.last for s in stretches)
