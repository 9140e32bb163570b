"""A Teams chat that e-discovery exported as a page: each message a communication to the chat.

Recognised by the class names of its parts alone (a `...-message-wrapper` that holds a
`message-sender` and a `message-date`), as public converters of such exports describe them:
Microsoft documents that there are such pages, and not their markup. A page without these parts is
no transcript and is read as any page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from selectolax.lexbor import LexborHTMLParser, LexborNode

from commtrace.model import Address, Channel, Declared, Found, Record
from commtrace.moments import Basis, Moment, instant, plausible
from commtrace.plugins import Item

from . import _html
from ._chatlines import order_of, wall_of
from ._letterpeople import named
from ._text import clean, clean_line

MEMBERS = "The transcript does not list who was in the chat; they are those it shows writing."
NO_ZONE = "The transcript does not give the zone of its times; any zone is allowed for."
_SIGNS = ("message-wrapper", "message-sender", "message-date")
_WRAPPERS = ", ".join(
    f".{kind}-message-wrapper" for kind in ("sent", "received", "unknown-direction")
)
_TIME = re.compile(
    r"(?P<a>\d{1,4})(?P<s>[/.\-])(?P<b>\d{1,2})(?P=s)(?P<c>\d{2,4}),?[ T\u202f]{1,3}"
    r"(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<sec>\d{2}))?(?:\.\d+)?"
    r"(?:\s?(?P<half>[AaPp])\.?[Mm]\.?)?\s*(?P<zone>Z|\(?UTC(?:[+-]0{1,2}:?00)?\)?)?"
)
_UTC = re.compile(r"^\(?UTC\)?$|Coordinated Universal Time", re.IGNORECASE)
_WEST, _EAST = timedelta(hours=-12), timedelta(hours=14)  # the zones of the world
_MOST = 500_000  # messages
_MOST_MEMBERS = 1_000


@dataclass(frozen=True, slots=True)
class _Message:
    sender: str
    date: str
    text: str


def transcript(item: Item, page: str, doubts: tuple[str, ...]) -> list[Found]:
    """The messages of a transcript, and how many it says it holds; empty where it is none."""
    if not all(sign in page for sign in _SIGNS) or _html.too_deep(page):
        return []
    tree = LexborHTMLParser(page)
    said = [one for node in tree.css(_WRAPPERS)[:_MOST] if (one := _message(node)) is not None]
    if not said:
        return []
    facts = _facts(tree)
    members = facts.get("display names", "")
    people = _people(members) or list(dict.fromkeys(one.sender for one in said if one.sender))
    unsure = [*doubts, *(() if members else (MEMBERS,))]
    moments, order_doubts = _moments(said, facts.get("case time zone", ""))
    title = _line(tree.css_first(".chat-title"))
    found: list[Found] = [
        Record(
            source=replace(item.source, part=(*item.source.part, f"message {number}")),
            channel=Channel.CHAT,
            reader="html/teams",
            sent=moment,
            sender=named(one.sender) if one.sender else None,
            to=tuple(_others(people, one.sender)),
            subject=title,
            text=one.text,
            doubts=(*unsure, *order_doubts),
        )
        for number, (one, moment) in enumerate(zip(said, moments, strict=True), 1)
    ]
    number = facts.get("number of messages", "").replace(",", "")
    if number.isdecimal() and len(number) < 9:
        found.append(Declared(source=item.source, what="messages", number=int(number)))
    return found


def _message(node: LexborNode) -> _Message | None:
    sender, date = node.css_first(".message-sender"), node.css_first(".message-date")
    if sender is None and date is None:
        return None
    words = node.css_first(".message-text")
    text = clean(_html.to_text(words.html or "")).strip() if words is not None else ""
    return _Message(_line(sender), _line(date), text)


def _line(node: LexborNode | None) -> str:
    return clean_line(node.text(separator=" ") if node is not None else "")[:2000]


def _facts(tree: LexborHTMLParser) -> dict[str, str]:
    """What the transcript says of itself, by its labels in small letters."""
    found: dict[str, str] = {}
    for row in tree.css("tr")[:2000]:
        label, data = row.css_first(".chat-label, .chat-header"), row.css_first("td.chat-data")
        if label is not None and data is not None:
            inner = [_line(one) for one in data.css("div.chat-data")]
            found.setdefault(_line(label).lower().rstrip(":"), "; ".join(inner) or _line(data))
    return found


def _people(said: str) -> list[str]:
    parts = said.split(";") if ";" in said else said.split(",")
    return [one.strip() for one in parts if one.strip()][:_MOST_MEMBERS]


def _others(people: Sequence[str], sender: str) -> list[Address]:
    return [named(one) for one in people if one != sender]


def _moments(said: Sequence[_Message], zone: str) -> tuple[list[Moment | None], tuple[str, ...]]:
    found = [_TIME.search(one.date) for one in said]
    order, doubts = order_of([one for one in found if one is not None])
    universal = _UTC.search(zone.strip()) is not None
    known = [universal or (one is not None and bool(one["zone"])) for one in found]
    moments = [
        _moment(one, order, words.date, known=is_known)
        for one, words, is_known in zip(found, said, known, strict=True)
    ]
    return moments, doubts if all(known) else (*doubts, NO_ZONE)


def _moment(stamp: re.Match[str] | None, order: str, said: str, *, known: bool) -> Moment | None:
    wall: datetime | None = wall_of(stamp, order) if stamp is not None else None
    if stamp is None or wall is None or not plausible(wall):
        return None
    at = wall.replace(tzinfo=UTC)
    if known and stamp["sec"]:
        return instant(at, said, Basis.CHAT)
    width = timedelta(seconds=1) if stamp["sec"] else timedelta(minutes=1)
    if known:
        return Moment(earliest=at, latest=at + width, said=said, basis=Basis.CHAT)
    return Moment(earliest=at - _EAST, latest=at - _WEST + width, said=said, basis=Basis.CHAT)
