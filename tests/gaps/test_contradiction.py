# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from functools import partial

import pytest
from stories import failed, found_by, view_of

from commtrace.model import Observability, Severity, Strength

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    party families families home.example
    party operators provider taxis.example
    mailbox lead@get.example 2021-09-01 to 2022-03-31
    as of 2022-03-31
"""
SAYS = '    #9 2022-03-08 09:30 {who} -> head@cype.example "Transport" {options} : {words}\n'
WORDS = "All parents and carers have been contacted throughout the process."
DENIES = '    #{n} {day} 09:30 {who} -> lead@get.example "My son" : {words}\n'
NOTHING = "We have heard nothing from you. Can you please tell us who the driver is?"
findings = partial(found_by, "contradiction")


def of(*denials, words=WORDS, who="lead@get.example", options="", more=""):
    text = STAGE + "".join(denials) + more + SAYS.format(words=words, who=who, options=options)
    return findings(view_of(text))


def denial(n=1, day="2022-02-20", who=None, words=NOTHING):
    return DENIES.format(n=n, day=day, who=who or f"p{n}@home.example", words=words)


def test_everybody_was_told_and_somebody_writes_that_they_were_not():
    (gap,) = of(denial())
    assert f"“{WORDS}”" in gap.sentence
    assert (
        "Against it, p1@home.example (FAMILIES) wrote on 20 Feb 2022: “We have heard nothing from you.”"
        in gap.sentence
    )
    assert gap.observability is Observability.ONE_SIDE
    assert (gap.severity, gap.strength) == (Severity.MATERIAL, Strength.INDICATED)


def test_two_people_who_say_so_make_it_grave():
    (gap,) = of(denial(1), denial(2, "2022-02-22"))
    assert gap.severity is Severity.GRAVE
    assert gap.strength is Strength.CORROBORATED
    assert "One more of those concerned wrote the like." in gap.sentence


def test_the_same_person_twice_is_one_witness():
    (gap,) = of(denial(1, who="p@home.example"), denial(2, "2022-02-22", who="p@home.example"))
    assert gap.measure["people who say otherwise"] == 1


def test_whoever_was_told_in_between_may_explain_it():
    told = '    #5 2022-02-25 09:30 lead@get.example -> p1@home.example "Your son" [noid] : The driver is Jo.\n'
    (gap,) = of(denial(), more=told)
    assert failed(gap) == ["They were told between the two"]
    assert gap.severity is Severity.LOW


@pytest.mark.parametrize(
    "change",
    [
        {"words": "Have all parents and carers been contacted?"},
        {"words": "I asked whether all parents had been contacted."},
        {"words": "Some parents have been contacted."},
        {"words": "All operators have been told of the change."},
        {"who": "p9@home.example"},
        {"options": "[auto]"},
    ],
    ids=["a question", "reported", "not all", "another kind", "by a family", "a machine"],
)
def test_what_claims_nothing_for_those_who_deny_it(change):
    assert of(denial(), **change) == ()


def test_a_denial_of_long_before_is_about_something_else():
    assert of(denial(day="2021-11-01")) == ()


def test_a_question_that_denies_nothing_is_none():
    assert of(denial(words="Can you please tell us who the driver is?")) == ()
