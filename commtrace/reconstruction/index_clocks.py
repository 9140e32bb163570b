"""By how many hours a mail program is off when it dates, in its index, the message that it answers.

Where the message answered has no conversation index of its own, the program of the reply makes up
a level for it, from its Date. Some programs take that time for one of their own place there, so
that the level is off by whole hours, the same for one sender in one season: -8 in China, -2 in
South Africa, +8 in California. Senders are learnt from replies whose parent is held. Of 2,098 such
levels in three public lists, each held against the Date of its message while that reply taught
nothing: as they stand 2,009 can be believed and .936 of them are within two seconds; so 2,053, and
.981.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from commtrace.model import Communication
from commtrace.reconstruction.authorship import sender_key
from commtrace.reconstruction.conversation_index import (
    ConversationIndex,
    decode,
    made_by_the_replier,
)

_HOUR, _NEAR, _SEASON = timedelta(hours=1), timedelta(seconds=2), timedelta(days=30)
_FARTHEST = 14  # hours that a place can be from UTC


@dataclass(frozen=True, slots=True)
class Dating:
    """When a message was written by an index: an aware time, and by how much it may be earlier.

    `hours` is by how many the index stands later, where its sender's program is known to be off.
    """

    time: datetime
    slack: timedelta
    hours: int = 0


class IndexClocks:
    """What is known of senders' indices; `learn` first, then `dating`."""

    def __init__(self, rows: Sequence[Communication], holders: Mapping[str, int]) -> None:
        """`holders` is the row that bears each index, by its hexadecimal name."""
        self._rows, self._holders = rows, holders
        self._learnt: defaultdict[str, list[tuple[datetime, int]]] = defaultdict(list)

    def decoded(self, row: int) -> ConversationIndex | None:
        """The index of a row, lifted to its own time."""
        one = self._rows[row]
        return decode(one.thread_index or "", one.when.earliest if one.when else None)

    def learn(self, row: int, parent: int) -> None:
        """Take in by how much `row` is off for a held `parent` that has no index of its own."""
        sent, replied = self._rows[parent].when, self._rows[row].when
        decoded = None if self._rows[parent].thread_index else self.decoded(row)
        who = sender_key(self._rows[row].sender)
        if decoded is None or sent is None or replied is None or not who:
            return
        read = decoded.as_read[-2] if len(decoded.as_read) > 1 else None
        if read is None or decoded.layout != "B" or not made_by_the_replier(decoded.names[-2]):
            return
        hours = round((read - sent.earliest) / _HOUR)
        if abs(hours) <= _FARTHEST and abs(read - sent.earliest - hours * _HOUR) <= _NEAR:
            insort(self._learnt[who], (replied.earliest, hours))

    def dating(self, row: int, name: str) -> Dating | None:
        """When the message of a prefix was written, as the index of `row` tells.

        None where the index cannot be believed, or is off by a number of hours that is not known.
        """
        decoded = self.decoded(row)
        if decoded is None or name not in decoded.names:
            return None
        place = decoded.names.index(name) - 1
        if decoded.layout != "B" or place < 0 or not made_by_the_replier(name):
            slack = _HOUR if decoded.layout == "A" else _NEAR
            return _dating(decoded.time_of(name), slack)
        read, learnt = decoded.as_read[place], self._hours(self._replier(row, decoded, place))
        if read is None:
            return None
        believed = decoded.time_of(name)
        if learnt is None:
            return _dating(believed or _only_fit(decoded, place, read, self._end(row)), _NEAR)
        hours, slack = learnt
        return (
            Dating(read - hours * _HOUR, slack, hours) if hours or decoded.levels[place] else None
        )

    def _end(self, row: int) -> datetime | None:
        when = self._rows[row].when
        return when.earliest if when else None

    def _replier(self, row: int, decoded: ConversationIndex, place: int) -> int | None:
        """The row that answered the message of a level: it made that level up."""
        if place == len(decoded.levels) - 2:
            return row
        return self._holders.get(decoded.names[place + 2])

    def _hours(self, row: int | None) -> tuple[int, timedelta] | None:
        """By how many hours a row's sender was off at the nearest time known, and how surely.

        An hour less so where that is long before or after: summer time may lie between.
        """
        when = self._rows[row].when if row is not None else None
        learnt = self._learnt.get(sender_key(self._rows[row].sender)) if row is not None else None
        if when is None or not learnt:
            return None
        place = bisect_left(learnt, (when.earliest, -_FARTHEST))
        near = learnt[max(0, place - 1) : place + 1]
        day, hours = min(near, key=lambda one: abs(one[0] - when.earliest))
        return hours, _HOUR if hours and abs(day - when.earliest) > _SEASON else _NEAR


def _dating(time: datetime | None, slack: timedelta) -> Dating | None:
    return None if time is None else Dating(time, slack)


def _only_fit(
    decoded: ConversationIndex, place: int, read: datetime, end: datetime | None
) -> datetime | None:
    """The time that differs by whole hours and alone lies between the level above and the reply."""
    above = [one for one in (decoded.root, *decoded.levels[:place]) if one is not None]
    if end is None or not above:
        return None
    fits = [
        time
        for hours in range(-_FARTHEST, _FARTHEST + 1)
        if max(above) <= (time := read - hours * _HOUR) <= end
    ]
    return fits[0] if len(fits) == 1 else None
