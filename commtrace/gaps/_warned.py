"""What followed a warning: an answer, a step onward, the warning again, and what may explain it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from commtrace.gaps._bare import unsupplied
from commtrace.gaps._columns import away_notices, does, share, tokens
from commtrace.gaps._grades import entered_between, is_entered, says_so
from commtrace.gaps._observed import supplied
from commtrace.gaps._traffic import Traffic
from commtrace.gaps._wording import check, some, untestable
from commtrace.model import Act, ActKind, Channel, Check
from commtrace.view import NOBODY, View

_SAME, _PERHAPS = 0.5, 0.3  # share of the telling words of the warning in new words
_QUOTED = 0.8  # share in a whole text: the warning itself stands in it
_SPOKEN = (Channel.CALL, Channel.MEETING, Channel.NOTE)
_BATCH, _AWAY = 1000, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """One warning: its row, who warned whom, the parties that owe a reaction, and its sentences."""

    row: int
    warner: int
    side: int
    to: tuple[int, ...]
    owing: tuple[int, ...]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """What followed: whether anybody reacted, and what was considered and is no reaction.

    `elsewhere` are messages in which whoever warned told it to others.
    """

    reacted: bool
    again: tuple[int, ...] = ()
    holding: tuple[int, ...] = ()
    perhaps: tuple[int, ...] = ()
    elsewhere: tuple[int, ...] = ()


def reaction(traffic: Traffic, warned: Warned) -> Reaction:
    """Read what followed a warning, on its topic first, then by its words."""
    view = traffic.view
    topic = {row for row in traffic.topic(warned.row).tolist() if not is_entered(view, row)}
    holding = []
    for row in sorted(topic):
        if not _by_addressee(view, warned, row):
            continue
        if view.automatic[row] or (traffic.holding[row] and _reaches(view, warned, row)):
            holding.append(row)
        else:
            return Reaction(reacted=True)
    near = _in_words(traffic, warned, topic)
    own = {row for row in near if view.sender[row] == warned.warner}
    if any(alike >= _SAME for row, alike in near.items() if row not in own):
        return Reaction(reacted=True)
    to = set(warned.to)
    told = {row for row in topic if view.sender[row] == warned.warner and _warns(view, row)}
    told |= {row for row in own if near[row] >= _SAME}
    again = {row for row in told if to & set(view.identities_to(row))}
    return Reaction(
        reacted=False,
        again=tuple(sorted(again)),
        holding=tuple(holding),
        perhaps=tuple(sorted(set(near) - own)),
        elsewhere=tuple(sorted(told - again)),
    )


def _warns(view: View, row: int) -> bool:
    return does(view, row, ActKind.WARNING, ActKind.CHASER, ActKind.REQUEST)


def _by_addressee(view: View, warned: Warned, row: int) -> bool:
    """Whether a later row is by an addressee, or by another of their party where it is another."""
    sender, side = int(view.sender[row]), int(view.sender_party[row])
    return sender in warned.to or (side in warned.owing and side != warned.side)


def _reaches(view: View, warned: Warned, row: int) -> bool:
    return warned.warner in view.identities_to(row)


def _in_words(traffic: Traffic, warned: Warned, topic: set[int]) -> dict[int, float]:
    """Later messages in other threads by the two sides, by the share of the warning's words.

    Those by an addressee, to anybody; those of their party to whoever warned; the warner's own.
    """
    view = traffic.view
    people = {warned.warner, *warned.to}
    rows = {row for one in people for row in traffic.sent[one].tolist()}
    rows |= {
        row for row in traffic.received[warned.warner].tolist() if _by_addressee(view, warned, row)
    }
    wanted = sorted(
        row
        for row in rows - topic
        if warned.row < row < view.dated and not (view.automatic[row] or is_entered(view, row))
    )
    words = tokens(" ".join(act.said for act in warned.acts))
    found = {}
    for start in range(0, len(wanted), _BATCH):
        ids = [view.ids[row] for row in wanted[start : start + _BATCH]]
        own, whole = view.new_text(ids), view.text(ids)
        for row, one in zip(wanted[start : start + _BATCH], ids, strict=True):
            alike = share(words, tokens(f"{view.subjects[row]} {own.get(one, '')}"))
            quoted = share(words, tokens(whole.get(one, "")))
            if quoted >= _QUOTED or alike >= _PERHAPS:
                found[row] = quoted if quoted >= _QUOTED else alike
    return found


def explanations(
    traffic: Traffic, warned: Warned, seen: Reaction, until: date
) -> tuple[Check, ...]:
    """Each innocent explanation, and how looking for it ended."""
    view, day = traffic.view, traffic.view.day(warned.row)
    away = away_notices(view, _automatic(traffic, warned))
    spoken = _spoken(traffic, warned)
    entered = [
        row
        for party in warned.owing
        for row in entered_between(view, warned.side, party, day, until)
        if NOBODY not in (warned.side, party)
    ]
    return (
        check(
            "There was a reaction in another thread",
            some(len(seen.perhaps), "later message", "of those warned may be one"),
            "no later message of those warned shares a third of the warning's words",
        ),
        check(
            "It was dealt with by telephone or at a meeting",
            says_so(view, entered)
            or some(len(spoken), "message or note", "in the time refer to it", "messages or notes"),
            "no message on the matter refers to a call or a meeting, and no note of one is held",
        ),
        check(
            "It was raised with somebody else too",
            some(len(seen.elsewhere), "later message", "of whoever warned tells it to others"),
            "no later message of whoever warned tells it to anybody else",
        ),
        check(
            "Those warned were away",
            some(len(away), "automatic reply", "of theirs", "automatic replies"),
            "no automatic reply of theirs in the two weeks after says so",
        ),
        _delivered(view, warned),
        untestable("It was entered in a register of risks", "registers are not part of the mail"),
        *unsupplied(view, (warned.warner, *warned.to), warned.owing, day, until),
    )


def _automatic(traffic: Traffic, warned: Warned) -> list[int]:
    """The automatic messages of those warned in the ten working days after."""
    view, day = traffic.view, traffic.view.day(warned.row)
    rows = (row for one in warned.to for row in traffic.sent[one].tolist())
    return [
        row
        for row in rows
        if warned.row < row < view.dated
        and view.automatic[row]
        and view.working.elapsed(day, view.day(row)) <= _AWAY
    ]


def _spoken(traffic: Traffic, warned: Warned) -> list[int]:
    """Messages on the topic that mention a conversation, and notes in which both took part."""
    view = traffic.view
    people = set(warned.to)
    notes = [
        row
        for row in traffic.spoken.tolist()
        if row > warned.row and not is_entered(view, row) and _both(view, warned, row, people)
    ]
    topic = [r for r in traffic.topic(warned.row).tolist() if does(view, r, ActKind.OFF_RECORD)]
    own = does(view, warned.row, ActKind.OFF_RECORD)
    return sorted({*notes, *topic, *((warned.row,) if own else ())})


def _both(view: View, warned: Warned, row: int, people: set[int]) -> bool:
    on = {int(view.sender[row]), *view.identities_to(row)}
    return warned.warner in on and bool(people & on)


def _delivered(view: View, warned: Warned) -> Check:
    what, day = "It was lost on the way", view.day(warned.row)
    boxes = [box for one in warned.to if (box := supplied(view, one, day, day, sent=False))]
    if not boxes:
        return untestable(what, "no mailbox of those warned covers the day")
    holders = view.custodians_holding.get(view.ids[warned.row], ())
    held = any(box.custodian in holders for box in boxes)
    return check(
        what,
        "" if held else "no copy was found in the mailbox of those warned, which covers the day",
        "a copy is held in a mailbox of those warned",
    )
