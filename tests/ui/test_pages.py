"""What each page says and does, without a browser."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from commtrace.case import Case
from commtrace.model import Disposition, Finding
from commtrace.ui import serve, state

Page = Callable[..., AppTest]


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in app.get("html"))


@pytest.mark.parametrize(
    "name", ["", "timeline", "network", "handoffs", "gaps", "evidence", "report"]
)
def test_every_page_opens_under_the_title_of_the_case(
    visit: Page, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commtrace.report.pdf", lambda *_a, **_k: b"%PDF")
    monkeypatch.setattr("commtrace.report.preview", lambda _data: [b"PNG"])
    app = visit(name)
    assert "School transport communications, 2021-22" in said(app)
    assert (name or "overview").capitalize() in said(app)


def test_no_page_shows_the_word_none_in_a_cell(visit: Page) -> None:
    for name in ("", "timeline", "network", "handoffs", "gaps", "evidence"):
        assert ">None<" not in said(visit(name))


def test_a_case_that_is_not_named_is_said_in_a_sentence(
    visit: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COMMTRACE_CASE")
    assert "start the screen with `commtrace ui CASE`" in said(visit())


def test_the_ledger_adds_up_on_the_page(visit: Page, case: object) -> None:
    ledger = case.reconciliation()
    text = said(visit("evidence"))
    parts = (ledger.read, ledger.partly, ledger.duplicate, ledger.unsupported, ledger.failed,
             ledger.excluded)  # fmt: skip
    assert sum(parts) == ledger.files
    assert f"<b>{ledger.files:,}</b><span>files supplied</span>" in text
    assert "Every file is accounted for." in text


def test_a_ledger_that_does_not_add_up_is_an_alarm(visit: Page, case: object) -> None:
    class Unbalanced:
        def __getattr__(self, name: str) -> object:
            return getattr(type(case).reconciliation(case), name)

        balanced = False

    case.reconciliation = Unbalanced
    text = said(visit("evidence"))
    assert "The numbers do not add up." in text
    assert "Every file is accounted for." not in text


def test_the_address_opens_a_gap(visit: Page, case: object) -> None:
    finding = case.findings()[7]
    assert finding.sentence in said(visit("gaps", open=finding.id)).replace("&#x27;", "'")


def test_the_gunning_criteria_of_a_consultation_are_a_table(visit: Page, case: object) -> None:
    shown = {"Gunning, 3 adequate time": "open for 15 school days; the criterion is 28"}
    first, *others = case.findings()
    made = (replace(first, measure=shown), *others)
    case.findings = lambda: made
    text = said(visit("gaps", open=first.id))
    assert "<caption>The four Gunning criteria</caption>" in text
    assert "<td>3 adequate time</td><td>open for 15 school days; the criterion is 28</td>" in text
    assert "The four Gunning criteria" not in said(visit("gaps", open=others[0].id))


def test_an_unknown_gap_in_the_address_opens_the_first(visit: Page, case: object) -> None:
    assert case.findings()[0].sentence in said(visit("gaps", open="0" * 16))


def test_a_filter_shows_only_its_own_and_never_another_rows_evidence(
    visit: Page, case: object
) -> None:
    """A grid that keeps a row number would show another gap after the filter (streamlit 17026)."""
    app = visit("gaps", open=case.findings()[1].id)
    opened = case.findings()[1]
    app.text_input(key="words").set_value("G-0002").run()
    assert opened.sentence in said(app)
    app.text_input(key="words").set_value("").run()
    assert opened.sentence in said(app)


def decide(app: AppTest, finding: Finding, *, who: str | None, because: str) -> AppTest:
    app.selectbox(key=f"verdict_{finding.id}").set_value(Disposition.EXPLAINED)
    app.text_area(key=f"because_{finding.id}").set_value(because)
    if who is not None:
        app.text_input(key="decision_who").set_value(who)
    next(button for button in app.button if button.label == "Save decision").click()
    return app.run()


def test_a_decision_is_written_at_once_with_name_and_reason(visit: Page, case: object) -> None:
    finding = case.findings()[0]
    app = decide(visit("gaps"), finding, who="R. Ambrose", because="It was answered by telephone.")
    (decision,) = case.history(finding.id)
    assert (decision.who, decision.state) == ("R. Ambrose", Disposition.EXPLAINED)
    assert decision.because == "It was answered by telephone."
    assert "Saved as explained, by R. Ambrose." in said(app)
    assert "Explained by R. Ambrose" in said(app)


def test_the_name_is_asked_once_a_session(visit: Page, case: object) -> None:
    first, second = case.findings()[:2]
    app = decide(visit("gaps"), first, who="R. Ambrose", because="Seen.")
    app.session_state["gap_open"] = second.id
    app.run()
    assert not [widget for widget in app.text_input if widget.key == "decision_who"]
    decide(app, second, who=None, because="Seen too.")
    assert case.decisions()[second.id].who == "R. Ambrose"


def test_a_decision_on_changed_exhibits_says_so(visit: Page, case: object) -> None:
    finding = case.findings()[0]
    decide(visit("gaps"), finding, who="R. Ambrose", because="Seen.")
    case.changed_since_decided = lambda _finding: True
    text = said(visit("gaps", open=finding.id))
    assert "What this finding rests on has changed since it was decided." in text


def test_the_timeline_takes_its_window_from_the_address(visit: Page) -> None:
    app = visit("timeline", **{"from": "2022-02-01", "to": "2022-03-31"})
    assert str(app.date_input(key="timeline_from").value) == "2022-02-01"
    assert str(app.date_input(key="timeline_to").value) == "2022-03-31"


def test_a_few_stray_dates_do_not_stretch_the_window_and_can_still_be_seen(
    visit: Page, case: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock that stood at 1980 and one in 2026 made the whole case one thick line."""
    view = case.view()
    start, end = view.start.copy(), view.end.copy()
    start[0] = end[0] = int(datetime(1980, 1, 1, 12, tzinfo=UTC).timestamp())
    last = view.dated - 1
    start[last] = end[last] = int(datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp())
    stray = replace(view, start=start, end=end, brief=replace(view.brief, period=None))
    monkeypatch.setattr(type(case), "view", lambda _self: stray)
    app = visit("timeline")
    assert app.date_input(key="timeline_from").value > date(2021, 5, 1)
    assert app.date_input(key="timeline_to").value < date(2022, 9, 1)
    assert not press(app, "Whole period").exception
    assert app.date_input(key="timeline_from").value == date(1980, 1, 1)
    assert app.date_input(key="timeline_to").value == date(2026, 3, 1)


def test_the_two_date_fields_choose_the_window(visit: Page) -> None:
    app = visit("timeline")
    app.date_input(key="timeline_from").set_value(date(2022, 2, 7)).run()
    app.date_input(key="timeline_to").set_value(date(2022, 2, 20)).run()
    assert app.query_params["from"] == "2022-02-07"
    assert app.query_params["to"] == "2022-02-20"


def test_a_message_in_the_address_opens_with_its_thread_and_source(
    visit: Page, case: object
) -> None:
    view = case.view()
    thread = next(rows for rows in view.rows_of_thread if len(rows) > 3)
    row = int(thread[1])
    text = said(visit("timeline", open=f"m{view.ids[row]}"))
    assert f"Thread of {len(thread)} messages" in text
    assert view.sources[row].sha256 in text
    assert view.sources[row].path in text
    assert "working days with no message" in text


def test_an_absent_message_is_never_called_deleted(visit: Page, case: object) -> None:
    ghost = case.view().ghosts[0]
    text = said(visit("timeline", open=f"h{ghost.id}"))
    assert "A message that others cite and that is in none of the material" in text
    assert "delete" not in text


def test_the_same_facts_stand_in_a_table(visit: Page) -> None:
    app = visit("timeline", **{"from": "2022-02-14", "to": "2022-02-20"})
    app.toggle(key="timeline_table").set_value(True).run()
    assert "<caption>Messages in this window" in said(app)
    assert "<caption>Gaps in this window" in said(app)


PLACES = """\
title = "Bus passes"  # a comment that stays

[[parties]]
id = "families"
label = "Families"
kind = "families"
addresses = []
"""


@pytest.fixture
def placing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The section "To be placed" of a case with one message between two strangers."""
    mail = tmp_path / "mail"
    mail.mkdir()
    (mail / "a.eml").write_text(
        "From: Ada <ada@one.example>\nTo: Ben <ben@two.example>\nSubject: Bus\n"
        "Date: Mon, 7 Feb 2022 09:00:00 +0000\nMessage-ID: <b@one.example>\n\nIs it running?\n"
    )
    with contextlib.closing(Case.create(tmp_path / "case", text=PLACES)) as case:
        case.ingest([mail])
    monkeypatch.setenv(serve.CASE_VARIABLE, str(tmp_path / "case"))
    st.cache_resource.clear()
    app = AppTest.from_file(str(serve.FRAME), default_timeout=30)
    app.run().switch_page("evidence.py").run()
    app.get("button_group")[0].set_value("To be placed")
    yield app.run()
    state.current_case().close()
    st.cache_resource.clear()


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return app.run()


def test_an_address_is_placed_and_the_case_is_read_again(placing: AppTest, tmp_path: Path) -> None:
    assert not placing.exception
    placing.selectbox(key="place_address").set_value("ada@one.example")
    placing.selectbox(key="place_party").set_value("families")
    app = press(placing, "Place")
    assert "ada@one.example now belongs to families in case.toml." in said(app)
    assert app.selectbox(key="place_address").options == ["ben@two.example"]
    written = (tmp_path / "case" / "case.toml").read_text()
    assert "# a comment that stays" in written
    assert '"ada@one.example"' in written


def test_placing_without_a_party_says_what_is_needed(placing: AppTest, tmp_path: Path) -> None:
    app = press(placing, "Place")
    assert "Not placed: choose the party first." in said(app)
    assert "ada@one.example" not in (tmp_path / "case" / "case.toml").read_text()


def test_the_graph_says_how_the_parties_are_connected(
    visit: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "connected", lambda _desk: "Four parties form one group.")
    assert "Four parties form one group." not in said(visit("network"))
    assert "Four parties form one group." in said(visit("network", view="Graph"))
