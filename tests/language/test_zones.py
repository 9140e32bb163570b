"""Zones, as mail programs write them."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtrace.language.acts import acts
from commtrace.language.zones import zones
from commtrace.model import CommunicationId, Zone


def parts(text):
    return [(s.zone, s.depth, text[s.start : s.end].strip()) for s in zones(text)]


def headers(text):
    return [s for s in zones(text) if s.zone is Zone.QUOTE_HEADER]


def new(text):
    return "".join(text[s.start : s.end] for s in zones(text) if s.zone is Zone.NEW).strip()


TEXTS = [
    "",
    "\n\n",
    "No line end",
    "> quoted\nnew\n>> deep\r\nmore",
    "Hi\n\n-- \nJane\n\nOn Mon, 7 Feb 2022 at 08:15, Ann <a@y.example> wrote:\n> x\n",
]


@pytest.mark.parametrize("text", TEXTS)
def test_segments_cover_the_whole_text_in_order(text):
    assert "".join(text[s.start : s.end] for s in zones(text)) == text


OUTLOOK = """Agreed.

From: Doe, Jane <jane.doe@wantsum.example>
Sent: 07 February 2022 09:30
To: Ray, Gina <gina@wantsum.example>; Oli Penn <oli@taxis.example>
Cc: Ben Cole
Subject: RE: Route 7

Can we drop stop 4?
"""


def test_an_outlook_block_quotes_to_the_end_and_is_read():
    (header,) = headers(OUTLOOK)
    assert header.author.name == "Doe, Jane"
    assert header.author.address == "jane.doe@wantsum.example"
    assert [a.name for a in header.to] == ["Ray, Gina", "Oli Penn", "Ben Cole"]
    assert header.subject == "RE: Route 7"
    assert new(OUTLOOK) == "Agreed."


def test_the_time_after_the_year_is_kept():
    (header,) = headers(OUTLOOK)
    assert header.when.said == "07 February 2022 09:30"


def test_no_zone_is_invented_where_none_is_written():
    (header,) = headers(OUTLOOK)
    wall = datetime(2022, 2, 7, 9, 30, tzinfo=UTC)
    assert header.when.earliest < wall < header.when.latest
    assert not header.when.exact


def test_a_written_zone_is_used():
    text = "Yes.\n\nOn Mon, 7 Feb 2022 09:30:00 +0100, Ann Other wrote:\n> When?\n"
    (header,) = headers(text)
    assert header.when.earliest == datetime(2022, 2, 7, 8, 30, tzinfo=UTC)


BLOCKS = [
    "*From:* Jane Doe <j@x.example>\n*Sent:* 7 February 2022 09:30\n*To:* Ann\n*Subject:* Bus\n",
    "-----Original Message-----\nFrom: Jane Doe\nSent: 07/02/2022 09:30\nTo: Ann\nSubject: Bus\n",
    (
        "________________________________\nFrom: Jane Doe\nSent: 07 February 2022 09:30\nTo: Ann\n"
        "Subject: Bus\n"
    ),
    "Subject: Bus\nDate: 7 Feb 2022 09:30\nTo: Ann\nFrom: Jane Doe\n",
    (
        "---------- Forwarded message ---------\nFrom: Jane Doe <j@x.example>\n"
        "Date: Mon, 7 Feb 2022 at 09:30\nSubject: Bus\nTo: <ann@y.example>\n"
    ),
    (
        "Begin forwarded message:\n\nFrom: Jane Doe <j@x.example>\nSubject: Bus\n"
        "Date: 7 February 2022 at 09:30:00 GMT\nTo: Ann\n"
    ),
]


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_above_a_quotation_is_known_in_any_order(block):
    text = f"See below.\n\n{block}\nWhen does it come?\n"
    (header,) = headers(text)
    assert header.author.name == "Jane Doe"
    assert "09:30" in header.when.said
    assert header.subject == "Bus"
    assert new(text) == "See below."


OPENERS = [
    "On Mon, 7 Feb 2022 at 09:30, Jane Doe <j@x.example> wrote:",
    "On Mon, 7 Feb 2022 at 09:30, Jane Doe\n<j@x.example> wrote:",
    "On Mon, 7 Feb 2022\nat 09:30, Jane Doe\n<j@x.example> wrote:",
    "On 07/02/2022 09:30, Jane Doe wrote:",
    "On Feb 7, 2022, at 9:30 AM, Jane Doe <j@x.example> wrote:",
    "On 2022-02-07 09:30, Jane Doe wrote:",
]


@pytest.mark.parametrize("opener", OPENERS)
def test_on_a_date_somebody_wrote_is_a_header_over_up_to_three_lines(opener):
    text = f"Thanks.\n\n{opener}\n> When?\n"
    (header,) = headers(text)
    assert header.author.name == "Jane Doe"
    assert ":30" in header.when.said
    assert new(text) == "Thanks."


def test_on_at_the_beginning_of_a_sentence_is_no_header():
    text = "On Monday the bus came late.\nI wrote:\nnothing.\n"
    assert headers(text) == []


def test_answers_between_quoted_lines_are_new():
    text = "On 7 Feb 2022 09:30, Jane wrote:\n> One?\n\nYes.\n\n> Two?\n\nNo.\n"
    assert new(text) == "Yes.\n\n\nNo."


def test_words_pushed_out_of_a_quoted_line_stay_quoted():
    text = (
        "> the locator domains use two levels of routing and so on as\nbefore\n"
        "> which is well known.\nI see.\n"
    )
    assert new(text) == "I see."


def test_nested_quotations_count_their_depth():
    text = f"Fine.\n\n{OUTLOOK}\nFrom: Ann\nSent: 6 February 2022 10:00\nTo: Jane\n\nHello\n"
    assert [s.depth for s in headers(text)] == [1, 2]


@pytest.mark.parametrize(
    "end",
    [
        "-- \nJane Doe\nTransport",
        "Kind regards\n\nJane Doe\nTransport\n01227 000000",
        "Many thanks,\nJane",
        "Yours sincerely\n\nJane Doe",
        "Sent from my iPhone",
    ],
)
def test_a_signature_is_no_new_text(end):
    assert new(f"When does the bus come?\n\n{end}\n") == "When does the bus come?"


def test_a_request_after_a_closing_is_not_swallowed():
    text = "Thanks\n\nOne more thing: when does the new route start, and who has been told of it?\n"
    assert "new route" in new(text)


def test_a_signature_above_a_quotation_is_found():
    text = f"Agreed.\n\nRegards\nGina\n\n{OUTLOOK[OUTLOOK.index('From:') :]}"
    assert new(text) == "Agreed."


def test_a_disclaimer_is_boilerplate():
    text = (
        "See you there.\n\nThis email and any attachments are confidential and intended solely\n"
        "for the addressee.\n"
    )
    assert parts(text)[-1][0] is Zone.BOILERPLATE


def test_a_gateways_warning_at_the_top_is_boilerplate():
    text = "CAUTION: This email originated from outside of the council.\n\nWhen?\n"
    assert parts(text)[0][0] is Zone.BOILERPLATE
    assert new(text) == "When?"


@pytest.mark.parametrize(
    "text",
    [
        "On " * 20_000,
        "On \n" * 20_000,
        "\n" * 100_000,
        "> " * 60_000,
        "From: a\n" * 12_000,
        "From: a\nTo: b;\n" + "c;\n" * 30_000,
        "_" * 100_000,
        "Kind regards\n" * 8_000,
        "Date: " + "1" * 100_000,
        "On 1/1/2022 " + "a@" * 40_000 + " wrote:",
    ],
)
def test_any_input_takes_linear_time(text):
    started = time.process_time()
    assert sum(s.end - s.start for s in zones(text)) == len(text)
    assert time.process_time() - started < 5


def test_a_visiting_card_without_a_closing_is_a_signature():
    text = "When does it start?\n\nHonor\n\nHonor Whitlock\nAssistant Director\n01632 960210\n"
    assert new(text) == "When does it start?"


def test_a_list_of_numbers_in_the_middle_is_no_visiting_card():
    text = "Two firms answered:\nKestrel 01632 960210\nFerryman 01632 960211\n\nWhich one is it?\n"
    assert "Kestrel" in new(text)


def test_a_minutes_own_head_is_no_quotation():
    text = "From: Jane Doe\nTo: The committee\nDate: 7 February 2022\nSubject: Bus\n\nWhen?\n"
    assert {s.zone for s in zones(text, mail=False)} == {Zone.NEW}


PIECES = st.sampled_from([
    "> ", "\n", "\r\n", "From: A <a@x.example>\n", "Sent: 7 February 2022 09:30\n", "To: B\n",
    "Subject: Bus\n", "On 7 Feb 2022 09:30, A wrote:\n", "-- \n", "Kind regards\n", "When?\n",
    "_" * 30 + "\n", "unsubscribe\n", "01632 960210\n", "\x0c", "\ud800", " ",
])  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=20), max_size=30).map("".join))
def test_whatever_the_text_its_segments_cover_it(text):
    found = zones(text)
    assert "".join(text[s.start : s.end] for s in found) == text
    assert all((s.depth == 0) == (s.zone not in {Zone.QUOTED, Zone.QUOTE_HEADER}) for s in found)
    for said in found:
        assert said.start < said.end
    acts(text, found, CommunicationId("c"))


def test_a_signature_may_stand_below_an_answer_below_a_quotation():
    text = "See in line.\n\nOn 7 Feb 2022 09:30, A wrote:\n> One?\n\n-- \nJane, Transport\n"
    assert new(text) == "See in line."


def test_a_sentence_that_begins_like_a_devices_line_is_new():
    assert "easier" in new("Here it is.\n\nSent from my desk, which is easier than a phone.\n")


def test_blank_lines_between_a_header_and_its_quotation_do_not_matter():
    text = "Fine.\n\nOn 7 Feb 2022 09:30, A wrote:\n\n\n\n\n> One?\n\nYes.\n"
    assert new(text).split() == ["Fine.", "Yes."]


def test_the_rule_above_a_lists_footer_belongs_to_it():
    text = f"Fine.\n\n{'_' * 40}\nparents mailing list\nhttp://lists.example/parents\n"
    assert new(text) == "Fine."
