"""The rule `late_reply` and its sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from commtrace.gaps._bare import unsupplied
from commtrace.gaps._columns import as_of_day, window
from commtrace.gaps._elsewhere import Search
from commtrace.gaps._explanations import away
from commtrace.gaps._mailed_out import mailed_out
from commtrace.gaps._observed import both_sides
from commtrace.gaps._requests import DAYS, Request, request_sentence, requests, seen_and_unseen
from commtrace.gaps._traffic import Traffic, traffic_of
from commtrace.gaps._wording import (
    OUTSIDE,
    VULNERABLE,
    check,
    clocks,
    counted_in,
    days_in,
    kind_of,
    number,
    party_ids,
    passed,
    some,
    times,
    who,
)
from commtrace.model import (
    Check,
    Citation,
    Coverage,
    Family,
    Finding,
    Observability,
    Outcome,
    Severity,
    Strength,
)
from commtrace.moments import end_of, say_day
from commtrace.plugins import rule
from commtrace.view import View

_CITED = 5

ANSWERED = "{who} answered on {day}, {elapsed} later; a reply was due by {due} ({days}: {where})."
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of an earlier answer was found in either party's mailboxes, which cover the"
        " time."
    ),
    Observability.ONE_SIDE: (
        "No record of an earlier answer was found in the mailbox of {seen}; that of {unseen} was"
        " not provided for the whole time."
    ),
    Observability.NOT_TESTABLE: (
        "No record of an earlier answer was found. The evidence provided cannot show whether there"
        " was one: neither party's mailbox was provided for the whole time."
    ),
}
CHASED = "The asker came back to it {times} before."
HELD = "In between, {what} said that an answer would come."


@rule(family=Family.RESPONSE)
def late_reply(view: View, *, days: int = DAYS) -> Iterator[Finding]:
    """Answered, and later than the criterion allows.

    Definition: a request that is owed an answer, as in `unanswered`, of which the first answer on
    record, on its thread, under its subject or elsewhere, came after the due day.
    What counts: as in `unanswered`; the time runs in the calendar of the party that owes, and for
    families the school days are given beside it.
    What does not: a holding or automatic reply is no answer; a request answered in time in another
    thread or by letter.
    When it cannot say: an earlier answer may lie in a mailbox that was not supplied; the sentence
    says whose was.
    Severity: MATERIAL where a family, the public, a forum or a member asked, or twice the time had
    passed; LOW else, where an explanation may hold, a firm owes, or an earlier answer cannot be
    tested. Strength: CORROBORATED where the answer continues the request by its headers or by
    what it quotes; INDICATED else.
    Reference: product 5.1 R2; FOIA 2000 s10 for how the days are counted.
    """
    traffic = traffic_of(view)
    asked = [
        one
        for one in requests(traffic, rule="late_reply", days=days)
        if not one.after.closed and not _in_time(view, one)
    ]
    mailed = mailed_out(view, [one.asked.row for one in asked])
    asked = [one for one in asked if one.asked.row not in mailed]
    search = Search(traffic, [(one.asked, one.after) for one in asked])
    absorbed: set[int] = set()
    for one in asked:
        answered = None if one.asked.row in absorbed else _answered(search, one)
        absorbed.update(one.after.chasers)
        if answered is not None and not _in_time(view, answered):
            yield _finding(_Late(traffic=traffic, request=answered))


def _in_time(view: View, one: Request) -> bool:
    return one.after.answered and view.day(one.after.answer) <= one.due


def _answered(search: Search, one: Request) -> Request | None:
    """The request with its first answer, in the topic or outside it; None without one."""
    until = int(end_of(one.due).timestamp())
    parties = one.after.parties or frozenset(one.asked.owing)
    found = search.look(one.asked, parties, until).answers
    rows = [*found, *([one.after.answer] if one.after.answered else [])]
    if not rows:
        return None
    return replace(one, after=replace(one.after, answered=True, answer=min(rows)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Late:
    """A request whose answer came late, and the traffic that it lies in."""

    traffic: Traffic
    request: Request

    @property
    def view(self) -> View:
        """The view."""
        return self.traffic.view

    @property
    def boxes(self) -> tuple[Coverage | None, Coverage | None]:
        """The asker's and an addressee's mailbox, where they cover the time to the due day."""
        view, one = self.view, self.request
        due = min(one.due, as_of_day(view))
        return both_sides(view, one.asked.asker, one.asked.addressees, one.day, due)


def _finding(gap: _Late) -> Finding:
    view, one = gap.view, gap.request
    mine, theirs = gap.boxes
    observability = view.observability(mine is not None, theirs is not None)
    checks = _checks(gap)
    doubts = [c for c in checks if c.outcome is Outcome.FAILED]
    answer = one.after.answer
    return Finding(
        rule="late_reply",
        family=Family.RESPONSE,
        anchor=(view.ids[one.asked.row],),
        severity=_severity(gap, observability, doubts),
        strength=Strength.CORROBORATED
        if not doubts and gap.traffic.descends(answer, one.asked.row)
        else Strength.INDICATED,
        observability=observability,
        about=(view.ids[one.asked.row], view.ids[answer]),
        window=window(view, one.asked.row, one.day, view.day(answer)),
        parties=party_ids(view, one.asked.asker_party, *one.asked.owing),
        owes=view.parties[one.asked.owing[0]].id,
        cites=tuple(_cites(gap)),
        checks=checks,
        sentence=_sentence(gap, observability),
        measure={
            "days allowed": one.measure.days,
            "calendar": counted_in(one.measure.calendar),
            "criterion": one.measure.where,
            "due": one.due.isoformat(),
            "answered": view.day(answer).isoformat(),
            "days elapsed": one.measure.calendar.elapsed(one.day, view.day(answer)),
            "chasers": len(_before(gap, one.after.chasers)),
            "holding replies": len(one.after.holding),
        },
    )


def _before(gap: _Late, rows: Sequence[int]) -> list[int]:
    return [row for row in rows if row < gap.request.after.answer]


def _cites(gap: _Late) -> Iterator[Citation]:
    view, one = gap.view, gap.request
    yield view.cite(one.asked.row, "the request", (one.act.start, one.act.end))
    yield view.cite(one.after.answer, "the first answer")
    roles = (
        ("a later reminder by the asker", _before(gap, one.after.chasers)),
        ("a holding reply, no answer", list(one.after.holding)),
        ("an automatic reply, no answer", list(one.after.automatic)),
    )
    for role, rows in roles:
        for row in rows[:_CITED]:
            yield view.cite(row, role)


def _severity(gap: _Late, observability: Observability, doubts: Sequence[Check]) -> Severity:
    view, one = gap.view, gap.request
    firm = view.parties[one.asked.owing[0]].kind in OUTSIDE
    if observability is Observability.NOT_TESTABLE or doubts or firm:
        return Severity.LOW
    elapsed = one.measure.calendar.elapsed(one.day, view.day(one.after.answer))
    vulnerable = kind_of(view, one.asked.asker_party) in VULNERABLE
    return Severity.MATERIAL if vulnerable or elapsed >= 2 * one.measure.days else Severity.LOW


def _sentence(gap: _Late, observability: Observability) -> str:
    view, one = gap.view, gap.request
    asked, answer = one.asked, one.after.answer
    seen, unseen = seen_and_unseen(view, asked, gap.boxes[0])
    parts = [
        request_sentence(view, one.asked, one.act),
        ANSWERED.format(
            who=who(view, int(view.sender[answer])), day=say_day(view.day(answer)),
            elapsed=_clocks(gap), due=say_day(one.due),
            days=days_in(one.measure.days, one.measure.calendar), where=one.measure.where),
    ]  # fmt: skip
    chasers = _before(gap, one.after.chasers)
    if chasers:
        parts.append(CHASED.format(times=times(len(chasers))))
    if one.after.holding:
        replies = number(len(one.after.holding), "message")
        parts.append(HELD.format(what=replies))
    parts.append(SENTENCES[observability].format(seen=seen, unseen=unseen))
    return " ".join(parts)


def _clocks(gap: _Late) -> str:
    """The wait in the days of the party that owes, and in those of the asker where they differ."""
    view, one = gap.view, gap.request
    end = view.day(one.after.answer)
    return clocks(
        view, one.measure.calendar, (one.asked.asker_party,), lambda of: of.elapsed(one.day, end)
    )


def _checks(gap: _Late) -> tuple[Check, ...]:
    view, one = gap.view, gap.request
    after = one.after
    informed = [row for row in after.holding if view.day(row) <= one.due]
    spoken = _before(gap, after.off_record)
    return (
        passed(
            "It was answered earlier in another thread or by letter",
            "every message and letter of the owing side to the asker in the time was looked at",
        ),
        check(
            "The asker was kept informed, or a longer time was agreed",
            some(len(informed), "message", "before the due day say that an answer would come"),
            "no message before the due day says that it would take longer",
        ),
        check(
            "It was dealt with by telephone or at a meeting before",
            some(len(spoken), "message", "before the answer refer to a conversation"),
            "no message on the matter before the answer refers to a call or a meeting",
        ),
        away(gap.traffic, one.asked, int(end_of(one.due).timestamp())),
        *unsupplied(
            view, (one.asked.asker, *one.asked.addressees), one.asked.owing, one.day, one.due),
        *one.measure.checks,
    )  # fmt: skip
