"""A chat exported from WhatsApp as text: each message a communication to the group as it was seen.

The export names no list of members: whoever wrote, came or left is a member as far as the file
shows, and that is said. Media are named as the export names them; a deleted message stays deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from commtrace.model import Address, Channel, Found, Mark, Problem, ProblemKind, Record
from commtrace.plugins import Item, parser

from . import _chatlines
from ._chatlines import Chat, Said
from ._text import clean, decode

MEMBERS = "The export does not list the group's members; they are those it shows writing or moving."
_LARGEST = 64 << 20  # bytes
_MOST = 300_000  # messages
_MOST_MEMBERS = 1_100  # a group holds 1,024
_LOOKED_AT = 200  # lines of its head that tell an export
_FILE_NAME = re.compile(r"^_?(?:WhatsApp Chat (?:with|-) )(.{1,100})\.txt$", re.IGNORECASE)


def _is_export(item: Item) -> bool:
    """Whether an item begins with a stamped line, and most of its stamped lines are messages."""
    head = item.head[:32_768]
    if item.suffix not in (".txt", "") or not re.search(rb"\d[:.]\d\d", head[:400]):
        return False
    text, _ = decode(head, None)
    lines = [line for line in text.splitlines()[:_LOOKED_AT] if line.strip()]
    if not lines or not _chatlines.begins(lines[0]):
        return False
    stamped, like = _chatlines.stamps(lines)
    return stamped >= 2 and like * 10 >= stamped * 8


@parser(suffixes=(".txt",), claims=_is_export)
def whatsapp(item: Item) -> Iterator[Found]:
    """Chat exported from WhatsApp (.txt)."""
    if item.size > _LARGEST:
        yield _problem(item, ProblemKind.LIMIT_SIZE, "The chat is too large to be read.")
        return
    text, doubt = decode(item.read(), None)
    found = _chatlines.chat(clean(text), most=_MOST + 1)
    if not found.said:
        yield _problem(item, ProblemKind.NO_TEXT, "No message was found in the chat.")
        return
    doubts = (*((doubt,) if doubt else ()), *found.doubts, _chatlines.NO_ZONE)
    group = found.group or _group_of(item.name)
    for said, present in _audience(found):
        if said.number > _MOST:
            what = "The chat has more than 300,000 messages; the rest were not read."
            yield _problem(item, ProblemKind.LIMIT_COUNT, what)
            return
        yield _record(item, said, group=group, present=present, doubts=doubts)


def _group_of(name: str) -> str:
    match = _FILE_NAME.match(name)
    return match[1].strip() if match else ""


def _audience(found: Chat) -> Iterator[tuple[Said, Sequence[str]]]:
    """Each message with those who were in the group then, as far as the export shows."""
    present = dict.fromkeys(_at_first(found.said))
    for one in found.said:
        moved = _chatlines.moves(one.text) if one.sender is None else None
        if moved and moved[1]:
            present.update(dict.fromkeys(moved[0]))
        yield one, tuple(present)[:_MOST_MEMBERS]
        for name in moved[0] if moved and not moved[1] else ():
            present.pop(name, None)


def _at_first(said: Sequence[Said]) -> list[str]:
    """Those whose first trace is not that they came: they were there when the export begins."""
    seen: dict[str, bool] = {}
    for one in said:
        if one.sender is not None:
            seen.setdefault(one.sender, True)
        elif moved := _chatlines.moves(one.text):
            for name in moved[0]:
                seen.setdefault(name, not moved[1])
    return [name for name, there in seen.items() if there]


def _record(
    item: Item, said: Said, *, group: str, present: Sequence[str], doubts: tuple[str, ...]
) -> Record:
    source = item.source
    place = type(source)(
        sha256=source.sha256, path=source.path, part=(*source.part, f"message {said.number}")
    )
    return Record(
        source=place,
        channel=Channel.CHAT,
        reader="whatsapp",
        sent=said.moment,
        sender=_person(said.sender) if said.sender else None,
        to=tuple(_person(name) for name in present if name != said.sender),
        subject=group,
        text=said.text,
        marks=() if said.sender else (Mark.AUTOMATIC,),
        doubts=(*doubts, MEMBERS),
    )


def _person(name: str) -> Address:
    return Address(name=name, address="", said=name)


def _problem(item: Item, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=item.source, reader="whatsapp", kind=kind, what=what)
