"""The Notice view: notice that came late, and the days between in both calendars."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from commtrace.figures import promises as figures
from commtrace.figures.gaps import Gap
from commtrace.figures.words import shorten
from commtrace.moments import say_day
from commtrace.ui import chart, door, state
from commtrace.ui.chart import Column
from commtrace.ui.pages.evidence_rows import rows
from commtrace.ui.pages.promises_rows import HEIGHT, list_of_messages
from commtrace.ui.state import Desk

NOTICE = "notice_open"
ss = st.session_state


def on_notice() -> None:
    """Open a notice."""
    ss[NOTICE] = chart.value("notice_list", "opened") or ""


NOTICES = (
    Column(label="Reference"),
    Column(label="Told"),
    Column(label="The day"),
    Column(label="Between, working days", right=True),
    Column(label="Between, their days", right=True),
    Column(label="Told late", right=True),
    Column(label="Sentence", wrap=True),
)


def told(desk: Desk) -> None:
    """Notice that came late: the days between, in both calendars, with holidays visible."""
    found = [gap for gap in desk.gaps if gap.finding.rule == "late_notice"]
    if not found:
        door.put('<div class="ct-notice">{why}</div>', why=NO_NOTICE)
        return
    current = next((gap for gap in found if gap.finding.id == ss.get(NOTICE)), found[0])
    left, right = st.columns([1.3, 1], gap="medium")
    with left:
        rows(
            NOTICES, found, _notice_cells, key="notice_list", what="notices",
            identify=lambda gap: gap.finding.id, opened=current.finding.id, on_open=on_notice,
            height=HEIGHT,
        )  # fmt: skip
    with right:
        _notice(desk, current)
    state.remember(open=ss.get(NOTICE, ""))


NO_NOTICE = (
    "No notice to people outside came later than the criterion allows, as far as dated "
    "announcements and the events of case.toml show."
)


def _notice_cells(gap: Gap) -> list[Any]:
    one = gap.finding
    return [
        gap.reference,
        one.window.said.partition(" to ")[0],
        say_day(date.fromisoformat(str(one.measure["the day"]))),
        f"{one.measure['clear working days']:,}",
        f"{one.measure['clear days']:,}",
        f"{one.measure['told late']:,}",
        shorten(one.sentence, 150),
    ]


def _notice(desk: Desk, gap: Gap) -> None:
    one, view = gap.finding, desk.view
    row = view.row_of[one.about[0]]
    party = view.party_index.get(one.parties[-1], 0)
    door.put('<h2 class="ct-h2">{ref}</h2><p class="ct-lead">{said}</p>',
             ref=gap.reference, said=one.sentence)  # fmt: skip
    on = date.fromisoformat(str(one.measure["the day"]))
    drawn = figures.notice_bar(desk.ground, party, view.day(row), on)
    chart.draw(drawn, key="notice_bar")
    door.legend(drawn.legend)
    if st.toggle("View as table", key="notice_table"):
        door.table(drawn.table)
    list_of_messages(desk, [(row, "the notice")], "The notice; open it on the timeline")


def lead(_desk: Desk) -> str:
    """What the view shows, in a sentence."""
    return (
        "Days strictly between a message and the day it speaks of, in working days and in the days "
        "of those who were told."
    )
