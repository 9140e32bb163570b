"""Evidence of who answers whom, gathered kind by kind into proposals for parents.

Message-IDs, conversation indices, quoted headers and the references of letters each propose; what
they name and nobody supplied becomes a container without a row. `threads` chooses among them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from operator import itemgetter

from commtrace.model import (
    Communication,
    LinkBasis,
)
from commtrace.reconstruction import conversation_index
from commtrace.reconstruction.addresses import name_key
from commtrace.reconstruction.citations import (
    Unions,
    basis_of,
    groups,
    references,
    strangers,
)
from commtrace.reconstruction.containers import Containers
from commtrace.reconstruction.ghosts import Witness
from commtrace.reconstruction.hidden import held_elsewhere
from commtrace.reconstruction.identity import NOBODY
from commtrace.reconstruction.quoted import TOLERANCE, Authors, authors, instants, matches
from commtrace.reconstruction.subjects import base_subject
from commtrace.reconstruction.threaded import Mail

# Ranks of a proposed parent: what was supplied before what is only named, ids before the rest.
_HELD_ID, _HELD_INDEX, _QUOTED, _LETTER, _NAMED_ID, _NAMED_INDEX, _HIDDEN, _CHAIN = range(8)
_COMPARED = 40  # messages whose words are compared with one quotation
_HALF_HOUR, _DAY = 1800, 86400  # seconds
_SAME_TIME = timedelta(seconds=120)


class Parentage:
    """Evidence in the making: `read()` adds it all, in the order of its strength."""

    def __init__(self, mail: Mail) -> None:
        self.mail = mail
        rows = self.rows = mail.rows
        self.participants, self.headers = mail.participants, mail.headers
        self.cited = [references(one) for one in rows]
        self.holder, self.imposters = _first_holders([one.message_id for one in rows])
        self.prefixes = [conversation_index.names(one.thread_index or "") for one in rows]
        indexed = [prefixes[-1] if prefixes else None for prefixes in self.prefixes]
        self.index_holder, _ = _first_holders(indexed)
        self.boxes = Containers(
            len(rows),
            [m if m and self.holder[m] == n else None for n, m in enumerate(_ids(rows))],
            [i if i and self.index_holder[i] == n else None for n, i in enumerate(indexed)],
        )
        self.id_box: dict[tuple[str, int], int] = {}  # (absent id, citing row) -> container
        self.split: set[int] = set()  # containers whose id means several messages
        self.index_box: dict[str, int] = {}
        self.index: Authors = authors(rows, mail.senders, mail.people)
        self.unmatched: list[int] = []  # rows with a quoted header that no message held answers to
        self.hidden: dict[int, tuple[str, ...]] = {}
        self.by_subject: dict[str, list[int]] = defaultdict(list)
        self.witnesses: dict[int, list[Witness]] = defaultdict(list)

    def read(self) -> None:
        """Add every kind of evidence; none depends on the order of arrival."""
        self.name_ids()
        self.name_indices()
        self.agree()
        self.quote()
        self.hide()
        self.letters()

    def subject(self, row: int) -> str:
        """The base subject of a row."""
        return base_subject(self.rows[row].subject)

    def name_ids(self) -> None:
        """References and In-Reply-To: parents held, and containers for ids nobody supplied."""
        absent: dict[str, list[int]] = defaultdict(list)
        together = Unions(len(self.rows))
        roots: dict[str, int] = {}
        for row, cited in enumerate(self.cited):
            for identifier in cited:
                holder = self.holder.get(identifier)
                if holder is None:
                    absent[identifier].append(row)
                elif not self._strange(row, holder):
                    together.join(row, holder)
            if self.prefixes[row]:
                together.join(row, roots.setdefault(self.prefixes[row][0], row))
        quoted = self._quoted_keys(row for rows in absent.values() if len(rows) > 1 for row in rows)
        for identifier in sorted(absent):
            parted = groups(
                absent[identifier],
                subject=self.subject,
                people=self.participants,
                together=together,
                quoted=quoted,
            )
            for group in parted:
                box = self.boxes.add(message_id=identifier)
                if len(parted) > 1:
                    self.split.add(box)
                self.id_box.update({(identifier, row): box for row in group})
        self._propose_ids()

    def _strange(self, row: int, holder: int) -> bool:
        return strangers(row, holder, communications=self.rows, people=self.participants)

    def _quoted_keys(self, rows: object) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for row in sorted(set(rows)):  # type: ignore[call-overload]
            found[row] = [
                f"{h.author.address.casefold() or h.author.name.casefold()}|{h.when.said}"
                for h in self.headers.get(self.rows[row].id, ())[:3]
                if h.author is not None and h.when is not None
            ]
        return found

    def box_of_id(self, row: int, identifier: str) -> int | None:
        """The container that `row` means by an id; None where the id is a stranger's."""
        holder = self.holder.get(identifier)
        if holder is None:
            return self.id_box[identifier, row]
        return None if self._strange(row, holder) else holder

    def _propose_ids(self) -> None:
        for row, cited in enumerate(self.cited):
            if not cited:
                continue
            boxes = [self.box_of_id(row, identifier) for identifier in cited]
            last = boxes[-1]
            if last is not None:
                basis = basis_of(self.rows[row], cited[-1])
                rank = _HELD_ID if last < len(self.rows) else _NAMED_ID
                self.boxes.propose(row, last, basis, rank=rank, order=row)
            for place, (older, newer) in enumerate(pairwise(boxes)):
                if older is not None and newer is not None:
                    self.boxes.propose(newer, older, LinkBasis.REFERENCES, rank=_CHAIN, order=row)
                if older is not None and older >= len(self.rows):
                    self._witness(older, row, "references", len(cited) - place)
            if last is not None and last >= len(self.rows):
                self._witness(last, row, "reply", 1)

    def _witness(self, box: int, row: int, how: str, distance: int) -> None:
        self.witnesses[box].append(Witness(row=row, how=how, distance=distance))

    def name_indices(self) -> None:
        """Conversation indices: each prefix is an ancestor, held or only named."""
        done: set[str] = set()
        for row, prefixes in enumerate(self.prefixes):
            chain = [self._box_of_index(prefix) for prefix in prefixes]
            if chain:
                chain[-1] = row
            for place in range(len(chain) - 1, 0, -1):
                held = chain[place - 1] < len(self.rows)
                if chain[place] == row or prefixes[place] not in done:
                    self.boxes.propose(
                        chain[place],
                        chain[place - 1],
                        LinkBasis.THREAD_INDEX,
                        rank=_HELD_INDEX if held else _NAMED_INDEX,
                        order=row,
                    )
                if not held:
                    self._witness(chain[place - 1], row, "index", len(chain) - place)
            done.update(prefixes[1:-1])

    def _box_of_index(self, prefix: str) -> int:
        if prefix in self.index_holder:
            return self.index_holder[prefix]
        if prefix not in self.index_box:
            self.index_box[prefix] = self.boxes.add(index=prefix)
        return self.index_box[prefix]

    def agree(self) -> None:
        """An id and an index prefix of one child at one distance are two names of one message."""
        for row, (cited, prefixes) in enumerate(zip(self.cited, self.prefixes, strict=True)):
            if not cited or len(prefixes) < 2:
                continue
            times = None
            for place in range(1, min(len(cited), len(prefixes) - 1) + 1):
                by_id = self.box_of_id(row, cited[-place])
                prefix = prefixes[-1 - place]
                by_index = self._box_of_index(prefix)
                if by_id is None:
                    break
                if place > 1:
                    times = times or self._decode(row)
                    if not self._same_time(by_id, by_index, times, prefix):
                        break
                # The direct parent named by id and supplied is the message that the prefix means.
                sure = place == 1 and by_id < len(self.rows) and by_index >= len(self.rows)
                if not self.boxes.unite(by_id, by_index, alias=sure):
                    break

    def _decode(self, row: int) -> conversation_index.ConversationIndex | None:
        when = self.rows[row].when
        return conversation_index.decode(
            self.rows[row].thread_index or "", when.earliest if when else None
        )

    def _same_time(
        self,
        by_id: int,
        by_index: int,
        times: conversation_index.ConversationIndex | None,
        prefix: str,
    ) -> bool:
        """Whether a supplied message was sent when the index says; True where nothing can tell."""
        held = [box for box in (by_id, by_index) if box < len(self.rows)]
        said = times.time_of(prefix) if times else None
        when = self.rows[held[0]].when if len(held) == 1 else None
        if said is None or when is None:
            return len(held) < 2
        gap = abs(when.earliest - said)
        if times is not None and times.layout == "A":
            gap = min(gap, abs(gap - round(gap / timedelta(hours=1)) * timedelta(hours=1)))
        return gap <= _SAME_TIME

    def quote(self) -> None:
        """A quoted header of a supplied message: a parent, where nothing stronger names another."""
        known = {identifier for cited in self.cited for identifier in cited}

        def same_subject(row: int, other: int) -> bool:
            return self.subject(row) == self.subject(other)

        for row, one in enumerate(self.rows):
            headers = self.headers.get(one.id, ())
            if not headers:
                continue
            named = self.box_of_id(row, self.cited[row][-1]) if self.cited[row] else None
            by_index = (
                self._box_of_index(self.prefixes[row][-2]) if self.prefixes[row][1:] else None
            )
            absent = [b for b in (named, by_index) if b is not None and not self.boxes.held(b)]
            if not absent and any(b is not None for b in (named, by_index)):
                continue
            near = matches(headers[0], one, row, self.index)
            if not near and not absent:
                self.unmatched.append(row)
            if len(near) != 1:
                continue
            (found,) = near
            # The very message under another name, unless its own name is known to be in use.
            renamed = self.rows[found].message_id not in known and same_subject(row, found)
            united = [self.boxes.unite(box, found, alias=renamed) for box in absent]
            if all(united):
                self.boxes.propose(row, found, LinkBasis.QUOTED_HEADER, rank=_QUOTED, order=row)

    def hide(self) -> None:
        """A quoted header whose message is not held under any name, nor its words: a hidden one."""
        told = [row for row in self.unmatched if self._tells(row)]
        if not told:
            return
        likely = {row: self._may_hold(row) for row in told}
        quoted = self.mail.quoted([self.rows[row].id for row in told])
        needed = sorted({other for rows in likely.values() for other in rows})
        texts = self.mail.texts([self.rows[row].id for row in needed])
        boxes: dict[tuple[str, ...], int] = {}
        for row in told:
            words = quoted.get(self.rows[row].id, "")
            bodies = (texts.get(self.rows[other].id, "") for other in likely[row])
            if not words or held_elsewhere(words, bodies):
                continue
            key = self._quoted_key(row)
            if key not in boxes:
                boxes[key] = self.boxes.add()
                self.hidden[boxes[key]] = key
            self.boxes.propose(row, boxes[key], LinkBasis.QUOTED_HEADER, rank=_HIDDEN, order=row)
            self._witness(boxes[key], row, "quote", 1)

    def _tells(self, row: int) -> bool:
        """Whether a quoted header says who wrote and at what minute, and surely means none held.

        A message of its author on its subject, with the same minutes past the half hour within a
        day, may be the one meant: then the clock's zone is not known, and nothing is claimed.
        """
        header = self.headers[self.rows[row].id][0]
        times = instants(header, self.rows[row])
        if header.author is None or not times:
            return False
        for identity in self.index.identities(header.author):
            written = self.index.written[identity]
            for time, other in written[: bisect_left(written, row, key=itemgetter(1))][-_COMPARED:]:
                gap = abs(time - times[0].timestamp())
                off = abs(gap - round(gap / _HALF_HOUR) * _HALF_HOUR)
                near = gap < _DAY and off <= TOLERANCE.total_seconds()
                if near and self.subject(other) == self.subject(row):
                    return False
        return True

    def _quoted_key(self, row: int) -> tuple[str, ...]:
        header = self.headers[self.rows[row].id][0]
        who = self.mail.people.find(header.author)
        author = header.author
        name = name_key(author.name) or author.address if author else ""
        if who != NOBODY:
            name = str(self.mail.people.identities[who].id)
        return (name, instants(header, self.rows[row])[0].isoformat(timespec="minutes"))

    def _may_hold(self, row: int) -> list[int]:
        """Earlier rows that may hold quoted words: of its subject, or by its author, the latest."""
        if not self.by_subject:
            for other in range(len(self.rows)):
                self.by_subject[self.subject(other)].append(other)
        header = self.headers[self.rows[row].id][0]
        same = self.by_subject.get(self.subject(row), [])
        found = same[: bisect_left(same, row)][-_COMPARED:]
        for identity in self.index.identities(header.author) if header.author else ():
            written = self.index.written[identity]
            end = bisect_left(written, row, key=itemgetter(1))
            found += [other for _, other in written[max(0, end - _COMPARED) : end]]
        return found

    def letters(self) -> None:
        """A letter that gives our reference as its "your reference" answers our last with it."""
        last: dict[str, int] = {}
        for row, one in enumerate(self.rows):
            yours = _reference(one.your_ref)
            if yours and yours in last and not self._strange(row, last[yours]):
                self.boxes.propose(row, last[yours], LinkBasis.LETTER_REF, rank=_LETTER, order=row)
            if ours := _reference(one.our_ref):
                last[ours] = row


def _ids(rows: Sequence[Communication]) -> list[str | None]:
    return [one.message_id or None for one in rows]


def _first_holders(names: Sequence[str | None]) -> tuple[dict[str, int], set[int]]:
    """The first row that bears each name, and the rows that bear one already borne."""
    first: dict[str, int] = {}
    later: set[int] = set()
    for row, name in enumerate(names):
        if name and first.setdefault(name, row) != row:
            later.update((row, first[name]))
    return first, later


def _reference(text: str | None) -> str:
    """A reference for comparison; "" where it is too short to name one matter."""
    folded = "".join(c for c in (text or "").casefold() if c.isalnum())
    return folded if len(folded) >= 4 and any(c.isdigit() for c in folded) else ""
