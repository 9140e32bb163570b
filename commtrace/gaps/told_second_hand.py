"""The rule `told_second_hand` and its sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from commtrace.gaps._bare import unsupplied
from commtrace.gaps._columns import as_of_day, between, window
from commtrace.gaps._grades import entered_between, is_entered, says_so
from commtrace.gaps._notices import Announced, Notices, of_events
from commtrace.gaps._observed import covered_until
from commtrace.gaps._wording import (
    UNRELATED,
    VULNERABLE,
    check,
    kind_of,
    number,
    party,
    party_ids,
    passed,
    placed,
    some,
    untestable,
    who,
)
from commtrace.model import (
    Check,
    Citation,
    Family,
    Finding,
    Observability,
    Outcome,
    Severity,
    Strength,
)
from commtrace.moments import say_day, start_of
from commtrace.plugins import rule
from commtrace.view import View

_CITED, _BEFORE = 6, 60  # days before the first mention that a mailbox has to cover

WHO = "{event} was on {day} ({owner}). {first}"
FROM = "On {when} {by} wrote of it to {person}, who is on the list “{audience}”."
OWN = "On {when} {person}, who is on the list “{audience}”, wrote of it."
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of an earlier notice of {owner} to them was found in the mailboxes of either"
        " side{later}."
    ),
    Observability.ONE_SIDE: (
        "No record of an earlier notice of {owner} to them was found in the mailboxes supplied,"
        " which cover one of the two sides only{later}."
    ),
    Observability.NOT_TESTABLE: (
        "No record of an earlier notice of {owner} to them was found{later}. The evidence provided"
        " cannot show whether there was one: no mailbox of either side covers the time before."
    ),
}
LATER = "; the first on record is of {day}"
MORE = "So it was with {count} more on the list."


@rule(family=Family.FLOW)
def told_second_hand(view: View, *, people: int = 1) -> Iterator[Finding]:
    """Somebody heard of an event from others before whoever should have told them did so.

    Definition: of those whom `case.toml` lists as the audience of an event, `people` or more to
    whom somebody outside its owner's organisation wrote of it, or who wrote of it themselves,
    before the event and before any notice of the owner's organisation to them is on record.
    What counts: new words that name the day of the event and, where `case.toml` gives other terms
    for it, one of these too. Households are one.
    What does not: automatic and mass mail; entries by hand; what was written after the event.
    When it cannot say: not testable where no mailbox of the owner covers the sixty days before.
    How somebody who wrote of it knew is not in what they wrote; the claim is of the record alone.
    Severity: MATERIAL where a message of somebody else is on record, to families, members or a
    forum, and no innocent explanation was found; LOW else. Strength: CORROBORATED where such a
    message is on record; INDICATED where only their own words are.
    Reference: product 5.1 F7.
    """
    notices = Notices(view)
    for announced in of_events(notices):
        if announced.on > as_of_day(view):
            continue
        first = notices.first(announced)
        heard = tuple(
            one
            for member in announced.audience
            if (one := _heard(notices, announced, member, first.get(member))) is not None
        )
        if len(heard) >= max(1, people):
            yield _finding(_Case(notices, announced, heard))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """Somebody on the list, the row in which it was first spoken of, and their first notice."""

    member: int
    row: int
    own: bool
    notice: int | None


@dataclass(frozen=True, slots=True)
class _Case:
    """One event, and those of its audience who heard of it from others."""

    notices: Notices
    announced: Announced
    heard: tuple[_Heard, ...]

    @property
    def view(self) -> View:
        """The view."""
        return self.notices.view

    @property
    def first(self) -> _Heard:
        """The one told here: by somebody else before by their own words, then the earliest."""
        return min(self.heard, key=lambda one: (one.own, one.row))


def _heard(
    notices: Notices, announced: Announced, member: int, notice: int | None
) -> _Heard | None:
    """The first row before any notice in which somebody heard of it or wrote of it themselves."""
    view, traffic = notices.view, notices.traffic
    until = int(start_of(announced.on).timestamp())
    until = until if notice is None else min(until, int(view.start[notice]))
    home = {member, *traffic.household.get(member, ())}
    side = notices.side[announced.by_party]
    found: dict[int, bool] = {}
    for one in home:
        for own, rows in ((True, traffic.sent[one]), (False, traffic.received[one])):
            for row in between(rows[rows < view.dated], 0, until, view).tolist():
                outside = int(view.sender_party[row]) not in side
                if outside and _personal(view, row) and (own or int(view.sender[row]) not in home):
                    found[row] = own
    named = notices.naming_both(announced, sorted(found))
    return (
        _Heard(member=member, row=named[0], own=found[named[0]], notice=notice) if named else None
    )


def _personal(view: View, row: int) -> bool:
    return not (view.automatic[row] or view.bulk[row] or is_entered(view, row))


def _finding(case: _Case) -> Finding:
    view, announced, first = case.view, case.announced, case.first
    day = view.day(first.row)
    before = day - timedelta(days=_BEFORE)
    sides = (
        covered_until(view, announced.by_party, before, day, sent=True) is not None,
        kind_of(view, announced.to_party) not in UNRELATED
        and covered_until(view, announced.to_party, before, day, sent=False) is not None,
    )
    observability = view.observability(*sides)
    found = _checks(case, before, day)
    doubts = any(one.outcome is Outcome.FAILED for one in found)
    low = (
        doubts
        or first.own
        or observability is Observability.NOT_TESTABLE
        or kind_of(view, announced.to_party) not in VULNERABLE
    )
    return Finding(
        rule="told_second_hand",
        family=Family.FLOW,
        anchor=("event", announced.event_id, announced.audience_id),
        severity=Severity.LOW if low else Severity.MATERIAL,
        strength=Strength.INDICATED if first.own or doubts else Strength.CORROBORATED,
        observability=observability,
        about=tuple(dict.fromkeys(view.ids[one.row] for one in case.heard[:_CITED])),
        window=window(view, first.row, day, announced.on),
        parties=party_ids(view, announced.by_party, announced.to_party),
        owes=view.parties[announced.by_party].id,
        cites=tuple(_cites(case)),
        checks=found,
        sentence=_sentence(case, observability),
        measure={
            "the day": announced.on.isoformat(),
            "from somebody else": sum(not one.own for one in case.heard),
            "by their own words": sum(one.own for one in case.heard),
            "with a later notice": sum(one.notice is not None for one in case.heard),
        },
    )


def _cites(case: _Case) -> Iterator[Citation]:
    view, first = case.view, case.first
    for one in (first, *(one for one in case.heard if one is not first))[:_CITED]:
        role = "wrote of it before any notice" if one.own else "somebody else wrote of it to them"
        yield view.cite(one.row, role)
        if one.notice is not None:
            yield view.cite(one.notice, "the first notice on record")


def _checks(case: _Case, before: date, day: date) -> tuple[Check, ...]:
    view, announced = case.view, case.announced
    members = {one.member for one in case.heard}
    entered = entered_between(view, announced.by_party, announced.to_party, before, day)
    absent = sum(
        any(int(view.sender[view.row_of[c]]) in members for c in g.cited_by if c in view.row_of)
        for g in view.ghosts
    )
    return (
        check(
            "An earlier notice is cited and was not supplied",
            some(absent, "absent message", "is cited in what one of them wrote"),
            "no absent message is cited in what one of them wrote",
        ),
        check(
            "They were told by telephone or at a meeting",
            says_so(view, entered),
            "no note or entry of a conversation of the two sides in the time is held",
        ),
        passed("They were told through their household", "its members were looked at"),
        untestable("It stood on a website or in the press", "only what is on file was looked at"),
        untestable("The owner had asked somebody else to tell them", "such a request may be oral"),
        *unsupplied(view, members, (announced.by_party,), before, day),
    )


def _sentence(case: _Case, observability: Observability) -> str:
    view, announced, first = case.view, case.announced, case.first
    audience = next(a.label for a in view.brief.audiences if a.id == announced.audience_id)
    sender, side = int(view.sender[first.row]), int(view.sender_party[first.row])
    words = {"when": say_day(view.day(first.row)), "audience": audience}
    said = (
        OWN.format(person=who(view, sender), **words)
        if first.own
        else FROM.format(by=placed(view, [sender], [side]), person=who(view, first.member), **words)
    )
    owner = party(view, announced.by_party)
    later = LATER.format(day=say_day(view.day(first.notice))) if first.notice is not None else ""
    parts = [
        WHO.format(event=announced.event, day=say_day(announced.on), owner=owner, first=said),
        SENTENCES[observability].format(owner=owner, later=later),
    ]
    if len(case.heard) > 1:
        parts.append(MORE.format(count=number(len(case.heard) - 1, "person", "people")))
    return " ".join(parts)
