# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from functools import partial

import pytest
from stories import failed, found_by, view_of

from commtrace.model import Observability, Severity, Strength

STAGE = """
    party get directorate get.example
    party firm provider taxis.example
    mailbox lead@get.example 2021-12-01 to 2022-03-31
    as of 2022-03-31
    #1 2022-01-10 09:30 lead@get.example -> desk@taxis.example "Start pack" : The pack for your drivers.
"""
REPORT = '    #2 2022-01-10 09:31 postmaster@get.example -> lead@get.example "Undeliverable: Start pack" [re #1] [report] : {words}\n'
SAID = "Your message to desk@taxis.example could not be delivered. Status: 5.1.1"
findings = partial(found_by, "undelivered")


def of(more="", words=SAID, stage=STAGE):
    return findings(view_of(stage + REPORT.format(words=words) + more))


def again(
    day,
    *,
    to="desk@taxis.example",
    subject="Start pack",
    who="lead@get.example",
    n="3",
    options="[noid]",
):
    return (
        f'    #{n} {day} 11:00 {who} -> {to} "{subject}" {options} : The pack for your drivers.\n'
    )


def test_what_came_back_and_was_not_sent_again_is_the_mail_systems_own_record():
    (gap,) = of()
    assert "(status 5.1.1)" in gap.sentence
    assert gap.about == ("message-1", "message-2")
    assert gap.observability is Observability.ONE_SIDE
    assert (gap.severity, gap.strength) == (Severity.MATERIAL, Strength.DIRECT)


@pytest.mark.parametrize(
    "later",
    [
        again("2022-01-11"),
        again("2022-01-17", who="planner@get.example"),
        again("2022-01-10", to="office@taxis.example", subject="Start pack again"),
    ],
    ids=["to the same address", "by a colleague, within five working days", "to the right address"],
)
def test_what_was_sent_again_reached_them(later):
    assert of(later) == ()


def test_a_sixth_working_day_is_too_late():
    assert len(of(again("2022-01-18"))) == 1


def test_a_second_attempt_that_came_back_too_is_none():
    second = again("2022-01-11", n="5", options="")
    report = (
        REPORT.format(words=SAID)
        .replace("#2 2022-01-10", "#6 2022-01-11")
        .replace("re #1", "re #5")
        .replace("09:31", "12:00")
    )
    assert len(of(second + report)) == 2


def test_a_delay_that_is_retried_is_no_failure():
    assert (
        of(words="Delivery to desk@taxis.example is delayed and will be retried. Status: 4.4.7")
        == ()
    )


def test_a_note_of_a_call_may_explain_it():
    call = '    #3 2022-01-11 15:00 lead@get.example -> desk@taxis.example "Call" [call] [noid] : We went through the pack.\n'
    (gap,) = of(call)
    assert "They were told by telephone or at a meeting" in failed(gap)
    assert gap.severity is Severity.LOW


def test_a_long_report_with_a_subject_and_words_of_its_own_is_still_about_the_message():
    words = (
        "This is the mail system. Nobody of that name was known at the receiving computer, which"
        " refused what was handed over and gave Status: 5.1.1 as its only reason. Final-Recipient:"
        " rfc822; desk@taxis.example was affected, and further attempts have been abandoned."
    )
    sent = "Crews meet on Monday. Bring badges, torches, vests, charts, keys, fuel cards, radios."
    report = REPORT.format(words=words).replace("Undeliverable: Start pack", "Notification")
    assert len(findings(view_of(STAGE.replace("The pack for your drivers.", sent) + report))) == 1


def test_without_a_mailbox_of_either_side_for_the_time_it_says_that_it_cannot_be_tested():
    stage = STAGE.replace("2021-12-01 to 2022-03-31", "2021-12-01 to 2022-01-11")
    (gap,) = of(stage=stage)
    assert gap.observability is Observability.NOT_TESTABLE
    assert gap.severity is Severity.LOW
    assert "cannot show whether there was one" in gap.sentence
