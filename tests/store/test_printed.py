"""A mail that is supplied and lies printed in a bundle too is one communication."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from correspondence import letter, person

from commtrace.model import Address, Channel, Grade, Record, Source
from commtrace.moments import Basis, Moment
from commtrace.store import Store
from commtrace.store.reading import PRINTED_ALIKE

WORDS = "When does the bus for my daughter start, and who will be on it? She is nine years old."


def printed(where: str, **told) -> Record:
    """The mail of `letter` as a page shows it: names, a minute without a zone, and no id."""
    wall = told.pop("wall", datetime(2022, 2, 7, 9, 30))  # noqa: DTZ001 - print names no zone
    naive = wall.replace(tzinfo=UTC)
    sent = Moment(
        earliest=naive - timedelta(hours=14),
        latest=naive + timedelta(hours=12, minutes=1),
        said=f"{wall:%d %B %Y %H:%M}",
        basis=Basis.QUOTED_HEADER,
    )
    facts = {
        "source": Source(sha256=letter(where).source.sha256, path=where, part=("page 3",)),
        "channel": Channel.EMAIL,
        "reader": "pdf",
        "sent": sent,
        "sender": Address(name="Anna", address=""),
        "to": (Address(name="Ben", address=""),),
        "subject": "RE: Transport",
        "text": f"Page 1 of 1\n\n{WORDS}",
        "grade": Grade.REPORTED,
    }
    return Record(**(facts | told))


def mail(where: str = "a.eml", **told) -> Record:
    return letter(where, **({"message_id": "m1", "text": WORDS} | told))


def stored(store: Store, *records: Record):
    store.add_records(records)
    return list(store.communications())


def test_a_printed_copy_and_its_original_are_sightings_of_one_communication(store):
    (found,) = stored(store, mail(), printed("bundle.pdf"))
    assert {s.source.path for s in found.sightings} == {"a.eml", "bundle.pdf"}
    assert (found.message_id, found.grade) == ("m1", Grade.ORIGINAL)
    assert found.sender.address == "anna@wantsum.example"


def test_the_order_in_which_they_arrive_does_not_matter(tmp_path):
    records = (mail(), printed("bundle.pdf"), printed("second.pdf", text="3\n" + WORDS))
    for n, order in enumerate(permutations(records)):
        store = Store(f"sqlite:///{tmp_path / f'{n}.db'}")
        for one in order:
            store.add_records([one])
        assert [len(c.sightings) for c in store.communications()] == [3]
        store.close()


def test_summer_time_is_that_of_london(store):
    summer = datetime(2022, 7, 7, 10, 30)  # noqa: DTZ001 - print names no zone
    apart = (datetime(2022, 7, 7) - datetime(2022, 2, 7)).total_seconds()  # noqa: DTZ001
    assert len(stored(store, mail(second=int(apart)), printed("b.pdf", wall=summer))) == 1


@pytest.mark.parametrize(
    "told",
    [
        {"wall": datetime(2022, 2, 7, 9, 31)},  # noqa: DTZ001 - print names no zone
        {"subject": "Another matter"},
        {"text": "The panel met on Monday and agreed that transport will start after half term."},
        {"sender": Address(name="Carol Parrish", address="")},
        {"sender": person("carol")},
    ],
    ids=["another minute", "another subject", "other words", "another name", "another address"],
)
def test_what_may_be_another_message_stays_apart(store, told):
    assert len(stored(store, mail(), printed("bundle.pdf", **told))) == 2


def test_print_that_may_be_the_same_mail_says_so_where_it_is_kept_apart(store):
    blacked = "The panel met on Monday and agreed that transport will start after half term."
    doubts = {c.grade: c.doubts for c in stored(store, mail(), printed("b.pdf", text=blacked))}
    assert PRINTED_ALIKE in doubts[Grade.REPORTED]
    assert doubts[Grade.ORIGINAL] == ()


def test_where_two_originals_could_be_meant_it_stays_apart(store):
    second = mail("b.eml", message_id="m2", to=(person("carol"),), second=9)
    assert len(stored(store, mail(), second, printed("bundle.pdf"))) == 3


def test_a_day_without_a_time_joins_nothing(store):
    day = printed("bundle.pdf")
    wide = Moment(earliest=day.sent.earliest, latest=day.sent.latest + timedelta(days=1),
                  said="7 February 2022", basis=Basis.QUOTED_HEADER)  # fmt: skip
    assert len(stored(store, mail(), printed("bundle.pdf", sent=wide))) == 2


def test_a_short_printed_answer_has_to_be_the_originals_beginning(store):
    long = mail(text="Thanks, Ben.\n\nOn 6 Feb 2022, Ben wrote:\n> " + WORDS)
    assert len(stored(store, long, printed("b.pdf", text="Thanks, Ben."))) == 1
    other = printed("c.pdf", text="No thanks.")
    assert len(stored(store, other)) == 2


def test_a_scan_that_misread_some_words_is_still_a_copy(store):
    noisy = WORDS.replace("daughter", "daugbter") + " " + "The taxi came at nine again today. " * 2
    clean = WORDS + " " + "The taxi came at nine again today. " * 2
    assert len(stored(store, mail(text=clean), printed("b.pdf", text=noisy))) == 1


def test_letters_of_one_day_are_not_held_against_print(store):
    page = printed("bundle.pdf", channel=Channel.LETTER)
    assert len(stored(store, mail(), page)) == 2
