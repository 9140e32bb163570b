"""Network: pairs of parties by week, a graph whose nodes stay, a matrix, who stands between."""

from __future__ import annotations

from datetime import date

import streamlit as st

from commtrace.figures import network, pairs
from commtrace.figures.marks import DAY, Figure, clock_of_day, day_of_clock
from commtrace.ui import chart, door, state
from commtrace.ui.pages import network_between
from commtrace.ui.state import Desk

PAIRS, GRAPH, MATRIX, BETWEEN = "Pairs by week", "Graph", "Matrix", "Between"
LEADS = {
    PAIRS: "Each square is a week; darker means more messages, in either direction.",
    GRAPH: "An arrow runs from sender to recipient and is thicker for more messages. Parties "
    "stand in the same place whatever the period.",
    MATRIX: "Senders in rows, recipients in columns.",
    BETWEEN: network_between.LEAD,
}
GO = "network_go"
ss = st.session_state


def on_click() -> None:
    """A week of a pair leads to the timeline; the page asks for it after this run."""
    key = chart.value("network_chart", "clicked") or ""
    if key.startswith("w"):
        ss[GO] = float(key[1:])


def window(desk: Desk) -> tuple[float, float]:
    """The period of the two date fields."""
    since, until = ss.get("since"), ss.get("until")
    if isinstance(since, date) and isinstance(until, date) and since <= until:
        return clock_of_day(since), clock_of_day(until) + DAY
    return desk.ground.first, desk.ground.last


def figure(desk: Desk, view: str) -> Figure:
    """The chosen view of the chosen period."""
    if view == GRAPH:
        return network.graph(desk.ground, window(desk))
    if view == MATRIX:
        return network.matrix(desk.ground, window(desk))
    return pairs.pairs_by_week(desk.ground, window(desk))


@st.fragment(key="network")
def body() -> None:
    """The page, redrawn alone after each step."""
    desk = state.desk()
    first, last = day_of_clock(desk.ground.first), day_of_clock(desk.ground.last - 1)
    with st.container(
        horizontal=True, vertical_alignment="bottom", gap="medium", key="network_bar"
    ):
        door.heading("Network")
        view = st.segmented_control(
            "View",
            list(LEADS),
            default=PAIRS,
            required=True,
            key="view",
            bind="query-params",
            label_visibility="collapsed",
        )
        st.date_input(
            "From",
            value=first,
            min_value=first,
            max_value=last,
            key="since",
            format="DD/MM/YYYY",
            width=140,
            bind="query-params",
        )
        st.date_input(
            "To",
            value=last,
            min_value=first,
            max_value=last,
            key="until",
            format="DD/MM/YYYY",
            width=140,
            bind="query-params",
        )
    lead = f"{LEADS[view]} {state.connected(desk)}" if view == GRAPH else LEADS[view]
    door.put('<p class="ct-lead">{lead}</p>', lead=lead)
    if view == BETWEEN:
        network_between.shown(desk, window(desk))
        return
    drawn = figure(desk, view)
    tall = "max(440px, calc(100vh - 262px))" if view == GRAPH else ""
    chart.draw(drawn, key="network_chart", height=tall, on_click=on_click)
    door.legend(drawn.legend)
    if st.toggle("View as table", key="network_table"):
        door.table(drawn.table)
    if GO in ss:
        week = day_of_clock(ss.pop(GO))
        end = day_of_clock(clock_of_day(week) + 6 * DAY)
        ends = {"from": week.isoformat(), "to": end.isoformat()}
        st.switch_page("timeline.py", query_params=ends)


state.arrived("network")
body()
