"""How a person decided that a place is to be read: checked, kept in the audit chain, and obeyed.

A ruling is a row of the chain, so it is never changed; the latest of a kind at a content and place
counts, and one with the value `null` withdraws it. The file is then read again under what counts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commtrace import custody
from commtrace.errors import CallError
from commtrace.evidence.ingest import reread
from commtrace.model import AuditRow, Channel, Proposal, Ruling, RulingKind, Source

if TYPE_CHECKING:
    from commtrace.store import Store

WITHDRAWN = "null"
NOT_OBEYED = (
    "The ruling is kept, but the file could not be read again under it; what was read of it before"
    " stays."
)
_LONGEST = 1 << 20  # characters of a value
_LONGEST_TITLE = 1000
_UNITS = ("page", "paragraph")
_FIELDS: Mapping[str, frozenset[str]] = {
    "communications": frozenset({"date", "from", "to", "subject", "reference", "text", "channel"}),
    "audience": frozenset({"name", "address"}),
    "text": frozenset(),
}
_TABLE = frozenset({"sheet", "header", "as", "channel", "columns"})
_SHOWN = frozenset(
    {"headings", "sample", "dates", "members"}
)  # a proposal shows them; they decide nothing


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is to be decided, and what is known of it there."""

    source: Source
    kind: RulingKind
    known: Mapping[str, Any]


def of(store: Store) -> tuple[Ruling, ...]:
    """The rulings that count, oldest first: the latest of a kind at a content and place."""
    latest: dict[tuple[str, tuple[str, ...], RulingKind], Ruling] = {}
    for one in history(store):
        key = (one.source.sha256, one.source.part, one.kind)
        latest.pop(key, None)
        if one.value != WITHDRAWN:
            latest[key] = one
    return tuple(latest.values())


def history(store: Store) -> tuple[Ruling, ...]:
    """Every ruling ever made whose words were not purged, oldest first."""
    return tuple(_ruling(row) for row in store.audit(custody.RULING) if row.words is not None)


def _ruling(row: AuditRow) -> Ruling:
    words = row.words or {}
    return Ruling(
        source=Source(sha256=row.subject, path=words["path"], part=tuple(words["part"])),
        kind=RulingKind(words["kind"]),
        value=words["value"],
        because=words["because"],
        who=row.who,
        when=row.when,
    )


def keep(
    store: Store, place: Source, kind: RulingKind, value: str, *, because: str, who: str
) -> Ruling:
    """Check a ruling against what is known of its place and append it to the chain.

    Raises CallError, one sentence, where the place has nothing to decide or the value cannot be
    meant there.
    """
    said = canonical(_place(store, place, kind), value)
    words = {
        "path": place.path,
        "part": list(place.part),
        "kind": kind.value,
        "value": said,
        "because": because,
    }
    return _ruling(store.note(custody.RULING, place.sha256, words, who))


def obey(folder: Path, store: Store) -> tuple[str, ...]:
    """Read again what has a ruling that was not obeyed yet, note it, and return warnings.

    Where a file could not be read again a warning says so, and what was read of it before stays.
    Raises CaseError if an ingest is under way: the next one obeys then.
    """
    wanted = waiting(store)
    if not wanted:
        return ()
    try:
        warnings = reread(wanted, case_folder=folder, store=store, rulings=of(store)).warnings
    except LookupError as error:
        warnings = (str(error),)
    for sha256 in wanted:
        words = {"warnings": list(warnings)}
        custody.note(store, custody.READ_AGAIN, words, subject=sha256)
    return tuple(warnings)


def waiting(store: Store) -> tuple[str, ...]:
    """Contents with a ruling after which they were not read again: the program was cut off."""
    open_ones: dict[str, None] = {}
    for row in store.audit():
        if row.action == custody.RULING and row.words is not None:
            open_ones[row.subject] = None
        elif row.action == custody.READ_AGAIN:
            open_ones.pop(row.subject, None)
    return tuple(open_ones)


def _place(store: Store, source: Source, kind: RulingKind) -> Place:
    """What the proposal there says, else an earlier ruling on the same place."""
    here = (source.sha256, source.part, kind)
    said: Sequence[Proposal | Ruling] = [*store.proposals(), *reversed(history(store))]
    for one in said:
        if (one.source.sha256, one.source.part, one.kind) == here and one.value != WITHDRAWN:
            known = json.loads(one.value)
            return Place(source, kind, known if isinstance(known, dict) else {})
    raise CallError("There is nothing of this kind to decide at that place.")


def canonical(place: Place, value: str) -> str:
    """A value as it is kept; raises CallError where it does not fit its grammar and place."""
    if len(value) > _LONGEST:
        raise CallError("The ruling is longer than a ruling can be.")
    try:
        said = json.loads(value)
    except (ValueError, RecursionError) as error:
        raise CallError("The ruling is not JSON.") from error
    if said is None:
        return WITHDRAWN
    return json.dumps(_GRAMMAR[place.kind](said, place.known), ensure_ascii=False, sort_keys=True)


def _bundle(said: Any, known: Mapping[str, Any]) -> dict[str, Any]:
    items = said.get("items") if isinstance(said, dict) else None
    if not isinstance(items, list) or not items:
        raise CallError("A bundle has at least one item.")
    unit = said.get("unit", known.get("unit", "page"))
    if unit not in _UNITS:
        raise CallError(f"The unit of a bundle is one of {', '.join(_UNITS)}.")
    last = _last(known)
    made, expected = [], 1
    for number, item in enumerate(items, 1):
        made.append(_item(item, number, unit))
        first = made[-1]["first"]
        if first < expected:
            raise CallError(f"Item {number} overlaps the one before it at {unit} {first}.")
        if first > expected:
            raise CallError(f"{unit.capitalize()} {expected} is in no item.")
        expected = made[-1]["last"] + 1
    if last is not None and expected <= last:
        raise CallError(f"{unit.capitalize()} {expected} is in no item.")
    if last is not None and expected > last + 1:
        raise CallError(f"The document has {last:,} {unit}s; item {len(made)} goes beyond them.")
    return {"items": made, "unit": unit}


def _last(known: Mapping[str, Any]) -> int | None:
    items = known.get("items") or []
    return max((item["last"] for item in items), default=None)


def _item(item: Any, number: int, unit: str) -> dict[str, Any]:
    if not isinstance(item, dict) or item.keys() - {"first", "last", "date", "title"}:
        raise CallError(
            f"Item {number} of the bundle has a first and a last {unit}, a date, a title."
        )
    first, last = item.get("first"), item.get("last")
    if type(first) is not int or type(last) is not int or not 1 <= first <= last:
        raise CallError(f"Item {number} of the bundle ends before it begins.")
    title = item.get("title") or ""
    if not isinstance(title, str) or len(title) > _LONGEST_TITLE:
        raise CallError(f"The title of item {number} is no line of text.")
    return {"first": first, "last": last, "date": _day(item.get("date"), number), "title": title}


def _day(said: Any, number: int) -> str | None:
    if said is None or said == "":
        return None
    try:
        found = date.fromisoformat(said)
    except (TypeError, ValueError):
        found = None
    if found is None or found.isoformat() != said or not 1900 <= found.year <= 2100:
        raise CallError(f"The date of item {number} is no day written like 2022-02-14.")
    return str(said)


def _table(said: Any, known: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(said, dict) or said.keys() - _TABLE - _SHOWN:
        raise CallError("A table's ruling says sheet, header, as, channel and columns.")
    as_ = str(said.get("as"))
    if as_ not in _FIELDS:
        raise CallError(f"A table is read as one of {', '.join(_FIELDS)}.")
    header = said.get("header", known.get("header", 0))
    if type(header) is not int or header < 0:
        raise CallError("The row of a table's headings is a number, 0 for none.")
    channel = said.get("channel") or Channel.LETTER.value
    if channel not in list(Channel):
        raise CallError(f"The channel of a table's rows is one of {', '.join(Channel)}.")
    columns = _columns(
        said.get("columns") or {}, as_, known, same_header=header == known.get("header")
    )
    sheet = said.get("sheet", known.get("sheet"))
    return {"sheet": sheet, "header": header, "as": as_, "channel": channel, "columns": columns}


def _columns(said: Any, as_: str, known: Mapping[str, Any], *, same_header: bool) -> dict[str, str]:
    if not isinstance(said, dict) or not all(isinstance(v, str) for v in said.values()):
        raise CallError("The columns of a table are named by their headings.")
    fields, columns = _FIELDS[as_], {key: value for key, value in said.items() if value}
    for field in columns:
        if field not in fields:
            raise CallError(f'A table read as {as_} has no field "{field}".')
    headings = known.get("headings") or ()
    for heading in columns.values() if headings and same_header else ():
        if heading not in headings:
            raise CallError(f'The table has no column "{heading}".')
    if as_ == "communications" and not columns.keys() & {"from", "to", "subject", "text"}:
        raise CallError("Say which column holds from, to, subject or text.")
    if as_ == "audience" and not columns:
        raise CallError("Say which column holds the name or the address of a member.")
    return columns


def _deleted(said: Any, _known: Mapping[str, Any]) -> bool:
    if not isinstance(said, bool):
        raise CallError("Whether deleted items are read is true or false.")
    return said


_GRAMMAR = {
    RulingKind.BUNDLE: _bundle,
    RulingKind.TABLE: _table,
    RulingKind.DELETED_ITEMS: _deleted,
}
