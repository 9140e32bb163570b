"""Adding to a case: batches of records, and which of them are copies of one message.

Every function works inside the caller's transaction. A batch that was added before changes
nothing. Only records that share a key with a new one are looked at again, so the cost of a batch
does not grow with the case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, func, or_, select

from commtrace.store import codec, dialect
from commtrace.store.identity import Copy, Group, groups, lone_name
from commtrace.store.schema import alias, body, content, membership, record

T = TypeVar("T")
_CHUNK = 500
_NO_RECORD = 1 << 62
_CONTENT = dialect.insert_new(content, "sha256", "size")
_BODY = dialect.insert_new(body, "id", "digest", "subject", "people", "text")
_RECORD = dialect.insert_new(
    record, "id", "content", "reading", "part", "message_key", "minute_key", "same", "body", "facts"
)
_MEMBERSHIP = dialect.insert_new(membership, "record", "communication", "disputed")
_ALIAS = dialect.insert_new(alias, "name", "record")
_MOVE = "UPDATE membership SET communication = ?, disputed = ? WHERE record = ?"


def chunks(values: Iterable[T], size: int = _CHUNK) -> Iterator[list[T]]:
    """The values in lists of at most `size`."""
    some: list[T] = []
    for value in values:
        some.append(value)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some


Parcel = tuple[str, int, int, Sequence[codec.Row]]  # SHA-256, size, reading, records found in it
_Placed = tuple[int, str, int, codec.Row]  # number of the content, SHA-256, reading, and the row


def add_records(connection: Connection, parcels: Sequence[Parcel]) -> int:
    """Add the records of some files; returns how many were not there before."""
    fresh = _without_known(connection, _placed(connection, parcels))
    if not fresh:
        return 0
    rows = [row for *_, row in fresh]
    bodies = _add_bodies(connection, rows)
    shared = _shared_keys(connection, rows)
    first = _next(connection, record.c.id)
    connection.exec_driver_sql(
        _RECORD,
        [
            (number, where, reading, row[0], row[1], row[2], row[3], bodies[row[4]], row[8])
            for number, (where, _, reading, row) in enumerate(fresh, first)
        ],
    )
    _add_memberships(connection, fresh, first, shared)
    return len(fresh)


def _placed(connection: Connection, parcels: Sequence[Parcel]) -> list[_Placed]:
    """Every row with the number of its file's content; contents that are new are added."""
    numbers = content_numbers(connection, ((one[0], one[1]) for one in parcels if one[3]))
    return [
        (numbers[sha256], sha256, reading, row)
        for sha256, _, reading, rows in parcels
        for row in rows
    ]


def content_numbers(connection: Connection, given: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The number of each content (SHA-256 and size); those that are new are added."""
    contents = list(given)
    if contents:
        connection.exec_driver_sql(_CONTENT, contents)
    numbers: dict[str, int] = {}
    for some in chunks(sha256 for sha256, _ in contents):
        query = select(content.c.sha256, content.c.id).where(content.c.sha256.in_(some))
        numbers.update((sha256, number) for sha256, number in connection.execute(query))
    return numbers


def _without_known(connection: Connection, placed: Sequence[_Placed]) -> list[_Placed]:
    """The rows at places that no stored row of that reading has, each place once."""
    unique = {(one[0], one[2], one[3][0]): one for one in reversed(placed)}
    for some in chunks({where for where, *_ in placed}):
        begun = select(record.c.content, record.c.reading).where(record.c.content.in_(some))
        for where, reading in connection.execute(begun.distinct()).all():
            here = [part for at, turn, part in unique if (at, turn) == (where, reading)]
            known = select(record.c.part).where(
                record.c.content == where, record.c.reading == reading
            )
            for parts in chunks(here):
                found = connection.execute(known.where(record.c.part.in_(parts)))
                for part in list(found.scalars()):
                    unique.pop((where, reading, part))
    return list(reversed(unique.values()))


def _next(connection: Connection, column: Column[Any]) -> int:
    return int(connection.execute(select(func.coalesce(func.max(column), 0))).scalar_one()) + 1


def _add_bodies(connection: Connection, rows: Sequence[codec.Row]) -> Mapping[str, int]:
    """The number of each text by its digest; texts that are new are stored and indexed."""
    numbers: dict[str, int] = {}
    for some in chunks({row[4] for row in rows}):
        query = select(body.c.digest, body.c.id).where(body.c.digest.in_(some))
        numbers.update((digest, number) for digest, number in connection.execute(query))
    first = _next(connection, body.c.id)
    new: list[tuple[int, str, str, str, str]] = []
    for row in rows:
        if row[4] not in numbers:
            numbers[row[4]] = first + len(new)
            new.append((numbers[row[4]], row[4], row[5], row[6], row[7]))
    if new:
        connection.exec_driver_sql(_BODY, new)
        indexed = [(number, subject, people, text) for number, _, subject, people, text in new]
        connection.exec_driver_sql(dialect.INDEX_ROWS, indexed)
    return numbers


_KEYS = ((record.c.message_key, 1), (record.c.minute_key, 2))


def _shared_keys(connection: Connection, rows: Sequence[codec.Row]) -> list[set[int]]:
    """For each kind of key, those that more than one record has, stored or new."""
    shared = []
    for column, place in _KEYS:
        times = Counter(row[place] for row in rows if row[place] is not None)
        found = {key for key, count in times.items() if count > 1}
        for some in chunks(times):
            query = select(column).join(membership, membership.c.record == record.c.id)
            query = query.where(column.in_(some)).distinct()
            found.update(connection.execute(query).scalars())
        shared.append(found)
    return shared


def _add_memberships(
    connection: Connection, placed: Sequence[_Placed], first: int, shared: Sequence[set[int]]
) -> None:
    alone = []
    for number, (_, sha256, _, row) in enumerate(placed, first):
        if any(row[place] in keys for (_, place), keys in zip(_KEYS, shared, strict=True)):
            continue
        copy = Copy(number, (sha256, row[0]), codec.traits(row[3]))
        alone.append((number, lone_name(copy), 0))
    if alone:
        connection.exec_driver_sql(_MEMBERSHIP, alone)
    if any(shared):
        regroup(connection, shared, first)


def regroup(
    connection: Connection, keys: Sequence[Collection[int]], first: int = _NO_RECORD
) -> None:
    """Work out again the communications of all records that hang together through `keys`.

    Records of a reading that another one followed have no membership and do not count; those from
    the number `first` on have none yet.
    """
    copies = _closure(connection, keys, first)

    def texts(numbers: Iterable[int]) -> dict[int, str]:
        found: dict[int, str] = {}
        for some in chunks(numbers):
            query = select(record.c.id, body.c.text).where(record.c.id.in_(some))
            rows = connection.execute(query.join(body, body.c.id == record.c.body))
            found.update((number, text) for number, text in rows)
        return found

    _move(connection, copies, groups(copies.values(), texts))


def _closure(
    connection: Connection, keys: Sequence[Collection[int]], first: int
) -> dict[int, Copy]:
    found: dict[int, Copy] = {}
    seen: list[set[int]] = [set(), set()]
    todo = [set(some) for some in keys]
    counts = or_(record.c.id >= first, membership.c.record.is_not(None))
    while any(todo):
        following: list[set[int]] = [set(), set()]
        for place, (column, _) in enumerate(_KEYS):
            for some in chunks(todo[place]):
                query = select(record.c.id, content.c.sha256, record.c.part, record.c.same)
                query = query.join(content, content.c.id == record.c.content)
                query = query.outerjoin(membership, membership.c.record == record.c.id)
                rows = connection.execute(query.where(column.in_(some), counts))
                for number, sha256, part, same in rows:
                    if number in found:
                        continue
                    copy = found[number] = Copy(number, (sha256, part), codec.traits(same))
                    for kind, key in enumerate((copy.traits.message_key, copy.traits.minute_key)):
                        if key is not None:
                            following[kind].add(key)
        for kind in (0, 1):
            seen[kind] |= todo[kind]
            todo[kind] = following[kind] - seen[kind]
    return found


def _move(connection: Connection, copies: Mapping[int, Copy], found: Iterable[Group]) -> None:
    """Write down new memberships; a name that is given up stays as an alias of its best copy."""
    before: dict[int, tuple[str, int]] = {}
    for some in chunks(copies):
        query = select(membership).where(membership.c.record.in_(some))
        before.update((row.record, (row.communication, row.disputed)) for row in
                      connection.execute(query))  # fmt: skip
    added, moved, given_up = [], [], []
    for group in found:
        after = (group.name, group.disputed + 2 * group.unsure)
        for number in group.records:
            if number not in before:
                added.append((number, *after))
            elif before[number] != after:
                moved.append((*after, number))
                if before[number][0] != group.name:
                    given_up.append(number)
    given_up.sort(key=lambda number: (-copies[number].traits.weight, copies[number].place))
    if added:
        connection.exec_driver_sql(_MEMBERSHIP, added)
    if moved:
        connection.exec_driver_sql(_MOVE, moved)
    if given_up:
        connection.exec_driver_sql(_ALIAS, [(before[n][0], n) for n in given_up])
