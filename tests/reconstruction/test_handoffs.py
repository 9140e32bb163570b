"""Matters passed from one party to another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from commtrace.brief import Brief, Custodian, PartyBrief
from commtrace.model import HandoffState, Mark, Party, PartyKind

AMY = "Amy Hart <amy@families.example>"
HELP, PLAN = "Helpdesk <help@get.example>", "Planner <plan@get.example>"
CASE, MEMBER = "Casework <case@cype.example>", "Member <cllr@members.example>"


def party(name, kind):
    return PartyBrief(party=Party(id=name, label=name, kind=kind), domains=(f"{name}.example",))


BRIEF = Brief(
    parties=(
        party("get", PartyKind.DIRECTORATE),
        party("cype", PartyKind.DIRECTORATE),
        party("members", PartyKind.MEMBERS),
        party("families", PartyKind.FAMILIES),
    ),
    custodians=(
        Custodian(
            name="Helpdesk", address="help@get.example", since=date(2022, 1, 1),
            until=date(2022, 3, 31),
        ),
    ),
)  # fmt: skip
HELD = ["Helpdesk"]


@pytest.fixture
def asked(mail):
    """#1 Amy -> helpdesk: who drives on Monday?"""
    return mail("2022-01-10 09:00", AMY, HELP, "Bus", text="Who drives?", mid="1@x", held_by=HELD)


@pytest.fixture
def passed(mail):
    """#2 helpdesk -> casework, FW of #1: can you answer her?"""
    return mail(
        "2022-01-11 09:00", HELP, CASE, "FW: Bus", mid="2@x", re="1@x", held_by=HELD,
        text="Can you answer her?\n\nFrom: Amy Hart\nSent: 10 January 2022 09:00\nTo: Helpdesk\n"
        "Subject: Bus\n\nWho drives?",
    )  # fmt: skip


def only(view, messages, as_of="2022-03-01"):
    (handoff,) = view(messages, BRIEF, as_of).handoffs
    return handoff


def test_a_forward_to_another_directorate_is_a_handoff(asked, passed, view):
    found = only(view, [asked, passed], "2022-01-14")
    assert (found.from_party, found.to_party, found.given) == ("get", "cype", passed.id)
    assert found.is_forward
    assert found.asks
    assert found.state is HandoffState.NOT_YET_DUE
    assert found.waited == 2  # 12 and 13 January: the evidence ends before the 14th


def test_nothing_on_record_after_the_limit_is_not_taken_up(asked, passed, view):
    found = only(view, [asked, passed])
    assert found.state is HandoffState.NOT_TAKEN_UP
    assert found.taken_up is None


def test_where_neither_side_was_supplied_it_cannot_be_told(asked, passed, view):
    bare = replace(BRIEF, custodians=())
    messages = [replace(one, sightings=(replace(one.sightings[0], custodian=None),))
                for one in (asked, passed)]  # fmt: skip
    (found,) = view(messages, bare, "2022-03-01").handoffs
    assert found.state is HandoffState.NOT_TESTABLE


@pytest.mark.parametrize(
    ("sender", "to", "subject"),
    [
        (CASE, HELP, "RE: Bus"),
        (CASE, AMY, "RE: Bus"),
        (CASE, MEMBER, "FW: Bus"),
        ("Other <other@cype.example>", AMY, "Your son's transport"),
    ],
)
def test_an_answer_a_letter_to_the_family_or_a_pass_takes_it_up(  # noqa: PLR0917 - the table has three columns
    mail, asked, passed, view, sender, to, subject
):
    re = None if "son" in subject else "2@x"
    step = mail("2022-01-13 09:00", sender, to, subject, mid="3@x", re=re, text="Done.")
    found = next(h for h in view([asked, passed, step], BRIEF, "2022-03-01").handoffs
                 if h.given == passed.id)  # fmt: skip
    assert found.taken_up == step.id
    assert found.state is HandoffState.TAKEN_UP
    assert found.waited == 2


def test_an_automatic_reply_takes_nothing_up(mail, asked, passed, view):
    auto = mail(
        "2022-01-11 09:01", CASE, HELP, "Automatic reply: Bus", mid="3@x", re="2@x",
        marks=[Mark.AUTOMATIC],
    )  # fmt: skip
    assert only(view, [asked, passed, auto]).state is HandoffState.NOT_TAKEN_UP


def test_a_step_after_the_limit_is_late(mail, asked, passed, view):
    step = mail("2022-02-11 09:00", CASE, HELP, "RE: Bus", mid="3@x", re="2@x", text="Done.")
    assert only(view, [asked, passed, step]).state is HandoffState.LATE


def test_after_the_limit_a_message_to_the_family_on_whatever_matter_takes_nothing_up(
    mail, asked, passed, view
):
    other = mail("2022-02-11 09:00", CASE, AMY, "Estate meeting", mid="3@x", text="It is at six.")
    found = next(h for h in view([asked, passed, other], BRIEF, "2022-03-01").handoffs
                 if h.given == passed.id)  # fmt: skip
    assert found.state is HandoffState.NOT_TAKEN_UP
    assert found.taken_up is None


def test_a_forward_for_information_that_asks_nothing_passes_nothing(mail, asked, view):
    fyi = mail(
        "2022-01-11 09:00", HELP, CASE, "FW: Bus", mid="2@x", re="1@x", held_by=HELD,
        text="FYI only, no action needed.",
    )  # fmt: skip
    assert view([asked, fyi], BRIEF).handoffs == ()


def test_a_forward_to_many_organisations_passes_nothing_to_any_of_them(mail, asked, view):
    many = "; ".join(f"desk@firm{n}.example" for n in range(5))
    sent = mail(
        "2022-01-11 09:00", HELP, many, "FW: Bus", mid="2@x", re="1@x", text="Please read this.",
    )  # fmt: skip
    assert view([asked, sent], BRIEF).handoffs == ()
    few = replace(sent, to=sent.to[:2])
    assert len(view([asked, few], BRIEF).handoffs) == 2


def test_a_forward_inside_one_party_is_none(mail, asked, view):
    inside = mail("2022-01-11 09:00", HELP, PLAN, "FW: Bus", mid="2@x", re="1@x", text="Can you?")
    assert view([asked, inside], BRIEF).handoffs == ()


def test_a_plain_answer_to_whoever_asked_is_none(mail, view):
    question = mail("2022-01-10 09:00", CASE, HELP, "List", text="Have you the list?", mid="1@x")
    answer = mail("2022-01-11 09:00", HELP, CASE, "RE: List", text="Yes.", mid="2@x", re="1@x")
    assert view([question, answer], BRIEF).handoffs == ()


def test_an_answer_that_asks_back_passes_the_matter_back(mail, view):
    question = mail("2022-01-10 09:00", CASE, HELP, "List", text="Have you the list?", mid="1@x")
    back = mail(
        "2022-01-11 09:00", HELP, CASE, "RE: List", text="Could you send the names?",
        mid="2@x", re="1@x",
    )  # fmt: skip
    (found,) = view([question, back], BRIEF).handoffs
    assert (found.from_party, found.to_party) == ("get", "cype")


def test_a_forward_for_information_asks_nothing(mail, asked, view):
    fyi = mail(
        "2022-01-11 09:00", HELP, CASE, "FW: Bus", mid="2@x", re="1@x",
        text="FYI, please file.", held_by=HELD,
    )  # fmt: skip
    assert not only(view, [asked, fyi]).asks


def test_a_copy_alone_asks_nothing(mail, asked, view):
    copy = mail(
        "2022-01-11 09:00", HELP, PLAN, "FW: Bus", cc=CASE, mid="2@x", re="1@x",
        text="Can you answer her?", held_by=HELD,
    )  # fmt: skip
    assert not only(view, [asked, copy]).asks


def test_a_forward_to_a_family_informs_and_passes_nothing(mail, view):
    question = mail("2022-01-10 09:00", CASE, HELP, "List", text="See below.", mid="1@x")
    tell = mail("2022-01-11 09:00", HELP, AMY, "FW: List", text="See below.", mid="2@x", re="1@x")
    assert view([question, tell], BRIEF).handoffs == ()


def test_the_limit_is_the_auditors(mail, asked, passed, view):
    step = mail("2022-01-13 09:00", CASE, HELP, "RE: Bus", mid="3@x", re="2@x", text="Done.")
    strict = replace(BRIEF, criteria={"handoff_working_days": 1})
    (found,) = view([asked, passed, step], strict).handoffs
    assert found.state is HandoffState.LATE


def test_an_answer_in_another_matter_of_the_same_person_takes_nothing_up(mail, asked, passed, view):
    other = mail("2022-01-12 09:00", AMY, CASE, "School lunch", text="Which day?", mid="7@x")
    step = mail("2022-01-13 09:00", CASE, AMY, "RE: School lunch", mid="8@x", re="7@x", text="Mon.")
    found = next(h for h in view([asked, passed, other, step], BRIEF, "2022-03-01").handoffs
                 if h.given == passed.id)  # fmt: skip
    assert found.state is HandoffState.NOT_TAKEN_UP


def test_a_newsletter_passes_nothing_on(mail, view):
    bulk = mail(
        "2022-01-11 09:00", CASE, HELP, "FW: Bulletin", mid="2@x", re="1@x",
        text="Will you come?", marks=[Mark.BULK],
    )  # fmt: skip
    assert view([bulk], BRIEF).handoffs == ()


def test_a_wait_that_goes_on_ends_with_the_last_day_of_the_evidence(asked, passed, view):
    calendar = view([asked, passed], BRIEF, "2022-03-01").working
    handoff = only(view, [asked, passed], as_of="2022-03-01")
    assert handoff.waited == calendar.elapsed(date(2022, 1, 11), date(2022, 2, 28))
