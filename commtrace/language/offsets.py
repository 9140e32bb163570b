"""Days told by way of others: "a week tomorrow", "the second Tuesday in March".

So too "28 days from the date of this letter", "Monday or Tuesday".

Each function takes the match of one pattern of `timewords` and gives the first and the last day, or
None where the words name none.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from commtrace.language.days import Reading, Span, count, dated, monday, month, weekday

_DAY = timedelta(days=1)
_FIXED = {"christmas eve": (12, 24), "christmas day": (12, 25), "boxing day": (12, 26),
          "new years eve": (12, 31), "new years day": (1, 1)}  # fmt: skip
_OF_EASTER = {"maundy thursday": -3, "good friday": -2, "easter saturday": -1, "easter sunday": 0,
              "easter monday": 1}  # fmt: skip
_DAYS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
         "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth")  # fmt: skip
_ORDINALS = ("first", "second", "third", "fourth")


def weeks_from(m: re.Match[str], r: Reading) -> Span:
    """Some weeks after today, tomorrow or a weekday; "week" alone is one."""
    words = m["from"].casefold()
    if words.startswith("today"):
        start = r.day
    elif words[:2] in {"to", "tm"}:
        start = r.day + _DAY
    else:
        start = r.day + (1 + (weekday(words) - r.day.weekday() - 1) % 7) * _DAY
    number = m["n"]
    days = 14 if "fortnight" in m[0].casefold() else 7 * (count(number) if number else 1)
    return start + days * _DAY, start + days * _DAY


def weekday_of_month(m: re.Match[str], r: Reading) -> Span | None:
    """The first, second, third, fourth or last of a weekday in a month."""
    if m["m"]:
        first = dated(1, month(m["m"]), m["y"], r.day) or r.day.replace(day=1)
        if not m["y"] and first.month != month(m["m"]):
            return None
    else:
        first = r.day.replace(day=1) + relativedelta(months=1 if m["next"] else 0)
    every = [
        day
        for day in (first + place * _DAY for place in range(31))
        if day.month == first.month and day.weekday() == weekday(m["w"])
    ]
    which = m["which"].casefold()
    found = every[-1] if which == "last" else every[_place(which)]
    return found, found


def _place(which: str) -> int:
    return _ORDINALS.index(which) if which in _ORDINALS else int(which[0]) - 1


def days_from(m: re.Match[str], r: Reading) -> Span:
    """A count of days from today, this letter or its receipt; weekends count unless said."""
    kind = (m["kind"] or "").casefold()
    number, unit = count(m["n"]), m["unit"].casefold()
    if unit.startswith("fort"):
        return r.day, r.day + 14 * number * _DAY
    if unit.startswith("month"):
        return r.day, r.day + relativedelta(months=number)
    if unit.startswith("week"):
        return r.day, r.day + 7 * number * _DAY
    if not kind or kind == "calendar":
        return r.day, r.day + number * _DAY
    return r.day, (r.school if kind == "school" else r.working).due(r.day, number)


def week_out(m: re.Match[str], r: Reading) -> Span:
    """The Friday of the week that is not to end before it."""
    del m
    friday = r.day + (4 - r.day.weekday()) % 7 * _DAY
    return friday, friday


def next_morning(m: re.Match[str], r: Reading) -> Span:
    """The day after."""
    del m
    return r.day + _DAY, r.day + _DAY


def this_time(m: re.Match[str], r: Reading) -> Span:
    """The same day of the next week or month."""
    step = relativedelta(weeks=1) if m["unit"].casefold() == "week" else relativedelta(months=1)
    return r.day + step, r.day + step


def either_day(m: re.Match[str], r: Reading) -> Span | None:
    """Two weekdays that come, the second after the first: "Monday or Tuesday"."""
    first = r.day + (1 + (weekday(m["w"]) - r.day.weekday() - 1) % 7) * _DAY
    if m["next"]:
        first = monday(r.day) + (7 + weekday(m["w"])) * _DAY
    last = first + (weekday(m["v"]) - first.weekday()) % 7 * _DAY
    return first, last


def next_days(m: re.Match[str], r: Reading) -> Span:
    """Tomorrow and the day after it."""
    del m
    return r.day + _DAY, r.day + 2 * _DAY


def named_day(m: re.Match[str], r: Reading) -> Span | None:
    """A day that has a name: Good Friday, Boxing Day."""
    words = " ".join(m["day"].casefold().replace("’", "'").replace("'", "").split())
    for year in (r.day.year, r.day.year + 1):
        if words in _FIXED:
            day = date(year, *_FIXED[words])
        elif words == "may day":
            day = date(year, 5, 1) + (7 - date(year, 5, 1).weekday()) % 7 * _DAY
        else:
            day = easter(year) + _OF_EASTER[words] * _DAY
        if day >= r.day:
            return day, day
    return None


def after_next(m: re.Match[str], r: Reading) -> Span:
    """A weekday, weekend or month after the next one."""
    unit = m["unit"].casefold()
    if unit == "month":
        first = r.day.replace(day=1) + relativedelta(months=2)
        return first, first + relativedelta(months=1) - _DAY
    if unit == "weekend":
        first = monday(r.day) + 19 * _DAY
        return first, first + _DAY
    day = monday(r.day) + (14 + weekday(unit)) * _DAY
    return day, day


def weekend_of(m: re.Match[str], r: Reading) -> Span | None:
    """The Saturday and Sunday of the week of a date."""
    day = dated(int(m["d"]), month(m["m"]), m["y"], r.day)
    if day is None:
        return None
    saturday = monday(day) + 5 * _DAY
    return saturday, saturday + _DAY


def week_from(m: re.Match[str], r: Reading) -> Span:
    """The working week that begins on the coming of a weekday."""
    day = r.day + (1 + (weekday(m["w"]) - r.day.weekday() - 1) % 7) * _DAY
    return day, monday(day) + 4 * _DAY


def ordinal(m: re.Match[str], r: Reading) -> Span | None:
    """A day of a month in words: "the first of March"."""
    number = _DAYS.index(m["o"].casefold()) + 1
    if m["m"]:
        day = dated(number, month(m["m"]), m["y"], r.day)
    else:
        first = r.day.replace(day=1) + relativedelta(months=1 if m["next"] else 0)
        day = first + (number - 1) * _DAY
        day = day if day >= r.day else day + relativedelta(months=1)
    return None if day is None else (day, day)
