# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

import re
from dataclasses import replace

import pytest
from stories import view_of

from commtrace.errors import CallError
from commtrace.gaps import run as running
from commtrace.model import Family
from commtrace.plugins import rules

STORY = """
    party get directorate get.example
    party cype directorate cype.example
    party families families home.example
    mailbox helpdesk@get.example 2021-09-01 to 2022-03-31
    as of 2022-03-31

    #1 2022-01-10 09:30 parent@home.example -> helpdesk@get.example "Bus" : Can you tell me when?
    #2 2022-01-11 09:30 helpdesk@get.example -> head@cype.example "FW: Bus" [fw #1] : Could you reply, please?
    #3 2022-01-12 09:30 other@get.example -> helpdesk@get.example "Plan" [absent] : The plan.
    #4 2022-01-13 09:30 helpdesk@get.example -> other@get.example "Re: Plan" [re #3] : Noted.
"""


def broken(name):
    (rule,) = (rule for rule in rules() if rule.name == name)

    def find(view, **thresholds):
        yield from rule.find(view, **thresholds)
        raise KeyError("a message of somebody")

    return tuple(replace(r, find=find) if r.name == name else r for r in rules())


def test_the_rules_are_found_by_their_files():
    assert [rule.name for rule in rules()] == [
        "altered_copy",
        "broken_series",
        "coverage_hole",
        "missing_attachment",
        "missing_copy",
        "missing_message",
        "off_record",
        "unreadable",
        "acknowledged_only",
        "chaser_ladder",
        "dead_channel",
        "late_reply",
        "unanswered",
        "undelivered",
        "broken_handoff",
        "dropped_participant",
        "ignored_warning",
        "never_told",
        "one_way",
        "silence",
        "single_bridge",
        "stale_knowledge",
        "told_second_hand",
        "broken_promise",
        "contradiction",
        "decision_without_trail",
        "inconsistent_letters",
        "late_notice",
        "short_consultation",
        "slipping_promise",
    ]


def test_findings_come_by_severity_then_strength_then_family():
    found = running.run(view_of(STORY)).findings
    assert {f.rule for f in found} == {"missing_message", "unanswered", "broken_handoff"}
    order = list(Family)
    keys = [(-f.severity, -f.strength, order.index(f.family), f.id) for f in found]
    assert keys == sorted(keys)


def test_the_same_view_gives_the_same_findings():
    assert running.run(view_of(STORY)) == running.run(view_of(STORY))


def test_one_rule_can_be_asked_for_and_an_unknown_one_is_refused():
    found = running.run(view_of(STORY), only="unanswered").findings
    assert {f.rule for f in found} == {"unanswered"}
    with pytest.raises(CallError, match="unanswerd is no rule"):
        running.run(view_of(STORY), only="unanswerd")


def test_a_rule_that_stops_costs_its_own_findings_only_and_says_nothing_of_a_message(
    monkeypatch, caplog
):
    monkeypatch.setattr(running, "rules", lambda: broken("unanswered"))
    outcome = running.run(view_of(STORY))
    assert {f.rule for f in outcome.findings} == {"missing_message", "broken_handoff"}
    (failure,) = outcome.failures
    assert failure.rule == "unanswered"
    assert "KeyError" in failure.what
    assert "somebody" not in failure.what
    assert re.search(r"at test_run\.py:\d+\);", failure.what)
    assert not caplog.records  # a traceback quotes the evidence


@pytest.mark.parametrize(
    ("thresholds", "words"),
    [({"day": 5}, "no threshold of this rule"), ({"days": "five"}, "another kind of value")],
)
def test_a_threshold_that_cannot_be_meant_is_named_and_the_rule_still_runs(thresholds, words):
    outcome = running.run(view_of(STORY, rules={"unanswered": thresholds}), only="unanswered")
    assert len(outcome.findings) == 1
    assert words in outcome.failures[0].what


def test_every_finding_rests_on_places_and_checks_and_bounds_its_time():
    for finding in running.run(view_of(STORY)).findings:
        assert finding.cites
        assert finding.checks
        assert all(check.because for check in finding.checks)
        assert finding.window.earliest < finding.window.latest
        assert finding.sentence.endswith(".")
        assert "  " not in finding.sentence
        assert "{" not in finding.sentence


def test_late_evidence_closes_a_gap_and_leaves_the_others_as_they_were():
    before = running.run(view_of(STORY)).findings
    late = """
    #5 2022-01-20 10:00 head@cype.example -> parent@home.example "Re: Bus" [re #1] : On Monday.
    """
    after = running.run(view_of(STORY + late)).findings
    assert {f.rule for f in before} - {f.rule for f in after} == {"unanswered", "broken_handoff"}
    assert {f.id for f in after} < {f.id for f in before}
