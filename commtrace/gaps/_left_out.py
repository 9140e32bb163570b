"""Who is left out of a thread while the others go on: found here, judged and said by the rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from commtrace.gaps._columns import base_subject, does
from commtrace.gaps._grades import is_entered
from commtrace.model import ActKind, IdentityKind
from commtrace.view import NOBODY, TO, View

_STAYED = 2  # others who had been on it as often: below that it is a talk between two
_LEAVE_ME_OUT = re.compile(
    r"\b(?:leave|left|drop|dropped|remove|removed|take|taken|count)"
    r"\s(?:(?:me|us|my name)\s)?(?:out|off)\b"
    r"|\b(?:remove|unsubscribe|drop) (?:me|us)\b"
    r"|\bno (?:longer )?need to (?:copy|include|cc) (?:me|us)\b"
    r"|\b(?:don['’]t|do not|needn['’]t|need not) (?:copy|include|cc) (?:me|us)\b"
    r"|\b(?:hand|handed|handing|pass|passed|passing) (?:this|it) over to\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Somebody who was on the rows `on`, and is on none of `after`, the first of which left them.

    `stayed` are the others who had been on it as often and still are.
    """

    view: View
    person: int
    side: int
    on: tuple[int, ...]
    after: tuple[int, ...]
    stayed: tuple[int, ...]

    @property
    def remover(self) -> int:
        """Who answered without them."""
        return int(self.view.sender[self.after[0]])


def personal(view: View, row: int) -> bool:
    """Whether a row is dated, and neither automatic nor mass mail nor entered by hand."""
    return row < view.dated and not (view.automatic[row] or view.bulk[row] or is_entered(view, row))


def people_on(view: View, row: int) -> set[int]:
    """Everybody who sent or received a row."""
    return {int(view.sender[row]), *view.identities_to(row)} - {NOBODY}


def _parties(view: View, row: int) -> set[int]:
    return {int(view.sender_party[row]), *view.parties_to(row)}


def left_out(
    view: View, rows: Sequence[int], messages: int, later: int, days: int
) -> Iterator[Left]:
    """Everybody who is left out of a thread's messages (in order of time)."""
    on: dict[int, list[int]] = {}
    for row in rows:
        for person in people_on(view, row):
            on.setdefault(person, []).append(row)
    for person, theirs in sorted(on.items()):
        after = [row for row in rows if row > theirs[-1]]
        if len(theirs) < messages or len(after) < later or not _took_part(view, person, theirs):
            continue
        if not _leaves_out(view, theirs, after[0]) or any(_to_a_list(view, row) for row in after):
            continue
        side = side_of(view, person, theirs[-1])
        stayed = _stayed(view, on, theirs, after, messages)
        if (
            side != NOBODY  # of somebody nobody placed, a colleague may stand on it
            and not any(side in _parties(view, row) for row in after)
            and len(stayed - {person}) >= _STAYED
            and view.working.elapsed(view.day(theirs[-1]), view.day(after[-1])) >= days
            and not _by_own_wish(view, person, theirs)
        ):
            yield Left(
                view=view,
                person=person,
                side=side,
                on=tuple(theirs),
                after=tuple(after),
                stayed=tuple(sorted(stayed - {person})),
            )


def _to_a_list(view: View, row: int) -> bool:
    """Whether a message went to a list, which may reach anybody."""
    kinds = (view.identities[who].kind for who in view.identities_to(row))
    return IdentityKind.LIST in kinds


def _took_part(view: View, person: int, rows: Sequence[int]) -> bool:
    """Whether somebody wrote in a thread or was addressed, and is no list."""
    if view.identities[person].kind is IdentityKind.LIST:
        return False
    return any(view.sender[r] == person or person in view.identities_to(r, (TO,)) for r in rows)


def side_of(view: View, person: int, row: int) -> int:
    """The party that somebody on a message counted for on that day."""
    if view.sender[row] == person:
        return int(view.sender_party[row])
    places = (n for n in view.recipients(row) if view.recipient[n] == person)
    return next((int(view.recipient_party[n]) for n in places), NOBODY)


def _leaves_out(view: View, theirs: Sequence[int], first: int) -> bool:
    """Whether the first message without them answers one of theirs, under the same subject."""
    parent = int(view.parent[first])
    subjects = (base_subject(view.subjects[row]) for row in (first, parent))
    return parent in theirs and not view.forward[first] and len(set(subjects)) == 1


def _stayed(
    view: View,
    on: Mapping[int, Sequence[int]],
    theirs: Sequence[int],
    after: Sequence[int],
    messages: int,
) -> set[int]:
    """Who had been on as many of the messages as somebody has to be, and is still on them."""
    still = {person for row in after for person in people_on(view, row)}
    last = theirs[-1]
    return {person for person in still if sum(row <= last for row in on[person]) >= messages}


def _by_own_wish(view: View, person: int, rows: Sequence[int]) -> bool:
    """Whether somebody asked to be left out, handed it over, or closed the matter themselves."""
    own = [row for row in rows if view.sender[row] == person]
    texts = view.new_text([view.ids[row] for row in own]) if own else {}
    closed = bool(own) and does(view, own[-1], ActKind.CLOSURE)
    return closed or any(_LEAVE_ME_OUT.search(text) for text in texts.values())
