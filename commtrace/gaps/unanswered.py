"""The rule `unanswered` and its sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from commtrace.gaps._columns import window
from commtrace.gaps._explanations import Unanswered, explanations
from commtrace.gaps._grades import named
from commtrace.gaps._requests import (
    DAYS,
    open_requests,
    request_sentence,
    requests,
    seen_and_unseen,
)
from commtrace.gaps._traffic import traffic_of
from commtrace.gaps._wording import (
    OUTSIDE,
    VULNERABLE,
    counted_in,
    days_in,
    initial,
    kind_of,
    listed,
    number,
    party_ids,
    reached,
    reconciled,
    times,
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
from commtrace.moments import say_day
from commtrace.plugins import rule
from commtrace.view import View

_CITED = 5

SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of a reply was found in either party's mailboxes, which cover the period"
        " {reconciled}."
    ),
    Observability.ONE_SIDE: (
        "No record of a reply was found in the mailbox of {seen}. The mailbox of {unseen} was not"
        " provided for the whole period."
    ),
    Observability.NOT_TESTABLE: (
        "No record of a reply was found in the material supplied. The evidence provided cannot show"
        " whether there was one: neither party's mailbox was provided for the whole period."
    ),
}
DUE = "A reply was due by {due} ({days}: {where}); by {as_of}, {elapsed} had passed."
CHASED = "The asker came back to it {times}."
ONLY = "On record after it: {what}, and no more."
BELOW = "{what} may answer it; no original of an answer was found."
PERHAPS = "{count} elsewhere may answer it and should be read."


@rule(family=Family.RESPONSE)
def unanswered(view: View, *, days: int = DAYS) -> Iterator[Finding]:
    """Asked, and no answer on record within the criterion.

    Definition: a request in the new text of a message from one party to another, for which the
    evidence holds no answer up to the day it reaches, and that day lies beyond the due date.
    What counts: a request or a chaser to another party that owes answers: to whom it greets by name
    of those it went to, else to those in To (at most 15 people), else to those in copy. An answer
    comes from an addressee, their party or whoever they passed it to, reaches the asker's side, and
    is in the thread or under the same subject within 60 days; or it went to the asker alone, in a
    letter or another thread, and names what the request names (a reference, initials, the day of
    the message) and more of its words.
    What does not: automatic and mass mail, mail that says it was sent out by a system or to a list
    (no reply can reach it, or the reader may unsubscribe), sentences that only say what to use or
    where to look, requests in copy only (where others stand in To and it greets nobody in copy),
    requests to families, the public, the press, a forum, or a party only guessed from its mail
    domain of which no mailbox was supplied, standing phrases that many senders use alike, and
    forwards between bodies (see broken_handoff); an answer that is automatic or only says that one
    will come. An answer known through weaker evidence than the request (entered by hand, or only
    from a print or a log) leaves the gap, LOW, and is named.
    A later request on the same matter is a chaser of the first. A matter that the asker closed is
    no gap.
    When it cannot say: where neither the asker's nor an addressee's mailbox covers the time from
    the request to the due date, the sentence says that it is not testable. Mail that the register
    says was not provided covers nothing, nor does a mailbox that is empty or thin then (see
    `coverage_hole`). Days run in the calendar of the party that owes, unless the criterion names
    its own; the day of the request is day 0.
    Severity: GRAVE where a family, the public, a forum or a member asked and came back to
    it, and twice the time has passed; MATERIAL else; LOW where it cannot be tested, an innocent
    explanation may hold, or a firm owes.
    Strength: CORROBORATED where the asker chased or a holding reply is held, else INDICATED.
    Reference: Lampert, Dale and Paris 2008; Karagiannis and Vojnović, WWW 2009 (recipients).
    """
    traffic = traffic_of(view)
    for gap in open_requests(traffic, requests(traffic, rule="unanswered", days=days)):
        yield _finding(gap)


def _finding(gap: Unanswered) -> Finding:
    view, asked = gap.view, gap.asked
    perhaps, others = list(gap.beside.possible), list(gap.beside.others)
    checks = explanations(gap, perhaps)
    one, other = gap.mailboxes
    observability = view.observability(one is not None, other is not None)
    doubts = [c for c in checks if c.outcome is Outcome.FAILED]
    return Finding(
        rule="unanswered",
        family=Family.RESPONSE,
        anchor=(view.ids[asked.row],),
        severity=_severity(gap, observability, doubts),
        strength=_strength(gap, doubts),
        observability=observability,
        about=(view.ids[asked.row], *(view.ids[row] for row in gap.after.chasers)),
        window=window(view, asked.row, gap.day, gap.seen_until, until=gap.due),
        parties=party_ids(view, asked.asker_party, *asked.owing),
        owes=view.parties[asked.owing[0]].id,
        cites=tuple(_cites(gap, perhaps, others)),
        checks=checks,
        sentence=_sentence(gap, observability, perhaps),
        measure=_measure(gap, perhaps, others),
    )


def _cites(gap: Unanswered, perhaps: list[int], others: list[int]) -> Iterator[Citation]:
    view, after = gap.view, gap.after
    yield view.cite(gap.asked.row, "the request", (gap.act.start, gap.act.end))
    roles = (
        ("a later reminder by the asker", after.chasers),
        ("an automatic reply, no answer", after.automatic),
        ("a holding reply, no answer", after.holding),
        ("passed on by an addressee", after.passed_to),
        ("mentions a conversation off the record", after.off_record),
        ("answers it, of a lower grade than the request", after.weak),
        ("may answer the request", perhaps),
        ("considered: on another matter", others),
    )
    for role, rows in roles:
        for row in rows[:_CITED]:
            yield view.cite(row, role)


def _severity(gap: Unanswered, observability: Observability, doubts: list[Check]) -> Severity:
    view, asked = gap.view, gap.asked
    firm = view.parties[asked.owing[0]].kind in OUTSIDE
    if observability is Observability.NOT_TESTABLE or doubts or firm:
        return Severity.LOW
    grave = (
        kind_of(view, asked.asker_party) in VULNERABLE
        and _elapsed(gap) >= 2 * gap.measure.days
        and bool(gap.after.chasers)
    )
    return Severity.GRAVE if grave else Severity.MATERIAL


def _strength(gap: Unanswered, doubts: list[Check]) -> Strength:
    if doubts or not (gap.after.chasers or gap.after.holding):
        return Strength.INDICATED
    return Strength.CORROBORATED


def _elapsed(gap: Unanswered) -> int:
    return gap.measure.calendar.elapsed(gap.day, gap.seen_until)


def _measure(
    gap: Unanswered, perhaps: list[int], others: list[int]
) -> Mapping[str, int | float | str]:
    return {
        "days allowed": gap.measure.days,
        "calendar": counted_in(gap.measure.calendar),
        "criterion": gap.measure.where,
        "due": gap.due.isoformat(),
        "days elapsed": _elapsed(gap),
        "chasers": len(gap.after.chasers),
        "holding replies": len(gap.after.holding),
        "automatic replies": len(gap.after.automatic),
        "possible answers": len(perhaps),
        "other messages considered": len(others),
    }


def _sentence(gap: Unanswered, observability: Observability, perhaps: list[int]) -> str:
    view, asked, after = gap.view, gap.asked, gap.after
    one, other = gap.mailboxes
    seen, unseen = seen_and_unseen(view, asked, one)
    parts = [
        request_sentence(view, gap.asked, gap.act),
        SENTENCES[observability].format(
            reconciled=reconciled([box for box in (one, other) if box]), seen=seen, unseen=unseen),
        DUE.format(due=say_day(gap.due), days=days_in(gap.measure.days, gap.measure.calendar),
                   where=gap.measure.where, as_of=reached(view, gap.seen_until),
                   elapsed=gap.waited),
    ]  # fmt: skip
    if after.chasers:
        parts.append(CHASED.format(times=times(len(after.chasers))))
    kinds = [("automatic reply", "automatic replies", after.automatic),
             ("holding reply", "holding replies", after.holding)]  # fmt: skip
    only = [number(len(rows), one_of, many) for one_of, many, rows in kinds if rows]
    if only:
        parts.append(ONLY.format(what=listed(only)))
    if after.weak:
        parts.append(BELOW.format(what=initial(named(view, after.weak))))
    if perhaps:
        parts.append(PERHAPS.format(count=number(len(perhaps), "message").capitalize()))
    return " ".join(parts)
