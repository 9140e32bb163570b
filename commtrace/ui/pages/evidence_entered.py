"""Entered by hand: calls, meetings and conversations, and what is known to exist but not supplied.

Both are evidence, and neither came from a supplier: each is marked as what it is.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import streamlit as st

from commtrace.brief import KnownMissing
from commtrace.entering import Entered
from commtrace.entries import Entry, person
from commtrace.errors import CallError
from commtrace.figures.interval import day, interval
from commtrace.figures.words import shorten
from commtrace.model import Channel
from commtrace.moments import say, say_day, say_time
from commtrace.ui import chart, door, panel, signing, state
from commtrace.ui.chart import Column
from commtrace.ui.pages.evidence_rows import rows
from commtrace.ui.signing import Signed
from commtrace.ui.state import Desk

SAID, MISSING_SAID = "entered_said", "missing_said"
ROUND, CORRECTED = "entered_round", "entered_corrected"
MEDIA = {"Not said": None, **{one.value.capitalize(): one for one in Channel}}
CHANNELS = {"Call": Channel.CALL, "Meeting": Channel.MEETING, "Conversation": Channel.NOTE}
VIEWS = ("A call, meeting or conversation", "Known to exist, not supplied")
ss = st.session_state


def show(desk: Desk) -> None:
    """A form and its list: of what was entered, or of what is known to be missing."""
    view = st.segmented_control(
        "What to write down", list(VIEWS), default=VIEWS[0], required=True, key="entered_view",
        bind="query-params",
        label_visibility="collapsed",
    )  # fmt: skip
    left, right = st.columns([1, 1.5], gap="medium")
    if view == VIEWS[0]:
        with left:
            form()
        with right:
            entered(desk)
    else:
        with left:
            missing_form()
        with right:
            register(desk)


def form() -> None:
    """What happened, when, between whom, and how it is known."""
    stem = f"entry_{ss.get(ROUND, 0)}"
    if ss.get(CORRECTED):
        door.put('<div class="ct-notice">You are correcting an entry that is in the case.</div>')
        st.button("Write a new one instead", on_click=on_new)
    with st.form("entry", border=True):
        _when_fields(stem)
        sender, others = st.columns(2, gap="small")
        with sender:
            st.text_input("From whom", key=f"{stem}_sender", placeholder="Name <address>")
        with others:
            st.text_input("To or with whom", key=f"{stem}_with", placeholder="Several with ;")
        st.text_input("About", key=f"{stem}_subject")
        st.text_area("What was said", key=f"{stem}_text", height=90)
        st.text_input("How this is known", key=f"{stem}_basis",
                      placeholder="Own note of the day; told by a parent on 3 March")  # fmt: skip
        signing.fields("entry", reason=False)
        sent = st.form_submit_button("Enter it", type="primary")
    if sent:
        with st.spinner("Reading the entry into the case"):
            enter(stem)
    signing.spoken(SAID)


def _when_fields(stem: str) -> None:
    kind, first, last = st.columns([1, 1.2, 1], gap="small")
    with kind:
        st.selectbox("What it was", list(CHANNELS), key=f"{stem}_kind")
    with first:
        st.text_input("When, or from", key=f"{stem}_from", placeholder="14 Feb 2022, 09:30")
    with last:
        st.text_input("To, if not exact", key=f"{stem}_to", placeholder="18 Feb 2022")


def enter(stem: str) -> None:
    """Keep an entry; what cannot be read is said and nothing is kept."""

    def act(signature: Signed) -> str:
        entry = _entry(stem, signature.who)
        state.current_case().enter(entry, who=signature.who)
        return f"Entered: {_when(entry)}. It counts as evidence, marked as entered by hand."

    if signing.keep("entry", SAID, act):
        ss[ROUND], ss[CORRECTED] = ss.get(ROUND, 0) + 1, ""
        st.rerun()


def _entry(stem: str, author: str) -> Entry:
    def typed(name: str) -> str:
        return str(ss.get(f"{stem}_{name}") or "").strip()

    time = interval(typed("from"), typed("to"))
    if not typed("basis"):
        raise CallError("Say how this is known: by whom, from what note, on what day.")
    return Entry(
        channel=CHANNELS[ss.get(f"{stem}_kind") or "Call"],
        earliest=time.earliest,
        latest=time.latest,
        said=time.said,
        sender=person(typed("sender")) if typed("sender") else None,
        to=tuple(person(one) for one in typed("with").split(";") if one.strip()),
        subject=typed("subject"),
        text=typed("text"),
        author=author,
        basis=typed("basis"),
        replaces=str(ss.get(CORRECTED) or ""),
    )


def _when(entry: Entry) -> str:
    """The time of an entry; to the minute where it was said so."""
    if entry.latest - entry.earliest <= timedelta(minutes=1):
        return say_time(entry.earliest)
    return say(entry.moment)


def on_open() -> None:
    """An entry was chosen: the form holds what it says, and what is sent will replace it."""
    wanted = chart.value("entered_list", "opened")
    found = next((e for e in state.current_case().entries() if e.id == wanted), None)
    if found is None or found.replaced_by is not None:
        return
    ss[CORRECTED], ss[SAID] = str(found.id), ""
    ss[ROUND] = ss.get(ROUND, 0) + 1
    first, _, last = found.said.partition(" to ")
    kinds = {channel: word for word, channel in CHANNELS.items()}
    values = {
        "kind": kinds.get(found.channel, "Conversation"),
        "from": first,
        "to": last,
        "sender": panel.address(found.sender) if found.sender else "",
        "with": "; ".join(panel.address(one) for one in found.to),
        "subject": found.subject,
        "text": found.text,
        "basis": found.basis,
    }
    for name, value in values.items():
        ss[f"entry_{ss[ROUND]}_{name}"] = value


def on_new() -> None:
    """Write a new entry and correct none."""
    ss[CORRECTED], ss[ROUND] = "", ss.get(ROUND, 0) + 1


ENTRIES = (
    Column(label="When"),
    Column(label="What"),
    Column(label="Between", wrap=True),
    Column(label="What was said", wrap=True),
    Column(label="How it is known", wrap=True),
    Column(label="Entered by"),
    Column(label="State"),
)


def entered(desk: Desk) -> None:
    """Every entry, marked as none of the supplied evidence is."""
    door.put('<h2 class="ct-h2"><span class="ct-grade ct-entered">Entered by hand</span></h2>')
    found = desk.case.entries()
    if not found:
        door.put('<div class="ct-notice">{why}</div>', why=_NO_ENTRY)
        return
    rows(
        ENTRIES, found, _row, key="entered_list", what="entries", identify=lambda one: str(one.id),
        opened=str(ss.get(CORRECTED) or ""), on_open=on_open,
    )  # fmt: skip
    door.put(
        '<p class="ct-small ct-muted">Choose an entry to correct it: the new one then counts, the '
        "old one stays in the ledger.</p>"
    )


_NO_ENTRY = (
    "No entry yet. What was said in a call or a meeting can count as evidence when a person who "
    "knows of it writes it down and says how it is known."
)


def _row(entry: Entered) -> list[Any]:
    who = [*((entry.sender,) if entry.sender else ()), *entry.to]
    state_ = "replaced" if entry.replaced_by is not None else "counts"
    return [
        _when(entry),
        {"text": entry.channel.value.capitalize(), "swatch": "grade-entered"},
        "; ".join(one.name or one.address for one in who) or "not said",
        shorten(f"{entry.subject}. {entry.text}" if entry.subject else entry.text, 240),
        entry.basis,
        entry.who or entry.author,
        {"text": state_.capitalize(), "tone": "quiet" if entry.replaced_by else ""},
    ]


def missing_form() -> None:
    """A line for the register."""
    stem = f"missing_{ss.get(ROUND, 0)}"
    with st.form("missing", border=True):
        st.text_area("What exists", key=f"{stem}_what", height=74,
                     placeholder="Notebook of the route planner, 2022")  # fmt: skip
        says, holder = st.columns(2, gap="small")
        with says:
            st.text_input("Who says so", key=f"{stem}_who_says", placeholder="Minutes, 3 Mar 2022")
        with holder:
            st.text_input("Who should have it", key=f"{stem}_holder", placeholder="Not known")
        first, last, asked = st.columns(3, gap="small")
        with first:
            st.text_input("About the days from", key=f"{stem}_since", placeholder="Not known")
        with last:
            st.text_input("To", key=f"{stem}_until", placeholder="Not known")
        with asked:
            st.text_input("Asked for on", key=f"{stem}_asked", placeholder="Not yet")
        medium, became = st.columns(2, gap="small")
        with medium:
            st.selectbox(
                "What kind of record it is",
                list(MEDIA),
                key=f"{stem}_channel",
                help="E-mail of a mailbox that was not provided in full: what is not found in that "
                "mailbox in those days is then not called observed.",
            )
        with became:
            st.text_input("What became of the request", key=f"{stem}_answered",
                          placeholder="No answer yet")  # fmt: skip
        signing.fields("missing", reason=False)
        st.form_submit_button("Add to the register", type="primary", on_click=add, args=(stem,))
    signing.spoken(MISSING_SAID)


def add(stem: str) -> None:
    """Keep a line of the register in case.toml."""

    def act(signature: Signed) -> str:
        state.current_case().register_missing(_missing(stem), who=signature.who)
        return "Added to the register in case.toml. It stands in every report."

    if signing.keep("missing", MISSING_SAID, act):
        ss[ROUND] = ss.get(ROUND, 0) + 1


def _missing(stem: str) -> KnownMissing:
    def typed(name: str) -> str:
        return " ".join(str(ss.get(f"{stem}_{name}") or "").split())

    def on(name: str) -> date | None:
        return day(typed(name)) if typed(name) else None

    if not typed("what"):
        raise CallError("Say what it is that exists.")
    since, until = on("since"), on("until")
    if since is not None and until is not None and until < since:
        raise CallError("The last day that it is about lies before the first.")
    return KnownMissing(
        what=typed("what"),
        who_says=typed("who_says"),
        asked_for=on("asked"),
        since=since,
        until=until,
        holder=typed("holder"),
        channel=MEDIA[ss.get(f"{stem}_channel") or "Not said"],
        answered=typed("answered"),
    )


REGISTER = (
    Column(label="What exists", wrap=True),
    Column(label="About", wrap=True),
    Column(label="Who says so", wrap=True),
    Column(label="Who should have it", wrap=True),
    Column(label="Asked for on"),
    Column(label="What became of that", wrap=True),
)


def register(desk: Desk) -> None:
    """What is known to exist and was not supplied: an empty place in the box."""
    door.put('<h2 class="ct-h2"><span class="ct-grade ct-absent">Not supplied</span></h2>')
    found = desk.view.brief.known_missing
    if not found:
        door.put('<div class="ct-notice">{why}</div>', why=_NO_LINE)
        return
    rows(REGISTER, found, _line, key="register_list", what="lines")


_NO_LINE = (
    "The register is empty. Where a minute or a witness names a document that is not in the box, "
    "write it down here, so that its absence is seen and asked about."
)


def _line(one: KnownMissing) -> list[Any]:
    days = " to ".join(say_day(on) for on in (one.since, one.until) if on is not None)
    return [
        {"text": one.what, "swatch": "grade-absent"},
        days or "not said",
        one.who_says or "nobody named",
        one.holder or "not known",
        say_day(one.asked_for) if one.asked_for else "not yet",
        one.answered or ("no answer on record" if one.asked_for else "not asked for"),
    ]
