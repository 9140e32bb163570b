"""Who should hold an absent message, and what of their material was supplied for its time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from commtrace.model import Coverage, Ghost, Holder
from commtrace.moments import Moment, local_day


def with_holders(ghosts: Iterable[Ghost], stretches: Sequence[Coverage]) -> tuple[Ghost, ...]:
    """The ghosts, each with its likely holders held against what was supplied.

    A custodian whose mailbox is not among the material is named all the same: somebody else's
    mailbox shows that they wrote or received it.
    """
    supplied = {stretch.custodian for stretch in stretches}
    return tuple(
        replace(
            ghost,
            holders=tuple(
                Holder(
                    custodian=name,
                    supplied=name in supplied,
                    covers=_covers(name, ghost.when, stretches),
                )
                for name in ghost.likely_holders
            ),
        )
        if ghost.likely_holders
        else ghost
        for ghost in ghosts
    )


def _covers(name: str, when: Moment | None, stretches: Sequence[Coverage]) -> bool | None:
    """Whether one stretch of a mailbox covers the whole time; None where the time is not known."""
    if when is None:
        return None
    first, last = local_day(when.earliest), local_day(when.last_second)
    return any(s.custodian == name and s.first <= first and last <= s.last for s in stretches)
