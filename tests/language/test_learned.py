"""What a trained model adds to the cues for requests, and what it must leave alone."""

from __future__ import annotations

from importlib.resources import files

import pytest
from request_sentences_fresh import FRESH

from commtrace.language.acts import read
from commtrace.language.learned import BY_MODEL, features, leaning, likely, weights
from commtrace.model import ActKind

OPEN = "It would work for me if you could find half an hour to meet next week."


def request(sentence):
    return next((cue for kind, cue in read(sentence) if kind is ActKind.REQUEST), None)


def test_what_the_model_adds_names_the_words_that_carried_it():
    by = likely(features(OPEN, None, courtesy=False))
    assert by is not None
    assert by.startswith(BY_MODEL)
    words = by.removeprefix(BY_MODEL).replace('"', "").split(", ")
    assert all(word in OPEN.casefold() for word in words)
    assert all(weights().get(f"w:{word}", 1) > 0 for word in words)


def test_a_sentence_that_a_cue_settles_is_never_put_to_the_model():
    assert request("Could you meet me next week?").startswith(BY_MODEL) is False
    assert likely(features("We'll meet you on Monday to discuss it.", None, courtesy=False))
    assert request("We'll meet you on Monday to discuss it.") is None


def test_what_the_table_excludes_the_model_does_not_bring_back():
    said = "They asked me if you would like to meet me for lunch and discuss it."
    assert likely(features(said, None, courtesy=False))
    assert request(said) is None


@pytest.mark.parametrize("sentence", ["", "?", "£$%", "7 7 7", "a" * 5000, "\u2028 \ufeff"])
def test_the_model_takes_any_words(sentence):
    assert 0 < leaning(features(sentence, None, courtesy=False)).chance < 1


def test_more_words_that_ask_make_a_request_likelier():
    less = leaning(features("The report is here.", None, courtesy=False))
    more = leaning(features("Let me know if you can meet.", None, courtesy=False))
    assert less.chance < 0.5 < more.chance
    assert not set(less.words) & {"let me know", "let me"}


def test_the_weights_are_few_and_say_where_they_come_from():
    text = files("commtrace.data").joinpath("requests.tsv").read_text("utf-8")
    assert len(text.encode()) <= 300_000
    head = "\n".join(line for line in text.splitlines() if line.startswith("#"))
    assert "EmailIntentDataSet" in head
    assert "Apache License, Version 2.0" in head
    assert max(len(name.split()) for name in weights() if name.startswith("w:")) == 3


def test_requests_in_council_style_are_read_no_worse_with_the_model():
    """The list was written before the model was tried on such mail."""

    def f1(said):
        hits = sum(label for (_, label), found in zip(FRESH, said, strict=True) if found)
        return 2 * hits / (sum(said) + sum(label for _, label in FRESH))

    found = [request(sentence) for sentence, _ in FRESH]
    cues = f1([by is not None and not by.startswith(BY_MODEL) for by in found])
    assert f1([by is not None for by in found]) >= cues > 0.8
