"""Loose files: sent items that name no mailbox lie in that of whoever sent them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commtrace.model import Sighting, Source
from commtrace.reconstruction.owners import mailbox_folder, with_owners

GUS, JO = "gus@stone.example", "jo@uni.example"


@pytest.fixture
def lying(mail):
    def make(when, sender, to, path, custodian=None):
        one = mail(when, sender, to, held_by=[custodian])
        copy = Sighting(
            source=Source(sha256=one.id, path=path),
            custodian=custodian,
            custodian_inferred=custodian is not None,
        )
        return replace(one, sightings=(copy,))

    return make


def holders(rows):
    return [copy.custodian for one in rows for copy in one.sightings]


def test_sent_items_beside_received_ones_are_their_owners(lying):
    got = lying("2022-10-03 09:00", JO, GUS, "gus/Inbox/1.eml", GUS)
    sent = lying("2022-10-04 09:00", "Gus <Gus@stone.example>", JO, "gus/Sent Items/2.eml")
    placed = with_owners([got, sent])
    assert holders(placed) == [GUS, GUS]
    assert placed[1].sightings[0].custodian_inferred


def test_what_somebody_else_sent_and_what_lies_elsewhere_stays_without_an_owner(lying):
    got = lying("2022-10-03 09:00", JO, GUS, "gus/Inbox/1.eml", GUS)
    other = lying("2022-10-04 09:00", JO, GUS, "gus/Sent Items/2.eml")
    apart = lying("2022-10-05 09:00", GUS, JO, "letters/3.eml")
    assert holders(with_owners([got, other, apart])) == [GUS, None, None]


def test_a_folder_of_many_peoples_mail_has_no_owner(lying):
    rows = [
        lying("2022-10-03 09:00", JO, GUS, "all/1.eml", GUS),
        lying("2022-10-03 10:00", GUS, JO, "all/2.eml", JO),
        lying("2022-10-04 09:00", GUS, JO, "all/3.eml"),
    ]
    assert holders(with_owners(rows)) == [GUS, JO, None]


def test_no_hole_is_claimed_in_a_mailbox_whose_sent_items_are_loose_files(lying, view):
    from commtrace.gaps.run import run

    rows = [lying("2022-10-03 09:00", JO, GUS, "gus/Inbox/1.eml", GUS)]
    rows += [lying(f"2022-10-{day} 09:00", GUS, JO, f"gus/Sent/{day}.eml") for day in range(10, 31)]
    rows += [lying("2022-12-30 09:00", JO, GUS, "gus/Inbox/2.eml", GUS)]
    held_by_both = [
        replace(one, sightings=(*one.sightings, Sighting(source=Source(sha256=one.id, path="jo/x"),
                                                        custodian=JO)))
        for one in rows
    ]  # fmt: skip
    assert run(view(held_by_both), only="coverage_hole").findings == ()


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("boxes/kay/Sent Items/1.eml", "boxes/kay"),
        ("boxes/kay/Inbox/Archive/1.eml", "boxes/kay"),
        ("boxes\\kay\\.Sent\\cur\\1", "boxes/kay"),
        ("boxes/kay/1.eml", "boxes/kay"),
        ("boxes/kay/Inbox.mbox", "boxes/kay"),
    ],
)
def test_folders_that_only_sort_a_mailbox_are_no_mailbox(path, folder):
    assert mailbox_folder(path) == folder
