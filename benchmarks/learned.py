"""A model of requests: trained, held to sentences it has not seen, and written to its file.

    python benchmarks/learned.py ASK_FILE [--test FILE] [--write]

ASK_FILE is the training file of EmailIntentDataSet (Parakweet, 2014, Apache-2.0), FILE its test
file. Ten folds by a fixed seed; the chance from which the model adds a request is chosen inside the
training part of each fold by five folds more. `--write` trains on all of ASK_FILE and writes the
weights. Nothing but numpy: logistic regression with an L2 penalty, by Newton steps with conjugate
gradients (Lin, Weng and Keerthi, JMLR 9, 2008). What was tried and left out: letters in a row
(F1 .815 against .833 without, of the model alone), and taking requests of the cues away.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scores import Found

from commtrace.language.acts import seen_by_cues

OUT = Path(__file__).parents[1] / "commtrace" / "data" / "requests.tsv"
COST = 0.5  # of an error, against the penalty on weights
RAREST = 2  # sentences that a feature must be seen in
LEAST = 2  # hundredths: a smaller weight is left out of the file
ADDS = (0.5, 0.6, 0.7)  # no less: what it adds must be likelier a request than not
Numbers = NDArray[np.float64]
HEADER = """\
# Weights of the model of requests, in hundredths, made by benchmarks/learned.py.
# Learned from EmailIntentDataSet, https://github.com/ParakweetLabs/EmailIntentDataSet,
# copyright 2014 Parakweet Labs, licensed under the Apache License, Version 2.0
# (http://www.apache.org/licenses/LICENSE-2.0). No sentence of it is in this file: only the weights
# of words, and of two or three words in a row, that several of its sentences share.
# w: words in a row (^ the beginning, $ the end, # a number), c: a cue of acts.toml, s: the
# sentence's shape, b: from which chance the model adds a request where the cues leave it open.
"""


@dataclass(frozen=True, slots=True)
class Sentences:
    """What the model sees of each sentence, what the cues make of it, and whether it asks."""

    seen: list[set[str]]
    cued: NDArray[np.bool_]
    excluded: NDArray[np.bool_]
    settled: NDArray[np.bool_]
    asks: NDArray[np.bool_]

    @property
    def ruled(self) -> NDArray[np.bool_]:
        """Whether each is a request by the cues alone."""
        return self.cued & ~self.excluded

    @property
    def doubtful(self) -> NDArray[np.bool_]:
        """Whether the cues leave it open."""
        return ~(self.cued | self.excluded | self.settled)

    def __len__(self) -> int:
        """How many."""
        return len(self.seen)

    def part(self, places: NDArray[np.int64]) -> Sentences:
        """Some of them."""
        flags = (self.cued, self.excluded, self.settled, self.asks)
        return Sentences([self.seen[one] for one in places], *(flag[places] for flag in flags))


class Rows:
    """A matrix of zeros and ones by the places of its ones."""

    def __init__(self, seen: Sequence[set[str]], names: dict[str, int]) -> None:
        rows = [[names[one] for one in sorted(each) if one in names] for each in seen]
        self.counts = np.array([len(row) for row in rows])
        self.places = np.array([place for row in rows for place in row], dtype=np.int64)
        self.owner = np.repeat(np.arange(len(rows)), self.counts)
        self.wide, self.long = len(names), len(rows)

    def times(self, weights: Numbers) -> Numbers:
        """The matrix times a column."""
        return np.bincount(self.owner, weights[self.places], self.long).astype(np.float64)

    def across(self, column: Numbers) -> Numbers:
        """The matrix turned, times a column."""
        return np.bincount(self.places, column[self.owner], self.wide).astype(np.float64)


def trained(some: Sentences) -> dict[str, float]:
    """The weight of each feature, of those seen in enough sentences."""
    seen = [{*each, "s:bias"} for each in some.seen]
    counts = Counter(one for each in seen for one in each)
    names = {
        name: place
        for place, name in enumerate(sorted(one for one, many in counts.items() if many >= RAREST))
    }
    rows, holds = Rows(seen, names), some.asks.astype(float)
    weights = np.zeros(len(names))
    for _ in range(30):
        chance = 1 / (1 + np.exp(-rows.times(weights)))
        slope = weights + COST * rows.across(chance - holds)
        if np.linalg.norm(slope) < 1e-3:
            break
        weights += _step(rows, COST * chance * (1 - chance), -slope)
    return dict(zip(names, weights, strict=True))


def _step(rows: Rows, curve: Numbers, wanted: Numbers) -> Numbers:
    """Newton's step, by conjugate gradients."""
    step, rest = np.zeros_like(wanted), wanted.copy()
    way, size = rest.copy(), float(rest @ rest)
    for _ in range(100):
        if size < 1e-8:
            break
        bent = way + rows.across(curve * rows.times(way))
        length = size / float(way @ bent)
        step, rest = step + length * way, rest - length * bent
        size, before = float(rest @ rest), size
        way = rest + size / before * way
    return step


def kept(weights: dict[str, float]) -> dict[str, int]:
    """The weights as the file holds them: whole hundredths, the smallest left out."""
    hundredths = {name: round(100 * weight) for name, weight in weights.items()}
    return {
        name: weight
        for name, weight in hundredths.items()
        if abs(weight) >= LEAST or name == "s:bias"
    }


def chances(weights: dict[str, int], some: Sentences) -> Numbers:
    """How likely each sentence asks, by the model."""
    sums = [weights["s:bias"] + sum(weights.get(one, 0) for one in each) for each in some.seen]
    return 1 / (1 + np.exp(-np.array(sums) / 100))


def combined(some: Sentences, chance: Numbers, adds: float) -> NDArray[np.bool_]:
    """Whether each sentence asks by cues and model together, as `acts.read` has it."""
    return some.ruled | (some.doubtful & (chance >= adds))


def found(said: NDArray[np.bool_], asks: NDArray[np.bool_]) -> Found:
    """Hits, false alarms and misses."""
    return Found(int((said & asks).sum()), int((said & ~asks).sum()), int((asks & ~said).sum()))


def folds(many: int, count: int, seed: int) -> Iterator[tuple[NDArray[np.int64], ...]]:
    """Places to train on and places left out."""
    order = np.random.default_rng(seed).permutation(many)
    for fold in range(count):
        out = np.sort(order[fold::count])
        yield np.setdiff1d(order, out), out


def bound(some: Sentences) -> float:
    """From which chance the model may add, by what is best of sentences left out five times."""
    chance = np.zeros(len(some))
    for within, out in folds(len(some), 5, 1):
        chance[out] = chances(kept(trained(some.part(within))), some.part(out))
    return max(ADDS, key=lambda adds: found(combined(some, chance, adds), some.asks).f1)


def read_file(file: Path) -> Sentences:
    """The labelled sentences of a file."""
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    rows = [line.split("\t", 1) for line in lines]
    rows = [row for row in rows if len(row) > 1 and row[0].strip().casefold() in {"yes", "no"}]
    return _sentences([(row[1], row[0].strip().casefold() == "yes") for row in rows])


def _sentences(labelled: Sequence[tuple[str, bool]]) -> Sentences:
    each = [seen_by_cues(said) for said, _ in labelled]
    return Sentences(
        [one.features() for one in each],
        np.array([one.cue is not None for one in each]),
        np.array([one.excluded() for one in each]),
        np.array([one.settled for one in each]),
        np.array([asks for _, asks in labelled]),
    )


def write(some: Sentences) -> None:
    """Train on all of it and write the file."""
    weights = kept(trained(some)) | {"b:adds": round(100 * bound(some))}
    lines = [f"{name}\t{weight}\n" for name, weight in sorted(weights.items())]
    OUT.write_text(HEADER + "".join(lines), encoding="utf-8")
    print(f"{len(weights):,} weights, {OUT.stat().st_size:,} bytes")


def measure(some: Sentences, test: Sentences | None) -> None:
    """Print what is found of sentences left out, and of the test file."""
    print("| requests | rules alone | model alone | both |\n|---|---|---|---|")
    alone, both = np.zeros(len(some), dtype=bool), np.zeros(len(some), dtype=bool)
    for within, out in folds(len(some), 10, 0):
        training, held = some.part(within), some.part(out)
        chance = chances(kept(trained(training)), held)
        alone[out], both[out] = chance >= 0.5, combined(held, chance, bound(training))
    print(_row("ten folds", some, alone, both))
    if test is not None:
        chance = chances(kept(trained(some)), test)
        print(_row("test file", test, chance >= 0.5, combined(test, chance, bound(some))))


def _row(name: str, some: Sentences, alone: NDArray[np.bool_], both: NDArray[np.bool_]) -> str:
    cells = [found(said, some.asks) for said in (some.ruled, alone, both)]
    return f"| {name} ({len(some):,}) | " + " | ".join(map(str, cells)) + " |"


def main() -> None:
    """Measure, or with `--write` write the file."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("file", type=Path)
    asked.add_argument("--test", type=Path)
    asked.add_argument("--write", action="store_true")
    given = asked.parse_args()
    some = read_file(given.file)
    if given.write:
        write(some)
    else:
        measure(some, read_file(given.test) if given.test else None)


if __name__ == "__main__":
    main()
