"""Absent messages, as the Coverage page lists them: what shows each, and who should hold it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from commtrace.figures import absent
from commtrace.model import Ghost
from commtrace.moments import say
from commtrace.ui import absent as shown
from commtrace.ui import chart, door, panel
from commtrace.ui.chart import Column
from commtrace.ui.pages.evidence_rows import rows
from commtrace.ui.state import Desk

OPEN = "coverage_ghost"
HEIGHT = "clamp(300px, calc(100vh - 320px), 900px)"
COLUMNS = (
    Column(label="When", wrap=True),
    Column(label="From", wrap=True),
    Column(label="Known from", wrap=True),
    Column(label="Witnesses", right=True),
    Column(label="Should hold it", wrap=True),
)
NONE = "No message here cites, quotes or indexes one that is in none of the material."
ss = st.session_state


def on_ghost() -> None:
    """Open an absent message."""
    ss[OPEN] = chart.value("coverage_ghosts", "opened") or ""


def listed(desk: Desk) -> None:
    """All absent messages at the left, the open one at the right."""
    found = absent.ordered(desk.view)
    if not found:
        door.put('<div class="ct-notice">{why}</div>', why=NONE)
        return
    current = next((one for one in found if one.id == ss.get(OPEN)), found[0])
    left, right = st.columns([1.45, 1], gap="medium")
    with left:
        rows(
            COLUMNS, found, lambda one: _cells(desk, one), key="coverage_ghosts",
            what="absent messages", identify=lambda one: str(one.id), opened=current.id,
            on_open=on_ghost, height=HEIGHT,
        )  # fmt: skip
    with right:
        door.put(
            '<div class="ct-panel" tabindex="0" role="region" aria-label="Absent message">'
            "{it}</div>",
            it=shown.message(desk, current),
        )
        witness = next((one for one in current.cited_by if one in desk.view.row_of), None)
        if witness is not None:
            st.page_link(
                "timeline.py", label="Its witness on the timeline", icon=":material/timeline:",
                query_params={"open": f"m{witness}"},
            )  # fmt: skip


def _cells(desk: Desk, one: Ghost) -> list[Any]:
    holders = absent.holdings(desk.view, one)
    return [
        say(one.when) if one.when else "not known",
        panel.address(one.author) if one.author else "",
        absent.known_by(one),
        f"{len(one.cited_by):,}",
        "; ".join(f"{who} ({said})" for who, said in holders),
    ]
