"""The words that name a time to come: a table of patterns, each with what reads it.

`days` and `offsets` say what a match means; `deadlines` chooses among what is found.
"""

# ruff: noqa: E501 - a pattern is read in one piece

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from commtrace.language import days, offsets
from commtrace.language.days import NUMBERS, Reading, Span

W = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)(?:['’]s)?"
)
M = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_N = r"\d{1,3}|" + "|".join(sorted(NUMBERS, key=len, reverse=True))
_TOMORROW = r"(?:tomorrow|tmrw|tmr|tomoz|tmoro)"
_TH = r"(?:st|nd|rd|th)"


@dataclass(frozen=True, slots=True)
class TimeWords:
    """One pattern: `rank` orders readings of one place, exact days first."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], Reading], Span | None]
    rank: int
    rough: bool = False

    @property
    def needs_figure(self) -> bool:
        """Whether nothing without a figure is meant by it."""
        return "(?P<d>" in self.pattern.pattern


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/.-])(?:{pattern})(?![\w/-])", re.IGNORECASE)


_Y = r"(?:,?\s+(?P<y>(?:19|20)\d\d|['’]\d\d|2\d(?=\s*(?:[,;)]|\.?$))))?"
TABLE: tuple[TimeWords, ...] = tuple(
    TimeWords(_compiled(pattern), read, rank, rough)
    for pattern, read, rank, rough in (
        (rf"(?:{W},?\s+)?(?:the\s+)?(?P<d>\d{{1,2}}){_TH}?(?:\s+of)?\s+(?P<m>{M})\b\.?{_Y}",
         days.day_month, 0, False),
        (rf"(?P<d>\d{{1,2}}){_TH}?-(?P<m>{M})(?:-(?P<y>(?:20)?\d\d))?", days.day_month, 0, False),
        (rf"(?P<w>{W}),?\s+\(?(?:the\s+)?(?P<d>\d{{1,2}})\)?(?!\s*(?:[:.]\d|[ap]m|{M}|to\b|-|–|\w))", days.of_the_month, 2, False),
        (rf"(?:{W},?\s+)?(?P<m>{M})\s+(?P<d>\d{{1,2}}){_TH}?{_Y}", days.day_month, 0, False),
        (r"(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)", days.iso, 0, False),
        (r"(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>(?:20)?\d\d)", days.figures, 0, False),
        (r"(?P<d>\d{1,2})/(?P<m>\d{1,2})(?P<y>(?!))?", days.figures, 2, False),
        ((rf"(?:between\s+)?(?:{W},?\s+)?(?:the\s+)?(?P<d>\d{{1,2}}){_TH}?(?:,\s*\d{{1,2}}{_TH}?){{0,5}},?\s*(?:and|to|until|-|–)\s*(?:{W},?\s+)?(?:the\s+)?(?P<e>\d{{1,2}}){_TH}?"
         rf"(?:\s+of)?\s+(?P<m>{M}){_Y}"), days.between, -1, False),
        (rf"(?:(?P<w>{W}),?\s+)?(?:the\s+)?(?P<d>\d{{1,2}}){_TH}(?P<next>\s+of\s+next\s+month)?", days.of_the_month, 2, False),
        ((rf"(?P<before>(?:this|next|this coming|coming)\s+)?(?P<w>{W})"
         r"(?P<after>\s+(?:of\s+)?next week|\s+week)?(?!\s+(?:(?:morning|afternoon|evening|night)s|(?:just )?gone|last|past)\b)"), days.on_weekday, 2, False),
        (rf"(?:(?P<n>{_N})\s+weeks?|fortnight)\s+(?:on\s+|from\s+)?(?P<from>today|{_TOMORROW}|{W})",
         offsets.weeks_from, 2, False),
        (rf"(?P<n>(?!))?(?P<from>(?:today|{_TOMORROW})\s+(?:week|fortnight)|{W}\s+fortnight)", offsets.weeks_from, 2, False),
        ((rf"(?P<which>first|second|third|fourth|last|1st|2nd|3rd|4th)\s+(?P<w>{W})\s+(?:in|of)\s+"
         rf"(?:(?P<m>{M}){_Y}|(?P<next>next)\s+month|(?:the|this)\s+month)"),
         offsets.weekday_of_month, 0, False),
        (rf"(?P<after>the day after )?{_TOMORROW}", days.tomorrow, 2, False),
        (r"(?:first thing )?in the morning(?!s)", offsets.next_morning, 6, False),
        (r"(?P<within>within )?(?:on )?(?:the )?next working day", days.next_working_day, 2, False),
        ((r"(?:later )?today|later(?: on)?(?=\W*$)|tonight|this (?:morning|afternoon|evening|lunchtime|am|pm|aft)|within the hour"
         r"|(?:in|within|over) the next (?:(?:half(?: an)?|few|couple of)[- ])?(?:hours?|minutes)|straight ?away|right away|(?:with )?immediate(?:ly| effect)"
         r"|in (?:about |around )?(?:\d+|ten|fifteen|twenty|thirty|forty|five) ?min(?:ute)?s|in (?:half an hour|an hour|a (?:minute|min|moment|sec|second|mo|bit|tick)(?! of))"),
         days.today, 2, False),
        ((r"(?:the\s+)?(?:end of (?:the |this )?(?:day|morning|afternoon|evening)|eod|eob|(?:close|end) of (?:play|business)|cop|cob)"
         r"|\d{1,2}(?:[.:]\d\d)?\s?[ap]m|(?:noon|midday|midnight)(?!\s+(?:on\s+)?the (?:day|night|evening) before)"
         r"|(?<=by )(?:lunch(?:time)?|tea ?time|bedtime|home ?time|half (?:past )?\w+|quarter (?:past|to) \w+)"
         r"|(?<=before )\d{1,2} today"), days.today, 6, False),
        ((rf"(?P<in>(?:in|during)\s+)?(?:the\s+)?"
         rf"(?P<kind>w/[cbe]|w[.]?c[.]?|w/?k (?:commencing|beginning|ending)|week (?:commencing|beginning|of|ending|starting|comm))[:.]?\s+"
         rf"(?:{W},?\s+)?(?:the\s+)?(?P<d>\d{{1,2}})(?:[/.](?P<f>\d{{1,2}})(?:[/.](?P<g>(?:20)?\d\d))?"
         rf"|{_TH}?(?:\s+of)?\s+(?P<m>{M})\b\.?{_Y}|{_TH})"),
         days.week_of, -1, False),
        (rf"weekend of (?:the\s+)?(?P<d>\d{{1,2}}){_TH}?(?:\s*(?:/|-|–|and|to)\s*\d{{1,2}}{_TH}?)?(?:\s+of)?\s+(?P<m>{M})\b{_Y}",
         offsets.weekend_of, -1, False),
        (rf"(?:w/c|week) (?:(?:commencing|beginning|starting) )?(?:on )?(?P<w>{W})(?!\s+(?:the )?\d)", offsets.week_from, 2, False),
        ((rf"(?:the\s+)?(?P<o>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth"
         rf"|fourteenth|fifteenth) of (?:(?P<m>{M})\b{_Y}|(?P<next>next) month|(?:the|this) month)"), offsets.ordinal, 2, False),
        (r"before the week (?:is out|ends)|by the week's end", offsets.week_out, 3, False),
        (r"month end", days.month_end, 3, False),
        (r"before the month (?:is out|ends)", days.month_end, 3, False),
        (r"(?:by )?this time next (?P<unit>week|month)", offsets.this_time, 2, False),
        (rf"(?P<w>{W})\s*(?:\bor\b|\bto\b|-|–)\s*(?P<v>{W})(?!\s+(?:the\s+)?\d)(?P<next>\s+(?:of\s+)?next week)?", offsets.either_day, 2, False),
        (rf"{_TOMORROW} or the (?:day after|next day)", offsets.next_days, 2, False),
        ((rf"(?:(?:within|in|(?<!just )over|inside|during)\s+(?!just\b)(?:the course of\s+)?(?:the\s+|about\s+|around\s+|approx(?:imately|[.])?\s+|roughly\s+|another\s+|(?:just\s+)?under\s+|some\s+)?(?:next\s+|coming\s+|following\s+)?"
         rf"|for\s+the\s+(?:next|coming)\s+|(?:up to|no more than|at most|not later than)\s+)"
         rf"(?:a\s+)?(?:(?:{_N})\s*(?:to|or|-|–)\s*)?(?P<n>{_N})?\s*(?:\(\w+\)\s*)?(?:(?:clear|full|whole|consecutive|more)\s+)?(?P<kind>working|school|business|calendar)?\s*"
         r"(?P<unit>(?<=\s)(?:h(?:ou)?rs?|days?|w(?:ee)?ks?|fortnights?|months?|mths?|years?))(?P<time>['’]?s?['’]? time)?"
         r"(?:\s+or (?:so|two))?(?!\s+of\s+(?!today|now|th(?:is|e date)|(?:the )?receipt|receiving))"), days.counted_or, 3, False),
        ((rf"(?P<n>{_N})\s*(?P<kind>working|school|business|calendar)?\s*(?P<unit>days?|weeks?|months?)"
         r"\s+(?:from|of)\s+(?:today|now|the date of (?:this|our)|(?:the )?receipt|receiving|this "
         r"(?:letter|email|e-mail|notice|message))"), offsets.days_from, 3, False),
        ((rf"(?:have|has|get|allow)\s+(?:you |us |them |up to |another |a further )?(?P<n>{_N})\s*"
         r"(?P<kind>working|school|business|calendar)?\s*(?P<unit>days?|weeks?|months?)\s+(?:to|in which)"),
         offsets.days_from, 3, False),
        ((rf"(?P<time>(?!))?(?:takes?|allow|be|give|expect|anticipate|another)\s+(?:it |them |you |us |me )?(?:about |around |roughly |up to |a further |approximately )*(?:a\s+)?(?:(?:{_N})\s*(?:to|or|-|–)\s*)?"
         rf"(?P<n>{_N})\s*(?P<kind>working|school|business|calendar)?\s*(?P<unit>days?|weeks?|fortnights?|months?)(?:\s+or (?:so|two))?\s+(?:before|until|till|to|for)"),
         days.counted_or, 3, False),
        ((rf"(?P<time>(?!))?(?:allow|give)\s+(?:it |them |you |us |me )?(?:(?:{_N})\s*(?:to|or|-|–)\s*)?"
         rf"(?P<n>{_N})\s*(?P<kind>working|school|business|calendar)?\s*(?P<unit>days?|weeks?|fortnights?|months?)(?=\W*$)"),
         days.counted_or, 3, False),
        (r"(?P<day>good friday|easter (?:sunday|monday|saturday)|maundy thursday|christmas (?:eve|day)|boxing day|new year['’]?s (?:eve|day)|may day)",
         offsets.named_day, 0, False),
        (rf"(?:the\s+)?(?P<unit>{W}|month|weekend)\s+after\s+next", offsets.after_next, 2, False),
        (r"(?:in|over)\s+the\s+(?:coming|next)\s+days", days.days_to_come, 3, False),
        (r"by return", days.by_return, 5, True),
        ((r"(?:very |quite )?(?:shortly|(?<!as )soon(?! as| enough))|a\.?s\.?a\.?p|as soon as (?:possible|(?:i|we|you|they) can"
         r"|practicable|(?:i am|we are|you are) able)|in due course|at (?:the|your|our) (?:very )?earliest"
         r" (?:opportunity|convenience)|as quickly as (?:possible|we can|i can)"), days.soon, 7, True),
    )
)  # fmt: skip
WITHOUT_FIGURES: tuple[TimeWords, ...] = tuple(one for one in TABLE if not one.needs_figure)
