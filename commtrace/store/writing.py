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
from commtrace.store.identity import MOST_ALIKE, Copy, Group, groups, lone_name
from commtrace.store.schema import alias, body, content, membership, record

T = TypeVar("T")
_CHUNK = 500
_NO_RECORD = 1 << 62
_CONTENT = dialect.insert_new(content, "sha256", "size")
_BODY = dialect.insert_new(body, "id", "digest", "subject", "people", "text")
_RECORD = dialect.insert_new(
    record, "id", "content", "reading", "part", "message_key", "minute_key", "print_key", "same",
    "body", "facts",
)  # fmt: skip
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
            (number, where, reading, *row[:3], row[9], row[3], bodies[row[4]], row[8])
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
_COLUMNS = (record.c.message_key, record.c.minute_key, record.c.print_key)


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
    shared.append(_met(connection, Counter(row[9] for row in rows if row[9] is not None)))
    return shared


def _met(
    connection: Connection, new: Mapping[int, int], asked: Iterable[int] | None = None
) -> set[int]:
    """The print keys among `asked` (those of `new`) of which there are both mails and sheets.

    Each with its other: a key is even for mail and odd for print. `new` counts records that have no
    membership yet.
    """
    keys = new if asked is None else asked
    held = _held(connection, keys)
    return {key for key in _both(keys) if all(held[k] + new.get(k, 0) for k in (key, key ^ 1))
            and _within(held, key)}  # fmt: skip


def around(connection: Connection, keys: Iterable[int]) -> set[int]:
    """The print keys whose records have to be grouped again where one of theirs was taken away."""
    held = _held(connection, keys)
    return {key for key in _both(keys) if _within(held, key)}


def _both(keys: Iterable[int]) -> set[int]:
    return {key ^ bit for key in keys for bit in (0, 1)}


def _held(connection: Connection, keys: Iterable[int]) -> Counter[int]:
    """How many records of communications have each of some print keys, and its other."""
    held: Counter[int] = Counter()
    for some in chunks(_both(keys)):
        query = select(record.c.print_key, func.count()).select_from(record)
        query = query.join(membership, membership.c.record == record.c.id)
        query = query.where(record.c.print_key.in_(some)).group_by(record.c.print_key)
        held.update(dict(connection.execute(query).all()))
    return held


def _within(held: Counter[int], key: int) -> bool:
    """Whether no more records had a key before than print is held against.

    Where more had it, they were kept apart when they became so many, and nothing changes that.
    """
    return max(held[key], held[key ^ 1]) <= MOST_ALIKE


def _add_memberships(
    connection: Connection, placed: Sequence[_Placed], first: int, shared: Sequence[set[int]]
) -> None:
    alone = []
    for number, (_, sha256, _, row) in enumerate(placed, first):
        if any(row[place] in keys for place, keys in zip((1, 2, 9), shared, strict=True)):
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

    `keys` are of messages, of minutes and of print. Records of a reading that another one followed
    have no membership and do not count; those from the number `first` on have none yet.
    """
    copies, met = _closure(connection, keys, first)

    def texts(numbers: Iterable[int]) -> dict[int, str]:
        found: dict[int, str] = {}
        for some in chunks(numbers):
            query = select(record.c.id, body.c.text).where(record.c.id.in_(some))
            rows = connection.execute(query.join(body, body.c.id == record.c.body))
            found.update((number, text) for number, text in rows)
        return found

    _move(connection, copies, groups(copies.values(), texts, met))


def _closure(
    connection: Connection, keys: Sequence[Collection[int]], first: int
) -> tuple[dict[int, Copy], set[int]]:
    """All records that hang together through `keys`, and the print keys of which all are there.

    `keys` are of messages, of minutes, and of print where both mails and sheets have them.
    """
    found: dict[int, Copy] = {}
    seen: list[set[int]] = [set(), set(), set()]
    todo = [set(some) for some in keys]
    while any(todo):
        following: list[set[int]] = [set(), set(), set()]
        for place, column in enumerate(_COLUMNS):
            for copy in _holders(connection, column, todo[place], first):
                if copy.record in found:
                    continue
                found[copy.record] = copy
                traits = copy.traits
                for kind, key in enumerate(
                    (traits.message_key, traits.minute_key, traits.print_key)
                ):
                    if key is not None:
                        following[kind].add(key)
        for kind in range(3):
            seen[kind] |= todo[kind]
            todo[kind] = following[kind] - seen[kind]
        if todo[2]:
            todo[2] = _met(connection, _unplaced(connection, todo[2], first), todo[2]) - seen[2]
    return found, {key & ~1 for key in seen[2]}


def _holders(
    connection: Connection, column: Column[Any], keys: Iterable[int], first: int
) -> Iterator[Copy]:
    """The records that count and have one of some keys."""
    counts = or_(record.c.id >= first, membership.c.record.is_not(None))
    for some in chunks(keys):
        query = select(record.c.id, content.c.sha256, record.c.part, record.c.same)
        query = query.join(content, content.c.id == record.c.content)
        query = query.outerjoin(membership, membership.c.record == record.c.id)
        for number, sha256, part, same in connection.execute(query.where(column.in_(some), counts)):
            yield Copy(number, (sha256, part), codec.traits(same))


def _unplaced(connection: Connection, keys: Iterable[int], first: int) -> Counter[int]:
    """How many records without a membership yet have each of some print keys, or its other."""
    found: Counter[int] = Counter()
    if first == _NO_RECORD:
        return found
    for some in chunks(_both(keys)):
        query = select(record.c.print_key, func.count())
        query = query.where(record.c.id >= first, record.c.print_key.in_(some))
        found.update(dict(connection.execute(query.group_by(record.c.print_key)).all()))
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
