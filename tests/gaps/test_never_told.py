# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from stories import failed, found_by, view_of

from commtrace.brief import Audience, Cohort, Event, Person
from commtrace.model import Address, Observability, Severity, Strength

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    party families families home.example
    mailbox desk@get.example 2021-09-01 to 2022-03-31
    as of 2022-03-31
"""
ON_THE_LIST = [f"{one}@home.example" for one in "abcd"]
TOLD = """
    #1 2022-01-20 09:30 desk@get.example -> desk@get.example "Transport" [bcc a@home.example, b@home.example] : The new routes start on 21 February.
"""
EVENT = Event(id="start", label="New routes", date=date(2022, 2, 21), owner="get", audience="families", terms=("new routes",))  # fmt: skip
findings = partial(found_by, "never_told")


def roll(*cohorts):
    return Audience(
        id="roll", label="The roll", event="start", party="families",
        members=tuple(Address(name="", address=one) for one in ON_THE_LIST), cohorts=cohorts,
    )  # fmt: skip


OLD = Cohort(label="on the roll before", members=("a@home.example", "b@home.example"))
NEW = Cohort(label="joined later", members=("c@home.example", "d@home.example"))


def of(*parts, audience=None, event=EVENT):
    brief = {"events": (event,), "audiences": (audience or roll(OLD, NEW),)}
    return findings(view_of("".join(parts), **brief))


def test_a_part_of_an_audience_outside_every_distribution_is_a_gap_of_its_own():
    (gap,) = of(STAGE, TOLD)
    assert gap.anchor == ("event", "start", "roll", "joined later")
    assert gap.severity is Severity.GRAVE
    assert gap.strength is Strength.CORROBORATED
    assert gap.observability is Observability.ONE_SIDE
    assert gap.parties == ("get", "families")
    assert "Of the four people on the list “The roll”, 2 are of the part “joined later”" in (
        gap.sentence
    )
    assert "to any of these 2 was found" in gap.sentence
    assert "for 2 others on the list one is held" in gap.sentence


def test_who_is_on_no_message_at_all_could_have_been_reached_by_no_chain_of_messages():
    (gap,) = of(STAGE, TOLD)
    assert gap.measure["no chain of messages"] == 2
    assert (
        "For 2 of them no chain of messages in this evidence could have carried it" in gap.sentence
    )


def test_whom_somebody_could_have_told_who_could_have_been_told_is_not_denied():
    chain = """
    #2 2022-01-21 09:30 desk@get.example -> head@cype.example "Rota" : The rota for January.
    #3 2022-01-24 09:30 head@cype.example -> c@home.example "Review" : The review is on Monday.
    """
    (gap,) = of(STAGE, TOLD, chain)
    assert gap.measure["no notice on record"] == 2
    assert gap.measure["no chain of messages"] == 1
    backwards = chain.replace("2022-01-24", "2022-01-03")
    (gap,) = of(STAGE, TOLD, backwards)
    assert gap.measure["no chain of messages"] == 2


def test_where_a_list_nobody_knows_was_reached_no_chain_is_denied():
    to_list = """
    #2 2022-01-21 09:30 desk@get.example -> undisclosed-list@lists.example "Rota" : The rota for January.
    """
    (gap,) = of(STAGE, TOLD, to_list)
    unknown = gap.measure["no chain of messages"]
    known = Person(
        name="List", address="undisclosed-list@lists.example", list_members=("desk@get.example",)
    )
    brief = {"events": (EVENT,), "audiences": (roll(OLD, NEW),)}
    (named,) = findings(view_of(STAGE + TOLD + to_list, people=(known,), **brief))
    assert (unknown, named.measure["no chain of messages"]) == (0, 2)
    assert "no chain of messages" not in gap.sentence


@pytest.mark.parametrize(
    "told",
    [
        '#2 2022-02-01 09:30 desk@get.example -> c@home.example, d@home.example "Start" : It begins on 21 February.',
        '#2 2022-02-01 09:30 desk@get.example -> c@home.example, d@home.example "Start" [letter] : Your new routes are enclosed.',
    ],
    ids=["by its day", "by letter and its terms"],
)
def test_whoever_has_a_notice_is_not_counted(told):
    assert of(STAGE, TOLD, "\n" + told) == ()


def test_a_notice_on_or_after_the_day_is_none_before_it():
    late = '\n#2 2022-02-21 09:30 desk@get.example -> c@home.example, d@home.example "Start" : The new routes have begun.'
    assert len(of(STAGE, TOLD, late)) == 1


def test_a_list_without_parts_is_one_gap_for_those_without_a_notice():
    (gap,) = of(STAGE, TOLD, audience=roll())
    assert gap.anchor[-1] == ""
    assert "to 2 of these 4 was found" in gap.sentence
    assert gap.severity is Severity.MATERIAL  # not the whole of it


def test_an_event_after_the_evidence_is_not_yet_to_be_told():
    later = Event(id="start", label="New routes", date=date(2022, 6, 1), owner="get", audience="families")  # fmt: skip
    assert of(STAGE, TOLD, event=later) == ()


def test_what_they_wrote_of_it_without_a_notice_is_cited():
    asked = '\n#2 2022-02-03 20:00 c@home.example -> desk@get.example "Bus" : Is my son on the new routes?'
    (gap,) = of(STAGE, TOLD, asked)
    assert "One message of theirs before that day speaks of it without such a notice." in (
        gap.sentence
    )
    assert "speaks of it, without a notice" in [cite.role for cite in gap.cites]


def test_an_absent_message_that_one_of_them_answers_weakens_it():
    asked = '\n#2 2022-02-03 20:00 c@home.example -> desk@get.example "Re: Letter" [re #3] : Thank you.\n#3 2022-02-02 20:00 desk@get.example -> c@home.example "Letter" [absent] : The new routes.'
    (gap,) = of(STAGE, TOLD, asked)
    assert failed(gap) == ["They were told in a message that is cited and was not supplied"]
    assert gap.severity is Severity.LOW


def test_an_entry_by_hand_that_they_spoke_weakens_it():
    spoke = '\n#2 2022-02-03 20:00 desk@get.example -> c@home.example "Call" [call] [entered A. Officer] : We rang all of them.'
    (gap,) = of(STAGE, TOLD, spoke)
    assert failed(gap) == ["They were told by telephone or at a meeting"]


def test_without_a_mailbox_of_the_time_before_it_is_not_testable():
    (gap,) = of(STAGE.replace("2021-09-01 to 2022-03-31", "2022-02-10 to 2022-03-31"), TOLD)
    assert gap.observability is Observability.NOT_TESTABLE
    assert gap.severity is Severity.LOW


def test_fewer_than_the_threshold_are_no_gap():
    assert of(STAGE, "\n rule never_told people = 3\n", TOLD) == ()
