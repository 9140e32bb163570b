"""The audit chain: everything done to a case, append-only, each row sealed to the one before it.

A row's digest covers its number, time, action and subject, the seal of its words and the digest of
the row before. The seal is a salted hash, so a purge can remove who, words and salt and leave a
chain that still verifies. Whoever can write the database can also rewrite the whole chain, or cut
off its end: only a head kept elsewhere, such as one printed in a report, shows that.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from commtrace.model import AuditRow, Decision, Disposition, Head, Source
from commtrace.store.schema import audit

DECISION = "decision"
_dump = json.JSONEncoder(separators=(",", ":"), sort_keys=True).encode


def add(
    connection: Connection,
    *,
    action: str,
    subject: str,
    words: Mapping[str, Any],
    who: str,
    when: datetime | None = None,
) -> AuditRow:
    """Append a row. `words` is anything JSON can hold; `when` is now where it is not given."""
    at = (when or datetime.now(UTC).replace(microsecond=0)).astimezone(UTC)
    before = head(connection)
    number, text, salt = before.count + 1, _dump(words), secrets.token_bytes(16)
    sealed = _seal(salt, who, text)
    made = _digest(number, at.isoformat(), action, subject, sealed, before.digest)
    connection.execute(
        insert(audit).values(
            id=number,
            moment=at.isoformat(),
            action=action,
            subject=subject,
            who=who,
            words=text,
            salt=salt,
            sealed=sealed,
            digest=made,
            previous=before.digest,
        )
    )
    return AuditRow(number=number, when=at, who=who, action=action, subject=subject,
                    words=json.loads(text), digest=made, previous=before.digest)  # fmt: skip


def _seal(salt: bytes, who: str, words: str) -> str:
    return sha256(salt + _dump([who, words]).encode()).hexdigest()


def _digest(*fields: object) -> str:
    return sha256(_dump(fields).encode()).hexdigest()


def head(connection: Connection) -> Head:
    """The end of the chain."""
    query = select(audit.c.id, audit.c.digest).order_by(audit.c.id.desc()).limit(1)
    last = connection.execute(query).one_or_none()
    return Head(count=0, digest="") if last is None else Head(count=last.id, digest=last.digest)


def every(connection: Connection, action: str | None = None) -> Iterator[AuditRow]:
    """Every row, or those of one action, in the order in which things were done."""
    query = select(audit).order_by(audit.c.id)
    if action is not None:
        query = query.where(audit.c.action == action)
    for row in connection.execute(query):
        yield AuditRow(
            number=row.id,
            when=datetime.fromisoformat(row.moment),
            who=row.who or "",
            action=row.action,
            subject=row.subject,
            words=None if row.words is None else json.loads(row.words),
            digest=row.digest,
            previous=row.previous,
        )


def broken_at(connection: Connection) -> int | None:
    """The position (from 1) of the first row that was altered, removed or put in; None if whole."""
    previous = ""
    for position, row in enumerate(connection.execute(select(audit).order_by(audit.c.id)), 1):
        if row.id != position or row.previous != previous or not _whole(row):
            return position
        previous = row.digest
    return None


def _whole(row: Row[Any]) -> bool:
    if row.digest != _digest(row.id, row.moment, row.action, row.subject, row.sealed, row.previous):
        return False
    given = (row.salt, row.who, row.words)
    if None in given:  # all three go together
        return given == (None, None, None)
    return bool(row.sealed == _seal(row.salt, row.who, row.words))


def holds(connection: Connection, digest: str) -> bool:
    """Whether a row of the chain has this digest: whether a head from before lies in it."""
    query = select(func.count()).select_from(audit).where(audit.c.digest == digest)
    return bool(connection.execute(query).scalar())


def forget(connection: Connection, numbers: Iterable[int]) -> None:
    """Remove who, words and salt of rows; the chain still verifies."""
    for number in numbers:
        gone = update(audit).where(audit.c.id == number)
        connection.execute(gone.values(who=None, words=None, salt=None))


def decide(connection: Connection, made: Decision) -> Decision:
    """Append a decision; returns it with `previous`, the digest of the row before ("" for none)."""
    words = {
        "state": made.state.value,
        "because": made.because,
        "exhibits": made.exhibits,
        "cites": [[source.sha256, source.path, list(source.part)] for source in made.cites],
    }
    row = add(connection, action=DECISION, subject=made.subject, words=words, who=made.who,
              when=made.when)  # fmt: skip
    return _decision(row, words)


def decisions(connection: Connection) -> Iterator[Decision]:
    """Every decision whose words are still there, in the order in which they were made."""
    for row in every(connection, DECISION):
        if row.words is not None:
            yield _decision(row, row.words)


def _decision(row: AuditRow, words: Mapping[str, Any]) -> Decision:
    return Decision(
        subject=row.subject,
        state=Disposition(words["state"]),
        because=words["because"],
        who=row.who,
        when=row.when,
        exhibits=words["exhibits"],
        cites=tuple(Source(sha256=s, path=p, part=tuple(part)) for s, p, part in words["cites"]),
        previous=row.previous,
    )
