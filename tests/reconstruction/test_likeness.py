"""Who may be who, and what a person ruled."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from commtrace.brief import Brief, PartyBrief
from commtrace.model import (
    Address,
    Identity,
    IdentityId,
    IdentityKind,
    Likeness,
    Party,
    PartyKind,
    PeopleRuling,
    PeopleRulingKind,
)
from commtrace.reconstruction.identity import directory
from commtrace.reconstruction.likeness import likely

GINA, OTHER, PRIVATE = "gina.ray@wantsum.example", "rayg@wantsum.example", "gina@homemail.example"


def who(number, *members, kind=IdentityKind.PERSON):
    written = tuple(
        Address(name=m.partition(" <")[0] if "<" in m or "@" not in m else "",
                address=m.partition("<")[2].rstrip(">") or (m if "@" in m else ""))
        for m in members
    )  # fmt: skip
    return Identity(
        id=IdentityId(f"i{number}"), label=members[0], kind=kind, members=written, parties=(),
        because=(),
    )  # fmt: skip


def pairs(*people, refused=()):
    return [(p.one, p.other, p.likeness) for p in likely(people, refused)]


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("Ray, Gina M", "Gina Ray", Likeness.SAME_NAME),
        ("Cllr Gina Ray (Members)", "RAY GINA", Likeness.SAME_NAME),
        ("Zoë Adams", "Zoe Adams", Likeness.SAME_NAME),
        ("Gina Ray <gina.ray@wantsum.example>", "Gina Ray <gina@homemail.example>",
         Likeness.SAME_NAME_ELSEWHERE),
        ("Gina Rayner", "rayner.g@wantsum.example", Likeness.NAME_IN_ADDRESS),
        ("Gina Rayner", "grayner@wantsum.example", Likeness.NAME_IN_ADDRESS),
        ("Rayner Gina M", "raynergm@wantsum.example", Likeness.NAME_IN_ADDRESS),
        ("Gina Rayner", "Gina Raynor", Likeness.SPELLING),
        ("Jake Rayner", "Rayner, Jacob", Likeness.SAME_NAME),
        ("gray@wantsum.example", "gray@wantsun.example", Likeness.LOOKALIKE),
        ("Gina Rayner", "GinaRayner", Likeness.NAME_IN_ADDRESS),
        ("Gina Rayner", "Gina Elise Rayner", Likeness.FULLER_NAME),
        ("Gina Marnell", "Gina Mamell", Likeness.SPELLING),
        ("Gina Rayner", "Gina", Likeness.ONLY_BEARER),
        ("raynerj@wantsum.example", "rayneri@wantsum.example", Likeness.SPELLING),
    ],
)  # fmt: skip
def test_two_spellings_may_be_one_person(one, other, likeness):
    assert pairs(who(1, one), who(2, other)) == [("i1", "i2", likeness)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gina A Ray", "Gina B Ray"),
        ("Gina Ray", "Nina Ray"),
        ("Gina Ray <gina.ray@wantsum.example>", "Gina <gina@elsewhere.example>"),
        ("Ann Lee", "Ann Lea"),
        ("Gina Rayner <gina.rayner@wantsum.example>", "grayner@elsewhere.example"),
        ("J Rayner <raynerj@wantsum.example>", "I Rayner <rayneri@wantsum.example>"),
        ("Rayner family <rayners@homemail.example>", "Gina Rayner <gina@homemail.example>"),
    ],
    ids=["initials differ", "another first name", "half a name elsewhere", "short words",
         "another place", "two initials that a scan confuses", "a household"],
)  # fmt: skip
def test_two_people_are_not_proposed(one, other):
    assert pairs(who(1, one), who(2, other)) == []


def test_one_word_that_two_people_bear_is_proposed_for_neither():
    assert pairs(who(1, "Gina Rayner"), who(2, "Gina Ostler"), who(3, "Gina")) == []


def test_one_word_that_one_person_bears_in_two_spellings_is_theirs():
    found = pairs(who(1, "Gina Rayner"), who(2, "Rayner, Gina"), who(3, "Gina"))
    assert ("i1", "i3", Likeness.ONLY_BEARER) in found


def test_a_field_with_two_people_in_it_is_neither_of_them():
    found = pairs(who(1, "Gina Rayner"), who(2, "Omar Field"), who(3, "Gina Rayner Omar Field"))
    assert found == []


def test_a_mailbox_of_a_role_is_never_proposed():
    desk = who(1, "Gina Ray <helpdesk@wantsum.example>", kind=IdentityKind.SHARED_MAILBOX)
    assert pairs(desk, who(2, "Gina Ray <gina.ray@wantsum.example>")) == []


CYRILLIC = str.maketrans("ao", "\u0430\u043e")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gina Ray <gina.ray@wantsum.example>", "Gina Ray <gina.ray@wantsun.example>"),
        ("Gina Ray <gina.ray@wantsum.example>", "Gina Ray <gina.ray@wantsurn.example>"),
        ("gina.ray@wantsum.example", "gina.ray@wantsum.example".translate(CYRILLIC)),
        ("gina.ray@wantsum.example", "gina.ray@xn--wntsum-3nf.example"),
        ("Omar Field <o@wantsum.example>", "Omar Field".translate(CYRILLIC) + " <x@y.example>"),
    ],
    ids=["a letter", "two letters that run together", "Cyrillic letters", "the same in ASCII",
         "a name in Cyrillic letters"],
)  # fmt: skip
def test_who_looks_like_somebody_is_a_warning_and_no_proposal_whatever_the_name(one, other):
    (found,) = likely((who(1, one), who(2, other)))
    assert found.likeness is Likeness.LOOKALIKE
    assert found.why.endswith("is one of them what it seems?")


def test_a_mailbox_of_a_role_that_looks_like_another_is_a_warning():
    desks = [
        who(n, f"helpdesk@{domain}", kind=IdentityKind.SHARED_MAILBOX)
        for n, domain in enumerate(("wantsum.example", "wantsun.example"))
    ]
    assert pairs(*desks) == [("i0", "i1", Likeness.LOOKALIKE)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gina.ray@gmail.com", "gina.ray@ymail.com"),
        ("gina.ray@school1.example", "gina.ray@school2.example"),
        ("Анна Орлова <anna@wantsum.example>", "Omar Field <o@wantsum.example>"),
    ],
    ids=["two mail services that everybody knows", "a series of names", "another alphabet"],
)
def test_what_only_differs_is_no_look_alike(one, other):
    assert pairs(who(1, one), who(2, other)) == []


def test_an_address_that_two_names_could_make_is_proposed_for_neither():
    people = (who(1, "Gina Rayner"), who(2, "Grace Rayner"), who(3, "grayner@wantsum.example"))
    assert pairs(*people) == []


def test_what_was_ruled_to_be_different_is_not_proposed_again():
    people = (who(1, "Ray, Gina"), who(2, "Gina Ray"))
    assert pairs(*people, refused=[frozenset({"i1", "i2"})]) == []


def test_any_order_gives_the_same_proposals():
    people = [
        who(n, name) for n, name in enumerate(("Ray, Gina", "Gina Ray", "gina.ray@x.example"))
    ]
    assert likely(people) == likely(people[::-1])


def test_a_name_that_everybody_shares_costs_no_quadratic_time():
    people = [who(n, f"Anna Smith{n}x <a{n}@x.example>") for n in range(3000)]
    assert likely(people) == ()


NOW = datetime(2022, 5, 4, tzinfo=UTC)
BRIEF = Brief(parties=tuple(
    PartyBrief(party=Party(id=one, label=one.upper(), kind=PartyKind.DIRECTORATE))
    for one in ("get", "cype")))  # fmt: skip


def ruled(kind, *keys, **told):
    return PeopleRuling(kind=kind, keys=keys, because="Her card says so.", who="R. Ambrose",
                        when=NOW, **told)  # fmt: skip


def people(mail, *rulings):
    mails = [mail("2022-01-10 09:00", f"Gina <{GINA}>", f"Gina Ray <{PRIVATE}>")]
    return directory(mails, BRIEF, rulings)


def test_a_ruling_makes_two_addresses_one_person_and_says_who_ruled(mail):
    keys = (f"a:{GINA}", f"a:{PRIVATE}")
    assert len(people(mail).identities) == 2
    (one,) = people(mail, ruled(PeopleRulingKind.SAME, *keys)).identities
    assert one.because[0] == ("R. Ambrose ruled on 4 May 2022 that they are one: Her card says so.")


def test_a_ruling_places_somebody_from_one_day_to_another(mail):
    first = ruled(PeopleRulingKind.PLACED, f"a:{GINA}", party="get", until=date(2022, 1, 14))
    then = ruled(PeopleRulingKind.PLACED, f"a:{GINA}", party="cype", since=date(2022, 1, 15))
    made = people(mail, then, first)
    place = made.named(GINA)
    days = [date(2022, 1, 14), date(2022, 1, 15)]
    assert [made.parties[made.party(place, day)].id for day in days] == ["get", "cype"]


def test_an_address_taken_apart_stands_alone_whatever_joined_it(mail):
    mails = [
        mail("2022-01-10 09:00", f"Gina Ray <{GINA}>", "help@wantsum.example"),
        mail("2022-01-11 09:00", "Gina Ray", "help@wantsum.example"),
    ]
    joined, apart = (
        directory(mails, BRIEF),
        directory(mails, BRIEF, [ruled(PeopleRulingKind.APART, "n:gina ray")]),
    )
    assert len(apart.identities) == len(joined.identities) + 1


def test_of_one_who_was_ruled_one_an_address_taken_apart_later_stands_alone(mail):
    same = ruled(PeopleRulingKind.SAME, f"a:{GINA}", f"a:{PRIVATE}")
    apart = ruled(PeopleRulingKind.APART, f"a:{PRIVATE}")
    assert len(people(mail, same, apart).identities) == 2
    assert len(people(mail, apart, same).identities) == 1, "a later ruling joins it again"


def counting_for(mail, *rulings):
    """The parties that Gina's planner's address counts for, with their days."""
    get = replace(BRIEF.parties[0], addresses=(GINA,))
    brief = replace(BRIEF, parties=(get, *BRIEF.parties[1:]))
    made = directory([mail("2022-01-10 09:00", GINA, PRIVATE)], brief, rulings)
    return [(m.party, m.since, m.until) for m in made.identities[made.named(GINA)].parties]


def test_somebody_ruled_into_a_party_from_a_day_on_counts_until_then_as_before(mail):
    moved = ruled(PeopleRulingKind.PLACED, f"a:{GINA}", party="cype", since=date(2022, 1, 17))
    before = ("get", None, date(2022, 1, 16))
    assert counting_for(mail, moved) == [before, ("cype", date(2022, 1, 17), None)]


def test_somebody_ruled_into_a_party_for_a_while_comes_back_after_it(mail):
    lent = ruled(
        PeopleRulingKind.PLACED, f"a:{GINA}", party="cype",
        since=date(2022, 1, 17), until=date(2022, 1, 31),
    )  # fmt: skip
    assert counting_for(mail, lent) == [
        ("get", None, date(2022, 1, 16)),
        ("cype", date(2022, 1, 17), date(2022, 1, 31)),
        ("get", date(2022, 2, 1), None),
    ]


def test_the_later_of_two_rulings_on_the_same_days_counts_in_them(mail):
    first = ruled(PeopleRulingKind.PLACED, f"a:{GINA}", party="cype")
    then = ruled(PeopleRulingKind.PLACED, f"a:{GINA}", party="get", until=date(2022, 1, 9))
    assert counting_for(mail, first, then) == [
        ("get", None, date(2022, 1, 9)),
        ("cype", date(2022, 1, 10), None),
    ]
