"""Counting days in somebody's own calendar: working days, school days, every day.

Two counts that are never mixed (every sentence names its own): `elapsed` counts `(start, end]`,
the way a reply is timed (the day of receipt is day 0; FOIA 2000 s10, ICO guidance), and
`clear_days` counts the days strictly between, the way notice is timed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

_SATURDAY = 5
_FAR = 366 * 40


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days count for somebody: a name, and the days that do not count.

    `weekdays_only` says whether Saturdays and Sundays are left out. Build one with `calendar()`.
    """

    name: str
    weekdays_only: bool
    closed: tuple[date, ...]
    _closed: frozenset[date] = field(repr=False, compare=False, default=frozenset())

    def counts(self, day: date) -> bool:
        """Whether `day` counts in this calendar."""
        return not (self.weekdays_only and day.weekday() >= _SATURDAY) and day not in self._closed

    def elapsed(self, start: date, end: date) -> int:
        """Counting days in `(start, end]`; 0 if `end` is not after `start`."""
        return self._between(start, end)

    def clear_days(self, start: date, end: date) -> int:
        """Counting days strictly between `start` and `end`."""
        return self._between(start, end - timedelta(days=1))

    def due(self, start: date, days: int) -> date:
        """The day on which `days` counting days have elapsed since `start` (which is day 0)."""
        day, left = start, days
        for _ in range(_FAR):
            if left <= 0:
                return day
            day += timedelta(days=1)
            left -= self.counts(day)
        return day

    def days(self, first: date, last: date) -> list[date]:
        """The counting days from `first` to `last`, both included."""
        span = (last - first).days
        return [d for n in range(span + 1) if self.counts(d := first + timedelta(days=n))]

    def _between(self, start: date, end: date) -> int:
        if end <= start:
            return 0
        total = (end - start).days
        if self.weekdays_only:
            total = _weekdays_to(end) - _weekdays_to(start)
        inside = self.closed[bisect_right(self.closed, start) : bisect_right(self.closed, end)]
        return total - len(inside)


def calendar(name: str, *, weekdays_only: bool = True, closed: Iterable[date] = ()) -> Calendar:
    """A calendar in which `closed` days (and, if so asked, weekends) do not count."""
    off = sorted({d for d in closed if not (weekdays_only and d.weekday() >= _SATURDAY)})
    return Calendar(name, weekdays_only, tuple(off), frozenset(off))


def _weekdays_to(day: date) -> int:
    """Weekdays from the Monday of ordinal 1 up to and including `day`."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)


def counting_days_array(days: list[date], first: date, last: date) -> int:
    """How many of the sorted `days` lie from `first` to `last`, both included."""
    return bisect_right(days, last) - bisect_left(days, first)


EVERY_DAY = calendar("every day", weekdays_only=False)
