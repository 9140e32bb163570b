"""Which findings stand when one thing is different; the case itself stays as it is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from commtrace import case as cases
from commtrace import understanding
from commtrace.brief import Brief, Custodian
from commtrace.challenge import (
    Change,
    ChangeKind,
    compared,
    material,
    stabilities,
    thresholds,
    under,
    usual,
)
from commtrace.model import Grade, Severity
from commtrace.report import export


def ids(findings):
    return {one.id for one in findings}


def test_a_longer_time_allowed_lets_an_unanswered_request_fall(sample):
    change = Change(kind=ChangeKind.THRESHOLD, rule="unanswered", key="days", value=400)
    found = sample.challenge(change)
    assert {one.rule for one in found.falls} == {"unanswered"}
    assert not any(one.rule == "unanswered" for one in found.stands)


def test_every_finding_stands_changes_or_falls_and_none_twice(sample):
    found = sample.challenge(Change(kind=ChangeKind.CUT_OFF, as_of=date(2022, 2, 14)))
    parts = [ids(found.stands), {one.id for one, _ in found.changed}, ids(found.falls)]
    assert set.union(*parts) == ids(sample.findings())
    assert sum(map(len, parts)) == len(sample.findings())
    assert not ids(found.new) & ids(sample.findings())


def test_without_a_mailbox_what_it_alone_showed_is_weaker_or_gone(sample):
    custodian = sample.view().coverage[0].custodian
    found = sample.challenge(Change(kind=ChangeKind.CUSTODIAN, custodian=custodian))
    assert found.falls or found.changed or found.new


def test_nothing_of_a_challenge_stays_in_the_case(sample):
    before = [one.id for one in sample.findings()]
    fingerprint = sample.fingerprint()
    sample.challenge(Change(kind=ChangeKind.ORIGINALS))
    assert [one.id for one in sample.findings()] == before
    assert sample.fingerprint() == fingerprint


def test_a_challenge_leaves_what_is_known_as_boilerplate_as_it_was(sample, monkeypatch):
    sample.findings()
    before = sample.repeated
    monkeypatch.setattr(understanding, "repeated", lambda _, held: frozenset({len(held)}))
    sample.challenge(Change(kind=ChangeKind.ORIGINALS))
    assert sample.repeated == before


def test_a_change_of_severity_is_no_fall(sample):
    one = sample.findings()[0]
    other = replace(one, severity=Severity.LOW)
    found = compared(Change(kind=ChangeKind.ORIGINALS), [one], [other])
    assert found.changed == ((one, other),)
    assert found.falls == found.new == found.stands == ()


def test_a_mailbox_takes_its_copies_and_its_window_with_it(sample):
    view = sample.view()
    custodian = view.coverage[0].custodian
    change = Change(kind=ChangeKind.CUSTODIAN, custodian=custodian)
    left = material(sample.communications(), change)
    assert left
    assert not any(seen.custodian == custodian for one in left for seen in one.sightings)
    brief = Brief(custodians=(Custodian(name="A", address=custodian),))
    assert under(brief, change).custodians == ()


def test_weaker_records_are_left_out(sample):
    left = material(sample.communications(), Change(kind=ChangeKind.ORIGINALS))
    assert {one.grade for one in left} == {Grade.ORIGINAL}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change(kind=ChangeKind.THRESHOLD, rule="silence", key="days", value=9), "days = 9"),
        (Change(kind=ChangeKind.CUSTODIAN, custodian="a@x.example"), "without the mailbox of"),
        (Change(kind=ChangeKind.CUT_OFF, as_of=date(2022, 2, 14)), "up to 14 Feb 2022"),
    ],
)  # fmt: skip
def test_a_change_says_what_it_is(change, words):
    assert words in change.label


def test_the_usual_set_halves_and_doubles_each_threshold_once():
    made = usual(Brief(), ("a@x.example",), date(2022, 3, 31))
    own = [c.value for c in made if (c.rule, c.key) == ("unanswered", "days")]
    assert own == [10, 40]
    assert len(set(made)) == len(made)
    assert thresholds(Brief())["unanswered"]["days"] == 20


FEW = (
    Change(kind=ChangeKind.THRESHOLD, rule="unanswered", key="days", value=400),
    Change(kind=ChangeKind.ORIGINALS),
)


def test_each_finding_says_how_many_changes_it_stands(sample_copy, tmp_path, monkeypatch):
    monkeypatch.setattr(cases, "usual", lambda *_: FEW)
    one = next(f for f in sample_copy.findings() if f.rule == "unanswered")
    assert sample_copy.stability(one) is None
    sample_copy.weigh()
    assert sample_copy.stability(one).said == "1 of 2 changes of one thing"
    export(sample_copy, tmp_path / "data")
    rows = (tmp_path / "data" / "findings.jsonl").read_text(encoding="utf-8").splitlines()
    found = {row["id"]: row["stability"] for row in map(json.loads, rows)}
    assert found[one.id] == {"stands": 1, "of": 2}


def test_a_finding_that_nothing_was_tried_on_stands_nothing_of_nothing(sample):
    one = sample.findings()[0]
    assert stabilities([one], [])[one.id].of == 0
