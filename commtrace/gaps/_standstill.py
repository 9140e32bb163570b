"""Where an exchange stands still together with one person: the events before it, and the stop.

An event is something that ran through somebody: a message they wrote, a matter they passed on.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from commtrace.model import IdentityKind
from commtrace.view import NOBODY, View

_RECENTLY = 5  # working days: somebody who wrote in them stops with the exchange
_SHARED = (IdentityKind.SHARED_MAILBOX, IdentityKind.TEAM, IdentityKind.LIST)


@dataclass(frozen=True, slots=True)
class Standstill:
    """Nothing through `person`, and nothing between the two, for `days` whole working days.

    `baseline` are the events before it, `own` those through the person, `counted` those through
    any one person (shared mailboxes are many people, and count for nobody). `after` is the event
    that ends it, None where the material ends first.
    """

    person: int
    baseline: tuple[int, ...]
    own: tuple[int, ...]
    counted: int
    after: int | None
    first: date
    last: date
    days: int
    longest: int

    @property
    def before(self) -> int:
        """The row of the last event before."""
        return self.baseline[-1]

    @property
    def share(self) -> float:
        """How much of what single persons carried ran through this one."""
        return len(self.own) / self.counted


@dataclass(frozen=True, slots=True)
class Looked:
    """The thresholds: share and number of events, whole working days, days of baseline."""

    share: float
    events: int
    days: int
    baseline: int


class Standing:
    """The working days of a view up to the day `end`, and on which of them each person wrote."""

    def __init__(self, view: View, end: date) -> None:
        self._view = view
        first = view.day(0) if view.dated else end
        self.days = view.working.days(first, end)
        self._ordinals = [day.toordinal() for day in self.days]
        self._sent: dict[int, list[int]] = {}

    def place(self, row: int) -> int:
        """The number of the last working day up to a row's day; -1 before the first."""
        return bisect_right(self._ordinals, self._view.day(row).toordinal()) - 1

    def wrote(self, person: int, after: int, until: int) -> bool:
        """Whether somebody sent anything on the working days after one place up to another."""
        if person not in self._sent:
            rows = np.flatnonzero(self._view.sender[: self._view.dated] == person).tolist()
            automatic = self._view.automatic
            self._sent[person] = [self.place(row) for row in rows if not automatic[row]]
        places = self._sent[person]
        return bisect_left(places, after + 1) < bisect_right(places, until)

    def stands(
        self, events: Sequence[int], through: Sequence[int], wanted: Looked
    ) -> Iterator[Standstill]:
        """Each standstill that is unusual for the exchange and that one person stops with.

        `events` are rows in order of time, `through` the person of each (-1 for nobody alone).
        Unusual: no earlier standstill in the baseline is half as long (gap-science 5.2).
        """
        places = [self.place(row) for row in events]
        last = len(self.days) - 1
        for number, place in enumerate(places):
            open_end = number + 1 == len(events)
            until = last if open_end else places[number + 1] - 1
            if until - place < wanted.days:
                continue
            since = bisect_right(places, place - wanted.baseline, 0, number + 1)
            steps = np.diff(places[since : number + 1])
            longest = max(0, int(steps.max(initial=1)) - 1)
            person, own, counted = _most(through[since : number + 1])
            if counted < wanted.events or own < wanted.share * counted:
                continue
            if 2 * longest > until - place or self.wrote(person, place, until):
                continue
            if not self.wrote(person, place - _RECENTLY, place):
                continue  # they had stopped before, and the exchange had gone on
            yield Standstill(
                person=person,
                baseline=tuple(events[since : number + 1]),
                own=tuple(
                    row
                    for row, who in zip(
                        events[since : number + 1], through[since : number + 1], strict=True
                    )
                    if who == person
                ),
                counted=counted,
                after=None if open_end else events[number + 1],
                first=self.days[place + 1],
                last=self.days[until],
                days=until - place,
                longest=longest,
            )


def single(view: View, who: int) -> int:
    """A person, or -1 for a shared mailbox, a list, or nobody known."""
    return NOBODY if who == NOBODY or view.identities[who].kind in _SHARED else who


def _most(through: Sequence[int]) -> tuple[int, int, int]:
    """Through whom most ran, how much, and how much ran through any single person."""
    counts = Counter(who for who in through if who != NOBODY)
    if not counts:
        return NOBODY, 0, 0
    person, own = min(counts.items(), key=lambda item: (-item[1], item[0]))
    return person, own, counts.total()
