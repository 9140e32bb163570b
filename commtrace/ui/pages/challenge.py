"""Challenge: which findings stand, which fall, where one thing is different; side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from commtrace.challenge import Challenged, Change, ChangeKind, thresholds
from commtrace.errors import CallError
from commtrace.figures import coverage
from commtrace.figures.interval import day
from commtrace.figures.words import shorten
from commtrace.model import Finding
from commtrace.moments import local_day, say_day
from commtrace.plugins import rule_word
from commtrace.ui import chart, door, state
from commtrace.ui.chart import Column
from commtrace.ui.pages.evidence_rows import counted, rows
from commtrace.ui.panel import SEVERITY
from commtrace.ui.state import Desk

GO = "challenge_go"
KINDS = tuple(ChangeKind)
HEIGHT = "clamp(240px, calc(100vh - 430px), 900px)"
ss = st.session_state


@st.cache_resource(show_spinner="Reading the case as if it were different", max_entries=8)
def _challenged(fingerprint: str, change: Change, _desk: Desk) -> Challenged:
    del fingerprint  # the cache's key
    return _desk.case.challenge(change)


def on_open() -> None:
    """A finding leads to its gap; the page asks for it after this run."""
    for key in ("challenge_stands", "challenge_falls", "challenge_new"):
        found = chart.value(key, "opened")
        if found:
            ss[GO] = found


def wanted(desk: Desk) -> Change | None:
    """The controls of one change, each in the address; None where it cannot be meant."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        kind = st.segmented_control(
            "What is different", KINDS, default=ChangeKind.THRESHOLD, required=True,
            key="challenge_kind", bind="query-params", format_func=_capital,
        )  # fmt: skip
        if kind == ChangeKind.THRESHOLD:
            return _threshold(desk)
        if kind == ChangeKind.CUSTODIAN:
            return _custodian(desk)
        if kind == ChangeKind.CUT_OFF:
            return _cut_off(desk)
    return Change(kind=ChangeKind.ORIGINALS)


def _capital(kind: str) -> str:
    return kind[:1].upper() + kind[1:]


def _threshold(desk: Desk) -> Change:
    known = thresholds(desk.view.brief)
    names = [f"{rule}: {key}" for rule, keys in known.items() for key in keys]
    start = names.index("unanswered: days") if "unanswered: days" in names else 0
    name = st.selectbox(
        "Threshold", names, index=start, key="challenge_threshold", bind="query-params"
    )
    rule, _, key = str(name or names[start]).partition(": ")
    now = known[rule][key]
    whole = isinstance(now, int)
    value = st.number_input(
        "Value", value=float(now) * 2, min_value=1.0 if whole else 0.0,
        step=1.0 if whole else 0.01, format="%d" if whole else "%.3f",
        key=f"challenge_value_{rule}_{key}", width=160,
    )  # fmt: skip
    other = int(value) if whole else float(value)
    return Change(kind=ChangeKind.THRESHOLD, rule=rule, key=key, value=other)


def _custodian(desk: Desk) -> Change | None:
    names = coverage.custodian_names(desk.view)
    known = list(dict.fromkeys(one.custodian for one in desk.view.coverage))
    if not known:
        door.put('<p class="ct-small ct-muted">{why}</p>', why=NO_CUSTODIAN)
        return None
    chosen = st.selectbox(
        "Mailbox", known, key="challenge_custodian", bind="query-params",
        format_func=lambda one: door.shown(names.get(one, one)),
    )  # fmt: skip
    return Change(kind=ChangeKind.CUSTODIAN, custodian=str(chosen))


NO_CUSTODIAN = "Whose mailbox was supplied is not known, so none can be left out."


def _cut_off(desk: Desk) -> Change | None:
    end = local_day(desk.view.as_of)
    month = date.fromordinal(end.toordinal() - 30)
    words = st.text_input(
        "Only what was sent up to", value=say_day(month), key="challenge_day", bind="query-params"
    )
    try:
        return Change(kind=ChangeKind.CUT_OFF, as_of=day(words))
    except CallError as error:
        door.put('<p class="ct-small ct-late" role="alert">{why}</p>', why=error)
        return None


FINDINGS = (
    Column(label="Reference"),
    Column(label="Gap"),
    Column(label="Sentence", wrap=True),
    Column(label="Severity", wrap=True),
)


def _cells(desk: Desk, one: Finding, severity: str = "") -> list[Any]:
    gap = desk.gap_of.get(one.id)
    return [
        gap.reference if gap else "new",
        gap.word if gap else rule_word(one.rule),
        shorten(one.sentence, 170),
        severity or SEVERITY[one.severity],
    ]


def side_by_side(desk: Desk, found: Challenged) -> None:
    """What stands at the left, what falls, weakens or is new at the right."""
    left, right = st.columns(2, gap="medium")
    stands = [(one, _changed(one, other)) for one, other in found.changed]
    stands += [(one, "") for one in found.stands]
    with left:
        _list(desk, "challenge_stands", "Stand", stands, NOTHING_STANDS)
    with right:
        _list(desk, "challenge_falls", "Fall", [(one, "") for one in found.falls], NOTHING_FALLS)
        if found.new:
            _list(desk, "challenge_new", "New", [(one, "") for one in found.new], "")


NOTHING_STANDS = "No finding stands under this change."
NOTHING_FALLS = "No finding falls: each stands under this change."


def _changed(one: Finding, other: Finding) -> str:
    if one.severity != other.severity:
        return f"{SEVERITY[one.severity]}, then {SEVERITY[other.severity].lower()}"
    if one.observability != other.observability:
        return f"{SEVERITY[one.severity]}, then {other.observability.value}"
    return f"{SEVERITY[one.severity]}, then {other.strength.name.lower()}"


def _list(
    desk: Desk, key: str, title: str, found: Sequence[tuple[Finding, str]], nothing: str
) -> None:
    door.put('<h2 class="ct-h2">{title}: {count}</h2>', title=title,
             count=counted(len(found), "findings"))  # fmt: skip
    if not found:
        door.put('<p class="ct-small ct-muted">{why}</p>', why=nothing)
        return
    rows(
        FINDINGS, found, lambda pair: _cells(desk, pair[0], pair[1]), key=key, what="findings",
        identify=lambda pair: pair[0].id if pair[0].id in desk.gap_of else "",
        on_open=on_open, height=HEIGHT,
    )  # fmt: skip


@st.fragment(key="challenge")
def body() -> None:
    """The page, redrawn alone after each step."""
    desk = state.desk()
    with st.container(horizontal=True, gap="large", vertical_alignment="center"):
        door.heading("Challenge")
        st.page_link("gaps.py", label="Back to the gaps", icon=":material/arrow_back:")
    door.put(
        '<p class="ct-lead">Change one thing, and see which findings stand and which fall. Nothing '
        "in the case is changed.</p>"
    )
    change = wanted(desk)
    if change is None:
        return
    found = _challenged(desk.view.fingerprint, change, desk)
    door.put(
        '<p class="ct-small"><b>{label}</b>: {stands} of {all} stand, {changed} of them with'
        " another weight; {falls} fall; {new} are new.</p>",
        label=_capital(change.label),
        stands=f"{len(found.stands) + len(found.changed):,}",
        all=counted(len(desk.gaps), "findings"),
        changed=f"{len(found.changed):,}",
        falls=f"{len(found.falls):,}",
        new=f"{len(found.new):,}",
    )
    side_by_side(desk, found)
    if ss.get(GO):
        st.switch_page("gaps.py", query_params={"open": ss.pop(GO)})


state.arrived("challenge")
body()
