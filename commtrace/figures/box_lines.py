"""The lines of a box that are visible: what is open, what passes a filter, a part of many children.

Only what is open is walked, so that a step costs the same in a box of a hundred thousand items.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from commtrace.figures.box import Box, Node, State

CHILDREN, LINES = 100, 500  # shown of one node before more is asked for; shown in all


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One visible line: a node with its place among its siblings, or how many more there are."""

    node: Node | None
    key: str
    level: int
    place: int
    siblings: int
    open: bool | None = None
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Filtered:
    """The nodes that pass a filter, and all that lie above one of them."""

    found: frozenset[str]
    above: frozenset[str]


def filtered(tree: Box, states: Collection[State], words: str) -> Filtered:
    """What is in one of `states` (any, if none is named) and holds all words in name or reason."""
    wanted = words.casefold().split()
    found, above = set(), set()
    for key, node in tree.nodes.items():
        if node.folder or (states and node.state not in states):
            continue
        if wanted and not _says(node, wanted):
            continue
        found.add(key)
        parent = node.parent
        while parent is not None and parent not in above:
            above.add(parent)
            parent = tree.nodes[parent].parent
    return Filtered(found=frozenset(found), above=frozenset(above))


def _says(node: Node, wanted: Sequence[str]) -> bool:
    path = node.file.path if node.file and not (node.source and node.source.part) else node.name
    text = f"{path}\n{node.reason}\n{node.reader}\n{node.sha256}".casefold()
    return all(word in text for word in wanted)


def lines(
    tree: Box,
    *,
    toggled: Collection[str] = (),
    more: Mapping[str, int] | None = None,
    passing: Filtered | None = None,
) -> list[Line]:
    """The visible lines from the top down. `toggled` are opened, or under a filter closed."""
    made: list[Line] = []
    for line in _walk(tree, "", tree.roots, 1, _Walk(set(toggled), more or {}, passing)):
        if len(made) == LINES:
            return [*made, Line(node=None, key="", level=1, place=1, siblings=1, more=-1)]
        made.append(line)
    return made


@dataclass(frozen=True, slots=True)
class _Walk:
    toggled: Collection[str]
    more: Mapping[str, int]
    passing: Filtered | None


def _walk(tree: Box, above: str, keys: Sequence[str], level: int, how: _Walk) -> Iterator[Line]:
    passing = how.passing
    if passing is not None:
        keys = [k for k in keys if k in passing.found or k in passing.above]
    most = how.more.get(above, CHILDREN)
    for place, key in enumerate(keys[:most], 1):
        node = tree.nodes[key]
        alone = level == 1 and len(keys) == 1  # a box with one thing at the top is open there
        opened = (alone if passing is None else key in passing.above) is not (key in how.toggled)
        opened = opened and bool(node.children)
        yield Line(
            node=node, key=key, level=level, place=place, siblings=len(keys),
            open=opened if node.children else None,
        )  # fmt: skip
        if opened:
            yield from _walk(tree, key, node.children, level + 1, how)
    if len(keys) > most:
        yield Line(
            node=None, key=above, level=level, place=most + 1, siblings=len(keys),
            more=len(keys) - most,
        )  # fmt: skip
