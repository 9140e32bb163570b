"""On whose clock a quoted time is: learnt from quotations whose message is held.

A header above a quotation names no zone. Most programs write the replier's own, which the Date
header names; servers that write every Date in UTC hide it. Where a sender's other quotations have
found their messages, they show the offset; where nobody's do, UTC is believed.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from commtrace.model import Communication, Segment
from commtrace.quoted_dates import EASTERNMOST, WESTERNMOST, Reading
from commtrace.reconstruction.authorship import Senders
from commtrace.reconstruction.quoted import TOLERANCE, instants, offset_of, read_dates

_QUARTER = timedelta(minutes=15)
_TRUSTED = 0.05  # of the quotations in mail dated in UTC: so many may be on another clock
_MINUTE = timedelta(minutes=1)


class Clocks:
    """What is known of senders' clocks; `learn` first, then `span`."""

    def __init__(self, rows: Sequence[Communication], senders: Senders) -> None:
        self._rows, self._senders = rows, senders
        self._learnt: defaultdict[str, list[tuple[datetime, timedelta]]] = defaultdict(list)
        self._utc, self._elsewhere = 0, 0

    def learn(self, header: Segment, row: int, parent: int) -> None:
        """Take in that a quoted header in `row`, dated in UTC, speaks of the held `parent`."""
        sent, replied = self._rows[parent].when, self._rows[row].when
        if sent is None or replied is None or offset_of(self._rows[row]):
            return
        for reading in _timed(header):
            gap = reading.wall.replace(tzinfo=UTC) - sent.earliest
            offset = round(gap / _QUARTER) * _QUARTER
            near = -WESTERNMOST <= offset <= EASTERNMOST and abs(gap - offset) <= TOLERANCE
            if near and reading.offset is None:
                insort(self._learnt[self._senders.key(row)], (replied.earliest, offset))
                self._utc += 1
                self._elsewhere += bool(offset)
                return

    def span(self, header: Segment, row: int) -> tuple[datetime, datetime] | None:
        """When a quoted message was written, before `row` was: a minute, or wider where not known.

        Aware, in UTC, the end excluded; None where no time of day stands there. Of several ways to
        read the date it is the last that lies before the reply.
        """
        replied = self._rows[row].when
        end_of_all = replied.latest if replied is not None else None
        found = [self._read(reading, row) for reading in _timed(header)]
        before = [one for one in found if end_of_all is None or one[0] < end_of_all]
        if before:
            start, end = max(before)
            late = end_of_all is not None and end - start > _MINUTE and end > end_of_all
            return start, end_of_all if late and end_of_all is not None else end
        others = instants(header, self._rows[row])
        start_before = [t for t in others if end_of_all is None or t < end_of_all]
        return (start_before[0], start_before[0] + _MINUTE) if start_before else None

    def _read(self, reading: Reading, row: int) -> tuple[datetime, datetime]:
        own = offset_of(self._rows[row])
        known = own if own else self._nearest(row)
        if reading.offset is not None or known is not None or self._elsewhere <= self._few():
            start = reading.at(known if known is not None else own)
            return start, start + _MINUTE
        wall = reading.wall.replace(tzinfo=UTC)
        return wall - EASTERNMOST, wall + WESTERNMOST + _MINUTE

    def _few(self) -> float:
        """How many quotations in mail dated in UTC may be on another clock, and UTC be trusted."""
        return _TRUSTED * self._utc

    def _nearest(self, row: int) -> timedelta | None:
        """The offset that the sender of `row` quoted on, nearest in time."""
        learnt, when = self._learnt.get(self._senders.key(row)), self._rows[row].when
        if not learnt or when is None:
            return None
        place = bisect_left(learnt, (when.earliest, -EASTERNMOST))
        near = learnt[max(0, place - 1) : place + 1]
        return min(near, key=lambda one: abs(one[0] - when.earliest))[1]


def _timed(header: Segment) -> list[Reading]:
    said = header.when.said if header.when is not None else ""
    return [reading for reading in read_dates(said) if reading.timed]
