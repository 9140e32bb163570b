"""Dates above quotations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from commtrace.quoted_dates import moment, readings


@pytest.mark.parametrize(
    "words",
    [
        "7 February 2022 09:30",
        "Mon, 7 Feb 2022 at 09:30",
        "Monday, February 7, 2022 9:30 AM",
        "07/02/2022 09:30",
        "2022-02-07 09:30:00",
        "7-Feb-22 09:30",
        "2022.02.07 09:30",
    ],
)
def test_the_clock_on_the_wall_is_read_with_its_time(words):
    assert readings(words)[0].wall == datetime(2022, 2, 7, 9, 30)  # noqa: DTZ001 - no zone is written


def test_a_date_that_reads_both_ways_is_read_day_first_and_then_month_first():
    days = [(r.wall.month, r.wall.day) for r in readings("07/02/2022 09:30")]
    assert days == [(2, 7), (7, 2)]


def test_an_afternoon_is_twelve_hours_on():
    assert readings("Feb 7, 2022 at 12:05 PM")[0].wall.hour == 12
    assert readings("Feb 7, 2022 at 1:05 PM")[0].wall.hour == 13


def test_a_written_offset_wins_over_one_supposed():
    (reading,) = readings("Mon, 7 Feb 2022 09:30:00 -0500")
    assert reading.at(timedelta(hours=1)) == datetime(2022, 2, 7, 14, 30, tzinfo=UTC)


def test_a_day_without_a_time_is_as_wide_as_that_day_anywhere():
    found = moment("7 February 2022")
    assert found.latest - found.earliest == timedelta(hours=24 + 26)


def test_words_without_a_date_give_nothing():
    assert moment("yesterday") is None


@pytest.mark.parametrize("name", ["Paul Orr", "Ann Lee", "Priya P."])
def test_the_first_letter_of_a_name_is_no_half_of_the_day(name):
    (found, *_) = readings(f"Fri, 11 Feb 2022 at 4:33 {name}")
    assert (found.wall.hour, found.wall.minute) == (4, 33)
