"""Which copies are due, and what two mailboxes prove together."""

from __future__ import annotations

import pytest

from commtrace.brief import Brief, Custodian
from commtrace.model import Mark
from commtrace.reconstruction.recapture import chapman

GINA, OLI, ADA = "gina@wantsum.example", "oli@taxis.example", "ada@wantsum.example"
BRIEF = Brief(custodians=tuple(Custodian(name=one, address=one) for one in (GINA, OLI, ADA)))


def absent(seen):
    return sorted((copy.communication, copy.custodian, copy.sent) for copy in seen.absent_copies)


def week(mail, hour, *, held_by, marks=()):
    return [
        mail(f"2022-02-{day:02} {hour}", GINA, OLI, f"{hour} {day}", held_by=held_by, marks=marks)
        for day in range(1, 6)
    ]


def test_a_copy_is_due_of_what_somebody_else_holds(mail, view):
    both = week(mail, "09:00", held_by=[GINA, OLI])
    lost = mail("2022-02-03 12:00", GINA, OLI, "lost", held_by=[OLI])
    assert absent(view([*both, lost], BRIEF)) == [(lost.id, GINA, True)]


def test_of_machine_sent_mail_a_copy_is_due_only_where_the_mailbox_keeps_such(mail, view):
    own = week(mail, "09:00", held_by=[GINA, OLI])
    lost = mail("2022-02-03 12:00", GINA, OLI, "lost", held_by=[OLI], marks=(Mark.BULK,))
    assert absent(view([*own, lost], BRIEF)) == []
    kept = week(mail, "10:00", held_by=[GINA, OLI], marks=(Mark.BULK,))
    assert absent(view([*own, *kept, lost], BRIEF)) == [(lost.id, GINA, True)]


def test_who_has_two_mailboxes_owes_a_copy_in_one_of_them(mail, view):
    brief = Brief(custodians=(*BRIEF.custodians, Custodian(name="Gina's archive", address=GINA)))
    mails = [
        *week(mail, "09:00", held_by=[GINA, OLI]),
        *week(mail, "11:00", held_by=["Gina's archive", OLI]),
    ]
    assert absent(view(mails, brief)) == []


def test_weeks_count_what_was_sent_apart_from_what_was_received(mail, view):
    mails = [
        *week(mail, "09:00", held_by=[GINA, OLI]),
        mail("2022-02-01 12:00", OLI, GINA, "in", held_by=[OLI]),
    ]
    first = next(w for w in view(mails, BRIEF).weeks if w.custodian == GINA)
    assert (first.proven, first.proven_sent, first.matched, first.matched_sent) == (6, 5, 5, 5)


def test_two_mailboxes_estimate_what_passed_between_them(mail, view):
    mails = [
        mail(f"2022-02-{1 + n % 20:02} 09:{n % 60:02}", GINA, OLI, f"{n}",
             held_by=[GINA, OLI] if n % 4 else [GINA] if n % 8 else [OLI])
        for n in range(64)
    ]  # fmt: skip
    (found,) = view(mails, BRIEF).recaptures
    assert (found.sender, found.recipient) == (GINA, OLI)
    assert (found.in_sent, found.in_received, found.in_both, found.seen) == (56, 56, 48, 64)
    assert found.low <= found.estimate <= found.high


def test_few_messages_give_no_estimate(mail, view):
    assert view(week(mail, "09:00", held_by=[GINA, OLI]), BRIEF).recaptures == ()


@pytest.mark.parametrize(
    ("sent", "received", "both", "estimate"),
    [(400, 400, 400, 400), (360, 360, 324, 400), (50, 40, 20, 99)],
)
def test_chapmans_estimate(sent, received, both, estimate):
    found, low, high = chapman(sent, received, both)
    assert found == estimate
    assert max(sent + received - both, 0) <= low <= found <= high
