# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from functools import partial

import pytest
from stories import failed, found_by, story, view_of

from commtrace.model import Observability, Severity, Strength

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    party families families home.example in:school
    mailbox lead@get.example 2021-12-01 to 2022-03-31
    mailbox head@cype.example 2021-12-01 to 2022-03-31
    as of 2022-03-31
    #1 2022-01-10 09:30 head@cype.example -> lead@get.example "Routes" : Could you send me the list of routes?
"""
PROMISE = '    #2 2022-01-10 11:00 lead@get.example -> head@cype.example "Re: Routes" [re #1] {options} : {words}\n'
SAID = "I will send you the list of routes by Friday."
findings = partial(found_by, "broken_promise")


def of(more="", *, words=SAID, options="", stage=STAGE):
    return findings(view_of(stage + PROMISE.format(words=words, options=options) + more))


def later(day, words, *, who="lead@get.example", to="head@cype.example", options="[re #2]"):
    return f'    #3 {day} 15:00 {who} -> {to} "Re: Routes" {options} : {words}\n'


def test_a_list_that_was_promised_by_friday_and_of_which_nothing_more_is_on_record():
    (gap,) = of()
    assert gap.about == ("message-2",)
    assert f"“{SAID}” That is by 14 Jan 2022." in gap.sentence
    assert gap.observability is Observability.OBSERVED
    assert (gap.severity, gap.strength) == (Severity.MATERIAL, Strength.INDICATED)
    assert gap.owes == "get"
    assert gap.cites[0].role == "the undertaking"


@pytest.mark.parametrize(
    ("day", "words", "options"),
    [
        ("2022-01-13", "Here is the list of routes.", "[re #2]"),
        ("2022-01-13", "As you asked.", "[re #2] [file routes.xlsx]"),
        ("2022-01-18", "The list of routes, as I said I would send it.", "[re #2]"),
        ("2022-01-13", "The list of routes is below.", "[letter] [noid]"),
    ],
    ids=["in words", "as a file", "within two working days more", "by letter"],
)
def test_a_promise_that_was_kept_is_no_gap(day, words, options):
    assert of(later(day, words, options=options)) == ()


def test_a_colleague_of_the_same_side_may_keep_it():
    assert of(later("2022-01-13", "The list of routes is below.", who="planner@get.example")) == ()


def test_one_that_was_kept_late_says_when_and_weighs_little():
    (gap,) = of(later("2022-02-01", "Here is the list of routes, with apologies."))
    assert "on record on 1 Feb 2022, 12 working days after that day" in gap.sentence
    assert gap.severity is Severity.LOW


def test_another_matter_on_another_thread_does_not_keep_it():
    other = '    #3 2022-01-13 15:00 lead@get.example -> head@cype.example "Budget" : The budget meeting is in room four.\n'
    assert len(of(other)) == 1


def test_a_message_that_only_promises_it_again_does_not_keep_it():
    (gap,) = of(later("2022-01-13", "I will send you the list of routes by Friday, as I said."))
    assert gap.about == ("message-2", "message-3")
    assert gap.strength is Strength.CORROBORATED


def test_one_that_was_said_again_with_a_later_date_is_judged_by_the_last():
    (gap,) = of(later("2022-01-13", "I will send you the list of routes by 28 January."))
    assert gap.window.said == "13 Jan 2022 to 28 Jan 2022"


def test_who_comes_back_to_it_makes_it_stronger():
    chaser = later("2022-01-24", "I am still waiting for the list of routes.",
                   who="head@cype.example", to="lead@get.example")  # fmt: skip
    (gap,) = of(chaser)
    assert gap.strength is Strength.CORROBORATED
    assert "came back to it once" in gap.sentence


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (
            "Subject to the board, I will send you the list of routes by Friday.",
            "It was conditional",
        ),
        ("I hope to send you the list of routes by Friday.", "It was an aim and no promise"),
    ],
)
def test_a_condition_or_an_aim_is_printed_and_weighs_against_it(words, why):
    (gap,) = of(words=words)
    assert why in failed(gap)
    assert (gap.severity, gap.strength) == (Severity.LOW, Strength.INDICATED)


def test_a_note_of_a_call_in_the_time_may_explain_it():
    call = '    #3 2022-01-13 15:00 lead@get.example -> head@cype.example "Call" [call] : We spoke about the routes.\n'
    (gap,) = of(call)
    assert failed(gap) == ["It was done by telephone or at a meeting"]
    assert gap.severity is Severity.LOW


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("I will send you the list of routes.", ""),
        (SAID, "[auto]"),
        ("I will ring the driver on Friday.", ""),
        ("I sent you the list of routes on Friday.", ""),
    ],
    ids=["no date", "a machine", "nothing in writing would show it", "the past"],
)
def test_what_sets_no_date_or_would_leave_no_message_is_no_gap(words, options):
    assert of(words=words, options=options) == ()


def test_who_thanks_for_it_has_had_it():
    thanks = later("2022-01-12", "Thank you very much for calling, this is now resolved.",
                   who="head@cype.example", to="lead@get.example")  # fmt: skip
    assert of(thanks) == ()


def test_a_promise_that_is_not_due_yet_is_no_gap():
    assert of(stage=STAGE.replace("as of 2022-03-31", "as of 2022-01-14")) == ()


def test_one_mailbox_shows_one_side():
    (gap,) = of(stage=STAGE.replace("    mailbox head@cype.example 2021-12-01 to 2022-03-31\n", ""))
    assert gap.observability is Observability.ONE_SIDE
    assert "those of CYPE were not provided" in gap.sentence


def test_without_a_mailbox_of_the_time_it_cannot_be_tested():
    stage = STAGE.replace("2021-12-01 to 2022-03-31", "2021-12-01 to 2022-01-11")
    (gap,) = of(stage=stage)
    assert gap.observability is Observability.NOT_TESTABLE
    assert gap.severity is Severity.LOW


@story
def test_a_promise_to_many_is_looked_for_with_each_of_them(view):
    """
    party get directorate get.example
    party families families home.example in:school
    mailbox lead@get.example 2021-12-01 to 2022-03-31
    as of 2022-03-31
    #1 2022-01-10 09:30 lead@get.example -> lead@get.example "Passenger assistants" [bcc a@home.example, b@home.example, c@home.example, d@home.example] : Every family will be sent the name of their passenger assistant by 28 January 2022.
    #2 2022-01-20 09:30 lead@get.example -> a@home.example "Your passenger assistant" : The name of your passenger assistant is Jo.
    #3 2022-01-20 09:31 lead@get.example -> b@home.example "Your passenger assistant" : The name of your passenger assistant is Al.
    #4 2022-02-07 09:31 lead@get.example -> c@home.example "Your passenger assistant" : The name of your passenger assistant is Bo.
    #5 2022-01-21 09:31 lead@get.example -> d@home.example "Your invoice" : The invoice for mileage has been paid.
    """
    (gap,) = findings(view)
    assert (
        "for 2 of 4 people to whom it was owed (50%); for 1 none was found, and for 1 it came later"
        in gap.sentence
    )
    assert gap.severity is Severity.GRAVE
    assert gap.strength is Strength.CORROBORATED
    assert gap.measure["no record for"] == 1


@story
def test_inside_one_party_a_promise_is_its_own_affair(view):
    """
    party get directorate get.example
    mailbox lead@get.example 2021-12-01 to 2022-03-31
    as of 2022-03-31
    #1 2022-01-10 09:30 lead@get.example -> planner@get.example "Routes" : I will send you the list of routes by Friday.
    """
    assert findings(view) == ()
