"""Two days that make one time: "from Monday 7 to Friday 11 March", "the 5th or the 6th".

A mere number takes the month of the other day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from commtrace.language.days import Span, of_the_month, on_weekday
from commtrace.language.leads import JOINED, LATEST, before
from commtrace.language.timewords import TimeWords

_WEEK = timedelta(days=7)
_LONGEST = 800  # days between the two
SHARP = 2  # ranks up to here name one day


@dataclass(frozen=True, slots=True)
class Found:
    """A name of days in a sentence, and the days it means."""

    match: re.Match[str]
    words: TimeWords
    span: Span
    rank: int
    end: int
    binds: bool = False


def pairs(sentence: str, alone: list[Found]) -> Iterator[Found]:
    """Two days with "to", "or" or a dash between them: from the one to the other."""
    sharp = [one for one in alone if one.rank <= SHARP and one.span[0] == one.span[1]]
    longest: dict[int, Found] = {}
    for one in sharp:
        if one.match.start() not in longest or longest[one.match.start()].end < one.end:
            longest[one.match.start()] = one
    for one in longest.values():
        if between := JOINED.match(sentence, one.end):
            place = between.end()
            other = longest.get(place) or longest.get(_past_the(sentence, place))
            if other and not LATEST.match(sentence, other.end):  # then the second binds by itself
                yield from _pair(sentence, one, other, between[0].casefold())


def _pair(sentence: str, one: Found, other: Found, between: str) -> Iterator[Found]:
    weekdays = one.words.read is other.words.read is on_weekday
    next_week = weekdays and "next" in (other.match["after"] or "").casefold()
    enclosed = before(sentence, one.match.start()).casefold().endswith("between ")
    if weekdays and " and " in between and not (next_week or enclosed):
        return  # on each of them: the first counts
    first, last = _first_of_two(one, other), other.span[1]
    if weekdays and last - first >= _WEEK:  # "Monday or Tuesday next week"
        first += _WEEK
    if other.words.read is on_weekday and last < first:
        last += (first - last + _WEEK - timedelta(days=1)) // _WEEK * _WEEK
    if first < last and (last - first).days < _LONGEST:
        binds = not re.search(r"\b(?:or|and)\b|&", between)
        yield Found(one.match, other.words, (first, last), -1, other.end, binds)


def _past_the(sentence: str, place: int) -> int:
    return place + (4 if sentence[place : place + 4].casefold() == "the " else 0)


def _first_of_two(one: Found, other: Found) -> date:
    """The first of two days: a mere number takes the month of the second."""
    if one.words.read is of_the_month and int(one.match["d"]) < other.span[0].day:
        return other.span[0].replace(day=int(one.match["d"]))
    return one.span[0]


def outermost(found: list[Found]) -> Iterator[Found]:
    """All but the names that lie inside a longer one: "today" in "21 days from today"."""
    reach = start = -1
    for one in sorted(found, key=lambda each: (each.match.start(), -each.end)):
        if one.end > reach or (one.match.start(), one.end) == (start, reach):
            reach, start = one.end, one.match.start()
            yield one
