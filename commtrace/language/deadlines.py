"""The time that a sentence sets: by when something is to be done, or from when it will be so.

What is said with "by", "before", "within" or "no later than" sets a time before what only names a
day; of several, the most exact, then the first. A day gone by, or one that the words tell of as
past, sets none. Days are named by `timewords`, stretches of days by `periods` with their `frames`.
Lists of such phrases: gap-science section 4; the readings are held to a table of phrases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from commtrace.language.days import Reading, Span, counted_or
from commtrace.language.frames import framed
from commtrace.language.leads import AWAY, CUE, DAY_BEFORE, GONE, LATEST, QUICK, STRONG, before
from commtrace.language.pairs import SHARP, Found, outermost, pairs
from commtrace.language.periods import PERIOD_NAMES, PERIODS
from commtrace.language.tenses import NO_TENSE, Tense, comes_round, is_over, tense_at
from commtrace.language.timewords import TABLE, WITHOUT_FIGURES
from commtrace.model import Deadline
from commtrace.workdays import Calendar

_LONGEST = 2000  # characters of a sentence that are looked at
_MOST_DAYS = 800  # further away it is no deadline
_LAST = 10  # added to the rank of a day on which somebody is away
_DAY = timedelta(days=1)
_UNTIL = re.compile(r"(?:up )?(?:until|till?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Time:
    """A time that a sentence sets, and how it stands to others: the least is taken."""

    order: tuple[bool, int, int, int]
    deadline: Deadline


def deadline(said: str, day: date, calendars: Mapping[str, Calendar]) -> Deadline | None:
    """The time that a sentence, said on a day in Europe/London, sets; None where it sets none.

    `calendars` are those of the case (`norms.calendars`): "working" and "school" are used.
    """
    sentence = said[:_LONGEST]
    if not QUICK.search(sentence):
        return None
    reading = Reading(day, calendars)
    periods = list(_periods(sentence, reading))
    days = [
        one
        for one in _days(sentence, reading)
        if not any(_inside(one.deadline, other.deadline) for other in periods)
    ]
    both = (*days, *periods, *_spans(sentence, days, periods))
    found = min(both, key=lambda one: one.order, default=None)
    return found.deadline if found and not comes_round(sentence) else None


def _inside(one: Deadline, other: Deadline) -> bool:
    return other.start < one.start and one.end <= other.end


def _spans(sentence: str, days: list[_Time], periods: list[_Time]) -> Iterator[_Time]:
    """From a day until a stretch: "from Monday until the end of term"."""
    ends = {one.deadline.end: one.deadline for one in days}
    for period in (one.deadline for one in periods if _UNTIL.match(one.deadline.words)):
        day = ends.get(len(sentence[: period.start].rstrip()))
        if (
            day
            and before(sentence, day.start).casefold().endswith("from ")
            and day.first < period.last
        ):
            words = sentence[day.start : period.end]
            span = Deadline(
                words=words, start=day.start, end=period.end, first=day.first, last=period.last
            )
            yield _Time((False, -1, day.start, -len(words)), span)


def _periods(sentence: str, reading: Reading) -> Iterator[_Time]:
    """Weeks, months, terms, holidays and years, with the words before them."""
    if not PERIOD_NAMES.search(sentence):
        return
    named = [
        (words, match, found)
        for words in PERIODS
        for match in words.pattern.finditer(sentence)
        if (period := words.read(match, reading))
        and (found := framed(sentence, match.start(), period, reading))
        and not GONE.search(before(sentence, found.start))
    ]
    tense = Tense.of(sentence) if named else NO_TENSE
    for words, match, found in named:
        said = sentence[found.start : match.end()]
        told = tense_at(sentence, found.start, tense)
        if is_over(said, told, strong=found.strong, counted=False):
            continue
        rank = words.rank + _LAST * found.loose
        order = (not found.strong, rank, found.start, -len(said))
        yield from _time(order, sentence, (found.start, match.end()), found.span, reading)


def _days(sentence: str, reading: Reading) -> Iterator[_Time]:
    """Days by their names, dates and counts, and what two of them enclose."""
    table = TABLE if any(character.isdigit() for character in sentence) else WITHOUT_FIGURES
    alone = [
        Found(match, words, span, words.rank, match.end())
        for words in table
        for match in words.pattern.finditer(sentence)
        if not GONE.search(before(sentence, match.start()))
        and (span := words.read(match, reading)) is not None
    ]
    outer = list(outermost(alone))
    tense = Tense.of(sentence) if outer else NO_TENSE
    for one in (*outer, *pairs(sentence, outer)):
        start, strong, span = _with_cue(sentence, one, reading)
        told, counted = tense_at(sentence, start, tense), one.words.read is counted_or
        if is_over(one.match[0], told, strong=strong, counted=counted):
            continue
        rank = one.rank + _LAST * bool(AWAY.search(before(sentence, start)))
        order = (not strong, rank, one.match.start(), one.match.start() - one.end)
        yield from _time(order, sentence, (start, one.end), span, reading, rough=one.words.rough)


def _time(
    order: tuple[bool, int, int, int],
    sentence: str,
    place: tuple[int, int],
    span: Span,
    reading: Reading,
    *,
    rough: bool = False,
) -> Iterator[_Time]:
    """The time, unless it is over on the day or too far away."""
    first, last = max(span[0], reading.day), span[1]
    if reading.day <= last and (last - reading.day).days <= _MOST_DAYS:
        said = sentence[slice(*place)].rstrip(" .,;")
        end = place[0] + len(said)
        found = Deadline(words=said, start=place[0], end=end, first=first, last=last, rough=rough)
        yield _Time(order, found)


def _with_cue(sentence: str, one: Found, reading: Reading) -> tuple[int, bool, Span]:
    """Where a name starts with the words that bind it, whether any does, and its days with them."""
    start, span = one.match.start(), one.span
    words = before(sentence, start)
    cue = CUE.search(words)
    latest = one.rank <= SHARP and LATEST.match(sentence, one.end)
    strong = bool(cue or latest or one.binds or STRONG.match(one.match[0]))
    if cue is None:
        return start, strong, span
    head = (cue["cue"] or cue["event"]).casefold()
    if head in DAY_BEFORE and one.rank <= SHARP and not cue["part"]:
        span = (span[1] - _DAY, span[1] - _DAY)
    elif head == "between now and":
        span = (reading.day, span[1])
    return start - len(words) + cue.start(), strong, span
