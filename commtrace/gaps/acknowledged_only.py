"""The rule `acknowledged_only` and its sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from commtrace.gaps._columns import window
from commtrace.gaps._explanations import Unanswered, explanations
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
    kind_of,
    listed,
    number,
    party_ids,
    quoted_sentence,
    reached,
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
from commtrace.moments import say_day
from commtrace.plugins import rule
from commtrace.view import View

_CITED = 5

ONLY = "What followed on record is {what}{words}, the last on {last}."
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of an answer after it was found in either party's mailboxes, which cover the"
        " time."
    ),
    Observability.ONE_SIDE: (
        "No record of an answer after it was found in the mailbox of {seen}; that of {unseen} was"
        " not provided for the whole time."
    ),
    Observability.NOT_TESTABLE: (
        "No record of an answer after it was found. The evidence provided cannot show whether there"
        " was one: neither party's mailbox was provided for the whole time."
    ),
}
DUE = "An answer was due by {due} ({days}: {where}); by {as_of}, {elapsed} had passed."


@rule(family=Family.RESPONSE)
def acknowledged_only(view: View, *, days: int = DAYS) -> Iterator[Finding]:
    """Only an automatic or holding reply, and nothing more by the due day and after.

    Definition: a request that is owed an answer and has none on record, as in `unanswered`, to
    which an automatic reply or one that only says that an answer will come is on record.
    What counts: automatic replies by their own marks (RFC 3834), delivery reports apart; holding
    replies by words that promise an answer and say little else.
    What does not: a reply with any substance; a request answered elsewhere or closed.
    When it cannot say: as in `unanswered`. The same request is found by `unanswered` too.
    Severity: MATERIAL where a family, the public, a forum or a member asked; LOW else, where an
    explanation may hold, a firm owes, or it cannot be tested. Strength: CORROBORATED where the
    holding reply itself says that an answer will come; INDICATED where only a machine replied.
    Reference: product 5.1 R3; RFC 3834.
    """
    traffic = traffic_of(view)
    for gap in open_requests(traffic, requests(traffic, rule="acknowledged_only", days=days)):
        if gap.after.holding or gap.machines:
            yield _finding(gap)


def _finding(gap: Unanswered) -> Finding:
    view, asked = gap.view, gap.asked
    one, other = gap.mailboxes
    observability = view.observability(one is not None, other is not None)
    checks = explanations(gap, list(gap.beside.possible))
    doubts = [c for c in checks if c.outcome is Outcome.FAILED]
    return Finding(
        rule="acknowledged_only",
        family=Family.RESPONSE,
        anchor=(view.ids[asked.row],),
        severity=_severity(gap, observability, doubts),
        strength=Strength.CORROBORATED if gap.after.holding and not doubts else Strength.INDICATED,
        observability=observability,
        about=(view.ids[asked.row], *(view.ids[row] for row in _replies(gap))),
        window=window(view, asked.row, gap.day, gap.seen_until, until=gap.due),
        parties=party_ids(view, asked.asker_party, *asked.owing),
        owes=view.parties[asked.owing[0]].id,
        cites=tuple(_cites(gap)),
        checks=checks,
        sentence=_sentence(gap, observability),
        measure={
            "days allowed": gap.measure.days,
            "calendar": counted_in(gap.measure.calendar),
            "criterion": gap.measure.where,
            "due": gap.due.isoformat(),
            "holding replies": len(gap.after.holding),
            "automatic replies": len(gap.machines),
            "chasers": len(gap.after.chasers),
        },
    )


def _replies(gap: Unanswered) -> tuple[int, ...]:
    return tuple(sorted({*gap.after.holding, *gap.machines}))


def _cites(gap: Unanswered) -> Iterator[Citation]:
    view = gap.view
    yield view.cite(gap.asked.row, "the request", (gap.act.start, gap.act.end))
    roles = (
        ("a holding reply, no answer", gap.after.holding),
        ("an automatic reply, no answer", gap.machines),
        ("a later reminder by the asker", gap.after.chasers),
        ("may answer the request", gap.beside.possible),
    )
    for role, rows in roles:
        for row in rows[:_CITED]:
            yield view.cite(row, role)


def _severity(gap: Unanswered, observability: Observability, doubts: Sequence[Check]) -> Severity:
    view, asked = gap.view, gap.asked
    firm = view.parties[asked.owing[0]].kind in OUTSIDE
    if observability is Observability.NOT_TESTABLE or doubts or firm:
        return Severity.LOW
    vulnerable = kind_of(view, asked.asker_party) in VULNERABLE
    return Severity.MATERIAL if vulnerable else Severity.LOW


def _sentence(gap: Unanswered, observability: Observability) -> str:
    view, asked = gap.view, gap.asked
    one, _ = gap.mailboxes
    seen, unseen = seen_and_unseen(view, asked, one)
    kinds = [("automatic reply", "automatic replies", gap.machines),
             ("holding reply", "holding replies", gap.after.holding)]  # fmt: skip
    what = listed(number(len(rows), name, many) for name, many, rows in kinds if rows)
    return " ".join((
        request_sentence(view, gap.asked, gap.act),
        ONLY.format(what=what, words=_words(gap), last=say_day(view.day(_replies(gap)[-1]))),
        DUE.format(due=say_day(gap.due), days=days_in(gap.measure.days, gap.measure.calendar),
                   where=gap.measure.where, as_of=reached(view, gap.seen_until),
                   elapsed=gap.waited),
        SENTENCES[observability].format(seen=seen, unseen=unseen),
    ))  # fmt: skip


def _words(gap: Unanswered) -> str:
    """What the last holding reply says, in brackets."""
    view = gap.view
    acts = [
        act
        for row in gap.after.holding[-1:]
        for act in view.acts.get(view.ids[row], ())
        if act.kind is ActKind.HOLDING_REPLY
    ]
    return f" ({quoted_sentence(acts[0].said)})" if acts else ""
