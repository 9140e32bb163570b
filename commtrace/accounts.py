"""Accounts a case gives of itself: its ledger, its connections, and the addresses to be placed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from commtrace.model import Counts, File, Status
from commtrace.reconstruction.graph import components, graph, reciprocity
from commtrace.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """The ledger in numbers; `balanced` says that every file and item ended in one state.

    `inside` counts what lay inside files, at every level, by its state.
    """

    files: int
    read: int
    partly: int
    duplicate: int
    unsupported: int
    failed: int
    excluded: int
    communications: int
    embedded: int
    problems: int
    balanced: bool
    inside: Counts = field(default=Counts())


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownAddress:
    """An address of a provisional party, waiting to be placed."""

    address: str
    name: str
    party: str
    communications: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Connections:
    """The graph of parties in numbers: pairs that wrote, and groups that no message connects.

    `both_ways` is the share of the pairs that wrote in both directions, None without any pair.
    """

    parties: int
    pairs: int
    both_ways: float | None
    groups: int


def connections(view: View) -> Connections:
    """How the parties of a case are connected, over all dated communications."""
    known = {party.id for party in view.parties}
    made = graph(one for one in view.contacts if one.from_ in known and one.from_ != one.to)
    return Connections(
        parties=made.number_of_nodes(),
        pairs=made.to_undirected().number_of_edges(),
        both_ways=reciprocity(made),
        groups=len(components(made)),
    )


def reconcile(
    files: Sequence[File], communications: int, *, stored: bool, inside: Counts | None = None
) -> Reconciliation:
    """The numbers of a ledger; `stored` says that the store holds what each row counts.

    `inside` counts all that lay inside files, where that is known.
    """
    states = Counter(row.status for row in files)
    return Reconciliation(
        files=len(files),
        **{str(status): states.get(status, 0) for status in Status},
        communications=communications,
        embedded=sum(row.embedded for row in files),
        problems=sum(row.problems for row in files),
        balanced=stored and sum(states[status] for status in Status) == len(files),
        inside=inside or Counts(),
    )


def unknown_addresses(view: View) -> tuple[UnknownAddress, ...]:
    """The addresses of provisional parties, most used first."""
    provisional = {party.id: party.label for party in view.parties if party.provisional}
    used: Counter[int] = Counter(view.sender.tolist())
    used.update(view.recipient.tolist())
    found = [
        UnknownAddress(
            address=member.address,
            name=member.name,
            party=provisional[who.parties[0].party],
            communications=used.get(index, 0),
        )
        for index, who in enumerate(view.identities)
        if who.parties and who.parties[0].party in provisional
        for member in who.members[:1]
    ]
    return tuple(sorted(found, key=lambda u: (-u.communications, u.address, u.name)))
