"""Reading Outlook stores: items in a CPU second, beside `readpst` in the same run.

    python benchmarks/pst.py [STORE ...] [--items 10000] [--rounds 3]

Without STORE one is made, the same each time: mail of 1.5 kB of text with two recipients and an
attachment of 4 kB each, one in ten with another message attached. "Parser" is every item with its
body and the bytes of its attachments, in this process; "ingest" is that and all that a case needs
(attachments read as evidence of their own, copies grouped, the case's store on the disk), in the
process tree; "readpst" writes each item as a file with its attachments (`-e -D`). CPU is user and
system time, medians of the rounds; an item counts once, a message inside another as well.
"""

from __future__ import annotations

import argparse
import io
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from commtrace.evidence.ingest import ingest
from commtrace.evidence.workers import processes
from commtrace.model import Record, Source
from commtrace.parsers import _readpst
from commtrace.parsers.pst import pst
from commtrace.plugins import HEAD_BYTES, Item
from commtrace.store import Store

IN_ONE = 100  # items of a folder
_WORDS = ("the", "transport", "of", "a", "child", "with", "a", "plan", "begins", "on", "Monday")


def made(items: int) -> bytes:
    """A store of so many items."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "parsers"))
    import stores  # noqa: PLC0415 - of the tests, found by the line above

    def mail(n: int, inside: bool) -> Any:
        sent = datetime(2022, 1, 3, 8, tzinfo=UTC) + timedelta(minutes=7 * n)
        words = " ".join(_WORDS[(n + k * k) % len(_WORDS)] for k in range(260))
        values: Mapping[str | int, Any] = {
            "class": "IPM.Note", "subject": f"Transport {n}", "body": f"{n}: {words}",
            "sender": "Ann Archer", "sender_smtp": "ann@council.example",
            "id": f"<{n}.{inside}@council.example>", 0x0039: sent, 0x0E06: sent,
        }  # fmt: skip
        copied = {"name": f"Officer {n % 40}", "smtp": f"o{n % 40}@council.example"}
        people = [(1, {"name": "Bob Birch", "smtp": "bob@council.example"}), (2, copied)]
        attachment = {"file": f"Plan {n}.txt", "mime": "text/plain", 0x3705: 1,
                      0x3701: f"Plan {n}\n{words}\n".encode() * 2}  # fmt: skip
        below = [mail(n, False)] if inside else []
        return stores.Mail(values, recipients=people, attachments=[attachment], inside=below)

    boxes: dict[tuple[str, ...], list[Any]] = {}
    for n in range(items):
        boxes.setdefault((f"Box {n // IN_ONE:03}",), []).append(mail(n, n % 10 == 0))
    return bytes(stores.store(boxes))


def cpu(work: Callable[[], int]) -> tuple[int, float]:
    """What the work counts, and the CPU seconds of this process and its children meanwhile."""

    def used() -> float:
        both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(one.ru_utime + one.ru_stime for one in both)

    before = used()
    counted = work()
    return counted, used() - before


def parsed(data: bytes) -> int:
    """The records that the parser alone gives."""
    item = Item(source=Source(sha256="0" * 64, path="box.pst"), name="box.pst", size=len(data),
                head=data[:HEAD_BYTES], open=lambda: io.BytesIO(data))  # fmt: skip
    return sum(isinstance(one, Record) for one in pst.read(item))


def ingested(path: Path) -> int:
    """The communications of a case into which the store was taken."""
    with tempfile.TemporaryDirectory() as folder:
        case = Path(folder)
        store = Store(f"sqlite:///{case / 'case.db'}")
        try:
            ingest((path,), case_folder=case, store=store, read=processes(1))
            return sum(file.communications for file in store.files())
        finally:
            store.close()


def by_readpst(path: Path) -> int:
    """The mail and meetings that readpst writes."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["readpst", "-q", "-D", "-j", "0", "-e", "-o", folder, str(path)], check=True
        )
        return sum(one.suffix in {".eml", ".ics"} for one in Path(folder).rglob("*"))


def main() -> None:
    """Print the table."""
    told = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    told.add_argument("stores", nargs="*", type=Path)
    told.add_argument("--items", type=int, default=10_000)
    told.add_argument("--rounds", type=int, default=3)
    given = told.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        paths = given.stores
        if not paths:
            paths = [Path(folder) / "made.pst"]
            paths[0].write_bytes(made(given.items))
        print("store | MB | contender | items | CPU s | items/CPU s | of readpst's CPU an item")
        for path in paths:
            measured(path, given.rounds)


def measured(path: Path, rounds: int) -> None:
    """Print the rows of one store."""
    data = path.read_bytes()
    second, _readpst.messages = _readpst.messages, lambda _item: None
    works = {"parser": lambda: parsed(data), "ingest": lambda: ingested(path),
             "readpst": lambda: by_readpst(path)}  # fmt: skip
    found = {name: [cpu(work) for _ in range(rounds)] for name, work in works.items()}
    _readpst.messages = second
    each = {
        name: statistics.median(s / n if n else 0 for n, s in runs) for name, runs in found.items()
    }
    for name, runs in found.items():
        items, seconds = runs[0][0], statistics.median(seconds for _, seconds in runs)
        ratio = each[name] / each["readpst"] if each["readpst"] else 0
        rate = items / seconds if seconds else 0
        print(f"{path.name} | {len(data) / 1e6:.1f} | {name} | {items:,} | {seconds:.2f} | "
              f"{rate:,.0f} | {ratio:.1f}x")  # fmt: skip


if __name__ == "__main__":
    main()
