# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

from stories import found_by, story, view_of

from commtrace.gaps.run import run
from commtrace.model import Observability, Outcome, Severity, Strength

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    party families families home.example
    as of 2022-03-31
"""
THREAD = """
    #1 2022-01-10 09:30 lead@get.example -> head@cype.example "Routes" : Here are the routes.
    #2 2022-01-11 09:30 head@cype.example -> lead@get.example "Re: Routes" [re #1] [absent] : Thanks.
    #3 2022-01-12 09:30 lead@get.example -> head@cype.example "Re: Routes" [re #2] : Noted.
"""
MAILBOXES = """
    mailbox lead@get.example 2021-09-01 to 2022-03-31
    mailbox head@cype.example 2021-09-01 to 2022-03-31
"""


findings = partial(found_by, "missing_message")


def of(*parts, **changes):
    return findings(view_of("".join(parts), **changes))


def test_a_message_that_another_answers_and_nobody_supplied_is_observed_in_covering_mailboxes():
    (gap,) = of(STAGE, MAILBOXES, THREAD)
    assert gap.observability is Observability.OBSERVED
    assert gap.strength is Strength.DIRECT
    assert gap.severity is Severity.GRAVE
    assert gap.about == ("message-3",)
    assert gap.parties == ("get", "cype")
    assert "No record of it was found in the mailboxes of" in gap.sentence
    assert {c.role for c in gap.cites} == {"cites the message"}


def test_without_a_mailbox_of_a_likely_holder_it_is_not_testable():
    view = view_of(STAGE + THREAD)
    (gap,) = findings(view)
    assert gap.observability is Observability.NOT_TESTABLE
    assert gap.severity is Severity.LOW
    assert "cannot show" in gap.sentence


def test_a_holder_whose_mailbox_does_not_cover_the_time_is_one_side():
    mailboxes = "\n mailbox lead@get.example 2022-01-12 to 2022-03-31\n"
    (gap,) = of(STAGE, mailboxes, THREAD)
    assert gap.observability is Observability.ONE_SIDE
    assert "It is not known that the mailbox of" in gap.sentence


def test_a_holder_whose_mailbox_is_empty_then_is_one_side_and_the_hole_is_named():
    """The head's mailbox holds nothing from 10 to 23 January: what is absent there is that hole."""
    mailbox = "\n mailbox head@cype.example 2021-12-01 to 2022-03-31\n"
    story = """
    #1 2022-01-05 09:30 head@cype.example -> lead@get.example "Routes" : Where are the routes?
    #2 2022-01-11 09:30 lead@get.example -> head@cype.example "Re: Routes" [re #1] [absent] : Here.
    #3 2022-01-12 09:30 lead@get.example -> head@cype.example "Re: Routes" [re #2] [held lead@get.example] : Noted.
    #4 2022-01-26 09:30 lead@get.example -> head@cype.example "Fares" : The fares have changed.
    """
    (gap,) = of(STAGE, mailbox, story)
    assert gap.observability is Observability.ONE_SIDE
    (told,) = [c for c in gap.checks if c.what == "The mailbox was not collected for that time"]
    assert "see coverage_hole" in told.because
    assert len(found_by("coverage_hole", view_of(STAGE + mailbox + story))) == 1


def test_two_answers_to_one_absent_message_are_one_gap_with_two_witnesses():
    more = """
    #4 2022-01-13 09:30 other@get.example -> head@cype.example "Re: Routes" [re #2] : Agreed.
    """
    (gap,) = of(STAGE, MAILBOXES, THREAD, more)
    assert gap.measure["witnesses"] == 2
    assert "two messages" in gap.sentence


def test_a_message_outside_the_period_reviewed_is_no_gap():
    assert of(STAGE, MAILBOXES, THREAD, period=(date(2022, 2, 1), date(2022, 3, 31))) == ()
    (gap,) = of(STAGE, MAILBOXES, THREAD, period=(date(2022, 1, 11), date(2022, 3, 31)))
    assert gap.severity is Severity.GRAVE


def test_what_only_list_mail_cites_is_no_gap():
    mail = THREAD.replace("[re #2]", "[re #2] [bulk]")
    assert of(STAGE, MAILBOXES, mail) == ()


def test_more_witnesses_can_be_asked_for():
    rules = {"missing_message": {"witnesses": 2}}
    assert of(STAGE, MAILBOXES, THREAD, rules=rules) == ()


def test_an_index_alone_with_one_witness_is_weaker_than_an_id():
    view = view_of(STAGE + MAILBOXES + THREAD)
    (ghost,) = view.ghosts
    only_index = replace(ghost, message_ids=(), conversation_indices=("01d8",))
    (gap,) = findings(replace(view, ghosts=(only_index,)))
    assert gap.strength is Strength.CORROBORATED
    assert any(c.outcome is Outcome.UNTESTABLE and "draft" in c.what for c in gap.checks)


def test_a_single_quotation_is_the_weakest_witness_and_its_words_are_no_original():
    view = view_of(STAGE + MAILBOXES + THREAD)
    (ghost,) = view.ghosts
    quoted = replace(ghost, message_ids=(), conversation_indices=(), text="Thanks for these.")
    (gap,) = findings(replace(view, ghosts=(quoted,)))
    assert gap.strength is Strength.INDICATED
    assert "are a reconstruction and not an original" in gap.sentence


def test_a_ghost_without_any_time_still_makes_a_finding():
    view = view_of(STAGE + MAILBOXES + THREAD)
    (ghost,) = view.ghosts
    (gap,) = findings(replace(view, ghosts=(replace(ghost, when=None),)))
    assert "of unknown date" in gap.sentence
    assert gap.observability is Observability.ONE_SIDE


@story
def test_a_thread_that_is_whole_has_no_gap(view):
    """
    party get directorate get.example
    party cype directorate cype.example
    mailbox lead@get.example 2021-09-01 to 2022-03-31

    #1 2022-01-10 09:30 lead@get.example -> head@cype.example "Routes" : Here are the routes.
    #2 2022-01-11 09:30 head@cype.example -> lead@get.example "Re: Routes" [re #1] : Thanks.
    """
    assert findings(view) == ()


@story
def test_a_sent_item_without_an_id_is_threaded_and_neither_missing_nor_unanswered(view):
    """
    party get directorate get.example
    party families families home.example
    mailbox helpdesk@get.example 2021-09-01 to 2022-03-31
    as of 2022-03-31

    #1 2022-01-10 09:30 parent@home.example -> helpdesk@get.example "Bus" : Can you tell me when?
    #2 2022-01-11 09:30 helpdesk@get.example -> parent@home.example "Re: Bus" [noid] : On Monday.
    """
    assert findings(view) == ()
    assert run(view, only="unanswered").findings == ()
