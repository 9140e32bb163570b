from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtrace.workdays import EVERY_DAY, calendar, counting_days_array

DAYS = st.dates(min_value=date(2015, 1, 1), max_value=date(2030, 12, 31))
OFF = st.lists(DAYS, max_size=40)


def slowly(days, first, last):
    """Counting days from `first` to `last`, both included, one by one."""
    span = (last - first).days
    return sum(days.counts(first + timedelta(days=n)) for n in range(span + 1))


@given(start=DAYS, end=DAYS, off=OFF, weekdays=st.booleans())
def test_elapsed_counts_after_the_start_up_to_and_with_the_end(start, end, off, weekdays):
    days = calendar("any", weekdays_only=weekdays, closed=off)
    assert days.elapsed(start, end) == slowly(days, start + timedelta(days=1), end)


@given(start=DAYS, end=DAYS, off=OFF)
def test_clear_days_count_strictly_between(start, end, off):
    days = calendar("any", closed=off)
    inside = slowly(days, start + timedelta(days=1), end - timedelta(days=1))
    assert days.clear_days(start, end) == inside


@given(start=DAYS, number=st.integers(min_value=1, max_value=60), off=OFF)
def test_the_due_day_counts_and_is_the_first_on_which_the_days_have_elapsed(start, number, off):
    days = calendar("any", closed=off)
    due = days.due(start, number)
    assert days.counts(due)
    assert days.elapsed(start, due) == number
    assert days.elapsed(start, due - timedelta(days=1)) == number - 1


@given(first=DAYS, last=DAYS, off=OFF)
def test_the_listed_days_are_those_that_count(first, last, off):
    days = calendar("any", closed=off)
    listed = days.days(first, last)
    assert len(listed) == slowly(days, first, last)
    assert all(days.counts(day) for day in listed)
    assert counting_days_array(listed, first, last) == len(listed)


def test_nothing_elapses_backwards_or_on_the_day_itself():
    days = calendar("working")
    assert days.elapsed(date(2022, 2, 11), date(2022, 2, 11)) == 0
    assert days.elapsed(date(2022, 2, 11), date(2022, 2, 1)) == 0
    assert days.clear_days(date(2022, 2, 11), date(2022, 2, 12)) == 0


def test_no_days_are_due_on_the_day_itself():
    assert calendar("working").due(date(2022, 2, 12), 0) == date(2022, 2, 12)


def test_a_closed_day_on_a_weekend_is_not_taken_off_twice():
    days = calendar("working", closed=[date(2022, 1, 1), date(2022, 1, 3)])
    assert days.closed == (date(2022, 1, 3),)
    assert days.elapsed(date(2021, 12, 31), date(2022, 1, 7)) == 4


def test_every_day_counts_weekends_and_holidays():
    assert EVERY_DAY.elapsed(date(2021, 12, 24), date(2022, 1, 3)) == 10


@pytest.mark.parametrize("end", [date(2022, 2, 12), date(2022, 2, 13)])
def test_a_weekend_adds_nothing_to_a_working_week(end):
    assert calendar("working").elapsed(date(2022, 2, 4), end) == 5


def test_a_calendar_in_which_nothing_counts_ends_its_search():
    closed = [date(2022, 1, 1) + timedelta(days=n) for n in range(366 * 41)]
    never = calendar("never", weekdays_only=False, closed=closed)
    assert never.due(date(2022, 1, 1), 1) > date(2060, 1, 1)
