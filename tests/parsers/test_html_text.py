"""HTML to lines: what a reader sees, in order, with quotation kept and nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commtrace.parsers._html import HIDDEN, TOO_DEEP, read, to_text, words_of

PAGES = [
    ("<p>One</p><p>Two</p>", "One\n\nTwo"),
    ("<div>One</div><div>Two</div>", "One\nTwo"),
    ("One<br>Two<br><br>Three", "One\nTwo\n\nThree"),
    ("<b>bold</b> and <i>it</i>alic", "bold and italic"),
    ("a &amp; b &lt;c&gt; &pound;5&nbsp;each", "a & b <c> £5 each"),
    ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
    ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>", "1\t2\n3\t4"),
    ("<pre>a\n  b</pre>", "a\n  b"),
    ("x<script>alert(1)</script><style>p{}</style>y", "xy"),
    ("<head><title>no</title></head><body>yes</body>", "yes"),
    ("<!-- no -->yes", "yes"),
    ("", ""),
    ("plain words only", "plain words only"),
    ("<p>unclosed <b>bold", "unclosed bold"),
]


@pytest.mark.parametrize(("html", "text"), PAGES)
def test_a_page_is_read_line_by_line(html, text):
    assert to_text(html) == text


def test_quotation_survives_as_marks_before_each_line():
    html = "Yes.<blockquote>Can we?<br>Please?<blockquote>Earlier</blockquote></blockquote>After"
    lines = to_text(html).split("\n")
    assert "> Can we?" in lines
    assert "> Please?" in lines
    assert "> > Earlier" in lines
    assert lines[0] == "Yes."
    assert lines[-1] == "After"


def test_a_rule_before_a_forwarded_header_becomes_the_line_outlook_writes():
    assert to_text("<p>See below</p><hr>From: A") == "See below\n\n" + "_" * 32 + "\nFrom: A"


@pytest.mark.parametrize(
    "style",
    ["display:none", "display : none", "visibility:hidden", "font-size:0px", "mso-hide:all"],
)
def test_hidden_text_is_kept_and_said(style):
    text, doubts = read(f"<p>seen</p><p style='{style}'>unseen</p>")
    assert "unseen" in text
    assert doubts == (HIDDEN,)


def test_an_empty_hidden_element_raises_no_doubt():
    assert read("<p>seen</p><p style='display:none'> </p>") == ("seen", ())


@pytest.mark.parametrize("tag", ["div", "blockquote", "b", "span", "table"])
@pytest.mark.parametrize("depth", [500, 30_000])
def test_text_below_deep_nesting_is_not_lost(tag, depth):
    text = to_text(f"<{tag}>" * depth + "deep" + f"</{tag}>" * depth + "after")
    assert "deep" in text
    assert "after" in text


def test_a_page_read_without_its_structure_says_so():
    assert read("<div>" * 30_000 + "deep")[1] == (TOO_DEEP,)


def test_the_plain_scan_leaves_scripts_out_and_keeps_lines():
    html = "<div>" * 30_000 + "<script>no<b></script>one<br>two &amp; three<p>four</p>"
    assert to_text(html).split("\n") == ["one", "two & three", "", "four"]


def test_words_of_a_page_leave_its_style_out():
    assert words_of("<style>p{color:red}</style><p>one</p><p>two</p>").split() == ["one", "two"]


@settings(deadline=None)
@given(st.text(alphabet="<>/abp \n&;\"'=!-", max_size=200))
def test_no_markup_makes_reading_fail(html):
    assert isinstance(to_text(html), str)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["alpha", "beta", "gamma"]), min_size=1, max_size=20))
def test_every_word_of_a_page_is_in_its_text_in_order(words):
    html = "".join(f"<div><p>{word}</p></div>" for word in words)
    assert to_text(html).split() == words
