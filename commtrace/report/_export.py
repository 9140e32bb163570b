"""The export: plain files for another tool, another auditor or a test.

One JSON object a line, every field present, rows sorted, times in UTC, no clock and no random id:
the same case gives the same bytes. The fields are a public contract, `export.schema.json`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from commtrace import __version__
from commtrace.moments import utc_text
from commtrace.report import _acts, _graph, _rows
from commtrace.report._case import Case
from commtrace.report._files import into
from commtrace.report._finding_rows import findings
from commtrace.view import View

FORMAT = 1
# UTF-8 cannot hold half a surrogate pair, and some readers split lines at these separators.
_SURROGATE = re.compile("[\ud800-\udfff]")
_SEPARATOR = re.compile("[\u0085\u2028\u2029]")


def export(case: Case, out: Path) -> dict[str, Any]:
    """Write the files of the contract into the folder `out` and return the manifest.

    Findings and everything derived are computed first. Each file is written beside its place and
    moved there; a file of an earlier export is replaced.
    """
    view = case.view()
    out.mkdir(parents=True, exist_ok=True)
    rows = {name: _write(out / name, found) for name, found in _tables(case, view)}
    for name, data in (("graph.graphml", _graph.graphml(view)), ("graph.gexf", _graph.gexf(view))):
        into(out / name, [data])
        rows[name] = _facts([data], None)
    manifest = _manifest(case, view, rows)
    into(out / "manifest.json", [_pretty(manifest)])
    return manifest


def _tables(case: Case, view: View) -> Iterator[tuple[str, Iterable[_rows.Row]]]:
    yield "evidence.jsonl", _rows.evidence(case.files())
    yield "contained.jsonl", _rows.contained(case.contained())
    yield "problems.jsonl", _rows.problems(case.problems())
    yield "communications.jsonl", _rows.communications(case, view)
    yield "identities.jsonl", _rows.identities(view.identities)
    yield "threads.jsonl", _rows.threads(view.threads)
    yield "ghosts.jsonl", _rows.ghosts(view.ghosts)
    yield "acts.jsonl", _acts.acts(view)
    yield "act_rulings.jsonl", _acts.ruling_rows(case)
    yield "contacts.jsonl", _rows.contacts(view)
    yield "handoffs.jsonl", _rows.handoffs(view.handoffs)
    yield "coverage.jsonl", _rows.coverage(view.coverage)
    yield "findings.jsonl", findings(case)


def json_line(value: object) -> bytes:
    """One JSON object on one line of UTF-8, whatever the evidence holds."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = _SURROGATE.sub("\ufffd", text)
    return (_SEPARATOR.sub(lambda m: f"\\u{ord(m[0]):04x}", text) + "\n").encode()


def _write(path: Path, found: Iterable[_rows.Row]) -> dict[str, Any]:
    total, size, count = hashlib.sha256(), 0, 0

    def lines() -> Iterator[bytes]:
        nonlocal size, count
        for row in found:
            data = json_line(row)
            total.update(data)
            size, count = size + len(data), count + 1
            yield data

    into(path, lines())
    return {"sha256": total.hexdigest(), "size": size, "rows": count}


def _facts(pieces: list[bytes], rows: int | None) -> dict[str, Any]:
    data = b"".join(pieces)
    return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "rows": rows}


def _manifest(case: Case, view: View, rows: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": __version__,
        "title": case.title,
        "fingerprint": case.fingerprint(),
        "as_of": utc_text(view.as_of),
        "files": [{"name": name, **rows[name]} for name in sorted(rows)],
    }


def _pretty(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return (_SURROGATE.sub("\ufffd", text) + "\n").encode()
