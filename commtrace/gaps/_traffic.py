"""A view's rows turned for the rules on answers: by recipient, sender, subject and topic."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from commtrace.gaps._columns import (
    Grouped,
    answers_or_forwards,
    base_subject,
    between,
    by_recipient,
    by_sender,
    by_subject,
)
from commtrace.gaps._holding import holding_rows
from commtrace.model import Channel
from commtrace.view import NOBODY, Ints, View

DAY = 86400
SAME_SUBJECT = 60 * DAY
ZONES = 14 * 3600  # seconds by which clocks of two time zones differ at most
NO_ROWS: Ints = np.array([], dtype=np.int64)
_SPOKEN = (Channel.CALL, Channel.MEETING, Channel.NOTE, Channel.CHAT)
_TITLE = re.compile(
    r"^(?:mr|mrs|ms|miss|mx|dr|prof|sir|dame|lord|lady|cllr|councillor|rev)\b\.?\s*"
)


def traffic_of(view: View) -> Traffic:
    """The traffic of a view, the same for all rules."""
    return view.once(Traffic, Traffic)


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
            return NO_ROWS
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
        later = view.rows_of_thread[thread] if thread >= 0 else NO_ROWS
        first, last = np.searchsorted(later, [row + 1, view.dated])
        later = later[first:last]
        same = self.on_subject.get(self.subjects[row], NO_ROWS)
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
        same = self.on_subject.get(self.subjects[row], NO_ROWS)
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


def _name(view: View, identity: int) -> tuple[str, ...]:
    """The parts of somebody's name, case-folded, without a title; never empty."""
    label = view.identities[identity].label.casefold()
    return tuple(_TITLE.sub("", label).split()) or (label,)


def _same_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names agree: one surname, and first names that do not contradict."""
    if one[-1] != other[-1]:
        return False
    return len(one) < 2 or len(other) < 2 or one[0][0] == other[0][0]
