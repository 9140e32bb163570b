# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from stories import failed, found_by, view_of

from commtrace.brief import Event, Person
from commtrace.model import Observability, Severity, Strength

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    party schools school school.example
    party families families home.example
    as of 2022-03-31
"""
BOTH = """
    mailbox planner@get.example 2021-09-01 to 2022-03-31
    mailbox head@get.example 2021-09-01 to 2022-03-31
"""
WARNING = """
    #1 2022-01-13 17:00 planner@get.example -> head@get.example "Allocation" : I am concerned about the contracts. There is a real risk that pupils wait without a vehicle. Can we tell the director now?
"""
HEAD = Person(name="Head", address="head@get.example", role="Head of Transport")
GO_LIVE = Event(id="go-live", label="New contracts start", date=date(2022, 2, 21))

findings = partial(found_by, "ignored_warning")


def of(*parts, **changes):
    return findings(view_of("".join(parts), **changes))


def test_a_warning_without_an_answer_or_a_step_onward_is_a_gap():
    (gap,) = of(STAGE, BOTH, WARNING)
    assert gap.severity is Severity.MATERIAL
    assert gap.strength is Strength.CORROBORATED
    assert gap.observability is Observability.OBSERVED
    assert gap.owes == "get"
    assert "On 13 Jan 2022 planner@get.example (GET) warned head@get.example (GET)" in gap.sentence
    assert "“I am concerned about the contracts.”" in gap.sentence
    assert "(55 working days)" in gap.sentence
    assert [cite.role for cite in gap.cites] == ["the warning", "the warning"]
    assert failed(gap) == []


def test_it_is_grave_where_it_went_to_somebody_with_a_role_and_an_event_followed():
    (gap,) = of(STAGE, BOTH, WARNING, people=(HEAD,), events=(GO_LIVE,))
    assert gap.severity is Severity.GRAVE
    assert "In that time fell: New contracts start." in gap.sentence
    (before,) = of(
        STAGE, BOTH, WARNING.replace("01-13", "02-22"), people=(HEAD,), events=(GO_LIVE,)
    )
    assert before.severity is Severity.MATERIAL


@pytest.mark.parametrize(
    "step",
    [
        '#2 2022-01-14 09:00 head@get.example -> planner@get.example "Re: Allocation" [re #1] : I will raise it on Monday with members.',
        '#2 2022-01-14 09:00 head@get.example -> director@get.example "FW: Allocation" [fw #1] : See below.',
        '#2 2022-01-17 09:00 head@get.example -> director@get.example "Today" : The planner is concerned about the contracts: a real risk that pupils wait without a vehicle.',
        '#2 2022-01-17 09:00 head@get.example -> planner@get.example "Your worry" : The risk that pupils wait for a vehicle is real, the contracts are with the director.',
    ],
    ids=["answered", "passed on", "passed on in a new message", "answered in a new message"],
)
def test_a_step_by_whoever_was_warned_leaves_no_gap(step):
    assert of(STAGE, BOTH, WARNING, "\n" + step) == ()


def test_an_automatic_or_a_holding_reply_is_no_step():
    auto = """
    #2 2022-01-13 17:01 head@get.example -> planner@get.example "Automatic reply: Allocation" [re #1] [auto] : Thank you for your message.
    """
    assert len(of(STAGE, BOTH, WARNING, auto)) == 1
    away = auto.replace("Thank you for your message.", "I am on annual leave.")
    (gap,) = of(STAGE, BOTH, WARNING, away)
    assert failed(gap) == ["Those warned were away"]
    assert gap.severity is Severity.LOW


def test_one_sentence_that_asks_for_nothing_is_no_warning_to_react_to():
    mild = WARNING.replace(
        " There is a real risk that pupils wait without a vehicle. Can we tell the director now?",
        "",
    )
    assert of(STAGE, BOTH, mild) == ()
    two = WARNING.replace(" Can we tell the director now?", "")
    (gap,) = of(STAGE, BOTH, two)
    assert gap.strength is Strength.INDICATED


def test_a_sentence_for_some_case_warns_of_nothing():
    case = WARNING.replace("I am concerned about", "If you are concerned about").replace(
        "There is a real risk", "If there is a real risk"
    )
    assert of(STAGE, BOTH, case) == ()


def test_a_warning_that_is_raised_again_is_one_gap():
    again = (
        WARNING.replace("#1", "#2")
        .replace("01-13", "01-20")
        .replace('"Allocation"', '"Re: Allocation" [re #1]')
    )
    (gap,) = of(STAGE, BOTH, WARNING, again)
    assert gap.measure["raised again"] == 1
    assert "It was raised again once." in gap.sentence


def test_a_warning_told_to_others_too_is_weaker():
    other = (
        WARNING.replace("#1", "#2").replace("01-13", "01-20").replace("-> head@", "-> director@")
    )
    gaps = of(STAGE, BOTH, WARNING, other)
    (gap,) = [g for g in gaps if g.anchor == ("message-1",)]
    assert failed(gap) == ["It was raised with somebody else too"]
    assert gap.severity is Severity.LOW


def test_a_note_of_a_meeting_or_an_entry_by_hand_weakens_it():
    note = """
    #2 2022-01-18 09:00 planner@get.example -> head@get.example "Meeting" [note] : Weekly meeting.
    """
    (gap,) = of(STAGE, BOTH, WARNING, note)
    assert failed(gap) == ["It was dealt with by telephone or at a meeting"]
    to_school = WARNING.replace("head@get.example", "head@cype.example")
    entered = """
    #2 2022-01-18 09:00 planner@get.example -> head@cype.example "Call" [call] [entered A. Officer] : We spoke about it.
    """
    (gap,) = of(STAGE, BOTH, to_school, entered)
    assert failed(gap) == ["It was dealt with by telephone or at a meeting"]


def test_a_colleague_of_another_party_may_answer_but_inside_one_party_only_those_warned():
    colleague = """
    #2 2022-01-14 09:00 second@{party} -> planner@get.example "Re: Allocation" [re #1] : We have looked into it with the contractor.
    """
    other = WARNING.replace("head@get.example", "head@cype.example")
    assert of(STAGE, BOTH, other, colleague.format(party="cype.example")) == ()
    assert len(of(STAGE, BOTH, WARNING, colleague.format(party="get.example"))) == 1


def test_a_familys_warning_is_left_to_the_rule_on_questions():
    assert of(STAGE, BOTH, WARNING.replace("planner@get.example", "parent@home.example")) == ()
    assert len(of(STAGE, BOTH, WARNING.replace("planner@get.example", "head@school.example"))) == 1


def test_what_was_raised_at_the_end_of_the_evidence_is_not_yet_due():
    assert of(STAGE, BOTH, WARNING.replace("2022-01-13", "2022-03-22")) == ()


def test_without_mailboxes_it_is_not_testable():
    (gap,) = of(STAGE, WARNING)
    assert gap.observability is Observability.NOT_TESTABLE
    assert gap.severity is Severity.LOW
