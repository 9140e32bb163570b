"""Plain text files: letters, notes, and what only calls itself text."""

from __future__ import annotations

import pytest
from papers import problems, record

from commtrace.model import ProblemKind
from commtrace.moments import say
from commtrace.parsers.txt import txt

LETTER = (
    "3 March 2022\n\nDear Jane\n\nRe: The bus – again\n\n"
    "It was late.\n\nYours sincerely\nAda Okafor\n"
)


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_a_letter_is_read_in_whatever_charset_it_was_saved(charset):
    found = record(txt, "a.txt", LETTER.encode(charset))
    assert (found.subject, say(found.sent), found.sender.name) == (
        "The bus – again", "3 Mar 2022", "Ada Okafor",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", ProblemKind.EMPTY),
        (b" \r\n\t\r\n", ProblemKind.EMPTY),
        (bytes(range(256)) * 40, ProblemKind.UNSUPPORTED_TYPE),
        (b"MZ\x90\x00" + bytes(500), ProblemKind.UNSUPPORTED_TYPE),
    ],
)
def test_what_is_no_text_is_a_problem(data, kind):
    (found,) = problems(txt, "a.txt", data)
    assert found.kind is kind


def test_control_characters_never_reach_the_text():
    assert "\x00" not in record(txt, "a.txt", b"Hello\x00" + b" world" * 50).text
