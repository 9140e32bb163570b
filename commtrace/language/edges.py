"""A part of a stretch of time: "the end of", "early in", "the second week of", "the rest of".

Each kind of stretch has its own parts: the middle of a week is a Wednesday, of a month the 15th.
"""

# ruff: noqa: E501 - a pattern is read in one piece

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from commtrace.language.days import NUMBERS, Reading, Span, count, monday
from commtrace.language.periods import UNKNOWN

_DAY = timedelta(days=1)
_N = r"\d{1,2}|" + "|".join(sorted(NUMBERS, key=len, reverse=True))
_ORDINALS = ("first", "second", "third", "fourth")
EDGE = re.compile(
    r"\b(?P<edge>(?:very |the )?(?:(?:(?:very )?end|close|start|beginning|middle|(?:first|last) (?:(?:working|school) )?day|rest"
    r"|remainder|(?:first|second|latter|early|later) (?:half|part)|(?:back|tail) end|week) of"
    rf"|(?:first|last|final) (?:{_N}) (?:weeks|days) (?:back )?of|(?:(?<=by )|(?<=at )|(?<=before )|(?<=until ))end"
    r"|(?:first|second|third|fourth|last|final|1st|2nd|3rd|4th) (?:full )?week (?:back )?(?:of|in)"
    r"|(?:early|mid)[- ]to[- ](?:mid|late)|mid(?:dle)?(?: of)?|early(?: on)?(?: in)?|later?(?: on)?(?: in)?))(?:\s+|\s*-\s*)(?:the\s+)?$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class State:
    """A name on its way through its frame."""

    kind: str
    spans: list[Span]


def part(m: re.Match[str], state: State, r: Reading) -> bool:
    """Turn the stretches into the part of them that the words tell; whether they have one."""
    words = re.sub(r"^(?:very|the) ", "", " ".join(m["edge"].casefold().split()))
    if state.kind in {"start", "end", "return", "feast", "bank", "weekend"}:
        return False  # they have no parts
    if state.kind == "opening" and words.split(maxsplit=1)[0] not in {
        "start",
        "beginning",
        "first",
    }:
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
    found = [_PARTS[state.kind](words, *span) for span in state.spans]
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
    return (
        (first, first) if words.startswith(("start", "beginning", "first day")) else (first, last)
    )


def _of_month(words: str, first: date, last: date) -> Span:
    if "end" in words or words.startswith(("close", "last day")):
        return last, last
    if " to " in words.replace("-", " "):
        return (first, first.replace(day=15)) if words[0] == "e" else (first.replace(day=15), last)
    if words.startswith("mid"):
        return first.replace(day=15), first.replace(day=15)
    if words.startswith("first day"):
        return first, first
    if "week" in words and words != "week of":
        return _week_of_month(words, first, last)
    if words.startswith(("second half", "latter")):
        return first.replace(day=16), last
    if words.startswith("first half"):
        return first, first.replace(day=15)
    if words == "week of":
        return first, last
    late = words.startswith("late")
    return (first.replace(day=21), last) if late else (first, first.replace(day=10))


def _week_of_month(words: str, first: date, last: date) -> Span:
    """Weeks by their Mondays: the first is the one most of whose working days lie in the month."""
    if words.startswith(("last", "final")) and "full" in words:
        return monday(last - 4 * _DAY), monday(last - 4 * _DAY) + 4 * _DAY
    if words.startswith(("last", "final")):
        return last - 6 * _DAY, last
    place = int(words[0]) - 1 if words[0].isdigit() else _ORDINALS.index(words.split(maxsplit=1)[0])
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
        ordinal = words.split(maxsplit=1)[0]
        place = _ORDINALS.index(ordinal) if ordinal in _ORDINALS else int(ordinal[0]) - 1
        start = monday(first) + 7 * place * _DAY
        return max(first, start), min(last, start + 4 * _DAY)
    if words.startswith("early"):
        return first, min(last, first + 13 * _DAY)
    return (max(first, last - 13 * _DAY), last) if words.startswith("late") else (first, last)


_PARTS: dict[str, Callable[[str, date, date], Span]] = {
    "week": _of_week, "month": _of_month, "term": _of_long, "season": _of_long, "year": _of_long,
    "holiday": _of_long, "opening": _of_long, "part": _of_long, "day": lambda _, a, b: (a, b),
}  # fmt: skip
