"""A calendar item as a communication: who asks whom to what, and what became of it.

iTIP's methods (RFC 5546) say what an item is: a request, an answer, a cancellation, a counter
proposal. When and where a meeting is stands in words at the head of its text, because a
communication's own time is when it was sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

from commtrace.model import Address
from commtrace.moments import Moment

from . import _icaltime
from ._icalendar import Component, Property, components
from ._icaltime import Clock, Zones
from ._text import clean, clean_line

NO_STAMP = "The calendar item has no DTSTAMP; when it was sent is taken from {name}."
CHANGED = "The time is that of the last change of the entry in its calendar (DTSTAMP)."
NOBODY = "The entry names nobody; it says that something was planned, not who was there."
CUT = "The calendar file ends within an entry; it may be cut short."
MANY = "More than 5,000 people are asked; the rest are not listed."
ITEMS = ("VEVENT", "VTODO", "VJOURNAL")
CARRIED = ("REQUEST", "REPLY", "CANCEL", "COUNTER", "DECLINECOUNTER", "REFRESH", "ADD")
_METHODS = {
    "REQUEST": "Invitation to a meeting", "CANCEL": "Cancellation of a meeting",
    "COUNTER": "Proposal of another time for a meeting", "REFRESH": "Question for the latest state",
    "DECLINECOUNTER": "The other time that was proposed is declined", "ADD": "More occurrences",
}  # fmt: skip
_ANSWERS = {
    "ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "accepted tentatively",
    "DELEGATED": "delegated", "NEEDS-ACTION": "no answer yet", "COMPLETED": "completed",
    "IN-PROCESS": "in process",
}  # fmt: skip
_MAILTO = re.compile(r"^\s*mailto:\s*", re.IGNORECASE)
_MOST_PEOPLE = 5_000
_MOST_CARRIED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a calendar item says, ready to become a record."""

    name: str  # VEVENT, VTODO, VJOURNAL
    method: str
    uid: str
    sent: Moment | None
    sender: Address | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    head: tuple[str, ...]  # lines on when, where and what became of it
    description: str
    doubts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The head and the description."""
        return "\n\n".join(part for part in ("\n".join(self.head), self.description) if part)


def cards(text: str) -> Iterator[Card]:
    """The meetings, tasks and journal entries in a calendar's text. Never raises."""
    for calendar in components(text):
        known = _icaltime.zones(calendar)
        method = clean_line(calendar.text("METHOD")).upper()[:40]
        items = [calendar] if calendar.name in ITEMS else calendar.inside
        for item in items:
            if item.name in ITEMS:
                yield _card(item, method, known)


def carried(text: str) -> tuple[Card, ...]:
    """The invitations and answers that a mail carries in its calendar part (RFC 6047)."""
    return tuple(card for card in islice(cards(text), _MOST_CARRIED) if card.method in CARRIED)


def _card(item: Component, method: str, known: Zones) -> Card:
    sent, doubts = _sent(item, method, known)
    organiser = _person(item.first("ORGANIZER"))
    asked = item.every("ATTENDEE")[:_MOST_PEOPLE]
    sender, to, cc = _parties(method, organiser, asked)
    start = _icaltime.clock(item.first("DTSTART"), known)
    end = _end(item, start, known)
    unsure = [*(start.doubts if start else ())]
    unsure += [NOBODY] if not (sender or to or cc) else []
    unsure += [] if item.closed else [CUT]
    unsure += [MANY] if len(item.every("ATTENDEE")) > _MOST_PEOPLE else []
    return Card(
        name=item.name,
        method=method,
        uid=clean_line(item.text("UID"))[:500],
        sent=sent,
        sender=sender,
        to=to,
        cc=cc,
        subject=clean_line(item.text("SUMMARY"))[:2000],
        head=tuple(_head(item, method, start, end=end, asked=asked, known=known)),
        description=clean(item.text("DESCRIPTION")).strip(),
        doubts=tuple(dict.fromkeys((*doubts, *unsure))),
    )


def _sent(item: Component, method: str, known: Zones) -> tuple[Moment | None, tuple[str, ...]]:
    for name in ("DTSTAMP", "LAST-MODIFIED", "CREATED"):
        found, doubts = _icaltime.stamp(item.first(name), known)
        if found is None:
            continue
        if name != "DTSTAMP":
            doubts = (*doubts, NO_STAMP.format(name=name))
        elif method not in CARRIED:
            doubts = (*doubts, CHANGED)
        return found, doubts
    return None, ()


def _parties(
    method: str, organiser: Address | None, asked: list[Property]
) -> tuple[Address | None, tuple[Address, ...], tuple[Address, ...]]:
    """Sender, those asked, and those asked if they like; an answer goes to the organiser."""
    people = [(one, person) for one in asked if (person := _person(one)) is not None]
    if method in ("REPLY", "COUNTER", "REFRESH"):
        answering = people[0][1] if people else None
        return answering, (organiser,) if organiser else (), ()
    to: list[Address] = []
    cc: list[Address] = []
    for one, person in people:
        if _is_room(one) or (organiser and person.address and
                             person.address.lower() == organiser.address.lower()):  # fmt: skip
            continue
        role = one.parameters.get("ROLE", "").upper()
        (cc if role in ("OPT-PARTICIPANT", "NON-PARTICIPANT") else to).append(person)
    return organiser, tuple(dict.fromkeys(to)), tuple(dict.fromkeys(cc))


def _is_room(one: Property) -> bool:
    return one.parameters.get("CUTYPE", "").upper() in ("ROOM", "RESOURCE")


def _person(one: Property | None) -> Address | None:
    if one is None:
        return None
    value = clean_line(_MAILTO.sub("", one.value))[:500]
    address = (
        value if "@" in value else clean_line(_MAILTO.sub("", one.parameters.get("EMAIL", "")))
    )
    if "@" not in address or ":" in address:
        address = ""
    name = clean_line(one.parameters.get("CN", ""))[:500]
    name = "" if name.lower() == address.lower() else name
    if not (address or name):
        return None
    said = f"{name} <{address}>" if name and address else name or address
    return Address(name=name, address=address, said=said)


def _end(item: Component, start: Clock | None, known: Zones) -> Clock | None:
    end = _icaltime.clock(item.first("DTEND") or item.first("DUE"), known)
    if end is not None or start is None:
        return end
    width = _icaltime.duration(item.text("DURATION"))
    if not width or width > timedelta(days=3_660):
        return None
    try:
        return replace(start, wall=start.wall + width)
    except OverflowError:
        return None


def _head(
    item: Component, method: str, start: Clock | None, *, end: Clock | None,
    asked: list[Property], known: Zones,
) -> Iterator[str]:  # fmt: skip
    what = _what(item, method, asked)
    if what:
        yield what
    when = _icaltime.span(start or end, end if start else None)
    if when:
        yield f"{'When' if start else 'Due'}: {when}"
    rule = _icaltime.repeats(item.text("RRULE"))
    if rule:
        yield f"Repeats: {rule}"
    yield from _occurrences(item, known)
    where = clean_line(item.text("LOCATION"))
    if where:
        yield f"Where: {where[:2000]}"
    rooms = [person for one in asked if _is_room(one) and (person := _person(one))]
    if rooms:
        yield f"Rooms: {'; '.join(room.said for room in rooms)}"
    status = clean_line(item.text("STATUS")).upper()
    if status in ("CANCELLED", "TENTATIVE") and method != "CANCEL":
        yield f"Status: {status.lower()}"
    if method not in ("REPLY", "COUNTER", "REFRESH"):
        yield from _answers(asked)


def _what(item: Component, method: str, asked: list[Property]) -> str:
    if method == "REPLY":
        answer = asked[0].parameters.get("PARTSTAT", "").upper() if asked else ""
        return f"Answer to an invitation: {_ANSWERS.get(answer, answer.lower() or 'not given')}"
    if item.name == "VEVENT" and method in _METHODS:
        return _METHODS[method]
    return {"VTODO": "A task", "VJOURNAL": "A journal entry"}.get(item.name, "")


def _occurrences(item: Component, known: Zones) -> Iterator[str]:
    one = _icaltime.clock(item.first("RECURRENCE-ID"), known)
    if one is not None:
        yield f"In place of the occurrence of {_icaltime.span(one, None)}"
    for name, words in (("EXDATE", "Not on"), ("RDATE", "Also on")):
        days = [
            _icaltime.span(found, None)
            for property_ in item.every(name)[:200]
            for value in property_.value.split(",")[:200]
            if (found := _icaltime.clock(replace(property_, value=value), known))
        ]
        if days:
            yield f"{words}: {'; '.join(days)}"


def _answers(asked: list[Property]) -> Iterator[str]:
    said = [
        f"{person.name or person.address} ({_ANSWERS[answer]})"
        for one in asked
        if (answer := one.parameters.get("PARTSTAT", "").upper()) in _ANSWERS
        and answer != "NEEDS-ACTION"
        and (person := _person(one))
    ]
    if said:
        yield f"Answers so far: {'; '.join(said)}"
