"""Letters and mails for stories: values written as a correspondence would be, no mocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

import pytest

from commtrace.brief import Brief
from commtrace.language.acts import acts as read_acts
from commtrace.language.zones import zones
from commtrace.model import (
    Address,
    Attachment,
    Channel,
    Communication,
    CommunicationId,
    Mark,
    Sighting,
    Source,
    digest,
)
from commtrace.moments import Basis, instant
from commtrace.reconstruction import reconstruct
from commtrace.view import View
from commtrace.workdays import EVERY_DAY, calendar

TEXTS: dict[str, str] = {}


def person(written: str | None) -> Address | None:
    """`Jane Doe <jane@x.example>`, `jane@x.example` or `Jane Doe`."""
    if written is None:
        return None
    name, bracket, address = written.partition("<")
    if bracket:
        return Address(name=name.strip(), address=address.rstrip("> "), said=written)
    if "@" in written:
        return Address(name="", address=written, said=written)
    return Address(name=written, address="", said=written)


def people(written: str) -> tuple[Address, ...]:
    return tuple(p for w in written.split(";") if w.strip() and (p := person(w.strip())))


def write(
    when: str | None,
    sender: str | None,
    to: str = "",
    subject: str = "",
    *,
    text: str = "",
    cc: str = "",
    bcc: str = "",
    mid: str | None = None,
    re: str | None = None,
    refs: Sequence[str] = (),
    index: str | None = None,
    held_by: Iterable[str | None] = (None,),
    folder: str | None = None,
    marks: Sequence[Mark] = (),
    channel: Channel = Channel.EMAIL,
    our_ref: str | None = None,
    your_ref: str | None = None,
    attachments: Sequence[Attachment] = (),
    said: str | None = None,
) -> Communication:
    """One communication; `when` is UTC (`2022-02-11 09:30`), `held_by` the custodians' copies."""
    time = datetime.fromisoformat(when).replace(tzinfo=UTC) if when else None
    key = digest("test", mid or "", str(when), str(sender), to, subject, text, index or "")
    TEXTS[key] = text
    moment = instant(time, said or f"{when} +0000", Basis.DATE_HEADER) if time else None
    sightings = tuple(
        Sighting(source=Source(sha256=key, path=f"{name}/{key}.eml"), custodian=name, folder=folder)
        for name in held_by
    )
    return Communication(
        id=CommunicationId(key), channel=channel, sightings=sightings, sent=moment, received=None,
        sender=person(sender), reply_to=(), to=people(to), cc=people(cc), bcc=people(bcc),
        subject=subject, message_id=mid, in_reply_to=re, references=tuple(refs),
        thread_index=index, our_ref=our_ref, your_ref=your_ref, attachments=tuple(attachments),
        marks=tuple(marks), reader="test", doubts=(),
    )  # fmt: skip


def rebuild(
    communications: Sequence[Communication], brief: Brief | None = None, as_of: str | None = None
) -> View:
    """The View of a correspondence, with zones and acts read from its texts."""
    segments = {one.id: zones(TEXTS[one.id]) for one in communications}
    return reconstruct(
        communications,
        brief=brief or Brief(),
        calendars={
            "working": calendar("working"),
            "school": calendar("school"),
            "every day": EVERY_DAY,
        },
        criteria={},
        as_of=datetime.fromisoformat(as_of).replace(tzinfo=UTC) if as_of else None,
        text=lambda ids: {one: TEXTS[one] for one in ids},
        segments=lambda ids: {one: segments[one] for one in ids},
        acts={one.id: read_acts(TEXTS[one.id], segments[one.id], one.id) for one in communications},
    )


@pytest.fixture
def mail() -> Callable[..., Communication]:
    return write


@pytest.fixture
def view() -> Callable[..., View]:
    return rebuild


def outlook_index(root: str, *levels: str, guid: int = 7, made_up: bool = False) -> str:
    """A conversation index in Exchange's layout for times in UTC, as hexadecimal.

    `made_up` says that the levels above the last are by whoever answered: no random in them.
    """

    def ticks(text: str) -> int:
        time = datetime.fromisoformat(text).replace(tzinfo=UTC)
        return int((time - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000

    raw = b"\x01" + ticks(root).to_bytes(8, "big")[:5] + bytes([guid] * 16)
    now = int.from_bytes(raw[:6], "big") << 16
    for place, level in enumerate(levels, 1):
        step = ((ticks(level) - now) % 2**54) >> 23
        now += step << 23
        raw += (step | 1 << 31).to_bytes(4, "big")
        raw += b"\x80" if made_up and place < len(levels) else b"\x10"
    return raw.hex()


@pytest.fixture
def index() -> Callable[..., str]:
    return outlook_index
