"""Conversation indices as evidence: each prefix names an ancestor, held or only named.

An id and a prefix of one child at one distance are two names of one message, unless their times
say otherwise.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from commtrace.model import LinkBasis
from commtrace.reconstruction.containers import Rank

if TYPE_CHECKING:
    from commtrace.reconstruction.parentage import Parentage

_SAME_TIME, _HOUR = timedelta(seconds=120), timedelta(hours=1)


def name_indices(work: Parentage) -> None:
    """Conversation indices: each prefix is an ancestor, held or only named."""
    done: set[str] = set()
    for row, prefixes in enumerate(work.prefixes):
        chain = [box_of_index(work, prefix) for prefix in prefixes]
        if chain:
            chain[-1] = row
        for place in range(len(chain) - 1, 0, -1):
            held = chain[place - 1] < len(work.rows)
            if chain[place] == row or prefixes[place] not in done:
                work.boxes.propose(
                    chain[place],
                    chain[place - 1],
                    LinkBasis.THREAD_INDEX,
                    rank=_rank(work, chain[place], chain[place - 1]),
                    order=row,
                )
            if not held:
                work.witness(chain[place - 1], row, "index", len(chain) - place)
        done.update(prefixes[1:-1])


def _rank(work: Parentage, child: int, parent: int) -> Rank:
    """How strong a prefix is: weak where ids say that what it names stands farther up.

    A client that writes no index leaves a gap: the index of who answers it goes on from above.
    """
    if parent >= len(work.rows):
        return Rank.NAMED_INDEX
    cited = work.cited[child] if child < len(work.rows) else ()
    above = len(cited) > 1 and work.rows[parent].message_id in cited[:-1]
    return Rank.NAMED_INDEX if above else Rank.HELD_INDEX


def box_of_index(work: Parentage, prefix: str) -> int:
    """The container that a prefix names."""
    if prefix in work.index_holder:
        return work.index_holder[prefix]
    if prefix not in work.index_box:
        work.index_box[prefix] = work.boxes.add(index=prefix)
    return work.index_box[prefix]


def agree(work: Parentage) -> None:
    """An id and an index prefix of one child at one distance are two names of one message."""
    for row, (cited, prefixes) in enumerate(zip(work.cited, work.prefixes, strict=True)):
        if not cited or len(prefixes) < 2:
            continue
        for place in range(1, min(len(cited), len(prefixes) - 1) + 1):
            by_id = work.box_of_id(row, cited[-place])
            prefix = prefixes[-1 - place]
            by_index = box_of_index(work, prefix)
            if by_id is None:
                break
            if place > 1 and not _same_time(work, row, by_id, by_index, prefix):
                break
            # The direct parent named by id and supplied is the message that the prefix means.
            sure = place == 1 and by_id < len(work.rows) and by_index >= len(work.rows)
            if not work.boxes.unite(by_id, by_index, alias=sure):
                break


def _same_time(work: Parentage, row: int, by_id: int, by_index: int, prefix: str) -> bool:
    """Whether a supplied message was sent when the index says; True where nothing can tell."""
    held = [box for box in (by_id, by_index) if box < len(work.rows)]
    said = work.index_clocks.dating(row, prefix)
    when = work.rows[held[0]].when if len(held) == 1 else None
    if said is None or when is None:
        return len(held) < 2
    gap = abs(when.earliest - said.time)
    if said.slack >= _HOUR:
        gap = min(gap, abs(gap - round(gap / _HOUR) * _HOUR))
    return gap <= _SAME_TIME
