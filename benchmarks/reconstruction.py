"""How well parents, absent messages and threads are rebuilt; mail's own headers are the gold.

    python benchmarks/reconstruction.py --corpora FOLDER [--discussion NAME=MBOX[,MBOX] ...]
        [--patches NAME=MBOX ...] [--cases FOLDER] [--seeds 3]

Everything goes through the product: parsers, copies, zones, `reconstruct`. For a row without
headers, In-Reply-To, References and Thread-Index are taken off every message before threading and
a message's own In-Reply-To is the gold. An archive is cut in two by time: rules were developed on
first halves, second halves are held out. Nothing is looked up in what was hidden. Beside each
figure stand its 95 % interval (Wilson for shares, bootstrap for F1 and medians), the baseline (the
latest earlier message on the subject) and the ceiling (what any witness at all would allow).
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import threadgold
from answeredgold import answered_rows
from archives import Archive, halves, read
from parentgold import hidden_rows, parent_rows

Row = tuple[str, str, str, str, str]
_HEADINGS = ("what", "on", "measured", "baseline", "ceiling")


def main() -> None:
    """Print the table, a row as soon as it is measured."""
    said = _arguments()
    print("| " + " | ".join(_HEADINGS) + " |\n" + "|---" * len(_HEADINGS) + "|", flush=True)
    for row in _rows(said):
        print("| " + " | ".join(row) + " |", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--corpora", type=Path, help="the unpacked corpora: mbox, threads, ...")
    parser.add_argument("--discussion", action="append", default=[], metavar="NAME=MBOX,...")
    parser.add_argument("--patches", action="append", default=[], metavar="NAME=MBOX,...")
    parser.add_argument("--cases", type=Path, help="where to keep what was ingested")
    parser.add_argument("--seeds", type=int, default=3, help="how often 10 %% are hidden")
    return parser.parse_args()


def _rows(said: argparse.Namespace) -> Iterator[Row]:
    if said.cases is not None:
        said.cases.mkdir(parents=True, exist_ok=True)
    everything = []
    for kind, given in (("discussion", said.discussion), ("patches", said.patches)):
        for archive in _archives(given, said.cases):
            everything.append(archive)
            yield from _of_archive(kind, archive, said.seeds)
    if said.corpora is not None:
        everything += threadgold.corpora(said.corpora, said.cases)
        yield from threadgold.partitions(said.corpora, said.cases)
        yield from threadgold.bailey(said.corpora, said.cases)
    yield from threadgold.index_times(everything)


def _archives(given: Sequence[str], cases: Path | None) -> Iterator[Archive]:
    for words in given:
        name, equals, paths = words.partition("=")
        if not equals:
            sys.exit(f"{words}: write NAME=MBOX[,MBOX ...]")
        yield read(name, [Path(path) for path in paths.split(",")], cases=cases)


def _of_archive(kind: str, archive: Archive, seeds: int) -> Iterator[Row]:
    for half in halves(archive):
        on = f"{kind}: {half.name}"
        yield from (_row(what, on, *figures) for what, *figures in parent_rows(half))
        yield from (_row(what, on, *figures) for what, *figures in answered_rows(half))
        chosen = [_hidden(half, seed) for seed in range(1, seeds + 1)]
        yield from (_row(what, on, *figures) for what, *figures in hidden_rows(half, chosen))


def _hidden(archive: Archive, seed: int) -> frozenset[int]:
    """One row in ten, and whatever else bears the Message-ID of one."""
    chance = random.Random(seed)  # noqa: S311 - a fixed choice, no secret
    chosen = chance.sample(range(len(archive.rows)), len(archive.rows) // 10)
    ids = {archive.rows[row].message_id for row in chosen} - {None}
    return frozenset(chosen).union(n for n, one in enumerate(archive.rows) if one.message_id in ids)


def _row(what: str, on: str, measured: object, baseline: object = "", ceiling: object = "") -> Row:
    return what, on, str(measured), str(baseline), str(ceiling)


if __name__ == "__main__":
    main()
