"""The instants that a quoted header may speak of, on the replier's own clock.

The replier's offset is tried with an hour of summer time either way, then none. Whose message it
is, `answered` decides: a minute alone proves nothing, for templates go out by the dozen.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

from commtrace.model import Communication, Segment
from commtrace.moments import LONDON, Basis
from commtrace.quoted_dates import EASTERNMOST, WESTERNMOST, readings, start_in_london

read_dates = lru_cache(maxsize=65536)(readings)  # a header is read by several kinds of evidence
TOLERANCE = timedelta(seconds=150)
_HOUR, _ANY_ZONE = timedelta(hours=1), EASTERNMOST + WESTERNMOST
_WRITTEN_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})(?:\s*\([^)]*\))?\s*$")


def start_of(one: Communication) -> float | None:
    """When a message was sent, in seconds; None where no time of day is known.

    A header's time without a zone ("-0000") is tried as UTC: what is made of it is checked by more.
    """
    when = one.when
    if when is None:
        return None
    if when.basis is Basis.DATE_HEADER and when.latest - when.earliest >= _ANY_ZONE:
        return (when.earliest + EASTERNMOST).timestamp()
    start = start_in_london(when)
    return None if start is None else start.timestamp()


def offset_of(communication: Communication) -> timedelta:
    """The offset of the sender's clock: as the Date header wrote it, else Europe/London's."""
    when = communication.when
    if when is None:
        return timedelta()
    if match := _WRITTEN_OFFSET.search(when.said[:100]):
        size = timedelta(hours=int(match[2]), minutes=int(match[3]))
        if size <= timedelta(hours=14):
            return -size if match[1] == "-" else size
    return when.earliest.astimezone(LONDON).utcoffset() or timedelta()


def instants(header: Segment, replier: Communication) -> tuple[datetime, ...]:
    """The instants a quoted header may mean, likeliest first; () where it gives no time of day."""
    if header.when is None:
        return ()
    own = offset_of(replier)
    found: dict[datetime, None] = {}
    for reading in read_dates(header.when.said):
        if not reading.timed:
            continue
        for offset in (own, own + _HOUR, own - _HOUR, timedelta()):
            found[reading.at(max(min(offset, 23 * _HOUR), -23 * _HOUR))] = None
    return tuple(found)
