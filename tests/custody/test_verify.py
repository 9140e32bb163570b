"""`commtrace verify`: what was changed, removed or put in behind the program is named."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from commtrace import custody
from commtrace.case import Case
from commtrace.errors import CallError, CaseError

PROGRAM = [sys.executable, "-c", "from commtrace.cli import main; main()"]


def altered(case, statement, *values):
    with closing(sqlite3.connect(case / "case.db")) as raw, raw:
        raw.execute(statement, values)
    raw.close()


def said(case, head=None):
    return [f"{fault.where}: {fault.what}" for fault in custody.verify(case, head).faults]


def listing(case):
    return {p: p.read_bytes() for p in sorted(case.rglob("*")) if p.is_file()}


def test_a_case_as_it_was_left_has_no_fault_and_is_not_changed_by_the_check(kept):
    before = listing(kept)
    found = custody.verify(kept)
    assert found.faults == ()
    assert found.whole
    assert (found.copies, found.head.count) == (13, 4)
    assert listing(kept) == before


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (
            "UPDATE body SET text = replace(text, 'Friday', 'Monday') WHERE id = 3",
            "Row 3 of the table body",
        ),
        (
            "UPDATE record SET facts = replace(facts, 'rosa2', 'rosa9') WHERE id = 3",
            "Row 3 of the table record",
        ),
        ("UPDATE arrival SET custodian = 'Ben' WHERE id = 5", "Row 5 of the table arrival"),
        (
            "UPDATE attempt SET status = 'read' WHERE status = 'unsupported'",
            "of the table attempt was altered",
        ),
        ("UPDATE membership SET disputed = 1 WHERE record = 2", "Row 2 of the table membership"),
        ("DELETE FROM derived WHERE rowid = 1", "Row 1 of the table derived was removed"),
        (
            "UPDATE setting SET value = '3' WHERE name = 'schema'",
            "of the table setting was altered",
        ),
        ("DELETE FROM attempt WHERE id = 4", "Row 4 of the table attempt was removed"),
        ("INSERT INTO alias VALUES ('abc', 1)", "of the table alias was put in"),
        (
            "UPDATE seal SET digests = zeroblob(16) WHERE id = (SELECT max(id) FROM seal)",
            "something other",
        ),
        ("UPDATE audit SET action = 'export' WHERE id = 4", "Row 4 of the audit chain"),
        ("DELETE FROM audit WHERE id = 2", "Row 2 of the audit chain"),
        ("DROP INDEX body_digest", "The index body_digest"),
        ("CREATE TABLE more (x)", "a table that commtrace does not make"),
        ("INSERT INTO search(search) VALUES ('delete-all')", "search index"),
    ],
)
def test_whatever_is_altered_in_the_database_is_named(kept, statement, named):
    altered(kept, statement)
    assert any(named in sentence for sentence in said(kept)), said(kept)


def test_the_file_is_named_whose_row_was_altered(kept):
    altered(kept, "UPDATE record SET facts = replace(facts, 'rosa2', 'rosa9') WHERE id = 3")
    digest = Case.open(kept).store.files()[2].sha256
    assert digest in " ".join(said(kept))


def test_a_copy_that_is_altered_absent_or_extra_is_named(kept):
    first, second, *_ = sorted(p for p in (kept / "evidence").rglob("*") if p.is_file())
    first.chmod(0o644)
    first.write_bytes(first.read_bytes() + b" ")
    second.unlink()
    (kept / "evidence" / "more.eml").write_text("x", encoding="utf-8")
    found = said(kept)
    assert len(found) == 3
    assert f"evidence/{first.parent.name}/{first.name}: The kept copy was altered" in found[0]
    assert "evidence/more.eml: This is no kept copy" in " ".join(found)
    assert f"{second.name}: The kept copy of a file in the ledger is not there." in found[2]


def test_a_changed_case_toml_is_a_fault_until_a_command_has_read_it(kept):
    path = kept / "case.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# more\n", encoding="utf-8")
    assert "case.toml is not the one that commtrace last read (row 2" in said(kept)[0]
    case = Case.open(kept)
    case.view()
    case.close()
    assert said(kept) == []


def test_rows_and_digests_changed_together_do_not_fit_the_chain(kept):
    """Whoever knows how digests are made still cannot make them fit the row of the ingest."""
    case = Case.open(kept)
    with case.store.transaction() as connection:
        connection.exec_driver_sql("UPDATE body SET text = replace(text, 'Friday', 'Monday')")
        connection.exec_driver_sql("INSERT INTO search(search) VALUES ('rebuild')")
    case.close()
    assert "The evidence in the database is not what row 4 of the audit chain" in said(kept)[0]


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM audit WHERE id > 2",
        "DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)",
        "UPDATE audit SET words = NULL, who = NULL, salt = NULL, digest = 'y' WHERE id = 4",
    ],
)
def test_a_head_on_paper_shows_that_the_chain_was_cut_or_rewritten(kept, change):
    head = custody.verify(kept).head
    assert said(kept, head.digest) == []
    assert said(kept, f"row 4: {head.digest[:20]}\u200b{head.digest[20:]}") == []
    altered(kept, change)
    assert any("does not lie in the audit chain" in one for one in said(kept, head.digest))


def test_a_whole_chain_written_anew_verifies_without_a_head_and_not_with_one(kept, tmp_path):
    """What no program can see without a head kept elsewhere, and says so."""
    head = custody.verify(kept).head
    case = Case.open(kept)
    rows = case.custody()
    with case.store.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM audit")
        for row in rows:
            case.store.note(row.action, row.subject, row.words, "somebody else")
    case.close()
    found = custody.verify(kept)
    assert found.whole
    assert custody.NO_HEAD in found.notes
    assert not custody.verify(kept, head.digest).whole


def test_a_head_in_the_middle_of_the_chain_is_enough(kept):
    head = custody.verify(kept).head
    case = Case.open(kept)
    case.store.note("ruling", "", {}, "R. Ahmed")
    case.close()
    assert custody.verify(kept, head.digest).whole


@pytest.mark.parametrize("head", ["", "abc", "z" * 64])
def test_what_is_no_head_is_a_wrong_call(kept, head):
    with pytest.raises(CallError, match="64 hexadecimal digits"):
        custody.verify(kept, head)


def test_a_folder_that_is_no_case_is_said_to_be_none(tmp_path):
    with pytest.raises(CaseError, match="is not a case"):
        custody.verify(tmp_path)


def test_a_database_that_is_none_is_a_fault_and_no_error(kept):
    (kept / "case.db").write_bytes(b"not a database" * 1000)
    assert any("case.db" in one for one in said(kept))
    (kept / "case.db").unlink()
    assert "The case's database is not there." in said(kept)[0]


def test_a_case_on_a_read_only_medium_is_verified_all_the_same(kept, monkeypatch):
    case = Case.open(kept)
    case.close()
    for path in [*kept.rglob("*"), kept]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        assert custody.verify(kept).faults == ()
    finally:
        for path in [kept, *kept.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)


def test_the_command_names_every_fault_and_ends_with_one(kept):
    altered(kept, "UPDATE arrival SET custodian = 'Ben' WHERE id = 5")
    done = subprocess.run(
        [*PROGRAM, "verify", str(kept)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Row 5 of the table arrival was altered" in " ".join(done.stderr.split())
    told = subprocess.run(
        [*PROGRAM, "verify", str(kept), "--json"], capture_output=True, text=True, check=False
    )
    assert json.loads(told.stdout)["faults"][0]["where"] == "case.db"


def test_the_chain_tells_who_did_what_and_when(kept):
    case = Case.open(kept)
    case.ingest([], who="R. Ahmed")
    rows = case.custody()
    assert [row.action for row in rows] == [
        "case made", "case file read", "ingest begun", "ingest", "ingest begun", "ingest",
    ]  # fmt: skip
    assert [row.who for row in rows] == ["", "", "", "", "R. Ahmed", "R. Ahmed"]
    assert rows[3].words["ledger"]["files"] == 14
    assert rows[3].words["custodian"] == "Anna Vane"
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6]
    case.close()


def test_no_name_stands_in_what_the_digests_of_the_chain_cover(kept):
    """Names, paths and reasons lie sealed beside the chain, so that a purge can remove them."""
    with closing(sqlite3.connect(kept / "case.db")) as raw:
        covered = raw.execute("SELECT id, moment, action, subject, sealed, previous FROM audit")
        assert "Anna" not in repr(covered.fetchall())
    raw.close()
