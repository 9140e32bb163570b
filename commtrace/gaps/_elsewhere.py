"""Answers outside the thread: a later message or letter to the asker alone, on the same matter.

A message is taken as the answer where it names what the request names (a reference, a route, a
child's initials) and two more of its words; where it is a letter or says that it answers ("your
message", "you asked") and shares half of the subject's words, two words of the sentences that ask
or three of theirs in a row; where it says that it answers the message of that day, or on a matter
raised by letter, the letter; or where the request was passed to its party and it shares the words
of the subject. One that only shares words is a possible answer: the auditor reads it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from commtrace.gaps._answers import Asked, Followed
from commtrace.gaps._columns import between
from commtrace.gaps._grades import weaker
from commtrace.gaps._matter import Matters, Request, matters, requests
from commtrace.gaps._traffic import DAY, Traffic
from commtrace.model import Channel
from commtrace.view import NOBODY, Ints, View

_ALONE = 5  # recipients; a message to more is an announcement
_SERIES = 5  # messages of one sender under one subject within three days are an announcement
_WORDS = 2  # shared telling words beside a shared name
_SAME_MATTER = 0.5  # share of the telling words of the request's subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Later messages from the owing side to the asker that lie outside the topic."""

    answers: tuple[int, ...]
    possible: tuple[int, ...]
    others: tuple[int, ...]


@dataclass(frozen=True)
class Search:
    """Finds answers outside the thread to requests that `follow` left open.

    What it needs of the whole view is made once, and each text is read once for all requests.
    """

    traffic: Traffic
    opened: Sequence[tuple[Asked, Followed]]

    @property
    def view(self) -> View:
        """The view."""
        return self.traffic.view

    @cached_property
    def by_post(self) -> NDArray[np.bool_]:
        """Which rows are letters."""
        return np.array([one is Channel.LETTER for one in self.view.channels], dtype=np.bool_)

    @cached_property
    def personal(self) -> NDArray[np.bool_]:
        """Which rows were written by somebody, to a few, and not as one of a series."""
        view = self.view
        few = np.diff(view.recipient_offsets) <= _ALONE
        stretches = [self._stretch(row) for row in range(view.dated)]
        sent = Counter(stretches[row] for row in np.flatnonzero(view.parent[: view.dated] < 0))
        single = np.zeros(len(view), dtype=np.bool_)
        single[: view.dated] = [sent[stretch] < _SERIES for stretch in stretches]
        return few & single & ~view.automatic & ~view.bulk

    @cached_property
    def wanted(self) -> dict[int, Request]:
        """What each open request looks for."""
        return requests(self.view, sorted(asked.row for asked, _ in self.opened))

    @cached_property
    def found(self) -> Matters:
        """What all candidates of all open requests say of it."""
        needed = np.zeros(len(self.view), dtype=np.bool_)
        for asked, after in self.opened:
            needed[self._candidates(asked, after.parties)] = True
        return matters(self.view, np.flatnonzero(needed).tolist(), self.wanted)

    def look(self, asked: Asked, parties: frozenset[int], due: int) -> Elsewhere:
        """What the owing `parties` sent to the asker alone, up to the end of the evidence.

        An answer may come at any time; a possible one lies before `due` (seconds since 1970).
        """
        rows = self._candidates(asked, parties)
        found = self._answers(asked, rows, parties)
        answers = tuple(row for row in found if not weaker(self.view, row, asked.row))
        if answers:
            return Elsewhere(answers=answers, possible=(), others=())
        early = rows[: np.searchsorted(self.view.start[rows], due)]
        may = np.union1d(early[self._may_be(asked, early)], np.array(found, dtype=np.int64))
        others = np.setdiff1d(rows, may)
        return Elsewhere(answers=(), possible=tuple(may.tolist()), others=tuple(others.tolist()))

    def _candidates(self, asked: Asked, parties: frozenset[int]) -> Ints:
        view = self.view
        start, until = int(view.start[asked.row]), int(view.as_of.timestamp())
        received = self.traffic.received[asked.asker]
        rows = between(received[received < view.dated], start, until, view)
        rows = rows[np.isin(view.sender_party[rows], list(parties))]
        posted = [row for row in self._letters(asked, parties) if start <= view.start[row] < until]
        if posted:
            rows = np.union1d(rows, np.array(posted, dtype=np.int64))
        rows = np.unique(rows[(rows > asked.row) & self.personal[rows]])
        return np.setdiff1d(rows, self.traffic.topic(asked.row), assume_unique=True)

    def _letters(self, asked: Asked, parties: frozenset[int]) -> list[int]:
        """Letters to somebody of the asker's name, whose sender is of these parties or unplaced."""
        sender = self.view.sender_party
        rows = self.traffic.letters_to(asked.asker).tolist()
        return [row for row in rows if int(sender[row]) in parties | {NOBODY}]

    def _stretch(self, row: int) -> tuple[int, str, int]:
        view = self.view
        days = int(view.start[row]) // (3 * DAY)
        return int(view.sender[row]), self.traffic.subjects[row], days

    def _answers(self, asked: Asked, rows: Ints, parties: frozenset[int]) -> tuple[int, ...]:
        """Those of `rows` that answer the request; a holding reply does not."""
        view, found = self.view, self.found
        rows = rows[~self.traffic.holding[rows]]
        passed = list(parties - set(asked.owing))
        likely = np.isin(view.sender_party[rows], passed)
        if self.by_post[asked.row]:
            likely |= found.letter[rows]
        near = rows[likely]
        answers = set(near[self._may_be(asked, near)].tolist())
        day = view.day(asked.row)
        for row in rows.tolist() if found.dated else ():
            said = found.dated.get(row, ())
            if day in said or (day.day, day.month) in said:
                answers.add(row)
        wanted = self.wanted[asked.row]
        undated = np.array([row not in found.dated for row in rows.tolist()], dtype=np.bool_)
        replying = rows[(found.yours[rows] & undated) | self.by_post[rows]]
        answers.update(replying[self._on_what_was_asked(wanted, replying)].tolist())
        answers.update(
            row
            for row in found.sharing_a_name(wanted.names, rows).tolist()
            if len(wanted.words.intersection(found.words[row])) >= _WORDS
        )
        return tuple(sorted(answers))

    def _on_what_was_asked(self, wanted: Request, rows: Ints) -> NDArray[np.bool_]:
        """Which of `rows` share half of the subject's words, or two words or three in a row."""
        share = self.found.share(wanted.subject, rows)
        said = self.found.shared(wanted.asked, rows)
        runs = self.found.shared(wanted.runs, rows)
        alike = (share >= _SAME_MATTER) | (said >= _WORDS) | (runs > 0)
        return np.asarray(alike, dtype=np.bool_)

    def _may_be(self, asked: Asked, rows: Ints) -> NDArray[np.bool_]:
        """Which of `rows` are letters, or share the words of the request's subject."""
        share = self.found.share(self.wanted[asked.row].subject, rows)
        return np.asarray(self.by_post[rows] | (share >= _SAME_MATTER), dtype=np.bool_)
