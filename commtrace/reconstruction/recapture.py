"""How many messages one custodian sent another: two mailboxes as two catches of one population.

Chapman's estimate (N+1 = (n1+1)(n2+1)/(m+1); Chapman 1951, recommended over Lincoln and Petersen in
Sadinle, CERAC 13, 2008) with Seber's variance. It is right only where the two mailboxes lose
messages independently of each other. Where the same messages are gone from both it is too small:
with 10 % gone from both, 400 true messages give 360. So it is worded "at least", and made only from
thirty messages in each and ten in both.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from commtrace.model import Communication, Coverage, Mark, Recapture
from commtrace.moments import local_day
from commtrace.reconstruction.copies import from_a_mailbox
from commtrace.reconstruction.identity import NOBODY

_LEAST_CAUGHT = 30  # messages in each mailbox
_LEAST_AGAIN = 10  # messages in both
_Z = 1.96  # of a 95 % interval


@dataclass(slots=True)
class _Catch:
    """Days of a pair's messages held by the sender, by the recipient, and by both, in order."""

    sent: list[date] = field(default_factory=list)
    received: list[date] = field(default_factory=list)
    both: list[date] = field(default_factory=list)


def chapman(first: int, second: int, both: int) -> tuple[int, int, int]:
    """Chapman's estimate of a population caught twice, with its 95 % interval, whole numbers.

    The lower end is never below what was seen.
    """
    estimate = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * (first - both) * (second - both)
    width = _Z * math.sqrt(variance / ((both + 1) ** 2 * (both + 2)))
    seen = first + second - both
    return round(estimate), max(seen, math.floor(estimate - width)), math.ceil(estimate + width)


def recaptures(
    rows: Sequence[Communication],
    identity_of: Mapping[str, int],
    senders: Sequence[int],
    addressed: Sequence[frozenset[int]],
    stretches: Sequence[Coverage],
) -> tuple[Recapture, ...]:
    """For each ordered pair of custodians with enough messages, in the days both cover."""
    catches = _catches(rows, identity_of, senders, addressed)
    windows: dict[str, list[Coverage]] = defaultdict(list)
    for stretch in stretches:
        windows[stretch.custodian].append(stretch)
    return tuple(
        found
        for pair in sorted(catches)
        for one in windows[pair[0]]
        for other in windows[pair[1]]
        for found in _within(pair, catches[pair], one, other)
    )


def _catches(
    rows: Sequence[Communication],
    identity_of: Mapping[str, int],
    senders: Sequence[int],
    addressed: Sequence[frozenset[int]],
) -> dict[tuple[str, str], _Catch]:
    names: dict[int, list[str]] = defaultdict(list)
    for name, identity in identity_of.items():
        if identity != NOBODY:
            names[identity].append(name)
    catches: dict[tuple[str, str], _Catch] = defaultdict(_Catch)
    for row, one in enumerate(rows):
        if one.when is None or not from_a_mailbox(one) or Mark.DRAFT in one.marks:
            continue
        holders = {s.custodian for s in one.sightings}
        day = local_day(one.when.earliest)
        for sender in names.get(senders[row], ()):
            for recipient in _others(addressed[row], senders[row], names):
                catch = catches[sender, recipient]
                if sender in holders:
                    catch.sent.append(day)
                if recipient in holders:
                    catch.received.append(day)
                if {sender, recipient} <= holders:
                    catch.both.append(day)
    return catches


def _others(
    addressed: frozenset[int], sender: int, names: Mapping[int, Sequence[str]]
) -> Iterator[str]:
    for identity in addressed:
        if identity != sender:
            yield from names.get(identity, ())


def _within(
    pair: tuple[str, str], catch: _Catch, one: Coverage, other: Coverage
) -> Iterator[Recapture]:
    first, last = max(one.first, other.first), min(one.last, other.last)
    sent, received, both = (
        _count(days, first, last) for days in (catch.sent, catch.received, catch.both)
    )
    if min(sent, received) < _LEAST_CAUGHT or both < _LEAST_AGAIN:
        return
    estimate, low, high = chapman(sent, received, both)
    yield Recapture(
        sender=pair[0],
        recipient=pair[1],
        first=first,
        last=last,
        in_sent=sent,
        in_received=received,
        in_both=both,
        estimate=estimate,
        low=low,
        high=high,
    )


def _count(days: Sequence[date], first: date, last: date) -> int:
    """How many of the sorted days lie from `first` to `last`, both included."""
    return max(0, bisect_right(days, last) - bisect_left(days, first))
