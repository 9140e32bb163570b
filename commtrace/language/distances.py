"""How far from a stretch of time: "two weeks before", "the Monday after", "the last Friday of".

Counted from its first day backwards and from its last day on; a week after a holiday begins on the
Monday after it, the day before one is the last that counts.
"""

# ruff: noqa: E501 - a pattern is read in one piece

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from commtrace.language.days import NUMBERS, Reading, Span, count, monday, weekday
from commtrace.language.edges import State
from commtrace.language.periods import UNKNOWN, last_school_day

AWAY = {"holiday", "feast", "weekend", "bank"}  # stretches in which nobody is there
_DAY = timedelta(days=1)
_N = r"\d{1,2}|" + "|".join(sorted(NUMBERS, key=len, reverse=True))
_W = r"(?:mon|tues?|wed(?:nes)?|thurs?|fri|satur|sun)(?:day)?"
_BACK = {"before", "prior to", "ahead of"}
_WEEKDAYS = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
_STEPS = {"week": 7, "fortnight": 14}
_FRIDAY = 4
DISTANCE = re.compile(
    rf"\b(?:(?:(?P<n>{_N})|(?P<the>the))\s+(?:(?P<kind>working|school|clear|full|whole)\s+)?"
    rf"(?P<unit>day|week|fortnight|month|evening|morning|afternoon|weekend|term|{_W})s?(?:['’]s?)?"
    rf"|(?P<first>(?:the\s+)?(?:first|last))\s+(?P<w>{_W}|(?:school |working )?day|week|weekend)(?:\s+back)?"
    rf"|(?P<bare>{_W}))\s+"
    r"(?P<way>before|after|from|following|prior to|ahead of|of|in|into)\s+(?:the\s+)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Words:
    """What the words of a distance say."""

    number: str | None
    unit: str
    counts: str
    back: bool
    inside: bool
    place: str
    one: bool

    @classmethod
    def of(cls, m: re.Match[str]) -> _Words:
        way = m["way"].casefold()
        return cls(
            number=m["n"],
            unit=(m["w"] or m["unit"] or m["bare"]).casefold(),
            counts=(m["kind"] or "").casefold(),
            back=way in _BACK,
            inside=way in {"of", "in"},
            place=(m["first"] or "").casefold().removeprefix("the").strip(),
            one=bool(m["the"] or m["first"]),
        )


def distance(m: re.Match[str], state: State, r: Reading) -> bool:
    """Turn the stretches into what lies so far from them; whether the words tell a distance."""
    words = _Words.of(m)
    if words.inside and not words.place:
        return False
    if (words.number or "").casefold().endswith("few"):
        state.spans = []  # no day is told
        return True
    found = [one for span in state.spans if (one := _away(words, state.kind, span, r))]
    if not found:
        return False
    state.spans, state.kind = found, "part"
    return True


def _away(words: _Words, kind: str, span: Span, r: Reading) -> Span | None:
    if span[1] == UNKNOWN and not words.back and not (words.inside and words.place == "first"):
        return None
    unit = words.unit.removeprefix("school ").removeprefix("working ")
    if unit == "week" and words.one:
        return _week(words, kind, span)
    if unit == "weekend":
        edge = span[0] if words.back else _last(kind, span)
        start = monday(edge) + (-2 if words.back else 5) * _DAY
        return start, start + _DAY
    if unit[:3] in _WEEKDAYS and unit != "month":
        return _weekday(words, kind, span)
    if unit == "day" and words.one and (words.place or kind in AWAY):
        return _day(words, kind, span, r)
    return _counted(words, kind, span, r)


def _week(words: _Words, kind: str, span: Span) -> Span:
    if kind == "feast":
        feast = span[1] - _DAY  # Christmas Day, Easter Sunday
        if not words.back:
            return max(monday(feast) + 7 * _DAY, span[1] + _DAY), monday(feast) + 11 * _DAY
        start = monday(feast) if feast.weekday() >= _FRIDAY else monday(feast) - 7 * _DAY
        return start, min(feast - _DAY, start + 4 * _DAY)
    if words.inside:
        return span[0], monday(span[0]) + 4 * _DAY
    start = monday(span[0] if words.back else _last(kind, span)) + (-7 if words.back else 7) * _DAY
    return start, start + 4 * _DAY


def _weekday(words: _Words, kind: str, span: Span) -> Span:
    place = weekday(words.unit)
    if words.back or (words.inside and words.place == "last"):
        edge = span[1] + _DAY if words.inside else _first(kind, span)
        day = edge - (1 + (edge.weekday() - place - 1) % 7) * _DAY
    else:
        start = span[0] if words.inside else _last(kind, span) + _DAY
        day = start + (place - start.weekday()) % 7 * _DAY
    return day, day


def _day(words: _Words, kind: str, span: Span, r: Reading) -> Span | None:
    if words.back:
        return one_day(day_before(kind, span, r))
    if words.inside:
        return one_day(span[1] if words.place == "last" else span[0])
    return one_day((r.school if kind == "holiday" else r.working).due(span[1], 1))


def _counted(words: _Words, kind: str, span: Span, r: Reading) -> Span | None:
    edge = _first(kind, span) if words.back else _last(kind, span)
    number = count(words.number) if words.number else 1
    sign = -1 if words.back else 1
    if words.unit == "term":
        return None
    if words.unit == "month":
        return one_day(edge + sign * relativedelta(months=number))
    if words.counts in {"working", "school"} and not words.back:
        return one_day((r.school if words.counts == "school" else r.working).due(edge, number))
    return one_day(edge + sign * number * _STEPS.get(words.unit, 1) * _DAY)


def _first(kind: str, span: Span) -> date:
    """The day to which what comes before a stretch is counted: of a feast, the feast itself."""
    return span[1] - _DAY if kind == "feast" else span[0]


def _last(kind: str, span: Span) -> date:
    """The last day from which what comes after a stretch is counted."""
    if kind in {"week", "holiday"}:
        return span[1] + (6 - span[1].weekday()) * _DAY
    return span[1]


def one_day(day: date | None) -> Span | None:
    """A day as a stretch of one."""
    return None if day is None else (day, day)


def day_before(kind: str, span: Span, r: Reading) -> date:
    """The last day before a stretch: a school or working day where nobody is there in it."""
    if kind == "end":
        return span[1]
    if kind in {"holiday", "term", "season"}:
        return last_school_day(r, span[0])
    day = span[0] - _DAY
    if kind in {"weekend", "bank", "feast", "week"}:
        while not r.working.counts(day) and not (kind == "feast" and day.weekday() <= _FRIDAY):
            day -= _DAY
    return day
