"""The command line: nine commands, progress on long work, one clear sentence for every error.

Exit codes: 0 all accounted for (refused files are listed, not fatal), 1 the work could not be
done, 2 a wrong call. No traceback reaches a user. Computes nothing itself; asks the case.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from commtrace import __version__, plugins
from commtrace.case import Case, sample_case
from commtrace.errors import CallError, CaseError, CommtraceError
from commtrace.figures.words import shown
from commtrace.model import Finding, Severity
from commtrace.moments import say

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Who told whom what, when, and what was never said.",
)
_STEERING = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
out = Console()
err = Console(stderr=True)

CasePath = Annotated[Path, typer.Argument(metavar="CASE", help="The case folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def main() -> None:
    """Run the command line; the entry point of the `commtrace` program."""
    sys.excepthook = _one_sentence
    typer.main.get_command(app)()


def _one_sentence(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Say what went wrong in one sentence; only the kind of an unforeseen error, never its text."""
    if isinstance(error, KeyboardInterrupt):
        err.print("Stopped. What was stored so far is kept; run the same command to go on.")
        os._exit(1)
    if isinstance(error, CommtraceError):
        err.print(_plain(str(error)), soft_wrap=True)
        os._exit(2 if isinstance(error, CallError) else 1)
    place = _last_own_line(trace)
    err.print(
        f"Something went wrong inside commtrace ({kind.__name__} at {place}). Nothing was changed "
        "in your sources; please report this line, it holds no evidence.",
        soft_wrap=True,
    )
    os._exit(1)


def _last_own_line(trace: TracebackType | None) -> str:
    place = "start"
    while trace is not None:
        name = Path(trace.tb_frame.f_code.co_filename)
        if "commtrace" in name.parts or "parsers" in name.parts:
            place = f"{name.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _version(show: bool) -> None:
    if show:
        out.print(__version__)
        raise typer.Exit


@app.callback()
def _root(
    _version_flag: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Who told whom what, when, and what was never said."""


@app.command()
def new(
    case: CasePath,
    template: Annotated[
        str | None, typer.Option(help="Start from a template: kent-send-transport.")
    ] = None,
) -> None:
    """Make a case folder with a case.toml whose comments explain each entry."""
    made = Case.create(case, template=template)
    out.print(f"Made {escape(str(made.folder))}.", soft_wrap=True)
    out.print(f"Next: edit {escape(str(made.folder / 'case.toml'))}, then", soft_wrap=True)
    out.print(f"  commtrace ingest {escape(str(case))} FOLDER-OF-EVIDENCE", soft_wrap=True)


@app.command()
def ingest(
    case: CasePath,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files or folders.")],
    custodian: Annotated[
        str | None, typer.Option(help="Whose material this is: a name or an address.")
    ] = None,
    supplied_by: Annotated[str | None, typer.Option(help="Who handed it over, and when.")] = None,
    as_json: AsJson = False,
) -> None:
    """Read mail and letters into the case; the sources are never changed."""
    opened = Case.open(case)
    with _progress("Reading", quiet=as_json) as report:
        opened.ingest(paths, custodian=custodian, supplied_by=supplied_by, progress=report)
    _print_ledger(opened, as_json=as_json)


@app.command()
def gaps(
    case: CasePath,
    rule: Annotated[str | None, typer.Option(help="Only this rule.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the gaps: what is not on record, and whether the material could have shown it."""
    _known_rule(rule)
    opened = Case.open(case)
    with _working("Looking for gaps", quiet=as_json):
        findings = [f for f in opened.findings() if rule in (None, f.rule)]
    _print_findings(opened, findings, as_json=as_json)
    if opened.failures():
        raise typer.Exit(1)


@app.command()
def report(
    case: CasePath,
    target: Annotated[Path, typer.Option("--out", help="The folder to write into.")],
) -> None:
    """Write the working paper: HTML, tagged PDF and XLSX."""
    from commtrace.report import report as write  # noqa: PLC0415 - typst is slow to load

    opened = Case.open(case)
    with _working("Writing the report", quiet=False), _writing_to(target):
        written = write(opened, target)
    for path in written:
        out.print(escape(str(path)), soft_wrap=True)


@app.command()
def export(
    case: CasePath,
    target: Annotated[Path, typer.Option("--out", help="The folder to write into.")],
) -> None:
    """Write everything as data: JSON lines, graphs and a manifest."""
    from commtrace.report import export as write  # noqa: PLC0415 - not every command needs it

    opened = Case.open(case)
    with _working("Writing the export", quiet=False), _writing_to(target):
        manifest = write(opened, target)
    out.print(
        f"{len(manifest['files'])} files in {escape(str(target))}, fingerprint "
        f"{manifest['fingerprint']}.",
        soft_wrap=True,
    )


@app.command()
def ui(
    case: CasePath,
    port: Annotated[int, typer.Option(help="The port on this machine; 0 takes a free one.")] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
) -> None:
    """Open the case in the browser, on this machine only."""
    from commtrace.ui.serve import start  # noqa: PLC0415 - Streamlit is slow to load

    opened = Case.open(case)
    start(opened.folder, port=port, open_browser=not no_browser)


@app.command()
def demo(
    case: Annotated[Path, typer.Option(help="Where to build the case.")] = Path("demo-case"),
    no_ui: Annotated[bool, typer.Option("--no-ui", help="Build and print only.")] = False,
) -> None:
    """Build the sample case of a fictional council and open it in the browser."""
    with _progress("Reading the sample", quiet=False) as progress:
        opened = sample_case(case, progress=progress)
    _print_ledger(opened, as_json=False)
    with _working("Looking for gaps", quiet=False):
        findings = opened.findings()
    _print_findings(opened, findings[:10], as_json=False)
    out.print(f"{len(findings)} gaps in all: commtrace gaps {escape(str(case))}", soft_wrap=True)
    if not no_ui:
        ui(case)


@app.command()
def formats(as_json: AsJson = False) -> None:
    """List the formats that can be read."""
    rows = [(p.name, " ".join(p.suffixes), p.title) for p in plugins.parsers()]
    _print_rows(("format", "suffixes", "what it reads"), rows, as_json=as_json)


@app.command()
def rules(as_json: AsJson = False) -> None:
    """List the gap rules, their thresholds, and the dated criteria."""
    rows = [
        (r.name, str(r.family), r.title, ", ".join(f"{k}={v}" for k, v in r.parameters.items()))
        for r in plugins.rules()
    ]
    _print_rows(("rule", "family", "what it finds", "thresholds"), rows, as_json=as_json)


def _known_rule(name: str | None) -> None:
    known = [rule.name for rule in plugins.rules()]
    if name is not None and name not in known:
        raise CallError(f'There is no rule "{name}". Known: {", ".join(known)}.')


def _plain(text: str) -> str:
    """Words of evidence on one line of a terminal, which they can neither colour nor steer."""
    return escape(" ".join(shown(text).split()))


def _print_rows(header: Sequence[str], rows: Sequence[Sequence[str]], *, as_json: bool) -> None:
    if as_json:
        _print_json([dict(zip(header, row, strict=True)) for row in rows])
        return
    table = Table(*header, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*map(_plain, row))
    out.print(table)


def _print_json(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    typer.echo(_STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def _print_ledger(case: Case, *, as_json: bool) -> None:
    for note in case.notes:
        err.print(_plain(note), soft_wrap=True)
    total = case.reconciliation()
    kept = ("read", "partly", "duplicate", "unsupported", "failed", "excluded")
    counts = {name: getattr(total, name) for name in kept}
    if as_json:
        inside = ("communications", "embedded", "problems", "balanced")
        _print_json({"files": total.files, **counts, **{n: getattr(total, n) for n in inside}})
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
        out.print(f"  {file.status}: {_plain(file.path)}: {_plain(file.reason)}", soft_wrap=True)
    if len(refused) > 20:
        out.print(f"  and {len(refused) - 20} more; the Evidence page lists them all.")


def _print_findings(case: Case, findings: Sequence[Finding], *, as_json: bool) -> None:
    for failure in case.failures():
        err.print(_plain(failure.what), soft_wrap=True)
    if as_json:
        _print_json([_finding_row(case, finding) for finding in findings])
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
        out.print(Padding(_plain(finding.sentence), (0, 0, 1, 8)), highlight=False)


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
def _writing_to(target: Path) -> Iterator[None]:
    """Say in a sentence when the folder for papers cannot be written."""
    try:
        yield
    except OSError as error:
        why = (error.strerror or "not known why").lower()
        what = f"{target} cannot be written ({why}); name a folder with room that you may write to."
        raise CaseError(what) from error


@contextmanager
def _working(what: str, *, quiet: bool) -> Iterator[None]:
    if quiet:
        yield
        return
    with err.status(f"{what} ..."):
        yield


@contextmanager
def _progress(what: str, *, quiet: bool) -> Iterator[Any]:
    if quiet:
        yield None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(what, total=None)

        def report(done: int, total: int, _name: str) -> None:
            bar.update(task, completed=done, total=total)

        yield report
