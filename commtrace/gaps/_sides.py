"""Mailboxes that lack one side whole: nothing sent among much received, or the reverse.

A side counts as lacking only where messages show that there was something on it: answers to the
custodian whose own message nobody supplied, or answers of theirs to such a one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from commtrace.gaps._folders import collected
from commtrace.model import Coverage, CoverageWeek, Ghost
from commtrace.view import NOBODY, TO, View

_MUCH = 20  # items of the side that is there
_NONE = 3  # copies of the other that others prove: from there on `missing_copy` says it
_SHOWN = 3  # absent messages that show the other side


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The side of a mailbox of which nothing is held; `rows` show that there was something."""

    custodian: str
    identity: int
    sent: bool
    held: int
    first: date
    last: date
    declared: bool
    rows: tuple[int, ...]


def lacking(view: View) -> Iterator[Side]:
    """Every custodian's side of which nothing is held, in the order of custodians."""
    places = {who.id: place for place, who in enumerate(view.identities)}
    boxes: dict[str, list[Coverage]] = {}
    for box in view.coverage:
        boxes.setdefault(box.custodian, []).append(box)
    weeks: dict[str, list[CoverageWeek]] = {}
    for week in view.weeks:
        weeks.setdefault(week.custodian, []).append(week)
    for own in (boxes[custodian] for custodian in sorted(boxes)):
        place = places.get(own[0].identity, NOBODY) if own[0].identity else NOBODY
        for sent in (True, False) if place != NOBODY else ():
            if found := _lacking(view, own, weeks.get(own[0].custodian, []), place, sent=sent):
                yield found


def _lacking(
    view: View, own: list[Coverage], weeks: list[CoverageWeek], place: int, *, sent: bool
) -> Side | None:
    there = sum(week.held_received if sent else week.held_sent for week in weeks)
    here = sum(week.held_sent if sent else week.held_received for week in weeks)
    proven = sum(week.proven_sent if sent else week.proven - week.proven_sent for week in weeks)
    if here or there < _MUCH or proven >= _NONE or not collected(view, own[0], sent=sent):
        return None
    shown = [row for ghost in view.ghosts if (row := _shows(view, ghost, place, sent=sent)) >= 0]
    if len(shown) < _SHOWN:
        return None
    return Side(
        custodian=own[0].custodian,
        identity=place,
        sent=sent,
        held=there,
        first=min(box.first for box in own),
        last=max(box.last for box in own),
        declared=any(box.basis == "declared" for box in own),
        rows=tuple(sorted(dict.fromkeys(shown))),
    )


def _shows(view: View, ghost: Ghost, place: int, *, sent: bool) -> int:
    """The first message by which an absent one was sent (or else received) by somebody; -1."""
    who = view.identities[place]
    own = {member.address.casefold() for member in who.members if member.address}
    written = ghost.author.address.casefold() if ghost.author else ""
    if written and (written in own) is not sent:
        return NOBODY
    for name in ghost.cited_by:
        row = view.row_of.get(name, NOBODY)
        if row == NOBODY or view.bulk[row]:
            continue
        answers = int(view.sender[row]) == place
        if sent and not answers and place in view.identities_to(row, (TO,)):
            return row
        if answers and not sent:
            return row
    return NOBODY
