"""Whether a sentence tells of what is past, of what comes round, or looks ahead.

The clause before a time counts before the whole sentence: "the letter is dated Friday but came
today".
"""

# ruff: noqa: E501 - a pattern is read in one piece

from __future__ import annotations

import re
from dataclasses import dataclass

from commtrace.language.leads import before

_PAST = re.compile(  # what is told in these words is over: its day, and its count of days
    r"\b(?:(?:was|were|had|did)(?:n['’]t)?|(?:has|have|['’](?:s|ve)) (?:been|gone|seen|spent|overspent|kept|lost|heard)|yesterday|last (?:week|night|month|year|term)|ago|born|sent|wrote|met|told|said|came|went|(?<!ve )(?<!has )got|rang"
    r"|spoke|gave|took|left|saw|heard|knew|began|sat|held|found|made|thought|felt|brought|kept|stood|lost"
    r"|paid|broke|chose|drove|ran|fell|meant|bought|caught|built|became|led|spent|(?!proceed|exceed|indeed)"
    r"\w{3,}ed)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(  # even what is said with "by" is over in these
    r"\b(?:(?:was|were|did)(?:n['’]t)?|(?<!ve )(?<!has )(?<!t )had|came|went|(?<!ve )(?<!has )got|rang)\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(  # but with one of these it is not over
    r"\b(?:will|won['’]?t|cannot|can['’]t|shall|going to|aim|hope|intend|expect|plan|undertake|promise|must|should|please|can"
    r"|could|needs?|would|due|deadline|consultation|closing|starts?|begins?|['’]m\b|['’]re\b|am|sits?|meets?|falls|moves|(?:moved|changed|postponed|put back|brought forward|extended|promised|offered"
    r"|rescheduled|booked|scheduled|arranged|planned|listed|set|pencilled in|down)\s+(?:[\w-]+\s+){0,4}?(?:to|until|till|for)|(?:has|have|['’]ve got) (?:no|an?|to|until|till)|ends?|finishes|expires?|takes place|(?:re)?opens?|closes?|resumes?|returns?"
    r"|go(?:es)? live|takes? (?:effect|over)|comes? into|from (?:the )?(?=\d|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|next|to|half|term|start|beginning|easter|when|january)|effect|is|are|if|unless|gets|being|invited|let|(?:agreed|decided|promised"
    r"|undertook|undertaken|offered|planned|arranged|wants?|hoping|waiting|(?:asked|told) \w+) to|asked (?:\w+ ){0,2}for)\b"
    r"|\w['’]d (?!been\b|had\b|got\b|said\b|told\b|already\b|never\b|just\b|\w+ed\b)\w+|['’]ll\b"
    r"|\b(?:it|that|there|here)['’]s (?!been\b|gone\b|\w+ed\b)",
    re.IGNORECASE,
)
_REPORTED = re.compile(  # what "would" be, as was said once
    r"\b(?:was|were) (?:told|promised|assured|advised|informed|supposed|meant|due)\b"
    r"|\b(?:should|could|would)(?:n['’]t| never| not)? have\b",
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
_UNDERTAKEN = re.compile(
    r"\b(?:will|shall|must|should|please|could|would)\b|['’]ll\b", re.IGNORECASE
)
_ONE_CLAUSE = 2  # what stands before a time, and what after it
_CLAUSE = re.compile(
    r"[,;:–]|\b(?:but|so|because|who|which|recall|remember|and (?=(?:i|we|you|they|he|she|it|will|are|is)\b))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Tense:
    """Whether words look ahead, tell of the past, or tell it in a verb that nothing softens."""

    ahead: bool
    past: bool
    over: bool

    @classmethod
    def of(cls, words: str) -> Tense:
        """The tense of some words."""
        ahead, past, over = (one.search(words) is not None for one in (_AHEAD, _PAST, _TOLD))
        return cls(ahead and not _REPORTED.search(words), past, over)


NO_TENSE = Tense(ahead=False, past=False, over=False)


def comes_round(sentence: str) -> bool:
    """Whether a sentence tells what happens again and again, and undertakes nothing."""
    return bool(_HABIT.search(sentence)) and not _UNDERTAKEN.search(sentence)


def tense_at(sentence: str, start: int, whole: Tense) -> Tense:
    """The tense of the clause before a time; where it tells none, that of the sentence."""
    clauses = _CLAUSE.split(before(sentence, start))
    rest = _CLAUSE.split(sentence[start:], maxsplit=1)
    if len(clauses) + len(rest) == _ONE_CLAUSE:
        return whole
    clause = Tense.of(clauses[-1] + (rest[0] if len(clauses) == 1 else ""))
    return clause if clause.ahead or clause.past else whole


def is_over(said: str, tense: Tense, *, strong: bool, counted: bool) -> bool:
    """Whether a time is told as one gone by: in words of the past, and none that look ahead.

    What binds ("by Friday") is over only in a verb of the past; a count of days in any past word.
    """
    if tense.ahead:
        return False
    if counted:
        return tense.past
    if _FORWARD.search(said):
        return False
    return tense.over if strong else tense.past
