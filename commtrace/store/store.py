"""The case's memory: evidence values and decisions, append-only, in one database at a URL.

One process writes, in transactions that take their lock at once; any number read. What is added
twice is there once. Parsing, grouping by meaning and every rule are the work of others.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from commtrace.model import (
    AuditRow,
    Decision,
    Problem,
    ProblemKind,
    Record,
    Status,
)
from commtrace.store import (
    audit,
    codec,
    dialect,
    levels,
    purge,
    readings,
    writing,
)
from commtrace.store.asked import Asked
from commtrace.store.schema import (
    arrival,
    attempt,
    derived,
    problem,
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


class Store(Asked):
    """A case's database at a SQLAlchemy URL, such as `sqlite:////cases/transport/case.db`.

    Raises CallError for a URL that cannot be used and CaseError for a file that is no case.
    """

    encode = staticmethod(codec.encode)

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

    def set_aside(self, sha256: str) -> None:
        """Take what was read of a content out of all communications: it is read again now.

        To be called in the `batch` in which the new reading is added and finished.
        """
        with self._write() as connection:
            readings.set_aside(connection, sha256)

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

    def derived_put(self, kind: str, version: str, values: Mapping[str, str]) -> None:
        """Keep what was derived (JSON text by id); what is there already stays."""
        rows = [(kind, version, name, value) for name, value in values.items()]
        for some in writing.chunks(rows, 1000):
            with self._write() as connection:
                connection.exec_driver_sql(_DERIVED, some)

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

    def add_decision(self, made: Decision) -> Decision:
        """Append a decision, on the disk before this returns; gives it back with its `previous`."""
        with self._write() as connection:
            return audit.decide(connection, made)

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
