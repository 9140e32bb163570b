"""Who stands between whom: the graph of a period, brokers, single bridges, who joined and left.

A two-path is an occasion on which somebody who had heard from one person wrote to another on the
same matter: time-respecting, so that nobody is said to have passed on what came later. Two shared
mailboxes are two nodes like two people: whoever reads a bridge looks at what kind it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from commtrace.model import TwoPath
from commtrace.reconstruction.sendings import Sendings, sendings
from commtrace.view import NOBODY, Ints, View

LIMIT = 20  # working days from hearing to passing on, Gould and Fernandez made time-respecting
SHARE, LEAST, STOP = 0.6, 10, 5  # a single bridge: share of at least so many; days of a stop
_FEW = 8  # recipients: a message to more of them announces something
Edge = tuple[int, int]


class Role(StrEnum):
    """What a broker is to the groups of the two (Gould and Fernandez 1989); A-B-C as it passes."""

    COORDINATOR = "coordinator"  # A-A-A
    ITINERANT = "itinerant broker"  # A-B-A
    GATEKEEPER = "gatekeeper"  # A-B-B: lets into the own group
    REPRESENTATIVE = "representative"  # A-A-B: speaks for the own group
    LIAISON = "liaison"  # A-B-C


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """Somebody through whom `paths` of the `of` two-paths between two parties run."""

    person: int
    parties: tuple[int, int]
    paths: tuple[TwoPath, ...]
    of: int

    @property
    def share(self) -> float:
        """How much of the exchange ran through this one person, 0 to 1."""
        return len(self.paths) / self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A stretch in which somebody sent nothing: `days` that count, after the row `before`.

    `after` is the row that ends it; None where the period ends first.
    """

    before: int
    after: int | None
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Somebody who joined or left: the row that shows them for the first or last time."""

    person: int
    row: int


def edges(sent: Sendings, *, parties: bool = False) -> dict[Edge, tuple[int, ...]]:
    """The rows behind each directed pair of identities, or of different parties, by pair."""
    one, other = (
        (sent.sender_party, sent.recipient_party) if parties else (sent.sender, sent.recipient)
    )
    found: dict[Edge, dict[int, None]] = defaultdict(dict)
    for pair, row in zip(zip(one.tolist(), other.tolist(), strict=True), sent.row, strict=True):
        if pair[0] != pair[1] and NOBODY not in pair:
            found[pair][int(row)] = None
    return {pair: tuple(found[pair]) for pair in sorted(found)}


def period_graph(view: View, sent: Sendings, *, parties: bool = False) -> nx.DiGraph[str]:
    """Who wrote to whom: nodes are ids, each edge keeps the ids of its `communications`."""
    named = view.parties if parties else view.identities
    made: nx.DiGraph[str] = nx.DiGraph()
    for (one, other), rows in edges(sent, parties=parties).items():
        cited = tuple(view.ids[row] for row in rows)
        made.add_edge(named[one].id, named[other].id, communications=cited)
    return made


def one_way(made: nx.DiGraph[str]) -> tuple[tuple[str, str], ...]:
    """The pairs that wrote in one direction only, sorted."""
    back = made.reverse(copy=True)
    return tuple(sorted(nx.difference(made, back).edges))


def two_paths(sent: Sendings, places: Sequence[int], *, limit: int = LIMIT) -> tuple[TwoPath, ...]:
    """Every occasion on which somebody wrote on what they had heard, in order of the later row.

    For each message to `target`, and each `source` from whom its writer had heard in the same
    thread, the latest message of theirs that certainly lies before it (its whole time does), at
    most `limit` working days earlier. `places` counts the working days up to each row's day, and
    grows with the rows' times.
    """
    order = np.lexsort((sent.recipient, sent.row, sent.start, sent.thread))
    order = order[sent.thread[order] != NOBODY]
    heard: dict[Edge, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    found: list[TwoPath] = []
    columns = _Lists(sent)
    for entry in order.tolist():
        key = (columns.thread[entry], columns.sender[entry])
        now = places[columns.row[entry]]
        for source, came in list(heard[key].items()) if key in heard else ():
            if now - places[columns.row[came[-1]]] > limit:
                del heard[key][source]  # too long ago, and for whatever follows too
                continue
            before = _latest_before(columns, came, columns.start[entry])
            if before is None or source == columns.recipient[entry]:
                continue
            if now - places[columns.row[before]] <= limit:
                found.append(columns.path(before, entry))
        heard[key[0], columns.recipient[entry]][columns.sender[entry]].append(entry)
    return tuple(sorted(found, key=lambda path: (path.went, path.came, path.source, path.target)))


def view_paths(view: View) -> tuple[TwoPath, ...]:
    """The two-paths of a whole view, over its dated messages.

    Automatic and mass mail passes nothing on, nor does what goes to more than eight people.
    """
    whole = sendings(view)
    few = np.diff(view.recipient_offsets) <= _FEW
    personal = few & ~(view.automatic | view.bulk) & (view.end != 0)
    return two_paths(whole.of_rows(personal), working_places(view))


def working_places(view: View) -> list[int]:
    """For each row, how many working days lie up to its day; undated rows have 0."""
    working = view.working
    if not view.dated:
        return [0] * len(view)
    first = view.day(0)
    places: dict[object, int] = {}
    found = []
    for row in range(view.dated):
        day = view.day(row)
        if day not in places:
            places[day] = working.elapsed(first, day)
        found.append(places[day])
    return found + [0] * (len(view) - view.dated)


def role(parties: tuple[int, int, int]) -> Role:
    """What the middle one is to the two others, by their groups."""
    source, through, target = parties
    if source == target:
        return Role.COORDINATOR if through == source else Role.ITINERANT
    if through == target:
        return Role.GATEKEEPER
    return Role.REPRESENTATIVE if through == source else Role.LIAISON


def static_brokerage(made: nx.DiGraph[str], group: Mapping[str, int]) -> dict[str, dict[Role, int]]:
    """Gould and Fernandez as published: v brokers (a, b) where a to v to b and not a to b."""
    found: dict[str, dict[Role, int]] = {}
    for v in sorted(made):
        for a in made.predecessors(v):
            for b in made.successors(v):
                if len({a, b, v}) == 3 and not made.has_edge(a, b):
                    kind = role((group[a], group[v], group[b]))
                    counts = found.setdefault(v, {})
                    counts[kind] = counts.get(kind, 0) + 1
    return found


def brokerage(
    paths: Iterable[TwoPath], direct: Collection[Edge]
) -> dict[int, dict[Role, tuple[TwoPath, ...]]]:
    """The pairs that each identity brokered in each role: one two-path, the first, for each pair.

    A pair that wrote to one another itself (`direct`) needed no broker. Groups are the parties on
    the day; where one is not known there is no role.
    """
    first: dict[tuple[int, int, int, Role], TwoPath] = {}
    for path in paths:
        if NOBODY in path.parties or (path.source, path.target) in direct:
            continue
        key = (path.through, path.source, path.target, role(path.parties))
        first.setdefault(key, path)
    found: dict[int, dict[Role, tuple[TwoPath, ...]]] = {}
    for (through, _, _, kind), path in sorted(first.items()):
        roles = found.setdefault(through, {})
        roles[kind] = (*roles.get(kind, ()), path)
    return found


def bridges(
    paths: Iterable[TwoPath], *, share: float = SHARE, least: int = LEAST
) -> tuple[Bridge, ...]:
    """Who carried at least `share` of the `least` or more two-paths between two parties.

    Both directions count together. Sorted by the two parties, then by person.
    """
    between: dict[tuple[int, int], list[TwoPath]] = defaultdict(list)
    for path in paths:
        one, other = sorted((path.parties[0], path.parties[2]))
        if one not in (NOBODY, other):
            between[one, other].append(path)
    return tuple(
        Bridge(person=person, parties=pair, paths=tuple(theirs), of=len(whole))
        for pair, whole in sorted(between.items())
        if len(whole) >= least
        for person, theirs in sorted(_by_person(whole).items())
        if len(theirs) >= share * len(whole)
    )


def stops(
    rows: Sequence[int], places: Sequence[int], until: int, *, least: int = STOP
) -> tuple[Stop, ...]:
    """The stretches of `least` or more whole working days between somebody's own messages.

    `rows` are what they sent, in order of time; `until` is the place of the last day looked at.
    The days on which they wrote count to no stretch.
    """
    found = []
    for number, row in enumerate(rows):
        last = number + 1 == len(rows)
        after = None if last else rows[number + 1]
        days = until - places[row] if after is None else places[after] - places[row] - 1
        if days >= least:
            found.append(Stop(before=row, after=after, days=days))
    return tuple(found)


def sent_rows(sent: Sendings, person: int) -> list[int]:
    """The rows that somebody sent to others, in order, each once."""
    return list(dict.fromkeys(sent.row[sent.sender == person].tolist()))


def joined_and_left(
    whole: Sendings, start: int, end: int
) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """Who is on a message from `start` to before `end`, and on none before; or on none after.

    Times are seconds since 1970. Undated messages show nobody at any time.
    """
    people = np.concatenate((whole.sender, whole.recipient))
    times, rows = np.tile(whole.start, 2), np.tile(whole.row, 2)
    dated = np.tile(whole.end - whole.start, 2) < 2**61
    order = np.lexsort((rows[dated], times[dated], people[dated]))
    people, times, rows = people[dated][order], times[dated][order], rows[dated][order]
    found, first, counts = np.unique(people, return_index=True, return_counts=True)
    last = first + counts - 1
    came = (times[first] >= start) & (times[first] < end)
    went = (times[last] >= start) & (times[last] < end)
    return _changes(found, rows[first], came), _changes(found, rows[last], went)


def constraint(made: nx.DiGraph[str], nodes: Iterable[str]) -> dict[str, float]:
    """Burt's constraint (1992): low where somebody's contacts do not write to one another."""
    either = made.to_undirected()
    return {name: float(value) for name, value in nx.constraint(either, nodes=list(nodes)).items()}


def _changes(people: Ints, rows: Ints, kept: NDArray[np.bool_]) -> tuple[Change, ...]:
    pairs = zip(people[kept].tolist(), rows[kept].tolist(), strict=True)
    return tuple(Change(person=person, row=row) for person, row in pairs)


def _by_person(paths: Iterable[TwoPath]) -> dict[int, list[TwoPath]]:
    found: dict[int, list[TwoPath]] = defaultdict(list)
    for path in paths:
        found[path.through].append(path)
    return found


def _latest_before(columns: _Lists, came: Sequence[int], start: int) -> int | None:
    """The latest of `came` (in order) that had certainly ended by `start`."""
    return next((entry for entry in reversed(came) if columns.end[entry] <= start), None)


class _Lists:
    """The columns of sendings as lists, which a loop reads faster."""

    def __init__(self, sent: Sendings) -> None:
        self.row, self.thread = sent.row.tolist(), sent.thread.tolist()
        self.sender, self.recipient = sent.sender.tolist(), sent.recipient.tolist()
        self.start, self.end = sent.start.tolist(), sent.end.tolist()
        self._parties = sent.sender_party.tolist(), sent.recipient_party.tolist()

    def path(self, came: int, went: int) -> TwoPath:
        """The two-path of two entries."""
        senders, recipients = self._parties
        return TwoPath(
            source=self.sender[came],
            through=self.sender[went],
            target=self.recipient[went],
            parties=(senders[came], senders[went], recipients[went]),
            came=self.row[came],
            went=self.row[went],
        )
