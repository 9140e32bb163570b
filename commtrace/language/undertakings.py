"""What an undertaking is like: firm or soft, on a condition or not, to one or to everybody."""

# ruff: noqa: E501 - a pattern is read in one piece

from __future__ import annotations

import re

_SOFT = re.compile(
    r"\b(?:aims? to|aiming to|our aim|hop(?:e|es|ing)(?: to| that)?|try(?:ing)? to|tries to|intends? to"
    r"|intention|expects? to|expecting to|endeavour|seek to|looking to|plan(?:s|ning)? to|would like to"
    r"|should be able|you should (?:have|receive|get)|might|may be able|possibly|probably|if (?:possible|i can|we can)|do (?:my|our) best"
    r"|all being well|subject to|where(?:ver)? possible|anticipates?|likely to)\b",
    re.IGNORECASE,
)
_WHOM = (
    r"families|parents(?:,? (?:and|or|/) ?carers)?|carers|parents/carers|households|pupils|children"
    r"|students|young people|schools|head ?teachers|operators|providers|contractors|residents"
    r"|members|councillors|guardians|applicants|service users|passengers|tenants|leaseholders|patients"
    r"|customers"
)
_AUDIENCE = re.compile(
    rf"\b(?:all|both|each of the|the|our|affected|remaining|any|these|those|most)\s+(?:(?:of|the|our"
    rf"|affected|remaining|eligible|those|other|local|special|SEND)\s+){{0,3}}(?:{_WHOM})\b"
    r"|\b(?:every|each)\s+(?:\w+\s+){0,2}?(?:family|parent(?: (?:and|or) carer)?|carer|household|pupil"
    r"|child|student|young person|school|head ?teacher|operator|provider|member|councillor|applicant|resident"
    r"|tenant|leaseholder|patient|customer)\b"
    r"|\b(?:everyone|everybody|all)(?= (?:who|whose|receiving|affected|with|on|concerned|will|has|is))"
    rf"|^(?:{_WHOM})(?= (?:will|who|whose|can|should|are|have)\b)",
    re.IGNORECASE,
)
_MEMBERS_ONLY = re.compile(r"\bteam members|members of (?:staff|the team)", re.IGNORECASE)


def firm(said: str) -> bool:
    """Whether a sentence promises, and does not only aim, hope or plan."""
    return _SOFT.search(said[:2000]) is None


def audience(said: str) -> str | None:
    """The words by which a sentence speaks of everybody of a kind; None where it does not."""
    match = _AUDIENCE.search(said[:2000])
    if match is None or _MEMBERS_ONLY.search(said):
        return None
    return match[0]
