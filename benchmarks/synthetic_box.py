"""Evidence below the file for a synthetic case: what lies in it, what waits, custody.

Made from the case's files alone and from no clock: every fifth file is a container, one holds
thousands of messages, some things are encrypted; a bundle, a table and a store wait for a person.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256

from commtrace.model import (
    AuditRow,
    Contained,
    Counts,
    Declared,
    File,
    Problem,
    ProblemKind,
    Proposal,
    RulingKind,
    Source,
    Status,
    digest,
)

_NAMES = ("Minutes.docx", "Route list.xlsx", "Letter to families.pdf", "Risk log.docx")
_LARGE = 4  # the file, counted from 0, that holds most of what is contained


def contained(files: Sequence[File], many: int, hostile: Sequence[str] = ()) -> list[Contained]:
    """Rows below the file: attachments, and one store of `many` messages in folders."""
    made: list[Contained] = []
    for number, file in enumerate(files):
        if file.sha256 is None or file.status is Status.DUPLICATE:
            continue
        if number == _LARGE:
            made.extend(_store(file, many, hostile))
        elif number % 5 == 0:
            made.extend(_attachments(file, number, hostile))
        else:
            made.append(_whole(file, Counts()))
    return made


def _whole(file: File, inside: Counts, declared: tuple[Declared, ...] = ()) -> Contained:
    return Contained(
        source=Source(sha256=file.sha256 or "", path=file.path),
        name=file.path.rpartition("/")[2],
        media_type="message/rfc822",
        size=file.size,
        sha256=file.sha256,
        status=file.status,
        reason=file.reason,
        reader=file.reader,
        inside=inside,
        declared=declared,
    )


def _attachments(file: File, number: int, hostile: Sequence[str]) -> Iterator[Contained]:
    count = 1 + number % 4
    locked = number % 15 == 0
    inside = Counts(read=count - locked, failed=int(locked))
    source = Source(sha256=file.sha256 or "", path=file.path)
    yield _whole(file, inside, (Declared(source=source, what="attachments", number=count),))
    for n in range(1, count + 1):
        closed = locked and n == count
        name = hostile[n % len(hostile)] if hostile else _NAMES[(number + n) % len(_NAMES)]
        yield _thing(
            source, (f"attachment {n}",), name,
            status=Status.FAILED if closed else Status.READ,
            reason=_CLOSED if closed else "",
        )  # fmt: skip


_CLOSED = "It is protected by a password; ask for the password."


def _thing(
    file: Source, part: tuple[str, ...], name: str, *, status: Status, reason: str
) -> Contained:
    return Contained(
        source=Source(sha256=file.sha256, path=file.path, part=part),
        name=name,
        media_type="application/octet-stream",
        size=900 + int(digest(*part)[:4], 16),
        sha256=digest(file.sha256, *part) * 4,
        status=status,
        reason=reason,
        reader=None if reason else "eml",
        inside=Counts(),
    )


def _store(file: File, many: int, hostile: Sequence[str]) -> Iterator[Contained]:
    """A store of folders of a thousand messages, one in 97 of which is encrypted."""
    source = Source(sha256=file.sha256 or "", path=file.path)
    folders = -(-many // 1000)
    yield _whole(file, Counts(read=folders), (
        Declared(source=source, what="folders", number=folders),
    ))  # fmt: skip
    for folder in range(folders):
        part = (f"folder {folder + 1}",)
        size = min(1000, many - folder * 1000)
        locked = len(range(0, size, 97))
        name = hostile[folder % len(hostile)] if hostile else ("Inbox", "Sent Items")[folder % 2]
        yield Contained(
            source=Source(sha256=source.sha256, path=source.path, part=part),
            name=name,
            media_type="",
            size=None,
            sha256=None,
            status=Status.READ,
            reason="",
            reader="pst",
            inside=Counts(read=size - locked, failed=locked),
        )
        for n in range(size):
            closed = n % 97 == 0
            yield _thing(
                source, (*part, f"message {n + 1}"), "",
                status=Status.FAILED if closed else Status.READ,
                reason="The message is encrypted; ask for it in clear." if closed else "",
            )  # fmt: skip


def problems(rows: Iterable[Contained]) -> Iterator[Problem]:
    """What is closed among the rows."""
    for row in rows:
        if row.status is Status.FAILED and row.source.part:
            kind = ProblemKind.PASSWORD_NEEDED if row.reason == _CLOSED else ProblemKind.ENCRYPTED
            yield Problem(source=row.source, reader="mime", kind=kind, what=row.reason)


def proposals(hostile: Sequence[str] = ()) -> tuple[Proposal, ...]:
    """A bundle of three letters, a letter log and a store with deleted items."""
    words = hostile or ("Letter of 7 February 2022", "Complaint, 3 March 2022", "Reply")
    places = (
        ("Paper/Complaints bundle.pdf", RulingKind.BUNDLE, json.dumps(_bundle(words)),
         "Three pages begin with the head of a dated letter."),
        ("Lists/Letter log.xlsx", RulingKind.TABLE, json.dumps(_table(words, hostile)),
         "The headings look like those of a letter log."),
        ("Mail/archive.pst", RulingKind.DELETED_ITEMS, "false",
         "41 items lie in the store outside every folder, as deleted items can; not read."),
    )  # fmt: skip
    return tuple(
        Proposal(
            source=Source(sha256=sha256(path.encode()).hexdigest(), path=path),
            reader="synthetic", kind=kind, value=value, why=why,
        )
        for path, kind, value, why in places
    )  # fmt: skip


def _bundle(words: Sequence[str]) -> dict[str, object]:
    one, two, three = (words[n % len(words)] for n in range(3))
    return {
        "items": [
            {"first": 1, "last": 3, "date": "2022-02-07", "title": one},
            {"first": 4, "last": 6, "date": None, "title": two},
            {"first": 7, "last": 8, "date": "2022-03-14", "title": three},
        ],
        "unit": "page",
        "outline": [[n, f"{words[n % len(words)]} page {n}"] for n in range(1, 9)],
    }


def _table(words: Sequence[str], hostile: Sequence[str]) -> dict[str, object]:
    heads = list(hostile[:3]) or ["Date sent", "From", "Addressee"]
    one, two, three = (words[n % len(words)] for n in range(3))
    return {
        "sheet": hostile[1] if hostile else "Log",
        "header": 2,
        "as": "communications",
        "channel": "letter",
        "columns": {"date": heads[0], "from": heads[1], "to": heads[2]},
        "headings": [*heads, "Reference"],
        "sample": [
            ["07/02/2022", "CYPE", one, "R1"],
            ["31/02/2022", "GET", two, "R2"],
            ["14 March 2022", "CYPE", three, "R3"],
        ],
        "dates": {"07/02/2022": "7 Feb 2022", "14 March 2022": "14 Mar 2022"},
    }


def row(rows: Sequence[AuditRow], action: str, subject: str, words: object, who: str) -> AuditRow:
    """The next row of a chain: its time is its number of minutes after the audit began."""
    number = len(rows) + 1
    before = rows[-1].digest if rows else ""
    return AuditRow(
        number=number,
        when=datetime(2022, 6, 14, 9 + number // 60, number % 60, tzinfo=UTC),
        who=who,
        action=action,
        subject=subject,
        words={"said": words} if not isinstance(words, dict) else words,
        digest=sha256(f"{before}{number}{action}{subject}{who}".encode()).hexdigest(),
        previous=before,
    )
