"""Again changes nothing, late disclosure adds, and order or interruption make no difference."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cells import cell

from commtrace.errors import CaseError
from commtrace.evidence.ingest import alone

pytestmark = pytest.mark.usefixtures("mock_format")


def _some(place, numbers):
    return [place.mock(f"{n:03}.mock", f"say number {n}", f"say {n * n}") for n in numbers]


def test_a_second_ingest_changes_nothing(place):
    _some(place, range(10))
    place.mock("bad.mock", "raise x")
    place.ingest()
    before, fingerprint = place.dump(), place.store.fingerprint()
    assert place.ingest().new == 0
    assert place.dump() == before
    assert place.store.fingerprint() == fingerprint


def test_late_disclosure_adds_and_leaves_the_rest(place):
    _some(place, range(5))
    place.ingest()
    before = {c.id for c in place.store.communications()}
    fingerprint = place.store.fingerprint()
    _some(place, range(5, 8))
    assert place.ingest().new == 3
    assert before < {c.id for c in place.store.communications()}
    assert place.store.fingerprint() != fingerprint


def test_two_orders_of_arrival_give_one_case(place, another):
    first, second = _some(place, range(10)), _some(another, range(10))
    place.mock("copy of 3.mock", "say number 3", "say 9")
    another.mock("copy of 3.mock", "say number 3", "say 9")
    place.ingest(*first, place.evidence / "copy of 3.mock")
    another.ingest(another.evidence / "copy of 3.mock", *reversed(second))
    assert place.dump() == another.dump()
    assert place.store.fingerprint() == another.store.fingerprint()


def test_one_process_and_several_give_one_case(place, another):
    for made in (place, another):
        _some(made, range(20))
        made.mock("big.mock", "repeat 3000")
    place.ingest()
    another.ingest(read=cell(3))
    assert place.dump() == another.dump()


def test_the_same_bytes_of_two_custodians_are_two_sightings(place):
    a = place.mock("anna/m.mock", "say x")
    b = place.mock("ben/m.mock", "say x")
    place.ingest(a.parent, custodian="anna@wantsum.example")
    place.ingest(b.parent, custodian="ben@wantsum.example")
    (found,) = place.store.communications()
    assert [s.custodian for s in found.sightings] == [
        "anna@wantsum.example", "ben@wantsum.example"]  # fmt: skip
    assert sorted(f.status for f in place.store.files()) == ["duplicate", "read"]


def test_the_folder_map_says_whose_material_it_is(place):
    place.mock("anna/m.mock", "say x")
    place.ingest(custodian_of=lambda path: (path.split("/")[0], False))
    (found,) = place.store.communications()
    assert (found.sightings[0].custodian, found.sightings[0].custodian_inferred) == ("anna", False)


def test_two_ingests_at_once_are_refused(place):
    with alone(place.case), pytest.raises(CaseError, match="under way"):
        place.ingest()


_PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from mock_format import mock
from commtrace import plugins
from commtrace.evidence.ingest import ingest
from commtrace.store import Store
plugins.parsers = lambda: (mock,)
evidence, case = Path(sys.argv[2]), Path(sys.argv[3])
store = Store(f"sqlite:///{case / 'case.db'}")
def told(done, of, path):
    print(done, flush=True)
from commtrace.evidence.workers import serial
ingest([evidence], case_folder=case, store=store, read=serial, progress=told)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of POSIX")
@pytest.mark.parametrize("after", [1, 7])
def test_an_ingest_killed_midway_is_finished_by_the_next(place, another, after):
    for made in (place, another):
        _some(made, range(6))
        made.mock("big 1.mock", "repeat 4000")
        made.mock("zz big 2.mock", "say x", "repeat 4000")
    here = str(Path(__file__).parent)
    command = [sys.executable, "-c", _PROGRAM, here, str(place.evidence), str(place.case)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        for _ in range(after):
            run.stdout.readline()
        os.kill(run.pid, signal.SIGKILL)
    place.ingest()
    another.ingest()
    assert place.dump() == another.dump()
    assert not list(place.case.rglob("*.partial"))


def test_a_commit_that_fails_loses_nothing_that_the_next_ingest_does_not_bring(
    place, another, monkeypatch
):
    """Fail the Nth write, for every N until a run has no fault (SQLite's own way of testing)."""
    for made in (place, another):
        _some(made, range(3))
        made.mock("big.mock", "repeat 2500")
    another.ingest()
    add, failures = place.store.add_files, 0
    for fail_at in range(1, 50):
        calls = iter(range(1, 1000))

        def failing(*given, _calls=calls, _at=fail_at, **told):
            if next(_calls) == _at:
                raise CaseError("the disk is full")
            return add(*given, **told)

        monkeypatch.setattr(place.store, "add_files", failing)
        try:
            place.ingest()
        except CaseError:
            failures += 1
            continue
        break
    monkeypatch.undo()
    assert failures > 2
    assert place.dump() == another.dump()
