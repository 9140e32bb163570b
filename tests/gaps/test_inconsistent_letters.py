from __future__ import annotations

from functools import partial

import pytest
from stories import failed, found_by, view_of

from commtrace.model import Observability, Severity, Strength

STAGE = """
    party get directorate get.example
    party families families home.example
    mailbox desk@get.example 2021-09-01 to 2022-03-31
    as of 2022-03-31
"""
LETTER = (
    "Dear {name},|From {day} your child will be collected by another operator. The crew will carry"
    " identity cards and will wait for three minutes at the gate. Please have your child ready by"
    " {time} each morning. If you are not content with the new arrangement you may write to the"
    " helpdesk, which answers within ten working days, and ask for a review of the route by an"
    " officer who was not concerned with it before. We thank you for your patience in this matter."
)
NAMES = ("Ann Reed", "Bo Field", "Cy Marsh", "Di Ford", "Ed Hill", "Flo West")
findings = partial(found_by, "inconsistent_letters")


def sent(*days, letter=LETTER, to="parent{n}@home.example"):
    text = STAGE
    for n, day in enumerate(days, 1):
        words = letter.format(name=NAMES[n - 1], day=day, time=f"7.{10 + n}")
        who = to.format(n=n)
        text += f'    #{n} 2022-02-0{n} 09:30 desk@get.example -> {who} "Transport {n}" : {words}\n'
    return findings(view_of(text))


RIGHT, OTHER = "Monday 21 February", "Monday 28 February"


def test_two_start_dates_in_one_letter_are_counted_and_cited():
    (gap,) = sent(RIGHT, RIGHT, RIGHT, OTHER)
    assert "“21” stands in three letters and “28” stands in one letter" in gap.sentence
    assert gap.observability is Observability.ONE_SIDE
    assert (gap.severity, gap.strength) == (Severity.MATERIAL, Strength.DIRECT)
    assert [cite.role for cite in gap.cites] == ["has “21”", "has “28”"]


@pytest.mark.parametrize(
    "days",
    [(RIGHT,) * 5, (RIGHT, OTHER), ("Monday 7 March", RIGHT, OTHER, "Monday 14 March", "Friday 4")],
    ids=["all alike", "only two letters", "a slot that differs for everybody"],
)
def test_what_is_no_variant(days):
    assert sent(*days) == ()


def test_names_and_times_that_are_everybodys_own_are_no_fact():
    (gap,) = sent(RIGHT, RIGHT, RIGHT, RIGHT, OTHER)
    assert gap.measure["places that differ"] == 1


def test_whoever_had_a_second_letter_may_have_been_put_right():
    (gap,) = sent(OTHER, RIGHT, RIGHT, RIGHT, to="parent@home.example")
    assert failed(gap) == ["A later letter corrected it"]
    assert gap.severity is Severity.LOW


def test_letters_between_directorates_are_another_matter():
    assert sent(RIGHT, RIGHT, OTHER, to="planner{n}@get.example") == ()


HEAD = "Wantsum Council|Highways|{name}|{n} Church Lane|Our ref: WC/{n}44|4 February 2022|"


def test_head_address_and_salutation_are_each_readers_own():
    short = (
        "Dear {name},|The works start on {day}. Please move your car by eight in the morning. Those"
    )
    short += (
        " who walk can pass at all times, and a ramp is kept for wheelchairs and prams. Bins are"
    )
    short += (
        " emptied on the day before. If you are ill in bed tell the foreman, who will help you."
    )
    letters = [
        HEAD.format(name=NAMES[n - 1], n=n * 7) + short.format(name=NAMES[n - 1], day=day)
        for n, day in enumerate((RIGHT, RIGHT, RIGHT, OTHER), 1)
    ]
    text = STAGE + "".join(
        f'    #{n} 2022-02-0{n} 09:30 desk@get.example -> p{n}@home.example "Works" : {words}\n'
        for n, words in enumerate(letters, 1)
    )
    (gap,) = findings(view_of(text))
    assert "“21” stands in three letters and “28” stands in one letter" in gap.sentence
