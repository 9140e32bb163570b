"""The chain of what was done to a case in words, and what was supplied by whom. Draws nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commtrace.entries import READER
from commtrace.figures.words import shorten
from commtrace.model import AuditRow, File

ENTERED = "entered by hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What one supplier gave of one custodian's material: files, and their size in bytes."""

    supplier: str
    custodian: str
    files: int
    size: int


def supplies(files: Iterable[File]) -> tuple[Supply, ...]:
    """Who supplied what, by supplier and custodian."""
    count: Counter[tuple[str, str]] = Counter()
    size: Counter[tuple[str, str]] = Counter()
    for file in files:
        who = ENTERED if file.reader == READER else file.supplied_by or ""
        key = (who, file.custodian or "")
        count[key] += 1
        size[key] += file.size
    return tuple(
        Supply(supplier=key[0], custodian=key[1], files=count[key], size=size[key])
        for key in sorted(count)
    )


def kept(files: Iterable[File]) -> tuple[int, int]:
    """How many different copies are kept, and their bytes: equal content is kept once."""
    sizes = {f.sha256: f.size for f in files if f.sha256}
    return len(sizes), sum(sizes.values())


_FOR_MACHINES = frozenset({"index", "rows", "version", "fingerprint", "value"})


_COUNTED = {  # counts of an ingest, in the words of the ledger
    "files": "files",
    "new": "new",
    "read": "read",
    "partly": "read in part",
    "duplicate": "duplicates",
    "unsupported": "not supported",
    "failed": "not readable",
    "excluded": "excluded",
    "communications": "records read",
    "embedded": "things found inside",
    "problems": "problems",
}


def said(row: AuditRow, *, most: int = 400) -> str:
    """What a row of the chain says beside its action, in words; that a purge removed it, if so.

    Digests over all evidence and the like stand in the exported chain and are left out here.
    """
    if row.words is None:
        return "removed by a purge; the chain still holds"
    pairs = [
        f"{name.replace('_', ' ')}: {words}"
        for name, value in row.words.items()
        if name not in _FOR_MACHINES and (words := _value(value))
    ]
    return shorten("; ".join(pairs), most)


def _value(value: Any) -> str:
    """A value in words; nothing for what is empty or zero."""
    if isinstance(value, Mapping):
        said = [
            f"{words} {_COUNTED[name]}" if name in _COUNTED else f"{name} {words}"
            for name, v in value.items()
            if (words := _value(v))
        ]
        return ", ".join(said)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(words for v in value if (words := _value(v)))
    return str(value) if value else ""
