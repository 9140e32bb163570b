# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from functools import partial

from stories import found_by, view_of

from commtrace.gaps.questions import Fate, questions
from commtrace.model import Observability, Severity, Strength

STAGE = """
    party get directorate get.example
    party families families home.example in:school
    mailbox desk@get.example 2021-12-01 to 2022-03-31
    as of 2022-03-31
    #1 2022-01-10 09:30 parent@home.example -> desk@get.example "Bus" : Can you tell me who the driver is?
"""
HOLDING = '    #2 2022-01-11 09:30 desk@get.example -> parent@home.example "Re: Bus" [re #1] : We will get back to you as soon as we can.\n'
MACHINE = '    #3 2022-01-10 09:31 desk@get.example -> parent@home.example "Automatic reply: Bus" [re #1] [auto] : Thank you for writing to us.\n'
ANSWER = '    #4 2022-01-20 09:30 desk@get.example -> parent@home.example "Re: Bus" [re #1] : The driver is Jo.\n'
findings = partial(found_by, "acknowledged_only")


def test_a_holding_reply_and_nothing_more_quotes_it():
    (gap,) = findings(view_of(STAGE + HOLDING))
    assert (
        "one holding reply (“We will get back to you as soon as we can.”), the last on 11 Jan 2022"
        in gap.sentence
    )
    assert gap.observability is Observability.ONE_SIDE
    assert (gap.severity, gap.strength) == (Severity.MATERIAL, Strength.CORROBORATED)


def test_a_machines_reply_alone_is_indicated():
    (gap,) = findings(view_of(STAGE + MACHINE))
    assert "one automatic reply" in gap.sentence
    assert gap.strength is Strength.INDICATED


def test_an_answer_after_them_is_an_answer():
    assert findings(view_of(STAGE + MACHINE + HOLDING + ANSWER)) == ()


def test_a_request_without_any_reply_is_another_rules():
    view = view_of(STAGE)
    assert findings(view) == ()
    assert len(found_by("unanswered", view)) == 1


def test_both_rules_name_the_same_request():
    view = view_of(STAGE + HOLDING)
    (one,), (other,) = findings(view), found_by("unanswered", view)
    assert one.anchor == other.anchor
    assert one.id != other.id


def test_without_a_mailbox_it_cannot_be_tested():
    (gap,) = findings(
        view_of(
            STAGE.replace("    mailbox desk@get.example 2021-12-01 to 2022-03-31\n", "") + HOLDING
        )
    )
    assert gap.observability is Observability.NOT_TESTABLE
    assert gap.severity is Severity.LOW


REPORT = '    #5 2022-01-10 09:31 postmaster@get.example -> parent@home.example "Undeliverable: Bus" [re #1] [auto] [report] : Your message could not be delivered. Status: 5.1.1\n'


def test_a_delivery_report_acknowledges_nothing():
    view = view_of(STAGE + REPORT)
    assert findings(view) == ()
    assert [one.fate for one in questions(view)] == [Fate.OPEN]
    assert [one.fate for one in questions(view_of(STAGE + MACHINE))] == [Fate.ACKNOWLEDGED]


def test_the_wait_is_said_in_working_days_and_in_the_school_days_of_the_family():
    (gap,) = findings(view_of(STAGE + HOLDING + "\n holiday 2022-02-14 to 2022-02-18 half term\n"))
    assert gap.sentence.count("by 31 Mar 2022, 58 working days and 53 school days had passed") == 1
