"""What the evidence says: files, places in them, what a parser read, copies of one message."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
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
    SIGNED = "signed"  # S/MIME or PGP, read through; the signature is not verified
    OCR = "ocr"  # the text was read from a picture: never verbatim
    DELETED = (
        "deleted"  # of a store's folder for deleted items, or outside every folder where asked for
    )


class Grade(StrEnum):
    """How near what was read stands to the communication itself."""

    ORIGINAL = "original"  # the message or document, as a system or a sender made it
    REPORTED = "reported"  # known through another: printed in a page, copied in a bundle, logged
    ENTERED = "entered"  # written down for the case by a person, who says on what basis


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
    grade: Grade = Grade.ORIGINAL

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """How many things of a kind a container says it holds, or a second reader counts in it.

    `source` is the container's place, `what` a plural noun ("attachments", "messages", "members"),
    `by` who says so: the container itself ("") or the name of a second reader.
    """

    source: Source
    what: str
    number: int
    by: str = ""


class RulingKind(StrEnum):
    """What an auditor can decide on how a file is read."""

    BUNDLE = "bundle"  # where the items of a bundle begin, and their dates
    TABLE = "table"  # which column of a table is what, and whether rows are communications
    DELETED_ITEMS = "deleted_items"  # whether items of a store outside every folder are read


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """How a parser would read a place where a person must decide.

    `value` is JSON in the grammar of its kind, the same that a ruling holds; `why` is a sentence;
    `applied` says whether it was read that way meanwhile.
    """

    source: Source
    reader: str
    kind: RulingKind
    value: str
    why: str
    applied: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """How a person decided that a place is to be read: the latest of a kind counts.

    `source.path` is not part of the decision: it holds for the content, wherever it lies.
    """

    source: Source
    kind: RulingKind
    value: str
    because: str
    who: str
    when: datetime


Found = Record | Embedded | Problem | Declared | Proposal


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
class Counts:
    """What became of the things found directly in one container, by state."""

    read: int = 0
    partly: int = 0
    duplicate: int = 0
    unsupported: int = 0
    failed: int = 0
    excluded: int = 0

    @property
    def found(self) -> int:
        """All of them: every thing found is in exactly one state."""
        states = self.read + self.partly + self.duplicate
        return states + self.unsupported + self.failed + self.excluded


@dataclass(frozen=True, slots=True, kw_only=True)
class Contained:
    """One row of the ledger below its top: a container in a file, or something that lay inside.

    `source` is its place (the whole file has the part `()`); `sha256` and `size` are of its own
    bytes, None where it has none of its own; `inside` counts what was found directly in it, and
    `declared` what it says of itself.
    """

    source: Source
    name: str
    media_type: str
    size: int | None
    sha256: str | None
    status: Status
    reason: str
    reader: str | None
    inside: Counts
    declared: tuple[Declared, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One copy of a communication: where it lies, whose material it is, and its own Bcc.

    `lacks` names the files that another copy carries and this one does not.
    """

    source: Source
    custodian: str | None = None
    custodian_inferred: bool = False
    folder: str | None = None
    bcc: tuple[Address, ...] = ()
    received: Moment | None = None
    lacks: tuple[str, ...] = ()


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
    grade: Grade = Grade.ORIGINAL  # the best of its copies

    @property
    def source(self) -> Source:
        """The copy that is cited: the first, in the order of content and place."""
        return self.sightings[0].source

    @property
    def when(self) -> Moment | None:
        """The best known time: sent, else received."""
        return self.sent or self.received
