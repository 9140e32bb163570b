"""A document of pages or paragraphs as what it is: a letter, printed mail, or a bundle of both.

Where a person has ruled on the boundaries of its items, those hold exactly. Else a document is
parted at once only where the evidence for its items is strong, each with a doubt that says so, and
otherwise read whole; either way the boundaries come back as a proposal.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from commtrace.model import (
    Attachment,
    Found,
    Grade,
    Problem,
    ProblemKind,
    Proposal,
    Record,
    RulingKind,
)
from commtrace.moments import Basis, Moment, days, local_day
from commtrace.plugins import Item

from . import _bundle, _letter, _printed
from ._letterdate import IN_A_LINE, OF_THE_NAME, heading_date
from ._text import clean_line

UNCONFIRMED = "Where this item begins and ends in the bundle was read from it and is not confirmed."
BY_RULING = "The date of this item is the one that was ruled for it."
_LONG = 30  # units of a document that may be parted by hand though nothing says where
_HEADED = 5  # lines at the head of an item in which a heading may say its date
_SHORT = 80
Finish = Callable[[Record, Sequence[int]], Record]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document's text in units that are counted from 1: pages, or paragraphs of a Word file.

    `groups` are runs of units, by their first and last, among which items are looked for; `outline`
    are (unit, title) of its own bookmarks.
    """

    units: tuple[str, ...]
    unit: str = "page"
    groups: tuple[tuple[int, int], ...] = ()
    outline: tuple[tuple[int, str], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    emphasised: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def paged(self) -> bool:
        """Whether its units are pages."""
        return self.unit == "page"

    def text(self, first: int, last: int) -> str:
        """The text of some units."""
        joined = ("\f" if self.paged else "\n").join(self.units[first - 1 : last])
        return joined if self.paged else joined.rstrip("\n")


@dataclass(frozen=True, slots=True)
class Piece:
    """One item of a bundle: its units, the date that was ruled for it, and its title."""

    first: int
    last: int
    date: date | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is read, under which name, and what is added to each record."""

    item: Item
    document: Document
    reader: str
    finish: Finish


def read(
    item: Item, document: Document, *, reader: str, finish: Finish = lambda record, _: record
) -> Iterator[Found]:
    """The records of a document, and the proposal where a person has to decide on its items.

    `finish` adds to a record what is known of the units it stands on.
    """
    reading = _Reading(item, document, reader, finish)
    told = item.told.get(RulingKind.BUNDLE)
    pieces = _told(told, document) if told is not None else None
    if pieces is None:
        if told is not None:
            what = "The ruling on this bundle does not fit its pages; it was read as without one."
            yield Problem(source=item.source, reader=reader, kind=ProblemKind.DOUBTFUL, what=what)
        yield from _unruled(reading)
        return
    ruled = list(_parted(reading, pieces))
    yield from ruled
    yield _proposal(reading, _said(pieces, ruled), "It was ruled so.", applied=True)


def _unruled(reading: _Reading) -> Iterator[Found]:
    document = reading.document
    found = _starts(document)
    strong, weak = sorted(found.strong), sorted(found.weak)
    if strong:
        pieces = _pieces(strong, found, document)
        parted = list(_parted(reading, pieces, sure=False))
        yield from parted
        why = f"Read as {len(pieces)} items, by {found.why(strong)}."
        yield _proposal(reading, _said(pieces, parted), why, applied=True)
        return
    yield from _whole(reading)
    if weak:
        why = f"It may hold several items, by {found.why(weak)}; it was read as one."
        yield _proposal(reading, _pieces(weak, found, document), why)
    elif document.paged and len(document.units) >= _LONG:
        why = "It is long and was read as one; part it if it holds several items."
        yield _proposal(reading, [Piece(1, len(document.units))], why)


def _starts(document: Document) -> _bundle.Starts:
    """Where items begin, in units."""
    groups = _groups(document)
    outline = [(_group(groups, unit), title) for unit, title in document.outline]
    found = _bundle.starts([document.text(*group) for group in groups], outline)
    if len(groups) == len(document.units):
        return found
    first = {n: group[0] for n, group in enumerate(groups, 1)}
    turned = _bundle.Starts()
    for mine, theirs in ((turned.strong, found.strong), (turned.weak, found.weak)):
        mine.update({first[n]: reasons for n, reasons in theirs.items()})
    turned.titles.update({first[n]: title for n, title in found.titles.items()})
    return turned


def _groups(document: Document) -> tuple[tuple[int, int], ...]:
    return document.groups or tuple((n, n) for n in range(1, len(document.units) + 1))


def _group(groups: Sequence[tuple[int, int]], unit: int) -> int:
    return next((n for n, (first, last) in enumerate(groups, 1) if first <= unit <= last), 0)


def _pieces(chosen: Sequence[int], found: _bundle.Starts, document: Document) -> list[Piece]:
    begin = [1, *chosen]
    ends = [*(n - 1 for n in chosen), len(document.units)]
    return [
        Piece(first, last, None, found.titles.get(first, ""))
        for first, last in zip(begin, ends, strict=True)
    ]


def _told(value: str, document: Document) -> list[Piece] | None:
    """The items of a ruling; None where they do not cover the document once, in order."""
    try:
        said = json.loads(value)
        pieces = [
            Piece(
                int(one["first"]),
                int(one["last"]),
                date.fromisoformat(one["date"]) if one.get("date") else None,
                clean_line(str(one.get("title") or ""))[:200],
            )
            for one in said["items"]
        ]
        unit = str(said.get("unit", document.unit))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    expected = 1
    for piece in pieces:
        if piece.first != expected or piece.last < piece.first:
            return None
        expected = piece.last + 1
    return pieces if expected == len(document.units) + 1 and unit == document.unit else None


def _parted(reading: _Reading, pieces: Sequence[Piece], *, sure: bool = True) -> Iterator[Record]:
    for number, piece in enumerate(pieces):
        attached = () if number else reading.document.attachments
        for record in _item(reading, piece, attached):
            doubts = record.doubts if sure else (*record.doubts, UNCONFIRMED)
            yield replace(record, doubts=doubts, grade=Grade.REPORTED)


def _item(reading: _Reading, piece: Piece, attached: tuple[Attachment, ...]) -> Iterator[Record]:
    """One item of a bundle, read as one document: a letter, or the mails of a chain."""
    document = reading.document
    units = document.units[piece.first - 1 : piece.last]
    text = document.text(piece.first, piece.last)
    if not text.strip():
        return
    source = reading.item.source
    place = replace(source, part=(*source.part, _part(document.unit, piece)))
    printed = _printed.messages(units if document.paged else [text], first=piece.first)
    if printed:
        above = source if document.paged else place
        made = _printed.records(above, printed, reader=reading.reader, name="",
                                paged=document.paged, attachments=attached,
                                doubts=document.doubts)  # fmt: skip
        yield from (reading.finish(record, pages) for record, pages in made)
        return
    record = _letter.record(place, text, reader=reading.reader, name="", attachments=attached,
                            emphasised=document.emphasised, doubts=document.doubts)  # fmt: skip
    yield reading.finish(_dated(record, text, piece), range(piece.first, piece.last + 1))


def _part(unit: str, piece: Piece) -> str:
    if piece.first == piece.last:
        return f"{unit} {piece.first}"
    return f"{unit}s {piece.first}-{piece.last}"


def _dated(record: Record, text: str, piece: Piece) -> Record:
    """An item's record with its title, and the date ruled for it or said in its heading."""
    record = replace(record, subject=record.subject or piece.title)
    if piece.date is not None:
        said = piece.date.isoformat()
        moment = days(piece.date, piece.date, said, Basis.LETTERHEAD)
        if record.sent is not None and _same_day(record.sent, moment):
            return record
        return replace(record, sent=moment, doubts=(*record.doubts, BY_RULING))
    if record.sent is not None or not piece.title:
        return record
    lines = [line for raw in text.split("\n")[:60] if (line := clean_line(raw))][:_HEADED]
    for line in (piece.title, *(line for line in lines if len(line) <= _SHORT)):
        if found := heading_date(line):
            doubts = (*record.doubts, *found.doubts, IN_A_LINE)
            return replace(record, sent=found.moment, doubts=tuple(dict.fromkeys(doubts)))
    return record


def _same_day(one: Moment, other: Moment) -> bool:
    return (one.earliest, one.latest) == (other.earliest, other.latest)


def _whole(reading: _Reading) -> Iterator[Record]:
    document, item = reading.document, reading.item
    text = document.text(1, len(document.units))
    printed = _printed.messages(document.units if document.paged else [text])
    if printed:
        made = _printed.records(item.source, printed, reader=reading.reader, name=item.name,
                                paged=document.paged, attachments=document.attachments,
                                doubts=document.doubts)  # fmt: skip
        yield from (reading.finish(record, pages) for record, pages in made)
        return
    record = _letter.record(item.source, text, reader=reading.reader, name=item.name,
                            attachments=document.attachments, emphasised=document.emphasised,
                            doubts=document.doubts)  # fmt: skip
    yield reading.finish(record, range(1, len(document.units) + 1))


def _said(pieces: Sequence[Piece], records: Sequence[Record]) -> list[Piece]:
    """The items with the dates and titles that were read in them."""
    found: dict[int, Record] = {}
    for record in records:
        for part in record.source.part:
            first = part.rpartition(" ")[2].partition("-")[0]
            if part.startswith(("page", "paragraph")) and first.isdigit():
                found.setdefault(int(first), record)
    return [_shown(piece, found.get(piece.first)) for piece in pieces]


def _shown(piece: Piece, record: Record | None) -> Piece:
    if record is None:
        return piece
    title = piece.title or record.subject
    return replace(piece, date=piece.date or _day(record), title=title)


def _day(record: Record) -> date | None:
    """The one day that a record's date says; None for a longer time and for a file's name."""
    if record.sent is None or OF_THE_NAME in record.doubts:
        return None
    first, last = local_day(record.sent.earliest), local_day(record.sent.last_second)
    if record.sent.basis is Basis.QUOTED_HEADER:  # as wide as the zones are: its middle is meant
        middle = record.sent.earliest + (record.sent.latest - record.sent.earliest) / 2
        return local_day(middle)
    return first if first == last else None


def _proposal(
    reading: _Reading, pieces: Sequence[Piece], why: str, *, applied: bool = False
) -> Proposal:
    document = reading.document
    outline = [
        [first, _bundle.first_words(document.text(first, last))]
        for first, last in _groups(document)
    ]
    value = {
        "items": [_as_json(piece, document) for piece in pieces],
        "unit": document.unit,
        "outline": outline,
    }
    return Proposal(
        source=reading.item.source,
        reader=reading.reader,
        kind=RulingKind.BUNDLE,
        value=json.dumps(value, ensure_ascii=False),
        why=why,
        applied=applied,
    )


def _as_json(piece: Piece, document: Document) -> dict[str, Any]:
    title = piece.title or _bundle.first_words(document.text(piece.first, piece.last))
    said = piece.date.isoformat() if piece.date else None
    return {"first": piece.first, "last": piece.last, "date": said, "title": title}
