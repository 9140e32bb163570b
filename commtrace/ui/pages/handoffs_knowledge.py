"""The Knowledge view: for a fact, who was told when, who could have known, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from commtrace.figures import knowledge as figures
from commtrace.figures.knowledge import Known
from commtrace.figures.words import shorten
from commtrace.moments import local_day, say_day, start_of
from commtrace.reconstruction.carriers import Carriers, carriers
from commtrace.reconstruction.knowledge import (
    Answer,
    Fact,
    Knowledge,
    carrying_rows,
    enclosing_rows,
    knowledge,
    last_useful,
)
from commtrace.ui import chart, door, state
from commtrace.ui.chart import Column
from commtrace.ui.state import Desk
from commtrace.view import NOBODY, View

FACT, BY, PARTY, FROM, GO = "fact", "fact_by", "fact_party", "fact_from", "fact_go"
MOST, _AROUND = 100, 20  # messages listed, and how many of them before the chosen one
_LONGEST = 600  # characters of a sentence that is taken for a fact
ALL_TEXTS, HITS = 20_000, 2_000  # a larger case is asked by its full-text index
_MARKS = {Answer.IMPOSSIBLE: "grave", Answer.OPEN: "late"}
ss = st.session_state

PARTIES = (
    Column(label="Party", wrap=True),
    Column(label="By that day", wrap=True),
    Column(label="First told", wrap=True),
    Column(label="Possible in the matter", wrap=True),
    Column(label="Possible by any chain", wrap=True),
)
MESSAGES = (
    Column(label="Sent"),
    Column(label="From", wrap=True),
    Column(label="Subject", wrap=True),
)


@st.cache_resource(show_spinner=False, max_entries=2)
def _carriers(fingerprint: str, _view: View) -> Carriers:
    del fingerprint  # the cache's key
    return carriers(_view)


@st.cache_resource(show_spinner="Looking for the fact", max_entries=32)
def _carrying(fingerprint: str, words: str, _desk: Desk) -> tuple[int, ...]:
    """The rows that carry a fact, of all texts or of what the full-text index finds."""
    del fingerprint  # the cache's key
    view = _desk.view
    among = range(len(view)) if len(view) <= ALL_TEXTS else _hits(_desk, words)
    return enclosing_rows(view, carrying_rows(view, Fact(words=words), among))


def _hits(desk: Desk, words: str) -> list[int]:
    """The rows that the full-text index finds for a fact."""
    hits = (desk.view.row_of.get(one) for one in desk.case.search(words, HITS))
    return [row for row in hits if row is not None]


@st.cache_resource(show_spinner=False, max_entries=32)
def _known(fingerprint: str, rows: tuple[int, ...], _view: View) -> Knowledge:
    return knowledge(_view, rows, _carriers(fingerprint, _view))


def on_party() -> None:
    """Open a party."""
    ss[PARTY] = chart.value("fact_parties", "opened") or ""


def on_message() -> None:
    """Count the fact from a message on; opening it again counts from the first."""
    found = chart.value("fact_messages", "opened") or ""
    ss[FROM] = "" if found == ss.get(FROM) else found


def on_mark() -> None:
    """A message of the figure leads to the timeline."""
    ss[GO] = chart.value("fact_lanes", "clicked") or ""


def begin() -> None:
    """Take what is open from the address."""
    for name, key in (("party", PARTY), ("from_message", FROM)):
        ss[key] = state.asked(name) or ss.get(key, "")


def _take_sentence(desk: Desk) -> None:
    """Make the sentence that the address names by its message and place the fact."""
    place = state.asked("from_sentence")
    if not place:
        return
    state.remember(from_sentence="")
    if ss[FROM] not in desk.view.row_of:
        return
    said = next((one for one in desk.sentences(ss[FROM]) if one.key == place), None)
    if said is not None:
        ss[FACT] = " ".join(said.words.split())[:_LONGEST]


def known(desk: Desk) -> None:
    """The fact and the day, then lanes, the path to the open party, and the messages."""
    _take_sentence(desk)
    left, right = st.columns([3, 1], gap="medium")
    with left:
        words = st.text_input(
            "A fact: words that all occur, or a sentence",
            key=FACT,
            placeholder="Words, or a sentence as it was written",
            icon=":material/search:",
            bind="query-params",
        )
    with right:
        day = st.date_input(
            "Known before", value=_day(desk.view), key=BY, format="DD/MM/YYYY", bind="query-params"
        )
    if not words or not isinstance(day, date):
        door.put('<div class="ct-notice">{why}</div>', why=NOTHING_YET)
        return
    every = _carrying(desk.view.fingerprint, words, desk)
    if not every:
        door.put('<div class="ct-notice">{why}</div>', why=NO_MESSAGE)
        return
    rows = _from(desk.view, every)
    _shown(desk, every, rows, int(start_of(day).timestamp()))
    if ss.get(GO):
        st.switch_page("timeline.py", query_params={"open": ss.pop(GO)})


NOTHING_YET = (
    "Type a fact to see who was told of it, who could have known, and by which messages. A topic "
    "is words that must all occur; of a sentence of eight words or more three in ten of its runs "
    "of four words must."
)
NO_MESSAGE = "No record of a message that carries this was found in the material supplied."


def _day(view: View) -> date:
    """The day of the last event of the case, else the last day of the evidence."""
    events = [one.date for one in view.brief.events]
    return max(events, default=local_day(view.as_of))


def _from(view: View, every: Sequence[int]) -> tuple[int, ...]:
    """The carrying rows from the one chosen on; all, where none is."""
    start = next((row for row in every if view.ids[row] == ss.get(FROM)), None)
    return tuple(row for row in every if start is None or row >= start)


def _shown(desk: Desk, every: Sequence[int], rows: tuple[int, ...], by: int) -> None:
    found = _known(desk.view.fingerprint, rows, desk.view)
    parties = figures.parties_known(desk.view, found, by)
    index = desk.view.party_index.get(str(ss.get(PARTY, "")), NOBODY)
    opened = index if index in {one.party for one in parties} else _first_unsure(parties)
    drawn = figures.lanes(desk.ground, found, parties, opened, by)
    left, right = st.columns([1.7, 1], gap="medium")
    with left:
        chart.draw(drawn, key="fact_lanes", on_click=on_mark)
        door.legend(drawn.legend)
        if st.toggle("View as table", key="fact_table"):
            door.table(drawn.table)
        else:
            _parties(desk, parties, opened)
    with right:
        _opened(desk, found, opened, by)
        _messages(desk, every, rows)
    state.remember(party=str(ss.get(PARTY, "")), from_message=str(ss.get(FROM, "")))


def _first_unsure(parties: Sequence[Known]) -> int:
    """The first party that was not told; the first of all, where all were."""
    return next((one.party for one in parties if one.answer is not Answer.TOLD), parties[0].party)


def _parties(desk: Desk, parties: Sequence[Known], opened: int) -> None:
    chart.rows(
        PARTIES,
        [
            (
                desk.view.parties[one.party].id,
                [
                    desk.ground.party(one.party),
                    {"text": figures.WORDS[one.answer], "tone": _MARKS.get(one.answer, "")},
                    *(figures.moment(at) for at in reversed(one.first)),
                ],
            )
            for one in parties[:60]
        ],
        key="fact_parties",
        caption="Parties",
        opened=desk.view.parties[opened].id,
        height="clamp(180px, calc(100vh - 620px), 520px)",
        on_open=on_party,
    )


def _opened(desk: Desk, found: Knowledge, opened: int, by: int) -> None:
    """One party: the answer, the path message by message, the last useful moment, the doubts."""
    view = desk.view
    answer = found.party_answer(opened, by)
    layer, steps = figures.path_to(found, opened, by)
    door.put(
        '<h2 class="ct-h2">{party}: {answer}</h2>',
        party=desk.ground.party(opened),
        answer=figures.WORDS[answer],
    )
    for number, step in enumerate(steps, 1):
        door.put(
            '<p class="ct-small"><b>{number}</b> {when}: {one} to {other}: {subject}</p>',
            number=number,
            when=figures.moment(step.at),
            one=view.identities[step.sender].label,
            other=view.identities[step.recipient].label,
            subject="read or written in a shared mailbox, or as a member of a list"
            if step.row == NOBODY
            else shorten(view.subjects[step.row] or "no subject", 90),
        )
    if layer is not None and not steps:
        door.put('<p class="ct-small">{why}</p>', why="They wrote it themselves.")
    messages = [step for step in steps if step.row != NOBODY]
    if layer is not None and not found.layers[layer].in_order(messages):
        door.put(
            '<p class="ct-small ct-muted">{why}</p>',
            why="Two of these messages have times that overlap; which came first is not certain.",
        )
    door.put('<p class="ct-small">{said}</p>', said=_useful(desk, found, opened, by))
    door.put('<p class="ct-small ct-muted">{said}</p>', said=_doubts(desk, found, by))


def _useful(desk: Desk, found: Knowledge, opened: int, by: int) -> str:
    """Until when whoever first wrote it could still have reached a party by what is held."""
    view = desk.view
    first = found.carrying[0]
    targets = {one.who for one in found.belongings if one.party == opened and one.since < by}
    owner = int(view.sender_party[first])
    until = last_useful(view, targets, by, found.carriers)
    own = [one.who for one in found.belongings if one.party == owner]
    latest = max((int(until[who]) for who in own), default=-1)
    if owner == NOBODY:
        return "Whoever first wrote it is not placed with a party."
    if owner == opened:
        return "The fact is first on record with this party."
    if latest < 0:
        return (
            f"No message of {desk.ground.party(owner)} that is held leads to them before that day."
        )
    return (
        f"Last useful moment: somebody of {desk.ground.party(owner)} who wrote until "
        f"{figures.moment(latest)} could still have reached them in time by messages that are held."
    )


def _doubts(desk: Desk, found: Knowledge, by: int) -> str:
    """Whether absent messages could change an answer, and what the answers rest on."""
    flipped = found.flipped_parties(by)
    names = ", ".join(desk.ground.party(party) for party in flipped[:6])
    absent = len(found.ghost_rows)
    if flipped:
        return f"If all {absent:,} absent messages had carried it, it could have reached {names}."
    return (
        f"With all {absent:,} absent messages as possible carriers no answer changes."
        if absent
        else "No message is known to be absent."
    )


def _messages(desk: Desk, every: Sequence[int], rows: Sequence[int]) -> None:
    view = desk.view
    begins = max(0, list(every).index(rows[0]) - _AROUND)
    door.put(
        '<p class="ct-h2">{count} it</p><p class="ct-small ct-muted">Open one to count '
        "the fact from it on.</p>",
        count="1 message that carries"
        if len(every) == 1
        else f"{len(every):,} messages that carry",
    )
    chart.rows(
        MESSAGES,
        [
            (
                view.ids[row],
                [
                    say_day(view.day(row)) if row < view.dated else "undated",
                    _sender(desk, row),
                    view.subjects[row] or "no subject",
                ],
            )
            for row in every[begins : begins + MOST]
        ],
        key="fact_messages",
        caption="Messages that carry it",
        opened=view.ids[rows[0]] if ss.get(FROM) else "",
        height="clamp(160px, calc(100vh - 620px), 420px)",
        on_open=on_message,
    )


def _sender(desk: Desk, row: int) -> str:
    who = int(desk.view.sender[row])
    return "an unknown sender" if who == NOBODY else desk.view.identities[who].label
