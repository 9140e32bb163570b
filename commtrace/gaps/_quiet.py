"""A silence between two parties and its innocent explanations, each looked for and logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from commtrace.gaps._columns import does
from commtrace.gaps._observed import Side
from commtrace.gaps._rhythm import Silence
from commtrace.gaps._wording import check, number, passed, span, untestable
from commtrace.model import ActKind, Check
from commtrace.moments import Basis, days, say_day
from commtrace.norms import bank_holidays
from commtrace.view import Ints, View
from commtrace.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Quiet:
    """One silence of a directed pair: its rows, its days, and the mailboxes that cover it."""

    pair: tuple[int, int]
    rows: Ints
    silence: Silence
    first: date
    last: date
    calendar: Calendar
    sides: tuple[Side, Side]

    @property
    def before(self) -> int:
        """The row of the last message before."""
        return int(self.rows[self.silence.last])

    @property
    def after(self) -> int | None:
        """The row of the first message after, where there is one."""
        return None if self.silence.open else int(self.rows[self.silence.last + 1])


def meanwhile(view: View, found: Quiet, one: int, other: int) -> list[int]:
    """Rows from one party to another in the silent days, neither automatic nor mass mail."""
    return [
        row
        for row in view.rows_between(one, other)
        if found.first <= view.day(row) <= found.last
        and not view.automatic[row]
        and not view.bulk[row]
    ]


def explanations(view: View, found: Quiet, back: Sequence[int]) -> tuple[Check, ...]:
    """Each innocent explanation, and how looking for it ended."""
    sender = found.pair[0]
    inside = [
        row
        for row in range(*_rows_of(view, found))
        if int(view.sender_party[row]) == sender and not view.automatic[row]
    ]
    writers = _writers(view, found)
    away = [
        row
        for row in range(*_rows_of(view, found))
        if view.automatic[row] and int(view.sender[row]) in writers
    ]
    near = [*back, found.before, *([found.after] if found.after is not None else [])]
    spoken = [row for row in near if does(view, row, ActKind.OFF_RECORD)]
    closed = does(view, found.before, ActKind.CLOSURE)
    return (
        passed("Holidays and closures", "days that do not count for the sender are left out"),
        check(
            "The sender wrote to nobody at all",
            "" if inside else "no message of the sender to anybody is held for these days",
            f"{number(len(inside), 'message')} of the sender to others in these days",
        ),
        check(
            "Those who usually wrote were away",
            f"{number(len(away), 'automatic reply', 'automatic replies')} of theirs"
            if away
            else "",
            "no automatic reply of theirs is held for these days",
        ),
        check(
            "They spoke or met instead",
            f"{number(len(spoken), 'message')} around it refers to a call or a meeting"
            if spoken
            else "",
            "the messages around it refer to no call and no meeting",
        ),
        check(
            "The matter was closed",
            "the last message before it closes a matter" if closed else "",
            "the last message before it closes nothing",
        ),
        untestable("They used another channel", "only the channels supplied were looked at"),
    )


def _rows_of(view: View, found: Quiet) -> tuple[int, int]:
    """The dated rows of the silent days, as a range."""
    starts = view.start[: view.dated]
    window = days(found.first, found.last, "", Basis.RECEIVED)
    edges = [window.earliest.timestamp(), window.latest.timestamp()]
    first, last = np.searchsorted(starts, edges).tolist()
    return first, last


def _writers(view: View, found: Quiet) -> set[int]:
    """Those who wrote at least a third of the baseline."""
    one = found.silence
    senders = view.sender[found.rows[one.last + 1 - one.events : one.last + 1]]
    people, counts = np.unique(senders, return_counts=True)
    return {int(p) for p, n in zip(people, counts, strict=True) if 3 * n >= one.events}


def closed_days(view: View, found: Quiet) -> list[str]:
    """Closures, school holidays and bank holidays in the silent days, in words."""
    off = view.brief.calendars
    closures = [
        f"{closure.what or 'closed'} ({span(closure.first, closure.last)})"
        for closure in (*off.closures, *off.school_holidays)
        if closure.first <= found.last and found.first <= closure.last
    ]
    holidays = bank_holidays(off.bank_holidays)
    named = [f"{what} ({say_day(day)})" for day, what in holidays.items()
             if found.first <= day <= found.last]  # fmt: skip
    return [*closures, *named]
