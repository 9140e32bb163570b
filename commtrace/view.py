"""What a rule sees: the whole case at one time, as columns, with its calendars and criteria.

Rows are communications in order of time (earliest moment, then id; undated ones last). Integer
columns index `identities`, `parties` and `threads`; -1 means none is known. Texts stay in the store
and are fetched by id through `text`. Nothing here opens a file or asks the clock: `as_of` is given.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from commtrace.brief import Brief
from commtrace.model import (
    AbsentCopy,
    Act,
    Attachment,
    Channel,
    Citation,
    CommunicationId,
    Contact,
    Coverage,
    CoverageWeek,
    Criterion,
    Ghost,
    Grade,
    Handoff,
    Identity,
    Likely,
    Link,
    Observability,
    Party,
    Recapture,
    Sharing,
    Source,
    Thread,
    TwoPath,
    Unread,
)
from commtrace.moments import Moment, local_day
from commtrace.workdays import Calendar

Ints = NDArray[np.int64]
T = TypeVar("T")
TO, CC, BCC = 0, 1, 2
NOBODY = -1
NEVER = 2**62  # seconds: later than everything


@dataclass(frozen=True, kw_only=True)
class View:
    """One case at one time.

    `start` and `end` are seconds since 1970 in UTC, half-open, `end` = 0 where undated.
    `recipient_offsets[row] : recipient_offsets[row + 1]` are the row's entries in `recipient`
    (identity), `recipient_party` and `recipient_kind` (TO, CC, BCC). `parent` is the row that the
    row answers by evidence (never by a suggestion), `links` hold every edge with its basis.
    Party columns already follow dated membership. `grades` say how near each row stands to the
    communication itself (empty where all are originals), `by_hand` who entered those that were.
    `attachments` are of those rows that have any, `stripped` says whose copies lack which of them;
    `disputed` are communications that claim one
    Message-ID and differ, by that id; `delivery_reports` are rows that report on a delivery (their
    parent is what they report on); `unread` is what was not read, or only in part;
    `likely` are identities that may be one, `sharing` those behind whom several people stand;
    `quoted` gives the words under a message's first
    quoted header, without quotation marks. `passings` gives the two-paths of a view, `spread` from
    when on each identity could have held what others hold (see `two_paths` and `arrivals`).
    """

    as_of: datetime
    brief: Brief
    ids: tuple[CommunicationId, ...]
    whens: tuple[Moment | None, ...]
    subjects: tuple[str, ...]
    sources: tuple[Source, ...]
    channels: tuple[Channel, ...]
    start: Ints
    end: Ints
    sender: Ints
    sender_party: Ints
    recipient_offsets: Ints
    recipient: Ints
    recipient_party: Ints
    recipient_kind: Ints
    thread: Ints
    parent: Ints
    automatic: NDArray[np.bool_]
    bulk: NDArray[np.bool_]
    forward: NDArray[np.bool_]
    identities: tuple[Identity, ...]
    parties: tuple[Party, ...]
    threads: tuple[Thread, ...]
    links: tuple[Link, ...]
    ghosts: tuple[Ghost, ...]
    contacts: tuple[Contact, ...]
    coverage: tuple[Coverage, ...]
    weeks: tuple[CoverageWeek, ...]
    handoffs: tuple[Handoff, ...]
    acts: Mapping[CommunicationId, tuple[Act, ...]]
    custodians_holding: Mapping[CommunicationId, tuple[str, ...]]
    calendars: Mapping[str, Calendar]
    criteria: Mapping[str, Criterion]
    text: Callable[[Iterable[CommunicationId]], Mapping[CommunicationId, str]]
    new_text: Callable[[Iterable[CommunicationId]], Mapping[CommunicationId, str]]
    fingerprint: str = field(default="")
    grades: tuple[Grade, ...] = field(default=())
    by_hand: Mapping[CommunicationId, str] = field(default_factory=dict)
    absent_copies: tuple[AbsentCopy, ...] = field(default=())
    recaptures: tuple[Recapture, ...] = field(default=())
    attachments: Mapping[CommunicationId, tuple[Attachment, ...]] = field(default_factory=dict)
    stripped: Mapping[CommunicationId, tuple[tuple[str, tuple[str, ...]], ...]] = field(
        default_factory=dict
    )
    disputed: Mapping[str, tuple[CommunicationId, ...]] = field(default_factory=dict)
    unread: tuple[Unread, ...] = field(default=())
    delivery_reports: frozenset[int] = field(default=frozenset())
    likely: tuple[Likely, ...] = field(default=())
    sharing: tuple[Sharing, ...] = field(default=())
    quoted: Callable[[Iterable[CommunicationId]], Mapping[CommunicationId, str]] = field(
        default=lambda _: {}
    )
    passings: Callable[[View], tuple[TwoPath, ...]] = field(default=lambda _: ())
    spread: Callable[[View, Mapping[int, int]], Ints] = field(
        default=lambda view, _: np.full(len(view.identities), NEVER, dtype=np.int64)
    )
    shared: dict[object, object] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def once(self, key: object, make: Callable[[View], T]) -> T:
        """What `make` gives for this view, worked out at the first call and kept as long as it.

        A value made of the view by a pure function; a view with a change starts anew. `key` names
        the function and whatever else its value rests on.
        """
        if key not in self.shared:
            self.shared[key] = make(self)
        return cast("T", self.shared[key])

    def __len__(self) -> int:
        return len(self.ids)

    def grade(self, row: int) -> Grade:
        """How near what was read of a row stands to the communication itself."""
        return self.grades[row] if self.grades else Grade.ORIGINAL

    @cached_property
    def row_of(self) -> Mapping[CommunicationId, int]:
        """The row of each id."""
        return {identifier: row for row, identifier in enumerate(self.ids)}

    @cached_property
    def party_index(self) -> Mapping[str, int]:
        """The index of each party id."""
        return {party.id: index for index, party in enumerate(self.parties)}

    @cached_property
    def thread_index(self) -> Mapping[str, int]:
        """The index of each thread id."""
        return {thread.id: index for index, thread in enumerate(self.threads)}

    @cached_property
    def link_of(self) -> Mapping[CommunicationId, Link]:
        """The edge from each message to the one that it answers, or is suggested to answer."""
        return {link.child: link for link in self.links}

    @cached_property
    def rows_of_thread(self) -> Sequence[Ints]:
        """The rows of each thread, in order of time."""
        order = np.argsort(self.thread, kind="stable")
        edges = np.searchsorted(self.thread[order], np.arange(len(self.threads) + 1))
        return [order[a:b] for a, b in pairwise(edges.tolist())]

    @cached_property
    def dated(self) -> int:
        """How many rows have a date; they come first."""
        return int(np.count_nonzero(self.end))

    def day(self, row: int) -> date:
        """The day in Europe/London on which a dated row was sent (its earliest reading)."""
        when = self.whens[row]
        if when is None:
            raise ValueError("An undated communication has no day.")
        return local_day(when.earliest)

    def recipients(self, row: int) -> range:
        """The positions of a row's recipients in the recipient columns."""
        return range(int(self.recipient_offsets[row]), int(self.recipient_offsets[row + 1]))

    def parties_to(self, row: int, kinds: tuple[int, ...] = (TO, CC, BCC)) -> tuple[int, ...]:
        """The distinct parties a row was sent to, in order of appearance."""
        found = {
            int(self.recipient_party[n]): None
            for n in self.recipients(row)
            if int(self.recipient_kind[n]) in kinds and self.recipient_party[n] != NOBODY
        }
        return tuple(found)

    def identities_to(self, row: int, kinds: tuple[int, ...] = (TO, CC, BCC)) -> tuple[int, ...]:
        """The distinct identities a row was sent to."""
        found = {
            int(self.recipient[n]): None
            for n in self.recipients(row)
            if int(self.recipient_kind[n]) in kinds and self.recipient[n] != NOBODY
        }
        return tuple(found)

    @cached_property
    def _between(self) -> Mapping[tuple[int, int], list[int]]:
        pairs: dict[tuple[int, int], list[int]] = {}
        for row in range(self.dated):
            sender = int(self.sender_party[row])
            for party in self.parties_to(row):
                pairs.setdefault((sender, party), []).append(row)
        return pairs

    def rows_between(self, from_party: int, to_party: int) -> Sequence[int]:
        """Rows from one party to another, in order of time (dated rows only)."""
        return self._between.get((from_party, to_party), [])

    @cached_property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Every directed pair of parties that exchanged anything, sorted."""
        return tuple(sorted(self._between))

    def later_between(self, from_party: int, to_party: int, after: int) -> Sequence[int]:
        """Rows from one party to another that come after the row `after`."""
        rows = self.rows_between(from_party, to_party)
        first = bisect_left(rows, after + 1)
        return rows[first:]

    @cached_property
    def two_paths(self) -> tuple[TwoPath, ...]:
        """Every occasion on which somebody wrote to a third on what they had just heard."""
        return self.passings(self)

    def arrivals(self, held: Mapping[int, int]) -> Ints:
        """From when on each identity could have held what those in `held` hold since a time.

        By any chain of messages held, in seconds since 1970; NEVER where no chain leads to them.
        """
        return self.spread(self, held)

    def cite(self, row: int, role: str, span: tuple[int, int] | None = None) -> Citation:
        """A citation of a row's cited copy."""
        return Citation(source=self.sources[row], role=role, communication=self.ids[row], span=span)

    def calendar_of(self, party: int) -> Calendar:
        """The calendar in which a party's days are counted."""
        return self.calendars[self.parties[party].calendar]

    @property
    def working(self) -> Calendar:
        """The working-day calendar of the case."""
        return self.calendars["working"]

    @cached_property
    def _windows(self) -> Mapping[str, list[Coverage]]:
        by_identity: dict[str, list[Coverage]] = {}
        for stretch in self.coverage:
            if stretch.identity is not None:
                by_identity.setdefault(stretch.identity, []).append(stretch)
        return by_identity

    @cached_property
    def custodians_with_files(self) -> frozenset[str]:
        """The custodians in whose material at least one message has an attachment."""
        return frozenset(
            name for one in self.attachments for name in self.custodians_holding.get(one, ())
        )

    @cached_property
    def mailboxes_of_party(self) -> Mapping[str, tuple[Coverage, ...]]:
        """The supplied mailboxes of everybody who ever belonged to each party, by party id."""
        found: dict[str, list[Coverage]] = {}
        for who in self.identities:
            for party in dict.fromkeys(m.party for m in who.parties):
                found.setdefault(party, []).extend(self._windows.get(who.id, ()))
        return {party: tuple(boxes) for party, boxes in found.items()}

    def observability(self, one: bool, other: bool) -> Observability:
        """In words: could the material of both sides, of one, or of neither have shown it?"""
        if one and other:
            return Observability.OBSERVED
        return Observability.ONE_SIDE if one or other else Observability.NOT_TESTABLE
