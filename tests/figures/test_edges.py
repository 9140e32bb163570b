"""What the screen says of the evidence by which one message answers another."""
# ruff: noqa: E501 - a line of a story is a message

from __future__ import annotations

from dataclasses import replace

import pytest
from stories import view_of

from commtrace.figures import edges
from commtrace.model import LinkBasis

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    as of 2022-03-31
    #1 2022-01-10 09:30 lead@get.example -> head@cype.example "Routes" : Here are the routes.
"""
BY_ID = """
    #2 2022-01-11 09:30 head@cype.example -> lead@get.example "Re: Routes" [re #1] : Thanks.
"""
BY_SUBJECT = """
    #2 2022-01-11 09:30 head@cype.example -> lead@get.example "Re: Routes" : Thanks.
"""
TO_AN_ABSENT_ONE = """
    #3 2022-01-11 08:30 head@cype.example -> lead@get.example "Re: Routes" [absent] : Sent.
    #2 2022-01-11 09:30 lead@get.example -> head@cype.example "Re: Routes" [re #3] : Yes.
"""
TO_NOTHING = """
    #2 2022-01-11 09:30 head@cype.example -> lead@get.example "Depots" : Where are they?
"""
GUESS = "May answer that of 10 Jan 2022, 09:30, by its subject alone: a suggestion, on which nothing rests."


@pytest.mark.parametrize(
    ("story", "said"),
    [
        (BY_ID, "Answers that of 10 Jan 2022, 09:30, by its In-Reply-To."),
        (BY_SUBJECT, GUESS),
        (
            TO_AN_ABSENT_ONE,
            "Answers a message that is in none of the material, by its In-Reply-To.",
        ),
        (TO_NOTHING, ""),
    ],
    ids=["an id", "a subject", "an absent message", "nothing"],
)
def test_a_message_says_what_it_answers_and_by_which_evidence(story, said):
    view = view_of(STAGE + story)
    name = next(one for one in view.ids if one == "message-2")
    assert edges.answers(view, name) == said


def test_two_contents_under_one_id_are_each_said_to_be_so():
    view = view_of(STAGE)
    assert edges.doubled(view, 0, view.ids[0]) == ""
    view = replace(view, threads=(replace(view.threads[0], imposters=view.ids),))
    assert "borne by another message" in edges.doubled(view, 0, view.ids[0])


def test_every_kind_of_evidence_has_words():
    assert set(edges.BY) == set(LinkBasis)
