"""Date headers in forms that no standard has: read where all of it is written, else left alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from commtrace.moments import Basis, loose_time
from commtrace.parsers._maildate import mail_date

READ = {
    "2022.02.08 16:15:30 +0100": datetime(2022, 2, 8, 15, 15, 30, tzinfo=UTC),
    "16:15 on 8 Feb 2022 +0000": datetime(2022, 2, 8, 16, 15, tzinfo=UTC),
    "2022/02/08 16h15 -0500": datetime(2022, 2, 8, 21, 15, tzinfo=UTC),
}


@pytest.mark.parametrize(("said", "when"), READ.items())
def test_a_form_of_its_own_is_read_with_a_doubt(said, when):
    moment, doubts = mail_date(said, Basis.DATE_HEADER)
    assert moment is not None
    assert moment.earliest == when
    assert any("form of its own" in doubt for doubt in doubts)


def test_without_a_zone_it_is_as_wide_as_the_zones_of_the_world():
    moment, _ = mail_date("2022.02.08 16:15:30", Basis.DATE_HEADER)
    assert (moment.latest - moment.earliest).total_seconds() > 24 * 3600


@pytest.mark.parametrize(
    "said",
    ["February 2022 16:15", "8/2 16:15", "16:15", "12 hello 1234", "2022", "31.02.2022 10:00:00",
     "1" * 90, ":" * 90, "1e99999 2022 10:00", "Mon Tue Wed 2022 10 11"],
)  # fmt: skip
def test_what_is_not_all_written_is_not_filled_in(said):
    assert loose_time(said) is None


def test_the_year_first_is_month_then_day_and_anything_else_is_day_first():
    assert loose_time("2022/02/08 16h15") == datetime(2022, 2, 8, 16, 15)  # noqa: DTZ001
    assert loose_time("16:15 08/02/2022") == datetime(2022, 2, 8, 16, 15)  # noqa: DTZ001
