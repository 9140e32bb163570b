"""Mail dates: what is exact, what is as wide as the world's zones, and what is no date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commtrace.moments import Basis, instant
from commtrace.parsers._maildate import mail_date, narrowed

H = Basis.DATE_HEADER
EXACT = [
    ("Mon, 3 Jan 2022 10:00:00 +0000", "2022-01-03 10:00:00"),
    ("Mon, 03 Jan 2022 10:00:00 +0000", "2022-01-03 10:00:00"),
    ("Mon,3 Jan 2022 10:00:00 +0000", "2022-01-03 10:00:00"),
    ("3 Jan 2022 10:00:00 +0000", "2022-01-03 10:00:00"),
    ("3 Jan 2022 10:00 +0000", "2022-01-03 10:00:00"),
    ("Mon, 3 Jan 2022 10:00:00 +0100", "2022-01-03 09:00:00"),
    ("Mon, 3 Jan 2022 10:00:00 +01:00", "2022-01-03 09:00:00"),
    ("Mon, 3 Jan 2022 10:00:00 -0500", "2022-01-03 15:00:00"),
    ("Mon, 3 Jan 2022 10:00:00 -0500 (EST)", "2022-01-03 15:00:00"),
    ("Mon, 3 Jan 2022 10:00:00 +0530", "2022-01-03 04:30:00"),
    ("Mon, 3 Jan 2022 10:00:00 +1400", "2022-01-02 20:00:00"),
    ("Mon, 3 Jan 2022 10:00:00 -1200", "2022-01-03 22:00:00"),
    ("Mon, 3 Jan 2022 10:00:00 Z", "2022-01-03 10:00:00"),
    ("Mon, 3 Jan 2022 10:00:00 UT", "2022-01-03 10:00:00"),
    ("Mon, 3 Jan 2022 10:00:00 UTC", "2022-01-03 10:00:00"),
    ("Mon, 3 Jan 2022 10:00:00 GMT", "2022-01-03 10:00:00"),
    ("Mon, 3 Jan 2022 10:00:00 GMT+0100", "2022-01-03 09:00:00"),
    ("Mon, 3 Jan 2022 10.00.00 +0000", "2022-01-03 10:00:00"),
    ("Mon, 3 Jan 2022 10:00:00.123 +0000", "2022-01-03 10:00:00"),
    ("Mon, 3-Jan-2022 10:00:00 +0000", "2022-01-03 10:00:00"),
    ("Monday, 3 January 2022 10:00:00 +0000", "2022-01-03 10:00:00"),
    ("Mon, 3 JAN 2022 10:00:00 +0000", "2022-01-03 10:00:00"),
    ("Mon Jan  3 10:00:00 2022 +0000", "2022-01-03 10:00:00"),
    ("Mon Jan 3 10:00:00 GMT 2022", "2022-01-03 10:00:00"),
    ("Mon Jan 3 10:00:00 +0100 2022", "2022-01-03 09:00:00"),
    ("Monday, January 3, 2022 10:00 AM +0000", "2022-01-03 10:00:00"),
    ("Mon, 3 Jan 2022 10:00:00 PM +0000", "2022-01-03 22:00:00"),
    ("Mon, 3 Jan 2022 12:00:00 AM +0000", "2022-01-03 00:00:00"),
    ("2022-01-03T10:00:00Z", "2022-01-03 10:00:00"),
    ("2022-01-03 10:00:00+01:00", "2022-01-03 09:00:00"),
    ("2022-01-03T10:00:00.5+0000", "2022-01-03 10:00:00"),
    ("Thu, 29 Feb 2024 10:00:00 +0000", "2024-02-29 10:00:00"),
    ("Sat, 31 Dec 2016 23:59:60 +0000", "2016-12-31 23:59:59"),
    ("Thu, 1 Jan 1970 00:00:00 +0000", "1970-01-01 00:00:00"),
    ("Sun, 27 Mar 2022 01:30:00 +0000", "2022-03-27 01:30:00"),
    ("Sun, 27 Mar 2022 00:59:59 +0000", "2022-03-27 00:59:59"),
    ("Sun, 27 Mar 2022 02:00:00 +0100", "2022-03-27 01:00:00"),
    ("Sun, 30 Oct 2022 01:30:00 +0100", "2022-10-30 00:30:00"),
    ("Sun, 30 Oct 2022 01:30:00 +0000", "2022-10-30 01:30:00"),
]
BY_NAME = [
    ("Fri, 1 Jul 2022 10:00:00 BST", "2022-07-01 09:00:00"),
    ("Fri, 1 Jul 2022 10:00:00 GMT", "2022-07-01 10:00:00"),
    ("Mon, 3 Jan 2022 10:00:00 EST", "2022-01-03 15:00:00"),
    ("Mon, 3 Jan 2022 10:00:00 PDT", "2022-01-03 17:00:00"),
    ("Mon, 3 Jan 2022 10:00:00 CET", "2022-01-03 09:00:00"),
    ("Fri, 1 Jul 2022 10:00:00 CEST", "2022-07-01 08:00:00"),
    ('Fri, 1 Jul 2022 10:00:00 "BST"', "2022-07-01 09:00:00"),
    ("Fri, 1 Jul 2022 10:00:00 (BST)", "2022-07-01 09:00:00"),
]
UNKNOWN_ZONE = [
    "Mon, 3 Jan 2022 10:00:00",
    "Mon, 3 Jan 2022 10:00:00 -0000",
    "Mon, 3 Jan 2022 10:00:00 A",
    "Mon, 3 Jan 2022 10:00:00 +9999",
    "Mon, 3 Jan 2022 10:00:00 -2400",
    "Mon, 3 Jan 2022 10:00:00 +0175",
    "Mon, 3 Jan 2022 10:00:00 XYZ",
    "Mon Jan  3 10:00:00 2022",
    "2022-01-03 10:00:00",
]
NO_DATE = [
    "Mon, 30 Feb 2022 10:00:00 +0000",
    "Tue, 29 Feb 2022 10:00:00 +0000",
    "Fri, 31 Apr 2022 10:00:00 +0000",
    "Mon, 0 Jan 2022 10:00:00 +0000",
    "Mon, 32 Jan 2022 10:00:00 +0000",
    "Mon, 3 Jan 0000 10:00:00 +0000",
    "Mon, 3 Jan 1601 00:00:00 +0000",
    "Mon, 3 Jan 9999 10:00:00 +0000",
    "Mon, 3 Jan 202400000000 10:00:00 +0000",
    "Mon, 3 Jan 2022 24:00:00 +0000",
    "Mon, 3 Jan 2022 10:60:00 +0000",
    "Mon, 3 Jan 2022 10:00:61 +0000",
    "Mon, 3 Foo 2022 10:00:00 +0000",
    "Mon, 3 Jan 2022 13:00 PM +0000",
    "03/04/2024",
    "last Tuesday",
    "Whenever",
    "٣ Jan 2022 10:00",
    "9" * 10_000,
]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("said", "expected"), EXACT)
def test_a_date_with_its_zone_is_exact_and_undoubted(said, expected):
    moment, doubts = mail_date(said, H)
    assert (moment.earliest, moment.exact, doubts) == (utc(expected), True, ())


@pytest.mark.parametrize(("said", "expected"), BY_NAME)
def test_a_zone_by_name_is_read_and_doubted(said, expected):
    moment, doubts = mail_date(said, H)
    assert (moment.earliest, moment.exact) == (utc(expected), True)
    assert any("Zone by name" in doubt for doubt in doubts)


@pytest.mark.parametrize("said", UNKNOWN_ZONE)
def test_an_unknown_zone_is_as_wide_as_the_world_and_never_utc(said):
    moment, doubts = mail_date(said, H)
    assert moment.earliest == utc("2022-01-02 20:00:00")
    assert moment.latest == utc("2022-01-03 22:00:01")
    assert doubts


@pytest.mark.parametrize("said", NO_DATE)
def test_what_is_no_date_is_no_moment_and_its_words_are_kept(said):
    moment, doubts = mail_date(said, H)
    assert moment is None
    assert said[:100] in doubts[0]


def test_ist_covers_ireland_israel_and_india():
    moment, _ = mail_date("Mon, 3 Jan 2022 10:00:00 IST", H)
    assert (moment.earliest, moment.latest) == (
        utc("2022-01-03 04:30:00"),
        utc("2022-01-03 09:00:01"),
    )


def test_both_half_past_ones_of_the_autumn_fold_are_an_hour_apart():
    first, _ = mail_date("Sun, 30 Oct 2022 01:30:00 +0100", H)
    second, _ = mail_date("Sun, 30 Oct 2022 01:30:00 +0000", H)
    assert second.earliest - first.earliest == timedelta(hours=1)


@pytest.mark.parametrize("year", ["22", "122"])
def test_a_short_year_is_read_and_doubted(year):
    moment, doubts = mail_date(f"Mon, 3 Jan {year} 10:00:00 +0000", H)
    assert moment.earliest == utc("2022-01-03 10:00:00")
    assert doubts


def test_a_weekday_that_does_not_fit_is_doubted():
    moment, doubts = mail_date("Tue, 3 Jan 2022 10:00:00 +0000", H)
    assert moment.exact
    assert "weekday" in doubts[0]


def test_the_words_are_kept_as_written():
    said = "Mon, 3 Jan 2022 10:00:00 -0500 (EST)"
    assert mail_date(said, H)[0].said == said


def test_an_unknown_zone_is_utc_where_the_first_server_bears_it_out():
    moment, _ = mail_date("Mon, 3 Jan 2022 10:00:00 -0000", H)
    hop = instant(utc("2022-01-03 10:00:05"), "", Basis.RECEIVED)
    assert narrowed(moment, hop).earliest == utc("2022-01-03 10:00:00")


def test_an_unknown_zone_stays_wide_where_the_first_server_does_not():
    moment, _ = mail_date("Mon, 3 Jan 2022 10:00:00 -0000", H)
    hop = instant(utc("2022-01-03 11:00:05"), "", Basis.RECEIVED)
    assert narrowed(moment, hop) is None
    assert narrowed(moment, None) is None


@settings(deadline=None)
@given(
    st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2099, 1, 1)),  # noqa: DTZ001 - wall clocks
    st.integers(-12 * 60, 14 * 60),
)
def test_every_written_date_is_read_back_to_the_second(wall, minutes):
    sign = "-" if minutes < 0 else "+"
    zone = f"{sign}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
    moment, doubts = mail_date(wall.strftime("%a, %d %b %Y %H:%M:%S ") + zone, H)
    expected = (wall - timedelta(minutes=minutes)).replace(microsecond=0, tzinfo=UTC)
    assert (moment.earliest, doubts) == (expected, ())


@settings(deadline=None)
@given(st.text(max_size=80))
def test_no_words_make_reading_a_date_fail(said):
    moment, doubts = mail_date(said, H)
    assert moment is not None or doubts or not said
