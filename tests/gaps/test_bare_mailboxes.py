# ruff: noqa: E501 - a line of a story is a message
"""What is not on record in a proven hole of a mailbox is not called observed there."""

from __future__ import annotations

import pytest
from stories import found_by, view_of

from commtrace.model import Finding, Observability, Outcome, Severity

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    party families families home.example
    as of 2022-03-31
    mailbox desk@get.example 2021-08-01 to 2022-03-31
    mailbox head@cype.example 2021-08-01 to 2022-03-31
    mailbox parent@home.example 2021-08-01 to 2022-03-31
"""
NOTES = """
    every 2 working days 2022-02-07 to 2022-03-04 head@cype.example -> desk@get.example "Note" {held}: For your records.
"""
EMPTY = NOTES.format(held="[held head@cype.example] ")
WHOLE = NOTES.format(held="")
USUAL = """
    every 3 working days 2021-11-01 to 2022-01-28 head@cype.example -> desk@get.example "Note" : For your records.
    every 3 working days 2022-03-07 to 2022-03-31 head@cype.example -> desk@get.example "Note" : For your records.
"""
ASKED = """
    #1 2022-01-31 09:30 parent@home.example -> desk@get.example "Bus" : Can you please tell me when the new bus will start?
"""
CHASED = """
    #2 2022-02-09 09:30 parent@home.example -> desk@get.example "Re: Bus" [re #1] [held parent@home.example] : Can you please tell me when the new bus will start?
    #3 2022-02-16 09:30 parent@home.example -> desk@get.example "Re: Bus" [re #1] [held parent@home.example] : Could you please let me know?
"""
HOLDING = """
    #2 2022-02-01 09:30 desk@get.example -> parent@home.example "Re: Bus" [re #1] : Thank you. We will get back to you shortly.
"""
LATE = """
    #2 2022-03-14 09:30 desk@get.example -> parent@home.example "Re: Bus" [re #1] : The new bus will start on Monday 21 March.
"""
RHYTHM = """
    each working day 2021-09-01 to 2022-02-04 desk@get.example -> head@cype.example "Figures" : The figures of today.
    each working day 2022-03-07 to 2022-03-31 desk@get.example -> head@cype.example "Figures" : The figures of today.
"""

CASES = [
    ("unanswered", ASKED),
    ("chaser_ladder", ASKED + CHASED),
    ("acknowledged_only", ASKED + HOLDING),
    ("late_reply", ASKED + LATE),
    ("one_way", ""),
    ("silence", RHYTHM),
]


def _one(rule: str, *parts: str) -> Finding:
    (gap,) = found_by(rule, view_of("".join((STAGE, USUAL, *parts))))
    return gap


@pytest.mark.parametrize(("rule", "told"), CASES, ids=[rule for rule, _ in CASES])
def test_what_is_absent_where_a_mailbox_is_shown_to_be_empty_is_seen_from_one_side(rule, told):
    """The desk's mailbox covers February on paper; eight notes to it are held by their sender alone."""
    whole, gap = _one(rule, told, WHOLE), _one(rule, told, EMPTY)
    assert whole.observability is Observability.OBSERVED
    assert gap.observability is Observability.ONE_SIDE
    assert "empty or thin" not in " ".join(c.what for c in whole.checks)
    (said,) = [c for c in gap.checks if c.what == "It lies where a mailbox is empty or thin"]
    assert said.outcome is Outcome.UNTESTABLE
    assert said.because.startswith("that of desk@get.example from ")
    assert said.because.endswith("to 6 Mar 2022 (see coverage_hole)")
    told_of = "Empty or thin among the mailboxes provided: that of desk@get.example from "
    assert told_of in gap.sentence
    assert told_of not in whole.sentence


def test_a_shared_mailbox_with_a_hole_is_no_channel_whose_answers_were_all_seen():
    """Twelve ask; the desk holds what they sent, and nothing of three weeks between."""
    asked = "".join(
        f'    #{n} 2022-01-{9 + n} 09:30 parent{n}@home.example -> desk@get.example "Route {n}" : Can you tell me who drives route {n}?\n'
        for n in range(1, 12)
    )
    last = '    #12 2022-02-28 09:30 parent12@home.example -> desk@get.example "Route 12" [held parent12@home.example] : Can you tell me who drives route 12?\n'
    whole = _one("dead_channel", asked, last, WHOLE)
    gap = _one("dead_channel", asked, last, EMPTY)
    assert (whole.observability, whole.severity) == (Observability.OBSERVED, Severity.GRAVE)
    assert (gap.observability, gap.severity) == (Observability.ONE_SIDE, Severity.MATERIAL)


def test_what_came_back_in_a_week_of_which_nothing_is_held_may_have_been_sent_again():
    """The head wrote from their own mailbox; the days after, it is empty and others prove it."""
    told = """
    #1 2022-02-04 09:30 desk@get.example -> parent@home.example "New route" : Your new route starts on Monday.
    #2 2022-02-04 09:31 postmaster@get.example -> desk@get.example "Undeliverable: New route" [re #1] [report] : Delivery to parent@home.example failed. Status: 5.1.1
    """
    assert _one("undelivered", told, WHOLE).observability is Observability.OBSERVED
    assert _one("undelivered", told, EMPTY).observability is Observability.ONE_SIDE


def test_a_mailbox_without_any_sent_item_though_answers_to_them_are_held_shows_no_silence_of_theirs():
    """Three of the desk's messages are known only by the answers to them: its sent items are absent."""
    absent = "".join(
        f"""
    #s{n} 2021-12-0{n} 09:30 desk@get.example -> head@cype.example "Fares {n}" [absent] : The fares.
    #t{n} 2021-12-0{n} 12:30 head@cype.example -> desk@get.example "Re: Fares {n}" [re #s{n}] : Thank you, noted.
    """
        for n in (1, 2, 3)
    )
    gap = _one("unanswered", absent, WHOLE, ASKED)
    assert gap.observability is Observability.ONE_SIDE
    (said,) = [c for c in gap.checks if c.what == "It lies where a mailbox is empty or thin"]
    assert said.because == "that of desk@get.example has no sent items (see coverage_hole)"
    assert _one("unanswered", WHOLE, ASKED).observability is Observability.OBSERVED
