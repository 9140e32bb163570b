"""Who may be who: two identities that may be one, and what a person ruled on somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum

from commtrace.model.evidence import IdentityId


class Likeness(IntEnum):
    """Why two identities may be one person, strongest first; LOOKALIKE warns and joins nobody."""

    SAME_NAME = 1
    NAME_IN_ADDRESS = 2
    SPELLING = 3
    FULLER_NAME = 4
    ONLY_BEARER = 5
    SAME_NAME_ELSEWHERE = 6
    LOOKALIKE = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Likely:
    """Two identities that may be one; `why` is the sentence a person decides by."""

    one: IdentityId
    other: IdentityId
    likeness: Likeness
    why: str


class SharedUse(StrEnum):
    """In which way more than one person stands behind what somebody sends."""

    HOUSEHOLD = "household"
    SEVERAL_PEOPLE = "several people"
    DELEGATE = "delegate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """An identity whose address a household or several people use, or who writes for `other`."""

    who: IdentityId
    use: SharedUse
    why: str
    other: IdentityId | None = None


class PeopleRulingKind(StrEnum):
    """What a person can rule on who is who."""

    SAME = "same"  # the keys are one person or mailbox
    DIFFERENT = "different"  # they are not, and are not proposed again
    APART = "apart"  # the key stands by itself, whatever joined it
    PLACED = "placed"  # the keys count for a party, from one day to another
    WITHDRAWN = "withdrawn"  # an earlier ruling on the same keys counts no more: `takes_back`


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleRuling:
    """A person's ruling on addresses or names, as `reconstruction.addresses.key_of` writes them.

    It speaks of keys and not of rows, so that it holds after every new ingest. `party`, `since` and
    `until` (both days included, None unbounded) are of PLACED, and of what takes such a one back;
    `takes_back` is the kind that a WITHDRAWN takes back, None for every kind.
    """

    kind: PeopleRulingKind
    keys: tuple[str, ...]
    because: str
    who: str
    when: datetime
    party: str = ""
    since: date | None = None
    until: date | None = None
    takes_back: PeopleRulingKind | None = None
