"""The books: what the ledger says of each content against what is stored of it, row by row.

Counts only; what a difference means, and what to do about it, is for whoever asks.
"""

from __future__ import annotations

from sqlalchemy import Connection, and_, case, func, or_, select

from commtrace.model import Status
from commtrace.store.schema import arrival, attempt, contained, content, problem, record

_LATEST = select(func.max(attempt.c.id)).group_by(attempt.c.sha256)
_RECORDS = (
    select(func.count(record.c.id))
    .join(content, content.c.id == record.c.content)
    .where(content.c.sha256 == attempt.c.sha256, record.c.reading == attempt.c.reading)
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
    return tuple(sorted(found | {sha256 for sha256, _ in uneven(connection)}))


_STATES = tuple(status.value for status in Status)
_BELOW = contained.c.part != "[]"
_SAME_PLACE = (
    (record.c.content == contained.c.content)
    & (record.c.reading == contained.c.reading)
    & (record.c.part == contained.c.part)
)
_SUMS = tuple(
    func.sum(contained.c[state])
    - func.sum(case((_BELOW & (contained.c.status == state), 1), else_=0))
    for state in _STATES
)


def uneven(connection: Connection, sha256: str | None = None) -> list[tuple[str, str]]:
    """The contents below whose top the law of the ledger does not hold, each with a sentence.

    Every thing found in a container has one row of its own or is a record that was read whole and
    holds nothing, so over a file the counts of each state are the rows in that state, and what is
    left over of those read is just the records without a row.
    """
    known = func.sum(contained.c.is_record)
    query = (
        select(
            content.c.sha256,
            func.count(record.c.id) - known,
            attempt.c.communications - known,
            *_SUMS,
        )
        .join(content, content.c.id == contained.c.content)
        .outerjoin(record, _SAME_PLACE)
        .join(attempt, attempt.c.sha256 == content.c.sha256)
        .where(attempt.c.id.in_(_LATEST), attempt.c.reading == contained.c.reading)
        .group_by(content.c.sha256, attempt.c.communications)
    )
    if sha256 is not None:
        query = query.where(content.c.sha256 == sha256)
    found = []
    for digest, unknown, plain, read, *others in connection.execute(
        query.order_by(content.c.sha256)
    ):
        left = [
            (Status.READ.value, read - plain),
            *zip(_STATES[1:], others, strict=True),
            ("counted twice", unknown),
        ]
        said = ", ".join(f"{number:+,} {state}" for state, number in left if number)
        if said:
            what = f"The sums of what lay inside do not agree with what is listed ({said})."
            found.append((digest, what))
    return found
