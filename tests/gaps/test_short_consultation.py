# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from functools import partial

import pytest
from stories import failed, found_by, view_of

from commtrace.model import Observability, Severity, Strength

STAGE = """
    party cype directorate cype.example
    party pact forum forum.example
    mailbox lead@cype.example 2021-09-01 to 2022-03-31
    mailbox chair@forum.example 2021-09-01 to 2022-03-31
    holiday 2022-02-14 to 2022-02-18 half term
    criterion consultation = h2s-consult
    as of 2022-03-31
"""
OPENS = (
    '    #1 {day} 09:30 lead@cype.example -> {to} "Draft travel statement" {options} : {words}\n'
)
WORDS = "The consultation on the draft statement opens today and closes on 25 February 2022."
findings = partial(found_by, "short_consultation")


def of(
    more="",
    *,
    day="2022-01-31",
    words=WORDS,
    to="chair@forum.example",
    options="[file draft.pdf]",
    stage=STAGE,
):
    return findings(
        view_of(stage + OPENS.format(day=day, words=words, to=to, options=options) + more)
    )


def later(day, words, *, who="lead@cype.example", to="chair@forum.example", n=2):
    return f'    #{n} {day} 11:00 {who} -> {to} "Re: Draft travel statement" [re #1] : {words}\n'


def test_school_days_from_first_to_last_are_held_to_the_criterion_that_was_chosen():
    (gap,) = of()
    assert (
        "it was open for 15 school days (20 working days); the criterion is 28 school days (h2s-consult)"
        in gap.sentence
    )
    assert "5 of the working days in it were no school days" in gap.sentence
    assert gap.observability is Observability.OBSERVED
    assert (gap.severity, gap.strength) == (Severity.MATERIAL, Strength.DIRECT)


def test_the_four_gunning_criteria_stand_beside_it():
    (gap,) = of()
    assert (
        gap.measure["Gunning, 1 formative stage"]
        == "no record of a decision before it opened was found"
    )
    assert "a document was enclosed" in gap.measure["Gunning, 2 sufficient reasons"]
    assert (
        gap.measure["Gunning, 4 conscientious consideration"]
        == "no record of the responses being considered was found"
    )


def test_a_message_that_speaks_of_the_responses_is_cited():
    (gap,) = of(
        later("2022-03-10", "The responses received were considered and the statement was changed.")
    )
    assert "a message of 10 Mar 2022" in gap.measure["Gunning, 4 conscientious consideration"]
    assert any(cite.role == "Gunning, 4 conscientious consideration" for cite in gap.cites)


def test_without_a_criterion_nothing_is_said():
    assert of(stage=STAGE.replace("    criterion consultation = h2s-consult\n", "")) == ()


@pytest.mark.parametrize(
    "change",
    [
        {
            "day": "2021-12-20",
            "words": "The consultation on the draft statement opens today and closes on 11 March 2022.",
        },
        {"words": "Could you comment on the wording by Thursday?"},
        {"words": "The consultation on the draft statement is open."},
        {"to": "head@cype.example"},
        {"options": "[auto]"},
    ],
    ids=["long enough", "no consultation", "no last day", "nobody outside", "a machine"],
)
def test_what_is_no_short_consultation(change):
    assert of(**change) == ()


def test_an_extension_is_printed_and_weighs_against_it():
    (gap,) = of(
        later("2022-02-10", "The consultation on the draft statement now closes on 18 March 2022.")
    )
    assert failed(gap) == ["It was extended"]
    assert gap.severity is Severity.LOW


def test_a_few_days_are_grave():
    (gap,) = of(words="The consultation on the draft statement closes on 7 February 2022.")
    assert gap.severity is Severity.GRAVE


def test_a_criterion_that_was_not_in_force_is_not_applied():
    stage = STAGE.replace("2022", "2024").replace("2021", "2023")
    assert of(day="2024-01-31", words=WORDS.replace("2022", "2024"), stage=stage) == ()


@pytest.mark.parametrize(
    "words",
    [
        "Our consultation on the draft statement runs from 1 February to 25 February.",
        "The consultation on the draft statement opens on 1 February and ends on 25 February 2022.",
        "Consultation on the draft statement: open 1 February to 25 February.",
        "Public consultation on the draft statement: 1 February to 25 February.",
    ],
)
def test_of_two_days_that_are_named_the_later_is_the_last(words):
    (gap,) = of(words=words)
    assert "From 31 Jan 2022 to 25 Feb 2022 it was open for 15 school days" in gap.sentence


def test_the_consultation_of_a_government_that_is_passed_on_is_not_the_writers():
    words = "The Government's national consultation closes on 25 February 2022."
    assert of(words=words) == ()
    assert len(of()) == 1


def test_another_consultation_under_the_same_bare_subject_is_no_later_message_on_the_first():
    other = (
        '    #2 2022-02-01 09:30 lead@cype.example -> b@forum.example "Draft travel statement" :'
        " The consultation on parking permits opens today and closes on 28 February 2022.\n"
    )
    bare = (stage.replace("Draft travel statement", "Consultation") for stage in (OPENS, other))
    text = next(bare).format(day="2022-01-31", words=WORDS, to="chair@forum.example", options="")
    assert len(findings(view_of(STAGE + text + next(bare)))) == 2
