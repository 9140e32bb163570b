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


TWO = """
    party cype2 directorate two.example
    #1 2022-02-01 09:30 lead@get.example -> {to} "Elmfield" : {one}
    #2 {day} 11:30 head@two.example -> {also} "Position" : {other}
"""


def two(one, other, *, to="a@home.example", also="x@taxis.example", day="2022-02-01"):
    return findings(view_of(STAGE + TWO.format(one=one, other=other, to=to, also=also, day=day)))


COUNT = "Today {} children from Elmfield are without a seat."


def test_two_bodies_that_give_two_counts_of_one_thing_on_one_day():
    (gap,) = two(COUNT.format(46), COUNT.format(12))
    assert f"“{COUNT.format(46)}”" in gap.sentence
    assert f"“{COUNT.format(12)}”" in gap.sentence
    assert gap.about == ("message-1", "message-2")
    assert gap.strength is Strength.INDICATED


def test_two_start_days_and_a_denial_of_what_was_said_cannot_both_hold():
    starts = "The contract for Elmfield starts on {} March 2022."
    assert len(two(starts.format(7), starts.format(14))) == 1
    assert len(two("The doors in Elmfield have been inspected.",
                   "The doors in Elmfield have not been inspected.")) == 1  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "options"),
    [
        (COUNT.format(46), COUNT.format(12), {"also": "a@home.example"}),
        (COUNT.format(46), COUNT.format(12), {"day": "2022-02-02"}),
        (COUNT.format(46), COUNT.format(46), {}),
        ("In the north of Elmfield 12 children are without a seat.", COUNT.format(46), {}),
        ("The consultation opens on 9 October.", "The consultation opens on 10 October.", {}),
        ("Will 46 children from Elmfield be without a seat?", COUNT.format(12), {}),
        ("The route for Elmfield starts on 5 December.",
         "The route for Elmfield starts on 5th December 2022.", {}),
    ],
    ids=["news", "another day", "agreeing", "another scope", "no name", "a question", "one day"],
)  # fmt: skip
def test_news_scopes_questions_and_agreement_contradict_nothing(one, other, options):
    assert two(one, other, **options) == ()


def test_variants_of_one_writers_letter_are_for_another_rule():
    starts = "The contract for Elmfield starts on {} March 2022."
    text = STAGE + TWO.format(one=starts.format(7), other=starts.format(14), to="a@home.example",
                              also="b@home.example", day="2022-02-01")  # fmt: skip
    assert len(findings(view_of(text))) == 1
    one = text.replace("head@two.example", "lead@get.example").replace('"Position"', '"Elmfield"')
    assert findings(view_of(one)) == ()
