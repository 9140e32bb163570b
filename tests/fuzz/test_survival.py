"""An ingest that is killed, runs into faults or out of disk, and what the next one makes of it.

Whatever stops an ingest, the next gives the case that an undisturbed one gives: nothing twice,
nothing lost, nothing left over, no fault for `verify`; and what stopped it is one sentence.
`COMMTRACE_FUZZ=release` raises the sizes.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "parsers"))
from office import LOG, workbook
from wrapped import zip_of

from commtrace.case import Case
from commtrace.errors import CommtraceError
from commtrace.report import export

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 and fork are of POSIX")
RELEASE = os.environ.get("COMMTRACE_FUZZ") == "release"
KILLS, POINTS, SIZES = (2000, 10_000, 300) if RELEASE else (100, 30, 20)
KILLS_A_CASE = 5  # before it may finish

MAIL = (
    "From: Rosa Quill <rosa{n}@families.example>\r\nTo: Desk <desk@council.example>\r\n"
    "Date: Mon, {day:02} Feb 2022 10:{minute:02}:00 +0000\r\n"
    "Message-ID: <{kind}{n}@mail.example>\r\n"
    "Subject: Taxi {n}\r\n\r\nPlease confirm the taxi for route {n}. Could you reply by Friday?\r\n"
)


def mail(n: int, kind: str = "m") -> str:
    return MAIL.format(n=n, kind=kind, day=n % 27 + 1, minute=n % 60)


@pytest.fixture(scope="module")
def box(tmp_path_factory):
    """Mail, a mailbox, a zip in a zip, a workbook, a damaged file, two copies of one."""
    folder = tmp_path_factory.mktemp("survival") / "box"
    folder.mkdir()
    for n in range(12):
        (folder / f"{n:02}.eml").write_text(mail(n), newline="")
    (folder / "again.eml").write_bytes((folder / "03.eml").read_bytes())
    lines = "".join(f"From x@y Mon Feb  7 10:00:00 2022\n{mail(n, 'b')}\n" for n in range(60))
    (folder / "box.mbox").write_text(lines.replace("\r\n", "\n"))
    inner = zip_of(("deep.eml", mail(1, "z").encode()))
    (folder / "nested.zip").write_bytes(
        zip_of(("in.zip", inner), ("top.eml", mail(2, "z").encode()))
    )
    (folder / "log.xlsx").write_bytes(workbook(("Log", LOG)))
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 nothing behind it")
    return folder


@pytest.fixture(scope="module")
def survivor():
    """A process that forks a child for each command."""
    with subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("survivor.py"))],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None

        def ask(**command):
            process.stdin.write(json.dumps(command) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield ask
        process.stdin.close()


@pytest.fixture(scope="module")
def undisturbed(survivor, box, tmp_path_factory):
    """What an ingest gives that nothing stops, and how long it takes."""
    folder = tmp_path_factory.mktemp("undisturbed") / "case"
    told = survivor(act="ingest", case=str(folder), box=str(box))
    assert told["ended"] == "whole", told
    return dump(folder), told["seconds"]


def dump(folder: Path) -> list[str]:
    """All that a case says, without the chain of when it was done."""
    case = Case.open(folder)
    try:
        said = [repr(row) for row in (*case.files(), *case.problems(), *case.contained())]
        said += [repr(one) for one in case.communications()]
        texts = case.store.texts([one.id for one in case.communications()])
        return [*said, *(f"{name} {text}" for name, text in sorted(texts.items()))]
    finally:
        case.close()


def whole(folder: Path, expected: list[str]) -> None:
    """Nothing lost, nothing twice, nothing left over, no fault."""
    assert dump(folder) == expected
    left = [p.name for p in folder.rglob("*") if p.suffix in {".partial", ".part", ".new"}]
    assert left == []
    case = Case.open(folder)
    try:
        assert case.verify().faults == ()
        assert case.reconciliation().balanced
    finally:
        case.close()


def test_a_case_whose_ingests_are_killed_becomes_what_an_undisturbed_one_is(
    survivor, box, undisturbed, tmp_path
):
    expected, seconds = undisturbed
    dice, kills, number = random.Random(10), 0, 0  # noqa: S311 - a fixed seed
    while kills < KILLS:
        folder = tmp_path / f"case{number}"
        number += 1
        for _ in range(KILLS_A_CASE):
            told = survivor(act="ingest", case=str(folder), box=str(box),
                            kill_after=dice.uniform(0, seconds))  # fmt: skip
            kills += told["ended"] == "killed"
            assert told["ended"] in {"killed", "whole"}, told
        told = survivor(act="ingest", case=str(folder), box=str(box))
        assert told["ended"] == "whole", told
        whole(folder, expected)
        shutil.rmtree(folder)


def points(survivor, box, folder: Path) -> list[int]:
    """The numbers of the operations to fail: all of them, or as many spread over all."""
    told = survivor(act="ingest", case=str(folder), box=str(box), fail=None)
    assert told["ended"] == "whole", told
    every = range(1, told["count"] + 1)
    return list(every) if len(every) <= POINTS else _some(every)


def _some(every: range) -> list[int]:
    return random.Random(11).sample(every, POINTS)  # noqa: S311 - a fixed seed


def test_whatever_operation_fails_is_a_sentence_and_the_next_ingest_is_whole(
    survivor, box, undisturbed, tmp_path
):
    ended: Counter[str] = Counter()
    wrong = []
    for at in points(survivor, box, tmp_path / "counted"):
        folder = tmp_path / f"case{at}"
        told = survivor(act="ingest", case=str(folder), box=str(box), fail=at)
        ended[told["ended"]] += 1
        if told["ended"] == "raised" or len(told["said"].splitlines()) > 1:
            wrong.append((at, told["said"]))
        told = survivor(act="ingest", case=str(folder), box=str(box))
        assert told["ended"] == "whole", (at, told)
        whole(folder, undisturbed[0])
        shutil.rmtree(folder)
    assert wrong == []
    assert ended["said"] > POINTS // 4, ended


def test_a_disk_that_fills_up_stops_with_a_sentence_and_the_next_ingest_resumes(
    survivor, box, undisturbed, tmp_path
):
    largest = 700_000  # bytes: the database of the undisturbed case is smaller
    ended: Counter[str] = Counter()
    wrong = []
    for n in range(SIZES):
        folder = tmp_path / f"case{n}"
        size = 4096 + largest * n // SIZES
        told = survivor(act="ingest", case=str(folder), box=str(box), file_size=size)
        ended[told["ended"]] += 1
        if told["ended"] == "raised" or len(told["said"].splitlines()) > 1:
            wrong.append((size, told["said"]))
        told = survivor(act="ingest", case=str(folder), box=str(box))
        assert told["ended"] == "whole", (size, told)
        whole(folder, undisturbed[0])
        shutil.rmtree(folder)
    assert wrong == []
    assert ended["said"] >= SIZES // 4, ended


_EXPORTED = """
import sys
from pathlib import Path
from commtrace.case import Case
from commtrace.evidence import ingest, workers
from commtrace.report import export
count, folder, out, *paths = sys.argv[1:]
made = workers.processes(int(count)) if int(count) else workers.serial
ingest.processes = lambda: made
if __name__ == "__main__":
    case = Case.create(Path(folder))
    each = [[Path(path)] for path in paths] if count == "0" else [[Path(path) for path in paths]]
    for some in each:
        case.ingest(some, custodian="Anna Vane", supplied_by="ICT")
    export(case, Path(out))
"""


WAYS = {
    "plain": (0, 1, {}),
    "backwards in New York": (0, -1, {"TZ": "America/New_York", "LC_ALL": "C"}),
    "one worker in Kolkata": (1, 1, {"TZ": "Asia/Kolkata", "PYTHONHASHSEED": "7"}),
    "eight workers backwards in German": (8, -1, {"LANG": "de_DE.UTF-8"}),
}


@pytest.mark.parametrize("way", WAYS)
def test_order_workers_zone_and_language_change_no_byte_of_the_export(
    box, undisturbed_export, tmp_path, way
):
    workers, order, place = WAYS[way]
    program = tmp_path / "exported.py"
    program.write_text(_EXPORTED)
    paths = [str(path) for path in sorted(box.iterdir())][::order]
    command = [
        sys.executable,
        str(program),
        str(workers),
        str(tmp_path / "case"),
        str(tmp_path / "out"),
    ]
    done = subprocess.run([*command, *paths], env={**os.environ, **place}, capture_output=True,
                          text=True, check=False, timeout=120)  # fmt: skip
    assert done.returncode == 0, done.stderr[-500:]
    assert hashes(tmp_path / "out") == undisturbed_export


@pytest.fixture(scope="module")
def undisturbed_export(survivor, box, undisturbed, tmp_path_factory):
    del undisturbed
    folder = tmp_path_factory.mktemp("exported")
    assert survivor(act="ingest", case=str(folder / "case"), box=str(box))["ended"] == "whole"
    case = Case.open(folder / "case")
    export(case, folder / "out")
    case.close()
    return hashes(folder / "out")


def hashes(folder: Path) -> dict[str, str]:
    return {p.name: sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


FLIPS = 1000 if RELEASE else 100


@pytest.fixture(scope="module")
def rotting(survivor, box, tmp_path_factory):
    """A whole case, an entry in it, whose files may be damaged and are put right again."""
    folder = tmp_path_factory.mktemp("rot") / "case"
    assert survivor(act="ingest", case=str(folder), box=str(box))["ended"] == "whole"
    assert verify_faults(folder) == 0
    return folder


def verify_faults(folder: Path) -> int:
    """How many faults `verify` names; a case that it cannot open at all is one."""
    try:
        case = Case.open(folder)
    except CommtraceError:
        return 1
    try:
        return len(case.verify().faults)
    finally:
        case.close()


def test_a_flipped_bit_of_the_evidence_or_of_case_toml_is_named(rotting):
    files = [p for p in sorted(rotting.rglob("*")) if p.is_file() and p.name != "case.db"]
    kept = [path for path in files if path.stat().st_size]
    dice = random.Random(24)  # noqa: S311 - a fixed seed
    for _ in range(FLIPS):
        path = dice.choice(kept)
        assert faults_of(path, flipped(path.read_bytes(), dice), rotting), path.name


def test_a_flipped_bit_of_the_database_is_named_or_changes_nothing_that_is_said(rotting):
    path, dice = rotting / "case.db", random.Random(25)  # noqa: S311 - a fixed seed
    before, unnoticed = dump(rotting), []
    whole_bytes = path.read_bytes()
    for n in range(FLIPS):
        data = flipped(whole_bytes, dice)
        if faults_of(path, data, rotting):
            continue
        path.write_bytes(data)
        if dump(rotting) != before:
            unnoticed.append(n)
        path.write_bytes(whole_bytes)
    assert unnoticed == []


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_database_cut_short_is_named(rotting, share):
    path = rotting / "case.db"
    data = path.read_bytes()
    assert faults_of(path, data[: int(len(data) * share)], rotting)


def faults_of(path: Path, data: bytes, folder: Path) -> int:
    """The faults of a case one file of which holds `data`; the file is put right again."""
    whole_bytes = path.read_bytes()
    mode = path.stat().st_mode
    path.chmod(0o600)
    try:
        path.write_bytes(data)
        return verify_faults(folder)
    finally:
        path.write_bytes(whole_bytes)
        path.chmod(mode)
        for beside in ("case.db-wal", "case.db-shm"):
            (folder / beside).unlink(missing_ok=True)


def flipped(data: bytes, dice: random.Random) -> bytes:
    place, bit = dice.randrange(len(data)), dice.randrange(8)
    return data[:place] + bytes([data[place] ^ (1 << bit)]) + data[place + 1 :]
