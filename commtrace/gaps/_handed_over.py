"""The innocent explanations of a handoff without a step on record, each looked for and logged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from commtrace.gaps._columns import as_of_day, away_notices, base_subject, does
from commtrace.gaps._wording import check, listed, number, passed, untestable
from commtrace.gaps._yardstick import Yardstick
from commtrace.model import ActKind, Check, Handoff
from commtrace.moments import local_day
from commtrace.view import NOBODY, View


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A handoff with its row, its two parties, its yardstick, and whose matter it is.

    `step` is the row of the receiver's first step, if there is one. A message outside the thread
    and under another subject counts as a step within the criterion only; after it, it is `aside`.
    """

    view: View
    handoff: Handoff
    row: int
    giver: int
    taker: int
    measure: Yardstick
    outsider: int

    @property
    def day(self) -> date:
        """The day of the handoff."""
        return local_day(self.handoff.given_when.earliest)

    @property
    def step(self) -> int | None:
        """The row of the first step on the matter."""
        first = self._first
        if first is None or self._related(first):
            return first
        return first if self._elapsed(first) <= self.measure.days else None

    @property
    def aside(self) -> int | None:
        """A first message after the criterion whose thread and subject are others."""
        return self._first if self.step is None else None

    @property
    def waited(self) -> int:
        """Elapsed days to the first step, or to the last day of the evidence."""
        step = self.step
        if step is not None:
            return self._elapsed(step)
        return self.measure.calendar.elapsed(self.day, as_of_day(self.view))

    @property
    def _first(self) -> int | None:
        taken = self.handoff.taken_up
        return None if taken is None else self.view.row_of.get(taken)

    def _elapsed(self, row: int) -> int:
        return self.measure.calendar.elapsed(self.day, self.view.day(row))

    def _related(self, row: int) -> bool:
        view = self.view
        if view.thread[row] == view.thread[self.row]:
            return True
        subject = base_subject(view.subjects[self.row])
        return bool(subject) and base_subject(view.subjects[row]) == subject


def explanations(case: PassedOn) -> tuple[tuple[Check, ...], list[int]]:
    """Each innocent explanation and how looking for it ended, and the rows that may be steps."""
    view, handoff, row = case.view, case.handoff, case.row
    given = handoff.given_when.earliest
    limit = int((given + timedelta(days=2 * case.measure.days + 7)).timestamp())
    later = [r for r in view.later_between(case.taker, case.giver, row) if view.start[r] < limit]
    subject = base_subject(view.subjects[row])
    thread = int(view.thread[row])
    perhaps = [
        r
        for r in later
        if not view.automatic[r]
        and r != case.step
        and int(view.thread[r]) != thread
        and subject
        and base_subject(view.subjects[r]) == subject
    ]
    perhaps += [case.aside] if case.aside is not None else []
    away = away_notices(view, later)
    spoken = [
        r
        for r in (*later, *view.later_between(case.giver, case.taker, row))
        if view.start[r] < limit and does(view, r, ActKind.OFF_RECORD)
    ]
    both = _in_both(case)
    found = (
        check(
            "It was taken up in another thread",
            f"{number(len(perhaps), 'later message')} of the receiver may belong to it"
            if perhaps
            else "",
            "no later message of the receiver under the same subject is held",
        ),
        check(
            "It was taken up by telephone or at a meeting",
            f"{number(len(spoken), 'message')} between the two refers to it" if spoken else "",
            "no later message between the two refers to a call or a meeting",
        ),
        check(
            "The receiver was away",
            f"{number(len(away), 'automatic reply', 'automatic replies')} came back"
            if away
            else "",
            "no automatic reply to the giver is held",
        ),
        check(
            "Somebody belongs to both parties",
            f"{listed(both)} counts for both" if both else "",
            "nobody on the message counts for both",
        ),
        passed("It was passed for information only", "it asks, or hands on somebody's request"),
        untestable("It was taken up in another system", "case systems are not part of the mail"),
        *case.measure.checks,
    )
    return found, perhaps


def _in_both(case: PassedOn) -> list[str]:
    view = case.view
    wanted = {view.parties[case.giver].id, view.parties[case.taker].id}
    people = {*view.identities_to(case.row), int(view.sender[case.row])} - {NOBODY}
    day = view.day(case.row) if case.row < view.dated else as_of_day(view)
    return [
        view.identities[who].label
        for who in sorted(people)
        if wanted
        <= {
            m.party
            for m in view.identities[who].parties
            if (m.since is None or m.since <= day) and (m.until is None or day <= m.until)
        }
    ]
