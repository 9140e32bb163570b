"""The school year as a calendar of closed days tells it: its breaks, and the terms between them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from commtrace.language.days import Reading, Span
from commtrace.workdays import Calendar

_RUN, _LONG = 4, 8  # weekdays of a break, and of one that ends a long term
_DAY = timedelta(days=1)


@cache
def breaks(school: Calendar, year: int) -> tuple[Span, ...]:
    """The runs of four or more closed weekdays from September of `year` to the next August."""
    found: list[Span] = []
    run: list[date] = []
    day = date(year, 9, 1)
    while day < date(year + 1, 9, 1):
        if day.weekday() < 5:
            if school.counts(day):
                found += [(run[0], run[-1])] if len(run) >= _RUN else []
                run = []
            else:
                run.append(day)
        day += _DAY
    return (*found, *([(run[0], run[-1])] if len(run) >= _RUN else []))


def is_long(span: Span) -> bool:
    """Whether a break has eight weekdays or more: holidays, and not a half term."""
    days = (span[1] - span[0]).days
    return days - 2 * (days // 7) + 1 >= _LONG


def terms(r: Reading, *, long: bool) -> list[Span]:
    """First and last school days of the running term and those after it.

    Six a year, or with `long` the three from one long holiday to the next. The last may have no
    end that the calendar tells: `date.max`.
    """
    both = (*terms_of(r.school, r.year, long=long), *terms_of(r.school, r.year + 1, long=long))
    return [one for one in both if one[1] >= r.day]


@cache
def terms_of(school: Calendar, year: int, *, long: bool) -> tuple[Span, ...]:
    """First and last school days of the terms of the school year from September of `year`."""
    found: list[Span] = []
    edge = date(year, 8, 31)
    for start, end in breaks(school, year):
        if long and not is_long((start, end)):
            continue
        last = start - _DAY
        while not school.counts(last):
            last -= _DAY
        first = school.due(edge, 1)
        if first <= last:
            found.append((first, last))
        edge = end
    unended = edge < date(year + 1, 7, 1)
    return (*found, *([(school.due(edge, 1), date.max)] if unended else []))
