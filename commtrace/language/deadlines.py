"""The time that a sentence sets: by when something is to be done, or from when it will be so.

What is said with "by", "before", "within" or "no later than" sets a time before what only names a
day; of several, the most exact. A day gone by, or one that the words tell of as past, sets none.
Lists of such phrases: gap-science section 4; the readings are held to a table of phrases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from commtrace.language.days import Reading, Span, counted_or, of_the_month, on_weekday
from commtrace.language.frames import framed
from commtrace.language.periods import PERIODS
from commtrace.language.timewords import TABLE, TimeWords
from commtrace.model import Deadline
from commtrace.workdays import Calendar

Order = tuple[bool, int, int, int]  # binding words first, then exact ones, long ones, early ones
_LONGEST = 2000  # characters of a sentence that are looked at
_LEADING = 100  # characters before a time in which the words that lead to it are sought
_MOST_DAYS = 800  # further away it is no deadline
_PART = (
    r"(?:(?:the\s+)?(?:close of (?:play|business)|end of (?:the )?(?:day|play)|end of business|cop|cob|eod|eob|noon|midnight|close|teatime|lunch"
    r"|midday|lunchtime|start|\d{1,2}(?:[.:]\d\d)?\s?(?:[ap]m)?|first thing|end)"
    r"\s*(?:on|of|at|by)?\s*)"
)
_CUE = re.compile(
    r"(?P<cue>\bby|\bnot before|\bno(?:t)? earlier than|\bbefore|\bahead of|\bprior to|\bin advance of|\bbetween now and|\bon or before|\bn(?:o|ot) later than|\buntil|\btill?|\bin time for"
    r"|\bready for|\bdeadline (?:is|of)|\bdue (?:on|by)?|\bwithin|\bup to)"
    rf"\s+(?:the\s+|this\s+)?(?P<part>{_PART}{{0,2}})$"
    r"|(?P<event>(?<!due )\bbefore|\bahead of|\bprior to|\bin advance of)\s+(?:the|our|your|h(?:is|er)|my"
    r"|their)\s+(?:[\w-]+\s+){1,3}(?:on|of)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"\b(?:since|(?<!will )last|previous|past|ago|dated|yesterday|(?:every|each)(?: other| second| single)?|this time)\s+(?:the\s+)?$"
    r"|\b\d+\s+(?:days|weeks|months)\s+$"
    r"|\b(?:thank(?:s| you) for(?! (?:letting|telling|confirming))|following|further to|refer(?:ring)? to|as per|with reference to"
    r"|in (?:reply|response) to)\s+(?:[\w-]+\s+){0,5}?(?:on|of|from|dated)?\s*(?:the\s+)?$"
    r"|(?:\bnot|n['’]t)\s+(?:be\s+)?(?:on\s+|for\s+)?$"
    r"|\b(?:said|wrote|sent|spoke|met|rang|mentioned|discussed|received|emailed|phoned|visited)\s+"
    r"(?:(?!to\b|that\b|will\b|would\b|it\b|for\b)[\w'’-]+\s+){0,4}on\s+(?:the\s+)?$"
    r"|\b(?:said|wrote|sent|spoke|met|rang|called|came|asked|happened)\s+(?:\w+\s+)?on\s+$",
    re.IGNORECASE,
)
_STRONG = re.compile(r"^(?:within|by|before|in the next|over the next|no later)\b", re.IGNORECASE)
_AWAY = re.compile(  # when somebody is away is told for the sake of another time, if one is told
    r"(?:\b(?:am|is|are|be|all)|['’](?:m|s|re))\s+(?:out(?: of (?:the )?office)?|away|off|not in|busy"
    r"|in meetings|on (?:annual )?(?:leave|holiday))\s+(?:all\s+)?"
    r"(?:on\s+)?$",
    re.IGNORECASE,
)
_LAST = 10  # added to the rank of such
_DAY_BEFORE = {"before", "ahead of", "prior to", "in advance of"}
_SHARP = 2  # ranks up to here name one day
_PAST = re.compile(  # what is told in these words is over: its day, and its count of days
    r"\b(?:was|were|had|did|(?:has|have|['’](?:s|ve)) been|born|sent|wrote|met|told|said|came|went|(?<!ve )(?<!has )got|rang"
    r"|spoke|gave|took|left|saw|heard|knew|began|sat|held|found|made|thought|felt|brought|kept|stood|lost"
    r"|paid|broke|chose|drove|ran|fell|meant|bought|caught|built|became|led|spent|(?!proceed|exceed|indeed)"
    r"\w{3,}ed)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(r"\b(?:was|were|(?<!ve )(?<!has )(?<!t )had|did|came|went|(?<!ve )(?<!has )got|rang)\b", re.IGNORECASE)
_AHEAD = re.compile(  # but with one of these it is not over
    r"\b(?:will|won['’]?t|cannot|can['’]t|shall|going to|aim|hope|intend|expect|plan|undertake|promise|must|should|please|can"
    r"|could|needs?|would|due|deadline|closing|starts?|begins?|['’]m\b|['’]re\b|am|sits?|meets?|falls|moves|(?:moved|changed|postponed|put back|brought forward|extended"
    r"|rescheduled|booked|scheduled|arranged|planned|listed|set|pencilled in|down)\s+(?:[\w-]+\s+){0,4}?(?:to|until|till|for)|have (?:no|a|to|until)|ends?|finishes|expires?|takes place|(?:re)?opens?|closes?|resumes?|returns?"
    r"|go(?:es)? live|takes? (?:effect|over)|comes? into|from|effect|is|are|if|unless|gets?|being|invited|let|(?:agreed|decided|promised"
    r"|undertook|undertaken|offered|planned|arranged|wants?|hoping|waiting|(?:asked|told) \w+) to|asked (?:\w+ ){0,2}for)\b"
    r"|\w['’]d (?!been\b|had\b|got\b|said\b|told\b|already\b|never\b|just\b|\w+ed\b)\w+|['’]ll\b",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"\b(?:next|coming|tom\w+|tmr\w*|tonight|later)\b|day week\b|\bweeks? (?:on|from|today)\b",
    re.IGNORECASE,
)
_HABIT = re.compile(  # what comes round sets no time, unless something is undertaken
    r"\b(?:always|usually|normally|generally|often|sometimes|(?:once|twice|\w+ times) an? \w+"
    r"|(?:of )?(?:each|every) (?:other )?(?:day|week|month|term|year|morning|afternoon|evening)|termly|fortnightly"
    r"|mon(?:day)?\s*(?:-|–|to)\s*fri(?:day)?(?!\s+(?:\d|next|of|this)))\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:–]|\b(?:but|so|because|who|which)\b", re.IGNORECASE)
_UNDERTAKEN = re.compile(r"\b(?:will|shall|must|should|please|could|would)\b|['’]ll\b", re.I)
_JOINED = re.compile(
    r"(?:\s+(?:morning|afternoon|evening|night|lunchtime|[ap]m)\b)?\s*(?:,?\s+(?:to|through|until|till|and|or|through to|up to)\s+|[-–&]\s*)(?:on\s+|possibly\s+"
    r"|maybe\s+|perhaps\s+|until\s+|first thing\s+|early\s+|by\s+)?",
    re.IGNORECASE,
)
_LATEST = re.compile(r"(?:\s+\w+)?\s+(?:at the (?:very )?)?latest\b", re.IGNORECASE)
_QUICK = re.compile(  # nothing below is found without one of these
    r"\d|days?\b|week|month|term|hour|night|noon|today|tomorrow|tmr|tomoz|tmoro|\b(?:mon|tues?"
    r"|weds?|thur?s?|fri|sat|sun|jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)|eod|cop\b"
    r"|cob\b|close of|year|christmas|easter|children|pupils|return|xmas|hols|lunch|bedtime|tea|\bback\b|20\d\d|minutes|half|quarter|soon|shortly|later|play|midnight|convenience|eve\b|immediate|\baway|a\.?s\.?a\.?p"
    r"|due course|opportunity|break|schools?|minute|moment|\ban? (?:sec|mo|min|bit|tick)|morning|afternoon|evening",
    re.IGNORECASE,
)


def deadline(said: str, day: date, calendars: Mapping[str, Calendar]) -> Deadline | None:
    """The time that a sentence, said on a day in Europe/London, sets; None where it sets none.

    `calendars` are those of the case (`norms.calendars`): "working" and "school" are used.
    """
    sentence = said[:_LONGEST]
    if not _QUICK.search(sentence):
        return None
    if _HABIT.search(sentence) and not _UNDERTAKEN.search(sentence):
        return None
    reading = Reading(day, calendars)
    periods = list(_named_periods(sentence, reading))
    days = (
        one
        for one in _named_days(sentence, reading)
        if not any(of.start < one[1].start and one[1].end <= of.end for _, of in periods)
    )
    found = (*days, *periods)
    return min(found, key=lambda one: one[0])[1] if found else None


def _named_periods(sentence: str, reading: Reading) -> Iterator[tuple[Order, Deadline]]:
    """Weeks, months, terms, holidays and years, with the words before them."""
    tense = _Tense.of(sentence)
    for words in PERIODS:
        for match in words.pattern.finditer(sentence):
            period = words.read(match, reading)
            found = period and framed(sentence, match.start(), period, reading)
            if not found or _GONE.search(_before(sentence, found.start)):
                continue
            first, last = max(found.span[0], reading.day), found.span[1]
            if (last - reading.day).days > _MOST_DAYS:
                continue
            said = sentence[found.start : match.end()].rstrip(" .,;")
            told = _tense(sentence, found.start, tense)
            if (told.over if found.strong else told.past) and not (
                told.ahead or _FORWARD.search(said)
            ):
                continue
            order = (not found.strong, words.rank, found.start, -len(said))
            yield order, Deadline(
                words=said, start=found.start, end=found.start + len(said), first=first, last=last
            )


@dataclass(frozen=True, slots=True)
class _Tense:
    """Whether words look ahead, tell of the past, or tell it in a verb that nothing softens."""

    ahead: bool
    past: bool
    over: bool

    @classmethod
    def of(cls, words: str) -> _Tense:
        return cls(*(one.search(words) is not None for one in (_AHEAD, _PAST, _TOLD)))


@dataclass(frozen=True, slots=True)
class _Found:
    """A name of days in a sentence, and the days it means."""

    match: re.Match[str]
    words: TimeWords
    span: Span
    rank: int
    end: int
    binds: bool = False


def _named_days(sentence: str, reading: Reading) -> Iterator[tuple[Order, Deadline]]:
    """Days by their names, dates and counts, and what two of them enclose."""
    tense = _Tense.of(sentence)
    alone = [
        _Found(match, words, span, words.rank, match.end())
        for words in TABLE
        for match in words.pattern.finditer(sentence)
        if not _GONE.search(_before(sentence, match.start()))
        and (span := words.read(match, reading)) is not None
    ]
    outer = list(_outermost(alone))
    for one in (*outer, *_pairs(sentence, outer)):
        start, strong, span = _with_cue(sentence, one, reading)
        if span is None or span[1] < reading.day:
            continue
        if (span[1] - reading.day).days > _MOST_DAYS:
            continue
        said = sentence[start : one.end].rstrip(" .,;")
        told_here = _tense(sentence, start, tense)
        if _is_over(one.words, one.match[0], strong, told_here):
            continue
        rank = one.rank + _LAST * bool(_AWAY.search(_before(sentence, start)))
        order = (not strong, rank, one.match.start(), one.match.start() - one.end)
        yield (
            order,
            Deadline(
                words=said,
                start=start,
                end=start + len(said),
                first=max(span[0], reading.day),
                last=span[1],
                rough=one.words.rough,
            ),
        )


def _outermost(found: list[_Found]) -> Iterator[_Found]:
    """All but the names that lie inside a longer one: "today" in "21 days from today"."""
    reach = start = -1
    for one in sorted(found, key=lambda each: (each.match.start(), -each.end)):
        if one.end > reach or (one.match.start(), one.end) == (start, reach):
            reach, start = one.end, one.match.start()
            yield one


def _with_cue(sentence: str, one: _Found, reading: Reading) -> tuple[int, bool, Span | None]:
    """Where a name starts with the words that bind it, whether any does, and its days with them."""
    start, span = one.match.start(), one.span
    before = _before(sentence, start)
    cue = _CUE.search(before)
    latest = one.rank <= _SHARP and _LATEST.match(sentence, one.end)
    strong = bool(cue or latest or one.binds or _STRONG.match(one.match[0]))
    head = (cue["cue"] or cue["event"]).casefold() if cue else ""
    if head in _DAY_BEFORE and one.rank <= _SHARP and not (cue and cue["part"]):
        day = span[1] - timedelta(days=1)
        span = (day, day)
    elif head == "between now and":
        span = (reading.day, span[1])
    return (start - len(before) + cue.start() if cue else start), strong, span


def _before(sentence: str, start: int) -> str:
    return sentence[max(0, start - _LEADING) : start]


def _pairs(sentence: str, alone: list[_Found]) -> Iterator[_Found]:
    """Two days with "to", "or" or a dash between them: from the one to the other."""
    sharp = [one for one in alone if one.rank <= _SHARP and one.span[0] == one.span[1]]
    longest: dict[int, _Found] = {}
    for one in sharp:
        if one.match.start() not in longest or longest[one.match.start()].end < one.end:
            longest[one.match.start()] = one
    for one in longest.values():
        between = _JOINED.match(sentence, one.end)
        other = between and (longest.get(between.end()) or longest.get(_past_the(sentence, between)))
        if other is None or between is None:
            continue
        if _LATEST.match(sentence, other.end):
            continue  # the second binds by itself
        weekdays = one.words.read is other.words.read is on_weekday
        next_week = weekdays and "next" in (other.match["after"] or "").casefold()
        if weekdays and not next_week and " and " in between[0].casefold():
            if not _before(sentence, one.match.start()).casefold().endswith("between "):
                continue  # on each of them: the first counts
        first, last = _first_of_two(one, other), other.span[1]
        if weekdays and (last - first).days > 6:  # noqa: PLR2004 - "Monday or Tuesday next week"
            first += timedelta(days=7)
        while last < first and other.words.read is on_weekday:
            last += timedelta(days=7)
        if first < last and (last - first).days < _MOST_DAYS:
            binds = not re.search(r"\b(?:or|and)\b|&", between[0], re.IGNORECASE)
            yield _Found(one.match, other.words, (first, last), -1, other.end, binds)


def _past_the(sentence: str, between: re.Match[str]) -> int:
    return between.end() + (4 if sentence[between.end() :][:4].casefold() == "the " else 0)


def _first_of_two(one: _Found, other: _Found) -> date:
    """The first of two days: a mere number takes the month of the second."""
    if one.words.read is of_the_month and int(one.match["d"]) < other.span[0].day:
        return other.span[0].replace(day=int(one.match["d"]))
    return one.span[0]


def _tense(sentence: str, start: int, whole: _Tense) -> _Tense:
    """The tense of the clause before a time; where it tells none, that of the sentence."""
    before = _before(sentence, start)
    clauses = _CLAUSE.split(before)
    clause = _Tense.of(clauses[-1]) if len(clauses) > 1 else whole
    return clause if clause.ahead or clause.past else whole


def _is_over(words: TimeWords, said: str, strong: bool, tense: _Tense) -> bool:
    """Whether a time is told as one gone by: in words of the past, and none that look ahead."""
    if tense.ahead:
        return False
    if words.read is counted_or:
        return tense.past
    if _FORWARD.search(said) or (strong and not tense.over):
        return False
    return tense.past
