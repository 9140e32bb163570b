"""The copy matrix: for each message and custodian, whether a copy is due, and whether it is held.

A message to or from a custodian that lies in anybody else's mailbox ought to lie in theirs as well
(cross-custodian reconciliation). No copy is expected of what reached them blind-copied or through a
list, of drafts, nor of what came back undelivered. Of what a machine sent in somebody's name
(automatic replies, mass mailings) the sender's copy is expected only where their mailbox keeps
such: mail programs differ in that.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from commtrace.model import Channel, Communication, Grade, Mark
from commtrace.moments import local_day
from commtrace.reconstruction.identity import NOBODY

_BY_MACHINE = frozenset({Mark.AUTOMATIC, Mark.BULK, Mark.DELIVERY_REPORT, Mark.READ_RECEIPT})
_SHOWN = 3  # machine-sent messages that a mailbox must hold to show that it keeps such
_KEPT = 0.5  # and the share of them


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that other mailboxes prove: the message's row and day, its side, if it is held."""

    row: int
    day: date
    sent: bool
    present: bool


def proven_copies(
    rows: Sequence[Communication],
    identity_of: Mapping[str, int],
    senders: Sequence[int],
    addressed: Sequence[frozenset[int]],
    returned: AbstractSet[int] = frozenset(),
) -> Mapping[str, list[Copy]]:
    """By custodian, the copies that the mailboxes of others prove, in order of row.

    `identity_of` gives each custodian's identity (-1 where none is known), `senders` and
    `addressed` (To and Cc) the identities of each row; `returned` are rows that a delivery report
    answers. Somebody with several mailboxes ought to hold a message in one of them, not in each.
    """
    mailboxes: dict[int, list[str]] = defaultdict(list)
    for name in sorted(identity_of):
        if identity_of[name] != NOBODY:
            mailboxes[identity_of[name]].append(name)
    found: dict[str, list[Copy]] = {name: [] for name in identity_of}
    by_machine: dict[str, list[Copy]] = {name: [] for name in identity_of}
    all_holders = _holders_by_id(rows)
    for row, one in enumerate(rows):
        if one.when is None or not from_a_mailbox(one) or Mark.DRAFT in one.marks:
            continue
        day = local_day(one.when.earliest)
        holders = all_holders.get(one.message_id) or {s.custodian for s in one.sightings}
        for identity in sorted(addressed[row] | {senders[row]}):
            own = mailboxes.get(identity, [])
            if not own or not holders.difference(own):
                continue
            sent = identity == senders[row]
            if row in returned and not sent:
                continue
            held = [name for name in own if name in holders]
            machine = sent and not _BY_MACHINE.isdisjoint(one.marks)
            for name in held or own:
                place = by_machine if machine else found
                place[name].append(Copy(row, day, sent, bool(held)))
    return {name: _with_kept(copies, by_machine[name]) for name, copies in found.items()}


def _with_kept(copies: list[Copy], by_machine: list[Copy]) -> list[Copy]:
    """The copies, and those of machine-sent mail where the mailbox shows that it keeps such."""
    kept = sum(copy.present for copy in by_machine)
    if kept < _SHOWN or kept < _KEPT * len(by_machine):
        return copies
    return sorted([*copies, *by_machine], key=lambda copy: copy.row)


def _holders_by_id(rows: Sequence[Communication]) -> dict[str | None, set[str | None]]:
    """Who holds a message under each id that several claim: a copy that differs is a copy held."""
    times: Counter[str | None] = Counter(one.message_id for one in rows if one.message_id)
    found: dict[str | None, set[str | None]] = defaultdict(set)
    for one in rows:
        if times[one.message_id] > 1:
            found[one.message_id].update(s.custodian for s in one.sightings)
    return found


def from_a_mailbox(one: Communication) -> bool:
    """Whether a message itself is held; a print or an entry of one shows no mailbox."""
    return one.channel is Channel.EMAIL and one.grade is Grade.ORIGINAL


def days_held(
    rows: Sequence[Communication], identity_of: Mapping[str, int], senders: Sequence[int]
) -> Mapping[str, tuple[list[date], list[date]]]:
    """By custodian, the day of each item held that they sent, and of each that they received."""
    found: dict[str, tuple[list[date], list[date]]] = {name: ([], []) for name in identity_of}
    for row, one in enumerate(rows):
        if one.when is None or not from_a_mailbox(one) or Mark.DRAFT in one.marks:
            continue
        day = local_day(one.when.earliest)
        for name in {s.custodian for s in one.sightings if s.custodian}:
            mine = identity_of[name] != NOBODY and senders[row] == identity_of[name]
            found[name][0 if mine else 1].append(day)
    return found
