"""Reading a content again: the records of the new reading take the place of those before.

Every function works inside the caller's transaction. No record is removed: those of an earlier
reading lose their membership, so that no communication, search or count finds them, and each name
they gave a communication leads to the record of the new reading that most resembles them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from commtrace.store import codec
from commtrace.store.levels import natural
from commtrace.store.schema import alias, attempt, content, membership, record
from commtrace.store.writing import around, chunks, regroup

_GONE = "DELETE FROM membership WHERE record = ?"
_FORGET = "DELETE FROM alias WHERE name = ?"
_KEEP = "INSERT INTO alias(name, record) VALUES (?, ?)"
_LEAD = "UPDATE alias SET record = ? WHERE name = ?"


def following(connection: Connection, sha256: str) -> int:
    """The number of the next reading of a content."""
    query = select(func.count(attempt.c.id)).where(attempt.c.sha256 == sha256)
    return 1 + int(connection.execute(query).scalar_one())


def set_aside(connection: Connection, sha256: str) -> None:
    """Take the records of a content out of all communications; the rest is grouped again."""
    query = (
        select(
            record.c.id,
            record.c.message_key,
            record.c.minute_key,
            record.c.print_key,
            membership.c.communication,
        )
        .join(membership, membership.c.record == record.c.id)
        .join(content, content.c.id == record.c.content)
        .where(content.c.sha256 == sha256)
        .order_by(record.c.id)
    )
    rows = connection.execute(query).all()
    if not rows:
        return
    names = {row.communication: row.id for row in reversed(rows)}
    connection.exec_driver_sql(_GONE, [(row.id,) for row in rows])
    connection.exec_driver_sql(_FORGET, [(name,) for name in names])
    connection.exec_driver_sql(_KEEP, sorted(names.items()))
    messages = {row.message_key for row in rows if row.message_key is not None}
    minutes = {row.minute_key for row in rows if row.minute_key is not None}
    prints = {row.print_key for row in rows if row.print_key is not None}
    regroup(connection, [messages, minutes, around(connection, prints)])


def succeed(connection: Connection, sha256: str) -> None:
    """Let every name that leads to a record set aside lead to one of the latest reading."""
    query = (
        select(alias.c.name, record.c.id, record.c.body, record.c.message_key, record.c.minute_key,
               record.c.part)
        .join(record, record.c.id == alias.c.record)
        .join(content, content.c.id == record.c.content)
        .outerjoin(membership, membership.c.record == record.c.id)
        .where(content.c.sha256 == sha256, membership.c.record.is_(None))
        .order_by(alias.c.name)
    )  # fmt: skip
    old = connection.execute(query).all()
    if not old:
        return
    live = _live(connection, (row.name for row in old))
    if live:
        connection.exec_driver_sql(_FORGET, [(name,) for name in sorted(live)])
    matches = _Matches(connection, sha256)
    moved = [(matches.of(row), row.name) for row in old if row.name not in live]
    if matches.rows and moved:
        connection.exec_driver_sql(_LEAD, moved)


def _live(connection: Connection, names: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for some in chunks(names):
        query = select(membership.c.communication).where(membership.c.communication.in_(some))
        found.update(connection.execute(query.distinct()).scalars())
    return found


class _Matches:
    """The records of the latest reading of a content, found by what an earlier one shares."""

    def __init__(self, connection: Connection, sha256: str) -> None:
        query = (
            select(record.c.id, record.c.body, record.c.message_key, record.c.minute_key,
                   record.c.part)
            .join(membership, membership.c.record == record.c.id)
            .join(content, content.c.id == record.c.content)
            .where(content.c.sha256 == sha256)
        )  # fmt: skip
        rows = connection.execute(query).all()
        self.rows: Sequence[Any] = sorted(rows, key=lambda row: natural(codec.part(row.part)))
        self._shared: list[dict[Any, int]] = [
            {row[column]: row.id for row in reversed(self.rows) if row[column] is not None}
            for column in (1, 2, 3, 4)
        ]

    def of(self, old: Any) -> int:
        """The match: same text, Message-ID, minute or place, else the nearest place before it."""
        for known, value in zip(self._shared, old[2:], strict=True):
            if value in known:
                return known[value]
        here = natural(codec.part(old.part))
        before = [row.id for row in self.rows if natural(codec.part(row.part)) <= here]
        first = self.rows[0].id if self.rows else old.id
        return int(before[-1] if before else first)
