"""The rule `undelivered` and its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from commtrace.gaps._bare import unsupplied
from commtrace.gaps._columns import as_of_day, between, share, tokens, window
from commtrace.gaps._observed import covered_until
from commtrace.gaps._traffic import Traffic, traffic_of
from commtrace.gaps._wording import (
    OUTSIDE,
    check,
    days_in,
    kind_of,
    number,
    party_ids,
    passed,
    placed,
    quoted,
    some,
    untestable,
)
from commtrace.model import (
    Channel,
    Check,
    CommunicationId,
    Family,
    Finding,
    Observability,
    Outcome,
    Severity,
    Strength,
)
from commtrace.moments import end_of, say_day
from commtrace.plugins import rule
from commtrace.view import NOBODY, View

_SAME = 0.3
_SPOKEN = (Channel.CALL, Channel.MEETING, Channel.NOTE, Channel.CHAT)
_PERMANENT = re.compile(
    r"\b5\.\d{1,3}\.\d{1,3}\b|\b55[0-4]\b|\bpermanent|\bundeliver|\bdoes(?: not|n['’]t) exist"
    r"|\bunknown\b|\brejected\b|\bnot found\b|(?:could|can) ?not be delivered"
    r"|\bdelivery (?:has )?fail|\bmailbox (?:is )?(?:full|unavailable|disabled)|\bno such\b"
    r"|\bnot delivered\b|\bfailed\b",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"\bdelay(?:ed)?\b|\bwill (?:be retried|keep trying|try again)|\b4\.\d{1,3}\.\d{1,3}\b",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b[45]\.\d{1,3}\.\d{1,3}\b")

SAYS = (
    "On {day} {sender} wrote to {recipient} under {subject}. A delivery report of {reported} says"
    " that it was not delivered{code}."
)
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of a later message that reached them within {days} was found in the mailboxes of"
        " either side, which cover the time."
    ),
    Observability.ONE_SIDE: (
        "No record of a later message to them within {days} was found in the mailboxes of one side;"
        " those of the other were not provided for the whole time."
    ),
    Observability.NOT_TESTABLE: (
        "No record of a later message to them within {days} was found. The evidence provided cannot"
        " show whether there was one: no mailbox of either side covers the time."
    ),
}


@rule(family=Family.RESPONSE)
def undelivered(view: View, *, days: int = 5) -> Iterator[Finding]:
    """Reported as not delivered, and no later message reached the recipient.

    Definition: a delivery report on a message that is held says that it could not be delivered to
    one of its recipients, and no message of the same side to them, or to somebody of their party on
    the same matter, is on record in the `days` working days after.
    What counts: reports by their own format (RFC 3464) or words; a permanent failure (status 5).
    What does not: a delay that was retried; a message sent again that came back too.
    When it cannot say: not testable where no mailbox of either side covers these days.
    Severity: MATERIAL where somebody outside was written to; LOW else, where an explanation may
    hold, or it cannot be tested. Strength: DIRECT: the report is the mail system's own record.
    Reference: RFC 3464 (Status 5.x.x); RFC 3463; gap-science, section (a), G16.
    """
    traffic = traffic_of(view)
    texts = view.text([view.ids[row] for row in sorted(view.delivery_reports)])
    returned = _returned(view, texts)
    for report, row, who, text in returned.found:
        last = view.working.due(view.day(report), days)
        if as_of_day(view) <= last:
            continue
        again = [r for r in _later(traffic, row, who, last) if (r, who) not in returned.pairs]
        if not again:
            yield _finding(
                _Bounced(traffic=traffic, report=report, row=row, who=who, text=text, last=last),
                days,
            )


@dataclass(frozen=True, slots=True)
class _Returned:
    """What came back: report, message, recipient and the report's words; the pairs among them."""

    found: list[tuple[int, int, int, str]] = field(default_factory=list)
    pairs: set[tuple[int, int]] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bounced:
    """One message that did not reach one recipient, and the last day to send it again."""

    traffic: Traffic
    report: int
    row: int
    who: int
    text: str
    last: date

    @property
    def party(self) -> int:
        """The recipient's party on that message, or -1."""
        view = self.traffic.view
        return next(
            int(view.recipient_party[n])
            for n in view.recipients(self.row)
            if int(view.recipient[n]) == self.who
        )


def _returned(view: View, texts: Mapping[CommunicationId, str]) -> _Returned:
    made = _Returned()
    for report in sorted(view.delivery_reports):
        row = int(view.parent[report])
        text = texts.get(view.ids[report], "")
        if (
            row == NOBODY
            or report >= view.dated
            or row >= view.dated
            or not _is_final(view, report, text)
        ):
            continue
        for who in _recipients(view, row, text):
            if (row, who) not in made.pairs:
                made.pairs.add((row, who))
                made.found.append((report, row, who, text))
    return made


def _is_final(view: View, report: int, text: str) -> bool:
    words = f"{view.subjects[report]}\n{text}"
    if not _PERMANENT.search(words):
        return False
    return not _DELAYED.search(words) or re.search(r"\b5\.\d+\.\d+\b", words) is not None


def _recipients(view: View, row: int, text: str) -> list[int]:
    """The recipients whom the report names; the only one where it names none."""
    said = text.casefold()
    everybody = list(view.identities_to(row))
    named = [
        who
        for who in everybody
        if any(m.address and m.address.casefold() in said for m in view.identities[who].members)
    ]
    return named or (everybody if len(everybody) == 1 else [])


def _later(traffic: Traffic, row: int, who: int, last: date) -> list[int]:
    """Later messages of the sender's side to the recipient, or to their party on the matter."""
    view = traffic.view
    start, until = int(view.start[row]) + 1, int(end_of(last).timestamp())
    sender, own = int(view.sender[row]), int(view.sender_party[row])
    dated = np.union1d(traffic.received[who], traffic.letters_to(who))
    found = between(dated[dated < view.dated], start, until, view).tolist()
    direct = [r for r in found if _of_side(view, r, sender, own)]
    about = tokens(view.subjects[row])
    sent = traffic.sent[sender]
    others = between(sent[sent < view.dated], start, until, view).tolist()
    parties = {int(view.recipient_party[n]) for n in view.recipients(row)} - {NOBODY, own}
    again = [
        r
        for r in others
        if view.channels[r] not in _SPOKEN
        and (set(view.parties_to(r)) & parties or not parties)
        and (traffic.same_thread(r, row) or share(about, tokens(view.subjects[r])) >= _SAME)
        and r not in direct
        and who not in view.identities_to(r)
    ]
    return sorted({*direct, *again})


def _of_side(view: View, row: int, sender: int, own: int) -> bool:
    same = own != NOBODY and int(view.sender_party[row]) == own
    written = view.channels[row] not in _SPOKEN and not view.automatic[row]
    return (same or int(view.sender[row]) == sender) and written


def _finding(gap: _Bounced, days: int) -> Finding:
    view, row, who = gap.traffic.view, gap.row, gap.who
    own, party = int(view.sender_party[row]), gap.party
    first = view.day(gap.report)
    sides = [
        party_ != NOBODY and covered_until(view, party_, first, gap.last, sent=sent) is not None
        for party_, sent in ((own, True), (party, False))
    ]
    observability = view.observability(*sides)
    checks = _checks(gap)
    doubts = any(c.outcome is Outcome.FAILED for c in checks)
    outside = kind_of(view, party) in OUTSIDE or kind_of(view, own) in OUTSIDE
    low = doubts or not outside or observability is Observability.NOT_TESTABLE
    return Finding(
        rule="undelivered",
        family=Family.RESPONSE,
        anchor=(view.ids[row], view.identities[who].id),
        severity=Severity.LOW if low else Severity.MATERIAL,
        strength=Strength.DIRECT,
        observability=observability,
        about=(view.ids[row], view.ids[gap.report]),
        window=window(view, row, view.day(row), gap.last),
        parties=party_ids(view, own, party),
        owes=view.parties[own].id if own != NOBODY else None,
        cites=(
            view.cite(row, "the message that came back"),
            view.cite(gap.report, "the delivery report"),
        ),
        checks=checks,
        sentence=_sentence(gap, observability, days),
        measure={"working days looked at": days, "status": _code(gap.text)},
    )


def _code(text: str) -> str:
    match = _CODE.search(text)
    return match[0] if match else ""


def _sentence(gap: _Bounced, observability: Observability, days: int) -> str:
    view, row = gap.traffic.view, gap.row
    code = _code(gap.text)
    parties = [gap.party] if gap.party != NOBODY else []
    opening = SAYS.format(
        day=say_day(view.day(row)),
        sender=placed(view, [int(view.sender[row])], [int(view.sender_party[row])]),
        recipient=placed(view, [gap.who], parties) if parties else view.identities[gap.who].label,
        subject=quoted(view.subjects[row] or "no subject"),
        reported=say_day(view.day(gap.report)),
        code=f" (status {code})" if code else "",
    )
    told = SENTENCES[observability].format(days=days_in(days, view.working))
    return f"{opening} {told}"


def _checks(gap: _Bounced) -> tuple[Check, ...]:
    view = gap.traffic.view
    people = (int(view.sender[gap.row]), gap.who)
    until = int(end_of(gap.last).timestamp())
    rows = between(gap.traffic.spoken, int(view.start[gap.report]), until, view).tolist()
    spoken = [
        row for row in rows if set(people) <= {int(view.sender[row]), *view.identities_to(row)}
    ]
    others = len(view.identities_to(gap.row)) - 1
    return (
        passed(
            "It was sent again, to the same or a right address",
            "no later message of the same side to them, or to their party on the matter, is held",
        ),
        check(
            "They were told by telephone or at a meeting",
            some(len(spoken), "note", "of a conversation with them in the time"),
            "no note of a conversation with them in the time is held",
        ),
        check(
            "Somebody else of theirs had it",
            f"{number(others, 'other recipient')} had the same message" if others else "",
            "nobody else was addressed",
        )
        if kind_of(view, gap.party) in OUTSIDE and others
        else untestable("Somebody else of theirs had it", "who passed it on is not known"),
        *unsupplied(view, people, (int(view.sender_party[gap.row]),), view.day(gap.row), gap.last),
    )
