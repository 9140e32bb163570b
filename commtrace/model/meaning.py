"""What was made of the evidence: zones, people, threads, coverage and handoffs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from commtrace.model.evidence import Address, Channel, CommunicationId, IdentityId, ThreadId
from commtrace.moments import Moment


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
    SERIES = 7
    SUBJECT = 8
    CASE_REFERENCE = 9  # of one matter; which of its messages is answered it does not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`child` answers or forwards `parent`; `suggested` links are shown and never relied on."""

    child: CommunicationId
    parent: str
    basis: LinkBasis
    suggested: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedSpan:
    """Where the next `lines` lines of a reconstructed text stand: `[start, end)` in a quoter's."""

    communication: CommunicationId
    start: int
    end: int
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who should hold an absent message, as far as the material can show: a custodian or a name.

    `supplied`: something of that mailbox was supplied; `covers`: it covers the message's whole
    time, None where that time is not known or nothing was supplied.
    """

    custodian: str
    supplied: bool
    covers: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ghost:
    """A message that others cite and nobody supplied. Never worded as deleted.

    `message_ids` and `conversation_indices` are its names; `when` bounds its time; `cited_by` are
    the witnesses; `evidence` says in words what each witness shows; `likely_holders` are custodians
    who should hold it, `holders` the same with what was supplied, and those whom a quotation names
    as its author or recipients; `bases` are the kinds of evidence
    that speak for it, strongest first. `author` and `recipients` are those whom a quoted header
    names. `text` was put together from quotations and is no original: `sources` say, line by line,
    whose quotation it is.
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
    bases: tuple[LinkBasis, ...] = ()
    author: Address | None = None
    recipients: tuple[Address, ...] = ()
    sources: tuple[QuotedSpan, ...] = ()
    holders: tuple[Holder, ...] = ()

    @property
    def agreed(self) -> bool:
        """Whether two kinds of evidence, or an id or index, speak for it: not a single cue."""
        return len(self.bases) > 1 or any(b <= LinkBasis.THREAD_INDEX for b in self.bases)


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
    """One custodian's week, from the Monday `week`: the items held, sent and received.

    `proven` are copies that other mailboxes prove should be here, `matched` those that are.
    `proven_sent` and `matched_sent` are those of them that the custodian sent: what others received
    against their sent items; the rest is what others sent against what they received.
    `covered` says whether the declared or inferred window includes any counting day of the week.
    """

    custodian: str
    week: date
    held_sent: int
    held_received: int
    proven: int
    matched: int
    covered: bool
    proven_sent: int = 0
    matched_sent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoPath:
    """`through` heard from `source` by the row `came` and wrote to `target` by the row `went`.

    All three are identities; `parties` are theirs on the day, in the same order (-1 for none).
    """

    source: int
    through: int
    target: int
    parties: tuple[int, int, int]
    came: int
    went: int


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
