"""What the supplied material could have shown: days covered, and the copies others prove.

A custodian without a supplied mailbox has no coverage, whatever `case.toml` says: then nothing may
be claimed about what is not there. Where two mailboxes cover one day, each copy in the one proves
a copy in the other; the share that is there is the measured completeness.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from commtrace.brief import Brief, Custodian
from commtrace.model import Channel, Communication, Coverage, CoverageWeek, Grade, Mark
from commtrace.moments import local_day
from commtrace.reconstruction.custodians import is_sent_folder
from commtrace.reconstruction.identity import NOBODY, Directory
from commtrace.reconstruction.timeline import monday
from commtrace.workdays import Calendar

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Copy:
    """A copy that another mailbox proves: its day, its direction, and whether it is held here."""

    day: date
    sent: bool
    present: bool


@dataclass(slots=True)
class _Held:
    """One custodian's material: days of items sent and received, proven and matched copies."""

    identity: int
    sent: list[date] = field(default_factory=list)
    received: list[date] = field(default_factory=list)
    copies: list[_Copy] = field(default_factory=list)


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
    working: Calendar,
    last_day: date,
) -> tuple[tuple[Coverage, ...], tuple[CoverageWeek, ...]]:
    """Stretches and weeks of every custodian with supplied mail, by name.

    `senders` and `addressed` (To and Cc) are identities by row; `last_day` closes a window that
    `case.toml` leaves open.
    """
    held = _held(rows, people, senders, addressed)
    stretches: list[Coverage] = []
    weeks: list[CoverageWeek] = []
    for name in sorted(held):
        material = held[name]
        windows = _windows(name, material, brief, last_day)
        proven = _expected(material, windows)
        who = people.identities[material.identity].id if material.identity != NOBODY else None
        for window, copies in zip(windows, proven, strict=True):
            matched = sum(1 for copy in copies if copy.present)
            stretches.append(
                Coverage(
                    custodian=name,
                    identity=who,
                    channel=Channel.EMAIL,
                    first=window.first,
                    last=window.last,
                    basis=window.basis,
                    completeness=matched / len(copies) if copies else None,
                    proven=len(copies),
                    held=matched,
                )
            )
        weeks.extend(_weeks(name, material, windows, proven, working))
    return tuple(stretches), tuple(weeks)


def _held(
    rows: Sequence[Communication],
    people: Directory,
    senders: Sequence[int],
    addressed: Sequence[frozenset[int]],
) -> dict[str, _Held]:
    custodians = _custodians(rows)
    held = {name: _Held(people.custodian(name)) for name in custodians}
    by_identity: dict[int, list[str]] = defaultdict(list)
    for name in sorted(held):
        if held[name].identity != NOBODY:
            by_identity[held[name].identity].append(name)
    for row, one in enumerate(rows):
        if one.when is None or not _from_a_mailbox(one) or Mark.DRAFT in one.marks:
            continue
        day = local_day(one.when.earliest)
        places = {s.custodian for s in one.sightings}
        for holder in sorted({s.custodian for s in one.sightings if s.custodian}):
            material = held[holder]
            mine = material.identity != NOBODY and senders[row] == material.identity
            (material.sent if mine else material.received).append(day)
        for identity in addressed[row] | {senders[row]}:
            for name in by_identity.get(identity, ()):
                if places - {name}:
                    copy = _Copy(day, identity == senders[row], name in places)
                    held[name].copies.append(copy)
    return held


def _custodians(rows: Sequence[Communication]) -> set[str]:
    return {
        s.custodian for one in rows if _from_a_mailbox(one) for s in one.sightings if s.custodian
    }


def _from_a_mailbox(one: Communication) -> bool:
    """Whether a message itself is held; a print or an entry of one shows no mailbox."""
    return one.channel is Channel.EMAIL and one.grade is Grade.ORIGINAL


def _windows(name: str, material: _Held, brief: Brief, last_day: date) -> list[_Window]:
    declared = [c for c in brief.custodians if name in (c.name, c.address)]
    days = [*material.sent, *material.received]
    if not declared:
        declared = [Custodian(name=name, address="")]
    windows = [_window(one, days, brief, last_day) for one in declared]
    return sorted({w for w in windows if w is not None}, key=lambda w: (w.first, w.last))


def _window(one: Custodian, days: Sequence[date], brief: Brief, last_day: date) -> _Window | None:
    """A declared window, an open side closed by the period reviewed; else first to last item."""
    since, until = one.since, one.until
    if since is None and until is None:
        return _Window(min(days), max(days), "inferred", one.folders) if days else None
    start = since or (brief.period[0] if brief.period else min(days, default=None))
    end = until or (brief.period[1] if brief.period else last_day)
    if start is None or end < start:
        return None
    return _Window(start, end, "declared", one.folders)


def _expected(material: _Held, windows: Sequence[_Window]) -> list[list[_Copy]]:
    """For each window, the copies that others prove and that belong to what was collected."""
    return [
        [copy for copy in material.copies if window.expects(copy.day, sent=copy.sent)]
        for window in windows
    ]


def _weeks(
    name: str,
    material: _Held,
    windows: Sequence[_Window],
    proven: Sequence[Sequence[_Copy]],
    working: Calendar,
) -> list[CoverageWeek]:
    sent, received = _by_week(material.sent), _by_week(material.received)
    expected = _by_week([copy.day for copies in proven for copy in copies])
    matched = _by_week([copy.day for copies in proven for copy in copies if copy.present])
    edges = [day for window in windows for day in (window.first, window.last)]
    edges += [*sent, *received]
    if not edges:
        return []
    first, last = monday(min(edges)), monday(max(edges))
    return [
        CoverageWeek(
            custodian=name,
            week=week,
            held_sent=sent.get(week, 0),
            held_received=received.get(week, 0),
            proven=expected.get(week, 0),
            matched=matched.get(week, 0),
            covered=_covered(week, windows, working),
        )
        for n in range((last - first).days // 7 + 1)
        if (week := first + n * _WEEK)
    ]


def _covered(week: date, windows: Sequence[_Window], working: Calendar) -> bool:
    """Whether a window includes a counting day of the week; a week without any needs one day."""
    days = [week + timedelta(days=n) for n in range(7)]
    counting = [day for day in days if working.counts(day)] or days
    return any(w.first <= day <= w.last for w in windows for day in counting)


def _by_week(days: Sequence[date]) -> Mapping[date, int]:
    return Counter(monday(day) for day in days)
