"""A table while an auditor says which column is what, and how its first rows would then be read.

The preview reads dates day first, as the United Kingdom writes them, and says of a date that it
cannot be read; it shows, and decides nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from commtrace.figures.marks import Table
from commtrace.figures.words import shorten
from commtrace.model import Channel

COMMUNICATIONS, AUDIENCE, TEXT = "communications", "audience", "text"
FIELDS: Mapping[str, str] = {
    "date": "Date",
    "from": "From",
    "to": "To",
    "subject": "Subject",
    "reference": "Reference",
    "text": "Text",
    "channel": "Channel",
}
MEMBERS: Mapping[str, str] = {"name": "Name", "address": "Address"}
PREVIEWED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """A table's mapping: the row of its headings (from 1, 0 for none) and a heading a field."""

    as_: str
    sheet: str | None
    header: int
    channel: str
    columns: Mapping[str, str]
    headings: tuple[str, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()
    dates: Mapping[str, str] = field(default_factory=dict)
    rest: Mapping[str, Any] = field(default_factory=dict)


def mapped(value: str, proposal: str = "") -> Mapped:
    """A mapping from a ruling's or a proposal's value; headings and rows come from the proposal."""
    said = json.loads(value)
    shown = {**(json.loads(proposal) if proposal else {}), **said}
    known = {
        "as",
        "sheet",
        "header",
        "channel",
        "columns",
        "headings",
        "sample",
        "dates",
        "members",
    }
    return Mapped(
        as_=str(said.get("as") or TEXT),
        sheet=said.get("sheet"),
        header=int(said.get("header") or 0),
        channel=str(said.get("channel") or Channel.LETTER),
        columns={str(k): str(v) for k, v in (said.get("columns") or {}).items() if v},
        headings=tuple(str(h) for h in shown.get("headings") or ()),
        sample=tuple(
            tuple("" if c is None else str(c) for c in row) for row in shown.get("sample") or ()
        ),
        dates={str(k): str(v) for k, v in (shown.get("dates") or {}).items()},
        rest={k: v for k, v in said.items() if k not in known},
    )


def value(made: Mapped) -> str:
    """The mapping in the grammar of a ruling: only the fields that its kind has."""
    wanted = fields(made.as_)
    columns = {k: v for k, v in made.columns.items() if k in wanted and v}
    return json.dumps(
        {
            **made.rest,
            "sheet": made.sheet,
            "header": made.header,
            "as": made.as_,
            "channel": made.channel,
            "columns": columns,
        },
        ensure_ascii=False,
    )


def fields(as_: str) -> Mapping[str, str]:
    """The fields of a kind of table, each with the word for it."""
    return {COMMUNICATIONS: FIELDS, AUDIENCE: MEMBERS}.get(as_, {})


def is_text(value: str) -> bool:
    """Whether a table is proposed to be read as text, which needs no decision."""
    return bool(value) and json.loads(value).get("as") == TEXT


def members(value: str) -> int:
    """How many people a table holds that was ruled to be an audience; 0 for any other."""
    return len(json.loads(value).get("members") or ()) if value else 0


def audience(path: str) -> str:
    """The lines of case.toml by which rules come to use a table's audience."""
    name = re.sub(r"[^a-z0-9]+", "-", path.rpartition("/")[2].partition(".")[0].lower()).strip("-")
    return "\n".join((
        "[[audiences]]",
        f'id = "{name or "audience"}"',
        f"label = {json.dumps(path.rpartition('/')[2])}",
        f"from = {json.dumps(path)}",
    ))  # fmt: skip


def headed(made: Mapped, header: int) -> Mapped:
    """Take another row for the headings: one further down, or with 0 none at all.

    What lies above it is left out. Columns stay with their fields where their names stay.
    """
    if header == made.header:
        return made
    if header == 0:
        names, sample = _names((), len(made.headings)), (made.headings, *made.sample)
    elif 0 < header - made.header <= len(made.sample):
        down = header - made.header
        names = _names(made.sample[down - 1], len(made.headings))
        sample = made.sample[down:]
    else:
        return made
    kept = {k: v for k, v in made.columns.items() if v in names}
    return replace(made, header=header, headings=names, sample=sample, columns=kept)


def _names(cells: Sequence[str], width: int) -> tuple[str, ...]:
    """A name for each column as the reader gives them: "column 3" where none is written."""
    made: list[str] = []
    for number in range(max(width, len(cells))):
        name = (cells[number] if number < len(cells) else "") or f"column {number + 1}"
        made.append(name if name not in made else f"{name} ({number + 1})")
    return tuple(made)


def missing(made: Mapped) -> str:
    """What the mapping still needs before it can be used, in a sentence; "" where nothing."""
    says = {"from", "to", "subject", "text"}
    if made.as_ == COMMUNICATIONS and not says & {k for k, v in made.columns.items() if v}:
        return "Say which column holds who wrote, to whom, about what, or the text."
    if made.as_ == AUDIENCE and not any(made.columns.get(k) for k in MEMBERS):
        return "Say which column holds the names, or the addresses."
    return ""


def warning(made: Mapped) -> str:
    """What the mapping will lack, in a sentence; "" where nothing."""
    if made.as_ == COMMUNICATIONS and not made.columns.get("date"):
        return "No column is named for the date: the rows will stand in no week of the timeline."
    return ""


def preview(made: Mapped) -> Table:
    """The first rows as they would be read under the mapping."""
    wanted = [(key, word) for key, word in fields(made.as_).items() if made.columns.get(key)]
    header = tuple(word for _, word in wanted) or tuple(made.headings)
    rows = []
    for cells in made.sample[:PREVIEWED]:
        by = dict(zip(made.headings, cells, strict=False))
        read = [_read(made, key, by.get(made.columns[key], "")) for key, _ in wanted]
        rows.append(tuple(read) if wanted else _padded(cells, len(header)))
    return Table(
        header=header,
        rows=tuple(rows),
        caption="The first rows as they would be read",
    )


def _padded(cells: Sequence[str], width: int) -> tuple[str, ...]:
    return (*(shorten(c, 120) for c in cells), *([""] * width))[:width]


def _read(made: Mapped, key: str, cell: str) -> str:
    """A cell as the reader said that it would read it."""
    if key != "date":
        return shorten(cell, 120) or "nothing there"
    if not cell.strip():
        return "no date there"
    return made.dates.get(cell) or f"“{shorten(cell, 40)}” cannot be read as a date"
