"""Records as rows and back: plain strings and numbers that a worker can hand over cheaply.

A row is what `Store.add` takes; it is made in the worker, so that the one writer only writes. Text
is made storable here: NUL and lone surrogates cannot be stored or searched and are shown as the
characters that stand for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

from commtrace.model import Address, Attachment, Channel, Grade, Mark, Record, Source
from commtrace.moments import Basis, Moment
from commtrace.store.identity import Traits, traits_of

# Part, message key, minute key, traits, digest, subject, people, text, facts, print key.
Row = list[Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_first = json.JSONDecoder().raw_decode
_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def storable(text: str) -> str:
    """The text with NUL shown as its picture and lone surrogates as the replacement character."""
    if "\0" in text:
        text = text.replace("\0", "␀")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode()
    return text


def encode(record: Record) -> Row:
    """A record as a row of strings, numbers and None."""
    traits = traits_of(record)
    text, subject = storable(record.text), storable(record.subject)
    people = _people(record)
    facts = storable(_dump(_facts(record)))
    summary = sha256(f"{subject}\0{people}\0{text}".encode()).hexdigest()
    return [
        encode_part(record.source.part),
        traits.message_key,
        traits.minute_key,
        storable(_dump(traits.as_list())),
        summary[:32],
        subject,
        people,
        text,
        facts,
        traits.print_key,
    ]


def _people(record: Record) -> str:
    everyone = [record.sender, *record.to, *record.cc] if record.sender else record.to + record.cc
    said = {f"{a.name} {a.address}" if a.name else a.address: None for a in everyone if a}
    names = {item.name: None for item in record.attachments if item.name}
    return storable("\n".join([*said, *names]))


def _facts(record: Record) -> list[Any]:
    return [
        record.channel.value,
        record.reader,
        _moment_row(record.sent),
        _moment_row(record.received),
        _address_row(record.sender) if record.sender else None,
        _address_rows(record.reply_to),
        _address_rows(record.to),
        _address_rows(record.cc),
        _address_rows(record.bcc),
        record.message_id,
        record.in_reply_to,
        record.references,
        record.thread_index,
        record.our_ref,
        record.your_ref,
        record.salutation,
        record.folder,
        record.delivered_to,
        [(a.name, a.media_type, a.size, a.sha256) for a in record.attachments],
        [mark.value for mark in record.marks],
        record.doubts,
        record.grade.value,
    ]


def _moment_row(moment: Moment | None) -> list[Any] | None:
    if moment is None:
        return None
    first = (moment.earliest - _EPOCH) // _MICROSECOND
    width = (moment.latest - moment.earliest) // _MICROSECOND
    return [first, width, moment.said, moment.basis.value]


def _address_row(address: Address) -> tuple[str, ...]:
    if address.said:
        return (address.name, address.address, address.said)
    return (address.name, address.address)


def _address_rows(addresses: Iterable[Address]) -> list[tuple[str, ...]]:
    return [_address_row(address) for address in addresses]


@lru_cache(maxsize=65536)
def _address(name: str, address: str, said: str = "") -> Address:
    return Address(name=name, address=address, said=said)


def addresses(rows: Iterable[list[str]]) -> tuple[Address, ...]:
    """Addresses out of a row; equal ones are one object."""
    return tuple([_address(*row) for row in rows])


def address(row: list[str] | None) -> Address | None:
    """One address out of a row, where there is one."""
    return _address(*row) if row else None


def moment(row: list[Any] | None) -> Moment | None:
    """A moment out of a row, where there is one."""
    if row is None:
        return None
    first = _EPOCH + timedelta(microseconds=row[0])
    return Moment(
        earliest=first,
        latest=first + timedelta(microseconds=row[1]),
        said=row[2],
        basis=Basis(row[3]),
    )


def attachments(rows: Iterable[list[Any]]) -> tuple[Attachment, ...]:
    """Attachments out of a row."""
    return tuple([Attachment(name=n, media_type=m, size=size, sha256=h) for n, m, size, h in rows])


def encode_part(place: tuple[str, ...]) -> str:
    """The place within a file, as a row keeps it."""
    return storable(_dump(place))


def part(text: str) -> tuple[str, ...]:
    """The place within a file."""
    return tuple(json.loads(text))


def decode(source: Source, subject: str, text: str, facts: str) -> Record:
    """The record that a row was made of."""
    (channel, reader, sent, received, sender, reply_to, to, cc, bcc, message_id, in_reply_to,
     references, thread_index, our_ref, your_ref, salutation, folder, delivered_to, attached, marks,
     doubts, grade) = json.loads(facts)  # fmt: skip
    return Record(
        source=source,
        channel=Channel(channel),
        reader=reader,
        sent=moment(sent),
        received=moment(received),
        sender=address(sender),
        reply_to=addresses(reply_to),
        to=addresses(to),
        cc=addresses(cc),
        bcc=addresses(bcc),
        subject=subject,
        text=text,
        message_id=message_id,
        in_reply_to=in_reply_to,
        references=tuple(references),
        thread_index=thread_index,
        our_ref=our_ref,
        your_ref=your_ref,
        salutation=salutation,
        folder=folder,
        delivered_to=tuple(delivered_to),
        attachments=attachments(attached),
        marks=tuple(Mark(mark) for mark in marks),
        doubts=tuple(doubts),
        grade=Grade(grade),
    )


def channel(facts: str) -> Channel:
    """The channel among a record's facts."""
    return Channel(_first(facts, 1)[0])


def traits(text: str) -> Traits:
    """What two copies are compared by, out of its row."""
    return Traits.from_list(json.loads(text))
