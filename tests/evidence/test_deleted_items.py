"""Items outside every folder of an Outlook store: counted, and read when that is decided."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "parsers"))
from stores import Mail, store

from commtrace.case import Case
from commtrace.model import Mark, RulingKind

LETTER = {
    "class": "IPM.Note", "sender": "Ann Archer", "sender_smtp": "ann@council.example",
    0x0039: datetime(2022, 2, 7, 9, 30, tzinfo=UTC),
}  # fmt: skip


def test_deleted_items_are_read_and_marked_once_an_auditor_decides_so(tmp_path):
    kept = Mail({**LETTER, "subject": "Kept", "body": "We start on Monday."})
    gone = Mail({**LETTER, "subject": "Gone", "body": "We cannot start."}, listed=False)
    (tmp_path / "box.pst").write_bytes(store({("Inbox",): [kept, gone]}))
    case = Case.create(tmp_path / "case")
    try:
        case.ingest([tmp_path / "box.pst"])
        (proposal,) = case.proposals()
        assert (proposal.kind, proposal.applied) == (RulingKind.DELETED_ITEMS, False)
        assert [one.subject for one in case.store.communications()] == ["Kept"]
        case.rule_on(proposal.source, RulingKind.DELETED_ITEMS, "true",
                     because="The forum asked what was deleted.", who="B. Auditor")  # fmt: skip
        marks = {one.subject: one.marks for one in case.store.communications()}
        assert marks == {"Kept": (), "Gone": (Mark.DELETED,)}
    finally:
        case.close()
