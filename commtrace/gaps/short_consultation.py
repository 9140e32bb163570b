"""The rule `short_consultation` and its sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from commtrace.gaps._bare import unsupplied
from commtrace.gaps._columns import rows_doing
from commtrace.gaps._consultations import CONSULTS, about_of, alike, last_day, words_of_subject
from commtrace.gaps._observed import covered_until
from commtrace.gaps._traffic import Traffic, traffic_of
from commtrace.gaps._wording import (
    OUTSIDE,
    check,
    days_in,
    kind_of,
    number,
    party,
    party_ids,
    placed,
    quoted_sentence,
    some,
    untestable,
)
from commtrace.gaps._yardstick import Yardstick, yardstick
from commtrace.model import (
    Act,
    ActKind,
    Check,
    Citation,
    Family,
    Finding,
    Observability,
    Outcome,
    PartyKind,
    Severity,
    Strength,
)
from commtrace.moments import Basis, Moment, end_of, say_day, start_of
from commtrace.plugins import rule
from commtrace.view import NOBODY, View

_CLOSES = re.compile(
    r"\b(?:clos(?:e|es|ing)|ends?|until|runs?|open|between|deadline|no later than|by|before"
    r"|last day)\b|\bto (?=\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day)",
    re.IGNORECASE,
)
_BY_OTHERS = re.compile(  # consultations that a council only answers or passes on
    r"\b(?:government|ministry|ministers|national|nhs england|ofsted|regulator|ombudsman"
    r"|parliament|department (?:for|of) [a-z]+)\b",
    re.IGNORECASE,
)
_DECIDED = re.compile(
    r"\b(?:has|have) been (?:agreed|decided|approved|awarded|signed|let)\b"
    r"|\b(?:we|cabinet|the council|members) (?:have|has) (?:agreed|decided|approved|awarded)\b",
    re.IGNORECASE,
)
_CONSIDERS = re.compile(
    r"\b(?:responses?|feedback|comments|views|representations)\b.{0,80}"
    r"\b(?:received|considered|taken into account|read|analys\w+|report\w*|summar\w+|changed)\b"
    r"|\byou (?:said|told us)\b"
    r"|\bas a result of (?:the|your) (?:consultation|comments|responses)\b",
    re.IGNORECASE | re.DOTALL,
)
_INFORMAL = re.compile(
    r"\binformal(?:ly)?\b|\bsounding\b|\bearly (?:views|thoughts)\b", re.IGNORECASE
)

SAYS = "On {day} {by} opened a consultation to {to}: {said}"
WINDOW = (
    "From {first} to {last} it was open for {open}{other}; the criterion is {days} ({where}).{off}"
)
OFF = " {count} of the working days in it were no {kind}."
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of an extension was found in the mailboxes of either side, which cover the time."
    ),
    Observability.ONE_SIDE: (
        "No record of an extension was found in the mailboxes of one side; those of the other were"
        " not provided for the whole time."
    ),
    Observability.NOT_TESTABLE: (
        "No record of an extension was found. The evidence provided cannot show whether there was"
        " one: no mailbox of either side covers the time."
    ),
}


@rule(family=Family.CONTENT)
def short_consultation(view: View, *, days: int = 0) -> Iterator[Finding]:
    """Open for too few days, in the days of those who were consulted.

    Definition: a message to people outside that opens a consultation and names its closing day,
    where fewer days of the criterion's own calendar (both ends counted) lie in it than the
    criterion that the auditor chose (`[criteria] consultation`). Without one nothing is said: what
    had to be consulted on, and for how long, is for the auditor to say.
    What counts: words of consultation with a day by which it ends. The four Gunning criteria stand
    beside it as a table: formative stage, sufficient reasons, adequate time, conscientious
    consideration; each says what the material shows, or that no record was found.
    What does not: a request for comments on a draft between officers; a consultation of the
    Government or another national body that is only passed on; a survey without a closing
    day; a closing day that was later moved far enough.
    When it cannot say: not testable where no mailbox of either side covers the window.
    Severity: MATERIAL; GRAVE where less than half of the criterion; LOW where it was informal, was
    extended, the criterion was not in force, or it cannot be tested. Strength: DIRECT: the window
    stands in the message itself.
    Reference: R v Brent LBC ex p Gunning (1985) 84 LGR 168; R (Moseley) v Haringey [2014] UKSC 56.
    """
    if days == 0 and "consultation" not in view.criteria:
        return
    traffic = traffic_of(view)
    seen: set[int] = set()
    for row in rows_doing(view, ActKind.ANNOUNCEMENT, ActKind.REQUEST).tolist():
        one = _opened(view, row, days)
        if one is None or row in seen:
            continue
        seen.update(_topic(traffic, one))  # a later message on it is no other consultation
        if one.open_days < one.measure.days:
            yield _finding(traffic, one)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Consultation:
    """A consultation as its opening message says: who, whom, and its first and last day."""

    row: int
    act: Act
    by_party: int
    to_party: int
    first: date
    last: date
    measure: Yardstick

    @property
    def open_days(self) -> int:
        """Counting days from the first to the last, both included."""
        return len(self.measure.calendar.days(self.first, self.last))


def _opened(view: View, row: int, days: int) -> _Consultation | None:
    by, outside = int(view.sender_party[row]), _outside(view, row)
    if view.automatic[row] or NOBODY in {by, outside} or kind_of(view, by) in OUTSIDE:
        return None
    for act in view.acts[view.ids[row]]:
        due = act.due
        if due is None or due.rough or not CONSULTS.search(f"{act.said} {view.subjects[row]}"):
            continue
        last = last_day(act.said, due, view.day(row))
        if not _CLOSES.search(act.said) or last <= view.day(row) or _BY_OTHERS.search(act.said):
            continue
        measure = yardstick(
            view, rule="short_consultation", key="consultation", days=days, default=0,
            party=outside, day=view.day(row),
        )  # fmt: skip
        return _Consultation(
            row=row, act=act, by_party=by, to_party=outside, first=view.day(row), last=last,
            measure=measure,
        )  # fmt: skip
    return None


def _outside(view: View, row: int) -> int:
    """The first party outside that a message was sent to."""
    found = (p for p in view.parties_to(row) if kind_of(view, p) in (*OUTSIDE, PartyKind.MEMBERS))
    return next(found, NOBODY)


def _finding(traffic: Traffic, one: _Consultation) -> Finding:
    view = traffic.view
    observability = view.observability(
        covered_until(view, one.by_party, one.first, one.last, sent=True) is not None,
        covered_until(view, one.to_party, one.first, one.last, sent=False) is not None,
    )
    topic = _topic(traffic, one)
    table = _gunning(traffic, one, topic)
    checks = _checks(view, one, topic)
    doubts = any(c.outcome is Outcome.FAILED for c in checks)
    half = one.open_days * 2 < one.measure.days
    low = doubts or observability is Observability.NOT_TESTABLE
    when = view.whens[one.row]
    return Finding(
        rule="short_consultation",
        family=Family.CONTENT,
        anchor=(view.ids[one.row],),
        severity=Severity.LOW if low else Severity.GRAVE if half else Severity.MATERIAL,
        strength=Strength.DIRECT,
        observability=observability,
        about=(view.ids[one.row],),
        window=Moment(
            earliest=when.earliest if when else start_of(one.first),
            latest=end_of(one.last),
            said=f"{say_day(one.first)} to {say_day(one.last)}",
            basis=when.basis if when else Basis.DATE_HEADER,
        ),
        parties=party_ids(view, one.by_party, one.to_party),
        owes=view.parties[one.by_party].id,
        cites=tuple(_cites(view, one, table)),
        checks=checks,
        sentence=_sentence(view, one, observability),
        measure={
            "days allowed": one.measure.days,
            "calendar": one.measure.calendar.name,
            "criterion": one.measure.where,
            "days open": one.open_days,
            "working days open": len(view.working.days(one.first, one.last)),
            **{f"Gunning, {name}": said for name, (said, _) in table.items()},
        },
    )


def _sentence(view: View, one: _Consultation, observability: Observability) -> str:
    calendar = one.measure.calendar
    other = ""
    if calendar.name != "working":
        working = len(view.working.days(one.first, one.last))
        other = f" ({days_in(working, view.working)})"
    off = [
        day
        for day in view.working.days(one.first, one.last)
        if not calendar.counts(day)
    ]  # fmt: skip
    kind = days_in(2, calendar).partition(" ")[2]
    return " ".join((
        SAYS.format(
            day=say_day(one.first),
            by=placed(view, [int(view.sender[one.row])], [one.by_party]),
            to=party(view, one.to_party), said=quoted_sentence(one.act.said)),
        WINDOW.format(
            first=say_day(one.first), last=say_day(one.last), other=other,
            open=days_in(one.open_days, calendar),
            days=days_in(one.measure.days, calendar), where=one.measure.where,
            off=OFF.format(count=len(off), kind=kind) if off else ""),
        SENTENCES[observability],
    ))  # fmt: skip


def _topic(traffic: Traffic, one: _Consultation) -> list[int]:
    """The rows about the same consultation: its thread and subject, or most of its words."""
    view = traffic.view
    about = about_of(view, one.row)
    own = [row for row in traffic.topic(one.row).tolist()
           if traffic.same_thread(row, one.row)
           or set(view.identities_to(row)) & set(view.identities_to(one.row))
           or alike(about, about_of(view, row))]  # fmt: skip
    near = {
        row
        for party_ in (one.by_party, one.to_party)
        for pair in ((one.by_party, party_), (party_, one.by_party))
        for row in view.rows_between(*pair)
        if alike(about, words_of_subject(view.subjects[row]))
    }
    return sorted({one.row, *own, *near})


def _gunning(
    traffic: Traffic, one: _Consultation, topic: list[int]
) -> dict[str, tuple[str, list[int]]]:
    """For each of the four criteria what the material shows, and the rows that show it."""
    view = traffic.view
    texts = view.new_text([view.ids[row] for row in topic])
    decided = [
        row for row in topic if row < one.row and _DECIDED.search(texts.get(view.ids[row], ""))
    ]
    papers = [row for row in topic if row <= one.row and view.ids[row] in view.attachments]
    after = [
        row
        for row in topic
        if row < view.dated
        and view.day(row) > one.last
        and int(view.sender_party[row]) == one.by_party
        and _CONSIDERS.search(texts.get(view.ids[row], ""))
    ]
    counted = days_in(one.open_days, one.measure.calendar)
    wanted = days_in(one.measure.days, one.measure.calendar)
    return {
        "1 formative stage": (
            f"a decision was spoken of before it opened, on {say_day(view.day(decided[0]))}"
            if decided
            else "no record of a decision before it opened was found",
            decided,
        ),
        "2 sufficient reasons": (
            "a document was enclosed; whether it gave reasons is for a reader to say"
            if papers
            else "no record of a paper sent with it was found",
            papers,
        ),
        "3 adequate time": (f"open for {counted}; the criterion is {wanted}", []),
        "4 conscientious consideration": (
            f"a message of {say_day(view.day(after[0]))} speaks of the responses"
            if after
            else "no record of the responses being considered was found",
            after,
        ),
    }


def _cites(
    view: View, one: _Consultation, table: Mapping[str, tuple[str, list[int]]]
) -> Iterator[Citation]:
    yield view.cite(one.row, "opens it and names its last day", (one.act.start, one.act.end))
    for name, (_, rows) in table.items():
        for row in rows[:3]:
            if row != one.row:
                yield view.cite(row, f"Gunning, {name}")


def _checks(view: View, one: _Consultation, topic: list[int]) -> tuple[Check, ...]:
    later = [
        row
        for row in topic
        if row > one.row
        and int(view.sender_party[row]) == one.by_party
        and any(
            act.due and act.due.last > one.last and _CLOSES.search(act.said)
            for act in view.acts.get(view.ids[row], ())
        )
    ]
    words = f"{view.subjects[one.row]} {one.act.said}"
    return (
        check(
            "It was extended",
            some(len(later), "later message", "on it names a later day"),
            "no later message on it names a later closing day",
        ),
        check(
            "It was informal engagement",
            "the message calls it informal" if _INFORMAL.search(words) else "",
            "the message does not call it informal",
        ),
        untestable(
            "The duty that the criterion rests on does not apply",
            "whether the change was one of policy is for a reader to say",
        ),
        untestable(
            "It was open elsewhere for longer",
            f"websites and meetings count only where on file; {number(len(topic), 'message')}"
            " on it were read",
        ),
        *one.measure.checks,
        *unsupplied(
            view, (int(view.sender[one.row]),), (one.by_party,), one.first, one.last),
    )  # fmt: skip
