"""Where a custodian's mailbox is empty or thin while the rest of the evidence names them.

Finds the runs of days and measures them; says nothing in words.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from commtrace.gaps._columns import Grouped, as_of_day, between, by_recipient, by_sender
from commtrace.gaps._rhythm import adjusted
from commtrace.model import Coverage, CoverageWeek
from commtrace.moments import end_of, start_of
from commtrace.view import NOBODY, View

_WEEK = timedelta(days=6)
_FISHER = 0.01
_UNTESTED = 1.0  # the p of a run beside weeks that are no better
_COLLAPSED = 0.34  # the share of proven copies held in the run, at most
_USUAL = 0.7  # the share held in the custodian's other weeks, at least
LEAST_PROVEN = 5  # in a run whose share collapses
_LEAST_EDGE = 13  # days between the first and last day of an edge: two weeks


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A custodian, and the messages of the whole evidence that name them."""

    view: View
    custodian: str
    identity: int
    sent: Grouped
    received: Grouped

    def naming(self, first: date, last: date) -> list[int]:
        """Rows from or to the custodian in these days of which they hold no copy."""
        holding = self.view.custodians_holding
        return [
            row
            for row in self._rows(first, last)
            if self.custodian not in holding.get(self.view.ids[row], ())
        ]

    def held_before(self, day: date) -> int | None:
        """The last row before `day` of which the custodian holds a copy."""
        holding = self.view.custodians_holding
        rows = self._rows(date(1970, 1, 2), day - timedelta(days=1))
        held = (r for r in reversed(rows) if self.custodian in holding.get(self.view.ids[r], ()))
        return next(held, None)

    def away(self, first: date, last: date) -> list[int]:
        """Automatic replies of the custodian in these days and the three before."""
        start = int(start_of(first - timedelta(days=3)).timestamp())
        sent = self.sent[self.identity]
        rows = between(
            sent[sent < self.view.dated], start, int(end_of(last).timestamp()), self.view
        )
        return [int(row) for row in rows if self.view.automatic[row]]

    def _rows(self, first: date, last: date) -> list[int]:
        start, end = int(start_of(first).timestamp()), int(end_of(last).timestamp())
        both = (self.sent[self.identity], self.received[self.identity])
        found = (between(rows[rows < self.view.dated], start, end, self.view) for rows in both)
        return sorted({int(row) for rows in found for row in rows})


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Days, both included, in which a mailbox is empty (`held` 0) or thin.

    Of a thin one, `p` is the chance that so few of its proven copies are held, `q` the same after
    Benjamini and Hochberg over all `tested` runs of the case.
    """

    first: date
    last: date
    weeks: int
    proven: int
    matched: int
    held: int
    declared: bool
    p: float = 0.0
    q: float = 0.0
    tested: int = 0

    @property
    def chance(self) -> Mapping[str, int | float]:
        """The chance of a thin run, and how many were tested; nothing of an empty one."""
        if not self.held:
            return {}
        return {
            "p of the share held": float(f"{self.p:.2g}"),
            "p after Benjamini-Hochberg": float(f"{self.q:.2g}"),
            "thin runs tested": self.tested,
        }


def holes(view: View, sent: Grouped, received: Grouped) -> Iterator[tuple[Mailbox, Run]]:
    """Every custodian's empty or thin runs; `sent` and `received` are the view's rows turned round.

    A custodian behind whom nobody is known has none: then no message can be shown to name them.
    """
    ordered: dict[str, list[CoverageWeek]] = {}
    for week in sorted(view.weeks, key=lambda week: (week.custodian, week.week)):
        ordered.setdefault(week.custodian, []).append(week)
    found: list[tuple[Mailbox, list[Coverage], list[_Poor]]] = []
    for custodian, weeks in ordered.items():
        stretches = [s for s in view.coverage if s.custodian == custodian]
        identity = _identity(view, custodian, stretches)
        if identity != NOBODY:
            box = Mailbox(view, custodian, identity, sent, received)
            found.append((box, stretches, list(_poor_runs(view, weeks, stretches))))
    tested = [poor for _, _, poors in found for poor in poors if poor.is_tested]
    chances = iter(adjusted([poor.run.p for poor in tested]))
    for box, stretches, poors in found:
        for poor in poors:
            q = next(chances) if poor.is_tested else 1.0
            for run in _said(poor, stretches, q, len(tested)):
                yield box, run
        for run in edges(box, stretches):
            yield box, run


Told = Mapping[str, Sequence[tuple[date, date]]]


def bare(holes: Told, custodian: str, first: date, last: date) -> bool:
    """Whether any of these days lies where a custodian's mailbox is said to be empty or thin."""
    return any(start <= last and first <= end for start, end in holes.get(custodian, ()))


def told(view: View) -> Told:
    """The days, by custodian, of which `coverage_hole` says that the mailbox is empty or thin."""
    return view.once(told, _told)


def _told(view: View) -> Told:
    least = view.brief.rules.get("coverage_hole", {})
    weeks, copies = int(least.get("weeks", 1)), int(least.get("copies", 1))
    found: dict[str, list[tuple[date, date]]] = {}
    for box, run in holes(view, by_sender(view), by_recipient(view)):
        if run.weeks >= weeks and run.proven >= max(1, copies):
            found.setdefault(box.custodian, []).append((run.first, run.last))
    return found


def _identity(view: View, custodian: str, stretches: Sequence[Coverage]) -> int:
    wanted = next((s.identity for s in stretches if s.identity is not None), None)
    places = (i for i, who in enumerate(view.identities) if who.id == wanted)
    return next(places, NOBODY) if wanted else named(view, custodian)


def named(view: View, custodian: str) -> int:
    """The first identity with this name or address (-1 for nobody)."""
    name = custodian.casefold()
    return next(
        (
            index
            for index, who in enumerate(view.identities)
            if name == who.label.casefold()
            or any(name == m.address.casefold() for m in who.members)
        ),
        NOBODY,
    )


@dataclass(frozen=True, slots=True)
class _Poor:
    """Weeks in a row that hold nothing or little, and what they are as one run."""

    weeks: Sequence[CoverageWeek]
    run: Run

    @property
    def is_tested(self) -> bool:
        """Whether it holds something, and enough is proven to ask whether that is too little."""
        enough = self.run.proven >= LEAST_PROVEN
        return bool(self.run.held) and enough and self.run.p < _UNTESTED


def _poor_runs(
    view: View, weeks: Sequence[CoverageWeek], stretches: Sequence[Coverage]
) -> Iterator[_Poor]:
    declared = any(s.basis == "declared" for s in stretches)
    testable = [
        week
        for week in weeks
        if view.working.days(week.week, week.week + _WEEK) and (week.covered or not declared)
    ]
    others = [week for week in testable if not _poor(week)]
    for run in _consecutive(testable, _poor):
        whole = _run(run, stretches, declared=declared)
        yield _Poor(run, replace(whole, p=_collapse(run, others)))


def _said(poor: _Poor, stretches: Sequence[Coverage], q: float, tested: int) -> Iterator[Run]:
    """A thin run whose chance stands among all that were tested; else the empty weeks in it."""
    if poor.is_tested and q <= _FISHER:
        yield replace(poor.run, q=q, tested=tested)
        return
    for empty in _consecutive(poor.weeks, _empty):
        if sum(week.proven for week in empty):
            yield _run(empty, stretches, declared=poor.run.declared)


def edges(box: Mailbox, stretches: Sequence[Coverage]) -> Iterator[Run]:
    """Before the first and after the last item of a mailbox whose days nobody declared."""
    view = box.view
    if not stretches or any(s.basis == "declared" for s in stretches) or not view.dated:
        return
    period = view.brief.period or (view.day(0), as_of_day(view))
    first, last = min(s.first for s in stretches), max(s.last for s in stretches)
    before = (period[0], first - timedelta(days=1))
    after = (last + timedelta(days=1), min(period[1], as_of_day(view)))
    for start, end in (before, after):
        proven = len(box.naming(start, end)) if start <= end else 0
        if proven >= LEAST_PROVEN and (end - start).days >= _LEAST_EDGE:
            weeks = math.ceil(((end - start).days + 1) / 7)
            yield Run(
                first=start, last=end, weeks=weeks, proven=proven, matched=0, held=0, declared=False
            )


def _empty(week: CoverageWeek) -> bool:
    return week.held_sent + week.held_received == 0


def _poor(week: CoverageWeek) -> bool:
    return _empty(week) or (week.proven > 0 and week.matched <= _COLLAPSED * week.proven)


def _consecutive(
    weeks: Sequence[CoverageWeek], wanted: Callable[[CoverageWeek], bool]
) -> Iterator[list[CoverageWeek]]:
    run: list[CoverageWeek] = []
    for week in weeks:
        if wanted(week):
            run.append(week)
            continue
        if run:
            yield run
        run = []
    if run:
        yield run


def _run(run: Sequence[CoverageWeek], stretches: Sequence[Coverage], *, declared: bool) -> Run:
    first, last = run[0].week, run[-1].week + _WEEK
    if declared:
        first = max(first, min(s.first for s in stretches))
        last = min(last, max(s.last for s in stretches))
    return Run(
        first=first,
        last=last,
        weeks=len(run),
        proven=sum(week.proven for week in run),
        matched=sum(week.matched for week in run),
        held=sum(week.held_sent + week.held_received for week in run),
        declared=declared,
    )


def _collapse(run: Sequence[CoverageWeek], others: Sequence[CoverageWeek]) -> float:
    """Fisher's exact one-sided p that so few of the run's proven copies are held; 1 if unusual."""
    proven, matched = sum(w.proven for w in run), sum(w.matched for w in run)
    rest, rest_matched = sum(w.proven for w in others), sum(w.matched for w in others)
    if not rest or rest_matched < _USUAL * rest:
        return _UNTESTED
    total, held = proven + rest, matched + rest_matched
    return math.fsum(
        math.exp(_choose(held, k) + _choose(total - held, proven - k) - _choose(total, proven))
        for k in range(matched + 1)
        if k <= held and proven - k <= total - held
    )


def _choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
