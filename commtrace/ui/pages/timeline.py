"""Timeline: the whole period above, a part of it in lanes below, what is open at the right."""

from __future__ import annotations

import streamlit as st

from commtrace.errors import CallError
from commtrace.figures import strip, timeline
from commtrace.figures.gaps import Gap
from commtrace.figures.marks import Table, day_of_clock
from commtrace.figures.palette import FAMILIES
from commtrace.figures.words import message_words
from commtrace.model import CommunicationId
from commtrace.plugins import rule_word
from commtrace.ui import absent, chart, door, panel, state
from commtrace.ui.state import Desk
from commtrace.ui.window import (
    OPEN,
    SPOKEN,
    WINDOW,
    begin,
    chosen,
    close,
    on_card,
    on_click,
    on_dates,
    on_key,
    on_lanes_range,
    on_strip,
    shift,
    whole,
    zoom,
)

ss = st.session_state


def controls(desk: Desk) -> None:
    """The row above the strip: steps, zoom, the two date fields."""
    begins, ends = desk.ground.whole
    first, last = day_of_clock(begins), day_of_clock(ends - 1)
    with st.container(
        horizontal=True, vertical_alignment="bottom", gap="small", key="timeline_bar"
    ):
        door.heading("Timeline")
        st.button("Earlier", icon=":material/chevron_left:", on_click=shift, args=(-0.5,))
        st.button(
            "Later",
            icon=":material/chevron_right:",
            icon_position="right",
            on_click=shift,
            args=(0.5,),
        )
        st.button("Zoom in", icon=":material/zoom_in:", on_click=zoom, args=(0.5,))
        st.button("Zoom out", icon=":material/zoom_out:", on_click=zoom, args=(2.0,))
        st.button("Whole period", on_click=whole)
        st.date_input(
            "From",
            key="timeline_from",
            min_value=first,
            max_value=last,
            format="DD/MM/YYYY",
            on_change=on_dates,
            width=132,
        )
        st.date_input(
            "To",
            key="timeline_to",
            min_value=first,
            max_value=last,
            format="DD/MM/YYYY",
            on_change=on_dates,
            width=132,
        )
        st.pills(
            "Gaps shown",
            list(FAMILIES.values()),
            selection_mode="multi",
            key="family",
            bind="query-params",
        )


def shown_gaps(desk: Desk) -> tuple[Gap, ...]:
    """The gaps of the families asked for; all, where none is."""
    labels = ss.get("family") or FAMILIES.values()
    return tuple(g for g in desk.gaps if FAMILIES[g.finding.family] in labels)


def charts(desk: Desk, gaps: tuple[Gap, ...]) -> None:
    """The strip and the lanes, their legend, and the same facts as a table on request."""
    window = ss[WINDOW]
    chart.draw(strip.strip(desk.ground, gaps, window), key="timeline_strip", on_range=on_strip)
    figure = timeline.lanes(desk.ground, gaps, window, chosen(desk), width=860)
    chart.draw(
        figure,
        key="timeline_lanes",
        height="clamp(510px, calc(100vh - 372px), 880px)",
        keys=True,
        spoken=ss.get(SPOKEN, ""),
        on_click=on_click,
        on_range=on_lanes_range,
        on_key=on_key,
    )
    inside = sum(1 for g in gaps if g.x0 < window[1] and g.x1 > window[0])
    note = f"{timeline.mode_words(desk.ground, window)}. {inside:,} gaps in view."
    door.legend(figure.legend, note)
    if st.toggle("View as table", key="timeline_table"):
        door.table(_gap_table(desk, gaps))
        door.table(figure.table)


def _gap_table(desk: Desk, gaps: tuple[Gap, ...]) -> Table:
    low, high = ss[WINDOW]
    inside = [g for g in gaps if g.x0 < high and g.x1 > low]
    rows = tuple(
        (g.reference, g.word, _with(desk, g), g.when, g.length or "no length") for g in inside
    )
    return Table(
        header=("Reference", "Gap", "Between", "When", "Length"),
        rows=rows,
        caption=f"Gaps in this window: {len(rows):,}",
        numeric=(4,),
    )


def _with(desk: Desk, gap: Gap) -> str:
    names = [desk.ground.party(desk.view.party_index.get(p, -1)) for p in gap.finding.parties]
    return " and ".join(names) or "no party is known"


def panel_bar(key: str) -> None:
    """Above what is open: the way to close it, and of a message to its sentences."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.button("Close", icon=":material/close:", on_click=close, type="tertiary")
        if key.startswith("m"):
            panel.sentences_link(key[1:])


def inspector(desk: Desk, gaps: tuple[Gap, ...]) -> None:
    """What is open; where nothing is, a search and the gravest gaps of the window."""
    key = ss.get(OPEN, "")
    try:
        body = _opened(desk, key)
    except CallError as error:
        body = door.html('<p class="ct-muted">{why}</p>', why=error)
    if key:
        panel_bar(key)
        door.put(
            '<div class="ct-panel ct-tall" tabindex="0" role="region" '
            'aria-label="What is open">{body}</div>',
            body=body,
        )
        return
    words = st.text_input(
        "Find a message",
        key="find",
        placeholder="Words in subject or text",
        icon=":material/search:",
        bind="query-params",
    )
    cards = _found(desk, words) if words else _gravest(desk, gaps)
    title = "Messages found" if words else "Gravest gaps in this window"
    door.put('<p class="ct-h2">{title}</p>', title=title)
    if not cards:
        door.put(
            '<p class="ct-muted">{why}</p>',
            why="No message holds all these words." if words else "No gap lies in it.",
        )
        return
    chart.cards(
        cards,
        key="timeline_cards",
        caption=title,
        on_open=on_card,
        height="clamp(340px, calc(100vh - 330px), 900px)",
    )


def _opened(desk: Desk, key: str) -> door.Safe:
    name = key[1:]
    if key.startswith("g") and name in desk.gap_of:
        finding = desk.gap_of[name].finding
        exhibits = door.join(panel.citation(desk, cite) for cite in finding.cites[:3])
        return door.join([panel.finding_head(desk, finding), exhibits])
    if key.startswith("h"):
        return _ghost(desk, name)
    if not key.startswith("m"):
        return door.Safe("")
    body = panel.message(desk, name)
    row = desk.view.row_of.get(CommunicationId(desk.case.communication(name).id))
    if row is None:
        return body
    return door.join([panel.thread(desk, int(desk.view.thread[row]), name), body])


def _ghost(desk: Desk, name: str) -> door.Safe:
    ghost = next((g for g in desk.view.ghosts if g.id == name), None)
    if ghost is None:
        raise CallError("There is no such absent message in this case now.")
    return absent.message(desk, ghost)


def _gravest(desk: Desk, gaps: tuple[Gap, ...]) -> list[dict[str, str]]:
    low, high = ss[WINDOW]
    inside = [g for g in gaps if g.x0 < high and g.x1 > low][:12]
    return [
        {
            "key": f"g{g.finding.id}",
            "swatch": g.finding.family.value,
            "title": rule_word(g.finding.rule),
            "note": g.length,
            "text": _with(desk, g),
            "foot": f"{g.reference} · {g.when}",
        }
        for g in inside
    ]


def _found(desk: Desk, words: str) -> list[dict[str, str]]:
    found = []
    for identifier in desk.case.search(words, 30):
        row = desk.view.row_of.get(identifier)
        if row is None:
            continue
        who, subject, when = message_words(desk.ground, row).split("\n")
        found.append({"key": f"m{identifier}", "title": subject, "text": who, "foot": when})
    return found


@st.fragment(key="timeline")
def body() -> None:
    """The page, redrawn alone after each step."""
    desk = state.desk()
    controls(desk)
    gaps = shown_gaps(desk)
    left, right = st.columns([3.05, 1], gap="medium")
    with left:
        charts(desk, gaps)
    with right:
        inspector(desk, gaps)
    low, high = ss[WINDOW]
    state.remember(
        **{
            "from": day_of_clock(low).isoformat(),
            "to": day_of_clock(high - 1).isoformat(),
            "open": ss.get(OPEN, ""),
        }
    )


begin(state.desk())
body()
