"""The words that lead to a time, or away from it: "by close of play on", "since", "out on".

They stand before a name of days (`timewords`); a week, a term or a holiday has its own (`frames`).
"""

# ruff: noqa: E501 - a pattern is read in one piece

from __future__ import annotations

import re

_LEADING = 100  # characters before a time in which the words that lead to it are sought
_PART = (
    r"(?:(?:the\s+)?(?:close of (?:play|business)|end of (?:the )?(?:day|play)|end of business|cop|cob|eod|eob|noon|midnight|close|teatime|lunch"
    r"|midday|lunchtime|start|\d{1,2}(?:[.:]\d\d)?\s?(?:[ap]m)?|first thing|end)"
    r"\s*(?:on|of|at|by)?\s*)"
)
CUE = re.compile(
    r"(?P<cue>\bby|\bnot before|\bno(?:t)? earlier than|\bbefore|\bahead of|\bprior to|\bin advance of|\bbetween now and|\bon or before|\bn(?:o|ot) later than|\buntil|\btill?|\bin time for"
    r"|\bready for|\bdeadline (?:is|of)|\bdue (?:on|by)?|\bwithin|\bup to)"
    rf"\s+(?:the\s+|this\s+)?(?P<part>{_PART}{{0,2}})$"
    r"|(?P<event>(?<!due )\bbefore|\bahead of|\bprior to|\bin advance of)\s+(?:the|our|your|h(?:is|er)|my"
    r"|their)\s+(?:[\w-]+\s+){1,3}(?:on|of)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
GONE = re.compile(
    r"\b(?:since|(?<!will )last|previous|past|ago|(?:first|second|third|fourth|only) time|dated|yesterday|(?:every|each)(?: other| second| single)?|this time)\s+(?:the\s+)?$"
    r"|\b\d+\s+(?:school |working )?(?:days|weeks|months)\s+$"
    r"|\b(?:thank(?:s| you) for(?! (?:letting|telling|confirming))|following|further to|refer(?:ring)? to|as per|with reference to"
    r"|in (?:reply|response) to)\s+(?:[\w-]+\s+){0,5}?(?:on|of|from|dated)?\s*(?:the\s+)?$"
    r"|(?:\bnot|n['’]t)\s+(?:be\s+)?(?:on\s+|for\s+)?$"
    r"|(?<!be )\b(?:said|wrote|sent|spoke|met|rang|mentioned|discussed|received|emailed|phoned|visited)\s+"
    r"(?:(?!to\b|that\b|will\b|would\b|it\b|for\b|by\b|before\b|no\b)[\w'’-]+\s+){0,4}on\s+(?:the\s+)?$"
    r"|(?<!be )\b(?:said|wrote|sent|spoke|met|rang|called|came|asked|happened)\s+(?:\w+\s+)?on\s+$",
    re.IGNORECASE,
)
STRONG = re.compile(r"^(?:within|by|before|in the next|over the next|no later)\b", re.IGNORECASE)
AWAY = re.compile(  # when somebody is away is told for the sake of another time, if one is told
    r"(?:\b(?:am|is|are|be|all)|['’](?:m|s|re))\s+(?:out(?: of (?:the )?office)?|away|off|not in|busy"
    r"|in meetings|on (?:annual )?(?:leave|holiday))\s+(?:all\s+)?"
    r"(?:on\s+)?$",
    re.IGNORECASE,
)
JOINED = re.compile(
    r"(?:\s+(?:morning|afternoon|evening|night|lunchtime|[ap]m)\b)?\s*(?:,?\s+(?:to|through|until|till|and|or|through to|up to)\s+|[-–&]\s*)(?:on\s+|possibly\s+"
    r"|maybe\s+|perhaps\s+|until\s+|first thing\s+|early\s+|by\s+|\d{1,2}(?:[.:]\d\d)?\s?[ap]m\s+(?:on\s+)?)?",
    re.IGNORECASE,
)
LATEST = re.compile(r"(?:\s+\w+)?\s+(?:at the (?:very )?)?latest\b", re.IGNORECASE)
QUICK = re.compile(  # nothing below is found without one of these
    r"\d|days?\b|week|month|term|hour|night|noon|today|tomorrow|tmr|tomoz|tmoro|\b(?:mon|tues?"
    r"|weds?|thur?s?|fri|sat|sun|jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)|eod|cop\b"
    r"|cob\b|close of|year|christmas|easter|children|pupils|return|xmas|hols|lunch|bedtime|tea|\bback\b|20\d\d|min(?:ute)?s\b|half|quarter|soon|shortly|later|play|midnight|convenience|eve\b|immediate|\baway|a\.?s\.?a\.?p"
    r"|due course|opportunity|break|schools?|minute|moment|\ban? (?:sec|mo|min|bit|tick)|morning|afternoon|evening",
    re.IGNORECASE,
)
DAY_BEFORE = {"before", "ahead of", "prior to", "in advance of"}


def before(sentence: str, start: int) -> str:
    """What stands before a place in a sentence, as far back as it matters."""
    return sentence[max(0, start - _LEADING) : start]
