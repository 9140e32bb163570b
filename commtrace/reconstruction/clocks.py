"""On whose clock a quoted time is: learnt from quotations whose message is held.

A header above a quotation names no zone. Most programs write the replier's own, which the Date
header names; servers that write every Date in UTC hide it. Where a sender's other quotations have
found their messages, they show the offset; where nobody's do, UTC is believed. Some programs leave
a time on the clock of whoever wrote it: where a sender's do so more than rarely, no hour is
believed. One widespread form gives the time of receipt ("On Tue, Jan 14, 2020 at 2:01 PM"): where
mail proves to be delayed, what is quoted so is an interval that ends there (measured: more than a
minute late in 5 to 10 %, within a quarter of an hour nearly always).
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from commtrace.model import Communication, Segment
from commtrace.moments import Moment
from commtrace.quoted_dates import EASTERNMOST, WESTERNMOST, Reading
from commtrace.reconstruction.authorship import Senders
from commtrace.reconstruction.quoted import TOLERANCE, instants, offset_of, read_dates

_QUARTER = timedelta(minutes=15)
_TRUSTED = 0.05  # of the quotations in mail dated in UTC: so many may be on another clock
_MINUTE, _DELAY, _SEASON = timedelta(minutes=1), timedelta(minutes=15), timedelta(days=30)
_RARELY = 0.02  # of the quotations that give receipt: so many may be late, and the minute believed
_RECEIVED = re.compile(
    r"(?:\w{3}, )?(?:\w{3,4}\.? \d{1,2}|\d{1,2} \w{3,4}\.?),? \d{4},? (?:at )?\d{1,2}:\d\d",
    re.ASCII,
)


class Clocks:
    """What is known of senders' clocks; `learn` first, then `span`."""

    def __init__(self, rows: Sequence[Communication], senders: Senders) -> None:
        self._rows, self._senders = rows, senders
        self._learnt: defaultdict[str, list[tuple[datetime, timedelta]]] = defaultdict(list)
        self._kept: Counter[str] = Counter()  # quotations of a sender on their own clock
        self._astray: Counter[str] = Counter()  # and on another
        self._utc, self._elsewhere = 0, 0
        self._by_receipt, self._late = 0, 0

    def learn(self, header: Segment, row: int, parent: int) -> None:
        """Take in that a quoted header in `row`, dated in UTC, speaks of the held `parent`."""
        sent, replied = self._rows[parent].when, self._rows[row].when
        if sent is None or replied is None:
            return
        if own := offset_of(self._rows[row]):
            self._learn_delay(header, own, sent, row)
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

    def _learn_delay(self, header: Segment, own: timedelta, sent: Moment, row: int) -> None:
        """Take in by how much a quoted time is later than the sending, or that clocks differ."""
        delays = [reading.at(own) - sent.earliest for reading in _timed(header)]
        near = next((delay for delay in delays if abs(delay) <= TOLERANCE), None)
        if near is not None:
            self._kept[self._senders.key(row)] += 1
        elif any(_of_another_zone(delay) for delay in delays):
            self._astray[self._senders.key(row)] += 1
        if near is not None and _of_receipt(header):
            self._by_receipt += 1
            self._late += near > _MINUTE

    def span(self, header: Segment, row: int) -> tuple[datetime, datetime] | None:
        """When a quoted message was written, before `row` was: a minute, or wider where not known.

        Aware, in UTC, the end excluded; None where no time of day stands there. Of several ways to
        read the date it is the last that lies before the reply.
        """
        replied = self._rows[row].when
        end_of_all = replied.latest if replied is not None else None
        found = [self._read(reading, row) for reading in _timed(header)]
        if _of_receipt(header) and self._late > _RARELY * self._by_receipt:
            found = [(start - _DELAY, end) for start, end in found]
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
        known = None if own else self._nearest(row)
        if reading.offset is None and known is not None:
            low, high = known
            return reading.at(high), reading.at(low) + _MINUTE
        sure = self._keeps_own(row) if own else self._elsewhere <= self._few()
        if reading.offset is not None or sure:
            start = reading.at(own)
            return start, start + _MINUTE
        wall = reading.wall.replace(tzinfo=UTC)
        return wall - EASTERNMOST, wall + WESTERNMOST + _MINUTE

    def _keeps_own(self, row: int) -> bool:
        """Whether the sender of `row` quotes on their own clock, but for a few in a hundred."""
        who = self._senders.key(row)
        return self._astray[who] <= _TRUSTED * (self._kept[who] + self._astray[who])

    def _few(self) -> float:
        """How many quotations in mail dated in UTC may be on another clock, and UTC be trusted."""
        return _TRUSTED * self._utc

    def _nearest(self, row: int) -> tuple[timedelta, timedelta] | None:
        """Between which offsets the sender of `row` quotes: those learnt nearest in time.

        An hour wider on both sides where that is long before or after: summer time may lie between.
        """
        learnt, when = self._learnt.get(self._senders.key(row)), self._rows[row].when
        if not learnt or when is None:
            return None
        place = bisect_left(learnt, (when.earliest, -EASTERNMOST))
        near = learnt[max(0, place - 1) : place + 1]
        day, offset = min(near, key=lambda one: abs(one[0] - when.earliest))
        slack = timedelta(hours=1) if abs(day - when.earliest) > _SEASON else timedelta()
        return offset - slack, offset + slack


def _of_another_zone(delay: timedelta) -> bool:
    """Whether two readings of one time lie apart as the clocks of two places do."""
    quarters = round(delay / _QUARTER) * _QUARTER
    return abs(quarters) <= EASTERNMOST + WESTERNMOST and abs(delay - quarters) <= _MINUTE


def _of_receipt(header: Segment) -> bool:
    """Whether a header is of the form in which the time is when the replier's server had it."""
    return header.when is not None and _RECEIVED.match(header.when.said.strip()) is not None


def _timed(header: Segment) -> list[Reading]:
    said = header.when.said if header.when is not None else ""
    return [reading for reading in read_dates(said) if reading.timed]
