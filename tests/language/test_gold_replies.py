"""Replies whose own words another program's tests give (email_reply_parser, MIT)."""

from __future__ import annotations

from pathlib import Path

import pytest

from commtrace.language.zones import zones
from commtrace.model import Zone

FOLDER = Path(__file__).parents[3] / "shared" / "corpora" / "gold_replies" / "email_reply_parser"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared corpora are not here")

WHOLE = {
    "email_2_1": "Outlook with a reply",
    "email_2_2": "Outlook with a reply directly above line",
    "email_2_3": "Outlook with a reply directly above line",
    "email_iPhone": "Here is another email",
    "email_BlackBerry": "Here is another email",
    "email_multi_word_sent_from_my_mobile_device": "Here is another email",
    "correct_sig": "this is an email with a correct -- signature.",
    "email_1_4": "Awesome! I haven't had another problem with it.",
    "email_1_7": ":+1:",
    "email_1_8": "I will reply under this one and under this.",
}
WITHIN = {  # words that are the writer's own, and words that are not
    "email_1_1": ("I am currently using the Java HTTP API.", "riak-users mailing list"),
    "email_1_2": ("You can list the keys for the bucket", "clear a Riak bucket"),
    "email_1_3": ("Having the function would be great.", "You can list the keys"),
    "email_1_6": ("I get proper rendering as well.", "Was this caching related"),
    "email_bullets": ("- and another", "Give us an example"),
    "email_one_is_not_on": ("One outstanding question I had:", "The good news"),
    "email_sent_from_my_not_signature": ("Sent from my desk, is much easier", "On "),
    "email_sig_delimiter_in_middle_of_line": ("kthxbai", "wrote:"),
    "greedy_on": ("On your remote host you can run:", "I am having an odd issue"),
    "email_1_5": ("One: Here's what I've got.", "wrote:"),
}


def own(name: str) -> str:
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    new = (text[one.start : one.end] for one in zones(text) if one.zone is Zone.NEW)
    return " ".join("".join(new).split())


@pytest.mark.parametrize("name", WHOLE)
def test_the_writers_own_words_are_all_that_is_left(name):
    assert own(name) == WHOLE[name]


@pytest.mark.parametrize("name", WITHIN)
def test_the_writers_own_words_are_kept_and_what_is_quoted_is_not(name):
    mine, theirs = WITHIN[name]
    assert mine in own(name)
    assert theirs not in own(name)


def test_a_hostile_body_is_one_of_few_parts():
    text = (FOLDER / "pathological.txt").read_text(encoding="utf-8")
    assert sum(one.end - one.start for one in zones(text)) == len(text)
