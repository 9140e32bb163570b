"""What the working paper says, as values: every format prints these and nothing else.

It decides nothing. A sentence restates a Finding or counts what a reader can count again; words are
cleaned of what cannot be seen before any format gets them. Coverage and limits come first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from commtrace import __version__
from commtrace.model import Family, Severity
from commtrace.moments import say_day
from commtrace.report import _words as words
from commtrace.report._acts import ActRulingRow, act_rulings
from commtrace.report._case import Case
from commtrace.report._entries import Entry, Exhibit, entries
from commtrace.report._handoffs import HandoffRow, handoff_rows, matrix
from commtrace.report._limits import Limits, limits
from commtrace.report._method import RulePart, rule_parts
from commtrace.view import View

IN_FULL = 40  # findings printed whole in a paper; the others stand in the register
IN_REGISTER = 200  # rows of the register in a paper; all of them are in the workbook
IN_OWED = 12  # parties with a row of their own in the table of who owed the next step
IN_DECISIONS = 60  # decisions listed in a paper; the workbook has all
IN_HANDOFFS = 40  # pairs of parties shown in a paper; the workbook has all
IN_SHORT = 6  # findings on the first page
_NO_AREA = "No finding in this area."
MARKING = "OFFICIAL-SENSITIVE"
NO_RULE = (
    "This version has no rule of this family; nothing was looked for, and nothing can be said."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the reader of a paper asked for; `families` None means all four."""

    families: tuple[str, ...] | None = None
    include_text: bool = True
    in_full: int = IN_FULL
    in_register: int = IN_REGISTER
    marking: str = MARKING


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFindings:
    """A rule, its findings printed whole, how many more there are, and `none` where none are."""

    rule: RulePart
    entries: tuple[Entry, ...]
    further: int
    none: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyPart:
    """A family of rules with what they found."""

    family: Family
    title: str
    found: int
    rules: tuple[RuleFindings, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRow:
    """An area of the terms of reference and the findings put under it, or `none` in words."""

    area: str
    references: tuple[str, ...]
    none: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The whole working paper."""

    title: str
    period: str
    as_of: str
    version: str
    fingerprint: str
    head: str
    marking: str
    terms: tuple[str, ...]
    events: tuple[tuple[str, str], ...]
    numbers: tuple[tuple[str, str], ...]
    gravest: tuple[Entry, ...]
    gravest_note: str
    owed: tuple[tuple[str, ...], ...]
    areas: tuple[AreaRow, ...]
    limits: Limits
    families: tuple[FamilyPart, ...]
    register: tuple[Entry, ...]
    exhibits: tuple[Exhibit, ...]
    handoffs: tuple[HandoffRow, ...]
    matrix: tuple[tuple[str, ...], ...]
    method: tuple[RulePart, ...]
    decided: str
    decisions: tuple[Entry, ...]
    act_rulings: tuple[ActRulingRow, ...]
    options: Options


def paper(case: Case, options: Options) -> Paper:
    """The working paper of a case under `options`; the same case gives the same paper."""
    view = case.view()
    every, exhibits = entries(case, view, include_text=options.include_text)
    chosen = tuple(e for e in every if _chosen(e.family, options))
    rules = rule_parts(case, view)
    whole = {entry.id for entry in chosen[: options.in_full]}
    bounds, handoffs = limits(case, view), handoff_rows(view)
    return Paper(
        title=words.line(case.title),
        period=_period(view),
        as_of=words.until(view.as_of),
        version=__version__,
        fingerprint=case.fingerprint(),
        head=words.head(case.head()),
        marking=options.marking,
        terms=tuple(words.line(term) for term in view.brief.terms_of_reference),
        events=tuple(
            (say_day(event.date), words.line(event.label))
            for event in sorted(view.brief.events, key=lambda event: (event.date, event.id))
        ),
        numbers=_numbers(case, view, chosen),
        gravest=_gravest(chosen),
        gravest_note=_gravest_note(chosen),
        owed=_owed(chosen),
        areas=_areas(view, chosen, bounds.could_show),
        limits=bounds,
        families=tuple(
            _family(family, rules, chosen, whole, bounds.could_show)
            for family in Family
            if _chosen(family, options)
        ),
        register=chosen,
        exhibits=_cited(exhibits, chosen),
        handoffs=handoffs,
        matrix=matrix(handoffs),
        method=tuple(rule for rule in rules if _chosen(rule.family, options)),
        decided=_decided(chosen),
        decisions=tuple(entry for entry in chosen if entry.decision.who),
        act_rulings=act_rulings(case, view, include_text=options.include_text),
        options=options,
    )


def _chosen(family: Family, options: Options) -> bool:
    return options.families is None or family.value in {str(name) for name in options.families}


def _cited(exhibits: Sequence[Exhibit], chosen: Sequence[Entry]) -> tuple[Exhibit, ...]:
    numbers = {cited.exhibit.number for entry in chosen for cited in entry.cited}
    return tuple(exhibit for exhibit in exhibits if exhibit.number in numbers)


def _period(view: View) -> str:
    if view.brief.period is not None:
        return words.span(*view.brief.period)
    if view.dated == 0:
        return "no dated communication"
    return f"{words.span(view.day(0), view.day(view.dated - 1))} (first to last communication)"


def _numbers(case: Case, view: View, chosen: Sequence[Entry]) -> tuple[tuple[str, str], ...]:
    ledger = case.reconciliation()
    grave = sum(entry.severity_step is Severity.GRAVE for entry in chosen)
    return (
        (f"{ledger.files:,}", "files received"),
        (f"{len(view):,}", "communications"),
        (f"{len(chosen):,}", "findings"),
        (f"{grave:,}", "of them grave"),
    )


def _gravest(chosen: Sequence[Entry]) -> tuple[Entry, ...]:
    """The first, and so the gravest, finding of each rule, in the order of the findings."""
    first: dict[str, Entry] = {}
    for entry in chosen:
        first.setdefault(entry.rule, entry)
    return tuple(first.values())[:IN_SHORT]


def _gravest_note(chosen: Sequence[Entry]) -> str:
    if not chosen:
        return "There is no finding in the families this paper covers."
    steps = Counter(entry.severity.lower() for entry in chosen)
    named = [f"{steps[step]:,} {step}" for step in ("grave", "material", "low") if steps[step]]
    found = words.count(len(chosen), "finding")
    return f"{found}: {', '.join(named)}. The gravest of each rule:"


def _decided(chosen: Sequence[Entry]) -> str:
    if not chosen:
        return "There is no finding to decide."
    states = Counter(entry.decision.state for entry in chosen)
    parts = [f"{number:,} {state.lower()}" for state, number in sorted(states.items())]
    return f"{words.count(len(chosen), 'finding')}: {', '.join(parts)}."


def _owed(chosen: Sequence[Entry]) -> tuple[tuple[str, ...], ...]:
    """A table: who owed the next step, against the rules; the first row is its header."""
    if not chosen:
        return ()
    rules = sorted({entry.rule_title for entry in chosen})
    label = _owing(chosen)
    counts = Counter((label[entry.owes], entry.rule_title) for entry in chosen)
    body = [
        (party, [counts[party, rule] for rule in rules]) for party in dict.fromkeys(label.values())
    ]
    body.append(("All", [sum(column) for column in zip(*(n for _, n in body), strict=True)]))
    rows = [(party, *(f"{n:,}" for n in own), f"{sum(own):,}") for party, own in body]
    return (("Who owed the next step", *rules, "All"), *rows)


def _owing(chosen: Sequence[Entry]) -> dict[str, str]:
    """The row in which each party's findings are counted, most first; "" is that of nobody's."""
    owing = Counter(entry.owes for entry in chosen)
    most = sorted((p for p in owing if p), key=lambda party: (-owing[party], party))
    rest = most[IN_OWED:]
    label = {party: party for party in most[:IN_OWED]}
    label |= dict.fromkeys(rest, words.count(len(rest), "other party", "other parties"))
    return label | ({"": "No party owed one"} if "" in owing else {})


def _areas(view: View, chosen: Sequence[Entry], could_show: str) -> tuple[AreaRow, ...]:
    known = [words.line(term) for term in view.brief.terms_of_reference]
    known += sorted({area for entry in chosen for area in entry.areas} - set(known))
    return tuple(
        AreaRow(
            area=area,
            references=tuple(entry.reference for entry in chosen if area in entry.areas),
            none="" if any(area in entry.areas for entry in chosen) else f"{_NO_AREA} {could_show}",
        )
        for area in known
    )


def _family(
    family: Family,
    rules: Sequence[RulePart],
    chosen: Sequence[Entry],
    whole: set[str],
    could_show: str,
) -> FamilyPart:
    parts = []
    for rule in rules:
        found = [entry for entry in chosen if entry.rule == rule.name]
        if rule.family is family:
            shown = tuple(entry for entry in found if entry.id in whole)
            none = "" if found else _none(rule, could_show)
            parts.append(
                RuleFindings(rule=rule, entries=shown, further=len(found) - len(shown), none=none)
            )
    total = sum(entry.family is family for entry in chosen)
    return FamilyPart(family=family, title=words.FAMILY[family], found=total, rules=tuple(parts))


def _none(rule: RulePart, could_show: str) -> str:
    if rule.failure:
        return f"This rule could not be run, so nothing can be said by it. {rule.failure}"
    return f"No finding by this rule. {could_show}"


def findings_note(one: Paper) -> str:
    """How many findings the paper prints whole, and where the others are."""
    total, whole = len(one.register), sum(len(r.entries) for f in one.families for r in f.rules)
    if whole == total:
        return f"{words.count(total, 'finding')}, printed in full." if total else ""
    return (
        f"The gravest {whole:,} of {total:,} findings are printed in full. "
        "The workbook that belongs to this paper holds all of them with their exhibits."
    )
