"""What the columns of a table seem to be: its row of headings, and a guess for each column.

Guessed by the words of the headings and by what stands below them; only ever a proposal, which a
person confirms or changes. The grammar of its value is in `parsers/__init__.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from commtrace.model import Channel
from commtrace.moments import written_dates

from ._grid import Sheet, Value, words
from ._letterpeople import EMAIL

COMMUNICATIONS, AUDIENCE, TEXT = "communications", "audience", "text"
_LOOKED_AT = 30  # rows in which the headings are looked for
_SAMPLE = 200  # rows whose content is looked at
_LONGEST_HEADING = 60
_MOST_COLUMNS = 200
_WORDS: Mapping[str, re.Pattern[str]] = {
    field: re.compile(rf"^(?:{pattern})$", re.IGNORECASE)
    for field, pattern in {
        "date": r"(?:date|dated|day|when|sent|received|logged)(?: (?:and|&) time|/time)?|"
        r"date (?:of )?(?:the )?(?:sent|received|written|logged|letter|call|contact|meeting|email|"
        r"e-mail|correspondence|created|opened|rec'?d)|(?:sent|received|call|contact|letter) date",
        "from": r"from|sender|author|caller|correspondent|complainant|written by|raised by|"
        r"received from|sent by|from \(.*\)|sender name|caller'?s? name|made by|logged by|taken by",
        "to": r"to|recipients?|addressee|sent to|written to|addressed to|to whom|call(?:ed)? to|"
        r"spoke (?:to|with)|to \(.*\)|officer|received by",
        "subject": r"subject|re|regarding|title|about|topic|subject line|subject matter|heading|"
        r"matter|issue|reason(?: for call)?|nature of (?:enquiry|complaint|call)",
        "reference": r"(?:our |your |case |file |letter |log |complaint )?"
        r"(?:ref(?:erence)?\.?|refs)(?: (?:no\.?|number))?|(?:case|log|ticket|complaint|item) "
        r"(?:no\.?|number|id)|ticket|utrn|no\.?|id|#|serial(?: no\.?)?",
        "text": r"text|notes?|details?|content|message|body|comments?|summary|description|"
        r"what was said|outcome|action(?:s| taken)?|remarks|call notes?",
        "channel": r"channel|method|medium|means|type|how|format|contact (?:type|method)|mode|via",
        "name": r"name|full name|contact(?: name)?|member|attendee|parent(?:/carer)?|surname|"
        r"display name|person|family|school|parent name|first name",
        "address": r"e-?mails?(?: address(?:es)?)?|address|contact e-?mail|mail|email 1|"
        r"primary e-?mail|work e-?mail|e-?mail ?id|mailbox",
    }.items()
}
_CHANNELS = (
    (re.compile(r"\b(?:telephone|phone|calls?|calling)\b", re.IGNORECASE), Channel.CALL),
    (re.compile(r"\be-?mails?\b", re.IGNORECASE), Channel.EMAIL),
    (re.compile(r"\b(?:letters?|post(?:al)?|correspondence)\b", re.IGNORECASE), Channel.LETTER),
    (re.compile(r"\b(?:meetings?|appointments?|visits?)\b", re.IGNORECASE), Channel.MEETING),
    (re.compile(r"\b(?:chats?|whatsapp|texts?|sms)\b", re.IGNORECASE), Channel.CHAT),
    (re.compile(r"\bminutes?\b", re.IGNORECASE), Channel.MINUTE),
    (re.compile(r"\bnotes?\b", re.IGNORECASE), Channel.NOTE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """How a table seems to be meant: headings' row (0 for none), columns by field, and why."""

    header: int
    headings: tuple[str, ...]
    as_: str
    channel: Channel
    columns: Mapping[str, str]
    why: str


def guess(sheet: Sheet, name: str) -> Guess:
    """What a table's columns seem to be; `name` is what the file is called, a hint."""
    header = _header(sheet)
    headings = headings_of(sheet, header)
    below = [cells for row, cells in sheet.rows if row > header][:_SAMPLE]
    columns, reasons = _fields(headings, below)
    as_ = _kind(columns)
    if as_ == AUDIENCE:
        columns = {k: v for k, v in columns.items() if k in ("name", "address")}
    elif as_ == COMMUNICATIONS:
        columns = _as_log(columns)
    title = " ".join((sheet.name or "", name, *_above(sheet, header)))
    return Guess(header=header, headings=headings, as_=as_, channel=_channel(title, headings),
                 columns=columns, why=_why(as_, header, columns, reasons))  # fmt: skip


def headings_of(sheet: Sheet, header: int) -> tuple[str, ...]:
    """A name for each column, no two the same: its heading, else "column 3"."""
    cells = next((cells for row, cells in sheet.rows if row == header), ()) if header else ()
    made: list[str] = []
    for number in range(min(sheet.width, _MOST_COLUMNS)):
        said = words(cells[number])[: _LONGEST_HEADING * 2] if number < len(cells) else ""
        name = said or f"column {number + 1}"
        made.append(name if name not in made else f"{name} ({number + 1})")
    return tuple(made)


def channel_of(said: str) -> Channel | None:
    """The channel that a cell's words name."""
    return next((channel for pattern, channel in _CHANNELS if pattern.search(said)), None)


def _header(sheet: Sheet) -> int:
    """The row with the most heading words, if two cells of it or all have one."""
    best, most = 0, 1
    for row, cells in sheet.rows[:_LOOKED_AT]:
        said = [words(cell) for cell in cells if isinstance(cell, str) and cell.strip()]
        known = sum(_field_of(one) is not None for one in said)
        if known > most or (known == len(said) == 1 and best == 0 and sheet.width == 1):
            best, most = row, max(known, 1)
    return best


def _field_of(heading: str) -> str | None:
    said = heading.strip(" :*").removesuffix("?")
    if not said or len(said) > _LONGEST_HEADING:
        return None
    return next((field for field, pattern in _WORDS.items() if pattern.match(said)), None)


def _fields(
    headings: Sequence[str], below: Sequence[Sequence[Value]]
) -> tuple[dict[str, str], list[str]]:
    columns: dict[str, str] = {}
    for heading in headings:
        field = _field_of(heading)
        if field is not None:
            columns.setdefault(field, heading)
    reasons = []
    for number, heading in enumerate(headings):
        if heading in columns.values():
            continue
        cells = [cells[number] for cells in below if number < len(cells) and words(cells[number])]
        if not cells:
            continue
        if "date" not in columns and sum(map(_is_date, cells)) * 5 >= len(cells) * 4:
            columns["date"] = heading
            reasons.append(f'"{heading}" holds dates')
        elif "address" not in columns and sum(map(_is_address, cells)) * 5 >= len(cells) * 4:
            columns["address"] = heading
            reasons.append(f'"{heading}" holds e-mail addresses')
    return columns, reasons


def _is_date(value: Value) -> bool:
    return isinstance(value, date) or (isinstance(value, str) and len(written_dates(value)) == 1
                                       and len(value) < 40)  # fmt: skip


def _is_address(value: Value) -> bool:
    return isinstance(value, str) and EMAIL.search(value) is not None


def _kind(columns: Mapping[str, str]) -> str:
    says = columns.keys() & {"from", "to", "subject", "text", "channel"}
    if "date" in columns and says:
        return COMMUNICATIONS
    if "address" in columns or ("name" in columns and "date" not in columns):
        return AUDIENCE
    return TEXT


def _as_log(columns: Mapping[str, str]) -> dict[str, str]:
    """In a log, a lone name is who wrote or called."""
    kept = {k: v for k, v in columns.items() if k not in ("name", "address")}
    if "from" not in kept and ("name" in columns or "address" in columns):
        kept["from"] = columns.get("name") or columns["address"]
    return kept


def _above(sheet: Sheet, header: int) -> list[str]:
    return [words(cell) for row, cells in sheet.rows[:5] if row < header for cell in cells]


def _channel(title: str, headings: Sequence[str]) -> Channel:
    return channel_of(title.replace("_", " ")) or channel_of(" ".join(headings)) or Channel.NOTE


def _why(as_: str, header: int, columns: Mapping[str, str], reasons: Sequence[str]) -> str:
    where = f"the headings in row {header}" if header else "what its columns hold"
    more = f", and {' and '.join(reasons)}" if reasons and header else ""
    if as_ == COMMUNICATIONS:
        return f"It looks like a log of communications, by {where}{more}."
    if as_ == AUDIENCE:
        return f"It looks like a list of people, by {where}{more}."
    if columns:
        return f"It is no log and no list of people that is known, by {where}; it was read as text."
    return "No headings of a log or of a list of people were found; it was read as text."
