"""Sentences that say that all were told, and sentences that say that nobody told the writer."""

from __future__ import annotations

import re

from commtrace.model import PartyKind

_TOLD = (
    r"(?:contacted|told|informed|notified|written to|rung|telephoned|allocated|given|sent|placed)"
)
_ALL_TOLD = re.compile(
    r"\b(?:all|every|each)\b[^.?!]{0,60}?\b(?P<whom>famil\w+|parents?|carers?|schools?|operators?"
    r"|pupils?|children|members)\b[^.?!]{0,60}?\b(?:have|has|had|were|was)\b[^.?!]{0,12}?\bbeen "
    rf"{_TOLD}"
    rf"|\b(?:everyone|everybody) (?:has|have|had|was) (?:now )?been {_TOLD}",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:asked|whether|if|until|once|when|should have|would have|not all|not every|hope|wish"
    r"|said that|told (?:me|us) that|claims?|unless|before)\b|\?\s*$",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:not|never|nothing|nobody|no ?one|none|no (?:reply|word|news|communications?|contact"
    r"|answer|details|letter)|n['’]t|yet to|without (?:a|any) (?:reply|word|answer))\b",
    re.IGNORECASE,
)
_OF_CONTACT = re.compile(
    r"\b(?:told|heard?|contact\w*|inform\w*|receiv\w+|repl\w+|response|answer\w*|word|news|details"
    r"|communications?|letter|written|rung|called)\b",
    re.IGNORECASE,
)
_KINDS = (
    (
        re.compile("famil|parent|carer|pupil|child", re.IGNORECASE),
        (PartyKind.FAMILIES, PartyKind.FORUM),
    ),
    (re.compile("school", re.IGNORECASE), (PartyKind.SCHOOL,)),
    (re.compile("operator", re.IGNORECASE), (PartyKind.PROVIDER,)),
    (re.compile("member", re.IGNORECASE), (PartyKind.MEMBERS,)),
)


def claims_of_all(said: str) -> tuple[PartyKind, ...]:
    """The kinds of people of whom a sentence says that all were told; () where it says no such."""
    flat = " ".join(said.split())
    match = _ALL_TOLD.search(flat)
    if match is None or _REPORTED.search(flat):
        return ()
    whom = match["whom"] or "families"
    return next(kinds for words, kinds in _KINDS if words.search(whom))


def denies_contact(said: str) -> bool:
    """Whether a sentence says that its writer, or those it speaks of, have had no word."""
    flat = " ".join(said.split())
    return bool(_DENIES.search(flat) and _OF_CONTACT.search(flat))
