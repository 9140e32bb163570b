"""What the walk finds and the copy keeps; the sources are only ever read."""

from __future__ import annotations

import os
import socket
import sys
from hashlib import sha256

import pytest

from commtrace.errors import CallError, CaseError
from commtrace.evidence import copy
from commtrace.evidence.walk import walk

posix = pytest.mark.skipif(sys.platform == "win32", reason="such files exist on POSIX only")
pytestmark = pytest.mark.usefixtures("mock_format")


def _looks(folder):
    """Digest, size and time of change of everything under a folder."""
    return {
        str(path): (sha256(path.read_bytes()).hexdigest(), path.stat().st_size,
                    path.stat().st_mtime_ns, path.stat().st_mode)
        for path in sorted(folder.rglob("*")) if path.is_file()
    }  # fmt: skip


def test_the_sources_are_untouched(place):
    place.mock("a/b.mock", "say x", "raise y")
    place.write("empty.eml", b"")
    place.write("big.bin", os.urandom(3 << 20))
    before = _looks(place.evidence)
    place.ingest()
    assert _looks(place.evidence) == before


@posix
def test_evidence_that_cannot_be_written_to_is_read(place):
    place.mock("a.mock", "say x").chmod(0o444)
    place.evidence.chmod(0o555)
    place.ingest()
    place.evidence.chmod(0o755)
    assert place.states() == {"a.mock": "read"}


@posix
def test_a_pipe_is_listed_and_waited_for_by_nobody(place):
    os.mkfifo(place.evidence / "pipe.eml")
    place.ingest()
    assert place.states() == {"pipe.eml": "excluded"}
    assert place.kinds() == {("pipe.eml", "not_regular_file")}


@posix
def test_a_socket_is_listed(place, monkeypatch):
    monkeypatch.chdir(place.evidence)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("s.eml")
        place.ingest()
    assert place.kinds() == {("s.eml", "not_regular_file")}


@posix
def test_links_are_listed_and_not_followed(place, tmp_path):
    outside = tmp_path / "outside.mock"
    outside.write_text("MOCK\nsay secret", encoding="utf-8")
    (place.evidence / "link.mock").symlink_to(outside)
    place.ingest()
    assert place.states() == {"link.mock": "excluded"}
    assert place.texts() == []


@posix
def test_a_link_to_its_own_folder_ends(place):
    (place.evidence / "sub").mkdir()
    (place.evidence / "sub" / "up").symlink_to(place.evidence)
    (place.evidence / "self").symlink_to(place.evidence / "self")
    place.ingest()
    assert place.kinds() == {("sub/up", "loop"), ("self", "loop")}


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS allows only UTF-8 names")
def test_a_name_that_is_not_utf8_is_kept_printable_and_doubted(place):
    odd = os.fsencode(place.evidence) + b"/caf\xe9.mock"
    with open(odd, "wb") as target:  # noqa: PTH123 - a Path cannot be made of these bytes
        target.write(b"MOCK\nsay read")
    place.ingest()
    assert place.states() == {"caf\\xe9.mock": "read"}
    assert place.kinds() == {("caf\\xe9.mock", "name_undecodable")}
    assert place.store.files()[0].problems == 1


def test_names_with_odd_characters_are_kept(place):
    names = {"a\u202eb.mock", "  .mock", "-rf.mock", "é\u0301.mock", "=1+1.mock", "x" * 200}
    for number, name in enumerate(sorted(names)):
        place.mock(name, f"say {number}")
    place.ingest()
    assert set(place.states()) == names


@posix
def test_a_file_that_may_not_be_read_fails_with_the_systems_reason(place, monkeypatch):
    opened = os.open

    def refused(path, flags):
        if str(path).endswith(".mock"):
            raise PermissionError(13, "Permission denied", "/home/tamsin")
        return opened(path, flags)

    monkeypatch.setattr(copy.os, "open", refused)
    place.mock("a.mock", "say x")
    place.ingest()
    assert place.reasons() == {"a.mock": "The file could not be read (EACCES: permission denied)."}


def test_a_folder_that_may_not_be_listed_is_a_row(place, monkeypatch):
    place.mock("shut/a.mock", "say x")
    listed = os.scandir

    def scandir(folder):
        if str(folder).endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    monkeypatch.setattr("commtrace.evidence.walk.os.scandir", scandir)
    place.ingest()
    assert place.states() == {"shut": "failed"}


def test_a_file_that_keeps_changing_while_it_is_read_fails(place, monkeypatch):
    path = place.mock("log.mock", "say x")
    kept = copy._keep_bytes

    def keep(data, copies):
        with path.open("ab") as target:
            target.write(b"\nsay more")
        return kept(data, copies)

    monkeypatch.setattr(copy, "_keep_bytes", keep)
    place.ingest()
    assert place.states() == {"log.mock": "failed"}
    assert place.kinds() == {("log.mock", "changed_during_read")}


def test_a_file_that_changed_once_while_it_was_read_is_read_again(place, monkeypatch):
    path = place.mock("log.mock", "say x")
    kept, times = copy._keep_bytes, []

    def keep(data, copies):
        if not times:
            path.write_text("MOCK\nsay rewritten", encoding="utf-8")
        times.append(1)
        return kept(data, copies)

    monkeypatch.setattr(copy, "_keep_bytes", keep)
    place.ingest()
    assert place.texts() == ["rewritten"]


def test_a_disk_that_is_full_stops_the_ingest_and_not_the_file(place, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    place.mock("a.mock", "say x")
    monkeypatch.setattr(copy.Path, "write_bytes", full)
    with pytest.raises(CaseError, match="no space"):
        place.ingest()


def test_content_lies_in_the_case_under_its_hash(place):
    data = b"MOCK\nsay kept"
    place.write("a.mock", data)
    place.ingest()
    digest = sha256(data).hexdigest()
    assert (place.case / "evidence" / digest[:2] / digest).read_bytes() == data


def test_a_large_file_is_copied_whole(place):
    data = os.urandom(5 << 20)
    place.write("big.bin", data)
    place.ingest()
    digest = sha256(data).hexdigest()
    assert (place.case / "evidence" / digest[:2] / digest).read_bytes() == data


def test_no_partial_copy_or_spool_is_left(place):
    place.mock("a.mock", "repeat 3000")
    place.write("big.bin", os.urandom(3 << 20))
    place.ingest()
    left = [path.name for path in place.case.rglob("*") if path.suffix in {".partial", ".found"}]
    assert left == []


def test_what_the_system_keeps_for_itself_is_excluded(place):
    place.write("Thumbs.db", b"x")
    place.write(".DS_Store", b"x")
    place.ingest()
    assert set(place.states().values()) == {"excluded"}


def test_a_case_inside_the_evidence_is_left_out_with_a_row(tmp_path, place):
    place.mock("a.mock", "say x")
    place.ingest(tmp_path)
    assert place.states() == {"case": "excluded", "evidence/a.mock": "read"}


def test_a_path_that_is_not_there_is_a_wrong_call(place):
    with pytest.raises(CallError, match="no file or folder"):
        place.ingest(place.evidence / "nothing")


def test_paths_are_relative_to_what_was_given(place):
    path = place.mock("deep/er/a.mock", "say x")
    place.ingest(path)
    assert place.states() == {"a.mock": "read"}


def test_the_walk_is_sorted_whatever_the_disk_says(place, monkeypatch):
    for name in ("b.mock", "a/z.mock", "C.mock"):
        place.mock(name, "say x")
    forwards = [c.path for c in walk([place.evidence])]
    listed = os.scandir
    monkeypatch.setattr(
        "commtrace.evidence.walk.os.scandir", lambda folder: reversed(list(listed(folder)))
    )
    assert [c.path for c in walk([place.evidence])] == forwards
