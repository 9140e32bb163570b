"""The rule `slipping_promise` and its sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from commtrace.gaps._bare import unsupplied
from commtrace.gaps._columns import does, window
from commtrace.gaps._observed import answerable, covered_until
from commtrace.gaps._wording import (
    VULNERABLE,
    check,
    clocks,
    kind_of,
    listed,
    number,
    party,
    party_ids,
    passed,
    placed,
    quoted_sentence,
    some,
    untestable,
)
from commtrace.gaps.promises import Promise, Undertaking, promises
from commtrace.model import (
    ActKind,
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

_MANY = 3

FIRST = "On {day} {by} undertook to {to}: {said} That is by {due}."
AGAIN = "On {day} the same was undertaken by {due}, {later} later: {said} {notice}"
BEFORE = "That was said before the earlier day had passed."
AFTER = "The earlier day had passed by then, {elapsed} before."
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of the earlier date being kept was found in the mailboxes of either side, which"
        " cover the time."
    ),
    Observability.ONE_SIDE: (
        "No record of the earlier date being kept was found in the mailboxes supplied; one side's"
        " were not provided for the whole time."
    ),
    Observability.NOT_TESTABLE: (
        "No record of the earlier date being kept was found. The evidence provided cannot show"
        " whether it was: no mailbox of either side covers the time."
    ),
}


@rule(family=Family.CONTENT)
def slipping_promise(view: View, *, days: int = 1) -> Iterator[Finding]:
    """The same undertaking, said again with a later date.

    Definition: two or more sentences of one side that undertake the same thing to some of the same
    people, of which a later one sets a day that is `days` working days later or more.
    What counts: sentences are the same where they share half of the words of what is undertaken, on
    one thread or with two such words, or name nothing beside a reply on one thread. The chain gives
    each slip in working days and whether it was said before the earlier day had passed.
    What does not: a restatement with the same date; promises inside one party; automatic messages.
    When it cannot say: not testable where no mailbox of either side covers the time.
    Severity: GRAVE where an audience of families, members or a forum was owed it and the earlier
    day had passed unmentioned, or it slipped twice; MATERIAL for outsiders; LOW else, where an
    explanation may hold, or it cannot be tested. Strength: CORROBORATED: two sentences of the side
    itself; INDICATED where only a hope was expressed.
    Reference: product 5.1 C2.
    """
    for promise in promises(view):
        slips = [
            (one, other)
            for one, other in promise.slips
            if one.due and other.due and view.working.elapsed(one.due.last, other.due.last) >= days
        ]
        if slips and answerable(view, promise.judged.by_party):
            yield _finding(view, promise, slips)


Slips = list[tuple[Undertaking, Undertaking]]


def _finding(view: View, promise: Promise, slips: Slips) -> Finding:
    first, last = slips[0][0], slips[-1][1]
    stated = (first, *(later for _, later in slips))
    end = last.due.last if last.due else last.day
    sides = [
        any(covered_until(view, p, first.day, last.day, sent=sent) for p in parties)
        for parties, sent in (((first.by_party,), True), (first.to_parties, False))
    ]
    observability = view.observability(*sides)
    checks = _checks(view, promise, slips)
    doubts = any(c.outcome is Outcome.FAILED for c in checks)
    return Finding(
        rule="slipping_promise",
        family=Family.CONTENT,
        anchor=(view.ids[first.row], str(first.act.start)),
        severity=_severity(view, slips, observability, doubts=doubts),
        strength=Strength.INDICATED
        if doubts or not all(one.act.firm for one in stated)
        else Strength.CORROBORATED,
        observability=observability,
        about=tuple(dict.fromkeys(view.ids[one.row] for one in stated)),
        window=window(view, first.row, first.day, end),
        parties=party_ids(view, first.by_party, *first.to_parties),
        owes=view.parties[first.by_party].id,
        cites=tuple(_cites(view, stated)),
        checks=checks,
        sentence=" ".join(
            [_opening(view, first), *(_again(view, *slip) for slip in slips),
             SENTENCES[observability]]
        ),
        measure={
            "slips": len(slips),
            "working days in all": view.working.elapsed(
                first.due.last if first.due else first.day, end
            ),
            "first day": first.due.last.isoformat() if first.due else "",
            "last day": end.isoformat(),
        },
    )  # fmt: skip


def _cites(view: View, stated: tuple[Undertaking, ...]) -> Iterator[Citation]:
    for place, one in enumerate(stated):
        role = "undertaken again" if place else "undertaken first"
        yield view.cite(one.row, role, (one.act.start, one.act.end))


def _opening(view: View, one: Undertaking) -> str:
    labels = listed(party(view, p) for p in one.to_parties)
    to = (
        placed(view, one.to, one.to_parties)
        if len(one.to) < _MANY
        else f"{number(len(one.to), 'person', 'people')} ({one.audience or labels})"
    )
    return FIRST.format(
        day=say_day(one.day), by=placed(view, [one.by], [one.by_party]), to=to,
        said=quoted_sentence(one.act.said), due=_due(one),
    )  # fmt: skip


def _due(one: Undertaking) -> str:
    return say_day(one.due.last) if one.due else "no date"


def _passed_before(one: Undertaking, other: Undertaking) -> bool:
    return one.due is not None and other.day > one.due.last


def _again(view: View, one: Undertaking, other: Undertaking) -> str:
    if one.due is None or other.due is None:
        return ""
    due, told = one.due.last, one.to_parties[:1]
    gone = clocks(view, view.working, told, lambda of: of.elapsed(due, other.day))
    notice = AFTER.format(elapsed=gone) if _passed_before(one, other) else BEFORE
    then = other.due.last
    later = clocks(view, view.working, told, lambda of: of.elapsed(due, then))
    return AGAIN.format(
        day=say_day(other.day), due=_due(other), later=later,
        said=quoted_sentence(other.act.said), notice=notice,
    )  # fmt: skip


def _severity(view: View, slips: Slips, observability: Observability, *, doubts: bool) -> Severity:
    first = slips[0][0]
    if observability is Observability.NOT_TESTABLE or doubts:
        return Severity.LOW
    told = any(kind_of(view, p) in VULNERABLE for p in first.to_parties)
    if not told:
        return Severity.LOW
    unsaid = any(_passed_before(*slip) for slip in slips)
    return (
        Severity.GRAVE
        if len(first.to) >= _MANY and (unsaid or len(slips) > 1)
        else (Severity.MATERIAL)
    )


def _checks(view: View, promise: Promise, slips: Slips) -> tuple[Check, ...]:
    first, last = slips[0][0], slips[-1][1]
    between = range(first.row + 1, last.row + 1)
    agreed = [
        row
        for row in between
        if int(view.sender[row]) in first.to
        and view.thread[row] == view.thread[last.row]
        and does(view, row, ActKind.CLOSURE)
    ]
    soft = [one for slip in slips for one in slip if not one.act.firm]
    return (
        check(
            "Those to whom it was owed agreed to the later date",
            some(len(agreed), "message", "of theirs on the thread close or thank"),
            "no message of theirs on the thread says so",
        ),
        check(
            "It was an aim and no promise",
            f"the words are those of an aim: “{soft[0].act.words}”" if soft else "",
            "the words are those of a promise each time",
        ),
        passed(
            "The later sentence is about something else",
            f"they share the words {listed(sorted(first.about & last.about)) or 'of a reply'}",
        ),
        untestable("The later date came of something nobody could foresee", "reasons are not read"),
        *unsupplied(view, (promise.judged.by,), (first.by_party,), first.day, last.day),
    )
