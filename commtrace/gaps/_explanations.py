"""The innocent explanations of a request without an answer, each looked for and logged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from commtrace.gaps._answers import Asked, Followed
from commtrace.gaps._bare import unsupplied
from commtrace.gaps._columns import as_of_day, away_notices, between
from commtrace.gaps._elsewhere import Elsewhere
from commtrace.gaps._grades import is_entered, says_so
from commtrace.gaps._leave import away_until
from commtrace.gaps._observed import both_sides, supplied
from commtrace.gaps._traffic import Traffic
from commtrace.gaps._wording import (
    UNRELATED,
    check,
    clocks,
    failed,
    kind_of,
    listed,
    mailbox_of,
    number,
    passed,
    untestable,
)
from commtrace.gaps._yardstick import Yardstick
from commtrace.model import Act, Check, Coverage
from commtrace.moments import end_of, say_day
from commtrace.view import Ints, View

BELOW = "It was answered, and only a record of a lower grade than the request says so"
_COMPLETE = 0.8  # below this measured share an absent reply may simply not have been collected


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """One request without an answer on record, and what is needed to say so."""

    traffic: Traffic
    asked: Asked
    act: Act
    after: Followed
    beside: Elsewhere
    measure: Yardstick
    day: date
    due: date

    @property
    def view(self) -> View:
        """The view."""
        return self.traffic.view

    @property
    def end(self) -> int:
        """The end of the due day, in seconds since 1970."""
        return int(end_of(self.due).timestamp())

    @property
    def machines(self) -> tuple[int, ...]:
        """The automatic replies that are no delivery reports."""
        return tuple(row for row in self.after.automatic if row not in self.view.delivery_reports)

    @property
    def people(self) -> tuple[int, ...]:
        """The asker and the addressees."""
        return (self.asked.asker, *self.asked.addressees)

    @property
    def mailboxes(self) -> tuple[Coverage | None, Coverage | None]:
        """The asker's and an addressee's mailbox, where they cover the time to the due date."""
        return both_sides(self.view, self.asked.asker, self.asked.addressees, self.day, self.due)

    @property
    def waited(self) -> str:
        """How long the asker waited, in the days of both sides, as far as the evidence shows."""
        asked, until = (self.asked.asker_party,), self.seen_until
        return clocks(
            self.view, self.measure.calendar, asked, lambda of: of.elapsed(self.day, until)
        )

    @property
    def seen_until(self) -> date:
        """The last day that the covering mailboxes and the evidence reach: what was looked at."""
        ends = [box.last for box in self.mailboxes if box is not None]
        return min([as_of_day(self.view), *ends])


def explanations(gap: Unanswered, perhaps: list[int]) -> tuple[Check, ...]:
    """Each innocent explanation, and how looking for it ended."""
    view, after = gap.view, gap.after
    conversations = _conversations(gap)
    spoken = list(after.off_record) + conversations
    entered = [row for row in conversations if is_entered(view, row)]
    return (
        check(
            "It was answered in another thread",
            f"later messages to the asker with the same words: {len(perhaps)}" if perhaps else "",
            "no later message from the same side to the asker shares its words before the due date",
        ),
        passed(
            "A colleague answered from another mailbox",
            "every sender of the same party, and everybody it was passed to, was looked at",
        ),
        check(
            "It was dealt with by telephone or at a meeting",
            says_so(view, entered)
            or (
                f"{number(len(spoken), 'message or note', 'messages or notes')} in the time refer"
                " to it"
                if spoken
                else ""
            ),
            "no message on the matter refers to a call or a meeting, and no note of one is held",
        ),
        _delivered(gap),
        away(gap.traffic, gap.asked, gap.end),
        passed("The asker withdrew it or thanked for the answer", "no such words were found"),
        passed(
            "It is not yet due",
            f"due by {say_day(gap.due)}, the evidence reaches {say_day(as_of_day(view))}",
        ),
        _complete(gap),
        *((failed(BELOW, says_so(view, after.weak)),) if after.weak else ()),
        *unsupplied(
            view, (gap.asked.asker, *gap.asked.addressees), gap.asked.owing, gap.day, gap.due
        ),
        *gap.measure.checks,
    )


def _conversations(gap: Unanswered) -> list[int]:
    """Notes of calls and meetings between the two sides before the due date."""
    view, asked = gap.view, gap.asked
    start = int(view.start[asked.row])
    unrelated = kind_of(view, asked.asker_party) in UNRELATED
    found = []
    for row in between(gap.traffic.spoken, start, gap.end, view).tolist():
        people = {int(view.sender[row]), *view.identities_to(row)}
        parties = {int(view.sender_party[row]), *view.parties_to(row)}
        side = asked.asker in people if unrelated else asked.asker_party in parties
        if side and parties & set(asked.owing):
            found.append(row)
    return found


def _delivered(gap: Unanswered) -> Check:
    view, asked = gap.view, gap.asked
    what = "It was lost on the way"
    holders = set(view.custodians_holding.get(view.ids[asked.row], ()))
    boxes = [supplied(view, who, gap.day, gap.day, sent=False) for who in asked.addressees]
    there = [box for box in boxes if box is not None]
    if not there:
        return untestable(what, "no mailbox of an addressee covers the day of the request")
    held = [mailbox_of(view, b.custodian) for b in there if b.custodian in holders]
    absent = listed(mailbox_of(view, box.custodian) for box in there)
    return check(
        what,
        "" if held else f"no copy was found in the mailbox of {absent}, which covers the day",
        f"a copy is held in the mailbox of {listed(held)}",
    )


def away(traffic: Traffic, asked: Asked, end: int) -> Check:
    """Whether an addressee's automatic reply says that they were away; one that thanks does not."""
    view = traffic.view
    start = int(view.start[asked.row])
    rows = [
        int(row)
        for who in asked.addressees
        for row in between(_dated(view, traffic.sent[who]), start, end, view)
        if view.automatic[row]
    ]
    found = away_notices(view, rows)
    return check(
        "An addressee was away",
        f"{number(len(found), 'automatic reply', 'automatic replies')} of an addressee in the time"
        if found
        else _on_leave(traffic, asked),
        "no automatic reply of an addressee in the time, or of before for it, says so",
    )


def _on_leave(traffic: Traffic, asked: Asked) -> str:
    """The automatic reply of before the request that names a day on or after it; "" without one."""
    view = traffic.view
    for who in asked.addressees:
        if (found := away_until(view, who, asked.row)) is not None:
            row, last = found
            said = f"an automatic reply of {say_day(view.day(row))} says that they were away"
            return f"{said} and names {say_day(last)}"
    return ""


def _dated(view: View, rows: Ints) -> Ints:
    return rows[rows < view.dated]


def _complete(gap: Unanswered) -> Check:
    what = "The mailboxes are incomplete"
    shares = [
        box.completeness
        for box in gap.mailboxes
        if box is not None and box.completeness is not None
    ]
    if not shares:
        return untestable(what, "no other mailbox shows which copies should be there")
    share = f"{min(shares):.0%} of the copies that other mailboxes prove are held"
    return check(what, share if min(shares) < _COMPLETE else "", share)
