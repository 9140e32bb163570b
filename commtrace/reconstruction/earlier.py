"""The messages that another may answer: by minute, by subject, by place in a numbered series.

Built once over all messages; every look-up is bounded, so that the whole stays linear.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from commtrace.model import Address, Communication, Segment
from commtrace.reconstruction.authorship import Senders, name_words
from commtrace.reconstruction.quoted import TOLERANCE, instants, start_of
from commtrace.reconstruction.subjects import Series, base_subject, says_reply, series_of

_WITHIN, _FORTNIGHT, _DAY, _HALF_HOUR = 60 * 86400, 14 * 86400, 86400, 1800  # seconds
_LOOK_BACK = 60  # messages on one subject
_MOST_AT_ONCE = 200  # messages of one minute that are looked at
_FEW = 8  # addressees that are looked at


class Earlier:
    """Messages in order of time, ready to be looked up; rows are the places in that order."""

    def __init__(self, rows: Sequence[Communication], senders: Senders) -> None:
        self.rows, self.senders = rows, senders
        self.start = [start_of(one) for one in rows]
        self.times = sorted((t, row) for row, t in enumerate(self.start) if t is not None)
        self.base = [base_subject(one.subject) for one in rows]
        self.place = [series_of(one.subject) for one in rows]
        self.by_subject: dict[str, list[int]] = defaultdict(list)
        self.by_series: dict[Series, list[int]] = defaultdict(list)
        for row, one in enumerate(rows):
            if self.base[row]:
                self.by_subject[self.base[row]].append(row)
            if (place := self.place[row]) is not None and not says_reply(one.subject):
                self.by_series[place].append(row)

    def wrote(self, author: Address | None, row: int) -> bool:
        """Whether somebody, as a header names them, may be the sender of `row`."""
        return self.senders.wrote(author, row)

    def time(self, row: int) -> float:
        """When `row` was sent, in seconds, where anything tells; rows lie in order of the earliest.

        What was dated without a zone may lie hours before its place: it is taken as UTC here.
        """
        start = self.start[row]
        when = self.rows[row].when
        return start if start is not None else when.earliest.timestamp() if when else 0.0

    def last(self, rows: Sequence[int]) -> int:
        """The one of `rows` that was sent last."""
        return max(rows, key=lambda row: (self.time(row), row))

    def before(self, other: int, row: int) -> bool:
        """Whether a message may have been there when `row` was written: clocks may be off."""
        if other <= row:
            return other < row
        mine, theirs = self.rows[row].when, self.rows[other].when
        if mine is None or theirs is None or self.base[other] != self.base[row]:
            return False
        return (theirs.earliest - mine.latest).total_seconds() < _DAY / 2

    def at_minute(self, header: Segment, row: int) -> list[int]:
        """Rows sent at the quoted minute, on any clock that it may be of, likeliest first."""
        found: list[int] = []
        span = TOLERANCE.total_seconds()
        for instant in instants(header, self.rows[row]):
            centre = instant.timestamp()
            first = bisect_left(self.times, (centre - span, -1))
            last = bisect_right(self.times, (centre + span, len(self.rows)))
            near = self.times[first : min(last, first + _MOST_AT_ONCE)]
            found += [r for _, r in near if self.before(r, row)]
        return list(dict.fromkeys(found))

    def same_minutes(self, times: Sequence[datetime], other: int) -> bool:
        """Whether a message was sent within a day of one of `times`, minutes past the half hour."""
        sent = self.start[other]
        if sent is None:
            return False
        for instant in times:
            gap = abs(instant.timestamp() - sent)
            off = abs(gap - round(gap / _HALF_HOUR) * _HALF_HOUR)
            if gap < _DAY and off <= TOLERANCE.total_seconds():
                return True
        return False

    def on_subject(self, row: int) -> list[int]:
        """Earlier messages on the subject of `row` within sixty days.

        Where zones are not known, those that only may be earlier count if no other is.
        """
        earlier = self.by_subject.get(self.base[row], [])
        when = self.rows[row].when
        if when is None:
            return []
        end = bisect_left(earlier, row)
        last = min(len(earlier), end + _LOOK_BACK // 2)
        while end < last and self._may_precede(earlier[end], row):
            end += 1  # sent at a time that is only known to within hours
        before = [r for r in earlier[max(0, end - _LOOK_BACK) : end] if r != row]
        found = [
            other
            for other in before
            if (then := self.rows[other].when) is not None
            and (when.earliest - then.earliest).total_seconds() <= _WITHIN
        ]
        return [other for other in found if self.time(other) <= self.time(row)] or found

    def _may_precede(self, other: int, row: int) -> bool:
        mine, theirs = self.rows[row].when, self.rows[other].when
        if mine is None or theirs is None:
            return False
        return other == row or theirs.earliest < mine.latest

    def soon(self, other: int, row: int) -> bool:
        """Whether somebody else wrote `other` within two weeks before: some lists strip "Re:"."""
        gap = (self.start[row] or 0.0) - (self.start[other] or 0.0)
        return gap <= _FORTNIGHT and not self.wrote(self.rows[row].sender, other)

    def same_id(self, one: int, other: int) -> bool:
        """Whether both are one message, or bear one Message-ID with two contents."""
        mine = self.rows[one].message_id
        return one == other or (mine is not None and mine == self.rows[other].message_id)

    def goes_by(self, names: frozenset[str], row: int) -> bool:
        """Whether one of the words of a greeting is in the name of the sender of `row`."""
        sender = self.rows[row].sender
        return bool(names) and sender is not None and bool(names & name_words(sender))

    def addressed(self, row: int, other: int) -> bool:
        """Whether `row` is addressed to the sender of `other`."""
        return any(self.wrote(address, other) for address in self.rows[row].to[:_FEW])

    def other_version(self, row: int, other: int) -> bool:
        """Whether both are on one subject, in different versions of a numbered series."""
        mine, theirs = self.place[row] or (1, 1, 1), self.place[other] or (1, 1, 1)
        return self.base[row] == self.base[other] and mine[0] != theirs[0]

    def head_of_series(self, row: int) -> tuple[int, int] | None:
        """The covering letter (number 0) of a numbered item, else its first; by whom it was sent.

        Of one sender, version and length, within half a day, the nearest in time.
        """
        place = self.place[row]
        if place is None or place[2] < 2 or place[1] == 0 or says_reply(self.rows[row].subject):
            return None
        version, number, length = place
        for first in (0, 1) if number > 1 else (0,):
            gaps = [
                (abs((self.start[row] or 0.0) - (self.start[other] or 0.0)), other)
                for other in self._members((version, first, length), row)
                if other != row and self.wrote(self.rows[row].sender, other)
            ]
            if gaps and min(gaps)[0] <= _DAY / 2:
                return min(gaps)[1], first
        return None

    def _members(self, place: Series, row: int) -> Sequence[int]:
        """The items of one place in any series, about the time of `row`."""
        every = self.by_series.get(place, [])
        middle = bisect_left(every, row)
        return every[max(0, middle - _MOST_AT_ONCE) : middle + _MOST_AT_ONCE]
