"""The Challenge page: one change, and the findings side by side."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

Page = Callable[..., AppTest]


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in app.get("html"))


def test_a_threshold_is_changed_and_what_falls_is_counted(visit: Page, case: object) -> None:
    text = said(visit("challenge"))
    every = len(case.findings())
    falls = -(-every // 3)
    assert "Unanswered: days = 40" in text
    assert f"{every - falls} of {every} findings stand" in text
    assert f"{falls} fall; 0 are new" in text


def test_a_day_that_cannot_be_read_is_said(visit: Page, case: object) -> None:
    app = visit("challenge", challenge_kind="An earlier cut-off")
    next(w for w in app.text_input if w.label == "Only what was sent up to").set_value("soon")
    assert "cannot be read as a date" in said(app.run())


def test_a_mailbox_is_left_out_by_name(visit: Page, case: object) -> None:
    assert (
        "without the mailbox of"
        in said(visit("challenge", challenge_kind="Without a mailbox")).casefold()
    )
