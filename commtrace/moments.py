"""When something happened, as far as the evidence says: an interval, its words and its basis.

Inside commtrace every time is aware UTC and every `Moment` is half-open, `[earliest, latest)`.
What a page or header said is kept beside what was made of it, so a reader can disagree. Letters
are read day first, as written in the United Kingdom; a zone that is not stated is never invented.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dateutil import parser

LONDON = ZoneInfo("Europe/London")
_SECOND = timedelta(seconds=1)
_FIRST_YEAR, _LAST_YEAR = 1970, 2100  # outside these a date is kept as words only
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december",
)  # fmt: skip


class Basis(StrEnum):
    """What a time rests on, strongest first."""

    RECEIVED = "received"
    MAPI_DELIVERY = "mapi_delivery"
    MAPI_SUBMIT = "mapi_submit"
    DATE_HEADER = "date_header"
    CALENDAR = "calendar"  # DTSTAMP of a calendar item (RFC 5545 section 3.8.7.2)
    CHAT = "chat"  # the time a chat export writes before a message
    LETTERHEAD = "letterhead"
    STAMP = "stamp"
    QUOTED_HEADER = "quoted_header"
    LOGGED = "logged"  # a date in a log or register, written down by whoever kept it
    THREAD_INDEX = "thread_index"
    FILE_NAME = "file_name"
    FILE_TIME = "file_time"
    ENTERED = "entered"  # a person wrote it down for the case
    SENTENCE = "sentence"  # the day that a sentence sets, read on the day of its message


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A half-open interval `[earliest, latest)` in aware UTC, the words it was read from, and why.

    A header is a second wide, "3 March 2022" a day in Europe/London, "w/c 7 Feb" a week.
    """

    earliest: datetime
    latest: datetime
    said: str
    basis: Basis

    def __post_init__(self) -> None:
        if self.earliest.tzinfo is None or self.latest.tzinfo is None:
            raise ValueError("A Moment needs times with a zone.")
        if self.latest <= self.earliest:
            raise ValueError("A Moment ends after it begins.")

    def before(self, other: Moment) -> bool | None:
        """True if this surely precedes `other`, False if it surely does not, None if unclear."""
        if self.latest <= other.earliest:
            return True
        if self.earliest >= other.latest:
            return False
        return None

    def a_day_apart(self, other: Moment) -> bool:
        """Whether more than 24 hours lie between the two, whichever is first."""
        gap = max(other.earliest - self.latest, self.earliest - other.latest)
        return gap > timedelta(days=1)

    @property
    def exact(self) -> bool:
        """Whether the evidence gives the second."""
        return self.latest - self.earliest <= _SECOND

    @property
    def last_second(self) -> datetime:
        """The last second inside the interval: what a reader is shown as its end."""
        return self.latest - _SECOND


def instant(when: datetime, said: str, basis: Basis) -> Moment:
    """The second that holds `when` (aware, any zone)."""
    start = when.astimezone(UTC).replace(microsecond=0)
    return Moment(earliest=start, latest=start + _SECOND, said=said, basis=basis)


def days(first: date, last: date, said: str, basis: Basis) -> Moment:
    """From the first moment of `first` to the end of `last`, as clocks run in Europe/London."""
    return Moment(earliest=start_of(first), latest=end_of(last), said=said, basis=basis)


def start_of(day: date) -> datetime:
    """The first moment of a day in Europe/London, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The moment after the last of a day in Europe/London, in UTC."""
    return start_of(day + timedelta(days=1))


def local_day(when: datetime) -> date:
    """The calendar day in Europe/London of an aware time."""
    return when.astimezone(LONDON).date()


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def plausible(when: datetime) -> bool:
    """Whether a time lies in the years commtrace reasons about (1970 to 2100)."""
    return _FIRST_YEAR <= when.year <= _LAST_YEAR


_NUMERIC = re.compile(
    r"(?<![\d/.-])(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4}|\d{2})(?![\d/]|[.-]\d)"
)
_ISO = re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])")
_MONTH_NAME = "|".join(f"{name[:3]}(?:{name[3:]})?" if name != "september" else "sept?(?:ember)?"
                       for name in _MONTHS)  # fmt: skip
_DAY_MONTH = re.compile(
    rf"(?<!\w)(\d{{1,2}})(?:st|nd|rd|th)?\.?\s{{1,3}}(?:of\s)?({_MONTH_NAME})\.?,?\s{{1,3}}(\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"(?<!\w)({_MONTH_NAME})\.?\s{{1,3}}(\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,3}}(\d{{4}})(?!\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDate:
    """A calendar day found in running text: the day, the words, their place, and any doubt."""

    day: date
    said: str
    start: int
    end: int
    doubt: str | None = None


def written_dates(text: str) -> tuple[WrittenDate, ...]:
    """Every full date written in `text`, in order of place, day first as in the United Kingdom.

    A numeric date whose first number cannot be a day ("02/13/2022") is read month first with a
    doubt; one that could be read both ways is read day first with a doubt that says so.
    """
    found = [*_iso_dates(text), *_numeric_dates(text), *_named_dates(text)]
    return tuple(sorted(found, key=lambda item: (item.start, item.end)))


def _iso_dates(text: str) -> list[WrittenDate]:
    return _dates((m, int(m[1]), int(m[2]), int(m[3]), None) for m in _ISO.finditer(text))


def _named_dates(text: str) -> list[WrittenDate]:
    day_first = ((m, int(m[3]), _month(m[2]), int(m[1]), None) for m in _DAY_MONTH.finditer(text))
    month_first = ((m, int(m[3]), _month(m[1]), int(m[2]), None) for m in _MONTH_DAY.finditer(text))
    return [*_dates(day_first), *_dates(month_first)]


def _numeric_dates(text: str) -> list[WrittenDate]:
    def reading(match: re.Match[str]) -> tuple[re.Match[str], int, int, int, str | None]:
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        year += 2000 if year < 70 else 1900 if year < 100 else 0
        if second > 12 >= first:
            return match, year, first, second, "read month first: the second number is no month"
        unclear = first <= 12 and first != second
        return match, year, second, first, "read day first" if unclear else None

    return _dates(reading(m) for m in _NUMERIC.finditer(text))


def _dates(readings: object) -> list[WrittenDate]:
    found = []
    for match, year, month, day, doubt in readings:  # type: ignore[attr-defined]
        try:
            when = date(year, month, day)
        except ValueError:
            continue
        if _FIRST_YEAR <= when.year <= _LAST_YEAR:
            found.append(WrittenDate(day=when, said=match[0], start=match.start(), end=match.end(),
                                     doubt=doubt))  # fmt: skip
    return found


def _month(name: str) -> int:
    return next(i for i, month in enumerate(_MONTHS, 1) if month.startswith(name[:3].lower()))


def say_day(day: date) -> str:
    """A day as a British reader writes it: `6 Feb 2022`."""
    return f"{day.day} {_MONTHS[day.month - 1][:3].title()} {day.year}"


def say_time(when: datetime) -> str:
    """An aware time in Europe/London to the minute: `6 Feb 2022, 09:30`."""
    local = when.astimezone(LONDON)
    return f"{say_day(local.date())}, {local:%H:%M}"


def say(moment: Moment | None) -> str:
    """A moment in words: a time, a day, a span of days, or that no date is known."""
    if moment is None:
        return "undated"
    if moment.exact:
        return say_time(moment.earliest)
    first, last = local_day(moment.earliest), local_day(moment.last_second)
    if first == last:
        return say_day(first)
    return f"{say_day(first)} to {say_day(last)}"


def utc_text(when: datetime) -> str:
    """A time as the exports write it: `2022-02-11T09:30:00Z`."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_EITHER = (datetime(2001, 1, 2, 3, 4), datetime(2018, 11, 25, 14, 51))  # noqa: DTZ001 - wall clocks
_LOOSEST = 100


def loose_time(words: str) -> datetime | None:
    """The wall clock in a date and time of a form that no reader here knows, or None.

    Without a zone, even where one is written; day first unless the year comes first. Day, month,
    year, hour and minute must all stand in `words`: what `dateutil` would fill in is refused by
    reading twice, with defaults that share nothing.
    """
    if not words.isascii() or len(words) > _LOOSEST or sum(map(str.isdigit, words)) < 6:
        return None
    day_first = re.match(r"\D*\d{4}", words) is None
    try:
        one, other = (
            parser.parse(words, dayfirst=day_first, ignoretz=True, default=default)
            for default in _EITHER
        )
    except (ValueError, ArithmeticError, TypeError, AttributeError, IndexError):
        return None
    return one if one == other and plausible(one) else None
