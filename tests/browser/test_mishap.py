"""An error in a page: its kind and place are said, its text stays in the process."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
CANARY = "Tilda-Canary-Wren"
RAISES = f"""
def search(self, words, limit=50):
    raise ValueError("{CANARY} wrote: " + words)
SyntheticCase.search = search
"""


def test_the_text_of_an_error_reaches_neither_the_terminal_nor_the_page(
    serve_case: Callable, open_at: Callable[..., Page], settle: Callable[[], None]
) -> None:
    server = serve_case(count=50, extra=RAISES)
    for path in ("timeline?find=bus", "timeline"):
        page = open_at(server, path)
        if "find" not in path:
            page.get_by_role("textbox", name="Find a message").fill("bus")
            page.keyboard.press("Enter")
        notice = page.locator('[data-testid="stMain"] [role="alert"]')
        notice.wait_for()
        assert "This page could not be drawn (ValueError at" in notice.inner_text()
        assert CANARY not in page.content()
        assert "Traceback" not in page.content()
    printed = server.log.read_text()
    assert "Something went wrong inside commtrace (ValueError at" in printed
    assert CANARY not in printed
    assert "Traceback" not in printed
