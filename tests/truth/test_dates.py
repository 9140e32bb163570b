"""Dates are read as the truth table says, whatever zone or language the machine has."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from commtrace.model import Source
from commtrace.moments import Basis, instant
from commtrace.parsers import _letter, _letterdate, _rfc5322
from commtrace.parsers._head import read_head
from commtrace.parsers._maildate import mail_date

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import dates  # noqa: E402 - lies beside this file

NOON = instant(datetime(2022, 2, 7, 12, tzinfo=UTC), "", Basis.DATE_HEADER)


def test_the_table_has_its_rows_and_all_are_read_so():
    assert len(dates.ROWS) >= 120
    assert sum(bool(row.never) for row in dates.ROWS) >= 50
    assert list(dates.wrong()) == []


@pytest.mark.parametrize(
    ("zone", "language"),
    [
        ("UTC", "C.UTF-8"),
        ("Europe/London", "en_GB.UTF-8"),
        ("Pacific/Kiritimati", "de_DE.UTF-8"),
        ("America/Los_Angeles", "de_DE.UTF-8"),
    ],
)
def test_the_zone_and_the_language_of_the_machine_do_not_matter(zone, language):
    """Kiritimati is a day ahead of the evidence for half of each day."""
    environment = {**os.environ, "TZ": zone, "LANG": language, "LC_ALL": language}
    done = subprocess.run(
        [sys.executable, HERE / "dates.py"],
        env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, "")


@pytest.mark.parametrize("year", range(2015, 2031))
def test_both_half_past_ones_of_every_autumn_night_are_an_hour_apart(year):
    last = 31 - (datetime(year, 10, 31, tzinfo=UTC).weekday() + 1) % 7
    first, _ = mail_date(f"{last} Oct {year} 01:30:00 +0100", Basis.DATE_HEADER)
    second, _ = mail_date(f"{last} Oct {year} 01:30:00 +0000", Basis.DATE_HEADER)
    assert second.earliest - first.earliest == timedelta(hours=1)
    assert first.before(second) is True


@pytest.mark.parametrize(
    ("hours", "apart"),
    [(0, False), (23, False), (24, False), (25, True), (-24, False), (-25, True)],
)
def test_two_sources_disagree_once_more_than_a_day_lies_between_them(hours, apart):
    other = instant(NOON.earliest + timedelta(hours=hours, seconds=hours // 24), "", Basis.RECEIVED)
    assert NOON.a_day_apart(other) is apart
    assert other.a_day_apart(NOON) is apart


def test_a_date_header_and_a_server_more_than_a_day_apart_are_doubted():
    def doubts(received: bytes) -> tuple[str, ...]:
        head = (
            b"From: a@one.example\nDate: Mon, 7 Feb 2022 12:00:00 +0000\n"
            b"Received: from x by y; " + received + b"\n\n"
        )
        return _rfc5322.envelope(read_head(head))["doubts"]

    assert _rfc5322.CLOCKS in doubts(b"Wed, 9 Feb 2022 12:00:00 +0000")
    assert _rfc5322.CLOCKS not in doubts(b"Mon, 7 Feb 2022 23:00:00 +0000")


@pytest.mark.parametrize(
    ("name", "doubted"),
    [("2022-02-14 reply.txt", True), ("2022-02-07 reply.txt", False), ("reply.txt", False)],
)
def test_a_letter_and_its_files_name_more_than_a_day_apart_are_doubted(name, doubted):
    text = (
        "7 February 2022\n\nDear Madam\n\nThe bus starts soon.\n\nYours sincerely\n\nA. Officer\n"
    )
    source = Source(sha256="0" * 64, path=name)
    found = _letter.record(source, text, reader="txt", name=name)
    assert (_letterdate.APART_FROM_NAME in found.doubts) is doubted
    assert found.sent.said == "7 February 2022"
