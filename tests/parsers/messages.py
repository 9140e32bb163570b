"""Messages for tests: an item from bytes, and what a parser finds in it."""

from __future__ import annotations

import io
from hashlib import sha256

from commtrace.model import Embedded, Problem, Record, Source
from commtrace.parsers.eml import eml
from commtrace.parsers.mbox import mbox
from commtrace.plugins import HEAD_BYTES, Item

PLAIN = (
    b"From: Alice <alice@council.example>\n"
    b"To: bob@school.example\n"
    b"Date: Mon, 3 Jan 2022 10:00:00 +0000\n"
    b"Subject: Transport\n"
    b"Message-ID: <1@council.example>\n"
)


def item(data: bytes, name: str = "message.eml") -> Item:
    return Item(
        source=Source(sha256=sha256(data).hexdigest(), path=name),
        name=name,
        size=len(data),
        head=data[:HEAD_BYTES],
        open=lambda: io.BytesIO(data),
    )


def read(data: bytes) -> list[Record | Embedded | Problem]:
    return list(eml.read(item(data)))


def record(data: bytes) -> Record:
    """The one record of a message."""
    (only,) = [found for found in read(data) if isinstance(found, Record)]
    return only


def with_headers(*lines: bytes, body: bytes = b"Hello.\n") -> bytes:
    return b"\n".join([*lines, b"", body])


def mailbox(data: bytes) -> list[Record | Embedded | Problem]:
    return list(mbox.read(item(data, "box.mbox")))


def records(data: bytes) -> list[Record]:
    return [found for found in mailbox(data) if isinstance(found, Record)]
