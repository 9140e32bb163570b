"""The rule `single_bridge` and its sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from commtrace.gaps._columns import as_of_day, away_notices, does
from commtrace.gaps._grades import entered_between, is_entered, says_so
from commtrace.gaps._observed import Sides, answerable
from commtrace.gaps._register import checks, lines
from commtrace.gaps._standstill import Looked, Standing, Standstill, single
from commtrace.gaps._wording import (
    UNRELATED,
    check,
    days_in,
    failed,
    kind_of,
    number,
    party,
    party_ids,
    passed,
    some,
    span,
    untestable,
    who,
)
from commtrace.model import (
    ActKind,
    Check,
    Citation,
    Family,
    Finding,
    Observability,
    Outcome,
    Severity,
    Strength,
)
from commtrace.moments import Basis, days, say_day
from commtrace.plugins import rule
from commtrace.view import NOBODY, View

_CITED = 5

WROTE = (
    "In the {baseline} to {before} {person} wrote {own} of the {counted} messages that single"
    " persons of {one} sent to {other} ({share}{rest})."
)
PASSED_ON = (
    "In the {baseline} to {before} {own} of the {counted} occasions on which a matter was passed on"
    " between {one} and {other} by a single person ran through {person} ({share}{rest})."
)
REST = "; {count} more came from shared mailboxes"
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of a message of {person} to anybody, or {what}, was found {span} ({width}) in"
        " the mailboxes of either side, which cover the time."
    ),
    Observability.ONE_SIDE: (
        "No record of a message of {person} to anybody, or {what}, was found {span} ({width}) in"
        " the mailboxes supplied, which show this exchange from one side only."
    ),
}
NONE_WRITTEN = "of any from {one} to {other}"
NONE_PASSED = "of a matter passed on between {one} and {other}"
LONGEST = "The longest standstill in the time before was {longest}."
RETURNED = "In the same time {count} from {other} to {one} {is_on} on record."
OPEN = "No later message of the exchange is held."


@rule(family=Family.FLOW)
def single_bridge(
    view: View, *, share: float = 0.6, messages: int = 10, days: int = 5, baseline: int = 60
) -> Iterator[Finding]:
    """An exchange between two parties that ran through one person, and stood still with them.

    Definition: of what single persons of one party wrote to another in the `baseline` working days
    before, or of the occasions on which a matter was passed on between the two (somebody who had
    heard from one wrote to the other in the same thread within 20 working days), `share` or more
    of at least `messages` ran through one person; then neither they, who had written
    in the last five, nor the exchange left a trace for `days` whole working days or more.
    What counts: bodies, not families, schools, the press or the public. Only a standstill that is
    unusual for the exchange: none in the baseline was half as long.
    What does not: a shared mailbox, which is many people: what came from it counts for nobody, and
    ends a standstill. Automatic and mass mail, entries by hand, weekends, holidays and closures;
    time in which the mailboxes that hold four fifths of the baseline do not cover it.
    When it cannot say: whether it was arranged that one person speaks for all is not in the mail.
    Severity: MATERIAL where the other side wrote meanwhile and no innocent explanation was found;
    LOW else. Strength: CORROBORATED where the other side wrote meanwhile, else INDICATED.
    Reference: Gould and Fernandez 1989 (brokerage, made time-respecting); product 5.1 F9.
    """
    standing = Standing(view, _end(view))
    wanted = Looked(share=share, events=messages, days=days, baseline=baseline)
    wrote, passings = _written(view), _passings(view)
    for by_passing, carried in ((False, wrote), (True, passings)):
        for pair, events in sorted(carried.items()):
            if not all(_body(view, one) for one in pair):
                continue
            rows, through = [row for row, _ in events], [person for _, person in events]
            for found in standing.stands(rows, through, wanted):
                yield from _findings(_Bridge(view, pair, found, by_passing, wanted))


@dataclass(frozen=True, slots=True)
class _Bridge:
    """One standstill of a pair of parties, and by which of the two counts it was found."""

    view: View
    pair: tuple[int, int]
    found: Standstill
    by_passing: bool
    looked: Looked

    @property
    def back(self) -> list[int]:
        """What the other side wrote meanwhile."""
        rows = self.view.rows_between(self.pair[1], self.pair[0])
        first, last = self.found.first, self.found.last
        return [r for r in rows if first <= self.view.day(r) <= last and _personal(self.view, r)]


def _written(view: View) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """For each directed pair of parties: rows from one to the other, and the person who wrote."""
    return {
        pair: [
            (row, single(view, int(view.sender[row])))
            for row in view.rows_between(*pair)
            if _personal(view, row)
        ]
        for pair in view.pairs
        if pair[0] != pair[1] and all(_body(view, one) for one in pair)
    }


def _passings(view: View) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """For each pair of parties, in one order only: rows that passed something on, and through whom.

    A message that passes on what several wrote is one occasion.
    """
    found: dict[tuple[int, int], dict[tuple[int, int], None]] = {}
    for path in view.two_paths:
        one, other = sorted((path.parties[0], path.parties[2]))
        if one not in (NOBODY, other):
            row = (path.went, single(view, path.through))
            found.setdefault((one, other), {})[row] = None
    return {pair: sorted(rows) for pair, rows in found.items()}


def _end(view: View) -> date:
    """The last day looked at: where the evidence or the period reviewed ends."""
    end = as_of_day(view)
    return min(end, view.brief.period[1]) if view.brief.period else end


def _body(view: View, one: int) -> bool:
    return one != NOBODY and kind_of(view, one) not in UNRELATED and answerable(view, one)


def _personal(view: View, row: int) -> bool:
    return not (view.automatic[row] or view.bulk[row] or is_entered(view, row))


def _findings(bridge: _Bridge) -> Iterator[Finding]:
    """The finding, where the mailboxes that hold the baseline cover it and the standstill."""
    view, found = bridge.view, bridge.found
    rows = np.array(found.baseline, dtype=np.int64)
    since = view.day(found.baseline[0])
    sides = Sides(view, bridge.pair, rows).over(since, found.first, found.last, 0, len(rows))
    if sides is not None:
        yield _finding(bridge, view.observability(sides[0].observed, sides[1].observed))


def _finding(bridge: _Bridge, observability: Observability) -> Finding:
    view, found, back = bridge.view, bridge.found, bridge.back
    checks = _checks(bridge)
    doubts = any(one.outcome is Outcome.FAILED for one in checks)
    waits = bool(back) and not doubts
    kind = "passed on" if bridge.by_passing else "wrote"
    return Finding(
        rule="single_bridge",
        family=Family.FLOW,
        anchor=(
            *(view.parties[p].id for p in bridge.pair),
            kind,
            view.identities[found.person].id,
            view.ids[found.before],
        ),
        severity=Severity.MATERIAL if waits else Severity.LOW,
        strength=Strength.CORROBORATED if waits else Strength.INDICATED,
        observability=observability,
        about=tuple(view.ids[r] for r in (found.before, found.after) if r is not None),
        window=days(found.first, found.last, span(found.first, found.last), Basis.RECEIVED),
        parties=party_ids(view, *bridge.pair),
        owes=view.parties[bridge.pair[0]].id if waits and not bridge.by_passing else None,
        cites=tuple(_cites(bridge, back)),
        checks=checks,
        sentence=_sentence(bridge, observability, back),
        measure={
            "share": round(found.share, 3),
            "through one person": len(found.own),
            "by single persons": found.counted,
            "in all": len(found.baseline),
            "working days": found.days,
            "longest before": found.longest,
            "the other side meanwhile": len(back),
        },
    )


def _cites(bridge: _Bridge, back: Sequence[int]) -> Iterator[Citation]:
    view, found = bridge.view, bridge.found
    yield view.cite(found.before, "the last of the exchange before")
    if found.after is not None:
        yield view.cite(found.after, "the first of the exchange after")
    for row in found.own[-_CITED:]:
        if row != found.before:
            yield view.cite(row, "ran through the same person")
    for row in back[:_CITED]:
        yield view.cite(row, "the other side wrote meanwhile")


def _checks(bridge: _Bridge) -> tuple[Check, ...]:
    view, found = bridge.view, bridge.found
    entered = entered_between(view, *bridge.pair, found.first, found.last)
    near = [r for r in (found.before, found.after) if r is not None]
    spoken = [row for row in near if does(view, row, ActKind.OFF_RECORD)]
    return (
        passed("Holidays and closures", "only working days are counted"),
        passed("Somebody stood in", "nothing of the exchange by anybody is held for these days"),
        passed("Several people use the address", "shared mailboxes count for nobody"),
        _away(bridge),
        check(
            "They spoke or met instead",
            says_so(view, entered)
            or some(len(spoken), "message", "around it mentioning a call or a meeting"),
            "the messages around it refer to no call and no meeting",
        ),
        untestable("One person was to speak for all", "such an arrangement is not in the mail"),
        untestable("They used another channel", "only the channels supplied were looked at"),
        *checks(lines(view, (found.person,), bridge.pair, found.first, found.last)),
    )


def _away(bridge: _Bridge) -> Check:
    """An absence notice explains why the person wrote nothing, and not that nobody else did."""
    view, found = bridge.view, bridge.found
    what = "The person was away, and it was known"
    rows = [
        row
        for row in np.flatnonzero(view.sender[: view.dated] == found.person).tolist()
        if view.automatic[row] and found.first <= view.day(row) <= found.last
    ]
    if notices := away_notices(view, rows):
        return failed(what, some(len(notices), "automatic reply", "says so", "automatic replies"))
    return passed(what, "no automatic reply of theirs for these days says so")


def _sentence(bridge: _Bridge, observability: Observability, back: Sequence[int]) -> str:
    view, found = bridge.view, bridge.found
    words = {"one": party(view, bridge.pair[0]), "other": party(view, bridge.pair[1])}
    person = who(view, found.person)
    shared = len(found.baseline) - found.counted
    opening = (PASSED_ON if bridge.by_passing else WROTE).format(
        **words,
        baseline=days_in(bridge.looked.baseline, "working"),
        before=say_day(view.day(found.before)),
        person=person,
        own=len(found.own),
        counted=found.counted,
        share=f"{found.share:.0%}",
        rest=REST.format(count=shared) if shared else "",
    )
    seen = SENTENCES[observability].format(
        person=person,
        what=(NONE_PASSED if bridge.by_passing else NONE_WRITTEN).format(**words),
        span=span(found.first, found.last),
        width=days_in(found.days, "working"),
    )
    parts = [opening, seen, LONGEST.format(longest=days_in(found.longest, "working"))]
    if back:
        is_on = "is" if len(back) == 1 else "are"
        parts.append(RETURNED.format(**words, count=number(len(back), "message"), is_on=is_on))
    return " ".join([*parts, OPEN] if found.after is None else parts)
