"""The copy matrix: for each message and custodian, whether a copy is due, and whether it is held.

A message to or from a custodian that lies in anybody else's mailbox ought to lie in theirs as well
(cross-custodian reconciliation). No copy is expected of what reached them blind-copied or through a
list, of drafts, of what came back undelivered, nor, of the sender, of what a machine sent in their
name: automatic replies and mass mailings are seldom kept among sent items.
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
            if not _is_kept(one, sent=sent, returned=row in returned):
                continue
            held = [name for name in own if name in holders]
            for name in held or own:
                found[name].append(Copy(row, day, sent, bool(held)))
    return found


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


def _is_kept(one: Communication, *, sent: bool, returned: bool) -> bool:
    """Whether mail programs keep a copy of such a message on that side."""
    return _BY_MACHINE.isdisjoint(one.marks) if sent else not returned


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
