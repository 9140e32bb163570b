"""A calendar file: each meeting in it is a communication, from who calls it to those asked.

An invitation that travels as mail (RFC 6047) is that mail: its calendar part is read into the
message, which is then on channel MEETING, and is no second communication. A calendar file of its
own, or one attached for information, is read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from commtrace.model import Channel, Found, Problem, ProblemKind, Record, Source
from commtrace.plugins import Item, parser

from ._meetingcard import Card, cards
from ._text import decode

_LARGEST = 64 << 20  # bytes
_MOST_ITEMS = 50_000
_LARGEST_TEXT = 10_000_000  # characters of one item
_START = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,200}BEGIN:(?:VCALENDAR|VEVENT|VTODO)\b", re.IGNORECASE)
_WIDE = tuple("BEGIN:VCALENDAR".encode(name) for name in ("utf-16-le", "utf-16-be"))


def _is_calendar(item: Item) -> bool:
    """Whether an item begins as a calendar."""
    head = item.head[:1024]
    return bool(_START.match(head)) or any(mark in head for mark in _WIDE)


@parser(suffixes=(".ics", ".ical", ".ifb", ".vcs"), claims=_is_calendar)
def calendar(item: Item) -> Iterator[Found]:
    """Calendar file (.ics): meetings, invitations and the answers to them."""
    if item.size > _LARGEST:
        yield _problem(item, ProblemKind.LIMIT_SIZE, "The calendar is too large to be read.")
        return
    text, doubt = decode(item.read(), None)
    found = list(islice(cards(text), _MOST_ITEMS + 1))
    if not found:
        what = "No meeting, task or note was found in the calendar file."
        yield _problem(item, ProblemKind.NO_TEXT, what)
        return
    for number, card in enumerate(found[:_MOST_ITEMS], 1):
        yield _record(_place(item.source, number, len(found)), card, doubt)
    if len(found) > _MOST_ITEMS:
        what = "The calendar has more than 50,000 entries; the rest were not read."
        yield _problem(item, ProblemKind.LIMIT_COUNT, what)


def _place(source: Source, number: int, of: int) -> Source:
    return source if of == 1 else replace(source, part=(*source.part, f"entry {number}"))


def _record(place: Source, card: Card, doubt: str | None) -> Record:
    return Record(
        source=place,
        channel=Channel.MEETING if card.name == "VEVENT" else Channel.NOTE,
        reader="calendar",
        sent=card.sent,
        sender=card.sender,
        to=card.to,
        cc=card.cc,
        subject=card.subject,
        text=card.text[:_LARGEST_TEXT],
        doubts=(*((doubt,) if doubt else ()), *card.doubts),
    )


def _problem(item: Item, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=item.source, reader="calendar", kind=kind, what=what)
