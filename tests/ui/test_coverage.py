"""The Coverage page: the weeks, one of them opened, and the request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from commtrace.figures import coverage
from commtrace.model import AbsentCopy

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


@pytest.mark.parametrize("measure", list(coverage.Measure))
def test_the_facts_of_the_chart_are_a_table(visit: Page, measure: coverage.Measure) -> None:
    app = visit("coverage", measure=measure.value)
    next(t for t in app.toggle if t.label == "View as table").set_value(True)
    assert "Proven copies held" in said(app.run())
