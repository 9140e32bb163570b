"""The head of a quotation in forms that name no field for author and time."""

from __future__ import annotations

import pytest

from commtrace.language.zones import zones
from commtrace.model import Zone
from commtrace.quote_headers import header_at

NOTES = [
    "Mary Hain@WANTSUM",
    "11/02/2022 08:58 AM",
    "To: Steven Roe/GET/Wantsum@WANTSUM, Ann",
    "Lee/CYPE/Wantsum@WANTSUM",
    "cc:",
    "Subject: Routes for Monday",
    "",
    "The routes are below.",
]


def test_a_block_of_lotus_notes_says_who_when_and_what():
    header, length = header_at(NOTES)
    assert length == 6
    assert header.author.name == "Mary Hain"
    assert header.when.said == "11/02/2022 08:58 AM"
    assert header.subject == "Routes for Monday"
    assert header.block


def test_the_time_may_stand_behind_the_name():
    lines = ["Mary Hain on 11/02/2022 08:58:31 AM", *NOTES[2:]]
    header, length = header_at(lines)
    assert (header.author.name, length) == ("Mary Hain", 5)
    assert header.when.said.startswith("11/02/2022 08:58:31")


def test_a_forward_whose_line_was_broken_in_two_is_one_head_with_its_block():
    lines = ["---------------------- Forwarded by Ann Lee/CYPE on 14/02/2022",
             "08:42 AM ---------------------------", "", *NOTES]  # fmt: skip
    header, length = header_at(lines)
    assert (header.author.name, length) == ("Mary Hain", 9)


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("2013.07.03 00:20, Ann Lee rašė:", "Ann Lee"),
        ("2011/12/2 Ann Lee <ann@cype.example>:", "Ann Lee"),
        ("El 15/07/07, Ann Lee <ann@cype.example> escribió:", "Ann Lee"),
    ],
)
def test_a_date_with_a_name_heads_marked_lines(line, author):
    text = f"{line}\n> When does the bus come?\n\nOn Monday.\n"
    (head,) = [one for one in zones(text) if one.zone is Zone.QUOTE_HEADER]
    assert head.author.name == author
    assert [one.zone for one in zones(text)][-1] is Zone.NEW


@pytest.mark.parametrize(
    "lines",
    [
        ["Dear all,", "To: the station take the first left.", "Subject: to change."],
        ["Minutes", "11/02/2022 08:58", "To be discussed: routes.", "Subject: none"],
        ["2013.07.03 was a good day, and this is why:", "because it was."],
        ["Agenda", "", "To: all", "Subject: routes"],
    ],
    ids=["no time", "no To", "no marks after it", "a blank line"],
)
def test_what_only_looks_like_a_head_is_the_writers_own(lines):
    found = zones("\n".join(lines) + "\n")
    assert {one.zone for one in found} == {Zone.NEW}


@pytest.mark.parametrize("rule", ["_" * 40, "-----Original Message-----"])
def test_a_reply_right_above_a_head_stays_the_writers_own(rule):
    head = (
        "From: A B [a@b.example]\nSent: Friday, 25 March 2022 5:08 p.m.\nTo: C D\nSubject: Routes\n"
    )
    text = f"Yes, by Friday.\n{rule}\n{head}\nCan you?\n"
    found = [one for one in zones(text) if one.zone is Zone.NEW]
    assert [text[one.start : one.end] for one in found] == ["Yes, by Friday.\n"]


def test_heads_are_looked_for_in_linear_time():
    text = "Mary Hain\n11/02/2022 08:58\nTo: a\n" * 20_000
    assert sum(one.end - one.start for one in zones(text)) == len(text)
