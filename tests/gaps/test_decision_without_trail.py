from __future__ import annotations

from functools import partial

import pytest
from stories import failed, found_by, view_of

from commtrace.model import Observability, Severity, Strength

STAGE = """
    party get directorate get.example
    party members members cllr.example
    party families families home.example
    as of 2022-03-31
"""
BOX = "    mailbox penfold@cllr.example 2021-09-01 to 2022-03-31\n"
TOLD = '    #9 2022-02-01 09:30 {who} -> {to} "Contracts" {options} : {words}\n'
WORDS = "The contract for the new transport network has been awarded to Kestrel Minibuses."
findings = partial(found_by, "decision_without_trail")


def of(
    more="",
    *,
    words=WORDS,
    who="lead@get.example",
    to="a@home.example",
    options="",
    stage=STAGE + BOX,
):
    return findings(
        view_of(stage + more + TOLD.format(words=words, who=who, to=to, options=options))
    )


def record(day, words, *, who="penfold@cllr.example", options="", n=1, subject="Decision"):
    return f'    #{n} {day} 09:30 {who} -> lead@get.example "{subject}" {options} : {words}\n'


def test_a_decision_that_is_announced_and_of_which_nobody_wrote_before():
    other = record("2021-11-01", "Thank you for the tour of the depot.")
    (gap,) = of(other)
    assert f"“{WORDS}”" in gap.sentence
    assert "No record of MEMBERS deciding it before was found" in gap.sentence
    assert gap.observability is Observability.ONE_SIDE
    assert (gap.severity, gap.strength) == (Severity.MATERIAL, Strength.INDICATED)


@pytest.mark.parametrize(
    ("who", "options"), [("penfold@cllr.example", ""), ("clerk@get.example", "[note]")],
    ids=["a decider wrote it", "it stands in a note of a meeting"],
)  # fmt: skip
def test_an_earlier_record_is_its_trail(who, options):
    assert (
        of(
            record(
                "2022-01-20",
                "We agreed to award the contract for the transport network to Kestrel.",
                who=who,
                options=options,
            )
        )
        == ()
    )


def test_a_record_of_long_ago_is_about_something_else():
    assert (
        len(
            of(
                record(
                    "2021-01-20",
                    "We agreed to award the contract for the transport network to Kestrel.",
                )
            )
        )
        == 1
    )


def test_a_record_that_came_after_is_named():
    late = record(
        "2022-02-10", "We agreed to award the contract for the transport network to Kestrel."
    )
    (gap,) = findings(
        view_of(
            STAGE
            + BOX
            + TOLD.format(words=WORDS, who="lead@get.example", to="a@home.example", options="")
            + late
        )
    )
    assert "of 10 Feb 2022, after the announcement" in gap.sentence
    assert failed(gap) == ["It was recorded afterwards"]


@pytest.mark.parametrize(
    "change",
    [
        {"words": "Your pick-up time has been changed to 7.50."},
        {"words": "The contract may be awarded in March."},
        {"who": "penfold@cllr.example"},
        {"who": "a@home.example", "to": "lead@get.example"},
        {"options": "[auto]"},
        {"to": "planner@get.example"},
    ],
    ids=["an officer's step", "not decided", "by a decider", "by a family", "a machine", "inside"],
)
def test_what_announces_no_decision_of_a_body(change):
    assert of(**change) == ()


def test_without_material_of_the_deciders_it_cannot_be_tested():
    (gap,) = of(stage=STAGE)
    assert gap.observability is Observability.NOT_TESTABLE
    assert gap.severity is Severity.LOW


def test_without_deciders_among_the_parties_nothing_is_said():
    assert of(stage=STAGE.replace("    party members members cllr.example\n", "")) == ()


SEVERAL = "a@home.example, b@home.example, c@home.example"


@pytest.mark.parametrize(
    "words",
    [
        "The council has decided to close the lunch club at Elmfield from 4 April.",
        "A decision has been taken to withdraw the shuttle from Elmfield on 4 April.",
        "It was decided that rents of garages at Elmfield will double from 4 April.",
    ],
)
def test_what_is_taken_away_from_several_people_is_of_weight(words):
    (gap,) = of(words=words, to=SEVERAL)
    assert f"“{words}”" in gap.sentence
    assert of(words=words) == ()  # to one person it is the answer to a question


@pytest.mark.parametrize(
    "words",
    [
        "The governors have decided to close the lunch club at Elmfield from 4 April.",
        "We propose to close the lunch club at Elmfield from 4 April; nothing has been decided.",
    ],
)
def test_what_others_decided_and_what_is_only_proposed_is_no_decision_of_the_writers(words):
    assert of(words=words, to=SEVERAL) == ()


def test_a_record_about_another_place_is_no_record_of_it():
    words = "The council has decided to close the lunch club at Elmfield from 4 April."
    there = record("2022-01-10", "I approve the closing of the lunch club in {place}.")
    assert of(there.format(place="Elmfield"), words=words, to=SEVERAL) == ()
    assert len(of(there.format(place="Ashby"), words=words, to=SEVERAL)) == 1
