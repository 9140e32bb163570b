"""Programs of other makers run behind walls, and end with the worker that asked for them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from program_format import here, prepare, said, script

from commtrace import programs
from commtrace.evidence.workers import Limits, processes
from commtrace.parsers import _program

pytestmark = pytest.mark.skipif(os.name != "posix", reason="programs are run on POSIX systems only")


@pytest.fixture
def read(tmp_path, monkeypatch):
    """A pool whose workers know one program, a script."""
    monkeypatch.setenv("COMMTRACE_TEST_PROGRAM", str(script(tmp_path)))
    limits = Limits(seconds=20, seconds_per_mebibyte=0)
    return processes(1, limits=limits, prepare=prepare)


def ingested(place, read, words):
    place.write("one.run", f"RUN\n{words}")
    place.ingest(read=read)
    return place.texts(), place.reasons()["one.run"]


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_program_is_fed_and_heard_and_works_in_a_private_folder(place, read):
    texts, _ = ingested(place, read, "plain")
    assert texts == ["fed given 0o700 ['below', 'given', 'left']"]
    assert list((place.case / "spool").glob("*.work")) == []


def test_a_program_has_no_network_in_a_worker(place, read):
    if subprocess.run(["unshare", "-n", "true"], check=False, capture_output=True).returncode:
        pytest.skip("this system gives no network namespaces")
    texts, _ = ingested(place, read, "connect")
    assert texts[0].startswith("101 ['lo'] ")  # ENETUNREACH; a namespace's own loopback is down


@pytest.mark.parametrize("words", ["other", "bare", "python"])
def test_a_worker_starts_nothing_but_a_known_program_under_its_warden(place, read, words):
    texts, reason = ingested(place, read, words)
    assert (texts, "PermissionError" in reason) == ([], True)


def test_a_worker_removes_nothing_outside_its_private_folder(place, read, tmp_path):
    kept = tmp_path / "kept"
    kept.write_text("x", "utf-8")
    _, reason = ingested(place, read, f"remove {kept}")
    assert kept.exists()
    assert "PermissionError" in reason


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are found in /proc")
def test_a_program_and_what_it_started_end_with_a_worker_that_is_killed(
    place, tmp_path, monkeypatch
):
    monkeypatch.setenv("COMMTRACE_TEST_PROGRAM", str(script(tmp_path)))
    limits = Limits(seconds=2, seconds_per_mebibyte=0)
    read = processes(1, limits=limits, prepare=prepare)
    pids = tmp_path / "pids"
    place.write("one.run", f"RUN\nhang {pids}")
    place.ingest(read=read)
    assert place.reasons()["one.run"] == "Reading took longer than 2 seconds."
    started = [int(word) for word in Path(f"{pids}.done").read_text("ascii").split()]
    assert len(started) == 3
    ended = threading.Event()
    for _ in range(100):
        if not any(map(is_alive, started)):
            break
        ended.wait(0.05)
    assert [pid for pid in started if is_alive(pid)] == []
    assert list((place.case / "spool").glob("*.work")) == []


def test_what_a_killed_worker_left_is_wiped_by_the_next_ingest(place, mock_format):
    left = place.case / "spool" / "abc.work" / "below"
    left.mkdir(parents=True)
    (left / "letter.doc").write_text("x", "utf-8")
    place.mock("a.mock", "say one")
    place.ingest()
    assert list((place.case / "spool").glob("*.work")) == []


@pytest.mark.parametrize(("word", "why"), [
    ("fail", "it ended with status 3"),
    ("many", "it printed more than is taken"),
    ("eat", "it ended with status 1"),
])  # fmt: skip
def test_a_program_that_does_not_do_its_work_is_said_in_a_few_words(
    tmp_path, monkeypatch, capfd, word, why
):
    here(monkeypatch, script(tmp_path))
    with pytest.raises(_program.ProgramFailedError, match=f"^{why}$"):
        said(word)
    shown = capfd.readouterr()
    assert "secret" not in shown.out + shown.err


def test_a_program_that_takes_too_long_is_ended(tmp_path, monkeypatch):
    here(monkeypatch, script(tmp_path))
    with pytest.raises(_program.ProgramFailedError, match=r"^it took too long$"):
        _program.run("antiword", [f"hang {tmp_path / 'pids'}"], seconds=0.5)


def test_a_program_that_is_not_installed_is_missing(monkeypatch):
    monkeypatch.setattr(programs, "installed", dict)
    assert not _program.is_installed("readpst")
    with pytest.raises(_program.MissingProgramError, match="readpst is not installed"):
        _program.run("readpst", ["-V"])


def test_only_known_programs_are_looked_for():
    assert set(programs.installed()) <= {"antiword", "catdoc", "readpst", "soffice"}
