"""What a day, a week, a month or a count of days means, read on the day it was written.

Each function takes the match of one pattern of `timewords` and gives the first and the last day, or
None where the words name none. UK day first; a date without a year is the next in which it comes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from commtrace.workdays import Calendar

Span = tuple[date, date]
ROUGH_DAYS = 10  # working days that "shortly" is given
_COUNTED = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty",
)  # fmt: skip
NUMBERS = {word: number for number, word in enumerate(_COUNTED, 1)} | {
    "a": 1, "an": 1, "another": 1, "next": 1,
    "couple of": 2, "few": 3, "twenty-eight": 28, "thirty": 30,
}  # fmt: skip
_PAST = 120  # days in which a date without a year is taken as gone by
_CLOSE = 1  # days ahead, in which a weekday is not called the next
_DAY = timedelta(days=1)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORDS = {"sun", "sat", "wed"}  # short for days, and words: only after a word that leads to a day
_AT_A_DAY = re.compile(
    r"(?:\b(?:on|by|until|till|this|next|coming|before|after|from|for|due|of|play|business|noon|and|or)"
    r"|\d(?:[ap]m)?|[-–/,])\s*$",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Reading:
    """The day on which a sentence was said, and the calendars of the case."""

    day: date
    calendars: Mapping[str, Calendar]

    @property
    def working(self) -> Calendar:
        """Working days."""
        return self.calendars["working"]

    @property
    def school(self) -> Calendar:
        """School days."""
        return self.calendars["school"]

    @property
    def year(self) -> int:
        """The year in whose September the school year of the day began."""
        return self.day.year if self.day.month > 8 else self.day.year - 1


def monday(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def weekday(words: str) -> int:
    """0 for Monday."""
    return _WEEKDAYS.index(words[:3].casefold())


def month(words: str) -> int:
    """1 for January."""
    return _MONTHS.index(words[:3].casefold()) + 1


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def dated(day: int, month: int, year: str | None, said: date) -> date | None:
    """A day and month, in the year written or the next in which they come; None if gone by."""
    if year:
        year = year.lstrip("'’")
        return _made(int(year) + (2000 if len(year) == 2 else 0), month, day)
    found = _made(said.year, month, day)
    if found is not None and found < said:
        found = None if (said - found).days <= _PAST else _made(said.year + 1, month, day)
    elif found is not None and (found - said).days > 366 - _PAST:
        found = None  # a few weeks ago, over the turn of the year
    return found


def _one(found: date | None) -> Span | None:
    return None if found is None else (found, found)


def day_month(m: re.Match[str], r: Reading) -> Span | None:
    """A day and month in words: "11 February", "Feb 11th, 2022"."""
    return _one(dated(int(m["d"]), month(m["m"]), m["y"], r.day))


def figures(m: re.Match[str], r: Reading) -> Span | None:
    """A day and month in figures, the day first; without a year, after a word that leads to it."""
    if not m["y"] and not _AT_A_DAY.search(m.string[: m.start()]):
        return None
    return _one(dated(int(m["d"]), int(m["m"]), m["y"], r.day) if int(m["m"]) < 13 else None)


def iso(m: re.Match[str], r: Reading) -> Span | None:
    """A date as ISO 8601 writes it."""
    del r
    return _one(_made(int(m["y"]), int(m["m"]), int(m["d"])))


def between(m: re.Match[str], r: Reading) -> Span | None:
    """Two days of one month."""
    last = dated(int(m["e"]), month(m["m"]), m["y"], r.day)
    first = last and _made(last.year, last.month, int(m["d"]))
    return (first, last) if first and last and first <= last else None


def of_the_month(m: re.Match[str], r: Reading) -> Span | None:
    """A day of this month, or of the next where it has gone by; on the weekday said, if any."""
    following = r.day + relativedelta(months=1)
    groups = m.groupdict()
    found = None if groups.get("next") else _made(r.day.year, r.day.month, int(m["d"]))
    if found is None or found < r.day:
        found = _made(following.year, following.month, int(m["d"]))
    if found and groups.get("w") and weekday(m["w"]) != found.weekday():
        earlier = (
            _made(day.year, day.month, int(m["d"])) for day in (r.day, r.day.replace(day=1) - _DAY)
        )
        if any(day and day < r.day and day.weekday() == weekday(m["w"]) for day in earlier):
            return None  # the weekday tells that it has gone by
        if "th" not in m[0].casefold() and not re.search(r"\d(?:st|nd|rd)", m[0], re.IGNORECASE):
            return None
    return _one(found)


def on_weekday(m: re.Match[str], r: Reading) -> Span | None:
    """A weekday: the next that comes, or the one of next week."""
    if m["w"].casefold() in _WORDS and not _AT_A_DAY.search(
        m.string[: m.start()] + (m["before"] or "")
    ):
        return None
    place = weekday(m["w"])
    ahead = (place - r.day.weekday() - 1) % 7 + 1
    coming = r.day + timedelta(days=ahead)
    of_next = monday(r.day) + timedelta(days=7 + place)
    before, after = (m["before"] or "").casefold(), (m["after"] or "").casefold()
    if "next week" in after:
        return of_next, of_next
    if "week" in after:
        later = coming + timedelta(days=7)
        return later, later
    if before.startswith("next"):  # of either reading, but tomorrow is never called so
        return (coming, of_next) if ahead > _CLOSE else (of_next, of_next)
    return coming, coming


def today(m: re.Match[str], r: Reading) -> Span:
    """The day itself."""
    del m
    return r.day, r.day


def tomorrow(m: re.Match[str], r: Reading) -> Span:
    """The next day, or the one after it."""
    days = 2 if m["after"] else 1
    return r.day + days * _DAY, r.day + days * _DAY


def next_working_day(m: re.Match[str], r: Reading) -> Span:
    """The next working day."""
    found = r.working.due(r.day, 1)
    return (r.day if m["within"] else found), found


def week_of(m: re.Match[str], r: Reading) -> Span | None:
    """The week that begins (or ends) with a date."""
    if m["f"]:
        first = dated(int(m["d"]), int(m["f"]), m["g"], r.day) if int(m["f"]) < 13 else None
    elif m["m"]:
        first = dated(int(m["d"]), month(m["m"]), m["y"], r.day)
    else:
        first = (of_the_month(m, r) or (None,))[0]
    if first is None:
        return None
    if m["kind"].casefold() in {"w/e", "week ending"}:
        return (monday(first) if m["in"] else first), first
    return first, first + timedelta(days=4)


def count(words: str) -> int:
    """A number in figures or words."""
    words = " ".join(words.casefold().split())
    return int(words) if words.isdigit() else NUMBERS[words]


def counted(m: re.Match[str], r: Reading) -> Span | None:
    """A count of hours, days, weeks or months from the day on."""
    many, unit, kind = count(m["n"]), m["unit"].casefold(), (m["kind"] or "").casefold()
    if unit.startswith("h"):
        last = r.day + timedelta(days=many // 24)
    elif unit.startswith("day"):
        school, working = kind.startswith("school"), kind.startswith(("working", "business"))
        few = m["n"].casefold().endswith(("few", "couple of"))
        calendar = r.school if school else r.working
        counted = school or working or few
        last = calendar.due(r.day, many) if counted else r.day + timedelta(days=many)
    else:
        last = _later(r.day, unit, many)
    return (last, last) if m["time"] else (r.day, last)


def days_to_come(m: re.Match[str], r: Reading) -> Span:
    """The coming days: three working days."""
    del m
    return r.day, r.working.due(r.day, 3)


def _end_of_month(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - _DAY


def month_end(m: re.Match[str], r: Reading) -> Span:
    """The last day of the month."""
    del m
    end = _end_of_month(r.day.year, r.day.month)
    return end, end


def soon(m: re.Match[str], r: Reading) -> Span:
    """Words that name no day: ten working days."""
    del m
    return r.day, r.working.due(r.day, ROUGH_DAYS)


def by_return(m: re.Match[str], r: Reading) -> Span:
    """The next working day."""
    del m
    return r.day, r.working.due(r.day, 1)


def counted_or(m: re.Match[str], r: Reading) -> Span | None:
    """A count of days or weeks; without a number, one of them."""
    unit = m["unit"].casefold()
    if m["n"] is None:
        if unit == "day" and "day or " in m[0].casefold():
            return r.day, r.working.due(r.day, 2 if "or two" in m[0].casefold() else 1)
        said = m[0].casefold()
        if unit in {"month", "year"} and (said.startswith(("within", "inside")) or " a " in said):
            return r.day, _later(r.day, unit, 1)
        if not unit.startswith(("week", "wk", "fort")) or unit.endswith("s"):
            return None
        two = unit.startswith("fort") or "or two" in m[0].casefold()
        last = r.day + timedelta(days=14 if two else 7)
        return (last if m["time"] else r.day), last
    if re.search(r"\bor two$", m[0], re.IGNORECASE) and count(m["n"]) == 1:
        return r.day, r.working.due(r.day, 2) if unit == "day" else _later(r.day, unit, 2)
    return counted(m, r)


def _later(day: date, unit: str, many: int) -> date:
    whole = {"we": 7, "wk": 7, "fo": 14}.get(unit[:2])
    months = many * (12 if unit.startswith("y") else 1)
    return day + (timedelta(days=whole * many) if whole else relativedelta(months=months))
