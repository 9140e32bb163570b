"""Who was told of a day and what happens on it, and when each first heard.

A notice is a message that names the day and shares half of the words of what is announced, or any
of the terms by which the auditor set the event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from commtrace.brief import Event
from commtrace.gaps._columns import between, rows_doing, share, tokens
from commtrace.gaps._traffic import Traffic, traffic_of
from commtrace.gaps._wording import OUTSIDE, kind_of
from commtrace.model import Act, ActKind, PartyKind
from commtrace.moments import say_day, start_of
from commtrace.view import NOBODY, View

_MANY = 3  # people outside: an announcement, not a letter to one
_SAME = 0.5
_EARLIER = 200  # days before the announcement that are looked at
_DAY = 86400
_KINDS = (ActKind.UNDERTAKING, ActKind.REQUEST)
_FROM = re.compile(
    r"(?:\bfrom|\bas of|\bwith effect from|\bstarting(?: on| from)?|\bstarts?(?: on)?"
    r"|\bbegin(?:s|ning)?(?: on)?|\beffective(?: from)?|\bon)\s*(?:the\s*)?$",
    re.IGNORECASE,
)
OF_CONSULTATION = re.compile(  # what opens then is a time to answer in, and needs no notice
    r"\b(?:consultations?|consulting|consult|have your say|views (?:are )?(?:sought|invited)"
    r"|survey|questionnaire|engagement exercise)\b",
    re.IGNORECASE,
)
_MONTHS = "january february march april may june july august september october november december"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A day that people outside were told of, or should have been.

    `row` is the announcing message, None for an event of `case.toml` (then `event` is its label and
    `terms` the words that carry it, `audience_id` its list); `audience` are the identities
    concerned; `shown` is the row that is cited, `said` and `span` its sentence; `weaker` are rows
    of a lower grade.
    """

    row: int | None
    on: date
    day: date
    by: int
    by_party: int
    to_party: int
    audience: tuple[int, ...]
    about: frozenset[str]
    said: str = ""
    span: tuple[int, int] | None = None
    event: str = ""
    event_id: str = ""
    audience_id: str = ""
    terms: tuple[str, ...] = ()
    shown: int = 0
    weaker: frozenset[int] = frozenset()

    def anchor(self, view: View) -> tuple[str, ...]:
        """What the finding is about: the event, or the message and the day."""
        if self.event:
            return ("event", self.event_id)
        return view.ids[self.shown], self.on.isoformat()

    def told_by(self, view: View, row: int) -> Announced:
        """The same, with the message from which it was heard."""
        return replace(
            self, shown=row, day=view.day(row), by=int(view.sender[row]), span=None,
            by_party=int(view.sender_party[row]) if view.sender_party[row] >= 0 else self.by_party,
        )  # fmt: skip


@dataclass(frozen=True)
class Notices:
    """Finds each person's first notice; the words of each message are read once."""

    view: View
    _read: dict[int, tuple[str, frozenset[str]]] = field(default_factory=dict)

    @cached_property
    def traffic(self) -> Traffic:
        """The view's rows by recipient."""
        return traffic_of(self.view)

    @cached_property
    def side(self) -> Sequence[frozenset[int]]:
        """For each party, those of the same organisation."""
        parties = self.view.parties
        by: dict[str, set[int]] = {}
        for place, one in enumerate(parties):
            by.setdefault(one.organisation or f"only {place}", set()).add(place)
        return [frozenset(by[p.organisation or f"only {n}"]) for n, p in enumerate(parties)]

    def first(self, announced: Announced) -> dict[int, int]:
        """The row of the first notice of each of an audience who has one before or with it."""
        view = self.view
        until = int(start_of(announced.on).timestamp())
        if announced.row is not None:
            until = int(view.start[announced.row]) + 1
        rows_of = {who: self._received(announced, who, until) for who in announced.audience}
        self._fetch(sorted({row for rows in rows_of.values() for row in rows}))
        found = {}
        for who, rows in rows_of.items():
            row = next((r for r in rows if self._tells(announced, r)), None)
            if row is not None:
                found[who] = row
        return found

    def naming(self, announced: Announced, rows: Sequence[int]) -> list[int]:
        """Those of `rows` whose new words name the day or the terms of it."""
        self._fetch(rows)
        return [row for row in rows if self._tells(announced, row)]

    def naming_both(self, announced: Announced, rows: Sequence[int]) -> list[int]:
        """Those of `rows` that name its day and, where the case gives other terms, one of these."""
        self._fetch(rows)
        others = [
            t.casefold() for t in announced.terms if not _names_day(t.casefold(), announced.on)
        ]
        return [
            row
            for row in rows
            if _names_day(text := self._read[row][0], announced.on)
            and (not others or any(term in text for term in others))
        ]

    def _received(self, announced: Announced, who: int, until: int) -> list[int]:
        view = self.view
        rows: set[int] = set()
        for each in {who, *self.traffic.household.get(who, ())}:
            dated = self.traffic.received[each]
            dated = dated[dated < view.dated]
            rows |= set(between(dated, until - _EARLIER * _DAY, until, view).tolist())
        side = self.side[announced.by_party]
        return sorted(r for r in rows if int(view.sender_party[r]) in side)

    def _fetch(self, rows: Sequence[int]) -> None:
        wanted = [row for row in rows if row not in self._read]
        view = self.view
        for start in range(0, len(wanted), 1000):
            some = wanted[start : start + 1000]
            texts = view.new_text([view.ids[row] for row in some])
            for row in some:
                text = f"{view.subjects[row]}\n{texts.get(view.ids[row], '')}"
                flat = " ".join(text.casefold().split())
                self._read[row] = (flat, tokens(text))

    def _tells(self, announced: Announced, row: int) -> bool:
        if row == announced.row:
            return True
        text, words = self._read[row]
        if announced.event:
            return any(term.casefold() in text for term in announced.terms) or _names_day(
                text, announced.on
            )
        return _names_day(text, announced.on) and share(announced.about, words) >= _SAME


def of_events(notices: Notices) -> Iterator[Announced]:
    """The events of `case.toml` whose audience is listed there."""
    view = notices.view
    for event in view.brief.events:
        owner = view.party_index.get(event.owner, NOBODY)
        for audience in view.brief.audiences:
            party = view.party_index.get(audience.party or event.audience, NOBODY)
            if audience.event != event.id or NOBODY in (owner, party):
                continue
            identity = notices.traffic.identity_of
            known = (identity.get(m.address.casefold(), NOBODY) for m in audience.members)
            members = tuple(dict.fromkeys(who for who in known if who != NOBODY))
            yield _event(event, owner, party, members, audience.id)


def _event(
    event: Event, owner: int, party: int, members: tuple[int, ...], audience: str
) -> Announced:
    return Announced(
        row=None, on=event.date, day=event.date, by=NOBODY, by_party=owner, to_party=party,
        audience=members, about=frozenset(), event=event.label, event_id=event.id,
        audience_id=audience,
        terms=event.terms or (say_day(event.date)[:-5],),
    )  # fmt: skip


def announcements(notices: Notices) -> Iterator[Announced]:
    """The days that messages to three or more people outside announce, one for each day named."""
    view = notices.view
    for row in rows_doing(view, ActKind.ANNOUNCEMENT, *_KINDS).tolist():
        own = int(view.sender_party[row])
        if view.automatic[row] or own == NOBODY or kind_of(view, own) in _OUT:
            continue
        outside = _outside(notices, row, own)
        for to_party, people in outside.items():
            if len(people) >= _MANY:
                yield from _named_days(view, row, to_party, tuple(people))


_OUT = (PartyKind.FAMILIES, PartyKind.PUBLIC, PartyKind.PRESS)


def _outside(notices: Notices, row: int, own: int) -> dict[int, list[int]]:
    """The people outside the organisation that a message went to, by party."""
    view = notices.view
    found: dict[int, list[int]] = {}
    for n in view.recipients(row):
        party = int(view.recipient_party[n])
        if party != NOBODY and party not in notices.side[own] and kind_of(view, party) in OUTSIDE:
            found.setdefault(party, []).append(int(view.recipient[n]))
    return found


def _named_days(
    view: View, row: int, to_party: int, people: tuple[int, ...]
) -> Iterator[Announced]:
    seen = set()
    for act in view.acts[view.ids[row]]:
        day = None if OF_CONSULTATION.search(act.said) else _begins(act)
        if day is None or day <= view.day(row) or day in seen:
            continue
        seen.add(day)
        words = act.said.replace(act.due.words, " ") if act.due else act.said
        yield Announced(
            row=row, on=day, day=view.day(row), by=int(view.sender[row]),
            by_party=int(view.sender_party[row]), to_party=to_party, audience=people,
            about=tokens(words) - frozenset(_MONTHS.split()), said=act.said,
            span=(act.start, act.end), shown=row,
        )  # fmt: skip


def _begins(act: Act) -> date | None:
    """The day from which something is to happen, by a sentence that announces or instructs."""
    due = act.due
    if due is None or due.rough or due.first != due.last:
        return None
    if act.kind is ActKind.ANNOUNCEMENT:
        return due.first
    if act.kind not in _KINDS:
        return None
    before = act.said[: due.start]
    begins = _FROM.search(before) or re.match(
        r"(?:from|as of|with effect)\b", due.words, re.IGNORECASE
    )
    return due.first if begins else None


def _names_day(text: str, day: date) -> bool:
    """Whether a text (case-folded, on one line) names a day of a month, in words or in figures."""
    month = _MONTHS.split()[day.month - 1]
    words = rf"\b0?{day.day}(?:st|nd|rd|th)?(?: of)? {month[:3]}(?:{month[3:]})?\b"
    turned = rf"\b{month[:3]}(?:{month[3:]})? 0?{day.day}(?:st|nd|rd|th)?\b"
    figures = rf"\b0?{day.day}[/.-]0?{day.month}(?:[/.-](?:20)?\d\d)?\b"
    return re.search(f"{words}|{turned}|{figures}", text) is not None
