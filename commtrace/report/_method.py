"""The method page: what each rule looks for, and the thresholds it ran with."""

from __future__ import annotations

import re
from dataclasses import dataclass

from commtrace.model import Family
from commtrace.plugins import Rule, rules
from commtrace.report import _words as words
from commtrace.report._case import Case
from commtrace.view import View

_LABEL = 24  # characters of "When it cannot say"
_BREAK = re.compile(r"\n\s*\n|\n(?=[A-Z][A-Za-z ]{2,23}: )")


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A number a rule runs with, and who set it."""

    name: str
    value: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePart:
    """A rule as the method page prints it; `failure` is a sentence where it could not be run."""

    name: str
    label: str
    family: Family
    title: str
    paragraphs: tuple[tuple[str, str], ...]
    thresholds: tuple[Threshold, ...]
    failure: str


_GENERAL = """
    Every file was hashed (SHA-256) before anything looked inside, and read from a copy that is
    kept by content. Copies of one message are one communication with several sightings; no copy's
    folder, custodian or blind copies are lost.

    Times are shown in Europe/London. A date that a page gives as a day, a week or a span is kept
    as that interval; nothing is said to come before another where the evidence leaves it open.

    Two counts of days are used and never mixed. Elapsed working days count from the day after a
    message to the day of the answer. Clear days count only the days strictly between two dates.

    Severity and strength stand side by side and are never blended into one score. Severity: grave,
    material, low. Strength: direct (the evidence's own metadata), corroborated (two independent
    cues), indicated (one cue).

    Observability says whether the material could have shown what is not there. Observed: the
    material of both sides covers the time. One side only: that of one side does. Not testable:
    neither does, and nothing is claimed.

    Beside each finding stand the innocent explanations that were looked for, and how that ended:
    looked for and not found, found, or could not be tested.
"""
METHOD = tuple(" ".join(text.split()) for text in _GENERAL.split("\n\n"))


def rule_parts(case: Case, view: View) -> tuple[RulePart, ...]:
    """Every rule in its order, with the thresholds in use for this case."""
    failed = {one.rule: words.line(one.what) for one in case.failures()}
    return tuple(_part(rule, view, failed.get(rule.name, "")) for rule in rules())


def _part(rule: Rule, view: View, failure: str) -> RulePart:
    set_here = view.brief.rules.get(rule.name, {})
    thresholds = tuple(
        Threshold(
            name=name.replace("_", " ").capitalize(),
            value=str(set_here.get(name, default)),
            where="case file" if name in set_here else "criterion in force, else the rule's own",
        )
        for name, default in sorted(rule.parameters.items())
    )
    return RulePart(
        name=rule.name,
        label=words.plain_name(rule.name),
        family=rule.family,
        title=words.line(rule.title),
        paragraphs=_paragraphs(rule.help),
        thresholds=thresholds,
        failure=failure,
    )


def _paragraphs(help_text: str) -> tuple[tuple[str, str], ...]:
    """The docstring after its first line: `(label, text)`, the label "" where there is none."""
    _, _, rest = help_text.partition("\n")
    pieces = (words.line(piece.replace("`", "")) for piece in _BREAK.split(rest))
    return tuple(_labelled(piece) for piece in pieces if piece)


def _labelled(piece: str) -> tuple[str, str]:
    label, colon, text = piece.partition(": ")
    if not colon or len(label) > _LABEL:
        return "", piece
    return label, text[:1].upper() + text[1:]
