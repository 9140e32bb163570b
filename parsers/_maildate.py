"""Dates as mail headers write them: RFC 5322 with its obsolete forms, and what senders really send.

A zone that is not stated is never invented: the moment is then as wide as the zones of the world.
A day or time that does not exist is no moment at all, and its words come back as a doubt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from commtrace.moments import LONDON, Basis, Moment, instant, loose_time, plausible

_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)  # noqa: SIM905 - a row of months reads best as one
}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:[.,]\d{1,9})?(?:\s*([AaPp])\.?[Mm]\b\.?)?"
_DAY_FIRST = re.compile(
    rf"(?:([A-Za-z]{{3,9}})\.?\s*,?\s*)?(\d{{1,2}})[\s-]+([A-Za-z]{{3,9}})\.?[\s,-]+(\d{{2,4}}),?\s+{_TIME}"
    r"\s*(.*)",
    re.DOTALL | re.ASCII,
)
_ASCTIME = re.compile(
    rf"(?:([A-Za-z]{{3,9}})\.?\s*,?\s+)?([A-Za-z]{{3,9}})\.?\s+(\d{{1,2}}),?\s+{_TIME}\s+(?:([A-Za-z]{{2,5}}|[+-]\d{{4}})\s+)?(\d{{4}})"
    r"\s*(.*)",
    re.DOTALL | re.ASCII,
)
_MONTH_FIRST = re.compile(
    rf"(?:([A-Za-z]{{3,9}})\.?\s*,?\s+)?([A-Za-z]{{3,9}})\.?\s+(\d{{1,2}}),?\s+(\d{{4}}),?\s+{_TIME}\s*(.*)",
    re.DOTALL | re.ASCII,
)
_ISO = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}})(?:T|\s+){_TIME}\s*(.*)", re.DOTALL | re.ASCII)
# As RFC 5322 section 3.3 has it and nearly every header is; all else is read with more patience.
_USUAL = re.compile(
    r"(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?([0-9]{1,2}) ([A-Z][a-z]{2}) ([0-9]{4}) "
    r"([0-9]{2}):([0-9]{2}):([0-5][0-9]) ([+-])([0-9]{2})([0-5][0-9])(?: \([A-Za-z]{1,5}\))?"
)
_OFFSET = re.compile(r"(?:GMT|UTC?)?\s*([+-])(\d{1,2}):?(\d{2})(?!\d)", re.IGNORECASE | re.ASCII)
_NAME = re.compile(r"[\"(]?([A-Za-z]{1,5})\b")
# Names as RFC 5322 section 4.3 fixes them, and some others, in hours; further letters say nothing.
_BY_NAME = {
    "gmt": 0, "bst": 1, "wet": 0, "west": 1, "cet": 1, "cest": 2, "met": 1, "mest": 2, "eet": 2,
    "eest": 3, "msk": 3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7, "jst": 9, "nzst": 12, "nzdt": 13, "aest": 10, "aedt": 11, "hkt": 8,
}  # fmt: skip
_SEVERAL = {"ist": (1.0, 5.5)}  # Irish, Israeli and Indian time share a name
_WEST, _EAST = timedelta(hours=-12), timedelta(hours=14)  # the zones of the world
_SECOND = timedelta(seconds=1)
_LONGEST = 200
_LOOSE = "The date header has a form of its own; it was read day first."


@dataclass(frozen=True, slots=True)
class _Written:
    """A date's parts as read, before anything is made of them."""

    weekday: str
    year: str
    month: int
    day: int
    hour: int
    minute: int
    second: int
    zone: str


def mail_date(text: str, basis: Basis) -> tuple[Moment | None, tuple[str, ...]]:
    """The moment a header's date gives, and doubts; None where the words give no real moment."""
    if len(text) > _LONGEST:
        text = text[:_LONGEST]
    return _mail_date(text, basis)


@lru_cache(maxsize=4096)
def _mail_date(said: str, basis: Basis) -> tuple[Moment | None, tuple[str, ...]]:
    usual = _usual(said)
    if usual is not None:
        return Moment(earliest=usual, latest=usual + _SECOND, said=said, basis=basis), ()
    written = _parts(said)
    if written is None and (loose := loose_time(said)) is not None:
        offsets, zone_doubt = _zone(_last_word(said), loose)
        doubts = [_LOOSE, zone_doubt] if zone_doubt else [_LOOSE]
        return _moment(loose, offsets, said, basis), tuple(doubts)
    wall = _wall(written) if written else None
    if written is None or wall is None or not plausible(wall):
        return None, (f'The date "{said}" is not a date that can be placed.',) if said else ()
    doubts = [*_weekday_doubt(written, wall), *_year_doubt(written)]
    offsets, zone_doubt = _zone(written.zone, wall)
    if zone_doubt:
        doubts.append(zone_doubt)
    return _moment(wall, offsets, said, basis), tuple(doubts)


def _usual(said: str) -> datetime | None:
    """The second, in UTC, that a header in the usual form and without any doubt gives."""
    match = _USUAL.fullmatch(said)
    if match is None:
        return None
    weekday, day, month, year, hour, minute, second, sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    if not _WEST <= offset <= _EAST or (sign == "-" and not offset):
        return None
    try:
        wall = datetime(int(year), _MONTHS.get(month.lower(), 0), int(day), int(hour), int(minute),
                        int(second), tzinfo=UTC)  # fmt: skip
    except ValueError:
        return None
    if not plausible(wall) or (weekday and _DAYS[wall.weekday()] != weekday.lower()):
        return None
    return wall - offset


def _last_word(said: str) -> str:
    """The words in which a zone would stand: what follows the last blank, if it has no clock."""
    last = said.rpartition(" ")[2]
    return "" if ":" in last.lstrip("+-")[:2] or last[:1].isdigit() else last


def _moment(
    wall: datetime, offsets: tuple[timedelta, timedelta], said: str, basis: Basis
) -> Moment:
    first, last = offsets
    if first == last:
        return instant(wall.replace(tzinfo=timezone(first)), said, basis)
    at = wall.replace(tzinfo=UTC)
    return Moment(
        earliest=at - last, latest=at - first + timedelta(seconds=1), said=said, basis=basis
    )


def _parts(text: str) -> _Written | None:
    match = _DAY_FIRST.match(text)
    if match:
        month = _MONTHS.get(match[3][:3].lower(), 0)
        return _written(match[1], match[4], (month, match[2]), match.group(5, 6, 7, 8), match[9])
    match = _ASCTIME.match(text)
    if match:
        month = _MONTHS.get(match[2][:3].lower(), 0)
        zone = match[8] or match[10]
        return _written(match[1], match[9], (month, match[3]), match.group(4, 5, 6, 7), zone)
    match = _MONTH_FIRST.match(text)
    if match:
        month = _MONTHS.get(match[2][:3].lower(), 0)
        return _written(match[1], match[4], (month, match[3]), match.group(5, 6, 7, 8), match[9])
    match = _ISO.match(text)
    if match:
        day = (int(match[2]), match[3])
        return _written(None, match[1], day, match.group(4, 5, 6, 7), match[8])
    return None


def _written(
    weekday: str | None,
    year: str,
    day: tuple[int, str],
    time: tuple[str | None, ...],
    zone: str | None,
) -> _Written:
    hour, half = int(time[0] or 0), (time[3] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else 99
    return _Written(
        weekday=(weekday or "")[:3].lower(), year=year, month=day[0], day=int(day[1]), hour=hour,
        minute=int(time[1] or 0), second=int(time[2] or 0), zone=(zone or "").strip(),
    )  # fmt: skip


def _wall(written: _Written) -> datetime | None:
    year = int(written.year)
    if len(written.year) == 2:
        year += 2000 if year < 50 else 1900  # RFC 5322 section 4.3
    elif len(written.year) == 3:
        year += 1900
    second = 59 if written.second == 60 else written.second  # a leap second has no place in UTC
    try:
        return datetime(  # noqa: DTZ001 - the wall clock; its zone is made out next
            year, written.month, written.day, written.hour, written.minute, second
        )
    except ValueError:
        return None


def _weekday_doubt(written: _Written, wall: datetime) -> tuple[str, ...]:
    if written.weekday not in _DAYS or _DAYS[wall.weekday()] == written.weekday:
        return ()
    return ("The weekday in the date header is not that of its date.",)


def _year_doubt(written: _Written) -> tuple[str, ...]:
    return () if len(written.year) == 4 else ("The date header's year has fewer than four digits.",)


def _zone(text: str, wall: datetime) -> tuple[tuple[timedelta, timedelta], str | None]:
    """The least and greatest offset from UTC the words allow, and a doubt."""
    exact = _OFFSET.match(text)
    if exact:
        return _by_offset(exact)
    named = _NAME.match(text)
    name = named[1].lower() if named else ""
    if name in ("z", "ut", "utc"):
        return (timedelta(), timedelta()), None
    if name in _SEVERAL:
        least, most = _SEVERAL[name]
        both = timedelta(hours=least), timedelta(hours=most)
        return both, f'Zone by name: "{name.upper()}" is several zones.'
    if name in _BY_NAME:
        offset = timedelta(hours=_BY_NAME[name])
        return (offset, offset), _name_doubt(name, wall)
    if not name:
        return (_WEST, _EAST), "The date header gives no zone; any zone is allowed for."
    return (_WEST, _EAST), f'The zone "{name.upper()}" says nothing; any zone is allowed for.'


def _by_offset(match: re.Match[str]) -> tuple[tuple[timedelta, timedelta], str | None]:
    hours, minutes = int(match[2]), int(match[3])
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if match[1] == "-" else 1)
    if match[1] == "-" and not offset:
        doubt = 'The zone "-0000" says that the zone is not known; any zone is allowed for.'
        return (_WEST, _EAST), doubt  # RFC 5322 section 3.3
    if minutes > 59 or not _WEST <= offset <= _EAST:
        doubt = f'The zone "{match[0].strip()}" does not exist; any zone is allowed for.'
        return (_WEST, _EAST), doubt
    return (offset, offset), None


def _name_doubt(name: str, wall: datetime) -> str | None:
    """GMT is one zone; yet in a British summer its writers often mean the clock on the wall."""
    if name == "gmt" and not wall.replace(tzinfo=LONDON).dst():
        return None
    return f'Zone by name: "{name.upper()}" was read by its usual meaning.'


def narrowed(moment: Moment, witness: Moment | None) -> Moment | None:
    """A moment of unknown zone read as UTC, if the first server to receive it bears that out.

    `witness` is when that server received the message. Borne out: the two readings lie within ten
    minutes. None if not, or if the moment needs no such help.
    """
    if moment.exact or witness is None or not witness.exact:
        return None
    at = moment.earliest + _EAST
    if abs(at - witness.earliest) > timedelta(minutes=10):
        return None
    return instant(at, moment.said, moment.basis)
