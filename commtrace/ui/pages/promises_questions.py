"""The Questions view: every request that is owed an answer, with its fate."""

from __future__ import annotations

from collections import Counter
from typing import Any

import streamlit as st

from commtrace.figures import promises as figures
from commtrace.figures.words import shorten
from commtrace.gaps.questions import Fate as Answer
from commtrace.gaps.questions import Question, questions
from commtrace.moments import say_day
from commtrace.ui import chart, door, panel, state
from commtrace.ui.chart import Column
from commtrace.ui.pages.evidence_rows import counted, rows
from commtrace.ui.pages.promises_rows import (
    EVERY,
    HEIGHT,
    list_of_messages,
    of_fate,
    tagged,
    words_of,
)
from commtrace.ui.state import Desk

QUESTION = "question_open"
QUESTION_FATE = "question_fate"
QUESTION_FATES = (EVERY, *(fate.value for fate in Answer))
ss = st.session_state


@st.cache_resource(show_spinner="Reading what was asked", max_entries=2)
def _questions(fingerprint: str, _desk: Desk) -> tuple[Question, ...]:
    del fingerprint  # the cache's key
    return questions(_desk.view)


def on_question() -> None:
    """Open a question."""
    ss[QUESTION] = chart.value("question_list", "opened") or ""


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
    found = of_fate(every, QUESTION_FATES, QUESTION_FATE, NO_QUESTION)
    if not found:
        return
    ids = desk.view.ids
    current = next((o for o in found if ids[o.asked.row] == ss.get(QUESTION)), found[0])
    left, right = st.columns([1.6, 1], gap="medium")
    with left:
        rows(
            QUESTIONS, found, lambda one: _question_cells(desk, one), key="question_list",
            what="questions", identify=lambda one: ids[one.asked.row], on_open=on_question,
            opened=ids[current.asked.row], group=str(ss.get(QUESTION_FATE) or ""), height=HEIGHT,
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
        f"{who} of {figures.named(view, it.named, it.owing)}",
        words_of(one.act),
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
    tagged(one.act)
    panel.sentences_link(view.ids[one.asked.row], one.act.start)
    list_of_messages(desk, listed, "The request and its answer; open one on the timeline")


def lead(desk: Desk) -> str:
    """How many requests there are, and how many without an answer on record."""
    fate = Counter(one.fate for one in _questions(desk.view.fingerprint, desk))
    count = counted(sum(fate.values()), "requests")
    without = sum(fate[one] for one in figures.OPEN_ANSWERS)
    return (
        f"{count} to another party that owes answers; for {without:,} no record of an answer was "
        "found. What the material could have shown stands with each gap."
    )
