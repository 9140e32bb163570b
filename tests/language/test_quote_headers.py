"""The head of a quotation in forms that name no field for author and time."""

from __future__ import annotations

import pytest

from commtrace.language.zones import zones
from commtrace.model import Zone
from commtrace.quote_headers import header_at
from commtrace.quoted_dates import readings

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


@pytest.mark.parametrize(
    "block",
    [
        ("发件人: Ann Lee <ann@cype.example>", "发送时间: 2022年2月11日 16:33",
         "收件人: bus@get.example", "主题: Routes"),
        ("보낸 사람: Ann Lee <ann@cype.example>", "보낸 날짜: 2022년 2월 11일 금요일 오후 4:33",
         "받는 사람: bus@get.example", "제목: Routes"),
        ("Od: Ann Lee <ann@cype.example>", "Wysłano: piątek, 11 lutego 2022 16:33",
         "Do: bus@get.example", "Temat: Routes"),
        ("De la: Ann Lee <ann@cype.example>", "Trimis: vineri, 11 februarie 2022 16:33",
         "Către: bus@get.example", "Subiect: Routes"),
        ("Von: Ann Lee <ann@cype.example>", "Gesendet: Freitag, 11. Februar 2022 16:33",
         "An: bus@get.example", "Betreff: Routes"),
        ("Від: Ann Lee <ann@cype.example>", "Надіслано: 11 лютого 2022 р. 16:33",
         "Кому: bus@get.example", "Тема: Routes"),
    ],
)  # fmt: skip
def test_a_familys_program_may_name_the_fields_in_their_own_language(block):
    header, length = header_at([*block, "", "When does the bus come?"])
    assert length == 4
    assert header.author.address == "ann@cype.example"
    (first, *_) = readings(header.when.said)
    assert (first.wall.day, first.wall.month, first.wall.hour) == (11, 2, 16)
    assert [one.address for one in header.to] == ["bus@get.example"]


@pytest.mark.parametrize(
    ("line", "month"),
    [
        ("пт, 11 февр. 2022 г. в 16:33, Ann Lee <ann@cype.example>:", 2),
        ("Ann Lee <ann@cype.example> 于2022年2月11日周五 下午4:33写道：", 2),
        ("pt., 11 lut 2022 o 16:33 Ann Lee <ann@cype.example> napisał(a):", 2),
        ("Em sex., 11 de fev. de 2022 às 16:33, Ann Lee <ann@cype.example> escreveu:", 2),
        ("Am Fr., 11. Feb. 2022 um 16:33 Uhr schrieb Ann Lee <ann@cype.example>:", 2),
    ],
)
def test_a_time_and_an_address_above_marked_lines_head_them_in_any_language(line, month):
    text = f"Thank you.\n\n{line}\n\n> When does the bus come?\n"
    (head,) = [one for one in zones(text) if one.zone is Zone.QUOTE_HEADER]
    assert head.author.address == "ann@cype.example"
    assert head.author.name == "Ann Lee"
    (first, *_) = readings(head.when.said)
    assert (first.wall.day, first.wall.month, first.wall.hour) == (11, month, 16)
    own = [one for one in zones(text) if one.zone is Zone.NEW]
    assert "".join(text[one.start : one.end] for one in own).split() == ["Thank", "you."]


def test_a_time_and_an_address_that_nothing_marked_follows_are_the_writers_words():
    text = "The list of 16:33 went to <ann@cype.example>:\nLot 3 and lot 4.\n"
    assert {one.zone for one in zones(text)} == {Zone.NEW}


def test_a_german_header_that_was_broken_in_two_names_its_author_behind_the_verb():
    text = (
        "Danke!\n\nAm Mi., 26. Jan. 2022 um 17:09 Uhr schrieb Ann Lee <\n"
        "routes@lists.example>:\n\n> When does the bus come?\n"
    )
    (head,) = [one for one in zones(text) if one.zone is Zone.QUOTE_HEADER]
    assert head.author.name == "Ann Lee"
    assert head.author.address == "routes@lists.example"


def test_a_long_from_that_was_broken_in_two_belongs_to_its_block():
    lines = ["From: Routes <routes-bounces@lists.example> On Behalf Of Ann",
             "Lee via Routes", "Sent: 11 February 2022 16:33", "To: bus@get.example",
             "Subject: Routes", "", "When does the bus come?"]  # fmt: skip
    header, length = header_at(lines)
    assert length == 5
    assert header.when.said == "11 February 2022 16:33"


def test_words_between_a_header_and_the_lines_it_marks_are_the_writers_own():
    """Some answer right below "On ... wrote:", and quote farther down."""
    text = (
        "On Fri, 11 Feb 2022, Ann Lee wrote:\n\nThank you for your answer!\n\n"
        "> When does the bus come?\n\nAt eight.\n"
    )
    found = [(one.zone, text[one.start : one.end].strip()) for one in zones(text)]
    assert (Zone.NEW, "Thank you for your answer!") in found
    assert (Zone.NEW, "At eight.") in found


def test_unmarked_words_below_a_header_stay_quoted_where_a_second_header_comes_first():
    text = (
        "On 12 February 2022 at 09:00 Bo Orr wrote:\n\nIs it lot 3?\n\n"
        "On Fri, 11 Feb 2022 at 16:33 Ann Lee <ann@cype.example> wrote:\n> It is.\n"
    )
    assert Zone.NEW not in {one.zone for one in zones(text) if text[one.start : one.end].strip()}


def test_a_month_is_translated_where_a_number_stands_before_it_only():
    (found, *_) = readings("mar. 11 févr. 2022 à 07:37")
    assert (found.wall.month, found.wall.day) == (2, 11)


@pytest.mark.parametrize(
    "line",
    [
        "On Fri, Feb 11, 2022 at 3:58 PM,  <ann at cype.example> wrote:",
        "On 03:58 pm, ann at cype.example wrote:",
    ],
)
def test_an_address_that_an_archive_veiled_names_the_author(line):
    text = f"{line}\n> When does the bus come?\n\nOn Monday.\n"
    (head,) = [one for one in zones(text) if one.zone is Zone.QUOTE_HEADER]
    assert head.author.address == "ann@cype.example"
