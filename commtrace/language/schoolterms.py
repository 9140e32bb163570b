"""School words for a time: half term, holidays, and the terms between them.

Read from the runs of closed days of the school calendar: four to six weekdays are a half term, a
longer run ends a term (the six terms of the Kent year, September to July).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

from dateutil.easter import easter

from commtrace.language.days import Reading, Span, monday, weekday
from commtrace.workdays import Calendar

_HALF, _HOLIDAY, _SEPTEMBER = 4, 8, 9
_DAY = timedelta(days=1)


@cache
def _breaks(school: Calendar, year: int) -> tuple[Span, ...]:
    """The runs of four or more closed weekdays from September of `year` to the next August."""
    found: list[Span] = []
    run: list[date] = []
    day = date(year, 9, 1)
    while day < date(year + 1, 9, 1):
        if day.weekday() < 5:
            if school.counts(day):
                found += [(run[0], run[-1])] if len(run) >= _HALF else []
                run = []
            else:
                run.append(day)
        day += _DAY
    return (*found, *([(run[0], run[-1])] if len(run) >= _HALF else []))


def _year(day: date) -> int:
    return day.year if day.month > 8 else day.year - 1


def _next_break(r: Reading, *, term: bool) -> Span | None:
    for one in _breaks(r.school, _year(r.day)):
        weekdays = (one[1] - one[0]).days - 2 * ((one[1] - one[0]).days // 7) + 1
        if one[1] >= r.day and (weekdays >= _HOLIDAY) is term:
            return one
    return None


def _before(r: Reading, day: date) -> date:
    day -= _DAY
    while not r.school.counts(day):
        day -= _DAY
    return day


def _after(r: Reading, day: date) -> Span:
    first = r.school.due(day, 1)
    return first, monday(first) + timedelta(days=4)


def holiday(m: re.Match[str], r: Reading) -> Span | None:
    """Half term and holidays: before, at the end of, during or after the next one."""
    words = m["what"].casefold()
    half = "half" in words
    found = _next_break(r, term=not half)
    if found is None:
        return None
    where = (m["where"] or "").casefold()
    if "first day" in where:
        first = r.school.due(found[1], 1)
        return first, first
    if where.startswith(("after", "from", "when schools return after", "when school")):
        return _after(r, found[1])
    if where.startswith(("during", "over", "throughout", "in", "at half")):
        return found
    if "end" in where:
        return found[1], found[1]
    last = _before(r, found[0])
    return last, last


def break_up(m: re.Match[str], r: Reading) -> Span | None:
    """The last school day before the next break."""
    del m
    found = min(
        (one for term in (True, False) if (one := _next_break(r, term=term)) and one[0] > r.day),
        default=None,
    )
    if found is None:
        return None
    last = _before(r, found[0])
    return last, last


def schools_return(m: re.Match[str], r: Reading) -> Span | None:
    """The first school days after the next break."""
    del m
    found = min((one for term in (True, False) if (one := _next_break(r, term=term))), default=None)
    return None if found is None else _after(r, found[1])


def end_of_term(m: re.Match[str], r: Reading) -> Span | None:
    """The last school day of the term."""
    del m
    found = _next_break(r, term=True)
    if found is None:
        return None
    last = _before(r, found[0])
    return last, last


def term(m: re.Match[str], r: Reading) -> Span | None:
    """A numbered term, or the next: its first to its last school day."""
    breaks: Sequence[Span] = _breaks(r.school, _year(r.day))
    number = int(m["n"]) if m["n"] else 2 + sum(last < r.day for _, last in breaks)
    if not 2 <= number <= len(breaks) + 1:
        return None
    first = r.school.due(breaks[number - 2][1], 1)
    part = (m["part"] or "").casefold()
    if part.startswith(("start", "beginning")):
        return first, first
    if number - 1 >= len(breaks):
        return None
    last = _before(r, breaks[number - 1][0])
    return (last, last) if part.startswith("end") else (first, last)


def after_easter(m: re.Match[str], r: Reading) -> Span:
    """The first school days after Easter Monday."""
    del m
    return _after(r, easter(r.day.year) + _DAY)


def first_day_back(m: re.Match[str], r: Reading) -> Span | None:
    """The first school day after the next break."""
    found = schools_return(m, r)
    return None if found is None else (found[0], found[0])


def school_year(m: re.Match[str], r: Reading) -> Span:
    """The first school day of the school year that comes."""
    del m
    first = r.school.due(date(_year(r.day) + 1, 8, 31), 1)
    return first, first


def season(m: re.Match[str], r: Reading) -> Span | None:
    """The autumn, spring or summer term: from one long holiday to the next, or one end of it."""
    wanted = {"autumn": (9, 12), "spring": (1, 4), "summer": (4, 7)}[m["season"].casefold()]
    for year in (_year(r.day), _year(r.day) + 1):
        first, last = _term_between(r, year, wanted)
        where = (m["where"] or "").casefold().replace("in good", "").replace("in time", "").strip()
        whole = where.startswith(("in", "during", "end"))
        if first is None or (last or first) < r.day or (whole and last is None):
            continue
        if where.startswith("end") and last:
            return last, last
        if where.startswith("before"):
            day = _before(r, first)
            return day, day
        return (first, last) if whole and last else (first, first)
    return None


def _term_between(
    r: Reading, year: int, months: tuple[int, int]
) -> tuple[date | None, date | None]:
    """The first and last school day from one long holiday to the next, where both are told."""
    edge = date(year, 8, 31)
    for start, end in _breaks(r.school, year):
        if (end - start).days < _HOLIDAY:
            continue
        first, last = r.school.due(edge, 1), _before(r, start)
        if first.month == months[0] and last.month >= months[1] - 1:
            return first, last
        edge = end
    return (r.school.due(date(year, 8, 31), 1) if months[0] == _SEPTEMBER else None), None


def first_weekday_after(m: re.Match[str], r: Reading) -> Span | None:
    """The first of a weekday that comes after the next break."""
    found = _next_break(r, term="half" not in m["what"].casefold())
    if found is None:
        return None
    day = found[1] + _DAY
    day += (weekday(m["w"]) - day.weekday()) % 7 * _DAY
    return day, day
