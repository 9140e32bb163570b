# ruff: noqa: E501 - a line of a story is a message
from __future__ import annotations

from functools import partial

import pytest
from stories import found_by, view_of

from commtrace.brief import PublishedAddress
from commtrace.gaps.dead_channel import wilson
from commtrace.model import Observability, Severity

STAGE = """
    party get directorate get.example
    party families families home.example
    mailbox helpdesk@get.example 2021-12-01 to 2022-03-31
    as of 2022-03-31
"""
ASK = '    #{n} 2022-01-{day:02} 09:30 parent{n}@home.example -> {to} "Route {n}" : Can you tell me who drives route {n}?\n'
REPLY = '    #r{n} 2022-01-{day:02} 15:30 {who} -> parent{n}@home.example "Re: Route {n}" [re #{n}] : It is driven by Jo.\n'
findings = partial(found_by, "dead_channel")


def box(asked, answered, *, to="helpdesk@get.example", who="helpdesk@get.example", stage=STAGE):
    text = stage
    for n in range(1, asked + 1):
        text += ASK.format(n=n, day=3 + n, to=to)
        if n <= answered:
            text += REPLY.format(n=n, day=3 + n, who=who)
    return text


def test_a_mailbox_of_which_two_in_twelve_were_answered():
    (gap,) = findings(view_of(box(12, 2)))
    assert "12 requests from outside" in gap.sentence
    assert "for 2 of them (17%, 95% interval 5% to 45%)" in gap.sentence
    assert gap.observability is Observability.OBSERVED
    assert gap.severity is Severity.GRAVE
    assert len(gap.cites) == 10


def test_answers_from_personal_mailboxes_of_the_party_count():
    assert findings(view_of(box(12, 11, who="lead@get.example"))) == ()


@pytest.mark.parametrize(("asked", "answered"), [(9, 0), (12, 8), (12, 4)],
                         ids=["few asked", "most were answered", "too few to tell"])  # fmt: skip
def test_no_claim_is_made_where_the_figures_do_not_bear_it(asked, answered):
    assert findings(view_of(box(asked, answered))) == ()


def test_an_officers_own_mailbox_is_no_channel_unless_it_was_published():
    text = box(12, 0, to="j.lead@get.example").replace("mailbox helpdesk@", "mailbox j.lead@")
    assert findings(view_of(text)) == ()
    published = PublishedAddress(address="j.lead@get.example", party="get")
    (gap,) = findings(view_of(text, published_addresses=(published,)))
    assert "an address that people were told to use" in gap.sentence


def test_without_the_channels_mailbox_it_says_so():
    stage = STAGE.replace("mailbox helpdesk@get.example", "mailbox lead@get.example")
    (gap,) = findings(view_of(box(12, 1, stage=stage, who="lead@get.example")))
    assert gap.observability is Observability.ONE_SIDE
    assert gap.severity is Severity.MATERIAL


@pytest.mark.parametrize(
    ("found", "of", "low", "high"), [(0, 10, 0.0, 0.278), (5, 10, 0.237, 0.763), (0, 0, 0.0, 1.0)]
)
def test_the_interval_is_wilsons(found, of, low, high):
    assert wilson(found, of) == pytest.approx((low, high), abs=0.001)
