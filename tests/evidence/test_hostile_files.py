"""One hostile file ends in its state with a reason; the rest of the case finishes."""

from __future__ import annotations

import multiprocessing
import socket
import sys

import pytest
from cells import cell

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")


def _beside_good_ones(place, *commands, **limits):
    place.mock("1 before.mock", "say before")
    place.mock("2 hostile.mock", *commands)
    place.mock("3 after.mock", "say after")
    found = place.ingest(read=cell(**limits))
    assert place.states()["1 before.mock"] == "read"
    assert place.states()["3 after.mock"] == "read"
    assert found.balanced
    return place.states()["2 hostile.mock"], place.reasons()["2 hostile.mock"]


def test_a_parser_that_hangs_is_stopped(place):
    assert _beside_good_ones(place, "hang", seconds=1) == (
        "failed", "Reading took longer than 1 seconds.")  # fmt: skip
    assert ("2 hostile.mock", "timeout") in place.kinds()


def test_a_parser_that_spins_is_stopped(place):
    state, _ = _beside_good_ones(place, "spin", seconds=1)
    assert state == "failed"


def test_a_segmentation_fault_fails_its_file_alone(place):
    assert _beside_good_ones(place, "segv") == (
        "failed", "The reading process ended with SIGSEGV.")  # fmt: skip
    assert ("2 hostile.mock", "parser_crash") in place.kinds()


def test_a_killed_worker_fails_its_file_alone(place):
    assert _beside_good_ones(place, "kill") == (
        "failed", "The reading process ended with SIGKILL.")  # fmt: skip


def test_a_file_that_needs_too_much_memory_fails_alone(place):
    state, _ = _beside_good_ones(place, "oom", memory=256 << 20)
    assert state == "failed"
    assert ("2 hostile.mock", "out_of_memory") in place.kinds()


def test_a_worker_that_leaves_without_a_result_fails_its_file(place):
    assert _beside_good_ones(place, "exit0") == (
        "failed", "The reading process ended without a result.")  # fmt: skip


def test_what_was_spooled_before_a_crash_is_kept(place):
    state, reason = _beside_good_ones(place, "repeat 3000", "segv")
    assert state == "partly"
    assert "is kept" in reason
    assert len(place.texts()) > 1000


def test_an_exception_is_told_by_its_type_and_never_by_its_words(place):
    _, reason = _beside_good_ones(place, "raise Tamsin Achebe is 9")
    assert reason == "The file could not be read to its end (ValueError)."
    assert "Tamsin" not in repr(place.store.problems())


def test_what_was_read_before_an_exception_is_kept(place):
    state, _ = _beside_good_ones(place, "say first", "raise x")
    assert state == "partly"
    assert "first" in place.texts()


def test_endless_recursion_fails_its_file_alone(place):
    state, reason = _beside_good_ones(place, "recurse")
    assert (state, "RecursionError" in reason) == ("failed", True)


def test_what_a_parser_prints_reaches_nobody(place, capfd):
    state, _ = _beside_good_ones(place, "spew secret", "say read all the same")
    assert state == "read"
    shown = capfd.readouterr()
    assert "secret" not in shown.out + shown.err


def test_a_parser_may_not_fork(place):
    _, reason = _beside_good_ones(place, "fork")
    assert "PermissionError" in reason


def test_a_parser_may_not_start_a_program(place):
    _, reason = _beside_good_ones(place, "run")
    assert "PermissionError" in reason


def test_a_parser_may_not_write_outside_the_case(place, tmp_path):
    target = tmp_path / "escaped"
    _, reason = _beside_good_ones(place, f"write {target}")
    assert "PermissionError" in reason
    assert not target.exists()


def test_a_parser_may_not_write_into_the_evidence(place):
    target = place.evidence / "1 before.mock"
    _beside_good_ones(place, f"write {target}")
    assert target.read_text(encoding="utf-8").startswith("MOCK")


def test_a_parser_may_not_use_the_network(place):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        _beside_good_ones(place, f"connect {server.getsockname()[1]}")
        with pytest.raises(BlockingIOError):
            server.accept()
    assert place.states()["2 hostile.mock"] == "failed"


def test_every_hostile_file_at_once_leaves_the_good_ones_read(place):
    for number in range(20):
        place.mock(f"good {number:02}.mock", f"say number {number}")
    for command in ("segv", "kill", "exit0", "raise x", "oom"):
        place.mock(f"bad {command}.mock", command)
    found = place.ingest(read=cell(memory=256 << 20))
    assert (found.read, found.failed, found.balanced) == (20, 5, True)


def test_workers_leave_no_process_behind(place):
    _beside_good_ones(place, "hang", seconds=1)
    assert multiprocessing.active_children() == []
