# ruff: noqa: E501 - a line of a story is a message
"""What was entered by hand or is only reported: it counts, is named, and makes nothing DIRECT."""

from __future__ import annotations

import pytest
from stories import failed, found_by, view_of

from commtrace.gaps._explanations import BELOW
from commtrace.gaps._grades import NO_ORIGINAL
from commtrace.gaps._register import WHAT
from commtrace.model import Observability, Outcome, Severity, Strength

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    party families families home.example
    as of 2022-03-31
"""
BOTH = """
    mailbox helpdesk@get.example 2021-09-01 to 2022-03-31
    mailbox head@cype.example 2021-09-01 to 2022-03-31
    mailbox parent@home.example 2021-09-01 to 2022-03-31
"""
ASKED = """
    #1 2022-01-10 09:30 parent@home.example -> helpdesk@get.example "Bus" : Can you please tell me when the new bus will start?
"""
CALL = """
    #2 2022-01-12 10:00 helpdesk@get.example -> parent@home.example "Telephone" [call] [entered A. Officer] : The bus starts on 21 February.
"""
WRITTEN = '\n #2 2022-01-12 10:00 helpdesk@get.example -> parent@home.example "Re: Bus" [re #1] {} : It starts on 21 February.\n'
DAILY = '\n each working day 2021-09-01 to 2021-12-23 helpdesk@get.example -> head@cype.example "Report" {}: Todays figures.\n'
AGAIN = '\n each working day 2022-02-14 to 2022-03-31 helpdesk@get.example -> head@cype.example "Report" : Todays figures.\n'
MET = '\n #m 2022-01-20 10:00 helpdesk@get.example -> head@cype.example "Routes" [meeting] [entered A. Officer] : We went through the routes.\n'
PASSED = """
    #2 2022-01-11 09:30 helpdesk@get.example -> head@cype.example "FW: Bus" [fw #1] : Could you reply to this parent, please?
"""
MAIL = "\n register {} 2022-01-01 to 2022-02-28 email: the mailbox after the move\n"
NOTEBOOK = "\n register {} 2022-01-01 to 2022-02-28: the notebook of the helpdesk\n"
HOLE = """
    every 2 working days 2021-11-01 to 2022-01-07 helpdesk@get.example -> head@cype.example "Report" : Today's figures.
    every 2 working days 2022-01-31 to 2022-03-31 helpdesk@get.example -> head@cype.example "Report" : Today's figures.
    every 2 working days 2022-01-10 to 2022-01-28 helpdesk@get.example -> head@cype.example "Report" [held helpdesk@get.example] : Today's figures.
"""


def found(rule, *parts):
    return found_by(rule, view_of("".join(parts)))


def because(gap, what):
    return next(check.because for check in gap.checks if check.what == what)


def test_a_call_entered_by_hand_may_have_dealt_with_a_request_and_is_named():
    (gap,) = found("unanswered", STAGE, BOTH, ASKED, CALL)
    assert "It was dealt with by telephone or at a meeting" in failed(gap)
    said = because(gap, "It was dealt with by telephone or at a meeting")
    assert said.startswith("an entry by A. Officer of 12 Jan 2022 says so")
    assert gap.severity is Severity.LOW


def test_a_reply_entered_by_hand_does_not_close_a_request_of_which_the_original_is_held():
    (gap,) = found("unanswered", STAGE, BOTH, ASKED, WRITTEN.format("[entered A. Officer]"))
    assert BELOW in failed(gap)
    assert "An entry by A. Officer of 12 Jan 2022 may answer it" in gap.sentence
    assert "answers it, of a lower grade than the request" in [cite.role for cite in gap.cites]


def test_a_reply_known_from_a_print_leaves_the_gap_and_names_it():
    (gap,) = found("unanswered", STAGE, BOTH, ASKED, WRITTEN.format("[reported]"))
    assert because(gap, BELOW).startswith("a reported message of 12 Jan 2022 says so")
    assert (gap.severity, gap.strength) == (Severity.LOW, Strength.INDICATED)


def test_a_reply_no_weaker_than_the_request_answers_it():
    asked = ASKED.replace('"Bus" :', '"Bus" [reported] :')
    assert found("unanswered", STAGE, BOTH, asked, WRITTEN.format("[reported]")) == ()
    assert found("unanswered", STAGE, BOTH, asked, WRITTEN.format("")) == ()


def test_a_printed_answer_under_another_subject_may_answer_and_is_to_be_read():
    text = '\n #2 2022-01-12 10:00 helpdesk@get.example -> parent@home.example "Your message of 10 January 2022" [reported] : You asked in your message of 10 January 2022; the bus starts soon.\n'
    (gap,) = found("unanswered", STAGE, BOTH, ASKED, text)
    assert "may answer the request" in [cite.role for cite in gap.cites]


def test_a_meeting_entered_by_hand_does_not_end_a_silence_but_may_explain_it():
    (gap,) = found("silence", STAGE, BOTH, DAILY.format(""), AGAIN, MET)
    assert "They spoke or met instead" in failed(gap)
    said = because(gap, "They spoke or met instead")
    assert said.startswith("an entry by A. Officer of 20 Jan 2022 says so")
    assert gap.severity is Severity.LOW


def test_an_entry_is_no_part_of_a_rhythm():
    assert found("silence", STAGE, BOTH, DAILY.format("[entered A. Officer] "), AGAIN) == ()


def test_a_meeting_entered_by_hand_is_no_step_but_may_explain_that_none_was_found():
    (gap,) = found("broken_handoff", STAGE, BOTH, ASKED, PASSED, MET)
    assert "It was taken up by telephone or at a meeting" in failed(gap)
    assert gap.severity is Severity.LOW


@pytest.mark.parametrize(
    ("option", "strength"),
    [("[reported]", Strength.CORROBORATED), ("[entered A. Officer]", Strength.INDICATED)],
)
def test_a_finding_about_nothing_but_what_is_no_original_is_never_direct(option, strength):
    cited = f'\n #2 2022-01-12 10:00 helpdesk@get.example -> parent@home.example "Re: Bus" [re #9] {option} : It starts on 21 February.\n'
    absent = '\n #9 2022-01-10 09:30 parent@home.example -> helpdesk@get.example "Bus" [absent] : When will it start?\n'
    (direct,) = found("missing_message", STAGE, BOTH, absent, cited.replace(option, ""))
    assert direct.strength is Strength.DIRECT
    (gap,) = found("missing_message", STAGE, BOTH, absent, cited)
    assert gap.strength is strength
    assert NO_ORIGINAL in [c.what for c in gap.checks if c.outcome is Outcome.UNTESTABLE]


def test_a_printed_message_shows_no_mailbox():
    """A PDF in a custodian's folder is not their mailbox: nothing is claimed to be absent from it."""
    view = view_of(STAGE + ASKED.replace('"Bus" :', '"Bus" [reported] :'))
    assert view.coverage == ()


@pytest.mark.parametrize("holder", ["helpdesk@get.example", "GET", "get"])
def test_where_the_register_says_that_mail_was_not_provided_that_side_cannot_show_it(holder):
    (gap,) = found("unanswered", STAGE, BOTH, ASKED, MAIL.format("helpdesk@get.example"))
    assert gap.observability is Observability.ONE_SIDE
    (gap,) = found("unanswered", STAGE, BOTH, ASKED, MAIL.format(holder))
    assert WHAT in failed(gap)
    assert "“the mailbox after the move”" in because(gap, WHAT)
    assert gap.severity is Severity.LOW


def test_a_notebook_that_was_not_provided_may_hold_the_answer_and_the_mailbox_still_covers():
    (gap,) = found("unanswered", STAGE, BOTH, ASKED, NOTEBOOK.format("helpdesk@get.example"))
    assert gap.observability is Observability.OBSERVED
    assert WHAT in failed(gap)


@pytest.mark.parametrize(
    "line",
    [
        MAIL.format("nobody@else.example"),
        MAIL.format("helpdesk@get.example").replace("2022", "2021"),
        MAIL.format("somewhere-else"),
    ],
    ids=["of another holder", "of another time", "of no known holder"],
)
def test_a_line_of_the_register_about_another_place_changes_nothing(line):
    assert found("unanswered", STAGE, BOTH, ASKED, line) == found("unanswered", STAGE, BOTH, ASKED)


def test_a_hole_that_the_register_knows_of_is_said_with_the_line():
    (gap,) = found("coverage_hole", STAGE, BOTH, HOLE)
    assert gap.observability is Observability.OBSERVED
    (gap,) = found("coverage_hole", STAGE, BOTH, HOLE, MAIL.format("head@cype.example"))
    assert gap.observability is Observability.ONE_SIDE
    assert "The register names what is known to exist and was not provided" in gap.sentence
    assert WHAT in failed(gap)


def test_a_missing_message_in_mail_that_was_not_provided_is_low_and_not_observed():
    cited = '\n #2 2022-01-12 10:00 helpdesk@get.example -> parent@home.example "Re: Bus" [re #9] [quote #9] : It starts on 21 February.\n'
    absent = '\n #9 2022-01-10 09:30 parent@home.example -> helpdesk@get.example "Bus" [absent] : When will it start?\n'
    stage = STAGE + "\n mailbox helpdesk@get.example 2021-09-01 to 2022-03-31\n"
    (gap,) = found("missing_message", stage, absent, cited)
    assert gap.observability is Observability.OBSERVED
    (gap,) = found("missing_message", stage, absent, cited, MAIL.format("helpdesk@get.example"))
    assert gap.observability is Observability.ONE_SIDE
    assert gap.severity is Severity.LOW


def test_a_silence_and_a_handoff_name_the_register_too():
    line = MAIL.format("head@cype.example")
    (gap,) = found("broken_handoff", STAGE, BOTH, ASKED, PASSED, line)
    assert WHAT in failed(gap)
    (gap,) = found(
        "silence", STAGE, BOTH, DAILY.format(""), AGAIN, NOTEBOOK.format("head@cype.example")
    )
    assert WHAT in failed(gap)
