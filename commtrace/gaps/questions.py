"""Every request to another party, and what the record shows of it.

The register behind the Questions view. The rules on answers take from the same reading what is a
gap; here each request has its fate, those that were answered in time too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from commtrace.gaps._answers import Asked
from commtrace.gaps._columns import as_of_day
from commtrace.gaps._requests import DAYS, Request, open_requests, requests
from commtrace.gaps._traffic import traffic_of
from commtrace.model import Act
from commtrace.view import NOBODY, View


class Fate(StrEnum):
    """What became of a request by the day that the evidence reaches."""

    ANSWERED = "answered"
    LATE = "answered late"
    ELSEWHERE = "answered elsewhere or asked again"
    CLOSED = "closed by the asker"
    ACKNOWLEDGED = "acknowledged only"
    OPEN = "no record of an answer"
    RUNNING = "not yet due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One request: who asked whom, the sentence, when an answer was due, and its fate.

    `answer` is the row of the first answer on its topic, -1 where there is none; `elapsed` counts
    days from the request to it in the calendar of the party that owes.
    """

    asked: Asked
    act: Act
    day: date
    due: date
    fate: Fate
    answer: int = NOBODY
    elapsed: int = 0
    chasers: int = 0


def questions(view: View) -> tuple[Question, ...]:
    """All requests that are owed an answer, in order of time; the criterion is `unanswered`'s."""
    days = view.brief.rules.get("unanswered", {}).get("days", DAYS)
    number = days if isinstance(days, int) else DAYS
    traffic = traffic_of(view)
    read = list(requests(traffic, rule="unanswered", days=number))
    still = {gap.asked.row: gap for gap in open_requests(traffic, read)}
    made = []
    for one in read:
        gap = still.get(one.asked.row)
        fate = _fate(view, one, open_=gap is not None)
        if fate is Fate.OPEN and gap and (gap.after.holding or gap.machines):
            fate = Fate.ACKNOWLEDGED
        answer = one.after.answer
        made.append(
            Question(
                asked=one.asked, act=one.act, day=one.day, due=one.due, fate=fate, answer=answer,
                elapsed=one.measure.calendar.elapsed(one.day, view.day(answer))
                if answer != NOBODY else 0,
                chasers=len(one.after.chasers),
            )
        )  # fmt: skip
    return tuple(made)


def _fate(view: View, one: Request, *, open_: bool) -> Fate:
    if one.after.answered:
        return Fate.ANSWERED if view.day(one.after.answer) <= one.due else Fate.LATE
    if one.after.closed:
        return Fate.CLOSED
    if as_of_day(view) <= one.due:
        return Fate.RUNNING
    return Fate.OPEN if open_ else Fate.ELSEWHERE
