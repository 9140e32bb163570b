"""No sentence of a rule claims that something did not happen, or why."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from commtrace.model import Observability
from commtrace.plugins import rule_word, rules

BANNED = re.compile(
    r"\b(?:did not|didn't|never|failed|failure|fails? to|refus\w+|ignor\w+|neglect\w*|delet\w+"
    r"|destroy\w*|conceal\w*|hid|hidden|withheld|suspicious\w*|suspect\w*|deliberate\w*"
    r"|intend\w*|intent\w*|blame\w*|negligen\w+|misled|dishonest\w*|cover-up|lied|should have"
    r"|admitted|knew|wrongly)\b",
    re.IGNORECASE,
)
SAFE = {
    "never sent",  # of a draft: what an innocent explanation supposes
    "ignored_warning", "never_told",  # ids of rules, which screen and papers call by a word
}  # fmt: skip
NAMES = [rule.name for rule in rules()]
SHARED = ["_requests"]  # what several rules say


def templates(module):
    """Every text of a rule's module in capitals, by name."""
    for name, value in vars(module).items():
        if name.isupper() and isinstance(value, str):
            yield name, value
        elif name.isupper() and isinstance(value, Mapping):
            for key, text in value.items():
                if isinstance(text, str):
                    yield f"{name}[{key}]", text


@pytest.mark.parametrize("rule", [*NAMES, *SHARED])
def test_no_template_claims_an_omission_or_a_motive(rule):
    module = importlib.import_module(f"commtrace.gaps.{rule}")
    found = [(name, text) for name, text in templates(module) if BANNED.search(text)]
    assert found == []


@pytest.mark.parametrize("rule", NAMES)
def test_no_text_that_a_rule_prints_claims_an_omission_or_a_motive(rule):
    module = importlib.import_module(f"commtrace.gaps.{rule}")
    source = re.sub(r'""".*?"""', "", Path(module.__file__).read_text("utf-8"), flags=re.DOTALL)
    said = re.findall(r'"((?:[^"\\\n]|\\.)*)"', source)
    found = [
        text for text in said if BANNED.search(text) and not any(safe in text for safe in SAFE)
    ]
    assert found == []


@pytest.mark.parametrize("rule", NAMES)
def test_what_a_rule_is_called_on_screen_and_paper_claims_no_omission_or_motive(rule):
    assert not BANNED.search(rule_word(rule))


@pytest.mark.parametrize("rule", NAMES)
def test_every_rule_has_a_sentence_for_what_it_could_see(rule):
    module = importlib.import_module(f"commtrace.gaps.{rule}")
    sentences = module.SENTENCES
    for seen in (Observability.OBSERVED, Observability.ONE_SIDE):
        assert "o record of" in sentences[seen] or "No mailbox" in sentences[seen]
    # what mailboxes that do not cover it would have to show is not claimed at all
    if rule not in {"silence", "missing_copy", "single_bridge"}:
        assert "cannot show" in sentences[Observability.NOT_TESTABLE]


@pytest.mark.parametrize("rule", rules(), ids=NAMES)
def test_every_rule_says_what_it_is_and_when_it_cannot_say(rule):
    for heading in ("Definition:", "What counts:", "What does not:", "When it cannot say:"):
        assert heading in rule.help
    assert "Reference:" in rule.help
    assert rule.parameters
