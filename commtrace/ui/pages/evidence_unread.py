"""Not read: what could not be read or was read with a doubt, what would help, what to ask for."""

from __future__ import annotations

from typing import Any

import streamlit as st

from commtrace.figures import unread
from commtrace.figures.unread import Group
from commtrace.model import Problem, ProblemKind
from commtrace.ui import chart, door, panel, parts, state
from commtrace.ui.chart import Column
from commtrace.ui.pages.evidence_rows import rows
from commtrace.ui.state import Desk

OPEN = "unread_kind"
SCOPES = ("This kind", "Everything")
_MOST = 20_000  # characters of a request that are shown
ss = st.session_state


def show(desk: Desk) -> None:
    """The kinds on the left; of the open one where it was met, and the request to copy."""
    ledger = state.ledger(desk)
    groups = _groups(desk.view.fingerprint, ledger.problems)
    if not groups:
        door.put('<div class="ct-notice">Everything in the box was read without a problem.</div>')
        return
    gap(groups)
    chosen = next((g for g in groups if g.kind.value == ss.get(OPEN)), groups[0])
    left, right = st.columns([1, 1.7], gap="medium")
    with left:
        kinds(groups, chosen)
    with right:
        one(desk, groups, chosen)


@st.cache_resource(show_spinner=False, max_entries=2)
def _groups(fingerprint: str, _problems: tuple[Problem, ...]) -> tuple[Group, ...]:
    del fingerprint  # the cache's key
    return unread.groups(_problems)


def gap(groups: tuple[Group, ...]) -> None:
    """What is closed is a gap in the evidence, and said before anything else."""
    closed = sum(len(g.problems) for g in groups if g.locked)
    if not closed:
        return
    things = "1 thing is" if closed == 1 else f"{closed:,} things are"
    door.put(
        '<div class="ct-notice ct-warn"><b>A gap in the evidence.</b> {why}</div>',
        why=f"{things} encrypted or closed by a password. What was said there is not known, and "
        "no finding of silence can rest on it until it is opened.",
    )


def kinds(groups: tuple[Group, ...], chosen: Group) -> None:
    """One card a kind: how many, and what would help."""
    chart.cards(
        [
            {
                "key": group.kind.value,
                "title": group.said.title,
                "swatch": "state ct-state-encrypted" if group.locked else "",
                "note": f"{len(group.problems):,}",
                "text": group.said.help,
            }
            for group in groups
        ],
        key="unread_kinds",
        caption="Kinds of problems",
        opened=chosen.kind.value,
        height="clamp(330px, calc(100vh - 380px), 1000px)",
        on_open=on_open,
    )


def on_open() -> None:
    """A kind was chosen."""
    ss[OPEN] = chart.value("unread_kinds", "opened") or ""
    ss["evidence_problems_page"] = 1


COLUMNS = (Column(label="Where", wrap=True), Column(label="What would help", wrap=True))


def one(desk: Desk, groups: tuple[Group, ...], chosen: Group) -> None:
    """Where the open kind was met, and the request to the supplier."""
    rows(
        COLUMNS, chosen.problems, _problem, key="evidence_problems", what="places",
        group=chosen.kind.value, height="clamp(150px, calc(100vh - 690px), 420px)",
    )  # fmt: skip
    door.put('<h2 class="ct-h2">Ask for this again</h2>')
    scope = st.segmented_control(
        "Request for", list(SCOPES), default="This kind", required=True, key="unread_scope",
        label_visibility="collapsed",
    )  # fmt: skip
    asked = groups if scope == SCOPES[1] else (chosen,)
    text = _request(desk.view.fingerprint, tuple(g.kind for g in asked), desk, asked)
    if not text:
        door.put(
            '<p class="ct-muted ct-small">{why}</p>',
            why="Nothing needs to be asked: what is here was read, or would read no better.",
        )
        return
    shown = text if len(text) <= _MOST else f"{text[:_MOST].rpartition(chr(10))[0]}\n…"
    parts.copied(
        shown, key="unread_request", caption="Request to the supplier", label="Copy the request"
    )
    if shown != text:
        door.put('<p class="ct-muted ct-small">{why}</p>', why=_LONG)
        st.download_button(
            "Save the whole request", data=text, file_name="request.txt", mime="text/plain",
            on_click="ignore", icon=":material/download:",
        )  # fmt: skip


_LONG = "The request is too long to be shown whole; the saved one is whole."


@st.cache_resource(show_spinner=False, max_entries=8)
def _request(
    fingerprint: str, kinds: tuple[ProblemKind, ...], _desk: Desk, _asked: tuple[Group, ...]
) -> str:
    del fingerprint, kinds  # the cache's key
    return unread.request(_asked, state.ledger(_desk).files)


def _problem(problem: Problem) -> list[Any]:
    return [panel.place(problem.source), problem.what]
