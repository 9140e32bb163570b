"""The rule `coverage_hole` and its sentences."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from commtrace.gaps._columns import Grouped, as_of_day, between, by_recipient, by_sender
from commtrace.gaps._wording import (
    check,
    number,
    party_ids,
    passed,
    span,
    untestable,
)
from commtrace.model import (
    Check,
    Coverage,
    CoverageWeek,
    Family,
    Finding,
    Observability,
    Severity,
    Strength,
)
from commtrace.moments import Basis, days, end_of, start_of
from commtrace.plugins import rule
from commtrace.view import NOBODY, View

_WEEK = timedelta(days=6)
_FISHER = 0.01
_COLLAPSED = 0.34  # the share of proven copies held in the run, at most
_USUAL = 0.7  # the share held in the custodian's other weeks, at least
_LEAST_PROVEN = 5  # in a run whose share collapses
_LEAST_EDGE = 13  # days between the first and last day of an edge: two weeks
_DIRECT_FROM = 3  # proven copies
_CITED = 8

EMPTY = "No items of {custodian} {span} are among the material supplied"
THIN = "Few items of {custodian} {span} are among the material supplied"
KNOWN = ", although {proven} that other mailboxes hold {name} {custodian} in that time{held}."
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "The mailbox was supplied for that time according to case.toml; no record of these copies"
        " was found in it."
    ),
    Observability.ONE_SIDE: (
        "No record of these copies was found in this mailbox. For which days it was collected is"
        " not stated."
    ),
    Observability.NOT_TESTABLE: (
        "No mailbox of this custodian was read. The evidence provided cannot show what it held."
    ),
}


@rule(family=Family.EVIDENCE)
def coverage_hole(view: View, *, weeks: int = 1, copies: int = 1) -> Iterator[Finding]:
    """A custodian's mailbox is empty, or thin, while others were writing to them.

    Definition: a run of at least `weeks` weeks in which a custodian's supplied mailbox holds
    nothing, while other mailboxes prove at least `copies` messages to or from them; or a run in
    which the share of proven copies that it holds collapses (at most 34 % held, against 70 % or
    more in its other weeks; Fisher's exact test, p at most .01); or, where no days are declared,
    two weeks or more before its first or after its last item; or a custodian named in case.toml of
    whom nothing was read, while other mailboxes hold messages that name them.
    What counts: messages whose sender or recipient is the custodian, held elsewhere.
    What does not: weeks in which nobody is shown to have written to them; weeks without a working
    day; weeks outside the time that case.toml says was collected.
    When it cannot say: OBSERVED needs a window declared in case.toml; with an inferred window it is
    one side; without any mailbox it is not testable. Nothing is said about why.
    Severity: GRAVE from four weeks or twenty copies, MATERIAL from two weeks or five copies, LOW
    else and where the custodian was away. Strength: DIRECT from three copies (metadata of the
    evidence itself), CORROBORATED below; one step less where the custodian was away.
    Reference: cross-custodian reconciliation; Fisher 1922.
    """
    sent, received = by_sender(view), by_recipient(view)
    for custodian, ordered in _by_custodian(view).items():
        stretches = [s for s in view.coverage if s.custodian == custodian]
        identity = _identity(view, custodian, stretches)
        if identity == NOBODY:
            continue
        box = _Mailbox(view, custodian, identity, sent, received)
        for run in (*_runs(view, ordered, stretches), *_edges(box, stretches)):
            if run.weeks >= weeks and run.proven >= max(1, copies):
                yield from _hole(box, run)
    for custodian, identity, first, last in _not_supplied(view):
        box = _Mailbox(view, custodian, identity, sent, received)
        rows = box.naming(first, last)
        if len(rows) >= max(1, copies):
            yield _absent_mailbox(box, first, last, rows)


@dataclass(frozen=True, slots=True)
class _Mailbox:
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
class _Run:
    """Days, both included, in which a mailbox is empty (`held` 0) or thin."""

    first: date
    last: date
    weeks: int
    proven: int
    matched: int
    held: int
    declared: bool
    p: float = 0.0


def _by_custodian(view: View) -> dict[str, list[CoverageWeek]]:
    found: dict[str, list[CoverageWeek]] = {}
    for week in sorted(view.weeks, key=lambda week: (week.custodian, week.week)):
        found.setdefault(week.custodian, []).append(week)
    return found


def _identity(view: View, custodian: str, stretches: Sequence[Coverage]) -> int:
    wanted = next((s.identity for s in stretches if s.identity is not None), None)
    places = (i for i, who in enumerate(view.identities) if who.id == wanted)
    return next(places, NOBODY) if wanted else _named(view, custodian)


def _named(view: View, custodian: str) -> int:
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


def _runs(
    view: View, weeks: Sequence[CoverageWeek], stretches: Sequence[Coverage]
) -> Iterator[_Run]:
    declared = any(s.basis == "declared" for s in stretches)
    testable = [
        week
        for week in weeks
        if view.working.days(week.week, week.week + _WEEK) and (week.covered or not declared)
    ]
    for run in _consecutive(testable, _poor):
        whole = _run(run, stretches, declared=declared)
        others = [week for week in testable if not _poor(week)]
        chance = _collapse(run, others)
        if whole.held and chance <= _FISHER and whole.proven >= _LEAST_PROVEN:
            yield replace(whole, p=chance)
            continue
        for empty in _consecutive(run, _empty):
            if sum(week.proven for week in empty):
                yield _run(empty, stretches, declared=declared)


def _edges(box: _Mailbox, stretches: Sequence[Coverage]) -> Iterator[_Run]:
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
        if proven >= _LEAST_PROVEN and (end - start).days >= _LEAST_EDGE:
            weeks = math.ceil(((end - start).days + 1) / 7)
            yield _Run(
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


def _run(run: Sequence[CoverageWeek], stretches: Sequence[Coverage], *, declared: bool) -> _Run:
    first, last = run[0].week, run[-1].week + _WEEK
    if declared:
        first = max(first, min(s.first for s in stretches))
        last = min(last, max(s.last for s in stretches))
    return _Run(
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
        return 1.0
    total, held = proven + rest, matched + rest_matched
    return math.fsum(
        math.exp(_choose(held, k) + _choose(total - held, proven - k) - _choose(total, proven))
        for k in range(matched + 1)
        if k <= held and proven - k <= total - held
    )


def _choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _hole(box: _Mailbox, run: _Run) -> Iterator[Finding]:
    rows = box.naming(run.first, run.last)
    if not rows:
        return
    away = box.away(run.first, run.last)
    observability = Observability.OBSERVED if run.declared else Observability.ONE_SIDE
    opening = (THIN if run.held else EMPTY).format(
        custodian=box.custodian, span=span(run.first, run.last)
    )
    held = f"; it holds {number(run.matched, 'copy', 'copies')} of {run.proven}" if run.held else ""
    before = box.held_before(run.first)
    yield _finding(
        box,
        run,
        rows,
        severity=_severity(run, len(rows), away=bool(away)),
        strength=_strength(run.proven, away=bool(away)),
        observability=observability,
        anchor=(box.custodian, box.view.ids[before] if before is not None else "beginning"),
        before=before,
        checks=_checks(run, away),
        sentence=f"{opening}{_known(box, len(rows), held)} {SENTENCES[observability]}",
    )


def _absent_mailbox(box: _Mailbox, first: date, last: date, rows: list[int]) -> Finding:
    run = _Run(
        first=first,
        last=last,
        weeks=((last - first).days + 7) // 7,
        proven=len(rows),
        matched=0,
        held=0,
        declared=True,
    )
    opening = EMPTY.format(custodian=box.custodian, span=span(first, last))
    return _finding(
        box,
        run,
        rows,
        severity=Severity.MATERIAL if len(rows) >= _LEAST_PROVEN else Severity.LOW,
        strength=_strength(len(rows), away=False),
        observability=Observability.NOT_TESTABLE,
        anchor=(box.custodian, "nothing supplied"),
        before=None,
        checks=(
            untestable("It is still to come", "what was asked for and when is not in the evidence"),
            passed("It was supplied and could not be read", "no file of this custodian was read"),
        ),
        sentence=f"{opening}{_known(box, len(rows), '')} {SENTENCES[Observability.NOT_TESTABLE]}",
    )


def _known(box: _Mailbox, count: int, held: str) -> str:
    verb = "names" if count == 1 else "name"
    return KNOWN.format(
        proven=number(count, "message"), name=verb, custodian=box.custodian, held=held
    )


def _finding(
    box: _Mailbox,
    run: _Run,
    rows: list[int],
    *,
    severity: Severity,
    strength: Strength,
    observability: Observability,
    anchor: tuple[str, ...],
    before: int | None,
    checks: tuple[Check, ...],
    sentence: str,
) -> Finding:
    view = box.view
    parties = party_ids(view, *_parties(box, rows))
    cites = [view.cite(row, "names the custodian; held elsewhere only") for row in rows[:_CITED]]
    if before is not None:
        cites.append(view.cite(before, "the last message held before"))
    return Finding(
        rule="coverage_hole",
        family=Family.EVIDENCE,
        anchor=anchor,
        severity=severity,
        strength=strength,
        observability=observability,
        about=tuple(view.ids[row] for row in rows),
        window=days(run.first, run.last, span(run.first, run.last), Basis.RECEIVED),
        parties=parties,
        owes=parties[0] if parties else None,
        cites=tuple(cites),
        checks=checks,
        sentence=sentence,
        measure={
            "weeks": run.weeks,
            "copies proven elsewhere": run.proven,
            "of these held": run.matched,
            "items held": run.held,
            "p of the share held": round(run.p, 6),
        },
    )


def _parties(box: _Mailbox, rows: list[int]) -> tuple[int, ...]:
    """The custodian's party in these rows, as dated membership gives it."""
    view = box.view
    for row in rows:
        if int(view.sender[row]) == box.identity:
            return (int(view.sender_party[row]),)
        for entry in view.recipients(row):
            if int(view.recipient[entry]) == box.identity:
                return (int(view.recipient_party[entry]),)
    return ()


def _severity(run: _Run, copies: int, *, away: bool) -> Severity:
    if away:
        return Severity.LOW
    if run.declared and (run.weeks >= 4 or copies >= 20):
        return Severity.GRAVE
    return Severity.MATERIAL if run.weeks >= 2 or copies >= _LEAST_PROVEN else Severity.LOW


def _strength(copies: int, *, away: bool) -> Strength:
    strength = Strength.DIRECT if copies >= _DIRECT_FROM else Strength.CORROBORATED
    return Strength(strength - 1) if away else strength


def _checks(run: _Run, away: list[int]) -> tuple[Check, ...]:
    return (
        check(
            "The custodian was away",
            f"{number(len(away), 'automatic reply', 'automatic replies')} in that time or just"
            " before; mail still arrives while somebody is away"
            if away
            else "",
            "no automatic reply of theirs is held for that time",
        ),
        passed("These were holidays or closed days", "weeks without a working day are left out"),
        passed("The mailbox was not collected for that time", "case.toml says that it was")
        if run.declared
        else untestable(
            "The mailbox was not collected for that time",
            "case.toml gives no days for this custodian; they are taken from what is held",
        ),
        untestable(
            "Items were archived, or left out by a folder or date filter of the export",
            "the export's settings are not part of the evidence",
        ),
    )


def _not_supplied(view: View) -> Iterator[tuple[str, int, date, date]]:
    """Custodians that case.toml names and of whom nothing was read, with the days asked for."""
    read = {name for held in view.custodians_holding.values() for name in held}
    read |= {stretch.custodian for stretch in view.coverage if stretch.held}
    period = view.brief.period
    for custodian in view.brief.custodians:
        address = custodian.address.casefold()
        if read & {custodian.name, custodian.address, address}:
            continue
        first = custodian.since or (period[0] if period else None)
        last = custodian.until or (period[1] if period else as_of_day(view))
        identity = _named(view, address)
        if first is None and view.dated:
            first = view.day(0)
        if identity != NOBODY and first is not None and first <= last:
            yield custodian.name, identity, first, last
