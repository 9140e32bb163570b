"""Gaps as objects, what they rest on, and what a person decided about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum

from commtrace.model.evidence import CommunicationId, Source, digest
from commtrace.moments import Moment


class Family(StrEnum):
    """What kind of gap a rule looks for; family EVIDENCE is run and reported first."""

    EVIDENCE = "evidence"
    RESPONSE = "response"
    FLOW = "flow"
    CONTENT = "content"


class Severity(IntEnum):
    """How much it matters, in steps."""

    LOW = 1
    MATERIAL = 2
    GRAVE = 3


class Strength(IntEnum):
    """What a finding rests on: one cue, two independent cues, or the evidence's own metadata."""

    INDICATED = 1
    CORROBORATED = 2
    DIRECT = 3


class Observability(StrEnum):
    """Whether the material could have shown what is not there."""

    OBSERVED = "observed"
    ONE_SIDE = "one side only"
    NOT_TESTABLE = "not testable"


class Outcome(StrEnum):
    """How a check of an innocent explanation ended. PASSED: looked for, and not found."""

    PASSED = "passed"
    FAILED = "failed"
    UNTESTABLE = "untestable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One innocent explanation that was looked for, how that ended, and why."""

    what: str
    outcome: Outcome
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A place that a sentence rests on; `role` says what it shows ("the request")."""

    source: Source
    role: str
    communication: CommunicationId | None = None
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A dated yardstick: `days` in `calendar` ("working", "school", "every day").

    `where` says who set it: "case.toml", the id of a norm, or "default of the rule".
    """

    id: str
    label: str
    days: int
    calendar: str
    where: str
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""

    def in_force(self, day: date) -> bool:
        """Whether the criterion applied on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A gap as an object: rule, parties, window, evidence, innocent explanations, sentence.

    `anchor` makes the id: the request, the absent message, or the pair and its last message; never
    a threshold. `window` bounds the gap; `owes` is the party that owed the next step. A Finding
    without a Citation cannot be constructed.
    """

    rule: str
    family: Family
    anchor: tuple[str, ...]
    severity: Severity
    strength: Strength
    observability: Observability
    about: tuple[CommunicationId, ...]
    window: Moment
    parties: tuple[str, ...]
    owes: str | None
    cites: tuple[Citation, ...]
    checks: tuple[Check, ...]
    sentence: str
    measure: Mapping[str, int | float | str] = field(default_factory=dict)
    areas: tuple[str, ...] = ()
    relies_on: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.cites:
            raise ValueError("A Finding rests on at least one Citation.")

    @property
    def id(self) -> str:
        """From rule and anchor only, so that a decision survives a re-run."""
        return digest("finding", self.rule, *self.anchor)

    @property
    def exhibits_digest(self) -> str:
        """Changes when what the finding rests on changes: *changed since decided*."""
        places = sorted((c.source.sha256, *c.source.part, c.role) for c in self.cites)
        return digest("exhibits", self.sentence, *(p for place in places for p in place))


class Disposition(StrEnum):
    """What a named person decided about a finding."""

    TO_REVIEW = "to review"
    CONFIRMED = "confirmed"
    EXPLAINED = "explained"
    NOT_MATERIAL = "not material"
    CANNOT_DETERMINE = "cannot determine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A person's decision: append-only; `previous` is the hash of the row before (chain).

    `exhibits` is the finding's `exhibits_digest` when decided; `when` is aware UTC.
    """

    subject: str
    state: Disposition
    because: str
    who: str
    when: datetime
    exhibits: str = ""
    cites: tuple[Source, ...] = ()
    previous: str = ""
