"""The Handoffs page: matters passed on, and who knew a fact when; who stands between."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from commtrace.figures import knowledge as figures
from commtrace.figures.acts import sentences_of
from commtrace.figures.ground import ground
from commtrace.reconstruction.knowledge import Fact, carrying_rows, knowledge

Page = Callable[..., AppTest]


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in app.get("html"))


def test_the_page_opens_with_the_handoffs(visit: Page) -> None:
    text = said(visit("handoffs"))
    assert "A matter passed from one directorate to another" in text
    assert "All handoffs" in text


def test_without_a_fact_the_view_says_what_to_type(visit: Page) -> None:
    text = said(visit("handoffs", handoffs_view="Knowledge"))
    assert "Type a fact to see who was told of it" in text


def test_a_fact_that_no_message_carries_is_said_to_be_without_a_record(visit: Page) -> None:
    text = said(visit("handoffs", handoffs_view="Knowledge", fact="zebra crossing xylophone"))
    assert "No record of a message that carries this was found in the material supplied." in text


def test_a_fact_shows_its_messages_the_parties_and_a_last_useful_moment(
    visit: Page, case: object
) -> None:
    view = case.view()
    words = view.subjects[0]
    rows = carrying_rows(view, Fact(words=words), range(len(view)))
    assert rows
    text = said(visit("handoffs", handoffs_view="Knowledge", fact=words))
    assert f"{len(rows):,} message" in text
    assert "that carr" in text
    assert "Last useful moment" in text or "leads to them before that day" in text


def test_a_sentence_that_the_address_names_by_its_place_is_the_fact(
    visit: Page, case: object
) -> None:
    view = case.view()
    name = next(one for one, acts in view.acts.items() if acts)
    one = sentences_of(case.text(name), case.segments(name), view.acts[name], ())[-1]
    page = visit("handoffs", handoffs_view="Knowledge", from_message=name, from_sentence=one.key)
    assert page.text_input(key="fact").value == " ".join(one.words.split())


@pytest.mark.parametrize("name", ["nobody", "../../etc/passwd", ""])
def test_a_sentence_of_no_message_is_no_fact(visit: Page, name: str) -> None:
    page = visit("handoffs", handoffs_view="Knowledge", from_message=name, from_sentence="16")
    assert "Type a fact to see who was told of it" in said(page)


def test_the_lanes_hold_every_party_and_the_table_says_the_same(case: object) -> None:
    view = case.view()
    found = knowledge(view, carrying_rows(view, Fact(words=view.subjects[0]), range(len(view))))
    by = int(view.start[view.dated - 1])
    known = figures.parties_known(view, found, by)
    drawn = figures.lanes(ground(view), found, known, known[-1].party, by)
    assert len(drawn.lanes) == min(len(known), figures.MOST)
    assert [row[0] for row in drawn.table.rows] == [view.parties[one.party].label for one in known]
    assert drawn.alt.startswith(f"Of {len(known)} parties ")
    assert len(drawn.marks) < 200


def test_who_stands_between_is_counted_for_the_period_with_who_joined_and_left(
    visit: Page,
) -> None:
    text = said(visit("network", view="Between"))
    assert "Who wrote to a third person on what they had just heard" in text
    assert "are on a message here and on none" not in text  # the whole period has no before
    part = said(visit("network", view="Between", since="2022-01-10", until="2022-02-10"))
    assert "are on a message here and on none before" in part
