"""The rule `stale_knowledge` and its sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from commtrace.gaps._as_of import Dated, dated_figures
from commtrace.gaps._columns import does, share, tokens, window
from commtrace.gaps._grades import entered_between, is_entered, says_so
from commtrace.gaps._observed import answerable, covered_until
from commtrace.gaps._register import checks, lines
from commtrace.gaps._wording import (
    check,
    days_in,
    kind_of,
    listed,
    number,
    party,
    party_ids,
    passed,
    placed,
    quoted_sentence,
    some,
    untestable,
    who,
)
from commtrace.model import (
    ActKind,
    Check,
    Citation,
    Family,
    Finding,
    Observability,
    Outcome,
    PartyKind,
    Severity,
    Strength,
)
from commtrace.moments import say_day
from commtrace.plugins import rule
from commtrace.view import NOBODY, Ints, View

_BATCH, _CITED = 1000, 5
_SAME = 0.3  # share of the telling words of the sentence
_NO_STATEMENT = (PartyKind.FAMILIES, PartyKind.PUBLIC, PartyKind.PRESS)

WROTE = (
    "On {day} {by} wrote to {to}: {said} By its own words that is the position of {of}, {age}"
    " before."
)
SOURCE = "{source} had written it to {by} on {sent}."
SENTENCES: Mapping[Observability, str] = {
    Observability.OBSERVED: (
        "No record of anything newer on it that reached {by} before then was found in the mailboxes"
        " of either side, which cover the time."
    ),
    Observability.ONE_SIDE: (
        "No record of anything newer on it that reached {by} before then was found in the mailboxes"
        " supplied, which cover one of the two sides only."
    ),
    Observability.NOT_TESTABLE: (
        "No record of anything newer on it that reached {by} before then was found. The evidence"
        " provided cannot show whether there was: no mailbox of either side covers the time."
    ),
}
NEWER = "{count} in between may be newer and should be read."
OTHERS = "In the same time {count} on it went between others of {source}."


@rule(family=Family.FLOW)
def stale_knowledge(view: View, *, days: int = 10) -> Iterator[Finding]:
    """A letter or message to people outside that rests on old information.

    Definition: a statement to somebody outside the organisation that gives figures as current ("the
    latest figures", "to date", "now") and, in the same sentence, the one earlier day that they
    are of, where more than `days` working days lie between that day and the message.
    What counts: new words of messages and letters of a body. Its source is the last message from
    another party to the writer that holds the same figures and shares words with the sentence.
    Anything newer is a message to the writer after that day that shares words with it and holds a
    figure too.
    What does not: a sentence that claims no currency (a report of a past month, a position "as of"
    a day), a span ("since 4 January", "by 11 February"), two days in one sentence; mail of
    families, the public or the press.
    When it cannot say: not testable where neither the writer's mailbox nor one of the source's side
    covers the time between. What was said at a meeting or lies on a shared drive is not in mail.
    Severity: MATERIAL where a source on record shows whence it came, and no innocent explanation
    was found; LOW else. Strength: DIRECT is never claimed; CORROBORATED where the source is on
    record; INDICATED else.
    Reference: gap-science G18; Kossinets, Kleinberg and Watts, KDD 2008 (information latency).
    """
    rows = np.flatnonzero(_candidates(view)).tolist()
    for start in range(0, len(rows), _BATCH):
        some_rows = rows[start : start + _BATCH]
        texts = view.new_text([view.ids[row] for row in some_rows])
        for row in some_rows:
            for one in dated_figures(texts.get(view.ids[row], ""), view.day(row)):
                age = view.working.elapsed(one.of, view.day(row))
                if age > days:
                    yield _finding(_stated(view, row, one, age))


def _candidates(view: View) -> Ints:
    """Which rows a body sent to somebody outside its own organisation, in person."""
    found = np.zeros(len(view), dtype=np.int64)
    body = [
        kind_of(view, n) not in _NO_STATEMENT and answerable(view, n)
        for n in range(len(view.parties))
    ]
    home = [one.organisation or one.id for one in view.parties]
    for row in range(view.dated):
        own = int(view.sender_party[row])
        if own == NOBODY or not body[own] or view.automatic[row] or is_entered(view, row):
            continue
        to = [int(view.recipient_party[n]) for n in view.recipients(row)]
        found[row] = any(p == NOBODY or home[p] != home[own] for p in to)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stated:
    """A statement of old figures: the message, the sentence, and what is on record about it.

    `source` is the row from which the writer had them; `newer` are later rows to the writer that
    may hold something newer, `others` later rows inside the source's party.
    """

    view: View
    row: int
    dated: Dated
    age: int
    source: int | None
    newer: tuple[int, ...]
    others: tuple[int, ...]

    @property
    def by(self) -> int:
        """The writer."""
        return int(self.view.sender[self.row])

    @property
    def side(self) -> int:
        """The writer's party."""
        return int(self.view.sender_party[self.row])


def _stated(view: View, row: int, one: Dated, age: int) -> _Stated:
    """What is on record of a statement: whence the figures came, and what came after them."""
    words = tokens(one.said)
    writer, side = int(view.sender[row]), int(view.sender_party[row])
    earlier = [r for r in range(row) if view.working.elapsed(view.day(r), view.day(row)) <= age + 5]
    texts = view.new_text([view.ids[r] for r in earlier])
    said = {r: texts.get(view.ids[r], "") for r in earlier}
    alike = {r: share(words, tokens(f"{view.subjects[r]} {said[r]}")) for r in earlier}
    to_writer = {
        r
        for r in earlier
        if writer in view.identities_to(r) and view.sender_party[r] not in (side, NOBODY)
    }
    holding = [r for r in to_writer if alike[r] and all(f in said[r] for f in one.figures)]
    source = max(holding, default=None)
    given = int(view.sender_party[source]) if source is not None else NOBODY
    later = [
        r
        for r in earlier
        if r > (NOBODY if source is None else source)
        and view.day(r) > one.of
        and not view.automatic[r]
        and alike[r] >= _SAME
        and any(sign.isdigit() for sign in said[r])
    ]
    return _Stated(
        view=view,
        row=row,
        dated=one,
        age=age,
        source=source,
        newer=tuple(r for r in later if r in to_writer),
        others=tuple(r for r in later if _among_others(view, r, given, writer)),
    )


def _among_others(view: View, row: int, party: int, writer: int) -> bool:
    """Whether a row went between members of a party, and not to the writer."""
    inside = view.sender_party[row] == party and set(view.parties_to(row)) <= {party}
    return party != NOBODY and inside and writer not in view.identities_to(row)


def _finding(one: _Stated) -> Finding:
    view, day = one.view, one.view.day(one.row)
    given = int(view.sender_party[one.source]) if one.source is not None else NOBODY
    sides = (
        covered_until(view, one.side, one.dated.of, day, sent=False) is not None,
        given != NOBODY and covered_until(view, given, one.dated.of, day, sent=True) is not None,
    )
    observability = view.observability(*sides)
    found = _checks(one, given)
    doubts = any(c.outcome is Outcome.FAILED for c in found)
    low = doubts or one.source is None or observability is Observability.NOT_TESTABLE
    to = next((p for p in view.parties_to(one.row) if p not in (one.side, NOBODY)), NOBODY)
    return Finding(
        rule="stale_knowledge",
        family=Family.FLOW,
        anchor=(view.ids[one.row], one.dated.of.isoformat()),
        severity=Severity.LOW if low else Severity.MATERIAL,
        strength=Strength.INDICATED if low else Strength.CORROBORATED,
        observability=observability,
        about=tuple(view.ids[r] for r in (one.row, one.source) if r is not None),
        window=window(view, one.row, day, day),
        parties=party_ids(view, one.side, to),
        owes=view.parties[one.side].id,
        cites=tuple(_cites(one)),
        checks=found,
        sentence=_sentence(one, observability, given),
        measure={
            "working days": one.age,
            "of the day": one.dated.of.isoformat(),
            "given by": party(view, given) if given != NOBODY else "",
            "may be newer": len(one.newer),
            "inside the source's party": len(one.others),
        },
    )


def _cites(one: _Stated) -> Iterator[Citation]:
    view = one.view
    yield view.cite(one.row, "the statement")
    if one.source is not None:
        yield view.cite(one.source, "whence the figures came")
    for role, rows in (
        ("may be newer", one.newer),
        ("later, among others of the source's side", one.others),
    ):
        for row in rows[:_CITED]:
            yield view.cite(row, role)


def _checks(one: _Stated, given: int) -> tuple[Check, ...]:
    view, day = one.view, one.view.day(one.row)
    entered = entered_between(view, one.side, given, one.dated.of, day) if given != NOBODY else []
    spoken = does(view, one.row, ActKind.OFF_RECORD)
    return (
        check(
            "Something newer reached the writer",
            some(len(one.newer), "later message", "to the writer on it may be newer"),
            "no later message to the writer on it holds a figure",
        ),
        check(
            "They spoke or met in between",
            says_so(view, entered) or ("the statement refers to it" if spoken else ""),
            "no note or entry of a conversation in the time is held",
        ),
        passed("It speaks of the past only", "it gives the figures as current"),
        untestable("It had stayed so", "whether the figures had changed is not for mail to show"),
        untestable("Newer figures lay on a shared drive", "shared drives are no part of the mail"),
        *checks(lines(view, (one.by,), (one.side, given), one.dated.of, day)),
    )


def _sentence(one: _Stated, observability: Observability, given: int) -> str:
    view = one.view
    by = who(view, one.by)
    parts = [
        WROTE.format(
            day=say_day(view.day(one.row)),
            by=placed(view, [one.by], [one.side]),
            to=listed(who(view, person) for person in view.identities_to(one.row)),
            said=quoted_sentence(one.dated.said),
            of=say_day(one.dated.of),
            age=days_in(one.age, "working"),
        )
    ]
    if one.source is not None:
        source = placed(view, [int(view.sender[one.source])], [given])
        parts.append(SOURCE.format(source=source, by=by, sent=say_day(view.day(one.source))))
    parts.append(SENTENCES[observability].format(by=by))
    if one.newer:
        parts.append(NEWER.format(count=number(len(one.newer), "message").capitalize()))
    if one.others:
        count = number(len(one.others), "message")
        parts.append(OTHERS.format(count=count, source=party(view, given)))
    return " ".join(parts)
