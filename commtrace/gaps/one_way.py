"""The rule `one_way` and its sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from commtrace.gaps._bare import unsupplied
from commtrace.gaps._columns import as_of_day, asks, window
from commtrace.gaps._observed import answerable, covered_until
from commtrace.gaps._wording import (
    OUTSIDE,
    UNRELATED,
    check,
    days_in,
    kind_of,
    number,
    party,
    party_ids,
    passed,
    some,
    untestable,
)
from commtrace.model import (
    Channel,
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

_FEW = 5  # recipients; a message to more is a broadcast
_ASKS = 3
_CITED = 6
_NO_ROUTE = ("noreply", "no-reply", "donotreply", "do-not-reply")

SAYS = (
    "From {first} to {last} ({span}) {from_} wrote to {to} {count}, {asked} of them with a request;"
    " {back} the other way {is_are} on record."
)
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of more was found in the mailboxes of either side, which cover the time."
    ),
    Observability.ONE_SIDE: (
        "No record of more was found in the mailboxes of one side; those of the other were not"
        " provided for the whole time."
    ),
    Observability.NOT_TESTABLE: (
        "No record of more was found. The evidence provided cannot show whether there was any: no"
        " mailbox of either side covers the time."
    ),
}


@rule(family=Family.FLOW)
def one_way(
    view: View, *, messages: int = 12, days: int = 20, share: float = 0.05
) -> Iterator[Finding]:
    """All one direction: one party writes and nothing, or hardly anything, comes back.

    Definition: a party wrote `messages` times or more to another over `days` working days or more,
    and at most `share` of that number came back in the same time.
    What counts: messages to at most five people between two bodies (not families or the public,
    whose requests `unanswered` and `dead_channel` look at one by one); notes of calls and meetings
    of the two count as coming back.
    What does not: mass mail, automatic messages, broadcasts; a party only guessed from its mail
    domain of which no mailbox was supplied.
    When it cannot say: not testable where no mailbox of either side covers the time.
    Severity: MATERIAL where three or more of the messages ask something and both are bodies of one
    organisation; LOW else, where an explanation may hold, or it cannot be tested. Strength:
    CORROBORATED where they ask; INDICATED else.
    Reference: product 5.1 F2.
    """
    for one, other in view.pairs:
        if one == other or min(one, other) < 0 or not _bodies(view, one, other):
            continue
        rows = _personal(view, view.rows_between(one, other))
        if len(rows) < messages:
            continue
        first, last = view.day(rows[0]), view.day(rows[-1])
        back = [
            row
            for row in _personal(view, view.rows_between(other, one))
            if first <= view.day(row) <= last
        ]
        if view.working.elapsed(first, last) >= days and len(back) <= share * len(rows):
            yield _finding(_Pair(view=view, pair=(one, other), rows=rows, back=back))


def _bodies(view: View, one: int, other: int) -> bool:
    kinds = {kind_of(view, one), kind_of(view, other)}
    return not kinds & set(UNRELATED) and answerable(view, one) and answerable(view, other)


def _personal(view: View, rows: Sequence[int]) -> list[int]:
    return [
        row
        for row in rows
        if not view.automatic[row] and not view.bulk[row] and len(view.recipients(row)) <= _FEW
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """Two parties, what one wrote to the other, and what came back."""

    view: View
    pair: tuple[int, int]
    rows: list[int]
    back: list[int]

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day."""
        return self.view.day(self.rows[0]), self.view.day(self.rows[-1])

    @property
    def asking(self) -> list[int]:
        """The messages with a request."""
        return [row for row in self.rows if asks(self.view, row)]


def _finding(gap: _Pair) -> Finding:
    view, (one, other), (first, last) = gap.view, gap.pair, gap.days
    until = min(last, as_of_day(view))
    observability = view.observability(
        covered_until(view, one, first, until, sent=False) is not None,
        covered_until(view, other, first, until, sent=True) is not None,
    )
    checks = _checks(gap)
    doubts = any(c.outcome is Outcome.FAILED for c in checks)
    asked = len(gap.asking)
    inside = not {kind_of(view, one), kind_of(view, other)} & set(OUTSIDE)
    low = doubts or not inside or asked < _ASKS or observability is Observability.NOT_TESTABLE
    return Finding(
        rule="one_way",
        family=Family.FLOW,
        anchor=(view.parties[one].id, view.parties[other].id, view.ids[gap.rows[0]]),
        severity=Severity.LOW if low else Severity.MATERIAL,
        strength=Strength.CORROBORATED if asked >= _ASKS and not doubts else Strength.INDICATED,
        observability=observability,
        about=tuple(view.ids[row] for row in (*gap.asking, *gap.back)[:50])
        or (view.ids[gap.rows[0]],),
        window=window(view, gap.rows[0], first, last),
        parties=party_ids(view, one, other),
        owes=view.parties[other].id,
        cites=tuple(_cites(gap)),
        checks=checks,
        sentence=_sentence(gap, observability),
        measure={
            "messages": len(gap.rows),
            "with a request": asked,
            "came back": len(gap.back),
            "working days": view.working.elapsed(first, last),
        },
    )


def _cites(gap: _Pair) -> Iterator[Citation]:
    yield gap.view.cite(gap.rows[0], "the first message")
    for row in gap.asking[:_CITED]:
        yield gap.view.cite(row, "asks")
    yield gap.view.cite(gap.rows[-1], "the last message")
    for row in gap.back[:_CITED]:
        yield gap.view.cite(row, "came back")


def _sentence(gap: _Pair, observability: Observability) -> str:
    view, (one, other), (first, last) = gap.view, gap.pair, gap.days
    back = len(gap.back)
    return " ".join((
        SAYS.format(
            first=say_day(first), last=say_day(last),
            span=days_in(view.working.elapsed(first, last), view.working),
            from_=party(view, one), to=party(view, other), count=number(len(gap.rows), "time"),
            asked=number(len(gap.asking), "message").partition(" ")[0],
            back=number(back, "message"), is_are="is" if back < 2 else "are"),
        SENTENCES[observability],
    ))  # fmt: skip


def _checks(gap: _Pair) -> tuple[Check, ...]:
    view, (one, other), (first, last) = gap.view, gap.pair, gap.days
    spoken = (Channel.CALL, Channel.MEETING, Channel.NOTE, Channel.CHAT, Channel.MINUTE)
    notes = [
        row
        for row in range(gap.rows[0], min(gap.rows[-1] + 1, view.dated))
        if view.channels[row] in spoken
        and {one, other} <= {int(view.sender_party[row]), *view.parties_to(row)}
    ]
    silent = [
        row
        for row in gap.rows
        if any(
            word in member.address.casefold()
            for member in view.identities[int(view.sender[row])].members
            for word in _NO_ROUTE
        )
    ]
    return (
        check(
            "They spoke instead of writing",
            some(len(notes), "note", "of calls or meetings of the two in the time"),
            "no note of a call or a meeting of the two in the time is held",
        ),
        check(
            "No reply route was offered",
            some(len(silent), "message", "came from an address that takes no replies"),
            "none of the messages came from an address that takes no replies",
        ),
        passed("They were broadcasts", "messages to more than five people were left out"),
        untestable("There was nothing to say", "who needed no answer is for a reader to say"),
        *unsupplied(view, (), (one, other), first, last),
    )
