"""Seals a case for hand-over: evidence, database, `case.toml` and the data export in one BagIt bag.

Whoever unpacks it checks the bag with any BagIt tool, and the case in it with `commtrace verify`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from commtrace import __version__, custody, report
from commtrace.case import Case
from commtrace.custody import CASE_FILE, ENTRIES, EVIDENCE, SEAL, STORE_FILE
from commtrace.errors import CallError, CaseError
from commtrace.evidence.bag import Bag, bag
from commtrace.evidence.copy import blob_path
from commtrace.model import Head

CASE, EXPORT = "case", "export"  # folders of the payload


def seal(case: Case, out: Path, *, who: str = "") -> Head:
    """Write the bag into `out`; returns the head of the audit chain that stands in it.

    Raises CallError for a folder that is not empty or lies in the case, CaseError for a case that
    is not whole, which is not handed over as if it were.
    """
    if out.resolve().is_relative_to(case.folder.resolve()):
        raise CallError(f"{out} lies inside the case; name a folder outside it.")
    custody.note_case_file(case.store, case.folder / CASE_FILE)
    found = case.verify()
    if not found.whole:
        first = found.faults[0]
        raise CaseError(
            f"The case is not whole, so it is not sealed: {first.where}: {first.what} "
            f"`commtrace verify {case.folder}` names all of {len(found.faults):,}."
        )
    with bag(out) as made:
        report.export(case, made.payload / EXPORT)
        head = _fill(case, made, out, who)
        made.close(_said(case, head, who))
    return head


def _fill(case: Case, made: Bag, out: Path, who: str) -> Head:
    for digest in sorted({file.sha256 for file in case.files() if file.sha256}):
        blob = blob_path(case.folder / EVIDENCE, digest)
        name = blob_path(Path(CASE, EVIDENCE), digest).as_posix()
        if made.add(blob, name) != digest:
            raise CaseError(f"The kept copy {digest} was altered while the case was sealed.")
    for path in sorted((case.folder / ENTRIES).glob("*")):
        made.add(path, f"{CASE}/{ENTRIES}/{path.name}")
    made.add(case.folder / CASE_FILE, f"{CASE}/{CASE_FILE}")
    row = case.made(SEAL, {}, out=str(out), who=who)
    case.store.copy_to(made.payload / CASE / STORE_FILE)
    made.note(f"{CASE}/{STORE_FILE}")
    report.custody(case, made.payload / EXPORT)
    for path in sorted((made.payload / EXPORT).iterdir()):
        made.note(f"{EXPORT}/{path.name}")
    return Head(count=row.number, digest=row.digest)


def _said(case: Case, head: Head, who: str) -> dict[str, str]:
    said = {
        "Bagging-Date": f"{datetime.now(UTC):%Y-%m-%d}",
        "Bag-Software-Agent": f"commtrace {__version__}",
        "External-Description": f"The case {case.title}: evidence, database and data export.",
        "External-Identifier": case.fingerprint(),
        "Audit-Chain-Head": f"row {head.count}: {head.digest}",
    }
    return {**said, "Contact-Name": who} if who.strip() else said
