"""Which messages cite which: reference lists, and whether two who cite one absent id mean it.

A made-up id that strangers share must not fuse their threads. Two messages mean the same absent
one where they already belong together without it, share a participant and the base subject, have
the very same participants, quote the same header, or are items of one sender's numbered series.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from commtrace.model import Communication, LinkBasis
from commtrace.reconstruction.subjects import base_subject


class Unions:
    """Which things belong together."""

    def __init__(self, count: int) -> None:
        self._up = list(range(count))

    def top(self, one: int) -> int:
        """The representative: always the lowest number of the group."""
        up = self._up
        while up[one] != one:
            up[one] = up[up[one]]
            one = up[one]
        return one

    def join(self, one: int, other: int) -> None:
        """Put two groups together."""
        first, second = sorted((self.top(one), self.top(other)))
        self._up[second] = first


def references(communication: Communication) -> tuple[str, ...]:
    """The ids a message cites, oldest first: References, then In-Reply-To, its parent.

    RFC 5322, 3.6.4 has the parent last in References too; some clients list it first or leave it
    out, and In-Reply-To is then what names it.
    """
    own = communication.message_id
    listed = dict.fromkeys(i for i in communication.references if _is_id(i) and i != own)
    reply = communication.in_reply_to
    if reply and _is_id(reply) and reply != own:
        listed.pop(reply, None)
        listed[reply] = None
    return tuple(listed)


def basis_of(communication: Communication, cited: str) -> LinkBasis:
    """Whether an id stands in In-Reply-To or only among the References."""
    return LinkBasis.IN_REPLY_TO if cited == communication.in_reply_to else LinkBasis.REFERENCES


def _is_id(text: str) -> bool:
    return bool(text) and not any(c.isspace() for c in text) and len(text) > 2


def strangers(
    one: int,
    other: int,
    *,
    communications: Sequence[Communication],
    people: Sequence[frozenset[int]],
) -> bool:
    """Whether two messages share no participant and no subject, though both say who took part."""
    if len(people[one]) < 2 or len(people[other]) < 2 or people[one] & people[other]:
        return False
    mine = base_subject(communications[one].subject)
    return mine != base_subject(communications[other].subject) or not mine


def groups(
    citing: Iterable[int],
    *,
    subject: Callable[[int], str],
    people: Sequence[frozenset[int]],
    together: Unions,
    quoted: Mapping[int, Sequence[str]],
    series_keys: Callable[[int], Sequence[object]] = lambda _: (),
) -> list[list[int]]:
    """The rows that cite one absent id, parted into those that mean the same message."""
    rows = sorted(set(citing))
    if len(rows) == 1:
        return [rows]
    place = {row: n for n, row in enumerate(rows)}
    unions = Unions(len(rows))
    buckets: dict[object, int] = {}
    for row in rows:
        for key in _agreements(
            row,
            subject=subject,
            people=people,
            together=together,
            quoted=quoted,
            series_keys=series_keys,
        ):
            unions.join(place[row], place[buckets.setdefault(key, row)])
    parted: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        parted[unions.top(place[row])].append(row)
    return list(parted.values())


def _agreements(
    row: int,
    *,
    subject: Callable[[int], str],
    people: Sequence[frozenset[int]],
    together: Unions,
    quoted: Mapping[int, Sequence[str]],
    series_keys: Callable[[int], Sequence[object]],
) -> Iterable[object]:
    yield "together", together.top(row)
    yield "people", people[row]
    yield from (("quoted", header) for header in quoted.get(row, ()))
    yield from (("series", key) for key in series_keys(row))
    base = subject(row)
    if base and len(people[row]) < 2:
        yield "subject", base
    elif base:
        yield from (("subject", base, person) for person in people[row])
