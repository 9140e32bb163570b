# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest
from stories import failed, found_by, view_of

from commtrace.gaps._series import title_of
from commtrace.model import Observability, Severity, Strength
from commtrace.moments import local_day

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    mailbox lead@get.example 2021-12-01 to 2022-04-30
    as of 2022-04-30
"""
findings = partial(found_by, "broken_series")
MONDAY = date(2022, 2, 7)


def issue(n, day, subject, text="The figures of the day.", options=""):
    return (
        f'#{n} {day} 17:00 lead@get.example -> head@cype.example "{subject}" {options} : {text}\n'
    )


def daily(skipped=(), days=15, subject="Daily report {day.day} February", stage=STAGE):
    every = [MONDAY + timedelta(days=n) for n in range(days)]
    return stage + "".join(
        issue(n, day, subject.format(day=day, n=n))
        for n, day in enumerate(d for d in every if d.weekday() < 5)
        if day not in skipped
    )


def window(gap):
    return local_day(gap.window.earliest), local_day(gap.window.last_second)


def test_a_working_day_without_its_report_is_a_gap_between_two_issues():
    (gap,) = findings(view_of(daily(skipped={date(2022, 2, 16)})))
    assert window(gap) == (date(2022, 2, 16), date(2022, 2, 16))
    assert gap.observability is Observability.OBSERVED
    assert (gap.severity, gap.strength) == (Severity.MATERIAL, Strength.INDICATED)
    assert "every working day from 7 Feb 2022 to 21 Feb 2022 (10 of 11)" in gap.sentence
    assert "No record of an issue on 16 Feb 2022 was found in the mailbox of" in gap.sentence


def test_a_series_without_a_hole_is_none_and_weekends_are_no_holes():
    assert findings(view_of(daily())) == ()


def test_a_closed_day_is_no_hole():
    closed = STAGE + "    closed 2022-02-16 to 2022-02-16 training day\n"
    assert findings(view_of(daily(skipped={date(2022, 2, 16)}, stage=closed))) == ()


def test_numbers_show_which_issue_is_absent():
    (gap,) = findings(view_of(daily(skipped={date(2022, 2, 10)}, subject="Sitrep {n}")))
    assert "No record of number 3 (on 10 Feb 2022)" in gap.sentence
    assert gap.strength is Strength.CORROBORATED


def test_a_weekly_note_that_skips_a_week():
    weeks = [MONDAY + timedelta(days=7 * n) for n in range(9) if n != 5]
    story = STAGE + "".join(
        issue(n, day, f"Forum note {day.day}/{day.month}") for n, day in enumerate(weeks)
    )
    (gap,) = findings(view_of(story))
    assert gap.measure["pace"] == "week"
    assert window(gap)[0] == date(2022, 3, 14)


def test_letters_at_no_pace_are_no_series():
    days = [
        date(2022, 2, 1),
        date(2022, 2, 2),
        date(2022, 2, 14),
        date(2022, 3, 1),
        date(2022, 3, 29),
        date(2022, 4, 20),
    ]
    assert (
        findings(view_of(STAGE + "".join(issue(n, d, "Routes") for n, d in enumerate(days)))) == ()
    )


def test_four_issues_are_too_few():
    assert findings(view_of(daily(skipped={date(2022, 2, 9)}, days=5))) == ()


def test_an_issue_that_others_cite_is_a_missing_message_and_not_reported_twice():
    skipped = date(2022, 2, 16)
    story = daily(skipped={skipped}) + issue(
        "x", skipped, "Daily report 16 February", options="[absent]"
    )
    story += '#y 2022-02-16 18:00 head@cype.example -> lead@get.example "Re: Daily report 16 February" [re #x] : Thanks.\n'
    assert findings(view_of(story)) == ()
    assert len(found_by("missing_message", view_of(story))) == 1


def test_the_next_issue_that_names_the_day_may_stand_for_both():
    story = daily(skipped={date(2022, 2, 16), date(2022, 2, 17)})
    story += issue(
        "x",
        date(2022, 2, 17),
        "Daily report 17 February",
        "For 16 and 17 February, and the 16th February first.",
    )
    (gap,) = findings(view_of(story))
    assert failed(gap) == ["The next issue covers it as well"]
    assert gap.severity is Severity.LOW


def test_the_next_issue_under_another_title_may_stand_for_both():
    story = daily(skipped={date(2022, 2, 16), date(2022, 2, 17)})
    story += issue("x", date(2022, 2, 17), "Daily report 16 and 17 February")
    (gap,) = findings(view_of(story))
    assert failed(gap) == ["It went out under another subject"]


def test_the_same_people_got_something_else_that_day():
    story = daily(skipped={date(2022, 2, 16)}) + issue("x", date(2022, 2, 16), "Figures")
    (gap,) = findings(view_of(story))
    assert failed(gap) == ["It went out under another subject"]


def test_where_the_senders_mailbox_is_empty_then_it_is_one_side():
    """The weekly note of 21 February: of that week the mailbox holds nothing, though others do."""
    weeks = [MONDAY + timedelta(weeks=n) for n in range(7)]
    notes = [issue(n, day, "Weekly note") for n, day in enumerate(weeks) if n != 2]
    other = issue("x", date(2022, 2, 22), "Depots", options="[held head@cype.example]")
    (gap,) = findings(view_of(STAGE + "".join(notes)))
    assert gap.observability is Observability.OBSERVED
    (gap,) = findings(view_of(STAGE + "".join(notes) + other))
    assert gap.observability is Observability.ONE_SIDE


def test_without_a_mailbox_it_is_not_testable():
    stage = STAGE.replace("mailbox lead@get.example 2021-12-01 to 2022-04-30", "")
    (gap,) = findings(view_of(daily(skipped={date(2022, 2, 16)}, stage=stage)))
    assert gap.observability is Observability.NOT_TESTABLE


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("Situation report 7: 22 February 2022", "situation report #: # # #"),
        ("Re: Daily note, Tuesday 3rd", "daily note, # #"),
        ("12/2/22", ""),
        ("[GET] Weekly figures w/c 14 Feb", "weekly figures w/c # #"),
    ],
)
def test_a_title_is_what_stays_from_issue_to_issue(subject, title):
    assert title_of(subject) == title
