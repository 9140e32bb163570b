"""Promises: what was undertaken and what became of it; every question with its fate; notice."""

from __future__ import annotations

from collections import Counter
from typing import Any

import streamlit as st

from commtrace.figures import promises as figures
from commtrace.gaps.promises import Fate, Promise, promises
from commtrace.moments import say_day
from commtrace.ui import chart, door, panel, state
from commtrace.ui.chart import Column
from commtrace.ui.pages import promises_notice, promises_questions
from commtrace.ui.pages.evidence_rows import counted, rows
from commtrace.ui.pages.promises_rows import (
    EVERY,
    GO,
    HEIGHT,
    list_of_messages,
    of_fate,
    tagged,
    words_of,
)
from commtrace.ui.state import Desk

PROMISE = "promise_open"
MADE, ASKED, TOLD = "Promises", "Questions", "Notice"
VIEWS = (MADE, ASKED, TOLD)
PROMISE_FATES = (EVERY, *(fate.value for fate in Fate))
PROMISE_FATE = "promise_fate"
FATES = {
    PROMISE_FATE: PROMISE_FATES,
    promises_questions.QUESTION_FATE: promises_questions.QUESTION_FATES,
}
ss = st.session_state


@st.cache_resource(show_spinner="Reading what was promised", max_entries=2)
def _promises(fingerprint: str, _desk: Desk) -> tuple[Promise, ...]:
    del fingerprint  # the cache's key
    return promises(_desk.view)


def on_promise() -> None:
    """Open a promise."""
    ss[PROMISE] = chart.value("promise_list", "opened") or ""


def on_mark() -> None:
    """A mark of the figure leads to the timeline; the page asks for it after this run."""
    ss[GO] = chart.value("promise_chain", "clicked") or ""


def key_of(desk: Desk, promise: Promise) -> str:
    """What a promise is called in the address: its first sentence."""
    first = promise.stated[0]
    return f"{desk.view.ids[first.row]}:{first.act.start}"


PROMISES = (
    Column(label="Said"),
    Column(label="By and to", wrap=True),
    Column(label="Words", wrap=True),
    Column(label="By when"),
    Column(label="Times", right=True),
    Column(label="On record", right=True),
    Column(label="Fate", wrap=True),
)


def made(desk: Desk) -> None:
    """The register of promises at the left, the open one drawn at the right."""
    every = _promises(desk.view.fingerprint, desk)
    found = of_fate(every, PROMISE_FATES, PROMISE_FATE, NO_PROMISE)
    if not found:
        return
    current = next((one for one in found if key_of(desk, one) == ss.get(PROMISE)), found[0])
    left, right = st.columns([1.45, 1], gap="medium")
    with left:
        rows(
            PROMISES, found, lambda one: _promise_cells(desk, one), key="promise_list",
            what="promises", identify=lambda one: key_of(desk, one), on_open=on_promise,
            opened=key_of(desk, current), group=str(ss.get(PROMISE_FATE) or ""), height=HEIGHT,
        )  # fmt: skip
    with right:
        _promise(desk, current)
    state.remember(open=ss.get(PROMISE, ""))


NO_PROMISE = (
    "No sentence was read as an undertaking to another party. Undertakings are read from new words "
    "of messages and letters, by the cues of acts.toml."
)


def _promise_cells(desk: Desk, one: Promise) -> list[Any]:
    view, last = desk.view, one.judged
    who = figures.by_whom(view, last.by, last.by_party)
    tone = "late" if one.fate in figures.GRAVE_FATES else ""
    return [
        say_day(one.stated[0].day),
        f"{who} to {figures.named(view, last.to, last.to_parties)}",
        words_of(last.act),
        figures.due_words(one),
        f"{len(one.stated):,}",
        figures.done(one),
        {"text": one.fate.value, "tone": tone},
    ]


def _promise(desk: Desk, one: Promise) -> None:
    """One promise drawn, its sentences, and the messages that kept it."""
    view, last = desk.view, one.judged
    door.put(
        '<h2 class="ct-h2">{fate}</h2><p class="ct-lead">{who} to {whom}</p>',
        fate=one.fate.value.capitalize(),
        who=figures.by_whom(view, last.by, last.by_party),
        whom=figures.named(view, last.to, last.to_parties),
    )
    drawn = figures.chain(desk.ground, one)
    chart.draw(drawn, key="promise_chain", on_click=on_mark)
    door.legend(drawn.legend)
    if st.toggle("View as table", key="promise_table"):
        door.table(drawn.table)
    _witnesses(desk, one)


def _witnesses(desk: Desk, one: Promise) -> None:
    view, found = desk.view, one.discharge
    listed = [(e.row, "undertakes it") for e in one.stated]
    listed += [(row, "does it in time") for row in dict.fromkeys(found.kept.values())]
    listed += [(row, "does it later") for row in dict.fromkeys(found.late.values())]
    listed += [(row, "comes back to it") for row in found.chased]
    listed += [(row, "a conversation in the time") for row in found.spoken]
    tagged(one.judged.act)
    panel.sentences_link(view.ids[one.judged.row], one.judged.act.start)
    list_of_messages(desk, listed, "Messages behind it; open one on the timeline")
    names = [view.identities[who].label for who in found.missing]
    if names and len(one.judged.to) > 1:
        door.put(
            '<p class="ct-small"><b>No record for:</b> {names}</p>',
            names=", ".join(names[:40]) + (f" and {len(names) - 40:,} more" if names[40:] else ""),
        )


SHOWN = {MADE: made, ASKED: promises_questions.asked, TOLD: promises_notice.told}


def _of_promises(desk: Desk) -> str:
    fate = Counter(one.fate for one in _promises(desk.view.fingerprint, desk))
    count = counted(sum(fate.values()), "undertakings")
    broken = _were(sum(fate[one] for one in figures.GRAVE_FATES))
    return (
        f"{count} to another party; no record that {broken} kept in full. People agree on what is "
        "a promise only in part: each stands with its words."
    )


LEADS = {MADE: _of_promises, ASKED: promises_questions.lead, TOLD: promises_notice.lead}


def _were(number: int) -> str:
    return f"{number:,} was" if number == 1 else f"{number:,} were"


@st.fragment(key="promises")
def body() -> None:
    """The page, redrawn alone after each step."""
    desk = state.desk()
    with st.container(horizontal=True, gap="large", vertical_alignment="center"):
        door.heading("Promises")
        view = st.segmented_control(
            "View", VIEWS, default=MADE, required=True, key="promises_view", bind="query-params",
            label_visibility="collapsed",
        )  # fmt: skip
    door.put('<p class="ct-lead">{said}</p>', said=LEADS[view](desk))
    SHOWN[view](desk)
    if ss.get(GO):
        st.switch_page("timeline.py", query_params={"open": ss.pop(GO)})


if state.arrived("promises"):
    wanted = state.asked("open")
    for name in (PROMISE, promises_questions.QUESTION, promises_notice.NOTICE):
        ss[name] = wanted or ss.get(name, "")
    for name, fates in FATES.items():
        ss[name] = state.asked(name) if state.asked(name) in fates else EVERY
body()
