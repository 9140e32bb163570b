# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from functools import partial

import pytest
from stories import failed, found_by, view_of

from commtrace.model import Observability, Severity, Strength

STAGE = """
    party get directorate get.example
    party families families home.example in:school
    mailbox desk@get.example 2021-12-01 to 2022-03-31
    holiday 2022-02-14 to 2022-02-18 half term
    as of 2022-03-31
    #1 2022-01-10 09:30 parent@home.example -> desk@get.example "Bus" : Can you tell me who the driver is?
"""
ANSWER = '    #2 {day} 09:30 {who} -> parent@home.example "Re: Bus" {options} : {words}\n'
findings = partial(found_by, "late_reply")


def of(day="2022-02-21", words="The driver is Jo.", more="", *, who="desk@get.example",
       options="[re #1]", stage=STAGE):  # fmt: skip
    return findings(
        view_of(stage + more + ANSWER.format(day=day, words=words, who=who, options=options))
    )


def test_an_answer_after_the_due_day_prints_both_clocks_and_the_criterion():
    (gap,) = of()
    assert gap.about == ("message-1", "message-2")
    assert "30 working days and 25 school days later" in gap.sentence
    assert "due by 7 Feb 2022 (20 working days: default of the rule)" in gap.sentence
    assert gap.observability is Observability.ONE_SIDE
    assert (gap.severity, gap.strength) == (Severity.MATERIAL, Strength.CORROBORATED)


@pytest.mark.parametrize("day", ["2022-01-11", "2022-02-07"], ids=["the next day", "the last day"])
def test_an_answer_by_the_due_day_is_none(day):
    assert of(day) == ()


def test_a_holding_reply_is_no_answer_and_says_that_the_asker_was_kept_informed():
    holding = '    #h 2022-01-12 09:30 desk@get.example -> parent@home.example "Re: Bus" [re #1] : We will get back to you as soon as we can.\n'
    (gap,) = of(more=holding)
    assert failed(gap) == ["The asker was kept informed, or a longer time was agreed"]
    assert gap.severity is Severity.LOW
    assert gap.measure["holding replies"] == 1


def test_an_answer_in_time_in_another_thread_counts():
    earlier = '    #e 2022-01-20 09:30 lead@get.example -> parent@home.example "Your question" [noid] : You asked who the driver is in your message of 10 January. It is Jo.\n'
    assert of(more=earlier) == ()


def test_a_reminder_in_between_is_counted():
    chaser = '    #c 2022-02-09 09:30 parent@home.example -> desk@get.example "Re: Bus" [re #1] : Can you tell me who the driver is, please? I am still waiting.\n'
    (gap,) = of(more=chaser)
    assert "came back to it once before" in gap.sentence


def test_without_a_mailbox_of_the_time_an_earlier_answer_cannot_be_seen():
    (gap,) = of(stage=STAGE.replace("2021-12-01 to 2022-03-31", "2022-02-01 to 2022-03-31"))
    assert gap.observability is Observability.NOT_TESTABLE
    assert gap.severity is Severity.LOW


ELSEWHERE = (
    '    #3 {day} 09:30 clerk@get.example -> parent@home.example "Your enquiry" :'
    " You asked who the driver of the bus is. It is Jo.\n"
)


def test_a_colleague_who_answers_late_in_another_thread_is_late():
    (gap,) = findings(view_of(STAGE + ELSEWHERE.format(day="2022-02-21")))
    assert gap.about == ("message-1", "message-3")


def test_a_colleague_who_answered_in_time_leaves_nothing_late():
    assert findings(view_of(STAGE + ELSEWHERE.format(day="2022-01-17"))) == ()
    assert of(more=ELSEWHERE.format(day="2022-01-17")) == ()
    assert len(of()) == 1
