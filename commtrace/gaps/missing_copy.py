"""The rule `missing_copy` and its sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from commtrace.gaps._holes import Told, bare, told
from commtrace.gaps._register import checks, lines, said
from commtrace.gaps._wording import (
    check,
    listed,
    mailbox_of,
    number,
    party_ids,
    passed,
    span,
    untestable,
)
from commtrace.model import (
    AbsentCopy,
    Check,
    CoverageWeek,
    Family,
    Finding,
    Observability,
    Severity,
    Strength,
)
from commtrace.moments import Basis, days, monday, say_day
from commtrace.plugins import rule
from commtrace.view import NOBODY, View

_CITED = 8
_LEAST = 20  # proven copies of one side before it is called incomplete throughout
_THROUGHOUT = 0.7  # at most this share of them is held, where it is
_NONE = 3  # proven copies from which "none at all" is said
_SEVERAL = 3
_MANY = 20

SENT = "{number} that {who} sent {span}, and that others hold,"
RECEIVED = "{number} sent to {who} {span}, and that others hold,"
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "no record of a copy was found in the mailbox of {who}, which was supplied for that time"
        " according to case.toml."
    ),
    Observability.ONE_SIDE: (
        "no record of a copy was found in the mailbox of {who}. For which days it was collected is"
        " not stated."
    ),
}
REGISTERED = "The register names what is known to exist and was not provided: {what}."
SHARE = "It holds {held} of the {proven} copies of that kind that others prove in all its time."


@rule(family=Family.EVIDENCE)
def missing_copy(view: View, *, copies: int = 1) -> Iterator[Finding]:
    """A message that one mailbox holds and another, which covers its day, does not.

    Definition: at least `copies` messages of one week that a custodian sent, or that were addressed
    to them, which other mailboxes hold and theirs does not, though it covers that day. Where a side
    (sent, or received) holds at most 70 % of twenty proven copies or more, or none of three or
    more, it is one gap for all its time.
    What counts: messages that name the custodian as sender, in To or in Cc.
    What does not: what reached them blind-copied or through a list; drafts; what came back
    undelivered; what a machine sent in their name, unless their mailbox keeps such; folders that
    were not asked for; weeks in which the whole mailbox is empty or thin (see `coverage_hole`).
    When it cannot say: OBSERVED needs days declared in case.toml; with days taken from what is held
    it is one side, and so is what the register says was not provided. Nothing is said about why.
    Severity: MATERIAL from three copies, where days are declared; GRAVE for a whole side from
    twenty copies; LOW else. Strength: DIRECT (the other copy is metadata of the evidence itself).
    Reference: cross-custodian reconciliation; gap-science 7.
    """
    skipped = told(view)
    for side in _sides(view):
        absent = [copy for copy in side.absent if not _in_hole(view, copy, skipped)]
        groups = [absent] if side.is_incomplete else _by_week(view, absent)
        for group in groups:
            if len(group) >= max(1, copies):
                yield _finding(view, side, group)


@dataclass(frozen=True, slots=True)
class _Side:
    """What one custodian sent, or received: absent copies, and how many others prove in all."""

    custodian: str
    sent: bool
    absent: tuple[AbsentCopy, ...]
    proven: int
    held: int

    @property
    def is_incomplete(self) -> bool:
        """Whether copies are absent throughout and not here and there."""
        if self.held == 0:
            return self.proven >= _NONE
        return self.proven >= _LEAST and self.held <= _THROUGHOUT * self.proven


def _sides(view: View) -> Iterator[_Side]:
    weeks: dict[str, list[CoverageWeek]] = {}
    for week in view.weeks:
        weeks.setdefault(week.custodian, []).append(week)
    absent: dict[tuple[str, bool], list[AbsentCopy]] = {}
    for copy in view.absent_copies:
        absent.setdefault((copy.custodian, copy.sent), []).append(copy)
    for (custodian, sent), found in sorted(absent.items(), key=lambda item: item[0]):
        own = weeks.get(custodian, [])
        proven = sum(w.proven_sent if sent else w.proven - w.proven_sent for w in own)
        held = sum(w.matched_sent if sent else w.matched - w.matched_sent for w in own)
        yield _Side(custodian, sent, tuple(found), proven, held)


def _in_hole(view: View, copy: AbsentCopy, holes: Told) -> bool:
    day = view.day(view.row_of[copy.communication])
    return bare(holes, copy.custodian, day, day)


def _by_week(view: View, absent: Sequence[AbsentCopy]) -> list[list[AbsentCopy]]:
    weeks: dict[date, list[AbsentCopy]] = {}
    for copy in absent:
        weeks.setdefault(monday(view.day(view.row_of[copy.communication])), []).append(copy)
    return [weeks[week] for week in sorted(weeks)]


def _finding(view: View, side: _Side, group: Sequence[AbsentCopy]) -> Finding:
    rows = sorted(view.row_of[copy.communication] for copy in group)
    first, last = view.day(rows[0]), view.day(rows[-1])
    identity = _identity(view, group[0])
    known = lines(view, (identity,), (), first, last)
    observed = all(copy.declared for copy in group) and not known
    observability = Observability.OBSERVED if observed else Observability.ONE_SIDE
    week = monday(first)
    parties = party_ids(view, *_parties(view, identity, rows))
    return Finding(
        rule="missing_copy",
        family=Family.EVIDENCE,
        anchor=(
            side.custodian,
            "sent" if side.sent else "received",
            "throughout" if side.is_incomplete else week.isoformat(),
        ),
        severity=_severity(side, len(rows), observability),
        strength=Strength.DIRECT,
        observability=observability,
        about=tuple(view.ids[row] for row in rows),
        window=days(first, last, span(first, last), Basis.DATE_HEADER),
        parties=parties,
        owes=parties[0] if parties else None,
        cites=tuple(view.cite(row, "held elsewhere only") for row in rows[:_CITED]),
        checks=(*_checks(view, rows, observability), *checks(known)),
        sentence=_sentence(view, side, rows, observability)
        + (f" {REGISTERED.format(what=said(known))}" if known else ""),
        measure={
            "copies not held": len(rows),
            "copies proven in all its time": side.proven,
            "of these held": side.held,
            "side": "sent" if side.sent else "received",
        },
    )


def _identity(view: View, copy: AbsentCopy) -> int:
    return next((i for i, who in enumerate(view.identities) if who.id == copy.identity), NOBODY)


def _parties(view: View, identity: int, rows: Sequence[int]) -> Iterator[int]:
    """The custodian's party in these rows, as dated membership gives it."""
    for row in rows:
        if int(view.sender[row]) == identity:
            yield int(view.sender_party[row])
        for entry in view.recipients(row):
            if int(view.recipient[entry]) == identity:
                yield int(view.recipient_party[entry])


def _severity(side: _Side, copies: int, observability: Observability) -> Severity:
    if observability is not Observability.OBSERVED or copies < _SEVERAL:
        return Severity.LOW
    return Severity.GRAVE if side.is_incomplete and copies >= _MANY else Severity.MATERIAL


def _sentence(view: View, side: _Side, rows: list[int], observability: Observability) -> str:
    name = mailbox_of(view, side.custodian)
    days_of = _when(view, side, rows)
    opening = (SENT if side.sent else RECEIVED).format(
        number=f"Of {number(len(rows), 'message')}", who=name, span=days_of
    )
    parts = [f"{opening} {SENTENCES[observability].format(who=name)}"]
    if side.proven:
        parts.append(SHARE.format(held=f"{side.held:,}", proven=f"{side.proven:,}"))
    return " ".join(parts)


def _when(view: View, side: _Side, rows: list[int]) -> str:
    first, last = view.day(rows[0]), view.day(rows[-1])
    if side.is_incomplete or first == last:
        return span(first, last)
    return f"in the week of {say_day(monday(first))}"


def _checks(view: View, rows: list[int], observability: Observability) -> tuple[Check, ...]:
    away = [row for row in rows if view.automatic[row]]
    holders = listed(
        mailbox_of(view, name)
        for row in rows[:_CITED]
        for name in view.custodians_holding.get(view.ids[row], ())
    )
    return (
        passed("It is held under another id", "copies are compared by content as well as by id"),
        passed("It came back undelivered", "no delivery report in the material answers it"),
        passed(
            "It reached them blind-copied, or only through a list",
            f"the copies held by {holders} name them as sender, in To or in Cc",
        ),
        check(
            "It is an automatic message, which mail programs may not keep",
            f"{number(len(away), 'message')} of these {'is' if len(away) == 1 else 'are'} automatic"
            if away
            else "",
            "none of these is automatic",
        ),
        passed("The mailbox was not collected for that time", "case.toml says that it was")
        if observability is Observability.OBSERVED
        else untestable(
            "The mailbox was not collected for that time",
            "no declared days, or a line of the register, leave it open",
        ),
        untestable(
            "A rule, a delegate, an archive or a retention policy moved it",
            "such settings are not part of the evidence",
        ),
    )
