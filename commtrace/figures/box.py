"""The box as a tree: folder, file, container, item, each with its state and a sum that adds up.

Built once from the ledger. Draws nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from commtrace.model import (
    Contained,
    Counts,
    Declared,
    File,
    Problem,
    ProblemKind,
    Source,
    Status,
    digest,
)

Place = tuple[str, tuple[str, ...]]


class State(StrEnum):
    """What became of a thing, as a reader is told it: the ledger's states, and encryption."""

    READ = "read"
    PARTLY = "partly"
    DUPLICATE = "duplicate"
    UNSUPPORTED = "unsupported"
    ENCRYPTED = "encrypted"
    FAILED = "failed"
    EXCLUDED = "excluded"


WORD = {
    State.READ: "Read",
    State.PARTLY: "Read in part",
    State.DUPLICATE: "Duplicate",
    State.UNSUPPORTED: "Not supported",
    State.ENCRYPTED: "Encrypted",
    State.FAILED: "Not readable",
    State.EXCLUDED: "Excluded",
}
_MANY = {State.DUPLICATE: "duplicates"}
LOCKED = {ProblemKind.ENCRYPTED, ProblemKind.PASSWORD_NEEDED, ProblemKind.RIGHTS_PROTECTED}
_NOTHING = Counts()


@dataclass(slots=True, kw_only=True)
class Node:
    """A folder, a file, or something in a file. `below` counts what lies directly in it.

    Of a folder `below` counts every file in it, at any depth, and `state` is None.
    """

    key: str
    name: str
    parent: str | None
    state: State | None = None
    reason: str = ""
    size: int | None = None
    sha256: str | None = None
    reader: str | None = None
    media_type: str = ""
    source: Source | None = None
    file: File | None = None
    declared: tuple[Declared, ...] = ()
    below: Counter[State] = field(default_factory=Counter)
    children: list[str] = field(default_factory=list)

    @property
    def folder(self) -> bool:
        """Whether it is a folder of files and has no bytes of its own."""
        return self.state is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Every node by key, and the keys at the top."""

    nodes: Mapping[str, Node]
    roots: tuple[str, ...]


def box(files: Sequence[File], contained: Iterable[Contained], problems: Iterable[Problem]) -> Box:
    """The tree of a ledger; a thing inside hangs below the first file with its content."""
    locked = {(p.source.sha256, p.source.part) for p in problems if p.kind in LOCKED}
    within: dict[str, list[Contained]] = defaultdict(list)
    for one in contained:
        within[one.source.sha256].append(one)
    nodes: dict[str, Node] = {}
    roots: list[str] = []
    for file in sorted(files, key=lambda f: (f.path, f.sha256 or "")):
        node = _file(file, locked)
        node.parent = _folders(nodes, roots, file, node)
        (roots if node.parent is None else nodes[node.parent].children).append(node.key)
        nodes[node.key] = node
        if file.status is not Status.DUPLICATE and file.sha256:
            _hang(nodes, node, within.pop(file.sha256, []), locked)
    return Box(nodes=nodes, roots=tuple(_compressed(nodes, roots)))


def _file(file: File, locked: Collection[Place]) -> Node:
    sha256 = file.sha256 or ""
    return Node(
        key=digest("file", sha256, file.path),
        name=file.path.rstrip("/").rpartition("/")[2] or file.path,
        parent=None,
        state=_state(file.status, (sha256, ()) in locked),
        reason=file.reason,
        size=file.size,
        sha256=file.sha256,
        reader=file.reader,
        source=Source(sha256=sha256, path=file.path) if sha256 else None,
        file=file,
    )


def _state(status: Status, locked: bool) -> State:
    whole = {Status.READ, Status.DUPLICATE, Status.EXCLUDED}
    return State.ENCRYPTED if locked and status not in whole else State(status.value)


def _folders(nodes: dict[str, Node], roots: list[str], file: File, node: Node) -> str | None:
    """The folder that a file lies in, made with all above it; each counts the file."""
    parts = file.path.split("/")[:-1]
    parent: str | None = None
    for depth, name in enumerate(parts, 1):
        if not name:
            continue
        key = digest("folder", *parts[:depth])
        if key not in nodes:
            said = f"/{name}" if depth == 2 and not parts[0] else name
            nodes[key] = Node(key=key, name=said, parent=parent)
            (roots if parent is None else nodes[parent].children).append(key)
        if node.state is not None:
            nodes[key].below[node.state] += 1
        parent = key
    return parent


def _hang(
    nodes: dict[str, Node], file: Node, inside: list[Contained], locked: Collection[Place]
) -> None:
    """What lay in a file, each below the nearest container that has a row of its own."""
    at: dict[tuple[str, ...], Node] = {(): file}
    for one in sorted(inside, key=lambda c: (len(c.source.part), _natural(c.source.part))):
        part = one.source.part
        if not part:
            _complete(file, one)
            continue
        above = next(at[part[:n]] for n in range(len(part) - 1, -1, -1) if part[:n] in at)
        node = _item(one, file, above, locked)
        at[part] = nodes[node.key] = node
        above.children.append(node.key)
    for node in at.values():
        _part_locked(nodes, node)


def _complete(file: Node, row: Contained) -> None:
    file.below, file.declared = _counted(row.inside), row.declared
    file.media_type = row.media_type
    file.reader = file.reader or row.reader


def _item(one: Contained, file: Node, above: Node, locked: Collection[Place]) -> Node:
    part = one.source.part
    place = " › ".join(part[len(above.source.part) if above.source else 0 :])
    return Node(
        key=digest("inside", file.key, *part),
        name=place if not one.name or place.endswith(one.name) else f"{place}: {one.name}",
        parent=above.key,
        state=_state(one.status, (one.source.sha256, part) in locked),
        reason=one.reason,
        size=one.size,
        sha256=one.sha256,
        reader=one.reader,
        media_type=one.media_type,
        source=one.source,
        file=file.file,
        declared=one.declared,
        below=_counted(one.inside),
    )


def _counted(counts: Counts) -> Counter[State]:
    if counts == _NOTHING:
        return Counter()
    return Counter({State(s.value): n for s in Status if (n := getattr(counts, s.value))})


def _part_locked(nodes: Mapping[str, Node], node: Node) -> None:
    """Say of what is encrypted that it is, where the ledger counts it among another state."""
    for key in node.children:
        child = nodes[key]
        if child.state is not State.ENCRYPTED:
            continue
        under = (State.FAILED, State.UNSUPPORTED, State.PARTLY)
        state = next((s for s in under if node.below[s]), None)
        if state is not None:
            node.below[state] -= 1
            node.below[State.ENCRYPTED] += 1


def _natural(part: Sequence[str]) -> tuple[tuple[tuple[bool, int, str], ...], ...]:
    """Parts in the order a reader counts: "message 9" before "message 10"."""
    return tuple(
        tuple((word.isdecimal(), int(word) if word.isdecimal() else 0, word) for word in p.split())
        for p in part
    )


def _compressed(nodes: dict[str, Node], keys: list[str]) -> list[str]:
    """A folder that holds one folder and nothing else is one line with it."""
    made = []
    for key in keys:
        node = nodes[key]
        if not node.folder:
            made.append(key)
            continue
        while len(node.children) == 1 and nodes[node.children[0]].folder:
            only = nodes.pop(node.children[0])
            node.name, node.children = f"{node.name}/{only.name}", only.children
        for child in node.children:
            nodes[child].parent = node.key
        node.children = _compressed(nodes, node.children)
        made.append(key)
    return made


def totals(tree: Box) -> Counter[State]:
    """What became of every line of the tree: files, and what lay in them where that has a state."""
    return Counter(node.state for node in tree.nodes.values() if node.state is not None)


def equation(counts: Mapping[State, int], noun: str) -> str:
    """A sum in words: "12 found = 11 read + 1 encrypted"; "" where nothing was found."""
    total = sum(counts.values())
    if not total:
        return ""
    terms = [f"{counts[s]:,} {word(s, counts[s])}" for s in State if counts.get(s)]
    return f"{total:,} {noun} = {' + '.join(terms)}"


def word(state: State, number: int) -> str:
    """A state as it stands behind a number: "14 duplicates", "1 not readable"."""
    return _MANY.get(state, WORD[state].lower()) if number != 1 else WORD[state].lower()


def inside(node: Node) -> str:
    """The sum of what lies directly in a node, in words."""
    number = sum(node.below.values())
    if node.folder:
        return equation(node.below, "file" if number == 1 else "files")
    return equation(node.below, "found")


def _noun(said: Declared) -> str:
    """What is declared, in the singular for one: "1 attachment"."""
    return said.what.removesuffix("s") if said.number == 1 else said.what


def declaration(node: Node) -> list[str]:
    """What a container says of itself beside what was found in it, a sentence each."""
    found = sum(node.below.values())
    return [
        (
            f"{said.by} counts {said.number:,} {_noun(said)}"
            if said.by
            else f"It says that it holds {said.number:,} {_noun(said)}"
        )
        + (
            f"; {found:,} things were found in it."
            if found != said.number
            else "; that many were found."
        )
        for said in node.declared
    ]


def size(number: int | None) -> str:
    """A size in bytes, kilobytes or megabytes; "" where a thing has no bytes of its own."""
    if number is None:
        return ""
    if number < 1000:
        return f"{number} B"
    return f"{number / 1000:.0f} kB" if number < 1_000_000 else f"{number / 1_000_000:.1f} MB"
