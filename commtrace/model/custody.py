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


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing in a case that is not as it was left: where it lies, and a sentence that says so.

    `where` is a file in the case folder; no word of the evidence stands in either.
    """

    where: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a verification of a case gave.

    `faults` are what was found, `notes` what could not be checked or cannot be known; `copies` and
    `rows` say how many kept copies and rows of the store were compared with their digests; `head`
    is the end of the audit chain as it stands.
    """

    faults: tuple[Fault, ...]
    notes: tuple[str, ...]
    copies: int
    rows: int
    head: Head

    @property
    def whole(self) -> bool:
        """Whether everything that can be checked is as it was left."""
        return not self.faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a purge removed: counts and hashes, and nothing of what the removed material said.

    `contents` are the SHA-256 and size in bytes of each copy that was removed; `kept` those that
    lay in another custodian's material too and stay; `words_of` the rows of the audit chain whose
    words were removed; `papers` the reports, exports and bags made before, which may hold it;
    `notes` say in a sentence each what a purge does not reach.
    """

    row: AuditRow
    contents: tuple[tuple[str, int], ...]
    kept: tuple[str, ...]
    counts: Mapping[str, int]
    words_of: tuple[int, ...]
    papers: tuple[AuditRow, ...]
    notes: tuple[str, ...]
