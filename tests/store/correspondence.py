"""Records written like correspondence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from commtrace.model import Address, Attachment, Channel, Record, Source
from commtrace.moments import Basis, instant

START = datetime(2022, 2, 7, 9, 30, tzinfo=UTC)


def person(name: str) -> Address:
    return Address(name=name.title(), address=f"{name}@wantsum.example")


def letter(where: str, **told) -> Record:
    """A record at the file `where`; `second` counts from 7 Feb 2022, 09:30."""
    second = told.pop("second", 0)
    sent = None
    if second is not None:
        sent = instant(START + timedelta(seconds=second), "as written", Basis.DATE_HEADER)
    facts = {
        "source": Source(sha256=sha256(where.encode()).hexdigest(), path=where),
        "channel": Channel.EMAIL,
        "reader": "eml",
        "sent": sent,
        "sender": person("anna"),
        "to": (person("ben"),),
        "subject": "Transport",
        "text": "When does the bus for my daughter start, and who will be on it?",
    }
    return Record(**(facts | told))


def attached(name: str) -> Attachment:
    digest = sha256(name.encode()).hexdigest()
    return Attachment(name=name, media_type="application/pdf", size=10, sha256=digest)
