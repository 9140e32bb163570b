"""The rows of `findings.jsonl`: a finding, what it cites and checked, and the last decision."""

from __future__ import annotations

from dataclasses import asdict

from commtrace.model import Citation, Decision, Finding
from commtrace.moments import utc_text
from commtrace.report._case import Case
from commtrace.report._rows import Row, source, when


def findings(case: Case) -> list[Row]:
    """One row a finding, with the last decision on it."""
    decisions = case.decisions()
    return [
        _finding(case, one, decisions.get(one.id))
        for one in sorted(case.findings(), key=lambda one: one.id)
    ]


def _finding(case: Case, one: Finding, decision: Decision | None) -> Row:
    stability = case.stability(one)
    return {
        "id": one.id,
        "reference": case.reference(one),
        "rule": one.rule,
        "family": one.family.value,
        "areas": list(one.areas),
        "severity": one.severity.name.lower(),
        "strength": one.strength.name.lower(),
        "observability": one.observability.value,
        "about": list(one.about),
        "window": when(one.window),
        "parties": list(one.parties),
        "owes": one.owes,
        "cites": [_citation(citation) for citation in one.cites],
        "checks": [
            {"what": c.what, "outcome": c.outcome.value, "because": c.because} for c in one.checks
        ],
        "measure": dict(sorted(one.measure.items())),
        "sentence": one.sentence,
        "decision": None if decision is None else _decision(decision),
        "changed_since_decided": case.changed_since_decided(one) if decision else False,
        "stability": None if stability is None else asdict(stability),
    }


def _decision(decision: Decision) -> Row:
    return {
        "state": decision.state.value,
        "because": decision.because,
        "who": decision.who,
        "when": utc_text(decision.when),
    }


def _citation(citation: Citation) -> Row:
    return source(citation.source) | {
        "span": None if citation.span is None else list(citation.span),
        "role": citation.role,
        "communication": citation.communication,
    }
