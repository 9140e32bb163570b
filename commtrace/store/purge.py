"""Takes contents out of a case: every row that was read from them, and every trace of their words.

Deleting rows is not enough: SQLite keeps what was deleted in free pages, in the log and in the
segments of a full-text index until each is rewritten. `remove` works in the caller's transaction;
`scrub` needs the database for itself and may be done again at any time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Row, delete, insert, select, update

from commtrace.errors import CaseError
from commtrace.model import Status
from commtrace.store import codec, dialect, writing
from commtrace.store.schema import (
    alias,
    arrival,
    body,
    content,
    derived,
    membership,
    metadata,
    record,
)

WAIT = 5_000  # milliseconds for others to let go of the log
_UNINDEX = (
    "INSERT INTO search(search, rowid, subject, people, text) "
    "SELECT 'delete', id, subject, people, text FROM body WHERE id = ?"
)
_IN_USE = (
    "What was purged may still lie in the database's log: another program has the case open. Close "
    "it and give the same command again."
)


@dataclass(frozen=True, slots=True)
class Material:
    """What a purge is about: contents by SHA-256, and arrivals by number."""

    contents: tuple[tuple[str, int], ...]  # with the size of each
    arrivals: tuple[int, ...]
    shared: tuple[str, ...]  # contents that other arrivals hold too, and that stay


def of_contents(connection: Connection, digests: Iterable[str]) -> Material:
    """Some contents with everything that says where they lay."""
    query = select(arrival.c.id, arrival.c.sha256, arrival.c.size)
    rows: list[Row[Any]] = []
    for some in writing.chunks(digests):
        rows += connection.execute(query.where(arrival.c.sha256.in_(some)))
    sizes = {row.sha256: row.size for row in rows}
    return Material(tuple(sorted(sizes.items())), tuple(row.id for row in rows), ())


def of_custodian(connection: Connection, custodian: str, contents: Collection[str]) -> Material:
    """What lay with a custodian; `contents` are those whose custodian was inferred to be this."""
    rows = connection.execute(
        select(arrival.c.id, arrival.c.sha256, arrival.c.size, arrival.c.custodian)
    ).all()
    mine = [
        row
        for row in rows
        if row.custodian == custodian or (not row.custodian and row.sha256 in contents)
    ]
    numbers = {row.id for row in mine}
    others = {row.sha256 for row in rows if row.id not in numbers}
    sizes = {row.sha256: row.size for row in mine if row.sha256 and row.sha256 not in others}
    shared = tuple(sorted({row.sha256 for row in mine if row.sha256} & others))
    return Material(tuple(sorted(sizes.items())), tuple(sorted(numbers)), shared)


def paths(connection: Connection, material: Material) -> set[str]:
    """The paths of the arrivals that are to go."""
    found: set[str] = set()
    for some in writing.chunks(material.arrivals):
        found.update(
            connection.execute(select(arrival.c.path).where(arrival.c.id.in_(some))).scalars()
        )
    return found


def beside(connection: Connection, digest: str, parts: Iterable[tuple[str, ...]]) -> int:
    """How many communications lie in a content that are neither at nor within any of the places."""
    query = select(membership.c.communication, record.c.part)
    query = query.join(record, record.c.id == membership.c.record)
    query = query.join(content, content.c.id == record.c.content)
    rows = connection.execute(query.where(content.c.sha256 == digest)).all()
    places = tuple(parts)
    outside = {
        name
        for name, part in rows
        if not any(codec.part(part)[: len(place)] == place for place in places)
    }
    return len(outside)


def names(connection: Connection, material: Material) -> set[str]:
    """The ids, past and present, of communications that are known from these contents."""
    found: set[str] = set()
    for numbers in writing.chunks(_records(connection, material)):
        for table, column in ((membership, membership.c.communication), (alias, alias.c.name)):
            query = select(column).where(table.c.record.in_(numbers))
            found.update(connection.execute(query).scalars())
    return found


def remove(connection: Connection, material: Material, reason: str) -> dict[str, int]:
    """Delete the rows; returns how many of each table. A content leaves a row with its hash."""
    connection.exec_driver_sql("PRAGMA secure_delete=ON")
    counts: dict[str, int] = {}
    records = _records(connection, material)
    bodies, keys = _bodies_and_keys(connection, records)
    _keep_names(connection, records)
    for name, numbers in (("membership", records), ("alias", records)):
        table = metadata.tables[name]
        counts[name] = _delete(connection, table.c.record, numbers)
    contents = _contents(connection, material)
    digests = [digest for digest, _ in material.contents]
    for table in reversed(metadata.sorted_tables):
        if table is content:
            counts[table.name] = _delete(connection, table.c.id, contents)
        elif "content" in table.columns:
            counts[table.name] = _delete(connection, table.c.content, contents)
        elif table is arrival:
            counts[table.name] = _delete(connection, table.c.id, material.arrivals)
        elif "sha256" in table.columns:
            counts[table.name] = _delete(connection, table.c.sha256, digests)
    counts |= _delete_texts(connection, bodies)
    _leave_a_row(connection, material, reason)
    messages, minutes, prints = keys
    writing.regroup(connection, [messages, minutes, writing.around(connection, prints)])
    return {name: number for name, number in counts.items() if number}


def _contents(connection: Connection, material: Material) -> list[int]:
    found: list[int] = []
    for some in writing.chunks(digest for digest, _ in material.contents):
        found += connection.execute(
            select(content.c.id).where(content.c.sha256.in_(some))
        ).scalars()
    return found


def _records(connection: Connection, material: Material) -> list[int]:
    found: list[int] = []
    for some in writing.chunks(_contents(connection, material)):
        found += connection.execute(select(record.c.id).where(record.c.content.in_(some))).scalars()
    return found


def _bodies_and_keys(
    connection: Connection, records: Sequence[int]
) -> tuple[set[int], list[set[int]]]:
    bodies: set[int] = set()
    keys: list[set[int]] = [set(), set(), set()]
    query = select(record.c.body, record.c.message_key, record.c.minute_key, record.c.print_key)
    for some in writing.chunks(records):
        for row in connection.execute(query.where(record.c.id.in_(some))):
            bodies.add(row.body)
            for place, key in enumerate(row[1:]):
                if key is not None:
                    keys[place].add(key)
    return bodies, keys


def _keep_names(connection: Connection, records: Sequence[int]) -> None:
    """Old names of a communication that has another copy go on with that copy."""
    gone = set(records)
    query = select(alias.c.name, membership.c.communication).join(
        membership, membership.c.record == alias.c.record
    )
    for some in writing.chunks(records):
        for name, communication in connection.execute(query.where(alias.c.record.in_(some))).all():
            copies = select(membership.c.record).where(membership.c.communication == communication)
            left = sorted(set(connection.execute(copies).scalars()) - gone)
            if left:
                connection.execute(update(alias).where(alias.c.name == name).values(record=left[0]))


def _delete(connection: Connection, column: Column[Any], values: Iterable[Any]) -> int:
    number = 0
    for some in writing.chunks(values):
        number += connection.execute(delete(column.table).where(column.in_(some))).rowcount
    return number


def _delete_texts(connection: Connection, bodies: set[int]) -> dict[str, int]:
    """Texts that no record holds any more, with what was worked out from them."""
    for some in writing.chunks(sorted(bodies)):
        held = select(record.c.body).where(record.c.body.in_(some)).distinct()
        bodies = bodies - set(connection.execute(held).scalars())
    numbers = sorted(bodies)
    if numbers:
        connection.exec_driver_sql(_UNINDEX, [(number,) for number in numbers])
    return {
        "derived": _delete(connection, derived.c.id, map(str, numbers)),
        "body": _delete(connection, body.c.id, numbers),
    }


def _leave_a_row(connection: Connection, material: Material, reason: str) -> None:
    """The ledger goes on accounting for each file, by its hash alone."""
    if not material.contents:
        return
    connection.execute(
        insert(arrival).prefix_with("OR IGNORE"),
        [
            {"path": f"purged/{digest}", "sha256": "", "custodian": "", "inferred": 0, "size": size,
             "status": Status.EXCLUDED.value, "reason": reason}
            for digest, size in material.contents
        ],
    )  # fmt: skip


def scrub(raw: sqlite3.Connection) -> None:
    """Rewrite the index, the file and the log, so that nothing deleted is left in any of them.

    Raises CaseError if another program's use of the case stands in the way.
    """
    raw.execute("PRAGMA secure_delete=ON")
    raw.execute("INSERT INTO search(search) VALUES ('optimize')")
    raw.execute("VACUUM")
    raw.execute(f"PRAGMA busy_timeout={WAIT}")
    busy, *_ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    raw.execute(f"PRAGMA busy_timeout={dialect.WAIT}")
    if busy:
        raise CaseError(_IN_USE)
