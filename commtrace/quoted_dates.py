"""Dates as mail programs write them above a quotation: read whole, with the time, day first.

A zone that is not written is not invented: a reading carries the clock on the wall and the offset
only where one stands there. Whoever knows the replier's offset makes an instant of it.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from importlib.resources import files

from commtrace.moments import LONDON, Basis, Moment, written_dates

_TIME = re.compile(
    r"(?<![\d:.])(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?![\d:.])(?:\s?([AaPp])\.?[Mm]\b\.?)?"
)
_OFFSET = re.compile(r"(?:GMT|UTC)?([+-])(\d{2}):?(\d{2})(?!\d)")
_NAMED_ZONE = re.compile(r"\b(GMT|UTC|BST|Z)\b")
_NAMED = {"GMT": 0, "UTC": 0, "Z": 0, "BST": 1}
_DOTTED = re.compile(r"(?<!\d)(\d{4})([./])(\d{1,2})\2(\d{1,2})(?!\d)")
_TWO_DIGIT_YEAR = re.compile(
    r"(?<!\w)(\d{1,2})[ -]([A-Za-z]{3})[a-z]*[ -](\d{2})(?!\d)",
)
_IDEOGRAMS = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_FOREIGN = re.compile(  # "11. Februar 2022", "11 de fev. de 2022", "11 lutego 2022"
    r"(?<!\d)(\d{1,2})\.?\s{1,3}(?:de\s)?([^\W\d_]{3,12})\.?,?\s{1,3}(?:de\s)?(\d{4})(?!\d)"
)
_LONGEST = 200
WESTERNMOST, EASTERNMOST = timedelta(hours=12), timedelta(hours=14)  # as clocks are set at all
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One way to read a quoted date: `wall` without a zone, `offset` where written.

    `timed` is False where only a day stands there; `place` is where the date or time ends.
    """

    wall: datetime
    offset: timedelta | None
    timed: bool
    place: int

    def at(self, offset: timedelta) -> datetime:
        """The instant in UTC, the written offset winning over the one supposed."""
        zone = self.offset if self.offset is not None else offset
        return self.wall.replace(tzinfo=timezone(zone)).astimezone(UTC)


def readings(words: str) -> tuple[Reading, ...]:
    """Every way to read the first date in `words`, day first before month first; () if none."""
    text = words[:_LONGEST]
    days, end = _days(text)
    if not days:
        return ()
    clock, after = _clock(text, end)
    offset = _offset(text, after) if clock is not None else None
    return tuple(
        Reading(
            wall=datetime.combine(day, clock or time()),
            offset=offset,
            timed=clock is not None,
            place=max(end, after),
        )
        for day in days
    )


def moment(words: str) -> Moment | None:
    """The quoted date as an interval: as wide as the zones of the earth where none is written."""
    found = readings(words)
    if not found:
        return None
    first = found[0]
    width = _MINUTE if first.timed else timedelta(days=1)
    start = first.wall.replace(tzinfo=UTC)
    if first.offset is not None:
        start -= first.offset
        return Moment(earliest=start, latest=start + width, said=words, basis=Basis.QUOTED_HEADER)
    first_at, last_at = start - EASTERNMOST, start + width + WESTERNMOST
    return Moment(earliest=first_at, latest=last_at, said=words, basis=Basis.QUOTED_HEADER)


def start_in_london(moment: Moment) -> datetime | None:
    """When a moment begins, where its words name no zone: as clocks run in London.

    None where they name a day alone. What is not as wide as the zones of the earth begins as it is.
    """
    width = moment.latest - moment.earliest
    zones = WESTERNMOST + EASTERNMOST
    if moment.basis is not Basis.QUOTED_HEADER or width < zones:
        return moment.earliest
    if width != zones + _MINUTE:
        return None
    return (moment.earliest + EASTERNMOST).replace(tzinfo=LONDON).astimezone(UTC)


@cache
def _language(kind: str) -> dict[str, list[str]]:
    words = files("commtrace.data").joinpath("quotations.toml").read_text("utf-8")
    found: dict[str, list[str]] = tomllib.loads(words)[kind]
    return found


@cache
def _months() -> dict[str, int]:
    """How the names of months begin in other languages, and which month each is."""
    found: dict[str, int] = {}
    for names in _language("months").values():
        for number, name in enumerate(names, 1):
            found.setdefault(name, number)
    return found


def _month(word: str) -> int | None:
    """The month that a word of another language names, by its first three to five letters."""
    known, folded = _months(), word.casefold()
    return next((known[folded[:n]] for n in (5, 4, 3) if folded[:n] in known), None)


def _days(text: str) -> tuple[list[date], int]:
    written = written_dates(text)
    if written:
        first = written[0]
        days = [first.day]
        if first.doubt == "read day first":
            days.append(date(first.day.year, first.day.day, first.day.month))
        return days, first.end
    if (match := _FOREIGN.search(text)) and (month := _month(match[2])):
        return _valid(int(match[3]), month, int(match[1])), match.end()
    if match := _IDEOGRAMS.search(text):
        return _valid(int(match[1]), int(match[2]), int(match[3])), match.end()
    if match := _DOTTED.search(text):
        return _valid(int(match[1]), int(match[3]), int(match[4])), match.end()
    if match := _TWO_DIGIT_YEAR.search(text):
        longer = written_dates(f"{match[1]} {match[2]} 20{match[3]}")
        return [one.day for one in longer[:1]], match.end()
    return [], 0


def _valid(year: int, month: int, day: int) -> list[date]:
    try:
        return [date(year, month, day)]
    except ValueError:
        return []


def _clock(text: str, after_date: int) -> tuple[time | None, int]:
    """The time of day, after the date where there is one there, else before it."""
    match = _TIME.search(text, after_date) or _TIME.search(text[:after_date])
    if match is None:
        return None, 0
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    half = (match[4] or "").lower()
    if text[: match.start()].rstrip().endswith(tuple(_language("clock")["afternoon"])):
        half = "p"
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None, 0
    return time(hour, minute, second), match.end()


def _offset(text: str, place: int) -> timedelta | None:
    rest = text[place : place + 40]
    if match := _OFFSET.search(rest):
        size = timedelta(hours=int(match[2]), minutes=int(match[3]))
        return (-size if match[1] == "-" else size) if size <= EASTERNMOST else None
    if match := _NAMED_ZONE.search(rest):
        return timedelta(hours=_NAMED[match[1]])
    return None
