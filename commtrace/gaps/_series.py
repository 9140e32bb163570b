"""Series learnt from the mail itself: who sends what under which subject, how often or numbered.

A subject is a title of a series once its numbers, days and months are taken out. A rhythm is
learnt where at least five issues fill four fifths of the slots (working days, weeks or months)
between the first and the last, about one in each; a numbering where the numbers of five issues or
more rise and fill four fifths of their range. Says nothing in words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from commtrace.gaps._columns import answers_or_forwards, base_subject
from commtrace.moments import monday
from commtrace.view import NOBODY, View
from commtrace.workdays import Calendar

LEAST = 5  # issues
_FILLED = 0.8  # of the slots, or of the range of numbers
_IN_ONE_SLOT = 1.3  # issues on average: more is no rhythm
_RISING = 0.9  # of consecutive issues
_PACES = {"working day": 1, "week": 7, "month": 28}  # and the fewest days between two issues
_LOOSE = 0.6  # how far slots may be fewer than the days between them say (weekends, closures)
_LONGEST_TITLE = 120  # characters
_VARIABLE = re.compile(
    r"\b(?:\d{1,4}(?:st|nd|rd|th)?|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri"
    r"|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b"
)
_NUMBERED = re.compile(
    r"(?:\b(?:no|number|nr|issue|week|report|sitrep|update|part|day|edition|bulletin)\.? ?|#)"
    r"(\d{1,4})\b"
)


@dataclass(frozen=True, slots=True)
class Hole:
    """Issues absent between two that are held: days (both included), numbers, rows around."""

    first: date
    last: date
    numbers: tuple[int, ...]
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Series:
    """The issues of one series, in order of time, its title, and what sets its pace.

    `pace` is "working day", "week", "month" or "number"; `holes` are what is absent of it.
    """

    sender: int
    title: str
    rows: tuple[int, ...]
    pace: str
    filled: float
    holes: tuple[Hole, ...]


def series(view: View) -> Iterator[Series]:
    """Every series with a hole in it, by sender and title."""
    groups: dict[tuple[int, str], list[int]] = defaultdict(list)
    for row in range(view.dated):
        title = _title(view, row)
        if title:
            groups[int(view.sender[row]), title].append(row)
    for (sender, title), rows in sorted(groups.items()):
        if len(rows) >= LEAST:
            found = _numbered(view, sender, title, rows) or _rhythmic(view, sender, title, rows)
            if found is not None and found.holes:
                yield found


def title_of(subject: str) -> str:
    """A subject without what changes from issue to issue; "" where nothing else is left."""
    words = _VARIABLE.sub("#", base_subject(subject))
    return words if re.search(r"[^\W\d_]{3}", words) else ""


def _title(view: View, row: int) -> str:
    subject = view.subjects[row]
    if view.sender[row] == NOBODY or view.automatic[row] or len(subject) > _LONGEST_TITLE:
        return ""
    return "" if answers_or_forwards(subject) else title_of(subject)


def _numbered(view: View, sender: int, title: str, rows: Sequence[int]) -> Series | None:
    numbers = [_number(view.subjects[row]) for row in rows]
    held = [(n, row) for n, row in zip(numbers, rows, strict=True) if n is not None]
    if len(held) < max(LEAST, _FILLED * len(rows)):
        return None
    rising = sum(one[0] < other[0] for one, other in pairwise(held))
    known = {n for n, _ in held}
    width = max(known) - min(known) + 1
    if rising < _RISING * (len(held) - 1) or len(known) < _FILLED * width or len(known) < LEAST:
        return None
    holes = [
        Hole(
            *_days_between(view.day(one[1]), view.day(other[1])),
            tuple(range(one[0] + 1, other[0])),
            one[1],
            other[1],
        )
        for one, other in pairwise(held)
        if other[0] - one[0] > 1 and not known.intersection(range(one[0] + 1, other[0]))
    ]
    return Series(sender, title, tuple(rows), "number", len(known) / width, tuple(holes))


def _days_between(before: date, after: date) -> tuple[date, date]:
    """The days between two issues; both of them where no day lies between."""
    if (after - before).days < 2:
        return before, after
    return before + timedelta(days=1), after - timedelta(days=1)


def _number(subject: str) -> int | None:
    found = _NUMBERED.findall(base_subject(subject))
    return int(found[0]) if len(found) == 1 else None


def _rhythmic(view: View, sender: int, title: str, rows: Sequence[int]) -> Series | None:
    days = [view.day(row) for row in rows]
    span = (days[-1] - days[0]).days + 1
    for pace, least_days in _PACES.items():
        if len(set(days)) < _FILLED * _LOOSE * span / least_days:
            continue  # far too few for this pace: no need to count its slots
        slots = _slots(_calendar(view, rows[0]), pace, days[0], days[-1])
        place = {day: n for n, slot in enumerate(slots) for day in slot}
        taken = {place[day] for day in days}
        if len(taken) < LEAST or len(rows) > _IN_ONE_SLOT * len(taken):
            continue
        if len(taken) >= _FILLED * len(slots):
            holes = tuple(_rhythm_holes(slots, days, rows, place))
            return Series(sender, title, tuple(rows), pace, len(taken) / len(slots), holes)
    return None


def _calendar(view: View, row: int) -> Calendar:
    party = int(view.sender_party[row])
    return view.working if party == NOBODY else view.calendar_of(party)


def _slots(calendar: Calendar, pace: str, first: date, last: date) -> list[list[date]]:
    """The slots from `first` to `last`; days that count for nothing belong to the slot before."""
    slots: list[list[date]] = []
    key = None
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        own = {"working day": day, "week": monday(day), "month": day.replace(day=1)}[pace]
        if not slots or (own != key and calendar.counts(day)):
            slots.append([])
            key = own
        slots[-1].append(day)
    return slots


def _rhythm_holes(
    slots: Sequence[Sequence[date]],
    days: Sequence[date],
    rows: Sequence[int],
    place: dict[date, int],
) -> Iterator[Hole]:
    taken = sorted({place[day]: row for day, row in zip(days, rows, strict=True)}.items())
    for (one, before), (other, after) in pairwise(taken):
        if other - one > 1:
            yield Hole(slots[one + 1][0], slots[other - 1][-1], (), before, after)
