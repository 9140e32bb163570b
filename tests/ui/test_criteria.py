"""The Criteria page: by what each rule measures, and another choice with its reason."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from commtrace.case import Case
from commtrace.evidence import ingest
from commtrace.evidence.workers import serial
from commtrace.ui import serve, state

Page = Callable[..., AppTest]
TOML = """
title = "Bus"
period = [2022-01-01, 2022-06-30]
as_of = 2022-03-15
[criteria]
reply = 20       # the promise on the website
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


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    """A case in which one request waited for 24 working days."""
    monkeypatch.setattr(ingest, "processes", lambda: serial)
    box = tmp_path / "box"
    box.mkdir()
    (box / "9.eml").write_text(
        "From: Rosa Quill <rosa@homemail.example>\r\nTo: Desk <desk@council.example>\r\nDate: "
        "Wed, 09 Feb 2022 10:00:00 +0000\r\nMessage-ID: <9@homemail.example>\r\nSubject: Taxi\r\n"
        "\r\nPlease confirm the taxi for route 9.\r\n",
        newline="",
    )
    case = Case.create(tmp_path / "case", text=TOML)
    case.ingest([box])
    monkeypatch.setenv(serve.CASE_VARIABLE, "kept")
    monkeypatch.setattr(state, "opener", lambda _folder: case)
    st.cache_resource.clear()
    yield case
    st.cache_resource.clear()
    case.close()


def opened(view: str = "By rule", measure: str = "") -> AppTest:
    app = AppTest.from_file(str(serve.FRAME), default_timeout=30)
    app.run()
    app.switch_page("criteria.py")
    app.query_params["criteria_view"] = view
    app.query_params["open"] = measure
    app.run()
    assert not app.exception, app.exception
    return app


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in app.get("html"))


def box(app: AppTest, label: str) -> object:
    return next(one for one in app.selectbox if one.label == label)


def field(app: AppTest, label: str) -> object:
    return next(one for one in app.text_input if one.label == label)


def way(app: AppTest, words: str) -> AppTest:
    box(app, "Measure it by").select_index(box(app, "Measure it by").options.index(words))
    return app.run()


def sent(app: AppTest, *, who: str = "A. Auditor", because: str = "Letter of 2 May.") -> AppTest:
    app.text_area[0].set_value(because)
    if any(one.label == "Your name" for one in app.text_input):
        field(app, "Your name").set_value(who)
    next(button for button in app.button if button.label == "Keep the choice").click()
    return app.run()


def unanswered(case: Case) -> int:
    return sum(one.rule == "unanswered" for one in case.findings())


def test_every_threshold_says_who_set_it_and_which_rules_share_it(kept: Case) -> None:
    text = said(opened())
    assert "20 days in the owing party&#x27;s calendar" in text
    assert "Set by case.toml. The rule&#x27;s own default is 20." in text
    assert "[criteria] reply measures: Unanswered, Late reply, Acknowledged only," in text


def test_a_number_of_days_is_chosen_and_the_findings_change_at_once(kept: Case) -> None:
    assert unanswered(kept) == 1
    app = way(opened(), "A number of days")
    field(app, "Days").set_value("60")
    app = sent(app.run())
    assert "0 findings new and 1 finding gone by it." in said(app)
    assert unanswered(kept) == 0
    text = (kept.folder / "case.toml").read_text(encoding="utf-8")
    assert "reply = 60       # the promise on the website" in text
    assert kept.measured()[-1].words["because"] == "Letter of 2 May."


def test_a_criterion_that_was_not_in_force_is_chosen_and_warned_of(kept: Case) -> None:
    app = opened()
    options = box(app, "Criterion").options
    box(app, "Criterion").select_index(options.index("lgsco-stage-1: 10 days"))
    app = app.run()
    assert "In the period: on no day of the period" in said(app)
    app = sent(app)
    assert "lgsco-stage-1 was in force on no day of the period" in said(app)
    assert kept.brief.criteria == {"reply": "lgsco-stage-1"}
    (finding,) = [one for one in kept.findings() if one.rule == "unanswered"]
    assert any("it is not applied" in check.because for check in finding.checks)


def test_a_number_for_one_rule_alone_leaves_the_criterion_and_is_taken_out(kept: Case) -> None:
    app = way(opened(measure="late_reply.days"), "A number for this rule alone")
    field(app, "Number").set_value("30")
    app = sent(app.run())
    assert kept.brief.rules == {"late_reply": {"days": 30}}
    assert "Set by case.toml, [rules.late_reply]." in said(app)
    sent(way(app, "No number for this rule alone"))
    assert kept.brief.rules == {}
    assert kept.brief.criteria == {"reply": 20}


def test_the_default_is_taken_up_again(kept: Case) -> None:
    sent(way(opened(), "The default of the rule"))
    assert kept.brief.criteria == {}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("soon", "“soon” is no whole number; say one such as 20."),
        ("0", "A threshold is a whole number from 1 to 3,650."),
    ],
)
def test_what_is_typed_wrongly_is_said_at_once_and_not_kept(
    kept: Case, words: str, why: str
) -> None:
    app = way(opened(), "A number of days")
    field(app, "Days").set_value(words)
    app = app.run()
    assert f'role="alert">{why}' in said(app)
    assert f"Not saved: {why}" in said(sent(app))
    assert kept.measured() == ()


@pytest.mark.parametrize(
    ("signed", "why"),
    [
        ({"who": ""}, "say your name"),
        ({"because": ""}, "The choice of a criterion needs a reason"),
    ],
)
def test_an_unsigned_choice_is_not_kept(kept: Case, signed: dict[str, str], why: str) -> None:
    app = sent(way(opened(), "The default of the rule"), **signed)
    assert f"Not saved: {why}" in said(app)
    assert kept.brief.criteria == {"reply": 20}


def test_nothing_chosen_is_said_and_not_kept(kept: Case) -> None:
    assert "choose a criterion or type a number first" in said(sent(opened()))
    assert kept.measured() == ()


def test_a_dated_criterion_shows_its_source_and_whether_it_was_in_force(kept: Case) -> None:
    text = said(opened("Dated criteria"))
    assert "Kent County Council complaints: full reply within 20 working days." in text
    assert "No dates are stated: confirm that it was in force at the time." in text
    assert "Source: kent.gov.uk" in text


def test_what_was_changed_is_listed(kept: Case) -> None:
    assert "was changed on the screen yet" in said(opened("Changed"))
    kept.choose_criterion("reply", "foi", because="Statute.", who="A. Auditor")
    app = opened("Changed")
    assert "was changed on the screen yet" not in said(app)
    assert "1 change" in said(app)
