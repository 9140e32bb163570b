"""What becomes of the findings when one thing is different: a threshold, a mailbox, the last day.

A challenge is a change and what came of it; nothing in the case is changed. Findings keep their id
from rule and anchor, so that two runs can be laid side by side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from commtrace.brief import Brief
from commtrace.model import Communication, Finding, Grade
from commtrace.moments import end_of, say_day
from commtrace.plugins import rules

Number = int | float | str


class ChangeKind(StrEnum):
    """What can be different."""

    THRESHOLD = "a threshold"
    CUSTODIAN = "without a mailbox"
    ORIGINALS = "originals only"
    CUT_OFF = "an earlier cut-off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference: `rule`, `key` and `value` of a threshold, or `custodian`, or `as_of`."""

    kind: ChangeKind
    rule: str = ""
    key: str = ""
    value: Number = 0
    custodian: str = ""
    as_of: date | None = None

    @property
    def label(self) -> str:
        """The change in words."""
        if self.kind is ChangeKind.THRESHOLD:
            return f"{self.rule}: {self.key} = {self.value}"
        if self.kind is ChangeKind.CUSTODIAN:
            return f"without the mailbox of {self.custodian}"
        if self.kind is ChangeKind.CUT_OFF and self.as_of is not None:
            return f"only what was sent up to {say_day(self.as_of)}"
        return "without prints, logs, scans and entries made by hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenged:
    """The findings as they are and as they would be, side by side.

    `stands` are found both times, alike; `changed` both times, with another severity, strength or
    observability (as it is, as it would be); `falls` only as it is; `new` only under the change.
    """

    change: Change
    stands: tuple[Finding, ...]
    changed: tuple[tuple[Finding, Finding], ...]
    falls: tuple[Finding, ...]
    new: tuple[Finding, ...]


def compared(change: Change, before: Sequence[Finding], after: Sequence[Finding]) -> Challenged:
    """Lay two runs side by side, in the order of the first, then of the second."""
    then = {one.id: one for one in after}
    known = {one.id for one in before}
    both = [(one, then[one.id]) for one in before if one.id in then]
    return Challenged(
        change=change,
        stands=tuple(one for one, other in both if _alike(one, other)),
        changed=tuple(pair for pair in both if not _alike(*pair)),
        falls=tuple(one for one in before if one.id not in then),
        new=tuple(one for one in after if one.id not in known),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """Under how many of the usual changes a finding is still made, of how many that were tried.

    It may be of another severity, strength or observability there.
    """

    stands: int
    of: int

    @property
    def said(self) -> str:
        """In words, for papers."""
        return f"{self.stands:,} of {self.of:,} changes of one thing"


def stabilities(
    findings: Sequence[Finding], found: Iterable[Challenged]
) -> Mapping[str, Stability]:
    """How often each finding stood, over what came of several changes."""
    made = list(found)
    fallen = Counter(one.id for each in made for one in each.falls)
    return {one.id: Stability(stands=len(made) - fallen[one.id], of=len(made)) for one in findings}


def _alike(one: Finding, other: Finding) -> bool:
    return (one.severity, one.strength, one.observability) == (
        other.severity, other.strength, other.observability,
    )  # fmt: skip


def under(brief: Brief, change: Change) -> Brief:
    """What the auditor told, with one thing different."""
    if change.kind is ChangeKind.THRESHOLD:
        own = {**brief.rules.get(change.rule, {}), change.key: change.value}
        return replace(brief, rules={**brief.rules, change.rule: own})
    if change.kind is ChangeKind.CUSTODIAN:
        kept = tuple(c for c in brief.custodians if change.custodian not in {c.name, c.address})
        return replace(brief, custodians=kept)
    if change.kind is ChangeKind.CUT_OFF:
        return replace(brief, as_of=change.as_of)
    return brief


def material(communications: Iterable[Communication], change: Change) -> list[Communication]:
    """The communications that are left under a change."""
    if change.kind is ChangeKind.ORIGINALS:
        return [one for one in communications if one.grade is Grade.ORIGINAL]
    if change.kind is ChangeKind.CUT_OFF and change.as_of is not None:
        end = end_of(change.as_of)
        return [one for one in communications if one.when is None or one.when.earliest < end]
    if change.kind is ChangeKind.CUSTODIAN:
        return [kept for one in communications if (kept := _without(one, change.custodian))]
    return list(communications)


def _without(one: Communication, custodian: str) -> Communication | None:
    """A communication without one custodian's copies; None where no copy is left."""
    kept = tuple(seen for seen in one.sightings if seen.custodian != custodian)
    if len(kept) == len(one.sightings):
        return one
    return replace(one, sightings=kept) if kept else None


def thresholds(brief: Brief) -> Mapping[str, Mapping[str, Number]]:
    """The thresholds of each rule as they count now, by name."""
    return {
        rule.name: {
            key: brief.rules.get(rule.name, {}).get(key, value)
            for key, value in rule.parameters.items()
            if not isinstance(value, str)
        }
        for rule in rules()
        if rule.parameters
    }


def usual(brief: Brief, custodians: Sequence[str], last: date) -> tuple[Change, ...]:
    """The standard set of changes.

    Each threshold halved and doubled, each mailbox dropped, originals only, and the evidence up to
    a month before its end.
    """
    made = [
        Change(kind=ChangeKind.THRESHOLD, rule=rule, key=key, value=other)
        for rule, keys in thresholds(brief).items()
        for key, value in keys.items()
        for other in (_half(value), value * 2)
        if other != value
    ]
    made += [Change(kind=ChangeKind.CUSTODIAN, custodian=one) for one in custodians]
    made.append(Change(kind=ChangeKind.ORIGINALS))
    month = date.fromordinal(last.toordinal() - 30)
    made.append(Change(kind=ChangeKind.CUT_OFF, as_of=month))
    return tuple(made)


def _half(value: Number) -> Number:
    if isinstance(value, int):
        return max(1, value // 2)
    return value / 2 if isinstance(value, float) else value
