# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from functools import partial

from stories import found_by, view_of

from commtrace.model import Observability, Severity

STAGE = """
    party get directorate get.example
    party members members cllr.example
    party families families home.example
    mailbox desk@get.example 2021-12-01 to 2022-03-31
    as of 2022-03-31
    #1 2022-01-10 09:30 parent@home.example -> desk@get.example "Bus" : Can you tell me who the driver is?
"""
AGAIN = '    #{n} {day} 09:30 parent@home.example -> {to} "Re: Bus" [re #1] : {words}\n'
ASKS = "I have had no reply. Can you tell me who the driver is?"
findings = partial(found_by, "chaser_ladder")


def ladder(*days, to="desk@get.example", words=ASKS):
    return "".join(AGAIN.format(n=n, day=day, to=to, words=words) for n, day in enumerate(days, 2))


def test_two_reminders_without_an_answer_are_a_ladder_with_its_days():
    (gap,) = findings(view_of(STAGE + ladder("2022-01-17", "2022-01-24")))
    assert "came back to it two times, on 17 Jan 2022 and 24 Jan 2022" in gap.sentence
    assert gap.about == ("message-1", "message-2", "message-3")
    assert gap.severity is Severity.MATERIAL
    assert gap.observability is Observability.ONE_SIDE


def test_one_reminder_is_no_ladder():
    assert findings(view_of(STAGE + ladder("2022-01-17"))) == ()


def test_four_steps_and_no_answer_are_grave():
    steps = ladder("2022-01-17", "2022-01-24", "2022-01-31", "2022-02-07")
    (gap,) = findings(view_of(STAGE + steps))
    assert gap.severity is Severity.GRAVE


def test_whoever_was_written_to_at_a_later_step_is_named():
    last = AGAIN.format(
        n=9, day="2022-02-01", to="desk@get.example, penfold@cllr.example", words=ASKS
    )
    (gap,) = findings(view_of(STAGE + ladder("2022-01-17") + last))
    assert "At a later step penfold@cllr.example was written to as well." in gap.sentence
    assert gap.measure["people added"] == 1


def test_an_answer_after_the_first_step_ends_it():
    answer = '    #a 2022-01-12 09:30 desk@get.example -> parent@home.example "Re: Bus" [re #1] : The driver is Jo.\n'
    assert findings(view_of(STAGE + answer + ladder("2022-01-17", "2022-01-24"))) == ()


def test_an_answer_in_the_end_is_said():
    answer = '    #a 2022-02-12 09:30 desk@get.example -> parent@home.example "Re: Bus" [re #1] : The driver is Jo.\n'
    (gap,) = findings(view_of(STAGE + ladder("2022-01-17", "2022-01-24") + answer))
    assert "An answer is on record on 12 Feb 2022." in gap.sentence


def test_reminders_under_a_subject_that_repeats_the_first_are_steps():
    other = AGAIN.replace('"Re: Bus" [re #1]', '"{subject}"')
    steps = [
        other.format(n=n, day=day, to="desk@get.example", words=ASKS, subject=subject)
        for n, day, subject in ((2, "2022-01-17", "Bus again"), (3, "2022-01-24", "Chasing: bus"))
    ]
    (gap,) = findings(view_of(STAGE + "".join(steps)))
    assert gap.about == ("message-1", "message-2", "message-3")
    assert findings(view_of(STAGE + "".join(steps).replace("us again", "ath").replace(
        "hasing: bus", "lothes"))) == ()  # fmt: skip


def test_without_a_mailbox_of_either_side_for_the_time_it_says_that_it_cannot_be_tested():
    stage = STAGE.replace("2021-12-01 to 2022-03-31", "2022-02-01 to 2022-03-31")
    (gap,) = findings(view_of(stage + ladder("2022-01-17", "2022-01-24")))
    assert gap.observability is Observability.NOT_TESTABLE
    assert gap.severity is Severity.LOW
    assert "neither party's mailbox was provided for the whole time" in gap.sentence


def test_the_ladder_is_as_long_as_both_calendars_say():
    stage = STAGE.replace("home.example\n", "home.example in:school\n")
    stage += "    holiday 2022-02-14 to 2022-02-18 half term\n"
    (gap,) = findings(view_of(stage + ladder("2022-01-17", "2022-02-21")))
    assert "over 30 working days and 25 school days" in gap.sentence
