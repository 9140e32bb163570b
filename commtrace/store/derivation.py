"""What was worked out from texts, kept beside them: keyed by the distinct text and a version.

A derived row may be deleted at any time; it is made again from the text it belongs to. What it
says is the business of whoever put it there.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, String, and_, cast, select

from commtrace.model import Channel
from commtrace.store import codec, reading
from commtrace.store.schema import body, derived, membership, record
from commtrace.store.writing import chunks


def texts_without(
    connection: Connection, kind: str, version: str, limit: int, after: str = "0"
) -> dict[str, tuple[Channel, str]]:
    """Up to `limit` texts of which nothing of this kind and version is kept, by their key.

    With each text the channel of the first record that holds it; in order, from the key `after` on.
    """
    here = and_(
        derived.c.kind == kind,
        derived.c.version == version,
        derived.c.id == cast(body.c.id, String),
    )
    holder = select(record.c.facts).where(record.c.body == body.c.id).order_by(record.c.id).limit(1)
    query = select(body.c.id, body.c.text, holder.scalar_subquery())
    query = query.outerjoin(derived, here).where(derived.c.id.is_(None))
    query = query.where(body.c.id > int(after))
    rows = connection.execute(query.order_by(body.c.id).limit(limit))
    return {str(number): (codec.channel(facts), text) for number, text, facts in rows}


def of(
    connection: Connection, kind: str, version: str, names: Iterable[str] | None
) -> dict[str, str]:
    """What is kept for the text of each communication (all of them where `names` is None)."""
    bodies = _every_body(connection) if names is None else _bodies(connection, names)
    kept: dict[str, str] = {}
    query = select(derived.c.id, derived.c.value)
    query = query.where(derived.c.kind == kind, derived.c.version == version)
    if names is None:
        kept.update((key, value) for key, value in connection.execute(query).all())
    else:
        for some in chunks(sorted(set(bodies.values()))):
            rows = connection.execute(query.where(derived.c.id.in_(some))).all()
            kept.update((key, value) for key, value in rows)
    return {name: kept[key] for name, key in bodies.items() if key in kept}


def _every_body(connection: Connection) -> dict[str, str]:
    """The key of the text of every communication, by its id in order."""
    query = select(membership.c.communication, record.c.body)
    query = query.join(record, record.c.id == membership.c.record)
    found: dict[str, int] = {}
    several: set[str] = set()
    for name, key in connection.execute(query).all():
        if found.setdefault(name, key) != key:
            several.add(name)  # copies with different texts: the most complete one is asked
    bodies = {name: str(key) for name, key in sorted(found.items())}
    return bodies | _bodies(connection, sorted(several))


def _bodies(connection: Connection, names: Iterable[str]) -> dict[str, str]:
    """The key of the text of each communication's most complete copy."""
    numbers = reading.cited(connection, names)
    found: dict[int, str] = {}
    for some in chunks(set(numbers.values())):
        query = select(record.c.id, record.c.body).where(record.c.id.in_(some))
        rows = connection.execute(query).all()
        found.update((number, str(key)) for number, key in rows)
    return {name: found[number] for name, number in numbers.items()}
