"""What the People page says of somebody, and how a ruling on who is who is kept."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from commtrace import people as rulings
from commtrace.figures import people
from commtrace.figures.interval import day
from commtrace.figures.people import USES, Somebody
from commtrace.model import PeopleRuling, PeopleRulingKind
from commtrace.ui import door, signing, state
from commtrace.ui.pages.evidence_rows import counted
from commtrace.ui.signing import Signed
from commtrace.ui.state import Desk

SAID, SET, PAIR, RULED = "people_said", "people_set", "people_pair", "people_ruled"
ss = st.session_state


@st.cache_resource(show_spinner=False, max_entries=2)
def _everybody(fingerprint: str, _desk: Desk) -> tuple[Somebody, ...]:
    del fingerprint  # the cache's key
    return people.everybody(_desk.view)


def everybody(desk: Desk) -> tuple[Somebody, ...]:
    """Everybody, counted once a fingerprint."""
    return _everybody(desk.view.fingerprint, desk)


def card(one: Somebody) -> None:
    """Somebody in a few lines: name, kind, party, messages, spellings, reasons."""
    written = {
        f"{member.name} <{member.address}>" if member.name and member.address
        else member.name or member.address
        for member in one.identity.members
    }  # fmt: skip
    spelt = door.join(
        door.html("<li>{one}</li>", one=spelling) for spelling in sorted(written)[:12]
    )
    shared = [f"{USES[each.use]}: {each.why}" for each in one.shared]
    why = door.join(
        door.html("<li>{one}</li>", one=reason) for reason in (*shared, *one.identity.because)
    )
    door.put(
        '<div class="ct-card-plain"><b>{name}</b> <span class="ct-muted">{kind}, {party}</span>'
        '<p class="ct-small">{count}, {days}</p><ul class="ct-list">{spelt}</ul>'
        '<ul class="ct-list ct-muted">{why}</ul></div>',
        name=one.identity.label,
        kind=one.kind.lower(),
        party=one.parties or "in no party",
        count=counted(one.messages, "messages"),
        days=_days(one),
        spelt=spelt,
        why=why,
    )


def _days(one: Somebody) -> str:
    if one.first == one.last:
        return one.first or "undated"
    return f"{one.first} to {one.last}"


def rule(
    stem: str, kind: PeopleRulingKind, keys: Sequence[str], said: str, *, party: str = "",
    days: tuple[str, str] = ("", ""), back: PeopleRuling | None = None,
) -> None:  # fmt: skip
    """Keep a signed ruling, or take `back` one; the case is then read again under it."""

    def act(signature: Signed) -> str:
        because, who = signature.because, signature.who
        since, until = (day(words) if words.strip() else None for words in days)
        made = (
            rulings.taking_back(back, because=because, who=who)
            if back is not None
            else rulings.ruling(
                kind, keys, because=because, who=who, party=party, since=since, until=until
            )
        )
        state.current_case().rule_on_people(made)
        return f"{said} Kept with your name and reason; it can be taken back under Ruled."

    with st.spinner("Reading the case again as you decided"):
        done = signing.keep(stem, SAID, act)
    if done:
        ss[SET] = ss[PAIR] = ss[RULED] = ""
        st.rerun()
