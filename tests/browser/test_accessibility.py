"""axe-core finds nothing against WCAG 2.2 AA on any page, in light and in dark."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PAGES = ("", "timeline", "timeline?from=2022-02-14&to=2022-02-18", "network", "network?view=Graph",
         "network?view=Matrix", "network?view=Between", "handoffs",
         "handoffs?handoffs_view=Knowledge&fact=route",
         "gaps", "evidence?status=Encrypted",
         "evidence?section=Not+read", "evidence?section=To+decide&decide_kind=Table",
         "evidence?section=To+decide&decide_kind=Bundle", "evidence?section=Entered+by+hand",
         "evidence?section=Custody", "evidence?section=To+be+placed",
         "challenge", "criteria?criteria_view=Dated+criteria", "message",
         "promises", "promises?promises_view=Questions",
         "promises?promises_view=Notice",
         "people", "people?people_view=Everybody", "coverage",
         "coverage?coverage_view=Absent+messages", "report")  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES, ids=lambda p: p or "overview")
def test_axe_finds_nothing(
    watched: Page, opened: Callable[..., Page], settle: Callable[[], None], path: str, scheme: str
) -> None:
    watched.emulate_media(color_scheme=scheme)
    page = opened(path)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    if "from=" in path:
        page.locator(".ct-card").first.click()
        page.locator(".ct-panel").wait_for()
        settle()
    if "status=" in path:
        page.locator(".ct-tree tbody tr").last.click()
        page.locator(".ct-box-panel").wait_for()
        settle()
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    assert [
        (v["id"], [n["target"] for n in v["nodes"]]) for v in found.response["violations"]
    ] == []


def test_every_chart_says_in_words_what_it_shows(opened: Callable[..., Page]) -> None:
    known = "handoffs?handoffs_view=Knowledge&fact=route"
    for path in ("timeline", "network", "network?view=Graph", "handoffs", known):
        page = opened(path)
        for chart in page.locator(".ct-chart").all():
            assert len(chart.get_attribute("aria-label") or "") > 40
            assert chart.locator('.main-svg:not([aria-hidden="true"])').count() == 0


def test_the_skip_from_heading_to_heading_names_every_page(opened: Callable[..., Page]) -> None:
    for path, name in (("", "Overview"), ("timeline", "Timeline"), ("gaps", "Gaps")):
        assert opened(path).get_by_role("heading", level=1).all_inner_texts() == [name]


def test_the_register_is_worked_by_keyboard(
    opened: Callable[..., Page], settle: Callable[[], None]
) -> None:
    page = opened("gaps")
    page.locator(".st-key-gap_register .ct-open").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    settle()
    opened_row = page.locator('.st-key-gap_register tr[aria-current="true"] th')
    expect(opened_row).to_have_text("G-0003")  # the address may change before the row does
