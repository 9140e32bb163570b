"""The ledger below the file, as rows and back: what lay in each container, and what was proposed.

Every function works inside the caller's transaction and looks at the latest reading of a content.
Where a file holds nothing but one record, or could not be read at all, its attempt says everything
and its own row is made from that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, func, select

from commtrace.model import (
    Contained,
    Counts,
    Declared,
    Proposal,
    RulingKind,
    Source,
    Status,
)
from commtrace.store import codec, dialect
from commtrace.store.reading import INTERRUPTED, LATEST, Place, places
from commtrace.store.schema import attempt, contained, content, proposal
from commtrace.store.writing import chunks, content_numbers

Below = tuple[str, int, int, Sequence[tuple[Contained, bool]], Sequence[Proposal]]
_STATES = tuple(status.value for status in Status)
_COLUMNS = (
    "content", "reading", "part", "name", "media_type", "size", "sha256", "status", "reason",
    "reader", "is_record", *_STATES, "declared",
)  # fmt: skip
_CONTAINED = dialect.insert_or_update(contained, ("content", "reading", "part"), *_COLUMNS)
_PROPOSAL = dialect.insert_new(
    proposal, "content", "reading", "part", "reader", "kind", "value", "why", "applied"
)
_DIGITS = re.compile(r"(\d+)")


def add(connection: Connection, found: Sequence[Below]) -> None:
    """Add what lay in some files: SHA-256, size, reading, rows (with whether a record is there).

    A row for a place that has one replaces it.
    """
    numbers = content_numbers(connection, ((one[0], one[1]) for one in found if one[3] or one[4]))
    rows = [
        _row(numbers[sha256], reading, *one)
        for sha256, _, reading, below, _ in found
        for one in below
    ]
    said = [
        (numbers[sha256], reading, codec.encode_part(one.source.part), one.reader, one.kind.value,
         codec.storable(one.value), codec.storable(one.why), int(one.applied))
        for sha256, _, reading, _, proposals in found
        for one in proposals
    ]  # fmt: skip
    if rows:
        connection.exec_driver_sql(_CONTAINED, rows)
    if said:
        connection.exec_driver_sql(_PROPOSAL, said)


def _row(number: int, reading: int, one: Contained, is_record: bool) -> tuple[Any, ...]:
    declared = json.dumps([[d.what, d.number, d.by] for d in one.declared], ensure_ascii=False)
    inside = one.inside
    return (
        number, reading, codec.encode_part(one.source.part), codec.storable(one.name),
        codec.storable(one.media_type), one.size, one.sha256, one.status.value,
        codec.storable(one.reason), one.reader, int(is_record), inside.read, inside.partly,
        inside.duplicate, inside.unsupported, inside.failed, inside.excluded,
        codec.storable(declared),
    )  # fmt: skip


def natural(part: tuple[str, ...]) -> tuple[tuple[tuple[str, int, str], ...], ...]:
    """A key that orders places as a reader counts: message 2 before message 10."""
    return tuple(tuple(map(_counted, _DIGITS.split(piece))) for piece in part)


def _counted(piece: str) -> tuple[str, int, str]:
    if not piece.isdecimal():
        return piece, 0, ""
    digits = piece.lstrip("0")
    return "", len(digits), digits


def every(connection: Connection, sha256: str | None = None) -> Iterator[Contained]:
    """The ledger below the top of all contents or of one, by path and then by place."""
    only = None if sha256 is None else [sha256]
    where = places(connection, only)
    order = sorted(where, key=lambda digest: (where[digest][0].path, digest))
    for some in chunks(order):
        tried = _attempts(connection, some)
        below = _below(connection, some)
        for digest in some:
            yield from _of_content(digest, where[digest][0], tried.get(digest), below)


def _attempts(connection: Connection, some: Sequence[str]) -> dict[str, Any]:
    query = select(attempt).where(attempt.c.id.in_(LATEST), attempt.c.sha256.in_(some))
    return {row.sha256: row for row in connection.execute(query)}


def _below(connection: Connection, some: Sequence[str]) -> dict[str, list[Any]]:
    query = (
        select(content.c.sha256.label("digest"), contained)
        .join(content, content.c.id == contained.c.content)
        .join(attempt, attempt.c.sha256 == content.c.sha256)
        .where(attempt.c.id.in_(LATEST), attempt.c.reading == contained.c.reading)
        .where(content.c.sha256.in_(some))
        .order_by(content.c.sha256)
    )
    rows = connection.execute(query).all()
    return {digest: list(group) for digest, group in groupby(rows, key=lambda row: row.digest)}


def _of_content(
    digest: str, place: Place, tried: Any, below: dict[str, list[Any]]
) -> Iterator[Contained]:
    found = [_contained(Source(sha256=digest, path=place.path, part=codec.part(row.part)), row)
             for row in below.get(digest, ())]  # fmt: skip
    found.sort(key=lambda one: natural(one.source.part))
    if not found or found[0].source.part:
        yield _whole(digest, place, tried)
    yield from found


def _whole(digest: str, place: Place, tried: Any) -> Contained:
    """The row of a file as its attempt has it."""
    status = Status.FAILED if tried is None else Status(tried.status)
    return Contained(
        source=Source(sha256=digest, path=place.path),
        name=place.path.rpartition("/")[2],
        media_type="",
        size=place.size,
        sha256=digest,
        status=status,
        reason=INTERRUPTED if tried is None else tried.reason,
        reader=None if tried is None else tried.reader or None,
        inside=Counts(),
    )


def _contained(source: Source, row: Any) -> Contained:
    said = json.loads(row.declared)
    return Contained(
        source=source,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        status=Status(row.status),
        reason=row.reason,
        reader=row.reader,
        inside=Counts(**{state: getattr(row, state) for state in _STATES}),
        declared=tuple(
            Declared(source=source, what=what, number=number, by=by) for what, number, by in said
        ),
    )


def total(connection: Connection) -> Counts:
    """What lay inside containers, at every level together, by state."""
    query = (
        select(*(func.coalesce(func.sum(contained.c[state]), 0) for state in _STATES))
        .join(content, content.c.id == contained.c.content)
        .join(attempt, attempt.c.sha256 == content.c.sha256)
        .where(attempt.c.id.in_(LATEST), attempt.c.reading == contained.c.reading)
    )
    row = connection.execute(query).one()
    return Counts(**dict(zip(_STATES, row, strict=True)))


def proposals(connection: Connection) -> tuple[Proposal, ...]:
    """How places would be read where a person must decide, by path and place."""
    query = (
        select(content.c.sha256, proposal)
        .join(content, content.c.id == proposal.c.content)
        .join(attempt, attempt.c.sha256 == content.c.sha256)
        .where(attempt.c.id.in_(LATEST), attempt.c.reading == proposal.c.reading)
        .order_by(proposal.c.id)
    )
    rows = connection.execute(query).all()
    where: dict[str, tuple[Place, ...]] = {}
    for some in chunks(dict.fromkeys(row.sha256 for row in rows)):
        where.update(places(connection, some))
    found = [_proposal(row, where[row.sha256][0].path) for row in rows if row.sha256 in where]
    return tuple(sorted(found, key=lambda one: (one.source.path, natural(one.source.part))))


def _proposal(row: Any, path: str) -> Proposal:
    return Proposal(
        source=Source(sha256=row.sha256, path=path, part=codec.part(row.part)),
        reader=row.reader,
        kind=RulingKind(row.kind),
        value=row.value,
        why=row.why,
        applied=bool(row.applied),
    )
