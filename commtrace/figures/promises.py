"""Promises, questions and notice as rows and as one figure: what was said, by when, what followed.

Draws nothing and decides nothing: fates come from `gaps.promises` and `gaps.questions`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from commtrace.figures.ground import Ground
from commtrace.figures.marks import (
    DAY,
    Anchor,
    Bar,
    Dot,
    Figure,
    Key,
    Label,
    Lane,
    Line,
    Mark,
    Pattern,
    Rect,
    Shape,
    Table,
    clock_of_day,
    time_axis,
)
from commtrace.figures.words import shorten
from commtrace.gaps.promises import Fate, Promise, Undertaking
from commtrace.gaps.questions import Fate as Answer
from commtrace.moments import say_day
from commtrace.view import View
from commtrace.workdays import Calendar

GRAVE_FATES = {Fate.BROKEN, Fate.PARTLY}
OPEN_ANSWERS = {Answer.OPEN, Answer.ACKNOWLEDGED}
_MOST_STATED = 8
_CLOSED_RUN = 2  # closed weekdays in a row that are shaded


def named(view: View, people: Sequence[int], parties: Sequence[int]) -> str:
    """One or two people by name, more by number and party."""
    labels = ", ".join(view.parties[p].label for p in parties if p >= 0)
    if len(people) > 2:
        return f"{len(people):,} people ({labels})"
    names = " and ".join(view.identities[who].label for who in people)
    return f"{names} ({labels})" if labels and labels != names else names


def by_whom(view: View, who: int, party: int) -> str:
    """Somebody with their party."""
    return named(view, [who], [party])


def due_words(promise: Promise) -> str:
    """By when it was undertaken, as it was said last."""
    due = promise.judged.due
    if due is None:
        return "no date"
    return f"about {say_day(due.last)}" if due.rough else say_day(due.last)


def done(promise: Promise) -> str:
    """For how many of those to whom it was owed it is on record, and late for how many."""
    found, everybody = promise.discharge, len(promise.judged.to)
    late = f", {len(found.late):,} late" if found.late else ""
    return f"{len(found.kept):,} of {everybody:,}{late}"


def chain(ground: Ground, promise: Promise, *, width: int = 640) -> Figure:
    """A promise on the time axis: each statement and its day, and the messages that kept it.

    Days that do not count for those to whom it was owed are shaded.
    """
    view = ground.view
    stated = _shown(promise)
    kept = [view.day(row) for row in promise.discharge.kept.values()]
    late = [view.day(row) for row in promise.discharge.late.values()]
    days = [d for one in stated for d in (one.day, one.due.last if one.due else one.day)]
    first, last = min([*days, *kept, *late]), max([*days, *kept, *late])
    pad = max(2, (last - first).days // 14)
    low, high = clock_of_day(first - timedelta(pad)), clock_of_day(last + timedelta(pad + 1))
    marks: list[Mark] = list(_shaded(_calendar(view, promise), low, high, len(stated) + 1))
    lanes = []
    for place, one in enumerate(stated):
        lanes.append(Lane(label="Said first" if not place else "Said again", y0=place,
                          y1=place + 1, sub=say_day(one.day)))  # fmt: skip
        marks += _statement(view, promise, place)
    lanes.append(Lane(label="On record", y0=len(stated), y1=len(stated) + 1, rule=True))
    marks += _dots(kept, late, len(stated) + 0.5)
    if kept or late:
        reached = f"{len(kept) + len(late):,} of {len(promise.judged.to):,}"
        x = clock_of_day(max([*kept, *late])) + DAY
        marks.append(Label(x=x, y=len(stated) + 0.5, text=reached, size=12, bold=True, shift_x=12,
                           anchor=Anchor.LEFT, halo=True))  # fmt: skip
    return Figure(
        marks=tuple(marks),
        x=time_axis(low, high, most=5),
        y0=0,
        y1=len(stated) + 1,
        alt=_alt(promise, kept, late),
        table=_table(promise, kept, late),
        lanes=tuple(lanes),
        legend=(
            Key(label="from the sentence to the day it set", ink="content", pattern=Pattern.PLAIN),
            Key(label="done in time", ink="content", shape=Shape.CIRCLE),
            Key(label="done later", ink="content", shape=Shape.CIRCLE, hollow=True),
            Key(label="days that do not count for them", ink="hatch", pattern=Pattern.HATCH),
        ),
        width=width,
        height=64 + 44 * (len(stated) + 1),
        left=112,
        right=92,
        top=8,
        bottom=34,
    )


def _shown(promise: Promise) -> tuple[Undertaking, ...]:
    """The first statement and the latest ones, as many as are drawn."""
    every = promise.stated
    return every if len(every) <= _MOST_STATED else (every[0], *every[1 - _MOST_STATED :])


def _statement(view: View, promise: Promise, place: int) -> Iterator[Mark]:
    one = _shown(promise)[place]
    x0 = clock_of_day(one.day)
    said = f"{say_day(one.day)}: {shorten(' '.join(one.act.said.split()), 160)}"
    if one.due is not None:
        x1 = clock_of_day(one.due.last) + DAY
        yield Bar(x0=x0, x1=x1, y0=place + 0.32, y1=place + 0.68, ink="content",
                  pattern=Pattern.DOTTED if one.due.rough else Pattern.PLAIN, hover=said,
                  key=f"m{view.ids[one.row]}")  # fmt: skip
        yield Line(points=((x1, place + 0.12), (x1, place + 0.88)), ink="late", width=2.0)
        yield Label(x=x1, y=place + 0.5, text=say_day(one.due.last), size=12, shift_x=6,
                    anchor=Anchor.LEFT, halo=True)  # fmt: skip
    yield Dot(x=x0, y=place + 0.5, ink="content", shape=Shape.DIAMOND, size=11, hover=said,
              key=f"m{view.ids[one.row]}")  # fmt: skip


def _dots(kept: Sequence[date], late: Sequence[date], y: float) -> Iterator[Mark]:
    for days, hollow in ((Counter(kept), False), (Counter(late), True)):
        for day, count in sorted(days.items()):
            words = f"{say_day(day)}: {'later ' if hollow else ''}for {count:,}"
            x = clock_of_day(day) + DAY / 2
            yield Dot(x=x, y=y, ink="content", hollow=hollow, hover=words,
                      size=min(22.0, 8 + 1.5 * count))  # fmt: skip


def _calendar(view: View, promise: Promise) -> Calendar:
    return view.calendar_of(promise.judged.to_parties[0])


def _shaded(calendar: Calendar, low: float, high: float, lanes: int) -> Iterator[Mark]:
    """The runs of days that do not count, from two weekdays on."""
    day = date(1970, 1, 1) + timedelta(days=int(low // DAY))
    end = date(1970, 1, 1) + timedelta(days=int(high // DAY))
    run: list[date] = []
    while day <= end:
        if calendar.counts(day):
            yield from _run(run, lanes)
            run = []
        else:
            run.append(day)
        day += timedelta(days=1)
    yield from _run(run, lanes)


def _run(run: Sequence[date], lanes: int) -> Iterator[Mark]:
    if sum(day.weekday() < 5 for day in run) >= _CLOSED_RUN:
        yield Rect(x0=clock_of_day(run[0]), x1=clock_of_day(run[-1]) + DAY, y0=0, y1=lanes,
                   ink="hatch", pattern=Pattern.HATCH, opacity=0.6)  # fmt: skip


def _alt(promise: Promise, kept: Sequence[date], late: Sequence[date]) -> str:
    said = "; ".join(
        f"on {say_day(one.day)} for {say_day(one.due.last) if one.due else 'no date'}"
        for one in _shown(promise)
    )
    return (
        f"Undertaken {said}. On record: {len(kept):,} in time, {len(late):,} later, none for"
        f" {len(promise.discharge.missing):,}."
    )


def _table(promise: Promise, kept: Sequence[date], late: Sequence[date]) -> Table:
    rows = [
        ("said", say_day(one.day), say_day(one.due.last) if one.due else "no date",
         shorten(" ".join(one.act.said.split()), 160))
        for one in promise.stated
    ]  # fmt: skip
    everybody, total = len(promise.judged.to), 0
    for day, count in sorted(Counter([*kept, *late]).items()):
        total += count
        rows.append(
            ("done", say_day(day), "", f"for {count:,}; {total:,} of {everybody:,} by then")
        )
    return Table(header=("What", "Day", "By when", "Words"), rows=tuple(rows),
                 caption="What was undertaken, and what is on record of it by day")  # fmt: skip


def notice_days(view: View, party: int, told: date, on: date) -> list[tuple[date, str]]:
    """Each day strictly between a notice and its event, and what it is to those who were told."""
    own = view.calendar_of(party)
    found = []
    day = told + timedelta(days=1)
    while day < on:
        if own.counts(day):
            kind = "counts"
        elif day.weekday() > 4:
            kind = "weekend"
        else:
            kind = "closed"
        found.append((day, kind))
        day += timedelta(days=1)
    return found


def notice_bar(ground: Ground, party: int, told: date, on: date, *, width: int = 560) -> Figure:
    """The days between a notice and its event, a square each: working days, and their own."""
    view = ground.view
    own = view.calendar_of(party)
    lanes = [("Working days", view.working)]
    if own.name != "working":
        lanes.append((f"{own.name.capitalize()} days".replace("Every day days", "Days"), own))
    low, high = clock_of_day(told), clock_of_day(on) + DAY
    marks: list[Mark] = []
    named_ = []
    for place, (label, calendar) in enumerate(lanes):
        count = calendar.clear_days(told, on)
        named_.append(Lane(label=label, y0=place, y1=place + 1, sub=f"{count:,} between"))
        for day, _ in notice_days(view, party, told, on):
            counts = calendar.counts(day)
            marks.append(Bar(
                x0=clock_of_day(day) + DAY * 0.08, x1=clock_of_day(day) + DAY * 0.92,
                y0=place + 0.22, y1=place + 0.78, ink="content" if counts else "hatch",
                pattern=Pattern.PLAIN if counts else Pattern.HATCH,
                hover=f"{day:%A} {say_day(day)}: {'counts' if counts else 'does not count'}",
            ))  # fmt: skip
    for x, words in ((low + DAY / 2, "told"), (high - DAY / 2, "the day")):
        marks.append(Line(points=((x, 0.0), (x, float(len(lanes)))), ink="late", width=2.0))
        marks.append(Label(x=x, y=0, text=words, size=12, shift=-9, halo=True))
    said = "; ".join(f"{c.clear_days(told, on):,} {label.lower()}" for label, c in lanes)
    rows = tuple(
        (say_day(day), f"{day:%A}", *("counts" if c.counts(day) else "no" for _, c in lanes))
        for day, _ in notice_days(view, party, told, on)
    )
    return Figure(
        marks=tuple(marks),
        x=time_axis(low, high, most=6),
        y0=0,
        y1=len(lanes),
        alt=f"Told on {say_day(told)} of {say_day(on)}: {said} strictly between.",
        table=Table(header=("Day", "", *(label for label, _ in lanes)), rows=rows,
                    caption="Days between the notice and the event"),
        lanes=tuple(named_),
        legend=(
            Key(label="a day that counts", ink="content", pattern=Pattern.PLAIN),
            Key(label="weekend, holiday or closure", ink="hatch", pattern=Pattern.HATCH),
        ),
        width=width,
        height=62 + 42 * len(lanes),
        left=112,
        right=20,
        top=20,
        bottom=34,
    )  # fmt: skip
