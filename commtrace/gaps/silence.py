"""The rule `silence` and its sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from commtrace.gaps._columns import as_of_day
from commtrace.gaps._grades import is_entered
from commtrace.gaps._observed import Sides
from commtrace.gaps._quiet import Quiet, closed_days, explanations, meanwhile
from commtrace.gaps._rhythm import Silence, adjusted, shortest_detectable, silences
from commtrace.gaps._wording import (
    days_in,
    listed,
    number,
    party,
    party_ids,
    reconciled,
    span,
)
from commtrace.model import (
    Citation,
    Family,
    Finding,
    Observability,
    Outcome,
    Severity,
    Strength,
)
from commtrace.moments import Basis, days
from commtrace.plugins import rule
from commtrace.view import NOBODY, View

_CITED = 5

SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of a message from {sender} to {receiver} was found {span} ({width}) in either"
        " side's mailboxes, which cover the time {reconciled}."
    ),
    Observability.ONE_SIDE: (
        "No record of a message from {sender} to {receiver} was found {span} ({width}) in the"
        " mailboxes supplied, which show this exchange from one side only."
    ),
}
UNUSUAL = (
    "It is unusually long: in the {baseline} before there were {events}, and at that rhythm"
    " {chance} would be as long; the longest earlier one was {longest}."
)
DETECTABLE = "The shortest silence that this test can tell from chance here is {shortest}."
TESTED = (
    "Of {tested} tested in this case {flagged} {stand} after Benjamini and Hochberg's control, by"
    " which at most about {share} of such are expected to be chance."
)
OPEN = "The evidence ends before the next message, so its full length is not known."
RETURNED = "In the same time {count} from {receiver} to {sender} {is_on} record."
FELL = "In that time fell: {what}."


@rule(family=Family.FLOW)
def silence(
    view: View,
    *,
    days: int = 5,
    baseline: int = 60,
    messages: int = 12,
    false_share: float = 0.05,
) -> Iterator[Finding]:
    """Two parties stop writing for longer than their own rhythm explains.

    Definition: of all maximal silences from one party to another with `messages` or more in the
    `baseline` active days before, those whose chance (T/(T+w))^(S/phi) stands after Benjamini and
    Hochberg at `false_share`, and that the series' own history shows to be unusual (rank at most
    .05, or no earlier silence half as long). phi is the variance-to-mean ratio of the counts of all
    whole weeks before it. Reported from `days` active days; all are tested.
    What counts: messages that are neither automatic nor mass mail; active days of the sending
    party's calendar; what was entered by hand is no part of the rhythm, and may explain a silence.
    A silence in which the evidence ends is tested with the length seen so far.
    What does not: weekends, bank holidays, closures and school holidays; time in which the
    mailboxes that hold the baseline (four fifths of it) do not cover baseline and silence: it is
    not testable, and no silence is claimed there.
    When it cannot say: with few messages only a long silence can be told from chance; each finding
    prints the shortest. OBSERVED needs both sides' mailboxes to hold half of the baseline each,
    and not to be empty or thin in the silence (see `coverage_hole`).
    Severity: MATERIAL; GRAVE where an event of the case falls in it and both sides are observed;
    LOW where it is still open or an innocent explanation may hold. Strength: INDICATED (one
    statistical cue), CORROBORATED where the other side wrote meanwhile or an event fell in it.
    Reference: Malmgren et al., PNAS 105 (2008); Benjamini and Hochberg 1995; gap-science 5.
    """
    tested = [
        candidate
        for pair in view.pairs
        if pair[0] != pair[1] and NOBODY not in pair
        for candidate in _candidates(view, pair, baseline, messages)
    ]
    chances = adjusted([candidate.silence.p for candidate in tested])
    flagged = [(c, q) for c, q in zip(tested, chances, strict=True) if q <= false_share]
    family = _Tests(len(tested), len(flagged), false_share)
    for candidate, q in flagged:
        if candidate.silence.width >= days and candidate.silence.unusual_for_itself:
            yield _finding(view, candidate, q, family)


@dataclass(frozen=True, slots=True)
class _Tests:
    """How many silences were tested and flagged, and the share of false ones allowed."""

    tested: int
    flagged: int
    share: float

    @property
    def alpha(self) -> float:
        """The chance at which a single test was decided."""
        return self.share * max(1, self.flagged) / max(1, self.tested)


def _candidates(view: View, pair: tuple[int, int], baseline: int, messages: int) -> Iterator[Quiet]:
    """The silences of one directed pair that the material can show."""
    rows = np.array(view.rows_between(*pair), dtype=np.int64)
    rows = rows[~(view.automatic[rows] | view.bulk[rows])] if len(rows) else rows
    if view.by_hand:  # what was entered by hand is no part of a rhythm; it may explain a silence
        rows = np.array([r for r in rows.tolist() if not is_entered(view, r)], dtype=np.int64)
    if len(rows) < messages:
        return
    calendar = view.calendar_of(pair[0])
    ordinals = np.array([view.day(row).toordinal() for row in rows.tolist()], dtype=np.int64)
    end = _end(view)
    first = date.fromordinal(int(ordinals[0])) - timedelta(days=7)
    active = np.array([d.toordinal() for d in calendar.days(first, end)], dtype=np.int64)
    if not len(active):
        return
    places = np.maximum(np.searchsorted(active, ordinals, side="right") - 1, 0)
    week = 5 if calendar.weekdays_only else 7
    sides = Sides(view, pair, rows)

    def candidate(one: Silence) -> Quiet | None:
        start = date.fromordinal(int(active[max(0, one.after - baseline + 1)]))
        first = date.fromordinal(int(active[one.after + 1]))
        last = date.fromordinal(int(active[one.after + one.width]))
        since = one.last + 1 - one.events
        held = sides.over(start, first, last, since, one.last + 1)
        return Quiet(pair, rows, one, first, last, calendar, held) if held else None

    for one in silences(places, None, baseline=baseline, events=messages, week=week):
        if found := candidate(one):
            yield found
    for day in sides.ends(end, date.fromordinal(int(ordinals[-1]))):
        last = int(np.searchsorted(active, day.toordinal(), side="right")) - 1
        still = silences(places, last, baseline=baseline, events=messages, week=week)[-1:]
        if still and still[0].open and (found := candidate(still[0])):
            yield found
            break


def _end(view: View) -> date:
    """The last day looked at: where the evidence or the period reviewed ends."""
    end = as_of_day(view)
    return min(end, view.brief.period[1]) if view.brief.period else end


def _finding(view: View, found: Quiet, q: float, family: _Tests) -> Finding:
    sender, receiver = found.pair
    observability = view.observability(found.sides[0].observed, found.sides[1].observed)
    back = meanwhile(view, found, receiver, sender)
    events = [e.label for e in view.brief.events if found.first <= e.date <= found.last]
    checks = explanations(view, found, back)
    doubts = any(c.outcome is Outcome.FAILED for c in checks)
    cues = bool(back) or bool(events)
    return Finding(
        rule="silence",
        family=Family.FLOW,
        anchor=(*(view.parties[p].id for p in found.pair), view.ids[found.before]),
        severity=_severity(found, observability, doubts=doubts, events=bool(events)),
        strength=Strength.CORROBORATED if cues and not doubts else Strength.INDICATED,
        observability=observability,
        about=tuple(view.ids[row] for row in (found.before, found.after) if row is not None),
        window=days(found.first, found.last, span(found.first, found.last), Basis.RECEIVED),
        parties=party_ids(view, sender, receiver),
        owes=view.parties[sender].id if back else None,
        cites=tuple(_cites(view, found, back)),
        checks=checks,
        sentence=_sentence(view, found, observability, back=back, events=events, family=family),
        measure=_measure(found, q, family),
    )


def _severity(
    found: Quiet, observability: Observability, *, doubts: bool, events: bool
) -> Severity:
    if doubts or found.silence.open:
        return Severity.LOW
    both = observability is Observability.OBSERVED
    return Severity.GRAVE if events and both else Severity.MATERIAL


def _cites(view: View, found: Quiet, back: Sequence[int]) -> Iterator[Citation]:
    yield view.cite(found.before, "the last message before")
    if found.after is not None:
        yield view.cite(found.after, "the first message after")
    for row in back[:_CITED]:
        yield view.cite(row, "the other side wrote meanwhile")


def _measure(found: Quiet, q: float, family: _Tests) -> Mapping[str, int | float | str]:
    one = found.silence
    return {
        "active days silent": one.width,
        "calendar": found.calendar.name,
        "open at the end": int(one.open),
        "baseline days": one.baseline,
        "baseline messages": one.events,
        "dispersion": round(one.dispersion, 2),
        "p": float(f"{one.p:.2g}"),
        "p after Benjamini-Hochberg": float(f"{q:.2g}"),
        "rank among earlier silences": round(one.rank, 3),
        "longest earlier silence": one.longest,
        "silences tested": family.tested,
        "expected false flags": round(family.share * family.flagged, 2),
        "shortest detectable silence": round(_shortest(one, family), 1),
    }


def _shortest(one: Silence, family: _Tests) -> float:
    return shortest_detectable(one.events, one.dispersion, family.alpha, one.baseline)


def _sentence(
    view: View,
    found: Quiet,
    observability: Observability,
    *,
    back: Sequence[int],
    events: Sequence[str],
    family: _Tests,
) -> str:
    one, name = found.silence, found.calendar.name
    words = {"sender": party(view, found.pair[0]), "receiver": party(view, found.pair[1])}
    boxes = [box for side in found.sides for box in side.mailboxes]
    parts = [
        SENTENCES[observability].format(
            **words,
            span=span(found.first, found.last),
            width=days_in(one.width, name),
            reconciled=reconciled(boxes),
        ),
        UNUSUAL.format(
            baseline=days_in(one.baseline, name),
            events=number(one.events, "message"),
            chance=_one_in(one.p),
            longest=days_in(one.longest, name),
        ),
        DETECTABLE.format(shortest=days_in(round(_shortest(one, family) + 0.5), name)),
    ]
    parts.append(
        TESTED.format(
            tested=number(family.tested, "silence"), flagged=number(family.flagged, "", "").strip(),
            stand="stands" if family.flagged == 1 else "stand", share=f"{family.share:.0%}",
        )
    )  # fmt: skip
    if one.open:
        parts.append(OPEN)
    if back:
        is_on = "is on" if len(back) == 1 else "are on"
        parts.append(RETURNED.format(count=number(len(back), "message"), is_on=is_on, **words))
    if fell := [*events, *closed_days(view, found)]:
        parts.append(FELL.format(what=listed(fell)))
    return " ".join(parts)


def _one_in(chance: float) -> str:
    times = round(1 / chance) if chance > 1e-4 else 10_000
    return (
        f"about one silence in {times:,}" if chance > 1e-4 else "fewer than one silence in 10,000"
    )
