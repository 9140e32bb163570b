"""Keeps manual entries in a case: each a file of its own beside the evidence, and evidence itself.

An entry is never changed: a correction is a new one that names the one it replaces, which stays in
the ledger and the search but no longer counts in what is reconstructed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from commtrace import custody
from commtrace.entries import MOST_BYTES, READER, Entry, as_text, checked, parse
from commtrace.errors import CallError, CaseError
from commtrace.evidence.copy import blob_path
from commtrace.evidence.originals import whole_bytes
from commtrace.model import AuditRow, Communication, CommunicationId, Grade, Source

if TYPE_CHECKING:
    from commtrace.store import Store

_NUMBER = re.compile(r"entry-(\d{4,})-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered(Entry):
    """An entry in a case: the name of its file, its communication, and what replaced it.

    `who` entered it and `when`: `who` is "" and `when` None for one that came with the evidence.
    """

    name: str
    id: CommunicationId
    who: str = ""
    when: datetime | None = None
    replaced_by: CommunicationId | None = None


def write(folder: Path, store: Store, entry: Entry, *, who: str) -> Path:
    """Write the file of an entry into the case folder and say so in the chain.

    Raises CallError where the entry cannot be meant, lies in the future, or is there already.
    """
    made = checked(entry)
    if made.earliest > datetime.now(UTC):
        raise CallError("An entry is about something that has happened; its time lies ahead.")
    if made.replaces and made.replaces not in {one.id for one in every(folder, store)}:
        raise CallError(f"There is no entry {made.replaces} in this case to replace.")
    data = as_text(made).encode("utf-8")
    digest = sha256(data).hexdigest()
    if any(file.sha256 == digest for file in store.files()):
        raise CallError("The same entry is in the case already.")
    number = _next(folder, store)
    path = folder / custody.ENTRIES / f"entry-{number:04d}-{made.channel.value}.toml"
    try:
        path.parent.mkdir(exist_ok=True)
        path.parent.chmod(0o700)
        temporary = folder / f".{path.name}.new"
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        raise CaseError(f"The entry cannot be written: {error.strerror}.") from error
    store.note(custody.ENTERED, digest, {"file": path.name, "replaces": made.replaces}, who)
    return path


def _next(folder: Path, store: Store) -> int:
    """The number after every one that was ever used, purged ones too."""
    names = [path.name for path in (folder / custody.ENTRIES).glob("entry-*")]
    names += [str((row.words or {}).get("file", "")) for row in store.audit(custody.ENTERED)]
    used = [int(found[1]) for name in names if (found := _NUMBER.match(name))]
    return max([*used, len(store.audit(custody.ENTERED))], default=0) + 1


def every(folder: Path, store: Store) -> tuple[Entered, ...]:
    """Every entry in the case, in the order of its file's name."""
    rows = {row.subject: row for row in store.audit(custody.ENTERED)}
    found = []
    seen: set[str] = set()
    for file in store.files():
        if file.reader != READER or file.sha256 is None or file.sha256 in seen:
            continue
        if file.size > MOST_BYTES:
            continue
        seen.add(file.sha256)
        identifier = store.at(Source(sha256=file.sha256, path=file.path))
        entry = _read(folder, file.sha256)
        if entry is not None and identifier is not None:
            found.append(_entered(entry, file.path, identifier, rows.get(file.sha256)))
    return _with_replacements(sorted(found, key=lambda one: (one.name, one.id)), store)


def _read(folder: Path, digest: str) -> Entry | None:
    try:
        return parse(whole_bytes(blob_path(folder / custody.EVIDENCE, digest)).decode("utf-8"))
    except (LookupError, OSError, UnicodeDecodeError, CallError):
        return None


def _entered(entry: Entry, path: str, identifier: CommunicationId, row: AuditRow | None) -> Entered:
    own = {field.name: getattr(entry, field.name) for field in fields(Entry)}
    return Entered(
        **own,
        name=path.rpartition("/")[2],
        id=identifier,
        who=row.who if row else "",
        when=row.when if row else None,
    )


def _with_replacements(found: list[Entered], store: Store) -> tuple[Entered, ...]:
    by = {store.resolve(one.replaces): one.id for one in found if one.replaces}
    own = {field.name for field in fields(Entered)} - {"replaced_by"}
    return tuple(
        Entered(**{name: getattr(one, name) for name in own}, replaced_by=by.get(one.id))
        for one in found
    )


def superseded(
    folder: Path, store: Store, held: list[Communication]
) -> Mapping[CommunicationId, CommunicationId]:
    """Entries that a later one replaced, and by which; a case without entries reads nothing."""
    if not any(one.grade is Grade.ENTERED for one in held):
        return {}
    return {one.id: one.replaced_by for one in every(folder, store) if one.replaced_by is not None}
