"""Figures that are said to be current, and the day that they are of by the same words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from commtrace.moments import written_dates

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december",
)  # fmt: skip
_NAMES = "|".join(f"{name[:3]}(?:{name[3:]})?" if name[3:] else name for name in _MONTHS)
_WITHOUT_YEAR = re.compile(
    rf"(?<!\w)([1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?\s(?:of\s)?({_NAMES})\b(?!\.?,?\s\d{{4}})",
    re.IGNORECASE,
)
_CURRENT = re.compile(
    r"\b(?:latest|current(?:ly)?|most recent|up[- ]to[- ]date|at present|to date|so far"
    r"|as it stands|as things stand|(?:are|is|have|has|stands?) now|now (?:have|has|stands?))\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"(?<![\w/.:-])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:\s?%| per cent)?(?![\w/:])"
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"'(])|\n\s*\n")
_BETWEEN = re.compile(
    r"\b(?:since|until|till|by|from|before|after|between|start\w*|begin\w*)\s*(?:the\s*)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A sentence that gives figures as current, the figures, and the day they are of."""

    said: str
    figures: tuple[str, ...]
    of: date


def dated_figures(text: str, day: date) -> tuple[Dated, ...]:
    """The sentences of a text of `day` that give figures as current and of one earlier day.

    A day without a year is the last of its name before `day`. A day that the sentence only begins
    or ends with ("since 4 January", "by 11 February") is not the day of its figures.
    """
    found = []
    for sentence in _SENTENCE.split(text):
        said = " ".join(sentence.split())
        if not _CURRENT.search(said):
            continue
        days, rest = _days(said, day)
        figures = tuple(match[0] for match in _FIGURE.finditer(rest))
        if figures and len(days) == 1 and (of := days.pop()) < day:
            found.append(Dated(said=said, figures=figures, of=of))
    return tuple(found)


def _days(said: str, day: date) -> tuple[set[date], str]:
    """The days a sentence names, and the sentence without the words that name any day."""
    places: list[tuple[int, int, date | None]] = [
        (one.start, one.end, one.day) for one in written_dates(said)
    ]
    places += [
        (match.start(), match.end(), _last(int(match[1]), match[2], day))
        for match in _WITHOUT_YEAR.finditer(said)
    ]
    days, rest = set(), said
    for start, end, one in sorted(places, key=lambda place: place[0], reverse=True):
        rest = f"{rest[:start]} {rest[end:]}"
        if one is not None and not _BETWEEN.search(said[:start]):
            days.add(one)
    return days, rest


def _last(number: int, name: str, day: date) -> date | None:
    """The last day of a number and month up to `day`; None where there is no such day."""
    month = next(n for n, one in enumerate(_MONTHS, 1) if one.startswith(name[:3].casefold()))
    for year in (day.year, day.year - 1):
        try:
            one = date(year, month, number)
        except ValueError:
            return None
        if one <= day:
            return one
    return None
