# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from functools import partial

from stories import failed, found_by, view_of

from commtrace.model import Observability, Severity, Strength

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    party families families home.example
    mailbox lead@get.example 2021-09-01 to 2022-03-31
    mailbox head@cype.example 2021-09-01 to 2022-03-31
    as of 2022-03-31
"""
WRITES = '    every 3 working days 2021-11-01 to 2022-01-28 lead@get.example -> head@cype.example "Numbers" [noid] : Can you send the numbers?\n'
BACK = '    #{n} 2022-01-{day:02} 15:00 head@cype.example -> lead@get.example "Numbers" [noid] : They are below.\n'
findings = partial(found_by, "one_way")


def test_a_stream_of_requests_and_nothing_back():
    (gap,) = findings(view_of(STAGE + WRITES))
    assert "GET wrote to CYPE 21 times" in gap.sentence
    assert "no message the other way is on record" in gap.sentence
    assert gap.observability is Observability.OBSERVED
    assert (gap.severity, gap.strength) == (Severity.MATERIAL, Strength.CORROBORATED)


def test_one_back_in_twenty_is_still_hardly_anything_and_two_are_not():
    one = BACK.format(n=1, day=10)
    (gap,) = findings(view_of(STAGE + WRITES + one))
    assert gap.measure["came back"] == 1
    assert findings(view_of(STAGE + WRITES + one + BACK.format(n=2, day=11))) == ()


def test_statements_that_ask_nothing_weigh_less():
    (gap,) = findings(
        view_of(STAGE + WRITES.replace("Can you send the numbers?", "The numbers are up."))
    )
    assert (gap.severity, gap.strength) == (Severity.LOW, Strength.INDICATED)


def test_mass_mail_is_no_exchange():
    assert findings(view_of(STAGE + WRITES.replace("[noid]", "[noid] [bulk]"))) == ()


def test_families_are_looked_at_one_by_one_and_not_here():
    text = STAGE + WRITES.replace("lead@get.example ->", "parent@home.example ->").replace(
        "-> head@cype", "-> lead@get"
    )
    assert findings(view_of(text)) == ()


def test_a_note_of_a_meeting_may_explain_it():
    note = '    #m 2021-12-01 15:00 lead@get.example -> head@cype.example "Meeting" [note] [noid] : We went through the numbers.\n'
    (gap,) = findings(view_of(STAGE + WRITES + note))
    assert failed(gap) == ["They spoke instead of writing"]
    assert gap.severity is Severity.LOW


def test_without_a_mailbox_of_either_side_for_the_time_it_says_that_it_cannot_be_tested():
    stage = STAGE.replace("2021-09-01", "2022-01-10")
    (gap,) = findings(view_of(stage + WRITES))
    assert gap.observability is Observability.NOT_TESTABLE
    assert gap.severity is Severity.LOW
    assert "cannot show whether there was any" in gap.sentence
