# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from stories import failed, found_by, view_of

from commtrace.brief import Audience, Event
from commtrace.model import Address, Observability, Severity, Strength

STAGE = """
    party get directorate get.example
    party pact forum forum.example
    party firms provider firm.example
    party families families home.example
    mailbox desk@get.example 2021-09-01 to 2022-03-31
    as of 2022-03-31
    #0 2021-11-02 09:00 desk@get.example -> a@home.example "Pass" : Your pass is in the post.
"""
FORUM = """
    #1 2022-02-01 09:30 chair@forum.example -> a@home.example "News" : We hear that the new routes start on 21 February.
"""
NOTICE = """
    #2 {day} 09:30 desk@get.example -> a@home.example, b@home.example "Transport" : The new routes start on 21 February.
"""
EVENT = Event(id="start", label="New routes", date=date(2022, 2, 21), owner="get", audience="families", terms=("new routes", "21 February"))  # fmt: skip
ROLL = Audience(
    id="roll", label="The roll", event="start", party="families",
    members=tuple(Address(name="", address=f"{one}@home.example") for one in "ab"),
)  # fmt: skip
LATE, EARLY = NOTICE.format(day="2022-02-15"), NOTICE.format(day="2022-01-10")
findings = partial(found_by, "told_second_hand")


def of(*parts):
    return findings(view_of("".join((STAGE, *parts)), events=(EVENT,), audiences=(ROLL,)))


def test_hearing_from_the_forum_before_the_owner_wrote_is_a_gap():
    (gap,) = of(FORUM, LATE)
    assert gap.anchor == ("event", "start", "roll")
    assert gap.owes == "get"
    assert gap.severity is Severity.MATERIAL
    assert gap.strength is Strength.CORROBORATED
    assert gap.observability is Observability.ONE_SIDE
    assert "On 1 Feb 2022 chair@forum.example (PACT) wrote of it to a@home.example" in gap.sentence
    assert "; the first on record is of 15 Feb 2022." in gap.sentence
    assert [cite.role for cite in gap.cites] == [
        "somebody else wrote of it to them", "the first notice on record",
    ]  # fmt: skip


def test_where_the_owner_had_written_before_there_is_none():
    assert of(EARLY, FORUM) == ()


def test_where_the_owner_wrote_to_nobody_no_later_notice_is_named():
    (gap,) = of(FORUM)
    assert "the first on record" not in gap.sentence
    assert gap.measure["with a later notice"] == 0


def test_their_own_words_before_any_notice_are_weaker():
    own = '\n#1 2022-02-01 09:30 b@home.example -> desk@get.example "Bus" : Is my son on the new routes from 21 February?'
    (gap,) = of(own, LATE)
    assert gap.severity is Severity.LOW
    assert gap.strength is Strength.INDICATED
    assert (
        "On 1 Feb 2022 b@home.example, who is on the list “The roll”, wrote of it." in gap.sentence
    )
    (both,) = of(own, FORUM.replace("#1", "#3"), LATE)
    assert both.strength is Strength.CORROBORATED
    assert "So it was with one person more on the list." in both.sentence


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("on 21 February", "one day"),
        ("the new routes start", "the party is"),
        ("[bulk]", "[bulk]"),
        ("2022-02-01", "2022-02-21"),
        ("chair@forum.example", "other@get.example"),
    ],
    ids=["no day", "another matter", "mass mail", "on the day", "the owner's own side"],
)
def test_what_is_no_word_of_it_from_others_before_the_day(old, new):
    changed = FORUM.replace('"News" :', '"News" [bulk] :') if old == "[bulk]" else FORUM
    assert of(changed.replace(old, new)) == ()


def test_an_absent_message_that_one_of_them_answers_weakens_it():
    answers = '\n#3 2022-01-20 09:30 a@home.example -> desk@get.example "Re: Letter" [re #4] : Thank you.\n#4 2022-01-19 09:30 desk@get.example -> a@home.example "Letter" [absent] : The new routes.'
    (gap,) = of(FORUM, LATE, answers)
    assert failed(gap) == ["An earlier notice is cited and was not supplied"]
    assert gap.severity is Severity.LOW


def test_without_a_mailbox_of_the_time_before_it_is_not_testable():
    stage = STAGE.replace("2021-09-01 to 2022-03-31", "2022-01-10 to 2022-03-31")
    (gap,) = findings(view_of(stage + FORUM + LATE, events=(EVENT,), audiences=(ROLL,)))
    assert gap.observability is Observability.NOT_TESTABLE


def test_fewer_than_the_threshold_are_no_gap():
    assert of("\n rule told_second_hand people = 2\n", FORUM, LATE) == ()
