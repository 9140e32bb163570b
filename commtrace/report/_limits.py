"""Coverage and limits: what the material could have shown, before anything is said to be absent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from commtrace.brief import KnownMissing
from commtrace.model import Coverage
from commtrace.moments import say_day
from commtrace.report import _words as words
from commtrace.report._case import Case
from commtrace.report._ledger import (
    FileRow,
    InsideRow,
    ProblemRow,
    UnreadRow,
    file_row,
    inside_row,
    inside_unread,
    kinds,
    ledger,
    ledger_sentence,
    levels,
    not_read,
    problem_row,
    unread,
)
from commtrace.report._silence import INTRODUCTION, SilenceRow, detectable
from commtrace.report._yardsticks import CriterionRow, calendar_row, criterion_row
from commtrace.view import View

_NAMED = 12  # parties named of those without a supplied mailbox
SHOWN = 40  # custodians shown in a paper; the workbook has all


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodianRow:
    """A stretch of somebody's material, and how complete other mailboxes prove it."""

    custodian: str
    channel: str
    days: str
    basis: str
    completeness: str
    not_covered: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Everything a reader must know before the first finding."""

    custodians: tuple[CustodianRow, ...]
    without: tuple[str, ...]
    without_note: str
    supplied: str
    could_show: str
    silence: tuple[SilenceRow, ...]
    silence_note: str
    ledger: tuple[tuple[str, str], ...]
    ledger_sentence: str
    files: tuple[FileRow, ...]
    not_read: tuple[FileRow, ...]
    unread: tuple[UnreadRow, ...]
    levels: tuple[tuple[str, ...], ...]
    inside: tuple[InsideRow, ...]
    inside_unread: tuple[InsideRow, ...]
    problem_kinds: tuple[tuple[str, str], ...]
    problems: tuple[ProblemRow, ...]
    known_missing: tuple[tuple[str, str, str], ...]
    calendars: tuple[tuple[str, str], ...]
    criteria: tuple[CriterionRow, ...]
    undated: str


def limits(case: Case, view: View) -> Limits:
    """What a case's material could and could not have shown."""
    files = tuple(file_row(file) for file in sorted(case.files(), key=lambda f: f.path))
    problems, below = case.problems(), case.contained()
    without = _without(view)
    silences, further = detectable(view)
    return Limits(
        custodians=tuple(_custodian(view, one) for one in _in_order(view.coverage)),
        without=without,
        without_note=_without_note(without),
        supplied=_supplied(view, files, without),
        could_show=_could_show(view, without),
        silence=silences,
        silence_note=_silence_note(len(silences), further),
        ledger=ledger(case.reconciliation()),
        ledger_sentence=ledger_sentence(case.reconciliation()),
        files=files,
        not_read=not_read(files),
        unread=unread(not_read(files)),
        levels=levels(below),
        inside=tuple(map(inside_row, below)),
        inside_unread=inside_unread(below),
        problem_kinds=kinds(problems),
        problems=tuple(problem_row(one) for one in sorted(problems, key=lambda p: p.source)),
        known_missing=tuple(
            (
                _known(one),
                words.line(one.who_says) or "not stated",
                _asked(one),
            )
            for one in view.brief.known_missing
        ),
        calendars=tuple(calendar_row(view, key) for key in sorted(view.calendars)),
        criteria=tuple(criterion_row(view, one) for _, one in sorted(view.criteria.items())),
        undated=_undated(view),
    )


def _known(one: KnownMissing) -> str:
    """What is known to exist, who should hold it and of which days, where that is said."""
    days = words.span(one.since, one.until) if one.since or one.until else ""
    more = [f"held by {words.line(one.holder)}" if one.holder else "", days]
    told = "; ".join(part for part in more if part)
    return f"{words.line(one.what)} ({told})" if told else words.line(one.what)


def _asked(one: KnownMissing) -> str:
    asked = say_day(one.asked_for) if one.asked_for else "not asked for yet"
    return f"{asked}; {words.line(one.answered)}" if one.answered else asked


def _in_order(found: Iterable[Coverage]) -> list[Coverage]:
    return sorted(found, key=lambda one: (one.custodian, one.channel, one.first, one.last))


def _custodian(view: View, one: Coverage) -> CustodianRow:
    share = "nothing to compare with"
    if one.completeness is not None:
        proven = words.count(one.proven, "copy", "copies")
        share = f"{one.completeness:.0%} ({one.held:,} of {proven} proven elsewhere)"
    return CustodianRow(
        custodian=_named(view, one.custodian),
        channel=one.channel.value.capitalize(),
        days=words.span(one.first, one.last),
        basis="stated in the case file" if one.basis == "declared" else "inferred: first to last",
        completeness=share,
        not_covered=_weeks_without(view, one.custodian),
    )


def _named(view: View, custodian: str) -> str:
    """A custodian's address with the name that the case file gives it."""
    names = {one.address.casefold(): one.name for one in view.brief.custodians}
    name = words.line(names.get(custodian.casefold(), ""))
    return f"{name}, {words.line(custodian)}" if name else words.line(custodian)


def _weeks_without(view: View, custodian: str) -> str:
    runs = words.week_runs(_missing(view, custodian))
    if not runs:
        known = any(week.custodian == custodian for week in view.weeks)
        return "none" if known else "not known"
    return "; ".join(
        f"{words.span(first, last)} ({words.count(number, 'week')})" for first, last, number in runs
    )


def _missing(view: View, custodian: str) -> list[date]:
    """The weeks of the period, by their Mondays, that a custodian's material does not cover."""
    period = view.brief.period
    return [
        week.week
        for week in view.weeks
        if week.custodian == custodian
        and not week.covered
        and (period is None or period[0] <= week.week <= period[1])
    ]


def _without(view: View) -> tuple[str, ...]:
    """Parties that took part and of which no mailbox was supplied, those placed and busy first."""
    held = {one.identity for one in view.coverage if one.identity is not None}
    covered = {m.party for who in view.identities if who.id in held for m in who.parties}
    seen = Counter([*view.sender_party.tolist(), *view.recipient_party.tolist()])
    found = [
        (party.provisional, -seen[index], words.line(party.label))
        for index, party in enumerate(view.parties)
        if seen[index] and party.id not in covered
    ]
    return tuple(label for _, _, label in sorted(found))


def _without_note(without: Sequence[str]) -> str:
    """The first of the parties without a mailbox, and how many more there are."""
    if not without:
        return ""
    more = f" and {len(without) - _NAMED:,} more" if len(without) > _NAMED else ""
    return f"No mailbox was supplied of: {', '.join(without[:_NAMED])}{more}."


def _supplied(view: View, files: Sequence[FileRow], without: Sequence[str]) -> str:
    """Whose material there is, and what of it is missing, in two or three sentences."""
    custodians = {one.custodian for one in view.coverage}
    if not custodians:
        return "No custodian's window is known; nothing is claimed to be absent from a mailbox."
    first, last = (
        min(one.first for one in view.coverage),
        max(one.last for one in view.coverage),
    )
    missing = sum(len(_missing(view, custodian)) for custodian in custodians)
    weeks = "The windows stated or inferred for it cover every week of the period."
    if missing:
        weeks = f"{words.count(missing, 'week')} of theirs in the period are not covered."
    unread = f"{len(not_read(files)):,} of {words.count(len(files), 'file')} received"
    return (
        f"The material of {words.count(len(custodians), 'custodian')} was supplied, between them "
        f"{words.span(first, last)}. {weeks} {words.count(len(without), 'party', 'parties')} took "
        f"part without a supplied mailbox. {unread} could not be read, or not whole."
    )


def _could_show(view: View, without: Sequence[str]) -> str:
    custodians = sorted({one.custodian for one in view.coverage})
    if not custodians:
        return (
            "No custodian's window is known, so the material cannot show that something "
            "is absent from a mailbox."
        )
    first = min(one.first for one in view.coverage)
    last = max(one.last for one in view.coverage)
    sentence = (
        f"The material could have shown it in the mailboxes of "
        f"{words.count(len(custodians), 'custodian')}, {words.span(first, last)}, "
        "outside the weeks that are listed as not covered"
    )
    if not without:
        return f"{sentence}."
    return (
        f"{sentence}; for {words.count(len(without), 'party', 'parties')} without a supplied "
        "mailbox only through copies that others hold."
    )


def _silence_note(shown: int, further: int) -> str:
    if shown == 0:
        return "There is no exchange between two parties that could be tested for a silence."
    more = f" {words.count(further, 'quieter exchange is', 'quieter exchanges are')} not shown."
    return INTRODUCTION + (more if further else "")


def _undated(view: View) -> str:
    number = len(view) - view.dated
    if number == 0:
        return "Every communication has a date."
    stand = "stands" if number == 1 else "stand"
    return f"{words.count(number, 'communication')} without a date {stand} outside the timeline."
