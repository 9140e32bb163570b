"""What messages quote, as evidence: the parent that a quotation names, or one nobody supplied.

Only messages without a supplied parent by id or index are asked. Quotations that mean one absent
message (same author, minute and subject, or the same words) share one container, and so does the
id that one of their quoters cites.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from commtrace.model import LinkBasis, Segment
from commtrace.reconstruction.addresses import name_key
from commtrace.reconstruction.answered import Answered, Answers
from commtrace.reconstruction.citations import Unions
from commtrace.reconstruction.containers import Rank
from commtrace.reconstruction.earlier import Earlier
from commtrace.reconstruction.identity import NOBODY
from commtrace.reconstruction.indexed import box_of_index
from commtrace.reconstruction.quotations import NOTHING, Quoted
from commtrace.reconstruction.quoted import instants, start_of
from commtrace.reconstruction.wording import Wordings

if TYPE_CHECKING:
    from commtrace.reconstruction.parentage import Parentage

_BATCH = 2000
_DAY = timedelta(days=1)
_MINUTE = 60  # seconds
_ALIKE = 0.5  # of the runs of the shorter quotation: both are of one message


def read_quotations(work: Parentage) -> None:
    """Propose what quotations name, for every message whose parent is not known to be held."""
    asked = {
        row: absent for row in range(len(work.rows)) if (absent := _open(work, row)) is not None
    }
    if not asked:
        return
    answers = Answers(Earlier(work.rows, work.senders), _wordings(work))
    hidden: dict[int, Answered] = {}
    told: dict[int, Quoted] = {}
    for row, quoted in _quotations(work, sorted(asked)):
        found = answers.answered(row, quoted)
        if found.parent is not None:
            if quoted.header is not None and found.basis is LinkBasis.QUOTED_HEADER:
                work.clocks.learn(quoted.header, row, found.parent)
            _propose(work, row, asked[row], found, quoted.header)
        elif found.absent and not asked[row]:
            hidden[row] = found
        if found.absent or asked[row]:
            told[row] = replace(quoted, every="", pieces=())
    _hide(work, hidden, told, asked)


def _open(work: Parentage, row: int) -> list[int] | None:
    """The containers of a row's absent parent by its names; None where a parent is held."""
    named = work.box_of_id(row, work.cited[row][-1]) if work.cited[row] else None
    by_index = box_of_index(work, work.prefixes[row][-2]) if work.prefixes[row][1:] else None
    boxes = [box for box in (named, by_index) if box is not None]
    absent = [box for box in boxes if not work.boxes.held(box)]
    return None if boxes and not absent else absent


def _wordings(work: Parentage) -> Wordings:
    def texts() -> Iterator[tuple[int, str]]:
        for start in range(0, len(work.rows), _BATCH):
            batch = range(start, min(start + _BATCH, len(work.rows)))
            words = work.mail.own([work.rows[row].id for row in batch])
            yield from ((row, words.get(work.rows[row].id, "")) for row in batch)

    return Wordings(texts(), len(work.rows))


def _quotations(work: Parentage, rows: Sequence[int]) -> Iterator[tuple[int, Quoted]]:
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        found = work.mail.quotations([work.rows[row].id for row in batch])
        yield from ((row, found.get(work.rows[row].id, NOTHING)) for row in batch)


def _propose(
    work: Parentage, row: int, absent: Sequence[int], found: Answered, header: Segment | None
) -> None:
    """A parent told by a quotation, perhaps the one that an id names, under another name."""
    parent = found.parent
    if parent is None:
        return
    if found.suggested:
        if not absent:
            work.suggested[row] = (parent, found.basis)
        return
    citing = any(work.boxes.message_id[box] in work.cited[parent] for box in absent)
    if absent and (citing or found.basis is not LinkBasis.QUOTED_HEADER):
        return
    renamed = (
        work.rows[parent].message_id not in work.known_ids
        and work.subject(row) == work.subject(parent)
        and _to_the_minute(work, row, parent, header)
    )
    united = [work.boxes.unite(box, parent, alias=renamed) for box in absent]
    if all(united):
        work.boxes.propose(row, parent, found.basis, rank=Rank.QUOTED, order=row)


def _to_the_minute(work: Parentage, row: int, parent: int, header: Segment | None) -> bool:
    """Whether a message was sent in the very minute that is quoted: not a second sending of it."""
    sent = start_of(work.rows[parent])
    times = instants(header, work.rows[row]) if header is not None else ()
    return sent is not None and any(0 <= sent - time.timestamp() < _MINUTE for time in times)


def _hide(
    work: Parentage,
    hidden: Mapping[int, Answered],
    told: Mapping[int, Quoted],
    asked: Mapping[int, Sequence[int]],
) -> None:
    """One container for each absent message that quotations tell of, named ones included."""
    rows = sorted(told)
    for group in _same_message(work, rows, told):
        boxes = [box for row in group for box in asked[row]]
        unnamed = [row for row in group if row in hidden]
        if not unnamed:
            _unite(work, boxes)
            continue
        box = boxes[0] if boxes else work.boxes.add()
        _unite(work, boxes)
        work.hidden[box] = _name(work, unnamed[0], told[unnamed[0]].header)
        for row in unnamed:
            work.boxes.propose(row, box, min(hidden[row].absent), rank=Rank.HIDDEN, order=row)
            work.witness(box, row, "quote", 1)
            work.cues[box].update(hidden[row].absent)


def _unite(work: Parentage, boxes: Sequence[int]) -> None:
    for box in boxes[1:]:
        work.boxes.unite(boxes[0], box)


def _same_message(
    work: Parentage, rows: Sequence[int], told: Mapping[int, Quoted]
) -> list[list[int]]:
    """Rows whose quotations mean one message: of one author, minute and subject, or alike."""
    unions = Unions(len(rows))
    first: dict[tuple[str, ...], int] = {}
    for place, row in enumerate(rows):
        header = told[row].header
        if header is not None and header.author is not None and instants(header, work.rows[row]):
            key = (*_name(work, row, header), work.subject(row))
            unions.join(place, first.setdefault(key, place))
    wordings = Wordings(((n, told[row].words) for n, row in enumerate(rows)), len(rows))
    for place, row in enumerate(rows):
        held = wordings.held(told[row].words)
        for other, share in held.share.items():
            same = work.subject(rows[other]) == work.subject(row)
            alike = max(share, held.of_own.get(other, 0.0)) >= _ALIKE
            if other != place and same and alike and _agree(work, (row, rows[other]), told):
                unions.join(place, other)
    parted: dict[int, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        parted[unions.top(place)].append(row)
    return list(parted.values())


def _agree(work: Parentage, pair: tuple[int, int], told: Mapping[int, Quoted]) -> bool:
    """Whether two quotations give no two different minutes: then the same words are of one."""
    one, other = (
        instants(header, work.rows[row]) if (header := told[row].header) is not None else ()
        for row in pair
    )
    if not one or not other:
        return True
    return abs(one[0] - other[0]) < _DAY and one[0].minute % 30 == other[0].minute % 30


def _name(work: Parentage, row: int, header: Segment | None) -> tuple[str, ...]:
    """What an absent message is known by: author and minute, else the first that quotes it."""
    author = header.author if header is not None else None
    span = work.clocks.span(header, row) if header is not None else None
    if author is None or span is None:
        return ("by", work.rows[row].id)
    who = work.mail.people.find(author)
    name = name_key(author.name) or author.address
    if who != NOBODY:
        name = str(work.mail.people.identities[who].id)
    return (name, span[0].isoformat(timespec="minutes"))
