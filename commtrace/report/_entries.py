"""Findings and exhibits as a paper prints them: words and places, numbered once for all formats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from commtrace.model import (
    Citation,
    CommunicationId,
    Decision,
    Disposition,
    Family,
    Finding,
    Grade,
    Outcome,
    Severity,
)
from commtrace.moments import say, say_day, say_time
from commtrace.report import _words as words
from commtrace.report._case import Case
from commtrace.view import CC, NOBODY, TO, View

_QUOTE = 420  # characters of a quotation in a paper
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_GUNNING = "Gunning, "  # how a measure begins that is a row of the table of a consultation
_NAMES = 3  # recipients named before "and others"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """A place in the evidence that findings rest on; `number` is the same in every format."""

    number: int
    path: str
    place: str
    sha256: str
    what: str
    when: str
    subject: str
    cited_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """An exhibit as one finding cites it: what it shows and, where asked for, its words."""

    exhibit: Exhibit
    role: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """An innocent explanation that was looked for."""

    what: str
    outcome: str
    because: str
    step: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """What a person decided, or that nobody has yet."""

    state: str
    because: str
    who: str
    when: str
    changed: bool
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A finding as a paper prints it; every text is safe to show and on one line."""

    reference: str
    id: str
    rule: str
    rule_title: str
    family: Family
    sentence: str
    lead: str
    severity: str
    severity_step: Severity
    strength: str
    observability: str
    parties: tuple[str, ...]
    owes: str
    window: str
    measure: tuple[tuple[str, str], ...]
    gunning: tuple[tuple[str, str], ...]
    areas: tuple[str, ...]
    checks: tuple[CheckLine, ...]
    cited: tuple[Cited, ...]
    also: tuple[str, ...]
    decision: DecisionLine


def entries(
    case: Case, view: View, *, include_text: bool
) -> tuple[tuple[Entry, ...], tuple[Exhibit, ...]]:
    """Every finding in the order of `case.findings()`, and every exhibit by number."""
    findings = case.findings()
    exhibits = _exhibits(case, view, findings)
    texts = _texts(view, findings) if include_text else {}
    decisions, same = case.decisions(), _found_by(findings)
    labels = {party.id: words.line(party.label) for party in view.parties}
    found = tuple(
        Entry(
            reference=case.reference(one),
            id=one.id,
            rule=one.rule,
            rule_title=words.plain_name(one.rule),
            family=one.family,
            sentence=words.line(one.sentence),
            lead=words.lead(words.line(one.sentence)),
            severity=words.SEVERITY[one.severity],
            severity_step=one.severity,
            strength=words.STRENGTH[one.strength],
            observability=words.OBSERVABILITY[one.observability],
            parties=tuple(_label(labels, party) for party in one.parties),
            owes=_label(labels, one.owes) if one.owes else "",
            window=words.window(one.window),
            measure=(*_measure(one), *_stability(case, one)),
            gunning=_gunning(one),
            areas=tuple(words.line(area) for area in one.areas),
            checks=tuple(_check(check.what, check.outcome, check.because) for check in one.checks),
            cited=tuple(_cited(exhibits[_key(cite)], cite, texts, view) for cite in one.cites),
            also=tuple(words.plain_name(r) for r in same[one.anchor] if r != one.rule),
            decision=_decision(
                decisions.get(one.id),
                changed=one.id in decisions and case.changed_since_decided(one),
            ),
        )
        for one in findings
    )
    return found, tuple(sorted(exhibits.values(), key=lambda exhibit: exhibit.number))


def _label(labels: Mapping[str, str], party: str) -> str:
    return labels.get(party, words.line(party))


def _found_by(findings: Iterable[Finding]) -> Mapping[tuple[str, ...], list[str]]:
    same: dict[tuple[str, ...], list[str]] = {}
    for one in findings:
        same.setdefault(one.anchor, []).append(one.rule)
    return same


def _measure(one: Finding) -> tuple[tuple[str, str], ...]:
    return tuple(
        (words.line(key.replace("_", " ")), words.line(_value(value)))
        for key, value in sorted(one.measure.items())
        if not key.startswith(_GUNNING)
    )


def _gunning(one: Finding) -> tuple[tuple[str, str], ...]:
    """The four criteria of a consultation, each with what the material shows of it."""
    return tuple(
        (words.line(key.removeprefix(_GUNNING)), words.line(_value(value)))
        for key, value in sorted(one.measure.items())
        if key.startswith(_GUNNING)
    )


def _stability(case: Case, one: Finding) -> tuple[tuple[str, str], ...]:
    """Under how many changes of one thing a finding stands, where that was asked for."""
    found = case.stability(one)
    return () if found is None else (("still found under", found.said),)


def _value(value: float | str) -> str:
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, int):
        return f"{value:,}"
    try:
        return say_day(date.fromisoformat(value)) if _DAY.fullmatch(value) else value
    except ValueError:  # "2022-02-30": looks like a day and is none
        return value


def _check(what: str, outcome: Outcome, because: str) -> CheckLine:
    return CheckLine(
        what=words.line(what),
        outcome=words.OUTCOME[outcome],
        because=words.line(because),
        step=outcome,
    )


def _decision(decision: Decision | None, *, changed: bool) -> DecisionLine:
    if decision is None:
        state = words.DISPOSITION[Disposition.TO_REVIEW]
        return DecisionLine(state=state, because="", who="", when="", changed=False, said=state)
    state, because = words.DISPOSITION[decision.state], words.line(decision.because)
    who, when = words.line(decision.who), say_time(decision.when)
    said = f"{state} by {who}, {when}" + (f": {because}" if because else "")
    said += "" if said.endswith((".", "!", "?")) else "."
    said += " The exhibits have changed since." if changed else ""
    return DecisionLine(
        state=state, because=because, who=who, when=when, changed=changed, said=said
    )


def _key(cite: Citation) -> tuple[str, ...]:
    return (cite.source.sha256, cite.source.path, *cite.source.part)


def _exhibits(
    case: Case, view: View, findings: Sequence[Finding]
) -> Mapping[tuple[str, ...], Exhibit]:
    """One exhibit for each cited place, numbered in the order in which findings cite them."""
    first: dict[tuple[str, ...], Citation] = {}
    cited_by: dict[tuple[str, ...], dict[str, None]] = {}
    for one in findings:
        for cite in one.cites:
            first.setdefault(_key(cite), cite)
            cited_by.setdefault(_key(cite), {})[case.reference(one)] = None
    return {
        key: _exhibit(view, number, cite, tuple(cited_by[key]))
        for number, (key, cite) in enumerate(first.items(), 1)
    }


def _exhibit(view: View, number: int, cite: Citation, cited_by: tuple[str, ...]) -> Exhibit:
    row = None if cite.communication is None else view.row_of.get(cite.communication)
    return Exhibit(
        number=number,
        path=words.line(cite.source.path),
        place=words.place(cite.source.part),
        sha256=cite.source.sha256,
        what="File" if row is None else _who(view, row),
        when="" if row is None else say(view.whens[row]),
        subject="" if row is None else words.line(view.subjects[row]),
        cited_by=cited_by,
    )


def _who(view: View, row: int) -> str:
    """Who wrote to whom, by the names of their identities: "Email from A to B, C and 2 others"."""
    to = view.identities_to(row, (TO, CC))
    names = ", ".join(_name(view, who) for who in to[:_NAMES])
    others = f" and {words.count(len(to) - _NAMES, 'other')}" if len(to) > _NAMES else ""
    recipients = f" to {names}{others}" if names else ""
    sender = _name(view, int(view.sender[row]))
    said = f"{view.channels[row].value.capitalize()} from {sender}{recipients}"
    return f"{said} ({_grade(view, row)})" if view.grade(row) is not Grade.ORIGINAL else said


def _grade(view: View, row: int) -> str:
    """What it is where it is no original: "entered by hand by A. Officer"."""
    author = view.by_hand.get(view.ids[row], "")
    return words.GRADE[view.grade(row)] + (f" by {words.line(author)}" if author else "")


def _name(view: View, who: int) -> str:
    return "an unknown sender" if who == NOBODY else words.line(view.identities[who].label)


def _texts(view: View, findings: Iterable[Finding]) -> Mapping[CommunicationId, str]:
    wanted = {c.communication for f in findings for c in f.cites if c.span and c.communication}
    return view.text(sorted(wanted))


def _cited(
    exhibit: Exhibit, cite: Citation, texts: Mapping[CommunicationId, str], view: View
) -> Cited:
    quote = ""
    if cite.span is not None and cite.communication is not None:
        start, end = cite.span
        text = texts.get(cite.communication, "")
        quote = words.shorten(words.line(text[start:end]), _QUOTE)
    role = words.line(cite.role + _tagged(view, cite))
    return Cited(exhibit=exhibit, role=role[:1].upper() + role[1:], quote=quote)


def _tagged(view: View, cite: Citation) -> str:
    """That a person, and no cue, says what a cited sentence does: who, when and why."""
    if cite.communication is None or cite.span is None:
        return ""
    acts = view.acts.get(cite.communication, ())
    cues = (act.cue for act in acts if act.ruled and (act.start, act.end) == cite.span)
    return f" ({found.removesuffix('.')})" if (found := next(cues, "")) else ""
