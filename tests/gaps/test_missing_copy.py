# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from functools import partial

from stories import found_by, story, view_of

from commtrace.model import Observability, Severity

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    mailbox lead@get.example 2021-12-01 to 2022-03-31
    mailbox head@cype.example 2021-12-01 to 2022-03-31
    as of 2022-03-31
    #1 2022-01-10 09:30 lead@get.example -> head@cype.example "Routes" : Here are the routes.
    #2 2022-01-11 09:30 head@cype.example -> lead@get.example "Depots" : And the depots.
    #3 2022-01-12 09:30 lead@get.example -> head@cype.example "Fares" : The fares have changed.
"""
LOST = '#4 2022-01-13 09:30 lead@get.example -> head@cype.example "Crew" {options} : The crew list.'
findings = partial(found_by, "missing_copy")


def of(options, stage=STAGE):
    return findings(view_of(stage + LOST.format(options=options)))


def test_a_message_that_only_its_recipient_holds_is_a_copy_not_held_by_its_sender():
    (gap,) = of("[held head@cype.example]")
    assert gap.observability is Observability.OBSERVED
    assert gap.about == ("message-4",)
    assert gap.anchor == ("lead@get.example", "sent", "2022-01-10")
    assert gap.parties == ("get",)
    assert "Of one message that lead@get.example sent on 13 Jan 2022" in gap.sentence
    assert "2 of the 3 copies" in gap.sentence


def test_a_message_that_only_its_sender_holds_is_a_copy_not_held_by_its_recipient():
    (gap,) = of("[held lead@get.example]")
    assert gap.anchor[:2] == ("head@cype.example", "received")
    assert gap.measure["side"] == "received"


def test_what_both_hold_is_no_gap():
    assert of("") == ()


def test_who_was_blind_copied_owes_no_copy():
    boxes = STAGE.replace(
        "mailbox head", "mailbox chair@get.example 2021-12-01 to 2022-03-31\n    mailbox head"
    )
    held = '#0 2022-01-05 09:30 chair@get.example -> lead@get.example "Rota" : The rota.\n'
    assert (
        of("[bcc chair@get.example] [held lead@get.example, head@cype.example]", boxes + held) == ()
    )


def test_an_automatic_reply_need_not_lie_among_sent_items():
    assert of("[auto] [held head@cype.example]") == ()


def test_without_declared_days_it_is_one_side():
    stage = STAGE.replace(" 2021-12-01 to 2022-03-31", "")
    after = '\n#5 2022-01-14 09:30 head@cype.example -> lead@get.example "Thanks" : Thanks.\n'
    (gap,) = of("[held head@cype.example]", stage + after)
    assert gap.observability is Observability.ONE_SIDE
    assert gap.severity is Severity.LOW
    assert "is not stated" in gap.sentence


def test_outside_the_days_supplied_no_copy_is_due():
    stage = STAGE.replace(
        "lead@get.example 2021-12-01 to 2022-03-31", "lead@get.example 2021-12-01 to 2022-01-12"
    )
    assert of("[held head@cype.example]", stage) == ()


def test_what_the_register_names_leaves_it_open():
    known = "register lead@get.example 2022-01-10 to 2022-01-20 email: her January backup\n"
    (gap,) = of("[held head@cype.example]", STAGE + known)
    assert gap.observability is Observability.ONE_SIDE
    assert "her January backup" in gap.sentence


@story
def test_an_empty_week_is_a_hole_and_not_missing_copies_besides(view):
    """
    party get directorate get.example
    party cype directorate cype.example
    mailbox lead@get.example 2021-12-01 to 2022-03-31
    mailbox head@cype.example 2021-12-01 to 2022-03-31
    as of 2022-03-31
    #1 2022-01-10 09:30 lead@get.example -> head@cype.example "Routes" : Here are the routes.
    #2 2022-01-18 09:30 lead@get.example -> head@cype.example "Depots" [held head@cype.example] : And the depots.
    #3 2022-01-26 09:30 lead@get.example -> head@cype.example "Fares" : The fares have changed.
    """
    assert findings(view) == ()
    assert len(found_by("coverage_hole", view)) == 1


@story
def test_a_side_of_which_nothing_is_held_is_one_gap(view):
    """
    party get directorate get.example
    party cype directorate cype.example
    mailbox lead@get.example 2021-12-01 to 2022-03-31
    mailbox head@cype.example 2021-12-01 to 2022-03-31
    as of 2022-03-31
    #1 2022-01-10 09:30 lead@get.example -> head@cype.example "Routes" [held head@cype.example] : Here are the routes.
    #2 2022-01-11 09:30 head@cype.example -> lead@get.example "Depots" : And the depots.
    #3 2022-01-18 09:30 lead@get.example -> head@cype.example "Fares" [held head@cype.example] : The fares have changed.
    #4 2022-01-19 09:30 head@cype.example -> lead@get.example "Crew" : The crew list.
    #5 2022-01-26 09:30 lead@get.example -> head@cype.example "Keys" [held head@cype.example] : The keys are here.
    #6 2022-01-27 09:30 head@cype.example -> lead@get.example "Vans" : The vans too.
    """
    (gap,) = findings(view)
    assert gap.anchor == ("lead@get.example", "sent", "throughout")
    assert gap.measure["copies not held"] == 3
    assert gap.severity is Severity.MATERIAL
