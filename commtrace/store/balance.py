"""The books: what the ledger says of each content against what is stored of it, row by row.

Counts only; what a difference means, and what to do about it, is for whoever asks.
"""

from __future__ import annotations

from sqlalchemy import Connection, and_, func, or_, select

from commtrace.store.schema import arrival, attempt, content, problem, record

_LATEST = select(func.max(attempt.c.id)).group_by(attempt.c.sha256)
_RECORDS = (
    select(func.count(record.c.id))
    .join(content, content.c.id == record.c.content)
    .where(content.c.sha256 == attempt.c.sha256)
    .scalar_subquery()
)
_PROBLEMS = (
    select(func.count(problem.c.id))
    .where(and_(problem.c.sha256 == attempt.c.sha256, problem.c.version == attempt.c.version))
    .scalar_subquery()
)


def differences(connection: Connection) -> tuple[str, ...]:
    """The contents (SHA-256) whose stored rows are not those the ledger counts, sorted.

    A content that arrived and was never read counts too.
    """
    counted = select(attempt.c.sha256).where(
        attempt.c.id.in_(_LATEST),
        or_(attempt.c.communications != _RECORDS, attempt.c.problems != _PROBLEMS),
    )
    unread = select(arrival.c.sha256).where(
        arrival.c.sha256 != "",
        arrival.c.status.is_(None),
        arrival.c.sha256.not_in(select(attempt.c.sha256)),
    )
    found = {*connection.execute(counted).scalars(), *connection.execute(unread).scalars()}
    return tuple(sorted(found))
