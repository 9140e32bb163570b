"""Purges material from a case for good: a data subject's right, or a file that should not be there.

The store deletes rows and rewrites its file; here the kept copies go, the chain gets its row, and
the words of earlier rows that spoke of the material are removed. What a purge cannot reach is said.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from commtrace import custody
from commtrace.custody import ENTRIES, EVIDENCE, EXPORT, PURGE, REPORT, SEAL
from commtrace.errors import CallError
from commtrace.evidence.copy import blob_path, cannot_write
from commtrace.evidence.ingest import alone
from commtrace.evidence.verify import hashed
from commtrace.model import AuditRow, Certificate
from commtrace.moments import say_day
from commtrace.store import audit
from commtrace.store import purge as rows

if TYPE_CHECKING:
    from commtrace.store import Store

_PAPERS = frozenset({REPORT, EXPORT, SEAL})
_DIGEST = 64
NOTES = (
    "What other messages quote of it stays where it is quoted; purge those items too.",
    "case.toml was not changed; it may name the same people.",
    "Backups, papers made earlier and the disk's own spare blocks are not reached from here.",
)


def purge(
    folder: Path,
    store: Store,
    *,
    items: Sequence[str] = (),
    custodian: str | None = None,
    because: str,
    who: str,
    whole_files: bool = False,
) -> Certificate:
    """Remove items (SHA-256 of a file or id of a communication) or a custodian's material.

    `because` and `who` stand in the audit chain: keep them free of what was purged. A communication
    that lies in a file with others goes only with the whole file, where `whole_files` allows that.
    Raises CallError if nothing is meant or nothing is there, CaseError if the case is in use or is
    not whole.
    """
    if not who.strip() or not because.strip():
        raise CallError("A purge needs a reason and the name of the person who decides it.")
    if bool(items) == bool(custodian):
        raise CallError("Name either items or one custodian to purge.")
    with cannot_write(), alone(folder):
        digests = _digests(store, items, whole_files=whole_files)
        material = _material(store, digests, custodian)
        if not material.arrivals and not _known(store, digests):
            raise CallError("Nothing of what was named is in this case.")
        words = {"because": because.strip()}
        certificate = _remove(store, material, custodian, words, who.strip())
        for digest in [*digests, *(digest for digest, _ in material.contents)]:
            blob_path(folder / EVIDENCE, digest).unlink(missing_ok=True)
            _unlink_entries(folder / ENTRIES, digest)
        store.scrub()
    custody.note(store, custody.PURGED, {"purge": certificate.row.number}, who=who.strip())
    return certificate


def _digests(store: Store, items: Iterable[str], *, whole_files: bool) -> list[str]:
    found: list[str] = []
    for item in items:
        name = item.strip().lower()
        if len(name) == _DIGEST:
            found.append(name)
            continue
        records = store.records(item.strip())
        if not records:
            raise CallError(f"There is no communication {item} in this case.")
        for digest in sorted({record.source.sha256 for record in records}):
            parts = [one.source.part for one in records if one.source.sha256 == digest]
            with store.transaction() as connection:
                others = rows.beside(connection, digest, parts)
            if others and not whole_files:
                raise CallError(
                    f"{item} lies in the file {digest} beside {others:,} other communications, "
                    "whose bytes cannot be taken apart: purge the whole file (--whole-files), and "
                    "ingest a copy of it without the item."
                )
            found.append(digest)
    return found


def _known(store: Store, digests: Sequence[str]) -> bool:
    """Whether all of it was purged before: then what may be left of it is removed again."""
    purged = purged_contents(store)
    return bool(digests) and all(digest in purged for digest in digests)


def purged_contents(store: Store) -> dict[str, str]:
    """The contents (SHA-256) that were ever purged, and a sentence on each for the ledger."""
    found: dict[str, str] = {}
    for row in store.audit(PURGE):
        for digest in (row.words or {}).get("contents", {}):
            found[digest] = f"Purged on {say_day(row.when.date())}: it is not taken in again."
    return found


def _material(store: Store, digests: Sequence[str], custodian: str | None) -> rows.Material:
    inferred = {f.sha256 for f in store.files() if f.custodian == custodian and f.sha256}
    with store.transaction() as connection:
        if custodian is None:
            return rows.of_contents(connection, digests)
        return rows.of_custodian(connection, custodian, inferred)


def _remove(
    store: Store,
    material: rows.Material,
    custodian: str | None,
    words: Mapping[str, object],
    who: str,
) -> Certificate:
    """Delete rows and words in one transaction with the chain's row about it."""
    today = say_day(datetime.now(UTC).date())
    reason = f"Purged on {today}: its bytes and all that was read from them were removed."
    said = {custodian} if custodian else set()
    with store.transaction() as connection:
        marks = {digest for digest, _ in material.contents} | said
        marks |= rows.names(connection, material) | _telling(rows.paths(connection, material))
        gone = [row.number for row in audit.every(connection) if _speaks_of(row, marks)]
        counts = rows.remove(connection, material, reason)
        audit.forget(connection, gone)
        words = {
            **words,
            "contents": dict(material.contents),
            "kept": list(material.shared),
            "counts": counts,
            "words_of": gone,
        }
        row = audit.add(connection, action=PURGE, subject="", words=words, who=who)
    papers = tuple(row for row in store.audit() if row.action in _PAPERS)
    return Certificate(
        row=row,
        contents=material.contents,
        kept=material.shared,
        counts=counts,
        words_of=tuple(gone),
        papers=papers,
        notes=NOTES,
    )


def _telling(paths: Iterable[str]) -> set[str]:
    """Paths, and the names of the files alone."""
    return {part for path in paths for part in (path, path.rpartition("/")[2]) if part}


def _speaks_of(row: AuditRow, marks: set[str]) -> bool:
    if row.words is None or row.action == PURGE:
        return False
    said = json.dumps(dict(row.words), ensure_ascii=False)
    return row.subject in marks or any(_quoted(mark) in said for mark in marks)


def _quoted(mark: str) -> str:
    """A mark as it stands within JSON."""
    return json.dumps(mark, ensure_ascii=False)[1:-1]


def _unlink_entries(folder: Path, digest: str) -> None:
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_file() and hashed(path) == digest:
            path.unlink()
