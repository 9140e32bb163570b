"""The rule `ignored_warning` and its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from commtrace.gaps._columns import as_of_day, asks, rows_doing, window
from commtrace.gaps._grades import is_entered
from commtrace.gaps._observed import both_sides
from commtrace.gaps._traffic import Traffic, traffic_of
from commtrace.gaps._warned import Reaction, Warned, explanations, reaction
from commtrace.gaps._wording import (
    days_in,
    kind_of,
    listed,
    number,
    party_ids,
    placed,
    quoted_sentence,
    times,
    who,
)
from commtrace.model import (
    Act,
    ActKind,
    Citation,
    Coverage,
    Family,
    Finding,
    Observability,
    Outcome,
    PartyKind,
    Severity,
    Strength,
)
from commtrace.moments import say_day
from commtrace.plugins import rule
from commtrace.view import NOBODY, TO, View

_CONDITION = re.compile(r"(?:if|unless|should you|in case)\b", re.IGNORECASE)
_MOST_TO, _CITED, _TWO_WEEKS = 3, 5, 10
_LEFT_TO_OTHERS = (PartyKind.FAMILIES, PartyKind.PUBLIC, PartyKind.PRESS)

RAISED = "On {day} {warner} warned {addressees}: {said}"
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of an answer, or of the warning being passed on by {to}, was found in either"
        " side's mailboxes up to {until} ({waited})."
    ),
    Observability.ONE_SIDE: (
        "No record of an answer, or of the warning being passed on by {to}, was found up to {until}"
        " ({waited}) in the mailboxes supplied, which cover one of the two sides only."
    ),
    Observability.NOT_TESTABLE: (
        "No record of an answer, or of the warning being passed on by {to}, was found up to {until}"
        " ({waited}). The evidence provided cannot show whether there was one: no mailbox of either"
        " side covers the time."
    ),
}
AGAIN = "It was raised again {times}."
EVENTS = "In that time fell: {what}."
PERHAPS = "{count} elsewhere may be a reaction and should be read."


@rule(family=Family.FLOW, word="Warning without a step")
def ignored_warning(view: View, *, days: int = 10) -> Iterator[Finding]:
    """A risk raised, and no answer to it and no step onward on record.

    Definition: a message that warns, to at most three people, after which the evidence holds
    neither an answer of any of them (or of their party, if it is another) to whoever warned, nor a
    message in which one of them passes it on; and `days` working days or more have gone by.
    What counts: two sentences of the new text that warn, or one with a request beside it; from a
    body, a school, a firm or a forum, to another party or inside one. An answer is in the thread,
    under the same subject within 60 days, or in a new message that says half of the telling words
    of the warning; passed on is whatever an addressee sends to others in the thread, with half of
    these words, or with the warning below it.
    What does not: a sentence that says what to do if something happens; mass and automatic mail;
    warnings of families and the public, whose questions `unanswered` looks at; an answer that is
    automatic, or that only says that one will come; what was entered by hand, which may explain it.
    When it cannot say: not testable where no mailbox of either side covers the time. What was said
    at a meeting leaves no trace in mail: notes of meetings that are held are looked at.
    Severity: GRAVE where it went to whom `case.toml` gives a role and an event of the case fell
    after it; MATERIAL else; LOW where it cannot be tested or an innocent explanation may hold.
    Strength: CORROBORATED where it was raised again or asks in words for a step; else INDICATED.
    Reference: gap-science G17; product 5.1 F5.
    """
    traffic = traffic_of(view)
    absorbed: set[int] = set()
    for row in rows_doing(view, ActKind.WARNING).tolist():
        warned = None if row in absorbed else _warned(view, row)
        if warned is None or view.working.elapsed(view.day(row), as_of_day(view)) < days:
            continue
        seen = reaction(traffic, warned)
        absorbed |= set(seen.again)
        if not seen.reacted:
            yield _finding(_Gap(traffic, warned, seen))


@dataclass(frozen=True, slots=True)
class _Gap:
    """A warning without a reaction on record."""

    traffic: Traffic
    warned: Warned
    seen: Reaction

    @property
    def view(self) -> View:
        """The view."""
        return self.traffic.view

    @property
    def day(self) -> date:
        """The day of the warning."""
        return self.view.day(self.warned.row)

    @property
    def mailboxes(self) -> tuple[Coverage | None, Coverage | None]:
        """The mailbox of whoever warned and one of those warned, where they cover two weeks."""
        due = self.view.working.due(self.day, _TWO_WEEKS)
        return both_sides(self.view, self.warned.warner, self.warned.to, self.day, due)

    @property
    def until(self) -> date:
        """The last day that the covering mailboxes and the evidence reach."""
        return min([as_of_day(self.view), *(box.last for box in self.mailboxes if box)])

    @property
    def events(self) -> list[str]:
        """The events of the case that fell after the warning."""
        events = self.view.brief.events
        return [one.label for one in events if self.day < one.date <= self.until]


def _warned(view: View, row: int) -> Warned | None:
    """The warning of a row, if it is one that calls for a reaction."""
    warner, side = int(view.sender[row]), int(view.sender_party[row])
    to = tuple(who for who in view.identities_to(row, (TO,)) if who != warner)
    if view.automatic[row] or view.bulk[row] or is_entered(view, row) or warner == NOBODY:
        return None
    if not 0 < len(to) <= _MOST_TO or kind_of(view, side) in _LEFT_TO_OTHERS:
        return None
    owing = tuple(p for p in view.parties_to(row, (TO,)) if kind_of(view, p) not in _LEFT_TO_OTHERS)
    acts = _warnings(view, row)
    if not owing or not acts or (len(acts) < 2 and not asks(view, row)):
        return None
    return Warned(row=row, warner=warner, side=side, to=to, owing=owing, acts=acts)


def _warnings(view: View, row: int) -> tuple[Act, ...]:
    """The sentences of a row that warn, and do not only say what to do in some case."""
    acts = view.acts[view.ids[row]]
    return tuple(
        a
        for a in acts
        if a.kind is ActKind.WARNING and (a.ruled or not _CONDITION.match(a.said.strip()))
    )


def _finding(gap: _Gap) -> Finding:
    view, warned, seen = gap.view, gap.warned, gap.seen
    observability = view.observability(*(box is not None for box in gap.mailboxes))
    checks = explanations(gap.traffic, warned, seen, gap.until)
    doubts = any(one.outcome is Outcome.FAILED for one in checks)
    cues = bool(seen.again) or asks(view, warned.row)
    return Finding(
        rule="ignored_warning",
        family=Family.FLOW,
        anchor=(view.ids[warned.row],),
        severity=_severity(gap, observability, doubts=doubts),
        strength=Strength.CORROBORATED if cues and not doubts else Strength.INDICATED,
        observability=observability,
        about=(view.ids[warned.row], *(view.ids[row] for row in seen.again)),
        window=window(view, warned.row, gap.day, gap.until),
        parties=party_ids(view, warned.side, *warned.owing),
        owes=view.parties[warned.owing[0]].id,
        cites=tuple(_cites(gap)),
        checks=checks,
        sentence=_sentence(gap, observability),
        measure={
            "days elapsed": view.working.elapsed(gap.day, gap.until),
            "sentences that warn": len(warned.acts),
            "raised again": len(seen.again),
            "possible reactions": len(seen.perhaps),
        },
    )


def _severity(gap: _Gap, observability: Observability, *, doubts: bool) -> Severity:
    if doubts or observability is Observability.NOT_TESTABLE:
        return Severity.LOW
    roles = {p.address.casefold() for p in gap.view.brief.people if p.role}
    senior = any(
        member.address.casefold() in roles
        for one in gap.warned.to
        for member in gap.view.identities[one].members
    )
    return Severity.GRAVE if senior and gap.events else Severity.MATERIAL


def _cites(gap: _Gap) -> Iterator[Citation]:
    view, warned, seen = gap.view, gap.warned, gap.seen
    for act in warned.acts[:_CITED]:
        yield view.cite(warned.row, "the warning", (act.start, act.end))
    roles: Sequence[tuple[str, Sequence[int]]] = (
        ("raised again", seen.again),
        ("a holding or automatic reply, no answer", seen.holding),
        ("may be a reaction", seen.perhaps),
    )
    for role, rows in roles:
        for row in rows[:_CITED]:
            yield view.cite(row, role)


def _sentence(gap: _Gap, observability: Observability) -> str:
    view, warned, seen = gap.view, gap.warned, gap.seen
    parts = [
        RAISED.format(
            day=say_day(gap.day),
            warner=placed(view, [warned.warner], [warned.side]),
            addressees=placed(view, warned.to, warned.owing),
            said=quoted_sentence(warned.acts[0].said),
        ),
        SENTENCES[observability].format(
            to=listed(who(view, one) for one in warned.to),
            until=say_day(gap.until),
            waited=days_in(view.working.elapsed(gap.day, gap.until), "working"),
        ),
    ]
    if seen.again:
        parts.append(AGAIN.format(times=times(len(seen.again))))
    if gap.events:
        parts.append(EVENTS.format(what=listed(gap.events)))
    if seen.perhaps:
        parts.append(PERHAPS.format(count=number(len(seen.perhaps), "message").capitalize()))
    return " ".join(parts)
