"""Who is who, and whom they count for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from commtrace.brief import Brief, PartyBrief, Person
from commtrace.model import Address, IdentityKind, Membership, Party, PartyKind
from commtrace.reconstruction.addresses import is_list, is_role, key_of, name_key, registrable

GET = PartyBrief(
    party=Party(id="get", label="Transport", kind=PartyKind.DIRECTORATE),
    addresses=("planner@wantsum.example",),
)
CYPE = PartyBrief(party=Party(id="cype", label="Children", kind=PartyKind.DIRECTORATE))
TAXIS = PartyBrief(
    party=Party(id="taxis", label="Taxis Ltd", kind=PartyKind.PROVIDER), domains=("taxis.example",)
)
BRIEF = Brief(parties=(GET, CYPE, TAXIS))


def party_of(view, address):
    """The party a message's sender counts for."""
    row = next(n for n in range(len(view)) if address in str(view.identities[view.sender[n]]))
    index = view.sender_party[row]
    return view.parties[index] if index >= 0 else None


def test_one_address_is_one_identity_however_it_is_written(mail, view):
    seen = view([
        mail("2022-01-10 09:00", "Amy <amy@gmail.com>", "x@y.example"),
        mail("2022-01-11 09:00", "A. Hart <mailto:AMY@Gmail.com>", "x@y.example"),
    ])  # fmt: skip
    assert seen.sender[0] == seen.sender[1]


def test_a_plus_tag_is_another_mailbox(mail, view):
    seen = view([
        mail("2022-01-10 09:00", "amy@gmail.com", "x@y.example"),
        mail("2022-01-11 09:00", "amy+school@gmail.com", "x@y.example"),
    ])  # fmt: skip
    assert seen.sender[0] != seen.sender[1]


def test_two_addresses_under_one_name_are_not_merged(mail, view):
    seen = view([
        mail("2022-01-10 09:00", "Amy Hart <amy@gmail.com>", "x@y.example"),
        mail("2022-01-11 09:00", "Amy Hart <amy.hart@wantsum.example>", "x@y.example"),
    ])  # fmt: skip
    assert seen.sender[0] != seen.sender[1]


def test_the_case_file_merges_and_says_so(mail, view):
    person = Person(name="Amy Hart", address="amy@gmail.com", also=("amy.hart@wantsum.example",))
    seen = view(
        [
            mail("2022-01-10 09:00", "Amy <amy@gmail.com>", "x@y.example"),
            mail("2022-01-11 09:00", "Amy <amy.hart@wantsum.example>", "x@y.example"),
        ],
        Brief(people=(person,)),
    )
    assert seen.sender[0] == seen.sender[1]
    assert "case.toml" in seen.identities[seen.sender[0]].because[0]


LEGACY = "/O=WANTSUM/OU=EXCHANGE/CN=RECIPIENTS/CN=GRAY"


def test_a_directory_name_joins_the_one_address_with_its_display_name(mail, view):
    seen = view([
        mail("2022-01-10 09:00", "Gina Ray <gina@wantsum.example>", "help@wantsum.example"),
        mail("2022-01-11 09:00", f"Ray, Gina <{LEGACY}>", "help@wantsum.example"),
    ])  # fmt: skip
    assert seen.sender[0] == seen.sender[1]
    assert "directory name" in seen.identities[seen.sender[0]].because[0]


def test_a_name_alone_that_two_addresses_bear_stays_by_itself(mail, view):
    seen = view([
        mail("2022-01-10 09:00", "Gina Ray <gina@wantsum.example>", "help@wantsum.example"),
        mail("2022-01-10 10:00", "Gina Ray <gina2@wantsum.example>", "help@wantsum.example"),
        mail("2022-01-11 09:00", "Gina Ray", "help@wantsum.example"),
    ])  # fmt: skip
    assert len(set(seen.sender.tolist())) == 3


def test_a_name_alone_does_not_join_another_organisation(mail, view):
    seen = view([
        mail("2022-01-10 09:00", "Gina Ray <gina@taxis.example>", "x@taxis.example"),
        mail("2022-01-11 09:00", "Gina Ray", "help@wantsum.example"),
    ])  # fmt: skip
    assert seen.sender[0] != seen.sender[1]


def test_an_officer_who_signed_at_a_mailbox_of_a_role_is_not_that_mailbox(mail, view):
    desk = "helpdesk@wantsum.example"
    seen = view([
        mail("2022-01-10 09:00", f"Gina Ray <{desk}>", "x@wantsum.example"),
        mail("2022-01-11 09:00", f"Transport Helpdesk <{desk}>", "x@wantsum.example"),
        mail("2022-01-12 09:00", "Gina Ray", "x@wantsum.example"),
        mail("2022-01-13 09:00", "Transport Helpdesk", "x@wantsum.example"),
    ])  # fmt: skip
    signed, role, officer, named = seen.sender.tolist()
    assert signed == role == named != officer
    assert seen.identities[officer].kind is IdentityKind.PERSON


def test_two_people_of_one_household_are_not_made_one_by_their_letters(mail, view):
    """Jo and Sam Bell write from one address, and each signs a letter."""
    bells = "bells@wantsum.example"
    mails = [
        mail(f"2022-01-1{n} 09:00", f"{who} Bell <{bells}>", "x@wantsum.example", f"Bus {n}")
        for n, who in enumerate(("Josephine", "Sam", "Josephine", "Sam"))
    ]
    letters = [
        mail(f"2022-01-2{n} 09:00", f"{who} Bell", "x@wantsum.example")
        for n, who in enumerate(("Josephine", "Sam"))
    ]
    seen = view([*mails, *letters])
    *_, jo, sam = seen.sender.tolist()
    assert jo != sam


LIST = "parents@lists.wantsum.example"


def test_two_who_write_through_a_list_that_hides_their_addresses_are_two(mail, view):
    seen = view([
        mail("2022-01-10 09:00", f"Gina Ray via Parents <{LIST}>", LIST),
        mail("2022-01-11 09:00", f"'Omar Field' via Parents <{LIST}>", LIST),
    ])  # fmt: skip
    labels = [seen.identities[one].label for one in seen.sender]
    assert labels == ["Gina Ray", "Omar Field"]
    assert {seen.identities[one].kind for one in seen.recipient} == {IdentityKind.LIST}


def test_who_writes_through_a_list_is_the_one_to_whom_it_says_to_reply(mail, view):
    through = mail("2022-01-10 09:00", f"Gina Ray via Parents <{LIST}>", LIST)
    reply_to = (Address(name="Gina Ray", address="gina@gmail.com"),)
    seen = view([
        replace(through, reply_to=reply_to),
        mail("2022-01-11 09:00", "Gina Ray <gina@gmail.com>", LIST),
    ])  # fmt: skip
    assert seen.sender[0] == seen.sender[1]


def test_a_service_that_sends_for_somebody_is_not_that_person(mail, view):
    seen = view(
        [mail("2022-01-10 09:00", "Gina Ray via Signing <dse@signing.example>", "x@y.example")]
    )
    assert "dse@signing.example" in str(seen.identities[seen.sender[0]].members)


def test_somebody_who_moved_counts_for_the_party_of_that_day(mail, view):
    """Gina is in GET until Friday 14 January and in CYPE from Monday 17 January."""
    person = Person(
        name="Gina Ray",
        address="gina@wantsum.example",
        membership=(
            Membership(party="get", until=date(2022, 1, 14)),
            Membership(party="cype", since=date(2022, 1, 17)),
        ),
    )
    days = ("2022-01-10 09:00", "2022-01-15 09:00", "2022-01-17 09:00")
    seen = view(
        [mail(day, "gina@wantsum.example", "amy@gmail.com") for day in days],
        replace(BRIEF, people=(person,)),
    )
    assert [seen.parties[p].id for p in seen.sender_party] == ["get", "get", "cype"]


def test_the_day_is_the_day_in_london(mail, view):
    person = Person(
        name="", address="gina@wantsum.example",
        membership=(
            Membership(party="get", until=date(2022, 6, 30)),
            Membership(party="cype", since=date(2022, 7, 1)),
        ),
    )  # fmt: skip
    late = mail("2022-06-30 23:30", "gina@wantsum.example", "amy@gmail.com")
    seen = view([late], replace(BRIEF, people=(person,)))
    assert seen.parties[seen.sender_party[0]].id == "cype"


@pytest.mark.parametrize(
    ("address", "party"),
    [
        ("planner@wantsum.example", "get"),
        ("bookings@taxis.example", "taxis"),
        ("bookings@mail.taxis.example", "taxis"),
        ("amy@gmail.com", "private-addresses"),
        ("ben@btinternet.com", "private-addresses"),
        ("head@school.kent.sch.uk", "domain:school.kent.sch.uk"),
        ("x@mail.kent.gov.uk", "domain:kent.gov.uk"),
    ],
)
def test_an_address_counts_for_its_party_or_a_provisional_one(mail, view, address, party):
    seen = view([mail("2022-01-10 09:00", address, "x@y.example")], BRIEF)
    assert party_of(seen, address).id == party


def test_private_addresses_are_one_party_and_many_people(mail, view):
    seen = view([
        mail("2022-01-10 09:00", "amy@gmail.com", "x@y.example"),
        mail("2022-01-11 09:00", "ben@hotmail.co.uk", "x@y.example"),
    ])  # fmt: skip
    assert seen.sender[0] != seen.sender[1]
    assert seen.sender_party[0] == seen.sender_party[1]
    assert seen.parties[seen.sender_party[0]].kind is PartyKind.PUBLIC


def test_a_letter_signed_by_a_party_counts_for_it(mail, view):
    seen = view([mail("2022-01-10 00:00", "Taxis Ltd", "Amy Hart")], BRIEF)
    assert seen.parties[seen.sender_party[0]].id == "taxis"


def test_ids_do_not_depend_on_order_or_on_other_mail(mail, view):
    one = mail("2022-01-10 09:00", "amy@gmail.com", "x@y.example")
    other = mail("2022-01-09 09:00", "ben@gmail.com", "x@y.example")
    alone, both = view([one]), view([other, one])
    assert alone.identities[alone.sender[0]].id == both.identities[both.sender[1]].id


@pytest.mark.parametrize(
    ("local", "role"),
    [("send.transport", True), ("helpdesk", True), ("gina.ray", False), ("noreply", True)],
)
def test_a_mailbox_of_a_role_is_told_by_its_words(local, role):
    assert is_role(f"a:{local}@wantsum.example") is role


def test_a_list_is_told_by_its_host_or_its_words():
    assert is_list("a:parents@lists.wantsum.example")
    assert is_list("a:all-staff@wantsum.example")
    assert not is_list("a:gina@wantsum.example")


def test_kinds_follow_the_case_file_first(mail, view):
    people = (
        Person(name="The desk", address="gina@wantsum.example", shared=True),
        Person(name="Helpdesk Hal", address="help.desk@wantsum.example"),
    )
    seen = view(
        [mail("2022-01-10 09:00", "gina@wantsum.example", "help.desk@wantsum.example")],
        Brief(people=people),
    )
    kinds = {who.label: who.kind for who in seen.identities}
    assert kinds["The desk"] is IdentityKind.SHARED_MAILBOX
    assert kinds["Helpdesk Hal"] is IdentityKind.PERSON


@pytest.mark.parametrize(
    "written",
    [
        "Jane Doe",
        "DOE, Jane",
        "Doe, Jane (GET)",
        '"Jane  Doe"',
        "'Jane Doe'",
        "Doe, Jane [mailto:jane.doe@wantsum",
        "Jane Doe ‹jane.doe@wantsum.example",
    ],
)
def test_a_name_is_compared_without_its_dress(written):
    assert name_key(written) == "jane doe"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Jane Doe [mailto:jane.doe@wantsum.example]", "a:jane.doe@wantsum.example"),
        ("Jane Doe ‹jane.doe@wantsum.example›", "a:jane.doe@wantsum.example"),
        ("Jane Doe [mailto:jane.doe@wants", "n:jane doe"),
        ("Jane Doe omar.field@wantsum.example", ""),
        ("@", ""),
    ],
    ids=["Outlook's form", "scanned brackets", "cut off", "somebody else's behind it", "nothing"],
)
def test_an_address_that_a_broken_header_left_in_the_name_is_theirs(written, key):
    assert key_of(Address(name=written, address="")) == key


def test_the_registered_domain_is_found_without_a_list_of_all_suffixes():
    assert registrable("a.b.wantsum.gov.uk") == "wantsum.gov.uk"
    assert registrable("mail.taxis.example") == "taxis.example"


def test_every_copys_bcc_is_kept(mail, view):
    """One message: the sender's copy carries a Bcc, the recipient's does not."""
    one = mail("2022-01-10 09:00", "gina@wantsum.example", "amy@gmail.com", held_by=("g", "a"))
    hidden = Address(name="", address="boss@wantsum.example")
    copies = (replace(one.sightings[0], bcc=(hidden,)), one.sightings[1])
    seen = view([replace(one, sightings=copies)])
    assert seen.recipient_kind.tolist() == [0, 2]
    assert seen.custodians_holding[one.id] == ("a", "g")
