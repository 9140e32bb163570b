"""The words before a name of time: "by the end of", "two weeks after", "before", "throughout".

Read from the name leftwards, one word of each kind after the other: an edge ("the start of"), a
distance ("a week before"), a head ("by"). Each turns a stretch into another; of the occurrences of
the name, the first that is not over counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from commtrace.language.days import NUMBERS, Reading, Span, count, monday, weekday
from commtrace.language.periods import UNKNOWN, Period, last_school_day

_DAY = timedelta(days=1)
_LOOKED_AT = 80  # characters before a name in which its frame is sought
_N = r"\d{1,2}|" + "|".join(sorted(NUMBERS, key=len, reverse=True))
_W = r"(?:mon|tues?|wed(?:nes)?|thurs?|fri|satur|sun)(?:day)?"
_EDGE = re.compile(
    r"\b(?P<edge>(?:very |the )?(?:(?:(?:very )?end|close|start|beginning|middle|(?:first|last) (?:(?:working|school) )?day|rest"
    r"|remainder|(?:first|second|latter|early|later) (?:half|part)|(?:back|tail) end|week) of"
    rf"|(?:first|last|final) (?:{_N}) (?:weeks|days) (?:back )?of|(?:(?<=by )|(?<=at )|(?<=before )|(?<=until ))end"
    r"|(?:first|second|third|fourth|last|final|1st|2nd|3rd|4th) (?:full )?week (?:back )?(?:of|in)"
    r"|(?:early|mid)[- ]to[- ](?:mid|late)|mid(?:dle)?(?: of)?|early(?: on)?(?: in)?|later?(?: on)?(?: in)?))(?:\s+|\s*-\s*)(?:the\s+)?$",
    re.IGNORECASE,
)
_DISTANCE = re.compile(
    rf"\b(?:(?:(?P<n>{_N})|(?P<the>the))\s+(?:(?P<kind>working|school|clear|full|whole)\s+)?"
    rf"(?P<unit>day|week|fortnight|month|evening|morning|afternoon|weekend|term|{_W})s?(?:['’]s?)?"
    rf"|(?P<first>(?:the\s+)?(?:first|last))\s+(?P<w>{_W}|(?:school |working )?day|week|weekend)(?:\s+back)?"
    rf"|(?P<bare>{_W}))\s+"
    r"(?P<way>before|after|from|following|prior to|ahead of|of|in|into)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"\b(?P<head>by(?: the time)?|before|on or before|ahead of|prior to|in advance of|after|from|since|until|til|till|up to"
    r"|up until|no later than|not later than|(?:in|during|over) the course of|in|within|into|during|over|for when|through(?:out)?|at|on|for"
    r"|in (?:good )?time for|ready for|as (?:of|from)|with effect from|effective|starting|when|once"
    r"|as soon as|the moment|not until|between now and|sometime|some time|any ?time|one day|all(?: through)?|the whole of|(?:on )?the (?:day|mon|tues|wednes|thurs|fri)(?:day)?(?: that| when)?"
    r"|any day)\s+(?:about\s+|around\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
_ORDINALS = ("first", "second", "third", "fourth")
_LEAVING = re.compile(r"\b(?P<head>before|by the time)\s+(?:[\w'’]+\s+){2,4}for\s+(?:the\s+)?$", re.I)
_NAMED_DAY = re.compile(r"the (mon|tues|wednes|thurs|fri)day")
_THE = re.compile(r"\bthe\s+$", re.IGNORECASE)
_BEFORE = {"before", "ahead of", "prior to", "in advance of"}
_UNTIL = {"by", "by the time", "until", "til", "till", "up to", "up until", "no later than", "not later than",
          "on or before", "not until", "between now and"}  # fmt: skip
_FOR = {"for", "for when", "in time for", "in good time for", "ready for"}
_FROM = {"from", "as of", "as from", "with effect from", "effective", "starting"}
_AWAY = {"holiday", "feast", "weekend", "bank"}
_STRONG = _BEFORE | _UNTIL | _FOR - {"for"} | {"within"}


@dataclass(frozen=True, slots=True)
class Framed:
    """The days that a framed name means, where its words start, and whether they bind."""

    span: Span
    start: int
    strong: bool


@dataclass(slots=True)
class _State:
    """A name on its way through its frame."""

    kind: str
    spans: list[Span]


def framed(sentence: str, start: int, period: Period, r: Reading) -> Framed | None:
    """The days that a name, which starts there in the sentence, means with the words before it.

    None where nothing before it makes it a time: "the week", "my holidays".
    """
    state = _State(period.kind, list(period.spans))
    said, bare = start, period.bare
    for pattern, change in ((_EDGE, _edge), (_DISTANCE, _distance)):
        before = sentence[max(0, said - _LOOKED_AT) : said]
        found = pattern.search(before)
        if found and change(found, state, r):
            said, bare = said - len(before) + found.start(), True
    before = sentence[max(0, said - _LOOKED_AT) : said]
    head = _HEAD.search(before)
    words = " ".join(head["head"].casefold().split()) if head else ""
    if words == "for" and (leaving := _LEAVING.search(before)):
        head, words = leaving, "before"  # "before we go off for Christmas"
    if words == "since" or not (head or bare):
        return None
    if head:
        said = said - len(before) + head.start()
    elif the := _THE.search(before):
        said = said - len(before) + the.start()
    changed = [one for span in _on(words, state, r) if (one := _headed(words, state.kind, span, r))]
    span = next((one for one in changed if one[1] >= r.day and one[1] != UNKNOWN), None)
    return span and Framed(span, said, words in _STRONG)


def _on(head: str, state: _State, r: Reading) -> list[Span]:
    """The occurrences; on a weekday of them where the head names one: "the Friday we break up"."""
    named = _NAMED_DAY.search(head)
    if not named:
        return state.spans
    return [one for one in state.spans if one[0].weekday() == weekday(named[1])]


# Edges -------------------------------------------------------------------------------------------


def _edge(m: re.Match[str], state: _State, r: Reading) -> bool:
    words = re.sub(r"^(?:very|the) ", "", " ".join(m["edge"].casefold().split()))
    if state.kind in {"start", "end", "return", "feast", "bank", "weekend"}:
        return False  # they have no parts
    if state.kind == "opening" and words.split()[0] not in {"start", "beginning", "first"}:
        return words.startswith(("early", "mid", "late"))
    if "working day" in words or "school day" in words:
        state.spans = [_counting(words, one, r) for one in state.spans]
        state.kind = "start" if words.startswith("first") else "end"
        return True
    if words.startswith(("later", "rest", "remainder")) and "part" not in words:
        state.spans = [(max(one[0], r.day), one[1]) for one in state.spans]
        state.kind = "part"
        return True
    some = re.match(rf"(first|last|final) ({_N}) (week|day)s", words)
    if some:
        days = count(some[2]) * (7 if some[3] == "week" else 1) - 1
        state.spans = [
            (first, first + days * _DAY) if some[1] == "first" else (last - days * _DAY, last)
            for first, last in state.spans
            if last != UNKNOWN
        ]
        state.kind = "part"
        return True
    found = [_EDGES[state.kind](words, *span) for span in state.spans]
    if words.startswith(("start", "beginning", "first day")):
        found = [one for one in found if one[0] >= r.day or state.kind in {"week", "month"}]
    state.spans = found
    if found and all(first == last for first, last in found):
        state.kind = "end" if words.endswith("end of") or "last day" in words else "start"
    else:
        state.kind = "part"
    return True


def _counting(words: str, span: Span, r: Reading) -> Span:
    """The first or the last working or school day of a stretch."""
    calendar = r.school if "school" in words else r.working
    if words.startswith("first"):
        day = calendar.due(span[0] - _DAY, 1)
    else:
        day = span[1]
        while day > span[0] and not calendar.counts(day):
            day -= _DAY
    return day, day


def _of_week(words: str, first: date, last: date) -> Span:
    if "end" in words or words.startswith(("close", "last day", "latter")):
        return last, last
    if words.startswith("mid"):
        return first + 2 * _DAY, first + 2 * _DAY
    if words.startswith(("early", "first half", "first part")):
        return first, first + 2 * _DAY
    if words.startswith("late") or "half" in words:
        return first + 2 * _DAY, last
    return (first, first) if words.startswith(("start", "beginning", "first day")) else (first, last)


def _of_month(words: str, first: date, last: date) -> Span:
    if "end" in words or words.startswith(("close", "last day")):
        return last, last
    if " to " in words.replace("-", " "):
        return (first, first.replace(day=15)) if words[0] == "e" else (first.replace(day=15), last)
    if words.startswith("mid"):
        return first.replace(day=15), first.replace(day=15)
    if words.startswith("first day"):
        return first, first
    if "week" in words:
        return _week_of_month(words, first, last)
    if words.startswith(("second half", "latter")):
        return first.replace(day=16), last
    if words.startswith("first half"):
        return first, first.replace(day=15)
    return (first.replace(day=21), last) if words.startswith("late") else (first, first.replace(day=10))


def _week_of_month(words: str, first: date, last: date) -> Span:
    """Weeks by their Mondays: the first is the one most of whose working days lie in the month."""
    if words.startswith(("last", "final")) and "full" in words:
        return monday(last - 4 * _DAY), monday(last - 4 * _DAY) + 4 * _DAY
    if words.startswith(("last", "final")):
        return last - 6 * _DAY, last
    place = int(words[0]) - 1 if words[0].isdigit() else _ORDINALS.index(words.split()[0])
    if not place:
        return first, first + 6 * _DAY
    start = monday(first + 3 * _DAY) + 7 * place * _DAY
    return start, start + 4 * _DAY


def _of_long(words: str, first: date, last: date) -> Span:
    """An edge of a term, a holiday or a year."""
    if words == "week of":
        return monday(first), monday(first) + 4 * _DAY
    if "end" in words or words.startswith(("close", "last day")):
        return last, last
    if words.startswith(("start", "beginning", "first day")):
        return first, first
    if words.startswith(("last week", "final week")):
        return max(first, monday(last)), last
    if "week" in words:
        place = ("f", "s", "t").index(words[0]) if words[0] in "fst" else 0
        start = monday(first) + 7 * place * _DAY
        return max(first, start), min(last, start + 4 * _DAY)
    if words.startswith("early"):
        return first, min(last, first + 13 * _DAY)
    return (max(first, last - 13 * _DAY), last) if words.startswith("late") else (first, last)


_EDGES: dict[str, Callable[[str, date, date], Span]] = {
    "week": _of_week, "month": _of_month, "term": _of_long, "season": _of_long, "year": _of_long,
    "holiday": _of_long, "opening": _of_long, "part": _of_long, "day": lambda _, a, b: (a, b),
}  # fmt: skip


# Distances ---------------------------------------------------------------------------------------


def _distance(m: re.Match[str], state: _State, r: Reading) -> bool:
    way = m["way"].casefold()
    back = way in {"before", "prior to", "ahead of"}
    unit = (m["w"] or m["unit"] or m["bare"]).casefold()
    if way in {"of", "in"} and not m["first"]:
        return False
    if m["n"] and m["n"].casefold().endswith("few"):
        state.spans = []  # no day is told
        return True
    found = [one for span in state.spans if (one := _away(m, unit, back, state.kind, span, r))]
    if not found:
        return False
    state.spans, state.kind = found, "part"
    return True


def _away(
    m: re.Match[str], unit: str, back: bool, kind: str, span: Span, r: Reading
) -> Span | None:
    if span[1] == UNKNOWN and not back and (m["first"] or "the first").casefold()[-5:] != "first":
        return None
    inside = m["way"].casefold() in {"of", "in"}
    edge = span[0] if back or inside else _last(kind, span, r)
    if kind == "feast" and back:
        edge = span[1] - _DAY  # Christmas Day, Easter Sunday
        if unit == "week" and m["the"] and edge.weekday() > 3:
            return monday(edge), min(edge - _DAY, monday(edge) + 4 * _DAY)
    if kind == "feast" and unit == "week" and not back and m["the"]:
        edge = span[1] - _DAY
        return max(monday(edge) + 7 * _DAY, span[1] + _DAY), monday(edge) + 11 * _DAY
    if unit.startswith("week") and unit != "weekend" and (m["the"] or m["first"]):
        start = monday(edge) + (-7 if back else 0 if inside and m["first"] else 7) * _DAY
        return max(start, edge) if inside else start, start + 4 * _DAY
    if unit == "weekend":
        start = monday(edge) + (-2 if back else 5) * _DAY
        return start, start + _DAY
    if unit[:3] in {"mon", "tue", "wed", "thu", "fri", "sat", "sun"} and unit != "month":
        if inside and (m["first"] or "").casefold().endswith("last"):
            edge, back = span[1] + _DAY, True
        return _weekday_from(edge, weekday(unit), back=back, inside=inside)
    if m["first"]:  # the first day of it, or after it
        if back:
            return _one(_day_before(kind, span, r))
        day = edge if inside else r.school.due(edge, 1)
        return day, day
    if m["the"] and unit == "day" and kind in _AWAY:
        if back:
            return _one(_day_before(kind, span, r))
        return _one((r.school if kind == "holiday" else r.working).due(span[1], 1))
    return _counted(m, unit, edge, back=back, r=r)


def _last(kind: str, span: Span, r: Reading) -> date:
    """The last day from which what comes after a stretch is counted."""
    if kind in {"week", "holiday"}:
        return span[1] + (6 - span[1].weekday()) * _DAY
    return span[1]


def _weekday_from(edge: date, place: int, *, back: bool, inside: bool) -> Span:
    if back:
        day = edge - (1 + (edge.weekday() - place - 1) % 7) * _DAY
    else:
        start = edge if inside else edge + _DAY
        day = start + (place - start.weekday()) % 7 * _DAY
    return day, day


def _counted(m: re.Match[str], unit: str, edge: date, *, back: bool, r: Reading) -> Span | None:
    number = count(m["n"]) if m["n"] else 1
    sign = -1 if back else 1
    if unit == "month":
        day = edge + sign * relativedelta(months=number)
    elif (m["kind"] or "").casefold() in {"working", "school"} and not back:
        calendar = r.school if (m["kind"] or "").casefold() == "school" else r.working
        day = calendar.due(edge, number)
    else:
        steps = {"week": 7, "fortnight": 14}
        if unit == "term":
            return None
        day = edge + sign * number * steps.get(unit, 1) * _DAY
    return day, day


# Heads -------------------------------------------------------------------------------------------


def _headed(head: str, kind: str, span: Span, r: Reading) -> Span | None:
    if head == "between now and":
        return r.day, _day_before(kind, span, r) if kind in _AWAY else span[1]
    if head in _BEFORE:
        return _one(_day_before(kind, span, r))
    if head in _UNTIL and kind in _AWAY:
        return _one(_day_before(kind, span, r))
    if head in _UNTIL | _FOR and kind in {"term", "season", "start", "return", "opening"}:
        return span if kind == "opening" and head in _UNTIL else _one(span[0])
    if head == "for" and kind == "month":
        return None  # what a thing is for: "places for September"
    if kind in _AWAY and head in {"in time for", "in good time for", "ready for"}:
        return _one(_day_before(kind, span, r))
    if head == "at" and kind == "feast":
        return _one(_day_before(kind, span, r))
    if head in {"after", "once"} | _FROM and kind in {"holiday", "feast"}:
        if head != "after" and kind == "feast":
            return _one(span[0])
        return _school_week_after(span[1], r)
    if head in {"after", "from"} and kind in {"weekend", "bank"}:
        return _one(r.working.due(span[1], 1))
    if head == "after":
        return _after(kind, span, r)
    if kind == "return" and head in {"when", "once", "as soon as", "the moment"}:
        return span[0], monday(span[0]) + 4 * _DAY
    if kind == "season" and head in _FROM | _FOR:
        return _one(span[0])
    if kind == "term" and head in _FROM:
        return _one(span[0]) if span[0] >= r.day else None
    return span


def _one(day: date | None) -> Span | None:
    return None if day is None else (day, day)


def _day_before(kind: str, span: Span, r: Reading) -> date:
    if kind == "end":
        return span[1]
    if kind in {"holiday", "term", "season"}:
        return last_school_day(r, span[0])
    if kind in {"weekend", "bank", "feast", "week"}:
        day = span[0] - _DAY
        while not r.working.counts(day) and not (kind == "feast" and day.weekday() < 5):
            day -= _DAY
        return day
    return span[0] - _DAY


def _school_week_after(last: date, r: Reading) -> Span:
    first = r.school.due(last, 1)
    return first, monday(first) + 4 * _DAY


def _after(kind: str, span: Span, r: Reading) -> Span | None:
    if span[1] == UNKNOWN:
        return None
    if kind == "week":
        first = monday(span[1]) + 7 * _DAY
        return first, first + 4 * _DAY
    if kind == "month":
        return span[1] + _DAY, span[1] + 10 * _DAY
    if kind in {"term", "season"}:
        return _one(span[1] + _DAY)
    if kind in {"start", "return", "opening"}:
        return span
    return _one(r.working.due(span[1], 1) if kind == "part" else span[1] + _DAY)
