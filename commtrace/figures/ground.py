"""What every figure of a case stands on: rows on the time axis and in lanes, computed once.

Takes a View and gives arrays that a figure can slice in microseconds whatever the size of the case.
Which lanes there are is decided here, so that the screen and the papers show the same ones: parties
by who they are and how much they wrote, the rest together in a last lane.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from commtrace.figures import palette
from commtrace.figures.marks import DAY, clock, clock_of_day, day_of_clock
from commtrace.model import Coverage, Party
from commtrace.moments import local_day
from commtrace.view import NOBODY, View

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_LANES = 10
ROLE_ORDER = ("families", "council", "members", "outside", "unplaced")
_HOUR = 3600
_WRAP = 20  # characters of a lane's name before its line breaks


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A lane: its name, its role's ink, the parties in it, and where no material could show it."""

    label: str
    ink: str
    parties: tuple[int, ...]
    supplied: bool
    holes: tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class Ground:
    """The dated rows of a view on the axis (`x`, `x_end`) and in lanes; weeks counted by role.

    `lane_of_party[-1]` is the lane of an unknown sender. `weeks` are the Mondays of the period,
    `weekly[role, week]` counts what each role sent. `first` and `last` bound the period, and
    `whole` what there is to see: the same, or with stray dates (see `period`) more.
    """

    view: View
    x: Floats
    x_end: Floats
    lane: Ints
    lanes: tuple[Row, ...]
    lane_of_party: Ints
    role_of_party: Ints
    weeks: Floats
    weekly: Ints
    first: float
    last: float
    whole: tuple[float, float]

    def rows(self, first: float, last: float) -> tuple[int, int]:
        """The half-open range of rows that begin in `[first, last)`."""
        low, high = np.searchsorted(self.x, (first, last))
        return int(low), int(high)

    @cached_property
    def flows(self) -> tuple[Ints, Ints, Ints]:
        """Each dated row with each party it was sent to, once: rows, senders, recipients."""
        view = self.view
        count = len(self.x)
        row = np.repeat(np.arange(count), np.diff(view.recipient_offsets[: count + 1]))
        to = view.recipient_party[: len(row)]
        known = (to != NOBODY) & (view.sender_party[row] != NOBODY)
        parties = len(view.parties)
        distinct = np.unique(row[known] * parties + to[known])
        rows, recipients = distinct // max(parties, 1), distinct % max(parties, 1)
        return rows, view.sender_party[rows], recipients

    def party(self, index: int) -> str:
        """The label of a party, or that it is not known."""
        return self.view.parties[index].label if index >= 0 else "sender not known"

    def ink(self, party: int) -> str:
        """The ink of a party's role."""
        return ROLE_ORDER[int(self.role_of_party[party])]


def ground(view: View) -> Ground:
    """Everything a figure needs of a view, in one pass."""
    dated = view.dated
    x = _clocks(view.start[:dated])
    x_end = _clocks(view.end[:dated])
    first, last = period(view, x)
    roles = _roles(view.parties)
    whole = _whole(view, x, (first, last))
    lanes, lane_of_party = _lanes(view, roles, *whole)
    sender = view.sender_party[:dated]
    weeks = _mondays(first, last)
    return Ground(
        view=view,
        x=x,
        x_end=x_end,
        lane=lane_of_party[sender],
        lanes=lanes,
        lane_of_party=lane_of_party,
        role_of_party=roles,
        weeks=weeks,
        weekly=_weekly(x, roles[sender], weeks),
        first=first,
        last=last,
        whole=whole,
    )


def _whole(view: View, x: Floats, shown: tuple[float, float]) -> tuple[float, float]:
    """From the first dated row to the last, where the auditor set no period."""
    if view.brief.period is not None or not len(x):
        return shown
    begins, ends = clock_of_day(day_of_clock(float(x[0]))), clock_of_day(day_of_clock(float(x[-1])))
    return min(begins, shown[0]), max(ends + DAY, shown[1])


def period(view: View, x: Floats) -> tuple[float, float]:
    """The period of the case on the axis: as the auditor set it, else from the evidence.

    Without a set period a few stray dates (a clock that stood at 1970) do not stretch the axis:
    where the whole span is over three times that of the middle 98 %, the middle is shown.
    """
    if view.brief.period is not None:
        since, until = view.brief.period
        return clock_of_day(since), clock_of_day(until + timedelta(days=1))
    if not len(x):
        today = clock_of_day(local_day(view.as_of))
        return today - 28 * DAY, today
    low, high = float(x[0]), float(x[-1])
    inner_low, inner_high = (float(v) for v in np.quantile(x, (0.01, 0.99)))
    if high - low > 3 * (inner_high - inner_low) + 60 * DAY:
        low, high = inner_low, inner_high
    return clock_of_day(day_of_clock(low)), clock_of_day(day_of_clock(high)) + DAY


def _clocks(seconds: Ints) -> Floats:
    """Each second as `marks.clock`; the offset is looked up once an hour that occurs."""
    hours, inverse = np.unique(seconds // _HOUR, return_inverse=True)
    offsets = np.array([_offset(int(hour)) for hour in hours], dtype=np.float64)
    if not len(hours):
        return np.zeros(0, dtype=np.float64)
    return (seconds.astype(np.float64) + offsets[inverse]) * 1000.0


def _offset(hour: int) -> float:
    when = datetime.fromtimestamp(hour * _HOUR, tz=UTC)
    return clock(when) / 1000.0 - hour * _HOUR


def _roles(parties: Iterable[Party]) -> Ints:
    inks = [palette.role(p.kind, provisional=p.provisional) for p in parties]
    return np.array([ROLE_ORDER.index(i) for i in inks] + [len(ROLE_ORDER) - 1], dtype=np.int64)


def volumes(view: View) -> Ints:
    """How much each party wrote or was written to."""
    count = len(view.parties)
    known = view.sender_party[view.sender_party != NOBODY]
    to = view.recipient_party[view.recipient_party != NOBODY]
    return np.bincount(known, minlength=count) + np.bincount(to, minlength=count)


def _lanes(view: View, roles: Ints, first: float, last: float) -> tuple[tuple[Row, ...], Ints]:
    volume = volumes(view)
    ranked = sorted(range(len(view.parties)), key=lambda p: (-int(volume[p]), view.parties[p].id))
    fits = len(ranked) <= MOST_LANES
    own = ranked if fits else ranked[: MOST_LANES - 1]
    rest = [] if fits else ranked[MOST_LANES - 1 :]
    own.sort(key=lambda p: (int(roles[p]), -int(volume[p]), view.parties[p].id))
    windows = _windows(view)
    lanes = [
        _row(wrap(view.parties[p].label), ROLE_ORDER[int(roles[p])], (p,), windows, (first, last))
        for p in own
    ]
    unknown = bool(np.any(view.sender_party[: view.dated] == NOBODY))
    if rest or unknown:
        name = f"{len(rest)} other parties" if len(rest) > 1 else "Others"
        lanes.append(_row(name, "unplaced", tuple(rest), windows, (first, last)))
    lane_of_party = np.full(len(view.parties) + 1, len(lanes) - 1, dtype=np.int64)
    for lane, party in enumerate(own):
        lane_of_party[party] = lane
    return tuple(lanes), lane_of_party


def wrap(label: str) -> str:
    """A name on one line, or on two where it is long, shortened where it is longer still."""
    if len(label) <= _WRAP:
        return label
    cut = label.rfind(" ", 0, _WRAP + 1)
    if cut < 0:
        return label[: _WRAP - 1] + "…"
    rest = label[cut + 1 :]
    return f"{label[:cut]}\n{rest if len(rest) <= _WRAP else rest[: _WRAP - 1] + '…'}"


def _windows(view: View) -> Mapping[int, list[Coverage]]:
    parties: dict[str, list[int]] = {}
    for who in view.identities:
        parties[who.id] = [
            view.party_index[m.party] for m in who.parties if m.party in view.party_index
        ]
    found: dict[int, list[Coverage]] = {}
    for stretch in view.coverage:
        for party in set(parties.get(stretch.identity or "", [])):
            found.setdefault(party, []).append(stretch)
        found.setdefault(NOBODY, []).append(stretch)
    return found


def _row(
    label: str,
    ink: str,
    parties: tuple[int, ...],
    windows: Mapping[int, list[Coverage]],
    bounds: tuple[float, float],
) -> Row:
    """A lane; a party without material of its own can be seen as far as anybody's material goes."""
    own = [stretch for party in parties for stretch in windows.get(party, [])]
    seen = own or windows.get(NOBODY, [])
    holes = _holes([(s.first, s.last) for s in seen], *bounds) if seen else ()
    return Row(label=label, ink=ink, parties=parties, supplied=bool(own), holes=holes)


def _holes(
    windows: Iterable[tuple[date, date]], first: float, last: float
) -> tuple[tuple[float, float], ...]:
    """What is left of `[first, last)` when every window (both days included) is taken out."""
    holes, at = [], first
    for since, until in sorted(windows):
        begins, ends = clock_of_day(since), clock_of_day(until) + DAY
        if begins > at:
            holes.append((at, min(begins, last)))
        at = max(at, ends)
    if at < last:
        holes.append((at, last))
    return tuple((a, b) for a, b in holes if b - a >= DAY)


def _mondays(first: float, last: float) -> Floats:
    start = day_of_clock(first)
    monday = clock_of_day(start - timedelta(days=start.weekday()))
    return np.arange(monday, last, 7 * DAY, dtype=np.float64)


def _weekly(x: Floats, roles: Ints, weeks: Floats) -> Ints:
    edges = np.append(weeks, weeks[-1] + 7 * DAY)
    week = np.searchsorted(edges, x, side="right") - 1
    inside = (week >= 0) & (week < len(weeks))
    flat = roles[inside] * len(weeks) + week[inside]
    counts = np.bincount(flat, minlength=len(ROLE_ORDER) * len(weeks))
    return counts.reshape(len(ROLE_ORDER), len(weeks))
