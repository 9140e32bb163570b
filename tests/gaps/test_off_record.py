from __future__ import annotations

from functools import partial

import pytest
from stories import failed, found_by, view_of

from commtrace.model import Observability, Severity, Strength

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    as of 2022-03-31
"""
SAYS = '#1 2022-01-10 09:30 lead@get.example -> {to} "Routes" {options} : {words}\n'
AGREED = "As agreed on the phone this morning, the routes stay as they are."
findings = partial(found_by, "off_record")


def of(words=AGREED, more="", *, to="head@cype.example", options=""):
    return findings(view_of(STAGE + SAYS.format(words=words, to=to, options=options) + more))


def note(day, channel, people="lead@get.example -> head@cype.example"):
    return f'#2 {day} 15:00 {people} "Routes" [{channel}] : We spoke about the routes.\n'


def test_a_call_that_settled_something_and_of_which_no_note_is_held():
    (gap,) = of()
    assert gap.about == ("message-1",)
    assert f"“{AGREED}”" in gap.sentence
    assert gap.observability is Observability.NOT_TESTABLE
    assert (gap.severity, gap.strength) == (Severity.MATERIAL, Strength.INDICATED)


@pytest.mark.parametrize("channel", ["call", "note", "meeting"])
def test_a_record_of_the_same_parties_a_day_off_is_taken_for_it(channel):
    assert of(more=note("2022-01-11", channel)) == ()


def test_a_record_of_another_week_is_not_taken_for_it_but_shows_that_such_records_were_supplied():
    (gap,) = of(more=note("2022-01-20", "note"))
    assert gap.observability is Observability.ONE_SIDE
    assert "which holds such records of others" in gap.sentence


def test_a_record_of_other_parties_is_not_taken_for_it():
    others = note("2022-01-10", "note", people="lead@get.example -> parent@home.example")
    assert len(of(more="party families families home.example\n" + others)) == 1


def test_an_entry_made_for_the_case_is_named_and_leaves_the_gap():
    (gap,) = of(more=note("2022-01-10", "call] [entered A. Officer"))
    assert failed(gap) == ["It is on record through an entry made for this case"]
    assert gap.severity is Severity.LOW


@pytest.mark.parametrize(
    "words",
    [
        "Can we speak on the phone tomorrow?",
        "Please call me on the phone about the routes.",
        "I will call you by phone on Monday.",
        "Let's have a call about the routes.",
        "A telephone call is not enough for many of our members.",
        "We called a halt to the tender.",
    ],
)
def test_what_is_proposed_or_said_in_general_is_no_conversation(words):
    assert of(words) == ()


def test_inside_one_party_only_what_settled_something_counts():
    assert of("I spoke to the driver.", to="planner@get.example") == ()
    (gap,) = of("I spoke to the driver and we agreed the stop.", to="planner@get.example")
    assert gap.severity is Severity.LOW


def test_a_machine_speaks_to_nobody():
    assert of(options="[auto]") == ()


def test_the_words_of_the_sentence_are_printed_and_not_the_pattern_they_matched():
    (gap,) = of()
    assert gap.measure["words that refer to it"] == "As agreed"
    (said,) = [c for c in gap.checks if c.what == "It was of no weight for the matter"]
    assert said.because == "it was recognised by “As agreed” alone"
