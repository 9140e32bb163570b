# ruff: noqa: E501 - a line of a story is a message
"""Whom a request asks: those it greets, else To, then Cc."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from stories import found_by, view_of

from commtrace.gaps._addressed import greeted
from commtrace.gaps.questions import questions
from commtrace.view import CC

REED, GINA, TOM, DESK = 1, 2, 3, 4
PEOPLE = {
    REED: frozenset({"jo", "reed", "get"}),
    GINA: frozenset({"gina", "holt"}),
    TOM: frozenset({"tom", "holt"}),
    DESK: frozenset({"transport", "helpdesk"}),
}


@pytest.mark.parametrize(
    ("opening", "who"),
    [
        ("Dear Ms Reed,\n\nCould you ...", (REED,)),
        ("Dear Ms. Reed\n\nCould you ...", (REED,)),
        ("Dear Jo Reed, could you ...", (REED,)),
        ("  Hi Gina\r\nCan you", (GINA,)),
        ("Gina,\n\nCan you", (GINA,)),
        ("Gina - can you", (GINA,)),
        ("Good morning Gina and Tom,\nCan you", (GINA, TOM)),
        ("Dear Gina, Tom and Jo,\nCan you", (GINA, TOM, REED)),
        ("Dear Mr and Mrs Holt,\nCan you", (GINA, TOM)),
        ("Dear Transport Helpdesk,\nCan you", (DESK,)),
    ],
)
def test_a_greeting_names_those_it_greets(opening, who):
    assert greeted(opening, PEOPLE) == who


@pytest.mark.parametrize(
    "opening",
    [
        "Dear all,\n\nCould you ...",
        "Dear colleagues\nCould you ...",
        "Hello both,\nCould you ...",
        "Dear Sir or Madam,\nCould you ...",
        "Dear Ms Unknown,\nCould you ...",
        "Dear Gina and Unknown,\nCould you ...",
        "Good morning,\nCould you ...",
        "Could you, Gina, look at this?",
        "Thanks, Gina",
        "Re: Gina",
        "",
        "Dear ",
        "Dear" * 5000,
    ],
)
def test_a_greeting_to_everybody_or_nobody_known_greets_nobody(opening):
    assert greeted(opening, PEOPLE) == ()


STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    party families families home.example
    mailbox jo.reed@get.example 2021-09-01 to 2022-03-31
    mailbox parent@home.example 2021-09-01 to 2022-03-31
    mailbox sam.cole@cype.example 2021-09-01 to 2022-03-31
    as of 2022-03-31
"""
findings = partial(found_by, "unanswered")


def asking(opening, to, options=""):
    return view_of(
        f'{STAGE}\n    #1 2022-01-10 09:30 parent@home.example -> {to} "Bus" {options}: '
        f"{opening}|Can you please tell me when the new bus will start?|Kind regards|Ann\n"
    )


def test_a_request_that_greets_one_of_many_names_that_one_and_whose_party_owes():
    (gap,) = findings(asking("Dear Ms Reed,", "sam.cole@cype.example, jo.reed@get.example"))
    assert gap.owes == "get"
    assert "asked jo.reed@get.example" in gap.sentence
    assert "sam.cole" not in gap.sentence.split(":")[0]


def test_a_request_that_greets_everybody_asks_all_that_it_was_sent_to():
    (gap,) = findings(asking("Dear all,", "sam.cole@cype.example, jo.reed@get.example"))
    assert gap.owes == "cype"
    assert set(gap.parties) == {"families", "cype", "get"}


def test_who_is_greeted_in_copy_is_asked():
    view = asking("Dear Ms Reed,", "sam.cole@cype.example", "[cc jo.reed@get.example]")
    (gap,) = findings(view)
    assert gap.owes == "get"


def test_those_in_copy_are_asked_only_where_nobody_stands_in_to_or_they_are_greeted():
    in_copy = asking("Dear all,", "sam.cole@cype.example", "[cc jo.reed@get.example]")
    (gap,) = findings(in_copy)
    assert set(gap.parties) == {"families", "cype"}
    nobody_in_to = replace(in_copy, recipient_kind=np.full_like(in_copy.recipient_kind, CC))
    (gap,) = findings(nobody_in_to)
    assert set(gap.parties) == {"families", "cype", "get"}


def test_a_request_that_greets_a_family_asks_no_council():
    view = view_of(
        STAGE + "    #1 2022-01-10 09:30 sam.cole@cype.example -> ann.lee@home.example, "
        'jo.reed@get.example "Bus" : Dear Ann,|Can you please tell me when he is to start?|Sam\n'
    )
    assert findings(view) == ()


ANSWER = '    #2 2022-01-12 09:30 {who} -> parent@home.example "Re: Bus" [re #1] : It starts on Monday.\n'


@pytest.mark.parametrize(
    "who", ["jo.reed@get.example", "other@get.example", "sam.cole@cype.example"]
)
def test_an_answer_by_anyone_of_their_party_or_to_whom_it_was_sent_still_counts(who):
    asked = (
        STAGE + "    #1 2022-01-10 09:30 parent@home.example -> sam.cole@cype.example, "
        'jo.reed@get.example "Bus" : Dear Ms Reed,|Can you please tell me when the new bus will start?|Ann\n'
    )
    assert len(findings(view_of(asked))) == 1
    assert findings(view_of(asked + ANSWER.format(who=who))) == ()


def test_the_register_of_questions_names_whom_it_greets():
    view = asking("Dear Ms Reed,", "sam.cole@cype.example, jo.reed@get.example")
    (one,) = questions(view)
    assert [view.identities[who].label for who in one.asked.named] == ["jo.reed@get.example"]
    assert len(one.asked.addressees) == 2
