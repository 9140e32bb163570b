"""Coverage and limits: what the material could have shown, before anything is said to be absent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from commtrace.model import Coverage, Criterion, File, Problem, Status
from commtrace.moments import say_day
from commtrace.report import _words as words
from commtrace.report._case import Case, Ledger
from commtrace.report._silence import INTRODUCTION, SilenceRow, detectable
from commtrace.view import View
from commtrace.workdays import Calendar

_NAMED = 3  # files named of those that share a reason
_CLOSED_SHOWN = 24  # days off written out for a calendar


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
class FileRow:
    """A file of the ledger as a paper prints it."""

    path: str
    status: str
    reason: str
    sha256: str
    size: int
    reader: str
    communications: int
    embedded: int
    problems: int
    custodian: str
    supplied_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadRow:
    """Files that share a state and a reason: how many, and the first of them by name."""

    status: str
    reason: str
    files: int
    named: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRow:
    """Something not read, or read with a doubt."""

    path: str
    place: str
    kind: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionRow:
    """A yardstick in use and the days for which it is in force."""

    label: str
    days: str
    where: str
    validity: str
    warning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Everything a reader must know before the first finding."""

    custodians: tuple[CustodianRow, ...]
    without: tuple[str, ...]
    supplied: str
    could_show: str
    silence: tuple[SilenceRow, ...]
    silence_note: str
    ledger: tuple[tuple[str, str], ...]
    ledger_sentence: str
    files: tuple[FileRow, ...]
    not_read: tuple[FileRow, ...]
    unread: tuple[UnreadRow, ...]
    problem_kinds: tuple[tuple[str, str], ...]
    problems: tuple[ProblemRow, ...]
    known_missing: tuple[tuple[str, str, str], ...]
    calendars: tuple[tuple[str, str], ...]
    criteria: tuple[CriterionRow, ...]
    undated: str


def limits(case: Case, view: View) -> Limits:
    """What a case's material could and could not have shown."""
    files = tuple(_file(file) for file in sorted(case.files(), key=lambda f: f.path))
    problems = case.problems()
    without = _without(view)
    silences, further = detectable(view)
    return Limits(
        custodians=tuple(_custodian(view, one) for one in _in_order(view.coverage)),
        without=without,
        supplied=_supplied(view, files, without),
        could_show=_could_show(view, without),
        silence=silences,
        silence_note=_silence_note(len(silences), further),
        ledger=_ledger(case.reconciliation()),
        ledger_sentence=_ledger_sentence(case.reconciliation()),
        files=files,
        not_read=_not_read(files),
        unread=_unread(_not_read(files)),
        problem_kinds=_kinds(problems),
        problems=tuple(_problem(one) for one in sorted(problems, key=lambda p: p.source)),
        known_missing=tuple(
            (
                words.line(one.what),
                words.line(one.who_says) or "not stated",
                say_day(one.asked_for) if one.asked_for else "not asked for yet",
            )
            for one in view.brief.known_missing
        ),
        calendars=tuple(_calendar(view, key) for key in sorted(view.calendars)),
        criteria=tuple(_criterion(view, one) for _, one in sorted(view.criteria.items())),
        undated=_undated(view),
    )


def _in_order(found: Iterable[Coverage]) -> list[Coverage]:
    return sorted(found, key=lambda one: (one.custodian, one.channel, one.first, one.last))


def _custodian(view: View, one: Coverage) -> CustodianRow:
    share = "nothing to compare with"
    if one.completeness is not None:
        share = f"{one.completeness:.0%} ({one.held:,} of {one.proven:,} copies proven elsewhere)"
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
    """Parties that wrote or were written to and of which no mailbox was supplied."""
    held = {one.identity for one in view.coverage if one.identity is not None}
    covered = {m.party for who in view.identities if who.id in held for m in who.parties}
    seen = {*view.sender_party.tolist(), *view.recipient_party.tolist()}
    return tuple(
        sorted(
            words.line(party.label)
            for index, party in enumerate(view.parties)
            if index in seen and party.id not in covered
        )
    )


def _not_read(files: Iterable[FileRow]) -> tuple[FileRow, ...]:
    well = {words.STATUS[Status.READ], words.STATUS[Status.DUPLICATE]}
    return tuple(file for file in files if file.status not in well)


def _unread(files: Iterable[FileRow]) -> tuple[UnreadRow, ...]:
    groups: dict[tuple[str, str], list[str]] = {}
    for file in files:
        groups.setdefault((file.status, file.reason), []).append(file.path)
    rows = []
    for (status, reason), paths in groups.items():
        more = f" and {len(paths) - _NAMED:,} more" if len(paths) > _NAMED else ""
        named = ", ".join(paths[:_NAMED]) + more
        rows.append(UnreadRow(status=status, reason=reason, files=len(paths), named=named))
    return tuple(sorted(rows, key=lambda row: (-row.files, row.status, row.reason)))


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
    weeks = "It covers every week of the period."
    if missing:
        weeks = f"{words.count(missing, 'week')} of theirs in the period are not covered."
    unread = f"{len(_not_read(files)):,} of {words.count(len(files), 'file')} received"
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


def _ledger(ledger: Ledger) -> tuple[tuple[str, str], ...]:
    rows = (
        (words.STATUS[Status.READ], ledger.read),
        (words.STATUS[Status.PARTLY], ledger.partly),
        (words.STATUS[Status.DUPLICATE], ledger.duplicate),
        (words.STATUS[Status.UNSUPPORTED], ledger.unsupported),
        (words.STATUS[Status.FAILED], ledger.failed),
        (words.STATUS[Status.EXCLUDED], ledger.excluded),
        ("Files received", ledger.files),
    )
    return tuple((label, f"{number:,}") for label, number in rows)


def _ledger_sentence(ledger: Ledger) -> str:
    inside = (
        f"They hold {words.count(ledger.communications, 'communication')}, each counted once "
        f"however many copies there are, and {words.count(ledger.embedded, 'item')} that lay "
        "inside another."
    )
    if ledger.balanced:
        return f"Every file received is in exactly one of these states. {inside}"
    return f"The ledger does not balance; treat every figure of this paper with care. {inside}"


def _file(file: File) -> FileRow:
    return FileRow(
        path=words.line(file.path),
        status=words.STATUS[file.status],
        reason=words.line(file.reason),
        sha256=file.sha256 or "no bytes could be had",
        size=file.size,
        reader=file.reader or "",
        communications=file.communications,
        embedded=file.embedded,
        problems=file.problems,
        custodian=words.line(file.custodian or ""),
        supplied_by=words.line(file.supplied_by or ""),
    )


def _kinds(problems: Iterable[Problem]) -> tuple[tuple[str, str], ...]:
    counts = Counter(one.kind for one in problems)
    return tuple((kind.value.replace("_", " "), f"{counts[kind]:,}") for kind in sorted(counts))


def _problem(one: Problem) -> ProblemRow:
    return ProblemRow(
        path=words.line(one.source.path),
        place=words.place(one.source.part),
        kind=one.kind.value.replace("_", " "),
        what=words.line(one.what),
    )


def _calendar(view: View, key: str) -> tuple[str, str]:
    one, period = view.calendars[key], view.brief.period
    name = key.capitalize() if key == "every day" else f"{key.capitalize()} days"
    closed = [day for day in one.closed if period is None or period[0] <= day <= period[1]]
    weekdays = "Monday to Friday" if one.weekdays_only else "Every day of the week"
    if not closed:
        return name, f"{weekdays}; no other days are left out in the period."
    shown = _day_runs(one, closed)
    more = f" and {len(shown) - _CLOSED_SHOWN} more" if len(shown) > _CLOSED_SHOWN else ""
    listed = ", ".join(shown[:_CLOSED_SHOWN])
    return name, f"{weekdays}, without {listed}{more}."


def _day_runs(calendar: Calendar, closed: Sequence[date]) -> list[str]:
    """Closed days in words; those with no counting day between them are one run."""
    runs: list[list[date]] = []
    for day in closed:
        if runs and calendar.clear_days(runs[-1][-1], day) == 0:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [words.span(run[0], run[-1]) for run in runs]


def _criterion(view: View, one: Criterion) -> CriterionRow:
    period = view.brief.period
    warning = ""
    if period is not None and not (one.in_force(period[0]) and one.in_force(period[1])):
        warning = "Not in force on every day of the period."
    calendar = "days" if one.calendar == "every day" else f"{one.calendar} days"
    validity = "no dates stated"
    if one.valid_from is not None or one.valid_to is not None:
        validity = words.span(one.valid_from, one.valid_to)
    source = f"; {words.line(one.source)}" if one.source else ""
    return CriterionRow(
        label=words.line(one.label),
        days=f"{one.days} {calendar}",
        where=f"{words.line(one.where)}{source}",
        validity=validity,
        warning=warning,
    )


def _undated(view: View) -> str:
    number = len(view) - view.dated
    if number == 0:
        return "Every communication has a date."
    stand = "stands" if number == 1 else "stand"
    return f"{words.count(number, 'communication')} without a date {stand} outside the timeline."
