# ruff: noqa: E501 - a line of a story is a message
"""The acceptance stories of the product that belong to requests, undertakings and notice.

Each test bears the number of its story. What else a story asks is held elsewhere: 1 (whose a sent
item without headers is) in `reconstruction/test_owners`; 8 (days that are not covered are hatched)
in `figures/test_timeline`; 9 (two hundred phrases and more) in `language/test_deadlines`; 17 (the
same input, the same bytes) in `report/test_papers`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from stories import found_by, view_of

from commtrace.brief import Brief, Person
from commtrace.case import Case
from commtrace.evidence import ingest
from commtrace.evidence.workers import serial
from commtrace.language.deadlines import deadline
from commtrace.model import Disposition, Membership, Observability
from commtrace.norms import calendars

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    party families families home.example in:school
    mailbox desk@get.example 2021-09-01 to 2022-03-31
    as of 2022-03-31
    holiday 2022-02-14 to 2022-02-18 half term
"""
ASKED = '    #1 {day} 09:30 parent@home.example -> desk@get.example "Bus" {options}: Can you please tell me when the new bus will start?\n'


def asked(day: str = "2022-01-10", options: str = "") -> str:
    return ASKED.format(day=day, options=options)


def _index(asked: datetime, answered: datetime | None = None) -> str:
    """A conversation index ([MS-OXOMSG] 2.2.1.3): of a first message, or of an answer to it."""
    since = datetime(1601, 1, 1, tzinfo=UTC)
    ticks = int((asked - since).total_seconds()) * 10_000_000
    head = (ticks >> 16).to_bytes(6, "big") + bytes(range(16))
    if answered is None:
        return head.hex()
    later = int((answered - asked).total_seconds()) * 10_000_000 >> 18
    return (head + later.to_bytes(4, "big") + b"\x00").hex()


def test_story_1_a_sent_item_without_headers_answers_by_its_conversation_index():
    """Under another subject, without id or reference; 9 h 30 of 10 January, an hour later."""
    first, second = (datetime(2022, 1, 10, hour, 30, tzinfo=UTC) for hour in (9, 10))
    answer = '    #2 2022-01-10 10:30 desk@get.example -> parent@home.example "Timetable" [noid] {options}: On Monday at eight.\n'
    carried = answer.format(options=f"[index {_index(first, second)}] ")
    view = view_of(STAGE + asked(options=f"[index {_index(first)}] ") + carried)
    assert view.parent.tolist() == [-1, 0]
    assert found_by("unanswered", view) == ()
    assert found_by("missing_message", view) == ()
    without = view_of(STAGE + asked() + answer.format(options=""))
    assert len(found_by("unanswered", without)) == 1


def test_story_6_an_automatic_reply_is_no_answer_and_a_colleagues_from_another_box_is_one():
    machine = '    #2 2022-01-10 09:31 desk@get.example -> parent@home.example "Automatic reply: Bus" [re #1] [auto] : Thank you for your message.\n'
    only = view_of(STAGE + asked() + machine)
    assert len(found_by("unanswered", only)) == 1
    assert len(found_by("acknowledged_only", only)) == 1
    colleague = '    #3 2022-01-12 10:00 planner@get.example -> parent@home.example "Bus" : The new bus starts on 21 February.\n'
    both = view_of(STAGE + asked() + machine + colleague)
    assert found_by("unanswered", both) == ()
    assert found_by("acknowledged_only", both) == ()


def test_story_7_the_school_clock_stops_in_half_term_and_the_working_clock_does_not():
    (school,) = found_by(
        "unanswered", view_of(STAGE + "    criterion reply_school_days = 5\n" + asked("2022-02-11"))
    )
    (working,) = found_by(
        "unanswered",
        view_of(STAGE + "    criterion reply_working_days = 5\n" + asked("2022-02-11")),
    )
    assert (school.measure["due"], working.measure["due"]) == ("2022-02-25", "2022-02-18")


def test_story_8_a_silence_before_a_mailbox_begins_is_not_claimed():
    daily = """
    each working day 2021-09-01 to 2021-12-23 desk@get.example -> head@cype.example "Report" : Today's figures.
    each working day 2022-02-01 to 2022-03-31 desk@get.example -> head@cype.example "Report" : Today's figures.
    """
    whole = STAGE + "    mailbox head@cype.example 2021-09-01 to 2022-03-31\n"
    (gap,) = found_by("silence", view_of(whole + daily))
    assert gap.window.said == "from 24 Dec 2021 to 31 Jan 2022"
    begins = STAGE.replace("2021-09-01 to", "2022-02-01 to")
    assert found_by("silence", view_of(begins + daily)) == ()
    (unseen,) = found_by("unanswered", view_of(begins + asked()))
    assert unseen.observability is Observability.NOT_TESTABLE


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("We will write by Friday.", date(2022, 1, 14), date(2022, 1, 14)),
        ("We will contact you by the end of January.", date(2022, 1, 31), date(2022, 1, 31)),
        ("Letters will go out w/c 21st Feb.", date(2022, 2, 21), date(2022, 2, 25)),
        ("We will tell you by 11/02/2022.", date(2022, 2, 11), date(2022, 2, 11)),
    ],
    ids=["by Friday", "the end of January", "week commencing", "day first"],
)
def test_story_9_deadlines_are_read_on_the_day_of_the_message(words, first, last):
    found = deadline(words, date(2022, 1, 12), calendars(Brief()))
    assert found is not None
    assert (found.first, found.last) == (first, last)


def test_story_10_a_page_that_says_the_end_of_january_and_a_mail_that_says_11_february_are_one_slip():
    """The page is a document that is known to have been written on 7 December."""
    said = """
    #1 2021-12-07 09:30 desk@get.example -> parent@home.example "School transport" [letter] : We will tell all families about their transport by the end of January 2022.
    #2 2022-02-01 09:30 desk@get.example -> parent@home.example "School transport" : We will tell all families about their transport by 11 February 2022.
    """
    (gap,) = found_by("slipping_promise", view_of(STAGE + said))
    assert (gap.measure["first day"], gap.measure["last day"]) == ("2022-01-31", "2022-02-11")
    slip = date(2022, 2, 11) - date(2022, 1, 31)
    assert slip.days == 11
    assert "by 11 Feb 2022, 9 working days and 9 school days later" in gap.sentence


def test_story_11_a_later_count_is_an_update_and_a_denial_is_a_contradiction():
    counts = """
    #1 2022-02-14 09:30 desk@get.example -> head@cype.example "Transport" : About 1,400 children are affected by the new routes.
    #2 2022-02-21 09:30 desk@get.example -> head@cype.example "Transport" : Today 300 children are affected by the new routes.
    """
    assert found_by("contradiction", view_of(STAGE + counts)) == ()
    claims = """
    #3 2022-02-28 09:30 parent@home.example -> desk@get.example "My son" : There has been no communication from you at all. We have heard nothing.
    #4 2022-03-08 09:30 desk@get.example -> head@cype.example "Transport" : All parents and carers have been contacted throughout the process.
    """
    (gap,) = found_by("contradiction", view_of(STAGE + counts + claims))
    assert set(gap.about) == {"message-3", "message-4"}


def test_story_12_somebody_who_moves_counts_for_the_party_of_the_day():
    mover = Person(
        name="Mo",
        address="mo@get.example",
        membership=(
            Membership(party="get", until=date(2022, 1, 14)),
            Membership(party="cype", since=date(2022, 1, 15)),
        ),
    )
    owing = []
    for day in ("2022-01-14", "2022-01-17"):
        told = asked(day).replace("-> desk@get.example", "-> mo@get.example")
        (gap,) = found_by("unanswered", view_of(STAGE + told, people=(mover,)))
        owing.append(gap.owes)
    assert owing == ["get", "cype"]


TOML = """
title = "Bus"
as_of = 2022-06-30
[[parties]]
id = "get"
label = "Transport"
kind = "directorate"
domains = ["council.example"]
[[parties]]
id = "families"
label = "Families"
kind = "families"
domains = ["homemail.example"]
"""
MAIL = (
    "From: {sender}\r\nTo: {to}\r\nDate: {date}\r\nMessage-ID: <{n}@homemail.example>\r\n"
    "Subject: Taxi\r\n{more}\r\n{words}\r\n"
)


def test_story_17_late_evidence_closes_a_gap_and_keeps_the_note_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "processes", lambda: serial)
    parent, desk = "Rosa Quill <rosa@homemail.example>", "Desk <desk@council.example>"
    first, late = tmp_path / "first", tmp_path / "late"
    first.mkdir()
    late.mkdir()
    words = "Please confirm the taxi for route 9."
    (first / "1.eml").write_text(
        MAIL.format(sender=parent, to=desk, date="Wed, 09 Feb 2022 10:00:00 +0000", n=1, more="",
                    words=words), newline="",
    )  # fmt: skip
    (late / "2.eml").write_text(
        MAIL.format(sender=desk, to=parent, date="Thu, 10 Feb 2022 10:00:00 +0000", n=2,
                    more="In-Reply-To: <1@homemail.example>\r\n",
                    words="The taxi comes at eight."), newline="",
    )  # fmt: skip
    case = Case.create(tmp_path / "case", text=TOML)
    case.ingest([first])
    (gap,) = (one for one in case.findings() if one.rule == "unanswered")
    case.decide(gap.id, Disposition.TO_REVIEW, "Ask Transport for its sent items.", "A. Auditor")
    case.ingest([late])
    assert all(one.rule != "unanswered" for one in case.findings())
    assert case.decisions()[gap.id].because == "Ask Transport for its sent items."
    case.close()
