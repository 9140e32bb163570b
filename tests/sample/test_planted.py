"""The sample read by the whole program: which planted gaps the rules find, and which decoys.

`planted.toml` says what should be found. The tables below say what is found today, so that a rule
that gets better or worse is noticed either way: change them together with the rule.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from commtrace.model import Observability, Outcome, Severity
from commtrace.moments import local_day
from commtrace.sample_mailboxes import make

SAMPLE = Path(make.__file__).parent
PLANTED = tomllib.loads((SAMPLE / "planted.toml").read_text(encoding="utf-8"))
PRESENT = [plant for plant in PLANTED["plants"] if plant["present"]]

# What becomes of a decoy: "clear" (no finding), "doubted" (a finding that itself names the innocent
# explanation, or is of low severity and one-sided), "fallen for".
DECOYS: dict[str, str] = {}
# What the present rules find beside, and should not.
FALSE_ALARMS: dict[str, list[str]] = {}


@pytest.fixture(scope="module")
def message_id(case):
    """What a communication is called in planted.toml: its Message-ID, or a letter's day.

    A handoff is called as the message that passed the matter on.
    """
    of = {
        c.id: c.message_id or (c.sent and local_day(c.sent.earliest))
        for c in case.store.communications()
    }
    return {**of, **{handoff.id: of[handoff.given] for handoff in case.view().handoffs}}


@pytest.fixture(scope="module")
def findings(case):
    return case.findings()


def of_rule(findings, rule):
    return [finding for finding in findings if finding.rule == rule]


def days(finding):
    return local_day(finding.window.earliest), local_day(finding.window.last_second)


def overlaps(finding, window):
    first, last = days(finding)
    return first <= window[1] and window[0] <= last


def matches(rule, row, findings, message_id):
    """The findings of a rule that are about a row of planted.toml, as the rule's kind allows."""
    wanted = {*row["message_ids"], *row.get("letters", ())}
    if rule in {"unanswered", "broken_handoff"}:
        return [f for f in findings if {message_id.get(part) for part in f.anchor} & wanted
                or (rule == "broken_handoff" and f.anchor[0] == "to and fro"
                    and wanted <= {message_id[i] for i in f.about})]  # fmt: skip
    if rule == "coverage_hole":
        return [f for f in findings if row.get("custodian", f.anchor[0]) == f.anchor[0]
                and overlaps(f, row["window"])]  # fmt: skip
    if rule == "silence":
        return [f for f in findings if list(f.parties) == row["parties"]
                and overlaps(f, row["window"])]  # fmt: skip
    if "window" in row:
        return [
            f
            for f in findings
            if overlaps(f, row["window"]) and set(f.parties) <= set(row["parties"])
        ]
    return [f for f in findings if {message_id[i] for i in f.about} & wanted]


def singly(row):
    """A row whose mails are findings of their own, as one row each."""
    if not row.get("each") or len(row["mails"]) == 1:
        return [(row["id"], row)]
    return [
        (mail, {**row, "mails": [mail], "message_ids": [identifier]})
        for mail, identifier in zip(row["mails"], row["message_ids"], strict=True)
    ]


ROWS = [(name, plant["rule"], row) for plant in PRESENT for name, row in singly(plant)]
FALSE_FRIENDS = [(d["id"], plant["rule"], d) for plant in PRESENT for d in plant["decoys"]]


def test_every_file_of_the_sample_is_read_and_accounted_for(case):
    state = case.reconciliation()
    assert state.balanced
    assert state.failed == state.unsupported == state.excluded == 0
    assert case.failures() == ()


@pytest.mark.parametrize(("rule", "row"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])
def test_what_was_planted_is_found(rule, row, findings, message_id):
    assert matches(rule, row, of_rule(findings, rule), message_id)


def became(rule, row, findings, message_id):
    found = matches(rule, row, of_rule(findings, rule), message_id)
    if not found:
        return "clear"
    doubted = all(
        any(check.outcome is Outcome.FAILED for check in f.checks)
        or (f.severity is Severity.LOW and f.observability is not Observability.OBSERVED)
        for f in found
    )
    return "doubted" if doubted else "fallen for"


@pytest.mark.parametrize(
    ("name", "rule", "row"), FALSE_FRIENDS, ids=[f"{r[1]}: {r[0]}" for r in FALSE_FRIENDS]
)
def test_a_decoy_is_seen_through_as_far_as_is_known_today(name, rule, row, findings, message_id):
    if name == "quiet-forum":
        row = {**row, "parties": []}
    assert became(rule, row, findings, message_id) == DECOYS.get(name, "clear")


def test_the_present_rules_say_nothing_that_was_not_planted(findings, message_id, case):
    also = {
        rule: {i for row in PLANTED["also"] if row["rule"] == rule for i in row["message_ids"]}
        for rule in {row["rule"] for row in PLANTED["also"]}
    }
    rows = [(rule, row) for _, rule, row in (*ROWS, *FALSE_FRIENDS)]
    explained = {
        finding.id
        for rule, row in rows
        for finding in matches(rule, row, of_rule(findings, rule), message_id)
    }
    alarms = {}
    present = {plant["rule"] for plant in PRESENT}
    for finding in findings:
        if finding.rule not in present:
            continue
        known = {message_id.get(part) for part in finding.anchor} & also.get(finding.rule, set())
        if finding.id not in explained and not known:
            about = case.communication(finding.about[0])
            day = days(finding)[0]
            alarms.setdefault(finding.rule, []).append(f"{day} {about.subject}")
    assert {rule: sorted(found) for rule, found in alarms.items()} == FALSE_ALARMS
