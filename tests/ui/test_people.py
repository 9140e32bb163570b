"""The People page: pairs to decide, everybody, and what was ruled."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from commtrace.brief import PartyBrief
from commtrace.case import Case
from commtrace.figures.people import everybody
from commtrace.model import PeopleRulingKind, SharedUse, Sharing
from commtrace.people import ruling

Page = Callable[..., AppTest]


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in app.get("html"))


def sent(app: AppTest, label: str, *, who: str = "R. Ambrose", because: str = "A card.") -> AppTest:
    for field in app.text_area:
        field.set_value(because)
    for field in app.text_input:
        if field.label == "Your name":
            field.set_value(who)
    next(button for button in app.button if button.label == label).click()
    return app.run()


def test_a_pair_is_shown_with_its_reason_and_decided(visit: Page, case: object) -> None:
    app = visit("people")
    assert "differ by a slip of spelling" in said(app)
    app = sent(app, "They are different")
    (made,) = case.people_rulings()
    assert made.kind is PeopleRulingKind.DIFFERENT
    assert len(made.keys) >= 2
    assert "They stay apart" in said(app)


@pytest.mark.parametrize(("who", "because"), [("", "A card."), ("R. Ambrose", "")])
def test_without_a_name_or_a_reason_nothing_is_ruled(
    visit: Page, case: object, who: str, because: str
) -> None:
    app = sent(visit("people"), "They are one", who=who, because=because)
    assert case.people_rulings() == ()
    assert "Not saved" in said(app)


def test_somebody_is_placed_in_a_party_from_a_day_on(visit: Page, case: object) -> None:
    party = with_parties(case)
    app = visit("people", people_view="Everybody")
    choice = next(w for w in app.selectbox if w.label == "Party")
    choice.set_value(party.id)
    next(w for w in app.text_input if w.label == "From").set_value("17 January 2022")
    app = sent(app, "Place in the party")
    made = case.people_rulings()[0]
    assert (made.kind, str(made.since)) == (PeopleRulingKind.PLACED, "2022-01-17")


def with_parties(case: object) -> object:
    """The case, whose case.toml names the parties of its view; gives the first of them."""
    view = case.view()
    parties = tuple(PartyBrief(party=party) for party in view.parties)
    placing = replace(view, brief=replace(view.brief, parties=parties))
    case.view = lambda: placing
    return view.parties[0]


def test_where_no_party_is_named_nobody_can_be_placed(visit: Page) -> None:
    assert "names no party yet" in said(visit("people", people_view="Everybody"))


def test_a_day_that_cannot_be_read_places_nobody(visit: Page, case: object) -> None:
    with_parties(case)
    app = visit("people", people_view="Everybody")
    next(w for w in app.text_input if w.label == "From").set_value("31/02/2022")
    app = sent(app, "Place in the party")
    assert case.people_rulings() == ()
    assert "cannot be read as a date" in said(app)


def test_everybody_is_found_by_a_part_of_name_or_address(visit: Page) -> None:
    app = visit("people", people_view="Everybody")
    next(w for w in app.text_input if w.label == "Name or address").set_value("zzzz nobody")
    assert "0 people and mailboxes" in said(app.run())


def test_without_pairs_it_says_so(visit: Page, case: object) -> None:
    alone = replace(case.view(), likely=())
    case.view = lambda: alone
    assert "as far as names and addresses tell" in said(visit("people"))


MAIL = (
    "From: {sender}\r\nTo: Desk <desk@wantsum.example>\r\nDate: Mon, {n:02} Feb 2022 10:00:00 +0000"
    "\r\nMessage-ID: <{n}@x.example>\r\nSubject: Taxi\r\n\r\nWhen does it come?\r\n"
)


def test_a_ruling_holds_after_the_next_ingest_and_is_taken_back(tmp_path: Path) -> None:
    box = tmp_path / "box"
    box.mkdir()
    for n, sender in enumerate(("Gina Ray <gina@wantsum.example>", "G <gray@homemail.example>"), 1):
        (box / f"{n}.eml").write_text(MAIL.format(sender=sender, n=n), newline="")
    case = Case.create(tmp_path / "case")
    case.ingest([box])
    before = len(case.view().identities)
    keys = ["a:gina@wantsum.example", "a:gray@homemail.example"]
    told = {"because": "Her card says so.", "who": "R. Ambrose"}
    case.rule_on_people(ruling(PeopleRulingKind.SAME, keys, **told))
    assert len(case.view().identities) == before - 1
    (box / "3.eml").write_text(MAIL.format(sender="Third <t@x.example>", n=3), newline="")
    case.ingest([box])
    assert case.view().sender[0] == case.view().sender[1]
    case.rule_on_people(ruling(PeopleRulingKind.WITHDRAWN, keys, **told))
    assert len(case.view().identities) == before + 1
    assert case.verify().faults == ()
    case.close()


def test_a_household_is_named_as_one_with_its_reason(visit: Page, case: object) -> None:
    view = case.view()
    who = everybody(view)[0].identity
    why = "bells@homemail.example writes as “Jo & Sam Bell”."
    made = Sharing(who=who.id, use=SharedUse.HOUSEHOLD, why=why)
    shared = replace(view, sharing=(made,))
    case.view = lambda: shared
    app = visit("people", people_view="Everybody")
    assert f"Household: {why}".replace("&", "&amp;") in said(app)
