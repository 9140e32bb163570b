# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from stories import found_by, story, view_of

from commtrace.brief import Audience, Event
from commtrace.model import Address, Observability, Severity, Strength

STAGE = """
    party get directorate get.example
    party families families home.example in:school
    mailbox desk@get.example 2021-09-01 to 2022-03-31
    holiday 2022-02-14 to 2022-02-18 half term
    as of 2022-03-31
"""
TOLD = '    #{number} {day} 09:30 desk@get.example -> desk@get.example "Transport" [bcc a@home.example, b@home.example, c@home.example] {options} : {words}\n'
WORDS = "From Monday 21 February 2022 your child will be collected by another operator."
findings = partial(found_by, "late_notice")


def told(day, words=WORDS, *, number="2", options=""):
    return TOLD.format(number=number, day=day, words=words, options=options)


def of(day="2022-02-11", words=WORDS, more="", *, options="", stage=STAGE):
    return findings(view_of(stage + more + told(day, words, options=options)))


def test_notice_over_half_term_is_no_school_day_at_all():
    (gap,) = of()
    assert "no school day" not in gap.sentence
    assert "0 school days and 5 working days between" in gap.sentence
    assert gap.measure["told late"] == 3
    assert gap.severity is Severity.GRAVE
    assert gap.strength is Strength.INDICATED
    assert gap.observability is Observability.ONE_SIDE


def test_a_few_school_days_are_fewer_than_the_criterion_and_print_both_clocks():
    (gap,) = of("2022-02-07")
    assert gap.severity is Severity.MATERIAL
    assert "4 school days and 9 working days" in gap.sentence
    assert "10 school days" in gap.sentence


def test_notice_in_time_is_no_gap():
    assert of("2022-01-24") == ()


def test_an_earlier_letter_about_the_same_day_and_matter_is_the_notice():
    earlier = told(
        "2022-01-10",
        "From 21 February 2022 your child will be collected by another operator, whose name follows.",
        number="1",
    )
    assert of(more=earlier) == ()


def test_an_earlier_letter_about_another_matter_on_that_day_is_not():
    earlier = told("2022-01-10", "The office will be painted on 21 February 2022.", number="1")
    assert len(of(more=earlier)) == 1


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("Please return the form by 21 February 2022.", ""),
        (WORDS, "[auto]"),
        ("Your child was collected by another operator on 21 January 2022.", ""),
    ],
    ids=["a day to answer by", "a machine", "the past"],
)
def test_what_announces_nothing_is_no_notice(words, options):
    assert of(words=words, options=options) == ()


@story
def test_a_letter_to_one_family_is_no_announcement(view):
    """
    party get directorate get.example
    party families families home.example in:school
    mailbox desk@get.example 2021-09-01 to 2022-03-31
    as of 2022-03-31
    #1 2022-02-17 09:30 desk@get.example -> a@home.example "Transport" : From Monday 21 February 2022 your child will be collected at 8.
    """
    assert findings(view) == ()


def test_an_event_whose_audience_is_listed_counts_who_heard_when_and_who_never():
    text = STAGE + told("2022-02-16", "The new routes start on 21 February.")
    event = Event(id="start", label="New routes", date=__import__("datetime").date(2022, 2, 21),
                  owner="get", audience="families", terms=("new routes",))  # fmt: skip
    people = ("a@home.example", "b@home.example", "c@home.example", "d@home.example")
    audience = Audience(id="roll", label="The roll", event="start", party="families",
                        members=tuple(Address(name="", address=a) for a in people))  # fmt: skip
    d = '    #1 2022-01-05 09:30 desk@get.example -> d@home.example "Invoice" : Your invoice was paid.\n'
    (gap,) = [g for g in findings(view_of(text + d, events=(event,), audiences=(audience,)))
              if g.anchor[0] == "event"]  # fmt: skip
    assert gap.strength is Strength.DIRECT
    assert (
        "For 3 of 4 it is the first word of it on record, and for 1 more none was found"
        in gap.sentence
    )


def test_without_a_mailbox_of_the_days_before_it_cannot_be_tested():
    stage = STAGE.replace("2021-09-01 to 2022-03-31", "2022-02-10 to 2022-03-31")
    (gap,) = of(stage=stage)
    assert gap.observability is Observability.NOT_TESTABLE
    assert replace(gap).severity is Severity.LOW
