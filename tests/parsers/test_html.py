"""Saved pages and letters saved as pages."""

from __future__ import annotations

import pytest
from papers import item, problems, record

from commtrace.model import Channel, ProblemKind
from commtrace.moments import say
from commtrace.parsers.html import html

PAGE = (
    "<!DOCTYPE html><html><head><title>School &amp; transport</title></head>"
    "<body><p>{}</p></body></html>"
)
LETTER = (
    "<html><body><p>3 March 2022</p><p>Dear Jane</p><p>Hello.</p>"
    "<p>Regards</p><p>Ada Okafor</p></body></html>"
)


def test_a_page_is_of_the_web_and_titled():
    found = record(html, "a.html", PAGE.format("Apply by 1 May").encode())
    assert (found.channel, found.subject, found.text) == (
        Channel.WEB, "School & transport", "Apply by 1 May",
    )  # fmt: skip


def test_a_page_with_a_salutation_is_a_letter():
    found = record(html, "a.html", LETTER.encode())
    assert (found.channel, say(found.sent), found.sender.name) == (
        Channel.LETTER, "3 Mar 2022", "Ada Okafor",
    )  # fmt: skip


def test_the_charset_that_a_page_states_is_used():
    page = '<html><head><meta charset="windows-1251"></head><body>Привет</body></html>'
    assert record(html, "a.html", page.encode("cp1251")).text == "Привет"


def test_a_script_is_no_text():
    (found,) = problems(html, "a.html", b"<html><script>alert(1)</script></html>")
    assert found.kind is ProblemKind.NO_TEXT


@pytest.mark.parametrize(
    "start", ["<!doctype html>", "\ufeff<HTML>", "<!-- saved --><html>", "\n<html>"]
)
def test_a_page_is_known_by_how_it_begins(start):
    assert html.claims(item("a.bin", start.encode() + b"<body>x</body>"))


@pytest.mark.parametrize("start", ["Subject: <html>", "plain", "<?xml version='1.0'?><svg/>"])
def test_other_text_is_not_claimed(start):
    assert not html.claims(item("a.bin", start.encode()))
