"""Reads one file inside a worker: chooses the parser, follows what lies inside, keeps within caps.

What is found is held in memory while small and spooled to a file where it is not. Here is one of
the two places that catch every exception: a parser that raises becomes a Problem with the
exception's type and nothing of its message, which may quote the evidence.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO

from commtrace import plugins
from commtrace.evidence import parcel
from commtrace.evidence.formats import decoration, handed_on, of_the_system, what_it_is
from commtrace.evidence.values import MIB, SLIGHT, Caps, Result, Tally, Task
from commtrace.model import (
    Declared,
    Embedded,
    Found,
    Problem,
    ProblemKind,
    Proposal,
    Record,
    RulingKind,
    Source,
)
from commtrace.plugins import HEAD_BYTES, Item, Parser

_BUFFER = 256 * 1024
_OF_ITS_SIZE = 10  # a file may unfold to so many times its size, be it ever so large
_HELD = 4 * MIB  # how much of what was found is in memory before it is spooled


def read_file(task: Task) -> Result:
    """Read one file to its end, whatever is in it."""
    work = _Reading(task)
    try:
        item = top_item(task)
        work.read(item, plugins.choose(item), depth=0, above=(task.sha256,))
    finally:
        work.close()
    return Result(
        task=task, tally=work.tally(), found=parcel.packed(work.entries), spooled=work.spooled
    )


def top_item(task: Task) -> Item:
    """The file of a task as a parser is given it."""
    source = Source(sha256=task.sha256, path=task.path)
    with task.blob.open("rb") as stream:
        head = stream.read(HEAD_BYTES)

    def opened() -> BinaryIO:
        return task.blob.open("rb", buffering=_BUFFER)

    name = task.path.rpartition("/")[2]
    return Item(
        source=source, name=name, size=task.size, head=head, open=opened, told=_told(task, source)
    )


def _told(task: Task, source: Source) -> dict[RulingKind, str]:
    """What was decided on how a place is read."""
    said = {kind: value for part, kind, value in task.told if part == source.part}
    sheets = [
        value
        for part, kind, value in task.told
        if kind is RulingKind.TABLE
        and part
        and part[:-1] == source.part
        and part[-1].startswith("sheet ")
    ]
    if sheets:  # a workbook is told all that was decided on its sheets
        own = [said[RulingKind.TABLE]] if RulingKind.TABLE in said else []
        said[RulingKind.TABLE] = f"[{', '.join([*own, *sheets])}]"
    return said


def inner_item(found: Embedded, task: Task) -> Item:
    """Something that lies inside as a parser is given it."""
    data = found.data
    return Item(
        source=found.source,
        name=found.name,
        size=len(data),
        head=data[:HEAD_BYTES],
        open=lambda: BytesIO(data),
        told=_told(task, found.source),
    )


def within_item(found: Found, item: Item) -> Found:
    """What was found, its place beneath that of the item it was found in."""
    base, part = item.source.part, found.source.part
    if part[: len(base)] == base:
        return found
    return replace(found, source=replace(found.source, part=(*base, *part)))


def _plain(part: tuple[str, ...]) -> list[str]:
    """A place in characters that can be stored, as the store itself writes it."""
    return [piece.encode("utf-8", "replace").decode() for piece in part]


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

    def read(
        self, item: Item, claims: tuple[Parser, ...], *, depth: int, above: tuple[str, ...]
    ) -> None:
        """Read one item, which these formats claim, and what lies inside it."""
        before = self.records, self.embedded, self.problems
        try:
            chosen = self._chosen(item, claims)
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

    def _chosen(self, item: Item, chosen: tuple[Parser, ...]) -> Parser | None:
        """The parser for an item; where there is none, the reason has been noted."""
        if item.size == 0:
            self.problem(item.source, ProblemKind.EMPTY, "It holds no bytes.")
            return None
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
        for one in chosen.read(item):
            found = within_item(one, item)
            if isinstance(found, Record):
                self.record(found)
            elif isinstance(found, Problem):
                self._emit_problem(found)
            elif isinstance(found, Embedded):
                self._enter(found, depth + 1, above)
            else:
                self._said(found)
            if self.stopped:
                return

    def record(self, found: Record) -> None:
        self.records += 1
        if found.delivered_to and len(self.owners) < 100_000:
            self.owners.update({name.strip().casefold() for name in found.delivered_to})
        row = self.task.encode(found)
        entry = [parcel.RECORD, row, found.reader, handed_on(found)]
        self._emit(entry, 1000 + len(found.text))

    def problem(self, source: Source, kind: ProblemKind, what: str) -> None:
        self._emit_problem(Problem(source=source, reader=self.reader or "", kind=kind, what=what))

    def _emit_problem(self, found: Problem) -> None:
        self.problems += 1
        self.grave += found.kind not in SLIGHT
        part, kind = _plain(found.source.part), found.kind.value
        self._emit([parcel.PROBLEM, part, found.reader, kind, found.what], 500)

    def _said(self, found: Declared | Proposal) -> None:
        """Keep what a container declares, or how a parser would read a place."""
        part = _plain(found.source.part)
        if isinstance(found, Declared):
            self._emit([parcel.DECLARED, part, found.what, found.number, found.by], 200)
        else:
            kind, value = found.kind.value, found.value
            entry = [parcel.PROPOSAL, part, found.reader, kind, value, found.why, found.applied]
            self._emit(entry, 500 + len(value))

    def _list(self, found: Embedded, digest: str, reader: str | None, excluded: str | None) -> None:
        """Put something that lies inside on the list of what the file holds."""
        self.embedded += 1
        label = [found.name, found.media_type, len(found.data), digest, reader, excluded]
        self._emit([parcel.INNER, _plain(found.source.part), *label], 500)

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
        """List, sniff and read something that lies inside, as far as the caps allow."""
        item = inner_item(found, self.task)
        chosen = plugins.choose(item)
        excluded = of_the_system(item)
        if excluded is None and not chosen:
            excluded = decoration(found.media_type, item)
        digest = sha256(found.data).hexdigest()
        reader = chosen[0].name if len(chosen) == 1 else None
        self._list(found, digest, reader, excluded)
        if not self._within(found, depth, self.task.caps) or excluded is not None:
            return
        if digest in above:
            self.problem(found.source, ProblemKind.LOOP, "It contains itself and is read once.")
            return
        self.read(item, chosen, depth=depth, above=(*above, digest))

    def _within(self, found: Embedded, depth: int, caps: Caps) -> bool:
        self.unfolded += len(found.data)
        parent = found.source.part[:-1]
        self.siblings = (parent, self.siblings[1] + 1 if self.siblings[0] == parent else 1)
        if depth > caps.depth:
            what = f"It lies more than {caps.depth} containers deep; take it out and supply it."
            self.problem(found.source, ProblemKind.LIMIT_DEPTH, what)
        elif self.siblings[1] > caps.count:
            self._stop(found, ProblemKind.LIMIT_COUNT, f"More than {caps.count:,} things in one.")
        elif self.unfolded > max(caps.embedded_bytes, _OF_ITS_SIZE * self.task.size):
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
