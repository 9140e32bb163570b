"""Which records are copies of one message, whatever the order in which they arrive."""

from __future__ import annotations

import pytest
from correspondence import attached, letter, person
from hypothesis import given, settings
from hypothesis import strategies as st

from commtrace.model import Address
from commtrace.store import Store
from commtrace.store.identity import same_text
from commtrace.store.printed import letters
from commtrace.store.reading import DISPUTED

LONG = "The panel met on Monday and agreed that transport will start after half term. "


def _stored(store, *records):
    store.add_records(records)
    return list(store.communications())


def test_one_message_in_two_mailboxes_is_one_communication(store):
    found = _stored(store, letter("a.eml", message_id="m1"), letter("b.eml", message_id="m1"))
    assert [len(c.sightings) for c in found] == [2]


def test_no_copys_bcc_folder_or_attachment_is_lost(store):
    (found,) = _stored(
        store,
        letter("a.eml", message_id="m1", bcc=(person("chair"),), folder="Sent"),
        letter("b.eml", message_id="m1", attachments=(attached("plan.pdf"),), folder="Inbox"),
        letter(
            "c.eml", message_id="m1", bcc=(person("clerk"),), attachments=(attached("plan.pdf"),)
        ),
    )
    assert {a.address for a in found.bcc} == {"chair@wantsum.example", "clerk@wantsum.example"}
    assert {s.folder for s in found.sightings} == {"Sent", "Inbox", None}
    assert [a.name for a in found.attachments] == ["plan.pdf"]


def test_a_banner_or_a_footer_makes_no_other_message(store):
    found = _stored(
        store,
        letter("a.eml", message_id="m1", text=LONG * 2),
        letter("b.eml", message_id="m1", text="CAUTION: external sender.\n" + LONG * 2),
        letter("c.eml", message_id="m1", text=LONG * 2 + "\n-- \nlist@wantsum.example"),
    )
    assert len(found) == 1


def test_a_banner_on_one_copy_and_a_footer_on_the_other_agree():
    assert same_text(letters("EXTERNAL. " + LONG * 3), letters(LONG * 3 + "unsubscribe here"))


def test_a_mailbox_that_lost_its_accents_still_holds_a_copy(store):
    """A list archive held most of its messages twice, once with `Micha?` for `Michał`."""
    told = "On Thu, Aug 11, 2005, {} wrote that he would not send posts that are too large."
    found = _stored(
        store,
        letter("a.mbox", message_id="m1", text=told.format("Michał")),
        letter("b.mbox", message_id="m1", text=told.format("Micha?")),
    )
    assert len(found) == 1


def test_two_texts_in_another_alphabet_are_not_held_to_be_one():
    assert not same_text(letters("Το συμβούλιο συμφώνησε"), letters("Η επιτροπή αρνήθηκε"))


def test_an_imposter_gets_its_own_name_and_both_are_flagged(store):
    found = _stored(
        store,
        letter("a.eml", message_id="m1", text=LONG + "It was approved."),
        letter("b.eml", message_id="m1", text=LONG + "It was not approved."),
    )
    assert len(found) == 2
    assert all(DISPUTED in c.doubts for c in found)


def test_another_sender_under_one_id_is_an_imposter(store):
    found = _stored(
        store,
        letter("a.eml", message_id="m1"),
        letter("b.eml", message_id="m1", sender=person("mallory")),
    )
    assert len(found) == 2


def test_other_attachments_under_one_id_are_an_imposter(store):
    found = _stored(
        store,
        letter("a.eml", message_id="m1", attachments=(attached("one.pdf"),)),
        letter("b.eml", message_id="m1", attachments=(attached("other.pdf"),)),
    )
    assert len(found) == 2


def test_a_copy_without_text_cannot_join_an_imposter_to_the_message(store):
    found = _stored(
        store,
        letter("a.eml", message_id="m1", text=LONG + "Yes, agreed by all of us here."),
        letter("b.eml", message_id="m1", text=LONG + "No, refused by all of us here."),
        letter("c.eml", message_id="m1", text=""),
    )
    assert sorted(len(c.sightings) for c in found) == [1, 2]


def test_a_copy_whose_sender_has_no_address_is_still_a_copy(store):
    found = _stored(
        store,
        letter("a.eml", message_id="m1"),
        letter("b.msg", message_id="m1", sender=Address(name="Anna", address="/O=COUNCIL/CN=ANNA")),
    )
    assert len(found) == 1


def test_an_archive_that_made_up_a_new_id_holds_a_copy(store):
    found = _stored(store, letter("a.eml", message_id="m1"), letter("b.eml", message_id="made-up"))
    assert len(found) == 1


def test_another_second_under_another_id_is_another_message(store):
    found = _stored(
        store, letter("a.eml", message_id="m1"), letter("b.eml", message_id="m2", second=1)
    )
    assert len(found) == 2


def test_other_recipients_under_another_id_are_another_message(store):
    found = _stored(
        store, letter("a.eml", message_id="m1"), letter("b.eml", message_id="m2", to=(person("c"),))
    )
    assert len(found) == 2


def test_a_record_without_an_id_needs_only_the_minute(store):
    found = _stored(store, letter("a.eml", message_id="m1"), letter("b.msg", second=20))
    assert len(found) == 1


def test_undated_papers_without_text_are_never_copies(store):
    told = {"second": None, "text": "", "subject": ""}
    found = _stored(store, letter("scan 1.pdf", **told), letter("scan 2.pdf", **told))
    assert len(found) == 2


def test_a_name_that_was_printed_still_resolves_after_an_imposter_arrives(store):
    (before,) = _stored(store, letter("a.eml", message_id="m1", text=LONG + "Approved by us."))
    store.add_records([letter("b.eml", message_id="m1", text=LONG + "Refused by us all.")])
    now = store.resolve(before.id)
    assert now is not None
    assert store.texts([before.id]) == {before.id: LONG + "Approved by us."}
    assert store.communication(before.id).id == now


def test_names_that_a_late_copy_joins_both_resolve_to_the_joined(store):
    one = letter("a.eml", message_id="m1", text="EXTERNAL SENDER CAUTION. " + LONG + "Left.")
    two = letter("b.eml", message_id="m1", text=LONG + "Left. Right and a footer follows here.")
    other = letter("c.eml", message_id="m9", second=5, text="Another message entirely, with words.")
    before = {c.id for c in _stored(store, one, two, other)}
    store.add_records([letter("d.eml", message_id="m1", text=LONG + "Left.")])
    after = {c.id for c in store.communications()}
    assert all(store.resolve(name) in after for name in before)


_record = st.builds(
    dict,
    message_id=st.sampled_from([None, "m1", "m2", "m3"]),
    second=st.sampled_from([None, 0, 5, 59, 61]),
    text=st.sampled_from([
        "", "Short.", LONG, LONG * 2, "EXTERNAL. " + LONG, LONG + " footer of the list",
        LONG + "Not approved.",
    ]),
    sender=st.sampled_from([None, person("anna"), person("mallory"),
                            Address(name="Anna", address="")]),
    to=st.sampled_from([(person("ben"),), (person("ben"), person("carol"))]),
    attachments=st.sampled_from([(), (attached("a"),), (attached("b"),), (attached("a"),
                                                                        attached("b"))]),
    bcc=st.sampled_from([(), (person("chair"),)]),
)  # fmt: skip


def _said(store):
    return [repr(c) for c in store.communications()]


@settings(max_examples=30, deadline=None)
@given(st.lists(_record, max_size=9), st.randoms(use_true_random=False), st.integers(1, 9))
def test_any_order_of_arrival_gives_the_same_communications(told, random, size):
    records = [letter(f"{number}.eml", **facts) for number, facts in enumerate(told)]
    shuffled = list(records)
    random.shuffle(shuffled)
    with Store("sqlite://") as one, Store("sqlite://") as other:
        one.add_records(records)
        printed: dict[str, set[str]] = {}
        for start in range(0, len(shuffled), size):
            other.add_records(shuffled[start : start + size])
            for c in other.communications():
                printed.setdefault(c.id, set()).update(s.source.path for s in c.sightings)
        assert _said(one) == _said(other)
        assert one.fingerprint() == other.fingerprint()
        held = {c.id: {s.source.path for s in c.sightings} for c in other.communications()}
        assert sum(map(len, held.values())) == len(records)
        for name, paths in printed.items():
            assert held[other.resolve(name)] & paths


def test_many_contents_under_one_id_stay_apart(store):
    records = [letter(f"{n}.eml", message_id="constant", text=f"{n} " * 50) for n in range(80)]
    with store.batch():
        store.add_records(records)
    assert len(list(store.communications())) == 80


@pytest.mark.parametrize(
    ("said", "folded"),
    [("Dear Ms O’Brien,", "dearmsobrien"), ("Größe: 3 m", "grösse3m"), (" \t\n—", "")],
)
def test_only_letters_and_digits_are_compared(said, folded):
    assert letters(said) == folded.encode()
