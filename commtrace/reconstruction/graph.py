"""Who writes to whom: directed graphs of identities and of parties, built once from the columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import networkx as nx

from commtrace.model import Communication, Contact
from commtrace.moments import Moment

Edge = tuple[int, int]


def contacts(
    rows: Sequence[Communication],
    edges: Iterable[tuple[int, Edge]],
    names: Sequence[str],
) -> tuple[Contact, ...]:
    """Contacts from (row, (from, to)) pairs; a row counts once for each pair, undated ones not.

    `names` are the ids of identities or parties by index. Sorted by from, then to.
    """
    count: dict[Edge, int] = {}
    first: dict[Edge, Moment] = {}
    last: dict[Edge, Moment] = {}
    for row, edge in edges:
        when = rows[row].when
        if when is None:
            continue
        count[edge] = count.get(edge, 0) + 1
        first.setdefault(edge, when)
        last[edge] = when
    found = (
        Contact(
            from_=names[edge[0]],
            to=names[edge[1]],
            communications=number,
            first=first[edge],
            last=last[edge],
        )
        for edge, number in count.items()
    )
    return tuple(sorted(found, key=lambda contact: (contact.from_, contact.to)))


def graph(found: Iterable[Contact]) -> nx.DiGraph[str]:
    """A directed graph of contacts; each edge has `communications`, `first` and `last`."""
    made: nx.DiGraph[str] = nx.DiGraph()
    for contact in found:
        made.add_edge(
            contact.from_,
            contact.to,
            communications=contact.communications,
            first=contact.first,
            last=contact.last,
        )
    return made


def reciprocity(made: nx.DiGraph[str]) -> float | None:
    """The share of pairs that write both ways, among all that write (None for an empty graph)."""
    pairs = {frozenset(edge) for edge in made.edges if edge[0] != edge[1]}
    if not pairs:
        return None
    both = sum(1 for one, other in map(sorted, pairs) if _mutual(made, one, other))
    return both / len(pairs)


def _mutual(made: nx.DiGraph[str], one: str, other: str) -> bool:
    return made.has_edge(one, other) and made.has_edge(other, one)


def components(made: nx.DiGraph[str]) -> tuple[tuple[str, ...], ...]:
    """The groups that no message connects with one another, largest first, then by name."""
    found = [tuple(sorted(group)) for group in nx.weakly_connected_components(made)]
    return tuple(sorted(found, key=lambda group: (-len(group), group)))
