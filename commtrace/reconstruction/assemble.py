"""All of it together: communications, what `case.toml` says, and what each message says, as a View.

Pure: the same values give the same View in whatever order they arrive. Texts are fetched through
the functions handed in, in batches, and not kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import TypeVar

import numpy as np

from commtrace.brief import Brief
from commtrace.entries import author_of
from commtrace.model import (
    Act,
    ActRuling,
    Channel,
    Communication,
    CommunicationId,
    Contact,
    Coverage,
    Criterion,
    Grade,
    Mark,
    PeopleRuling,
    PeopleRulingKind,
    Problem,
    Segment,
    SharedUse,
    Zone,
)
from commtrace.moments import end_of, local_day
from commtrace.reconstruction import kinds
from commtrace.reconstruction.brokerage import view_paths
from commtrace.reconstruction.coverage import coverage
from commtrace.reconstruction.dated import dated
from commtrace.reconstruction.graph import contacts
from commtrace.reconstruction.handoffs import Clock, Columns, handoffs
from commtrace.reconstruction.hidden import quoted_words
from commtrace.reconstruction.holders import with_holders
from commtrace.reconstruction.identity import NOBODY, Directory, directory
from commtrace.reconstruction.knowledge import could_hold
from commtrace.reconstruction.likeness import likely
from commtrace.reconstruction.owners import with_owners
from commtrace.reconstruction.quotations import own_words, quoted, quoted_lines
from commtrace.reconstruction.sharing import sharing
from commtrace.reconstruction.tagged import tagged
from commtrace.reconstruction.threaded import Mail
from commtrace.reconstruction.threads import thread
from commtrace.view import BCC, CC, TO, View
from commtrace.workdays import Calendar

Texts = Callable[[Iterable[CommunicationId]], Mapping[CommunicationId, str]]
Segments = Callable[[Iterable[CommunicationId]], Mapping[CommunicationId, tuple[Segment, ...]]]
Entry = tuple[int, int, int]  # identity, party, kind of recipient

_Part = TypeVar("_Part")
_BATCH = 2000
_HANDOFF_DAYS = 10
_IMPLAUSIBLE = timedelta(days=366)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def reconstruct(
    communications: Sequence[Communication],
    *,
    brief: Brief,
    calendars: Mapping[str, Calendar],
    criteria: Mapping[str, Criterion],
    as_of: datetime | None = None,
    text: Texts,
    segments: Segments,
    acts: Mapping[CommunicationId, tuple[Act, ...]],
    headers: Segments | None = None,
    new_text: Texts | None = None,
    own_text: Texts | None = None,
    problems: Sequence[Problem] = (),
    custodian_of: Mapping[str, str] | None = None,
    rulings: Sequence[PeopleRuling] = (),
    act_rulings: Sequence[ActRuling] = (),
) -> View:
    """The case at `as_of` (aware; default: `case.toml`, else the last moment in the evidence).

    `text` and `segments` give a message's words and zones by id; `acts` what its sentences do.
    `headers`, `new_text` and `own_text`, where something gives them faster, are parts; `problems`
    are what could not be read, `custodian_of` whose material each content (SHA-256) is.
    """
    rows = sorted(with_owners(communications), key=_order)
    people = directory(rows, brief, rulings)
    senders = [people.sender_of(one) for one in rows]
    days = [local_day(one.when.earliest) if one.when else None for one in rows]
    acts = dated(tagged(acts, act_rulings, text, segments), rows, days, calendars)
    recipients = [_recipients(one, day, people) for one, day in zip(rows, days, strict=True)]
    participants = [
        frozenset({sender, *(identity for identity, _, _ in entries)} - {NOBODY})
        for sender, entries in zip(senders, recipients, strict=True)
    ]
    found_headers = _headers(rows, headers or segments)
    new_text = new_text or _reading(text, segments, _only_new)
    threading = thread(
        Mail(
            rows=rows,
            people=people,
            senders=senders,
            participants=participants,
            headers=found_headers,
            quotations=_reading(text, segments, quoted),
            lines=_reading(text, segments, quoted_lines),
            own=own_text or _reading(text, segments, own_words),
            texts=new_text,
            case_references=brief.case_references,
        )
    )
    moment = as_of or _as_of(rows, brief)
    shared = sharing(rows, people)
    several = {one.who for one in shared if one.use is not SharedUse.DELEGATE}
    sender_party = [people.party(who, day) for who, day in zip(senders, days, strict=True)]
    automatic = [kinds.is_automatic(one) for one in rows]
    forward = [kinds.is_forward(one, found_headers, row, threading) for row, one in enumerate(rows)]
    material = coverage(
        rows,
        brief=brief,
        people=people,
        senders=senders,
        addressed=[frozenset(i for i, _, kind in entries if kind != BCC) for entries in recipients],
        returned=kinds.returned(rows, threading),
        working=calendars["working"],
        last_day=local_day(moment),
    )
    passed = handoffs(
        Columns(
            rows=rows,
            senders=senders,
            sender_parties=sender_party,
            recipients=recipients,
            parent=threading.parent,
            thread_of=threading.thread_of,
            forward=forward,
            automatic=[
                a or Mark.BULK in one.marks or one.grade is Grade.ENTERED  # a step needs a record
                for a, one in zip(automatic, rows, strict=True)
            ],
            acts=acts,
            threads=threading.threads,
            answers_ghost=kinds.answers_ghost(rows, threading),
            informs=kinds.informing(rows, forward, new_text),
        ),
        people=people,
        clock=Clock(
            working=calendars["working"],
            limit=_handoff_days(brief, criteria),
            as_of=moment,
            covered=_covered_parties(material.stretches, people),
        ),
    )
    offsets = np.zeros(len(rows) + 1, dtype=np.int64)
    offsets[1:] = np.cumsum([len(entries) for entries in recipients], dtype=np.int64)
    flat = [entry for entries in recipients for entry in entries]
    return View(
        as_of=moment,
        brief=brief,
        ids=tuple(one.id for one in rows),
        whens=tuple(one.when for one in rows),
        subjects=tuple(one.subject for one in rows),
        sources=tuple(one.source for one in rows),
        channels=tuple(one.channel for one in rows),
        start=_ints(int(one.when.earliest.timestamp()) if one.when else 0 for one in rows),
        end=_ints(int(one.when.latest.timestamp()) if one.when else 0 for one in rows),
        sender=_ints(senders),
        sender_party=_ints(sender_party),
        recipient_offsets=offsets,
        recipient=_ints(entry[0] for entry in flat),
        recipient_party=_ints(entry[1] for entry in flat),
        recipient_kind=_ints(entry[2] for entry in flat),
        thread=_ints(threading.thread_of),
        parent=_ints(threading.parent),
        automatic=np.array(automatic, dtype=np.bool_),
        bulk=np.array([Mark.BULK in one.marks for one in rows], dtype=np.bool_),
        forward=np.array(forward, dtype=np.bool_),
        identities=people.identities,
        parties=people.parties,
        threads=threading.threads,
        links=threading.links,
        ghosts=with_holders(threading.ghosts, material.stretches, people),
        contacts=_contacts(rows, senders, sender_party, recipients, people),
        coverage=material.stretches,
        weeks=material.weeks,
        handoffs=passed,
        acts=acts,
        custodians_holding=kinds.holding(rows),
        calendars=calendars,
        criteria=criteria,
        text=text,
        new_text=new_text,
        quoted=_reading(text, segments, quoted_words),
        grades=tuple(one.grade for one in rows),
        by_hand={one.id: author_of(one.doubts) for one in rows if one.grade is Grade.ENTERED},
        absent_copies=material.absent,
        recaptures=material.recaptures,
        attachments={one.id: one.attachments for one in rows if one.attachments},
        stripped=kinds.stripped(rows),
        disputed=kinds.disputed(rows),
        delivery_reports=kinds.delivery_reports(rows),
        likely=likely(
            [who for who in people.identities if who.id not in several],
            _told_apart(people, rulings),
        ),
        sharing=shared,
        unread=kinds.unread(rows, problems, custodian_of or {}),
        passings=view_paths,
        spread=could_hold,
    )


def _told_apart(people: Directory, rulings: Sequence[PeopleRuling]) -> list[frozenset[str]]:
    """The pairs of identities that persons ruled to be different."""
    found: list[frozenset[str]] = []
    for one in rulings:
        if one.kind is PeopleRulingKind.DIFFERENT:
            places = {people.place[key] for key in one.keys if key in people.place}
            ids = sorted(people.identities[place].id for place in places)
            found += [frozenset(pair) for pair in combinations(ids, 2)]
    return found


def _order(one: Communication) -> tuple[bool, datetime, str]:
    when = one.when
    return (when is None, when.earliest if when else _NEVER, one.id)


def _ints(values: Iterable[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.fromiter(values, dtype=np.int64)


def _recipients(one: Communication, day: date | None, people: Directory) -> list[Entry]:
    """Whom a message went to, each once, To before Cc before Bcc; every copy's Bcc counts."""
    hidden = [*one.bcc, *(address for sighting in one.sightings for address in sighting.bcc)]
    found: dict[int, Entry] = {}
    for kind, group in ((TO, one.to), (CC, one.cc), (BCC, hidden)):
        for address in group:
            who = people.find(address)
            if who != NOBODY and who not in found:
                found[who] = (who, people.party(who, day), kind)
    return list(found.values())


def _headers(
    rows: Sequence[Communication], segments: Segments
) -> dict[CommunicationId, tuple[Segment, ...]]:
    """The quoted headers of each mail, fetched in batches; texts without any take no room."""
    found = {}
    for start in range(0, len(rows), _BATCH):
        batch = segments(
            [one.id for one in rows[start : start + _BATCH] if one.channel is Channel.EMAIL]
        )
        for identifier, parts in batch.items():
            headers = tuple(part for part in parts if part.zone is Zone.QUOTE_HEADER)
            if headers:
                found[identifier] = headers
    return found


def _as_of(rows: Sequence[Communication], brief: Brief) -> datetime:
    """What `case.toml` says (that whole day), else the last moment received in the evidence."""
    if brief.as_of is not None:
        return end_of(brief.as_of)
    received = [one.received.latest for one in rows if one.received is not None]
    sent = sorted(one.sent.latest for one in rows if one.sent and not one.received)
    last = max(received, default=_NEVER)
    while len(sent) > 1 and sent[-1] - max(sent[-2], last) > _IMPLAUSIBLE:
        sent.pop()  # a Date header that lies far after everything else is a wrong clock
    return max([*received, *sent], default=_NEVER)


def _handoff_days(brief: Brief, criteria: Mapping[str, Criterion]) -> int:
    criterion = criteria.get("handoff_working_days")
    if criterion is not None:
        return criterion.days
    said = brief.criteria.get("handoff_working_days")
    return said if isinstance(said, int) else _HANDOFF_DAYS


def _covered_parties(
    stretches: Sequence[Coverage], people: Directory
) -> dict[int, list[tuple[date, date]]]:
    """The windows of each party's own mailboxes, by party index."""
    by_identity: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for stretch in stretches:
        if stretch.identity is not None:
            by_identity[stretch.identity].append((stretch.first, stretch.last))
    place = {party.id: index for index, party in enumerate(people.parties)}
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for who in people.identities:
        if who.id in by_identity:
            for member in who.parties:
                if member.party in place:
                    found[place[member.party]].extend(by_identity[who.id])
    return found


def _contacts(
    rows: Sequence[Communication],
    senders: Sequence[int],
    sender_party: Sequence[int],
    recipients: Sequence[Sequence[Entry]],
    people: Directory,
) -> tuple[Contact, ...]:
    """Contacts between identities, then between parties (a party's own traffic included)."""
    persons = [
        (row, (sender, entry[0]))
        for row, sender in enumerate(senders)
        if sender != NOBODY
        for entry in recipients[row]
    ]
    parties = [
        (row, (own, party))
        for row, own in enumerate(sender_party)
        if own != NOBODY
        for party in sorted({entry[1] for entry in recipients[row]} - {NOBODY})
    ]
    by_person = contacts(rows, persons, [who.id for who in people.identities])
    return by_person + contacts(rows, parties, [party.id for party in people.parties])


def _reading(
    text: Texts, segments: Segments, part: Callable[[str, Sequence[Segment]], _Part]
) -> Callable[[Iterable[CommunicationId]], Mapping[CommunicationId, _Part]]:
    """A function from ids to one part of their texts."""

    def read(ids: Iterable[CommunicationId]) -> Mapping[CommunicationId, _Part]:
        wanted = list(ids)
        if not wanted:
            return {}
        texts, parts = text(wanted), segments(wanted)
        whole: tuple[Segment, ...] = ()
        return {one: part(words, parts.get(one, whole)) for one, words in texts.items()}

    return read


def _only_new(words: str, parts: Sequence[Segment]) -> str:
    if not parts:
        return words
    return "".join(words[p.start : p.end] for p in parts if p.zone is Zone.NEW)
