"""Handoffs: matters passed between directorates and one opened; who knew a fact when."""

from __future__ import annotations

from typing import Any

import streamlit as st

from commtrace.figures import handoffs
from commtrace.figures.handoffs import STATES, Total
from commtrace.model import Handoff, HandoffState
from commtrace.moments import local_day, say_day
from commtrace.ui import chart, door, state
from commtrace.ui.chart import Column
from commtrace.ui.pages import handoffs_knowledge
from commtrace.ui.state import Desk
from commtrace.view import View

OPEN, PAIR = "handoff_open", "handoff_pair"
MOST = 200
WORST = (HandoffState.NOT_TAKEN_UP, HandoffState.LATE)
ss = st.session_state


def begin() -> None:
    """Take what is open from the address."""
    if state.arrived("handoffs"):
        ss[PAIR] = state.asked("pair") or ss.get(PAIR, "")
        ss[OPEN] = state.asked("open") or ss.get(OPEN, "")
        handoffs_knowledge.begin()


def on_pair() -> None:
    """Open a pair, or close it when it is opened again."""
    key = chart.value("handoff_pairs", "opened") or ""
    ss[PAIR] = "" if key == ss.get(PAIR) else key
    ss[OPEN] = ""


def on_handoff() -> None:
    """Open a handoff."""
    ss[OPEN] = chart.value("handoff_list", "opened") or ""


def name(desk: Desk, party: str) -> str:
    """The label of a party id."""
    return desk.ground.party(desk.view.party_index.get(party, -1))


def pairs(desk: Desk, totals: tuple[Total, ...]) -> None:
    """From directorate to directorate: how many, how long, how many late or not taken up."""
    columns = [
        Column(label="From", wrap=True),
        Column(label="To", wrap=True),
        Column(label="Handoffs", right=True),
        Column(label="Median wait", right=True),
        Column(label="Late", kind="bar"),
        Column(label="No next step", kind="bar"),
        Column(label="Not testable", right=True),
    ]
    body = [
        (
            f"{t.from_party}>{t.to_party}",
            [
                name(desk, t.from_party),
                name(desk, t.to_party),
                f"{t.count:,}",
                days(t.median) if t.median is not None else "none ended",
                {"text": f"{t.late:,}", "share": t.late / t.count},
                {"text": f"{t.not_taken_up:,}", "share": t.not_taken_up / t.count},
                f"{t.not_testable:,}",
            ],
        )
        for t in totals
    ]
    chart.rows(
        columns,
        body,
        key="handoff_pairs",
        caption="Between directorates",
        opened=ss.get(PAIR, ""),
        on_open=on_pair,
    )


def days(number: float) -> str:
    """A number of working days in words."""
    words = f"{number:g}"
    return f"{words} working day" if number == 1 else f"{words} working days"


@st.cache_resource(show_spinner=False, max_entries=2)
def all_totals(fingerprint: str, _view: View) -> tuple[Total, ...]:
    """The handoffs of each pair, counted once a fingerprint."""
    del fingerprint  # the cache's key
    return handoffs.totals(_view)


@st.cache_resource(show_spinner=False, max_entries=64)
def chosen(fingerprint: str, pair: str, _view: View) -> list[Handoff]:
    """The handoffs of a pair, or all: what nobody took up first, the longest wait first."""
    del fingerprint  # the cache's key
    one, _, other = pair.partition(">")
    found = [h for h in _view.handoffs if not one or (h.from_party == one and h.to_party == other)]
    order = {state_: n for n, state_ in enumerate(WORST)}
    return sorted(found, key=lambda h: (order.get(h.state, len(WORST)), -h.waited, h.id))


def listed(desk: Desk, found: list[Handoff], opened: str) -> None:
    """The handoffs, one a row."""
    columns = [
        Column(label="Passed on"),
        Column(label="Matter", wrap=True),
        Column(label="From", wrap=True),
        Column(label="To", wrap=True),
        Column(label="Waited", right=True),
        Column(label="What became of it", wrap=True),
    ]
    body: list[tuple[str, list[Any]]] = []
    for handoff in found[:MOST]:
        number = desk.view.thread_index.get(handoff.matter, -1)
        subject = desk.view.threads[number].subject if number >= 0 else ""
        tone = "grave" if handoff.state in WORST else ""
        body.append(
            (
                handoff.id,
                [
                    say_day(local_day(handoff.given_when.earliest)),
                    subject or "no subject",
                    name(desk, handoff.from_party),
                    name(desk, handoff.to_party),
                    days(handoff.waited),
                    {"text": STATES[handoff.state].capitalize(), "tone": tone},
                ],
            )
        )
    chart.rows(
        columns,
        body,
        key="handoff_list",
        caption="Handoffs",
        opened=opened,
        group=ss.get(PAIR, ""),
        height="clamp(260px, calc(100vh - 470px), 720px)",
        on_open=on_handoff,
    )


def opened(desk: Desk, handoff: Handoff) -> None:
    """One handoff as a sequence, and the way to its messages."""
    number = desk.view.thread_index.get(handoff.matter, -1)
    subject = desk.view.threads[number].subject if number >= 0 else ""
    door.put(
        '<p class="ct-h2">{subject}</p><p class="ct-muted ct-small">{one} to {other}, {waited}, '
        "{state}</p>",
        subject=subject or "No subject",
        one=name(desk, handoff.from_party),
        other=name(desk, handoff.to_party),
        waited=days(handoff.waited),
        state=STATES[handoff.state],
    )
    drawn = handoffs.sequence(desk.ground, handoff)
    chart.draw(drawn, key="handoff_sequence")
    st.page_link(
        "timeline.py",
        label="Read it on the timeline",
        icon=":material/timeline:",
        query_params={"open": f"m{handoff.given}"},
    )
    if st.toggle("View as table", key="handoff_table"):
        door.table(drawn.table)


def passed(desk: Desk) -> None:
    """From directorate to directorate, the handoffs of the open pair, and the open one."""
    totals = all_totals(desk.view.fingerprint, desk.view)
    if not totals:
        door.put(
            '<div class="ct-notice">{why}</div>',
            why="No matter was passed between two directorates in the material supplied. "
            "Directorates are named in case.toml; addresses to be placed are on the Evidence page.",
        )
        return
    found = chosen(desk.view.fingerprint, ss.get(PAIR, ""), desk.view)
    current = next((h for h in found if h.id == ss.get(OPEN)), found[0] if found else None)
    left, right = st.columns([1.5, 1], gap="medium")
    with left:
        pairs(desk, totals)
        more = f", the {MOST} that waited longest" if len(found) > MOST else ""
        one, _, other = ss.get(PAIR, "").partition(">")
        which = f"{name(desk, one)} to {name(desk, other)}" if one else "All handoffs"
        door.put(
            '<p class="ct-h2">{which}: {count}{more}</p>',
            which=which,
            count=f"{len(found):,}",
            more=more,
        )
        listed(desk, found, current.id if current else "")
    with right:
        if current is not None:
            opened(desk, current)
    state.remember(pair=ss.get(PAIR, ""), open=ss.get(OPEN, ""))


PASSED, KNOWN = "Handoffs", "Knowledge"
SHOWN = {PASSED: passed, KNOWN: handoffs_knowledge.known}
LEADS = {
    PASSED: "A matter passed from one directorate to another by a reply or forward, and the "
    "working days until its next step on record.",
    KNOWN: "For a fact: who was told, who could have known and by which messages, and until when "
    "telling was useful.",
}


@st.fragment(key="handoffs")
def body() -> None:
    """The page, redrawn alone after each step."""
    desk = state.desk()
    with st.container(horizontal=True, gap="large", vertical_alignment="center"):
        door.heading("Handoffs")
        view = st.segmented_control(
            "View", (PASSED, KNOWN), default=PASSED, required=True, key="handoffs_view",
            bind="query-params", label_visibility="collapsed",
        )  # fmt: skip
    door.put('<p class="ct-lead">{said}</p>', said=LEADS[view])
    SHOWN[view](desk)


begin()
body()
