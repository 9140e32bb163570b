"""What the evidence says: files, places in them, what a parser read, copies of one message."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from commtrace.moments import Moment

CommunicationId = NewType("CommunicationId", str)
IdentityId = NewType("IdentityId", str)
ThreadId = NewType("ThreadId", str)


def digest(*parts: str | bytes) -> str:
    """Sixteen hexadecimal digits of the SHA-256 of length-prefixed parts: an id from content."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        total.update(str(len(data)).encode() + b":" + data)
    return total.hexdigest()[:16]


class Channel(StrEnum):
    """The medium a communication used."""

    EMAIL = "email"
    LETTER = "letter"
    MINUTE = "minute"
    NOTE = "note"
    MEETING = "meeting"
    CALL = "call"
    CHAT = "chat"
    WEB = "web"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Source:
    """A place in the evidence: the file by content, its path as given, and the part within.

    `part` runs from the outside in: `("message 42", "attachment 2")`, `("page 3",)`, `()` for the
    whole file.
    """

    sha256: str
    path: str
    part: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A person or mailbox as written: display name, address (may be ""), and the words."""

    name: str
    address: str
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """The label of an attached file; its bytes stay in the evidence."""

    name: str
    media_type: str
    size: int
    sha256: str


class Mark(StrEnum):
    """What a record's own metadata says about how it was made."""

    AUTOMATIC = "automatic"  # RFC 3834 Auto-Submitted, Exchange auto-response classes
    BULK = "bulk"  # List-Id, Precedence: bulk/list/junk
    DELIVERY_REPORT = "delivery_report"  # RFC 3464
    READ_RECEIPT = "read_receipt"  # RFC 8098
    DRAFT = "draft"  # MAPI MSGFLAG_UNSENT, X-Unsent
    ENCRYPTED = "encrypted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one parser read at one place; it never changes.

    `message_id`, `in_reply_to` and `references` have no angle brackets; `thread_index` is the
    decoded bytes in hexadecimal; `doubts` are sentences on what the parser had to assume;
    `delivered_to` are addresses the transport wrote (Delivered-To, X-Original-To, MAPI
    received-by), used to infer a custodian.
    """

    source: Source
    channel: Channel
    reader: str
    sent: Moment | None = None
    received: Moment | None = None
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    subject: str = ""
    text: str = ""
    message_id: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    thread_index: str | None = None
    our_ref: str | None = None
    your_ref: str | None = None
    salutation: str | None = None
    folder: str | None = None
    delivered_to: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    marks: tuple[Mark, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The record's key: file content and place."""
        return digest(self.source.sha256, *self.source.part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """Something found inside a file that is evidence itself: sniffed and read again.

    `source.part` is its place; `data` its bytes, which never leave the worker.
    """

    source: Source
    name: str
    media_type: str
    data: bytes = field(repr=False)


class ProblemKind(StrEnum):
    """Why something could not be read, or was read with a doubt worth an auditor's eye."""

    CORRUPT = "corrupt"
    TRUNCATED = "truncated"
    ENCRYPTED = "encrypted"
    PASSWORD_NEEDED = "password_needed"  # noqa: S105 - a reason code, not a secret
    RIGHTS_PROTECTED = "rights_protected"
    UNSUPPORTED_TYPE = "unsupported_type"
    AMBIGUOUS = "ambiguous"
    EMPTY = "empty"
    NO_TEXT = "no_text"
    LIMIT_DEPTH = "limit_depth"
    LIMIT_COUNT = "limit_count"
    LIMIT_SIZE = "limit_size"
    LIMIT_RATIO = "limit_ratio"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    PARSER_CRASH = "parser_crash"
    READ_ERROR = "read_error"
    CHANGED_DURING_READ = "changed_during_read"
    CLOUD_PLACEHOLDER = "cloud_placeholder"
    NOT_REGULAR_FILE = "not_regular_file"
    LOOP = "loop"
    PATH_TOO_LONG = "path_too_long"
    NAME_UNDECODABLE = "name_undecodable"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that could not be read, with a sentence on what would help. No personal data."""

    source: Source
    reader: str
    kind: ProblemKind
    what: str


Found = Record | Embedded | Problem


class Status(StrEnum):
    """What became of an input file: exactly one of these."""

    READ = "read"
    PARTLY = "partly"
    DUPLICATE = "duplicate"
    UNSUPPORTED = "unsupported"
    FAILED = "failed"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One row of the evidence ledger: one input file, whatever became of it.

    `sha256` is None where the bytes could not be had (a FIFO, a read error); `reason` is one
    sentence; `communications`, `embedded` and `problems` count what lay inside. `size` in bytes.
    """

    sha256: str | None
    path: str
    size: int
    status: Status
    reason: str
    reader: str | None
    communications: int
    embedded: int
    problems: int
    supplied_by: str | None = None
    custodian: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One copy of a communication: where it lies, whose material it is, and its own Bcc."""

    source: Source
    custodian: str | None = None
    custodian_inferred: bool = False
    folder: str | None = None
    bcc: tuple[Address, ...] = ()
    received: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Communication:
    """One communication, however many copies. Its text stays in the store and is fetched by id."""

    id: CommunicationId
    channel: Channel
    sightings: tuple[Sighting, ...]
    sent: Moment | None
    received: Moment | None
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]
    subject: str
    message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    thread_index: str | None
    our_ref: str | None
    your_ref: str | None
    attachments: tuple[Attachment, ...]
    marks: tuple[Mark, ...]
    reader: str
    doubts: tuple[str, ...]

    @property
    def source(self) -> Source:
        """The copy that is cited: the first, in the order of content and place."""
        return self.sightings[0].source

    @property
    def when(self) -> Moment | None:
        """The best known time: sent, else received."""
        return self.sent or self.received
