"""Criteria: by what every rule measures, whether that was in force, and a person's choice of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import streamlit as st

from commtrace import norms, yardsticks
from commtrace.figures.words import shorten
from commtrace.model import AuditRow, Criterion
from commtrace.moments import say_day, say_time
from commtrace.norms import BY_CASE, BY_DEFAULT, Norm
from commtrace.plugins import rule_word
from commtrace.ui import chart, door, state
from commtrace.ui.chart import Column
from commtrace.ui.pages.criteria_choice import SAID, choose
from commtrace.ui.pages.evidence_rows import counted, rows
from commtrace.ui.state import Desk
from commtrace.yardsticks import Measure

MEASURE, NORM = "criteria_measure", "criteria_norm"
MEASURES, NORMS, CHANGES = "By rule", "Dated criteria", "Changed"
VIEWS = (MEASURES, NORMS, CHANGES)
HEIGHT = "clamp(300px, calc(100vh - 300px), 900px)"
ss = st.session_state


def on_measure() -> None:
    """Open a threshold."""
    ss[MEASURE], ss[SAID] = chart.value("criteria_measures", "opened") or "", ""


def on_norm() -> None:
    """Open a dated criterion."""
    ss[NORM] = chart.value("criteria_norms", "opened") or ""


RULES = (
    Column(label="Rule"),
    Column(label="What is measured", wrap=True),
    Column(label="Counts now", wrap=True),
    Column(label="Set by", wrap=True),
    Column(label="Gaps", right=True),
)


def by_rule(desk: Desk) -> None:
    """Every threshold at the left, the open one and the way to change it at the right."""
    brief = desk.view.brief
    found = yardsticks.measures(brief, desk.view.criteria)
    current = next((one for one in found if one.id == ss.get(MEASURE)), found[0])
    gaps = Counter(gap.finding.rule for gap in desk.gaps)
    left, right = st.columns([1.5, 1], gap="medium")
    with left:
        rows(
            RULES, found, lambda one: _measure_cells(desk, one, gaps), key="criteria_measures",
            what="thresholds", identify=lambda one: one.id, opened=current.id, height=HEIGHT,
            on_open=on_measure,
        )  # fmt: skip
    with right:
        opened(desk, current)
        choose(desk, current)


def _measure_cells(desk: Desk, one: Measure, gaps: Mapping[str, int]) -> list[Any]:
    return [
        rule_word(one.rule),
        _named(one),
        {"text": one.said, "tone": "" if one.value else "quiet"},
        _set_in(desk, one),
        f"{gaps[one.rule]:,}" if gaps[one.rule] else "",
    ]


def _set_in(desk: Desk, one: Measure) -> dict[str, str]:
    """Who set it, and whether that was in force."""
    if one.idle:
        return {"text": f"the default: {one.where} was not in force", "tone": "grave"}
    if yardsticks.warning(one, desk.view.brief.period):
        return {"text": f"{one.where}, not always in force", "tone": "grave"}
    said = f"{BY_CASE}, [criteria]" if one.where == BY_CASE else one.where
    return {"text": said, "tone": "quiet" if one.where == BY_DEFAULT else ""}


def _named(one: Measure) -> str:
    if one.criterion:
        return yardsticks.LABELS[one.criterion]
    return one.key.replace("_", " ").capitalize()


def opened(desk: Desk, one: Measure) -> None:
    """A threshold in a few lines: what it measures, by whose yardstick, in force when."""
    period = desk.view.brief.period
    door.put(
        '<h2 class="ct-h2">{rule}: {named}</h2><div class="ct-card-plain"><b>{said}</b>'
        '<p class="ct-small ct-muted">{where}</p>'
        "{dated}{shared}</div>",
        rule=rule_word(one.rule),
        named=_named(one).lower(),
        said=one.said,
        where=_set_by(one),
        dated=_dated(desk, one.follows) if one.follows else door.Safe(""),
        shared=_shared(one),
    )
    if words := yardsticks.warning(one, period):
        door.put('<div class="ct-notice ct-warn" role="status">{words}</div>', words=words)


def _set_by(one: Measure) -> str:
    if one.where == BY_DEFAULT:
        return "The rule's own default."
    if one.idle:
        return f"The rule's own default: {one.where} was chosen and was not in force."
    default = one.default or "to look for nothing"
    return f"Set by {one.where}. The rule's own default is {default}."


def _dated(desk: Desk, one: Criterion) -> door.Safe:
    """A chosen criterion: its text, its dates, whether it was in force, its source."""
    if one.where == BY_CASE:
        return door.Safe("")
    force = yardsticks.in_force(one, desk.view.brief.period)
    return door.html(
        '<p class="ct-small">{label}.</p><p class="ct-small ct-muted">{valid}.{source}</p>',
        label=one.label.removesuffix("."),
        valid=_valid(one, force),
        source=f" Source: {one.source}." if one.source else "",
    )


def _shared(one: Measure) -> door.Safe:
    if not one.criterion:
        return door.Safe("")
    names = ", ".join(rule_word(rule) for rule in yardsticks.USES[one.criterion])
    key = one.criterion
    return door.html(
        '<p class="ct-small ct-muted">[criteria] {key} measures: {names}.</p>', key=key, names=names
    )


def _valid(one: Criterion | Norm, force: str) -> str:
    """From when to when it is in force, and whether it was in the period."""
    if one.valid_from is None and one.valid_to is None:
        return "No dates are stated: confirm that it was in force at the time"
    since = f"from {say_day(one.valid_from)}" if one.valid_from else ""
    until = f"until {say_day(one.valid_to)}" if one.valid_to else ""
    said = " ".join(part for part in (since, until) if part)
    return f"In force {said}; in the period reviewed: {force}"


DATED = (
    Column(label="Criterion"),
    Column(label="What it says", wrap=True),
    Column(label="Days", wrap=True),
    Column(label="In the period", wrap=True),
    Column(label="Measures", wrap=True),
)


def dated(desk: Desk) -> None:
    """Every dated criterion that can be chosen; the open one with its source and its standing."""
    chosen = {made.where for made in desk.view.criteria.values()}
    found = sorted(norms.norms().values(), key=lambda one: one.id not in chosen)
    current = next((one for one in found if one.id == ss.get(NORM)), found[0])
    left, right = st.columns([1.7, 1], gap="medium")
    with left:
        rows(
            DATED, found, lambda one: _norm_cells(desk, one), key="criteria_norms",
            what="dated criteria", identify=lambda one: one.id, opened=current.id, height=HEIGHT,
            on_open=on_norm,
        )  # fmt: skip
    with right:
        door.put(
            '<h2 class="ct-h2">{id}</h2><div class="ct-card-plain"><p class="ct-sentence">{text}.'
            '</p><p class="ct-small">{valid}.</p>'
            '<p class="ct-small ct-muted">Standing: {status}.</p>'
            '<p class="ct-small ct-muted">Source: {source}.</p></div>',
            id=current.id,
            text=current.text,
            valid=_valid(current, _force(desk, current)),
            status=current.status,
            source=current.source,
        )


def _force(desk: Desk, one: Norm) -> str:
    return yardsticks.in_force(norms.criterion_of(one), desk.view.brief.period)


def _norm_cells(desk: Desk, one: Norm) -> list[Any]:
    force = _force(desk, one)
    used = [key for key, made in desk.view.criteria.items() if made.where == one.id]
    whole = force.startswith(("on every", "no dates"))
    return [
        one.id,
        one.text,
        f"{one.days} {yardsticks.COUNTED.get(one.calendar, 'working days')}",
        {"text": force, "tone": "" if whole else "grave"},
        ", ".join(yardsticks.LABELS.get(key, key) for key in used),
    ]


CHANGED = (
    Column(label="When"),
    Column(label="Who"),
    Column(label="Where in case.toml"),
    Column(label="Before", wrap=True),
    Column(label="Since", wrap=True),
    Column(label="Why", wrap=True),
)
NO_CHANGE = "No criterion and no threshold was changed on the screen yet."


def changed(desk: Desk) -> None:
    """Every choice that was made here, latest first."""
    found = desk.case.measured()[::-1]
    if not found:
        door.put('<div class="ct-notice">{why}</div>', why=NO_CHANGE)
        return
    rows(CHANGED, found, _change_cells, key="criteria_changes", what="changes", height=HEIGHT)


def _change_cells(row: AuditRow) -> list[Any]:
    words = row.words
    if words is None:
        return [say_time(row.when), "", "removed by a purge", "", "", ""]
    nothing = "the default of the rule"
    return [
        say_time(row.when), row.who, words["table"], words["before"] or nothing,
        words["after"] or nothing, shorten(words["because"], 300),
    ]  # fmt: skip


SHOWN = {MEASURES: by_rule, NORMS: dated, CHANGES: changed}


@st.fragment(key="criteria")
def body() -> None:
    """The page, redrawn alone after each step."""
    desk = state.desk()
    with st.container(horizontal=True, gap="large", vertical_alignment="center"):
        door.heading("Criteria")
        view = st.segmented_control(
            "View", VIEWS, default=MEASURES, required=True, key="criteria_view",
            bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
        st.page_link("gaps.py", label="Back to the gaps", icon=":material/arrow_back:")
    door.put('<p class="ct-lead">{said}</p>', said=_lead(desk))
    SHOWN[view](desk)
    state.remember(open=ss.get(MEASURE, ""))


def _lead(desk: Desk) -> str:
    found = yardsticks.measures(desk.view.brief, desk.view.criteria)
    warned = sum(1 for one in found if yardsticks.warning(one, desk.view.brief.period))
    said = (
        f"{counted(len(found), 'thresholds')}; for {warned:,} the criterion chosen was not always"
        " in force." if warned else f"{counted(len(found), 'thresholds')}."
    )  # fmt: skip
    return (
        f"{said} What a case sets for a rule comes before a criterion, a criterion before the"
        " rule's own default; each finding prints which one it used."
    )


if state.arrived("criteria"):
    ss[MEASURE], ss[SAID] = state.asked("open") or ss.get(MEASURE, ""), ""
body()
