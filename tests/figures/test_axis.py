"""The time axis counts as clocks run in Europe/London, and its ticks say what a reader needs."""

from datetime import UTC, date, datetime

import numpy as np

from commtrace.figures import ground
from commtrace.figures.marks import DAY, clock, clock_of_day, day_of_clock, time_axis


def test_a_summer_time_lies_where_london_clocks_show_it() -> None:
    when = datetime(2022, 6, 1, 23, 30, tzinfo=UTC)  # 00:30 on the 2nd in London
    assert day_of_clock(clock(when)) == date(2022, 6, 2)


def test_many_times_at_once_agree_with_one_at_a_time() -> None:
    stamps = [datetime(2022, month, 27, hour, 59, 59, tzinfo=UTC)
              for month in (1, 3, 7, 10) for hour in (0, 1, 12, 23)]  # fmt: skip
    seconds = np.array([int(s.timestamp()) for s in stamps], dtype=np.int64)
    assert ground._clocks(seconds).tolist() == [clock(s) for s in stamps]


def test_no_times_give_no_clocks() -> None:
    assert ground._clocks(np.zeros(0, dtype=np.int64)).tolist() == []


def words(first: date, last: date, most: int = 9) -> list[str]:
    return [w for _, w in time_axis(clock_of_day(first), clock_of_day(last), most=most).ticks]


def test_a_week_is_told_by_days_and_names_its_year_once() -> None:
    assert words(date(2022, 2, 7), date(2022, 2, 14))[:3] == ["7 Feb 2022", "8 Feb", "9 Feb"]


def test_two_months_are_told_by_weeks_that_begin_on_mondays() -> None:
    axis = time_axis(clock_of_day(date(2022, 1, 5)), clock_of_day(date(2022, 3, 5)))
    assert {day_of_clock(x).weekday() for x, _ in axis.ticks} == {0}


def test_years_are_named_where_they_change() -> None:
    assert words(date(2021, 6, 1), date(2022, 8, 1))[:4] == ["Jul 2021", "Sep", "Nov", "Jan 2022"]


def test_no_tick_lies_outside_the_axis() -> None:
    first, last = clock_of_day(date(2021, 6, 3)) + 7, clock_of_day(date(2021, 6, 20)) - 7
    assert all(first <= x <= last for x, _ in time_axis(first, last).ticks)


def test_twenty_years_have_few_ticks() -> None:
    assert 2 <= len(words(date(2000, 1, 1), date(2022, 1, 1))) <= 24


def test_a_day_is_a_day_long_on_the_axis_whatever_the_clocks_do() -> None:
    assert clock_of_day(date(2022, 3, 28)) - clock_of_day(date(2022, 3, 27)) == DAY
