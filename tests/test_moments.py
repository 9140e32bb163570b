from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtrace import moments
from commtrace.moments import Basis, Moment

NOON = datetime(2022, 2, 11, 12, 0, tzinfo=UTC)


def of(text):
    return [(found.day, found.said, found.doubt) for found in moments.written_dates(text)]


def at(hours, width=1):
    start = NOON + timedelta(hours=hours)
    return Moment(
        earliest=start, latest=start + timedelta(hours=width), said="", basis=Basis.LETTERHEAD
    )


def test_a_moment_without_a_zone_or_that_ends_before_it_begins_cannot_be_made():
    with pytest.raises(ValueError, match="zone"):
        Moment(
            earliest=datetime(2022, 2, 11),  # noqa: DTZ001 - the naive time is the case
            latest=NOON,
            said="",
            basis=Basis.LETTERHEAD,
        )
    with pytest.raises(ValueError, match="ends after"):
        Moment(earliest=NOON, latest=NOON, said="", basis=Basis.LETTERHEAD)


def test_before_is_sure_only_where_the_intervals_do_not_meet():
    assert at(0).before(at(1)) is True
    assert at(1).before(at(0)) is False
    assert at(0, 2).before(at(1)) is None


def test_an_instant_is_its_second_in_utc():
    found = moments.instant(
        datetime(2022, 2, 11, 14, 30, 5, 999, tzinfo=timezone(timedelta(hours=2))), "x", Basis.STAMP
    )
    assert found.earliest == datetime(2022, 2, 11, 12, 30, 5, tzinfo=UTC)
    assert found.exact
    assert found.last_second == found.earliest


def test_a_day_is_as_clocks_run_in_london():
    summer = moments.days(date(2022, 7, 1), date(2022, 7, 1), "1 July", Basis.LETTERHEAD)
    assert summer.earliest == datetime(2022, 6, 30, 23, tzinfo=UTC)
    assert summer.latest == datetime(2022, 7, 1, 23, tzinfo=UTC)


def test_the_days_on_which_clocks_change_are_23_and_25_hours_long():
    for day, hours in ((date(2022, 3, 27), 23), (date(2022, 10, 30), 25)):
        assert moments.end_of(day) - moments.start_of(day) == timedelta(hours=hours)


@given(day=st.dates(min_value=date(1970, 1, 2), max_value=date(2099, 12, 30)))
def test_every_moment_of_a_day_is_on_that_day(day):
    assert moments.local_day(moments.start_of(day)) == day
    assert moments.local_day(moments.end_of(day) - timedelta(seconds=1)) == day
    assert moments.local_day(moments.end_of(day)) == day + timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "day", "doubt"),
    [
        ("seen on 11/02/2022", date(2022, 2, 11), "read day first"),
        ("seen on 21/02/2022", date(2022, 2, 21), None),
        (
            "seen on 02/21/2022",
            date(2022, 2, 21),
            "read month first: the second number is no month",
        ),
        ("seen on 11.02.22", date(2022, 2, 11), "read day first"),
        ("seen on 02-02-2022", date(2022, 2, 2), None),
        ("11th of February 2022", date(2022, 2, 11), None),
        ("11 Feb. 2022", date(2022, 2, 11), None),
        ("February 11th, 2022", date(2022, 2, 11), None),
        ("1 Sept 2021", date(2021, 9, 1), None),
        ("1 September 2021", date(2021, 9, 1), None),
        ("on 2022-02-11T10:00", date(2022, 2, 11), None),
    ],
)
def test_dates_are_read_day_first_and_doubts_are_said(text, day, doubt):
    assert [(found, why) for found, _, why in of(text)] == [(day, doubt)]


@pytest.mark.parametrize(
    "text",
    ["31 February 2022", "32/01/2022", "call 01622 123456", "version 1.2.3.4", "11/02", "may 2022",
     "11 February 1066", "2022-13-01", "on 2022-02-111"],
)  # fmt: skip
def test_what_is_no_full_date_is_not_read_as_one(text):
    assert of(text) == []


def test_the_words_and_their_place_are_kept_in_order():
    text = "from 7 Dec 2021 until 11/02/2022"
    found = moments.written_dates(text)
    assert [text[one.start : one.end] for one in found] == ["7 Dec 2021", "11/02/2022"]


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (None, "undated"),
        (moments.instant(NOON, "", Basis.STAMP), "11 Feb 2022, 12:00"),
        (moments.instant(NOON.replace(month=7), "", Basis.STAMP), "11 Jul 2022, 13:00"),
        (moments.days(date(2022, 2, 7), date(2022, 2, 7), "", Basis.STAMP), "7 Feb 2022"),
        (
            moments.days(date(2022, 2, 7), date(2022, 2, 13), "", Basis.STAMP),
            "7 Feb 2022 to 13 Feb 2022",
        ),
    ],
)
def test_moments_are_said_as_a_british_reader_writes_them(moment, words):
    assert moments.say(moment) == words


def test_exports_write_utc():
    assert moments.utc_text(NOON) == "2022-02-11T12:00:00Z"


def test_only_years_from_1970_to_2100_are_reasoned_about():
    assert moments.plausible(NOON)
    assert not moments.plausible(NOON.replace(year=1969))
    assert not moments.plausible(NOON.replace(year=2101))
