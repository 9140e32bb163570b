"""A time as a person types it: a day, a minute, or what lies between two days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from commtrace.errors import CallError
from commtrace.figures.interval import day, interval


def test_a_day_is_as_long_as_clocks_in_london_make_it() -> None:
    found = interval("27 March 2022")
    assert found.latest - found.earliest == timedelta(hours=23)


def test_a_time_is_a_minute_of_london() -> None:
    found = interval("14/07/2022 09:30")
    assert found.earliest == datetime(2022, 7, 14, 8, 30, tzinfo=UTC)
    assert found.latest - found.earliest == timedelta(minutes=1)


def test_an_hour_that_clocks_showed_twice_is_kept_as_both() -> None:
    found = interval("30 Oct 2022, 01:30")
    assert found.latest - found.earliest == timedelta(hours=1, minutes=1)


def test_two_days_bound_the_time_between_them() -> None:
    found = interval("7 Feb 2022", "9 Feb 2022")
    assert found.latest - found.earliest == timedelta(days=3)
    assert found.said == "7 Feb 2022 to 9 Feb 2022"


@pytest.mark.parametrize(
    ("first", "last", "word"),
    [
        ("", "", "when it was"),
        ("last week", "", "cannot be read as a date"),
        ("31/02/2022", "", "cannot be read as a date"),
        ("9 Feb 2022", "7 Feb 2022", "before the first"),
    ],
)
def test_what_cannot_be_meant_is_said_in_a_sentence(first: str, last: str, word: str) -> None:
    with pytest.raises(CallError, match=word):
        interval(first, last)


def test_a_day_alone_is_read_day_first() -> None:
    assert day("03/04/2022") == date(2022, 4, 3)
