"""Threads: which message answers which, by evidence, and the absent messages that others name.

Evidence in order: Message-IDs (In-Reply-To, References), conversation indices, a quoted header
(author and minute), a letter's reference. A subject only suggests. Absent messages are kept as
ghosts, one for each message whatever its names. Any order of arrival gives the same threads.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet

from commtrace.model import Mark
from commtrace.reconstruction.citations import (
    Unions,
)
from commtrace.reconstruction.containers import Containers, Proposal
from commtrace.reconstruction.ghosts import GhostNames
from commtrace.reconstruction.parentage import Parentage
from commtrace.reconstruction.subjects import says_forward, series_of
from commtrace.reconstruction.threaded import Forest, Mail, Threaded, Threading

_REPORTS = frozenset({Mark.DELIVERY_REPORT, Mark.READ_RECEIPT})
_WORD = re.compile(r"[^\W\d_]{4,}")
_LONGEST, _ENOUGH_WORDS, _LITTLE = 20_000, 12, 0.1


def thread(mail: Mail) -> Threading:
    """Thread messages given in order of time, then id; nearly linear in their number."""
    work = Parentage(mail)
    work.read()
    return Threaded(mail, _forest(work)).threading()


def _forest(work: Parentage) -> Forest:
    """The chosen parents, without hijacks, and what is absent."""
    parents = work.boxes.parents()
    hijacked = _hijacks(work, parents)
    for row in hijacked:
        del parents[row]
    names = _ghost_names(work)
    return Forest(
        parents=parents,
        hijacked=hijacked,
        names=names,
        tops=_components(parents, work.boxes, names, hijacked),
        imposters=frozenset(work.imposters),
        suggested=work.suggested,
        clocks=work.clocks,
        index_clocks=work.index_clocks,
    )


def _hijacks(work: Parentage, parents: Mapping[int, Proposal]) -> dict[int, Proposal]:
    """Messages that only used the reply button: new subject, nothing quoted, and other people.

    Or other words, where both texts are long enough to tell: less than a tenth in common.
    """
    found = {}
    doubtful = []
    for row, proposal in parents.items():
        if row >= len(work.rows) or proposal.parent >= len(work.rows):
            continue
        if _new_matter(work, row, proposal.parent):
            if _other_people(work, row, proposal.parent):
                found[row] = proposal
            else:
                doubtful.append(row)
    words = _words(work, {*doubtful, *(parents[row].parent for row in doubtful)})
    for row in doubtful:
        if _unlike(words[row], words[parents[row].parent]):
            found[row] = parents[row]
    return found


def _words(work: Parentage, rows: AbstractSet[int]) -> dict[int, frozenset[str]]:
    """The longer words that each message's writer wrote."""
    texts = work.mail.texts([work.rows[row].id for row in sorted(rows)])
    return {
        row: frozenset(_WORD.findall(texts.get(work.rows[row].id, "")[:_LONGEST].casefold()))
        for row in rows
    }


def _unlike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts, each long enough to tell, share less than a tenth of their words."""
    if min(len(one), len(other)) < _ENOUGH_WORDS:
        return False
    return len(one & other) < _LITTLE * len(one | other)


def _new_matter(work: Parentage, row: int, parent: int) -> bool:
    """Whether a message has another subject than the one it answers, and quotes nothing of it."""
    if not _REPORTS.isdisjoint(work.rows[row].marks):
        return False  # a report has a subject of its own and is about its parent
    mine, theirs = work.subject(row), work.subject(parent)
    if not mine or not theirs or mine == theirs or mine in theirs or theirs in mine:
        return False
    if series_of(work.rows[row].subject) is not None:
        return False  # items of a series have subjects of their own
    return not (says_forward(work.rows[row].subject) or work.headers.get(work.rows[row].id))


def _other_people(work: Parentage, row: int, parent: int) -> bool:
    """Whether only the sender took part in both."""
    shared = work.participants[row] & work.participants[parent]
    return bool(shared) and shared <= {work.mail.senders[row]} and len(work.participants[row]) > 1


def _ghost_names(work: Parentage) -> dict[int, GhostNames]:
    """The absent messages: containers without a row, with all their names and witnesses."""
    found: dict[int, GhostNames] = {}
    for box in range(len(work.rows), len(work.boxes)):
        top = work.boxes.top(box)
        if top < len(work.rows):
            continue
        names = found.setdefault(top, GhostNames())
        names.add(work.boxes.message_id[box], work.boxes.index[box], work.witnesses.get(box, []))
        names.split = names.split or box in work.split
        names.quoted = names.quoted or work.hidden.get(box, ())
        names.cues |= work.cues.get(box, set())
    return {top: names for top, names in found.items() if names.witnesses}


def _components(
    parents: Mapping[int, Proposal],
    boxes: Containers,
    names: Mapping[int, GhostNames],
    hijacked: Collection[int],
) -> Unions:
    """Containers that are one thread: by their parents, and by an absent message they all cite.

    What a hijack began cites the thread that it left, and does not belong there.
    """
    unions = Unions(len(boxes))
    for child, proposal in parents.items():
        unions.join(child, proposal.parent)
    left = {unions.top(row) for row in hijacked}
    for box in sorted(names):
        rows = sorted({witness.row for witness in names[box].witnesses})
        for row in [r for r in rows if unions.top(r) not in left] or rows[:1]:
            unions.join(box, row)
    return unions
