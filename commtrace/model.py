"""The values: what the evidence says (Record), what was made of it, and what an auditor decided.

All are frozen and say where they come from. Nothing here reads a file, a clock or a setting.
A *record* is what one parser read at one place; a *communication* is one or more records that are
copies of one message; a *sighting* is a record seen from its communication.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
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
    """A person or mailbox as written: display name, address (as written, may be ""), and the words."""

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


class Zone(StrEnum):
    """What a stretch of a message's text is."""

    NEW = "new"
    QUOTED = "quoted"
    QUOTE_HEADER = "quote_header"
    SIGNATURE = "signature"
    BOILERPLATE = "boilerplate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch `[start, end)` of a message's text and its zone; `depth` counts quotation levels.

    On a QUOTE_HEADER, `author`, `when`, `to` and `subject` are what the header said, where it did.
    """

    zone: Zone
    start: int
    end: int
    depth: int = 0
    author: Address | None = None
    when: Moment | None = None
    to: tuple[Address, ...] = ()
    subject: str | None = None


class ActKind(StrEnum):
    """What a sentence does."""

    REQUEST = "request"
    CHASER = "chaser"
    HOLDING_REPLY = "holding_reply"
    UNDERTAKING = "undertaking"
    WARNING = "warning"
    ATTACHMENT_CUE = "attachment_cue"
    CLOSURE = "closure"
    OFF_RECORD = "off_record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What one sentence of the new text does: `said` are its words, `[start, end)` their place."""

    kind: ActKind
    communication: CommunicationId
    start: int
    end: int
    said: str
    cue: str

    @property
    def id(self) -> str:
        """From content, so that it survives a re-run."""
        return digest("act", self.kind, self.communication, str(self.start), str(self.end))


class PartyKind(StrEnum):
    """What kind of body a party is."""

    DIRECTORATE = "directorate"
    DECISION_MAKER = "decision maker"
    MEMBERS = "members"
    FORUM = "forum"
    FAMILIES = "families"
    SCHOOL = "school"
    PROVIDER = "provider"
    PARTNER = "partner"
    PUBLIC = "public"
    PRESS = "press"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A directorate, a forum, families, a firm: who somebody counts for.

    `provisional` parties were guessed from a mail domain and wait to be placed by the auditor.
    """

    id: str
    label: str
    kind: PartyKind
    organisation: str = ""
    calendar: str = "working"
    provisional: bool = False


class IdentityKind(StrEnum):
    """What is behind an address."""

    PERSON = "person"
    SHARED_MAILBOX = "shared_mailbox"
    TEAM = "team"
    LIST = "list"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Somebody belongs to a party from `since` to `until`, both included; None is unbounded."""

    party: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A person or mailbox behind one or more addresses, and whom it counts for, dated."""

    id: IdentityId
    label: str
    kind: IdentityKind
    members: tuple[Address, ...]
    parties: tuple[Membership, ...]
    because: tuple[str, ...]


class LinkBasis(IntEnum):
    """Why one message is held to answer another, strongest first."""

    AUDITOR = 0
    IN_REPLY_TO = 1
    REFERENCES = 2
    THREAD_INDEX = 3
    QUOTED_HEADER = 4
    QUOTED_TEXT = 5
    LETTER_REF = 6
    SUBJECT = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`child` answers or forwards `parent`; `suggested` links are shown and never relied on."""

    child: CommunicationId
    parent: str
    basis: LinkBasis
    suggested: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ghost:
    """A message that others cite and nobody supplied. Never worded as deleted.

    `message_ids` and `conversation_indices` are its names; `when` bounds its time; `cited_by` are
    the witnesses; `evidence` says in words what each witness shows; `likely_holders` are custodians
    who should hold it.
    """

    id: str
    message_ids: tuple[str, ...]
    conversation_indices: tuple[str, ...]
    cited_by: tuple[CommunicationId, ...]
    when: Moment | None
    evidence: tuple[str, ...]
    text: str | None
    likely_holders: tuple[str, ...]
    thread: ThreadId


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """Messages that answer one another, in order of time; ghosts are members that are absent."""

    id: ThreadId
    subject: str
    members: tuple[CommunicationId, ...]
    links: tuple[Link, ...]
    ghosts: tuple[str, ...]
    imposters: tuple[CommunicationId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A directed edge of the communication graph, between identities or between parties."""

    from_: str
    to: str
    communications: int
    first: Moment
    last: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a custodian's material could have shown, in one unbroken stretch of days.

    `first` and `last` are included days; `basis` is "declared" (case.toml gives the window) or
    "inferred" (first to last item held). `completeness` is the measured share of copies that other
    mailboxes prove and this one holds, None where nothing could be compared.
    """

    custodian: str
    identity: IdentityId | None
    channel: Channel
    first: date
    last: date
    basis: str
    completeness: float | None
    proven: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageWeek:
    """One custodian's week (from Monday `week`): items held, sent and received, and the copies that
    other mailboxes prove should be here (`proven`) and are (`matched`).

    `covered` says whether the declared or inferred window includes any counting day of the week.
    """

    custodian: str
    week: date
    held_sent: int
    held_received: int
    proven: int
    matched: int
    covered: bool


class HandoffState(StrEnum):
    """What became of a matter that was passed on."""

    TAKEN_UP = "taken_up"
    LATE = "late"
    NOT_TAKEN_UP = "not_taken_up"
    NOT_YET_DUE = "not_yet_due"
    NOT_TESTABLE = "not_testable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """A matter passed from one party to another by a reply or forward.

    `given` is the message that passed it, `taken_up` the first step of the receiving party after
    it (None: none on record); `waited` counts elapsed working days to that step or to `as_of`.
    """

    id: str
    matter: ThreadId
    from_party: str
    to_party: str
    given: CommunicationId
    given_when: Moment
    taken_up: CommunicationId | None
    taken_up_when: Moment | None
    waited: int
    state: HandoffState
    communications: tuple[CommunicationId, ...]
    is_forward: bool
    asks: bool


class Family(StrEnum):
    """What kind of gap a rule looks for; family EVIDENCE is run and reported first."""

    EVIDENCE = "evidence"
    RESPONSE = "response"
    FLOW = "flow"
    CONTENT = "content"


class Severity(IntEnum):
    """How much it matters, in steps."""

    LOW = 1
    MATERIAL = 2
    GRAVE = 3


class Strength(IntEnum):
    """What a finding rests on: one cue, two independent cues, or the evidence's own metadata."""

    INDICATED = 1
    CORROBORATED = 2
    DIRECT = 3


class Observability(StrEnum):
    """Whether the material could have shown what is not there."""

    OBSERVED = "observed"
    ONE_SIDE = "one side only"
    NOT_TESTABLE = "not testable"


class Outcome(StrEnum):
    """How a check of an innocent explanation ended. PASSED: looked for, and not found."""

    PASSED = "passed"
    FAILED = "failed"
    UNTESTABLE = "untestable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One innocent explanation that was looked for, how that ended, and why."""

    what: str
    outcome: Outcome
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A place that a sentence rests on; `role` says what it shows ("the request")."""

    source: Source
    role: str
    communication: CommunicationId | None = None
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A dated yardstick: `days` in `calendar` ("working", "school", "every day").

    `where` says who set it: "case.toml", the id of a norm, or "default of the rule".
    """

    id: str
    label: str
    days: int
    calendar: str
    where: str
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""

    def in_force(self, day: date) -> bool:
        """Whether the criterion applied on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A gap as an object: rule, parties, window, evidence, innocent explanations, sentence.

    `anchor` makes the id: the request, the absent message, or the pair and its last message; never
    a threshold. `window` bounds the gap; `owes` is the party that owed the next step. A Finding
    without a Citation cannot be constructed.
    """

    rule: str
    family: Family
    anchor: tuple[str, ...]
    severity: Severity
    strength: Strength
    observability: Observability
    about: tuple[CommunicationId, ...]
    window: Moment
    parties: tuple[str, ...]
    owes: str | None
    cites: tuple[Citation, ...]
    checks: tuple[Check, ...]
    sentence: str
    measure: Mapping[str, int | float | str] = field(default_factory=dict)
    areas: tuple[str, ...] = ()
    relies_on: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.cites:
            raise ValueError("A Finding rests on at least one Citation.")

    @property
    def id(self) -> str:
        """From rule and anchor only, so that a decision survives a re-run."""
        return digest("finding", self.rule, *self.anchor)

    @property
    def exhibits_digest(self) -> str:
        """Changes when what the finding rests on changes: *changed since decided*."""
        places = sorted((c.source.sha256, *c.source.part, c.role) for c in self.cites)
        return digest("exhibits", self.sentence, *(p for place in places for p in place))


class Disposition(StrEnum):
    """What a named person decided about a finding."""

    TO_REVIEW = "to review"
    CONFIRMED = "confirmed"
    EXPLAINED = "explained"
    NOT_MATERIAL = "not material"
    CANNOT_DETERMINE = "cannot determine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A person's decision: append-only; `previous` is the hash of the row before (chain).

    `exhibits` is the finding's `exhibits_digest` when decided; `when` is aware UTC.
    """

    subject: str
    state: Disposition
    because: str
    who: str
    when: datetime
    exhibits: str = ""
    cites: tuple[Source, ...] = ()
    previous: str = ""
