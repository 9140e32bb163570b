"""Times of a calendar: UTC, with a zone that the file defines, with one by name, or with none.

A zone comes from the file's own VTIMEZONE (RFC 5545 section 3.6.5), else from the name it is
called by, with a doubt; where neither helps the time stays as the clock of the place showed it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rrulestr

from commtrace.moments import LONDON, Basis, Moment, instant, plausible, say_day

from ._icalendar import Component, Property
from ._text import clean_line

BY_NAME = 'The calendar names the time zone "{zone}" without defining it; it was read by its name.'
UNKNOWN = 'The calendar names a time zone, "{zone}", that is not known; its clock is given as is.'
FLOATING = "The calendar gives a time without a zone; the clock of the place is meant."
_WEST, _EAST = timedelta(hours=-12), timedelta(hours=14)  # the zones of the world
_TIME = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:T(\d{2}):?(\d{2}):?(\d{2})?(Z)?)?", re.IGNORECASE)
_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?")
_YEARLY = re.compile(
    r"FREQ=YEARLY(?:;(?:BYMONTH|BYDAY|BYMONTHDAY|UNTIL|WKST|INTERVAL)=[\w,+\-]{1,40}){0,5}",
    re.IGNORECASE,
)
_WINDOWS = {
    "gmt standard time": "Europe/London", "greenwich standard time": "Atlantic/Reykjavik",
    "w. europe standard time": "Europe/Berlin", "romance standard time": "Europe/Paris",
    "central europe standard time": "Europe/Budapest", "utc": "UTC",
    "central european standard time": "Europe/Warsaw", "gtb standard time": "Europe/Bucharest",
    "fle standard time": "Europe/Kiev", "eastern standard time": "America/New_York",
    "central standard time": "America/Chicago", "mountain standard time": "America/Denver",
    "pacific standard time": "America/Los_Angeles", "india standard time": "Asia/Kolkata",
    "(utc+00:00) dublin, edinburgh, lisbon, london": "Europe/London",
    "greenwich mean time": "Europe/London", "gmt": "UTC", "bst": "Europe/London",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of a calendar: the clock's reading, its offset where it is known, and doubts."""

    wall: datetime  # naive: what the clock of the place shows
    day: bool  # a whole day
    offset: timedelta | None
    zone: str
    doubts: tuple[str, ...] = ()

    @property
    def when(self) -> datetime | None:
        """The time as an aware one, where its offset is known."""
        if self.offset is None or self.day:
            return None
        return self.wall.replace(tzinfo=timezone(self.offset))


@dataclass(frozen=True, slots=True)
class _Observance:
    start: datetime
    offset: timedelta
    rule: str


Zones = Mapping[str, tuple[_Observance, ...]]


def zones(calendar: Component) -> Zones:
    """The zones that a calendar defines, by their names."""
    found: dict[str, tuple[_Observance, ...]] = {}
    for one in calendar.inside:
        if one.name != "VTIMEZONE":
            continue
        name = clean_line(one.text("TZID"))
        observances = tuple(
            made for part in one.inside[:400] if (made := _observance(part)) is not None
        )
        if name and observances:
            found[name] = observances
    return found


def _observance(part: Component) -> _Observance | None:
    start = _read(part.text("DTSTART"))
    offset = _OFFSET.match(part.text("TZOFFSETTO").strip())
    if start is None or offset is None:
        return None
    rule = part.text("RRULE").strip()
    width = timedelta(hours=int(offset[2]), minutes=int(offset[3]), seconds=int(offset[4] or 0))
    if width > timedelta(hours=15):
        return None
    return _Observance(
        start[0], -width if offset[1] == "-" else width, rule if _YEARLY.fullmatch(rule) else ""
    )


def clock(said: Property | None, known: Zones) -> Clock | None:
    """The time that a property gives; None where there is none that can be placed."""
    found = _read(said.value) if said else None
    if said is None or found is None:
        return None
    wall, is_day, is_utc = found
    if is_day:
        return Clock(wall, day=True, offset=None, zone="")
    if is_utc:
        return Clock(wall, day=False, offset=timedelta(), zone="UTC")
    name = clean_line(said.parameters.get("TZID", ""))[:200]
    if not name:
        return Clock(wall, day=False, offset=None, zone="", doubts=(FLOATING,))
    if name in known:
        return Clock(wall, day=False, offset=_offset_at(known[name], wall), zone=name)
    offset = _by_name(name, wall)
    doubt = (UNKNOWN if offset is None else BY_NAME).format(zone=name[:80])
    return Clock(wall, day=False, offset=offset, zone=name, doubts=(doubt,))


def _read(said: str) -> tuple[datetime, bool, bool] | None:
    """A wall clock, whether it is a day, and whether it is UTC."""
    match = _TIME.fullmatch(said.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, zulu = match.groups()
    try:
        wall = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0),  # noqa: DTZ001 - a clock's reading
                        min(int(second or 0), 59))  # fmt: skip
    except ValueError:
        return None
    return wall, hour is None, zulu is not None


@lru_cache(maxsize=4096)
def _offset_at(observances: tuple[_Observance, ...], wall: datetime) -> timedelta:
    """The offset whose latest beginning is no later than `wall`; the first one before all."""
    begun = [(start, one.offset) for one in observances if (start := _begun(one, wall))]
    if begun:
        return max(begun, key=lambda one: one[0])[1]
    return min(observances, key=lambda one: one.start).offset


def _begun(one: _Observance, wall: datetime) -> datetime | None:
    """When an observance last began, at or before `wall`."""
    if one.start > wall:
        return None
    if not one.rule:
        return one.start
    steady = "INTERVAL" not in one.rule.upper()
    year = max(one.start.year, wall.year - 2) if steady else one.start.year
    try:
        start = one.start.replace(year=year)
        rule = re.sub(r"(UNTIL=\d{8}T\d{6})Z", r"\1", one.rule, flags=re.IGNORECASE)
        found = rrulestr(rule, dtstart=start).before(wall, inc=True)
    except (ValueError, TypeError, OverflowError, ArithmeticError):
        return one.start
    return found if isinstance(found, datetime) else one.start


def _by_name(name: str, wall: datetime) -> timedelta | None:
    """The offset of a zone by the name that Windows or the tz database gives it."""
    known = _WINDOWS.get(name.lower(), name)
    for candidate in (
        known,
        "/".join(known.split("/")[-2:]),
    ):  # "/mozilla.org/20050126_1/Europe/Paris"
        if not re.fullmatch(r"[A-Za-z_]{2,30}(?:/[A-Za-z_+\-0-9]{1,40}){0,2}", candidate):
            continue
        try:
            return ZoneInfo(candidate).utcoffset(wall)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return None


def stamp(said: Property | None, known: Zones) -> tuple[Moment | None, tuple[str, ...]]:
    """When a calendar item was made or changed; as wide as the zones of the world without one."""
    found = clock(said, known)
    if found is None or not plausible(found.wall):
        bad = said is not None and said.value.strip()
        return None, ((f'The time "{clean_line(said.value)[:60]}" cannot be placed.',)
                      if said and bad else ())  # fmt: skip
    words = clean_line(said.value) if said else ""
    when = found.when
    if when is not None:
        return instant(when, words, Basis.CALENDAR), found.doubts
    at = found.wall.replace(tzinfo=UTC)
    width = timedelta(days=1) if found.day else timedelta(seconds=1)
    return Moment(earliest=at - _EAST, latest=at - _WEST + width, said=words,
                  basis=Basis.CALENDAR), found.doubts  # fmt: skip


def span(start: Clock | None, end: Clock | None) -> str:
    """A meeting's time in words: as the clock of its place shows it, and London's where it differs.

    The end of whole days is the day after the last (RFC 5545 section 3.6.1).
    """
    if start is None:
        return ""
    if start.day:
        last = end.wall.date() - timedelta(days=1) if end and end.day else start.wall.date()
        said = say_day(start.wall.date())
        return said if last <= start.wall.date() else f"{said} to {say_day(last)}"
    said = f"{say_day(start.wall.date())}, {start.wall:%H:%M}"
    if end is not None and end.wall != start.wall:
        same = end.wall.date() == start.wall.date()
        said += f" to {'' if same else say_day(end.wall.date()) + ', '}{end.wall:%H:%M}"
    return f"{said}{_zone_words(start)}"


def _zone_words(start: Clock) -> str:
    when = start.when
    if when is None:
        return f" ({start.zone or 'no time zone given'})"
    local = when.astimezone(LONDON)
    if local.replace(tzinfo=None) == start.wall:
        return ""
    day = "" if local.date() == start.wall.date() else f"{say_day(local.date())}, "
    return f" {start.zone} ({day}{local:%H:%M} in London)"


def duration(said: str) -> timedelta | None:
    """An interval such as PT1H30M (RFC 5545 section 3.3.6)."""
    match = re.fullmatch(
        r"\+?P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?",
        said.strip(),
        re.IGNORECASE,
    )
    if match is None:
        return None
    weeks, days_, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days_, hours=hours, minutes=minutes, seconds=seconds)


_DAYS = {"MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday",
         "SA": "Saturday", "SU": "Sunday"}  # fmt: skip
_UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year",
          "HOURLY": "hour", "MINUTELY": "minute", "SECONDLY": "second"}  # fmt: skip
_ORDER = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "-1": "last"}


def repeats(rule: str) -> str:
    """A recurrence rule in words; what has none stands as it is written."""
    said = dict(part.upper().split("=", 1) for part in clean_line(rule).split(";") if "=" in part)
    unit = _UNITS.get(said.pop("FREQ", ""))
    if unit is None:
        return f"by the rule {clean_line(rule)[:300]}" if rule.strip() else ""
    every = said.pop("INTERVAL", "1")
    words = f"every {unit}" if every == "1" else f"every {every} {unit}s"
    on = [_day(one) for one in said.pop("BYDAY", "").split(",") if one]
    words += f" on {', '.join(on)}" if on else ""
    if "COUNT" in said:
        words += f", {said.pop('COUNT')} times"
    until = _read(said.pop("UNTIL", ""))
    words += f", until {say_day(until[0].date())}" if until else ""
    said.pop("WKST", None)
    rest = ";".join(f"{k}={v}" for k, v in said.items())
    return f"{words}, {rest}" if rest else words


def _day(said: str) -> str:
    match = re.fullmatch(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", said)
    if match is None:
        return said
    number = (match[1] or "").lstrip("+")
    return f"the {_ORDER.get(number, number)} {_DAYS[match[2]]}" if number else _DAYS[match[2]]
