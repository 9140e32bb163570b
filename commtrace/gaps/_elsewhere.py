"""Answers outside the thread: a later message or letter to the asker alone, on the same matter.

A message is taken as the answer where it names what the request names (a reference, a route, a
child's initials) and two more of its words, or where it says that it answers the message of that
day, or on a matter raised by letter, the letter, or where the request was passed to its party and
it shares the words of the subject. One that only shares words is a possible answer:
the auditor reads it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from commtrace.gaps._answers import DAY, Asked, Traffic, is_holding
from commtrace.gaps._columns import base_subject, between, names, share, tokens
from commtrace.model import Channel
from commtrace.moments import written_dates
from commtrace.view import NOBODY, View

_ALONE = 5  # recipients; a message to more is an announcement
_SERIES = 5  # messages of one sender under one subject within three days are an announcement
_WORDS = 2  # shared telling words beside a shared name
_SAME_MATTER = 0.5  # share of the telling words of the request's subject
_YOURS = re.compile(
    r"\byour (?:e-?mail|letter|message|enquiry|query|question|request|complaint)\b"
    r"|\byou (?:\w+ )?(?:asked|wrote|e-?mailed|contacted|enquired|raised|requested|queried)\b",
    re.IGNORECASE,
)
_LETTER = re.compile(r"\b(?:your|the|this) letter\b", re.IGNORECASE)
_TITLE = re.compile(
    r"^(?:mr|mrs|ms|miss|mx|dr|prof|sir|dame|lord|lady|cllr|councillor|rev)\b\.?\s*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Later messages from the owing side to the asker that lie outside the topic."""

    answers: tuple[int, ...]
    possible: tuple[int, ...]
    others: tuple[int, ...]


@dataclass(frozen=True)
class Search:
    """Finds answers outside the thread; what it needs of the whole view is made once."""

    traffic: Traffic

    @property
    def view(self) -> View:
        """The view."""
        return self.traffic.view

    @cached_property
    def letters(self) -> dict[str, list[int]]:
        """Dated letters by the surname of a recipient."""
        found: dict[str, list[int]] = {}
        for row in range(self.view.dated):
            if self.view.channels[row] is Channel.LETTER:
                for who in self.view.identities_to(row):
                    found.setdefault(_name(self.view, who)[-1], []).append(row)
        return found

    @cached_property
    def announced(self) -> Counter[tuple[int, str, int]]:
        """How many messages a sender sent under one subject, by three-day stretch."""
        return Counter(
            self._stretch(row) for row in range(self.view.dated) if self.view.parent[row] == NOBODY
        )

    def look(self, asked: Asked, parties: frozenset[int], due: int) -> Elsewhere:
        """What the owing `parties` sent to the asker alone, up to the end of the evidence.

        An answer may come at any time; a possible one lies before `due` (seconds since 1970).
        """
        view = self.view
        rows = self._candidates(asked, parties, int(view.as_of.timestamp()))
        texts = view.new_text([view.ids[row] for row in (asked.row, *rows)])
        request = f"{view.subjects[asked.row]} {texts.get(view.ids[asked.row], '')}"
        answers, possible, others = [], [], []
        for row in rows:
            said = f"{view.subjects[row]} {texts.get(view.ids[row], '')}"
            passed_to = int(view.sender_party[row]) in parties - set(asked.owing)
            if self._is_the_answer(asked, row, request, said, passed_to=passed_to):
                answers.append(row)
            elif int(view.start[row]) < due and self._may_be(asked, row, request, said):
                possible.append(row)
            else:
                others.append(row)
        return Elsewhere(answers=tuple(answers), possible=tuple(possible), others=tuple(others))

    def _candidates(self, asked: Asked, parties: frozenset[int], until: int) -> list[int]:
        view = self.view
        start = int(view.start[asked.row])
        received = self.traffic.received[asked.asker]
        rows = between(received[received < view.dated], start, until, view).tolist()
        found = {row for row in rows if int(view.sender_party[row]) in parties}
        found.update(
            row for row in self._letters(asked, parties) if start <= view.start[row] < until
        )
        topic = set(self.traffic.topic(asked.row))
        return sorted(
            row
            for row in found
            if row > asked.row
            and row not in topic
            and not view.automatic[row]
            and not view.bulk[row]
            and not self._is_announcement(row)
        )

    def _letters(self, asked: Asked, parties: frozenset[int]) -> list[int]:
        """Letters to somebody of the asker's name, whose sender is of these parties or unplaced."""
        view = self.view
        own = _name(view, asked.asker)
        return [
            row
            for row in self.letters.get(own[-1], ())
            if int(view.sender_party[row]) in parties | {NOBODY}
            and any(_same_person(own, _name(view, who)) for who in view.identities_to(row))
        ]

    def _is_announcement(self, row: int) -> bool:
        return (
            len(self.view.recipients(row)) > _ALONE or self.announced[self._stretch(row)] >= _SERIES
        )

    def _stretch(self, row: int) -> tuple[int, str, int]:
        view = self.view
        days = int(view.start[row]) // (3 * DAY)
        return int(view.sender[row]), base_subject(view.subjects[row]), days

    def _is_the_answer(
        self, asked: Asked, row: int, request: str, said: str, *, passed_to: bool
    ) -> bool:
        if is_holding(self.view, row):
            return False
        if passed_to and self._may_be(asked, row, request, said):
            return True
        if _YOURS.search(said) and self._names_the_day(asked, said):
            return True
        by_post = self.view.channels[asked.row] is Channel.LETTER
        if by_post and _LETTER.search(said) and self._may_be(asked, row, request, said):
            return True
        shared = names(request) & names(said)
        return bool(shared) and len(tokens(request) & tokens(said)) >= _WORDS

    def _may_be(self, asked: Asked, row: int, request: str, said: str) -> bool:
        if self.view.channels[row] is Channel.LETTER:
            return True
        subject = tokens(self.view.subjects[asked.row]) or tokens(request)
        return share(subject, tokens(said)) >= _SAME_MATTER

    def _names_the_day(self, asked: Asked, said: str) -> bool:
        day = self.view.day(asked.row)
        if any(found.day == day for found in written_dates(said)):
            return True
        month = f"{day:%B}"
        short = f"{month[:3]}(?:{month[3:]})?" if len(month) > 3 else month
        without_year = rf"(?<!\w){day.day}(?:st|nd|rd|th)?\s(?:of\s)?{short}\b(?!\.?,?\s\d{{4}})"
        return re.search(without_year, said, re.IGNORECASE) is not None


def _name(view: View, identity: int) -> tuple[str, ...]:
    """The parts of somebody's name, case-folded, without a title; never empty."""
    label = view.identities[identity].label.casefold()
    return tuple(_TITLE.sub("", label).split()) or (label,)


def _same_person(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names agree: one surname, and first names that do not contradict."""
    if one[-1] != other[-1]:
        return False
    return len(one) < 2 or len(other) < 2 or one[0][0] == other[0][0]
