"""The command line: its commands, progress on long work, one clear sentence for every error.

Exit codes: 0 all accounted for (refused files are listed, not fatal), 1 the work could not be
done, 2 a wrong call. No traceback reaches a user. Computes nothing itself; asks the case.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Annotated

import typer
from rich.markup import escape

from commtrace import __version__, custody, plugins
from commtrace.case import Case, sample_case
from commtrace.console import (
    err,
    out,
    plain,
    plain_values,
    print_certificate,
    print_findings,
    print_head,
    print_json,
    print_ledger,
    print_rows,
    print_verification,
    progress,
    working,
    writing_to,
)
from commtrace.entries import Entry, person
from commtrace.errors import CallError, CommtraceError
from commtrace.evidence.verify import hashed
from commtrace.figures.interval import interval
from commtrace.model import Channel

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Who told whom what, when, and what was never said.",
)

CasePath = Annotated[Path, typer.Argument(metavar="CASE", help="The case folder.")]
Who = Annotated[str, typer.Option("--who", help="Your name, for the audit chain.")]
Challenge = Annotated[
    bool,
    typer.Option(
        "--challenge", help="Say under how many changes of one thing each finding stands (slow)."
    ),
]
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
        err.print(plain(str(error)), soft_wrap=True)
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
def ingest(  # noqa: PLR0917 - the options of a command
    case: CasePath,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files or folders.")],
    custodian: Annotated[
        str | None, typer.Option(help="Whose material this is: a name or an address.")
    ] = None,
    supplied_by: Annotated[str | None, typer.Option(help="Who handed it over, and when.")] = None,
    who: Who = "",
    take_purged: Annotated[
        bool, typer.Option("--take-purged", help="Take in again what was purged.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read mail and letters into the case; the sources are never changed."""
    opened = Case.open(case)
    with progress("Reading", quiet=as_json) as report:
        opened.ingest(
            paths,
            custodian=custodian,
            supplied_by=supplied_by,
            who=who,
            take_purged=take_purged,
            progress=report,
        )
    print_ledger(opened, as_json=as_json)


@app.command()
def gaps(
    case: CasePath,
    rule: Annotated[str | None, typer.Option(help="Only this rule.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the gaps: what is not on record, and whether the material could have shown it."""
    _known_rule(rule)
    opened = Case.open(case)
    with working("Looking for gaps", quiet=as_json):
        findings = [f for f in opened.findings() if rule in (None, f.rule)]
    print_findings(opened, findings, as_json=as_json)
    if opened.failures():
        raise typer.Exit(1)


def _weigh(case: Case, *, challenge: bool) -> None:
    """Work out what each finding stands, where a paper is to say so."""
    if challenge:
        with working("Challenging each finding", quiet=False):
            case.weigh()


@app.command()
def report(
    case: CasePath,
    target: Annotated[Path, typer.Option("--out", help="The folder to write into.")],
    who: Who = "",
    challenge: Challenge = False,
) -> None:
    """Write the working paper: HTML, tagged PDF and XLSX."""
    from commtrace.report import report as write  # noqa: PLC0415 - typst is slow to load

    opened = Case.open(case)
    _weigh(opened, challenge=challenge)
    with working("Writing the report", quiet=False), writing_to(target):
        written = write(opened, target)
        named = {path.name: hashed(path) for path in written}
    opened.made(custody.REPORT, named, out=str(target), who=who)
    for path in written:
        out.print(escape(str(path)), soft_wrap=True)


@app.command()
def request(
    case: CasePath,
    target: Annotated[Path, typer.Option("--out", help="The folder to write into.")],
    who: Who = "",
) -> None:
    """Write the disclosure request: what to ask each holder for, and why (DOCX and PDF)."""
    from commtrace.report import request as write  # noqa: PLC0415 - typst is slow to load

    opened = Case.open(case)
    with working("Writing the disclosure request", quiet=False), writing_to(target):
        written = write(opened, target)
        named = {path.name: hashed(path) for path in written}
    opened.made(custody.ASKED, named, out=str(target), who=who)
    for path in written:
        out.print(escape(str(path)), soft_wrap=True)


@app.command()
def export(
    case: CasePath,
    target: Annotated[Path, typer.Option("--out", help="The folder to write into.")],
    who: Who = "",
    challenge: Challenge = False,
) -> None:
    """Write everything as data: JSON lines, graphs and a manifest; the audit chain beside them."""
    from commtrace import report as papers  # noqa: PLC0415 - not every command needs it

    opened = Case.open(case)
    _weigh(opened, challenge=challenge)
    with working("Writing the export", quiet=False), writing_to(target):
        manifest = papers.export(opened, target)
        named = {one["name"]: one["sha256"] for one in manifest["files"]}
        opened.made(custody.EXPORT, named, out=str(target), who=who)
        papers.custody(opened, target)
    out.print(
        f"{len(manifest['files'])} files in {escape(str(target))}, fingerprint "
        f"{manifest['fingerprint']}.",
        soft_wrap=True,
    )


@app.command()
def verify(
    case: CasePath,
    expect_head: Annotated[
        str | None, typer.Option(help="A head of the audit chain, as a paper printed it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check that nothing in the case was changed, lost or put in since commtrace wrote it."""
    with working("Checking every copy and every row", quiet=as_json):
        found = custody.verify(case, expect_head)
    if as_json:
        print_json(plain_values(found))
    else:
        print_verification(found)
    if not found.whole:
        raise typer.Exit(1)


@app.command()
def seal(
    case: CasePath,
    target: Annotated[Path, typer.Option("--out", help="The folder to make; it must not exist.")],
    who: Who = "",
) -> None:
    """Pack the whole case into a BagIt bag (RFC 8493) for hand-over."""
    from commtrace.handover import seal as pack  # noqa: PLC0415 - typst is slow to load

    opened = Case.open(case)
    with working("Packing the case", quiet=False):
        head = pack(opened, target, who=who)
    out.print(f"Sealed in {escape(str(target))}.", soft_wrap=True)
    print_head(head)


@app.command()
def enter(  # noqa: PLR0917 - the options of a command
    case: CasePath,
    when: Annotated[str, typer.Option(help="14 Feb 2022, or 14/02/2022 09:30.")],
    basis: Annotated[str, typer.Option(help="How it is known: own memory, a diary, a minute.")],
    who: Annotated[str, typer.Option(help="The name of the person who writes it down.")],
    until: Annotated[str, typer.Option(help="The later end, where the time is not exact.")] = "",
    channel: Annotated[Channel, typer.Option(help="What it was.")] = Channel.CALL,
    sender: Annotated[str, typer.Option("--from", help="Name, address or both.")] = "",
    to: Annotated[list[str] | None, typer.Option(help="Name, address or both; repeat it.")] = None,
    about: Annotated[str, typer.Option(help="What it was about.")] = "",
    text: Annotated[str, typer.Option(help="What was said.")] = "",
    replaces: Annotated[str, typer.Option(help="Id of the entry that this one corrects.")] = "",
) -> None:
    """Write down a call, a meeting or a conversation that left no record, as evidence so marked."""
    time = interval(when, until)
    entry = Entry(
        channel=channel, earliest=time.earliest, latest=time.latest, said=time.said,
        sender=person(sender) if sender.strip() else None,
        to=tuple(person(one) for one in to or ()),
        subject=about, text=text, author=who, basis=basis, replaces=replaces,
    )  # fmt: skip
    with working("Keeping the entry", quiet=False):
        identifier = Case.open(case).enter(entry, who=who)
    out.print(f"Entered as {identifier}, marked as entered by hand.", soft_wrap=True)


@app.command()
def purge(  # noqa: PLR0917 - the options of a command
    case: CasePath,
    because: Annotated[str, typer.Option(help="Why; keep it free of what is purged.")],
    who: Annotated[str, typer.Option("--who", help="The name of the person who decides it.")],
    item: Annotated[
        list[str] | None, typer.Option(help="SHA-256 of a file, or id of a communication.")
    ] = None,
    custodian: Annotated[str | None, typer.Option(help="All that lay with this custodian.")] = None,
    whole_files: Annotated[
        bool, typer.Option("--whole-files", help="Allow files with other communications to go.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Remove items or a custodian's material for good, and print a certificate of it."""
    opened = Case.open(case)
    with working("Removing", quiet=as_json):
        certificate = opened.purge(
            items=item or (),
            custodian=custodian,
            because=because,
            who=who,
            whole_files=whole_files,
        )
    if as_json:
        print_json(plain_values(certificate))
    else:
        print_certificate(certificate)


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
    with progress("Reading the sample", quiet=False) as report:
        opened = sample_case(case, progress=report)
    print_ledger(opened, as_json=False)
    with working("Looking for gaps", quiet=False):
        findings = opened.findings()
    print_findings(opened, findings[:10], as_json=False)
    out.print(f"{len(findings)} gaps in all: commtrace gaps {escape(str(case))}", soft_wrap=True)
    if not no_ui:
        ui(case)


@app.command()
def formats(as_json: AsJson = False) -> None:
    """List the formats that can be read."""
    rows = [(p.name, " ".join(p.suffixes), p.title) for p in plugins.parsers()]
    print_rows(("format", "suffixes", "what it reads"), rows, as_json=as_json)


@app.command()
def rules(as_json: AsJson = False) -> None:
    """List the gap rules, their thresholds, and the dated criteria."""
    rows = [
        (r.name, str(r.family), r.title, ", ".join(f"{k}={v}" for k, v in r.parameters.items()))
        for r in plugins.rules()
    ]
    print_rows(("rule", "family", "what it finds", "thresholds"), rows, as_json=as_json)


def _known_rule(name: str | None) -> None:
    known = [rule.name for rule in plugins.rules()]
    if name is not None and name not in known:
        raise CallError(f'There is no rule "{name}". Known: {", ".join(known)}.')
