"""A decision has a reason and a name: the two fields, and what a session remembers of them.

The name is asked once a session and is the same on every page; a field that was left open is said
in a sentence, and nothing is kept then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from commtrace.errors import CommtraceError
from commtrace.ui import door

REVIEWER = "reviewer"
ss = st.session_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Who decided something, and why."""

    who: str
    because: str


def fields(key: str, *, reason: bool = True) -> None:
    """The fields of a form: the reason, and the name where the session does not know it."""
    with st.container(horizontal=True, gap="small"):
        if reason:
            st.text_area(
                "Reason", key=f"{key}_because", height=68,
                placeholder="What was looked at, and what it showed",
            )  # fmt: skip
        if not ss.get(REVIEWER):
            st.text_input(
                "Your name", key=f"{key}_who", placeholder="Asked once a session", width=220
            )


def signed(key: str) -> Signed:
    """What stands in the fields now."""
    who = str(ss.get(f"{key}_who") or ss.get(REVIEWER) or "").strip()
    return Signed(who=who, because=str(ss.get(f"{key}_because") or "").strip())


def keep(key: str, said: str, act: Callable[[Signed], str]) -> bool:
    """Do what was signed for; tells whether it was done, and the session then knows the name.

    A sentence on what it gave, or what is still needed, is put under `said`.
    """
    signature = signed(key)
    if not signature.who:
        ss[said] = "Not saved: say your name, so that it is known who decided."
        return False
    try:
        ss[said] = act(signature)
    except CommtraceError as error:
        ss[said] = f"Not saved: {error}"
        return False
    ss[REVIEWER] = signature.who
    return True


def spoken(said: str) -> None:
    """The sentence on what was last kept, read out by a screen reader."""
    if ss.get(said):
        door.put('<p class="ct-said" role="status">{said}</p>', said=ss[said])
