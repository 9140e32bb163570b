"""What a case's database is asked for: ledger, communications, texts, derived rows, the chain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

from sqlalchemy import func, select

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
    levels,
    reading,
    readings,
    seals,
    writing,
)
from commtrace.store.connected import Connected
from commtrace.store.schema import (
    arrival,
    attempt,
    content,
    derived,
    membership,
    record,
    setting,
)


class Asked(Connected):
    """A case's database as everybody but the ingest sees it."""

    def following(self, sha256: str) -> int:
        """The number of the next reading of a content: one more than the attempts at it."""
        with self._read() as connection:
            return readings.following(connection, sha256)

    def uneven(self, sha256: str) -> str | None:
        """A sentence where what lay inside a content is not all in one state; None if it is."""
        mine = getattr(self._mine, "connection", None)
        if mine is not None:
            return next((what for _, what in balance.uneven(mine, sha256)), None)
        with self._read() as connection:
            return next((what for _, what in balance.uneven(connection, sha256)), None)

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

    def setting(self, name: str) -> str | None:
        """The value of a setting, None if it was never set."""
        with self._read() as connection:
            query = select(setting.c.value).where(setting.c.name == name)
            return connection.execute(query).scalar()

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
