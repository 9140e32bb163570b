"""The Promises page: what was undertaken, what was asked, and notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from commtrace.figures import promises as figures
from commtrace.figures.ground import ground
from commtrace.gaps.promises import promises
from commtrace.gaps.questions import Fate, questions

Page = Callable[..., AppTest]


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in app.get("html"))


def test_the_page_counts_undertakings_and_those_without_a_record(visit: Page, case: object) -> None:
    found = promises(case.view())
    text = said(visit("promises"))
    assert f"{len(found)} undertakings to another party" in text
    assert "People agree on what is a promise only in part" in text


def test_every_question_has_its_fate(visit: Page, case: object) -> None:
    found = questions(case.view())
    assert {one.fate for one in found} <= set(Fate)
    assert f"{len(found)} requests" in said(visit("promises", promises_view="Questions"))


def test_the_address_says_which_view_which_fate_and_which_question(
    visit: Page, case: object
) -> None:
    """And not how many have it, which the next evidence changes."""
    every = questions(case.view())
    fate = next(one.fate for one in every if one.fate is not every[0].fate)
    wanted = [one for one in every if one.fate is fate][-1]
    identifier = case.view().ids[wanted.asked.row]
    app = visit("promises", promises_view="Questions", question_fate=fate.value, open=identifier)
    assert app.query_params["question_fate"] == fate.value
    assert app.query_params["open"] == identifier
    assert f'<h2 class="ct-h2">{fate.value.capitalize()}</h2>' in said(app)


def test_without_acts_the_page_says_what_it_reads(visit: Page, case: object) -> None:
    empty = replace(case.view(), acts={})
    case.view = lambda: empty
    assert "No sentence was read as an undertaking" in said(visit("promises"))


def test_a_promise_is_drawn_from_its_sentence_to_its_day(case: object) -> None:
    view = case.view()
    one = promises(view)[0]
    drawn = figures.chain(ground(view), one)
    assert len(drawn.lanes) == len(one.stated) + 1
    assert drawn.alt.startswith("Undertaken on ")
    assert drawn.table.rows[0][0] == "said"


@pytest.mark.parametrize(
    ("told", "on", "between"),
    [(date(2022, 2, 11), date(2022, 2, 21), 5), (date(2022, 2, 14), date(2022, 2, 15), 0)],
)
def test_the_days_between_are_those_strictly_between(
    case: object, told: date, on: date, between: int
) -> None:
    drawn = figures.notice_bar(ground(case.view()), 0, told, on)
    assert f"{between} working days" in drawn.alt
    assert drawn.lanes[0].sub == f"{between} between"
