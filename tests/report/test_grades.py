# ruff: noqa: E501 - a line of a story is a message
"""An exhibit says in words what is no original, and the register prints all that is known of a line."""

from datetime import date

from stories import view_of

from commtrace.brief import KnownMissing
from commtrace.report._entries import _who
from commtrace.report._limits import _asked, _known

VIEW = view_of("""
    party get directorate get.example
    as of 2022-03-31
    #1 2022-02-14 09:30 a@get.example -> b@cype.example "Bus" : The route is set.
    #2 2022-02-15 09:30 b@cype.example -> a@get.example "Re: Bus" [reported] : Thank you.
    #3 2022-02-16 09:30 a@get.example -> b@cype.example "Call" [call] [entered A. Officer] : We spoke.
""")


def test_an_exhibit_says_what_it_is():
    assert _who(VIEW, 0) == "Email from a@get.example to b@cype.example"
    assert _who(VIEW, 1).endswith(" (reported, no original)")
    assert _who(VIEW, 2).endswith(" (entered by hand by A. Officer)")


def test_a_line_of_the_register_prints_holder_days_and_answer():
    line = KnownMissing(
        what="notebook", holder="A. Officer", since=date(2022, 2, 1), until=date(2022, 2, 28),
        asked_for=date(2022, 5, 4), answered="not found",
    )  # fmt: skip
    assert _known(line) == "notebook (held by A. Officer; 1 Feb 2022 to 28 Feb 2022)"
    assert _asked(line) == "4 May 2022; not found"
    assert _known(KnownMissing(what="notebook")) == "notebook"
    assert _asked(KnownMissing(what="notebook")) == "not asked for yet"
