"""Stretches of time that people name: a week, a month, a term, a holiday, a feast, a year.

A name stands for its occurrences, the running one first: "the end of the month" and "after the
month" choose among them (`frames`). School words are read from the runs of closed days of the
school calendar: fewer than eight weekdays are a half term, more end a long term.
"""

# ruff: noqa: E501 - a pattern is read in one piece

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from commtrace.language.days import Reading, Span, monday, month
from commtrace.language.schoolyears import breaks, is_long, terms, terms_of

UNKNOWN = date.max  # the end of a term whose holiday no calendar tells
_FAR = 200  # days in which a bank holiday is looked for
_PAST = 120  # days in which a month without a year is taken as gone by
_DAY = timedelta(days=1)
_M = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_NAMED = {
    "chr": (12,), "xma": (12,), "eas": (3, 4), "sum": (5, 6, 7, 8), "oct": (10, 11), "aut": (10, 11),
    "feb": (2,), "spr": (2,), "may": (5, 6), "whi": (5, 6), "win": (12, 2), "jan": (1,), "jun": (6,),
    "aug": (8,), "new": (1,), "spg": (5,), "jub": (6,), "apr": (4,), "mar": (3,), "dec": (12,),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """What a name stands for: its occurrences in order, and what kind of stretch they are.

    `bare` says whether the name alone sets a time ("next week"), or only with a word before it.
    """

    kind: str
    spans: tuple[Span, ...]
    bare: bool = False


@dataclass(frozen=True, slots=True)
class PeriodWords:
    """One pattern and what reads it; `rank` orders readings of one place."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], Reading], Period | None]
    rank: int


def _which(m: re.Match[str]) -> str:
    return " ".join((m["which"] or "").casefold().split())


def _of_name(words: str | None, found: Iterator[Span]) -> tuple[Span, ...]:
    months = _NAMED.get((words or "").casefold().strip()[:3])
    return tuple(one for one in found if not months or {one[0].month, one[1].month} & {*months})


def _week(m: re.Match[str], r: Reading) -> Period:
    first = monday(r.day) + (7 * _DAY if r.day.weekday() > 4 else 0 * _DAY)
    which = _which(m)
    if which in {"next", "following", "coming"}:
        first = monday(r.day) + 7 * _DAY
    if m["after"]:
        first = monday(r.day) + (14 if m["next"] else 7) * _DAY
    span = (first, first + 4 * _DAY)
    bare = bool(m["after"]) or which in {"next", "this", "coming", "same", "following"}
    return Period("week", (span,), bare=bare)


def _weeks(m: re.Match[str], r: Reading) -> Period:
    """This week or the next, or the next two."""
    first = monday(r.day) + (7 if _which(m) == "next" else 0) * _DAY
    return Period("part", ((max(first, r.day), first + 11 * _DAY),), bare=True)


def _end_of_month(day: date) -> date:
    return day.replace(day=1) + relativedelta(months=1) - _DAY


def _month(m: re.Match[str], r: Reading) -> Period:
    """This month or the next."""
    next_ = _which(m) in {"next", "coming"}
    first = r.day.replace(day=1) + relativedelta(months=1 if next_ else 0)
    return Period("month", ((first, _end_of_month(first)),), bare=_which(m) in {"next", "this"})


def _named_month(m: re.Match[str], r: Reading) -> Period | None:
    if m["y"]:
        first = date(int(m["y"]), month(m["m"]), 1)
    else:
        first = date(r.day.year, month(m["m"]), 1)
        gone = (r.day - _end_of_month(first)).days
        if 0 < gone <= _PAST:
            return None
        if gone > _PAST:
            first = date(r.day.year + 1, first.month, 1)
    bare = _which(m) in {"next", "this", "this coming", "coming"}
    last = first
    if m["to"]:
        last = date(first.year + (month(m["to"]) < first.month), month(m["to"]), 1)
    return Period("part" if m["to"] else "month", ((first, _end_of_month(last)),), bare=bare)


def _year(m: re.Match[str], r: Reading) -> Period:
    """Years that begin in January, April or (for tax) on 6 April."""
    words = (m["year"] or "").casefold()
    start = {"f": (4, 1), "b": (4, 1), "t": (4, 6)}.get(words[:1], (1, 1))
    starts = [date(r.day.year + step, *start) for step in (-1, 0, 1, 2)]
    spans = [(day, day + relativedelta(years=1) - _DAY) for day in starts]
    which = _which(m)
    if which in {"next", "new", "coming"}:
        spans = [one for one in spans if one[0] > r.day]
        if which == "new" and not words.startswith("t"):
            return Period("opening", tuple((one[0], _end_of_month(one[0])) for one in spans), True)
    spans = [one for one in spans if one[1] >= r.day]
    if m["end"]:
        return Period("end", tuple((last, last) for _, last in spans), bare=True)
    return Period("year", tuple(spans), bare=which in {"next", "this"})


def _quarter(m: re.Match[str], r: Reading) -> Period:
    """A quarter of the year, which is one of the council's too."""
    first = date(r.day.year, 3 * ((r.day.month - 1) // 3) + 1, 1)
    first += relativedelta(months=3 if _which(m) == "next" else 0)
    span = (first, first + relativedelta(months=3) - _DAY)
    return Period("year", (span,), bare=_which(m) in {"this", "next"})


def _year_of_number(m: re.Match[str], r: Reading) -> Period:
    """A year by its number: "the end of 2022"."""
    del r
    return Period("year", ((date(int(m[0]), 1, 1), date(int(m[0]), 12, 31)),))


def _school_year(m: re.Match[str], r: Reading) -> Period:
    spans = []
    for year in (r.day.year - 1, r.day.year, r.day.year + 1):
        first = r.school.due(date(year, 8, 31), 1)
        last = next((one[0] for one in breaks(r.school, year) if one[1].month in (7, 8)), None)
        spans.append((first, last_school_day(r, last) if last else UNKNOWN))
    if _which(m) in {"next", "new", "coming"}:
        opening = tuple((one[0], one[0]) for one in spans if one[0] > r.day)
        return Period("opening", opening, bare=True)
    return Period("year", tuple(one for one in spans if one[1] >= r.day))


def last_school_day(r: Reading, day: date) -> date:
    """The last school day before a day."""
    day -= _DAY
    while not r.school.counts(day):
        day -= _DAY
    return day


def _holiday(m: re.Match[str], r: Reading) -> Period:
    half = "half" in m["what"].casefold()
    if half and m[0].casefold().startswith("this ") and r.school.counts(r.day):
        return Period("term", tuple(terms(r, long=False)[:1]))  # the half of a term that runs
    found = (
        one
        for year in (r.day.year - 1, r.day.year, r.day.year + 1)
        for one in breaks(r.school, year)
        if one[1] >= r.day and (is_long(one) is not half or _any_length(m))
    )
    return Period("holiday", _of_name(m["name"], found))


def _any_length(m: re.Match[str]) -> bool:
    """Whether a break is told by its month alone ("the October break"), or by nothing."""
    name = (m["name"] or "").casefold()
    return "half" not in m["what"].casefold() and (
        m[0].casefold() == "break" or bool(re.fullmatch(f"{_M}|spring|autumn", name))
    )


def _term(m: re.Match[str], r: Reading) -> Period | None:
    """A numbered term, the next, the new one, or the long term that runs."""
    number, which, season = m["n"] or m["k"], _which(m), (m["season"] or "").casefold()
    if season:
        months = {"autumn": (9,), "spring": (1,), "summer": (4,)}[season]
        spans = [one for one in terms(r, long=True) if one[0].month in months]
        if season == "autumn":
            spans = [one for one in spans if one[0].month == 9]
        if which == "next":
            spans = [one for one in spans if one[0] > r.day]
        return Period("season", tuple(spans), bare=False)
    if number:
        place = int(number) if number.isdigit() else _ORDINALS.index(number.casefold()) + 1
        years = (terms_of(r.school, year, long=False) for year in (r.year, r.year + 1))
        spans = [one[place - 1] for one in years if len(one) >= place]
        return Period("term", tuple(one for one in spans if one[1] >= r.day), bare=True)
    short = terms(r, long=False)
    if which in {"next", "new", "coming", "following"}:
        return Period("term", tuple(one for one in short if one[0] > r.day)[:1], bare=True)
    return Period("term", tuple(terms(r, long=True)))


_ORDINALS = ("one", "two", "three", "four", "five", "six")


def _term_starts(m: re.Match[str], r: Reading) -> Period:
    """The first school day after the next break: "when term starts", "the first day back"."""
    starts = [one[0] for one in terms(r, long=False) if one[0] > r.day]
    if _NAMED.get((m["name"] or "").casefold()[:3]):
        found = (one for year in (-1, 0) for one in breaks(r.school, r.day.year + year))
        starts = [r.school.due(one[1], 1) for one in _of_name(m["name"], found) if one[1] >= r.day]
    words = m[0].casefold()
    if words.startswith("first week"):
        weeks = tuple((day, monday(day) + 4 * _DAY) for day in starts)
        return Period("week", weeks, bare=True)
    kind = "return" if m["back"] and "day" not in m["back"].casefold() else "start"
    return Period(kind, tuple((day, day) for day in starts), bare="day" in m[0].casefold())


def _term_ends(m: re.Match[str], r: Reading) -> Period:
    """The last school day before the next break; of the term, before the next long one."""
    long = "term" in m[0].casefold()
    ends = [one[1] for one in terms(r, long=long) if one[1] >= r.day]
    named = _NAMED.get((m["name"] or "").casefold()[:3])
    if named:
        found = _of_name(
            m["name"], (one for y in (-1, 0) for one in breaks(r.school, r.day.year + y))
        )
        ends = [last_school_day(r, one[0]) for one in found if one[0] > r.day]
    return Period("end", tuple((day, day) for day in ends))


def _weekend(m: re.Match[str], r: Reading) -> Period:
    saturday = monday(r.day) + (12 if _which(m) == "next" else 5) * _DAY
    return Period("weekend", ((saturday, saturday + _DAY),), bare=_which(m) in {"next", "this"})


def _bank_holiday(m: re.Match[str], r: Reading) -> Period | None:
    closed = (
        (day, day)
        for day in (r.day + place * _DAY for place in range(_FAR))
        if day.weekday() < 5 and not r.working.counts(day)
    )
    found = _of_name(m["name"], closed)
    if not found:
        return None
    day = found[0][0]
    if m["weekend"]:
        return Period("bank", ((monday(day) + (-2 if day.weekday() == 0 else 4) * _DAY, day),))
    return Period("bank", ((day, day),), bare=bool(m["day"]))


def _feast(m: re.Match[str], r: Reading) -> Period:
    """Christmas with its second day, or Easter from Good Friday to the Monday."""
    spans: list[Span] = []
    for year in (r.day.year, r.day.year + 1):
        if m["feast"].casefold().startswith("e"):
            sunday = easter(year)
            spans.append((sunday - 2 * _DAY, sunday + _DAY))
        else:
            spans.append((date(year, 12, 25), date(year, 12, 26)))
    return Period("feast", tuple(one for one in spans if one[1] >= r.day))


def _new_year(m: re.Match[str], r: Reading) -> Period:
    del m
    first = date(r.day.year + 1, 1, 1)
    return Period("opening", ((first, _end_of_month(first)),), bare=True)


_NAME = (
    rf"(?P<name>{_M}|christmas|xmas|easter|summer|autumn|spring|winter|whitsun|new year|jubilee)"
)
_WHO = r"(?:(?:the\s+)?(?:schools?|children|pupils|students|kids)|we|they|you|everyone|he|she)"
_ALL = r"(?:(?:the\s+)?(?:schools?|children|pupils|students|kids)|we|they|everyone)"
_WHICH = r"(?P<which>this\s+coming|next|this|coming|new|current|same|following)"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:(?<![\w/.-])|(?<=mid-))(?:{pattern})(?![\w/-])", re.IGNORECASE)


PERIODS: tuple[PeriodWords, ...] = tuple(
    PeriodWords(_compiled(pattern), read, rank)
    for pattern, read, rank in (
        (r"(?P<which>this|next) week (?:or|and) (?P<or>next|the (?:week after|one after|following(?: week)?))(?: week)?", _weeks, 2),
        (rf"(?:{_WHICH}\s+)?(?:working |school )?week(?! (?:commencing|beginning|of\b|ending|starting|\d)|['’]s)(?P<after>\s+after\s+(?:(?P<next>next)|this))?", _week, 3),
        (rf"(?:{_WHICH}\s+)?(?:calendar )?month", _month, 4),
        ((rf"(?:{_WHICH}\s+)?(?P<m>{_M})\b(?!['’]|\s+\d{{1,2}}(?!\d))(?:\s+(?P<y>20\d\d))?"
         rf"(?:\s*(?:\band\b|\bor\b|\bto\b|\buntil\b|-|–|/)\s*(?P<to>{_M})(?!\s+\d{{1,2}}(?!\d)))?"), _named_month, 4),
        (rf"(?:{_WHICH}\s+)?(?P<year>financial|fiscal|tax|budget|calendar)?\s*year(?! \d|['’]s)(?P<end>[- ]end)?", _year, 4),
        (rf"(?:{_WHICH}\s+)(?:financial )?quarter|(?<=end of the )quarter|(?<=end of )quarter", _quarter, 4),
        (rf"(?:{_WHICH}\s+)?(?:school|academic)\s+year", _school_year, 2),
        (rf"(?:this\s+|next\s+|coming\s+)?(?:{_NAME}\s+)?(?P<what>half[- ]?term(?: (?:holiday|break|week))?|(?<=the )(?:(?:school )?(?:holidays|hols)|break(?! up))|school (?:holidays|hols))",
         _holiday, 2),
        (rf"(?P<name>{_M}|christmas|xmas|easter|summer|winter|spring|autumn)\s+(?P<what>break|closure|vacation|holidays?|hols)", _holiday, 2),
        (rf"(?:{_WHICH}\s+)?(?:(?:new|next) )?(?:(?P<season>autumn|spring|summer)\s+)?(?<!half )(?<!half-)term(?:\s+(?:(?P<n>[1-6])|(?P<k>one|two|three|four|five|six)))?",
         _term, 2),
        ((rf"(?:(?P<back>(?:{_WHO}\s+(?:go(?:es)?|starts?) back(?: to school)?|{_ALL}\s+(?:returns?|re-?opens?|(?:comes?|are|is) back(?: to school)?))(?!\s+(?:on|at)\b)"
          rf"|first (?:day|week) back)(?:\s+(?:to school\s+)?(?:after|from|in|for) (?:the )?(?:{_NAME})?\s*(?:half[- ]?term|holidays?|break|term)?)?"
          r"|(?:the )?(?:new |next )?(?:school )?term (?:starts|begins|resumes|gets under ?way)(?: again)?"
          r"|(?:start|beginning|first day) of (?:the )?(?:new |next )?(?:school )?term(?! [1-6]))"),
         _term_starts, 1),
        ((rf"(?:{_WHO} breaks? up|(?:school )?term (?:ends|finishes|is over)|{_WHO} finish(?:es)? for)(?: for)?(?: the)?(?: {_NAME})?"),
         _term_ends, 1),
        (rf"(?:{_WHICH}\s+)?(?<!holiday )weekend(?! of (?:the )?\d)", _weekend, 3),
        (rf"(?:{_NAME}\s+)?bank[- ]holiday(?:\s+(?:(?P<weekend>weekend)|(?P<day>(?:mon|fri|thurs|tues|wednes)day)))?", _bank_holiday, 2),
        (r"(?P<feast>christmas|xmas|easter)(?! (?:holiday|hols|break|bank|term|closure|vacation|monday|sunday|eve|day))", _feast, 3),
        (r"20\d\d(?!/)", _year_of_number, 5),
        (r"new year(?!['’]s)(?! bank)", _new_year, 3),
    )
)  # fmt: skip
PERIOD_NAMES = re.compile(  # in every match of the above is one of these
    r"week|month|year|quarter|term|half|h(?:oliday|ols)|break|school|children|pupils|students|kids"
    r"|back|return|open|finish|christmas|xmas|easter|vacation|closure|20\d\d|\b" + _M,
    re.IGNORECASE,
)
