"""Checks a case's database as a stranger would: the file, every row, the books, the audit chain.

Opens it read-only and changes nothing. A check that cannot be made because the file is damaged is
itself a fault; none raises. What the kept copies and `case.toml` hold is for the caller.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from commtrace.model import AuditRow, Fault, Head
from commtrace.store import audit, balance, dialect, log, seals
from commtrace.store.schema import metadata

_MOST = 200  # faults of one kind that are named one by one
_SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'"
_INDEX = "INSERT INTO search(search, rank) VALUES ('integrity-check', 1)"
_UNREADABLE = (sqlite3.Error, SQLAlchemyError, ValueError, OverflowError, MemoryError)


@dataclass
class Examined:
    """What a database showed: its faults, and what the caller needs for the checks of its own."""

    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: int = 0
    root: str | None = None
    index: str | None = None
    audit: tuple[AuditRow, ...] = ()
    head: Head = field(default_factory=lambda: Head(count=0, digest=""))
    contents: dict[str, int] = field(default_factory=dict)  # SHA-256 and size of what must be kept


def examine(database: Path) -> Examined:
    """Check the database at a path; nothing is written to it."""
    seen = Examined()
    if not database.is_file():
        seen.faults.append(Fault(where=database.name, what="The case's database is not there."))
        return seen
    if damage := log.broken(database.with_name(f"{database.name}-wal")):
        seen.faults.append(Fault(where=f"{database.name}-wal", what=damage))
    had_log = database.with_name(f"{database.name}-wal").exists()
    try:
        raw = _opened(database)
    except _UNREADABLE as error:
        seen.faults.append(_unreadable(database, "The case's database", error))
        return seen
    with _left_as_found(database, had_log=had_log), closing(raw):
        _examine(database, raw, seen)
    return seen


@contextmanager
def _left_as_found(database: Path, *, had_log: bool) -> Iterator[None]:
    """Leave no log where there was none: the last connection to close, if it may write, does."""
    if had_log:
        yield
        return
    with closing(sqlite3.connect(database, isolation_level=None)) as last:
        with suppress(sqlite3.Error):
            last.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        yield


def _opened(database: Path) -> sqlite3.Connection:
    """A connection that can only read; on a medium that cannot be written, one without locks."""
    try:
        raw = _connected(f"{database.absolute().as_uri()}?mode=ro")
    except sqlite3.OperationalError:
        raw = _connected(f"{database.absolute().as_uri()}?immutable=1")
    raw.text_factory = _text
    return raw


def _connected(uri: str) -> sqlite3.Connection:
    raw = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        raw.execute("PRAGMA trusted_schema=OFF")
        raw.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error:
        raw.close()
        raise
    return raw


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _unreadable(database: Path, what: str, error: Exception) -> Fault:
    """A fault without the words of the error, which may quote what is stored."""
    name = str(getattr(error, "sqlite_errorname", "") or type(error).__name__)
    return Fault(where=database.name, what=f"{what} cannot be read ({name}).")


def _examine(database: Path, raw: sqlite3.Connection, seen: Examined) -> None:
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    checks: tuple[tuple[str, Callable[[], object]], ...] = (
        ("The layout of the database", lambda: _schema(database, raw, seen)),
        ("The database", lambda: _pages(database, raw, seen)),
        ("The search index", lambda: _index(database, raw, seen)),
        ("The digests of the rows", lambda: _seals(database, raw, seen)),
        ("The ledger", lambda: _books(database, engine, seen)),
        ("The audit chain", lambda: _chain(database, engine, seen)),
    )
    for what, check in checks:
        with _guarded(database, what, seen):
            check()


@contextmanager
def _guarded(database: Path, what: str, seen: Examined) -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as error:
        seen.faults.append(_unreadable(database, what, error))


def _fault(database: Path, seen: Examined, what: str) -> None:
    seen.faults.append(Fault(where=database.name, what=what))


def _schema(database: Path, raw: sqlite3.Connection, seen: Examined) -> None:
    """The tables and indexes are those that this version makes, to the letter."""
    with closing(sqlite3.connect(":memory:")) as fresh:
        engine = create_engine("sqlite://", creator=lambda: fresh, poolclass=StaticPool)
        with engine.begin() as connection:
            metadata.create_all(connection)
            dialect.make_index(connection)
        wanted = set(fresh.execute(_SCHEMA))
    found = set(raw.execute(_SCHEMA))
    for kind, name, *_ in sorted(wanted - found):
        _fault(database, seen, f"The {kind} {name} is not as this version makes it, or is absent.")
    for kind, name, *_ in sorted(found - wanted, key=str):
        if (kind, name) not in {(one[0], one[1]) for one in wanted}:
            _fault(database, seen, f"There is a {kind} that commtrace does not make.")


def _pages(database: Path, raw: sqlite3.Connection, seen: Examined) -> None:
    for (said,) in raw.execute(f"PRAGMA integrity_check({_MOST})"):
        if said != "ok":
            _fault(database, seen, f"SQLite's integrity check says: {said}.")
    for table, row, *_ in raw.execute("PRAGMA foreign_key_check"):
        _fault(database, seen, f"Row {row} of the table {table} points to a row that is not there.")


def _index(database: Path, raw: sqlite3.Connection, seen: Examined) -> None:
    """The search index holds just what the texts hold; its own check needs leave to write."""
    seen.index = seals.index_root(map(raw.execute, seals.INDEX_ROWS))
    try:
        writer = sqlite3.connect(database, isolation_level=None, timeout=1)
    except sqlite3.Error as error:
        seen.faults.append(_unreadable(database, "The search index", error))
        return
    with closing(writer):
        try:
            writer.execute("PRAGMA wal_autocheckpoint=0")
            writer.execute("BEGIN IMMEDIATE")
            writer.execute(_INDEX)
            writer.execute("ROLLBACK")
        except sqlite3.Error as error:
            name = error.sqlite_errorname
            if name.startswith(("SQLITE_READONLY", "SQLITE_BUSY", "SQLITE_CANTOPEN")):
                seen.notes.append(
                    "The search index was not compared with the texts: the case cannot be written "
                    "here. Findings and exports do not use it."
                )
                return
            _fault(database, seen, f"The search index does not fit the texts ({name}).")


def _seals(database: Path, raw: sqlite3.Connection, seen: Examined) -> None:
    blobs = raw.execute(seals.ROOT_ROWS)
    kept = {number: blob if isinstance(blob, bytes) else b"" for number, blob in blobs}
    seen.root = seals.root(sorted(kept.items()))
    for scope, table in seals.TABLES.items():
        with _guarded(database, f"The table {table.name}", seen):
            _table(database, raw, seen, table, _Kept(scope, kept))
    for number in kept:
        _fault(database, seen, f"Digests number {number} belong to no row of any table.")


@dataclass
class _Kept:
    """The digests of one table, taken out of `blobs` as their rows are met."""

    scope: int
    blobs: dict[int, bytes]

    def of(self, part: int) -> bytes:
        return self.blobs.pop(self.scope + part, b"")

    def left(self) -> list[tuple[int, bytes]]:
        """The blobs of this table whose rows were never met."""
        numbers = [number for number in self.blobs if number >> 40 == self.scope >> 40]
        return [(number - self.scope, self.blobs.pop(number)) for number in sorted(numbers)]


def _table(
    database: Path, raw: sqlite3.Connection, seen: Examined, table: Table, kept: _Kept
) -> None:
    part, blob, met = -1, b"", set[int]()
    wrong: list[tuple[int, str]] = []
    for number, *values in raw.execute(f"{seals.every_row(table)} ORDER BY rowid"):
        seen.rows += 1
        if number // seals.ROWS != part:
            wrong.extend(_gone(part, blob, met))
            part, met = number // seals.ROWS, set()
            blob = kept.of(part)
        met.add(number)
        at = number % seals.ROWS * seals.WIDTH
        sealed = blob[at : at + seals.WIDTH].ljust(seals.WIDTH, b"\0")
        if sealed == seals.EMPTY:
            wrong.append((number, "was put in by something other than commtrace"))
        elif sealed != seals.digest(values):
            wrong.append((number, "was altered since it was written"))
    wrong.extend(_gone(part, blob, met))
    for left, digests in kept.left():
        wrong.extend(_gone(left, digests, set()))
    for number, what in wrong[:_MOST]:
        _fault(
            database,
            seen,
            f"Row {number} of the table {table.name} {what}{_file(raw, table, number)}.",
        )
    if len(wrong) > _MOST:
        _fault(
            database, seen, f"So are {len(wrong) - _MOST:,} more rows of the table {table.name}."
        )


def _gone(part: int, blob: bytes, met: set[int]) -> Iterator[tuple[int, str]]:
    for place in range(len(blob) // seals.WIDTH):
        number = part * seals.ROWS + place
        at = place * seals.WIDTH
        if number not in met and blob[at : at + seals.WIDTH] != seals.EMPTY:
            yield number, "was removed by something other than commtrace"


_FILES = {
    "record": "SELECT content.sha256 FROM record JOIN content ON content.id = record.content "
    "WHERE record.id = ?",
    "body": "SELECT content.sha256 FROM record JOIN content ON content.id = record.content "
    "WHERE record.body = ? ORDER BY record.id LIMIT 1",
    "membership": "SELECT content.sha256 FROM record JOIN content ON content.id = record.content "
    "WHERE record.id = ?",
}


def _file(raw: sqlite3.Connection, table: Table, number: int) -> str:
    """The content that a row was read from, as far as that can still be said."""
    query = _FILES.get(table.name)
    if query is None and "sha256" in table.columns:
        query = f"SELECT sha256 FROM {table.name} WHERE rowid = ?"  # noqa: S608 - our own names
    if query is None:
        return ""
    try:
        found = raw.execute(query, (number,)).fetchone()
    except sqlite3.Error:
        return ""
    return f" (of the file {found[0]})" if found and found[0] else ""


def _books(database: Path, engine: Engine, seen: Examined) -> None:
    """What the ledger counts is what is stored; and which copies it says are kept."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT sha256, size FROM arrival WHERE sha256 <> ''")
        seen.contents.update((str(digest), int(size)) for digest, size in rows)
        wrong = balance.differences(connection)
    for digest in wrong[:_MOST]:
        _fault(database, seen, f"Of the file {digest} not just what the ledger counts is stored.")


def _chain(database: Path, engine: Engine, seen: Examined) -> None:
    with engine.connect() as connection:
        seen.head = audit.head(connection)
        if (position := audit.broken_at(connection)) is not None:
            what = f"Row {position} of the audit chain was altered, removed or put in."
            _fault(database, seen, what)
        seen.audit = tuple(audit.every(connection))


def rows_of(database: Path) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Every row of every table, the search index's own included, by table and number: a dump."""
    with closing(_opened(database)) as raw:
        names = [name for (name,) in raw.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'search' ORDER BY name"
        )]  # fmt: skip
        for name in names:
            for row in raw.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2'):  # noqa: S608
                yield name, tuple(row)
