# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from functools import partial

import pytest
from stories import found_by, view_of

from commtrace.gaps._differences import altered, differences
from commtrace.model import Observability, Severity, Strength

STAGE = """
    party get directorate get.example
    party pact forum pact.example
    mailbox lead@get.example 2021-12-01 to 2022-03-31
    mailbox chair@pact.example 2021-12-01 to 2022-03-31
    as of 2022-03-31
"""
FIRST = '#1 2022-01-10 09:30 lead@get.example -> chair@pact.example "Letters" [held lead@get.example] : {words}\n'
SECOND = '#2 2022-01-10 09:30 {sender} -> {to} "{subject}" [same #1] [held chair@pact.example] : {words}\n'
ORIGINAL = "Every family will hear from us by 11 February and the routes are final."
findings = partial(found_by, "altered_copy")


def copies(words, sender="lead@get.example", subject="Letters", to="chair@pact.example"):
    second = SECOND.format(words=words, sender=sender, subject=subject, to=to)
    return findings(view_of(STAGE + FIRST.format(words=ORIGINAL) + second))


def test_two_wordings_under_one_id_are_shown_side_by_side():
    (gap,) = copies("Every family will hear from us by 25 February and the routes are final.")
    assert gap.anchor == ("copies", "1@story.example")
    assert (
        "“11” in the copy of lead@get.example and “25” in the copy of chair@pact.example"
        in gap.sentence
    )
    assert (gap.severity, gap.strength) == (Severity.MATERIAL, Strength.DIRECT)
    assert gap.observability is Observability.OBSERVED


def test_two_copies_that_differ_in_whom_they_were_sent_to_say_so():
    (gap,) = copies(ORIGINAL, to="chair@pact.example, other@pact.example")
    assert "their new words agree, and the recipients differ" in gap.sentence
    assert gap.severity is Severity.LOW


def test_an_id_that_strangers_share_is_no_altered_copy():
    assert copies("Your parcel is on its way.", sender="shop@else.example", subject="Parcel") == ()


def test_a_copy_that_differs_is_no_copy_that_is_absent():
    second = SECOND.format(
        words="Nobody will hear.",
        sender="lead@get.example",
        subject="Letters",
        to="chair@pact.example",
    )
    assert found_by("missing_copy", view_of(STAGE + FIRST.format(words=ORIGINAL) + second)) == ()


def answer(quotation):
    quote = "-----Original Message-----|From: lead@get.example|Sent: 10 January 2022 09:30|To: chair@pact.example|Subject: Letters||"
    mails = FIRST.format(words=ORIGINAL).replace(" [held lead@get.example]", "")
    mails += f'#3 2022-01-12 09:30 chair@pact.example -> lead@get.example "Re: Letters" [re #1] : You wrote this.||{quote}{quotation}\n'
    return findings(view_of(STAGE + mails))


def test_a_quotation_with_another_date_is_to_be_confirmed_by_a_person():
    (gap,) = answer(ORIGINAL.replace("11 February", "28 February"))
    assert gap.anchor[0] == "quotation"
    assert gap.strength is Strength.INDICATED
    assert "“11” there, “28” in the quotation" in gap.sentence


@pytest.mark.parametrize(
    "quotation",
    [
        ORIGINAL,
        ORIGINAL.replace(" by ", "|by ").replace("and", "and|"),
        "Every family will hear from us by 11 February.",
        ORIGINAL.replace("final", "final, NO THEY ARE NOT"),
        ORIGINAL.replace("hear from us", "hear from our team"),
    ],
    ids=[
        "whole",
        "reflowed",
        "cut short",
        "answered between the lines",
        "a word that changes no sense",
    ],
)
def test_what_clients_and_answers_do_to_a_quotation_is_no_alteration(quotation):
    assert answer(quotation) == ()


def test_an_answer_dated_long_before_what_it_answers_shows_a_wrong_date():
    mails = """
    #1 2022-01-10 09:30 lead@get.example -> chair@pact.example "Letters" : The letters go out soon.
    #2 2022-01-05 09:30 chair@pact.example -> lead@get.example "Re: Letters" [re #1] : Thank you.
    """
    (gap,) = findings(view_of(STAGE + mails))
    assert gap.anchor[0] == "dates"
    assert "of the two dates at least one is wrong" in gap.sentence


def test_links_breaks_case_and_apostrophes_make_no_difference():
    assert (
        differences("Don't go to https://a.example/x\nNOW", "> Don’t go to https://safelinks/y now")
        == ()
    )


def test_differences_of_a_hostile_text_are_found_in_time():
    one, other = "a b " * 100_000, "b a " * 100_000
    assert altered(one, other) == ()
