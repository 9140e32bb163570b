# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from functools import partial

import pytest
from stories import failed, found_by, view_of

from commtrace.brief import Person
from commtrace.model import Observability, Severity, Strength

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    party pact forum forum.example
    mailbox lead@get.example 2021-09-01 to 2022-03-31
    as of 2022-03-31
"""
FORUM = """
    mailbox chair@forum.example 2021-09-01 to 2022-03-31
"""
WITH = """
    #1 2022-01-24 16:00 officer@cype.example -> lead@get.example, chair@forum.example "Wording for families" : Here is a first wording.
    #2 2022-01-25 19:00 chair@forum.example -> officer@cype.example, lead@get.example "Re: Wording for families" [re #1] : Please put it in a letter as well.
    #3 2022-01-26 10:00 lead@get.example -> officer@cype.example, chair@forum.example "Re: Wording for families" [re #2] : Noted.
"""
FIRST = """
    #4 2022-01-27 09:00 officer@cype.example -> lead@get.example "Re: Wording for families" [re #3] : A letter costs too much.
"""
ON = """
    #5 2022-01-28 11:00 lead@get.example -> officer@cype.example "Re: Wording for families" [re #4] : Then we take it out.
    #6 2022-02-02 15:00 officer@cype.example -> lead@get.example "Re: Wording for families" [re #5] : This is how it stands.
"""

findings = partial(found_by, "dropped_participant")


def of(*parts, **changes):
    """The findings of a story in which a third person is on each message, so that a group goes on."""
    words = "".join(parts).replace('lead@get.example "', 'lead@get.example, third@get.example "')
    words = words.replace('chair@forum.example "', 'chair@forum.example, third@get.example "')
    words = words.replace(
        '-> officer@cype.example "', '-> officer@cype.example, third@get.example "'
    )
    return findings(view_of(words, **changes))


def test_somebody_who_is_left_out_while_the_others_go_on_is_a_gap():
    (gap,) = of(STAGE, FORUM, WITH, FIRST, ON)
    assert gap.parties == ("cype", "pact")
    assert gap.severity is Severity.MATERIAL
    assert gap.strength is Strength.INDICATED
    assert gap.observability is Observability.ONE_SIDE  # the officer's mailbox was not supplied
    assert gap.about == ("message-4", "message-5", "message-6")
    assert "From 27 Jan 2022 chair@forum.example (PACT) is no longer on the thread" in gap.sentence
    assert "having been on three messages of it" in gap.sentence
    assert "officer@cype.example (CYPE) answered without them" in gap.sentence
    assert "went on among three others for three messages up to 2 Feb 2022" in gap.sentence
    assert failed(gap) == []


def test_without_mailboxes_of_the_two_it_is_not_testable_and_low():
    (gap,) = of(STAGE, WITH, FIRST, ON)
    assert gap.observability is Observability.NOT_TESTABLE
    assert gap.severity is Severity.LOW


def test_a_later_message_that_names_their_side_corroborates_it():
    (gap,) = of(
        STAGE, FORUM, WITH, FIRST, ON.replace("This is how it stands.", "PACT wanted it in.")
    )
    assert gap.strength is Strength.CORROBORATED
    assert "A later message names them or their side." in gap.sentence


def test_whoever_is_on_a_later_message_was_not_left_out():
    back = """
    #7 2022-02-03 09:00 lead@get.example -> officer@cype.example, chair@forum.example "Re: Wording for families" [re #6] : For all of you.
    """
    assert of(STAGE, FORUM, WITH, FIRST, ON, back) == ()


def test_a_colleague_of_theirs_who_stays_on_stands_for_them():
    copied = ON.replace("[re #5]", "[re #5] [cc other@forum.example]")
    assert of(STAGE, FORUM, WITH, FIRST, copied) == ()


@pytest.mark.parametrize(
    "wish",
    [
        "I am happy to be left out of the rest.",
        "Please remove me from this.",
        "No need to copy me in.",
    ],
)
def test_whoever_asked_to_be_left_out_was_left_out_by_their_own_wish(wish):
    asked = WITH.replace("Please put it in a letter as well.", wish)
    assert of(STAGE, FORUM, asked, FIRST, ON) == ()


def test_whoever_closed_the_matter_needs_no_more_of_it():
    closed = WITH.replace(
        "Please put it in a letter as well.", "That is all sorted now, thank you."
    )
    assert of(STAGE, FORUM, closed, FIRST, ON) == ()


def test_a_forward_to_others_leaves_nobody_out():
    forward = FIRST.replace("Re: Wording", "FW: Wording").replace("[re #3]", "[fw #3]")
    assert of(STAGE, FORUM, WITH, forward, ON) == ()


def test_a_talk_of_one_of_them_with_somebody_new_is_no_thread_that_goes_on():
    new = (FIRST + ON).replace("lead@get.example", "new@get.example")
    assert findings(view_of(f"{STAGE}{FORUM}{WITH}{new}")) == ()
    assert len(findings(view_of(f"{STAGE}{FORUM}{WITH}{FIRST}{ON}"))) == 1


def test_one_message_aside_is_none():
    assert of(STAGE, FORUM, WITH, FIRST) == ()


def test_a_thread_that_ends_within_two_days_is_none():
    soon = ON.replace("2022-02-02", "2022-01-28")
    assert of(STAGE, FORUM, WITH, FIRST, soon) == ()
    assert len(of(STAGE, "\n rule dropped_participant days = 2\n", FORUM, WITH, FIRST, soon)) == 1


def test_whoever_was_on_one_message_only_was_hardly_on_it():
    once = WITH.replace("lead@get.example, chair@forum.example", "lead@get.example").replace(
        "-> officer@cype.example, chair@forum.example", "-> officer@cype.example"
    )
    assert of(STAGE, FORUM, once, FIRST.replace("[re #3]", "[re #2]"), ON) == ()


def test_a_list_on_the_later_messages_may_reach_them():
    to_list = ON.replace("[re #5]", "[re #5] [cc all@lists.example]")
    lists = Person(name="All", address="all@lists.example", list_members=("lead@get.example",))
    assert of(STAGE, FORUM, WITH, FIRST, to_list, people=(lists,)) == ()


def test_it_is_weaker_where_it_was_said_openly_or_they_were_told_elsewhere():
    openly = FIRST.replace("A letter costs too much.", "I am taking the forum off this chain.")
    (gap,) = of(STAGE, FORUM, WITH, openly, ON)
    assert failed(gap) == ["It was said openly that they are left out"]
    assert gap.severity is Severity.LOW
    told = """
    #7 2022-02-03 09:00 lead@get.example -> chair@forum.example "Families" : The wording for families is final.
    """
    (gap,) = of(STAGE, FORUM, WITH, FIRST, ON, told)
    assert failed(gap) == ["They were told in another thread"]
    assert gap.severity is Severity.LOW
    other = told.replace("The wording for families is final", "The newsletter is out")
    (gap,) = of(STAGE, FORUM, WITH, FIRST, ON, other.replace('"Families"', '"News"'))
    assert failed(gap) == []
    assert "considered: on another matter" in [cite.role for cite in gap.cites]


def test_an_entry_by_hand_that_they_met_weakens_it():
    met = """
    #7 2022-01-31 09:00 officer@cype.example -> chair@forum.example "Meeting" [meeting] [entered A. Officer] : We met about it.
    """
    (gap,) = of(STAGE, FORUM, WITH, FIRST, ON, met)
    assert failed(gap) == ["They were told by telephone or at a meeting"]
