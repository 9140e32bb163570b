"""Evidence of who answers whom, gathered kind by kind into proposals for parents.

Message-IDs and the references of letters propose here, conversation indices in `indexed`, what
messages quote in `quoting`; what they name and nobody supplied becomes a container without a row.
`threads` chooses among them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from commtrace.model import Communication, LinkBasis
from commtrace.reconstruction import conversation_index, indexed, quoting
from commtrace.reconstruction.authorship import Senders
from commtrace.reconstruction.case_references import borne, finder
from commtrace.reconstruction.citations import (
    Unions,
    basis_of,
    groups,
    references,
    strangers,
)
from commtrace.reconstruction.clocks import Clocks
from commtrace.reconstruction.containers import Containers, Rank
from commtrace.reconstruction.ghosts import Witness
from commtrace.reconstruction.index_clocks import IndexClocks
from commtrace.reconstruction.subjects import base_subject, says_forward, says_reply, series_of
from commtrace.reconstruction.threaded import Mail


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
        self.known_ids = {identifier for cited in self.cited for identifier in cited}
        self.boxes = Containers(
            len(rows),
            [m if m and self.holder[m] == n else None for n, m in enumerate(_ids(rows))],
            [i if i and self.index_holder[i] == n else None for n, i in enumerate(indexed)],
        )
        self.id_box: dict[tuple[str, int], int] = {}  # (absent id, citing row) -> container
        self.split: set[int] = set()  # containers whose id means several messages
        self.index_box: dict[str, int] = {}
        self.senders = Senders(rows, mail.senders, mail.people)
        self.clocks = Clocks(rows, self.senders)
        self.index_clocks = IndexClocks(rows, self.index_holder)
        self.suggested: dict[int, tuple[int, LinkBasis]] = {}  # likely parents, never relied on
        self.cues: dict[int, set[LinkBasis]] = defaultdict(set)  # what else speaks for a container
        self.hidden: dict[int, tuple[str, ...]] = {}  # names of containers known by quotations
        self.witnesses: dict[int, list[Witness]] = defaultdict(list)

    def read(self) -> None:
        """Add every kind of evidence; none depends on the order of arrival."""
        self.name_ids()
        indexed.name_indices(self)
        indexed.agree(self)
        quoting.read_quotations(self)
        self.letters()
        self.matters()

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
                series_keys=self._series_keys,
            )
            for group in parted:
                box = self.boxes.add(message_id=identifier)
                if len(parted) > 1:
                    self.split.add(box)
                self.id_box.update({(identifier, row): box for row in group})
        self._propose_ids()

    def _series_keys(self, row: int) -> tuple[object, ...]:
        """A sender's series of a version and length; none for what is no numbered item.

        A sender is an address, and a name of two words: archives rewrite addresses.
        """
        place = series_of(self.rows[row].subject)
        if not place or place[2] < 2:
            return ()
        names = dict.fromkeys((self.senders.key(row), self.senders.full_name(row)))
        return tuple((name, place[0], place[2]) for name in names if name)

    def _strange(self, row: int, holder: int) -> bool:
        """Whether nothing but an id speaks for two messages; of one full name nobody is strange."""
        name = self.senders.full_name(row)
        if name and name == self.senders.full_name(holder):
            return False
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
                rank = Rank.HELD_ID if last < len(self.rows) else Rank.NAMED_ID
                self.boxes.propose(row, last, basis, rank=rank, order=row)
                if rank is Rank.HELD_ID and self.rows[row].thread_index:
                    self.index_clocks.learn(row, last)
            for place, (older, newer) in enumerate(pairwise(boxes)):
                if older is not None and newer is not None and self._may_answer(newer, older):
                    self.boxes.propose(
                        newer, older, LinkBasis.REFERENCES, rank=Rank.CHAIN, order=row
                    )
                if older is not None and older >= len(self.rows):
                    self.witness(older, row, "references", len(cited) - place)
            if last is not None and last >= len(self.rows):
                self.witness(last, row, "reply", 1)

    def _may_answer(self, newer: int, older: int) -> bool:
        """Whether the References of others may give a message a parent.

        A message that itself cites nobody and is no reply by its subject begins its thread: clients
        that list References in another order would make it answer one that nobody supplied.
        """
        if newer >= len(self.rows) or older < len(self.rows) or self.cited[newer]:
            return True
        return says_reply(self.rows[newer].subject) or says_forward(self.rows[newer].subject)

    def witness(self, box: int, row: int, how: str, distance: int) -> None:
        """Note that a row shows the message of a container."""
        self.witnesses[box].append(Witness(row=row, how=how, distance=distance))

    def letters(self) -> None:
        """A letter that gives our reference as its "your reference" answers our last with it."""
        last: dict[str, int] = {}
        for row, one in enumerate(self.rows):
            yours = _reference(one.your_ref)
            if yours and yours in last and not self._strange(row, last[yours]):
                self.boxes.propose(
                    row, last[yours], LinkBasis.LETTER_REF, rank=Rank.LETTER, order=row
                )
            if ours := _reference(one.our_ref):
                last[ours] = row

    def matters(self) -> None:
        """What bears the number of a matter may answer the latest before it that bears it too."""
        wanted = finder(self.mail.case_references)
        last: dict[str, int] = {}
        for row, one in enumerate(self.rows) if wanted else ():
            for reference in borne(one, wanted) if wanted else ():
                if reference in last:
                    self.suggested.setdefault(row, (last[reference], LinkBasis.CASE_REFERENCE))
                last[reference] = row


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
