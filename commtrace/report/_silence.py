"""The shortest silence that each exchange could show to be more than chance: a limit.

By the quasi-Poisson gap of the rule `silence` (gap-science 5.3): with few messages only a long
silence can be told from chance, and a reader must know how long before the first finding is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from commtrace.gaps._rhythm import dispersion, shortest_detectable
from commtrace.report import _words as words
from commtrace.view import NOBODY, View

_BASELINE, _LEAST, _ALPHA = 60, 12, 0.01  # active days, messages in them, chance of one test
_SHOWN = 15
INTRODUCTION = (
    "The shortest silence, in the sending party's own counting days, that could be told from "
    f"chance in each exchange: at most 1 in 100 by its mean rhythm, over {_BASELINE} days with "
    f"{_LEAST} messages or more. A shorter one may be a gap, but its length does not show it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceRow:
    """An exchange in one direction, its messages, and the shortest silence it could show."""

    giver: str
    taker: str
    messages: int
    shortest: str


def detectable(view: View) -> tuple[tuple[SilenceRow, ...], int]:
    """The busiest exchanges between parties, and how many more there are."""
    found = [
        (len(rows), pair, rows)
        for pair in view.pairs
        if pair[0] != pair[1] and NOBODY not in pair and (rows := _written(view, pair))
    ]
    found.sort(key=lambda each: (-each[0], each[1]))
    shown = tuple(_row(view, pair, rows) for _, pair, rows in found[:_SHOWN])
    return shown, len(found) - len(shown)


def _written(view: View, pair: tuple[int, int]) -> list[int]:
    rows = view.rows_between(*pair)
    return [row for row in rows if not (view.automatic[row] or view.bulk[row])]


def _row(view: View, pair: tuple[int, int], rows: list[int]) -> SilenceRow:
    return SilenceRow(
        giver=words.line(view.parties[pair[0]].label),
        taker=words.line(view.parties[pair[1]].label),
        messages=len(rows),
        shortest=_shortest(view, pair[0], rows),
    )


def _shortest(view: View, party: int, rows: list[int]) -> str:
    calendar = view.calendar_of(party)
    first, last = view.brief.period or (view.day(0), view.day(view.dated - 1))
    active = calendar.days(first, last)
    inside = [day for row in rows if first <= (day := view.day(row)) <= last]
    mean = len(inside) * _BASELINE / max(len(active), 1)
    if mean < _LEAST:
        return "too few messages to test"
    week = 5 if calendar.weekdays_only else 7
    places = np.searchsorted(
        np.array([day.toordinal() for day in active]), [day.toordinal() for day in inside]
    )
    counts = np.bincount(np.minimum(places, len(active) - 1), minlength=len(active))
    weekly = counts[len(counts) % week :].reshape(-1, week).sum(axis=1)
    days = ceil(shortest_detectable(round(mean), dispersion(weekly), _ALPHA, _BASELINE))
    if days > len(active):
        return "longer than the period"
    unit = "day" if calendar.name == "every day" else f"{calendar.name} day"
    return words.count(days, unit)
