"""A case written by hand: values only, no store, no file. What a paper asks of a case, it has."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from commtrace import report
from commtrace.brief import Brief, Event, KnownMissing, PartyBrief
from commtrace.model import (
    Act,
    ActKind,
    ActRuling,
    ActVerdict,
    Address,
    Attachment,
    Channel,
    Check,
    Citation,
    Communication,
    Contact,
    Contained,
    Counts,
    Coverage,
    CoverageWeek,
    Criterion,
    Decision,
    Declared,
    Disposition,
    Family,
    File,
    Finding,
    Ghost,
    Handoff,
    HandoffState,
    Head,
    Identity,
    IdentityKind,
    Link,
    LinkBasis,
    Membership,
    Observability,
    Outcome,
    Party,
    PartyKind,
    Problem,
    ProblemKind,
    Segment,
    Severity,
    Sighting,
    Source,
    Status,
    Strength,
    Thread,
    Zone,
)
from commtrace.moments import Basis, days, instant
from commtrace.view import NOBODY, View
from commtrace.workdays import EVERY_DAY, calendar

AS_OF = datetime(2022, 3, 31, 16, 0, tzinfo=UTC)
PARENT = Address(name="Rosa Quill", address="rosa@families.example")
DESK = Address(name="Transport Desk", address="desk@council.example")
HEAD = Address(name="Idris Vane", address="idris@council.example")
PARTIES = (
    Party(id="families", label="Parents and carers", kind=PartyKind.FAMILIES),
    Party(id="get", label="Growth, Environment and Transport", kind=PartyKind.DIRECTORATE),
    Party(id="cype", label="Children, Young People and Education", kind=PartyKind.DIRECTORATE),
)


@dataclass(frozen=True)
class Numbers:
    files: int = 4
    read: int = 2
    partly: int = 0
    duplicate: int = 1
    unsupported: int = 0
    failed: int = 1
    excluded: int = 0
    communications: int = 3
    embedded: int = 1
    inside: Counts = field(default=Counts(read=1))
    problems: int = 1
    balanced: bool = True


@dataclass(frozen=True)
class Failed:
    rule: str
    what: str


@dataclass
class Written:
    """A case held in memory."""

    brief: Brief
    one_view: View
    found: tuple[Finding, ...]
    decided: dict[str, Decision]
    ledger: tuple[File, ...]
    unread: tuple[Problem, ...]
    held: dict[str, Communication]
    texts: dict[str, str]
    failed: tuple[Failed, ...] = ()
    ruled: tuple[ActRuling, ...] = ()
    below: tuple[Contained, ...] = ()
    numbers: Numbers = field(default_factory=Numbers)

    @property
    def title(self):
        return self.brief.title

    def fingerprint(self):
        return "0123456789abcdef"

    def head(self):
        return Head(count=7, digest="f" * 64)

    def view(self):
        return self.one_view

    def findings(self):
        return self.found

    def failures(self):
        return self.failed

    def decisions(self):
        return self.decided

    def act_rulings(self):
        return self.ruled

    def stability(self, finding):
        del finding

    def changed_since_decided(self, finding):
        own = self.decided.get(finding.id)
        return own is not None and own.exhibits != finding.exhibits_digest

    def files(self):
        return self.ledger

    def problems(self):
        return self.unread

    def contained(self):
        return self.below

    def communication(self, identifier):
        return self.held[identifier]

    def segments(self, identifier):
        return (Segment(zone=Zone.NEW, start=0, end=len(self.texts[identifier])),)

    def reconciliation(self):
        return self.numbers

    def reference(self, finding):
        return f"G-{self.found.index(finding) + 1:04d}"


def source(name: str, *part: str) -> Source:
    return Source(sha256=f"{sum(name.encode()):064x}", path=f"mailboxes/{name}", part=part)


def message(identifier, when, sender, to, subject, *, place, **more) -> Communication:
    sent = instant(when, when.isoformat(), Basis.DATE_HEADER) if when else None
    values = {
        "id": identifier, "channel": Channel.EMAIL,
        "sightings": (Sighting(source=place, custodian=DESK.address, folder="Inbox"),),
        "sent": sent, "received": None, "sender": sender, "reply_to": (), "to": to, "cc": (),
        "bcc": (), "subject": subject, "message_id": f"{identifier}@families.example",
        "in_reply_to": None, "references": (), "thread_index": None, "our_ref": None,
        "your_ref": None, "attachments": (), "marks": (), "reader": "eml", "doubts": (),
    }  # fmt: skip
    return Communication(**(values | more))


ASKED = datetime(2022, 2, 3, 9, 30, tzinfo=UTC)
TEXTS = {
    "c1": "When will we be told who drives Tom? Please reply by Friday.",
    "c2": "Please see below and take this on.\n> When will we be told?",
    "c3": "A note without a date.",
}


def messages() -> dict[str, Communication]:
    form = Attachment(name="form.pdf", media_type="application/pdf", size=10, sha256="f" * 64)
    return {
        "c1": message("c1", ASKED, PARENT, (DESK,), "Transport?", attachments=(form,),
                      place=source("desk.mbox", "message 1"), bcc=(HEAD,)),
        "c2": message("c2", ASKED + timedelta(days=1), DESK, (HEAD,), "FW: Transport?",
                      place=source("desk.mbox", "message 2"), in_reply_to="c1@families.example"),
        "c3": message("c3", None, HEAD, (), "", place=source("note.txt"), channel=Channel.NOTE,
                      message_id=None, doubts=("no date was found",)),
    }  # fmt: skip


def identities() -> tuple[Identity, ...]:
    def one(identifier, address, party):
        return Identity(
            id=identifier, label=address.name, kind=IdentityKind.PERSON, members=(address,),
            parties=(Membership(party=party, since=date(2021, 9, 1)),), because=("one address",),
        )  # fmt: skip

    return (one("i1", PARENT, "families"), one("i2", DESK, "get"), one("i3", HEAD, "cype"))


def brief() -> Brief:
    return Brief(
        title="School transport, winter 2022",
        period=(date(2021, 12, 1), date(2022, 3, 31)),
        terms_of_reference=("communication with parents", "governance in the directorates"),
        parties=tuple(PartyBrief(party=party) for party in PARTIES),
        events=(Event(id="go", label="New routes start", date=date(2022, 2, 21)),),
        known_missing=(KnownMissing(what="notebook of 14 February", who_says="a minute"),),
        rules={"unanswered": {"days": 15}},
    )


def view(case_brief: Brief, found: dict[str, Communication], texts: dict[str, str]) -> View:
    rows = tuple(found.values())
    first, last = (instant(ASKED + timedelta(days=n), "", Basis.DATE_HEADER) for n in (0, 1))
    link = Link(child="c2", parent="c1", basis=LinkBasis.IN_REPLY_TO)
    guess = Link(child="c2", parent="c3", basis=LinkBasis.SUBJECT, suggested=True)
    monday = date(2022, 1, 31)
    working = calendar("working", closed=(date(2021, 12, 27), date(2021, 12, 28)))
    return View(
        as_of=AS_OF,
        brief=case_brief,
        ids=tuple(one.id for one in rows),
        whens=tuple(one.when for one in rows),
        subjects=tuple(one.subject for one in rows),
        sources=tuple(one.source for one in rows),
        channels=tuple(one.channel for one in rows),
        start=np.array([int(o.when.earliest.timestamp()) if o.when else 0 for o in rows]),
        end=np.array([int(o.when.latest.timestamp()) if o.when else 0 for o in rows]),
        sender=np.array([0, 1, 2]),
        sender_party=np.array([0, 1, 2]),
        recipient_offsets=np.array([0, 2, 3, 3]),
        recipient=np.array([1, 2, 2]),
        recipient_party=np.array([1, 2, 2]),
        recipient_kind=np.array([0, 2, 0]),
        thread=np.array([0, 0, NOBODY]),
        parent=np.array([-1, 0, -1]),
        automatic=np.zeros(3, dtype=bool),
        bulk=np.zeros(3, dtype=bool),
        forward=np.array([False, True, False]),
        identities=identities(),
        parties=PARTIES,
        threads=(Thread(id="t1", subject="Transport?", members=("c1", "c2"), links=(link,),
                        ghosts=("g1",)),),
        links=(guess, link),
        ghosts=(Ghost(id="g1", message_ids=("lost@council.example",), conversation_indices=(),
                      cited_by=("c2",), when=None, evidence=("In-Reply-To of c2",), text=None,
                      likely_holders=(DESK.address,), thread="t1"),),
        contacts=(Contact(from_="i1", to="i2", communications=1, first=first, last=first),
                  Contact(from_="i2", to="i3", communications=1, first=last, last=last)),
        coverage=(Coverage(custodian=DESK.address, identity="i2", channel=Channel.EMAIL,
                           first=date(2021, 12, 1), last=date(2022, 3, 31), basis="declared",
                           completeness=0.97, proven=100, held=97),),
        weeks=(CoverageWeek(custodian=DESK.address, week=monday, held_sent=1, held_received=1,
                            proven=2, matched=2, covered=True),
               CoverageWeek(custodian=DESK.address, week=monday + timedelta(days=7), held_sent=0,
                            held_received=0, proven=1, matched=0, covered=False)),
        handoffs=(Handoff(id="h1", matter="t1", from_party="get", to_party="cype", given="c2",
                          given_when=last, taken_up=None, taken_up_when=None, waited=38,
                          state=HandoffState.NOT_TAKEN_UP, communications=("c1", "c2"),
                          is_forward=True, asks=True),),
        acts={"c1": (Act(kind=ActKind.REQUEST, communication="c1", start=0, end=36,
                         said=texts["c1"][:36], cue="?"),)},
        custodians_holding={one.id: (DESK.address,) for one in rows},
        calendars={"working": working, "school": working, "every day": EVERY_DAY},
        criteria={"reply": Criterion(id="kcc", label="Reply to a complaint", days=20,
                                     calendar="working", where="case.toml",
                                     valid_from=date(2022, 1, 1), source="complaints policy")},
        text=lambda ids: {i: texts[i] for i in ids},
        new_text=lambda ids: {i: texts[i].partition("\n>")[0] for i in ids},
        fingerprint="0123456789abcdef",
    )  # fmt: skip


def finding(rule="unanswered", family=Family.RESPONSE, anchor="c1", **more) -> Finding:
    values = {
        "rule": rule, "family": family, "anchor": (anchor,), "severity": Severity.GRAVE,
        "strength": Strength.INDICATED, "observability": Observability.ONE_SIDE,
        "about": ("c1",), "parties": ("families", "get"), "owes": "get",
        "window": days(date(2022, 2, 3), date(2022, 3, 31), "to 31 Mar 2022", Basis.DATE_HEADER),
        "cites": (Citation(source=source("desk.mbox", "message 1"), role="the request",
                           communication="c1", span=(0, 36)),),
        "checks": (Check(what="Answered by a colleague", outcome=Outcome.PASSED,
                         because="no message from the directorate follows"),),
        "sentence": "No record of a reply to Rosa Quill's request of 3 Feb 2022 was found in the "
                    "mailbox supplied; 40 working days had passed.",
        "measure": {"working_days": 40, "criterion": "20 working days"},
        "areas": ("communication with parents",),
    }  # fmt: skip
    return Finding(**(values | more))


def findings() -> tuple[Finding, ...]:
    lost = Citation(source=source("desk.mbox", "message 2"), role="cites it", communication="c2")
    return (
        finding(),
        finding(
            rule="missing_message", family=Family.EVIDENCE, anchor="g1", owes=None,
            severity=Severity.MATERIAL, strength=Strength.DIRECT, cites=(lost,), areas=(),
            sentence="A message cited on 4 Feb 2022 is not in the material supplied.",
        ),
    )  # fmt: skip


def ledger() -> tuple[File, ...]:
    def one(name, status, reason="", **more):
        values = {"sha256": source(name).sha256, "path": f"mailboxes/{name}", "size": 1234,
                  "status": status, "reason": reason, "reader": "mbox", "communications": 2,
                  "embedded": 1, "problems": 0, "supplied_by": "ICT"}  # fmt: skip
        return File(**(values | more))

    return (
        one("desk.mbox", Status.READ),
        one("copy.mbox", Status.DUPLICATE, "the same bytes as desk.mbox"),
        one("locked.pdf", Status.FAILED, "a password is needed", reader=None, problems=1),
        one("note.txt", Status.READ, communications=1, embedded=0),
    )


def ruling(said, **more) -> ActRuling:
    values = {
        "communication": "c1", "said": said, "kind": ActKind.REQUEST, "verdict": ActVerdict.IS_NOT,
        "because": "It only thanks.", "who": "A. Auditor",
        "when": datetime(2022, 5, 7, 8, 15, tzinfo=UTC),
    }  # fmt: skip
    return ActRuling(**(values | more))


def written_case() -> Written:
    """Three communications, two findings, one of them decided."""
    own, texts, found = brief(), dict(TEXTS), messages()
    results = findings()
    decision = Decision(
        subject=results[1].id, state=Disposition.EXPLAINED, because="supplied on 5 May",
        who="A. Auditor", when=datetime(2022, 5, 6, 10, 0, tzinfo=UTC),
        exhibits=results[1].exhibits_digest,
    )  # fmt: skip
    box = source("desk.mbox")
    below = (
        Contained(source=box, name="desk.mbox", media_type="", size=1234, sha256=box.sha256,
                  status=Status.PARTLY, reason="Read, with 1 problem listed for it.", reader="mbox",
                  inside=Counts(read=1, partly=1)),
        Contained(source=source("desk.mbox", "message 2"), name="message 2", media_type="",
                  size=None, sha256=None, status=Status.PARTLY, reason="Read in part.",
                  reader="mbox", inside=Counts(unsupported=1, excluded=1),
                  declared=(Declared(source=box, what="attachments", number=2),)),
        Contained(source=source("desk.mbox", "message 2", "attachment 1"), name="plan.vsdx",
                  media_type="application/vnd.visio", size=99, sha256=box.sha256,
                  status=Status.UNSUPPORTED, reason="Not read in this version.", reader=None,
                  inside=Counts()),
    )  # fmt: skip
    problem = Problem(
        source=source("locked.pdf", "page 1"), reader="pdf", kind=ProblemKind.PASSWORD_NEEDED,
        what="Ask for the password.",
    )  # fmt: skip
    return Written(
        brief=own, one_view=view(own, found, texts), found=results,
        decided={decision.subject: decision}, ledger=ledger(), unread=(problem,), below=below,
        held=found, texts=texts, ruled=(ruling("Thank you for the list."),),
    )  # fmt: skip


@pytest.fixture
def case() -> Written:
    return written_case()


@pytest.fixture(scope="session")
def case_pdf() -> bytes:
    """The PDF of the case as it is written here: setting it once is enough to look at it often."""
    return report.pdf(written_case())


HOSTILE = (
    '=HYPERLINK("http://evil.example/?x","click") @SUM(1+1) +cmd|calc -2+3 '
    "<script>alert(1)</script>"
    '<img src=http://evil.example/p.png> #image("x") $x$ *b* _i_ `r` \\ [link] @ref <label> '
    "\u202edrowssap\u202c\x01\x0b\x00\ud800 \u4e2d\u6587 \U0001f600 \u0627\u0644 {{7*7}} ]]> &amp;"
)


@pytest.fixture
def hostile() -> Written:
    return hostile_case()


@pytest.fixture(scope="session")
def hostile_pdf() -> bytes:
    return report.pdf(hostile_case())


def hostile_case() -> Written:
    """The same case where every word of the evidence tries to act."""
    case = written_case()
    long = "x" * 40_000
    own = replace(case.brief, title=HOSTILE, terms_of_reference=(HOSTILE,))
    evil = Address(name=HOSTILE, address=HOSTILE)
    place = Source(
        sha256="a" * 64, path=HOSTILE.replace("\x00", "") + "/" + "p" * 300, part=(HOSTILE,)
    )
    found = {
        key: replace(one, subject=HOSTILE, sender=evil, to=(evil,) * 5,
                     sightings=(Sighting(source=place, custodian=HOSTILE, folder=HOSTILE),))
        for key, one in case.held.items()
    }  # fmt: skip
    texts = dict.fromkeys(case.texts, HOSTILE + long)
    cite = Citation(source=place, role=HOSTILE, communication="c1", span=(0, 40_000))
    check = Check(what=HOSTILE, outcome=Outcome.UNTESTABLE, because=HOSTILE)
    result = finding(
        sentence=HOSTILE + long, cites=(cite,), checks=(check,), measure={HOSTILE: HOSTILE},
        areas=(HOSTILE,),
    )  # fmt: skip
    decision = Decision(
        subject=result.id, state=Disposition.CONFIRMED, because=HOSTILE, who=HOSTILE,
        when=datetime(2022, 5, 6, 10, 0, tzinfo=UTC),
    )  # fmt: skip
    parties = tuple(replace(party, label=HOSTILE) for party in PARTIES)
    people = tuple(replace(one, label=HOSTILE) for one in identities())
    seen = replace(view(own, found, texts), parties=parties, identities=people)
    files = tuple(replace(one, path=HOSTILE, reason=HOSTILE) for one in case.ledger)
    below = tuple(replace(one, source=place, name=HOSTILE, media_type=HOSTILE, reason=HOSTILE)
                  for one in case.below)  # fmt: skip
    return Written(
        brief=own, one_view=seen, found=(result,), decided={result.id: decision}, ledger=files,
        unread=(), below=below, held=found, texts=texts,
        ruled=(ruling(HOSTILE + long, because=HOSTILE, who=HOSTILE),),
    )  # fmt: skip
