"""Reads one file inside a worker: chooses the parser, follows what lies inside, keeps within caps.

What is found is held in memory while small and spooled to a file where it is not. Here is one of
the two places that catch every exception: a parser that raises becomes a Problem with the
exception's type and nothing of its message, which may quote the evidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import file_digest, sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from commtrace import plugins
from commtrace.evidence import parcel
from commtrace.evidence.copy import blob_path
from commtrace.evidence.formats import is_decoration, what_it_is
from commtrace.evidence.values import MIB, Caps, Result, Tally, Task
from commtrace.model import Embedded, Problem, ProblemKind, Record, Source
from commtrace.plugins import HEAD_BYTES, Item, Parser

SLIGHT = frozenset({ProblemKind.DOUBTFUL, ProblemKind.NAME_UNDECODABLE})
_BUFFER = 256 * 1024
_HELD = 4 * MIB  # how much of what was found is in memory before it is spooled


def read_file(task: Task) -> Result:
    """Read one file to its end, whatever is in it."""
    work = _Reading(task)
    try:
        work.read(_top(task), depth=0, above=(task.sha256,))
    finally:
        work.close()
    return Result(
        task=task, tally=work.tally(), found=parcel.packed(work.entries), spooled=work.spooled
    )


def _top(task: Task) -> Item:
    source = Source(sha256=task.sha256, path=task.path)
    with task.blob.open("rb") as stream:
        head = stream.read(HEAD_BYTES)

    def opened() -> BinaryIO:
        return task.blob.open("rb", buffering=_BUFFER)

    name = task.path.rpartition("/")[2]
    return Item(source=source, name=name, size=task.size, head=head, open=opened)


def _inner(found: Embedded) -> Item:
    data = found.data
    return Item(
        source=found.source,
        name=found.name,
        size=len(data),
        head=data[:HEAD_BYTES],
        open=lambda: BytesIO(data),
    )


@dataclass
class _Reading:
    """The state of one file's reading: what came out, and how much of each cap is used."""

    task: Task
    entries: list[parcel.Entry] = field(default_factory=list)
    reader: str | None = None
    records: int = 0
    embedded: int = 0
    problems: int = 0
    grave: int = 0
    held: int = 0
    unfolded: int = 0
    stopped: bool = False
    owners: Counter[str] = field(default_factory=Counter)
    spool: BinaryIO | None = None
    siblings: tuple[tuple[str, ...], int] = ((), 0)

    @property
    def spooled(self) -> bool:
        return self.spool is not None

    def tally(self) -> Tally:
        owner = min(self.owners, key=lambda name: (-self.owners[name], name), default=None)
        return Tally(
            reader=self.reader,
            records=self.records,
            embedded=self.embedded,
            problems=self.problems,
            grave=self.grave,
            owner=owner,
        )

    def close(self) -> None:
        if self.spool is not None:
            self._spill()
            self.spool.close()

    def read(self, item: Item, *, depth: int, above: tuple[str, ...]) -> None:
        """Read one item and what lies inside it."""
        before = self.records, self.embedded, self.problems
        try:
            chosen = self._chosen(item)
            if chosen is None:
                return
            if depth == 0:
                self.reader = chosen.name
            self._follow(chosen, item, depth, above)
        except MemoryError:
            self.problem(item.source, ProblemKind.OUT_OF_MEMORY, "The file needs too much memory.")
        except (Exception, SystemExit) as error:  # noqa: BLE001 - one hostile file must not stop the rest
            what = f"The file could not be read to its end ({type(error).__name__})."
            self.problem(item.source, ProblemKind.PARSER_CRASH, what)
        if (self.records, self.embedded, self.problems) == before:
            self.problem(item.source, ProblemKind.NO_TEXT, "Nothing was found inside.")

    def _chosen(self, item: Item) -> Parser | None:
        """The parser for an item; where there is none, the reason has been noted."""
        if item.size == 0:
            self.problem(item.source, ProblemKind.EMPTY, "It holds no bytes.")
            return None
        chosen = plugins.choose(item)
        if len(chosen) == 1:
            self._doubt_name(chosen[0], item)
            return chosen[0]
        if chosen:
            names = " and ".join(sorted(one.name for one in chosen))
            what = f"It could be {names}; give it the suffix of what it is and ingest it again."
            self.problem(item.source, ProblemKind.AMBIGUOUS, what)
        else:
            what = f"Not read in this version: {what_it_is(item)}."
            self.problem(item.source, ProblemKind.UNSUPPORTED_TYPE, what)
        return None

    def _doubt_name(self, chosen: Parser, item: Item) -> None:
        if not item.suffix or item.suffix in chosen.suffixes:
            return
        if any(item.suffix in other.suffixes for other in plugins.parsers()):
            what = f"The name ends in {item.suffix}, the content is {chosen.name}; read as such."
            self.problem(item.source, ProblemKind.DOUBTFUL, what)

    def _follow(self, chosen: Parser, item: Item, depth: int, above: tuple[str, ...]) -> None:
        for found in chosen.read(item):
            if isinstance(found, Record):
                self.record(found)
            elif isinstance(found, Problem):
                self._emit_problem(found)
            elif isinstance(found, Embedded):
                self.embedded += 1
                self._enter(found, depth + 1, above)
            if self.stopped:
                return

    def record(self, found: Record) -> None:
        self.records += 1
        if found.delivered_to and len(self.owners) < 100_000:
            self.owners.update({name.strip().casefold() for name in found.delivered_to})
        self._emit([parcel.RECORD, self.task.encode(found)], 1000 + len(found.text))

    def problem(self, source: Source, kind: ProblemKind, what: str) -> None:
        self._emit_problem(Problem(source=source, reader=self.reader or "", kind=kind, what=what))

    def _emit_problem(self, found: Problem) -> None:
        self.problems += 1
        self.grave += found.kind not in SLIGHT
        part, kind = list(found.source.part), found.kind.value
        self._emit([parcel.PROBLEM, part, found.reader, kind, found.what], 500)

    def _emit(self, entry: parcel.Entry, size: int) -> None:
        self.entries.append(entry)
        self.held += size
        if self.held > _HELD or len(self.entries) >= parcel.MOST_IN_FRAME:
            self._spill()

    def _spill(self) -> None:
        """Move what was found to the spool, so that memory never holds a mailbox."""
        if self.spool is None:
            self.spool = self.task.spool.open("wb")
        parcel.write(self.spool, self.entries)
        self.entries.clear()
        self.held = 0

    def _enter(self, found: Embedded, depth: int, above: tuple[str, ...]) -> None:
        """Sniff and read something that lies inside, as far as the caps allow."""
        if not self._within(found, depth, self.task.caps):
            return
        item = _inner(found)
        if not plugins.choose(item) and is_decoration(found.media_type, item):
            return
        key = sha256(found.data).hexdigest()
        if key in above:
            self.problem(found.source, ProblemKind.LOOP, "It contains itself and is read once.")
            return
        self.read(item, depth=depth, above=(*above, key))

    def _within(self, found: Embedded, depth: int, caps: Caps) -> bool:
        self.unfolded += len(found.data)
        parent = found.source.part[:-1]
        self.siblings = (parent, self.siblings[1] + 1 if self.siblings[0] == parent else 1)
        if depth > caps.depth:
            what = f"It lies more than {caps.depth} containers deep; take it out and supply it."
            self.problem(found.source, ProblemKind.LIMIT_DEPTH, what)
        elif self.siblings[1] > caps.count:
            self._stop(found, ProblemKind.LIMIT_COUNT, f"More than {caps.count:,} things in one.")
        elif self.unfolded > caps.embedded_bytes:
            self._stop(found, ProblemKind.LIMIT_SIZE, "It unfolds to more than is read of a file.")
        elif self.unfolded > max(caps.ratio_from, caps.ratio * self.task.size):
            what = f"It unfolds to more than {caps.ratio} times its size."
            self._stop(found, ProblemKind.LIMIT_RATIO, what)
        else:
            return True
        return False

    def _stop(self, found: Embedded, kind: ProblemKind, what: str) -> None:
        self.problem(found.source, kind, f"{what} Reading stopped here; supply its parts singly.")
        self.stopped = True


def embedded_bytes(evidence: Path, source: Source) -> bytes:
    """The bytes at a place in the evidence folder, found by reading the kept copy again.

    Raises LookupError if the copy is not there or nothing embedded lies at that place.
    """
    blob = blob_path(evidence, source.sha256)
    if not blob.is_file():
        raise LookupError("The kept copy of this file is not in the case.")
    if not source.part:
        return whole_bytes(blob)
    with blob.open("rb") as stream:
        _unaltered(blob, file_digest(stream, "sha256").hexdigest())
    whole = Task(path=source.path, sha256=source.sha256, size=blob.stat().st_size, blob=blob,
                 spool=blob, encode=lambda _: [])  # fmt: skip
    for found in _embedded(_top(whole), source.part, 0):
        if found.source.part == source.part:
            return found.data
    raise LookupError("No bytes of their own lie at this place; the whole file holds it.")


def whole_bytes(blob: Path) -> bytes:
    """The bytes of a kept copy; raises LookupError if they are not those that were taken in."""
    data = blob.read_bytes()
    _unaltered(blob, sha256(data).hexdigest())
    return data


def _unaltered(blob: Path, digest: str) -> None:
    if blob.name != digest:
        raise LookupError("The kept copy was altered since it was taken in; supply the file again.")


def _embedded(item: Item, part: tuple[str, ...], depth: int) -> Iterator[Embedded]:
    """Everything embedded on the way to `part`."""
    for chosen in plugins.choose(item)[:1] if depth <= Caps().depth else ():
        for found in chosen.read(item):
            if isinstance(found, Embedded):
                yield found
                place = found.source.part
                if place == part[: len(place)] and place != part:
                    inside = replace(_inner(found), source=found.source)
                    yield from _embedded(inside, part, depth + 1)
