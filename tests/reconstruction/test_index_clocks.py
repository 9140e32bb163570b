"""Mail programs whose conversation index is off by whole hours, told as short exchanges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from commtrace.reconstruction.conversation_index import decode, made_by_the_replier

AMY, GINA = "Amy Hart <amy@gmail.com>", "Gina Ray <gina.ray@wantsum.example>"
HELP = "Helpdesk <helpdesk@wantsum.example>"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def off_by_two(mail, index):
    """#1 Amy (no Outlook) -> Gina; #2 Gina's reply dates #1 two hours too early in its index."""
    first = mail("2022-01-10 12:00", AMY, GINA, "Bus", mid="1@x")
    second = mail(
        "2022-01-10 15:00", GINA, AMY, "RE: Bus", mid="2@x", re="1@x",
        index=index("2022-01-10 09:00", "2022-01-10 10:00", "2022-01-10 14:58", made_up=True),
    )  # fmt: skip
    return first, second


def test_an_absent_message_is_dated_by_the_error_its_answerer_makes_elsewhere(
    mail, view, index, off_by_two
):
    """(#3 Amy -> Gina, absent); #4 Gina's reply dates it at 08:00, two hours too early again."""
    fourth = mail(
        "2022-01-17 11:00", GINA, AMY, "RE: Taxi", mid="4@x", re="3@x",
        index=index("2022-01-17 07:00", "2022-01-17 08:00", "2022-01-17 10:58",
                    guid=9, made_up=True),
    )  # fmt: skip
    ghosts = view([*off_by_two, fourth]).ghosts
    ghost = next(one for one in ghosts if "3@x" in one.message_ids)
    assert abs(ghost.when.earliest - at("2022-01-17 10:00")) <= timedelta(seconds=4)
    assert any("stands 2 hours earlier" in sentence for sentence in ghost.evidence)


def test_half_a_year_later_summer_time_may_lie_between(mail, view, index, off_by_two):
    fourth = mail(
        "2022-07-18 11:00", GINA, AMY, "RE: Taxi", mid="4@x", re="3@x",
        index=index("2022-07-18 06:00", "2022-07-18 08:00", "2022-07-18 10:58",
                    guid=9, made_up=True),
    )  # fmt: skip
    ghosts = view([*off_by_two, fourth]).ghosts
    when = next(one for one in ghosts if "3@x" in one.message_ids).when
    assert when.earliest <= at("2022-07-18 09:00") + timedelta(seconds=4)
    assert when.latest > at("2022-07-18 10:30")


def test_what_its_own_writer_dated_is_never_moved(mail, view, index, off_by_two):
    """(#3 Amy -> Gina from Outlook, absent): the level is #3's own, its random byte says so."""
    fourth = mail(
        "2022-01-17 11:00", GINA, AMY, "RE: Taxi", mid="4@x", re="3@x",
        index=index("2022-01-17 07:00", "2022-01-17 08:00", "2022-01-17 10:58", guid=9),
    )  # fmt: skip
    ghosts = view([*off_by_two, fourth]).ghosts
    ghost = next(one for one in ghosts if "3@x" in one.message_ids)
    assert abs(ghost.when.earliest - at("2022-01-17 08:00")) <= timedelta(seconds=4)


def test_a_time_after_the_reply_is_moved_only_where_one_hour_alone_fits(mail, view, index):
    """(#1 absent, 10:30); #2 Help's reply of 11:00 dates it at 14:30, in a thread of 10:05."""
    second = mail(
        "2022-01-10 11:00", HELP, AMY, "RE: Bus", mid="2@x", re="1@x",
        index=index("2022-01-10 10:05", "2022-01-10 14:30", "2022-01-10 10:58", made_up=True),
    )  # fmt: skip
    (ghost,) = (one for one in view([second]).ghosts if "1@x" in one.message_ids)
    assert abs(ghost.when.earliest - at("2022-01-10 10:30")) <= timedelta(seconds=4)


def test_a_time_after_the_reply_that_several_hours_fit_is_not_told(mail, view, index):
    second = mail(
        "2022-01-10 11:00", HELP, AMY, "RE: Bus", mid="2@x", re="1@x",
        index=index("2022-01-10 07:05", "2022-01-10 14:30", "2022-01-10 10:58", made_up=True),
    )  # fmt: skip
    (ghost,) = (one for one in view([second]).ghosts if "1@x" in one.message_ids)
    assert ghost.when is None or ghost.when.latest - ghost.when.earliest > timedelta(hours=2)


def test_nothing_that_adds_up_from_a_header_of_1960_is_a_time(index):
    """Real: a program wrote a header of 1960, and the level below it came out as 2002."""
    made = index("1960-05-29 19:45", "2002-01-16 19:28", "2019-05-08 23:55")
    found = decode(made, at("2019-05-08 23:57"))
    assert found.root is None
    assert found.levels == (None, None)


def test_a_level_made_up_by_the_answerer_has_no_random_in_its_fifth_byte(index):
    times = ("2022-01-10 09:00", "2022-01-10 10:00", "2022-01-10 12:00")
    parent = decode(index(*times, made_up=True), at("2022-01-10 12:05")).names[1]
    assert made_by_the_replier(parent)
    assert not made_by_the_replier(decode(index(*times), at("2022-01-10 12:05")).names[1])
