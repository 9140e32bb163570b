"""The words before a name of time: "by the end of", "two weeks after", "before", "throughout".

Read from the name leftwards, one word of each kind after the other: an edge ("the start of"), a
distance ("a week before"), a head ("by"). Each turns a stretch into another; of the occurrences of
the name, the first that is not over counts.
"""

# ruff: noqa: E501 - a pattern is read in one piece

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from commtrace.language.days import Reading, Span, monday, weekday
from commtrace.language.distances import AWAY, DISTANCE, day_before, distance, one_day
from commtrace.language.edges import EDGE, State, part
from commtrace.language.periods import UNKNOWN, Period

_DAY = timedelta(days=1)
_LOOKED_AT = 80  # characters before a name in which its frame is sought
_HEAD = re.compile(
    r"\b(?P<head>by(?: the time)?|before|on or before|ahead of|prior to|in advance of|after|from|since|until|til|till|up to"
    r"|up until|no later than|not later than|(?:in|during|over) the course of|in|within|into|during|over|for when|through(?:out)?|at|on|for"
    r"|in (?:good )?time for|ready for|as (?:of|from)|with effect from|effective|starting|when|once"
    r"|as soon as|the moment|not until|between now and|sometime|some time|any ?time|one day|all(?: through)?|the whole of|(?:on )?the (?:day|mon|tues|wednes|thurs|fri)(?:day)?(?: that| when)?"
    r"|any day|at least|probably|possibly)\s+(?:about\s+|around\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
_LEAVING = re.compile(
    r"\b(?P<head>before|by the time)\s+(?:[\w'’]+\s+){2,4}for\s+(?:the\s+)?$", re.IGNORECASE
)
_NAMED_DAY = re.compile(r"the (mon|tues|wednes|thurs|fri)day")
_THE = re.compile(r"\bthe\s+$", re.IGNORECASE)
_BEFORE = {"before", "ahead of", "prior to", "in advance of"}
_UNTIL = {"by", "by the time", "until", "til", "till", "up to", "up until", "no later than", "not later than",
          "on or before", "not until", "between now and"}  # fmt: skip
_FOR = {"for", "for when", "in time for", "in good time for", "ready for"}
_FROM = {"from", "as of", "as from", "with effect from", "effective", "starting"}
_STRONG = _BEFORE | _UNTIL | _FOR - {"for"} | {"within"}


@dataclass(frozen=True, slots=True)
class Framed:
    """The days that a framed name means, where its words start, and whether they bind.

    Loose are words that rather say what a thing is for: "closes for Easter".
    """

    span: Span
    start: int
    strong: bool
    loose: bool = False


def framed(sentence: str, start: int, period: Period, r: Reading) -> Framed | None:
    """The days that a name, which starts there in the sentence, means with the words before it.

    None where nothing before it makes it a time: "the week", "my holidays".
    """
    state = State(period.kind, list(period.spans))
    said, bare = start, period.bare
    for pattern, change in ((EDGE, part), (DISTANCE, distance)):
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
    changed = [one for span in _on(words, state) if (one := _headed(words, state.kind, span, r))]
    span = next((one for one in changed if one[1] >= r.day and one[1] != UNKNOWN), None)
    loose = words == "for" and state.kind in AWAY
    return span and Framed(span, said, words in _STRONG, loose)


def _on(head: str, state: State) -> list[Span]:
    """The occurrences; on a weekday of them where the head names one: "the Friday we break up"."""
    named = _NAMED_DAY.search(head)
    if not named:
        return state.spans
    return [one for one in state.spans if one[0].weekday() == weekday(named[1])]


def _headed(head: str, kind: str, span: Span, r: Reading) -> Span | None:
    if head == "between now and":
        return r.day, day_before(kind, span, r) if kind in AWAY else span[1]
    if head in _BEFORE:
        return one_day(day_before(kind, span, r))
    if head in _UNTIL and kind in AWAY:
        return one_day(day_before(kind, span, r))
    if head in _UNTIL | _FOR and kind in {"term", "season", "start", "return", "opening"}:
        return span if kind == "opening" and head in _UNTIL else one_day(span[0])
    if head == "for" and kind == "month":
        return None  # what a thing is for: "places for September"
    if kind in AWAY and head in {"in time for", "in good time for", "ready for"}:
        return one_day(day_before(kind, span, r))
    if head == "at" and kind == "feast":
        return one_day(day_before(kind, span, r))
    if head in {"after", "once"} | _FROM and kind in {"holiday", "feast"}:
        if head != "after" and kind == "feast":
            return one_day(span[0])
        return _school_week_after(span[1], r)
    if head in {"after", "from"} and kind in {"weekend", "bank"}:
        return one_day(r.working.due(span[1], 1))
    if head == "after":
        return _after(kind, span, r)
    if kind == "return" and head in {"when", "once", "as soon as", "the moment"}:
        return span[0], monday(span[0]) + 4 * _DAY
    if kind == "season" and head in _FROM | _FOR:
        return one_day(span[0])
    if kind == "term" and head in _FROM:
        return one_day(span[0]) if span[0] >= r.day else None
    return span


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
        return one_day(span[1] + _DAY)
    if kind in {"start", "return", "opening"}:
        return span
    return one_day(r.working.due(span[1], 1) if kind == "part" else span[1] + _DAY)
