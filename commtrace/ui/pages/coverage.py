"""Coverage: what each mailbox could have shown, week by week, and what to ask its holder for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import Any

import streamlit as st

from commtrace import report
from commtrace.custody import ASKED
from commtrace.figures import coverage
from commtrace.figures.coverage import Measure
from commtrace.model import CoverageWeek
from commtrace.moments import say, say_day
from commtrace.ui import chart, door, state
from commtrace.ui.chart import Column
from commtrace.ui.pages import coverage_absent
from commtrace.ui.pages.evidence_rows import counted
from commtrace.ui.state import Desk
from commtrace.view import CC, NOBODY, TO

OPEN, GO = "coverage_open", "coverage_go"
LISTED = 200
MAILBOXES, ABSENT = "Mailboxes", "Absent messages"
VIEWS = (MAILBOXES, ABSENT)
LEAD = {
    MAILBOXES: "What each mailbox could have shown, measured against the copies that other"
    " mailboxes hold. Choose a week to see them.",
    ABSENT: "Messages that others cite, quote or carry in their conversation index, and that are in"
    " none of the material. Nothing is said about why.",
}
MEASURES = tuple(Measure)
ss = st.session_state


def begin() -> None:
    """Take the chosen week from the address."""
    if state.arrived("coverage"):
        ss[OPEN] = state.asked("open") or ss.get(OPEN, "")
        ss[coverage_absent.OPEN] = state.asked("ghost") or ss.get(coverage_absent.OPEN, "")


def on_week() -> None:
    """Choose a square of the chart."""
    ss[OPEN] = chart.value("coverage_chart", "clicked") or ss.get(OPEN, "")


def on_witness() -> None:
    """A witness leads to the timeline; the page asks for it after this run."""
    ss[GO] = chart.value("coverage_witnesses", "opened") or ""


def squares(desk: Desk, chosen: str) -> None:
    """The custodians' weeks; that of the key `chosen` is outlined."""
    measure = st.segmented_control(
        "What the squares show",
        MEASURES,
        default=Measure.COMPLETENESS,
        required=True,
        key="measure",
        bind="query-params",
        label_visibility="collapsed",
    )
    drawn = coverage.heat_map(desk.ground, measure=Measure(measure), chosen=chosen)
    chart.draw(drawn, key="coverage_chart", on_click=on_week)
    door.legend(drawn.legend)
    if st.toggle("View as table", key="coverage_table"):
        door.table(drawn.table)


def week(desk: Desk, one: CoverageWeek) -> None:
    """One custodian's week: what is held, what others prove, and their copies as witnesses."""
    called = coverage.custodian_names(desk.view).get(one.custodian, one.custodian)
    door.put(
        '<h2 class="ct-h2">{who}, week of {day}</h2><p class="ct-lead">{said}</p>',
        who=called,
        day=say_day(one.week),
        said=_said(one),
    )
    absent = coverage.absent_in(desk.view, one)
    if not absent:
        return
    columns = [
        Column(label="Sent"),
        Column(label="From and to", wrap=True),
        Column(label="Subject", wrap=True),
        Column(label="Held by", wrap=True),
    ]
    body = [
        (copy.communication, _witness(desk, desk.view.row_of[copy.communication]))
        for copy in absent[:LISTED]
    ]
    chart.rows(
        columns,
        body,
        key="coverage_witnesses",
        caption=f"Copies that others hold and {called} does not; open one on the timeline",
        group=ss.get(OPEN, ""),
        height="clamp(180px, calc(100vh - 420px), 620px)",
        on_open=on_witness,
    )
    if len(absent) > LISTED:
        door.put('<p class="ct-small ct-muted">The first {n} are listed.</p>', n=f"{LISTED:,}")


def _said(one: CoverageWeek) -> str:
    held = one.held_sent + one.held_received
    items = (
        f"{counted(held, 'items')} held: {one.held_sent:,} sent, {one.held_received:,} received."
    )
    if not one.covered:
        return f"{items} The week lies outside what was supplied: nothing absent in it is a gap."
    if not one.proven:
        return f"{items} No other mailbox proves a copy of this week, so nothing can be compared."
    sides = [
        f"{matched:,} of {proven:,} {word}"
        for proven, matched, word in (
            (one.proven_sent, one.matched_sent, "sent"),
            (one.proven - one.proven_sent, one.matched - one.matched_sent, "received"),
        )
        if proven
    ]
    return f"{items} Of the copies that other mailboxes prove it holds {' and '.join(sides)}."


def _witness(desk: Desk, row: int) -> list[Any]:
    view = desk.view
    names = coverage.custodian_names(view)
    sender = int(view.sender[row])
    people = [view.identities[one].label for one in view.identities_to(row, (TO, CC))]
    holders = view.custodians_holding.get(view.ids[row], ())
    giver = "not known" if sender == NOBODY else view.identities[sender].label
    more = f" and {len(people) - 3} more" if len(people) > 3 else ""
    return [
        say(view.whens[row]),
        f"{giver} to {', '.join(people[:3])}{more}",
        view.subjects[row] or "no subject",
        ", ".join(names.get(one, one) for one in holders),
    ]


def passed_between(desk: Desk) -> None:
    """At least how many messages passed between two mailboxes, where both hold enough of them."""
    found = desk.view.recaptures
    if not found:
        return
    names = coverage.custodian_names(desk.view)
    door.put(
        '<h2 class="ct-h2">At least how many passed</h2><p class="ct-small ct-muted">{why}</p>',
        why="Two mailboxes that lose messages independently of each other show how many there "
        "were (Chapman's estimate, 95 % interval). What is gone from both is not in it.",
    )
    columns = [
        Column(label="From", wrap=True),
        Column(label="To", wrap=True),
        Column(label="Days"),
        Column(label="At least", right=True),
        Column(label="Interval", right=True),
        Column(label="Held by one or both", right=True),
    ]
    body = [
        (
            f"{one.sender}>{one.recipient}>{one.first}",
            [
                names.get(one.sender, one.sender),
                names.get(one.recipient, one.recipient),
                f"{say_day(one.first)} to {say_day(one.last)}",
                f"{one.estimate:,}",
                f"{one.low:,} to {one.high:,}",
                f"{one.seen:,}",
            ],
        )
        for one in found
    ]
    chart.rows(columns, body, key="coverage_recaptures", caption="Messages between two mailboxes")


def handed_out(desk: Desk, kind: Callable[..., bytes]) -> bytes:
    """A request to be kept by its reader: its digest goes into the audit chain."""
    data = kind(desk.case)
    desk.case.made(ASKED, {kind.__name__: sha256(data).hexdigest()}, out="a download")
    return data


def ask(desk: Desk) -> None:
    """The disclosure request in two formats, made when it is asked for."""
    door.put(
        '<h2 class="ct-h2">What to ask for</h2><p class="ct-small ct-muted">{why}</p>',
        why="A page for each holder: exactly what is not among the material, and why it is asked "
        "for. Gaps that were explained or found not material are left out.",
    )
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Disclosure request (DOCX)",
            data=partial(handed_out, desk, report.request_docx),
            type="primary",
            file_name="disclosure-request.docx",
            mime="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            icon=":material/description:",
            on_click="ignore",
        )
        st.download_button(
            "PDF",
            data=partial(handed_out, desk, report.request_pdf),
            file_name="disclosure-request.pdf",
            mime="application/pdf",
            icon=":material/picture_as_pdf:",
            on_click="ignore",
        )


NOTHING = (
    "Whose mailbox was supplied is not known, so nothing can be said of what it covers. Name "
    "custodians and their folders in case.toml."
)


@st.fragment(key="coverage")
def body() -> None:
    """The page, redrawn alone after each step."""
    desk = state.desk()
    with st.container(horizontal=True, gap="large", vertical_alignment="center"):
        door.heading("Coverage")
        chosen = st.segmented_control(
            "View",
            VIEWS,
            default=MAILBOXES,
            required=True,
            key="coverage_view",
            bind="query-params",
            label_visibility="collapsed",
        )
    door.put('<p class="ct-lead">{said}</p>', said=LEAD[chosen or MAILBOXES])
    if chosen == ABSENT:
        coverage_absent.listed(desk)
        state.remember(ghost=ss.get(coverage_absent.OPEN, ""))
        return
    if not desk.view.weeks:
        door.put('<div class="ct-notice">{why}</div>', why=NOTHING)
        ask(desk)
        return
    current = coverage.week_of(desk.view, ss.get(OPEN, "")) or coverage.barest_week(desk.view)
    left, right = st.columns([1.45, 1], gap="medium")
    with left:
        squares(desk, coverage.key_of(current.custodian, current.week) if current else "")
        passed_between(desk)
    with right:
        if current is not None:
            week(desk, current)
        ask(desk)
    state.remember(open=ss.get(OPEN, ""))
    if ss.get(GO):
        st.switch_page("timeline.py", query_params={"open": f"m{ss.pop(GO)}"})


begin()
body()
