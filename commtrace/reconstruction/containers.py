"""The places of a thread before it is one: messages held, messages only named, and what joins them.

A container stands for one message. It may hold a communication (by row), and bear one Message-ID
and one conversation index; two containers are one message only where none of the three
contradicts. Parents are proposed with a rank and chosen at the end, so the order of arrival never
matters (J. Zawinski, "message threading"; RFC 5256 THREAD=REFERENCES; nothing is pruned here).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from commtrace.model import LinkBasis


class Rank(IntEnum):
    """How strong a proposed parent is: what was supplied before what is only named, ids first."""

    HELD_ID = 0
    HELD_INDEX = 1
    QUOTED = 2
    LETTER = 3
    NAMED_ID = 4
    NAMED_INDEX = 5
    HIDDEN = 6
    CHAIN = 7


@dataclass(frozen=True, slots=True, order=True)
class Proposal:
    """A parent proposed for a container: the lower rank wins, then the lower order."""

    rank: int
    order: int
    parent: int
    basis: LinkBasis


@dataclass(slots=True)
class Containers:
    """Containers by number; `rows` first (a container's number is its row), absent ones after."""

    rows: int
    message_id: list[str | None]
    index: list[str | None]
    _same: list[int] = field(default_factory=list)
    _proposals: dict[int, list[Proposal]] = field(default_factory=dict)
    also: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._same = list(range(len(self.message_id)))

    def __len__(self) -> int:
        return len(self._same)

    def add(self, *, message_id: str | None = None, index: str | None = None) -> int:
        """A new container for a message that is only named."""
        self._same.append(len(self._same))
        self.message_id.append(message_id)
        self.index.append(index)
        return len(self._same) - 1

    def top(self, container: int) -> int:
        """The container that stands for this one after all unions."""
        same = self._same
        while same[container] != container:
            same[container] = same[same[container]]
            container = same[container]
        return container

    def held(self, container: int) -> bool:
        """Whether the message was supplied."""
        return self.top(container) < self.rows

    def unite(self, one: int, other: int, *, alias: bool = False) -> bool:
        """Make two containers one message, unless names or rows contradict.

        With `alias` a different name is taken as another name of the same message (a gateway or an
        archive made up a new one); two supplied messages never become one.
        """
        first, second = sorted((self.top(one), self.top(other)))
        if first == second:
            return True
        if second < self.rows or self._answers(first, second) or self._answers(second, first):
            return False
        clash = _clash(self.message_id[first], self.message_id[second]) or _clash(
            self.index[first], self.index[second]
        )
        if clash and not alias:
            return False
        self._same[second] = first
        self.message_id[first] = self.message_id[first] or self.message_id[second]
        self.index[first] = self.index[first] or self.index[second]
        return True

    def _answers(self, child: int, parent: int) -> bool:
        """Whether one is said to answer the other: then they are not one message."""
        said = self._proposals.get(child, ())
        return any(p.rank <= Rank.NAMED_ID and self.top(p.parent) == parent for p in said)

    def propose(self, child: int, parent: int, basis: LinkBasis, *, rank: int, order: int) -> None:
        """Say that `child` may answer `parent`."""
        self._proposals.setdefault(child, []).append(Proposal(rank, order, parent, basis))

    def parents(self) -> dict[int, Proposal]:
        """The chosen parent of each container that has one; free of loops."""
        by_top: dict[int, list[Proposal]] = {}
        for child, proposals in self._proposals.items():
            by_top.setdefault(self.top(child), []).extend(proposals)
        chosen: dict[int, Proposal] = {}
        for child in sorted(by_top):
            real = [
                Proposal(p.rank, p.order, top, p.basis)
                for p in by_top[child]
                if (top := self.top(p.parent)) != child
            ]
            if real:
                chosen[child] = min(real)
        return _without_loops(chosen)


def _clash(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _without_loops(chosen: dict[int, Proposal]) -> dict[int, Proposal]:
    """Each loop loses its weakest link: the worst rank, then the child that comes first."""
    state: dict[int, int] = {}  # absent: not seen, 1: on this path, 2: done
    for start in list(chosen):
        path = []
        here = start
        while here in chosen and here not in state:
            state[here] = 1
            path.append(here)
            here = chosen[here].parent
        if state.get(here) == 1 and here in chosen:
            loop = path[path.index(here) :]
            weakest = max(loop, key=lambda child: (chosen[child].rank, -child))
            del chosen[weakest]
        for node in path:
            state[node] = 2
    return chosen
