"""The rows of the export, file by file: pure functions from a case's values to plain objects.

Every field of the contract is present and `null` where it is not known. Times are UTC to the
second, days are `YYYY-MM-DD`; a `when` gives the last second it includes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from commtrace.model import (
    Act,
    Address,
    Attachment,
    Citation,
    Communication,
    CommunicationId,
    Contact,
    Coverage,
    Decision,
    File,
    Finding,
    Ghost,
    Handoff,
    Identity,
    Link,
    Problem,
    Sighting,
    Source,
    Thread,
)
from commtrace.moments import Moment, utc_text
from commtrace.report._case import Case
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


def problems(found: Iterable[Problem]) -> list[Row]:
    """One row for each thing not read, or read with a doubt."""
    ordered = sorted(found, key=lambda p: (p.source.path, p.source.part, p.kind, p.what, p.reader))
    return [
        {"source": _source(p.source), "reader": p.reader, "kind": p.kind.value, "what": p.what}
        for p in ordered
    ]


def communications(case: Case, view: View) -> Iterator[Row]:
    """One row a communication, by id, with its text; texts are fetched in batches."""
    parents = _parents(view.links)
    ids = iter(sorted(view.ids))
    while batch := list(islice(ids, _BATCH)):
        texts, new_texts = view.text(batch), view.new_text(batch)
        for identifier in batch:
            one = case.communication(identifier)
            row = _communication(one, texts.get(identifier), new_texts.get(identifier))
            yield row | _place_in_case(view, identifier, parents.get(identifier))


def _communication(one: Communication, text: str | None, new_text: str | None) -> Row:
    return {
        "id": one.id,
        "channel": one.channel.value,
        "source": _source(one.source),
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
            "parties": [
                {"party": m.party, "since": _day(m.since), "until": _day(m.until)}
                for m in one.parties
            ],
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
            "thread": one.thread,
        }
        for one in sorted(found, key=lambda one: one.id)
    ]


def acts(view: View) -> list[Row]:
    """One row an act of speech; `by` and `to` are identities, `due` is not read out yet: null."""
    rows = [
        _act(view, act)
        for identifier in sorted(view.acts)
        if identifier in view.row_of
        for act in view.acts[identifier]
    ]
    return sorted(rows, key=lambda row: row["id"])


def _act(view: View, act: Act) -> Row:
    row = view.row_of[act.communication]
    sender = int(view.sender[row])
    return {
        "id": act.id,
        "kind": act.kind.value,
        "communication": act.communication,
        "span": [act.start, act.end],
        "said": act.said,
        "due": None,
        "by": None if sender == NOBODY else view.identities[sender].id,
        "to": sorted(view.identities[who].id for who in view.identities_to(row)),
    }


def contacts(found: Iterable[Contact]) -> list[Row]:
    """One row a directed edge of the communication graph."""
    return [
        {
            "from": one.from_,
            "to": one.to,
            "communications": one.communications,
            "first": utc_text(one.first.earliest),
            "last": utc_text(one.last.last_second),
        }
        for one in sorted(found, key=lambda one: (one.from_, one.to))
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


def findings(case: Case) -> list[Row]:
    """One row a finding, with the last decision on it."""
    decisions = case.decisions()
    return [
        _finding(case, one, decisions.get(one.id))
        for one in sorted(case.findings(), key=lambda one: one.id)
    ]


def _finding(case: Case, one: Finding, decision: Decision | None) -> Row:
    return {
        "id": one.id,
        "reference": case.reference(one),
        "rule": one.rule,
        "family": one.family.value,
        "areas": list(one.areas),
        "severity": one.severity.name.lower(),
        "strength": one.strength.name.lower(),
        "observability": one.observability.value,
        "about": list(one.about),
        "window": when(one.window),
        "parties": list(one.parties),
        "owes": one.owes,
        "cites": [_citation(citation) for citation in one.cites],
        "checks": [
            {"what": c.what, "outcome": c.outcome.value, "because": c.because} for c in one.checks
        ],
        "measure": dict(sorted(one.measure.items())),
        "sentence": one.sentence,
        "decision": None if decision is None else _decision(decision),
        "changed_since_decided": case.changed_since_decided(one) if decision else False,
    }


def _decision(decision: Decision) -> Row:
    return {
        "state": decision.state.value,
        "because": decision.because,
        "who": decision.who,
        "when": utc_text(decision.when),
    }


def _citation(citation: Citation) -> Row:
    return _source(citation.source) | {
        "span": None if citation.span is None else list(citation.span),
        "role": citation.role,
        "communication": citation.communication,
    }


def _source(source: Source) -> Row:
    return {"sha256": source.sha256, "path": source.path, "part": list(source.part)}


def _sighting(sighting: Sighting) -> Row:
    return _source(sighting.source) | {
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


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
