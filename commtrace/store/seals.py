"""Seals: a digest of every row, kept beside it, so that any row altered behind the store is found.

Temporary triggers of the writing connection note which rows a transaction touches; before it ends,
their digests are brought up to date. Another program's writes fire no such trigger, so its rows no
longer match. A digest is the first 16 bytes of the SHA-256 of the row as JSON; 120 lie in one blob.
The audit chain keeps the digest of all of them (`root`), and is itself not sealed here.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Table

from commtrace.store import dialect
from commtrace.store.schema import audit, metadata, seal

WIDTH, ROWS = 16, 120  # bytes of a digest; digests in a blob (two blobs fill a page)
EMPTY = bytes(WIDTH)
_WORKED_OUT = frozenset({"derived", "setting"})  # may be made again at any time: not in the root
TABLES: Mapping[int, Table] = {
    (zlib.crc32(table.name.encode()) & 0x7FFFFF) << 40: table
    for table in metadata.sorted_tables
    if table is not audit and table is not seal
}
_SCOPES = {table.name: scope for scope, table in TABLES.items()}
_PENDING = "CREATE TEMP TABLE touched (scope INTEGER NOT NULL, row INTEGER NOT NULL)"
_WATCHED = "SELECT 1 FROM temp.sqlite_schema WHERE name = 'touched'"
_READ = "SELECT id, digests FROM seal WHERE id BETWEEN ? AND ?"
_KEEP = "INSERT OR REPLACE INTO seal(id, digests) VALUES (?, ?)"
_EVENTS = {"INSERT": ("new",), "UPDATE": ("old", "new"), "DELETE": ("old",)}
_NOTE = "INSERT INTO touched VALUES"
_SCOPES_TOUCHED = "SELECT DISTINCT scope FROM temp.touched"
_ROWS_TOUCHED = "SELECT DISTINCT row FROM temp.touched WHERE scope = ?"
_encode = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=lambda raw: raw.hex()
).encode


def watch(connection: Connection) -> None:
    """Note from here on which rows this connection touches; the tables must be there."""
    if connection.exec_driver_sql(_WATCHED).first():
        return
    connection.exec_driver_sql(_PENDING)
    for scope, table in TABLES.items():
        for what, rows in _EVENTS.items():
            noted = " ".join(f"{_NOTE} ({scope}, {row}.rowid);" for row in rows)
            connection.exec_driver_sql(
                f"CREATE TEMP TRIGGER {table.name}_{what.lower()} AFTER {what} "
                f"ON main.{table.name} BEGIN {noted} END"
            )


def settle(connection: Connection) -> None:
    """Bring the seals of all rows touched in this transaction up to date."""
    for (scope,) in connection.exec_driver_sql(_SCOPES_TOUCHED).all():
        rows = connection.exec_driver_sql(_ROWS_TOUCHED, (scope,)).scalars()
        made = dict.fromkeys(rows, EMPTY)
        there = f"{every_row(TABLES[scope])} WHERE rowid IN ({_ROWS_TOUCHED})"
        made.update(_digests(connection.exec_driver_sql(there, (scope,))))
        _keep(connection, scope, made)
    connection.exec_driver_sql("DELETE FROM temp.touched")


def again(connection: Connection) -> None:
    """Seal every row anew, where rows have new numbers (SQLite's VACUUM gives some)."""
    connection.exec_driver_sql("DELETE FROM seal")
    for scope, table in TABLES.items():
        _keep(connection, scope, dict(_digests(connection.exec_driver_sql(every_row(table)))))


def every_row(table: Table) -> str:
    """SQL for the rows of a table as they are sealed: number, then every column."""
    return f"SELECT rowid, {', '.join(column.name for column in table.columns)} FROM {table.name}"  # noqa: S608 - names of our own schema


def _digests(rows: Iterable[Any]) -> Iterator[tuple[int, bytes]]:
    for row in rows:
        yield row[0], digest(row[1:])


def digest(row: Iterable[Any]) -> bytes:
    """The seal of a row's values."""
    return sha256(_encode(list(row)).encode("utf-8", "surrogateescape")).digest()[:WIDTH]


def _keep(connection: Connection, scope: int, made: Mapping[int, bytes]) -> None:
    if not made:
        return
    parts = sorted({row // ROWS for row in made})
    blobs = {
        number - scope: bytearray(old)
        for number, old in connection.exec_driver_sql(_READ, (scope + parts[0], scope + parts[-1]))
    }
    for row, new in made.items():
        blob = blobs.setdefault(row // ROWS, bytearray())
        at = row % ROWS * WIDTH
        blob.extend(bytes(max(0, at + WIDTH - len(blob))))
        blob[at : at + WIDTH] = new
    rows = [(scope + part, bytes(blobs[part])) for part in parts]
    connection.exec_driver_sql(_KEEP, rows)


def root(blobs: Iterable[tuple[int, bytes]]) -> str:
    """One digest over the seals (their rows in order) of all that is not worked out from others."""
    left_out = {_SCOPES[name] >> 40 for name in _WORKED_OUT}
    total = sha256()
    for number, digests in blobs:
        if number >> 40 not in left_out and digests.strip(b"\0"):
            total.update(f"{number}:{digests.rstrip(bytes(1)).hex()}\n".encode())
    return total.hexdigest()


def index_root(tables: Iterable[Iterable[Any]]) -> str:
    """One digest over the rows of the search index's own tables, in their order."""
    total = sha256()
    for rows in tables:
        for row in rows:
            total.update(digest(row))
    return total.hexdigest()


ROOT_ROWS = "SELECT id, digests FROM seal ORDER BY id"
INDEX_ROWS = tuple(f"SELECT * FROM search_{name} ORDER BY 1, 2" for name in dialect.INDEX_TABLES)  # noqa: S608 - names of our own schema
