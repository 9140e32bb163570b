"""What the command line prints: tables, sentences and progress, and how evidence is shown there.

Words of evidence can neither colour nor steer the terminal. Decides nothing and writes no file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from commtrace.case import Case
from commtrace.errors import CaseError
from commtrace.figures.words import shown
from commtrace.model import Certificate, Finding, Head, Severity, Verification
from commtrace.moments import say, say_time

_STEERING = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
out = Console()
err = Console(stderr=True)


def plain(text: str) -> str:
    """Words of evidence on one line of a terminal, which they can neither colour nor steer."""
    return escape(" ".join(shown(text).split()))


def print_rows(header: Sequence[str], rows: Sequence[Sequence[str]], *, as_json: bool) -> None:
    """Print a table, or the same as JSON."""
    if as_json:
        print_json([dict(zip(header, row, strict=True)) for row in rows])
        return
    table = Table(*header, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*map(plain, row))
    out.print(table)


def print_json(value: Any) -> None:
    """Print JSON in which no character steers the terminal."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    typer.echo(_STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def print_ledger(case: Case, *, as_json: bool) -> None:
    """Print how the files add up, and those that were refused."""
    for note in case.notes:
        err.print(plain(note), soft_wrap=True)
    total = case.reconciliation()
    kept = ("read", "partly", "duplicate", "unsupported", "failed", "excluded")
    counts = {name: getattr(total, name) for name in kept}
    if as_json:
        inside = ("communications", "embedded", "problems", "balanced")
        print_json({"files": total.files, **counts, **{n: getattr(total, n) for n in inside}})
        return
    parts = " + ".join(f"{n} {name}" for name, n in counts.items() if n)
    out.print(f"[bold]{total.files} files[/bold] = {parts or 'none'}", highlight=False)
    out.print(
        f"[bold]{total.communications} communications[/bold], {total.embedded} items inside "
        f"others, {total.problems} problems",
        highlight=False,
    )
    if not total.balanced:
        err.print("The ledger does not balance; please report this.", style="bold red")
    refused = [f for f in case.files() if f.status in {"unsupported", "failed", "excluded"}]
    for file in refused[:20]:
        out.print(f"  {file.status}: {plain(file.path)}: {plain(file.reason)}", soft_wrap=True)
    if len(refused) > 20:
        out.print(f"  and {len(refused) - 20} more; the Evidence page lists them all.")


def print_verification(found: Verification) -> None:
    """Print what a verification found; the faults go to the error stream."""
    for fault in found.faults:
        err.print(f"[bold red]{plain(fault.where)}[/]: {plain(fault.what)}", soft_wrap=True)
    said = f"{len(found.faults)} faults" if found.faults else "No fault"
    out.print(
        f"[bold]{said}[/bold] in {found.copies:,} kept copies and {found.rows:,} stored rows.",
        highlight=False,
        soft_wrap=True,
    )
    print_head(found.head)
    for note in found.notes:
        out.print(plain(note), soft_wrap=True)


def print_head(head: Head) -> None:
    """Print a head as `commtrace verify --expect-head` takes it."""
    out.print(
        f"Head of the audit chain: row {head.count}: {head.digest}", highlight=False, soft_wrap=True
    )


def print_certificate(done: Certificate) -> None:
    """Print what a purge removed and what it did not reach."""
    lines = [
        f"Purged by {done.row.who} on {say_time(done.row.when)}.",
        f"Row {done.row.number} of the audit chain: {done.row.digest}.",
        f"Files removed: {len(done.contents):,}.",
        *(f"  {digest} ({size:,} bytes)" for digest, size in done.contents),
        f"Rows removed: {', '.join(f'{n:,} {name}' for name, n in done.counts.items()) or 'none'}.",
        *(f"Also another custodian's, so kept: {digest}." for digest in done.kept),
        *(f"Words removed from row {number} of the audit chain." for number in done.words_of),
        *(
            f"Made before, and may hold it: {row.action} of {say_time(row.when)} in "
            f"{(row.words or {}).get('out', 'a place whose name was purged')}."
            for row in done.papers
        ),
        *done.notes,
    ]
    for line in lines:
        out.print(escape(shown(line)), highlight=False, soft_wrap=True)


def plain_values(value: Any) -> Any:
    """A value with its fields, as JSON can hold it."""
    return json.loads(json.dumps(asdict(value), default=str))


def print_findings(case: Case, findings: Sequence[Finding], *, as_json: bool) -> None:
    """Print findings, or the same as JSON."""
    for failure in case.failures():
        err.print(plain(failure.what), soft_wrap=True)
    if as_json:
        print_json([_finding_row(case, finding) for finding in findings])
        return
    styles = {Severity.GRAVE: "bold red", Severity.MATERIAL: "yellow", Severity.LOW: "dim"}
    for finding in findings:
        severity = finding.severity
        out.print(
            f"[bold]{case.reference(finding)}[/bold]  {finding.rule.replace('_', ' ')}, "
            f"[{styles[severity]}]{severity.name.lower()}[/], {finding.observability}, "
            f"{say(finding.window)}",
            highlight=False,
            soft_wrap=True,
        )
        out.print(Padding(plain(finding.sentence), (0, 0, 1, 8)), highlight=False)


def _finding_row(case: Case, finding: Finding) -> dict[str, object]:
    return {
        "reference": case.reference(finding),
        "id": finding.id,
        "rule": finding.rule,
        "severity": finding.severity.name.lower(),
        "strength": finding.strength.name.lower(),
        "observability": str(finding.observability),
        "window": say(finding.window),
        "parties": list(finding.parties),
        "sentence": finding.sentence,
    }


@contextmanager
def writing_to(target: Path) -> Iterator[None]:
    """Say in a sentence when the folder for papers cannot be written."""
    try:
        yield
    except OSError as error:
        why = (error.strerror or "not known why").lower()
        what = f"{target} cannot be written ({why}); name a folder with room that you may write to."
        raise CaseError(what) from error


@contextmanager
def working(what: str, *, quiet: bool) -> Iterator[None]:
    """Show that work is under way."""
    if quiet:
        yield
        return
    with err.status(f"{what} ..."):
        yield


@contextmanager
def progress(what: str, *, quiet: bool) -> Iterator[Any]:
    """Show how far work has come; gives the function that is told."""
    if quiet:
        yield None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(what, total=None)

        def report(done: int, total: int, _name: str) -> None:
            bar.update(task, completed=done, total=total)

        yield report
