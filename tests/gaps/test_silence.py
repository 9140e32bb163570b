# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from datetime import date
from functools import partial

import numpy as np
import pytest
from stories import failed, found_by, view_of

from commtrace.gaps import _rhythm
from commtrace.gaps._wording import number
from commtrace.model import Observability, Severity, Strength

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    as of 2022-03-31
"""
BOTH = """
    mailbox a@get.example 2021-09-01 to 2022-03-31
    mailbox b@cype.example 2021-09-01 to 2022-03-31
"""
DAILY = """
    each working day 2021-09-01 to 2021-12-23 a@get.example -> b@cype.example "Report" : Today's figures.
"""
AGAIN = """
    each working day 2022-02-14 to 2022-03-31 a@get.example -> b@cype.example "Report" : Today's figures.
"""
BACK = """
    #b1 2022-01-20 10:00 b@cype.example -> a@get.example "Report?" : Is there anything new today?
"""


findings = partial(found_by, "silence")


def of(*parts, **changes):
    return findings(view_of("".join(parts), **changes))


def test_a_daily_report_that_stops_for_seven_weeks_is_unusually_long():
    (gap,) = of(STAGE, BOTH, DAILY, AGAIN, BACK)
    assert gap.observability is Observability.OBSERVED
    assert gap.parties == ("get", "cype")
    assert gap.anchor[:2] == ("get", "cype")
    assert gap.measure["active days silent"] == 33  # 24 December to 11 February
    assert gap.measure["baseline messages"] == 60
    assert gap.strength is Strength.INDICATED  # nothing else of the sender is on record
    assert "It is unusually long" in gap.sentence
    assert "from 24 Dec 2021 to 11 Feb 2022 (33 working days)" in gap.sentence
    assert "The shortest silence that this test can tell from chance here is" in gap.sentence
    assert "Christmas Day (observed) (27 Dec 2021)" in gap.sentence
    tested = gap.measure["silences tested"]
    assert tested >= 1
    assert f"Of {number(tested, 'silence')} tested in this case one stands after" in gap.sentence
    assert "at most about 5% of such are expected to be chance" in gap.sentence
    assert {c.role for c in gap.cites} == {
        "the last message before",
        "the first message after",
        "the other side wrote meanwhile",
    }


def test_an_event_in_the_silence_and_other_traffic_make_it_grave():
    others = """
    every 5 working days 2021-09-01 to 2022-03-31 a@get.example -> c@get.example "Inside" : Hello.
    """
    event = "\n event 2022-02-11 promised date\n"
    (gap,) = of(STAGE, BOTH, event, DAILY, AGAIN, BACK, others)
    assert failed(gap) == []
    assert gap.severity is Severity.GRAVE
    assert gap.strength is Strength.CORROBORATED
    assert "promised date" in gap.sentence
    assert gap.owes == "get"


def test_one_side_is_said_to_be_one_side():
    (gap,) = of(STAGE, "\n mailbox a@get.example 2021-09-01 to 2022-03-31\n", DAILY, AGAIN)
    assert gap.observability is Observability.ONE_SIDE
    assert "from one side only" in gap.sentence


@pytest.mark.parametrize(
    "mailboxes",
    [
        "\n mailbox a@get.example 2021-09-01 to 2021-12-23\n",
        "\n mailbox a@get.example 2022-02-01 to 2022-03-31\n",
        """
        mailbox a@get.example 2021-09-01 to 2021-12-31
        mailbox b@cype.example 2021-09-01 to 2021-12-31
        mailbox c@cype.example 2021-09-01 to 2022-03-31
        """,
    ],
    ids=["ends before it", "begins in it", "another's mailbox that never showed the exchange"],
)
def test_a_silence_that_the_mailboxes_do_not_cover_is_not_claimed(mailboxes):
    assert of(STAGE, mailboxes, DAILY, AGAIN) == ()


def test_closed_days_are_no_silence():
    stage = STAGE + "\n closed 2021-12-24 to 2022-02-11 offices closed\n"
    assert of(stage, BOTH, DAILY, AGAIN) == ()


def test_few_messages_support_no_silence():
    few = """
    every 9 working days 2021-09-01 to 2021-12-23 a@get.example -> b@cype.example "Report" : Figures.
    """
    assert of(STAGE, BOTH, few, AGAIN) == ()


def test_without_sixty_working_days_before_it_nothing_is_tested():
    short = DAILY.replace("2021-09-01", "2021-10-08")
    assert of(STAGE, BOTH, short, AGAIN) == ()


def test_mass_and_automatic_mail_neither_make_a_rhythm_nor_break_a_silence():
    assert of(STAGE, BOTH, DAILY.replace('"Report"', '"Report" [bulk]'), AGAIN) == ()
    noise = """
    #n 2022-01-20 10:00 a@get.example -> b@cype.example "Automatic reply: x" [auto] : Away.
    """
    (gap,) = of(STAGE, BOTH, DAILY, AGAIN, noise)
    assert "Those who usually wrote were away" in failed(gap)


def test_a_silence_still_open_at_the_end_is_low_and_says_so():
    (gap,) = of(STAGE, BOTH, DAILY)
    assert gap.measure["open at the end"] == 1
    assert gap.severity is Severity.LOW
    assert "its full length is not known" in gap.sentence
    assert "from 24 Dec 2021 to 31 Mar 2022" in gap.sentence


def test_a_silence_that_was_usual_before_is_not_reported():
    halves = """
    each working day 2021-06-01 to 2021-07-16 a@get.example -> b@cype.example "Report" : Figures.
    each working day 2021-09-01 to 2021-12-23 a@get.example -> b@cype.example "Report" : Figures.
    """
    mailboxes = BOTH.replace("2021-09-01", "2021-06-01")
    assert of(STAGE, mailboxes, halves, AGAIN) == ()


def test_somebody_meeting_instead_is_named():
    met = """
    #m 2022-01-20 10:00 b@cype.example -> a@get.example "Report" : Good to speak on Teams this morning.
    """
    (gap,) = of(STAGE, BOTH, DAILY, AGAIN, met)
    assert "They spoke or met instead" in failed(gap)


def test_the_period_reviewed_ends_the_silence():
    period = (date(2021, 9, 1), date(2022, 1, 31))
    (gap,) = of(STAGE, BOTH, DAILY, period=period)
    assert "to 31 Jan 2022" in gap.sentence


@pytest.mark.parametrize(
    ("events", "factor", "days"),
    [(12, 1, 28), (20, 1, 16), (30, 2, 22), (60, 2, 10), (60, 5, 28), (120, 1, 2.3), (120, 5, 13)],
)
def test_the_shortest_detectable_silence_is_that_of_the_published_table(events, factor, days):
    found = _rhythm.shortest_detectable(events, factor, 0.01, 60)
    assert found == pytest.approx(days, abs=0.6)
    assert _rhythm.chance(events, factor, found, 60) == pytest.approx(0.01)


def test_the_adjusted_chances_are_those_of_benjamini_and_hochberg():
    # the worked example of their 1995 paper: four of fifteen are rejected at .05
    chances = [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719,
               .6528, .7590, 1.0]  # fmt: skip
    assert sum(q <= 0.05 for q in _rhythm.adjusted(chances[::-1])) == 4


def test_regular_series_have_no_dispersion_and_bursts_have():
    assert _rhythm.dispersion(np.full(12, 5)) == 1
    assert _rhythm.dispersion(np.array([0, 20] * 6)) > 5
    assert _rhythm.dispersion(np.array([0, 20])) == 1


def test_over_dispersed_series_with_nothing_missing_are_seldom_called_silent():
    import importlib.util
    from pathlib import Path

    path = Path(__file__).parents[2] / "benchmarks" / "silence.py"
    spec = importlib.util.spec_from_file_location("benchmark_of_silence", path)
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    figures = benchmark.measure(series=150, seed=7)
    assert figures["tested"] > 1000
    assert figures["false rate at .01"] <= 0.02
    assert figures["power at 25 days"] >= 0.7
