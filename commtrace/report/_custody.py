"""The audit chain as a file: everything that was done to the case, and the head.

It stands beside the export and not in its manifest: the export is the same for the same evidence
whoever made it and when, and the chain says just that.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from commtrace.model import AuditRow
from commtrace.moments import utc_text
from commtrace.report._export import json_line
from commtrace.report._files import into

NAME = "custody.jsonl"


class Kept(Protocol):
    """A case with an audit chain."""

    def custody(self) -> tuple[AuditRow, ...]: ...


def custody(case: Kept, out: Path) -> Path:
    """Write the chain into the folder `out`, one row a line, oldest first; returns its path."""
    out.mkdir(parents=True, exist_ok=True)
    return into(out / NAME, (json_line(_row(row)) for row in case.custody()))


def _row(row: AuditRow) -> dict[str, object]:
    return {
        "number": row.number,
        "when": utc_text(row.when),
        "who": row.who,
        "action": row.action,
        "subject": row.subject,
        "words": row.words,
        "digest": row.digest,
        "previous": row.previous,
    }
