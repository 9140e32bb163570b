"""A silence between two parties and its innocent explanations, each looked for and logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from commtrace.gaps._bare import unsupplied
from commtrace.gaps._columns import away_notices, does
from commtrace.gaps._grades import entered_between, is_entered, says_so
from commtrace.gaps._observed import Side
from commtrace.gaps._rhythm import Silence
from commtrace.gaps._wording import check, passed, some, span, untestable
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
        and not is_entered(view, row)
    ]


def explanations(view: View, found: Quiet, back: Sequence[int]) -> tuple[Check, ...]:
    """Each innocent explanation, and how looking for it ended."""
    rows = range(*_rows_of(view, found))
    inside = [r for r in rows if view.sender_party[r] == found.pair[0] and not view.automatic[r]]
    writers = _writers(view, found)
    away = away_notices(view, [row for row in rows if int(view.sender[row]) in writers])
    near = [*back, found.before, *([found.after] if found.after is not None else [])]
    spoken = [row for row in near if does(view, row, ActKind.OFF_RECORD)]
    entered = entered_between(view, *found.pair, found.first, found.last)
    return (
        passed("Holidays and closures", "days that do not count for the sender are left out"),
        check(
            "The sender wrote to nobody at all",
            "" if inside else "no message of the sender to anybody is held for these days",
            some(len(inside), "message", "of the sender to others in these days"),
        ),
        check(
            "Those who usually wrote were away",
            some(len(away), "automatic reply", "of theirs", "automatic replies"),
            "no automatic reply of theirs for these days says so",
        ),
        check(
            "They spoke or met instead",
            says_so(view, entered)
            or some(len(spoken), "message", "around it mentioning a call or a meeting"),
            "the messages around it refer to no call and no meeting",
        ),
        _closed(view, found),
        untestable("They used another channel", "only the channels supplied were looked at"),
        *unsupplied(view, (), found.pair, found.first, found.last),
    )


def _closed(view: View, found: Quiet) -> Check:
    what = "The matter was closed"
    if does(view, found.before, ActKind.CLOSURE):
        return untestable(what, "the last message before it closes a matter; others may be open")
    return passed(what, "the last message before it closes nothing")


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
