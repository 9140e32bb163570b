"""Sentences that consult: what they are about, and the last day to answer that they name."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from commtrace.gaps._columns import share, tokens
from commtrace.gaps._matter import coming, days_named
from commtrace.model import Deadline
from commtrace.view import View

_MATTER = 0.4  # share of telling words by which a message is about the same consultation
CONSULTS = re.compile(
    r"\b(?:consultations?|consulting|consulted|have your say|views (?:are )?(?:sought|invited)"
    r"|survey|questionnaire|engagement exercise)\b",
    re.IGNORECASE,
)
_SAID_OF_IT = frozenset(  # what every consultation says
    """
    consultation consulting consult consulted views view survey questionnaire open opens opening
    close closes closing runs run ends end until between respond responses respond comments draft
    public january february march april june july august september october november december monday
    tuesday wednesday thursday friday extended invites say
    """.split()  # noqa: SIM905 - words are read as words
)
_YEAR = 366  # days; a day named further away closes nothing


def last_day(said: str, due: Deadline, day: date) -> date:
    """The last day that a sentence names within a year: of "from the 1st to the 9th" the 9th."""
    named = {one if isinstance(one, date) else coming(one, day) for one in days_named(said)}
    return max({one for one in named if (one - day).days <= _YEAR} | {due.last})


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two share words enough to be about the same, and more than a single one."""
    return len(one & other) > 1 and share(one, other) >= _MATTER


@lru_cache(maxsize=65_536)
def words_of_subject(subject: str) -> frozenset[str]:
    """The telling words of a subject; one subject stands over many messages."""
    return tokens(subject)


def about_of(view: View, row: int) -> frozenset[str]:
    """What a row's consultation is about: the telling words of its sentences on it."""
    said = [act.said for act in view.acts.get(view.ids[row], ()) if CONSULTS.search(act.said)]
    return tokens(" ".join([view.subjects[row], *said])) - _SAID_OF_IT
