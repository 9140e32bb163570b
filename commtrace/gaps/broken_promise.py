"""The rule `broken_promise` and its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from commtrace.gaps._bare import unsupplied
from commtrace.gaps._columns import as_of_day, does, window
from commtrace.gaps._grades import says_so
from commtrace.gaps._observed import answerable, covered_until, covering
from commtrace.gaps._wording import (
    UNRELATED,
    VULNERABLE,
    check,
    clocks,
    failed,
    kind_of,
    listed,
    number,
    party,
    party_ids,
    passed,
    placed,
    quoted_sentence,
    some,
    times,
    untestable,
)
from commtrace.gaps.promises import GRACE, Fate, Promise, promises
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

_CITED = 6
_MANY = 3  # people; from here on a promise is one to an audience
_GRAVE_SHARE = 0.1
_CONDITION = re.compile(
    r"^(?:if|should|once|unless|provided|subject to|depending|as long as)\b"
    r"|\b(?:unless|provided that|subject to|as long as|if (?:possible|i can|we can|need))\b",
    re.IGNORECASE,
)

SAYS = "On {day} {by} undertook to {to}: {said} That is by {due}."
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of its being done was found {until}in the mailboxes of either side, which cover"
        " the time."
    ),
    Observability.ONE_SIDE: (
        "No record of its being done was found {until}in the mailboxes of {seen}; those of {unseen}"
        " were not provided for the whole time."
    ),
    Observability.NOT_TESTABLE: (
        "No record of its being done was found {until}in the material supplied. The evidence"
        " provided cannot show whether it was: no mailbox of either side covers the time."
    ),
}
COVERED = (
    "A message on record does so in time for {kept} of {all} people to whom it was owed ({share});"
    " for {missing} none was found{later}."
)
LATER = ", and for {count} it came later"
LATE = "A message that does so is on record {late}, {elapsed} after that day."
CHASED = "Those to whom it was owed came back to it {times}."
RESTATED = "The same was undertaken on {days} too."


@rule(family=Family.CONTENT)
def broken_promise(view: View, *, grace: int = GRACE) -> Iterator[Finding]:
    """Undertaken by a date, and no record that it was done by then.

    Definition: a sentence of somebody's new words that undertakes something to people of another
    party by a day, where no later message of the same side to one of them does it by that day and
    `grace` working days more.
    What counts: what a message would show (to tell, send, reply, confirm ...). A message does it
    where it is on the thread and a reply was promised, or brings the file, or shares a fifth of the
    words of what was promised; from anybody of the side that promised, by mail or letter. A promise
    to an audience is looked for with each of its members: those it was sent to, or the list in
    `case.toml`; the sentence gives the share.
    What does not: a promise that was restated with a later date (see slipping_promise; the last
    date is judged), one that its receivers closed or thanked for, one without a date, automatic
    messages, promises inside one party, what only a call or a visit would fulfil.
    When it cannot say: not testable where no mailbox of either side covers the time from the
    sentence to the day it set; notes of calls with one of those owed count as an explanation.
    Severity: GRAVE where a tenth or more of an audience of families, members or a forum are left
    without; MATERIAL for a firm undertaking; LOW where it was soft, roughly dated, late but done,
    an explanation may hold, or it cannot be tested. Strength: CORROBORATED where the receivers
    came back to it, it was restated, or it was done for others; else INDICATED, never more.
    Reference: Lampert, Dale and Paris 2007 (readers agree on promises with kappa .54); gap-science,
    section (a), G14.
    """
    for promise in promises(view, grace=grace):
        if promise.fate in {Fate.BROKEN, Fate.PARTLY, Fate.LATE} and _owed(view, promise):
            yield _finding(view, promise)


def _owed(view: View, promise: Promise) -> bool:
    return answerable(view, promise.judged.by_party)


def _days(promise: Promise) -> tuple[date, date]:
    due = promise.judged.due
    return promise.judged.day, due.last if due else promise.judged.day


def _sides(view: View, promise: Promise) -> tuple[bool, bool]:
    """Whether mailboxes of the promising and of the receiving side cover the time."""
    one, (first, due) = promise.judged, _days(promise)
    last = max(first, min(due, as_of_day(view)))
    theirs = covered_until(view, one.by_party, first, last, sent=True) is not None
    related = [p for p in one.to_parties if kind_of(view, p) not in UNRELATED]
    mine = any(covered_until(view, p, first, last, sent=False) for p in related)
    return theirs, mine or _own_box(view, promise, first, last)


def _own_box(view: View, promise: Promise, first: date, last: date) -> bool:
    return len(promise.judged.to) < _MANY and any(
        covering(view, identity, first, last, sent=False) is not None
        for identity in promise.judged.to
    )


def _finding(view: View, promise: Promise) -> Finding:
    one, found = promise.judged, promise.discharge
    theirs, mine = _sides(view, promise)
    observability = view.observability(theirs, mine)
    checks = _checks(view, promise)
    doubts = [c for c in checks if c.outcome is Outcome.FAILED]
    first, due = _days(promise)
    return Finding(
        rule="broken_promise",
        family=Family.CONTENT,
        anchor=(view.ids[one.row], str(one.act.start)),
        severity=_severity(view, promise, observability, doubts),
        strength=_strength(promise, doubts),
        observability=observability,
        about=tuple(view.ids[each.row] for each in promise.stated),
        window=window(view, one.row, first, due),
        parties=party_ids(view, one.by_party, *one.to_parties),
        owes=view.parties[one.by_party].id,
        cites=tuple(_cites(view, promise)),
        checks=checks,
        sentence=_sentence(view, promise, observability, theirs=theirs),
        measure={
            "due": due.isoformat(),
            "words that set it": one.due.words if one.due else "",
            "people it was owed to": len(one.to),
            "done in time for": len(found.kept),
            "done later for": len(found.late),
            "no record for": len(found.missing),
            "times it was said": len(promise.stated),
        },
    )


def _cites(view: View, promise: Promise) -> Iterator[Citation]:
    for each in promise.stated:
        role = "the undertaking" if each not in promise.others else "the same, at another time"
        yield view.cite(each.row, role, (each.act.start, each.act.end))
    found = promise.discharge
    roles: Sequence[tuple[str, Sequence[int]]] = (
        ("does it in time", tuple(dict.fromkeys(found.kept.values()))),
        ("does it later", tuple(dict.fromkeys(found.late.values()))),
        ("comes back to it after the day", found.chased),
        ("may do it, of a lower grade", found.weak),
        ("a conversation in the time", found.spoken),
    )
    for role, rows in roles:
        for row in rows[:_CITED]:
            yield view.cite(row, role)


def _severity(
    view: View, promise: Promise, observability: Observability, doubts: Sequence[Check]
) -> Severity:
    one, found = promise.judged, promise.discharge
    soft = not one.act.firm or (one.due is not None and one.due.rough)
    if observability is Observability.NOT_TESTABLE or doubts or soft or not found.missing:
        return Severity.LOW
    told = any(kind_of(view, p) in VULNERABLE for p in one.to_parties)
    many = len(one.to) >= _MANY and len(found.missing) >= _GRAVE_SHARE * len(one.to)
    return Severity.GRAVE if told and many else Severity.MATERIAL


def _strength(promise: Promise, doubts: Sequence[Check]) -> Strength:
    found = promise.discharge
    if doubts or not (found.chased or found.kept or found.late or len(promise.stated) > 1):
        return Strength.INDICATED
    return Strength.CORROBORATED


def _sentence(view: View, promise: Promise, observability: Observability, *, theirs: bool) -> str:
    one, found = promise.judged, promise.discharge
    _, due = _days(promise)
    to = _named(view, promise)
    parts = [
        SAYS.format(
            day=say_day(one.day), by=placed(view, [one.by], [one.by_party]), to=to,
            said=quoted_sentence(one.act.said), due=say_day(due),
        )
    ]  # fmt: skip
    if len(one.to) >= _MANY:
        later = LATER.format(count=len(found.late)) if found.late else ""
        parts.append(COVERED.format(
            kept=len(found.kept), all=len(one.to), share=f"{len(found.kept) / len(one.to):.0%}",
            missing=len(found.missing), later=later))  # fmt: skip
    if found.missing:
        sides = (party(view, one.by_party), listed(party(view, p) for p in one.to_parties))
        seen, unseen = sides if theirs else sides[::-1]
        until = f"by {say_day(found.judged)} " if len(one.to) < _MANY else ""
        parts.append(SENTENCES[observability].format(until=until, seen=seen, unseen=unseen))
    elif found.late:
        parts.append(_late(view, promise))
    if found.chased:
        parts.append(CHASED.format(times=times(len(found.chased))))
    others = dict.fromkeys(say_day(e.day) for e in promise.others if e.day != one.day)
    if others:
        parts.append(RESTATED.format(days=listed(others)))
    return " ".join(parts)


def _named(view: View, promise: Promise) -> str:
    one = promise.judged
    labels = listed(party(view, p) for p in one.to_parties)
    if len(one.to) < _MANY:
        return placed(view, one.to, one.to_parties)
    return f"{number(len(one.to), 'person', 'people')} ({one.audience or labels})"


def _late(view: View, promise: Promise) -> str:
    one, (_, due) = promise.judged, _days(promise)
    day = view.day(max(promise.discharge.late.values()))
    elapsed = clocks(view, view.working, one.to_parties[:1], lambda of: of.elapsed(due, day))
    return LATE.format(late=f"on {say_day(day)}", elapsed=elapsed)


def _checks(view: View, promise: Promise) -> tuple[Check, ...]:
    one, found = promise.judged, promise.discharge
    first, due = _days(promise)
    said = " ".join(one.act.said.split())
    off = [r for r in _thread(view, one.row) if does(view, r, ActKind.OFF_RECORD) and r > one.row]
    return (
        check("It was conditional", _conditional(said), "the sentence names no condition"),
        check(
            "It was an aim and no promise",
            "" if one.act.firm else f"the words are those of an aim: “{one.act.words}”",
            "the words are those of a promise",
        ),
        passed(
            "It was done in another thread, by a colleague or in a letter",
            "every later message and letter of the same side to each of them was looked at",
        ),
        check(
            "It was done by telephone or at a meeting",
            says_so(view, found.spoken)
            or some(len(off), "later message", "on the thread refer to a conversation"),
            "no note of a conversation with them in the time is held, and no message refers to one",
        ),
        passed("A later date was agreed", "no later date was found in a message to them"),
        passed("They let it go or thanked for it", "no such words of those left were found"),
        _reading(promise, first),
        *((failed("It was done, and a weaker record says so", says_so(view, found.weak)),)
          if found.weak else ()),
        *unsupplied(view, (one.by, *one.to[:_CITED]), (one.by_party,), first, due),
    )  # fmt: skip


def _conditional(said: str) -> str:
    match = _CONDITION.search(said)
    return f"the sentence says “{match[0].strip()}”" if match else ""


def _reading(promise: Promise, said_on: date) -> Check:
    due, what = promise.judged.due, "The date was meant otherwise"
    if due is None or due.rough:
        return untestable(what, "the words name no day; ten working days were taken")
    words = f"“{due.words}”, written on {say_day(said_on)},"
    if due.first == due.last:
        return passed(what, f"{words} is read as {say_day(due.last)}")
    return passed(
        what,
        f"{words} may mean {say_day(due.first)} to {say_day(due.last)}: the last day was taken",
    )


def _thread(view: View, row: int) -> list[int]:
    thread = int(view.thread[row])
    return view.rows_of_thread[thread].tolist() if thread >= 0 else []
