"""The time that a sentence sets: by when something is to be done, or from when it will be so.

What is said with "by", "before", "within" or "no later than" sets a time before what only names a
day; of several, the most exact. A day gone by, or one that the words tell of as past, sets none.
Lists of such phrases: gap-science section 4; the readings are held to a table of phrases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from commtrace.language.days import Reading, counted_or
from commtrace.language.timewords import TABLE, TimeWords
from commtrace.model import Deadline
from commtrace.workdays import Calendar

_LONGEST = 2000  # characters of a sentence that are looked at
_MOST_DAYS = 800  # further away it is no deadline
_PART = (
    r"(?:(?:the\s+)?(?:close of (?:play|business)|end of (?:the )?(?:day|play)|cop|cob|eod|noon"
    r"|midday|lunchtime|start|\d{1,2}(?:[.:]\d\d)?\s?(?:[ap]m)?|first thing|end)"
    r"\s*(?:on|of|at|by)?\s*)"
)
_CUE = re.compile(
    r"(?P<cue>\bby|\bbefore|\bon or before|\bn(?:o|ot) later than|\buntil|\btill|\bin time for"
    r"|\bready for|\bdeadline (?:is|of)|\bcloses? on|\bdue (?:on|by)?|\bwithin|\bup to)"
    rf"\s+(?:the\s+|this\s+)?{_PART}{{0,2}}$",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"\b(?:since|(?<!will )last|previous|past|ago|dated|yesterday|every|each)\s+(?:the\s+)?$"
    r"|\b(?:said|wrote|sent|spoke|met|rang|called|came|asked|happened)\s+(?:\w+\s+)?on\s+$",
    re.IGNORECASE,
)
_STRONG = re.compile(r"^(?:within|by|before|in the next|over the next|no later)\b", re.IGNORECASE)
_SHARP = 2  # ranks up to here name one day
_PAST = re.compile(  # what is told in these words is over: its day, and its count of days
    r"\b(?:was|were|had|did|has been|have been|born|sent|wrote|met|told|said|came|went|got|rang"
    r"|spoke|gave|took|left|saw|heard|knew|began|\w{3,}ed)\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(  # but with one of these it is not over
    r"\b(?:will|shall|going to|aim|hope|intend|expect|plan|undertake|promise|must|should|please|can"
    r"|could|needs?|would|due|deadline|consultation|closing|starts?|begins?|(?:re)?opens?|closes?|resumes?|returns?"
    r"|go(?:es)? live|takes? (?:effect|over)|comes? into|from|effect|is|are|invited|let|i['’]d"
    r"|we['’]d)\b|['’]ll\b",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"\b(?:next|coming|tom\w+|tmr\w*|tonight|later)\b|day week\b|\bweeks? (?:on|from|today)\b",
    re.IGNORECASE,
)
_QUICK = re.compile(  # nothing below is found without one of these
    r"\d|days?\b|week|month|term|hour|night|noon|today|tomorrow|tmr|tomoz|tmoro|\b(?:mon|tues?"
    r"|weds?|thur?s?|fri|sat|sun|jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)|eod|cop\b"
    r"|cob\b|close of|year|christmas|easter|children|pupils|return|soon|shortly|a\.?s\.?a\.?p"
    r"|due course|opportunity|break|schools?|morning|afternoon|evening",
    re.IGNORECASE,
)


def deadline(said: str, day: date, calendars: Mapping[str, Calendar]) -> Deadline | None:
    """The time that a sentence, said on a day in Europe/London, sets; None where it sets none.

    `calendars` are those of the case (`norms.calendars`): "working" and "school" are used.
    """
    sentence = said[:_LONGEST]
    if not _QUICK.search(sentence):
        return None
    found = sorted(_found(sentence, Reading(day, calendars)), key=lambda one: one[0])
    return found[0][1] if found else None


def _found(sentence: str, reading: Reading) -> Iterator[tuple[tuple[int, int, int, int], Deadline]]:
    ahead, past = (pattern.search(sentence) is not None for pattern in (_AHEAD, _PAST))
    for words in TABLE:
        for match in words.pattern.finditer(sentence):
            before = sentence[: match.start()]
            if _GONE.search(before):
                continue
            span = words.read(match, reading)
            if span is None or span[1] < reading.day:
                continue
            first, last = max(span[0], reading.day), span[1]
            if (last - reading.day).days > _MOST_DAYS:
                continue
            cue = _CUE.search(before)
            start = cue.start() if cue else match.start()
            said = sentence[start : match.end()].rstrip(" .,;")
            if cue and cue["cue"].casefold() == "before" and words.rank <= _SHARP:
                first = last = last - timedelta(days=1)
                if last < reading.day:
                    continue
            strong = bool(cue or _STRONG.match(match[0]))
            if _is_over(words, match[0], strong=strong, ahead=ahead, past=past):
                continue
            order = (not strong, words.rank, -len(match[0].rstrip(" .")), match.start())
            deadline_ = Deadline(
                words=said,
                start=start,
                end=start + len(said),
                first=first,
                last=last,
                rough=words.rough,
            )
            yield order, deadline_


def _is_over(words: TimeWords, said: str, *, strong: bool, ahead: bool, past: bool) -> bool:
    """Whether a time is told as one gone by: in words of the past, and none that look ahead.

    A weekday is one gone by where nothing looks ahead: "thank you for your call on Friday".
    """
    if ahead:
        return False
    if words.read is counted_or:
        return past
    if strong or _FORWARD.search(said):
        return False
    return past or 0 < words.rank <= _SHARP
