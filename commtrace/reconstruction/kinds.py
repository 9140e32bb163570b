"""What single communications are among the others: automatic, forwards, returned, disputed, held.

Read from marks, subjects and threads; what their sentences say is left to `language`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from commtrace.model import (
    Communication,
    CommunicationId,
    Mark,
    Problem,
    ProblemKind,
    Segment,
    Unread,
)
from commtrace.reconstruction.handoffs import informs
from commtrace.reconstruction.identity import NOBODY
from commtrace.reconstruction.subjects import says_forward
from commtrace.reconstruction.threaded import Texts, Threading

_BATCH = 2000
_AUTOMATIC_MARKS = frozenset({Mark.AUTOMATIC, Mark.DELIVERY_REPORT, Mark.READ_RECEIPT})
_AUTOMATIC_SUBJECT = re.compile(
    r"\s*(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office"
    r"|undeliverable|delivery status notification|mail delivery (?:failed|failure)|read)\s*:",
    re.IGNORECASE,
)


def is_automatic(one: Communication) -> bool:
    """Whether a machine sent it, by its marks or its subject."""
    marked = not _AUTOMATIC_MARKS.isdisjoint(one.marks)
    return marked or _AUTOMATIC_SUBJECT.match(one.subject) is not None


def is_forward(
    one: Communication,
    headers: Mapping[CommunicationId, Sequence[Segment]],
    row: int,
    threading: Threading,
) -> bool:
    """A forward says so in its subject and passes something on: a quotation, a parent, a file."""
    if not says_forward(one.subject):
        return False
    passes = one.id in headers or threading.parent[row] != NOBODY or one.attachments
    return bool(passes or one.in_reply_to or one.references or one.thread_index)


def answers_ghost(rows: Sequence[Communication], threading: Threading) -> list[bool]:
    """Whether each row answers a message that nobody supplied."""
    ghosts = {ghost.id for ghost in threading.ghosts}
    found = {link.child for link in threading.links if link.parent in ghosts}
    return [one.id in found for one in rows]


def returned(rows: Sequence[Communication], threading: Threading) -> frozenset[int]:
    """The rows that a delivery report answers."""
    return frozenset(
        threading.parent[row] for row, one in enumerate(rows) if Mark.DELIVERY_REPORT in one.marks
    )


def delivery_reports(rows: Sequence[Communication]) -> frozenset[int]:
    """The rows that report on the delivery of another (RFC 3464)."""
    return frozenset(n for n, one in enumerate(rows) if Mark.DELIVERY_REPORT in one.marks)


def disputed(rows: Sequence[Communication]) -> dict[str, tuple[CommunicationId, ...]]:
    """Communications under one Message-ID whose contents contradict one another, by that id."""
    found: dict[str, list[CommunicationId]] = defaultdict(list)
    for one in rows:
        if one.message_id:
            found[one.message_id].append(one.id)
    return {name: tuple(ids) for name, ids in sorted(found.items()) if len(ids) > 1}


def informing(
    rows: Sequence[Communication], forward: Sequence[bool], new_text: Texts
) -> list[bool]:
    """Whether each row forwards something with a note that it is for information."""
    places = [row for row, is_forward in enumerate(forward) if is_forward]
    found = [False] * len(rows)
    for start in range(0, len(places), _BATCH):
        ids = {rows[row].id: row for row in places[start : start + _BATCH]}
        for identifier, words in new_text(ids).items():
            found[ids[identifier]] = informs(words)
    return found


def stripped(
    rows: Sequence[Communication],
) -> dict[CommunicationId, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Custodians all of whose copies lack files that another copy carries, with the files' names.

    By communication; a file that any copy of theirs carries is none that they lack.
    """
    found = {}
    for one in rows:
        if not any(copy.lacks for copy in one.sightings):
            continue
        lacks: dict[str, set[str]] = {}
        for copy in one.sightings:
            if copy.custodian:
                lacks[copy.custodian] = lacks.get(copy.custodian, set(copy.lacks)) & set(copy.lacks)
        kept = tuple((who, tuple(sorted(names))) for who, names in sorted(lacks.items()) if names)
        if kept:
            found[one.id] = kept
    return found


def holding(rows: Sequence[Communication]) -> dict[CommunicationId, tuple[str, ...]]:
    """The custodians who hold each communication, by name."""
    return {
        one.id: tuple(sorted({s.custodian for s in one.sightings if s.custodian})) for one in rows
    }


def unread(
    rows: Sequence[Communication], problems: Sequence[Problem], custodian_of: Mapping[str, str]
) -> tuple[Unread, ...]:
    """What was not read, or only in part, with the message and the material that it belongs to.

    `custodian_of` says whose material a content is, by its SHA-256. Doubts about what was read are
    left out: they stand with what was read.
    """
    wanted = [one for one in problems if one.kind is not ProblemKind.DOUBTFUL]
    files = {one.source.sha256 for one in wanted}
    places = {
        (copy.source.sha256, copy.source.part): (one.id, copy.custodian)
        for one in rows
        for copy in one.sightings
        if copy.source.sha256 in files
    }
    return tuple(_placed(one, places, custodian_of) for one in wanted)


def _placed(
    problem: Problem,
    places: Mapping[tuple[str, tuple[str, ...]], tuple[CommunicationId, str | None]],
    custodian_of: Mapping[str, str],
) -> Unread:
    source = problem.source
    for length in range(len(source.part), -1, -1):  # the innermost message that it lies in
        found = places.get((source.sha256, source.part[:length]))
        if found is not None:
            return Unread(problem=problem, communication=found[0], custodian=found[1])
    owner = custodian_of.get(source.sha256)
    return Unread(problem=problem, communication=None, custodian=owner)
