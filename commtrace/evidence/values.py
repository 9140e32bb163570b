"""What passes between the walk, the copy, the workers and the ledger. Values only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commtrace.model import ProblemKind, Record, RulingKind, Status

Row = list[Any]
Encode = Callable[[Record], Row]
MIB = 1 << 20
SLIGHT = frozenset({ProblemKind.DOUBTFUL, ProblemKind.NAME_UNDECODABLE})
Told = tuple[tuple[str, ...], RulingKind, str]  # the place within the file, and what was decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a file goes no further: its state, the kind of problem if it is one, and a sentence."""

    status: Status
    kind: ProblemKind | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One input file as the walk found it.

    `path` is what the ledger prints: relative to the folder or file given, POSIX, always printable.
    `doubt` says what about the name could not be kept; `refusal` is set where it is not to be read.
    """

    path: str
    where: Path
    size: int
    doubt: str | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """How deep, how many and how much one file may unfold to."""

    depth: int = 20
    count: int = 100_000
    embedded_bytes: int = 4 << 30
    ratio: int = 100
    ratio_from: int = 50 * MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One file to be read: its copy in the case, and where a large result may be spooled.

    `told` is what people decided on how places in it are read; `reading` counts the readings of
    this content, from 1.
    """

    path: str
    sha256: str
    size: int
    blob: Path
    spool: Path
    encode: Encode
    caps: Caps = field(default=Caps())
    told: tuple[Told, ...] = ()
    reading: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    """The label of something with bytes of its own inside a file, without the bytes.

    `excluded` is a sentence where it is of no interest, such as a picture in a signature.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    reader: str | None = None
    excluded: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a worker found in one file: the sums that the parent checks against what it stored."""

    reader: str | None = None
    records: int = 0
    embedded: int = 0
    problems: int = 0
    grave: int = 0
    owner: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How the reading of one file ended.

    `found` is what was found, packed by `parcel`, unless it was so much that it lies in the
    task's spool file. `failure` is set where the worker did not come back; then the spool holds
    what it had handed over before.
    """

    task: Task
    tally: Tally = field(default=Tally())
    found: bytes = b""
    spooled: bool = False
    failure: tuple[ProblemKind, str] | None = None


Read = Callable[[Iterable[Task]], Iterator[Result]]
