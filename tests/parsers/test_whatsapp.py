"""Chats exported from WhatsApp: who wrote to whom, when, and what is kept as it is."""

import pytest
from office import ANDROID, IOS
from papers import item, read

from commtrace.model import Channel, Mark
from commtrace.parsers import _chatlines
from commtrace.parsers.whatsapp import MEMBERS, whatsapp
from commtrace.plugins import choose


def said(text, name="WhatsApp Chat with PACT.txt"):
    return read(whatsapp, name, text.encode())


@pytest.mark.parametrize("text", [ANDROID, IOS])
def test_it_is_told_from_plain_text_by_its_content(text):
    assert [one.name for one in choose(item("_chat.txt", text.encode()))] == ["whatsapp"]


@pytest.mark.parametrize(
    "text",
    [
        "14/02/2022, 09:30 - one stamp alone\nand then a letter.\n",
        "Dear Mrs Okafor\n\n14/02/2022, 09:30 - Jo: hi\n14/02/2022, 09:31 - Jo: ho\n",
        "14/02/2022, 09:30 - first point of the agenda\n14/02/2022, 09:45 - second point\n",
        "14 February 2022\n\nDear Sir\n",
    ],
)
def test_other_text_stays_text(text):
    assert [one.name for one in choose(item("a.txt", text.encode()))] == ["txt"]


def test_each_message_goes_to_those_who_were_in_the_group_then():
    found = [one for one in said(ANDROID) if one.sender]
    assert [(one.sender.name, [a.name for a in one.to]) for one in found] == [
        ("Jo Bloggs", ["+44 7700 900123", "Sam Doe"]),
        ("+44 7700 900123", ["Jo Bloggs", "Sam Doe"]),
        ("+44 7700 900123", ["Jo Bloggs"]),
    ]
    assert {one.channel for one in found} == {Channel.CHAT}
    assert all(MEMBERS in one.doubts for one in found)


def test_a_message_of_several_lines_is_one_message():
    assert said(ANDROID)[3].text == "Has any of you had a letter?\nIt is about the bus."


def test_media_and_deleted_messages_are_kept_as_the_export_names_them():
    assert [said(ANDROID)[n].text for n in (4, 6)] == [
        "<Media omitted>",
        "This message was deleted",
    ]


def test_events_are_kept_without_a_sender_and_marked():
    events = [one for one in said(ANDROID) if one.sender is None]
    assert [one.source.part for one in events] == [(f"message {n}",) for n in (1, 2, 3, 6)]
    assert all(one.marks == (Mark.AUTOMATIC,) for one in events)


def test_the_group_is_named_by_the_export_else_by_its_file():
    assert {one.subject for one in said(ANDROID)} == {"PACT parents"}
    assert {one.subject for one in said(ANDROID.split("\n", 3)[3])} == {"PACT"}
    assert {one.subject for one in said(IOS, "_chat.txt")} == {"PACT parents"}


def test_an_export_of_an_iphone_is_read_through_its_marks():
    found = said(IOS, "_chat.txt")
    assert [(one.sender.name if one.sender else None, one.text) for one in found] == [
        (None, "Messages and calls are end-to-end encrypted."),
        ("Jo", "No bus today"),
        ("Sam", "image omitted"),
    ]
    assert [one.sent.said for one in found][1:] == ["2/13/22, 9:31:15 PM", "2/14/22, 12:01:02 AM"]


def middle(one):
    return one.sent.earliest + (one.sent.latest - one.sent.earliest) / 2


def days(*stamps):
    text = "".join(f"{stamp}, 09:30 - Jo: hi\n" for stamp in stamps)
    found = said(text)
    return [f"{middle(one):%d %m}" for one in found], found[0].doubts


@pytest.mark.parametrize(
    ("stamps", "read", "doubt"),
    [
        (("03/02/2022", "14/02/2022"), ["03 02", "14 02"], None),
        (("2/3/22", "2/14/22"), ["03 02", "14 02"], None),
        (("2022-02-03", "2022-02-14"), ["03 02", "14 02"], None),
        (("03/02/2022", "04/02/2022"), ["03 02", "04 02"], _chatlines.DAY_FIRST),
        (("1/2/22", "1/9/22", "2/1/22", "2/3/22"), ["02 01", "09 01", "01 02", "03 02"],
         _chatlines.BY_ORDER),
        (("13/02/2022", "02/14/2022"), ["13 02", "14 02"], _chatlines.BOTH_ORDERS),
    ],
)  # fmt: skip
def test_the_order_of_day_and_month_is_decided_from_the_whole_file(stamps, read, doubt):
    found, doubts = days(*stamps)
    assert found == read
    order = {_chatlines.DAY_FIRST, _chatlines.BY_ORDER, _chatlines.BOTH_ORDERS}
    assert set(doubts) & order == ({doubt} if doubt else set())


def test_a_zone_that_is_not_given_is_never_invented():
    one = said(ANDROID)[0]
    assert (one.sent.latest - one.sent.earliest).total_seconds() == 26 * 3600 + 60
    assert _chatlines.NO_ZONE in one.doubts


def test_a_date_that_does_not_exist_is_none():
    assert said("31/02/2022, 09:30 - Jo: hi\n14/02/2022, 25:00 - Jo: ho\n")[0].sent is None


def test_an_event_with_a_colon_is_an_event():
    text = '14/02/2022, 09:30 - Jo changed the subject to "Bus: help"\n14/02/2022, 09:31 - Jo: hi\n'
    found = said(text)
    assert found[0].sender is None
    assert {one.subject for one in found} == {"Bus: help"}


def test_who_came_later_did_not_get_what_was_said_before():
    text = (
        "14/02/2022, 09:30 - Jo: first\n14/02/2022, 09:31 - Jo added Sam\n"
        "14/02/2022, 09:32 - Sam: second\n"
    )
    found = said(text)
    assert ([a.name for a in found[0].to], [a.name for a in found[2].to]) == ([], ["Jo"])
