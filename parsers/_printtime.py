"""The date and time in the head of a printed mail: day first, and no wider than the page says.

A page names no zone as a rule, so its moment is as wide as the zones of the earth; a scan may have
run the figures of a time together. What had to be assumed comes back as doubts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from commtrace.moments import Basis, Moment, loose_time
from commtrace.quoted_dates import EASTERNMOST, WESTERNMOST, Reading, readings

from ._text import clean_line

NO_ZONE = "The page names no time zone; the moment is as wide as the zones of the earth."
MONTH_FIRST = "Its date was read month first, as another date of this document must be."
NO_COLON = "The hour and minute of its date were read without the colon between them."
_RUN_TOGETHER = re.compile(r"(?<![\d:.])(\d{1,2})\s?(\d{2})(?=\s?[AaPp]\.?[Mm])")
_CLOSE = re.compile(r"(?<=\d),(?=\d{4}\b)|(?<=\b(?:19|20)\d\d)(?=\d{1,2}:\d\d)")
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})(?!\d)")
_MINUTE = timedelta(minutes=1)


def moment(written: str, *, month_first: bool) -> tuple[Moment | None, list[str]]:
    """The moment a printed date gives, and what had to be assumed."""
    found, mended = readings_of(written)
    if not found:
        return None, []
    chosen, doubts = _chosen(found, month_first=month_first)
    width = _MINUTE if chosen.timed else timedelta(days=1)
    start = chosen.wall.replace(tzinfo=UTC)
    said = clean_line(written)
    if mended:
        doubts.append(NO_COLON)
    if chosen.offset is not None:
        start -= chosen.offset
        return _interval(start, start + width, said), doubts
    return _interval(start - EASTERNMOST, start + width + WESTERNMOST, said), [*doubts, NO_ZONE]


def _interval(start: datetime, end: datetime, said: str) -> Moment:
    return Moment(earliest=start, latest=end, said=said, basis=Basis.QUOTED_HEADER)


def readings_of(written: str) -> tuple[tuple[Reading, ...], bool]:
    """Every way to read a date, and whether its time had lost its colon in print."""
    written = _CLOSE.sub(" ", written)
    found = readings(written)
    if not found and (wall := loose_time(clean_line(written))):
        return (Reading(wall=wall, offset=None, timed=True, place=len(written)),), False
    if found and not found[0].timed and _RUN_TOGETHER.search(written):
        again = readings(_RUN_TOGETHER.sub(r"\1:\2", written))
        if again and again[0].timed:
            return again, True
    return found, False


def _chosen(found: Sequence[Reading], *, month_first: bool) -> tuple[Reading, list[str]]:
    if len(found) == 1:
        return found[0], []
    if month_first:
        return found[1], [MONTH_FIRST]
    return found[0], ["Its date was read day first; it could be read month first too."]


def proves_month_first(dates: Iterable[str]) -> bool:
    """Whether the numeric dates of one document prove that it writes the month first."""
    pairs = [(int(m[1]), int(m[2])) for said in dates for m in _NUMERIC.finditer(said)]
    return any(b > 12 >= a for a, b in pairs) and not any(a > 12 for a, _ in pairs)
