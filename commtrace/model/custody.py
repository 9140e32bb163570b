"""The custody of a case: the audit chain's rows and head, and what a verification found.

The chain itself is made and checked by the store; a verification by `evidence.verify`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One thing that a person or the program did to the case; append-only.

    `number` counts from 1 and gives the order, whatever the clock said; `when` is aware UTC; `who`
    is the name that was given with the act, "" where nobody gave one; `subject` is an id or a
    hash, never words of the evidence; `words` says the rest and is None once a purge removed it.
    `digest` covers the row and `previous`, the digest of the row before ("" for the first).
    """

    number: int
    when: datetime
    who: str
    action: str
    subject: str
    words: Mapping[str, Any] | None
    digest: str
    previous: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of the audit chain: how many rows it has, and the digest of the last ("" for none).

    Whoever keeps a head on paper can later show that the rows up to it were not changed.
    """

    count: int
    digest: str
