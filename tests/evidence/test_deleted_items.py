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


def test_a_message_of_which_another_copy_was_kept_is_not_marked_as_deleted(tmp_path):
    one = Mail({**LETTER, "subject": "Twice", "body": "We start on Monday.", "id": "<1@c.example>"})
    other = Mail(
        {**LETTER, "subject": "Once", "body": "We start on Friday.", "id": "<2@c.example>"}
    )
    (tmp_path / "box.pst").write_bytes(store({("Inbox",): [one], ("Deleted Items",): [one, other]}))
    case = Case.create(tmp_path / "case")
    try:
        case.ingest([tmp_path / "box.pst"])
        marks = {
            one.subject: (one.marks, len(one.sightings)) for one in case.store.communications()
        }
        assert marks == {"Twice": ((), 2), "Once": ((Mark.DELETED,), 1)}
    finally:
        case.close()


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
