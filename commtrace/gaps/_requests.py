"""Requests that are owed an answer: who asked whom, the sentence, when it was due, what followed.

What the rules on answers share: `unanswered`, `late_reply` and `acknowledged_only` differ in what
they take from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from commtrace.gaps._addressed import greetings
from commtrace.gaps._answers import Asked, Followed, follow
from commtrace.gaps._columns import (
    as_of_day,
    asking,
    first_outside,
    plain,
    rows_doing,
    standing_phrases,
)
from commtrace.gaps._elsewhere import Search
from commtrace.gaps._explanations import Unanswered
from commtrace.gaps._mailed_out import mailed_out
from commtrace.gaps._observed import answerable
from commtrace.gaps._traffic import Traffic
from commtrace.gaps._wording import OUTSIDE, kind_of, listed, placed, quoted_sentence, who
from commtrace.gaps._yardstick import Yardstick, yardstick
from commtrace.model import Act, ActKind, Coverage, PartyKind
from commtrace.moments import end_of, say_day
from commtrace.view import CC, NOBODY, TO, Ints, View

ASKED = "On {day} {asker} asked {addressees}: {said}"
DAYS = 20  # working days where no criterion was set
_MOST_RECIPIENTS = 15
_NO_REPLY = re.compile(r"\bno (?:need|further|more|other|reply|response|action)\b", re.IGNORECASE)
_OWES_NOTHING = (PartyKind.FAMILIES, PartyKind.PUBLIC, PartyKind.PRESS, PartyKind.FORUM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request to another party that owes answers, its due day, and what followed it."""

    asked: Asked
    act: Act
    after: Followed
    measure: Yardstick
    day: date
    due: date


def requests(traffic: Traffic, *, rule: str, days: int) -> Iterator[Request]:
    """The requests that are owed an answer, in order; `rule` is whose threshold `days` is."""
    view = traffic.view
    for asked, act, after in view.once(_followed, lambda _: tuple(_followed(traffic))):
        day = view.day(asked.row)
        measure = yardstick(
            view, rule=rule, key="reply", days=days, default=DAYS, party=asked.owing[0], day=day
        )
        yield Request(
            asked=asked, act=act, after=after, measure=measure, day=day, due=measure.due(day)
        )


def _followed(traffic: Traffic) -> Iterator[tuple[Asked, Act, Followed]]:
    """Every request that is owed an answer, the sentence that asks, and what followed."""
    view = traffic.view
    outside, standing = first_outside(view, OUTSIDE), standing_phrases(view)
    rows = rows_doing(view, ActKind.REQUEST, ActKind.CHASER).tolist()
    names = greetings(view, rows)
    for row in rows:
        asked = _asked(view, row, outside, names.get(row, ()))
        if asked is None:
            continue
        own = [act for act in asking(view, row) if plain(act.said) not in standing]
        if own:
            yield asked, own[0], follow(traffic, asked)


def request_sentence(view: View, asked: Asked, act: Act) -> str:
    """Who asked whom, when and in which words."""
    return ASKED.format(
        day=say_day(view.day(asked.row)),
        said=quoted_sentence(act.said),
        asker=placed(view, [asked.asker], [asked.asker_party]),
        addressees=placed(view, asked.named, asked.owing),
    )


def seen_and_unseen(view: View, asked: Asked, own: Coverage | None) -> tuple[str, str]:
    """The side whose mailbox could show an answer, the asker's where it is `own`, and the other."""
    sides = who(view, asked.asker), listed(who(view, index) for index in asked.addressees)
    return sides if own else sides[::-1]


def _asked(view: View, row: int, outside: Ints, greeted: tuple[int, ...]) -> Asked | None:
    """The request of a row, if it is one that is owed an answer: by whom it greets, To, then Cc."""
    asker, asker_party = int(view.sender[row]), int(view.sender_party[row])
    if view.automatic[row] or view.bulk[row] or asker == NOBODY:
        return None
    body = kind_of(view, asker_party) not in OUTSIDE
    if (body and view.forward[row]) or _wants_no_reply(view, row):
        return None
    kinds = (TO,) if view.identities_to(row, (TO,)) else (CC,)
    if not 0 < len(view.identities_to(row, kinds)) <= _MOST_RECIPIENTS:
        return None
    owing = _may_owe(view, row, asker_party, kinds)
    addressees = _of_parties(view, row, owing, kinds)
    if greeted:
        mine = _may_owe(view, row, asker_party, (TO, CC))
        greeted = tuple(one for one in _of_parties(view, row, mine, (TO, CC)) if one in greeted)
        owing = tuple(p for p in mine if set(greeted) & {*_of_parties(view, row, (p,), (TO, CC))})
        addressees = tuple(dict.fromkeys((*greeted, *addressees)))
    if not owing:
        return None
    thread = int(view.thread[row])
    first = int(outside[thread]) if body and thread >= 0 else NOBODY
    return Asked(
        row=row,
        asker=asker,
        asker_party=asker_party,
        addressees=addressees,
        owing=owing,
        on_behalf=int(view.sender[first]) if 0 <= first < row else NOBODY,
        greeted=greeted,
    )


def _may_owe(view: View, row: int, asker_party: int, kinds: tuple[int, ...]) -> tuple[int, ...]:
    """The parties a row was sent to that owe answers to another."""
    return tuple(
        p
        for p in view.parties_to(row, kinds)
        if p != asker_party and view.parties[p].kind not in _OWES_NOTHING and answerable(view, p)
    )


def _of_parties(
    view: View, row: int, parties: Iterable[int], kinds: tuple[int, ...]
) -> tuple[int, ...]:
    """The identities of some parties that a row was sent to, in order."""
    wanted = set(parties)
    found = {
        int(view.recipient[n]): None
        for n in view.recipients(row)
        if int(view.recipient_kind[n]) in kinds and int(view.recipient_party[n]) in wanted
    }
    return tuple(found)


def _wants_no_reply(view: View, row: int) -> bool:
    acts = view.acts[view.ids[row]]
    return any(act.kind is ActKind.CLOSURE and _NO_REPLY.search(act.said) for act in acts)


def open_requests(traffic: Traffic, read: Iterable[Request]) -> Iterator[Unanswered]:
    """Those `read` that are past their due day and nothing on record answers or closes, in order.

    A later request on the same matter is a chaser of the first and none of its own. Rules that
    measure alike get the same.
    """
    asked = tuple(read)
    alike = tuple((one.measure.days, one.measure.where, one.due) for one in asked)
    yield from traffic.view.once((open_requests, alike), lambda _: tuple(_open(traffic, asked)))


def _open(traffic: Traffic, read: Iterable[Request]) -> Iterator[Unanswered]:
    view = traffic.view
    found = [
        one
        for one in read
        if as_of_day(view) > one.due and not one.after.answered and not one.after.closed
    ]
    mailed = mailed_out(view, [one.asked.row for one in found])
    found = [one for one in found if one.asked.row not in mailed]
    search = Search(traffic, [(one.asked, one.after) for one in found])
    absorbed: set[int] = set()
    for one in found:
        gap = None if one.asked.row in absorbed else _gap(search, one)
        if gap is not None:
            absorbed.update(gap.after.chasers)
            yield gap


def _gap(search: Search, one: Request) -> Unanswered | None:
    """The gap of an open request, unless it was answered outside its topic."""
    until = int(end_of(one.due).timestamp())
    beside = search.look(one.asked, one.after.parties, until)
    if beside.answers:
        return None
    return Unanswered(
        traffic=search.traffic,
        asked=one.asked,
        act=one.act,
        after=one.after,
        beside=beside,
        measure=one.measure,
        day=one.day,
        due=one.due,
    )
