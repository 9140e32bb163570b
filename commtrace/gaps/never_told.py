"""The rule `never_told` and its sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from commtrace.brief import Audience
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
    some,
    untestable,
)
from commtrace.model import (
    Check,
    Citation,
    Family,
    Finding,
    IdentityKind,
    Observability,
    Outcome,
    Severity,
    Strength,
)
from commtrace.moments import say_day, start_of
from commtrace.plugins import rule
from commtrace.view import NOBODY, View

_CITED, _BEFORE = 5, 60  # days before the event that a mailbox has to cover

WHO = "{event} was on {day} ({owner}). Of the {all} on the list “{audience}”{cohort}"
COHORT = ", {size} are of the part “{cohort}”"
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of a notice of it before that day to {untold} was found in the mailboxes"
        " of either side{others}."
    ),
    Observability.ONE_SIDE: (
        "No record of a notice of it before that day to {untold} was found in the mailboxes"
        " supplied, which cover one of the two sides only{others}."
    ),
    Observability.NOT_TESTABLE: (
        "No record of a notice of it before that day to {untold} was found{others}. The"
        " evidence provided cannot show whether there was one: no mailbox of either side covers the"
        " time before."
    ),
}
OTHERS = "; for {count} others on the list one is held"
UNREACHED = (
    "For {count} of them no chain of messages in this evidence could have carried it, whoever of"
    " {owner} had told it to anybody at any time."
)
KNEW = "{count} of theirs before that day {speaks} of it without such a notice."


@rule(family=Family.FLOW, word="No notice on record")
def never_told(view: View, *, people: int = 1) -> Iterator[Finding]:
    """An audience, or a part of it, to whom no notice of an event is on record.

    Definition: of those whom `case.toml` lists as the audience of an event, `people` or more, for
    whom no message or letter of its owner's organisation before the day of the event names the day
    or the terms of it; each part of the list (cohort) is looked at by itself.
    What counts: whatever reached them or their household, by any channel supplied. Somebody on the
    list of whom no message is held at all counts. How far the strong claim reaches is said apart:
    for whom no chain of messages held, passed on by whoever might have passed it on, leads from the
    owner to them; none is made where a list whose members are not known was reached.
    What does not: an event that lies after the evidence; an event without a list.
    When it cannot say: not testable where no mailbox of the owner covers the sixty days before.
    The claim is no more complete than the list. Telephone, website and post count where on file.
    Severity: GRAVE where a whole audience or a whole part of it of families, members or a forum has
    none, and no innocent explanation was found; MATERIAL else; LOW where it cannot be tested or an
    explanation may hold. Strength: CORROBORATED where others on the list have a notice, so that
    there was a distribution; else INDICATED.
    Reference: gap-science G12 and 6.3 (Kossinets, Kleinberg and Watts 2008); product 5.1 F6.
    """
    notices = Notices(view)
    for announced in of_events(notices):
        if announced.on > as_of_day(view):
            continue
        audience = next(a for a in view.brief.audiences if a.id == announced.audience_id)
        first = notices.first(announced)
        for label, members in _parts(audience):
            untold = tuple(m for m in members if notices.traffic.identity_of.get(m) not in first)
            if len(untold) >= max(1, people):
                one = _Untold(notices, announced, audience, label, members, untold, first)
                if one.shown:
                    yield _finding(one)


@dataclass(frozen=True, slots=True)
class _Untold:
    """Those of one part of a list for whom no notice is on record, by address.

    `first` gives the row of the first notice of everybody on the list who has one.
    """

    notices: Notices
    announced: Announced
    audience: Audience
    label: str
    members: tuple[str, ...]
    untold: tuple[str, ...]
    first: Mapping[int, int]

    @property
    def view(self) -> View:
        """The view."""
        return self.notices.view

    @property
    def identities(self) -> tuple[int, ...]:
        """Those of them who are on any message at all."""
        found = (self.notices.traffic.identity_of.get(one, NOBODY) for one in self.untold)
        return tuple(who for who in found if who != NOBODY)

    @property
    def told(self) -> list[int]:
        """The notices that others on the list had, each once, in order."""
        return sorted(set(self.first.values()))

    @property
    def theirs(self) -> list[int]:
        """What those without a notice wrote before the event, in order."""
        view, until = self.view, int(start_of(self.announced.on).timestamp())
        sent = (self.notices.traffic.sent[who] for who in self.identities)
        dated = (rows[rows < view.dated] for rows in sent)
        return sorted({r for rows in dated for r in between(rows, 0, until, view).tolist()})

    @property
    def shown(self) -> list[int]:
        """What the finding rests on: notices to others, else what they wrote themselves."""
        return self.told or self.theirs


def _parts(audience: Audience) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The parts of a list by their label, then whoever is in none of them, each by address."""
    listed = tuple(dict.fromkeys(m.address.casefold() for m in audience.members if m.address))
    inside: set[str] = set()
    for cohort in audience.cohorts:
        members = tuple(dict.fromkeys(one.casefold() for one in cohort.members))
        inside |= set(members)
        yield cohort.label, members
    if rest := tuple(one for one in listed if one not in inside):
        yield "", rest


def _unreached(one: _Untold) -> int:
    """For how many of them no chain of messages leads from the owner's side before the event.

    For none where a list was reached whose members are not known: it may have reached anybody.
    """
    view = one.view
    side = {view.parties[p].id for p in one.notices.side[one.announced.by_party]}
    owners = [
        n for n, who in enumerate(view.identities) if any(m.party in side for m in who.parties)
    ]
    arrivals = view.arrivals(dict.fromkeys(owners, -(2**40)))
    until = int(start_of(one.announced.on).timestamp())
    if any(arrivals[who] < until for who in _unknown_lists(view)):
        return 0
    reached = {who for who in one.identities if arrivals[who] < until}
    return len(one.untold) - len(reached)


def _unknown_lists(view: View) -> list[int]:
    """The distribution lists of which the case names no member."""
    known = {person.address.casefold() for person in view.brief.people if person.list_members}
    return [
        n
        for n, who in enumerate(view.identities)
        if who.kind is IdentityKind.LIST
        and not known & {member.address.casefold() for member in who.members}
    ]


def _finding(one: _Untold) -> Finding:
    view, announced = one.view, one.announced
    before = announced.on - timedelta(days=_BEFORE)
    last = announced.on - timedelta(days=1)
    sides = (
        covered_until(view, announced.by_party, before, last, sent=True) is not None,
        kind_of(view, announced.to_party) not in UNRELATED
        and covered_until(view, announced.to_party, before, last, sent=False) is not None,
    )
    observability = view.observability(*sides)
    found = _checks(one, before, last)
    doubts = any(c.outcome is Outcome.FAILED for c in found)
    unreached = _unreached(one)
    knew = one.notices.naming(announced, one.theirs)
    return Finding(
        rule="never_told",
        family=Family.FLOW,
        anchor=("event", announced.event_id, one.audience.id, one.label),
        severity=_severity(one, observability, doubts=doubts),
        strength=Strength.CORROBORATED if one.told and not doubts else Strength.INDICATED,
        observability=observability,
        about=tuple(view.ids[row] for row in one.shown[:_CITED]),
        window=window(view, one.shown[0], min(view.day(one.shown[0]), last), last),
        parties=party_ids(view, announced.by_party, announced.to_party),
        owes=view.parties[announced.by_party].id,
        cites=tuple(_cites(one, knew)),
        checks=found,
        sentence=_sentence(one, observability, unreached, knew),
        measure={
            "the day": announced.on.isoformat(),
            "on the list": len(one.audience.members),
            "in this part": len(one.members),
            "no notice on record": len(one.untold),
            "no chain of messages": unreached,
            "others with a notice": len(one.first),
        },
    )


def _severity(one: _Untold, observability: Observability, *, doubts: bool) -> Severity:
    if doubts or observability is Observability.NOT_TESTABLE:
        return Severity.LOW
    whole = len(one.untold) == len(one.members)
    exposed = kind_of(one.view, one.announced.to_party) in VULNERABLE
    return Severity.GRAVE if whole and exposed else Severity.MATERIAL


def _cites(one: _Untold, knew: Sequence[int]) -> Iterator[Citation]:
    for row in one.told[:_CITED]:
        yield one.view.cite(row, "a notice that others on the list had")
    for row in one.theirs[:_CITED]:
        role = "speaks of it, without a notice" if row in knew else "written by one of them before"
        yield one.view.cite(row, role)


def _checks(one: _Untold, before: date, last: date) -> tuple[Check, ...]:
    view, announced = one.view, one.announced
    entered = [
        row
        for row in entered_between(view, announced.by_party, announced.to_party, before, last)
        if is_entered(view, row)
    ]
    ghosts = _ghosts(one)
    return (
        check(
            "They were told in a message that is cited and was not supplied",
            some(ghosts, "such message", "is to or from one of them"),
            "no message that is cited and absent names or is cited by one of them",
        ),
        check(
            "They were told by telephone or at a meeting",
            says_so(view, entered),
            "no note or entry of a conversation of the two sides in the time is held",
        ),
        passed("They were told through their household", "its members were looked at"),
        passed("They were told by letter", "every letter supplied to them was looked at"),
        untestable("They were told by somebody else, or on a website", "only what is on file was"
                   " looked at"),
        untestable("They should not be on the list", "it is as complete as whoever made it"),
        *unsupplied(view, one.identities, (announced.by_party,), before, last),
    )  # fmt: skip


def _of_these(one: _Untold) -> str:
    """`any of these 4` or `2 of these 4`."""
    whole = len(one.untold) == len(one.members)
    return f"{'any' if whole else len(one.untold)} of these {len(one.members)}"


def _ghosts(one: _Untold) -> int:
    """How many absent messages name one of them, or are cited in what one of them wrote."""
    view, own, addresses = one.view, set(one.identities), set(one.untold)
    until = start_of(one.announced.on)
    return sum(
        (ghost.when is None or ghost.when.earliest < until)
        and (
            any(a.address.casefold() in addresses for a in ghost.recipients)
            or any(
                int(view.sender[view.row_of[c]]) in own for c in ghost.cited_by if c in view.row_of
            )
        )
        for ghost in view.ghosts
    )


def _sentence(
    one: _Untold, observability: Observability, unreached: int, knew: Sequence[int]
) -> str:
    view, announced = one.view, one.announced
    cohort = COHORT.format(size=len(one.members), cohort=one.label) if one.label else ""
    others = len(one.first)
    parts = [
        WHO.format(
            event=announced.event,
            day=say_day(announced.on),
            owner=party(view, announced.by_party),
            all=number(len(one.audience.members), "person", "people"),
            audience=one.audience.label,
            cohort=cohort,
        )
        + ".",
        SENTENCES[observability].format(
            untold=_of_these(one),
            others=OTHERS.format(count=others) if others else "",
        ),
    ]
    if unreached:
        owner = party(view, announced.by_party)
        parts.append(UNREACHED.format(count=unreached, owner=owner))
    if knew:
        count = number(len(knew), "message").capitalize()
        parts.append(KNEW.format(count=count, speaks="speaks" if len(knew) == 1 else "speak"))
    return " ".join(parts)
