"""A case of any size without any evidence: what the screen is measured and tested with.

Answers everything that `commtrace.case.Case` answers, from one seed. Ten parties pass threads to
one another along a few routes over fourteen months, with a rush in February; some steps stay open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
import synthetic_box

from commtrace.accounts import Reconciliation, UnknownAddress
from commtrace.brief import Brief, Custodian, Event, KnownMissing
from commtrace.challenge import Challenged, Change, Stability, compared
from commtrace.entering import Entered
from commtrace.entries import Entry
from commtrace.errors import CallError
from commtrace.model import (
    AbsentCopy,
    Act,
    ActKind,
    ActRuling,
    ActVerdict,
    Address,
    AuditRow,
    Channel,
    Check,
    Communication,
    CommunicationId,
    Contained,
    Coverage,
    CoverageWeek,
    Deadline,
    Decision,
    Disposition,
    Family,
    File,
    Finding,
    Ghost,
    Handoff,
    HandoffState,
    Head,
    Identity,
    IdentityId,
    IdentityKind,
    Likely,
    Likeness,
    Membership,
    Observability,
    Outcome,
    Party,
    PartyKind,
    PeopleRuling,
    PeopleRulingKind,
    Problem,
    ProblemKind,
    Proposal,
    Ruling,
    RulingKind,
    Segment,
    Severity,
    Sighting,
    Source,
    Status,
    Strength,
    Thread,
    ThreadId,
    Verification,
    Zone,
    digest,
)
from commtrace.moments import Basis, Moment, days, instant, local_day, start_of
from commtrace.reconstruction.brokerage import view_paths
from commtrace.reconstruction.knowledge import could_hold
from commtrace.view import View
from commtrace.workdays import calendar

BEGIN, END = date(2021, 6, 1), date(2022, 8, 1)
WORKING = calendar(
    "working",
    closed=(
        date(2021, 8, 30),
        date(2021, 12, 27),
        date(2021, 12, 28),
        date(2022, 1, 3),
        date(2022, 4, 15),
        date(2022, 4, 18),
    ),
)
PARTIES = (
    Party(id="cype", label="Children and Young People", kind=PartyKind.DIRECTORATE),
    Party(id="get", label="Growth and Transport", kind=PartyKind.DIRECTORATE),
    Party(id="corporate", label="Strategic and Corporate", kind=PartyKind.DIRECTORATE),
    Party(id="members", label="Members", kind=PartyKind.MEMBERS),
    Party(id="pact", label="Parent carer forum", kind=PartyKind.FORUM),
    Party(id="families", label="Parents and carers", kind=PartyKind.FAMILIES),
    Party(id="schools", label="Schools", kind=PartyKind.SCHOOL),
    Party(id="operators", label="Transport operators", kind=PartyKind.PROVIDER),
    Party(id="law.example", label="law.example", kind=PartyKind.OTHER, provisional=True),
    Party(id="press", label="Local press", kind=PartyKind.PRESS),
)
_ROUTES = (
    ((5, 0, 1, 0, 5), 30),
    ((5, 0, 5), 26),
    ((1, 7, 1), 16),
    ((4, 0, 1, 0, 4), 14),
    ((6, 0, 1, 7, 1, 6), 10),
    ((0, 1, 0), 9),
    ((5, 0), 7),
    ((4, 0, 4), 7),
    ((5, 3, 0, 1, 0, 3, 5), 6),
    ((2, 1, 2), 4),
    ((0, 2, 0), 4),
    ((3, 2, 3), 3),
    ((5, 6), 3),
    ((8, 1, 8), 2),
    ((9, 2), 1),
)
_SUBJECTS = (
    "Transport from February half-term",
    "Route allocation query",
    "Eligibility re-assessment",
    "Pick-up time not confirmed",
    "Personal transport budget",
    "Passenger assistant",
    "Complaint about missed collection",
    "Re-tender timetable",
    "Letter to families",
    "Risk log",
)
_EVENTS = (
    Event(id="term", label="Term starts", date=date(2021, 9, 6)),
    Event(id="procurement", label="Procurement decision", date=date(2021, 11, 16)),
    Event(id="tender", label="Route re-tender issued", date=date(2022, 1, 12)),
    Event(id="live", label="New routes start", date=date(2022, 2, 21)),
    Event(id="scrutiny", label="Scrutiny Committee", date=date(2022, 3, 30)),
    Event(id="audit", label="Audit scope agreed", date=date(2022, 6, 14)),
)
_SUPPLIED = (0, 1, 2, 3, 4)  # parties whose mailboxes were supplied
_PEOPLE = 6  # people in each party


@dataclass(frozen=True, slots=True)
class _Rows:
    """One row a message, before they are put in order of time."""

    when: list[int]
    sender: list[int]
    to: list[int]
    thread: list[int]
    step: list[int]


class SyntheticCase:
    """A case of `count` communications; `hostile` strings, if any, stand in for its texts."""

    def __init__(self, count: int, *, hostile: tuple[str, ...] = ()) -> None:
        self.folder = Path("synthetic")
        self.count = count
        self.hostile = hostile
        self._decided: list[Decision] = []
        self._rulings: list[Ruling] = []
        self._people: list[PeopleRuling] = []
        self._acts_ruled: list[ActRuling] = []
        self._entries: list[Entered] = []
        self._register: list[KnownMissing] = []
        self._audit: list[AuditRow] = []
        self._note("case made", "", {}, "")
        self._note("ingest", "", {"supplied_by": "Records team", "files": count}, "")

    @property
    def title(self) -> str:
        """The case's title."""
        return self.hostile[0] if self.hostile else "School transport communications, 2021-22"

    @property
    def brief(self) -> Brief:
        """A brief with events and custodians."""
        custodians = tuple(
            Custodian(name=_person(p, 0), address=_address(p, 0), since=BEGIN, until=END)
            for p in _SUPPLIED
        )
        return Brief(title=self.title, period=(BEGIN, END), events=_EVENTS, custodians=custodians)

    def fingerprint(self) -> str:
        """Stands for this size."""
        return digest("synthetic", str(self.count), *self.hostile)

    def view(self) -> View:
        """The whole case as columns."""
        return self._view

    @cached_property
    def _view(self) -> View:
        rows, threads = _rows(self.count)
        order = np.argsort(np.array(rows.when), kind="stable")
        return _view(self, rows, order, threads)

    @cached_property
    def _findings(self) -> tuple[Finding, ...]:
        return tuple(sorted(_findings(self._view, self.hostile), key=_gravity))

    def findings(self) -> tuple[Finding, ...]:
        """Every synthetic finding, gravest first."""
        return self._findings

    def challenge(self, change: Change) -> Challenged:
        """Every third finding falls, whatever the change."""
        return compared(change, self._findings, [f for n, f in enumerate(self._findings) if n % 3])

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {finding.id: number for number, finding in enumerate(self._findings, 1)}

    def reference(self, finding: Finding) -> str:
        """`G-0001` for the gravest."""
        return f"G-{self._numbers[finding.id]:04d}"

    def finding(self, identifier: str) -> Finding:
        """The finding with an id."""
        for finding in self._findings:
            if finding.id == identifier:
                return finding
        raise CallError(f"There is no finding {identifier} in this case now.")

    def failures(self) -> tuple[object, ...]:
        """No rule fails."""
        return ()

    def decisions(self) -> Mapping[str, Decision]:
        """The latest decision on each finding that has one."""
        return {decision.subject: decision for decision in self._decided}

    def history(self, identifier: str) -> tuple[Decision, ...]:
        """Every decision on a finding, oldest first."""
        return tuple(d for d in self._decided if d.subject == identifier)

    def decide(self, identifier: str, state: Disposition, because: str, who: str) -> Decision:
        """Remember a decision for as long as the process lives."""
        finding = self.finding(identifier)
        decision = Decision(
            subject=identifier,
            state=state,
            because=because,
            who=who,
            when=datetime(2022, 8, 2, 9, 0, len(self._decided) % 60, tzinfo=UTC),
            exhibits=finding.exhibits_digest,
        )
        self._decided.append(decision)
        return decision

    def stability(self, finding: Finding) -> Stability | None:
        """Not asked for."""
        del finding
        return None

    def changed_since_decided(self, finding: Finding) -> bool:
        """Whether a finding's exhibits are other than when it was decided."""
        decision = self.decisions().get(finding.id)
        return decision is not None and decision.exhibits != finding.exhibits_digest

    @cached_property
    def _files(self) -> tuple[File, ...]:
        return tuple(_files(self._view, self.hostile))

    def files(self) -> tuple[File, ...]:
        """A ledger with every state."""
        return self._files

    @cached_property
    def _contained(self) -> tuple[Contained, ...]:
        return tuple(synthetic_box.contained(self._files, self.count, self.hostile))

    def contained(self, sha256: str | None = None) -> tuple[Contained, ...]:
        """What lies in the files, of all of them or of one."""
        return tuple(c for c in self._contained if sha256 in {None, c.source.sha256})

    @cached_property
    def _problems(self) -> tuple[Problem, ...]:
        return (*self._whole_problems(), *synthetic_box.problems(self._contained))

    def problems(self) -> tuple[Problem, ...]:
        """One for each file that was not read whole and each thing that is encrypted."""
        return self._problems

    def proposals(self) -> tuple[Proposal, ...]:
        """A bundle, a table and a store's deleted items."""
        return synthetic_box.proposals(self.hostile)

    def rulings(self) -> tuple[Ruling, ...]:
        """What was ruled so far."""
        return tuple(self._rulings)

    def rule_on(
        self, place: Source, kind: RulingKind, value: str, *, because: str, who: str
    ) -> Ruling:
        """Keep a ruling; nothing is read again, as there is no evidence."""
        if not who.strip() or not because.strip():
            raise CallError("A ruling needs a reason and the name of the person who makes it.")
        when = datetime(2022, 6, 14, 12, len(self._rulings), tzinfo=UTC)
        ruling = Ruling(source=place, kind=kind, value=value, because=because, who=who, when=when)
        self._rulings.append(ruling)
        self._note("ruling", digest(place.sha256, *place.part), {"because": because}, who)
        return ruling

    def people_rulings(self) -> tuple[PeopleRuling, ...]:
        """What was ruled on who is who so far."""
        return tuple(self._people)

    def rule_on_people(self, made: PeopleRuling) -> PeopleRuling:
        """Keep a ruling on who is who; the view stays as it is made."""
        if not made.who.strip() or not made.because.strip():
            raise CallError("A ruling needs a reason and the name of the person who makes it.")
        self._people = [one for one in self._people if set(one.keys) != set(made.keys)]
        if made.kind is not PeopleRulingKind.WITHDRAWN:
            self._people.append(made)
        self._note("who is who", "", {"because": made.because}, made.who)
        return made

    def act_rulings(self) -> tuple[ActRuling, ...]:
        """What was ruled on sentences so far."""
        return tuple(self._acts_ruled)

    def rule_on_act(self, made: ActRuling) -> ActRuling:
        """Keep a ruling on a sentence; the view stays as it is made."""
        if not made.who.strip() or not made.because.strip():
            raise CallError("A ruling needs a reason and the name of the person who makes it.")
        self._acts_ruled = [one for one in self._acts_ruled if one.key != made.key]
        if made.verdict is not ActVerdict.WITHDRAWN:
            self._acts_ruled.append(made)
        self._note("act ruled", made.communication, {"because": made.because}, made.who)
        return made

    def choose_criterion(
        self, key: str, value: str | int | None, *, because: str, who: str
    ) -> None:
        """Note the choice of a criterion; the findings stay as they are made."""
        self._note_measure("[criteria]", f"{key} = {value}", because, who)

    def set_threshold(
        self, rule: str, key: str, value: float | str | None, *, because: str, who: str
    ) -> None:
        """Note a threshold; the findings stay as they are made."""
        self._note_measure(f"[rules.{rule}]", f"{key} = {value}", because, who)

    def _note_measure(self, table: str, after: str, because: str, who: str) -> None:
        if not who.strip() or not because.strip():
            raise CallError("A choice needs a reason and the name of the person who makes it.")
        words: dict[str, object] = {"table": table, "before": "", "after": after}
        self._note("criterion", "", {**words, "because": because}, who)

    def measured(self) -> tuple[AuditRow, ...]:
        """What was chosen so far."""
        return tuple(row for row in self._audit if row.action == "criterion")

    def enter(self, entry: Entry, *, who: str) -> CommunicationId:
        """Keep an entry; it does not become a message of the view."""
        identifier = CommunicationId(digest(entry.said, entry.text))
        own = {field.name: getattr(entry, field.name) for field in fields(entry)}
        name = f"entry-{len(self._entries) + 1:04d}.toml"
        self._entries.append(Entered(**own, name=name, id=identifier, who=who))
        self._note("entry", identifier, {"file": name}, who)
        return identifier

    def entries(self) -> tuple[Entered, ...]:
        """What was entered so far."""
        return tuple(self._entries)

    def register(self) -> tuple[KnownMissing, ...]:
        """What is known to exist and was not provided."""
        return tuple(self._register)

    def register_missing(self, missing: KnownMissing, *, who: str) -> None:
        """Keep a line of the register."""
        self._register.append(missing)
        self._note("register", digest(missing.what), {}, who)

    def _note(self, action: str, subject: str, words: dict[str, object], who: str) -> AuditRow:
        self._audit.append(synthetic_box.row(self._audit, action, subject, words, who))
        return self._audit[-1]

    def custody(self) -> tuple[AuditRow, ...]:
        """What was done to the case, oldest first."""
        return tuple(self._audit)

    def head(self) -> Head:
        """The end of the chain."""
        return Head(count=len(self._audit), digest=self._audit[-1].digest if self._audit else "")

    def verify(self, expect_head: str | None = None) -> Verification:
        """Nothing lies in a folder, so there is nothing that could have changed."""
        del expect_head
        return Verification(
            faults=(),
            notes=("Nothing of a synthetic case lies on a disk.",),
            copies=len(self._files),
            rows=self.count,
            head=self.head(),
        )

    def made(self, action: str, files: Mapping[str, str], *, out: str, who: str = "") -> AuditRow:
        """Note that papers were handed out."""
        return self._note(action, "", {"out": out, "files": dict(files)}, who)

    def bytes(self, source: Source) -> bytes:
        """The bytes at a place: its name stands for them."""
        return " ".join((source.path, *source.part)).encode()

    def _whole_problems(self) -> tuple[Problem, ...]:
        return tuple(
            Problem(
                source=Source(sha256=file.sha256 or "", path=file.path),
                reader=file.reader or "none",
                kind=ProblemKind.TRUNCATED if file.status is Status.PARTLY else ProblemKind.CORRUPT,
                what=file.reason,
            )
            for file in self._files
            if file.status in {Status.PARTLY, Status.FAILED}
        )

    def reconciliation(self) -> Reconciliation:
        """The ledger in numbers."""
        states = Counter(file.status for file in self._files)
        return Reconciliation(
            files=len(self._files),
            read=states[Status.READ],
            partly=states[Status.PARTLY],
            duplicate=states[Status.DUPLICATE],
            unsupported=states[Status.UNSUPPORTED],
            failed=states[Status.FAILED],
            excluded=states[Status.EXCLUDED],
            communications=self.count,
            embedded=sum(file.embedded for file in self._files),
            problems=len(self.problems()),
            balanced=True,
        )

    def communication(self, identifier: str) -> Communication:
        """A communication, made from its row."""
        view = self._view
        row = view.row_of.get(CommunicationId(identifier))
        if row is None:
            raise CallError(f"There is no communication {identifier} in this case.")
        sender = view.identities[int(view.sender[row])].members[0]
        to = tuple(view.identities[int(view.recipient[n])].members[0] for n in view.recipients(row))
        custodians = view.custodians_holding[view.ids[row]]
        sightings = tuple(Sighting(source=view.sources[row], custodian=c) for c in custodians)
        return Communication(
            id=view.ids[row],
            channel=view.channels[row],
            sightings=sightings or (Sighting(source=view.sources[row]),),
            sent=view.whens[row],
            received=None,
            sender=sender,
            reply_to=(),
            to=to,
            cc=(),
            bcc=(),
            subject=view.subjects[row],
            message_id=f"{identifier}@mail.example",
            in_reply_to=None,
            references=(),
            thread_index=None,
            our_ref=None,
            your_ref=None,
            attachments=(),
            marks=(),
            reader="eml",
            doubts=(),
        )

    def text(self, identifier: str) -> str:
        """A letter's worth of text with a quotation."""
        view = self._view
        row = view.row_of[CommunicationId(identifier)]
        if self.hostile:
            return "\n\n".join(self.hostile)
        return (
            'Dear colleagues,\n\nI am writing about "' + view.subjects[row] + '". Please can you '
            "confirm the position and when families will be told? We were asked for an answer by "
            "the end of the week.\n\nRegards\n\nOn Monday you wrote:\n> Thank you for your letter. "
            "We are looking into it\n> and will come back to you."
        )

    def segments(self, identifier: str) -> tuple[Segment, ...]:
        """New text, then the quotation."""
        text = self.text(identifier)
        cut = text.find("On Monday")
        if cut < 0:
            return (Segment(zone=Zone.NEW, start=0, end=len(text)),)
        return (
            Segment(zone=Zone.NEW, start=0, end=cut),
            Segment(zone=Zone.QUOTED, start=cut, end=len(text), depth=1),
        )

    def search(self, words: str, limit: int = 50) -> list[CommunicationId]:
        """Communications whose subject holds the words."""
        view = self._view
        wanted = words.casefold()
        found = [i for i, s in zip(view.ids, view.subjects, strict=True) if wanted in s.casefold()]
        return found[:limit]

    def unknown_addresses(self) -> tuple[UnknownAddress, ...]:
        """The people of the provisional party."""
        domain = self.hostile[0] if self.hostile else "law.example"
        return tuple(
            UnknownAddress(
                address=f"{_person(8, n).replace(' ', '.').lower()}@{domain}",
                name=_person(8, n),
                party=PARTIES[8].label,
                communications=40 - 7 * n,
            )
            for n in range(3)
        )


def _person(party: int, number: int) -> str:
    first = ("Ada", "Ben", "Cleo", "Dev", "Esme", "Finn")[number % _PEOPLE]
    last = ("Archer", "Boyd", "Clark", "Diaz", "Ellis", "Frost", "Gill", "Hart", "Irwin", "Jones")
    return f"{first} {last[party]}"


def _address(party: int, number: int) -> str:
    return f"{_person(party, number).replace(' ', '.').lower()}@{PARTIES[party].id}.example"


def _rows(count: int) -> tuple[_Rows, int]:
    """Threads along weighted routes until there are `count` messages."""
    random = np.random.default_rng(20220221)
    weights = np.array([w for _, w in _ROUTES], dtype=float)
    span = (END - BEGIN).days
    rush = (date(2022, 2, 21) - BEGIN).days
    rows = _Rows([], [], [], [], [])
    epoch = int(datetime(BEGIN.year, BEGIN.month, BEGIN.day, tzinfo=UTC).timestamp())
    thread = 0
    while len(rows.when) < count:
        route = _ROUTES[int(random.choice(len(_ROUTES), p=weights / weights.sum()))][0]
        rushed = random.random() < 0.4
        day = rush + random.normal(0, 28) if rushed else random.uniform(0, span - 10)
        at = float(np.clip(day, 0, span - 5))
        for step, (sender, to) in enumerate(pairwise(route)):
            at += 0 if step == 0 else float(random.exponential(2.5)) + 0.05
            if at >= span or len(rows.when) >= count or (step and random.random() < 0.12):
                break
            when = BEGIN + timedelta(days=int(at))
            if when.weekday() >= 5:
                at += 2
            second = epoch + int(at) * 86400 + int(random.normal(12.5, 2.3) * 3600) % 86400
            rows.when.append(second)
            rows.sender.append(sender * _PEOPLE + int(random.integers(_PEOPLE)))
            rows.to.append(to * _PEOPLE + int(random.integers(_PEOPLE)))
            rows.thread.append(thread)
            rows.step.append(step)
        thread += 1
    return rows, thread


def _view(case: SyntheticCase, rows: _Rows, order: np.ndarray, threads: int) -> View:
    count = len(order)
    when = np.array(rows.when, dtype=np.int64)[order]
    thread = np.array(rows.thread, dtype=np.int64)[order]
    sender = np.array(rows.sender, dtype=np.int64)[order]
    to = np.array(rows.to, dtype=np.int64)[order]
    ids = tuple(CommunicationId(digest("synthetic", str(n))) for n in order.tolist())
    letters = order % 23 == 7
    whens = tuple(_moment(int(w), bool(letter)) for w, letter in zip(when, letters, strict=True))
    start = np.array([int(w.earliest.timestamp()) for w in whens], dtype=np.int64)
    again = np.argsort(start, kind="stable")
    if not np.array_equal(again, np.arange(count)):
        return _view(case, rows, order[again], threads)
    end = np.array([int(w.latest.timestamp()) for w in whens], dtype=np.int64)
    subjects = tuple(_subject(case, int(t)) for t in thread)
    members: list[list[int]] = [[] for _ in range(threads)]
    parent = np.full(count, -1, dtype=np.int64)
    for row, number in enumerate(thread.tolist()):
        if members[number]:
            parent[row] = members[number][-1]
        members[number].append(row)
    ghosts = _ghosts(ids, whens, members)
    return View(
        as_of=datetime(END.year, END.month, END.day, tzinfo=UTC),
        brief=case.brief,
        ids=ids,
        whens=whens,
        subjects=subjects,
        sources=tuple(
            _source(n, int(s), case) for n, s in zip(order.tolist(), sender, strict=True)
        ),
        channels=tuple(Channel.LETTER if x else Channel.EMAIL for x in letters.tolist()),
        start=start,
        end=end,
        sender=sender,
        sender_party=sender // _PEOPLE,
        recipient_offsets=np.arange(count + 1, dtype=np.int64),
        recipient=to,
        recipient_party=to // _PEOPLE,
        recipient_kind=np.zeros(count, dtype=np.int64),
        thread=thread,
        parent=parent,
        automatic=np.zeros(count, dtype=np.bool_),
        bulk=np.zeros(count, dtype=np.bool_),
        forward=np.zeros(count, dtype=np.bool_),
        identities=_identities(),
        parties=_parties(case),
        threads=tuple(
            Thread(
                id=ThreadId(f"t{n}"),
                subject=_subject(case, n),
                members=tuple(ids[r] for r in rows_),
                links=(),
                ghosts=(),
            )
            for n, rows_ in enumerate(members)
        ),
        links=(),
        ghosts=ghosts,
        contacts=(),
        coverage=_coverage(),
        weeks=_weeks(),
        absent_copies=_absent_copies(ids, whens),
        likely=_likely(),
        handoffs=tuple(_handoffs(ids, whens, members, sender // _PEOPLE, to // _PEOPLE)),
        acts=_acts(case, ids, whens, sender // _PEOPLE, to // _PEOPLE),
        custodians_holding=dict.fromkeys(ids, (_person(0, 0),)),
        calendars={"working": WORKING},
        criteria={},
        text=_texts(case),
        new_text=_texts(case),
        fingerprint=case.fingerprint(),
        passings=view_paths,
        spread=could_hold,
    )


def _acts(
    case: SyntheticCase,
    ids: Sequence[CommunicationId],
    whens: Sequence[Moment],
    from_: np.ndarray,
    to: np.ndarray,
) -> dict[CommunicationId, tuple[Act, ...]]:
    """Undertakings with a day, said again in some threads, and requests, between parties."""
    said = case.hostile[0] if case.hostile else "We will send you the list of routes by Friday."
    asked = case.hostile[1] if case.hostile else "Can you tell us which route it is?"
    found: dict[CommunicationId, tuple[Act, ...]] = {}
    for row in np.flatnonzero(from_ != to).tolist():
        if row % 29 and row % 31:
            continue
        day = local_day(whens[row].earliest)
        due = Deadline(words="by Friday", start=0, end=9, first=day, last=day + timedelta(days=7))
        kind, words = (ActKind.UNDERTAKING, said) if row % 29 == 0 else (ActKind.REQUEST, asked)
        found[ids[row]] = (
            Act(kind=kind, communication=ids[row], start=0, end=len(words), said=words, cue="",
                due=due if kind is ActKind.UNDERTAKING else None),
        )  # fmt: skip
    return found


def _texts(case: SyntheticCase):  # type: ignore[no-untyped-def]  # noqa: ANN202
    def texts(ids: Iterable[CommunicationId]) -> Mapping[CommunicationId, str]:
        return {i: case.text(i) for i in ids}

    return texts


def _parties(case: SyntheticCase) -> tuple[Party, ...]:
    if not case.hostile:
        return PARTIES
    names = case.hostile
    return tuple(
        Party(id=p.id, label=names[n % len(names)], kind=p.kind, provisional=p.provisional)
        for n, p in enumerate(PARTIES)
    )


def _subject(case: SyntheticCase, thread: int) -> str:
    choices = case.hostile or _SUBJECTS
    return choices[thread % len(choices)] + ("" if case.hostile else f" {thread}")


def _moment(second: int, letter: bool) -> Moment:
    when = datetime.fromtimestamp(second, tz=UTC)
    if letter:
        return days(local_day(when), local_day(when), "on the letterhead", Basis.LETTERHEAD)
    return instant(when, "Date header", Basis.DATE_HEADER)


def _source(number: int, sender: int, case: SyntheticCase) -> Source:
    name = case.hostile[number % len(case.hostile)] if case.hostile else f"{number:06d}"
    box = PARTIES[sender // _PEOPLE].id
    return Source(sha256=digest("file", str(number)) * 4, path=f"{box}/inbox/{name}.eml")


def _identities() -> tuple[Identity, ...]:
    return tuple(
        Identity(
            id=IdentityId(f"{party}-{number}"),
            label=_person(party, number),
            kind=IdentityKind.PERSON,
            members=(Address(name=_person(party, number), address=_address(party, number)),),
            parties=(Membership(party=PARTIES[party].id),),
            because=("one address",),
        )
        for party in range(len(PARTIES))
        for number in range(_PEOPLE)
    )


def _coverage() -> tuple[Coverage, ...]:
    windows = {
        0: (BEGIN, END),
        1: (date(2021, 8, 16), date(2022, 4, 30)),
        2: (BEGIN, END),
        3: (date(2021, 10, 4), END),
        4: (BEGIN, date(2022, 6, 5)),
    }
    return tuple(
        Coverage(
            custodian=_person(party, 0),
            identity=IdentityId(f"{party}-0"),
            channel=Channel.EMAIL,
            first=first,
            last=last,
            basis="declared" if party != 1 else "inferred",
            completeness=0.97 if party != 1 else 0.71,
            proven=120,
            held=116 if party != 1 else 85,
        )
        for party, (first, last) in windows.items()
    )


def _weeks() -> tuple[CoverageWeek, ...]:
    found = []
    for stretch in _coverage():
        party = int(str(stretch.identity).split("-")[0])
        week = BEGIN - timedelta(days=BEGIN.weekday())
        number = 0
        while week < END:
            inside = stretch.first <= week <= stretch.last
            hole = party == 1 and 38 <= number < 41
            held = 0 if hole or not inside else 12 + (number * 7 + party * 3) % 17
            found.append(
                CoverageWeek(
                    custodian=stretch.custodian,
                    week=week,
                    held_sent=held // 2,
                    held_received=held,
                    proven=6 if inside else 0,
                    matched=0 if hole else 6 if inside else 0,
                    covered=inside,
                )
            )
            week += timedelta(days=7)
            number += 1
    return tuple(found)


def _likely() -> tuple[Likely, ...]:
    """Two pairs that may be one."""
    return tuple(
        Likely(
            one=IdentityId(f"{party}-0"),
            other=IdentityId(f"{party}-1"),
            likeness=Likeness.SPELLING,
            why=f"{_person(party, 0)} and {_person(party, 1)} differ by a slip of spelling.",
        )
        for party in (0, 1)
    )


def _absent_copies(
    ids: tuple[CommunicationId, ...], whens: tuple[Moment, ...]
) -> tuple[AbsentCopy, ...]:
    """Six messages of each week that the second custodian's mailbox lacks."""
    found: list[AbsentCopy] = []
    for week in (one for one in _weeks() if one.matched < one.proven):
        begin, end = start_of(week.week), start_of(week.week + timedelta(days=7))
        rows = [row for row, when in enumerate(whens) if begin <= when.earliest < end]
        found += [
            AbsentCopy(
                communication=ids[row],
                custodian=week.custodian,
                identity=IdentityId("1-0"),
                sent=False,
                declared=False,
            )
            for row in rows[: week.proven]
        ]
    return tuple(found)


def _ghosts(
    ids: tuple[CommunicationId, ...], whens: tuple[Moment, ...], members: list[list[int]]
) -> tuple[Ghost, ...]:
    found = []
    for number in range(3, len(members), max(1, len(members) // 24)):
        if len(members[number]) < 2:
            continue
        first, second = members[number][:2]
        wide = number % 2 == 0
        low = whens[second].earliest - timedelta(days=6 if wide else 1)
        found.append(
            Ghost(
                id=f"ghost{number}",
                message_ids=(f"absent.{number}@mail.example",),
                conversation_indices=(),
                cited_by=(ids[second],),
                when=Moment(
                    earliest=low,
                    latest=whens[second].earliest,
                    said="between its witnesses",
                    basis=Basis.QUOTED_HEADER,
                ),
                evidence=("In-Reply-To of a message supplied",),
                text=None,
                likely_holders=(_person(1, 0),),
                thread=ThreadId(f"t{number}"),
            )
        )
        del first
    return tuple(found)


def _handoffs(
    ids: tuple[CommunicationId, ...],
    whens: tuple[Moment, ...],
    members: list[list[int]],
    sender: np.ndarray,
    to: np.ndarray,
) -> Iterable[Handoff]:
    directorates = {0, 1, 2}
    for number, rows in enumerate(members):
        for position, row in enumerate(rows):
            given, taken = int(sender[row]), int(to[row])
            if position == 0 or given not in directorates or taken not in directorates:
                continue
            after = next((r for r in rows[position + 1 :] if int(sender[r]) == taken), None)
            end = whens[after].earliest if after is not None else datetime(2022, 8, 1, tzinfo=UTC)
            waited = WORKING.elapsed(local_day(whens[row].earliest), local_day(end))
            late = waited > 10
            state = (
                HandoffState.NOT_TAKEN_UP
                if after is None
                else HandoffState.LATE
                if late
                else HandoffState.TAKEN_UP
            )
            yield Handoff(
                id=f"h{number}-{position}",
                matter=ThreadId(f"t{number}"),
                from_party=PARTIES[given].id,
                to_party=PARTIES[taken].id,
                given=ids[row],
                given_when=whens[row],
                taken_up=ids[after] if after is not None else None,
                taken_up_when=whens[after] if after is not None else None,
                waited=waited,
                state=state,
                communications=tuple(ids[r] for r in rows),
                is_forward=position == 1,
                asks=True,
            )


def _gravity(finding: Finding) -> tuple[int, int, str, str]:
    return -finding.severity, -finding.strength, finding.family, finding.id


def _findings(view: View, hostile: tuple[str, ...]) -> Iterable[Finding]:
    """Open steps as unanswered and broken handoffs, a few silences, every ghost, one hole."""
    count = 0
    for rows in view.rows_of_thread:
        if count >= 240:
            break
        last = int(rows[-1])
        sender, to = int(view.sender_party[last]), view.parties_to(last)[0]
        if to not in {0, 1, 2, 3} or sender == to or last % 3:
            continue
        count += 1
        first = local_day(view.whens[last].earliest)  # type: ignore[union-attr]
        waited = 12 + last % 49
        until = WORKING.due(first, waited)
        flow = sender in {0, 1, 2} and to in {0, 1, 2}
        names = (view.parties[sender], view.parties[to])
        sentence = (
            f"{names[1].label} was asked by {names[0].label} on {first.day} {first:%b %Y}. No "
            f"record of a next step was found in the material within {waited} working days."
        )
        yield _finding(
            view,
            rows,
            rule="broken_handoff" if flow else "unanswered",
            family=Family.FLOW if flow else Family.RESPONSE,
            severity=Severity.GRAVE
            if waited > 45
            else Severity.MATERIAL
            if waited > 20
            else Severity.LOW,
            window=days(first, until, "from the request", Basis.DATE_HEADER),
            owes=names[1].id,
            parties=(names[0].id, names[1].id),
            sentence=hostile[0] if hostile else sentence,
            waited=waited,
        )
    yield from _silences(view)
    for ghost in view.ghosts[:14]:
        row = view.row_of[ghost.cited_by[0]]
        if ghost.when is None:
            continue
        party = view.parties[int(view.sender_party[row])]
        yield _finding(
            view,
            np.array([row]),
            rule="missing_message",
            family=Family.EVIDENCE,
            severity=Severity.MATERIAL,
            window=ghost.when,
            owes=None,
            parties=(party.id,),
            sentence="A message is cited by one supplied and is in none of the material.",
            waited=0,
        )


def _silences(view: View) -> Iterable[Finding]:
    spans = (
        (4, 0, date(2021, 12, 8), date(2022, 1, 19)),
        (2, 1, date(2021, 9, 14), date(2021, 10, 29)),
        (3, 2, date(2022, 6, 2), date(2022, 7, 22)),
    )
    for one, other, first, last in spans:
        rows = view.rows_between(one, other) or view.rows_between(other, one)
        if not rows:
            continue
        waited = WORKING.elapsed(first, last)
        yield _finding(
            view,
            np.array(rows[:1]),
            rule="silence",
            family=Family.FLOW,
            severity=Severity.MATERIAL,
            window=days(first, last, "between two messages", Basis.DATE_HEADER),
            owes=view.parties[one].id,
            parties=(view.parties[one].id, view.parties[other].id),
            sentence=(
                f"No record was found of a message between {view.parties[one].label} and "
                f"{view.parties[other].label} for {waited} working days."
            ),
            waited=waited,
        )


def _finding(
    view: View,
    rows: object,
    *,
    rule: str,
    family: Family,
    severity: Severity,
    window: Moment,
    owes: str | None,
    parties: tuple[str, ...],
    sentence: str,
    waited: int,
) -> Finding:
    numbers = [int(r) for r in rows]  # type: ignore[attr-defined]
    last = numbers[-1]
    return Finding(
        rule=rule,
        family=family,
        anchor=(view.ids[last], rule),
        severity=severity,
        strength=Strength.DIRECT if waited % 2 else Strength.CORROBORATED,
        observability=Observability.OBSERVED if last % 4 else Observability.ONE_SIDE,
        about=tuple(view.ids[r] for r in numbers),
        window=window,
        parties=parties,
        owes=owes,
        cites=(view.cite(last, "the request"),),
        checks=(
            Check(what="an answer in another thread", outcome=Outcome.PASSED, because="none held"),
            Check(
                what="an answer by telephone", outcome=Outcome.UNTESTABLE, because="no call notes"
            ),
        ),
        sentence=sentence,
        measure={"working days": waited, "criterion": 20} if waited else {"witnesses": 1},
    )


def _files(view: View, hostile: tuple[str, ...]) -> Iterable[File]:
    states = (Status.DUPLICATE, Status.UNSUPPORTED, Status.FAILED, Status.PARTLY, Status.EXCLUDED)
    reasons = {
        Status.DUPLICATE: "The same content as another file.",
        Status.UNSUPPORTED: "No reader for this format yet.",
        Status.FAILED: "The file ends before its own directory says; ask for it again.",
        Status.PARTLY: "One attachment is encrypted; ask for its password.",
        Status.EXCLUDED: "Outside the folders named in case.toml.",
    }
    step = max(1, len(view) // 2000)
    for number, source in enumerate(view.sources[::step]):
        status = states[number // 37 % 5] if number % 37 == 5 else Status.READ
        reason = hostile[0] if hostile else reasons.get(status, "")
        read = status in {Status.READ, Status.PARTLY}
        yield File(
            sha256=source.sha256,
            path=source.path,
            size=4000 + number * 13 % 90000,
            status=status,
            reason=reason,
            reader="eml" if read else None,
            communications=step if read else 0,
            embedded=number % 5 == 0,
            problems=int(status in {Status.PARTLY, Status.FAILED}),
            supplied_by="Records team",
            custodian=_person(number % 5, 0),
        )
