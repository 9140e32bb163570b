"""The innocent explanations of a handoff without a step on record, each looked for and logged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from commtrace.gaps._columns import as_of_day, base_subject, does
from commtrace.gaps._wording import check, listed, number, passed, untestable
from commtrace.gaps._yardstick import Yardstick
from commtrace.model import ActKind, Check, Handoff
from commtrace.moments import local_day
from commtrace.view import NOBODY, View


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A handoff with its row, its two parties, its yardstick, and whose matter it is."""

    view: View
    handoff: Handoff
    row: int
    giver: int
    taker: int
    measure: Yardstick
    outsider: int

    @property
    def waited(self) -> int:
        """Elapsed working days to the first step, or to the last day of the evidence."""
        if self.handoff.taken_up is not None:
            return self.handoff.waited
        day = local_day(self.handoff.given_when.earliest)
        return self.measure.calendar.elapsed(day, as_of_day(self.view))


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
        and view.ids[r] != handoff.taken_up
        and int(view.thread[r]) != thread
        and subject
        and base_subject(view.subjects[r]) == subject
    ]
    away = [r for r in later if view.automatic[r]]
    spoken = [
        r
        for r in (*later, *view.later_between(case.giver, case.taker, row))
        if view.start[r] < limit and does(view, r, ActKind.OFF_RECORD)
    ]
    both = _in_both(case)
    found = (
        check(
            "It was taken up in another thread",
            f"{number(len(perhaps), 'later message')} under the same subject" if perhaps else "",
            "no later message between the two under the same subject is held",
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
