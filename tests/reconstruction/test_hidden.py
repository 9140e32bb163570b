"""Words that survive only in somebody's quotation, in the ways that mail programs quote."""

from __future__ import annotations

import pytest

from commtrace.language.zones import zones
from commtrace.reconstruction.hidden import quoted_words

WORDS = "The boiler in the lower hall was condemned on Monday, and nobody has told the tenants yet."
GMAIL = f"Noted.\n\nOn Wed, 21 Dec 2022 at 01:26, Ben Ode <ben@north.example> wrote:\n\n> {WORDS}\n"
APPLE = (
    "Noted.\n\nSent from my iPhone\n\n> On 21 Dec 2022, at 01:26, Ben Ode <ben@north.example>"
    f" wrote:\n> \n> {WORDS}\n"
)
OUTLOOK = (
    "Noted.\n\nFrom: Ben Ode <ben@north.example>\nSent: 21 December 2022 01:26\nTo: Amy Ward"
    f"\nSubject: Boiler\n\n{WORDS}\n"
)
NESTED = (
    GMAIL + "> \n> On Tue, 20 Dec 2022 at 09:00, Amy <amy@north.example> wrote:\n> \n> > Why?\n"
)


@pytest.mark.parametrize("text", [GMAIL, APPLE, OUTLOOK, NESTED])
def test_the_words_below_the_first_quoted_header_are_read_whatever_the_mail_program(text):
    assert quoted_words(text, zones(text)) == WORDS


def test_an_answer_between_the_lines_ends_the_words():
    text = GMAIL + "\nWhy was I not told?\n\n> This line follows the answer.\n"
    assert quoted_words(text, zones(text)) == WORDS


@pytest.mark.parametrize("text", [GMAIL, APPLE, OUTLOOK])
def test_a_message_that_only_a_quotation_shows_is_a_ghost(text, mail, view):
    reply = mail(
        "2022-12-21 09:00", "Amy <amy@north.example>", "ben@north.example", "RE: Boiler", text=text
    )
    (ghost,) = view([reply]).ghosts
    assert ghost.text == WORDS


@pytest.mark.parametrize("text", [GMAIL, APPLE, OUTLOOK])
def test_a_message_that_is_held_is_none(text, mail, view):
    first = mail(
        "2022-12-21 01:26", "Ben Ode <ben@north.example>", "amy@north.example", "Boiler", text=WORDS
    )
    reply = mail(
        "2022-12-21 09:00", "Amy <amy@north.example>", "ben@north.example", "RE: Boiler", text=text
    )
    assert view([first, reply]).ghosts == ()
