"""Chosen parents as values: threads, links with their basis, ghosts, and subject suggestions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from commtrace.model import (
    Communication,
    CommunicationId,
    Ghost,
    Link,
    LinkBasis,
    Segment,
    Thread,
    ThreadId,
    digest,
)
from commtrace.reconstruction.citations import Unions
from commtrace.reconstruction.clocks import Clocks
from commtrace.reconstruction.containers import Proposal
from commtrace.reconstruction.ghosts import GhostNames, ghost
from commtrace.reconstruction.identity import NOBODY, Directory
from commtrace.reconstruction.index_clocks import IndexClocks
from commtrace.reconstruction.quotations import Line, Quoted

Texts = Callable[[Iterable[CommunicationId]], Mapping[CommunicationId, str]]
Quotations = Callable[[Iterable[CommunicationId]], Mapping[CommunicationId, Quoted]]
Lines = Callable[[Iterable[CommunicationId]], Mapping[CommunicationId, tuple[Line, ...]]]


@dataclass(frozen=True, kw_only=True)
class Mail:
    """What threading reads, by row: messages in order of time, who wrote, who took part, quotes."""

    rows: Sequence[Communication]
    people: Directory
    senders: Sequence[int]
    participants: Sequence[frozenset[int]]
    headers: Mapping[CommunicationId, tuple[Segment, ...]]
    quotations: Quotations  # what each quotes of the one it answers
    lines: Lines  # the same line by line, with its places
    own: Texts  # what the writer wrote, signature included
    texts: Texts  # the new words alone
    case_references: Sequence[str] = ()  # forms of the numbers of matters


@dataclass(frozen=True, kw_only=True)
class Forest:
    """Chosen parents by container, links cut as hijacks, ghosts' names, and who is one thread."""

    parents: Mapping[int, Proposal]
    hijacked: Mapping[int, Proposal]
    names: Mapping[int, GhostNames]
    tops: Unions
    imposters: frozenset[int]
    suggested: Mapping[int, tuple[int, LinkBasis]]
    clocks: Clocks
    index_clocks: IndexClocks


@dataclass(frozen=True, kw_only=True)
class Threading:
    """Threads, every link (suggested ones too), ghosts, and the row each row answers (or -1)."""

    threads: tuple[Thread, ...]
    links: tuple[Link, ...]
    ghosts: tuple[Ghost, ...]
    parent: tuple[int, ...]
    thread_of: tuple[int, ...]


class Threaded:
    """The one reader of a forest; `threading()` gives its values."""

    def __init__(self, mail: Mail, forest: Forest) -> None:
        self.mail, self.forest = mail, forest
        self.rows, self.parents, self.names = mail.rows, forest.parents, forest.names
        quoting = self._quoting()
        self.quotations, self.lines = mail.quotations(quoting), mail.lines(quoting)
        self.ghost_id = {
            box: digest("ghost", *names.identity(self.rows)) for box, names in self.names.items()
        }

    def _quoting(self) -> list[CommunicationId]:
        """The messages that quote an absent parent."""
        direct = {w.row for n in self.names.values() for w in n.witnesses if w.distance == 1}
        return [self.rows[row].id for row in sorted(direct)]

    def threading(self) -> Threading:
        """Every thread, link and ghost."""
        members: dict[int, list[int]] = defaultdict(list)
        for row in range(len(self.rows)):
            members[self.forest.tops.top(row)].append(row)
        absent: dict[int, list[int]] = defaultdict(list)
        for box in self.names:
            absent[self.forest.tops.top(box)].append(box)
        identifiers = {top: self._thread_id(rows[0]) for top, rows in members.items()}
        ghosts = {
            box: self._ghost(box, identifiers[top])
            for top, boxes in absent.items()
            for box in boxes
        }
        links = self._links()
        by_child: dict[CommunicationId, list[Link]] = defaultdict(list)
        for link in links:
            by_child[link.child].append(link)
        ordered = sorted(members, key=lambda top: members[top][0])
        place = {top: index for index, top in enumerate(ordered)}
        threads = tuple(
            self._thread(identifiers[top], members[top], [ghosts[b] for b in absent[top]], by_child)
            for top in ordered
        )
        return Threading(
            threads=threads,
            links=tuple(links),
            ghosts=tuple(sorted(ghosts.values(), key=_ghost_order)),
            parent=tuple(self._parent_row(row) for row in range(len(self.rows))),
            thread_of=tuple(place[self.forest.tops.top(row)] for row in range(len(self.rows))),
        )

    def _parent_row(self, row: int) -> int:
        proposal = self.parents.get(row)
        return proposal.parent if proposal and proposal.parent < len(self.rows) else NOBODY

    def _thread_id(self, row: int) -> ThreadId:
        here = row
        while here in self.parents:
            here = self.parents[here].parent
        if here >= len(self.rows):
            names = self.names[here]
            return ThreadId(digest("thread", *names.identity(self.rows)))
        one = self.rows[here]
        if here in self.forest.imposters:
            return ThreadId(digest("thread", "communication", one.id))
        if one.message_id:
            return ThreadId(digest("thread", "id", one.message_id))
        return ThreadId(digest("thread", "communication", one.id))

    def _thread(
        self,
        identifier: ThreadId,
        members: Sequence[int],
        ghosts: Sequence[Ghost],
        links: Mapping[CommunicationId, Sequence[Link]],
    ) -> Thread:
        ids = tuple(self.rows[row].id for row in members)
        subjects = [self.rows[row].subject for row in members]
        return Thread(
            id=identifier,
            subject=next((s for s in subjects if s.strip()), ""),
            members=ids,
            links=tuple(link for one in ids for link in links.get(one, ())),
            ghosts=tuple(g.id for g in sorted(ghosts, key=_ghost_order)),
            imposters=tuple(self.rows[row].id for row in members if row in self.forest.imposters),
        )

    def _links(self) -> list[Link]:
        found = []
        for row, one in enumerate(self.rows):
            proposal = self.parents.get(row)
            if proposal is not None:
                found.append(
                    Link(child=one.id, parent=self._name(proposal.parent), basis=proposal.basis)
                )
                continue
            cut = self.forest.hijacked.get(row)
            guess = (cut.parent, cut.basis) if cut else self.forest.suggested.get(row)
            if guess is not None:
                parent, basis = guess
                found.append(
                    Link(child=one.id, parent=self._name(parent), basis=basis, suggested=True)
                )
        return found

    def _name(self, box: int) -> str:
        return self.rows[box].id if box < len(self.rows) else self.ghost_id[box]

    def _ghost(self, box: int, identifier: ThreadId) -> Ghost:
        ancestor, here = None, box
        while here in self.parents and ancestor is None:
            here = self.parents[here].parent
            ancestor = here if here < len(self.rows) else None
        return ghost(
            self.ghost_id[box],
            self.names[box],
            rows=self.rows,
            people=self.mail.people,
            senders=self.mail.senders,
            participants=self.mail.participants,
            clocks=self.forest.clocks,
            index_clocks=self.forest.index_clocks,
            quotations=self.quotations,
            lines=self.lines,
            ancestor=ancestor,
            identifier=identifier,
        )


def _ghost_order(one: Ghost) -> tuple[bool, float, str]:
    when = one.when
    return (when is None, when.earliest.timestamp() if when else 0.0, one.id)
