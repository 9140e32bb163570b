"""How the cost of ingest grows with the messages, and how large the case is beside its evidence.

    python benchmarks/growth.py [--sizes 10000 20000 50000 100000 200000]

One mailbox of invented council mail for each size, taken into a new case by a process of its own;
then the language pass over its texts, in the same worker processes. CPU is user and system time of
the whole process tree less that of a mailbox of one message, memory the peak of any one process.
The slope is that of a straight line through the logarithms: 1.00 is a cost that doubles when the
messages double. The case is everything in its folder once it is closed: the kept copy and the
database.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import letterbox

from commtrace.case import Case


@dataclass(frozen=True, slots=True)
class Run:
    """What one size cost: CPU seconds, peak MB of any process, bytes of mailbox and of case."""

    messages: int
    cpu: float
    peak: float
    mailbox: int
    case: int


def _take_in(mailbox: Path, folder: Path) -> None:
    case = Case.create(folder)
    case.ingest([mailbox])
    ledger = case.reconciliation()
    if not ledger.balanced:
        raise SystemExit("The ledger does not balance.")
    case.close()
    print(json.dumps(ledger.communications))


def _run(messages: int) -> Run:
    with tempfile.TemporaryDirectory() as scratch:
        mailbox, folder = Path(scratch) / "many.mbox", Path(scratch) / "case"
        letterbox.invented(mailbox, messages)
        command = [sys.executable, __file__, "--take-in", str(mailbox), str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
            said = run.stdout.read() if run.stdout else ""
            _, status, used = os.wait4(run.pid, 0)
            run.returncode = os.waitstatus_to_exitcode(status)
        if run.returncode:
            raise SystemExit(f"{messages:,} messages: ended with {run.returncode}")
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        return Run(
            messages=json.loads(said),
            cpu=used.ru_utime + used.ru_stime,
            peak=used.ru_maxrss / 1024,
            mailbox=mailbox.stat().st_size,
            case=size,
        )


def slope(points: list[tuple[float, float]]) -> float:
    """The least-squares slope of log y over log x."""
    logs = [(math.log(x), math.log(y)) for x, y in points]
    middle_x = sum(x for x, _ in logs) / len(logs)
    middle_y = sum(y for _, y in logs) / len(logs)
    above = sum((x - middle_x) * (y - middle_y) for x, y in logs)
    return above / sum((x - middle_x) ** 2 for x, _ in logs)


def main() -> None:
    """Measure each size and print the table and the slope."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument(
        "--sizes", nargs="+", type=int, default=[10_000, 20_000, 50_000, 100_000, 200_000]
    )
    asked.add_argument("--take-in", nargs=2, type=Path, help=argparse.SUPPRESS)
    told = asked.parse_args()
    if told.take_in:
        _take_in(*told.take_in)
        return
    start = _run(1).cpu
    print(f"{'messages':>9}{'MB':>9}{'CPU s':>9}{'msg/CPU-s':>11}{'peak MB':>9}{'case/input':>12}")
    points = []
    for size in told.sizes:
        run = _run(size)
        cpu = run.cpu - start
        points.append((float(run.messages), cpu))
        print(
            f"{run.messages:9,}{run.mailbox / 1e6:9.1f}{cpu:9.1f}{run.messages / cpu:11.0f}"
            f"{run.peak:9.0f}{run.case / run.mailbox:12.2f}",
            flush=True,
        )
    print(f"slope {slope(points):.3f}")


if __name__ == "__main__":
    main()
