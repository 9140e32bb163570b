# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from stories import failed, found_by, view_of

from commtrace.gaps._as_of import dated_figures
from commtrace.model import Observability, Severity, Strength

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    party schools school school.example
    mailbox head@cype.example 2021-09-01 to 2022-03-31
    mailbox planner@get.example 2021-09-01 to 2022-03-31
    as of 2022-03-31
"""
SOURCE = """
    #1 2022-01-25 10:00 planner@get.example -> head@cype.example "Figures" : On 25 January, 61 of every 100 pupils had a vehicle.
"""
SAID = "On the latest figures, those of 25 January, 61 of every 100 pupils have a vehicle."
LETTER = """
    #2 {day} 13:30 head@cype.example -> head@school.example "Transport" [letter] : New transport begins soon. {said} Questions may go to the helpdesk.
"""
findings = partial(found_by, "stale_knowledge")


def of(*parts, day="2022-02-10", said=SAID):
    return findings(view_of("".join((STAGE, *parts)) + LETTER.format(day=day, said=said)))


def test_a_letter_that_gives_old_figures_as_the_latest_is_a_gap():
    (gap,) = of(SOURCE)
    assert gap.parties == ("cype", "schools")
    assert gap.severity is Severity.MATERIAL
    assert gap.strength is Strength.CORROBORATED
    assert gap.observability is Observability.OBSERVED
    assert gap.measure["working days"] == 12
    assert f"“{SAID}”" in gap.sentence
    assert (
        "By its own words that is the position of 25 Jan 2022, 12 working days before."
        in gap.sentence
    )
    assert (
        "planner@get.example (GET) had written it to head@cype.example on 25 Jan 2022."
        in gap.sentence
    )
    assert [cite.role for cite in gap.cites] == ["the statement", "whence the figures came"]


def test_figures_within_the_criterion_are_fresh_enough():
    assert of(SOURCE, day="2022-02-08") == ()  # ten working days
    assert len(of(SOURCE, day="2022-02-09")) == 1


def test_without_a_source_on_record_it_is_low():
    kept = """
    #3 2022-01-11 10:00 second@cype.example -> head@cype.example "Rota" : The rota.
    """
    (gap,) = of(kept)
    assert gap.severity is Severity.LOW
    assert gap.strength is Strength.INDICATED
    assert gap.observability is Observability.ONE_SIDE


def test_something_newer_to_the_writer_weakens_it_and_is_named():
    newer = """
    #3 2022-02-04 10:00 planner@get.example -> head@cype.example "Figures" : Now 70 of every 100 pupils have a vehicle, on these latest figures.
    """
    (gap,) = of(SOURCE, newer)
    assert failed(gap) == ["Something newer reached the writer"]
    assert gap.severity is Severity.LOW
    assert "One message in between may be newer and should be read." in gap.sentence
    other = newer.replace(
        "Now 70 of every 100 pupils have a vehicle, on these latest figures.",
        "There are 3 cakes in the kitchen.",
    ).replace('"Figures"', '"Cakes"')
    (gap,) = of(SOURCE, other)
    assert failed(gap) == []


def test_what_went_on_inside_the_side_that_gave_them_is_counted():
    inside = """
    #3 2022-02-04 10:00 planner@get.example -> lead@get.example "Figures" : Now 70 of every 100 pupils have a vehicle.
    """
    (gap,) = of(SOURCE, inside)
    assert gap.measure["inside the source's party"] == 1
    assert "In the same time one message on it went between others of GET." in gap.sentence


def test_an_entry_by_hand_that_they_spoke_weakens_it():
    spoke = """
    #3 2022-02-04 10:00 planner@get.example -> head@cype.example "Call" [call] [entered A. Officer] : We spoke.
    """
    (gap,) = of(SOURCE, spoke)
    assert failed(gap) == ["They spoke or met in between"]


def test_what_stays_inside_the_body_is_no_statement_to_people_outside():
    inside = LETTER.replace("head@school.example", "second@cype.example")
    assert findings(view_of(STAGE + SOURCE + inside.format(day="2022-02-10", said=SAID))) == ()


def test_without_mailboxes_it_is_not_testable():
    stage = "\n".join(line for line in STAGE.splitlines() if "mailbox" not in line)
    letter = LETTER.format(day="2022-02-10", said=SAID)
    (gap,) = findings(view_of(stage + SOURCE + letter))
    assert gap.observability is Observability.NOT_TESTABLE
    assert gap.severity is Severity.LOW


@pytest.mark.parametrize(
    ("said", "of_day"),
    [
        (SAID, date(2022, 1, 25)),
        ("The most recent count, of 4 January 2022, is 212 pupils.", date(2022, 1, 4)),
        ("On 25 January, 61 of every 100 pupils had a vehicle.", None),
        ("As of 25 January there were 61 contracts.", None),
        ("Since 25 January 61 pupils now have a vehicle.", None),
        ("At present 61 pupils wait, and by 25 January it was 70.", None),
        ("The latest figures of 25 January and 2 February are 61 and 70.", None),
        ("The latest figures are those of 25 January.", None),
        ("The latest figure is 61.", None),
        ("The latest figure, of 30 December, is 61.", date(2021, 12, 30)),
    ],
    ids=["as in a letter", "with its year", "no currency", "as of", "a span", "a limit",
         "two days", "no figure", "no day", "last year's"],
)  # fmt: skip
def test_which_sentences_give_figures_as_current_and_of_which_day(said, of_day):
    found = dated_figures(f"Dear head.\n\n{said} Yours.", date(2022, 2, 10))
    assert [one.of for one in found] == ([of_day] if of_day else [])
