"""The innocent explanations of a handoff without a step on record, each looked for and logged."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta

from commtrace.gaps._bare import unsupplied
from commtrace.gaps._columns import as_of_day, away_notices, base_subject, does, share, tokens
from commtrace.gaps._grades import entered_between, says_so
from commtrace.gaps._wording import check, listed, passed, some, untestable
from commtrace.gaps._yardstick import Yardstick
from commtrace.model import ActKind, Check, Handoff
from commtrace.moments import end_of, local_day
from commtrace.view import NOBODY, TO, View

_SAME_MATTER = 0.5  # share of the telling words of the subject


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A handoff with its row, its two parties, its yardstick, and whose matter it is.

    `waiting` is the row of the first message on it by somebody of neither party.
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
    waiting: int = NOBODY

    @property
    def day(self) -> date:
        """The day of the handoff."""
        return local_day(self.handoff.given_when.earliest)

    @property
    def step(self) -> int | None:
        """The row of the first step on the matter."""
        first = self._first
        if first is None or self.related(first):
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

    def related(self, row: int) -> bool:
        """Whether a row is in the handoff's thread or under its subject."""
        view = self.view
        if view.thread[row] == view.thread[self.row]:
            return True
        subject = base_subject(view.subjects[self.row])
        return bool(subject) and base_subject(view.subjects[row]) == subject


def first_besides(view: View, row: int, parties: set[int]) -> int:
    """The row of the thread's first message before `row` by somebody of no such party, or -1."""
    thread = int(view.thread[row])
    earlier = view.rows_of_thread[thread] if thread >= 0 else view.thread[:0]
    for other in earlier:  # one by one: the first of a long thread is found at its beginning
        if other >= row:
            break
        if int(view.sender_party[other]) not in parties:
            return int(other)
    return NOBODY


def explanations(case: PassedOn) -> tuple[tuple[Check, ...], list[int], list[int]]:
    """Each innocent explanation, how looking for it ended, rows that may be steps, and others."""
    view = case.view
    later, spoken = _later(case), _spoken(case)
    perhaps = [row for row in later if not view.automatic[row] and _under_its_subject(case, row)]
    near, others = _to_whoever_waits(case)
    perhaps = sorted({*perhaps, *near})
    away = away_notices(view, _of_an_addressee(case))
    both = _in_both(case)
    found = (
        check(
            "It was taken up in another thread",
            some(len(perhaps), "later message", "of the receiver may belong to it"),
            "no later message of the receiver under the same subject is held",
        ),
        check(
            "It was taken up by telephone or at a meeting",
            says_so(view, _entered(case))
            or some(len(spoken), "message", "on the matter mentioning a call or a meeting"),
            "no later message on the matter refers to a call or a meeting",
        ),
        check(
            "The receiver was away",
            some(len(away), "automatic reply", "of an addressee in the time", "automatic replies"),
            "no automatic reply of an addressee in the time says so",
        ),
        check(
            "Somebody belongs to both parties",
            f"{listed(both)} counts for both" if both else "",
            "nobody on the message counts for both",
        ),
        passed("It was passed for information only", "it asks, or hands on somebody's request"),
        untestable("It was taken up in another system", "case systems are not part of the mail"),
        *unsupplied(view, (), (case.giver, case.taker), case.day, case.measure.due(case.day)),
        *case.measure.checks,
    )
    return found, perhaps, others


def _later(case: PassedOn) -> list[int]:
    """Messages of the receiver to the giver in about twice the time allowed."""
    view = case.view
    given = case.handoff.given_when.earliest
    limit = int((given + timedelta(days=2 * case.measure.days + 7)).timestamp())
    rows = view.later_between(case.taker, case.giver, case.row)
    return [row for row in rows if view.start[row] < limit]


def _of_an_addressee(case: PassedOn) -> list[int]:
    """What an addressee of the handoff sent to anybody in the time allowed."""
    view = case.view
    people = set(view.identities_to(case.row, (TO,)))
    due = int(end_of(case.measure.due(case.day)).timestamp())
    ahead = range(case.row + 1, bisect_left(view.start[: view.dated], due))
    return [row for row in ahead if int(view.sender[row]) in people]


def _to_whoever_waits(case: PassedOn) -> tuple[list[int], list[int]]:
    """Later messages of the receiver to whoever wrote first: on the matter's words, and others."""
    view = case.view
    if case.waiting == NOBODY:
        return [], []
    person, party = int(view.sender[case.waiting]), int(view.sender_party[case.waiting])
    rows = [
        row
        for row in view.later_between(case.taker, party, case.row)
        if person in view.identities_to(row)
        and row != case.step
        and not (view.automatic[row] or view.bulk[row])
    ]
    texts = view.new_text([view.ids[row] for row in rows]) if rows else {}
    matter = tokens(base_subject(view.subjects[case.row]))
    words = {r: tokens(f"{view.subjects[r]} {texts.get(view.ids[r], '')}") for r in rows}
    near = [row for row in rows if share(matter, words[row]) >= _SAME_MATTER]
    return near, [row for row in rows if row not in near]


def _under_its_subject(case: PassedOn, row: int) -> bool:
    view = case.view
    subject = base_subject(view.subjects[case.row])
    elsewhere = view.thread[row] != view.thread[case.row]
    same = bool(subject) and base_subject(view.subjects[row]) == subject
    return bool(elsewhere and same and row != case.step)


def _spoken(case: PassedOn) -> list[int]:
    """Later messages on the matter, by either side, that mention a call or a meeting."""
    view = case.view
    pairs = ((case.taker, case.giver), (case.giver, case.taker))
    rows = (row for pair in pairs for row in view.later_between(*pair, case.row))
    return [row for row in rows if does(view, row, ActKind.OFF_RECORD) and case.related(row)]


def _entered(case: PassedOn) -> list[int]:
    """Entries by hand in which both sides took part, from the handoff to twice the time allowed."""
    last = case.day + timedelta(days=2 * case.measure.days + 7)
    rows = entered_between(case.view, case.giver, case.taker, case.day, last)
    return [row for row in rows if row > case.row]


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
