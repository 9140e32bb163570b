"""Promises: what was undertaken and what became of it; every question with its fate; notice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from commtrace.figures import promises as figures
from commtrace.figures.gaps import Gap
from commtrace.figures.words import shorten
from commtrace.gaps.promises import Fate, Promise, promises
from commtrace.gaps.questions import Fate as Answer
from commtrace.gaps.questions import Question, questions
from commtrace.moments import say_day
from commtrace.ui import chart, door, state
from commtrace.ui.chart import Column
from commtrace.ui.pages.evidence_rows import counted, rows
from commtrace.ui.state import Desk

PROMISE, QUESTION, NOTICE, GO = "promise_open", "question_open", "notice_open", "promise_go"
MADE, ASKED, TOLD = "Promises", "Questions", "Notice"
VIEWS = (MADE, ASKED, TOLD)
EVERY = "All"
PROMISE_FATES = (EVERY, *(fate.value for fate in Fate))
QUESTION_FATES = (EVERY, *(fate.value for fate in Answer))
HEIGHT = "clamp(280px, calc(100vh - 340px), 900px)"
ss = st.session_state


@st.cache_resource(show_spinner="Reading what was promised", max_entries=2)
def _promises(fingerprint: str, _desk: Desk) -> tuple[Promise, ...]:
    del fingerprint  # the cache's key
    return promises(_desk.view)


@st.cache_resource(show_spinner="Reading what was asked", max_entries=2)
def _questions(fingerprint: str, _desk: Desk) -> tuple[Question, ...]:
    del fingerprint  # the cache's key
    return questions(_desk.view)


def on_promise() -> None:
    """Open a promise."""
    ss[PROMISE] = chart.value("promise_list", "opened") or ""


def on_question() -> None:
    """Open a question."""
    ss[QUESTION] = chart.value("question_list", "opened") or ""


def on_notice() -> None:
    """Open a notice."""
    ss[NOTICE] = chart.value("notice_list", "opened") or ""


def on_mark() -> None:
    """A mark of the figure leads to the timeline; the page asks for it after this run."""
    ss[GO] = chart.value("promise_chain", "clicked") or ""


def on_witness() -> None:
    """A message of the list leads to the timeline."""
    found = chart.value("promise_witnesses", "opened")
    ss[GO] = f"m{found}" if found else ""


def key_of(desk: Desk, promise: Promise) -> str:
    """What a promise is called in the address: its first sentence."""
    first = promise.stated[0]
    return f"{desk.view.ids[first.row]}:{first.act.start}"


PROMISES = (
    Column(label="Said"),
    Column(label="By and to", wrap=True),
    Column(label="Words", wrap=True),
    Column(label="By when"),
    Column(label="Times", right=True),
    Column(label="On record", right=True),
    Column(label="Fate", wrap=True),
)


def made(desk: Desk) -> None:
    """The register of promises at the left, the open one drawn at the right."""
    every = _promises(desk.view.fingerprint, desk)
    chosen = st.pills(
        "Fate", PROMISE_FATES, default=EVERY, key="promise_fate", bind="query-params",
        format_func=_numbered(every), label_visibility="collapsed", required=True,
    )  # fmt: skip
    found = [one for one in every if chosen in {EVERY, None, one.fate.value}]
    if not found:
        door.put('<div class="ct-notice">{why}</div>', why=NO_PROMISE if not every else NONE_SUCH)
        return
    current = next((one for one in found if key_of(desk, one) == ss.get(PROMISE)), found[0])
    left, right = st.columns([1.45, 1], gap="medium")
    with left:
        rows(
            PROMISES, found, lambda one: _promise_cells(desk, one), key="promise_list",
            what="promises", identify=lambda one: key_of(desk, one), on_open=on_promise,
            opened=key_of(desk, current), group=str(ss.get("promise_fate") or ""), height=HEIGHT,
        )  # fmt: skip
    with right:
        _promise(desk, current)
    state.remember(open=ss.get(PROMISE, ""))


NO_PROMISE = (
    "No sentence was read as an undertaking to another party. Undertakings are read from new words "
    "of messages and letters, by the cues of acts.toml."
)
NONE_SUCH = "None has this fate."


def _numbered(found: Sequence[Promise] | Sequence[Question]) -> Callable[[str], str]:
    """A fate with how many have it."""
    times = Counter(one.fate.value for one in found)
    times[EVERY] = len(found)
    return lambda fate: f"{fate} ({times[fate]:,})"


def _promise_cells(desk: Desk, one: Promise) -> list[Any]:
    view, last = desk.view, one.judged
    who = figures.by_whom(view, last.by, last.by_party)
    tone = "late" if one.fate in figures.GRAVE_FATES else ""
    return [
        say_day(one.stated[0].day),
        f"{who} to {figures.named(view, last.to, last.to_parties)}",
        shorten(" ".join(last.act.said.split()), 170),
        figures.due_words(one),
        f"{len(one.stated):,}",
        figures.done(one),
        {"text": one.fate.value, "tone": tone},
    ]


def _promise(desk: Desk, one: Promise) -> None:
    """One promise drawn, its sentences, and the messages that kept it."""
    view, last = desk.view, one.judged
    door.put(
        '<h2 class="ct-h2">{fate}</h2><p class="ct-lead">{who} to {whom}</p>',
        fate=one.fate.value.capitalize(),
        who=figures.by_whom(view, last.by, last.by_party),
        whom=figures.named(view, last.to, last.to_parties),
    )
    drawn = figures.chain(desk.ground, one)
    chart.draw(drawn, key="promise_chain", on_click=on_mark)
    door.legend(drawn.legend)
    if st.toggle("View as table", key="promise_table"):
        door.table(drawn.table)
    _witnesses(desk, one)


def _witnesses(desk: Desk, one: Promise) -> None:
    view, found = desk.view, one.discharge
    listed = [(e.row, "undertakes it") for e in one.stated]
    listed += [(row, "does it in time") for row in dict.fromkeys(found.kept.values())]
    listed += [(row, "does it later") for row in dict.fromkeys(found.late.values())]
    listed += [(row, "comes back to it") for row in found.chased]
    listed += [(row, "a conversation in the time") for row in found.spoken]
    _list_of_messages(desk, listed, "Messages behind it; open one on the timeline")
    names = [view.identities[who].label for who in found.missing]
    if names and len(one.judged.to) > 1:
        door.put(
            '<p class="ct-small"><b>No record for:</b> {names}</p>',
            names=", ".join(names[:40]) + (f" and {len(names) - 40:,} more" if names[40:] else ""),
        )


MESSAGES = (
    Column(label="Sent"),
    Column(label="What it is"),
    Column(label="From and subject", wrap=True),
)


def _list_of_messages(desk: Desk, listed: Sequence[tuple[int, str]], caption: str) -> None:
    view = desk.view
    chart.rows(
        (
            Column(label="Sent"),
            Column(label="What it is"),
            Column(label="From and subject", wrap=True),
        ),
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


def _sender(desk: Desk, row: int) -> str:
    who = int(desk.view.sender[row])
    return "an unknown sender" if who < 0 else desk.view.identities[who].label


QUESTIONS = (
    Column(label="Asked"),
    Column(label="By and of", wrap=True),
    Column(label="Words", wrap=True),
    Column(label="Due"),
    Column(label="Days to the answer", right=True),
    Column(label="Asked again", right=True),
    Column(label="Fate", wrap=True),
)


def asked(desk: Desk) -> None:
    """Every request that is owed an answer, with its fate."""
    every = _questions(desk.view.fingerprint, desk)
    chosen = st.pills(
        "Fate", QUESTION_FATES, default=EVERY, key="question_fate", bind="query-params",
        format_func=_numbered(every), label_visibility="collapsed", required=True,
    )  # fmt: skip
    found = [one for one in every if chosen in {EVERY, None, one.fate.value}]
    if not found:
        why = NO_QUESTION if not every else NONE_SUCH
        door.put('<div class="ct-notice">{why}</div>', why=why)
        return
    ids = desk.view.ids
    current = next((o for o in found if ids[o.asked.row] == ss.get(QUESTION)), found[0])
    left, right = st.columns([1.6, 1], gap="medium")
    with left:
        rows(
            QUESTIONS, found, lambda one: _question_cells(desk, one), key="question_list",
            what="questions", identify=lambda one: ids[one.asked.row], on_open=on_question,
            opened=ids[current.asked.row], group=str(ss.get("question_fate") or ""), height=HEIGHT,
        )  # fmt: skip
    with right:
        _question(desk, current)
    state.remember(open=ss.get(QUESTION, ""))


NO_QUESTION = "No request to another party that owes answers was read in new words of messages."


def _question_cells(desk: Desk, one: Question) -> list[Any]:
    view, it = desk.view, one.asked
    tone = "late" if one.fate in figures.OPEN_ANSWERS else ""
    who = figures.by_whom(view, it.asker, it.asker_party)
    return [
        say_day(one.day),
        f"{who} of {figures.named(view, it.addressees, it.owing)}",
        shorten(" ".join(one.act.said.split()), 170),
        say_day(one.due),
        f"{one.elapsed:,}" if one.answer >= 0 else "",
        f"{one.chasers:,}" if one.chasers else "",
        {"text": one.fate.value, "tone": tone},
    ]


def _question(desk: Desk, one: Question) -> None:
    view = desk.view
    door.put(
        '<h2 class="ct-h2">{fate}</h2><p class="ct-lead">“{said}”</p>'
        '<p class="ct-small ct-muted">Asked on {day}; an answer was due by {due}.</p>',
        fate=one.fate.value.capitalize(),
        said=shorten(" ".join(one.act.said.split()), 400),
        day=say_day(one.day),
        due=say_day(one.due),
    )
    listed = [(one.asked.row, "asks")]
    if one.answer >= 0:
        listed.append((one.answer, "answers first"))
    gap = next((g for g in desk.gaps if view.ids[one.asked.row] in g.finding.anchor), None)
    if gap is not None:
        door.put(
            '<p class="ct-small"><b>{reference}</b> {said}</p>',
            reference=gap.reference, said=gap.finding.sentence,
        )  # fmt: skip
    _list_of_messages(desk, listed, "The request and its answer; open one on the timeline")


NOTICES = (
    Column(label="Reference"),
    Column(label="Told"),
    Column(label="The day"),
    Column(label="Between, working days", right=True),
    Column(label="Between, their days", right=True),
    Column(label="Told late", right=True),
    Column(label="Sentence", wrap=True),
)


def told(desk: Desk) -> None:
    """Notice that came late: the days between, in both calendars, with holidays visible."""
    found = [gap for gap in desk.gaps if gap.finding.rule == "late_notice"]
    if not found:
        door.put('<div class="ct-notice">{why}</div>', why=NO_NOTICE)
        return
    current = next((gap for gap in found if gap.finding.id == ss.get(NOTICE)), found[0])
    left, right = st.columns([1.3, 1], gap="medium")
    with left:
        rows(
            NOTICES, found, _notice_cells, key="notice_list", what="notices",
            identify=lambda gap: gap.finding.id, opened=current.finding.id, on_open=on_notice,
            height=HEIGHT,
        )  # fmt: skip
    with right:
        _notice(desk, current)
    state.remember(open=ss.get(NOTICE, ""))


NO_NOTICE = (
    "No notice to people outside came later than the criterion allows, as far as dated "
    "announcements and the events of case.toml show."
)


def _notice_cells(gap: Gap) -> list[Any]:
    one = gap.finding
    return [
        gap.reference,
        one.window.said.partition(" to ")[0],
        say_day(date.fromisoformat(str(one.measure["the day"]))),
        f"{one.measure['clear working days']:,}",
        f"{one.measure['clear days']:,}",
        f"{one.measure['told late']:,}",
        shorten(one.sentence, 150),
    ]


def _notice(desk: Desk, gap: Gap) -> None:
    one, view = gap.finding, desk.view
    row = view.row_of[one.about[0]]
    party = view.party_index.get(one.parties[-1], 0)
    door.put('<h2 class="ct-h2">{ref}</h2><p class="ct-lead">{said}</p>',
             ref=gap.reference, said=one.sentence)  # fmt: skip
    on = date.fromisoformat(str(one.measure["the day"]))
    drawn = figures.notice_bar(desk.ground, party, view.day(row), on)
    chart.draw(drawn, key="notice_bar")
    door.legend(drawn.legend)
    if st.toggle("View as table", key="notice_table"):
        door.table(drawn.table)
    _list_of_messages(desk, [(row, "the notice")], "The notice; open it on the timeline")


SHOWN = {MADE: made, ASKED: asked, TOLD: told}


def _of_promises(desk: Desk) -> str:
    fate = Counter(one.fate for one in _promises(desk.view.fingerprint, desk))
    count = counted(sum(fate.values()), "undertakings")
    broken = _were(sum(fate[one] for one in figures.GRAVE_FATES))
    return (
        f"{count} to another party; no record that {broken} kept in full. People agree on what is "
        "a promise only in part: each stands with its words."
    )


def _of_questions(desk: Desk) -> str:
    fate = Counter(one.fate for one in _questions(desk.view.fingerprint, desk))
    count = counted(sum(fate.values()), "requests")
    without = sum(fate[one] for one in figures.OPEN_ANSWERS)
    return (
        f"{count} to another party that owes answers; for {without:,} no record of an answer was "
        "found. What the material could have shown stands with each gap."
    )


def _of_notice(_desk: Desk) -> str:
    return (
        "Days strictly between a message and the day it speaks of, in working days and in the days "
        "of those who were told."
    )


LEADS = {MADE: _of_promises, ASKED: _of_questions, TOLD: _of_notice}


def _were(number: int) -> str:
    return f"{number:,} was" if number == 1 else f"{number:,} were"


@st.fragment(key="promises")
def body() -> None:
    """The page, redrawn alone after each step."""
    desk = state.desk()
    with st.container(horizontal=True, gap="large", vertical_alignment="center"):
        door.heading("Promises")
        view = st.segmented_control(
            "View", VIEWS, default=MADE, required=True, key="promises_view", bind="query-params",
            label_visibility="collapsed",
        )  # fmt: skip
    door.put('<p class="ct-lead">{said}</p>', said=LEADS[view](desk))
    SHOWN[view](desk)
    if ss.get(GO):
        st.switch_page("timeline.py", query_params={"open": ss.pop(GO)})


if state.arrived("promises"):
    wanted = state.asked("open")
    for name in (PROMISE, QUESTION, NOTICE):
        ss[name] = wanted or ss.get(name, "")
body()
