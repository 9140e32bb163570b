"""What the views of the Promises page share: a list of messages, and a control of fates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import streamlit as st

from commtrace.figures.acts import basis
from commtrace.figures.words import shorten
from commtrace.model import Act
from commtrace.moments import say_day
from commtrace.ui import chart, door, state
from commtrace.ui.chart import Column
from commtrace.ui.state import Desk

GO = "promise_go"
EVERY = "All"
HEIGHT = "clamp(280px, calc(100vh - 340px), 900px)"
NONE_SUCH = "None has this fate."
ss = st.session_state


class Fated(Protocol):
    """Something whose fate has a word."""

    @property
    def fate(self) -> str:
        """What became of it."""


_One = TypeVar("_One", bound=Fated)


def numbered(found: Sequence[Fated]) -> Callable[[str], str]:
    """A fate with how many have it."""
    times = Counter(str(one.fate) for one in found)
    times[EVERY] = len(found)
    return lambda fate: f"{fate} ({times[fate]:,})"


def of_fate(every: Sequence[_One], fates: Sequence[str], key: str, none: str) -> list[_One]:
    """Those of the fate that is chosen above them; where there are none, the page says why.

    The address names the fate alone: a bound control would put the number beside it there too, and
    the address would lead nowhere once that number changes.
    """
    ss.setdefault(key, EVERY)
    chosen = st.pills(
        "Fate", fates, key=key, format_func=numbered(every), label_visibility="collapsed",
        required=True,
    )  # fmt: skip
    state.remember(**{key: "" if chosen in {EVERY, None} else str(chosen)})
    found = [one for one in every if chosen in {EVERY, None, one.fate}]
    if not found:
        door.put('<div class="ct-notice">{why}</div>', why=NONE_SUCH if every else none)
    return found


def on_witness() -> None:
    """A message of the list leads to the timeline."""
    found = chart.value("promise_witnesses", "opened")
    ss[GO] = f"m{found}" if found else ""


MESSAGES = (
    Column(label="Sent"),
    Column(label="What it is"),
    Column(label="From and subject", wrap=True),
)


def list_of_messages(desk: Desk, listed: Sequence[tuple[int, str]], caption: str) -> None:
    """Messages and what each is; opening one leads to the timeline."""
    view = desk.view
    chart.rows(
        MESSAGES,
        [
            (
                view.ids[row],
                [
                    say_day(view.day(row)),
                    what,
                    f"{_sender(desk, row)}: {view.subjects[row] or 'no subject'}",
                ],
            )
            for row, what in listed[:60]
        ],
        key="promise_witnesses",
        caption=caption,
        height="clamp(140px, calc(100vh - 620px), 420px)",
        on_open=on_witness,
    )


def words_of(act: Act) -> str:
    """The sentence of a register's row, and by whom it was tagged where a person did."""
    said = shorten(" ".join(act.said.split()), 170)
    return f"{said} (tagged by {act.ruled.who})" if act.ruled else said


def tagged(act: Act) -> None:
    """Who tagged the open sentence, when and why; nothing where a cue read it."""
    if act.ruled:
        door.put('<p class="ct-small">{basis}</p>', basis=basis(act))


def _sender(desk: Desk, row: int) -> str:
    who = int(desk.view.sender[row])
    return "an unknown sender" if who < 0 else desk.view.identities[who].label
