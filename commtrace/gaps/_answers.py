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
    asks,
    base_subject,
    between,
    by_recipient,
    by_sender,
    by_subject,
    does,
    rows_doing,
)
from commtrace.gaps._grades import weaker
from commtrace.gaps._wording import UNRELATED
from commtrace.model import ActKind, Channel, PartyKind
from commtrace.view import CC, NOBODY, TO, Ints, View

DAY = 86400
SAME_SUBJECT = 60 * DAY
_REST_OF_A_HOLDING_REPLY = 25  # words: a reference, opening hours, an apology
_SPOKEN = (Channel.CALL, Channel.MEETING, Channel.NOTE, Channel.CHAT)
_REPRESENTS = (PartyKind.FORUM, PartyKind.MEMBERS)
_REPRESENTED = (PartyKind.FAMILIES, PartyKind.PUBLIC)
_A_RECEIPT = 12  # words
_BATCH = 1000  # texts read at a time
_PIECE = 200  # rows of a topic read at a time
_NO_ROWS: Ints = np.array([], dtype=np.int64)
_PROMISE = re.compile(
    r"(?:\b(?:will|shall|aims? to|hope to|try to|endeavour to)|'ll)\s(?:\w+\s){0,3}?"
    r"(?:respond|reply|come back|get back|be in touch|contact|write|let you|update|revert|answer"
    r"|look into)|\blook(?:ing)? into\b|\bdue course\b|\bbear(?:ing)? with\b"
    r"|\bas soon as (?:i|we)\b|\bawaiting\b|\bwaiting (?:for|on)\b"
    r"|\bbeing (?:investigated|looked|dealt|processed|considered)\b"
    r"|\b(?:has|have) been (?:passed|forwarded|logged|referred|sent)\b",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\s*(?:dear|hello|hi|good (?:morning|afternoon|evening))\b[^.?!]{0,40}$", re.IGNORECASE
)


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

    def topic(self, row: int) -> Ints:
        """Later rows of the row's thread, and of its base subject within 60 days, in order."""
        view = self.view
        thread = int(view.thread[row])
        later = view.rows_of_thread[thread] if thread >= 0 else _NO_ROWS
        first, last = np.searchsorted(later, [row + 1, view.dated])
        later = later[first:last]
        same = self.on_subject.get(self.subjects[row], _NO_ROWS)
        start = int(view.start[row])
        same = between(same, start, start + SAME_SUBJECT, view)
        return np.union1d(later, same[same > row])

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
    holding, automatic, chasers, passed, spoken, weak = [], [], [], [], [], []
    for row, by_asker in _of_either_side(traffic, asked, people, parties):
        if weaker(view, row, asked.row):
            settles = (
                does(view, row, ActKind.CLOSURE) if by_asker else _answers(traffic, asked, row)
            )
            weak += [row] if settles else []
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
                return Followed(answered=True, closed=False)
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


def _of_either_side(
    traffic: Traffic, asked: Asked, people: set[int], parties: set[int]
) -> Iterator[tuple[int, bool]]:
    """The rows of a request's topic by the asker (True), and by `people` and `parties` (False).

    The two sets may grow meanwhile. Columns are read a piece at a time: most answers come early.
    """
    view, topic = traffic.view, traffic.topic(asked.row)
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


def _speaks(view: View, row: int) -> bool:
    return does(view, row, ActKind.OFF_RECORD)


def holding_rows(view: View) -> NDArray[np.bool_]:
    """For each row, whether it is a holding reply."""
    promising = rows_doing(view, ActKind.HOLDING_REPLY).tolist()
    found = np.zeros(len(view), dtype=np.bool_)
    for start in range(0, len(promising), _BATCH):
        rows = promising[start : start + _BATCH]
        texts = view.new_text([view.ids[row] for row in rows])
        for row in rows:
            found[row] = is_holding(view, row, texts.get(view.ids[row], ""))
    return found


def is_holding(view: View, row: int, text: str) -> bool:
    """Whether a reply with this new text only says that one will come, or that the message came.

    With a promise of a reply, what else it says is at most 25 words. Where it only thanks or
    apologises ("thank you for your e-mail"), it is that one sentence, of at most 12 words and
    without a number.
    """
    acts = [a for a in view.acts.get(view.ids[row], ()) if a.kind is ActKind.HOLDING_REPLY]
    if not acts:
        return False
    words = sum(len(line.split()) for line in text.splitlines() if not _is_formula(line))
    rest = words - sum(len(act.said.split()) for act in acts)
    if any(_PROMISE.search(act.said) for act in acts):
        return rest <= _REST_OF_A_HOLDING_REPLY
    return rest <= 0 and words <= _A_RECEIPT and not any(sign.isdigit() for sign in text)


def _is_formula(line: str) -> bool:
    """Whether a line is a greeting, a closing or a name: a few words that end no sentence."""
    return bool(_GREETING.match(line)) or (
        len(line.split()) <= 4 and not line.rstrip().endswith(".")
    )


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
