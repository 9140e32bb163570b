"""The chain of decisions: append-only, each row sealed to the one before it.

A row's digest covers its subject, the seal of its words and the digest of the row before. The seal
is a salted hash, so a purge can remove words and salt and leave a chain that still verifies.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, insert, select

from commtrace.model import Decision, Disposition, Source
from commtrace.store.schema import decision


def add(connection: Connection, made: Decision) -> Decision:
    """Append a decision; returns it with `previous`, the digest of the row before ("" for none)."""
    query = select(decision.c.digest).order_by(decision.c.id.desc()).limit(1)
    previous = connection.execute(query).scalar() or ""
    words, salt = _words(made), secrets.token_bytes(16)
    sealed = sha256(salt + words.encode()).hexdigest()
    connection.execute(
        insert(decision).values(
            subject=made.subject,
            words=words,
            salt=salt,
            sealed=sealed,
            digest=_digest(made.subject, sealed, previous),
            previous=previous,
        )
    )
    return replace(made, previous=previous)


def _digest(subject: str, sealed: str, previous: str) -> str:
    return sha256(json.dumps([subject, sealed, previous]).encode()).hexdigest()


def _words(made: Decision) -> str:
    cites = [[source.sha256, source.path, list(source.part)] for source in made.cites]
    fields = [made.state.value, made.because, made.who, made.when.isoformat(), made.exhibits, cites]
    return json.dumps(fields)


def every(connection: Connection) -> Iterator[Decision]:
    """Every decision whose words are still there, in the order in which they were made."""
    for row in connection.execute(select(decision).order_by(decision.c.id)):
        if row.words is None:
            continue
        state, because, who, when, exhibits, cites = json.loads(row.words)
        yield Decision(
            subject=row.subject,
            state=Disposition(state),
            because=because,
            who=who,
            when=datetime.fromisoformat(when),
            exhibits=exhibits,
            cites=tuple(Source(sha256=s, path=p, part=tuple(part)) for s, p, part in cites),
            previous=row.previous,
        )


def broken_at(connection: Connection) -> int | None:
    """The position (from 1) of the first row that was altered, removed or put in; None if whole."""
    previous = ""
    for position, row in enumerate(connection.execute(select(decision).order_by(decision.c.id)), 1):
        whole = row.previous == previous
        whole = whole and row.digest == _digest(row.subject, row.sealed, row.previous)
        if row.words is not None:
            whole = whole and row.sealed == sha256(row.salt + row.words.encode()).hexdigest()
        if not whole:
            return position
        previous = row.digest
    return None
