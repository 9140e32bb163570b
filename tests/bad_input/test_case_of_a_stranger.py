"""A case folder can come from somebody else, or be damaged: a sentence, and nothing happens."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from commtrace.case import Case
from commtrace.errors import CallError, CaseError, CaseFileError

PROGRAM = [sys.executable, "-c", "from commtrace.cli import main; main()"]
MESSAGE = (
    b"From: Anna Price <anna.price@wantsum.example>\r\nTo: ben@wantsum.example\r\n"
    b"Date: Mon, 7 Feb 2022 09:30:00 +0000\r\nSubject: Transport\r\n\r\nThe good message.\r\n"
)
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    (folder / "box").mkdir()
    (folder / "box" / "a.eml").write_bytes(MESSAGE)
    made = Case.create(folder / "case")
    made.ingest([folder / "box"])
    made.close()
    return made.folder


@pytest.fixture
def case(tmp_path, whole):
    """A case with one message in it, closed."""
    return shutil.copytree(whole, tmp_path / "case")


def commtrace(*arguments):
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


@POSIX
@pytest.mark.parametrize("name", ["evidence", "spool", "spool/lock", "case.db", "case.db-wal"])
def test_a_link_inside_a_case_is_never_followed(case, tmp_path, name):
    """It had files outside the case written, and `*.found` files there removed."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "mine.found").write_text("kept", encoding="utf-8")
    inside = case / name
    if inside.exists():
        inside.rename(tmp_path / "moved")
    inside.symlink_to(outside if name in {"evidence", "spool"} else outside / "new")
    with pytest.raises(CaseError, match="is a link or no file at all"):
        Case.open(case)
    assert [path.name for path in outside.iterdir()] == ["mine.found"]


@POSIX
def test_a_pipe_in_place_of_a_database_is_waited_for_by_nobody(case):
    (case / "case.db").unlink()
    os.mkfifo(case / "case.db")
    with pytest.raises(CaseError, match=r"case\.db in the case"):
        Case.open(case)


@pytest.mark.parametrize("content", [b"\x00garbage" * 700, b"SQLite format 3\x00" + b"\xff" * 9000])
def test_a_database_of_something_else_is_named(case, content):
    (case / "case.db").write_bytes(content)
    with pytest.raises(CaseError, match="damaged or is not one of commtrace"):
        Case.open(case)


def test_damage_that_is_noticed_late_is_told_in_the_same_sentence(case):
    """A page in the middle is broken: opening works, reading does not."""
    path = case / "case.db"
    data = bytearray(path.read_bytes())
    place = data.index(b"The good message.")
    page = int.from_bytes(data[16:18], "big")
    start = place // page * page
    data[start : start + page] = b"\xff" * page
    path.write_bytes(data)
    with pytest.raises(CaseError, match="damaged"):  # noqa: PT012 - wherever it is noticed
        opened = Case.open(case)
        for found in opened.communications():
            opened.text(found.id)
        opened.search("message")


@pytest.mark.parametrize(
    ("part", "words"), [((), "was altered"), (("somewhere",), "could not be read again|altered")]
)
def test_a_kept_copy_that_was_altered_is_not_shown_as_evidence(case, part, words):
    opened = Case.open(case)
    (found,) = opened.communications()
    (copy,) = [path for path in (case / "evidence").rglob("*") if path.is_file()]
    copy.chmod(0o600)
    copy.write_bytes(MESSAGE.replace(b"good", b"evil"))
    source = found.sightings[0].source
    where = type(source)(sha256=source.sha256, path=source.path, part=part)
    with pytest.raises(LookupError, match=words):
        opened.bytes(where)
    opened.close()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = " + "[" * 100_000 + "]" * 100_000, "too deeply"),
        ('title = "a\0b"', "cannot be read as TOML"),
        ('"bo\\u001b[2Jgus" = 1', "is not a key"),
        ("title = '''" + "x" * (17 << 20) + "'''", "larger than"),
    ],
    ids=["deep", "nul", "escape", "huge"],
)
def test_a_hostile_case_file_is_one_sentence(case, text, words):
    (case / "case.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CaseFileError, match=words):
        Case.open(case)


@pytest.mark.parametrize(
    "address",
    [
        'x"]\n[[parties]]\nid = "evil',
        "x'''\ntitle = 'taken'",
        "\x1b[2J\u202e@x.example",
        "a\\u0022]",
    ],
)
def test_placing_an_address_can_add_nothing_but_the_address(tmp_path, address):
    text = 'title = "Mine"\n[[parties]]\nid = "get"\nkind = "directorate"\n'
    case = Case.create(tmp_path / "case", text=text)
    case.place(address, "get")
    (party,) = case.brief.parties
    assert case.brief.title == "Mine"
    assert party.addresses == (address.strip().casefold(),)
    case.close()


@POSIX
def test_names_of_files_cannot_steer_the_terminal(tmp_path):
    names = ["\x1b[2J\x1b]0;owned\x07.eml", "\u202egnp.eml", "\u009b31m.eml", "a\nread: b.eml"]
    (tmp_path / "box").mkdir()
    for number, name in enumerate(names):
        (tmp_path / "box" / name).write_bytes(b"\0\xff%d" % number)
    Case.create(tmp_path / "case").close()
    done = commtrace("ingest", tmp_path / "case", tmp_path / "box")
    assert done.returncode == 0
    assert not set(done.stdout) & set("\x1b\x07\u202e\u009b")
    assert "[U+001B][2J" in done.stdout
    assert "a read: b.eml" in done.stdout
    assert not set(commtrace("gaps", tmp_path / "\x1b[2J").stderr) & {"\x1b"}


def test_papers_that_cannot_be_written_are_one_sentence(case, tmp_path):
    target = tmp_path / "taken"
    target.write_text("a file", encoding="utf-8")
    done = commtrace("export", case, "--out", target)
    assert done.returncode == 1
    assert done.stderr.strip().endswith("name a folder with room that you may write to.")
    assert target.read_text(encoding="utf-8") == "a file"


@POSIX
def test_a_link_that_leads_to_itself_can_be_named_and_is_listed(case, tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    opened = Case.open(case)
    opened.ingest([tmp_path / "loop"])
    assert {f.path: str(f.status) for f in opened.files()}["loop"] == "excluded"
    opened.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit is one of Linux")
def test_no_room_for_a_copy_is_no_failing_of_the_evidence(tmp_path):
    """The file was listed as one that could not be read, though it was the case that was full."""
    (tmp_path / "box").mkdir()
    (tmp_path / "box" / "large.eml").write_bytes(MESSAGE + b"x" * 6_000_000)
    case = Case.create(tmp_path / "case")
    program = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (2 << 20, 2 << 20));"
        "from commtrace.cli import main; main()"
    )
    words = [sys.executable, "-c", program, "ingest", str(case.folder), str(tmp_path / "box")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "The case cannot be written" in done.stderr
    assert case.files() == ()
    case.ingest([tmp_path / "box"])
    assert [str(file.status) for file in case.files()] == ["read"]
    assert not list(Path(case.folder, "evidence").glob("*.partial"))
    case.close()


def test_words_of_a_call_that_are_not_text_are_kept_as_far_as_they_are(case, tmp_path):
    (tmp_path / "b.eml").write_bytes(MESSAGE + b"Another.")
    opened = Case.open(case)
    opened.ingest([tmp_path / "b.eml"], custodian="Pri\udcff", supplied_by="\ud800 clerk")
    (file,) = [file for file in opened.files() if file.path == "b.eml"]
    assert (file.custodian, file.supplied_by) == ("Pri?", "? clerk")
    opened.close()


def test_a_case_inside_itself_is_refused(case):
    opened = Case.open(case)
    with pytest.raises(CallError, match="lies inside the case"):
        opened.ingest([case / "evidence"])
    opened.close()
