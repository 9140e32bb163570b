"""The People page: pairs to decide, everybody, and what was ruled."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from commtrace.brief import PartyBrief
from commtrace.case import Case
from commtrace.figures.people import everybody, keys
from commtrace.model import (
    Identity,
    IdentityKind,
    Likely,
    Likeness,
    PeopleRulingKind,
    SharedUse,
    Sharing,
)
from commtrace.people import ruling, taking_back

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


def with_spellings(case: Case, wanted: int) -> list[Identity]:
    """The case in whose view some people, all of one party, may all be one by their name."""
    view = case.view()
    persons = [who for who in view.identities if who.kind is IdentityKind.PERSON]
    spelt = sorted(persons, key=lambda who: who.id)[:wanted]
    likely = tuple(
        Likely(one=one.id, other=other.id, likeness=Likeness.SAME_NAME, why="Both are called Jo.")
        for one, other in combinations(spelt, 2)
    )
    shown = replace(view, likely=likely)
    case.view = lambda: shown
    return spelt


def test_spellings_of_one_person_are_ruled_in_one_act_with_one_reason(
    visit: Page, case: Case
) -> None:
    spelt = with_spellings(case, 4)
    app = visit("people")
    assert "1 set of people who may be one (6 pairs)" in said(app)
    assert "4 who may be one. All are called Jo." in said(app)
    app = sent(app, "They are all one")
    (made,) = case.people_rulings()
    assert made.kind is PeopleRulingKind.SAME
    assert set(made.keys) == {key for who in spelt for key in keys(who)}


def test_who_is_left_out_of_a_set_is_not_ruled_on(visit: Page, case: Case) -> None:
    *meant, out = with_spellings(case, 4)
    app = visit("people")
    app.multiselect[0].set_value([out.id])
    sent(app, "They are all different")
    (made,) = case.people_rulings()
    assert made.kind is PeopleRulingKind.DIFFERENT
    assert set(made.keys) == {key for who in meant for key in keys(who)}


def test_a_set_of_whom_all_but_one_are_left_out_is_no_ruling(visit: Page, case: Case) -> None:
    _, *out = with_spellings(case, 3)
    app = visit("people")
    app.multiselect[0].set_value([who.id for who in out])
    app = sent(app, "They are all one")
    assert case.people_rulings() == ()
    assert "Not saved" in said(app)


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


def test_who_was_ruled_one_stays_one_when_placed_in_two_parties_in_turn(tmp_path: Path) -> None:
    """Each ruling answers its own question, and one of them is taken back alone."""
    parties = "".join(f'[[parties]]\nid = "{p}"\nlabel = "{p}"\n' for p in ("get", "cype"))
    case = Case.create(tmp_path / "case", text=f'title = "Gina"\n{parties}')
    box = tmp_path / "1.eml"
    gina, gray = "gina@wantsum.example", "gray@homemail.example"
    box.write_text(
        MAIL.format(sender=f"Gina <{gina}>", n=1).replace("Desk <desk", f"G <{gray}>, <d")
    )
    case.ingest([box])
    keys, told = [f"a:{gina}", f"a:{gray}"], {"because": "Her card.", "who": "R. Ambrose"}
    case.rule_on_people(ruling(PeopleRulingKind.SAME, keys, **told))
    days = {"get": {"until": date(2022, 1, 16)}, "cype": {"since": date(2022, 1, 17)}}
    for party, when in days.items():
        case.rule_on_people(ruling(PeopleRulingKind.PLACED, keys, **told, party=party, **when))
    kinds = [one.kind.value for one in case.people_rulings()]
    assert kinds == ["same", "placed", "placed"]
    view = case.view()
    (who,) = [one for one in view.identities if gina in str(one.members)]
    assert gray in str(who.members)
    assert [(m.party, m.since) for m in who.parties] == [("get", None), ("cype", date(2022, 1, 17))]
    case.rule_on_people(taking_back(case.people_rulings()[2], **told))
    assert [one.party for one in case.people_rulings()] == ["", "get"]
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
