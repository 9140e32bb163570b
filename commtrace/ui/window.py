"""The window of the timeline and what is open in it: every step, drag and key that changes them.

Kept in the session as two points of the axis and an id; the page draws from them and puts them into
the address.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import streamlit as st

from commtrace.figures.marks import DAY, clock_of_day, day_of_clock
from commtrace.figures.timeline import Chosen
from commtrace.figures.words import message_words
from commtrace.model import CommunicationId
from commtrace.ui import chart, state
from commtrace.ui.state import Desk

WINDOW, OPEN, SPOKEN = "timeline_window", "timeline_open", "timeline_spoken"
LEAST = DAY / 8
ss = st.session_state


def set_window(first: float, last: float) -> None:
    """Show a part of what there is, never less than three hours nor beyond its ends."""
    begins, ends = state.desk().ground.whole
    low, high = max(min(first, last), begins), min(max(first, last), ends)
    if high - low < LEAST:
        middle = min(max((low + high) / 2, begins + LEAST / 2), ends - LEAST / 2)
        low, high = middle - LEAST / 2, middle + LEAST / 2
    ss[WINDOW] = (low, high)
    ss["timeline_from"], ss["timeline_to"] = day_of_clock(low), day_of_clock(high - 1)


def open_thing(key: str) -> None:
    """Open a message (`m` and its id), a gap (`g` and its id) or an absent message (`h`)."""
    if key.startswith("c"):
        zoom_to(float(key[1:]))
        return
    ss[OPEN] = key
    ss[SPOKEN] = ""


def zoom_to(x: float) -> None:
    """Zoom by four onto a point."""
    low, high = ss[WINDOW]
    half = (high - low) / 8
    set_window(x - half, x + half)


def begin(desk: Desk) -> None:
    """Take the window and what is open from the address, or keep what the session had."""
    arrived = state.arrived("timeline")
    if WINDOW not in ss:
        set_window(*_first_window(desk))
    if not arrived:
        return
    since, until = _day(state.asked("from")), _day(state.asked("to"))
    if since and until:
        set_window(clock_of_day(since), clock_of_day(until) + DAY)
    wanted = state.asked("open")
    if wanted:
        ss[OPEN] = wanted
        if not (since and until):
            _bring_into_view(desk, wanted)


def _first_window(desk: Desk) -> tuple[float, float]:
    return desk.ground.first, desk.ground.last


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _bring_into_view(desk: Desk, key: str) -> None:
    span = _span(desk, key)
    if span is not None:
        pad = max((span[1] - span[0]) * 0.25, 5 * DAY)
        set_window(span[0] - pad, span[1] + pad)


def _span(desk: Desk, key: str) -> tuple[float, float] | None:
    gap = desk.gap_of.get(key[1:])
    if key.startswith("g") and gap is not None:
        return gap.x0, gap.x1
    row = desk.view.row_of.get(CommunicationId(key[1:]))
    if not key.startswith("m") or row is None or row >= len(desk.ground.x):
        return None
    rows = np.asarray(desk.view.rows_of_thread[int(desk.view.thread[row])])
    x = desk.ground.x[rows[rows < len(desk.ground.x)]]
    return float(x.min()), float(x.max())


def chosen(desk: Desk) -> Chosen:
    """What is open, as the figure wants it."""
    key = ss.get(OPEN, "")
    if key.startswith("m"):
        row = desk.view.row_of.get(CommunicationId(key[1:]))
        return (
            Chosen(message=key[1:], thread=int(desk.view.thread[row]))
            if row is not None
            else Chosen()
        )
    if key.startswith("h"):
        ghost = next((g for g in desk.view.ghosts if g.id == key[1:]), None)
        number = desk.view.thread_index.get(ghost.thread, -1) if ghost else -1
        return Chosen(thread=number)
    return Chosen(gap=key[1:]) if key.startswith("g") else Chosen()


def on_strip() -> None:
    """The strip was dragged across."""
    _dragged("timeline_strip")


def on_lanes_range() -> None:
    """The lanes were dragged across, or clicked twice."""
    _dragged("timeline_lanes")


def _dragged(key: str) -> None:
    range_ = chart.value(key, "range")
    if range_ is None:
        return
    set_window(*(range_ if len(range_) == 2 else state.desk().ground.whole))


def on_click() -> None:
    """A mark was clicked."""
    key = chart.value("timeline_lanes", "clicked")
    if key:
        open_thing(key)


def on_card() -> None:
    """A card beside the chart was opened."""
    key = chart.value("timeline_cards", "opened")
    if key:
        open_thing(key)


def on_dates() -> None:
    """A date field was changed."""
    since, until = ss.get("timeline_from"), ss.get("timeline_to")
    if since and until:
        set_window(clock_of_day(since), clock_of_day(until) + DAY)


def shift(share: float) -> None:
    """Move the window by a share of its width, keeping its width."""
    begins, ends = state.desk().ground.whole
    low, high = ss[WINDOW]
    width = high - low
    start = min(max(low + width * share, begins), ends - width)
    set_window(start, start + width)


def zoom(factor: float) -> None:
    """Widen or narrow the window about its middle, or about the message that is open."""
    low, high = ss[WINDOW]
    middle, half = (low + high) / 2, (high - low) * factor / 2
    set_window(middle - half, middle + half)


def whole() -> None:
    """Show everything that has a date, or the period that the auditor set."""
    set_window(*state.desk().ground.whole)


def close() -> None:
    """Close what is open."""
    ss[OPEN] = ""


def on_key() -> None:
    """A key on the lanes: zoom, close, or step to another message."""
    key = chart.value("timeline_lanes", "key")
    if key == "in":
        zoom(0.5)
    elif key == "out":
        zoom(2.0)
    elif key == "close":
        close()
    elif key:
        _step(state.desk(), key)


def _step(desk: Desk, key: str) -> None:
    low, high = desk.ground.rows(*ss[WINDOW])
    if high <= low:
        ss[SPOKEN] = "No message in this window."
        return
    row = _next_row(desk, key, low, high)
    ss[OPEN] = f"m{desk.view.ids[row]}"
    lane = desk.ground.lane[low:high]
    same = np.flatnonzero(lane == desk.ground.lane[row]) + low
    place = int(np.searchsorted(same, row)) + 1
    name = desk.ground.lanes[int(desk.ground.lane[row])].label.replace("\n", " ")
    words = message_words(desk.ground, row).replace("\n", ", ")
    ss[SPOKEN] = f"Message {place} of {len(same)} in {name}: {words}"


def _next_row(desk: Desk, key: str, low: int, high: int) -> int:
    current = desk.view.row_of.get(CommunicationId(str(ss.get(OPEN, ""))[1:]))
    lanes = desk.ground.lane[low:high]
    if current is None or not low <= current < high or key in {"first", "last"}:
        return high - 1 if key == "last" else low
    lane = int(desk.ground.lane[current])
    if key in {"next", "previous"}:
        same = np.flatnonzero(lanes == lane) + low
        at = int(np.searchsorted(same, current)) + (1 if key == "next" else -1)
        return int(same[min(max(at, 0), len(same) - 1)])
    others = range(lane + 1, len(desk.ground.lanes)) if key == "down" else range(lane - 1, -1, -1)
    for other in others:
        rows = np.flatnonzero(lanes == other) + low
        if len(rows):
            distance = np.abs(desk.ground.x[rows] - desk.ground.x[current])
            return int(rows[int(np.argmin(distance))])
    return int(current)
