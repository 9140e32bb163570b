# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from functools import partial

import pytest
from stories import failed, found_by, view_of

from commtrace.model import Observability, Severity, Strength

STAGE = """
    party get directorate get.example
    party pact forum forum.example in:every-day
    mailbox lead@get.example 2021-12-01 to 2022-03-31
    mailbox chair@forum.example 2021-12-01 to 2022-03-31
    as of 2022-03-31
    #1 2022-01-10 09:30 lead@get.example -> chair@forum.example "Pick-up points" : We will send the map of pick-up points by 21 January.
"""
AGAIN = '    #2 {day} 09:30 lead@get.example -> chair@forum.example "Re: Pick-up points" {options} : {words}\n'
findings = partial(found_by, "slipping_promise")


def of(words="We will send the map of pick-up points by 4 February.", more="", *, day="2022-01-20",
       options="[re #1]", stage=STAGE):  # fmt: skip
    return findings(view_of(stage + AGAIN.format(words=words, day=day, options=options) + more))


def test_the_same_with_a_later_date_is_a_slip_in_the_days_of_both_sides():
    (gap,) = of()
    assert gap.about == ("message-1", "message-2")
    assert "by 21 Jan 2022." in gap.sentence
    assert "by 4 Feb 2022, 10 working days and 14 days later" in gap.sentence
    assert "before the earlier day had passed" in gap.sentence
    assert gap.observability is Observability.OBSERVED
    assert (gap.severity, gap.strength) == (Severity.MATERIAL, Strength.CORROBORATED)


def test_a_date_that_had_passed_before_it_was_moved_says_by_how_much():
    (gap,) = of(day="2022-01-26")
    assert "had passed by then, 3 working days and 5 days before" in gap.sentence


def test_each_later_date_is_another_slip_of_one_finding():
    third = AGAIN.replace("#2", "#3").format(
        day="2022-02-03", options="[re #2]",
        words="We will send the map of pick-up points by 18 February.")  # fmt: skip
    (gap,) = of(more=third)
    assert gap.measure["slips"] == 2
    assert gap.measure["last day"] == "2022-02-18"


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("We will send the map of pick-up points by 21 January.", "[re #1]"),
        ("We will publish the budget for mileage by 4 February.", "[noid]"),
        ("We will send the map of pick-up points by 4 February.", "[auto] [re #1]"),
    ],
    ids=["the same date", "another matter", "a machine"],
)
def test_what_sets_no_later_date_for_the_same_thing_is_no_slip(words, options):
    assert of(words, options=options) == ()


def test_an_aim_weighs_less():
    (gap,) = of("We hope to send the map of pick-up points by 4 February.")
    assert failed(gap) == ["It was an aim and no promise"]
    assert (gap.severity, gap.strength) == (Severity.LOW, Strength.INDICATED)


def test_without_a_mailbox_of_the_time_it_cannot_be_tested():
    stage = STAGE.replace("2021-12-01 to 2022-03-31", "2021-12-01 to 2022-01-11")
    (gap,) = of(stage=stage)
    assert gap.observability is Observability.NOT_TESTABLE


@pytest.mark.parametrize(
    "words",
    [
        "The map has slipped. I will send it to you by 4 February instead.",
        "This is no longer possible and you will now receive it by 4 February.",
        "I'm afraid it will now be 4 February.",
    ],
)
def test_what_was_promised_may_be_called_it(words):
    (gap,) = of(words)
    assert "by 4 Feb 2022, 10 working days and 14 days later" in gap.sentence


def test_it_under_another_subject_is_some_other_thing():
    assert of("I will send it to you by 4 February.", options="", stage=STAGE.replace(
        "Pick-up points", "Points")) == ()  # fmt: skip
