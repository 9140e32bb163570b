"""The days that officers' words for a time mean."""

from __future__ import annotations

from datetime import date

import pytest
from deadline_phrases import PHRASES
from deadline_phrases_fresh import FRESH
from deadline_phrases_fresh_again import FRESH as AGAIN
from deadline_phrases_fresh_eighth import FRESH as EIGHTH
from deadline_phrases_fresh_eleventh import FRESH as ELEVENTH
from deadline_phrases_fresh_fifteenth import FRESH as FIFTEENTH
from deadline_phrases_fresh_fifth import FRESH as FIFTH
from deadline_phrases_fresh_fourteenth import FRESH as FOURTEENTH
from deadline_phrases_fresh_fourth import FRESH as FOURTH
from deadline_phrases_fresh_ninth import FRESH as NINTH
from deadline_phrases_fresh_seventeenth import FRESH as SEVENTEENTH
from deadline_phrases_fresh_seventh import FRESH as SEVENTH
from deadline_phrases_fresh_sixteenth import FRESH as SIXTEENTH
from deadline_phrases_fresh_sixth import FRESH as SIXTH
from deadline_phrases_fresh_tenth import FRESH as TENTH
from deadline_phrases_fresh_third import FRESH as THIRD
from deadline_phrases_fresh_thirteenth import FRESH as THIRTEENTH
from deadline_phrases_fresh_twelfth import FRESH as TWELFTH
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


OTHERWISE = {  # what the writer of a list read another way, or the reader still gets wrong
    "We will finalise the plan within eight weeks of the meeting.",
    "I'll come back to you early next week.",
    "You will hear from us in the coming days.",
    "Confirm before school starts back on the 21st.",
    "We'll do a dry run the week before term starts.",
    "The school day ends at 3.15pm.",
    "The escort will introduce herself to you before Monday 21st.",
    "I should be able to tell you more in ten days or so.",
    "We'll confirm who is driving in the last week of August.",
    "Year 4 swimming begins on Tuesday 14th September and letters go home today.",
    "We're off on Good Friday and Easter Monday.",
    "We will consult all families in the autumn term.",
    "Our response will be with you no later than 4 weeks from today.",
    "Under the policy, parents get 20 school days in which to appeal.",
    "They said I'd hear in six weeks, so mid-January.",
    "No one told us until Tuesday.",
    "Staff training day - Friday 22 October (school closed to pupils).",
    "Texts must be sent each Sunday before 2pm.",
    "I'll come and see you both the week before we break up.",
    "My annual leave starts tomorrow; I'm back on 6 June.",
    "The rota for after half term will follow shortly.",
    "Next week I'm in the office Monday, Wednesday and Friday.",
    "You said Monday, then Tuesday, now it's Friday.",
    "We should have everything ready in time for the new term in September.",
    "I don't do school runs in the holidays.",
    "If there's snow next week we'll decide by 6am.",
    "We are closed on Monday and back on Tuesday 3rd May.",
    "I will get someone to call you before 5.",
    "Our offer remains open for 28 days.",
    "Applications received after 31 July may not be processed in time for the start of term.",
}
MENDED = (*FRESH, *AGAIN, *THIRD, *FOURTH, *FIFTH)
ONE_GRAMMAR = (
    *SIXTH, *SEVENTH, *EIGHTH, *NINTH, *TENTH, *ELEVENTH, *TWELFTH, *THIRTEENTH, *FOURTEENTH,
    *FIFTEENTH, *SIXTEENTH,
)  # fmt: skip
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
    assert deadline("the week after the " * 20_000, date(2022, 2, 2), KENT) is None


def test_all_lists_are_read_but_for_the_phrases_that_are_named():
    every = (*PHRASES, *LATER, *MENDED, *ONE_GRAMMAR)
    assert len(every) == 1880
    assert {row[1] for row in every if read(row[0], row[1]) != row[2:]} == OTHERWISE


def test_the_place_of_the_words_is_kept_in_every_list_of_the_one_grammar():
    for said_on, sentence, *_ in ONE_GRAMMAR:
        found = deadline(sentence, date.fromisoformat(said_on), KENT)
        assert found is None or sentence[found.start : found.end] == found.words


def test_of_lists_that_the_reader_was_not_mended_after_most_is_read():
    right = sum(read(row[0], row[1]) == row[2:] for row in SEVENTEENTH)
    assert right / len(SEVENTEENTH) >= 0.9


@pytest.mark.parametrize(
    ("sentence", "first", "last"),
    [
        ("We will do it two weeks before the end of term.", "2022-03-18", "2022-03-18"),
        ("We will do it in the first week of the financial year.", "2022-04-01", "2022-04-01"),
        ("We will do it by the Friday before the Easter holidays.", "2022-04-01", "2022-04-01"),
        ("We will do it from Monday until the end of term.", "2022-02-07", "2022-04-01"),
    ],
)
def test_names_parts_distances_and_heads_go_together_as_they_come(sentence, first, last):
    assert read("2022-02-02", sentence) == (first, last)


def test_a_day_in_a_clause_of_the_past_sets_no_time_though_another_clause_looks_ahead():
    assert read("2022-02-02", "The letter is dated Friday but came today.") == (None, None)
    assert read("2022-02-02", "It came today but will start on Friday.") == (
        "2022-02-04",
        "2022-02-04",
    )


def test_the_end_of_a_term_whose_holiday_no_calendar_tells_is_not_made_up():
    assert read("2022-09-05", "We will tell you by the end of term.") == (None, None)


def test_a_day_for_and_a_day_on_which_somebody_is_away_yield_to_another():
    assert read("2022-02-02", "I am off tomorrow but will look on Monday.")[0] == "2022-02-07"
    assert read("2022-02-02", "We close for half term on Friday week.")[0] == "2022-02-11"


@pytest.mark.parametrize("word", ["Sun", "Sat", "Wed"])
def test_a_short_weekday_that_is_a_word_needs_a_word_that_leads_to_it(word):
    assert read("2022-03-08", f"{word} visors are to be fitted.") == (None, None)
    assert read("2022-03-08", f"It is to be fitted by {word}.") != (None, None)
