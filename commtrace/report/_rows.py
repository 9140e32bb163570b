"""The rows of the export, file by file: pure functions from a case's values to plain objects.

Every field of the contract is present and `null` where it is not known. Times are UTC to the
second, days are `YYYY-MM-DD`; a `when` gives the last second it includes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any

from commtrace.model import (
    Address,
    Attachment,
    Communication,
    CommunicationId,
    Contained,
    Coverage,
    File,
    Ghost,
    Handoff,
    Identity,
    Link,
    Membership,
    Problem,
    Sighting,
    Source,
    Thread,
)
from commtrace.moments import Moment, utc_text
from commtrace.report._case import Case, Streaming
from commtrace.view import NOBODY, View

Row = dict[str, Any]
_BATCH = 500  # texts fetched at a time


def when(moment: Moment | None) -> Row | None:
    """A moment as `{earliest, latest, said, basis}`; None if there is none."""
    if moment is None:
        return None
    return {
        "earliest": utc_text(moment.earliest),
        "latest": utc_text(moment.last_second),
        "said": moment.said,
        "basis": moment.basis.value,
    }


def evidence(files: Iterable[File]) -> list[Row]:
    """One row an input file, by path."""
    rows = [
        {
            "sha256": file.sha256,
            "path": file.path,
            "size": file.size,
            "status": file.status.value,
            "reason": file.reason,
            "reader": file.reader,
            "communications": file.communications,
            "embedded": file.embedded,
            "problems": file.problems,
            "supplied_by": file.supplied_by,
            "custodian": file.custodian,
        }
        for file in files
    ]
    return sorted(rows, key=lambda row: (row["path"], row["sha256"] or ""))


def contained(found: Iterable[Contained]) -> Iterator[Row]:
    """One row for each container and each thing inside that is more than a record read whole."""
    for one in found:
        yield {
            "source": source(one.source),
            "name": one.name,
            "media_type": one.media_type,
            "size": one.size,
            "sha256": one.sha256,
            "status": one.status.value,
            "reason": one.reason,
            "reader": one.reader,
            "inside": {"found": one.inside.found, **asdict(one.inside)},
            "declared": [{"what": d.what, "number": d.number, "by": d.by} for d in one.declared],
        }


def problems(found: Iterable[Problem]) -> list[Row]:
    """One row for each thing not read, or read with a doubt."""
    ordered = sorted(found, key=lambda p: (p.source.path, p.source.part, p.kind, p.what, p.reader))
    return [
        {"source": source(p.source), "reader": p.reader, "kind": p.kind.value, "what": p.what}
        for p in ordered
    ]


def communications(case: Case, view: View) -> Iterator[Row]:
    """One row a communication, by id, with its text; texts are fetched in batches."""
    parents = _parents(view.links)
    found = _in_order(case, view)
    while batch := list(islice(found, _BATCH)):
        ids = [one.id for one in batch]
        texts, new_texts = view.text(ids), view.new_text(ids)
        for one in batch:
            row = _communication(one, texts.get(one.id), new_texts.get(one.id))
            yield row | _place_in_case(view, one.id, parents.get(one.id))


def _in_order(case: Case, view: View) -> Iterator[Communication]:
    """The communications of the view by id: streamed where the case can, else asked one by one."""
    if isinstance(case, Streaming):
        return (one for one in case.communications() if one.id in view.row_of)
    return (case.communication(identifier) for identifier in sorted(view.ids))


def _communication(one: Communication, text: str | None, new_text: str | None) -> Row:
    return {
        "id": one.id,
        "channel": one.channel.value,
        "source": source(one.source),
        "sightings": [_sighting(sighting) for sighting in one.sightings],
        "message_id": one.message_id,
        "in_reply_to": one.in_reply_to,
        "references": list(one.references),
        "thread_index": one.thread_index,
        "sent": when(one.sent),
        "received": when(one.received),
        "sender": _address(one.sender),
        "reply_to": _addresses(one.reply_to),
        "to": _addresses(one.to),
        "cc": _addresses(one.cc),
        "bcc": _addresses(one.bcc),
        "subject": one.subject,
        "text": text,
        "new_text": new_text,
        "attachments": [_attachment(attachment) for attachment in one.attachments],
        "our_ref": one.our_ref,
        "your_ref": one.your_ref,
        "marks": [mark.value for mark in one.marks],
        "reader": one.reader,
        "doubts": list(one.doubts),
        "grade": one.grade.value,
    }


def _place_in_case(view: View, identifier: CommunicationId, link: Link | None) -> Row:
    row = view.row_of[identifier]
    sender, thread = int(view.sender_party[row]), int(view.thread[row])
    return {
        "party_from": None if sender == NOBODY else view.parties[sender].id,
        "parties_to": sorted(view.parties[party].id for party in view.parties_to(row)),
        "parent": None if link is None else link.parent,
        "parent_basis": None if link is None else link.basis.name.lower(),
        "thread": None if thread == NOBODY else view.threads[thread].id,
    }


def _parents(links: Iterable[Link]) -> Mapping[CommunicationId, Link]:
    """The strongest link of each child that is evidence and not a suggestion."""
    best: dict[CommunicationId, Link] = {}
    for link in links:
        known = best.get(link.child)
        if not link.suggested and (known is None or _rank(link) < _rank(known)):
            best[link.child] = link
    return best


def _rank(link: Link) -> tuple[int, str]:
    return link.basis.value, link.parent


def identities(found: Iterable[Identity]) -> list[Row]:
    """One row an identity, with its dated parties."""
    return [
        {
            "id": one.id,
            "label": one.label,
            "kind": one.kind.value,
            "members": _addresses(one.members),
            "parties": [_membership(membership) for membership in one.parties],
            "because": list(one.because),
        }
        for one in sorted(found, key=lambda one: one.id)
    ]


def threads(found: Iterable[Thread]) -> list[Row]:
    """One row a thread."""
    return [
        {
            "id": one.id,
            "subject": one.subject,
            "members": list(one.members),
            "ghosts": sorted(one.ghosts),
        }
        for one in sorted(found, key=lambda one: one.id)
    ]


def ghosts(found: Iterable[Ghost]) -> list[Row]:
    """One row a message that is cited and was not supplied."""
    return [
        {
            "id": one.id,
            "message_ids": list(one.message_ids),
            "cited_by": list(one.cited_by),
            "when": when(one.when),
            "evidence": list(one.evidence),
            "text": one.text,
            "likely_holders": list(one.likely_holders),
            "holders": [
                {"custodian": h.custodian, "supplied": h.supplied, "covers": h.covers}
                for h in one.holders
            ],
            "bases": [basis.name.lower() for basis in one.bases],
            "sources": [
                {"communication": s.communication, "span": [s.start, s.end], "lines": s.lines}
                for s in one.sources
            ],
            "thread": one.thread,
        }
        for one in sorted(found, key=lambda one: one.id)
    ]


def contacts(view: View) -> list[Row]:
    """One row a directed edge of the communication graph, between identities or between parties."""
    people = {one.id for one in view.identities}
    return [
        {
            "from": one.from_,
            "to": one.to,
            "level": "identity" if one.from_ in people else "party",
            "communications": one.communications,
            "first": utc_text(one.first.earliest),
            "last": utc_text(one.last.last_second),
        }
        for one in sorted(view.contacts, key=lambda one: (one.from_, one.to))
    ]


def handoffs(found: Iterable[Handoff]) -> list[Row]:
    """One row a matter passed from one party to another."""
    return [
        {
            "id": one.id,
            "matter": one.matter,
            "from": one.from_party,
            "to": one.to_party,
            "given": when(one.given_when),
            "taken_up": when(one.taken_up_when),
            "communications": list(one.communications),
            "state": one.state.value,
            "waited_working_days": one.waited,
        }
        for one in sorted(found, key=lambda one: one.id)
    ]


def coverage(found: Iterable[Coverage]) -> list[Row]:
    """One row a stretch of a custodian's material."""
    return [
        {
            "custodian": one.custodian,
            "channel": one.channel.value,
            "from": one.first.isoformat(),
            "to": one.last.isoformat(),
            "basis": one.basis,
            "completeness": one.completeness,
        }
        for one in sorted(found, key=lambda one: (one.custodian, one.channel, one.first, one.last))
    ]


def source(place: Source) -> Row:
    """A place in the evidence."""
    return {"sha256": place.sha256, "path": place.path, "part": list(place.part)}


def _sighting(sighting: Sighting) -> Row:
    return source(sighting.source) | {
        "custodian": sighting.custodian,
        "folder": sighting.folder,
    }


def _address(address: Address | None) -> Row | None:
    return None if address is None else {"name": address.name, "address": address.address}


def _addresses(addresses: Sequence[Address]) -> list[Row]:
    return [{"name": one.name, "address": one.address} for one in addresses]


def _attachment(one: Attachment) -> Row:
    return {
        "name": one.name,
        "media_type": one.media_type,
        "size": one.size,
        "sha256": one.sha256,
    }


def _membership(one: Membership) -> Row:
    since, until = one.since, one.until
    return {
        "party": one.party,
        "since": None if since is None else since.isoformat(),
        "until": None if until is None else until.isoformat(),
    }
