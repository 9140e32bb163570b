"""The Message page: a sentence is tagged, untagged and corrected, and what follows changes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from commtrace.case import Case
from commtrace.evidence import ingest
from commtrace.evidence.workers import serial
from commtrace.figures.acts import NOT_THERE, basis, sentences_of, verdict
from commtrace.gaps.questions import questions
from commtrace.language.acts import acts
from commtrace.model import ActKind, ActRuling, ActVerdict, CommunicationId, Segment, Zone
from commtrace.tagging import ruling
from commtrace.ui import serve, state

Page = Callable[..., AppTest]
TOML = """
title = "Bus"
as_of = 2022-06-30
[[parties]]
id = "get"
label = "Transport"
kind = "directorate"
domains = ["council.example"]
[[parties]]
id = "families"
label = "Families"
kind = "families"
domains = ["homemail.example"]
"""
STATES = "My son still stands at the gate every morning."
ASKS = "Please confirm the taxi for route 9."


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    """A case of one message that states, then asks."""
    monkeypatch.setattr(ingest, "processes", lambda: serial)
    box = tmp_path / "box"
    box.mkdir()
    head = (
        "From: Rosa Quill <rosa@homemail.example>\r\nTo: Desk <desk@council.example>\r\nDate: "
        "Wed, 09 Feb 2022 10:00:00 +0000\r\nMessage-ID: <9@homemail.example>\r\nSubject: Taxi\r\n"
    )
    (box / "9.eml").write_text(f"{head}\r\n{STATES} {ASKS}\r\n", newline="")
    case = Case.create(tmp_path / "case", text=TOML)
    case.ingest([box])
    monkeypatch.setenv(serve.CASE_VARIABLE, "kept")
    monkeypatch.setattr(state, "opener", lambda _folder: case)
    st.cache_resource.clear()
    yield case
    st.cache_resource.clear()
    case.close()


@pytest.fixture
def opened(kept: Case) -> Callable[..., AppTest]:
    """The page of the one message, at a sentence."""

    def run(sentence: str = "") -> AppTest:
        app = AppTest.from_file(str(serve.FRAME), default_timeout=30)
        app.run()
        app.switch_page("message.py")
        view = kept.view()
        app.query_params["open"] = view.ids[0]
        app.query_params["sentence"] = str(kept.text(view.ids[0]).index(sentence))
        app.run()
        assert not app.exception, app.exception
        return app

    return run


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in app.get("html"))


def box(app: AppTest, label: str) -> object:
    return next(one for one in app.selectbox if one.label == label)


def say(app: AppTest, choice: str, kind: str = "", *, who="A. Auditor", because="Read.") -> AppTest:
    options = box(app, "Your ruling").options
    box(app, "Your ruling").select_index(next(n for n, o in enumerate(options) if choice in o))
    app.run()
    if kind:
        kinds = box(app, "Kind of act").options
        box(app, "Kind of act").select_index(kinds.index(kind))
    app.text_area[0].set_value(because)
    for field in app.text_input:
        if field.label == "Your name":
            field.set_value(who)
    next(button for button in app.button if button.label == "Keep the ruling").click()
    return app.run()


def asked(case: Case) -> set[str]:
    return {one.act.said for one in questions(case.view())}


def test_every_sentence_stands_with_its_cue(opened: Callable[..., AppTest]) -> None:
    app = opened(ASKS)
    assert f"“{ASKS}”" in said(app)
    assert "<b>Request</b>" in said(app)
    assert "Cue: " in said(app)


def test_a_long_cue_is_shortened_and_the_words_that_it_matched_stand_before_it() -> None:
    said = "We'll arrange a taxi."
    new = (Segment(zone=Zone.NEW, start=0, end=len(said)),)
    (act,) = (a for a in acts(said, new, CommunicationId("c")) if a.kind is ActKind.UNDERTAKING)
    assert len(act.cue) > 1000
    assert basis(act).startswith("By “We'll arrange”. Cue: (i'll|we'll) ")
    assert len(basis(act)) < 150


def test_a_sentence_is_tagged_and_the_finding_is_there_at_once(
    opened: Callable[..., AppTest], kept: Case
) -> None:
    app = say(opened(ASKS), "It is no request", because="A form letter.")
    assert asked(kept) == set()
    assert "unanswered" not in {one.rule for one in kept.findings()}
    app = say(opened(STATES), "It does something", "Request", because="She asked it aloud.")
    assert asked(kept) == {STATES}
    assert "1 finding new by it." in said(app)
    assert "Tagged by A. Auditor, " in said(app)
    assert "She asked it aloud." in said(app)


def test_an_untagged_sentence_is_no_finding_and_the_ruling_is_taken_back(
    opened: Callable[..., AppTest], kept: Case
) -> None:
    before = [one.id for one in kept.findings()]
    app = say(opened(ASKS), "It is no request")
    assert "It is no request" in said(app)
    assert "1 finding gone by it." in said(app)
    app = say(app, "Take back that it is no request", because="The letter came later.")
    assert kept.act_rulings() == ()
    assert [one.id for one in kept.findings()] == before
    assert "1 finding new by it." in said(app)


def test_the_kind_is_corrected(opened: Callable[..., AppTest], kept: Case) -> None:
    app = say(opened(ASKS), "but something else", "Warning")
    assert [act.kind for act in kept.view().acts[kept.view().ids[0]]] == [ActKind.WARNING]
    assert "<b>Warning</b>" in said(app)
    assert "Not a request, as its cue was read." in said(app)
    assert "Take back that it is a warning and no request" in box(app, "Your ruling").options


@pytest.mark.parametrize(
    ("choice", "signed", "why"),
    [
        ("It is no request", {"who": ""}, "say your name"),
        ("It is no request", {"because": ""}, "A ruling on an act needs a reason"),
        ("but something else", {}, "choose the kind"),
    ],
)
def test_what_is_still_needed_is_said_and_nothing_is_kept(
    opened: Callable[..., AppTest], kept: Case, choice: str, signed: dict[str, str], why: str
) -> None:
    app = say(opened(ASKS), choice, **signed)
    assert f"Not saved: {why}" in said(app)
    assert kept.act_rulings() == ()


def test_the_message_panel_names_what_its_sentences_do(kept: Case) -> None:
    name = kept.view().ids[0]
    told = {"because": "A form letter.", "who": "A. Auditor"}
    kept.rule_on_act(ruling(name, STATES, ActKind.WARNING, ActVerdict.IS, **told))
    kept.rule_on_act(ruling(name, ASKS, ActKind.REQUEST, ActVerdict.IS_NOT, **told))
    app = AppTest.from_file(str(serve.FRAME), default_timeout=30)
    app.run()
    app.switch_page("timeline.py")
    app.query_params["open"] = f"m{name}"
    text = said(app.run())
    assert "<b>Warning</b>" in text
    assert "<b>Is no request</b>" in text
    assert text.count("A form letter.") == 2


def test_the_register_of_questions_says_that_a_person_tagged_it(kept: Case) -> None:
    name = kept.view().ids[0]
    told = {"because": "Asked aloud.", "who": "A. Auditor"}
    kept.rule_on_act(ruling(name, ASKS, ActKind.REQUEST, ActVerdict.IS, **told))
    app = AppTest.from_file(str(serve.FRAME), default_timeout=30)
    app.run()
    app.switch_page("promises.py")
    app.query_params["promises_view"] = "Questions"
    app.run()
    assert not app.exception
    assert "Tagged by A. Auditor, " in said(app)


def test_without_a_message_the_page_says_where_one_is_opened(visit: Page) -> None:
    assert "Open a message on the timeline" in said(visit("message"))


def new(text: str) -> tuple[Segment, ...]:
    return (Segment(zone=Zone.NEW, start=0, end=len(text)),)


def made(words: str, kind: ActVerdict = ActVerdict.IS_NOT) -> ActRuling:
    return ruling("m1", words, ActKind.REQUEST, kind, because="Read.", who="A. Auditor")


def test_a_ruling_whose_words_are_gone_stands_last_and_can_be_taken_back() -> None:
    text = "One. Two."
    found = sentences_of(text, new(text), (), (made("Three."),))
    assert [(one.words, one.span is None) for one in found][-1] == ("Three.", True)
    assert "changes nothing" in NOT_THERE


def test_a_ruling_on_words_that_are_no_sentence_now_stands_in_its_place() -> None:
    text = "One and two. Three."
    found = sentences_of(text, new(text), (), (made("two"),))
    assert [one.words for one in found] == ["One and two.", "two", "Three."]
    assert [len(one.rulings) for one in found] == [0, 1, 0]


@pytest.mark.parametrize(
    ("kind", "words"),
    [(ActVerdict.IS, "is a request"), (ActVerdict.IS_NOT, "is no request")],
)
def test_a_verdict_is_said_in_words(kind: ActVerdict, words: str) -> None:
    assert verdict(made("Two.", kind)) == words
