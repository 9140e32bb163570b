"""A bundle: its items beside its pages; boundaries, dates and titles are moved until confirmed."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from commtrace.errors import CallError
from commtrace.figures import bundle
from commtrace.figures.bundle import Draft
from commtrace.figures.interval import day
from commtrace.figures.words import shorten
from commtrace.moments import say_day
from commtrace.ui import chart, door, parts, signing
from commtrace.ui.chart import Column
from commtrace.ui.pages import evidence_decide as decide
from commtrace.ui.pages.evidence_decide import DRAFTS, Matter
from commtrace.ui.pages.evidence_rows import counted

ITEM, NOTE = "bundle_item", "bundle_note"
HEIGHT = "clamp(240px, calc(100vh - 560px), 760px)"
COLUMNS = (
    Column(label="Item", right=True),
    Column(label="Date"),
    Column(label="Title", wrap=True),
)
ss = st.session_state


def show(one: Matter) -> None:
    """Items and pages side by side, the form of the open item, and the two ways to end."""
    try:
        made = draft(one)
    except ValueError:
        door.put('<div class="ct-notice ct-warn">{why}</div>', why=_BROKEN)
        return
    number = min(int(ss.get(ITEM) or 0), len(made.items) - 1)
    left, right = st.columns([1, 1], gap="medium")
    with left:
        items(one, made, number)
        edit(one, made, number)
    with right:
        parts.outline(
            made, key=f"bundle_pages_{one.key}", opened=number, group=one.key,
            height="clamp(380px, calc(100vh - 372px), 1000px)",
            on_cut=lambda: on_cut(one),
        )  # fmt: skip
    confirm(one, made)


_BROKEN = "What is kept of this bundle cannot be shown: its items do not cover every page once."


def draft(one: Matter) -> Draft:
    """The draft of a bundle: as it was left in this session, else as it counts now."""
    drafts = ss.setdefault(DRAFTS, {})
    if one.key not in drafts:
        drafts[one.key] = bundle.draft(one.value, one.proposed)
    made: Draft = drafts[one.key]
    return made


def change(one: Matter, act: Callable[[Draft], Draft]) -> None:
    """Put a changed draft in the place of the present one."""
    ss[DRAFTS] = {**ss.get(DRAFTS, {}), one.key: act(draft(one))}
    ss[NOTE] = ss[decide.SAID] = ss[decide.DONE] = ""


def items(one: Matter, made: Draft, number: int) -> None:
    """The items in order."""
    unit = Column(label=f"{made.unit.capitalize()}s")
    chart.rows(
        (COLUMNS[0], unit, *COLUMNS[1:]),
        [
            (
                f"item {n}",
                [
                    f"{n + 1}",
                    f"{item.first}" if item.first == item.last else f"{item.first} to {item.last}",
                    say_day(item.day) if item.day else "no date",
                    shorten(item.title, 80) or "no title",
                ],
            )
            for n, item in enumerate(made.items)
        ],
        key="bundle_items",
        caption="Items of the bundle",
        opened=f"item {number}",
        group=one.key,
        height=HEIGHT,
        on_open=on_item,
    )


def on_item() -> None:
    """An item was chosen."""
    ss[ITEM] = int((chart.value("bundle_items", "opened") or "item 0").split()[-1])
    ss[NOTE] = ""


def on_cut(one: Matter) -> None:
    """A page was pressed: an item begins there, or joins the one before."""
    page = chart.value(f"bundle_pages_{one.key}", "cut")
    if page:
        change(one, lambda made: bundle.cut(made, int(page)))
        ss[ITEM] = draft(one).at(int(page))


def edit(one: Matter, made: Draft, number: int) -> None:
    """The form of the open item: its first page, its date, its title."""
    item = made.items[number]
    stem = f"bundle_{one.key}_{number}_{item.first}_{len(made.items)}"
    lowest = made.items[number - 1].first + 1 if number else 1
    with st.form(stem, border=True):
        page, when, title = st.columns([0.85, 1, 1.9], gap="small")
        with page:
            st.number_input(
                "Begins at", lowest, max(item.last, lowest), value=max(item.first, lowest),
                key=f"{stem}_page", disabled=not number,
            )  # fmt: skip
        with when:
            st.text_input(
                "Date", value=say_day(item.day) if item.day else "", key=f"{stem}_day",
                placeholder="Not known",
            )  # fmt: skip
        with title:
            st.text_input("Title", value=door.shown(item.title), key=f"{stem}_title")
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.form_submit_button("Change item", on_click=on_edit, args=(one, number, stem))
            st.form_submit_button(
                "Join to the one before", on_click=on_join, args=(one, number), disabled=not number
            )
        if ss.get(NOTE):
            door.put('<p class="ct-small ct-grave" role="alert">{note}</p>', note=ss[NOTE])


def on_edit(one: Matter, number: int, stem: str) -> None:
    """The form of an item was sent; a date that cannot be read changes nothing and is said."""
    words = str(ss.get(f"{stem}_day") or "").strip()
    try:
        when = day(words) if words else None
    except CallError as error:
        ss[NOTE] = str(error)
        return
    title = str(ss.get(f"{stem}_title") or "")
    page = int(ss.get(f"{stem}_page") or 1)

    def act(made: Draft) -> Draft:
        kept = made.items[number].title
        new = kept if title == door.shown(kept) else title
        said = bundle.said(made, number, day=when, title=new)
        return bundle.begin(said, number, page)

    change(one, act)


def on_join(one: Matter, number: int) -> None:
    """The open item joins the one before."""
    change(one, lambda made: bundle.merge(made, number))
    ss[ITEM] = max(number - 1, 0)


def on_again(one: Matter) -> None:
    """The draft is given up."""
    ss.get(DRAFTS, {}).pop(one.key, None)
    ss[ITEM], ss[NOTE] = 0, ""


def confirm(one: Matter, made: Draft) -> None:
    """Reason, name, and the ruling: these items, or one document."""
    undated = sum(1 for item in made.items if item.day is None)
    stands = "stands" if undated == 1 else "stand"
    dates = f" {undated:,} without a date {stands} in no week of the timeline." if undated else ""
    with st.form(f"confirm_{one.key}", border=True):
        door.put(
            '<p class="ct-small">{items} over {pages}.{dates}</p>',
            items=counted(len(made.items), "items"),
            pages=counted(made.pages, f"{made.unit}s"),
            dates=dates,
        )
        signing.fields(f"rule_{decide.signature_of(one)}")
        with st.container(horizontal=True, gap="small"):
            these = st.form_submit_button("Confirm these items", type="primary")
            whole = st.form_submit_button("It is one document")
            st.form_submit_button("Start again", on_click=on_again, args=(one,))
    if these:
        many = counted(len(made.items), "items")
        decide.rule(one, bundle.value(made), f"The bundle is read as {many}.")
    if whole:
        decide.rule(one, bundle.value(bundle.whole(made)), "It is read as one document.")
