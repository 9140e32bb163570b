# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from functools import partial

import pytest
from stories import failed, found_by, view_of

from commtrace.model import Observability, Severity

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    party families families home.example
    as of 2022-03-31
"""
BOTH = """
    mailbox lead@get.example 2021-09-01 to 2022-03-31
    mailbox head@cype.example 2021-09-01 to 2022-03-31
"""
ASKED = """
    #1 2022-01-10 09:30 parent@home.example -> lead@get.example "Bus" : Can you please tell me when the new bus will start?
"""
PASSED = """
    #2 2022-01-11 09:30 lead@get.example -> head@cype.example "FW: Bus" [fw #1] : Could you reply to this parent, please?
"""


findings = partial(found_by, "broken_handoff")


def of(*parts, **changes):
    return findings(view_of("".join(parts), **changes))


def test_a_matter_passed_on_without_any_step_is_grave_where_a_family_waits():
    (gap,) = of(STAGE, BOTH, ASKED, PASSED, KEPT)
    assert gap.observability is Observability.OBSERVED
    assert gap.severity is Severity.GRAVE
    assert gap.owes == "cype"
    assert gap.parties == ("get", "cype", "families")
    assert "No record of a step by CYPE was found in either side's mailboxes" in gap.sentence
    assert gap.measure["days waited"] == 57


KEPT = """
    #8 2022-01-04 09:30 head@cype.example -> other@cype.example "Rota" : The rota for January.
"""


def test_one_sides_mailboxes_say_so():
    (gap,) = of(STAGE, "\n mailbox lead@get.example 2021-09-01 to 2022-03-31\n", ASKED, PASSED)
    assert gap.observability is Observability.ONE_SIDE
    assert "one of the two sides only" in gap.sentence


def test_without_mailboxes_it_is_not_testable():
    (gap,) = of(STAGE, ASKED, PASSED)
    assert gap.observability is Observability.NOT_TESTABLE
    assert gap.severity is Severity.LOW
    assert "cannot show" in gap.sentence


@pytest.mark.parametrize(
    "step",
    [
        '#3 2022-01-14 10:00 head@cype.example -> parent@home.example "Re: Bus" [re #1] : On 21 February.',
        '#3 2022-01-14 10:00 head@cype.example -> lead@get.example "Re: Bus" [re #2] : I have rung them.',
        '#3 2022-01-14 10:00 other@cype.example -> lead@get.example "Re: Bus" [re #2] : We have it.',
        '#3 2022-01-14 10:00 head@cype.example -> team@cype.example "FW: Bus" [fw #2] : One for you.',
    ],
    ids=["to the parent", "to the giver", "by a colleague", "passed on"],
)
def test_a_step_by_the_receiver_leaves_no_gap(step):
    assert of(STAGE, BOTH, ASKED, PASSED, "\n" + step) == ()


def test_a_first_step_after_the_criterion_is_late_and_low():
    late = """
    #3 2022-03-14 10:00 head@cype.example -> lead@get.example "Re: Bus" [re #2] : We have it.
    """
    (gap,) = of(STAGE, BOTH, ASKED, PASSED, late)
    assert gap.severity is Severity.LOW
    assert gap.measure["late"] == 1
    assert "came on 14 Mar 2022" in gap.sentence


@pytest.mark.parametrize(
    "words", ["FYI", "For your information.", "Just so you know, no action needed."]
)
def test_a_forward_for_information_is_no_handoff(words):
    told = PASSED.replace("Could you reply to this parent, please?", words)
    assert of(STAGE, BOTH, ASKED, told) == ()


def test_a_bare_forward_of_a_familys_question_is_a_handoff():
    bare = PASSED.replace("Could you reply to this parent, please?", "")
    assert len(of(STAGE, BOTH, ASKED, bare)) == 1


def test_what_is_not_yet_due_is_no_gap():
    late = PASSED.replace("2022-01-11", "2022-03-17")  # the tenth working day is 31 March
    assert of(STAGE, BOTH, ASKED, late) == ()


def test_a_copy_hands_nothing_over():
    copied = PASSED.replace('head@cype.example "FW', 'team@get.example "FW').replace(
        "[fw #1]", "[fw #1] [cc head@cype.example]"
    )
    assert of(STAGE, BOTH, ASKED, copied) == ()


def test_an_automatic_reply_of_the_receiver_is_named_and_weakens_it():
    away = """
    #3 2022-01-11 09:31 head@cype.example -> lead@get.example "Automatic reply: Bus" [re #2] [auto] : I am away.
    """
    (gap,) = of(STAGE, BOTH, ASKED, PASSED, away)
    assert failed(gap) == ["The receiver was away"]
    assert gap.severity is Severity.LOW


def test_a_threshold_of_case_toml_is_used_and_printed():
    (gap,) = of(STAGE, BOTH, "\n rule broken_handoff days = 3\n", ASKED, PASSED)
    assert gap.measure["days allowed"] == 3
    assert of(STAGE, BOTH, "\n rule broken_handoff days = 90\n", ASKED, PASSED) == ()


TO_AND_FRO = """
    #2 2022-01-11 09:30 lead@get.example -> head@cype.example "FW: Bus" [fw #1] : Is this one yours?
    #3 2022-01-12 09:30 head@cype.example -> lead@get.example "Re: Bus" [re #2] : I think it is for you, please deal with it.
    #4 2022-01-13 09:30 lead@get.example -> head@cype.example "Re: Bus" [re #3] : The policy is yours, please reply.
"""


def test_a_familys_matter_that_goes_to_and_fro_is_a_gap_of_its_own():
    (gap,) = [g for g in of(STAGE, BOTH, ASKED, TO_AND_FRO) if g.anchor[0] == "to and fro"]
    assert gap.measure["passes"] == 3
    assert gap.owes == "cype"
    assert "went three times between GET and CYPE" in gap.sentence


def test_an_exchange_in_which_the_family_was_written_to_is_none():
    told = """
    #5 2022-01-11 15:00 lead@get.example -> parent@home.example "Re: Bus" [re #1] : It is with our colleagues.
    """
    found = of(STAGE, BOTH, ASKED, TO_AND_FRO, told)
    assert [g for g in found if g.anchor[0] == "to and fro"] == []


def test_a_later_message_to_the_family_on_another_matter_takes_nothing_up():
    other = """
    #3 2022-03-14 10:00 head@cype.example -> parent@home.example "School trip" : The trip is on Friday.
    """
    (gap,) = of(STAGE, BOTH, ASKED, PASSED, other)
    assert gap.measure["late"] == 0
    assert failed(gap) == []
    assert gap.severity is Severity.GRAVE
    assert "considered: on another matter" in [cite.role for cite in gap.cites]
    (doubted,) = of(STAGE, BOTH, ASKED, PASSED, other.replace("The trip", "The bus for the trip"))
    assert failed(doubted) == ["It was taken up in another thread"]
    assert doubted.severity is Severity.LOW
    assert "One message elsewhere may be a step and should be read." in doubted.sentence


def test_an_automatic_reply_of_somebody_else_or_after_the_time_explains_nothing():
    away = """
    #5 2022-01-12 10:00 {who} -> lead@get.example "Automatic reply: Rota" [auto] : I am on leave.
    """
    (gap,) = of(STAGE, BOTH, ASKED, PASSED, KEPT, away.format(who="other@cype.example"))
    assert failed(gap) == []
    late = away.format(who="head@cype.example").replace("01-12", "02-12")
    (gap,) = of(STAGE, BOTH, ASKED, PASSED, KEPT, late)
    assert failed(gap) == []
    (gap,) = of(STAGE, BOTH, ASKED, PASSED, KEPT, away.format(who="head@cype.example"))
    assert failed(gap) == ["The receiver was away"]
    assert "No record of a step by CYPE" in gap.sentence


def test_a_message_to_the_family_within_the_time_takes_it_up_whatever_its_subject():
    other = """
    #3 2022-01-14 10:00 head@cype.example -> parent@home.example "New start" : It is on 21 February.
    """
    assert of(STAGE, BOTH, ASKED, PASSED, other) == ()


def test_a_message_that_addresses_many_bodies_hands_nothing_over():
    stage = STAGE + "".join(f"\n party p{n} partner p{n}.example" for n in range(3)) + "\n"
    many = PASSED.replace(
        "-> head@cype.example",
        "-> head@cype.example, a@p0.example, a@p1.example, a@p2.example",
    )
    assert of(stage, BOTH, ASKED, many) == ()


def test_a_message_to_the_outside_party_on_another_matter_breaks_no_to_and_fro():
    other = """
    #5 2022-01-12 15:00 lead@get.example -> parent@home.example "School trip" : The trip is on Friday.
    """
    found = of(STAGE, BOTH, ASKED, TO_AND_FRO, other)
    assert [g.severity for g in found if g.anchor[0] == "to and fro"] == [Severity.MATERIAL]


def test_a_later_message_to_whoever_wrote_first_may_be_a_step_where_nobody_was_placed():
    stage = "\n as of 2022-03-31\n"
    other = """
    #3 2022-02-14 10:00 head@cype.example -> parent@home.example "Start of the bus" : The bus starts on 21 February.
    """
    (gap,) = of(stage, BOTH, ASKED, PASSED, other)
    assert failed(gap) == ["It was taken up in another thread"]


def test_a_mailbox_that_ends_before_the_evidence_does_says_until_when_it_covers():
    ends = BOTH.replace(
        "head@cype.example 2021-09-01 to 2022-03-31", "head@cype.example 2021-09-01 to 2022-02-25"
    )
    (gap,) = of(STAGE, ends, ASKED, PASSED, KEPT)
    assert "The mailboxes that could show one cover the time to 25 Feb 2022." in gap.sentence
    (whole,) = of(STAGE, BOTH, ASKED, PASSED, KEPT)
    assert "could show one cover" not in whole.sentence
