"""A case's database, opened: its layout, transactions to write in, connections to read by."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, create_engine, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.schema import CreateIndex

from commtrace.errors import CallError, CaseError
from commtrace.store import (
    dialect,
    seals,
)
from commtrace.store.schema import (
    VERSION,
    indexes,
    metadata,
    setting,
)

NETWORK_NOTE = (
    "The case lies on a network drive, where SQLite's write-ahead log is unsafe: "
    "the slower rollback journal is used. Copy the case to a local disk for speed."
)


class Connected:
    """A case's database at a SQLAlchemy URL; raises CallError for a URL that cannot be used."""

    def __init__(self, url: str) -> None:
        try:
            where = make_url(url)
        except ArgumentError as error:
            raise CallError(
                f"{url!r} is no database URL; use sqlite:///path/to/case.db."
            ) from error
        if where.get_backend_name() != "sqlite":
            raise CallError("Only sqlite:/// databases can hold a case in this version.")
        folder = Path(where.database).parent if where.database else None
        network = folder is not None and dialect.on_network_drive(folder)
        self.notes: tuple[str, ...] = (NETWORK_NOTE,) if network else ()
        self._engine = create_engine(where)
        weakref.finalize(self, self._engine.dispose)  # nobody has to remember to close a case
        self._writer = self._engine.execution_options(writes=True)
        dialect.prepare(self._engine, network=network)
        self._mine = threading.local()
        self._fingerprint: tuple[tuple[int, ...], str] | None = None
        self._create()

    def _create(self) -> None:
        try:
            with self._writer.begin() as connection:
                found = _layout(connection)
                if found in (None, str(VERSION)):
                    self._lay_out(connection, new=found is None)
        except (DatabaseError, UnicodeDecodeError) as error:
            raise CaseError(dialect.DAMAGED) from error
        if found is not None and found != str(VERSION):
            raise CaseError(
                f"The case was made by another version of commtrace (layout {found}, "
                f"not {VERSION}); open it with that version."
            )

    def _lay_out(self, connection: Connection, *, new: bool) -> None:
        metadata.create_all(connection)
        dialect.make_index(connection)
        seals.watch(connection)
        if new:
            connection.execute(setting.insert().values(name="schema", value=str(VERSION)))
        else:
            for index in indexes:  # one that came later than the case
                connection.execute(CreateIndex(index, if_not_exists=True))
        seals.settle(connection)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """One transaction around what this thread adds: all of it is kept, or nothing.

        Within another one it is a part of that.
        """
        if getattr(self._mine, "connection", None) is not None:
            yield
            return
        with self._write() as connection:
            self._mine.connection = connection
            try:
                yield
            finally:
                self._mine.connection = None

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        mine = getattr(self._mine, "connection", None)
        if mine is not None:
            yield mine
            return
        try:
            with self._writer.begin() as connection:
                seals.watch(connection)
                yield connection
                seals.settle(connection)
        except OperationalError as error:
            reason = str(error.orig)
            raise CaseError(f"The case's database cannot be written ({reason}).") from error

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        """A connection to read by: all that is read in it is of one moment."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except OperationalError as error:
            reason = str(error.orig)
            raise CaseError(f"The case's database cannot be read ({reason}).") from error
        except DatabaseError as error:
            raise CaseError(dialect.DAMAGED) from error

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A `batch` for a module of this package that does what no method here does: purge."""
        with self.batch():
            yield self._mine.connection


def _layout(connection: Connection) -> str | None:
    """The layout that a database says it has, None for a new one."""
    if not inspect(connection).has_table(setting.name):
        return None
    query = select(setting.c.value).where(setting.c.name == "schema")
    found: str | None = connection.execute(query).scalar()
    return found
