"""How a person chooses another criterion or sets a number: what can be chosen, and keeping it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import streamlit as st

from commtrace import norms, yardsticks
from commtrace.errors import CallError
from commtrace.norms import BY_DEFAULT
from commtrace.ui import door, signing, state
from commtrace.ui.pages.evidence_rows import counted
from commtrace.ui.signing import Signed
from commtrace.ui.state import Desk
from commtrace.yardsticks import CALENDARS, Measure, Number

SAID = "criteria_said"
NORM, DAYS, DEFAULT = "a dated criterion", "a number of days", "the default of the rule"
OWN, NO_OWN = "a number for this rule alone", "no number for this rule alone"
ss = st.session_state
Act = Callable[[Signed], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What stands in the controls now: how to keep it, or the sentence on what is wrong."""

    act: Act | None = None
    wrong: str = ""


def ways(one: Measure) -> tuple[str, ...]:
    """In which ways a threshold can be set as it stands now."""
    return tuple(_ways(one))


def _ways(one: Measure) -> Iterator[str]:
    alone = not one.criterion
    if not alone:
        yield NORM
        yield DAYS
        if one.dated is not None and one.dated.where != BY_DEFAULT:
            yield DEFAULT
    if one.own:
        yield OWN
        if "[rules." in one.where:
            yield NO_OWN


def choose(desk: Desk, one: Measure) -> None:
    """The controls of a choice; what was typed wrongly is said at once, in a sentence."""
    stem = f"measure_{one.id}_{len(desk.case.measured())}"
    with st.container(border=True, gap="small"):
        way = st.selectbox(
            "Measure it by", ways(one), key=f"{stem}_way", format_func=lambda w: w.capitalize()
        )
        controls = {NORM: _norm, DAYS: _days, OWN: _own}.get(way)
        if controls is not None:
            chosen = controls(desk, one, stem)
        elif way == DEFAULT:
            chosen = Chosen(act=_criterion(desk, one.criterion, None))
        else:
            chosen = Chosen(act=_threshold(desk, one, None))
        if chosen.wrong:
            door.put('<p class="ct-small ct-grave" role="alert">{why}</p>', why=chosen.wrong)
        with st.form(f"{stem}_form", border=False):
            signing.fields(stem)
            sent = st.form_submit_button("Keep the choice", type="primary")
    if sent:
        keep(desk, stem, chosen)
    signing.spoken(SAID)


def _norm(desk: Desk, one: Measure, stem: str) -> Chosen:
    known = norms.norms()
    name = st.selectbox(
        "Criterion", list(known), key=f"{stem}_norm", index=None, placeholder="Choose a criterion",
        format_func=lambda norm: f"{norm}: {known[norm].days} days",
    )  # fmt: skip
    if name is None:
        return Chosen()
    norm = known[name]
    force = yardsticks.in_force(norms.criterion_of(norm), desk.view.brief.period)
    door.put(
        '<p class="ct-small"><b>{text}.</b> In the period: {force}. <span class="ct-muted">'
        "{status}.</span></p>",
        text=norm.text,
        force=force,
        status=norm.status.capitalize(),
    )
    return Chosen(act=_criterion(desk, one.criterion, name))


def _days(desk: Desk, one: Measure, stem: str) -> Chosen:
    calendars = yardsticks.calendars_of(one.criterion)
    left, right = st.columns([1, 2], gap="small")
    with left:
        words = st.text_input("Days", key=f"{stem}_days", placeholder="Such as 20")
    with right:
        calendar = st.selectbox(
            "Counted in", calendars, key=f"{stem}_calendar",
            format_func=lambda name: CALENDARS[name].capitalize(),
        )  # fmt: skip
    return _typed(words, 1, lambda days: _criterion(desk, yardsticks.key_for(
        one.criterion, calendar), int(days)))  # fmt: skip


def _own(desk: Desk, one: Measure, stem: str) -> Chosen:
    words = st.text_input("Number", key=f"{stem}_own")
    return _typed(words, one.default, lambda value: _threshold(desk, one, value))


def _typed(words: str, default: Number, act: Callable[[Number], Act]) -> Chosen:
    if not words.strip():
        return Chosen()
    try:
        return Chosen(act=act(yardsticks.number(words, default)))
    except CallError as error:
        return Chosen(wrong=str(error))


def _criterion(desk: Desk, key: str, value: str | int | None) -> Act:
    def act(signature: Signed) -> None:
        desk.case.choose_criterion(key, value, because=signature.because, who=signature.who)

    return act


def _threshold(desk: Desk, one: Measure, value: Number | None) -> Act:
    def act(signature: Signed) -> None:
        desk.case.set_threshold(
            one.rule, one.key, value, because=signature.because, who=signature.who
        )

    return act


def keep(desk: Desk, stem: str, chosen: Chosen) -> None:
    """Write a signed choice into case.toml, and say which findings came and went by it."""
    before = {gap.finding.id for gap in desk.gaps}

    def act(signature: Signed) -> str:
        if chosen.act is None:
            raise CallError(chosen.wrong or "choose a criterion or type a number first.")
        chosen.act(signature)
        after = {finding.id for finding in state.current_case().findings()}
        new, gone = len(after - before), len(before - after)
        changed = f"{counted(new, 'findings')} new and {counted(gone, 'findings')} gone by it."
        return f"Written to case.toml with your name and reason. {changed}"

    with st.spinner("Working the findings out again"):
        done = signing.keep(stem, SAID, act)
    if done:
        st.rerun()
