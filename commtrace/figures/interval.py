"""A time as a person types it into a form: a day, a day with a time, or two that bound it.

Days come first, as the United Kingdom writes them; times are those of clocks in Europe/London. An
hour that clocks showed twice in an autumn night is kept as both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from commtrace.errors import CallError
from commtrace.moments import LONDON, end_of, start_of, written_dates

_TIME = re.compile(r"(?<![\d/.-])([01]?\d|2[0-3])[:.]([0-5]\d)(?![\d/.-])")
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A half-open time in aware UTC, and the words it was read from."""

    earliest: datetime
    latest: datetime
    said: str


def interval(first: str, last: str = "") -> Interval:
    """The time between two typed ones, or of one alone.

    Raises CallError with a sentence if one cannot be read, or the second lies before the first.
    """
    earliest, latest = _bounds(first)
    if last.strip():
        later, latest = _bounds(last)
        if later < earliest:
            raise CallError("The second date lies before the first.")
    said = f"{first.strip()} to {last.strip()}" if last.strip() else first.strip()
    return Interval(earliest=earliest, latest=latest, said=said)


def day(words: str) -> date:
    """The one day that is written; raises CallError if there is none, or more than one."""
    found = written_dates(words)
    if len(found) != 1:
        raise CallError(
            f"“{words.strip()}” cannot be read as a date. Write it as 14 February 2022 or "
            "14/02/2022."
        )
    return found[0].day


def _bounds(words: str) -> tuple[datetime, datetime]:
    if not words.strip():
        raise CallError("Say when it was, if only by a first and a last day.")
    on = day(words)
    (written,) = written_dates(words)
    clock = _TIME.search(words[: written.start] + " " + words[written.end :])
    if clock is None:
        return start_of(on), end_of(on)
    at = time(int(clock[1]), int(clock[2]))
    both = [datetime.combine(on, at, LONDON).replace(fold=n).astimezone(UTC) for n in (0, 1)]
    return min(both), max(both) + _MINUTE
