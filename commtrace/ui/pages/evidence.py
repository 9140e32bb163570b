"""Evidence: the sum of what was supplied, and under it six views of what became of it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from commtrace.entries import READER
from commtrace.figures import box
from commtrace.figures.box import State
from commtrace.model import Status
from commtrace.ui import door, state
from commtrace.ui.door import Safe
from commtrace.ui.pages import (
    evidence_box,
    evidence_custody,
    evidence_decide,
    evidence_entered,
    evidence_people,
    evidence_unread,
)
from commtrace.ui.pages.evidence_rows import counted
from commtrace.ui.state import Desk

STATUS = {
    Status.READ: "read",
    Status.PARTLY: "read in part",
    Status.DUPLICATE: "duplicates",
    Status.UNSUPPORTED: "not supported",
    Status.FAILED: "not readable",
    Status.EXCLUDED: "excluded",
}
SECTIONS: dict[str, Callable[[Desk], None]] = {
    "The box": evidence_box.show,
    "Not read": evidence_unread.show,
    "To decide": evidence_decide.show,
    "Entered by hand": evidence_entered.show,
    "Custody": evidence_custody.show,
    "To be placed": evidence_people.people,
}
_SAID = (evidence_people.SAID, evidence_decide.SAID, evidence_decide.DONE, evidence_entered.SAID,
         evidence_entered.MISSING_SAID)  # fmt: skip
ss = st.session_state


def equation(desk: Desk) -> None:
    """Files in, and what became of each: the numbers add up, or the page says that they do not."""
    ledger = state.ledger(desk).numbers
    numbers = {status: int(getattr(ledger, status.value)) for status in STATUS}
    terms = [_term(ledger.files, "files supplied")]
    for n, (status, number) in enumerate(numbers.items()):
        terms.append(door.html('<span class="ct-op">{sign}</span>', sign="+" if n else "="))
        terms.append(_term(number, STATUS[status]))
    door.put(
        '<div class="ct-equation" role="img" aria-label="{alt}">{terms}</div>',
        alt=f"{ledger.files} files supplied are the sum of what became of each",
        terms=door.join(terms),
    )


def balance(desk: Desk) -> None:
    """Whether the sum holds at every level, in a sentence; an alarm where it does not."""
    ledger = state.ledger(desk).numbers
    numbers = [int(getattr(ledger, status.value)) for status in STATUS]
    inside = {
        State(status.value): number
        for status in STATUS
        if (number := int(getattr(ledger.inside, status.value)))
    }
    things = box.equation(inside, "thing" if sum(inside.values()) == 1 else "things")
    held = f"In them: {things}. " if things else ""
    entered = sum(1 for file in state.ledger(desk).files if file.reader == READER)
    if entered:
        held = f"{entered:,} of them {'was' if entered == 1 else 'were'} entered by hand. {held}"
    given = counted(ledger.communications, "communications")
    held += f"{given} in all; {_problems(ledger.problems)}"
    if ledger.balanced and sum(numbers) == ledger.files:
        door.put('<p class="ct-lead">Every file is accounted for. {held}</p>', held=held)
        return
    door.put(
        '<div class="ct-notice ct-warn" role="alert">{why}</div>',
        why="The numbers do not add up. Do not rely on this case before that is explained.",
    )


def _problems(number: int) -> str:
    verb = "is" if number == 1 else "are"
    return f"{counted(number, 'problems')} {verb} listed." if number else "no problem is listed."


def _term(number: int, words: str) -> Safe:
    return door.html(
        '<span class="ct-term"><b>{n}</b><span>{w}</span></span>', n=f"{number:,}", w=words
    )


@st.fragment(key="evidence")
def body() -> None:
    """The page, redrawn alone after each step."""
    desk = state.desk()
    with st.container(horizontal=True, gap="large", vertical_alignment="center"):
        door.heading("Evidence")
        equation(desk)
    balance(desk)
    section = st.segmented_control(
        "Section",
        list(SECTIONS),
        default="The box",
        required=True,
        key="section",
        bind="query-params",
        label_visibility="collapsed",
    )
    SECTIONS[section](desk)


if state.arrived("evidence"):
    for name in _SAID:
        ss[name] = ""
    evidence_decide.arrive()
body()
