"""A purge leaves nothing of the material in any byte of the case folder, and says what it did."""

from __future__ import annotations

import base64
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime

import pytest

from commtrace import custody
from commtrace.case import Case
from commtrace.errors import CallError, CaseError
from commtrace.model import Decision, Disposition
from commtrace.store import purge as rows

pytestmark = pytest.mark.usefixtures("in_this_process")
TOKENS = ("zqxsubject", "zqxbodyword", "zqxperson", "zqxattached", "zqxfilename")
MAIL = """From: Zqxperson <zqxperson@families.example>\r
To: Desk <desk@council.example>\r
Date: Tue, 15 Feb 2022 10:00:00 +0000\r
Message-ID: <zqx@families.example>\r
Subject: zqxsubject of a child\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: text/plain\r
\r
The zqxbodyword stands here. Could you reply by 1 March?\r
--b\r
Content-Type: text/plain; name="zqxattached.txt"\r
Content-Disposition: attachment; filename="zqxattached.txt"\r
\r
zqxattached too\r
--b--\r
"""


def forms(token):
    for word in (token, token.capitalize(), token.upper()):
        yield word.encode()
        yield word.encode("utf-16-le")
        yield word.encode("utf-16-be")
        for shift in range(3):  # the three ways a word can lie in base64
            yield base64.b64encode(b" " * shift + word.encode())[2 + shift : -4]


def residues(folder):
    data = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    names = {path: str(path).encode() for path in folder.rglob("*")}
    return [
        (path.name, form)
        for token in TOKENS
        for form in forms(token)
        for path, held in [*data.items(), *names.items()]
        if form in held
    ]


@pytest.fixture
def case(tmp_path, letters):
    box = letters(tmp_path / "box", range(30))
    (box / "zqxfilename.eml").write_bytes(MAIL.encode())
    made = Case.create(tmp_path / "case")
    made.ingest([box / "zqxfilename.eml"], custodian="Ben")
    made.ingest([box], custodian="Ben")
    made.view()
    yield made
    made.close()


def secret(case):
    (found,) = case.search("zqxbodyword")
    return found


def test_nothing_of_a_purged_item_is_left_in_any_byte_of_the_case(case):
    name = secret(case)
    digest = case.communication(name).source.sha256
    case.store.note("ruling", digest, {"because": "zqxperson rang"}, "R. Ahmed")
    case.store.add_decision(
        Decision(
            subject="f1",
            state=Disposition.CONFIRMED,
            because="zqxsubject was seen",
            who="R. Ahmed",
            when=datetime(2026, 3, 2, tzinfo=UTC),
            cites=(case.communication(name).source,),
        )
    )
    before = case.reconciliation()
    assert residues(case.folder)
    done = case.purge(items=[name], because="erasure asked for", who="D. Officer")
    assert done.contents[0][0] == digest
    assert done.counts["record"] == 2  # the message, and the letter attached to it
    assert residues(case.folder) == [], residues(case.folder)
    assert custody.verify(case.folder).faults == ()
    after = case.reconciliation()
    assert after.balanced
    assert (after.communications, after.files) == (before.communications - 2, before.files)
    assert case.store.resolve(name) is None


def test_the_certificate_says_what_was_removed_and_what_may_hold_it_still(case):
    case.made(custody.REPORT, {"working-paper.pdf": "0" * 64}, out="papers")
    name = secret(case)
    done = case.purge(items=[name], because="erasure", who="D. Officer")
    assert done.row.who == "D. Officer"
    assert done.row.words["because"] == "erasure"
    assert [row.words["out"] for row in done.papers] == ["papers"]
    assert done.words_of  # the ingest that named the file by itself
    assert any("quote" in note for note in done.notes)
    assert case.store.broken_audit() is None


def test_what_was_purged_is_known_by_its_hash_and_not_taken_in_again(case, tmp_path):
    name = secret(case)
    digest = case.communication(name).source.sha256
    case.purge(items=[digest], because="erasure", who="D. Officer")
    case.ingest([tmp_path / "box"])
    (row,) = [f for f in case.files() if f.path.endswith("zqxfilename.eml")]
    assert row.status == "excluded"
    assert row.reason.startswith("Purged on ")
    assert case.search("zqxbodyword") == []
    assert not list((case.folder / "evidence").rglob(digest))
    assert custody.verify(case.folder).faults == ()
    case.ingest([tmp_path / "box"], take_purged=True)
    assert len(case.search("zqxbodyword")) == 1


def test_a_custodians_material_goes_and_what_another_holds_too_stays(case, tmp_path, letters):
    shared = letters(tmp_path / "other", range(3))
    case.ingest([shared], custodian="Anna")
    done = case.purge(custodian="Ben", because="wrong box", who="D. Officer")
    assert len(done.kept) == 3
    assert {f.custodian for f in case.files() if f.sha256} == {"Anna"}
    assert sum(1 for _ in case.communications()) == 3
    assert residues(case.folder) == []
    assert custody.verify(case.folder).faults == ()


def test_a_copy_that_stays_takes_the_old_names_along(case, tmp_path, letters):
    """The same message lies in two files; the purge of one leaves the other under a known name."""
    box = letters(tmp_path / "copies", [5])
    path = box / "005.eml"
    path.write_bytes(path.read_bytes().replace(b"Subject:", b"X-Copy: 1\r\nSubject:"))
    case.ingest([box], custodian="Anna")
    (found,) = [c for c in case.communications() if c.message_id == "m5@families.example"]
    assert len(found.sightings) == 2
    case.purge(items=[found.source.sha256], because="one copy", who="D. Officer")
    assert case.communication(found.id).message_id == "m5@families.example"
    assert len(case.communication(found.id).sightings) == 1
    assert custody.verify(case.folder).faults == ()


def test_an_item_in_a_mailbox_goes_only_with_the_whole_file(case, tmp_path):
    box = tmp_path / "all.mbox"
    mails = [p.read_bytes() for p in sorted((tmp_path / "box").glob("00[0-2].eml"))]
    mails.append(MAIL.encode())
    box.write_bytes(b"".join(b"From a@b Tue Feb 15 10:00:00 2022\r\n" + m + b"\r\n" for m in mails))
    case.ingest([box], custodian="Anna")
    name = secret(case)
    with pytest.raises(CallError, match="beside 3 other communications"):
        case.purge(items=[name], because="erasure", who="D. Officer")
    done = case.purge(items=[name], because="erasure", who="D. Officer", whole_files=True)
    assert done.counts["record"] >= 4
    assert len(done.contents) == 2  # the mailbox, and the file that held the message alone
    assert residues(case.folder) == []


def test_a_purge_that_was_cut_off_is_finished_by_the_same_command(case, monkeypatch):
    name = secret(case)
    digest = case.communication(name).source.sha256
    monkeypatch.setattr(case.store, "scrub", lambda: (_ for _ in ()).throw(CaseError("cut off")))
    with pytest.raises(CaseError, match="cut off"):
        case.purge(items=[digest], because="erasure", who="D. Officer")
    monkeypatch.undo()
    assert custody.CUT_OFF in custody.verify(case.folder).notes
    case.purge(items=[digest], because="erasure", who="D. Officer")
    assert residues(case.folder) == []
    assert custody.CUT_OFF not in custody.verify(case.folder).notes


def test_another_reader_of_the_database_is_told_and_the_purge_can_be_given_again(case, monkeypatch):
    """A page that SQLite may not overwrite yet is not clean: the command must not say it is."""
    name = secret(case)
    with closing(sqlite3.connect(case.folder / "case.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM body").fetchone()
        digest = case.communication(name).source.sha256
        monkeypatch.setattr(rows, "WAIT", 0)
        with pytest.raises(CaseError, match="another program has the case open"):
            case.purge(items=[digest], because="erasure", who="D. Officer")
    reader.close()
    case.purge(items=[digest], because="erasure", who="D. Officer")
    assert residues(case.folder) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"items": ["0" * 64]}, "Nothing of what was named"),
        ({"items": ["nothing"]}, "no communication nothing"),
        ({"custodian": "Nobody"}, "Nothing of what was named"),
        ({}, "Name either items or one custodian"),
        ({"items": ["x"], "custodian": "Ben"}, "Name either items or one custodian"),
        ({"items": ["x"], "because": " "}, "needs a reason"),
        ({"items": ["x"], "who": ""}, "name of the person"),
    ],
)
def test_a_purge_of_nothing_is_a_wrong_call(case, given, said):
    with pytest.raises(CallError, match=said):
        case.purge(**{"because": "erasure", "who": "D. Officer", **given})


def test_the_command_prints_the_certificate(case):
    name = secret(case)
    case.close()
    program = [sys.executable, "-c", "from commtrace.cli import main; main()", "purge"]
    given = [str(case.folder), "--item", name, "--because", "erasure", "--who", "D. Officer"]
    done = subprocess.run([*program, *given], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Purged by D. Officer" in done.stdout
    assert "Files removed: 1." in done.stdout
    assert not any(token in done.stdout for token in TOKENS)
