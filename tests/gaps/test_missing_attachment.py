# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from functools import partial

import pytest
from stories import failed, found_by, story, view_of

from commtrace.model import Observability, Severity, Strength

STAGE = """
    party get directorate get.example
    party cype directorate cype.example
    mailbox lead@get.example 2021-12-01 to 2022-03-31
    as of 2022-03-31
    #1 2022-01-04 09:30 lead@get.example -> head@cype.example "Rota" [file rota.xlsx] : The rota is attached.
"""
SAYS = '    #2 2022-01-10 09:30 lead@get.example -> {to} "Routes" {options} : {words}\n'
findings = partial(found_by, "missing_attachment")


def of(
    words="Please find attached the routes.",
    more="",
    *,
    options="",
    to="head@cype.example",
    stage=STAGE,
):
    return findings(view_of(stage + SAYS.format(words=words, options=options, to=to) + more))


def test_a_file_that_is_announced_and_not_there_is_quoted():
    (gap,) = of()
    assert gap.about == ("message-2",)
    assert "“Please find attached the routes.”" in gap.sentence
    assert gap.observability is Observability.OBSERVED
    assert (gap.severity, gap.strength) == (Severity.MATERIAL, Strength.INDICATED)
    assert gap.cites[0].span == (0, 32)


def test_the_words_of_the_sentence_are_printed_and_not_the_pattern_they_matched():
    (gap,) = of()
    (said,) = [c for c in gap.checks if c.what == "The sentence speaks of something else"]
    words = gap.measure["words that announce it"]
    assert said.because == f"it was recognised by “{words}”"
    assert words in "Please find attached the routes."


def test_between_colleagues_of_one_party_it_weighs_less():
    (gap,) = of(to="planner@get.example")
    assert gap.severity is Severity.LOW


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("Please find attached the routes.", "[file routes.xlsx]"),
        ("Please find attached the link to the shared drive.", ""),
        ("I attach great importance to the routes.", ""),
        ("Please find attached the routes.", "[auto]"),
    ],
    ids=["it is there", "a place is named", "no file is meant", "written by a machine"],
)
def test_no_file_is_absent(words, options):
    assert of(words, options=options) == ()


def test_a_signature_picture_is_no_attachment():
    assert len(of(options="[file image001.png]")) == 1


def test_the_file_came_with_the_next_message():
    sent_again = '    #3 2022-01-10 09:34 lead@get.example -> head@cype.example "Routes" [file routes.xlsx] : With it this time.\n'
    assert of(more=sent_again) == ()


def test_the_file_came_too_late_to_be_the_same():
    later = '    #3 2022-01-20 09:34 lead@get.example -> head@cype.example "Routes" [file routes.xlsx] : New routes.\n'
    assert len(of(more=later)) == 1


def test_an_answer_that_says_that_nothing_was_there_corroborates_it():
    answer = '    #3 2022-01-10 11:00 head@cype.example -> lead@get.example "Re: Routes" [re #2] : There was no attachment, could you send it again?\n'
    (gap,) = of(more=answer)
    assert gap.strength is Strength.CORROBORATED
    assert "An answer says that nothing was there." in gap.sentence


def test_where_no_message_of_the_material_has_its_files_the_export_may_have_left_them_out():
    (gap,) = of(
        stage=STAGE.replace("[file rota.xlsx] : The rota is attached", ": The rota is done")
    )
    assert gap.observability is Observability.ONE_SIDE


def test_of_a_print_nobody_can_say_what_was_attached():
    (gap,) = of(options="[reported]")
    assert gap.observability is Observability.NOT_TESTABLE
    assert gap.severity is Severity.LOW


@story
def test_an_answer_that_speaks_of_the_attached_means_the_file_above_it(view):
    """
    party get directorate get.example
    party cype directorate cype.example
    #1 2022-01-04 09:30 lead@get.example -> head@cype.example "Rota" [file rota.xlsx] : The rota is attached.
    #2 2022-01-05 09:30 head@cype.example -> lead@get.example "Re: Rota" [re #1] : The attached rota is fine.
    """
    assert findings(view) == ()


@story
def test_a_forward_that_lost_the_file_on_the_way_says_where_it_is(view):
    """
    party get directorate get.example
    party cype directorate cype.example
    party pact forum pact.example
    #1 2022-01-04 09:30 lead@get.example -> head@cype.example "Rota" [file rota.xlsx] : The rota is attached.
    #2 2022-01-05 09:30 head@cype.example -> chair@pact.example "Fw: Rota" [fw #1] : Please see the attached rota.
    """
    (gap,) = findings(view)
    assert "is held with one file, which it does not carry" in gap.sentence
    assert gap.severity is Severity.LOW
    assert failed(gap) == ["It means a file of the message above"]


BOTH = STAGE + "    mailbox head@cype.example 2021-12-01 to 2022-03-31\n"
LIST = '    #{n} 2022-01-1{n} 09:30 lead@get.example -> head@cype.example "Routes {n}" [file {file}] [stripped head@cype.example] : The routes of the week.\n'


def stripped(*files):
    told = (LIST.format(n=n, file=file) for n, file in enumerate(files, 2))
    return findings(view_of(BOTH + "".join(told)))


def test_a_copy_without_the_file_that_another_copy_carries_is_a_gap_of_that_mailbox():
    (gap,) = stripped("routes.pdf")
    assert gap.anchor == ("copy", "head@cype.example", "message-2")
    assert (gap.severity, gap.strength) == (Severity.MATERIAL, Strength.DIRECT)
    assert "is held without “routes.pdf”, which another copy of it carries" in gap.sentence
    assert "other messages of the same material have theirs" in str(gap.checks)


def test_a_mailbox_whose_copies_lack_files_throughout_is_one_gap():
    (gap,) = stripped("a.pdf", "b.pdf", "c.pdf", "d.pdf")
    assert gap.measure == {"messages": 4, "files": 4}
    assert gap.severity is Severity.LOW
    assert "Of four messages" in gap.sentence


def test_a_picture_of_a_signature_that_one_copy_lost_is_none():
    assert stripped("image001.png") == ()
