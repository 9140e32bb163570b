"""The case's memory: evidence values and decisions, append-only, in one database at a URL.

One process writes, in transactions that take their lock at once; any number read. What is added
twice is there once. Parsing, grouping by meaning and every rule are the work of others.
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from sqlalchemy import Connection, create_engine, func, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlalchemy.schema import CreateIndex

from commtrace.errors import CallError, CaseError
from commtrace.model import (
    AuditRow,
    Channel,
    Communication,
    CommunicationId,
    Contained,
    Counts,
    Decision,
    File,
    Head,
    Problem,
    ProblemKind,
    Proposal,
    Record,
    Source,
    Status,
)
from commtrace.store import (
    audit,
    balance,
    codec,
    derivation,
    dialect,
    levels,
    purge,
    reading,
    readings,
    seals,
    writing,
)
from commtrace.store.schema import (
    VERSION,
    arrival,
    attempt,
    content,
    derived,
    indexes,
    membership,
    metadata,
    problem,
    record,
    setting,
)

_ARRIVAL = dialect.insert_new(
    arrival, "path", "sha256", "custodian", "inferred", "supplied_by", "size", "status", "reason",
    "problem",
)  # fmt: skip
_ATTEMPT = dialect.insert_new(
    attempt, "sha256", "reading", "reader", "version", "status", "reason", "communications",
    "embedded", "problems", "owner",
)  # fmt: skip
_PROBLEM = dialect.insert_new(problem, "sha256", "version", "part", "reader", "kind", "what")
_DERIVED = dialect.insert_new(derived, "kind", "version", "id", "value")
NETWORK_NOTE = (
    "The case lies on a network drive, where SQLite's write-ahead log is unsafe: "
    "the slower rollback journal is used. Copy the case to a local disk for speed."
)


class Store:
    """A case's database at a SQLAlchemy URL, such as `sqlite:////cases/transport/case.db`.

    Raises CallError for a URL that cannot be used and CaseError for a file that is no case.
    """

    encode = staticmethod(codec.encode)

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

    # What evidence hands over

    def arrive(
        self,
        *,
        path: str,
        sha256: str | None,
        size: int,
        custodian: str | None = None,
        custodian_inferred: bool = False,
        supplied_by: str | None = None,
        status: Status | None = None,
        reason: str | None = None,
        problem: ProblemKind | None = None,
    ) -> bool:
        """Note that an input file was supplied; False if that was known.

        `sha256` is None where its bytes could not be had or are not wanted: then `status` and
        `reason` say what became of it, and `problem` why.
        """
        row = (codec.storable(path), sha256 or "", custodian or "", int(custodian_inferred),
               supplied_by, size, status, reason, problem)  # fmt: skip
        with self._write() as connection:
            return connection.exec_driver_sql(_ARRIVAL, row).rowcount > 0

    def add(
        self,
        rows: Sequence[codec.Row],
        *,
        sha256: str,
        size: int,
        problems: Iterable[Problem] = (),
        version: str = "",
        reading: int = 1,
    ) -> int:
        """Add records (as `encode` made them) and problems of one file in one transaction.

        Returns how many records were new. Hand over at most 1,000 at a time.
        """
        return self.add_files([(sha256, size, rows, tuple(problems), version, reading)])

    def add_files(
        self, found: Sequence[tuple[str, int, Sequence[codec.Row], Sequence[Problem], str, int]]
    ) -> int:
        """Add what was found in several small files (as for `add`) in one transaction."""
        said = [
            (sha256, version, codec.encode_part(p.source.part), p.reader, p.kind.value,
             codec.storable(p.what))
            for sha256, _, _, problems, version, _ in found
            for p in problems
        ]  # fmt: skip
        with self._write() as connection:
            added = writing.add_records(
                connection, [(s, size, reading, rows) for s, size, rows, *_, reading in found]
            )
            if said:
                connection.exec_driver_sql(_PROBLEM, said)
        return added

    def add_contained(self, found: Sequence[levels.Below]) -> None:
        """Add what lay in some files, and how they would be read where a person must decide.

        SHA-256, size, reading, rows each with whether a record lies at that very place, proposals.
        """
        with self._write() as connection:
            levels.add(connection, found)

    def following(self, sha256: str) -> int:
        """The number of the next reading of a content: one more than the attempts at it."""
        with self._read() as connection:
            return readings.following(connection, sha256)

    def set_aside(self, sha256: str) -> None:
        """Take what was read of a content out of all communications: it is read again now.

        To be called in the `batch` in which the new reading is added and finished.
        """
        with self._write() as connection:
            readings.set_aside(connection, sha256)

    def uneven(self, sha256: str) -> str | None:
        """A sentence where what lay inside a content is not all in one state; None if it is."""
        mine = getattr(self._mine, "connection", None)
        if mine is not None:
            return next((what for _, what in balance.uneven(mine, sha256)), None)
        with self._read() as connection:
            return next((what for _, what in balance.uneven(connection, sha256)), None)

    def finish(
        self,
        *,
        sha256: str,
        reader: str | None,
        version: str,
        status: Status,
        reason: str,
        communications: int = 0,
        embedded: int = 0,
        problems: int = 0,
        owner: str | None = None,
        reading: int = 1,
    ) -> None:
        """Note how the reading of a file ended; the latest attempt is the one that counts.

        `owner` is the address most of its messages were delivered to, the inferred custodian.
        """
        row = (sha256, reading, reader or "", version, status, reason, communications, embedded,
               problems, owner)  # fmt: skip
        with self._write() as connection:
            connection.exec_driver_sql(_ATTEMPT, row)
            if reading > 1:
                readings.succeed(connection, sha256)

    def add_records(
        self, records: Iterable[Record], *, custodian: str | None = None, version: str = ""
    ) -> None:
        """Add whole records with the ledger rows of the files they name: small cases, stories."""
        by_file: dict[tuple[str, str], list[Record]] = {}
        for item in records:
            by_file.setdefault((item.source.sha256, item.source.path), []).append(item)
        for (digest, path), some in by_file.items():
            self.arrive(path=path, sha256=digest, size=0, custodian=custodian)
            self.add([codec.encode(item) for item in some], sha256=digest, size=0)
            self.finish(sha256=digest, reader=some[0].reader, version=version, status=Status.READ,
                        reason="Read whole.", communications=len(some))  # fmt: skip

    def attempts(self, sha256: str) -> tuple[tuple[str, str, Status], ...]:
        """The readers, versions and outcomes of the attempts at a content, in order."""
        query = select(attempt.c.reader, attempt.c.version, attempt.c.status)
        query = query.where(attempt.c.sha256 == sha256).order_by(attempt.c.id)
        with self._read() as connection:
            return tuple((r, v, Status(s)) for r, v, s in connection.execute(query))

    def attempted(self) -> dict[str, tuple[Status, frozenset[tuple[str, str]]]]:
        """For each content the state it is in, and the readers and versions that tried it."""
        query = select(attempt.c.sha256, attempt.c.reader, attempt.c.version, attempt.c.status)
        found: dict[str, tuple[Status, frozenset[tuple[str, str]]]] = {}
        with self._read() as connection:
            for digest, reader, version, status in connection.execute(query.order_by(attempt.c.id)):
                tried = found[digest][1] if digest in found else frozenset()
                found[digest] = (Status(status), tried | {(reader, version)})
        return found

    # What everybody else asks for

    def files(self) -> tuple[File, ...]:
        """The evidence ledger: exactly one row for each input file, sorted by path."""
        with self._read() as connection:
            return reading.files(connection)

    def problems(self) -> tuple[Problem, ...]:
        """Everything that could not be read, or was read with a doubt, sorted by place."""
        with self._read() as connection:
            return reading.problems(connection)

    def contained(self, sha256: str | None = None) -> tuple[Contained, ...]:
        """The ledger below the file, of all contents or one: by path, then by place."""
        with self._read() as connection:
            return tuple(levels.every(connection, sha256))

    def inside(self) -> Counts:
        """What lay inside files, at every level, by its state."""
        with self._read() as connection:
            return levels.total(connection)

    def proposals(self) -> tuple[Proposal, ...]:
        """How places would be read where a person must decide, by path and place."""
        with self._read() as connection:
            return levels.proposals(connection)

    def communications(self) -> Iterator[Communication]:
        """Every communication, sorted by id, one at a time and without its text."""
        with self._read() as connection:
            yield from reading.communications(connection)

    def texts(self, ids: Iterable[str]) -> dict[str, str]:
        """The text of the most complete copy of each communication; unknown ids are left out."""
        with self._read() as connection:
            return reading.texts(connection, ids)

    def search(self, words: str, limit: int = 50) -> list[CommunicationId]:
        """The ids of communications that hold all words (or "phrases"), best match first."""
        with self._read() as connection:
            return reading.search(connection, words, limit)

    def resolve(self, name: str) -> CommunicationId | None:
        """The present id of a name that was ever printed, None if it never was one."""
        with self._read() as connection:
            found = reading.resolve(connection, [name]).get(name)
        return CommunicationId(found) if found is not None else None

    def at(self, source: Source) -> CommunicationId | None:
        """The communication that was read at a place of a content, None if none was."""
        query = select(membership.c.communication).join(record, record.c.id == membership.c.record)
        query = query.join(content, content.c.id == record.c.content)
        query = query.where(content.c.sha256 == source.sha256)
        query = query.where(record.c.part == codec.encode_part(source.part))
        with self._read() as connection:
            found = connection.execute(query).scalar()
        return CommunicationId(found) if found is not None else None

    def record(self, name: str) -> Record | None:
        """The most complete copy of a communication, with its text."""
        with self._read() as connection:
            numbers = list(reading.cited(connection, [name]).values())
            return next(iter(reading.records(connection, numbers).values()), None)

    def records(self, name: str) -> tuple[Record, ...]:
        """Every copy of a communication, in the order of content and place."""
        with self._read() as connection:
            found = reading.records(connection, reading.copies_of(connection, name))
        return tuple(sorted(found.values(), key=lambda item: item.source))

    def derived_get(self, kind: str, version: str, ids: Iterable[str]) -> dict[str, str]:
        """What was derived before, by id; ids for which nothing was kept are left out."""
        query = select(derived.c.id, derived.c.value)
        query = query.where(derived.c.kind == kind, derived.c.version == version)
        found: dict[str, str] = {}
        with self._read() as connection:
            for some in writing.chunks(ids):
                rows = connection.execute(query.where(derived.c.id.in_(some)))
                found.update((name, value) for name, value in rows)
        return found

    def texts_without(
        self, kind: str, version: str, limit: int, after: str = "0"
    ) -> dict[str, tuple[Channel, str]]:
        """Up to `limit` texts (and their channel) with nothing of this kind, by the key to use.

        They come in order; ask again `after` the last key for those that follow.
        """
        with self._read() as connection:
            return derivation.texts_without(connection, kind, version, limit, after)

    def derived(self, kind: str, version: str, ids: Iterable[str] | None) -> dict[str, str]:
        """What is kept for the text of each communication; None asks for every communication."""
        with self._read() as connection:
            return derivation.of(connection, kind, version, ids)

    def differences(self) -> tuple[str, ...]:
        """The contents of which not just what the ledger counts is stored; none in a whole case."""
        with self._read() as connection:
            return balance.differences(connection)

    def count(self) -> int:
        """How many communications there are."""
        with self._read() as connection:
            query = select(func.count(membership.c.communication.distinct()))
            return connection.execute(query).scalar() or 0

    def communication(self, name: str) -> Communication | None:
        """One communication by any id it ever had, None if there is none."""
        with self._read() as connection:
            return reading.communication(connection, name)

    def derived_put(self, kind: str, version: str, values: Mapping[str, str]) -> None:
        """Keep what was derived (JSON text by id); what is there already stays."""
        rows = [(kind, version, name, value) for name, value in values.items()]
        for some in writing.chunks(rows, 1000):
            with self._write() as connection:
                connection.exec_driver_sql(_DERIVED, some)

    def setting(self, name: str) -> str | None:
        """The value of a setting, None if it was never set."""
        with self._read() as connection:
            query = select(setting.c.value).where(setting.c.name == name)
            return connection.execute(query).scalar()

    def set_setting(self, name: str, value: str) -> None:
        """Set a setting."""
        with self._write() as connection:
            connection.execute(setting.delete().where(setting.c.name == name))
            connection.execute(setting.insert().values(name=name, value=value))

    def note(self, action: str, subject: str, words: Mapping[str, Any], who: str) -> AuditRow:
        """Append to the audit chain; on the disk before this returns.

        `subject` is an id or a hash; whatever names a person belongs in `words` (JSON) or `who`.
        """
        with self._write() as connection:
            return audit.add(connection, action=action, subject=subject, words=words, who=who)

    def audit(self, action: str | None = None) -> tuple[AuditRow, ...]:
        """Everything done to the case, or all of one kind of action, in order."""
        with self._read() as connection:
            return tuple(audit.every(connection, action))

    def head(self) -> Head:
        """The end of the audit chain as it is now."""
        with self._read() as connection:
            return audit.head(connection)

    def roots(self) -> tuple[str, str]:
        """One digest over every row of evidence and one over the search index.

        They are what the audit chain holds the case to.
        """
        with self._read() as connection:
            rows = connection.exec_driver_sql(seals.ROOT_ROWS)
            evidence = seals.root((number, blob) for number, blob in rows)
            tables = map(connection.exec_driver_sql, seals.INDEX_ROWS)
            return evidence, seals.index_root(tables)

    def broken_audit(self) -> int | None:
        """The position of the first row that was tampered with; None if the chain is whole."""
        with self._read() as connection:
            return audit.broken_at(connection)

    def decisions(self) -> tuple[Decision, ...]:
        """Every decision ever made, in order."""
        with self._read() as connection:
            return tuple(audit.decisions(connection))

    def add_decision(self, made: Decision) -> Decision:
        """Append a decision, on the disk before this returns; gives it back with its `previous`."""
        with self._write() as connection:
            return audit.decide(connection, made)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A `batch` for a module of this package that does what no method here does: purge."""
        with self.batch():
            yield self._mine.connection

    def scrub(self) -> None:
        """Rewrite index, file and log, so that nothing that was deleted is left in any of them."""
        self._fingerprint = None
        raw = self._engine.raw_connection()
        try:
            purge.scrub(cast("sqlite3.Connection", raw.driver_connection))
        finally:
            raw.close()

    def copy_to(self, target: Path) -> None:
        """A consistent copy of the database in a file of its own, whoever writes meanwhile."""
        raw = self._engine.raw_connection()
        copy = sqlite3.connect(target)
        try:
            cast("sqlite3.Connection", raw.driver_connection).backup(copy)
        finally:
            copy.close()
            raw.close()

    def fingerprint(self) -> str:
        """A digest of all evidence in the case, whatever the order, workers or time of ingest."""
        with self._read() as connection:
            columns = (record.c.id, arrival.c.id, attempt.c.id)
            state = tuple(
                connection.execute(select(func.max(column))).scalar() or 0 for column in columns
            )
            if self._fingerprint is not None and self._fingerprint[0] == state:
                return self._fingerprint[1]
            total = sha256()
            rows = select(content.c.sha256, record.c.part, record.c.same)
            rows = rows.join(content, content.c.id == record.c.content)
            rows = rows.join(membership, membership.c.record == record.c.id)
            for row in connection.execute(rows.order_by(content.c.sha256, record.c.part)):
                total.update(f"{row[0]}{row[1]}{row[2]}\n".encode())
            for file in reading.files(connection):
                total.update(repr(file).encode())
        self._fingerprint = (state, total.hexdigest())
        return total.hexdigest()


def _layout(connection: Connection) -> str | None:
    """The layout that a database says it has, None for a new one."""
    if not inspect(connection).has_table(setting.name):
        return None
    query = select(setting.c.value).where(setting.c.name == "schema")
    found: str | None = connection.execute(query).scalar()
    return found
