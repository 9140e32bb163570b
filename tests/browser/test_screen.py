"""An auditor at the screen: open, zoom, open a thread, open a gap, decide, export."""

import re
import urllib.error
import urllib.request
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from commtrace.model import digest

pytestmark = pytest.mark.browser
PAGES = ("", "timeline", "network", "network?view=Graph", "network?view=Matrix",
         "network?view=Between", "handoffs",
         "handoffs?handoffs_view=Knowledge&fact=route", "gaps",
         "evidence", "evidence?section=The+box&box_view=Table", "evidence?section=Not+read",
         "evidence?section=To+decide", "evidence?section=Entered+by+hand",
         "evidence?section=Custody", "evidence?section=To+be+placed",
         "challenge", "promises", "promises?promises_view=Questions",
         "promises?promises_view=Notice",
         "people", "people?people_view=Everybody", "coverage",
         "coverage?coverage_view=Absent+messages")  # fmt: skip
LANES = ".st-key-timeline_lanes .ct-chart"
Open = Callable[..., Page]
Settle = Callable[[], None]


def window(page: Page) -> tuple[str, str]:
    found = re.search(r"from=([\d-]+)&to=([\d-]+)", page.url)
    assert found is not None
    return found[1], found[2]


def drag(page: Page, selector: str, start: float, end: float) -> None:
    box = page.locator(f"{selector} .nsewdrag").bounding_box()
    assert box is not None
    y = box["y"] + box["height"] * 0.55
    page.mouse.move(box["x"] + box["width"] * start, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * (start + end) / 2, y, steps=4)
    page.mouse.move(box["x"] + box["width"] * end, y, steps=4)
    page.mouse.up()


def test_the_numbers_of_the_overview_open_their_pages(opened: Open, settle: Settle) -> None:
    page = opened()
    page.get_by_role("button", name="grave gaps").click()
    page.wait_for_url(re.compile("/gaps"))
    settle()
    expect(page.get_by_role("heading", name="Gaps", exact=True)).to_be_visible()
    assert "severity=Grave" in page.url
    severities = page.locator(".st-key-gap_register tbody tr td:nth-child(6)").all_inner_texts()
    assert set(severities) == {"Grave"}


def test_a_card_of_the_overview_opens_its_gap(opened: Open, settle: Settle) -> None:
    page = opened()
    sentence = page.locator(".ct-card-text").first.text_content()
    page.locator(".st-key-overview_findings .ct-card").first.click()
    page.wait_for_url(re.compile("/gaps"))
    settle()
    assert page.locator(".ct-sentence").inner_text() == sentence


def test_dragging_the_strip_chooses_the_period(opened: Open, settle: Settle) -> None:
    page = opened("timeline")
    before = page.locator(LANES).get_attribute("data-done")
    drag(page, ".st-key-timeline_strip", 0.5, 0.6)
    page.wait_for_function(
        "([s, r]) => document.querySelector(s).dataset.done !== r", arg=[LANES, before]
    )
    settle()
    assert window(page) != ("2021-06-01", "2022-08-01")
    assert "counted" in page.locator(".ct-remark").inner_text()


def test_dragging_the_lanes_zooms_until_each_message_is_a_mark(
    opened: Open, settle: Settle
) -> None:
    page = opened("timeline?from=2022-02-01&to=2022-03-31")
    before = page.locator(LANES).get_attribute("data-done")
    drag(page, ".st-key-timeline_lanes", 0.3, 0.45)
    page.wait_for_function(
        "([s, r]) => document.querySelector(s).dataset.done !== r", arg=[LANES, before]
    )
    settle()
    assert "one mark each" in page.locator(".ct-remark").inner_text()
    assert page.locator(f"{LANES} .scatterlayer .point").count() <= 940


def test_the_chart_keeps_its_node_across_redraws(opened: Open, settle: Settle) -> None:
    page = opened("timeline")
    page.evaluate("s => { document.querySelector(s).sameNode = true }", LANES)
    page.get_by_role("button", name="Zoom in").click()
    settle()
    assert page.evaluate("s => document.querySelector(s).sameNode === true", LANES)


def test_clicking_a_message_opens_its_thread_with_text_and_source(
    opened: Open, settle: Settle
) -> None:
    page = opened("timeline?from=2022-02-14&to=2022-02-18")
    page.locator(f"{LANES} .scatterlayer .point").nth(20).click(force=True)
    page.get_by_text("Thread of").wait_for()
    settle()
    assert "open=m" in page.url
    expect(page.get_by_text("SHA-256")).to_be_visible()
    expect(page.get_by_text("Dear colleagues")).to_be_visible()


def test_arrow_keys_step_through_messages_and_each_step_is_spoken(
    opened: Open, settle: Settle
) -> None:
    page = opened("timeline?from=2022-02-14&to=2022-02-18")
    page.locator(LANES).focus()
    live = page.locator(".st-key-timeline_lanes [aria-live]")
    said = []
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "End"):
        before = page.url
        page.keyboard.press(key)
        page.wait_for_function("u => location.href !== u", arg=before)
        expect(live).not_to_have_text(said[-1] if said else "")  # the address may change first
        settle()
        said.append(live.text_content())
    assert len(set(said)) == 4
    assert all(re.match(r"Message \d+ of \d+ in ", words or "") for words in said)
    page.keyboard.press("Escape")
    page.wait_for_function("() => !location.href.includes('open=')")


def test_left_and_right_belong_to_the_chart_only_when_it_has_the_focus(
    opened: Open, settle: Settle
) -> None:
    page = opened("timeline?from=2022-02-14&to=2022-02-18")
    page.get_by_role("textbox", name="Find a message").focus()
    page.keyboard.press("ArrowRight")
    settle()
    assert "open=" not in page.url


def test_the_address_brings_back_what_was_open(opened: Open, settle: Settle) -> None:
    page = opened("timeline?from=2022-02-14&to=2022-02-18")
    page.locator(LANES).focus()
    page.keyboard.press("ArrowRight")
    page.get_by_text("Thread of").wait_for()
    settle()
    address, subject = page.url, page.locator(".ct-panel h3").inner_text()
    page.goto("about:blank")
    page.goto(address)
    settle()
    assert page.locator(".ct-panel h3").inner_text() == subject


def test_filtering_never_shows_another_gap_than_the_one_opened(
    opened: Open, settle: Settle
) -> None:
    page = opened("gaps")
    page.locator(".st-key-gap_register tbody tr").nth(3).click()
    settle()
    page.wait_for_function("() => location.href.includes('open=')")
    settle()
    reference = page.locator('.st-key-gap_register tr[aria-current="true"] th').inner_text()
    sentence = page.locator(".ct-sentence").inner_text()
    assert page.locator(".ct-evidence-panel h3").first.inner_text().strip().startswith(reference)
    page.get_by_role("button", name="Response", exact=True).click()
    page.wait_for_function("() => location.href.includes('family=')")
    settle()
    assert page.locator(".ct-sentence").inner_text() == sentence


def test_a_decision_survives_a_new_visit(opened: Open, settle: Settle) -> None:
    page = opened("gaps")
    page.locator(".st-key-gap_register tbody tr").nth(1).click()
    page.wait_for_function("() => location.href.includes('open=')")
    settle()
    page.get_by_role("combobox", name="State").click()
    page.get_by_role("option", name="Explained").click()
    page.get_by_role("textbox", name="Reason").fill("Answered by telephone, see note 4.")
    page.get_by_role("textbox", name="Your name").fill("R. Ambrose")
    page.get_by_role("button", name="Save decision").click()
    page.get_by_text("Saved as explained, by R. Ambrose.").wait_for()
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    settle()
    expect(page.get_by_text("Answered by telephone, see note 4.")).to_be_visible()
    row = page.locator('.st-key-gap_register tr[aria-current="true"]')
    assert "Explained" in row.inner_text()


def test_from_opening_the_case_to_taking_the_papers_away(opened: Open, settle: Settle) -> None:
    page = opened("timeline?from=2022-02-14&to=2022-02-28")
    before = page.locator(LANES).get_attribute("data-done")
    drag(page, ".st-key-timeline_lanes", 0.02, 0.3)
    page.wait_for_function(
        "([s, r]) => document.querySelector(s).dataset.done !== r", arg=[LANES, before]
    )
    settle()
    page.locator(LANES).focus()
    page.keyboard.press("ArrowRight")
    page.get_by_text("Thread of").wait_for()
    page.get_by_role("link", name="Gaps").click()
    page.wait_for_url(re.compile("/gaps"))
    settle()
    page.locator(".st-key-gap_register tbody tr").nth(4).click()
    page.wait_for_function("() => location.href.includes('open=')")
    settle()
    page.get_by_role("textbox", name="Reason").fill("Looked for in the minutes of May.")
    if page.get_by_role("textbox", name="Your name").count():
        page.get_by_role("textbox", name="Your name").fill("R. Ambrose")
    page.get_by_role("button", name="Save decision").click()
    page.get_by_text("Saved as ").wait_for()
    page.get_by_role("link", name="Report").click()
    page.wait_for_url(re.compile("/report"))
    settle()
    for name, first in (
        ("PDF", b"%PDF-"),
        ("HTML", b"<!doctype html"),
        ("Workbook", b"PK\x03\x04"),
    ):
        with page.expect_download() as waited:
            page.get_by_role("button", name=re.compile(name)).click()
        assert waited.value.path().read_bytes()[: len(first)].lower() == first.lower()


def test_a_decision_without_a_reason_is_not_saved(
    serve_case: Callable, open_at: Callable[..., Page], tmp_path_factory: pytest.TempPathFactory
) -> None:
    from commtrace.case import Case

    folder = tmp_path_factory.mktemp("case") / "case"
    source = folder.parent / "mail"
    source.mkdir()
    (source / "a.eml").write_text(
        "From: Ada <ada@one.example>\nTo: Ben <ben@two.example>\nSubject: Bus\n"
        "Date: Mon, 7 Feb 2022 09:00:00 +0000\nMessage-ID: <b@one.example>\n"
        "In-Reply-To: <absent@two.example>\n\nCould you tell me the time of the bus, please?\n"
    )
    case = Case.create(folder)
    case.ingest([source])
    assert case.findings()
    case.close()
    server = serve_case(folder=folder)
    page = open_at(server, "gaps")
    page.get_by_role("textbox", name="Your name").fill("R. Ambrose")
    page.get_by_role("button", name="Save decision").click()
    page.get_by_text("Not saved: A decision needs a reason.").wait_for()
    assert Case.open(folder).decisions() == {}


def test_a_handoff_opens_message_by_message(opened: Open, settle: Settle) -> None:
    page = opened("handoffs")
    page.locator(".st-key-handoff_pairs tbody tr").first.click()
    page.wait_for_function("() => location.href.includes('pair=')")
    settle()
    row = page.locator(".st-key-handoff_list tbody tr").nth(2)
    matter = row.locator("td").first.inner_text()
    row.click()
    page.wait_for_function("() => location.href.includes('open=')")
    settle()
    expect(page.locator(".ct-h2", has_text=matter).first).to_be_visible()
    expect(page.locator(".st-key-handoff_sequence .annotation").nth(4)).to_be_attached()


def test_a_fact_shows_who_was_told_and_the_path_to_whoever_is_opened(
    opened: Open, settle: Settle
) -> None:
    page = opened("handoffs?handoffs_view=Knowledge")
    expect(page.get_by_text("Type a fact to see who was told of it")).to_be_visible()
    box = page.get_by_role("textbox", name="A fact: words that all occur, or a sentence")
    box.fill("route")
    box.press("Enter")
    page.locator(".st-key-fact_lanes .ct-chart").wait_for()
    settle()
    row = page.locator(".st-key-fact_parties tbody tr").nth(1)
    party = row.locator("th, td").first.inner_text()
    row.click()
    page.wait_for_function("() => location.href.includes('party=')")
    settle()
    expect(page.locator(".ct-h2", has_text=f"{party}: ").first).to_be_visible()
    page.get_by_text("View as table", exact=True).click()
    settle()
    table = page.get_by_role("region", name="Who was told, and who could have known")
    expect(table.get_by_role("columnheader")).to_have_count(5)
    assert party in table.inner_text()


def test_a_sentence_of_a_message_leads_to_who_knew_it(opened: Open, settle: Settle) -> None:
    page = opened("handoffs?handoffs_view=Knowledge&fact=route")
    page.locator(".st-key-fact_lanes .ct-chart").wait_for()
    page = opened(f"message?open={digest('synthetic', '7')}")
    said = page.locator(".ct-sentence").inner_text().strip("“”")
    page.get_by_role("link", name="Who knew this").click()
    page.wait_for_function("() => location.href.includes('handoffs_view=Knowledge')")
    page.locator(".st-key-fact_lanes .ct-chart").wait_for()
    settle()
    box = page.get_by_role("textbox", name="A fact: words that all occur, or a sentence")
    expect(box).to_have_value(said)
    expect(page.locator(".st-key-fact_messages tr[aria-current='true']")).to_have_count(1)


def test_whoever_stands_between_opens_with_what_they_passed_on(
    opened: Open, settle: Settle
) -> None:
    page = opened("network?view=Between")
    row = page.locator(".st-key-between_people tbody tr").nth(1)
    who = row.locator("th, td").first.inner_text()
    row.click()
    expect(page.locator(".ct-h2", has_text=who).first).to_be_visible()
    settle()
    page.locator(".st-key-between_messages tbody tr").first.click()
    page.wait_for_url("**/timeline?**open=m*")


def test_a_week_of_a_mailbox_opens_its_witnesses_and_one_of_them_the_timeline(
    opened: Open, settle: Settle
) -> None:
    page = opened("coverage")
    witnesses = page.locator(".st-key-coverage_witnesses tbody tr")
    assert witnesses.count() == 6
    box = page.locator(".st-key-coverage_chart .nsewdrag").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + 20)
    page.wait_for_function("() => location.href.includes('open=')")
    settle()
    expect(witnesses).to_have_count(0)
    page.go_back()
    page.goto(page.url.partition("?")[0])
    settle()
    witnesses.first.click()
    page.wait_for_url(re.compile("/timeline"))
    settle()


def test_a_promise_is_drawn_and_its_sentence_opens_the_timeline(
    opened: Open, settle: Settle
) -> None:
    page = opened("promises")
    second = page.locator(".st-key-promise_list tbody tr").nth(1)
    said = second.locator("th").inner_text()
    second.click()
    page.wait_for_function("() => location.href.includes('open=')")
    settle()
    chart = page.locator(".st-key-promise_chain .ct-chart")
    assert f"Undertaken on {said}" in (chart.get_attribute("aria-label") or "")
    page.locator(".st-key-promise_witnesses .ct-open").first.click()
    page.wait_for_url(re.compile("/timeline"))
    settle()


def test_the_findings_are_challenged_from_the_gaps_page(opened: Open, settle: Settle) -> None:
    page = opened("gaps")
    page.get_by_role("link", name="Challenge").click()
    page.wait_for_url(re.compile("/challenge"))
    settle()
    falls = page.locator(".st-key-challenge_falls tbody tr")
    first = falls.first.locator("th").inner_text()
    falls.first.click()
    page.wait_for_url(re.compile("/gaps.*open="))
    settle()
    expect(page.locator('.st-key-gap_register tr[aria-current="true"] th')).to_have_text(first)


def test_questions_are_filtered_by_what_became_of_them(opened: Open, settle: Settle) -> None:
    page = opened("promises?promises_view=Questions")
    lines = page.locator(".st-key-question_list tbody tr")
    fates = {lines.nth(n).locator("td").last.inner_text() for n in range(lines.count())}
    fate = min(fates)
    page.get_by_text(re.compile(f"^{fate} \\(")).first.click()
    page.wait_for_function("() => location.href.includes('question_fate=')")
    settle()
    address = page.url
    assert "(" not in unquote(address), "how many have it is no part of the address"
    for _ in ("chosen", "opened anew by its address"):
        shown = {lines.nth(n).locator("td").last.inner_text() for n in range(lines.count())}
        assert shown == {fate}
        page.goto(address)
        page.locator(".st-key-question_list tbody tr").first.wait_for()
        settle()


def test_two_that_may_be_one_are_ruled_on_and_the_ruling_is_taken_back(
    opened: Open, settle: Settle
) -> None:
    page = opened("people")
    second = page.locator(".st-key-people_sets tbody tr").nth(1)
    name = second.locator("th, td").first.inner_text().partition(" (")[0]
    second.click()
    page.locator(".ct-h2", has_text=name).wait_for()
    settle()
    page.get_by_label("Reason").fill("Both sign with the same telephone number.")
    page.get_by_label("Your name").fill("R. Ambrose")
    page.get_by_role("button", name="They are one").click()
    page.get_by_text("They count as one from now on.").wait_for()
    settle()
    page.get_by_text("Ruled", exact=True).click()
    settle()
    expect(page.locator(".st-key-people_rulings tbody tr")).to_have_count(1)
    page.get_by_label("Reason").fill("The number is the switchboard's.")
    page.get_by_role("button", name="Take it back").click()
    page.get_by_text("Nothing was ruled on who is who yet.").wait_for()


def test_the_request_of_the_coverage_page_is_handed_out(opened: Open) -> None:
    page = opened("coverage")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="PDF", exact=True).click()
    assert waiting.value.path().read_bytes().startswith(b"%PDF")


def test_a_week_of_a_pair_opens_the_timeline(opened: Open, settle: Settle) -> None:
    page = opened("network")
    box = page.locator(".st-key-network_chart .nsewdrag").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + 20)
    page.wait_for_url(re.compile("/timeline"))
    settle()


@pytest.mark.parametrize(
    "path",
    [
        p
        for p in PAGES
        if p and "?" not in p and p not in {"gaps", "evidence", "people", "challenge"}
    ],
)
def test_a_chart_has_its_facts_as_a_real_table(opened: Open, settle: Settle, path: str) -> None:
    page = opened(path)
    page.get_by_text("View as table", exact=True).first.click()
    page.locator(".ct-static table").first.wait_for()
    settle()
    assert page.locator(".ct-static thead th").count() >= 3
    assert page.locator(".ct-static tbody tr").count() >= 1


@pytest.mark.parametrize("path", ["gaps", "handoffs"])
def test_no_table_is_wider_than_its_place(opened: Open, path: str) -> None:
    page = opened(path)
    assert (
        page.evaluate(
            "() => [...document.querySelectorAll('.ct-rows')].filter("
            "e => e.scrollWidth > e.clientWidth).length"
        )
        == 0
    )


def test_without_its_cookie_the_browser_gets_one_sentence(screen: object) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(screen.base, timeout=10)  # noqa: S310 - loopback
    assert refused.value.code == 403
    assert refused.value.headers["Content-Security-Policy"]
    refused.value.close()


def test_stopping_says_so_and_shows_no_traceback(serve_case: Callable) -> None:
    import signal

    server = serve_case(count=50)
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(20) == 0
    printed = server.log.read_text()
    assert printed.rstrip().endswith("Stopped.")
    assert "Traceback" not in printed
