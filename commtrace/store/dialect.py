"""What differs between databases: inserting a row unless it is there, and full-text search.

Everything else in the store is SQLAlchemy Core. SQLite is the one database that this version
speaks; another one needs these functions and nothing more.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine, ExceptionContext, Table, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert

from commtrace.errors import CaseError

_NETWORK = frozenset({
    "9p", "afs", "beegfs", "ceph", "cifs", "davfs", "fuse.davfs", "fuse.gvfsd-fuse", "fuse.rclone",
    "fuse.sshfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs", "vboxsf",
})  # fmt: skip
_WORD = re.compile(r'"([^"]+)"|(\S+)')
_INDEX = """
CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(
    subject, people, text, content='body', content_rowid='id',
    tokenize='unicode61 remove_diacritics 2')
"""
DAMAGED = (
    "The case's database is damaged or is not one of commtrace's; put a copy of it back, or make a "
    "new case and ingest the evidence again."
)
INDEX_TABLES = ("data", "idx", "docsize", "config")  # of FTS5, after the name of the index
WAIT = 30_000  # milliseconds for a lock that another process holds
INDEX_ROWS = "INSERT INTO search(rowid, subject, people, text) VALUES (?, ?, ?, ?)"
SEARCH = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rank, rowid LIMIT ?"


def insert_new(table: Table, *columns: str) -> str:
    """SQL that inserts rows of `columns`, in that order, and ignores those already there."""
    statement = insert(table).values(dict.fromkeys(columns)).on_conflict_do_nothing()
    names = statement.compile(dialect=sqlite.dialect(paramstyle="qmark"))
    if list(names.positiontup or ()) != list(columns):
        raise ValueError(f"Name the columns of {table.name} in the order of the table.")
    return str(names)


def insert_or_update(table: Table, key: Sequence[str], *columns: str) -> str:
    """SQL that inserts rows of `columns`, in that order, and replaces those with the same `key`."""
    statement = insert(table).values(dict.fromkeys(columns))
    newer = {name: statement.excluded[name] for name in columns if name not in key}
    updating = statement.on_conflict_do_update(index_elements=list(key), set_=newer)
    return str(updating.compile(dialect=sqlite.dialect(paramstyle="qmark")))


def make_index(connection: Connection) -> None:
    """Make the full-text index over `body`."""
    connection.exec_driver_sql(_INDEX)


def query(words: str) -> str:
    """What the index is asked for: every word or "quoted phrase", with no operators of its own."""
    words = words.replace("\0", " ").encode("utf-8", "replace").decode()
    found = [phrase or word for phrase, word in _WORD.findall(words)]
    return " ".join('"' + part.replace('"', "") + '"' for part in found if part.strip('"'))


def prepare(engine: Engine, *, network: bool) -> None:
    """Set the journal, the durability and the transactions of every connection to `engine`.

    SQLite's write-ahead log does not work over a network file system (sqlite.org/wal.html), so a
    case on such a drive keeps the older rollback journal. A transaction that writes takes its lock
    at once, because a deferred one can fail after its first read whatever the time-out.
    """
    journal = "DELETE" if network else "WAL"

    @event.listens_for(engine, "connect")
    def connected(raw: sqlite3.Connection, _: object) -> None:
        raw.isolation_level = None
        raw.execute(f"PRAGMA journal_mode={journal}")
        for pragma in ("synchronous=FULL", "foreign_keys=ON", f"busy_timeout={WAIT}",
                       "cache_size=-65536", "temp_store=MEMORY",
                       "wal_autocheckpoint=8000", "trusted_schema=OFF"):  # fmt: skip
            raw.execute(f"PRAGMA {pragma}")

    event.listen(engine, "handle_error", _damaged)

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _damaged(context: ExceptionContext) -> CaseError | None:
    """The error to raise where the file itself is damaged, whenever that is noticed."""
    error = context.original_exception
    name = str(getattr(error, "sqlite_errorname", ""))
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or "decode to UTF-8" in str(error):
        return CaseError(DAMAGED)
    return None


def on_network_drive(folder: Path, mounts: Path = Path("/proc/mounts")) -> bool:
    """Whether `folder` lies on a file system of another machine, as far as this system can tell."""
    if str(folder).startswith(("\\\\", "//")):
        return True
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    here = folder.resolve()
    best, kind = -1, ""
    for line in lines:
        _, point, name, *_ = [*line.split(" "), "", "", ""]
        where = Path(point.replace("\\040", " "))
        if here.is_relative_to(where) and len(where.parts) >= best:
            best, kind = len(where.parts), name
    return kind in _NETWORK
