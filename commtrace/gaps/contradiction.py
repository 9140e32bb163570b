"""The rule `contradiction` and its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from commtrace.gaps._claims import claims_of_all, denies_contact
from commtrace.gaps._columns import between, rows_doing
from commtrace.gaps._observed import covered_until
from commtrace.gaps._register import checks as register_checks
from commtrace.gaps._register import lines
from commtrace.gaps._statements import differing_statements
from commtrace.gaps._traffic import Traffic, traffic_of
from commtrace.gaps._wording import (
    OUTSIDE,
    check,
    kind_of,
    listed,
    number,
    party_ids,
    placed,
    quoted_sentence,
    some,
    untestable,
    who,
)
from commtrace.model import (
    Act,
    ActKind,
    Check,
    Citation,
    Family,
    Finding,
    Observability,
    Outcome,
    PartyKind,
    Severity,
    Strength,
)
from commtrace.moments import Moment, end_of, say_day
from commtrace.plugins import rule
from commtrace.view import NOBODY, View

_CITED = 6
SAYS = "On {day} {by} wrote: {said}"
AGAINST = "Against it, {who} wrote on {day}: {said}"
MORE = "{count} more of those concerned wrote the like."
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of their having been told before they wrote was found in the mailboxes of either"
        " side, which cover the time."
    ),
    Observability.ONE_SIDE: (
        "No record of their having been told before they wrote was found in the mailboxes supplied;"
        " those of one side were not provided for the whole time."
    ),
    Observability.NOT_TESTABLE: (
        "No record of their having been told was found. The evidence provided cannot show whether"
        " they were: no mailbox of either side covers the time."
    ),
}


@rule(family=Family.CONTENT)
def contradiction(view: View, *, days: int = 60) -> Iterator[Finding]:
    """Everybody was told, it is said, and those concerned write otherwise; or one fact, two values.

    Definition: a sentence of a body's new words that all of a kind (families, schools, operators,
    members) have been contacted, told or given something, and sentences of people of that kind, or
    of their forum, within `days` days before or after it, that say that they have had nothing.
    Or two sentences of bodies to different readers whose telling words agree and which name another
    count on one day, another day within three, or of which the later denies the earlier.
    What counts: reminders and complaints of no word, reply or details, in the writer's own words.
    What does not: reports of what others said, questions, conditions, plans; counts and days in
    sentences whose words differ, which mostly speak of different groups; a later value to the
    same readers, which is news.
    When it cannot say: not testable where no mailbox of either side covers the time.
    Severity: GRAVE where two or more people of it say so independently; MATERIAL where one does;
    LOW where an explanation may hold, or it cannot be tested. Strength: CORROBORATED with two or
    more; INDICATED with one: the two may speak of different things.
    Reference: product 5.1 C4.
    """
    traffic = traffic_of(view)
    denials = list(_denials(view))
    for row in rows_doing(view, ActKind.ANNOUNCEMENT).tolist():
        said = _assertion(view, row)
        if said is None:
            continue
        against = _against(view, row, said[1], denials, days)
        if against:
            yield _finding(_Pair(traffic=traffic, row=row, act=said[0], against=against))
    yield from differing_statements(view)


def _assertion(view: View, row: int) -> tuple[Act, tuple[PartyKind, ...]] | None:
    own = int(view.sender_party[row])
    if own == NOBODY or view.automatic[row] or kind_of(view, own) in OUTSIDE:
        return None
    for act in view.acts[view.ids[row]]:
        kinds = claims_of_all(act.said) if act.kind is ActKind.ANNOUNCEMENT else ()
        if kinds:
            return act, kinds
    return None


def _denials(view: View) -> Iterator[tuple[int, Act]]:
    """The sentences of outsiders that say that they have had no word."""
    for row in rows_doing(view, ActKind.CHASER, ActKind.REQUEST).tolist():
        own = int(view.sender_party[row])
        if view.automatic[row] or own == NOBODY:
            continue
        for act in view.acts[view.ids[row]]:
            if denies_contact(act.said):
                yield row, act
                break


def _against(
    view: View,
    row: int,
    kinds: tuple[PartyKind, ...],
    denials: Sequence[tuple[int, Act]],
    days: int,
) -> list[tuple[int, Act]]:
    """One denial of each person of the kind, the nearest in time to the assertion."""
    day = view.day(row)
    found: dict[int, tuple[int, Act]] = {}
    for other, act in denials:
        away = abs((view.day(other) - day).days)
        if away > days or kind_of(view, int(view.sender_party[other])) not in kinds:
            continue
        sender = int(view.sender[other])
        known = found.get(sender)
        if known is None or away < abs((view.day(known[0]) - day).days):
            found[sender] = (other, act)
    return sorted(found.values(), key=lambda pair: (pair[0], pair[1].start))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """An assertion and the sentences against it."""

    traffic: Traffic
    row: int
    act: Act
    against: list[tuple[int, Act]]

    @property
    def days(self) -> tuple[date, date]:
        """From the first to the last of the sentences."""
        view = self.traffic.view
        every = [view.day(self.row), *(view.day(row) for row, _ in self.against)]
        return min(every), max(every)


def _finding(gap: _Pair) -> Finding:
    view, (first, last) = gap.traffic.view, gap.days
    own = int(view.sender_party[gap.row])
    others = tuple(dict.fromkeys(int(view.sender_party[row]) for row, _ in gap.against))
    before = first - timedelta(days=28)
    observability = view.observability(
        covered_until(view, own, before, last, sent=True) is not None,
        any(covered_until(view, p, before, last, sent=False) for p in others),
    )
    checks = _checks(gap)
    doubts = any(c.outcome is Outcome.FAILED for c in checks)
    several = len(gap.against) > 1
    low = doubts or observability is Observability.NOT_TESTABLE
    when = min(
        (w for row in (gap.row, *(r for r, _ in gap.against)) if (w := view.whens[row])),
        key=lambda moment: moment.earliest,
    )
    return Finding(
        rule="contradiction",
        family=Family.CONTENT,
        anchor=(view.ids[gap.row], str(gap.act.start)),
        severity=Severity.LOW if low else Severity.GRAVE if several else Severity.MATERIAL,
        strength=Strength.CORROBORATED if several and not doubts else Strength.INDICATED,
        observability=observability,
        about=(view.ids[gap.row], *(view.ids[row] for row, _ in gap.against)),
        window=Moment(
            earliest=when.earliest,
            latest=end_of(last),
            said=f"{say_day(first)} to {say_day(last)}",
            basis=when.basis,
        ),
        parties=party_ids(view, own, *others),
        owes=None,
        cites=tuple(_cites(gap)),
        checks=checks,
        sentence=_sentence(gap, observability),
        measure={"people who say otherwise": len(gap.against)},
    )


def _cites(gap: _Pair) -> Iterator[Citation]:
    view = gap.traffic.view
    yield view.cite(gap.row, "says that all were told", (gap.act.start, gap.act.end))
    for row, act in gap.against[:_CITED]:
        yield view.cite(row, "says otherwise", (act.start, act.end))


def _sentence(gap: _Pair, observability: Observability) -> str:
    view = gap.traffic.view
    row, act = gap.against[0]
    parts = [
        SAYS.format(
            day=say_day(view.day(gap.row)), said=quoted_sentence(gap.act.said),
            by=placed(view, [int(view.sender[gap.row])], [int(view.sender_party[gap.row])])),
        AGAINST.format(
            who=placed(view, [int(view.sender[row])], [int(view.sender_party[row])]),
            day=say_day(view.day(row)), said=quoted_sentence(act.said)),
    ]  # fmt: skip
    if len(gap.against) > 1:
        more = number(len(gap.against) - 1, "person", "people").partition(" ")[0]
        parts.append(MORE.format(count=more.capitalize()))
    return " ".join([*parts, SENTENCES[observability]])


def _checks(gap: _Pair) -> tuple[Check, ...]:
    view, (first, last) = gap.traffic.view, gap.days
    between_ = [name for row, _ in gap.against if (name := _told_between(gap, row))]
    return (
        check(
            "They were told between the two",
            f"{listed(between_)} had a message of the same side between the two"
            if len(between_) == len(gap.against)
            else "",
            "not all of those who say otherwise had a message of the same side between the two",
        ),
        untestable(
            "The two speak of different groups, or of different things",
            "who was meant, and told of what, is for a reader to say",
        ),
        check(
            "It was put right by the writer",
            some(_taken_back(gap), "later message", "of the same writer says that not all were"),
            "no later message of the same writer says that not all were",
        ),
        *register_checks(lines(
            view, (int(view.sender[gap.row]),), (int(view.sender_party[gap.row]),), first, last)),
    )  # fmt: skip


def _told_between(gap: _Pair, row: int) -> str:
    """Whoever wrote an earlier denial and had a message of the asserting side before its claim."""
    view = gap.traffic.view
    sender = int(view.sender[row])
    if row > gap.row or sender == NOBODY:
        return ""
    own = int(view.sender_party[gap.row])
    rows = gap.traffic.received[sender]
    rows = between(
        rows[rows < view.dated], int(view.start[row]) + 1, int(view.start[gap.row]), view
    )
    told = [r for r in rows.tolist() if int(view.sender_party[r]) == own and not view.automatic[r]]
    return who(view, sender) if told else ""


def _taken_back(gap: _Pair) -> int:
    view = gap.traffic.view
    sender = int(view.sender[gap.row])
    rows = gap.traffic.sent[sender]
    return sum(
        any(
            re.search(r"\bnot (?:all|every)\b", act.said, re.IGNORECASE)
            for act in view.acts.get(view.ids[row], ())
        )
        for row in rows[(rows > gap.row) & (rows < view.dated)].tolist()
    )
