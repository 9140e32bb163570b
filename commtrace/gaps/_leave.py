"""To which day somebody was away, as an automatic reply of before says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np

from commtrace.gaps._columns import AWAY
from commtrace.gaps._matter import coming, days_named
from commtrace.gaps._traffic import DAY
from commtrace.view import View

_BEFORE = 60 * DAY  # how long before a day an automatic reply may have said that leave reaches it
_LONGEST = 183  # days; a later day is no return
_BATCH = 2000
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\d)[^.!?\n]*)*")

Leaves = Mapping[int, Sequence[tuple[int, date]]]


def away_until(view: View, who: int, row: int) -> tuple[int, date] | None:
    """The automatic reply of before a row, and the day to which it says that `who` is away.

    The latest one whose leave reaches the row's day; None where no such reply of the sixty days
    before names that day or a later one.
    """
    day, end = view.day(row), int(view.start[row])
    for reply, last in reversed(view.once(_leaves, _leaves).get(who, ())):
        if end - _BEFORE <= int(view.start[reply]) < end and last >= day:
            return reply, last
    return None


def _leaves(view: View) -> Leaves:
    """The automatic replies of everybody that name a day of leave, and the last such day."""
    rows = np.flatnonzero(view.automatic[: view.dated]).tolist()
    found: dict[int, list[tuple[int, date]]] = {}
    for start in range(0, len(rows), _BATCH):
        some = rows[start : start + _BATCH]
        texts = view.text([view.ids[row] for row in some])
        for row in some:
            said = f"{view.subjects[row]}\n{texts.get(view.ids[row], '')}"
            last = max(_named(said, view.day(row)), default=None)
            if last is not None:
                found.setdefault(int(view.sender[row]), []).append((row, last))
    return found


def _named(said: str, day: date) -> Iterator[date]:
    """The days, within half a year of `day`, of the sentences that say that somebody is away."""
    for sentence in _SENTENCE.findall(said) if AWAY.search(said) else ():
        for one in days_named(sentence) if AWAY.search(sentence) else ():
            found = one if isinstance(one, date) else coming(one, day)
            if 0 <= (found - day).days <= _LONGEST:
                yield found
