"""The rule `broken_handoff` and its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from commtrace.gaps._columns import (
    as_of_day,
    asks,
    by_recipient,
    first_outside,
)
from commtrace.gaps._handed_over import PassedOn, explanations, first_besides
from commtrace.gaps._observed import answerable, covered_until, party_covered
from commtrace.gaps._to_and_fro import Exchange, answered, exchanges
from commtrace.gaps._wording import (
    OUTSIDE,
    check,
    counted_in,
    days_in,
    number,
    party,
    party_ids,
    some,
    times,
    untestable,
)
from commtrace.gaps._yardstick import yardstick
from commtrace.model import (
    Check,
    CommunicationId,
    Family,
    Finding,
    Handoff,
    Observability,
    Outcome,
    PartyKind,
    Severity,
    Strength,
)
from commtrace.moments import Moment, local_day, say_day
from commtrace.plugins import rule
from commtrace.view import NOBODY, TO, Ints, View

_DEFAULT_DAYS = 10
_ALTERNATIONS = 3
_MOST_PARTIES = 3  # a message that addresses more announces something
_SHORT = 60  # words: a longer covering note than this is not only "for information"
_HANDS_NOTHING_ON = (PartyKind.FAMILIES, PartyKind.PUBLIC, PartyKind.PRESS)
_INFORMATION = re.compile(
    r"\b(?:f\.?y\.?i\.?|for (?:your )?(?:information|info|interest|records?|awareness)"
    r"|no (?:further )?action (?:is )?(?:needed|required|necessary)|to note only"
    r"|just so you know)\b",
    re.IGNORECASE,
)

PASSED = "On {day} {giver} passed the matter “{subject}” to {taker}."
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of a step by {taker} was found in either side's mailboxes within {days}"
        " ({where})."
    ),
    Observability.ONE_SIDE: (
        "No record of a step by {taker} was found within {days} ({where}) in the mailboxes"
        " supplied, which cover one of the two sides only."
    ),
    Observability.NOT_TESTABLE: (
        "No record of a step by {taker} was found within {days} ({where}). The evidence provided"
        " cannot show whether there was one: no mailbox of either side covers the time."
    ),
}
LATE = (
    "The first step of {taker} on record came on {taken}, after {waited} ({where} allows {days})."
)
WAITED = "By {as_of}, {waited} had passed."
COVERED = "The mailboxes that could show one cover the time to {day}."
PERHAPS = "{count} elsewhere may be a step and should be read."
TO_AND_FRO = (
    "From {first} to {last} the matter “{subject}” of {outsider} went {times} between {one} and"
    " {other}. No record of a message to {outsider} was found in that time in the material"
    " supplied."
)


@rule(family=Family.FLOW)
def broken_handoff(
    view: View, *, days: int = _DEFAULT_DAYS, alternations: int = _ALTERNATIONS
) -> Iterator[Finding]:
    """Passed to another directorate and no step taken on record; or passed to and fro.

    Definition: a matter that one party passed to another by forward or request, where no message of
    the receiving party to the giver, to the person whose matter it is, or on to anybody else is
    held within the criterion. Variant: a matter of an outside party that changes hands between two
    bodies at least `alternations` times while no message to that party is held.
    What counts: handoffs between bodies; the receiver in To. A first step after the criterion is a
    late handoff, LOW.
    An entry by hand is no step: it may explain that none was found, and is named.
    What does not: a forward for information ("FYI", no request in it and none being forwarded);
    a message addressed to more than three parties; mail to families, the public or the press; a
    handoff that is not yet due.
    When it cannot say: where no mailbox of either side covers the time, the sentence says that it
    is not testable. Days are working days; the day of the handoff is day 0.
    Severity: GRAVE where an outside party waits and both sides are observed; MATERIAL between
    bodies; LOW where late, not testable, or an innocent explanation may hold.
    Strength: CORROBORATED where it was asked for in words and passed by a reply or forward, else
    INDICATED.
    Reference: van der Aalst, Reijers and Song, CSCW 14 (2005), causal handover of work.
    """
    outside = first_outside(view, OUTSIDE)
    for handoff in view.handoffs:
        if not _between_bodies(view, handoff):
            continue
        case = _case(view, handoff, days, outside)
        if case.waited > case.measure.days and _passes_something_on(case):
            yield _finding(case)
    received = by_recipient(view)
    for exchange in exchanges(view, max(2, alternations)):
        yield _exchange_finding(view, exchange, answered(view, exchange, received))


def _case(view: View, handoff: Handoff, days: int, outside: Ints) -> PassedOn:
    taker = view.party_index[handoff.to_party]
    row = view.row_of[handoff.given]
    measure = yardstick(
        view,
        rule="broken_handoff",
        key="handoff_working_days",
        days=days,
        default=_DEFAULT_DAYS,
        party=taker,
        day=local_day(handoff.given_when.earliest),
    )
    giver = view.party_index[handoff.from_party]
    thread = int(view.thread[row])
    first = int(outside[thread]) if thread >= 0 else NOBODY
    outsider = int(view.sender_party[first]) if 0 <= first < row else NOBODY
    if outsider in {giver, taker}:
        outsider = NOBODY
    waiting = first_besides(view, row, {giver, taker, NOBODY})
    return PassedOn(view, handoff, row, giver, taker, measure, outsider, waiting)


def _between_bodies(view: View, handoff: Handoff) -> bool:
    index = view.party_index
    if handoff.from_party not in index or handoff.to_party not in index:
        return False
    if not answerable(view, index[handoff.to_party]):
        return False
    kinds = (view.parties[index[p]].kind for p in (handoff.from_party, handoff.to_party))
    return handoff.from_party != handoff.to_party and not any(k in _HANDS_NOTHING_ON for k in kinds)


def _passes_something_on(case: PassedOn) -> bool:
    """Whether the receiver, in To, is asked for something or handed the matter of somebody outside.

    A request between two bodies that is neither a forward nor about an outside party's matter is
    left to the rule `unanswered`.
    """
    view, handoff = case.view, case.handoff
    addressed = view.parties_to(case.row, (TO,))
    if case.taker not in addressed or len(addressed) > _MOST_PARTIES:
        return False
    if case.outsider == NOBODY and not (handoff.is_forward and handoff.asks):
        return False
    if asks(view, case.row):
        return True
    text = view.new_text([handoff.given]).get(handoff.given, "")
    return len(text.split()) > _SHORT or _INFORMATION.search(text) is None


def _finding(case: PassedOn) -> Finding:
    view, handoff = case.view, case.handoff
    step, day, due = case.step, case.day, case.measure.due(case.day)
    ends = (
        covered_until(view, case.giver, day, due, sent=False),
        covered_until(view, case.taker, day, due, sent=True),
    )
    observability = view.observability(*(end is not None for end in ends))
    covered = min((end for end in ends if end), default=as_of_day(view))
    checks, perhaps, others = explanations(case)
    doubts = [c for c in checks if c.outcome is Outcome.FAILED]
    cites = [view.cite(case.row, "the message that passed it on")]
    cites += [view.cite(row, "may be a step on the matter") for row in perhaps[:5]]
    cites += [view.cite(row, "considered: on another matter") for row in others[:5]]
    if step is not None:
        cites.append(view.cite(step, "the first step on record"))
    return Finding(
        rule="broken_handoff",
        family=Family.FLOW,
        anchor=(handoff.id,),
        severity=_severity(case, observability, late=step is not None, doubts=bool(doubts)),
        strength=Strength.CORROBORATED
        if handoff.asks and view.parent[case.row] != NOBODY and not doubts
        else Strength.INDICATED,
        observability=observability,
        about=_about(case),
        window=_window(case),
        parties=party_ids(view, case.giver, case.taker, case.outsider),
        owes=handoff.to_party,
        cites=tuple(cites),
        checks=checks,
        sentence=_sentence(case, observability, len(perhaps), covered),
        measure={
            "days allowed": case.measure.days,
            "criterion": case.measure.where,
            "days waited": case.waited,
            "calendar": counted_in(case.measure.calendar),
            "late": int(step is not None),
            "possible steps": len(perhaps),
        },
    )


def _severity(
    case: PassedOn, observability: Observability, *, late: bool, doubts: bool
) -> Severity:
    if late or doubts or observability is Observability.NOT_TESTABLE:
        return Severity.LOW
    waits = case.outsider != NOBODY and observability is Observability.OBSERVED
    return Severity.GRAVE if waits else Severity.MATERIAL


def _about(case: PassedOn) -> tuple[CommunicationId, ...]:
    aside = case.view.ids[case.aside] if case.aside is not None else None
    return tuple(c for c in case.handoff.communications if c != aside) or (case.handoff.given,)


def _window(case: PassedOn) -> Moment:
    handoff = case.handoff
    taken = case.view.whens[case.step] if case.step is not None else None
    end = taken.latest if taken is not None else case.view.as_of
    return Moment(
        earliest=handoff.given_when.earliest,
        latest=max(end, handoff.given_when.latest),
        said=handoff.given_when.said,
        basis=handoff.given_when.basis,
    )


def _sentence(case: PassedOn, observability: Observability, perhaps: int, covered: date) -> str:
    view, calendar = case.view, case.measure.calendar
    taker = party(view, case.taker)
    words = {
        "taker": taker,
        "days": days_in(case.measure.days, calendar),
        "where": case.measure.where,
        "waited": days_in(case.waited, calendar),
        "as_of": say_day(as_of_day(view)),
        "taken": say_day(view.day(case.step)) if case.step is not None else "",
    }
    opening = PASSED.format(
        day=say_day(case.day),
        giver=party(view, case.giver),
        taker=taker,
        subject=view.subjects[case.row] or "(no subject)",
    )
    if case.step is not None:
        return f"{opening} {LATE.format(**words)}"
    parts = [opening, SENTENCES[observability].format(**words), WAITED.format(**words)]
    if covered < as_of_day(view):
        parts.append(COVERED.format(day=say_day(covered)))
    if perhaps:
        parts.append(PERHAPS.format(count=number(perhaps, "message").capitalize()))
    return " ".join(parts)


def _exchange_finding(view: View, exchange: Exchange, answered: list[int]) -> Finding:
    first, last = exchange.passes[0], exchange.passes[-1]
    days = view.day(first), view.day(last)
    sides = [party_covered(view, p, *days, sent=True) for p in (exchange.one, exchange.other)]
    observability = view.observability(*sides)
    start, end = view.whens[first], view.whens[last]
    if start is None or end is None:
        raise ValueError("A pass in an exchange has a date.")
    low = bool(answered) or observability is not Observability.OBSERVED
    return Finding(
        rule="broken_handoff",
        family=Family.FLOW,
        anchor=("to and fro", view.ids[exchange.request]),
        severity=Severity.LOW if low else Severity.MATERIAL,
        strength=Strength.INDICATED,
        observability=observability,
        about=(view.ids[exchange.request], *(view.ids[row] for row in exchange.passes)),
        window=Moment(
            earliest=start.earliest,
            latest=max(end.latest, start.latest),
            said=start.said,
            basis=start.basis,
        ),
        parties=party_ids(view, exchange.one, exchange.other, exchange.outsider),
        owes=view.parties[_holder(view, exchange)].id,
        cites=(
            view.cite(exchange.request, "the outside party's request"),
            *(view.cite(row, "passed on") for row in exchange.passes),
            *(view.cite(row, "may answer the outside party") for row in answered[:5]),
        ),
        checks=_exchange_checks(answered),
        sentence=_exchange_sentence(view, exchange),
        measure={"passes": len(exchange.passes), "possible answers": len(answered)},
    )


def _exchange_checks(answered: list[int]) -> tuple[Check, ...]:
    return (
        check(
            "The outside party was written to in another thread",
            some(len(answered), "message", "in the time"),
            "no message to it on the matter from either body is held for the time",
        ),
        untestable("They worked on it together", "joint work leaves the same trace in mail"),
    )


def _exchange_sentence(view: View, exchange: Exchange) -> str:
    return TO_AND_FRO.format(
        first=say_day(view.day(exchange.passes[0])),
        last=say_day(view.day(exchange.passes[-1])),
        subject=view.subjects[exchange.request] or "(no subject)",
        outsider=party(view, exchange.outsider),
        times=times(len(exchange.passes)),
        one=party(view, exchange.one),
        other=party(view, exchange.other),
    )


def _holder(view: View, exchange: Exchange) -> int:
    """The body to which the matter was passed last."""
    sender = int(view.sender_party[exchange.passes[-1]])
    return exchange.other if sender == exchange.one else exchange.one
