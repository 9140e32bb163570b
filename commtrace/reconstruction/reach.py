"""How far something could have travelled: earliest arrival, its path, and the last useful moment.

Temporal reachability over sendings (Kossinets, Kleinberg and Watts, KDD 2008; Holme and Saramäki
2012). Messages whose times overlap are one batch: either may have come first, because only what no
order of the messages allows may be denied. Whoever holds something passes it on with any message
that may be later, never with an earlier one. Cost: linear in messages times recipients, and each
person is looked at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import pairwise

import numpy as np

from commtrace.reconstruction.sendings import EARLIEST, LATEST, Sendings, joined
from commtrace.view import NOBODY, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One message of a path: `entry` of the sendings, and when it may have arrived at first."""

    entry: int
    row: int
    sender: int
    recipient: int
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """An identity counts for a party from `since` to before `until`, seconds since 1970."""

    who: int
    party: int
    since: int = EARLIEST
    until: int = LATEST


@dataclass(frozen=True, kw_only=True, eq=False)
class Reach:
    """When each identity could first have held something: `arrival`, LATEST where no chain led.

    `via` is the entry that brought it (-1 for whoever held it first).
    """

    sent: Sendings
    arrival: Ints
    via: Ints = field(repr=False)

    def reached(self, who: int, by: int = LATEST) -> bool:
        """Whether some chain of messages could have brought it before `by`."""
        return bool(self.arrival[who] < by)

    def path(self, who: int) -> tuple[Step, ...]:
        """The messages by which it could first have come, in order; () where there is none."""
        steps: list[Step] = []
        while (entry := int(self.via[who])) != NOBODY:
            sender = int(self.sent.sender[entry])
            step = Step(
                entry=entry,
                row=int(self.sent.row[entry]),
                sender=sender,
                recipient=who,
                at=int(self.arrival[who]),
            )
            steps.append(step)
            who = sender
        return tuple(reversed(steps))

    def in_order(self, path: Iterable[Step]) -> bool:
        """Whether each message of a path certainly lies after the one before it."""
        sent = self.sent
        return all(sent.end[a.entry] <= sent.start[b.entry] for a, b in pairwise(path))

    def parties(self, belongings: Iterable[Belonging]) -> dict[int, tuple[int, int]]:
        """For each party that somebody who holds it counted for: when at first, and who."""
        found: dict[int, tuple[int, int]] = {}
        for one in belongings:
            at = max(int(self.arrival[one.who]), one.since)
            if self.arrival[one.who] != LATEST and at < one.until:
                found[one.party] = min(found.get(one.party, (LATEST, NOBODY)), (at, one.who))
        return dict(sorted(found.items()))


def earliest(sent: Sendings, sources: Mapping[int, int], people: int) -> Reach:
    """When each of `people` identities could first hold what `sources` hold from a time on."""
    arrival = np.full(people, LATEST, dtype=np.int64)
    for who, since in sources.items():
        arrival[who] = since
    via = np.full(people, NOBODY, dtype=np.int64)
    return _spread(sent, arrival, via, [(since, who) for who, since in sources.items()])


def further(reach: Reach, more: Sendings) -> Reach:
    """How far it could have come if the messages `more` had carried it too."""
    if not len(more):
        return reach
    arrival, via = reach.arrival.copy(), reach.via.copy()
    holders = np.unique(more.sender[arrival[more.sender] != LATEST]).tolist()
    again = [(int(arrival[who]), who) for who in holders]
    return _spread(joined(reach.sent, more), arrival, via, again)


def _spread(sent: Sendings, arrival: Ints, via: Ints, waiting: list[tuple[int, int]]) -> Reach:
    """Let everybody who waits pass on what they hold, the earliest first, until nobody is new.

    `arrival` and `via` are filled in. Nobody passes on twice: what came earliest came first.
    """
    order, edges = _grouped(sent.sender, len(arrival))
    recipient, start, end = sent.recipient[order], sent.start[order], sent.end[order]
    heapify(waiting)
    while waiting:
        now, who = heappop(waiting)
        if now > arrival[who]:
            continue
        group = slice(edges[who], edges[who + 1])
        when = np.maximum(start[group], now)
        kept = ((end[group] > now) & (when < arrival[recipient[group]])).nonzero()[0]
        if not len(kept):
            continue
        to, at = recipient[group][kept], when[kept]
        np.minimum.at(arrival, to, at)
        first = at == arrival[to]
        via[to[first][::-1]] = order[group][kept][first][::-1]  # of equal ones the first row
        for other in zip(at[first].tolist(), to[first].tolist(), strict=True):
            heappush(waiting, other)
    return Reach(sent=sent, arrival=arrival, via=via)


def latest(sent: Sendings, targets: Mapping[int, int], people: int) -> Ints:
    """Until when each identity could still have set it on its way to a target before its deadline.

    A reverse sweep: whoever held it before this moment could have had it at a target in time by
    messages that are held; EARLIEST where no message leads there. Targets have their deadlines.
    """
    until = np.full(people, EARLIEST, dtype=np.int64)
    order, edges = _grouped(sent.recipient, people)
    sender, start, end = sent.sender[order], sent.start[order], sent.end[order]
    waiting: list[tuple[int, int]] = []
    for who, deadline in targets.items():
        until[who] = deadline
        heappush(waiting, (-deadline, who))
    while waiting:
        negative, who = heappop(waiting)
        if -negative < until[who]:
            continue
        group = slice(edges[who], edges[who + 1])
        when = np.minimum(end[group], -negative)
        kept = ((start[group] < -negative) & (when > until[sender[group]])).nonzero()[0]
        if not len(kept):
            continue
        np.maximum.at(until, sender[group][kept], when[kept])
        best = when[kept] == until[sender[group][kept]]
        for at, other in zip(
            when[kept][best].tolist(), sender[group][kept][best].tolist(), strict=True
        ):
            heappush(waiting, (-at, other))
    return until


@dataclass(frozen=True, slots=True, kw_only=True)
class Newer:
    """From the moment `at` on, a party could know what another had sent at `newest`."""

    at: int
    newest: int
    row: int


def news(sent: Sendings, from_party: int, to_party: int, people: int) -> tuple[Newer, ...]:
    """How the newest possible information of one party about another grew: a vector clock.

    Whenever a member of `from_party` (on the day) writes, what they know is new; everybody passes
    on the newest they have. Messages go by their earliest time, those of one moment as one batch.
    """
    order = np.lexsort((sent.row, sent.start))
    start = sent.start[order]
    columns = (sent.sender, sent.recipient, sent.sender_party, sent.recipient_party, sent.row)
    entries = list(zip(*(one[order].tolist() for one in columns), strict=True))
    cuts = [0, *(np.flatnonzero(np.diff(start)) + 1).tolist(), len(entries)]
    if not entries:
        return ()
    times = start[cuts[:-1]].tolist()
    clock = [EARLIEST] * people
    best, found = EARLIEST, []
    for now, (first, last) in zip(times, pairwise(cuts), strict=True):
        grew = True
        while grew:  # until nothing in the batch changes; a batch of one message ends at once
            grew = False
            for sender, recipient, own, other, row in entries[first:last]:
                if own == from_party and clock[sender] < now:
                    clock[sender] = now
                    grew = last - first > 1
                value = clock[sender]
                if value > clock[recipient]:
                    clock[recipient] = value
                    grew = last - first > 1
                if other == to_party and value > best:
                    best = value
                    found.append(Newer(at=now, newest=value, row=row))
    return tuple(found)


def newest_at(curve: Iterable[Newer], at: int) -> Newer | None:
    """The newest that a party could know before the moment `at`, None where nothing."""
    return max((one for one in curve if one.at < at), key=lambda one: one.newest, default=None)


def _grouped(keys: Ints, size: int) -> tuple[Ints, list[int]]:
    """The entries in order of their key, and where each key begins."""
    order = np.argsort(keys, kind="stable").astype(np.int64)
    return order, np.searchsorted(keys[order], np.arange(size + 1)).tolist()
