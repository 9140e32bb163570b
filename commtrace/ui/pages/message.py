"""Message: every sentence of one message, what it does and by what cue, and a person's ruling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from commtrace import tagging
from commtrace.errors import CallError
from commtrace.figures import acts as figures
from commtrace.figures.acts import KIND, Said
from commtrace.figures.gaps import Gap
from commtrace.figures.words import shorten
from commtrace.model import ActKind, ActRuling, Communication
from commtrace.moments import say
from commtrace.ui import chart, door, panel, signing, state
from commtrace.ui.chart import Column
from commtrace.ui.pages.evidence_rows import counted, rows
from commtrace.ui.pages.message_rule import SAID, choices
from commtrace.ui.panel import SEVERITY
from commtrace.ui.signing import Signed
from commtrace.ui.state import Desk

OPEN, SENTENCE, GO = "message_open", "message_sentence", "message_go"
HEIGHT = "clamp(220px, calc(100vh - 330px), 900px)"
NO_MESSAGE = "Open a message on the timeline, or behind a gap or a promise, to see its sentences."
NOTHING = "Nothing was read in it."
ss = st.session_state


def begin() -> None:
    """Take message and sentence from the address."""
    if state.arrived("message"):
        ss[OPEN] = state.asked("open") or ss.get(OPEN, "")
        ss[SENTENCE], ss[SAID] = state.asked("sentence"), ""


def on_sentence() -> None:
    """Open a sentence."""
    ss[SENTENCE], ss[SAID] = chart.value("message_sentences", "opened") or "", ""


def on_gap() -> None:
    """A finding leads to its gap; the page asks for it after this run."""
    ss[GO] = chart.value("message_gaps", "opened") or ""


SENTENCES = (
    Column(label="No"),
    Column(label="Sentence", wrap=True),
    Column(label="What it does", wrap=True),
)


def listed(found: Sequence[Said], current: Said) -> None:
    """The sentences in order, each with what it does."""
    number = {one.key: f"{place:,}" for place, one in enumerate(found, 1)}

    def cells(one: Said) -> list[Any]:
        said = " ".join(one.words.split())
        return [number[one.key], shorten(said, 400), {"text": _does(one), "tone": _tone(one)}]

    rows(
        SENTENCES, found, cells, key="message_sentences", what="sentences", group=ss[OPEN],
        identify=lambda one: one.key, opened=current.key, on_open=on_sentence, height=HEIGHT,
    )  # fmt: skip


def _does(one: Said) -> str:
    ruled = f" (ruled by {one.rulings[-1].who})" if one.rulings else ""
    if one.span is None:
        return f"Not in the text now{ruled}"
    return f"{one.kinds or 'Nothing'}{ruled}" if one.kinds or ruled else ""


def _tone(one: Said) -> str:
    return "" if one.acts else "quiet"


def opened(desk: Desk, found: Communication, one: Said) -> None:
    """The open sentence: its words, what it does and why, and the form that rules otherwise."""
    door.put('<p class="ct-sentence">“{said}”</p>', said=shorten(" ".join(one.words.split()), 600))
    lines = [(figures.KIND[act.kind].capitalize(), figures.basis(act)) for act in one.acts]
    lines += [
        (f"It {figures.verdict(made)}", f"Ruled by {made.signed}")
        for made in one.rulings
        if made.becomes is None or one.span is None
    ]
    items = door.join(
        door.html('<li><b>{what}</b> <span class="ct-muted">{why}</span></li>', what=w, why=y)
        for w, y in lines
    )
    nothing = figures.NOT_THERE if one.span is None else NOTHING
    note = door.html('<li class="ct-muted">{nothing}</li>', nothing=nothing)
    shown = door.join([items, note]) if one.span is None or not lines else items
    door.put('<ul class="ct-acts">{shown}</ul>', shown=shown)
    if one.span is not None:
        who_knew(found, one)
    ruling(desk, found, one)
    signing.spoken(SAID)


def who_knew(found: Communication, one: Said) -> None:
    """The way to who was told what the sentence says, from this message on.

    The link names the sentence by its place: words of the evidence stand in no address.
    """
    st.page_link(
        "handoffs.py", label="Who knew this", icon=":material/visibility:",
        query_params={
            "handoffs_view": "Knowledge", "from_message": found.id, "from_sentence": one.key,
        },
        help="Who was told it, and who could have known, counted from this message on",
    )  # fmt: skip


def ruling(desk: Desk, found: Communication, one: Said) -> None:
    """What a person can say of the sentence; a choice of kind where one is wanted."""
    offered = choices(one)
    stem = f"act_{found.id}_{one.key}_{len(desk.act_rulings)}"
    with st.container(border=True, gap="small"):
        number = st.selectbox(
            "Your ruling", range(len(offered)), key=f"{stem}_choice",
            format_func=lambda n: offered[n].label,
        )  # fmt: skip
        chosen = offered[number]
        kind: ActKind | None = None
        if chosen.kinds:
            kind = st.selectbox(
                "Kind of act", chosen.kinds, key=f"{stem}_kind_{number}", index=None,
                format_func=lambda kind: KIND[kind].capitalize(), placeholder="Choose a kind",
            )  # fmt: skip
        with st.form(f"{stem}_form", border=False):
            signing.fields(stem)
            sent = st.form_submit_button("Keep the ruling", type="primary")

    def made(signature: Signed) -> ActRuling:
        if chosen.kinds and kind is None:
            raise CallError("choose the kind of act that the sentence is.")
        about, instead = chosen.about(kind)
        return tagging.ruling(
            found.id, chosen.said or one.words, about, chosen.verdict, instead=instead,
            because=signature.because, who=signature.who,
        )  # fmt: skip

    if sent:
        keep(desk, stem, made)


def keep(desk: Desk, stem: str, made: Callable[[Signed], ActRuling]) -> None:
    """Keep a signed ruling, and say which findings changed by it."""
    before = {gap.finding.id for gap in desk.gaps}

    def act(signature: Signed) -> str:
        desk.case.rule_on_act(made(signature))
        after = {finding.id for finding in desk.case.findings()}
        changed = _change(len(after - before), len(before - after))
        return f"Kept with your name and reason. {changed}"

    with st.spinner("Reading the case again as you decided"):
        done = signing.keep(stem, SAID, act)
    if done:
        st.rerun()


def _change(new: int, gone: int) -> str:
    if not new and not gone:
        return "No finding came or went by it."
    said = [f"{counted(new, 'findings')} new"] if new else []
    said += [f"{counted(gone, 'findings')} gone"] if gone else []
    return f"{' and '.join(said)} by it."


GAPS = (
    Column(label="Reference"),
    Column(label="Gap"),
    Column(label="Sentence", wrap=True),
    Column(label="Severity"),
)


def resting(desk: Desk, found: Communication) -> None:
    """The findings that cite the message; one leads to the Gaps page."""
    cited = [
        gap for gap in desk.gaps if any(c.communication == found.id for c in gap.finding.cites)
    ]
    number = counted(len(cited), "findings") if cited else "No finding"
    door.put(
        '<h2 class="ct-h2">{number} {rest} on this message</h2>',
        number=number,
        rest="rest" if len(cited) > 1 else "rests",
    )
    if cited:
        chart.rows(
            GAPS, [(gap.finding.id, _gap_cells(gap)) for gap in cited[:40]], key="message_gaps",
            caption="Findings that rest on this message", on_open=on_gap,
            height="clamp(120px, calc(100vh - 640px), 420px)",
        )  # fmt: skip


def _gap_cells(gap: Gap) -> list[Any]:
    severity = SEVERITY[gap.finding.severity]
    return [gap.reference, gap.word, shorten(gap.finding.sentence, 170), severity]


def head(found: Communication | None) -> None:
    """The page's name, the way back, and what the message is."""
    with st.container(horizontal=True, gap="large", vertical_alignment="center"):
        door.heading("Message")
        st.page_link(
            "timeline.py", label="On the timeline", icon=":material/timeline:",
            query_params={"open": f"m{found.id}"} if found else None,
        )  # fmt: skip
    if found is not None:
        door.put(
            '<p class="ct-lead"><b>{subject}</b>, {who} to {to}, {when}. Cues read what a sentence'
            " does; a named person can rule otherwise, and the findings follow at once.</p>",
            subject=found.subject or "No subject",
            who=panel.address(found.sender) if found.sender else "an unknown sender",
            to=panel.addresses(found.to, 3) or "recipients that are not stated",
            when=say(found.when),
        )


@st.fragment(key="message")
def body() -> None:
    """The page, redrawn alone after each step."""
    desk = state.desk()
    try:
        found = desk.case.communication(ss.get(OPEN) or "")
    except CallError:
        head(None)
        door.put('<div class="ct-notice">{why}</div>', why=NO_MESSAGE)
        return
    head(found)
    text, segments = desk.case.text(found.id), desk.case.segments(found.id)
    said = desk.sentences(found.id)
    if not said:
        door.put('<div class="ct-notice">The record holds no new words of this message.</div>')
        return
    doing = next((one for one in said if one.acts), said[0])
    current = next((one for one in said if one.key == ss.get(SENTENCE)), doing)
    left, right = st.columns([1.35, 1], gap="medium")
    with left:
        listed(said, current)
        door.put(
            '<details class="ct-more" open><summary>The whole message, and where it lies</summary>'
            '<div class="ct-panel">{letter}{places}</div></details>',
            letter=panel.letter(text, segments, span=current.span),
            places=panel.places(found),
        )
    with right:
        opened(desk, found, current)
        resting(desk, found)
    state.remember(open=found.id, sentence=str(ss.get(SENTENCE) or ""))
    if ss.get(GO):
        st.switch_page("gaps.py", query_params={"open": ss.pop(GO)})


begin()
body()
