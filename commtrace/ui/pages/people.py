"""People: who may be who, everybody and whom they count for, and what was ruled on that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from commtrace.figures import people
from commtrace.figures.people import Somebody
from commtrace.model import PeopleRuling, PeopleRulingKind, digest
from commtrace.moments import say, say_day
from commtrace.ui import chart, door, signing, state
from commtrace.ui.chart import Column
from commtrace.ui.pages.evidence_rows import counted, rows
from commtrace.ui.pages.people_rule import RULED, SAID, card, everybody, rule
from commtrace.ui.pages.people_sets import HEIGHT, proposals, sets_of
from commtrace.ui.state import Desk

WHO, GO = "people_who", "people_go"
TO_DECIDE, EVERYBODY, RULINGS = "May be one", "Everybody", "Ruled"
VIEWS = (TO_DECIDE, EVERYBODY, RULINGS)
MADE: dict[PeopleRulingKind, str] = {
    PeopleRulingKind.SAME: "One person",
    PeopleRulingKind.DIFFERENT: "Different",
    PeopleRulingKind.APART: "Stands apart",
    PeopleRulingKind.PLACED: "Placed",
}
ss = st.session_state


def on_who() -> None:
    """Open somebody."""
    ss[WHO], ss[SAID] = chart.value("people_list", "opened") or "", ""


def on_ruled() -> None:
    """Open a ruling."""
    ss[RULED], ss[SAID] = chart.value("people_rulings", "opened") or "", ""


def on_message() -> None:
    """A message leads to the timeline; the page asks for it after this run."""
    ss[GO] = chart.value("people_messages", "opened") or ""


EVERY = (
    Column(label="Name", wrap=True),
    Column(label="Kind"),
    Column(label="Party", wrap=True),
    Column(label="Addresses", right=True),
    Column(label="Wrote", right=True),
    Column(label="Received", right=True),
)


def all_of_them(desk: Desk) -> None:
    """Everybody at the left, the open one at the right."""
    found = everybody(desk)
    words = st.text_input("Name or address", key="people_words", placeholder="Name or address")
    wanted = [one for one in found if _says(one, words)]
    current = next((one for one in found if one.identity.id == ss.get(WHO)), None)
    current = current or (wanted[0] if wanted else None)
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        rows(
            EVERY, wanted, _who_cells, key="people_list", what="people and mailboxes",
            identify=lambda one: str(one.identity.id), group=words, on_open=on_who, height=HEIGHT,
            opened=str(current.identity.id) if current else "",
        )  # fmt: skip
    with right:
        if current is not None:
            somebody(desk, current)


def _says(one: Somebody, words: str) -> bool:
    said = " ".join([one.identity.label, *(f"{m.name} {m.address}" for m in one.identity.members)])
    return all(word in said.casefold() for word in words.casefold().split())


def _who_cells(one: Somebody) -> list[Any]:
    return [
        one.identity.label,
        one.kind,
        one.parties or "none",
        f"{sum('@' in key for key in people.keys(one.identity)):,}",
        f"{one.written:,}",
        f"{one.received:,}",
    ]


def somebody(desk: Desk, one: Somebody) -> None:
    """One identity: what it is made of, where it counts, and the ways to change that."""
    card(one)
    keys = people.keys(one.identity)
    stem = f"who_{one.identity.id}"
    place(desk, stem, keys)
    if len(keys) > 1:
        split(stem, keys)
    signing.spoken(SAID)
    messages(desk, one)


def place(desk: Desk, stem: str, keys: Sequence[str]) -> None:
    """Put somebody into a party of case.toml, from one day to another."""
    names = {party.party.id: party.party.label for party in desk.view.brief.parties}
    if not names:
        door.put(
            '<div class="ct-notice">{why}</div>',
            why="case.toml names no party yet: name the parties there to place people in them.",
        )
        return
    with st.form("people_place", border=True):
        st.selectbox(
            "Party", list(names), key=f"{stem}_party", index=None,
            format_func=lambda party: door.shown(names.get(party, "")),
        )  # fmt: skip
        first, last = st.columns(2, gap="small")
        with first:
            st.text_input("From", key=f"{stem}_since", placeholder="The beginning")
        with last:
            st.text_input("To", key=f"{stem}_until", placeholder="The end")
        signing.fields(f"{stem}_place")
        placed = st.form_submit_button("Place in the party", type="primary")
    if placed:
        days = (str(ss.get(f"{stem}_since") or ""), str(ss.get(f"{stem}_until") or ""))
        rule(
            f"{stem}_place", PeopleRulingKind.PLACED, keys, "Placed in the party.",
            party=str(ss.get(f"{stem}_party") or ""), days=days,
        )  # fmt: skip


def split(stem: str, keys: Sequence[str]) -> None:
    """Take one address or name out: it then stands by itself."""
    with st.form("people_split", border=True):
        st.selectbox(
            "Address or name", list(keys), key=f"{stem}_apart", index=None,
            format_func=lambda key: door.shown(people.said_key(key)),
        )  # fmt: skip
        signing.fields(f"{stem}_split")
        sent = st.form_submit_button("Take it apart")
    if sent:
        chosen = ss.get(f"{stem}_apart")
        rule(
            f"{stem}_split", PeopleRulingKind.APART, [str(chosen)] if chosen else [],
            "It stands by itself from now on.",
        )  # fmt: skip


def messages(desk: Desk, one: Somebody) -> None:
    """The latest messages that name somebody, as witnesses."""
    view = desk.view
    found = people.rows_of(view, one.place)
    chart.rows(
        (Column(label="Sent"), Column(label="Subject", wrap=True)),
        [
            (
                desk.view.ids[row],
                [say(desk.view.whens[row]), desk.view.subjects[row] or "no subject"],
            )
            for row in found
        ],
        key="people_messages",
        caption="Latest messages; open one on the timeline",
        on_open=on_message,
    )


RULED_COLUMNS = (
    Column(label="When"),
    Column(label="Who"),
    Column(label="What"),
    Column(label="About", wrap=True),
    Column(label="Why", wrap=True),
)


def ruled(desk: Desk) -> None:
    """What counts now, and the form that takes one back."""
    found = desk.case.people_rulings()[::-1]
    if not found:
        door.put('<div class="ct-notice">Nothing was ruled on who is who yet.</div>')
        return
    current = next((one for one in found if _id(one) == ss.get(RULED)), found[0])
    left, right = st.columns([1.6, 1], gap="medium")
    with left:
        rows(
            RULED_COLUMNS, found, _ruled_cells, key="people_rulings", what="rulings",
            identify=_id, opened=_id(current), on_open=on_ruled, height=HEIGHT,
        )  # fmt: skip
    with right, st.form("people_withdraw", border=True):
        door.put(
            '<p class="ct-small">{what}: {about}</p>',
            what=MADE[current.kind],
            about=_about(current),
        )
        signing.fields(f"back_{_id(current)}")
        if st.form_submit_button("Take it back"):
            kind = PeopleRulingKind.WITHDRAWN
            said = "The ruling counts no more."
            rule(f"back_{_id(current)}", kind, current.keys, said, back=current)
    signing.spoken(SAID)


def _id(one: PeopleRuling) -> str:
    return digest(one.kind.value, one.party, str(one.since), str(one.until), *one.keys)


def _about(one: PeopleRuling) -> str:
    keys = ", ".join(people.said_key(key) for key in one.keys)
    since = f" from {say_day(one.since)}" if one.since else ""
    until = f" to {say_day(one.until)}" if one.until else ""
    return f"{keys}: {one.party}{since}{until}" if one.party else keys


def _ruled_cells(one: PeopleRuling) -> list[Any]:
    return [say_day(one.when.date()), one.who, MADE[one.kind], _about(one), one.because]


SHOWN = {TO_DECIDE: proposals, EVERYBODY: all_of_them, RULINGS: ruled}


@st.fragment(key="people")
def body() -> None:
    """The page, redrawn alone after each step."""
    desk = state.desk()
    with st.container(horizontal=True, gap="large", vertical_alignment="center"):
        door.heading("People")
        view = st.segmented_control(
            "View",
            VIEWS,
            default=TO_DECIDE,
            required=True,
            key="people_view",
            bind="query-params",
            label_visibility="collapsed",
        )
    door.put(
        '<p class="ct-lead">{sets} of people who may be one ({pairs}); {count} in all. Nobody is '
        "joined by likeness alone: a person decides, and can take it back.</p>",
        sets=counted(len(sets_of(desk)), "sets"),
        pairs=counted(len(desk.view.likely), "pairs"),
        count=counted(len(everybody(desk)), "people and mailboxes"),
    )
    SHOWN[view](desk)
    if ss.get(GO):
        st.switch_page("timeline.py", query_params={"open": f"m{ss.pop(GO)}"})


if state.arrived("people"):
    ss[SAID] = ""
body()
