# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from stories import found_by, view_of

from commtrace.gaps._columns import by_recipient, by_sender
from commtrace.gaps._holes import holes
from commtrace.model import CoverageWeek, Observability, Outcome, Severity, Strength

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    as of 2022-03-31
"""
DECLARED = """
    mailbox a@get.example 2021-11-01 to 2022-03-31
    mailbox b@cype.example 2021-11-01 to 2022-03-31
"""
INFERRED = """
    mailbox a@get.example
    mailbox b@cype.example
"""
USUAL = """
    every 2 working days 2021-11-01 to 2022-01-07 a@get.example -> b@cype.example "Report" : Today's figures.
    every 2 working days 2022-01-31 to 2022-03-31 a@get.example -> b@cype.example "Report" : Today's figures.
"""
HOLE = """
    every 2 working days 2022-01-10 to 2022-01-28 a@get.example -> b@cype.example "Report" [held a@get.example] : Today's figures.
"""


findings = partial(found_by, "coverage_hole")


def of(*parts, **changes):
    return findings(view_of("".join(parts), **changes))


def test_three_empty_weeks_that_another_mailbox_fills_are_a_hole():
    (gap,) = of(STAGE, DECLARED, USUAL, HOLE)
    assert gap.observability is Observability.OBSERVED
    assert gap.strength is Strength.DIRECT
    assert gap.severity is Severity.MATERIAL
    assert gap.anchor[0] == "b@cype.example"
    assert gap.parties == ("cype",)
    assert gap.measure["copies proven elsewhere"] == 8
    assert "No items of b@cype.example from 10 Jan 2022 to 30 Jan 2022" in gap.sentence
    assert "the last message held before" in {c.role for c in gap.cites}


def test_with_an_inferred_window_it_is_one_side():
    (gap,) = of(STAGE, INFERRED, USUAL, HOLE)
    assert gap.observability is Observability.ONE_SIDE
    assert "is not stated" in gap.sentence


def test_weeks_outside_the_declared_window_are_no_hole():
    narrow = DECLARED.replace("b@cype.example 2021-11-01", "b@cype.example 2022-01-31")
    assert of(STAGE, narrow, USUAL, HOLE) == ()


def test_empty_weeks_in_which_nobody_wrote_to_them_are_no_hole():
    assert of(STAGE, DECLARED, USUAL) == ()


def test_leave_announced_by_an_automatic_reply_is_named_and_weakens_it():
    away = """
    #x 2022-01-10 10:01 b@cype.example -> a@get.example "Automatic reply: Report" [auto] [held a@get.example] : I am away until 31 January.
    """
    (gap,) = of(STAGE, DECLARED, USUAL, HOLE, away)
    assert [c.what for c in gap.checks if c.outcome is Outcome.FAILED] == ["The custodian was away"]
    assert gap.severity is Severity.LOW
    assert gap.strength is Strength.CORROBORATED


def test_a_share_of_proven_copies_that_collapses_is_a_hole_though_some_are_held():
    some = """
    every 9 working days 2022-01-10 to 2022-01-28 c@home.example -> b@cype.example "Other" : Hello.
    """
    (gap,) = of(STAGE, DECLARED, USUAL, HOLE, some)
    assert "Few items of b@cype.example" in gap.sentence
    assert 0 < float(gap.measure["p of the share held"]) < 0.01
    assert gap.measure["thin runs tested"] == 1
    assert gap.measure["p after Benjamini-Hochberg"] == gap.measure["p of the share held"]


def test_a_share_that_collapses_by_chance_in_one_of_many_runs_is_no_thin_mailbox():
    """One of five held where eleven of twelve were is rare (p .0099), and less so in two mailboxes."""
    view = view_of(STAGE + DECLARED + USUAL)

    def thin(**usual):
        weeks = tuple(
            CoverageWeek(
                custodian=custodian, week=monday, held_sent=0, held_received=matched,
                proven=proven, matched=matched, covered=True,
            )
            for custodian, (proven_usually, matched_usually) in usual.items()
            for monday, proven, matched in (
                (date(2022, 1, 10), proven_usually, matched_usually),
                (date(2022, 1, 17), 5, 1),
            )
        )  # fmt: skip
        made = replace(view, weeks=weeks)
        return [run for _, run in holes(made, by_sender(made), by_recipient(made))]

    rare, common = (12, 11), (6, 5)
    (alone,) = thin(**{"a@get.example": rare})
    assert alone.chance["p of the share held"] == pytest.approx(61 / 6188, rel=0.01)
    assert thin(**{"a@get.example": rare, "b@cype.example": common}) == []


def test_a_mailbox_that_always_holds_few_copies_is_no_hole():
    thin = USUAL.replace('"Report"', '"Report" [held a@get.example]')
    own = """
    every 3 working days 2021-11-01 to 2022-03-31 b@cype.example -> c@home.example "Own" : Hello.
    """
    assert [g for g in of(STAGE, DECLARED, thin, own) if "Few" in g.sentence] == []


def test_a_mailbox_that_ends_while_others_write_on_is_one_side():
    ends = """
    every 2 working days 2021-11-01 to 2022-01-28 a@get.example -> b@cype.example "Report" : Today's figures.
    every 2 working days 2022-01-31 to 2022-03-31 a@get.example -> b@cype.example "Report" [held a@get.example] : Today's figures.
    """
    (gap,) = of(STAGE, INFERRED, ends)
    assert gap.observability is Observability.ONE_SIDE
    assert gap.severity is not Severity.GRAVE
    assert gap.measure["of these held"] == 0


def test_a_custodian_named_of_whom_nothing_was_read_is_not_testable():
    named = """
    mailbox a@get.example 2021-11-01 to 2022-03-31
    custodian b@cype.example
    """
    (gap,) = of(STAGE, named, USUAL)
    assert gap.observability is Observability.NOT_TESTABLE
    assert "No mailbox of this custodian was read" in gap.sentence


INBOX = """
    party get directorate get.example
    party families families home.example
    mailbox a@get.example
    as of 2022-03-31
    every 3 working days 2022-01-03 to 2022-03-25 p@home.example -> a@get.example "Bus" : Where is it?
"""
ANSWERS = "".join(
    f"""
    #p{n} 2022-02-0{n} 08:30 p@home.example -> a@get.example "Taxi {n}" : Is there a taxi?
    #a{n} 2022-02-0{n} 09:30 a@get.example -> p@home.example "Re: Taxi {n}" [re #p{n}] [absent] : It comes.
    #b{n} 2022-02-0{n} 11:30 p@home.example -> a@get.example "Re: Taxi {n}" [re #a{n}] : Thank you.
"""
    for n in range(1, 5)
)


def test_an_inbox_without_one_sent_item_looks_as_if_that_folder_was_not_collected():
    """Only what a@get received was supplied; four parents thank her for answers that are not."""
    view = view_of(INBOX + ANSWERS)
    (gap,) = findings(view)
    assert gap.anchor == ("a@get.example", "nothing sent")
    assert gap.observability is Observability.ONE_SIDE
    assert "No item that a@get.example sent" in gap.sentence
    assert "four messages to them answer a message that nobody supplied" in gap.sentence
    assert "Whether that folder was collected is not stated." in gap.sentence
    absent = found_by("missing_message", view)
    assert len(absent) == 4
    assert {one.observability for one in absent} == {Observability.ONE_SIDE}
    assert all("or side (see coverage_hole)" in str(one.checks) for one in absent)


def test_an_inbox_to_which_nobody_answers_is_no_hole():
    assert of(INBOX) == ()


def test_one_sent_item_shows_that_the_folder_was_collected():
    sent = '    #c 2022-02-09 09:30 a@get.example -> p@home.example "Depots" : Closed.\n'
    assert of(INBOX, ANSWERS, sent) == ()
