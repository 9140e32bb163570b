"""The time that a sentence sets: by when something is to be done, or from when it will be so.

What is said with "by", "before", "within" or "no later than" sets a time before what only names a
day; of several, the most exact. A day gone by, or one that the words tell of as past, sets none.
Lists of such phrases: gap-science section 4; the readings are held to a table of phrases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from commtrace.language.days import Reading
from commtrace.language.timewords import TABLE
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
    r"\b(?:since|last|previous|past|ago|dated|yesterday|every|each)\s+(?:the\s+)?$", re.IGNORECASE
)
_STRONG = re.compile(r"^(?:within|by|before|in the next|over the next|no later)\b", re.IGNORECASE)
_SHARP = 2  # ranks up to here name one day
_AHEAD = re.compile(  # without one of these a day that is only named is one gone by
    r"\b(?:will|shall|going to|aim|hope|intend|expect|plan|undertake|promise|must|should|please|can"
    r"|could|need|would|due|deadline|consultation|starts?|begins?|opens?|closes?|from|effect|is|are|invited|let"
    r"|i['’]d|we['’]d)\b|['’]ll\b",
    re.IGNORECASE,
)
_QUICK = re.compile(  # nothing below is found without one of these
    r"\d|days?\b|week|month|term|hour|night|noon|today|tomorrow|\b(?:mon|tues?|weds?|thur?s?|fri"
    r"|sat|sun|jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)|eod|cop\b|cob\b|close of|year"
    r"|christmas|easter|return|soon|shortly|a\.?s\.?a\.?p|due course|opportunity|break|schools?"
    r"|morning|afternoon|evening",
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
            if not strong and words.rank <= _SHARP and not _AHEAD.search(sentence):
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
