"""Moments into days and weeks: how many communications fall where, and which cannot be placed.

An interval that spans several bins belongs to none of them alone, so it is counted apart and never
spread: a chart shows it as a bar.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from commtrace.moments import Moment, local_day, monday


@dataclass(frozen=True, slots=True, kw_only=True)
class Bins:
    """Counts by the first day of each bin; `spanning` fit in no one bin, `undated` in none."""

    counts: tuple[tuple[date, int], ...]
    spanning: int
    undated: int


def by_day(whens: Iterable[Moment | None]) -> Bins:
    """Counts by day in Europe/London, empty days between the first and the last included."""
    return _bins(whens, width=1)


def by_week(whens: Iterable[Moment | None]) -> Bins:
    """Counts by week from Monday in Europe/London, empty weeks included."""
    return _bins(whens, width=7)


def _bins(whens: Iterable[Moment | None], *, width: int) -> Bins:
    counts: dict[date, int] = {}
    spanning = undated = 0
    for when in whens:
        if when is None:
            undated += 1
            continue
        first, last = (
            _bin(local_day(when.earliest), width),
            _bin(local_day(when.last_second), width),
        )
        if first == last:
            counts[first] = counts.get(first, 0) + 1
        else:
            spanning += 1
    return Bins(counts=_filled(counts, width), spanning=spanning, undated=undated)


def _bin(day: date, width: int) -> date:
    return monday(day) if width == 7 else day


def _filled(counts: dict[date, int], width: int) -> tuple[tuple[date, int], ...]:
    if not counts:
        return ()
    first, last = min(counts), max(counts)
    steps = (last - first).days // width
    days = (first + timedelta(days=width * n) for n in range(steps + 1))
    return tuple((day, counts.get(day, 0)) for day in days)
