"""Who may answer a request, and which later message does (gap-science, section (a), `responders`).

An answer comes from an addressee, somebody of the addressee's party, or somebody to whom they
passed it; it reaches the asker or the asker's side; and it belongs to the request by thread or by
base subject within 60 days. An automatic reply is none, and a holding reply is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from commtrace.gaps._columns import (
    Grouped,
    answers_or_forwards,
    asks,
    base_subject,
    between,
    by_recipient,
    by_sender,
    by_subject,
    does,
    tokens,
)
from commtrace.gaps._grades import weaker
from commtrace.gaps._holding import holding_rows
from commtrace.gaps._wording import UNRELATED
from commtrace.model import ActKind, Channel, PartyKind
from commtrace.view import CC, NOBODY, TO, Ints, View

DAY = 86400
SAME_SUBJECT = 60 * DAY
ZONES = 14 * 3600  # seconds by which clocks of two time zones differ at most
_SPOKEN = (Channel.CALL, Channel.MEETING, Channel.NOTE, Channel.CHAT)
_REPRESENTS = (PartyKind.FORUM, PartyKind.MEMBERS)
_REPRESENTED = (PartyKind.FAMILIES, PartyKind.PUBLIC)
_PIECE = 200  # rows of a topic read at a time
_TITLE = re.compile(
    r"^(?:mr|mrs|ms|miss|mx|dr|prof|sir|dame|lord|lady|cllr|councillor|rev)\b\.?\s*"
)
_NO_ROWS: Ints = np.array([], dtype=np.int64)


@dataclass(frozen=True)
class Traffic:
    """The view with its rows by recipient and by base subject, and the households of the case."""

    view: View

    @cached_property
    def received(self) -> Grouped:
        """Rows by recipient."""
        return by_recipient(self.view)

    @cached_property
    def sent(self) -> Grouped:
        """Rows by sender."""
        return by_sender(self.view)

    @cached_property
    def _letters(self) -> dict[str, list[tuple[int, tuple[str, ...]]]]:
        """Dated letters with each recipient's name, by surname."""
        found: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        for row in range(self.view.dated):
            if self.view.channels[row] is Channel.LETTER:
                for who in self.view.identities_to(row):
                    name = _name(self.view, who)
                    found.setdefault(name[-1], []).append((row, name))
        return found

    def letters_to(self, who: int) -> Ints:
        """Dated letters to somebody of this one's name, in order: letters know no addresses."""
        if not self._letters:
            return _NO_ROWS
        own = _name(self.view, who)
        rows = {row for row, name in self._letters.get(own[-1], ()) if _same_person(own, name)}
        return np.array(sorted(rows), dtype=np.int64)

    @cached_property
    def spoken(self) -> Ints:
        """Dated notes of calls, meetings and chats."""
        view = self.view
        rows = [row for row in range(view.dated) if view.channels[row] in _SPOKEN]
        return np.array(rows, dtype=np.int64)

    @cached_property
    def subjects(self) -> Sequence[str]:
        """The base subject of each row."""
        return [base_subject(subject) for subject in self.view.subjects]

    @cached_property
    def on_subject(self) -> dict[str, Ints]:
        """Dated rows by base subject."""
        return by_subject(self.subjects[: self.view.dated])

    @cached_property
    def holding(self) -> NDArray[np.bool_]:
        """Which rows only say that a reply will come; their texts are read in batches."""
        return holding_rows(self.view)

    @cached_property
    def identity_of(self) -> dict[str, int]:
        """The identity behind each address, case-folded."""
        return {
            member.address.casefold(): index
            for index, identity in enumerate(self.view.identities)
            for member in identity.members
        }

    @cached_property
    def household(self) -> dict[int, frozenset[int]]:
        """The identities that `case.toml` puts in one household."""
        found: dict[int, frozenset[int]] = {}
        for audience in self.view.brief.audiences:
            for addresses in audience.households:
                known = (self.identity_of.get(a.casefold(), NOBODY) for a in addresses)
                members = frozenset(index for index in known if index != NOBODY)
                found |= dict.fromkeys(members, members)
        return found

    @cached_property
    def _dated_before(self) -> dict[int, list[int]]:
        """The rows that answer another by evidence and are dated before it: clocks differ."""
        view = self.view
        found: dict[int, list[int]] = {}
        for row in np.flatnonzero(view.parent[: view.dated] > np.arange(view.dated)).tolist():
            found.setdefault(int(view.parent[row]), []).append(row)
        return found

    def topic(self, row: int) -> Ints:
        """Later rows of the row's thread, and of its base subject within 60 days, in order.

        What answers the row itself counts as later, whatever its own clock said; so does what
        quotes a message that is not held, under the subject of a row that begins it, and is dated
        before it by no more than clocks differ between time zones.
        """
        view = self.view
        thread = int(view.thread[row])
        later = view.rows_of_thread[thread] if thread >= 0 else _NO_ROWS
        first, last = np.searchsorted(later, [row + 1, view.dated])
        later = later[first:last]
        same = self.on_subject.get(self.subjects[row], _NO_ROWS)
        start = int(view.start[row])
        same = between(same, start, start + SAME_SUBJECT, view)
        before = np.array(
            [*self._dated_before.get(row, ()), *self._by_another_clock(row, start)], dtype=np.int64
        )
        return np.union1d(np.union1d(before, later), same[same > row])

    def _by_another_clock(self, row: int, start: int) -> list[int]:
        """Rows of others on the subject that quote what nobody holds, dated hours before it."""
        view = self.view
        if answers_or_forwards(view.subjects[row]):
            return []
        same = self.on_subject.get(self.subjects[row], _NO_ROWS)
        near = [
            one
            for one in between(same, start - ZONES, start + 1, view).tolist()
            if one < row and view.parent[one] == NOBODY and view.sender[one] != view.sender[row]
        ]
        quoting = view.quoted([view.ids[one] for one in (row, *near)]) if near else {}
        if quoting.get(view.ids[row]):
            return []
        return [one for one in near if quoting.get(view.ids[one])]

    def same_thread(self, one: int, other: int) -> bool:
        """Whether two rows are in one thread."""
        thread = self.view.thread
        return bool(thread[one] >= 0 and thread[one] == thread[other])

    def descends(self, row: int, ancestor: int) -> bool:
        """Whether a row answers `ancestor`, directly or through others, by evidence."""
        parent = self.view.parent
        seen = 0
        while row != NOBODY and seen < 1000:
            row, seen = int(parent[row]), seen + 1
            if row == ancestor:
                return True
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request: its row, who asks, and which identities and parties it was addressed to.

    `on_behalf` is the person outside whose matter the thread is, where the asker is a body.
    """

    row: int
    asker: int
    asker_party: int
    addressees: tuple[int, ...]
    owing: tuple[int, ...]
    on_behalf: int = NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What came after a request: answers, and everything that was considered and is none.

    `parties` are those that could answer it in the end: the ones asked, and any it was passed to.
    """

    answered: bool
    closed: bool
    answer: int = NOBODY  # the row that answers it first
    holding: tuple[int, ...] = ()
    automatic: tuple[int, ...] = ()
    chasers: tuple[int, ...] = ()
    passed_to: tuple[int, ...] = ()
    parties: frozenset[int] = frozenset()
    off_record: tuple[int, ...] = ()
    weak: tuple[int, ...] = ()  # answers or closures of a lower grade than the request


def follow(traffic: Traffic, asked: Asked) -> Followed:
    """Read what followed a request on its topic, in order, until it is answered or closed."""
    view = traffic.view
    people, parties = set(asked.addressees), set(asked.owing)
    holding: list[int] = []
    passed: list[int] = []
    automatic, chasers, spoken, weak = [], [], [], []
    for row, by_asker in _of_either_side(traffic, asked, people, parties):
        if weaker(view, row, asked.row):
            weak += [row] if _settles(traffic, asked, row, by_asker=by_asker) else []
            continue
        if by_asker:
            if does(view, row, ActKind.CLOSURE) and not asks(view, row):
                return Followed(answered=False, closed=True)
            chasers += [row] if asks(view, row) and not view.automatic[row] else []
            spoken += [row] if _speaks(view, row) and not does(view, row, ActKind.CHASER) else []
            continue
        spoken += [row] if _speaks(view, row) else []
        if view.automatic[row]:
            automatic += [row] if reaches_asker(traffic, asked, row) else []
            continue
        if _answers(traffic, asked, row):
            if not traffic.holding[row]:
                return Followed(
                    answered=True, closed=False, answer=row, holding=tuple(holding),
                    automatic=tuple(automatic), chasers=tuple(chasers), off_record=tuple(spoken),
                    passed_to=tuple(passed), parties=frozenset(parties),
                )  # fmt: skip
            holding.append(row)
            continue
        new_people, new_parties = _passed_on(view, asked, row)
        if new_people - people:
            passed.append(row)
        people |= new_people
        parties |= new_parties
    return Followed(
        answered=False,
        closed=False,
        holding=tuple(holding),
        automatic=tuple(automatic),
        chasers=tuple(chasers),
        passed_to=tuple(passed),
        parties=frozenset(parties),
        off_record=tuple(spoken),
        weak=tuple(weak),
    )


def _settles(traffic: Traffic, asked: Asked, row: int, *, by_asker: bool) -> bool:
    """Whether a row would answer the request or close it, were it of the request's grade."""
    if by_asker:
        return does(traffic.view, row, ActKind.CLOSURE)
    return _answers(traffic, asked, row)


def _of_either_side(
    traffic: Traffic, asked: Asked, people: set[int], parties: set[int]
) -> Iterator[tuple[int, bool]]:
    """The rows of a request's topic by the asker (True), and by `people` and `parties` (False).

    The two sets may grow meanwhile. Columns are read a piece at a time: most answers come early.
    """
    view = traffic.view
    topic = np.union1d(traffic.topic(asked.row), _chased_elsewhere(traffic, asked))
    asking_side = {asked.asker, *traffic.household.get(asked.asker, ())}
    for start in range(0, len(topic), _PIECE):
        rows = topic[start : start + _PIECE]
        columns = (rows, view.sender[rows], view.sender_party[rows])
        for row, sender, party in zip(*(column.tolist() for column in columns), strict=True):
            near = party == asked.asker_party or sender in asking_side
            if near and _is_asker(traffic, asked, row):
                yield row, True
            elif sender in people or party in parties:
                yield row, False


def _chased_elsewhere(traffic: Traffic, asked: Asked) -> Ints:
    """Later reminders of the asker to the side that owes, under a subject that repeats the first.

    Or in words that do: a reminder whose sentences and subject hold all words of that subject.
    """
    view = traffic.view
    wanted = tokens(view.subjects[asked.row])
    if not wanted:
        return _NO_ROWS
    sent, start = traffic.sent[asked.asker], int(view.start[asked.row])
    rows = between(
        sent[(sent > asked.row) & (sent < view.dated)], start, start + SAME_SUBJECT, view
    )
    found = []
    for row in rows.tolist():
        if does(view, row, ActKind.CHASER) and set(view.parties_to(row)) & set(asked.owing):
            said = " ".join(act.said for act in view.acts[view.ids[row]])
            if wanted <= tokens(f"{view.subjects[row]} {said}"):
                found.append(row)
    return np.array(found, dtype=np.int64)


def _speaks(view: View, row: int) -> bool:
    return does(view, row, ActKind.OFF_RECORD)


def reaches_asker(traffic: Traffic, asked: Asked, row: int) -> bool:
    """Whether a row was sent to the asker or to the asker's side.

    An answer straight to the person on whose behalf a body asked counts, and so does one to a
    family or member of the public to whom a forum or a member copied the request. The side of a
    family, a school or a member of the public is the household, and the people the request itself
    was copied to; that of a body is its party.
    """
    view = traffic.view
    to = set(view.identities_to(row))
    if asked.on_behalf in to and traffic.same_thread(row, asked.row):
        return True
    if asked.asker in to or to & traffic.household.get(asked.asker, frozenset()):
        return True
    if view.channels[row] is Channel.LETTER and row in traffic.letters_to(asked.asker):
        return True
    if asked.asker_party == NOBODY:
        return traffic.descends(row, asked.row)
    if to & _represented(view, asked) and traffic.descends(row, asked.row):
        return True
    if asked.asker_party not in view.parties_to(row):
        return False
    return _is_body(view, asked.asker_party) or traffic.descends(row, asked.row)


def _represented(view: View, asked: Asked) -> set[int]:
    """The families and members of the public to whom a forum or a member copied their request."""
    if view.parties[asked.asker_party].kind not in _REPRESENTS:
        return set()
    return {
        int(view.recipient[n])
        for n in view.recipients(asked.row)
        if int(view.recipient_kind[n]) == CC
        and int(view.recipient_party[n]) != NOBODY
        and view.parties[int(view.recipient_party[n])].kind in _REPRESENTED
    }


def _answers(traffic: Traffic, asked: Asked, row: int) -> bool:
    view = traffic.view
    if not reaches_asker(traffic, asked, row):
        return False
    if view.bulk[row] and not traffic.descends(row, asked.row):
        return False
    to, copied = view.identities_to(row, (TO,)), view.identities_to(row, (CC,))
    return not (view.forward[row] and asked.asker in copied and asked.asker not in to)


def _is_asker(traffic: Traffic, asked: Asked, row: int) -> bool:
    view = traffic.view
    sender = int(view.sender[row])
    if sender == asked.asker or sender in traffic.household.get(asked.asker, frozenset()):
        return True
    same_party = asked.asker_party != NOBODY and int(view.sender_party[row]) == asked.asker_party
    return same_party and _is_body(view, asked.asker_party) and traffic.same_thread(row, asked.row)


def _passed_on(view: View, asked: Asked, row: int) -> tuple[set[int], set[int]]:
    """The identities and parties that a row of the owing side addresses, the asker's apart."""
    people, parties = set(), set()
    for entry in view.recipients(row):
        party = int(view.recipient_party[entry])
        if int(view.recipient_kind[entry]) != TO or party == asked.asker_party:
            continue
        people.add(int(view.recipient[entry]))
        if party != NOBODY:
            parties.add(party)
    return people - {NOBODY}, parties


def _is_body(view: View, party: int) -> bool:
    return view.parties[party].kind not in UNRELATED and not view.parties[party].provisional


def _name(view: View, identity: int) -> tuple[str, ...]:
    """The parts of somebody's name, case-folded, without a title; never empty."""
    label = view.identities[identity].label.casefold()
    return tuple(_TITLE.sub("", label).split()) or (label,)


def _same_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names agree: one surname, and first names that do not contradict."""
    if one[-1] != other[-1]:
        return False
    return len(one) < 2 or len(other) < 2 or one[0][0] == other[0][0]
