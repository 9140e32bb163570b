"""The rule `missing_message` and its sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from commtrace.brief import KnownMissing
from commtrace.gaps._holes import Told, bare, told
from commtrace.gaps._register import checks, lines, shows
from commtrace.gaps._sides import lacking
from commtrace.gaps._wording import (
    check,
    listed,
    mailbox_of,
    number,
    party_ids,
    passed,
    untestable,
)
from commtrace.model import (
    Check,
    Citation,
    Coverage,
    Family,
    Finding,
    Ghost,
    Observability,
    Outcome,
    Severity,
    Strength,
)
from commtrace.moments import Basis, Moment, end_of, local_day, say, start_of
from commtrace.plugins import rule
from commtrace.view import NOBODY, View

_CITED = 8
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)  # where nothing bounds the time from below

CITED = "A message {when} is cited by {witnesses} held, and is not itself among the messages read."
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of it was found in {boxes} of {holders}, which {cover} that time."
    ),
    Observability.ONE_SIDE: (
        "No record of it was found in the material supplied. It is not known that {boxes} of"
        " {holders}, likely to have held it, {cover} that time."
    ),
    Observability.NOT_TESTABLE: (
        "No record of it was found in the material supplied. The evidence provided cannot show"
        " whether a copy exists: no mailbox of a likely holder was provided."
    ),
}
SURVIVES = "Words of it survive as a quotation; they are a reconstruction and not an original."


@rule(family=Family.EVIDENCE)
def missing_message(view: View, *, witnesses: int = 1) -> Iterator[Finding]:
    """A message that others cite, quote or carry in their index, and that nobody supplied.

    Definition: a message that at least `witnesses` held messages name by Message-ID, by a block of
    the conversation index or by a quotation, and that no file supplied contains.
    What counts: each such message once, however many ways it is named.
    What does not: one that only mail of mailing lists names (lists rewrite ids): information, no
    gap; one that surely lies outside the period reviewed.
    When it cannot say: OBSERVED needs a likely holder whose mailbox covers its whole time and is
    not empty or thin then (see `coverage_hole`); a likely holder supplied for another time, or an
    unknown time, is one side; no likely holder is not testable. Nothing is said about why it is
    absent.
    Strength: DIRECT where an id names it, or where two messages carry it in their conversation
    index, or an index and a quotation agree: that is metadata of the evidence itself, and more
    witnesses do not make it more so. CORROBORATED where one conversation index (a draft that was
    never sent leaves the same trace) or two quotations show it. INDICATED where one quotation
    does, or where the id has no domain (a mangled header).
    Severity: GRAVE where observed, DIRECT, and messages of two parties or more cite it; MATERIAL
    where observed otherwise, or on one side where its words survive; LOW else.
    Reference: Zawinski's threading algorithm; RFC 5256; [MS-OXOMSG] 2.2.1.3; Carenini, Ng and Zhou
    2005 (hidden mail).
    """
    holes = told(view) if view.ghosts else {}
    sides = {(side.custodian, view.ids[row]) for side in lacking(view) for row in side.rows}
    for ghost in view.ghosts:
        rows = [view.row_of[cited] for cited in ghost.cited_by if cited in view.row_of]
        if len(rows) < max(1, witnesses) or all(view.bulk[row] for row in rows):
            continue
        if _outside(view, ghost):
            continue
        yield _finding(view, ghost, sorted(rows), _Bare(holes, sides))


@dataclass(frozen=True, slots=True)
class _Bare:
    """Where `coverage_hole` says that a mailbox holds nothing: days, and messages that show it."""

    holes: Told
    sides: AbstractSet[tuple[str, str]]

    def thin(self, ghost: Ghost, custodian: str, first: date, last: date) -> bool:
        """Whether a mailbox is bare of these days, or of the side on which a message should be."""
        shown = any((custodian, cited) in self.sides for cited in ghost.cited_by)
        return shown or bare(self.holes, custodian, first, last)


def _finding(view: View, ghost: Ghost, rows: list[int], where: _Bare) -> Finding:
    likely = _supplied_first(view, ghost)
    holders = [_mailboxes(view, name) for name in likely]
    span = _span(ghost)
    there = [
        name
        for name, boxes in zip(likely, holders, strict=True)
        if span and any(shows(view, box, *span) for box in boxes)
    ]
    thin = [name for name in there if span and where.thin(ghost, name, *span)]
    covered = [name for name in there if name not in thin]
    observability = _observability(covered, holders)
    checks = _checks(view, ghost, rows, covered, thin)
    parties = _parties(view, rows)
    strength = _strength(view, ghost, rows)
    named = [mailbox_of(view, name) for name in covered or likely]
    return Finding(
        rule="missing_message",
        family=Family.EVIDENCE,
        anchor=(ghost.id,),
        severity=_severity(ghost, observability, strength, parties, checks),
        strength=strength,
        observability=observability,
        about=tuple(view.ids[row] for row in rows),
        window=_window(view, ghost, rows),
        parties=parties,
        owes=None,
        cites=tuple(_cites(view, rows)),
        checks=checks,
        sentence=_sentence(ghost, rows, observability, named),
        measure={
            "witnesses": len(rows),
            "ids": len(ghost.message_ids),
            "conversation index blocks": len(ghost.conversation_indices),
            "words recovered": len((ghost.text or "").split()),
            "likely holders": ", ".join(ghost.likely_holders),
        },
    )


def _supplied_first(view: View, ghost: Ghost) -> list[str]:
    """The likely holders whose material was supplied; all of them where none was."""
    supplied = {stretch.custodian for stretch in view.coverage}
    return [name for name in ghost.likely_holders if name in supplied] or list(ghost.likely_holders)


def _mailboxes(view: View, custodian: str) -> list[Coverage]:
    return [stretch for stretch in view.coverage if stretch.custodian == custodian]


def _known(view: View, ghost: Ghost) -> list[KnownMissing]:
    """What likely holders are known to have and was not provided."""
    span = _span(ghost)
    wanted = set(ghost.likely_holders)
    boxes = [box for box in view.coverage if box.custodian in wanted and box.identity]
    own = {box.identity for box in boxes}
    people = [
        index
        for index, who in enumerate(view.identities)
        if who.id in own or any(m.address in wanted or m.name in wanted for m in who.members)
    ]
    return lines(view, people, (), *span) if span else []


def _span(ghost: Ghost) -> tuple[date, date] | None:
    if ghost.when is None:
        return None
    return local_day(ghost.when.earliest), local_day(ghost.when.last_second)


def _observability(covered: list[str], holders: list[list[Coverage]]) -> Observability:
    if covered:
        return Observability.OBSERVED
    return Observability.ONE_SIDE if any(holders) else Observability.NOT_TESTABLE


def _strength(view: View, ghost: Ghost, rows: list[int]) -> Strength:
    whole_id = any("@" in name.strip("@") for name in ghost.message_ids)
    indexed, quoted = bool(ghost.conversation_indices), bool(ghost.text)
    if whole_id or (indexed and (len(rows) > 1 or quoted or ghost.message_ids)):
        return Strength.DIRECT
    senders = {int(view.sender[row]) for row in rows}
    if indexed or len(senders) > 1 or (ghost.message_ids and quoted):
        return Strength.CORROBORATED
    return Strength.INDICATED


def _severity(
    ghost: Ghost,
    observability: Observability,
    strength: Strength,
    parties: tuple[str, ...],
    checks: tuple[Check, ...],
) -> Severity:
    if any(c.outcome is Outcome.FAILED for c in checks):
        return Severity.LOW
    if observability is Observability.OBSERVED:
        direct = strength is Strength.DIRECT and len(parties) > 1
        return Severity.GRAVE if direct else Severity.MATERIAL
    survives = ghost.text and observability is Observability.ONE_SIDE
    return Severity.MATERIAL if survives else Severity.LOW


def _parties(view: View, rows: list[int]) -> tuple[str, ...]:
    senders = [int(view.sender_party[row]) for row in rows]
    recipients = [party for row in rows for party in view.parties_to(row)]
    return party_ids(view, *(p for p in (*senders, *recipients) if p != NOBODY))


def _window(view: View, ghost: Ghost, rows: list[int]) -> Moment:
    if ghost.when is not None:
        return ghost.when
    citing = next((when for row in rows if (when := view.whens[row]) is not None), None)
    if citing is not None:
        return citing
    return Moment(
        earliest=_FIRST,
        latest=view.as_of + timedelta(seconds=1),
        said="undated",
        basis=Basis.FILE_TIME,
    )


def _cites(view: View, rows: list[int]) -> Iterator[Citation]:
    for row in rows[:_CITED]:
        yield view.cite(row, "cites the message")


def _checks(
    view: View, ghost: Ghost, rows: list[int], covered: list[str], thin: list[str]
) -> tuple[Check, ...]:
    listmail = sum(bool(view.bulk[row]) for row in rows)
    only_index = ghost.conversation_indices and not ghost.message_ids and not ghost.text
    draft = "It is a draft that was never sent"
    return (
        _within(view, ghost),
        passed(
            "It is held under another name",
            "ids, conversation index, quoted headers and quoted words were compared with every"
            " message read",
        ),
        check(
            "Its id was rewritten by a mailing list",
            f"{number(listmail, 'message')} that cite it came through a list" if listmail else "",
            "no message that cites it came through a list",
        ),
        untestable(draft, "only a conversation index shows it, and a draft leaves the same trace")
        if only_index
        else passed(draft, "a message that others answer or quote was received by somebody"),
        passed(
            "The mailbox was not collected for that time",
            f"that of {listed(mailbox_of(view, name) for name in covered)} was",
        )
        if covered
        else untestable(
            "The mailbox was not collected for that time",
            f"that of {listed(mailbox_of(view, name) for name in thin)} holds nothing, or little,"
            " of that time or side (see coverage_hole)"
            if thin
            else "no mailbox of a likely holder surely covers it",
        ),
        untestable(
            "It was kept elsewhere or under a retention rule",
            "archives and retention are not part of the mail",
        ),
        *checks(_known(view, ghost)),
    )


def _outside(view: View, ghost: Ghost) -> bool:
    """Whether it surely lies outside the period reviewed."""
    if view.brief.period is None or ghost.when is None:
        return False
    first, last = view.brief.period
    return ghost.when.latest <= start_of(first) or ghost.when.earliest >= end_of(last)


def _within(view: View, ghost: Ghost) -> Check:
    what = "It lies outside the period reviewed"
    if view.brief.period is None:
        return untestable(what, "case.toml sets no period")
    if ghost.when is None:
        return untestable(what, "its time is not known")
    return passed(what, "its time lies within, or partly within")


def _sentence(
    ghost: Ghost, rows: list[int], observability: Observability, holders: list[str]
) -> str:
    when = f"of {say(ghost.when)}" if ghost.when else "of unknown date"
    parts = [
        CITED.format(when=when, witnesses=number(len(rows), "message")),
        SENTENCES[observability].format(
            holders=listed(holders),
            boxes="the mailbox" if len(holders) == 1 else "the mailboxes",
            cover="covers" if len(holders) == 1 else "cover",
        ),
    ]
    if ghost.evidence:
        parts += ghost.evidence[:3]
    if ghost.text:
        parts.append(SURVIVES)
    return " ".join(parts)
