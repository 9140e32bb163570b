"""Matters passed from one party to another, and what became of them.

A handoff is a forward to another party, or a reply that brings another party in or puts a request
to one. Plain answers to whoever asked are none, nor is anything inside one party; a forward to the
families or the public informs them and passes nothing on (true causality instead of succession:
after van der Aalst, Reijers and Song, CSCW 14, 2005). Taken up: the receiving party answers,
passes the matter on, or writes to the outside person concerned: in the thread, or in a new one
(not in answer to another matter of theirs, and not in a circular).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from commtrace.model import (
    Act,
    ActKind,
    Communication,
    CommunicationId,
    Handoff,
    HandoffState,
    PartyKind,
    Thread,
    digest,
)
from commtrace.moments import Moment, local_day
from commtrace.reconstruction.identity import NOBODY, Directory
from commtrace.reconstruction.subjects import base_subject, says_reply
from commtrace.workdays import Calendar

_ASKS = frozenset({ActKind.REQUEST, ActKind.CHASER})
_OUTSIDE = frozenset({PartyKind.FAMILIES, PartyKind.PUBLIC, PartyKind.PRESS})
_AROUND = 200  # messages of one thread before and after a handoff that are looked at
_CIRCULAR = 10  # recipients: more is no letter about one matter
_ADDRESSED, _TOLD = 3, 8  # parties in To, and in all: more are told something
_SHORT = 60  # words: a longer covering note is not only "for information"
_FYI = re.compile(
    r"\b(?:f\.?y\.?i|for (?:your )?(?:information|info|interest|records?|awareness)|to note"
    r"|no (?:further )?action|just so you know)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Columns:
    """What handoffs are read from, by row; recipients are (identity, party, kind), kind 0 is To."""

    rows: Sequence[Communication]
    senders: Sequence[int]
    sender_parties: Sequence[int]
    recipients: Sequence[Sequence[tuple[int, int, int]]]
    parent: Sequence[int]
    thread_of: Sequence[int]
    forward: Sequence[bool]
    automatic: Sequence[bool]
    acts: Mapping[CommunicationId, tuple[Act, ...]]
    threads: Sequence[Thread]
    answers_ghost: Sequence[bool]
    informs: Sequence[bool]


@dataclass(frozen=True, kw_only=True)
class Clock:
    """How waiting is measured: `limit` in days of `working`, `covered` windows by party index."""

    working: Calendar
    limit: int
    as_of: datetime
    covered: Mapping[int, Sequence[tuple[date, date]]]

    def elapsed(self, one: Communication, other: Communication) -> int:
        """Working days from one message to another, the day of the first not counted."""
        return self.working.elapsed(*(local_day(_when(c).earliest) for c in (one, other)))


def handoffs(
    columns: Columns,
    *,
    people: Directory,
    clock: Clock,
) -> tuple[Handoff, ...]:
    """Every handoff, in order of time."""
    seen = _Steps(columns)
    found = []
    for row, one in enumerate(columns.rows):
        if one.when is None or columns.automatic[row]:
            continue
        for party in _given_to(row, columns, people):
            taken = seen.taken_up(row, party, clock)
            found.append(_handoff(row, party, taken, steps=seen, people=people, clock=clock))
    return tuple(found)


def _given_to(row: int, columns: Columns, people: Directory) -> list[int]:
    """The parties that a message passes its matter to."""
    own = columns.sender_parties[row]
    if own == NOBODY:
        return []
    parent = columns.parent[row]
    forward = columns.forward[row]
    if not forward and parent == NOBODY and not columns.answers_ghost[row]:
        return []
    if not forward and people.parties[own].kind in _OUTSIDE:
        return []
    asks = _says(columns.acts.get(columns.rows[row].id, ()))
    if _announces(columns.recipients[row]) or (columns.informs[row] and not asks):
        return []
    before = _parties_of(parent, columns) if parent != NOBODY else frozenset()
    found: dict[int, None] = {}
    for _, party, kind in columns.recipients[row]:
        if party in (NOBODY, own) or people.parties[party].kind in _OUTSIDE:
            continue
        brought_in = parent != NOBODY and party not in before
        put_to = asks and kind == 0
        if forward or (brought_in and kind == 0) or put_to:
            found[party] = None
    return list(found)


def _announces(recipients: Sequence[tuple[int, int, int]]) -> bool:
    """Whether a message goes to so many parties that it tells them something, no more."""
    addressed = {party for _, party, kind in recipients if kind == 0}
    return len(addressed) > _ADDRESSED or len({party for _, party, _ in recipients}) > _TOLD


def informs(text: str) -> bool:
    """Whether a covering note (new text, at most 60 words) says that it is for information."""
    return len(text.split()) <= _SHORT and _FYI.search(text) is not None


def _parties_of(row: int, columns: Columns) -> frozenset[int]:
    return frozenset(p for _, p, _ in columns.recipients[row]) | {columns.sender_parties[row]}


def _says(acts: Sequence[Act]) -> bool:
    return any(act.kind in _ASKS for act in acts)


class _Steps:
    """Later messages, found by thread, by writer to an outside person, and by subject."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self._in_thread: dict[tuple[int, int], list[int]] = defaultdict(list)
        self._to_person: dict[tuple[int, int], list[int]] = defaultdict(list)
        self._on_subject: dict[tuple[int, int, str], list[int]] = defaultdict(list)
        self._members: dict[int, list[int]] = defaultdict(list)
        for row, one in enumerate(columns.rows):
            thread, party = columns.thread_of[row], columns.sender_parties[row]
            self._members[thread].append(row)
            if one.when is None or columns.automatic[row] or party == NOBODY:
                continue
            self._in_thread[party, thread].append(row)
            base = base_subject(one.subject)
            opens = self._opens(row)
            for identity, other, _ in columns.recipients[row]:
                if other != party and opens:
                    self._to_person[party, identity].append(row)
                if base:
                    self._on_subject[party, other, base].append(row)

    def _opens(self, row: int) -> bool:
        """Whether a message opens a matter of its own: no reply to another, and no circular."""
        columns = self.columns
        answers = columns.parent[row] != NOBODY or columns.answers_ghost[row]
        return (
            not answers
            and not says_reply(columns.rows[row].subject)
            and len(columns.recipients[row]) <= _CIRCULAR
        )

    def taken_up(self, row: int, party: int, clock: Clock) -> int | None:
        """The first step of `party` after `row`: in the thread, back, or to the person waiting.

        A message to that person in another thread and under another subject is one only within the
        limit: later it may be about anything.
        """
        columns = self.columns
        thread = columns.thread_of[row]
        own = columns.sender_parties[row]
        base = base_subject(columns.rows[row].subject)
        lists = [
            self._in_thread.get((party, thread), ()),
            self._on_subject.get((party, own, base), ()) if base else (),
        ]
        aside = [
            self._to_person.get((party, person), ()) for person in self._concerned(row, own, party)
        ]
        later = [rows[n] for rows in lists if (n := bisect_right(rows, row)) < len(rows)]
        first = min(later, default=None)
        for rows in aside:
            n = bisect_right(rows, row)
            if n == len(rows) or (first is not None and rows[n] >= first):
                continue
            if clock.elapsed(columns.rows[row], columns.rows[rows[n]]) <= clock.limit:
                first = rows[n]
        return first

    def _concerned(self, row: int, own: int, party: int) -> list[int]:
        """Writers in the thread so far who belong to neither side."""
        columns = self.columns
        found: dict[int, None] = {}
        members = self._members[columns.thread_of[row]]
        for other in members[
            max(0, bisect_left(members, row) - _AROUND) : bisect_left(members, row)
        ]:
            if columns.sender_parties[other] not in (own, party, NOBODY):
                found[columns.senders[other]] = None
        return [person for person in found if person != NOBODY]

    def between(self, row: int, last: int | None) -> tuple[CommunicationId, ...]:
        """The matter's messages up to the step that took it up, or all; of many those around it."""
        columns = self.columns
        rows = self._members[columns.thread_of[row]]
        begin = max(0, bisect_left(rows, row) - _AROUND)
        end = len(rows) if last is None else bisect_right(rows, max(last, row))
        kept = rows[begin : min(end, begin + 2 * _AROUND)]
        if last is not None and last not in kept:
            kept.append(last)
        return tuple(columns.rows[r].id for r in kept)


def _handoff(
    row: int,
    party: int,
    taken: int | None,
    *,
    steps: _Steps,
    people: Directory,
    clock: Clock,
) -> Handoff:
    columns = steps.columns
    one = columns.rows[row]
    given = _when(one)
    start = local_day(given.earliest)
    end = _when(columns.rows[taken]) if taken is not None else None
    last = end.earliest if end else clock.as_of - timedelta(seconds=1)  # as_of is the moment after
    waited = clock.working.elapsed(start, local_day(last))
    own = columns.sender_parties[row]
    due = clock.working.due(start, clock.limit)
    seen = any(_inside(clock.covered.get(side, ()), start, due) for side in (own, party))
    matter = columns.threads[columns.thread_of[row]]
    return Handoff(
        id=digest("handoff", one.id, people.parties[party].id),
        matter=matter.id,
        from_party=people.parties[own].id,
        to_party=people.parties[party].id,
        given=one.id,
        given_when=given,
        taken_up=columns.rows[taken].id if taken is not None else None,
        taken_up_when=end,
        waited=waited,
        state=_state(taken is not None, waited, clock.limit, seen=seen),
        communications=steps.between(row, taken),
        is_forward=columns.forward[row],
        asks=_asks(row, party, columns),
    )


def _state(taken: bool, waited: int, limit: int, *, seen: bool) -> HandoffState:
    if taken:
        return HandoffState.TAKEN_UP if waited <= limit else HandoffState.LATE
    if waited <= limit:
        return HandoffState.NOT_YET_DUE
    return HandoffState.NOT_TAKEN_UP if seen else HandoffState.NOT_TESTABLE


def _asks(row: int, party: int, columns: Columns) -> bool:
    """Whether the party is asked for something: in To, with a request, not "for information"."""
    one = columns.rows[row]
    if not any(p == party and kind == 0 for _, p, kind in columns.recipients[row]):
        return False
    acts = columns.acts.get(one.id, ())
    said = (one.subject, *(act.said for act in acts))
    return _says(acts) and not any(_FYI.search(words) for words in said)


def _when(one: Communication) -> Moment:
    if one.when is None:
        raise ValueError("A handoff has a date.")
    return one.when


def _inside(windows: Sequence[tuple[date, date]], first: date, last: date) -> bool:
    return any(start <= first and last <= end for start, end in windows)
