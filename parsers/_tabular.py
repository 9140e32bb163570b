"""What tables become: text before a person has ruled, communications or an audience after.

Without a ruling all tables of a file are one note and each has a proposal. With one, the rows of
its table are communications of grade REPORTED (a log is what its keeper wrote down), or the table
is a list of members; a row that gives nothing is a problem at its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from commtrace.model import (
    Address,
    Attachment,
    Channel,
    Found,
    Grade,
    Problem,
    ProblemKind,
    Proposal,
    Record,
    RulingKind,
    Source,
)
from commtrace.moments import Basis, Moment, days, plausible, say
from commtrace.plugins import Item

from . import _columns, _letterpeople
from ._columns import AUDIENCE, COMMUNICATIONS, TEXT
from ._grid import Sheet, Value, row_text, text_of, words
from ._letterdate import letter_date

LOGGED = "Known from a log; the communication itself was not read here."
_SAMPLE_ROWS = 5
_MOST_MEMBERS = 100_000
_LONGEST_CELL = 300  # characters of a cell that a proposal shows
_KINDS = (COMMUNICATIONS, AUDIENCE, TEXT)
_NO_SENDER = ("-", "n/a", "none", "unknown", "?")


@dataclass(frozen=True, slots=True)
class _Ruling:
    """How a person decided that one table is to be read."""

    as_: str
    header: int
    channel: Channel
    columns: Mapping[str, int]  # field to the number of its column, from 0
    headings: tuple[str, ...]
    value: Mapping[str, Any]


def read(
    item: Item, sheets: Sequence[Sheet], *, reader: str,
    attachments: tuple[Attachment, ...] = (), doubts: tuple[str, ...] = (),
) -> Iterator[Found]:  # fmt: skip
    """The records, proposals and problems of a file's tables."""
    rulings, unfit = _told(item, sheets)
    if unfit:
        what = "The ruling on this table does not fit it; it was read as without one."
        yield Problem(source=item.source, reader=reader, kind=ProblemKind.DOUBTFUL, what=what)
    shown = [
        _rest(sheet, rulings[n]) if n in rulings and rulings[n].as_ == COMMUNICATIONS else sheet
        for n, sheet in enumerate(sheets)
    ]
    text, unsure = text_of([sheet for sheet in shown if sheet.rows or sheet.notes])
    if text.strip():
        yield Record(
            source=item.source, channel=Channel.NOTE, reader=reader, text=text,
            attachments=attachments, doubts=(*doubts, *unsure),
        )  # fmt: skip
    for number, sheet in enumerate(sheets):
        if not sheet.rows:
            continue
        if number in rulings:
            yield from _ruled(_Table(item, sheet, rulings[number], reader))
        else:
            yield _proposal(item, sheet, reader)


def place_of(source: Source, sheet: Sheet) -> Source:
    """Where a table lies: a sheet of a workbook, or the file that is one table."""
    if sheet.name is None:
        return source
    return replace(source, part=(*source.part, f"sheet {sheet.name}"))


def _told(item: Item, sheets: Sequence[Sheet]) -> tuple[dict[int, _Ruling], bool]:
    """The rulings by the number of their sheet, and whether one fits none."""
    said = item.told.get(RulingKind.TABLE)
    if said is None:
        return {}, False
    try:
        value = json.loads(said)
    except (ValueError, RecursionError):
        return {}, True
    found: dict[int, _Ruling] = {}
    unfit = False
    for one in _flat(value):
        number = _sheet_of(one, sheets)
        ruling = _ruling(one, sheets[number]) if number is not None else None
        if number is None or ruling is None:
            unfit = True
        else:
            found[number] = ruling
    return found, unfit


def _flat(value: object) -> list[object]:
    """One mapping, several in a list, or lists of them: the rulings in order."""
    if not isinstance(value, list):
        return [value]
    return [one for inner in value for one in (inner if isinstance(inner, list) else [inner])]


def _sheet_of(value: object, sheets: Sequence[Sheet]) -> int | None:
    if not isinstance(value, dict):
        return None
    name = value.get("sheet")
    if name is None:
        return 0 if len(sheets) == 1 else None
    return next((n for n, sheet in enumerate(sheets) if sheet.name == name), None)


def _ruling(value: object, sheet: Sheet) -> _Ruling | None:
    if not isinstance(value, dict):
        return None
    header, as_ = value.get("header", 0), value.get("as")
    named = value.get("columns") or {}
    if (
        not isinstance(header, int)
        or header < 0
        or as_ not in _KINDS
        or not isinstance(named, dict)
    ):
        return None
    headings = _columns.headings_of(sheet, header)
    columns = {
        str(field): headings.index(name)
        for field, name in named.items()
        if isinstance(name, str) and name in headings
    }
    if len(columns) < sum(bool(name) for name in named.values()):
        return None
    try:
        channel = Channel(value.get("channel") or Channel.NOTE)
    except ValueError:
        return None
    return _Ruling(as_, header, channel, columns, headings, value)


def _rest(sheet: Sheet, ruling: _Ruling) -> Sheet:
    """What of a table are no communications: the rows above its headings, and its notes."""
    above = tuple((row, cells) for row, cells in sheet.rows if row < ruling.header)
    return replace(sheet, rows=tuple(one for one in above if row_text(one[1])))


@dataclass(frozen=True, slots=True)
class _Table:
    """One table that is read under a ruling."""

    item: Item
    sheet: Sheet
    ruling: _Ruling
    reader: str


def _ruled(table: _Table) -> Iterator[Found]:
    sheet, ruling = table.sheet, table.ruling
    if ruling.as_ == COMMUNICATIONS:
        for row, cells in sheet.rows:
            if row > ruling.header and row_text(cells):
                yield _row(table, row, cells)
    value = {
        k: v for k, v in ruling.value.items() if k not in ("members", "sample", "headings", "dates")
    }
    value |= {"headings": list(ruling.headings), "sample": _sample(sheet, ruling.header)}
    value["dates"] = _dates(sheet, ruling.header)
    if ruling.as_ == AUDIENCE:
        value["members"] = _members(sheet, ruling)
    yield Proposal(
        source=place_of(table.item.source, sheet), reader=table.reader, kind=RulingKind.TABLE,
        value=json.dumps(value, ensure_ascii=False), why="It was ruled so.", applied=True,
    )  # fmt: skip


def _row(table: _Table, row: int, cells: Sequence[Value]) -> Record | Problem:
    ruling, above = table.ruling, place_of(table.item.source, table.sheet)
    place = replace(above, part=(*above.part, f"row {row}"))
    said = {field: cells[n] for field, n in ruling.columns.items() if n < len(cells)}
    if not any(words(value) for value in said.values()):
        what = "The row has nothing in the columns that were named; it was not read."
        return Problem(source=place, reader=table.reader, kind=ProblemKind.NO_TEXT, what=what)
    sent, doubts = moment_of(said.get("date"))
    channel, unsure = _channel(said.get("channel"), ruling)
    hidden = ["The row is hidden in the table."] if row in table.sheet.hidden_rows else []
    return Record(
        source=place,
        channel=channel,
        reader=table.reader,
        sent=sent,
        sender=_person(said.get("from")),
        to=_people(said.get("to")),
        subject=words(said.get("subject"))[:2000],
        our_ref=words(said.get("reference"))[:200] or None,
        text=_text(said.get("text"), ruling, cells),
        doubts=(LOGGED, *doubts, *unsure, *hidden),
        grade=Grade.REPORTED,
    )


def moment_of(value: Value) -> tuple[Moment | None, tuple[str, ...]]:
    """The day in a cell: a spreadsheet's own date as it is, a written one day first."""
    if isinstance(value, (date, datetime)):
        day = value.date() if isinstance(value, datetime) else value
        if not plausible(datetime(day.year, day.month, day.day)):  # noqa: DTZ001 - only its year
            return None, (f'The date "{words(value)}" is not a date that can be placed.',)
        return days(day, day, words(value), Basis.LOGGED), ()
    said = words(value)
    if not said:
        return None, ("The row gives no date.",)
    found = letter_date([f"Date: {_without_time(said)}"[:200]])
    if found is None:
        return None, (f'The date "{said[:100]}" is not a date that can be placed.',)
    return replace(found.moment, basis=Basis.LOGGED, said=said[:200]), found.doubts


_CLOCK = re.compile(
    r"[,\sT]*(?:at\s)?\b\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?|hrs|Z)?$",
    re.IGNORECASE,
)


def _without_time(said: str) -> str:
    shorter = _CLOCK.sub("", said)
    return shorter if re.search(r"\d{4}|\d\D+\d+\D+\d", shorter) else said


def _channel(value: Value, ruling: _Ruling) -> tuple[Channel, tuple[str, ...]]:
    said = words(value)
    if not said:
        return ruling.channel, ()
    named = _columns.channel_of(said)
    if named is not None:
        return named, ()
    return ruling.channel, (f'The row calls its channel "{said[:60]}", which is not known.',)


def _person(value: Value) -> Address | None:
    said = words(value)
    return _letterpeople.named(said) if said and said.lower() not in _NO_SENDER else None


def _people(value: Value) -> tuple[Address, ...]:
    said = words(value)
    return _letterpeople.several(said) if said and said.lower() not in _NO_SENDER else ()


def _text(value: Value, ruling: _Ruling, cells: Sequence[Value]) -> str:
    """The text of a row: its own, then whatever stands in columns that nobody named."""
    used = set(ruling.columns.values())
    rest = [
        f"{heading}: {said}"
        for n, heading in enumerate(ruling.headings)
        if n not in used and n < len(cells) and (said := words(cells[n]))
    ]
    own = value if isinstance(value, str) else words(value)
    lines = [words(line) for line in own.splitlines()]
    return "\n".join([*(line for line in lines if line), *rest])


def _members(sheet: Sheet, ruling: _Ruling) -> list[list[str]]:
    """Name and address of each row; where no column is named for it, an address is looked for."""
    members: list[list[str]] = []
    name, address = ruling.columns.get("name"), ruling.columns.get("address")
    for row, cells in sheet.rows:
        if row <= ruling.header:
            continue
        called = words(cells[name]) if name is not None and name < len(cells) else ""
        reached = words(cells[address]) if address is not None and address < len(cells) else ""
        if called or reached:
            members.append([called, reached])
    return members[:_MOST_MEMBERS]


def _proposal(item: Item, sheet: Sheet, reader: str) -> Proposal:
    found = _columns.guess(sheet, item.name)
    value = {
        "sheet": sheet.name, "header": found.header, "as": found.as_,
        "channel": str(found.channel), "columns": dict(found.columns),
        "headings": list(found.headings), "sample": _sample(sheet, found.header),
        "dates": _dates(sheet, found.header),
    }  # fmt: skip
    return Proposal(
        source=place_of(item.source, sheet), reader=reader, kind=RulingKind.TABLE,
        value=json.dumps(value, ensure_ascii=False), why=found.why,
    )  # fmt: skip


def _sample(sheet: Sheet, header: int) -> list[list[str]]:
    rows = [cells for row, cells in sheet.rows if row > header and row_text(cells)]
    return [[words(cell)[:_LONGEST_CELL] for cell in cells[:200]] for cells in rows[:_SAMPLE_ROWS]]


def _dates(sheet: Sheet, header: int) -> dict[str, str]:
    """How the cells shown would be read as dates, by their words: the day, with what is doubted."""
    rows = [cells for row, cells in sheet.rows if row > header and row_text(cells)]
    found: dict[str, str] = {}
    for cell in (cell for cells in rows[:_SAMPLE_ROWS] for cell in cells[:200]):
        said = words(cell)[:_LONGEST_CELL]
        moment, doubts = moment_of(cell)
        if said and moment is not None:
            found[said] = " ".join([say(moment), *(f"({doubt})" for doubt in doubts)])
    return found
