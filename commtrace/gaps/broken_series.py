"""The rule `broken_series` and its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from commtrace.gaps._columns import Grouped, answers_or_forwards, between, by_sender
from commtrace.gaps._observed import covering
from commtrace.gaps._register import checks, lines
from commtrace.gaps._series import Hole, Series, series, title_of
from commtrace.gaps._wording import (
    check,
    listed,
    party_ids,
    passed,
    quoted,
    some,
    span,
    untestable,
    who,
)
from commtrace.model import (
    Check,
    Family,
    Finding,
    Observability,
    Outcome,
    Severity,
    Strength,
)
from commtrace.moments import Basis, days, end_of, local_day, say_day, start_of
from commtrace.plugins import rule
from commtrace.view import View

_ALIKE = 0.8  # of the usual recipients
_OPENING = 400  # characters of the next issue in which it would say what it covers
_LONGEST_LOOK = 62  # days or numbers that are looked for there
_PER = {"working day": "every working day", "week": "every week", "month": "every month"}

RHYTHM = "{who} sent {title} {per} from {first} to {last} ({issues} of {slots})."
NUMBERS = "{who} numbered {title} from {first} to {last}: {issues} of {slots} numbers are held."
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of {issue} was found in {boxes} of {holders}, which {cover} that time."
    ),
    Observability.ONE_SIDE: (
        "No record of {issue} was found. It is not known that a mailbox of the sender or of a usual"
        " recipient covers that time."
    ),
    Observability.NOT_TESTABLE: (
        "No mailbox of the sender or of a usual recipient was supplied. The evidence provided"
        " cannot show whether {issue} was sent."
    ),
}


@rule(family=Family.EVIDENCE)
def broken_series(view: View, *, issues: int = 5) -> Iterator[Finding]:
    """A report that came at a steady pace, or numbered, and skipped one.

    Definition: a series of at least `issues` messages of one sender under one title (the subject
    without numbers, days and months) that fills four fifths of its working days, weeks, months or
    numbers, and in which one or more between two that are held are absent.
    What counts: first messages of a thread, from a person or mailbox, none automatic.
    What does not: weekends, bank holidays and closures of the sender's calendar; what lies before
    the first or after the last issue (a series may begin and end); an issue that others cite and
    nobody supplied (`missing_message` reports it).
    When it cannot say: OBSERVED needs the sender's sent items, or what a usual recipient received,
    to cover that time and not to be empty or thin then (see `coverage_hole`); with a mailbox of
    theirs for another time it is one side; without any it is not testable.
    Severity: MATERIAL where it is observed and went to another party; LOW else, and where an
    innocent explanation may hold. Strength: CORROBORATED for numbers, INDICATED for a pace.
    Reference: gap-science 7 (G21); control of sequence and cut-off, ISA 500 (audit evidence).
    """
    sent = by_sender(view)
    ghosts = _cited(view)
    for found in series(view):
        if len(found.rows) < max(2, issues):
            continue
        cited = _cited_holes(found, ghosts)
        for hole in found.holes:
            if hole not in cited:
                yield _finding(view, found, hole, sent)


def _cited(view: View) -> list[tuple[str, date, date]]:
    """Title, and the days it may be of, of each message that others cite and nobody supplied.

    One without a time of its own was sent on the day of the first that cites it, or before.
    """
    found = []
    for ghost in view.ghosts:
        rows = [view.row_of[one] for one in ghost.cited_by if one in view.row_of]
        dated = [row for row in rows if row < view.dated]
        if not dated:
            continue
        last = min(view.day(row) for row in dated)
        days_of = (date.min, last)
        if ghost.when is not None:
            days_of = local_day(ghost.when.earliest), local_day(ghost.when.last_second)
        found.append((title_of(view.subjects[dated[0]]), *days_of))
    return found


def _cited_holes(found: Series, ghosts: list[tuple[str, date, date]]) -> set[Hole]:
    """The holes that an absent message of this title fills: the latest that its days allow."""
    filled = set()
    for title, first, last in ghosts:
        may = [hole for hole in found.holes if hole.first <= last and first <= hole.last]
        if title == found.title and may:
            filled.add(may[-1])
    return filled


def _finding(view: View, found: Series, hole: Hole, sent: Grouped) -> Finding:
    recipients = _usual(view, found)
    holders = _covering(view, found, hole, recipients)
    observability = _observability(view, found, recipients, holders)
    explanations = _checks(view, found, hole, sent)
    parties = party_ids(
        view,
        int(view.sender_party[hole.before]),
        *(p for row in (hole.before, hole.after) for p in view.parties_to(row)),
    )
    doubted = any(one.outcome is Outcome.FAILED for one in explanations)
    weighty = observability is Observability.OBSERVED and len(parties) > 1 and not doubted
    numbered = found.pace == "number"
    return Finding(
        rule="broken_series",
        family=Family.EVIDENCE,
        anchor=(view.ids[hole.before], found.title),
        severity=Severity.MATERIAL if weighty else Severity.LOW,
        strength=Strength.CORROBORATED if numbered else Strength.INDICATED,
        observability=observability,
        about=(view.ids[hole.before], view.ids[hole.after]),
        window=days(hole.first, hole.last, span(hole.first, hole.last), Basis.DATE_HEADER),
        parties=parties,
        owes=parties[0] if parties else None,
        cites=(
            view.cite(hole.before, "the issue before"),
            view.cite(hole.after, "the issue after"),
        ),
        checks=explanations,
        sentence=_sentence(view, found, hole, observability, holders),
        measure={
            "issues held": len(found.rows),
            "share of the pace held": round(found.filled, 3),
            "issues absent": len(hole.numbers) or 1,
            "pace": found.pace,
        },
    )


def _usual(view: View, found: Series) -> list[int]:
    """Who received most of the issues."""
    counts: dict[int, int] = {}
    for row in found.rows:
        for one in view.identities_to(row):
            counts[one] = counts.get(one, 0) + 1
    return sorted(one for one, n in counts.items() if n >= _ALIKE * len(found.rows))


def _covering(view: View, found: Series, hole: Hole, recipients: list[int]) -> list[str]:
    """Who of the sender and the usual recipients has a mailbox that could show the issue."""
    places = [(found.sender, True), *((one, False) for one in recipients)]
    boxes = [
        (identity, covering(view, identity, hole.first, hole.last, sent=sends))
        for identity, sends in places
    ]
    return [who(view, identity) for identity, box in boxes if box is not None]


def _observability(
    view: View, found: Series, recipients: list[int], holders: list[str]
) -> Observability:
    if holders:
        return Observability.OBSERVED
    supplied = {box.identity for box in view.coverage}
    people = [view.identities[one].id for one in (found.sender, *recipients)]
    known = any(one in supplied for one in people)
    return Observability.ONE_SIDE if known else Observability.NOT_TESTABLE


def _sentence(
    view: View, found: Series, hole: Hole, observability: Observability, holders: list[str]
) -> str:
    name = quoted(view.subjects[hole.before])
    slots = round(len(found.rows) / found.filled) if found.filled else len(found.rows)
    common = {"who": who(view, found.sender), "title": f"messages like {name}"}
    counted = {"issues": f"{len(found.rows):,}", "slots": f"{slots:,}"}
    first, last = (say_day(view.day(found.rows[n])) for n in (0, -1))
    if hole.numbers:
        opening = NUMBERS.format(**common, **counted, first=first, last=last)
        issue = f"number {listed(str(n) for n in hole.numbers)} ({span(hole.first, hole.last)})"
    else:
        opening = RHYTHM.format(**common, **counted, per=_PER[found.pace], first=first, last=last)
        issue = f"an issue {span(hole.first, hole.last)}"
    told = SENTENCES[observability].format(
        issue=issue,
        holders=listed(holders),
        boxes="the mailbox" if len(holders) == 1 else "the mailboxes",
        cover="covers" if len(holders) == 1 else "cover",
    )
    return f"{opening} {told}"


def _checks(view: View, found: Series, hole: Hole, sent: Grouped) -> tuple[Check, ...]:
    own = sent[found.sender]
    start, end = start_of(hole.first), end_of(hole.last)
    rows = between(own[own < view.dated], int(start.timestamp()), int(end.timestamp()), view)
    usual = set(_usual(view, found))
    other = [
        int(row)
        for row in rows
        if not answers_or_forwards(view.subjects[row])
        and usual
        and len(usual & set(view.identities_to(int(row)))) >= _ALIKE * len(usual)
    ]
    away = [int(row) for row in rows if view.automatic[row]]
    known = lines(view, (found.sender,), (), hole.first, hole.last)
    return (
        passed("It fell on a holiday or a closed day", "such days are left out of the pace"),
        check(
            "It went out under another subject",
            some(len(other), "message", "of the sender to the same people in that time"),
            "no other message of the sender to the same people was found in that time",
        ),
        check(
            "The next issue covers it as well",
            _covers_both(view, hole),
            "the next issue names no day or number of it",
        ),
        check(
            "The sender was away",
            some(len(away), "automatic reply", "of the sender in that time", "automatic replies"),
            "no automatic reply of the sender in that time",
        ),
        untestable("It was left out on purpose", "an agreement to skip it need not be in the mail"),
        *checks(known),
    )


def _covers_both(view: View, hole: Hole) -> str:
    """Why the issue after the hole may stand for it too: it names a day, or a number, of it."""
    text = view.new_text([view.ids[hole.after]]).get(view.ids[hole.after], "")
    words = f"{view.subjects[hole.after]}\n{text[:_OPENING]}"
    length = min((hole.last - hole.first).days + 1, _LONGEST_LOOK)
    named = [day for n in range(length) if _names(words, day := hole.first + timedelta(days=n))]
    numbers = [n for n in hole.numbers[:_LONGEST_LOOK] if re.search(rf"(?<!\d){n}(?!\d)", words)]
    if hole.numbers:
        return f"it names number {listed(str(n) for n in numbers)}" if numbers else ""
    return f"it names {listed(say_day(day) for day in named)}" if named else ""


def _names(words: str, day: date) -> bool:
    """Whether words name a day, with or without its year, day first."""
    month = f"{day:%b}"
    pattern = (
        rf"(?<!\d)0?{day.day}(?:st|nd|rd|th)?(?: of)? {month}|(?<!\d)0?{day.day}[/.]0?{day.month}"
        rf"(?!\d)|{day:%Y-%m-%d}"
    )
    return re.search(pattern, words, re.IGNORECASE) is not None
