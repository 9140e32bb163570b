"""The rule `chaser_ladder` and its sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from commtrace.gaps._bare import unsupplied
from commtrace.gaps._columns import as_of_day, window
from commtrace.gaps._mailed_out import mailed_out
from commtrace.gaps._observed import both_sides
from commtrace.gaps._requests import DAYS, Request, request_sentence, requests
from commtrace.gaps._traffic import traffic_of
from commtrace.gaps._wording import (
    OUTSIDE,
    VULNERABLE,
    check,
    clocks,
    kind_of,
    listed,
    number,
    party_ids,
    passed,
    some,
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
from commtrace.moments import say_day
from commtrace.plugins import rule
from commtrace.view import View

_CITED = 8

AGAIN = "The asker came back to it {count}, on {days}, over {span}."
WIDER = "At a later step {names} {were} written to as well."
ENDED = "An answer is on record on {day}."
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of an answer between these steps was found in either party's mailboxes, which"
        " cover the time."
    ),
    Observability.ONE_SIDE: (
        "No record of an answer between these steps was found in the mailbox of one side; that of"
        " the other was not provided for the whole time."
    ),
    Observability.NOT_TESTABLE: (
        "No record of an answer between these steps was found. The evidence provided cannot show"
        " whether there was one: neither party's mailbox was provided for the whole time."
    ),
}


@rule(family=Family.RESPONSE)
def chaser_ladder(view: View, *, times: int = 2) -> Iterator[Finding]:
    """The same person asking again and again, without an answer in between.

    Definition: a request that is owed an answer, and `times` or more later messages of the asker on
    its topic that ask or remind, with no answer of substance before the last of them.
    What counts: each step with its day, and whoever was written to at a later step and not before.
    What does not: thanks, new facts without a question, automatic messages.
    When it cannot say: as in `unanswered`.
    Severity: MATERIAL where a family, the public, a forum or a member asked, GRAVE where it was
    twice as often and nobody answered in the end; LOW else, where an explanation may hold, or it
    cannot be tested. Strength: CORROBORATED: each step is a message of its own.
    Reference: product 5.1 R5.
    """
    traffic = traffic_of(view)
    found = [
        one
        for one in requests(traffic, rule="chaser_ladder", days=DAYS)
        if len(one.after.chasers) >= times and not one.after.closed
    ]
    mailed = mailed_out(view, [one.asked.row for one in found])
    absorbed: set[int] = set()
    for one in found:
        if one.asked.row in absorbed or one.asked.row in mailed:
            continue
        absorbed.update(one.after.chasers)
        yield _finding(_Ladder(view=view, request=one), times)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ladder:
    """A request and the steps that came after it."""

    view: View
    request: Request

    @property
    def steps(self) -> tuple[int, ...]:
        """The rows by which the asker came back to it."""
        return self.request.after.chasers

    @property
    def added(self) -> list[int]:
        """Whoever was written to at a later step, and not at first."""
        view = self.view
        known = set(view.identities_to(self.request.asked.row)) | {self.request.asked.asker}
        found: dict[int, None] = {}
        for row in self.steps:
            found |= dict.fromkeys(who for who in view.identities_to(row) if who not in known)
        return list(found)


def _finding(gap: _Ladder, times: int) -> Finding:
    view, one = gap.view, gap.request
    last = view.day(gap.steps[-1])
    until = min(last, as_of_day(view))
    mine, theirs = both_sides(view, one.asked.asker, one.asked.addressees, one.day, until)
    observability = view.observability(mine is not None, theirs is not None)
    checks = _checks(gap)
    doubts = any(c.outcome is Outcome.FAILED for c in checks)
    return Finding(
        rule="chaser_ladder",
        family=Family.RESPONSE,
        anchor=(view.ids[one.asked.row],),
        severity=_severity(gap, observability, times, doubts=doubts),
        strength=Strength.INDICATED if doubts else Strength.CORROBORATED,
        observability=observability,
        about=(view.ids[one.asked.row], *(view.ids[row] for row in gap.steps)),
        window=window(view, one.asked.row, one.day, last),
        parties=party_ids(view, one.asked.asker_party, *one.asked.owing),
        owes=view.parties[one.asked.owing[0]].id,
        cites=tuple(_cites(gap)),
        checks=checks,
        sentence=_sentence(gap, observability),
        measure={
            "steps": len(gap.steps),
            "working days": view.working.elapsed(one.day, last),
            "people added": len(gap.added),
            "answered in the end": "yes" if one.after.answered else "no",
        },
    )


def _cites(gap: _Ladder) -> Iterator[Citation]:
    view, one = gap.view, gap.request
    yield view.cite(one.asked.row, "the request", (one.act.start, one.act.end))
    for row in gap.steps[:_CITED]:
        yield view.cite(row, "asked again")
    for row in one.after.holding[:_CITED]:
        yield view.cite(row, "a holding reply, no answer")
    if one.after.answered:
        yield view.cite(one.after.answer, "the first answer")


def _severity(gap: _Ladder, observability: Observability, times: int, *, doubts: bool) -> Severity:
    view, one = gap.view, gap.request
    firm = view.parties[one.asked.owing[0]].kind in OUTSIDE
    vulnerable = kind_of(view, one.asked.asker_party) in VULNERABLE
    if observability is Observability.NOT_TESTABLE or doubts or firm or not vulnerable:
        return Severity.LOW
    often = len(gap.steps) >= 2 * times and not one.after.answered
    return Severity.GRAVE if often else Severity.MATERIAL


def _sentence(gap: _Ladder, observability: Observability) -> str:
    view, one = gap.view, gap.request
    asked, steps = one.asked, gap.steps
    last = view.day(steps[-1])
    parts = [
        request_sentence(view, one.asked, one.act),
        AGAIN.format(
            count=number(len(steps), "time"),
            days=listed((say_day(view.day(row)) for row in steps), at_most=6),
            span=clocks(view, view.working, (asked.asker_party,),
                        lambda of: of.elapsed(one.day, last))),
    ]  # fmt: skip
    if gap.added:
        names = listed(who(view, each) for each in gap.added)
        parts.append(WIDER.format(names=names, were="was" if len(gap.added) == 1 else "were"))
    parts.append(SENTENCES[observability])
    if one.after.answered:
        parts.append(ENDED.format(day=say_day(view.day(one.after.answer))))
    return " ".join(parts)


def _checks(gap: _Ladder) -> tuple[Check, ...]:
    view, one = gap.view, gap.request
    spoken = [row for row in one.after.off_record if row < gap.steps[-1]]
    return (
        passed(
            "A later message only thanked or brought new facts",
            "each step asks or reminds in the asker's own new words",
        ),
        check(
            "It was dealt with by telephone or at a meeting in between",
            some(len(spoken), "message", "on the matter refer to a conversation"),
            "no message on the matter refers to a call or a meeting",
        ),
        passed("A colleague answered", "everybody of the owing side was looked at"),
        *unsupplied(
                view, (one.asked.asker, *one.asked.addressees), one.asked.owing, one.day,
                view.day(gap.steps[-1]),
            ),
    )  # fmt: skip
