"""An auditor corrects what a sentence was read as, and the registers follow on the screen."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from commtrace.case import Case

pytestmark = pytest.mark.browser
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
Open = Callable[..., Page]
Settle = Callable[[], None]
TOML = """
title = "Buses of the north"
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
ASKS, STATES = "Please confirm the taxi for route 9.", "My son still stands at the gate each day."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A case of one letter that states something and asks for something."""
    box = tmp_path / "box"
    box.mkdir()
    (box / "9.eml").write_text(
        "From: Rosa Quill <rosa@homemail.example>\nTo: Desk <desk@council.example>\n"
        "Date: Wed, 9 Feb 2022 10:00:00 +0000\nMessage-ID: <9@homemail.example>\n"
        f"Subject: Taxi\n\n{STATES} {ASKS}\n"
    )
    case = Case.create(tmp_path / "case", text=TOML)
    case.ingest([box])
    case.close()
    return case.folder


def say(page: Page, settle: Settle, choice: str, because: str, kind: str = "") -> None:
    page.get_by_role("combobox", name="Your ruling").click()
    page.get_by_role("option", name=re.compile(choice)).click()
    settle()
    if kind:
        page.get_by_role("combobox", name="Kind of act").click()
        page.get_by_role("option", name=kind, exact=True).click()
        settle()
    page.get_by_label("Reason").fill(because)
    if page.get_by_label("Your name").count():
        page.get_by_label("Your name").fill("R. Ambrose")
    page.get_by_role("button", name="Keep the ruling").click()
    page.get_by_text("Kept with your name and reason.").wait_for()
    settle()


def test_a_sentence_is_untagged_and_another_tagged_and_the_questions_follow(
    serve_case: Callable, open_at: Open, settle: Settle, folder: Path
) -> None:
    page = open_at(serve_case(folder=folder), "promises?promises_view=Questions")
    questions = page.locator(".st-key-question_list tbody tr")
    expect(questions).to_have_count(1)
    expect(questions).to_contain_text(ASKS)
    page.get_by_role("link", name="Its sentences").click()
    page.wait_for_url(re.compile("/message.*sentence="))
    settle()
    say(page, settle, "^It is no request$", "The form asks this of everybody.")
    expect(page.get_by_text("1 finding gone by it.")).to_be_visible()
    page.locator(".st-key-message_sentences tbody tr", has_text=STATES).click()
    page.locator(".ct-sentence", has_text=STATES).wait_for()
    settle()
    say(page, settle, "It does something", "She asked it aloud, minute 4.", "Request")
    expect(page.get_by_text("1 finding new by it.")).to_be_visible()
    page.get_by_role("link", name="Promises").click()
    page.wait_for_url(re.compile("/promises"))
    settle()
    expect(questions).to_have_count(1)
    expect(questions).to_contain_text(STATES)
    kept = Case.open(folder)
    assert [one.who for one in kept.act_rulings()] == ["R. Ambrose", "R. Ambrose"]
    assert kept.verify().faults == ()
    kept.close()


def test_the_rulings_stand_in_the_panel_of_the_timeline_and_axe_finds_nothing(
    serve_case: Callable, open_at: Open, settle: Settle, folder: Path
) -> None:
    server = serve_case(folder=folder)
    page = open_at(server, "gaps")
    page.get_by_role("link", name="Its sentences").click()
    page.wait_for_url(re.compile("/message"))
    settle()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.reload()
        settle()
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
        assert [
            (v["id"], [n["target"] for n in v["nodes"]]) for v in found.response["violations"]
        ] == []
    say(page, settle, "but something else", "It warns of a walk-out.", "Warning")
    page.get_by_role("link", name="On the timeline").click()
    page.wait_for_url(re.compile("/timeline"))
    settle()
    expect(page.get_by_text("Tagged by R. Ambrose, ")).to_be_attached()
    expect(page.get_by_text("It warns of a walk-out.")).to_be_attached()


def test_another_criterion_is_chosen_and_the_findings_follow(
    serve_case: Callable, open_at: Open, settle: Settle, folder: Path
) -> None:
    page = open_at(serve_case(folder=folder), "gaps")
    gaps = page.locator(".st-key-gap_register tbody tr", has_text="Unanswered")
    expect(gaps).to_have_count(1)
    page.get_by_role("link", name="Criteria").click()
    page.wait_for_url(re.compile("/criteria"))
    settle()
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.reload()
        settle()
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
        assert [v["id"] for v in found.response["violations"]] == []
    page.get_by_role("combobox", name="Measure it by").click()
    page.get_by_role("option", name="A number of days").click()
    settle()
    days = page.get_by_label("Days", exact=True)
    days.fill("ninety")
    days.press("Tab")
    expect(page.get_by_role("alert")).to_contain_text("“ninety” is no whole number")
    days.fill("200")
    days.press("Tab")
    expect(page.get_by_role("alert")).to_have_count(0)
    settle()
    page.get_by_label("Reason").fill("The policy of May gives 200 days.")
    page.get_by_label("Your name").fill("R. Ambrose")
    page.get_by_role("button", name="Keep the choice").click()
    page.get_by_text("Written to case.toml with your name and reason.").wait_for()
    settle()
    page.get_by_role("link", name="Back to the gaps").click()
    page.wait_for_url(re.compile("/gaps"))
    settle()
    expect(gaps).to_have_count(0)
    assert "reply = 200" in (folder / "case.toml").read_text(encoding="utf-8")


@pytest.fixture
def spellings(tmp_path: Path) -> Path:
    """A case of three addresses that bear one name."""
    box = tmp_path / "box"
    box.mkdir()
    for n, local in enumerate(("rosa", "rquill", "rosa.quill"), 1):
        (box / f"{n}.eml").write_text(
            f"From: Rosa Quill <{local}@homemail.example>\nTo: Desk <desk@council.example>\n"
            f"Date: Wed, {n} Feb 2022 10:00:00 +0000\nMessage-ID: <{n}@homemail.example>\n"
            f"Subject: Taxi {n}\n\nThe taxi was late on day {n}.\n"
        )
    case = Case.create(tmp_path / "case", text=TOML)
    case.ingest([box])
    case.close()
    return case.folder


def test_three_addresses_are_ruled_one_in_one_act_and_one_is_taken_apart_again(
    serve_case: Callable, open_at: Open, settle: Settle, spellings: Path
) -> None:
    page = open_at(serve_case(folder=spellings), "people")
    page.get_by_text("3 who may be one. All are called Rosa Quill.").wait_for()
    expect(page.locator(".st-key-people_sets tbody tr")).to_have_count(1)
    expect(page.locator(".st-key-people_pairs tbody tr")).to_have_count(3)
    page.locator(".st-key-people_pairs tbody tr").nth(1).click()
    page.get_by_role("button", name="They are one", exact=True).wait_for()
    settle()
    page.get_by_role("button", name="The whole set").click()
    page.get_by_role("button", name="They are all one").wait_for()
    settle()
    page.get_by_label("Reason").fill("She signs all three.")
    page.get_by_label("Your name").fill("R. Ambrose")
    page.get_by_role("button", name="They are all one").click()
    page.get_by_text("They count as one from now on.").wait_for()
    settle()
    page.get_by_text("Everybody", exact=True).click()
    settle()
    everybody = page.locator(".st-key-people_list tbody tr")
    expect(everybody).to_have_count(2)
    everybody.filter(has_text="Rosa Quill").click()
    page.locator(".ct-card-plain", has_text="ruled on").wait_for()
    settle()
    choice = page.get_by_role("combobox", name="Address or name")
    choice.scroll_into_view_if_needed()  # a list that is scrolled while it opens closes again
    settle()
    choice.click()
    page.get_by_role("option", name="rquill@homemail.example").click()
    settle()
    form = page.locator('[data-testid="stForm"]', has=page.get_by_text("Take it apart"))
    form.get_by_label("Reason").fill("That one is her mother's.")
    form.get_by_role("button", name="Take it apart").click()
    expect(everybody).to_have_count(3)
    kept = Case.open(spellings)
    assert [one.kind.value for one in kept.people_rulings()] == ["same", "apart"]
    assert kept.verify().faults == ()
    kept.close()
