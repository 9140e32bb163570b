"""The Coverage page: the weeks, one of them opened, and the request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from commtrace.figures import coverage
from commtrace.model import AbsentCopy, Address, Ghost, Holder, QuotedSpan, Recapture
from commtrace.moments import say

Page = Callable[..., AppTest]


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in app.get("html"))


def with_absent(case: object) -> str:
    """The key of a week of which a copy is absent, put into a synthetic case."""
    view = case.view()
    week = next(w for w in view.weeks if w.covered and w.proven > w.matched)
    row = next(r for r in range(view.dated) if 0 <= (view.day(r) - week.week).days < 7)
    copy = AbsentCopy(
        communication=view.ids[row],
        custodian=week.custodian,
        identity=None,
        sent=True,
        declared=True,
    )
    lacking = replace(view, absent_copies=(copy,))
    case.view = lambda: lacking
    return coverage.key_of(week.custodian, week.week)


def test_the_page_opens_on_the_barest_week(visit: Page, case: object) -> None:
    week = coverage.barest_week(case.view())
    text = said(visit("coverage"))
    assert "What each mailbox could have shown" in text
    assert f"{week.held_sent + week.held_received:,} item" in text
    assert "Disclosure request" in str([b.label for b in visit("coverage").get("download_button")])


def test_a_week_of_the_address_lists_its_witnesses(visit: Page, case: object) -> None:
    key = with_absent(case)
    app = visit("coverage", open=key)
    assert "Of the copies that other mailboxes prove it holds" in said(app)


def test_a_week_outside_what_was_supplied_is_no_gap(visit: Page, case: object) -> None:
    view = case.view()
    first = view.weeks[0]
    weeks = (replace(first, covered=False), *view.weeks[1:])
    changed = replace(view, weeks=weeks)
    case.view = lambda: changed
    text = said(visit("coverage", open=coverage.key_of(first.custodian, first.week)))
    assert "nothing absent in it is a gap" in text


def test_without_a_mailbox_it_says_what_would_help(visit: Page, case: object) -> None:
    bare = replace(case.view(), weeks=(), coverage=())
    case.view = lambda: bare
    assert "Name custodians and their folders in case.toml" in said(visit("coverage"))


def test_an_estimate_of_what_passed_is_worded_at_least(visit: Page, case: object) -> None:
    one, other = sorted({box.custodian for box in case.view().coverage})[:2]
    made = Recapture(
        sender=one, recipient=other, first=date(2022, 1, 1), last=date(2022, 3, 31),
        in_sent=40, in_received=38, in_both=35, estimate=43, low=43, high=46,
    )  # fmt: skip
    caught = replace(case.view(), recaptures=(made,))
    case.view = lambda: caught
    text = said(visit("coverage"))
    assert "At least how many passed" in text
    assert "What is gone from both is not in it." in text


def with_ghost(case: object, **changes: object) -> Ghost:
    """The first absent message of a synthetic case, changed, as its only one."""
    view = case.view()
    ghost = replace(view.ghosts[0], **changes)
    changed = replace(view, ghosts=(ghost,))
    case.view = lambda: changed
    return ghost


def test_an_absent_message_is_listed_with_who_should_hold_it_and_its_words_by_source(
    visit: Page, case: object
) -> None:
    one, other = case.view().ids[:2]
    with_ghost(
        case,
        author=Address(name="Amy Hart", address="amy@homemail.example"),
        text="The gate is locked.\nPlease bring a key.\nAmy",
        sources=(
            QuotedSpan(communication=one, start=0, end=40, lines=2),
            QuotedSpan(communication=other, start=0, end=3, lines=1),
        ),
        holders=(
            Holder(custodian="Desk", supplied=True, covers=True),
            Holder(custodian="Head", supplied=True, covers=False),
            Holder(custodian="Clerk", supplied=False, covers=False),
        ),
    )
    text = said(visit("coverage", coverage_view="Absent messages"))
    assert "Amy Hart &lt;amy@homemail.example&gt;" in text
    assert "Desk: mailbox supplied, covers that time" in text
    assert "Head: mailbox supplied, does not cover that time" in text
    assert "Clerk: mailbox not supplied" in text
    first, second = (text.index(words) for words in ("locked.\nPlease bring a key.<", ">Amy<"))
    assert first < text.index("quoted by", first) < second < text.index("quoted by", second)
    assert "Reconstructed from quotations: not an original." in text
    assert "delete" not in text.lower().partition("<style>")[0]


def test_an_absent_message_of_no_known_time_and_holder_says_so(visit: Page, case: object) -> None:
    with_ghost(case, when=None, likely_holders=())
    text = said(visit("coverage", coverage_view="Absent messages"))
    assert "nobody whose mailbox is known" in text
    assert "<dt>When</dt><dd>not known</dd>" in text


def test_the_address_says_which_absent_message_is_open(visit: Page, case: object) -> None:
    ghost = case.view().ghosts[5]
    text = said(visit("coverage", coverage_view="Absent messages", ghost=ghost.id))
    assert say(ghost.when) in text.partition("<dt>When</dt>")[2].partition("</dd>")[0]


def test_where_nothing_absent_is_cited_it_says_so(visit: Page, case: object) -> None:
    whole = replace(case.view(), ghosts=())
    case.view = lambda: whole
    text = said(visit("coverage", coverage_view="Absent messages"))
    assert "No message here cites, quotes or indexes" in text


@pytest.mark.parametrize("measure", list(coverage.Measure))
def test_the_facts_of_the_chart_are_a_table(visit: Page, measure: coverage.Measure) -> None:
    app = visit("coverage", measure=measure.value)
    next(t for t in app.toggle if t.label == "View as table").set_value(True)
    assert "Proven copies held" in said(app.run())
