"""What discharges an undertaking: the later messages that do what it said, for each who was owed.

A message of the same side to the one who was owed discharges it where it says more than that it
will come: on the thread any such message where a reply was promised, else one that shares a fifth
of what the promise is about (gap-science, section (a), G14), or brings a file where one was meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from commtrace.gaps._columns import as_of_day, between, does, share, tokens
from commtrace.gaps._grades import weaker
from commtrace.gaps._traffic import Traffic
from commtrace.model import ActKind
from commtrace.moments import end_of
from commtrace.view import NOBODY, View

if TYPE_CHECKING:
    from commtrace.gaps.promises import Undertaking

_BATCH = 500  # undertakings whose candidates are read together
_OVERLAP = 0.2
_MANY = 3  # people: what was promised to a class may be kept in few of its words
_AFTER = 60  # days after the due day in which a late discharge is looked for
_OF_A_REPLY = re.compile(
    r"\b(?:reply|repl(?:ies|ied)|respon[ds]\w*|answer\w*|get back|come back|got back|be in touch"
    r"|contact\w*|updat\w+|let (?:you|them|everyone|everybody|families|parents|schools) know|hear"
    r"|write(?: to)?|written to|keep you (?:posted|informed))\b",
    re.IGNORECASE,
)
_WRITTEN = re.compile(
    r"\b(?:reply|respon[ds]\w*|answer\w*|get back|come back|be in touch|contact\w*|updat\w+"
    r"|know|hear|writ\w+|keep you|told|tell|inform\w*|notif\w+|advise\w*|confirm\w*|send|sent"
    r"|share\w*|issued?\b|issuing|provid\w+|publish\w*|circulat\w+|forward\w*|receiv\w+|give\w*"
    r"|giv(?:en|ing)|report\w*|set out|e-?mail\w*|return\w*|submit\w*|suppl(?:y|ied)|explain\w*"
    r"|announce\w*|have (?:details|a reply|an answer|confirmation|the \w+))\b",
    re.IGNORECASE,
)
_DELIVERS = re.compile(
    r"\b(?:be|have\b[^.?!]{0,60}?) with you\b|\breach(?:es)? you\b|\blet you have\b"
    r"|\bgets?\b[^.?!]{0,60}?\bto you\b|(?:\b(?:will|shall)|['’]ll)(?: \w+)? (?:have|get)\b",
    re.IGNORECASE,
)
_PAPER = re.compile(  # what comes in writing
    r"\b(?:advice|agendas?|agreements?|answer|assessments?|bundle|certificates?|chronology|contracts?"
    r"|cop(?:y|ies)|costings?|dates?|decision|details|documents?|drafts?|explanation|figures|files?"
    r"|forms?|it|letters?|lists?|minutes|names?|notes?|papers?|plans?|quotes?|reasons|records?"
    r"|register|repl(?:y|ies)|reports?|results?|schedules?|spreadsheets?|statements?|summary|that"
    r"|them|this|timetables?|times|timings|update|wording)\b",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r"\b(?:call|ring|phone|telephone|speak|meet|visit)\b", re.IGNORECASE)
_BRINGS = re.compile(
    r"\b(?:send|sent|share|circulate|forward|attach|supply|provide|issue|submit|return)\w*\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Discharge:
    """For each who was owed, the row that discharged it in time (`kept`) or after (`late`).

    `missing` are those for whom none is on record; `weak` are rows of a lower grade that would
    discharge it, `spoken` notes of conversations with one of them in the time, `closed` rows by
    which one of them let it go. `written` says whether a message would show it at all; `judged` is
    the day up to which it could still be kept.
    """

    kept: Mapping[int, int] = field(default_factory=dict)
    late: Mapping[int, int] = field(default_factory=dict)
    missing: tuple[int, ...] = ()
    weak: tuple[int, ...] = ()
    spoken: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()
    chased: tuple[int, ...] = ()
    written: bool = True
    judged: date = date.max


@dataclass(frozen=True)
class Discharges:
    """Finds them for many undertakings; the words of each candidate are read once a batch."""

    traffic: Traffic
    grace: int

    @property
    def view(self) -> View:
        """The view."""
        return self.traffic.view

    def of(self, made: Sequence[Undertaking]) -> list[Discharge]:
        """What became of each, in the order given."""
        found: list[Discharge] = []
        for start in range(0, len(made), _BATCH):
            part = made[start : start + _BATCH]
            candidates = [{who: self._candidates(one, who) for who in one.to} for one in part]
            rows = sorted({r for each in candidates for some in each.values() for r in some})
            words = dict(self._words(rows))
            found += [
                self._one(one, each, words) for one, each in zip(part, candidates, strict=True)
            ]
        return found

    def _candidates(self, one: Undertaking, who: int) -> list[int]:
        """Later rows of the promising side to somebody, as far as a discharge is looked for."""
        view = self.view
        due = one.due.last if one.due else one.day + timedelta(days=_AFTER)
        until = int(end_of(due + timedelta(days=_AFTER)).timestamp())
        household = {who, *self.traffic.household.get(who, ())}
        found = set()
        for each in household:
            dated = np.union1d(self.traffic.received[each], self.traffic.letters_to(each))
            dated = dated[(dated > one.row) & (dated < view.dated)]
            rows = between(dated, int(view.start[one.row]), until, view)
            same = (view.sender_party[rows] == one.by_party) | (view.sender[rows] == one.by)
            found |= set(rows[same & ~view.automatic[rows]].tolist())
        return sorted(found)

    def _words(self, rows: Sequence[int]) -> Iterator[tuple[int, frozenset[str]]]:
        """What each row says beside undertaking something again."""
        view = self.view
        for start in range(0, len(rows), 1000):
            some = rows[start : start + 1000]
            texts = view.new_text([view.ids[row] for row in some])
            for row in some:
                text = texts.get(view.ids[row], "")
                for act in view.acts.get(view.ids[row], ()):
                    if act.kind in {ActKind.UNDERTAKING, ActKind.HOLDING_REPLY}:
                        text = text.replace(act.said, " ")
                yield row, _singular(tokens(text))

    def _one(
        self,
        one: Undertaking,
        candidates: Mapping[int, Sequence[int]],
        words: Mapping[int, frozenset[str]],
    ) -> Discharge:
        view = self.view
        limit = view.working.due(one.due.last, self.grace) if one.due else date.max
        kept: dict[int, int] = {}
        late: dict[int, int] = {}
        weak: list[int] = []
        for who, rows in candidates.items():
            for row in rows:
                if not self._settles(one, row, words.get(row, frozenset())):
                    continue
                if weaker(view, row, one.row):
                    weak.append(row)
                    continue
                (kept if view.day(row) <= limit else late)[who] = row
                break
        closed = {who: row for who, row in self._closures(one) if who not in kept}
        missing = tuple(who for who in one.to if not {who} & {*kept, *late, *closed})
        return Discharge(
            kept=kept, late=late, missing=missing, weak=tuple(dict.fromkeys(weak)),
            spoken=self._spoken(one, missing or tuple(late), limit),
            closed=tuple(dict.fromkeys(closed.values())), chased=self._chased(one, missing),
            written=_is_written(_flat(one)) and not _only_spoken(_flat(one)),
            judged=limit,
        )  # fmt: skip

    def _settles(self, one: Undertaking, row: int, words: frozenset[str]) -> bool:
        traffic, said = self.traffic, _flat(one)
        if traffic.holding[row]:
            return False
        topic = traffic.same_thread(one.row, row) or (
            bool(traffic.subjects[row]) and traffic.subjects[row] == traffic.subjects[one.row]
        )
        if topic and _OF_A_REPLY.search(said):
            return True
        if topic and _BRINGS.search(said) and self.view.ids[row] in self.view.attachments:
            return True
        if not topic:  # on one thread the subject is everybody's
            words |= _singular(tokens(self.view.subjects[row]))
        about = _singular(one.about)
        class_of = min(2, len(about)) if len(one.to) >= _MANY else 2
        least = 1 if topic or _OF_A_REPLY.search(said) else class_of
        return share(about, words) >= _OVERLAP and len(about & words) >= least

    def _closures(self, one: Undertaking) -> Iterator[tuple[int, int]]:
        """Rows by which somebody who was owed closes the matter or thanks for it."""
        view = self.view
        for row in self.traffic.topic(one.row).tolist():
            if int(view.sender[row]) in one.to and does(view, row, ActKind.CLOSURE):
                yield int(view.sender[row]), row

    def _chased(self, one: Undertaking, missing: Sequence[int]) -> tuple[int, ...]:
        """Rows after the due day in which somebody to whom it is still owed asks or reminds."""
        view = self.view
        if one.due is None:
            return ()
        after = int(end_of(one.due.last).timestamp())
        return tuple(
            row
            for row in self.traffic.topic(one.row).tolist()
            if int(view.start[row]) >= after
            and int(view.sender[row]) in missing
            and does(view, row, ActKind.CHASER, ActKind.REQUEST)
        )

    def _spoken(self, one: Undertaking, owed: Sequence[int], limit: date) -> tuple[int, ...]:
        """Notes of conversations of the promising side with somebody who was owed, in the time."""
        view = self.view
        until = end_of(min(limit, as_of_day(view))).timestamp()
        rows = between(self.traffic.spoken, int(view.start[one.row]), int(until), view)
        wanted = set(owed)
        found = []
        for row in rows.tolist():
            people = {int(view.sender[row]), *view.identities_to(row)}
            parties = {int(view.sender_party[row]), *view.parties_to(row)} - {NOBODY}
            if people & wanted and one.by_party in parties:
                found.append(row)
        return tuple(found)


def _flat(one: Undertaking) -> str:
    """The sentence on one line."""
    return " ".join(one.act.said.split())


def _singular(words: frozenset[str]) -> frozenset[str]:
    """The words without the s of a plural, so that a time and the times are one word."""
    return frozenset(w[:-1] if w.endswith("s") and not w.endswith("ss") else w for w in words)


def _is_written(said: str) -> bool:
    """Whether a message would show what was undertaken."""
    return _WRITTEN.search(said) is not None or (
        _DELIVERS.search(said) is not None and _PAPER.search(said) is not None
    )


def _only_spoken(said: str) -> bool:
    """Whether a call or a visit is all that was undertaken: no message would show it."""
    rest = _SPOKEN.sub(" ", said)
    return bool(_SPOKEN.search(said)) and not _WRITTEN.search(rest)
