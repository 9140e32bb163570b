"""Runs the rules on a view: thresholds from `case.toml`, a guard around each, one order for all.

A rule that raises costs its own findings only, and is named in `failures` for the report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from commtrace.errors import CallError
from commtrace.gaps._bare import with_hole
from commtrace.gaps._grades import held_to
from commtrace.model import Family, Finding
from commtrace.plugins import Rule, rules
from commtrace.view import View

_FAMILIES = list(Family)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A rule whose result is not to be relied on, and a sentence that says why."""

    rule: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the rules found, gravest and strongest first, and what could not be done."""

    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]


def run(view: View, *, only: str | None = None) -> Outcome:
    """Run every rule, or `only` the one named, on `view`.

    Findings come by severity, strength, family and id. Raises CallError where `only` is no rule.
    """
    chosen = [rule for rule in rules() if only in (None, rule.name)]
    if not chosen:
        known = ", ".join(rule.name for rule in rules())
        raise CallError(f"{only} is no rule. The rules are {known}.")
    findings: list[Finding] = []
    failures: list[Failure] = []
    for rule in chosen:
        thresholds, complaints = _thresholds(rule, view.brief.rules.get(rule.name, {}))
        failures += complaints
        try:
            findings += [with_hole(held_to(view, one)) for one in rule.find(view, **thresholds)]
        except Exception as error:  # noqa: BLE001 - a rule must never cost the others' findings
            failures.append(Failure(rule=rule.name, what=_stopped(rule, error)))
    return Outcome(findings=tuple(sorted(findings, key=_order)), failures=tuple(failures))


def _order(finding: Finding) -> tuple[int, int, int, str]:
    family = _FAMILIES.index(finding.family)
    return -finding.severity, -finding.strength, family, finding.id


def _stopped(rule: Rule, error: Exception) -> str:
    return (
        f"The rule {rule.name} stopped before its end ({type(error).__name__}{_place(error)}); none"
        " of its findings is shown, and nothing can be concluded from their absence."
    )


def _place(error: Exception) -> str:
    """File and line where an error arose, which hold nothing of the evidence."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"


def _thresholds(
    rule: Rule, given: Mapping[str, int | float | str]
) -> tuple[dict[str, int | float | str], list[Failure]]:
    """What `case.toml` sets for a rule, as the kinds of value that the rule takes."""
    good: dict[str, int | float | str] = {}
    complaints: list[Failure] = []
    for key, value in given.items():
        default = rule.parameters.get(key)
        fits = type(value) is type(default) or (isinstance(default, float) and type(value) is int)
        if fits:
            good[key] = type(default)(value) if default is not None else value
            continue
        known = ", ".join(rule.parameters) or "none"
        what = f"case.toml sets {key} = {value!r} for {rule.name}; it was not used ({key} is"
        why = "no threshold of this rule" if default is None else "another kind of value there"
        complaints.append(Failure(rule=rule.name, what=f"{what} {why}; known are {known})."))
    return good, complaints
