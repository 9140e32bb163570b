"""Who shares an address, and who writes for somebody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commtrace.brief import Brief
from commtrace.model import SharedUse
from commtrace.reconstruction.identity import directory
from commtrace.reconstruction.sharing import sharing

DESK = "desk@wantsum.example"


def told(*mails):
    people = directory(mails, Brief())
    label = {who.id: who.label for who in people.identities}
    return [(label[one.who], one.use, one.why) for one in sharing(mails, people)]


def letters(mail, *names, address="bells@homemail.example"):
    return [mail(f"2022-01-{n:02} 09:00", f"{name} <{address}>", DESK)
            for n, name in enumerate(names, 1)]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["Mr and Mrs Bell", "Jo & Sam Bell", "Jo Bell and Sam Bell", "The Bell Family"]
)
def test_a_name_of_two_or_of_a_family_is_a_household(mail, name):
    ((_, use, why),) = told(*letters(mail, name))
    assert use is SharedUse.HOUSEHOLD
    assert f"writes as “{name}”" in why


def test_two_first_names_of_one_surname_are_a_household(mail):
    ((_, use, _),) = told(*letters(mail, "Jo Bell", "Sam Bell", "Jo Bell", "Sam Bell"))
    assert use is SharedUse.HOUSEHOLD


def test_two_officers_behind_one_address_are_several_people(mail):
    names = ("Gina Ray", "Omar Field", "Gina Ray", "Omar Field")
    ((_, use, why),) = told(*letters(mail, *names, address="g.ray@wantsum.example"))
    assert use is SharedUse.SEVERAL_PEOPLE
    assert "“Gina Ray” and as “Omar Field”" in why


@pytest.mark.parametrize(
    "names",
    [
        ("Jo Bell", "Bell, Jo", "Jo Bell", "Bell, Jo"),
        ("Jo Bell", "Jo Ann Bell", "Jo Bell", "Jo Ann Bell"),
        ("Jo Bell", "Jo Bel", "Jo Bell", "Jo Bel"),
        ("Jo Bell", "Omar Field", "Jo Bell"),
        ("Jo Bell", "Jo", "Jo Bell", "Jo"),
        ("Legal and Democratic Services", "Legal and Democratic Services"),
    ],
    ids=["turned round", "a fuller name", "a slip", "once only", "half a name", "a department"],
)
def test_one_person_in_several_spellings_shares_with_nobody(mail, names):
    assert told(*letters(mail, *names)) == []


def test_who_sends_in_anothers_name_is_a_delegate_with_the_days(mail):
    note = "Sent by Pat Aid <pat.aid@wantsum.example> on behalf of Gina Ray <gina@wantsum.example>."
    first, last = letters(mail, "Gina Ray", "Gina Ray", address="gina@wantsum.example")
    own = mail("2022-01-05 09:00", "Pat Aid <pat.aid@wantsum.example>", DESK)
    found = told(replace(first, doubts=(note,)), replace(last, doubts=(note,)), own)
    why = "Sent 2 messages on behalf of Gina Ray, 1 Jan 2022 to 2 Jan 2022."
    assert found == [("Pat Aid", SharedUse.DELEGATE, why)]


def test_a_household_is_never_proposed_as_one_person(mail, view):
    several = letters(mail, "Jo Bell", "Sam Bell", "Jo Bell", "Sam Bell")
    other = mail("2022-01-09 09:00", "Jo Bell <jo.bell@homemail.example>", DESK)
    assert view([*several, other]).likely == ()
