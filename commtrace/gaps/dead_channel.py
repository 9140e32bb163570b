"""The rule `dead_channel` and its sentences."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

from commtrace.gaps._bare import unsupplied
from commtrace.gaps._columns import as_of_day, window
from commtrace.gaps._explanations import Unanswered
from commtrace.gaps._observed import covering
from commtrace.gaps._requests import DAYS, Request, open_requests, requests
from commtrace.gaps._traffic import traffic_of
from commtrace.gaps._wording import (
    OUTSIDE,
    check,
    kind_of,
    number,
    party,
    party_ids,
    passed,
    some,
    untestable,
    who,
)
from commtrace.model import (
    Check,
    Citation,
    Family,
    Finding,
    IdentityKind,
    Observability,
    Outcome,
    Severity,
    Strength,
)
from commtrace.moments import say_day
from commtrace.plugins import rule
from commtrace.view import View

_CITED = 10
_Z = 1.96  # 95 %

SAYS = (
    "From {first} to {last}, {all} requests from outside to {channel} ({party}){published} were due"
    " an answer. An answer is on record for {answered} of them ({share}, 95% interval {low} to"
    " {high})."
)
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of an answer to the other {open} was found in the channel's own mailbox, which"
        " covers the time, nor in any other mailbox of its party."
    ),
    Observability.ONE_SIDE: (
        "No record of an answer to the other {open} was found in the material supplied; the"
        " channel's own mailbox was not provided for the whole time."
    ),
    Observability.NOT_TESTABLE: (
        "No record of an answer to the other {open} was found. The evidence provided cannot show"
        " whether there were any: no mailbox of the channel was provided for the time."
    ),
}
WORST = "In the week of {week} it was {answered} of {all}."


@rule(family=Family.RESPONSE)
def dead_channel(
    view: View, *, share: float = 0.5, requests_at_least: int = 10
) -> Iterator[Finding]:
    """A shared or published address from which few are answered.

    Definition: a shared mailbox, or an address that `case.toml` says was published, to which
    outsiders sent `requests_at_least` requests or more that were due an answer, where the upper end
    of the 95 % interval of the share answered lies below `share`.
    What counts: requests as in `unanswered`; an answer from anybody of the party counts, on the
    thread, under the subject, in another thread or by letter.
    What does not: automatic and holding replies; requests that were closed or not yet due.
    When it cannot say: not testable where no mailbox of the channel covers the time; answers from a
    mailbox that was not supplied would not be seen.
    Severity: GRAVE where the mailbox was supplied and less than half of `share` is on record;
    MATERIAL else; LOW where it cannot be tested or an explanation may hold. Strength: CORROBORATED:
    each request is looked at by itself.
    Reference: Wilson 1927 (score interval); product 5.1 R4.
    """
    traffic = traffic_of(view)
    read = list(requests(traffic, rule="dead_channel", days=DAYS))
    open_ones: dict[int, list[Unanswered]] = defaultdict(list)
    for gap in open_requests(traffic, read):
        for channel in gap.asked.addressees:
            open_ones[channel].append(gap)
    due = _due(view, read)
    for channel, rows in sorted(due.items()):
        still = [g for g in open_ones.get(channel, ()) if g.asked.row in set(rows)]
        low, high = wilson(len(rows) - len(still), len(rows))
        if len(rows) >= requests_at_least and high < share:
            yield _finding(
                _Channel(view=view, who=channel, rows=tuple(rows), still=tuple(still),
                         interval=(low, high)), share,
            )  # fmt: skip


def wilson(found: int, of: int) -> tuple[float, float]:
    """The 95 % score interval of a share; (0, 1) of nothing."""
    if not of:
        return 0.0, 1.0
    part = found / of
    middle = part + _Z * _Z / (2 * of)
    half = _Z * sqrt(part * (1 - part) / of + _Z * _Z / (4 * of * of))
    whole = 1 + _Z * _Z / of
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def _due(view: View, read: Iterable[Request]) -> dict[int, list[int]]:
    """The rows of outsiders' requests that were due an answer, by the shared mailbox asked."""
    published = {one.address.casefold() for one in view.brief.published_addresses}
    channels = {
        n
        for n, one in enumerate(view.identities)
        if one.kind is IdentityKind.SHARED_MAILBOX
        or any(member.address.casefold() in published for member in one.members)
    }
    found: dict[int, list[int]] = defaultdict(list)
    absorbed: set[int] = set()
    for one in read:
        outside = kind_of(view, one.asked.asker_party) in OUTSIDE
        if one.after.closed or not outside or as_of_day(view) <= one.due:
            continue
        if one.asked.row not in absorbed:
            absorbed.update(one.after.chasers)
            for channel in channels.intersection(one.asked.addressees):
                found[channel].append(one.asked.row)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Channel:
    """A mailbox, the requests to it that were due an answer, those still open, the interval."""

    view: View
    who: int
    rows: tuple[int, ...]
    still: tuple[Unanswered, ...]
    interval: tuple[float, float]

    @property
    def days(self) -> tuple[date, date]:
        """The days of the first and the last request."""
        return self.view.day(self.rows[0]), self.view.day(self.rows[-1])

    @property
    def weeks(self) -> list[tuple[date, int, int]]:
        """Each week's Monday, how many asked in it, and how many of them have no answer."""
        every = Counter(_monday(self.view.day(row)) for row in self.rows)
        still = Counter(_monday(gap.day) for gap in self.still)
        return [(week, count, still[week]) for week, count in sorted(every.items())]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _finding(gap: _Channel, share: float) -> Finding:
    view, (first, last) = gap.view, gap.days
    box = covering(view, gap.who, first, min(last, as_of_day(view)), sent=True)
    owing = gap.still[0].asked.owing[0]
    seen = box is not None or bool(view.mailboxes_of_party.get(view.parties[owing].id))
    observability = (
        Observability.OBSERVED
        if box is not None
        else Observability.ONE_SIDE
        if seen
        else Observability.NOT_TESTABLE
    )
    checks = _checks(gap, owing)
    doubts = any(c.outcome is Outcome.FAILED for c in checks)
    answered = len(gap.rows) - len(gap.still)
    low = doubts or observability is Observability.NOT_TESTABLE
    grave = box is not None and answered < share / 2 * len(gap.rows)
    return Finding(
        rule="dead_channel",
        family=Family.RESPONSE,
        anchor=(view.identities[gap.who].id,),
        severity=Severity.LOW if low else Severity.GRAVE if grave else Severity.MATERIAL,
        strength=Strength.INDICATED if doubts else Strength.CORROBORATED,
        observability=observability,
        about=tuple(view.ids[one.asked.row] for one in gap.still),
        window=window(view, gap.rows[0], first, last),
        parties=party_ids(view, owing, *(one.asked.asker_party for one in gap.still)),
        owes=view.parties[owing].id,
        cites=tuple(_cites(gap)),
        checks=checks,
        sentence=_sentence(gap, observability, owing),
        measure={
            "requests due": len(gap.rows),
            "answered": answered,
            "interval, low": round(gap.interval[0], 3),
            "interval, high": round(gap.interval[1], 3),
            "weeks": "; ".join(f"{say_day(w)}: {n - s} of {n}" for w, n, s in gap.weeks),
        },
    )


def _cites(gap: _Channel) -> Iterator[Citation]:
    for one in gap.still[:_CITED]:
        yield gap.view.cite(one.asked.row, "no answer on record", (one.act.start, one.act.end))


def _sentence(gap: _Channel, observability: Observability, owing: int) -> str:
    view, (first, last) = gap.view, gap.days
    answered = len(gap.rows) - len(gap.still)
    published = {one.address.casefold() for one in view.brief.published_addresses}
    given_out = any(m.address.casefold() in published for m in view.identities[gap.who].members)
    parts = [
        SAYS.format(
            first=say_day(first), last=say_day(last), all=len(gap.rows),
            channel=who(view, gap.who), party=party(view, owing),
            published=", an address that people were told to use," if given_out else "",
            answered=answered, share=f"{answered / len(gap.rows):.0%}",
            low=f"{gap.interval[0]:.0%}", high=f"{gap.interval[1]:.0%}"),
        SENTENCES[observability].format(open=number(len(gap.still), "request")),
    ]  # fmt: skip
    worst = max(gap.weeks, key=lambda week: (week[2] / week[1], week[1], week[0]))
    if len(gap.weeks) > 1:
        week, count, still = worst
        parts.append(WORST.format(week=say_day(week), answered=count - still, all=count))
    return " ".join(parts)


def _checks(gap: _Channel, owing: int) -> tuple[Check, ...]:
    view, (first, last) = gap.view, gap.days
    automatic = sum(bool(one.after.automatic) for one in gap.still)
    return (
        passed(
            "Answers went out from personal mailboxes",
            "every sender of the same party was looked at, other threads and letters too",
        ),
        untestable("People were rung back", "telephone records were looked at only where on file"),
        check(
            "A message to all answered many of them at once",
            some(_mass(gap), "mass message", "of the same party in the time"),
            "no mass message of the same party in the time is held",
        ),
        passed("They were not yet due", f"only requests due by {say_day(as_of_day(view))} count"),
        passed("A machine's replies are no answers", f"{automatic} of them had one"),
        *unsupplied(view, (gap.who,), (owing,), first, last),
    )


def _mass(gap: _Channel) -> int:
    """Mass messages of the channel's party to those who have no answer, after they asked."""
    view = gap.view
    owing = set(gap.still[0].asked.owing)
    first = {one.asked.asker: one.asked.row for one in reversed(gap.still)}
    found = 0
    for row in range(gap.rows[0], view.dated):
        if int(view.sender_party[row]) in owing and len(view.recipients(row)) >= max(
            3, len(first) // 2
        ):
            reached = sum(first.get(w, row) < row for w in view.identities_to(row))
            found += reached * 2 >= len(first)
    return found
