"""A bundle's draft: whatever is done to it, its items cover every page once and in order."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtrace.figures import bundle
from commtrace.figures.bundle import Draft

PROPOSED = json.dumps({
    "items": [
        {"first": 1, "last": 3, "date": "2022-02-07", "title": "Letter"},
        {"first": 4, "last": 8, "date": None, "title": "Reply"},
    ],
    "unit": "page",
    "outline": [[n, f"Page {n}"] for n in range(1, 9)] + [[6, "Letter of 3 March 2022"]],
})  # fmt: skip


@pytest.fixture
def made() -> Draft:
    return bundle.draft(PROPOSED)


def spans(made: Draft) -> list[tuple[int, int]]:
    return [(item.first, item.last) for item in made.items]


def test_a_page_that_is_pressed_begins_an_item_dated_by_its_first_words(made: Draft) -> None:
    cut = bundle.cut(made, 6)
    assert spans(cut) == [(1, 3), (4, 5), (6, 8)]
    assert cut.items[2].day == date(2022, 3, 3)
    assert cut.items[2].title == "Letter of 3 March 2022"


def test_pressed_again_it_joins_the_one_before(made: Draft) -> None:
    assert bundle.cut(bundle.cut(made, 6), 6) == made


def test_the_first_page_of_the_bundle_always_begins_an_item(made: Draft) -> None:
    assert bundle.cut(made, 1) == made


def test_a_boundary_moves_and_neither_item_loses_its_last_page(made: Draft) -> None:
    assert spans(bundle.begin(made, 1, 3)) == [(1, 2), (3, 8)]
    assert spans(bundle.begin(made, 1, 1)) == [(1, 1), (2, 8)]
    assert spans(bundle.begin(made, 1, 99)) == [(1, 7), (8, 8)]


def test_one_document_is_one_item_with_all_pages(made: Draft) -> None:
    assert spans(bundle.whole(made)) == [(1, 8)]


def test_the_value_of_a_ruling_holds_the_items_and_not_the_outline(made: Draft) -> None:
    changed = bundle.said(made, 1, day=date(2022, 3, 14), title="Reply from the council")
    value = json.loads(bundle.value(changed))
    assert value.keys() == {"items", "unit"}
    assert value["items"][1] == {
        "first": 4, "last": 8, "date": "2022-03-14", "title": "Reply from the council",
    }  # fmt: skip


def test_a_ruling_is_shown_with_the_outline_of_the_proposal(made: Draft) -> None:
    again = bundle.draft(bundle.value(made), PROPOSED)
    assert again == made


def test_items_that_leave_out_a_page_are_refused() -> None:
    broken = {"items": [{"first": 1, "last": 2}, {"first": 4, "last": 5}]}
    with pytest.raises(ValueError, match="every page once"):
        bundle.draft(json.dumps(broken))


@given(st.lists(st.tuples(st.sampled_from("cbm"), st.integers(1, 8), st.integers(0, 7))))
def test_no_step_loses_or_doubles_a_page(steps: list[tuple[str, int, int]]) -> None:
    made = bundle.draft(PROPOSED)
    for kind, page, number in steps:
        if kind == "c":
            made = bundle.cut(made, page)
        elif kind == "b":
            made = bundle.begin(made, number, page)
        else:
            made = bundle.merge(made, number)
    pages = [p for first, last in spans(made) for p in range(first, last + 1)]
    assert pages == list(range(1, 9))
