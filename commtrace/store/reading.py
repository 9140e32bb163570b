"""What a case holds, as values: communications with their copies, texts, files and problems.

Every function works inside the caller's transaction. Communications come one at a time, sorted by
id; where copies differ, the most complete one is shown and nothing that only another copy has
(a Bcc, an attachment, a folder) is lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, func, select

from commtrace.model import (
    Attachment,
    Channel,
    Communication,
    CommunicationId,
    File,
    Grade,
    Mark,
    Problem,
    ProblemKind,
    Record,
    Sighting,
    Source,
    Status,
)
from commtrace.store import codec, dialect
from commtrace.store.identity import NESTED
from commtrace.store.schema import (
    alias,
    arrival,
    attempt,
    body,
    content,
    membership,
    problem,
    record,
)
from commtrace.store.writing import chunks

DISPUTED = (
    "Another message in the evidence has the same Message-ID and other content; "
    "the two are kept apart."
)
PRINTED_ALIKE = (
    "A mail of the same minute, subject and sender is in the evidence, with other words; "
    "the two are kept apart."
)
INTERRUPTED = "Reading was interrupted: ingest it again."
_BATCH = 2000
_GRADES = tuple(Grade)  # the best first


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file's content lay, and whose material that was."""

    path: str
    custodian: str | None
    inferred: bool
    supplied_by: str | None
    size: int = 0


@dataclass(frozen=True, slots=True)
class _Copy:
    source: Source
    places: tuple[Place, ...]
    weight: int
    subject: str
    facts: list[Any]
    disputed: bool
    unsure: bool


LATEST = select(func.max(attempt.c.id)).group_by(attempt.c.sha256)


def _attempts(connection: Connection, only: Sequence[str] | None = None) -> dict[str, Any]:
    query = select(attempt).where(attempt.c.id.in_(LATEST))
    if only is not None:
        query = query.where(attempt.c.sha256.in_(only))
    return {row.sha256: row for row in connection.execute(query)}


def places(
    connection: Connection, only: Sequence[str] | None = None
) -> dict[str, tuple[Place, ...]]:
    """Where each content (or each of a few) lay, sorted by path."""
    owners = {sha256: row.owner for sha256, row in _attempts(connection, only).items()}
    found: dict[str, list[Place]] = {}
    query = select(arrival).where(arrival.c.sha256 != "")
    if only is not None:
        query = query.where(arrival.c.sha256.in_(only))
    for row in connection.execute(query.order_by(arrival.c.path, arrival.c.custodian)):
        owner = row.custodian or owners.get(row.sha256)
        inferred = bool(row.inferred) if row.custodian else owner is not None
        place = Place(row.path, owner, inferred, row.supplied_by, row.size)
        found.setdefault(row.sha256, []).append(place)
    return {sha256: tuple(some) for sha256, some in found.items()}


def files(connection: Connection) -> tuple[File, ...]:
    """The ledger: one row for each input file, sorted by path.

    Where the same bytes lie at several paths, the first path is the file and the others duplicates.
    """
    attempts = _attempts(connection)
    order = (arrival.c.path, arrival.c.custodian, arrival.c.sha256)
    rows = connection.execute(select(arrival).order_by(*order)).all()
    had = {(row.path, row.custodian) for row in rows if row.sha256}
    first: dict[str, str] = {}
    found = []
    for row in rows:
        if row.sha256:
            again = row.sha256 in first
            original = first.setdefault(row.sha256, row.path)
            found.append(_file(row, attempts.get(row.sha256), original if again else None))
        elif (row.path, row.custodian) not in had:  # else it could be had at a later try
            found.append(_not_read(row))
    return tuple(found)


def _not_read(row: Any) -> File:
    return File(
        sha256=None,
        path=row.path,
        size=row.size,
        status=Status(row.status),
        reason=row.reason,
        reader=None,
        communications=0,
        embedded=0,
        problems=1 if row.problem else 0,
        supplied_by=row.supplied_by,
        custodian=row.custodian or None,
    )


def _file(row: Any, tried: Any, original: str | None) -> File:
    status, reason = Status.FAILED, INTERRUPTED
    if tried is not None:
        status, reason = Status(tried.status), tried.reason
    if original is not None:
        status, reason = Status.DUPLICATE, f"The same bytes as {original}."
    counts = tried if original is None else None
    return File(
        sha256=row.sha256,
        path=row.path,
        size=row.size,
        status=status,
        reason=reason,
        reader=(tried.reader or None) if tried is not None else None,
        communications=counts.communications if counts is not None else 0,
        embedded=counts.embedded if counts is not None else 0,
        problems=(counts.problems if counts is not None else 0) + (1 if row.problem else 0),
        supplied_by=row.supplied_by,
        custodian=row.custodian or (tried.owner if tried is not None else None),
    )


def problems(connection: Connection) -> tuple[Problem, ...]:
    """Everything that could not be read, by the latest attempt at each file, sorted by place."""
    where = {sha256: some[0].path for sha256, some in places(connection).items()}
    latest = select(attempt.c.sha256, attempt.c.version).where(attempt.c.id.in_(LATEST)).subquery()
    query = select(problem).join(
        latest, (latest.c.sha256 == problem.c.sha256) & (latest.c.version == problem.c.version)
    )
    found = [
        _problem(Source(sha256=row.sha256, path=where[row.sha256], part=codec.part(row.part)), row)
        for row in connection.execute(query)
        if row.sha256 in where
    ]
    found.extend(_arrival_problems(connection))
    return tuple(sorted(found, key=lambda p: (p.source.path, p.source, p.kind, p.what)))


def _arrival_problems(connection: Connection) -> Iterator[Problem]:
    """What was wrong with files themselves: no bytes to be had, a name that cannot be kept."""
    had = select(arrival.c.path, arrival.c.custodian).where(arrival.c.sha256 != "")
    known = {(row.path, row.custodian) for row in connection.execute(had)}
    for row in connection.execute(select(arrival).where(arrival.c.problem.is_not(None))):
        if row.sha256 or (row.path, row.custodian) not in known:
            source = Source(sha256=row.sha256, path=row.path)
            kind = ProblemKind(row.problem)
            yield Problem(source=source, reader="", kind=kind, what=row.reason)


def _problem(source: Source, row: Any) -> Problem:
    return Problem(source=source, reader=row.reader, kind=ProblemKind(row.kind), what=row.what)


_SHEET = (
    select(
        membership.c.communication,
        membership.c.disputed,
        content.c.sha256,
        record.c.part,
        record.c.same,
        body.c.subject,
        record.c.facts,
    )
    .join(record, record.c.id == membership.c.record)
    .join(content, content.c.id == record.c.content)
    .join(body, body.c.id == record.c.body)
    .order_by(membership.c.communication, membership.c.record)
)


def communications(connection: Connection) -> Iterator[Communication]:
    """Every communication, sorted by id; equal addresses are one object."""
    where = places(connection)
    rows = connection.execution_options(yield_per=_BATCH).execute(_SHEET)
    for name, group in groupby(rows, key=lambda row: row[0]):
        held = [row for row in group if row[2] in where]
        copies = [_copy(row, where[row[2]], alone=len(held) == 1) for row in held]
        if copies:
            yield _communication(CommunicationId(name), copies)


def communication(connection: Connection, name: str) -> Communication | None:
    """One communication by any id it ever had, None if there is none."""
    present = resolve(connection, [name]).get(name)
    if present is None:
        return None
    rows = connection.execute(_SHEET.where(membership.c.communication == present)).all()
    where = places(connection, sorted({row[2] for row in rows}))
    copies = [_copy(row, where[row[2]], alone=False) for row in rows if row[2] in where]
    return _communication(CommunicationId(present), copies) if copies else None


def _copy(row: Any, where: tuple[Place, ...], *, alone: bool) -> _Copy:
    _, disputed, sha256, part, same, subject, facts = row
    source = Source(sha256=sha256, path=where[0].path, part=codec.part(part))
    weight = 0 if alone else codec.traits(same).weight  # copies are ordered by it
    return _Copy(
        source, where, weight, subject, json.loads(facts), bool(disputed & 1), disputed > 1
    )


def _order(copy: _Copy) -> tuple[int, str, tuple[str, ...]]:
    return -copy.weight, copy.source.sha256, copy.source.part


def _first(copies: Sequence[_Copy], place: int) -> Any:
    """What the most complete copy says, else what any other says."""
    return next((copy.facts[place] for copy in copies if copy.facts[place]), None)


def _all(copies: Sequence[_Copy], place: int) -> list[Any]:
    """What any copy says, each once, in the order of the copies."""
    if len(copies) == 1:
        return list(copies[0].facts[place])
    return list({json.dumps(item): item for copy in copies for item in copy.facts[place]}.values())


def _marks(copies: Sequence[_Copy]) -> tuple[Mark, ...]:
    """What any copy is marked as; as deleted only where each is, since another was kept."""
    everywhere = all(Mark.DELETED.value in copy.facts[19] for copy in copies)
    marks = (Mark(mark) for mark in _all(copies, 19))
    return tuple(mark for mark in marks if everywhere or mark is not Mark.DELETED)


def _communication(name: CommunicationId, copies: list[_Copy]) -> Communication:
    copies.sort(key=_order)
    best = copies[0]
    facts = best.facts
    doubts = [DISPUTED] if best.disputed else [PRINTED_ALIKE] if best.unsure else []
    return Communication(
        id=name,
        channel=Channel(facts[0]),
        sightings=_sightings(copies),
        sent=codec.moment(_first(copies, 2)),
        received=codec.moment(_first(copies, 3)),
        sender=codec.address(_first(copies, 4)),
        reply_to=codec.addresses(_first(copies, 5) or ()),
        to=codec.addresses(_first(copies, 6) or ()),
        cc=codec.addresses(_first(copies, 7) or ()),
        bcc=codec.addresses(_all(copies, 8)),
        subject=best.subject,
        message_id=_first(copies, 9),
        in_reply_to=_first(copies, 10),
        references=tuple(_first(copies, 11) or ()),
        thread_index=_first(copies, 12),
        our_ref=_first(copies, 13),
        your_ref=_first(copies, 14),
        attachments=_attachments(copies),
        marks=_marks(copies),
        reader=facts[1],
        doubts=(*_all(copies, 20), *doubts),
        grade=min((Grade(copy.facts[21]) for copy in copies), key=_GRADES.index),
    )


def _attachments(copies: Sequence[_Copy]) -> tuple[Attachment, ...]:
    """The attachments of the most complete copy, and those that only another copy holds."""
    found = list(codec.attachments(copies[0].facts[18]))
    held = {item.sha256 for item in found}
    for copy in copies[1:]:
        for item in codec.attachments(copy.facts[18]):
            if item.sha256 not in held:
                held.add(item.sha256)
                found.append(item)
    return tuple(found)


def _sightings(copies: Sequence[_Copy]) -> tuple[Sighting, ...]:
    """The most complete copy first, then the others in the order of content and place."""
    rest = sorted(copies[1:], key=lambda copy: copy.source)
    carried = _carried(copies)
    return tuple([each for copy in (copies[0], *rest) for each in _seen(copy, carried)])


def _carried(copies: Sequence[_Copy]) -> Mapping[str, str]:
    """The names, by content, of the files that originals among several copies carry."""
    if len(copies) == 1:
        return {}
    return {
        item.sha256: item.name
        for copy in copies
        if copy.facts[21] == Grade.ORIGINAL
        for item in codec.attachments(copy.facts[18])
        if item.media_type not in NESTED
    }


def _seen(copy: _Copy, carried: Mapping[str, str]) -> Iterator[Sighting]:
    own = {row[3] for row in copy.facts[18]} if carried else set()
    lacks = [name for digest, name in carried.items() if digest not in own]
    for place in copy.places:
        source = copy.source
        if place.path != source.path:
            source = Source(sha256=source.sha256, path=place.path, part=source.part)
        yield Sighting(
            source=source,
            custodian=place.custodian,
            custodian_inferred=place.inferred,
            folder=copy.facts[16],
            bcc=codec.addresses(copy.facts[8]),
            received=codec.moment(copy.facts[3]),
            lacks=tuple(sorted(lacks)) if copy.facts[21] == Grade.ORIGINAL else (),
        )


def resolve(connection: Connection, names: Iterable[str]) -> dict[str, str]:
    """The present id of each name that ever was one; names that never were are left out."""
    found: dict[str, str] = {}
    for some in chunks(names):
        live = select(membership.c.communication).where(membership.c.communication.in_(some))
        found.update((name, name) for name in connection.execute(live.distinct()).scalars().all())
        unknown = [name for name in some if name not in found]
        if not unknown:
            continue
        old = (
            select(alias.c.name, membership.c.communication)
            .join(membership, membership.c.record == alias.c.record)
            .where(alias.c.name.in_(unknown))
        )
        found.update((name, now) for name, now in connection.execute(old))
    return found


def cited(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    """The record of the most complete copy of each communication, by the id that was asked for."""
    present = resolve(connection, names)
    best: dict[str, int] = {}
    query = select(
        membership.c.communication, record.c.same, content.c.sha256, record.c.part, record.c.id
    )
    query = query.join(record, record.c.id == membership.c.record)
    query = query.join(content, content.c.id == record.c.content)
    for some in chunks(set(present.values())):
        ordered = query.where(membership.c.communication.in_(some))
        rows = connection.execute(ordered.order_by(membership.c.communication)).all()
        for name, group in groupby(rows, key=lambda row: row[0]):
            copies = list(group)
            best[name] = copies[0][-1] if len(copies) == 1 else min(map(_rank, copies))[-1]
    return {name: best[now] for name, now in present.items()}


def _rank(row: Any) -> tuple[int, str, tuple[str, ...], int]:
    """The order of copies, the most complete first."""
    _, same, sha256, part, number = row
    return -codec.traits(same).weight, sha256, codec.part(part), number


def texts(connection: Connection, names: Iterable[str]) -> dict[str, str]:
    """The text of each communication, by the id that was asked for."""
    numbers = cited(connection, names)
    found: dict[int, str] = {}
    for some in chunks(set(numbers.values())):
        query = select(record.c.id, body.c.text).join(body, body.c.id == record.c.body)
        rows = connection.execute(query.where(record.c.id.in_(some))).all()
        found.update((number, text) for number, text in rows)
    return {name: found[number] for name, number in numbers.items()}


def records(connection: Connection, numbers: Iterable[int]) -> dict[int, Record]:
    """Records with their texts, by number."""
    where = places(connection)
    found = {}
    query = (
        select(record.c.id, content.c.sha256, record.c.part, body.c.subject, body.c.text,
               record.c.facts)
        .join(content, content.c.id == record.c.content)
        .join(body, body.c.id == record.c.body)
    )  # fmt: skip
    for some in chunks(numbers):
        for number, sha256, part, subject, text, facts in connection.execute(
            query.where(record.c.id.in_(some))
        ):
            path = where[sha256][0].path if sha256 in where else ""
            source = Source(sha256=sha256, path=path, part=codec.part(part))
            found[number] = codec.decode(source, subject, text, facts)
    return found


def copies_of(connection: Connection, name: str) -> list[int]:
    """The numbers of the records of one communication."""
    present = resolve(connection, [name]).get(name, name)
    query = select(membership.c.record).where(membership.c.communication == present)
    return list(connection.execute(query).scalars())


def search(connection: Connection, words: str, limit: int) -> list[CommunicationId]:
    """The communications that hold all the words, best match first."""
    asked = dialect.query(words)
    if not asked:
        return []
    bodies = [row[0] for row in connection.exec_driver_sql(dialect.SEARCH, (asked, 4 * limit))]
    names: dict[int, list[str]] = {}
    query = select(record.c.body, membership.c.communication)
    query = query.join(membership, membership.c.record == record.c.id)
    for some in chunks(bodies):
        ordered = query.where(record.c.body.in_(some)).order_by(membership.c.communication)
        for number, name in connection.execute(ordered):
            names.setdefault(number, []).append(name)
    found = {CommunicationId(name): None for b in bodies for name in names.get(b, ())}
    return list(found)[:limit]
