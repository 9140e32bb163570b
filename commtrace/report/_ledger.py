"""The evidence ledger as papers print it: files, what lay inside them, and what was not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from commtrace.model import Contained, File, Problem, Status
from commtrace.report import _words as words
from commtrace.report._case import Ledger

LISTED = (
    "Every file with its SHA-256 is listed in the workbook, sheet Ledger; what lay inside files, "
    "where it has a place in the ledger of its own, in the sheet Inside."
)
_NAMED = 3  # files named of those that share a reason


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file of the ledger as a paper prints it."""

    path: str
    status: str
    reason: str
    sha256: str
    size: int
    reader: str
    communications: int
    embedded: int
    problems: int
    custodian: str
    supplied_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadRow:
    """Files that share a state and a reason: how many, and the first of them by name."""

    status: str
    reason: str
    files: int
    named: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InsideRow:
    """A container, or something inside one, as a paper prints it."""

    path: str
    place: str
    name: str
    status: str
    reason: str
    reader: str
    found: int
    states: tuple[int, ...]
    declared: str
    size: int | str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRow:
    """Something not read, or read with a doubt."""

    path: str
    place: str
    kind: str
    what: str


def not_read(files: Iterable[FileRow]) -> tuple[FileRow, ...]:
    """Files that were not read whole."""
    well = {words.STATUS[Status.READ], words.STATUS[Status.DUPLICATE]}
    return tuple(file for file in files if file.status not in well)


def unread(files: Iterable[FileRow]) -> tuple[UnreadRow, ...]:
    """Files not read whole, by state and reason, the most first."""
    groups: dict[tuple[str, str], list[str]] = {}
    for file in files:
        groups.setdefault((file.status, file.reason), []).append(file.path)
    rows = []
    for (status, reason), paths in groups.items():
        more = f" and {len(paths) - _NAMED:,} more" if len(paths) > _NAMED else ""
        named = ", ".join(paths[:_NAMED]) + more
        rows.append(UnreadRow(status=status, reason=reason, files=len(paths), named=named))
    return tuple(sorted(rows, key=lambda row: (-row.files, row.status, row.reason)))


def levels(below: Iterable[Contained]) -> tuple[tuple[str, ...], ...]:
    """What lay in containers, by the kind of container: how many, found, and by state."""
    boxes: Counter[str] = Counter()
    sums: dict[str, Counter[Status]] = {}
    for one in below:
        if not one.inside.found:
            continue
        kind = one.reader or "folder"
        boxes[kind] += 1
        inside = sums.setdefault(kind, Counter())
        for status in Status:
            inside[status] += getattr(one.inside, status.value)
    rows = [_level(kind, boxes[kind], sums[kind]) for kind in sorted(boxes)]
    if len(rows) > 1:
        rows.append(_level("All", boxes.total(), sum(sums.values(), Counter())))
    return tuple(rows)


def _level(kind: str, boxes: int, inside: Counter[Status]) -> tuple[str, ...]:
    numbers = (boxes, inside.total(), *(inside[status] for status in Status))
    return (kind, *(f"{number:,}" for number in numbers))


def inside_row(one: Contained) -> InsideRow:
    """A row of the ledger below the file, its words made safe."""
    declared = (f"{d.number:,} {d.what}" + (f" by {d.by}" if d.by else "") for d in one.declared)
    return InsideRow(
        path=words.line(one.source.path),
        place=words.place(one.source.part),
        name=words.line(one.name),
        status=words.INSIDE[one.status],
        reason=words.line(one.reason),
        reader=one.reader or "",
        found=one.inside.found,
        states=tuple(getattr(one.inside, status.value) for status in Status),
        declared=words.line("; ".join(declared)),
        size="" if one.size is None else one.size,
        sha256=one.sha256 or "no bytes of its own",
    )


def inside_unread(below: Iterable[Contained]) -> tuple[InsideRow, ...]:
    """What lay inside something and was not read whole, and holds nothing that says so itself."""
    well = {Status.READ, Status.DUPLICATE, Status.EXCLUDED}
    return tuple(
        inside_row(one)
        for one in below
        if one.source.part and one.status not in well and not one.inside.found
    )


def ledger(ledger: Ledger) -> tuple[tuple[str, str], ...]:
    """How many files ended in each state, and how many there are."""
    rows = (
        (words.STATUS[Status.READ], ledger.read),
        (words.STATUS[Status.PARTLY], ledger.partly),
        (words.STATUS[Status.DUPLICATE], ledger.duplicate),
        (words.STATUS[Status.UNSUPPORTED], ledger.unsupported),
        (words.STATUS[Status.FAILED], ledger.failed),
        (words.STATUS[Status.EXCLUDED], ledger.excluded),
        ("Files received", ledger.files),
    )
    return tuple((label, f"{number:,}") for label, number in rows)


def ledger_sentence(ledger: Ledger) -> str:
    """Whether the ledger adds up, and what lay in the files."""
    inside = (
        f"They hold {words.count(ledger.communications, 'communication')}, each counted once "
        f"however many copies there are, and {words.count(ledger.embedded, 'item')} that lay "
        "inside another."
    )
    if ledger.balanced:
        level = "Every file received, and every thing found inside one, is in exactly one state."
        return f"{level} {inside}"
    return f"The ledger does not balance; treat every figure of this paper with care. {inside}"


def file_row(file: File) -> FileRow:
    """A file of the ledger, its words made safe."""
    return FileRow(
        path=words.line(file.path),
        status=words.STATUS[file.status],
        reason=words.line(file.reason),
        sha256=file.sha256 or "no bytes could be had",
        size=file.size,
        reader=file.reader or "",
        communications=file.communications,
        embedded=file.embedded,
        problems=file.problems,
        custodian=words.line(file.custodian or ""),
        supplied_by=words.line(file.supplied_by or ""),
    )


def kinds(problems: Iterable[Problem]) -> tuple[tuple[str, str], ...]:
    """How many problems of each kind there are."""
    counts = Counter(one.kind for one in problems)
    return tuple((kind.value.replace("_", " "), f"{counts[kind]:,}") for kind in sorted(counts))


def problem_row(one: Problem) -> ProblemRow:
    """A problem, its words made safe."""
    return ProblemRow(
        path=words.line(one.source.path),
        place=words.place(one.source.part),
        kind=one.kind.value.replace("_", " "),
        what=words.line(one.what),
    )
