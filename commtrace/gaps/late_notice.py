"""The rule `late_notice` and its sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from commtrace.gaps._bare import unsupplied
from commtrace.gaps._columns import window
from commtrace.gaps._grades import says_so
from commtrace.gaps._notices import Announced, Notices, announcements, of_events
from commtrace.gaps._observed import answerable, covered_until
from commtrace.gaps._wording import (
    UNRELATED,
    check,
    clocks,
    days_in,
    kind_of,
    number,
    party,
    party_ids,
    passed,
    placed,
    quoted_sentence,
    some,
    untestable,
)
from commtrace.gaps._yardstick import Yardstick, yardstick
from commtrace.model import (
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

_DEFAULT_DAYS = 10
_CITED = 6

SAYS = "On {day} {by} told {to} of {event}: {said}"
OF_EVENT = "{event} was on {date}. The first message on record about it to {to} was of {day}."
NOTICE = (
    "That is {clocks} between the message and the day; the criterion is {days} ({where})."
    " For {late} of {all} it is the first word of it on record{others}."
)
NONE = ", and for {count} more none was found at all"
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of an earlier notice was found in the mailboxes of either side, which cover the"
        " time before."
    ),
    Observability.ONE_SIDE: (
        "No record of an earlier notice was found in the mailboxes of one side; those of the other"
        " were not provided for the whole time before."
    ),
    Observability.NOT_TESTABLE: (
        "No record of an earlier notice was found. The evidence provided cannot show whether there"
        " was one: no mailbox of either side covers the time before."
    ),
}


@rule(family=Family.CONTENT)
def late_notice(view: View, *, days: int = _DEFAULT_DAYS) -> Iterator[Finding]:
    """Told too few days before, counted in the days of those who were told.

    Definition: a message to three or more people outside that says what will happen, or what they
    must do, from or on a named day, where fewer than the criterion's clear days (strictly between)
    of their own calendar lie between it and that day, and no earlier message or letter of the same
    body to them is about that day and that matter; or an event of `case.toml` whose audience is
    listed and first hears of it so.
    What counts: each recipient's earliest notice on record, whoever of the organisation sent it. An
    earlier message is about the same matter where it names the day and shares half of the words of
    the sentence; notice of the principle and of the details are two matters.
    What does not: a request to answer by a day; messages inside an organisation; automatic mail.
    When it cannot say: not testable where no mailbox of either side covers the criterion's days
    before the message. Telephone, website and post count only where they are on file.
    Severity: GRAVE where no day of theirs at all lay between; MATERIAL else; LOW where it cannot be
    tested or an explanation may hold. Strength: DIRECT only for an event that the auditor set and
    whose audience is listed; else INDICATED.
    Reference: product 5.1 C3; R (Moseley) v Haringey [2014] UKSC 56 (adequate time).
    """
    notices = Notices(view)
    for announced in (*of_events(notices), *announcements(notices)):
        told = _told(view, notices, announced, days)
        if told is not None and answerable(view, announced.by_party):
            yield _finding(view, told)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """An announcement, whom it reached late, and the yardstick."""

    announced: Announced
    measure: Yardstick
    late: Mapping[int, int]  # identity: the row of the first notice
    in_time: tuple[int, ...]
    never: tuple[int, ...]

    @property
    def first(self) -> date:
        """The day of the message that most of the late first heard from."""
        return self.announced.day


def _told(view: View, notices: Notices, announced: Announced, days: int) -> _Told | None:
    measure = yardstick(
        view, rule="late_notice", key="notice_school_days", days=days, default=_DEFAULT_DAYS,
        party=announced.to_party, day=announced.day,
    )  # fmt: skip
    first = notices.first(announced)
    late = {
        who: row
        for who, row in first.items()
        if measure.calendar.clear_days(view.day(row), announced.on) < measure.days
    }
    if not late:
        return None
    if announced.row is not None:
        late = {who: row for who, row in late.items() if row == announced.row}
        if not late:
            return None
    else:
        row = Counter(late.values()).most_common(1)[0][0]
        announced = announced.told_by(view, row)
    in_time = tuple(who for who in first if who not in late)
    never = tuple(who for who in announced.audience if who not in first)
    return _Told(announced=announced, measure=measure, late=late, in_time=in_time, never=never)


def _finding(view: View, told: _Told) -> Finding:
    one = told.announced
    before = _start(told)
    sides = (
        covered_until(view, one.by_party, before, one.day, sent=True) is not None,
        kind_of(view, one.to_party) not in UNRELATED
        and covered_until(view, one.to_party, before, one.day, sent=False) is not None,
    )
    observability = view.observability(*sides)
    checks = _checks(view, told)
    doubts = [c for c in checks if c.outcome is Outcome.FAILED]
    return Finding(
        rule="late_notice",
        family=Family.CONTENT,
        anchor=one.anchor(view),
        severity=_severity(told, observability, doubts),
        strength=Strength.DIRECT if one.event and not doubts else Strength.INDICATED,
        observability=observability,
        about=(view.ids[one.shown],),
        window=window(view, one.shown, one.day, one.on),
        parties=party_ids(view, one.by_party, one.to_party),
        owes=view.parties[one.by_party].id,
        cites=tuple(_cites(view, told)),
        checks=checks,
        sentence=_sentence(view, told, observability),
        measure=_measure(view, told),
    )


def _start(told: _Told) -> date:
    """The first day on which notice would still have been in time."""
    day = told.announced.on
    calendar, left = told.measure.calendar, told.measure.days + 1
    for _ in range(366):
        if left <= 0:
            break
        day = date.fromordinal(day.toordinal() - 1)
        left -= calendar.counts(day)
    return min(day, told.announced.day)


def _measure(view: View, told: _Told) -> Mapping[str, int | float | str]:
    one, calendar = told.announced, told.measure.calendar
    return {
        "days allowed": told.measure.days,
        "calendar": calendar.name,
        "criterion": told.measure.where,
        "the day": one.on.isoformat(),
        "clear days": calendar.clear_days(one.day, one.on),
        "clear working days": view.working.clear_days(one.day, one.on),
        "told late": len(told.late),
        "told in time": len(told.in_time),
        "no notice on record": len(told.never),
    }


def _cites(view: View, told: _Told) -> Iterator[Citation]:
    one = told.announced
    yield view.cite(one.shown, "the notice", one.span)
    others = [row for row in dict.fromkeys(told.late.values()) if row != one.shown]
    for row in others[:_CITED]:
        yield view.cite(row, "the first notice to others")


def _severity(told: _Told, observability: Observability, doubts: Sequence[Check]) -> Severity:
    if observability is Observability.NOT_TESTABLE or doubts:
        return Severity.LOW
    none = told.measure.calendar.clear_days(told.announced.day, told.announced.on) == 0
    return Severity.GRAVE if none else Severity.MATERIAL


def _sentence(view: View, told: _Told, observability: Observability) -> str:
    one, measure = told.announced, told.measure
    to = f"{number(len(told.late), 'person', 'people')} ({party(view, one.to_party)})"
    opening = (
        OF_EVENT.format(event=one.event, date=say_day(one.on), to=to, day=say_day(one.day))
        if one.event
        else SAYS.format(
            day=say_day(one.day), by=placed(view, [one.by], [one.by_party]), to=to,
            event=f"what begins or is due on {say_day(one.on)}", said=quoted_sentence(one.said))
    )  # fmt: skip
    everybody = len(told.late) + len(told.in_time) + len(told.never)
    others = NONE.format(count=len(told.never)) if told.never else ""
    between = clocks(
        view, measure.calendar, (one.to_party,), lambda of: of.clear_days(one.day, one.on)
    )
    return " ".join((
        opening,
        NOTICE.format(clocks=between, days=days_in(measure.days, measure.calendar),
                      where=measure.where, late=len(told.late), all=everybody, others=others),
        SENTENCES[observability],
    ))  # fmt: skip


def _checks(view: View, told: _Told) -> tuple[Check, ...]:
    one = told.announced
    entered = [row for row in told.late.values() if row in one.weaker]
    return (
        check(
            "They were told earlier in another message or letter",
            some(len(told.in_time), "person", "had earlier notice on record", "people")
            if len(told.in_time) > len(told.late)
            else "",
            "every earlier message and letter of the same body to them was looked at",
        ),
        untestable(
            "They were told by telephone, on a website or by somebody else",
            "only what is on file was looked at",
        ),
        passed(
            "It was notice of a detail, and the principle was told earlier",
            "an earlier message that names the day and shares half of the words would count",
        ),
        check(
            "An earlier notice is known from a weaker record",
            says_so(view, entered),
            "no record of a lower grade speaks of one",
        ),
        *told.measure.checks,
        *unsupplied(view, (one.by,), (one.by_party,), _start(told), one.day),
    )
