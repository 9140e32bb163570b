"""Who may answer a request, and which later message does (gap-science, section (a), `responders`).

An answer comes from an addressee, somebody of the addressee's party, or somebody to whom they
passed it; it reaches the asker or the asker's side; and it belongs to the request by thread or by
base subject within 60 days. An automatic reply is none, and a holding reply is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from commtrace.gaps._columns import (
    asks,
    between,
    does,
    tokens,
)
from commtrace.gaps._grades import weaker
from commtrace.gaps._traffic import NO_ROWS, SAME_SUBJECT, Traffic
from commtrace.gaps._wording import UNRELATED
from commtrace.model import ActKind, Channel, PartyKind
from commtrace.view import CC, NOBODY, TO, Ints, View

_REPRESENTS = (PartyKind.FORUM, PartyKind.MEMBERS)
_REPRESENTED = (PartyKind.FAMILIES, PartyKind.PUBLIC)
_PIECE = 200  # rows of a topic read at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request: its row, who asks, and which identities and parties it was addressed to.

    `greeted` are those of the addressees whom it asks by name; where it greets nobody known, all.
    `on_behalf` is the person outside whose matter the thread is, where the asker is a body.
    """

    row: int
    asker: int
    asker_party: int
    addressees: tuple[int, ...]
    owing: tuple[int, ...]
    on_behalf: int = NOBODY
    greeted: tuple[int, ...] = ()

    @property
    def named(self) -> tuple[int, ...]:
        """Whom it asks: those it greets, else all it is addressed to."""
        return self.greeted or self.addressees


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
        return NO_ROWS
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
