"""What was done to a case and whether it is as it was left: the chain's rows, and verification.

`note` is how the case writes into its audit chain; `verify` is what a stranger with the case folder
runs. `who` is the name a person gave with the act, "" otherwise: the machine's user is not asked.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commtrace import __version__
from commtrace.errors import CallError, CaseError
from commtrace.evidence import verify as evidence
from commtrace.model import AuditRow, Fault, Verification
from commtrace.store.verify import Examined, examine

if TYPE_CHECKING:
    from commtrace.store import Store

CASE_FILE, STORE_FILE, EVIDENCE, ENTRIES = "case.toml", "case.db", "evidence", "entries"
MADE, FILE_READ = "case made", "case file read"
BEGUN, INGEST = "ingest begun", "ingest"
REPORT, EXPORT, SEAL, ASKED = "report", "export", "seal", "disclosure request"
PURGE, PURGED = "purge", "purge ended"
RULING, READ_AGAIN, ENTERED, REGISTERED = "ruling", "read again", "entry", "register"
WHO, ACT, CRITERION = "who is who", "act ruled", "criterion"
_ANCHORS = frozenset({MADE, INGEST, REPORT, EXPORT, SEAL, PURGED, READ_AGAIN})
_UNDER_WAY = frozenset(
    {BEGUN, PURGE, RULING}
)  # until their end the evidence is not what the chain holds
_HEAD = re.compile("[0-9a-f]{16,64}")
LONGEST_REASON, LONGEST_NAME = 4000, 200  # characters
_SPACE = re.compile("[\\s\u00ad\u200b]")  # what a copy out of a paper brings along
NO_HEAD = (
    "Without a head kept elsewhere it cannot be seen whether the end of the audit chain was cut "
    "off, or all of the case was made anew: take one from a report and give it as --expect-head."
)
ENTRY_ALTERED = "This entry was altered since it was taken in, or it never was."
CUT_OFF = (
    "An ingest, a ruling or a purge was cut off after the last digest over all evidence was "
    "written into the audit chain: what it did is not held by the chain yet. Do it again."
)
ANCHOR_PURGED = "The digests over all evidence were purged from the audit chain."
NOT_COVERED = (
    "Bits in parts of the database file that hold nothing are not looked at; nothing reads them."
)


def signed(what: str, because: str, who: str) -> tuple[str, str]:
    """Reason and name of an act, trimmed; raises CallError where one is absent or too long."""
    if not who.strip():
        raise CallError(f"{what} needs the name of the person who makes it.")
    if not because.strip():
        raise CallError(f"{what} needs a reason.")
    if len(because) > LONGEST_REASON or len(who) > LONGEST_NAME:
        raise CallError(
            f"A reason has at most {LONGEST_REASON:,} characters and a name {LONGEST_NAME}; "
            "say it shorter and name the paper that says it whole."
        )
    return because.strip(), who.strip()


def note(
    store: Store, action: str, words: Mapping[str, Any], *, subject: str = "", who: str = ""
) -> AuditRow:
    """Write a row that also holds the digests of all evidence in the store, and the version."""
    rows, index = store.roots()
    said = {**words, "version": __version__, "rows": rows, "index": index}
    return store.note(action, subject, said, who)


def note_case_file(store: Store, path: Path) -> None:
    """Write the digest of `case.toml` into the chain if it is another than the last one there."""
    digest = sha256(path.read_bytes()).hexdigest()
    known = store.audit(FILE_READ)
    if not known or known[-1].subject != digest:
        store.note(FILE_READ, digest, {"file": path.name}, "")


def verify(folder: Path, expect_head: str | None = None) -> Verification:
    """Check everything in a case folder, reading only; damage is a fault and never an error.

    `expect_head` is a head printed earlier (64 hexadecimal digits or at least the first 16): it
    must lie in the chain. Raises CallError if it is no such head, CaseError if there is no case.
    """
    wanted = _head(expect_head)
    if not (folder / STORE_FILE).exists() and not (folder / CASE_FILE).exists():
        raise CaseError(f"{folder} is not a case: neither case.db nor case.toml is there.")
    seen = examine(folder / STORE_FILE)
    faults = list(seen.faults)
    faults.extend(evidence.copies(folder / EVIDENCE, seen.contents))
    faults.extend(_entries(folder / ENTRIES, seen))
    faults.extend(_case_file(folder / CASE_FILE, seen.audit))
    notes = [*seen.notes, *_root(seen, faults)]
    if wanted is None:
        notes.append(NO_HEAD)
    elif not any(row.digest.startswith(wanted) for row in seen.audit):
        what = (
            f"The head {wanted} does not lie in the audit chain, which ends at row "
            f"{seen.head.count}: rows were removed or the chain was written anew."
        )
        faults.append(Fault(where=STORE_FILE, what=what))
    notes.append(NOT_COVERED)
    return Verification(
        faults=tuple(faults),
        notes=tuple(notes),
        copies=len(seen.contents),
        rows=seen.rows,
        head=seen.head,
    )


def _head(given: str | None) -> str | None:
    if given is None:
        return None
    head = _SPACE.sub("", given.lower().rpartition(":")[2])
    if not _HEAD.fullmatch(head):
        raise CallError(
            "A head is 64 hexadecimal digits, of which at least the first 16 are needed."
        )
    return head


def _entries(folder: Path, seen: Examined) -> list[Fault]:
    """What a person entered lies as a file beside the evidence, and is evidence itself."""
    return [
        Fault(where=f"{folder.name}/{path.name}", what=ENTRY_ALTERED)
        for path in (sorted(folder.iterdir()) if folder.is_dir() else ())
        if not path.is_file() or evidence.hashed(path) not in seen.contents
    ]


def _case_file(path: Path, rows: Sequence[AuditRow]) -> list[Fault]:
    try:
        data = path.read_bytes()
    except OSError:
        return [Fault(where=path.name, what="case.toml is not there or cannot be read.")]
    known = [row for row in rows if row.action == FILE_READ]
    if known and known[-1].subject == sha256(data).hexdigest():
        return []
    what = "case.toml is not the one that commtrace last read"
    if known:
        what += f" (row {known[-1].number} of the audit chain)"
    try:
        tomllib.loads(data.decode("utf-8"))
    except ValueError:
        return [Fault(where=path.name, what=f"{what}, and cannot be read: put that one back.")]
    what += (
        ". If you changed it, any command that uses it, such as `commtrace gaps`, notes that; "
        "otherwise put it back."
    )
    return [Fault(where=path.name, what=what)]


def _root(seen: Examined, faults: list[Fault]) -> list[str]:
    """The digests over all evidence are those of the chain's last row that holds some."""
    last = next((row for row in reversed(seen.audit) if row.action in _ANCHORS), None)
    if last is None or last.words is None:
        return [] if last is None else [ANCHOR_PURGED]
    if any(row.action in _UNDER_WAY for row in seen.audit[last.number :]):
        return [CUT_OFF]
    for found, name, thing in (
        (seen.root, "rows", "The evidence in the database"),
        (seen.index, "index", "The search index"),
    ):
        if found is not None and found != last.words.get(name):
            what = f"{thing} is not what row {last.number} of the audit chain says it is."
            faults.append(Fault(where=STORE_FILE, what=what))
    return []
