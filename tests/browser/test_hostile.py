"""Evidence that would act: two walls, each alone keeps the browser from speaking to anybody.

Subjects, names, texts, party names, file names and the title of the case are pictures, scripts,
style sheets, directives and direction overrides. `watched` fails on any request to another host.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from commtrace.model import digest

pytestmark = pytest.mark.browser
MESSAGE = digest("synthetic", "7")  # a message of every synthetic case
PAGES = ("", "timeline", "timeline?from=2022-02-14&to=2022-02-18", "network", "network?view=Graph",
         "network?view=Matrix", "network?view=Between", "handoffs",
         "handoffs?handoffs_view=Knowledge&fact=urgent",
         "gaps", "evidence", "evidence?status=Encrypted",
         "evidence?section=Not+read", "evidence?section=To+decide",
         "evidence?section=To+decide&decide_kind=Bundle", "evidence?section=To+be+placed",
         "challenge", "criteria", f"message?open={MESSAGE}",
         "promises", "promises?promises_view=Questions",
         "promises?promises_view=Notice",
         "people", "people?people_view=Everybody", "coverage",
         "coverage?coverage_view=Absent+messages", "report")  # fmt: skip


@pytest.fixture(scope="session", params=[True, False], ids=["with the policy", "without it"])
def hostile(request: pytest.FixtureRequest, serve_case: Callable) -> object:
    return serve_case(count=400, hostile=True, policy=request.param)


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p or "overview")
def test_hostile_evidence_reaches_nobody(
    hostile: object, open_at: Callable[..., Page], settle: Callable[[], None], path: str
) -> None:
    watched = open_at(hostile, path)
    for button in watched.get_by_text("View as table", exact=True).all():
        button.click()
        settle()
    for row in watched.locator(".ct-card, .ct-open, .ct-tree tbody tr").all()[-2:]:
        if row.is_visible():
            row.click()
            settle()
            break
    page = watched.locator('[data-testid="stMain"]')
    assert page.locator("img:not(.ct-page), iframe, script, svg[onload], object").count() == 0
    assert watched.locator('a[href^="javascript"], a[href*="tracker"]').count() == 0
    assert "\u202e" not in page.inner_text()


def test_the_words_themselves_can_still_be_read(
    hostile: object, open_at: Callable[..., Page]
) -> None:
    watched = open_at(hostile, "gaps")
    assert (
        "![p](http://tracker.example/pixel.png) **urgent**"
        in watched.locator(".ct-sentence").inner_text()
    )
