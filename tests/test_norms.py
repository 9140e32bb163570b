from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path

import pytest

from commtrace import norms
from commtrace.brief import Brief, Calendars, Closure
from commtrace.errors import CaseFileError

HALF_TERM = Closure(first=date(2022, 2, 14), last=date(2022, 2, 18), what="half term")
KENT = Brief(calendars=Calendars(school_holidays=(HALF_TERM,)))


def days(name, brief=KENT):
    return norms.calendars(brief)[name]


def test_the_assurance_of_7_december_ran_45_working_days():
    assert days("working").elapsed(date(2021, 12, 7), date(2022, 2, 11)) == 45


def test_notice_from_11_to_21_february_was_five_working_days_and_no_school_day():
    assert days("working").clear_days(date(2022, 2, 11), date(2022, 2, 21)) == 5
    assert days("school").clear_days(date(2022, 2, 11), date(2022, 2, 21)) == 0


def test_notice_from_31_january_to_21_february_was_14_working_and_9_school_days():
    assert days("working").clear_days(date(2022, 1, 31), date(2022, 2, 21)) == 14
    assert days("school").clear_days(date(2022, 1, 31), date(2022, 2, 21)) == 9


@pytest.mark.parametrize(
    ("received", "calendar", "due"),
    [
        (date(2022, 2, 21), "working", date(2022, 3, 21)),
        (date(2022, 2, 21), "foi", date(2022, 3, 22)),
        (date(2021, 12, 7), "working", date(2022, 1, 7)),
        (date(2021, 12, 7), "foi", date(2022, 1, 10)),
        (date(2022, 2, 14), "working", date(2022, 3, 14)),
    ],
)
def test_twenty_working_days_fall_due_as_published(received, calendar, due):
    assert days(calendar).due(received, 20) == due


def test_an_acknowledgement_of_14_february_is_due_on_the_17th():
    assert days("working").due(date(2022, 2, 14), 3) == date(2022, 2, 17)


def test_office_closures_stop_the_working_clock_and_not_that_of_freedom_of_information():
    closed = Closure(first=date(2021, 12, 29), last=date(2021, 12, 31), what="offices closed")
    brief = Brief(calendars=Calendars(closures=(closed,)))
    assert not days("working", brief).counts(date(2021, 12, 30))
    assert days("foi", brief).counts(date(2021, 12, 30))
    assert days("school", brief).counts(date(2021, 12, 30))


def test_bank_holidays_follow_the_nation_of_the_case():
    scotland = Brief(calendars=Calendars(bank_holidays="scotland"))
    assert not days("working", scotland).counts(date(2022, 1, 4))
    assert days("working").counts(date(2022, 1, 4))


@pytest.mark.parametrize("nation", norms.NATIONS)
def test_the_calendar_files_agree_with_the_holidays_package(nation):
    pytest.importorskip("holidays")
    path = Path(__file__).with_name("make_calendars.py")
    spec = importlib.util.spec_from_file_location("make_calendars", path)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    shipped = {day.isoformat(): name for day, name in norms.bank_holidays(nation).items()}
    assert shipped == tool.bank_holidays(nation)


def test_a_case_that_sets_nothing_has_the_defaults_of_the_rules():
    found = norms.criteria(Brief())
    assert {key: (c.days, c.calendar) for key, c in found.items()} == {
        "reply": (20, "working"),
        "handoff_working_days": (10, "working"),
        "notice_school_days": (10, "school"),
    }
    assert {c.where for c in found.values()} == {"default of the rule"}


def test_a_number_counts_in_the_calendar_that_its_key_names():
    found = norms.criteria(Brief(criteria={"reply_school_days": 7, "notice_days": 30, "reply2": 4}))
    assert (found["reply"].days, found["reply"].calendar) == (7, "school")
    assert (found["notice_days"].days, found["notice_days"].calendar) == (30, "every day")
    assert found["reply2"].calendar == "working"
    assert found["reply"].where == "case.toml"


def test_a_norm_brings_its_days_its_calendar_and_its_source():
    reply = norms.criteria(Brief(criteria={"reply": "foi"}))["reply"]
    assert (reply.days, reply.calendar, reply.where) == (20, "foi", "foi")
    assert "s10" in reply.source


def test_a_norm_out_of_force_says_so():
    brief = Brief(criteria={"reply": "lgsco-stage-2"}, period=(date(2021, 9, 1), date(2022, 3, 31)))
    (warning,) = norms.warnings(brief)
    assert "lgsco-stage-2" in warning
    assert norms.out_of_force(norms.criteria(brief)["reply"], date(2024, 3, 1)) is None


@pytest.mark.parametrize("criteria", [{"reply": "kcc-complain"}, {"reply": 0}])
def test_a_criterion_that_cannot_be_meant_is_refused_by_name(criteria):
    with pytest.raises(CaseFileError, match="reply"):
        norms.criteria(Brief(criteria=criteria))


def test_every_norm_counts_in_a_known_calendar_and_names_its_source():
    known = {"working", "school", "every day", "foi"}
    for norm in norms.norms().values():
        assert norm.calendar in known
        assert norm.days > 0
        assert norm.text
        assert norm.status
        assert norm.source
        assert norm.valid_from is None or isinstance(norm.valid_from, date)
