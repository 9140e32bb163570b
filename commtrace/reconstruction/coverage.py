"""What the supplied material could have shown: days covered, and the copies others prove.

A custodian without a supplied mailbox has no coverage, whatever `case.toml` says: then nothing may
be claimed about what is not there. Where two mailboxes cover one day, each copy in the one proves
a copy in the other; the share that is there is the measured completeness.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

from commtrace.brief import Brief, Custodian
from commtrace.model import (
    AbsentCopy,
    Channel,
    Communication,
    Coverage,
    CoverageWeek,
    IdentityId,
    Recapture,
)
from commtrace.moments import monday
from commtrace.reconstruction.copies import Copy, days_held, from_a_mailbox, proven_copies
from commtrace.reconstruction.custodians import is_sent_folder
from commtrace.reconstruction.identity import NOBODY, Directory
from commtrace.reconstruction.recapture import recaptures
from commtrace.workdays import Calendar

_WEEK = timedelta(days=7)
_YEAR = timedelta(days=366)
_STRAYS = 2  # items at an end that a wrong clock may explain


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """What the mailboxes could have shown: their stretches, their weeks, and copies that fail."""

    stretches: tuple[Coverage, ...]
    weeks: tuple[CoverageWeek, ...]
    absent: tuple[AbsentCopy, ...]
    recaptures: tuple[Recapture, ...]


@dataclass(frozen=True, slots=True)
class _Window:
    first: date
    last: date
    basis: str
    folders: tuple[str, ...]

    def expects(self, day: date, *, sent: bool) -> bool:
        """Whether a copy of that day and direction belongs to what was collected."""
        if not self.first <= day <= self.last:
            return False
        if not self.folders:
            return True
        return any(is_sent_folder(folder) == sent for folder in self.folders)


def coverage(
    rows: Sequence[Communication],
    *,
    brief: Brief,
    people: Directory,
    senders: Sequence[int],
    addressed: Sequence[frozenset[int]],
    returned: AbstractSet[int],
    working: Calendar,
    last_day: date,
) -> Completeness:
    """Every custodian with supplied mail, by name.

    `senders` and `addressed` (To and Cc) are identities by row, `returned` the rows that came back
    undelivered; `last_day` closes a window that `case.toml` leaves open.
    """
    identity_of = {name: people.custodian(name) for name in sorted(_custodians(rows))}
    held = days_held(rows, identity_of, senders)
    proven = proven_copies(rows, identity_of, senders, addressed, returned)
    boxes = [
        _Mailbox(
            name=name,
            identity=people.identities[place].id if place != NOBODY else None,
            sent=held[name][0],
            received=held[name][1],
            windows=_windows(name, [*held[name][0], *held[name][1]], brief, last_day),
            copies=proven[name],
        )
        for name, place in identity_of.items()
    ]
    stretches = tuple(stretch for box in boxes for stretch in box.stretches())
    return Completeness(
        stretches=stretches,
        weeks=tuple(week for box in boxes for week in box.weeks(working)),
        absent=tuple(copy for box in boxes for copy in box.absent(rows)),
        recaptures=recaptures(rows, identity_of, senders, addressed, stretches),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mailbox:
    """One custodian's material: days of items held, windows collected, copies others prove."""

    name: str
    identity: IdentityId | None
    sent: Sequence[date]
    received: Sequence[date]
    windows: Sequence[_Window]
    copies: Sequence[Copy]

    def stretches(self) -> Iterator[Coverage]:
        """Each window, and the share of proven copies that it holds."""
        for window in self.windows:
            copies = [copy for copy in self.copies if window.expects(copy.day, sent=copy.sent)]
            matched = sum(copy.present for copy in copies)
            yield Coverage(
                custodian=self.name,
                identity=self.identity,
                channel=Channel.EMAIL,
                first=window.first,
                last=window.last,
                basis=window.basis,
                completeness=matched / len(copies) if copies else None,
                proven=len(copies),
                held=matched,
            )

    def absent(self, rows: Sequence[Communication]) -> Iterator[AbsentCopy]:
        """The proven copies that a window expects and that are not held."""
        for copy in self.copies:
            windows = [w for w in self.windows if w.expects(copy.day, sent=copy.sent)]
            if windows and not copy.present:
                yield AbsentCopy(
                    communication=rows[copy.row].id,
                    custodian=self.name,
                    identity=self.identity,
                    sent=copy.sent,
                    declared=any(w.basis == "declared" for w in windows),
                )

    def weeks(self, working: Calendar) -> Iterator[CoverageWeek]:
        """Every week from the first day known of it to the last."""
        sent, received = _by_week(self.sent), _by_week(self.received)
        expected = [
            copy
            for copy in self.copies
            if any(w.expects(copy.day, sent=copy.sent) for w in self.windows)
        ]
        proven = [_by_week([c.day for c in expected if c.sent is side]) for side in (True, False)]
        matched = [
            _by_week([c.day for c in expected if c.sent is side and c.present])
            for side in (True, False)
        ]
        edges = [day for window in self.windows for day in (window.first, window.last)]
        edges += [*sent, *received]
        if not edges:
            return
        first, last = monday(min(edges)), monday(max(edges))
        for n in range((last - first).days // 7 + 1):
            week = first + n * _WEEK
            yield CoverageWeek(
                custodian=self.name,
                week=week,
                held_sent=sent.get(week, 0),
                held_received=received.get(week, 0),
                proven=sum(side.get(week, 0) for side in proven),
                matched=sum(side.get(week, 0) for side in matched),
                covered=_covered(week, self.windows, working),
                proven_sent=proven[0].get(week, 0),
                matched_sent=matched[0].get(week, 0),
            )


def _custodians(rows: Sequence[Communication]) -> set[str]:
    return {
        s.custodian for one in rows if from_a_mailbox(one) for s in one.sightings if s.custodian
    }


def _windows(name: str, days: Sequence[date], brief: Brief, last_day: date) -> list[_Window]:
    declared = [c for c in brief.custodians if name in (c.name, c.address)]
    if not declared:
        declared = [Custodian(name=name, address="")]
    windows = [_window(one, days, brief, last_day) for one in declared]
    return sorted({w for w in windows if w is not None}, key=lambda w: (w.first, w.last))


def _window(one: Custodian, days: Sequence[date], brief: Brief, last_day: date) -> _Window | None:
    """A declared window, an open side closed by the period reviewed; else first to last item.

    A few items that lie a year or more from all the others show a wrong clock and cover nothing.
    """
    since, until = one.since, one.until
    if since is None and until is None:
        kept = _without_strays(sorted(days))
        return _Window(kept[0], kept[-1], "inferred", one.folders) if kept else None
    start = since or (brief.period[0] if brief.period else min(days, default=None))
    end = until or (brief.period[1] if brief.period else last_day)
    if start is None or end < start:
        return None
    return _Window(start, end, "declared", one.folders)


def _without_strays(days: list[date]) -> list[date]:
    """Sorted days without one or two at either end that lie a year or more from the rest."""
    for number in (_STRAYS, 1):
        if len(days) >= 2 * number + 1 and days[number] - days[number - 1] > _YEAR:
            days = days[number:]
        if len(days) >= 2 * number + 1 and days[-number] - days[-number - 1] > _YEAR:
            days = days[:-number]
    return days


def _covered(week: date, windows: Sequence[_Window], working: Calendar) -> bool:
    """Whether a window includes a counting day of the week; a week without any needs one day."""
    days = [week + timedelta(days=n) for n in range(7)]
    counting = [day for day in days if working.counts(day)] or days
    return any(w.first <= day <= w.last for w in windows for day in counting)


def _by_week(days: Sequence[date]) -> Mapping[date, int]:
    return Counter(monday(day) for day in days)
