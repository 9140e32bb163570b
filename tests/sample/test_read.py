"""The sample read by the whole program: every copy, every word, every answer to its question."""

from __future__ import annotations

from collections import Counter

import pytest

from commtrace.model import Channel
from commtrace.sample_mailboxes import _mailboxes

# Two wordings under one id cannot both be the mail's text; a delivery report's parts are joined.
OTHER_TEXT = {"altered", "bounce", "bounce-2"}


@pytest.fixture(scope="module")
def communications(case):
    return [c for c in case.store.communications() if c.channel is Channel.EMAIL]


def flat(text):
    return " ".join(text.split())


def test_every_copy_in_every_mailbox_is_a_sighting_of_its_custodian(communications, told, mails):
    seen = Counter(s.custodian for c in communications for s in c.sightings)
    held = _mailboxes.counts(told.mailboxes, mails)
    assert seen == {box.person.address: held[box.folder] for box in told.mailboxes}


def test_every_mail_is_read_to_the_word_whatever_its_format(case, communications, mails):
    text = {c.message_id: flat(case.text(c.id)) for c in communications}
    differ = {m.key for m in mails if text.get(m.message_id, flat(m.text)) != flat(m.text)}
    assert differ <= OTHER_TEXT


def test_every_mail_is_dated_to_the_second(communications, mails):
    at = {m.message_id: m.at for m in mails}
    assert not [c.subject for c in communications if c.sent.earliest != at[c.message_id]]


def test_every_answer_hangs_under_what_it_answers(case, communications, mails, by_key):
    view = case.view()
    returned = {"bounce": "bounce-sent", "bounce-2": "bounce-2-sent"}  # RFC 3464: about a message
    of = {c.id: c.message_id for c in communications}
    known = set(of.values())
    story = {}
    for m in mails:
        above = m.draft.parent or returned.get(m.draft.key)
        story[m.message_id] = by_key[above].message_id if above else None
    for row, identifier in enumerate(view.ids):
        if identifier in of:
            parent = int(view.parent[row])
            answered = of[view.ids[parent]] if parent >= 0 else None
            wanted = story[of[identifier]]
            assert answered == (wanted if wanted in known else None), view.subjects[row]


def test_only_the_stranger_and_the_newsletter_wait_to_be_placed(case):
    waiting = {unknown.address for unknown in case.unknown_addresses()}
    assert waiting == {
        "bulletin@transportbulletin.example",
        "o.tarrant.wantsum@fastmailer.example",
    }
