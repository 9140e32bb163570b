"""Every threshold as it counts now, and the criteria an auditor chooses, kept with comments."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import pytest

from commtrace import casechanges, casefile, norms
from commtrace.brief import Brief
from commtrace.case import Case
from commtrace.errors import CallError, CaseFileError
from commtrace.gaps.run import run
from commtrace.plugins import rules
from commtrace.yardsticks import (
    USES,
    calendars_of,
    in_force,
    key_for,
    measures,
    number,
    warning,
)

PERIOD = (date(2021, 9, 1), date(2022, 3, 31))
TEXT = """
title = "Bus"
[criteria]
reply = 20            # the council's own promise
handoff_working_days = 10
[rules.late_reply]
days = 25             # agreed on 2 May
"""
SIGNED = {"because": "Confirmed by the records manager.", "who": "A. Auditor"}


def one(text: str, rule: str, key: str = "days"):
    brief = replace(casefile.parse(text), period=PERIOD)
    found = measures(brief, norms.criteria(brief))
    return next(each for each in found if (each.rule, each.key) == (rule, key))


def test_every_threshold_of_every_rule_stands_once():
    brief = Brief()
    found = [(each.rule, each.key) for each in measures(brief, norms.criteria(brief))]
    wanted = {(rule.name, key) for rule in rules() for key in rule.parameters}
    assert len(found) == len(set(found))
    assert wanted < set(found)
    assert set(found) - wanted == {("chaser_ladder", "reply"), ("dead_channel", "reply")}


class Asked(Mapping):
    """Criteria that remember which of them were asked for."""

    def __init__(self, held):
        self.held, self.keys_asked = held, set()

    def __getitem__(self, key):
        self.keys_asked.add(key)
        return self.held[key]

    def __contains__(self, key):
        self.keys_asked.add(key)
        return key in self.held

    def __iter__(self) -> Iterator[str]:
        return iter(self.held)

    def __len__(self):
        return len(self.held)


def test_the_rules_measure_by_the_criteria_they_are_listed_under(sample_copy):
    view = sample_copy.view()
    seen = {key: set() for key in USES}
    for rule in rules():
        asked = Asked(view.criteria)
        run(replace(view, criteria=asked), only=rule.name)
        for key in asked.keys_asked:
            seen[key].add(rule.name)
    assert {key: set(names) for key, names in USES.items()} == seen


def test_what_is_set_for_a_rule_comes_before_its_criterion():
    own, shared = one(TEXT, "late_reply"), one(TEXT, "unanswered")
    assert (own.said, own.where) == (
        "25 days in the owing party's calendar",
        "case.toml, [rules.late_reply]",
    )
    assert (own.follows, shared.follows.id) == (None, "reply")


def test_a_rule_without_its_own_number_follows_the_criterion():
    found = one(TEXT.replace("reply = 20 ", "reply_school_days = 12 "), "chaser_ladder", "reply")
    assert (found.said, found.own) == ("12 school days", False)


def test_without_a_criterion_a_consultation_is_not_looked_for():
    assert one(TEXT, "short_consultation").said == "not set: nothing is looked for"


def test_a_criterion_that_was_not_in_force_is_warned_of():
    found = one(TEXT.replace("reply = 20", 'reply = "lgsco-stage-1"'), "unanswered")
    assert in_force(found.dated, PERIOD) == "on no day of the period"
    assert "lgsco-stage-1 was in force on no day of the period" in warning(found, PERIOD)
    assert "own 20 days are" in warning(found, PERIOD)
    assert found.said.startswith("20 days")  # what counts is what is applied
    assert warning(one(TEXT, "unanswered"), PERIOD) == ""


@pytest.mark.parametrize(
    ("norm", "said"),
    [
        ("foi", "on every day of the period"),
        ("kcc-complaint", "no dates stated"),
        ("ehc-review-plan", "only from 3 Mar 2022"),
    ],
)
def test_whether_a_norm_was_in_force_is_said(norm, said):
    found = one(TEXT.replace("reply = 20", f'reply = "{norm}"'), "unanswered")
    assert in_force(found.dated, PERIOD) == said
    assert in_force(found.dated, None) in {"no dates stated", "the case states no period"}


def test_a_norm_that_ended_in_the_period_says_until_when():
    found = one(TEXT.replace("reply = 20", 'reply = "h2s-consult"'), "unanswered")
    assert found.said == "28 school days"
    later = (date(2023, 1, 1), date(2023, 12, 31))
    assert in_force(found.dated, later) == "only until 28 Jun 2023"
    assert "On other days it is not applied" in warning(found, later)


@pytest.mark.parametrize(
    ("words", "default", "said"),
    [
        ("", 20, "Say a number"),
        ("two", 20, "“two” is no whole number"),
        ("2.5", 20, "“2.5” is no whole number"),
        ("-3", 20, "“-3” is no whole number"),
        ("\u0665", 20, "no whole number"),
        ("0", 20, "from 1 to 3,650"),
        ("3651", 20, "from 1 to 3,650"),
        ("1.5", 0.05, "above 0 and at most 1"),
        ("nan", 0.05, "above 0 and at most 1"),
        ("half", 0.05, "above 0 and at most 1"),
    ],
)
def test_what_was_typed_wrongly_is_said_in_a_sentence(words, default, said):
    with pytest.raises(CallError, match=said):
        number(words, default)


def test_what_was_typed_is_read_as_the_kind_of_the_default():
    assert number(" 1,000 ", 20) == 1000
    assert number("0.1", 0.05) == 0.1


def test_a_criterion_is_written_with_the_comments_kept():
    changed = casechanges.criterion(TEXT, "reply", "kcc-complaint")
    assert 'reply = "kcc-complaint"            # the council\'s own promise' in changed
    assert casechanges.criterion(changed, "reply", 20) == TEXT


def test_a_reply_counted_in_other_days_takes_the_place_of_the_first():
    assert key_for("reply", "school") == "reply_school_days"
    assert key_for("handoff_working_days", "working") == "handoff_working_days"
    assert calendars_of("notice_school_days") == ("school",)
    for calendar in calendars_of("reply"):
        key = key_for("reply", calendar)
        changed = casechanges.criterion(TEXT, key, 15)
        brief = casefile.parse(changed)
        assert [name for name in brief.criteria if name.startswith("reply")] == [key]
        assert norms.criteria(brief)["reply"].calendar == calendar


def test_a_criterion_is_taken_out_and_the_default_counts():
    changed = casechanges.criterion(TEXT, "reply", None)
    assert one(changed, "unanswered").where == norms.BY_DEFAULT
    assert casefile.parse(casechanges.criterion("", "reply", 5)).criteria == {"reply": 5}


@pytest.mark.parametrize(
    ("key", "value", "error", "said"),
    [
        ("reply", "none-such", CaseFileError, "is no norm"),
        ("reply", 0, CaseFileError, "at least one day"),
        ("reply", 20, CallError, "says this already"),
        ("consultation", None, CallError, "says this already"),
    ],
)
def test_a_criterion_that_cannot_be_meant_is_refused(key, value, error, said):
    with pytest.raises(error, match=said):
        casechanges.criterion(TEXT, key, value)


def test_a_threshold_of_one_rule_is_set_and_taken_out_again():
    changed = casechanges.threshold(TEXT, "silence", "false_share", 0.01)
    assert one(changed, "silence", "false_share").value == 0.01
    assert casefile.parse(casechanges.threshold(changed, "silence", "false_share", None)).rules == {
        "late_reply": {"days": 25}
    }
    assert "# agreed on 2 May" in changed


@pytest.mark.parametrize(
    ("rule", "key", "value", "said"),
    [
        ("silence", "hours", 3, "no threshold"),
        ("none", "days", 3, "no threshold"),
        ("silence", "days", 0.5, "another kind of value"),
        ("late_reply", "days", 25, "says this already"),
    ],
)
def test_a_threshold_that_cannot_be_meant_is_refused(rule, key, value, said):
    with pytest.raises(CallError, match=said):
        casechanges.threshold(TEXT, rule, key, value)


def test_a_choice_changes_the_findings_and_is_a_row_of_the_chain(sample_copy: Case):
    before = {each.id for each in sample_copy.findings() if each.rule == "unanswered"}
    sample_copy.choose_criterion("reply", 200, **SIGNED)
    after = {each.id for each in sample_copy.findings() if each.rule == "unanswered"}
    assert before
    assert after < before
    (row,) = sample_copy.measured()
    assert (row.who, row.words["before"], row.words["after"]) == (
        "A. Auditor", "reply = 20", "reply = 200",
    )  # fmt: skip
    sample_copy.set_threshold("unanswered", "days", 20, **SIGNED)
    assert {e.id for e in sample_copy.findings() if e.rule == "unanswered"} == before
    assert sample_copy.measured()[-1].words["table"] == "[rules.unanswered]"
    assert sample_copy.verify().faults == ()
    text = (sample_copy.folder / "case.toml").read_text(encoding="utf-8")
    assert "# working days: the council's own promise on its website" in text


@pytest.mark.parametrize("signed", [{"because": "", "who": "A."}, {"because": "B.", "who": " "}])
def test_an_unsigned_choice_changes_nothing(sample_copy: Case, signed):
    before = (sample_copy.folder / "case.toml").read_bytes()
    with pytest.raises(CallError, match="needs"):
        sample_copy.choose_criterion("reply", 5, **signed)
    with pytest.raises(CallError, match="needs"):
        sample_copy.set_threshold("silence", "days", 9, **signed)
    assert (sample_copy.folder / "case.toml").read_bytes() == before
    assert sample_copy.measured() == ()
