"""Figures with their uncertainty: shares with Wilson's interval, F1 with a bootstrap's.

Wilson, JASA 22 (1927); the bootstrap resamples the judged cases a thousand times (Efron 1979).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import comb, sqrt

import numpy as np

_Z = 1.959963984540054  # both sides, 95 %
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, printed with Wilson's 95 % interval."""

    right: int
    of: int

    @property
    def value(self) -> float:
        """The share; 0 where there is nothing to share."""
        return self.right / self.of if self.of else 0.0

    def __str__(self) -> str:
        """`.981 (.970-.988, n=981)`."""
        if not self.of:
            return "none (n=0)"
        n, p = self.of, self.value
        middle = (p + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
        half = _Z * sqrt(p * (1 - p) / n + _Z * _Z / (4 * n * n)) / (1 + _Z * _Z / n)
        return f"{_short(p)} ({_short(middle - half)}-{_short(middle + half)}, n={n:,})"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of what there was: hits, false alarms, misses."""

    hits: int
    false: int
    missed: int

    def __add__(self, other: Found) -> Found:
        """Both together."""
        return Found(self.hits + other.hits, self.false + other.false, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """Of what was said, what is right."""
        return Share(self.hits, self.hits + self.false).value

    @property
    def recall(self) -> float:
        """Of what there was, what was said."""
        return Share(self.hits, self.hits + self.missed).value

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return Share(2 * self.hits, 2 * self.hits + self.false + self.missed).value

    def __str__(self) -> str:
        """`F1 .731 (.72-.74) P .85 R .64 (n=1,100)`."""
        low, high = self._interval()
        return (
            f"F1 {_short(self.f1)} ({_short(low)}-{_short(high)}) "
            f"P {_short(self.precision)} R {_short(self.recall)} (n={self.hits + self.missed:,})"
        )

    def _interval(self) -> tuple[float, float]:
        total = self.hits + self.false + self.missed
        if not total:
            return 0.0, 0.0
        shares = [self.hits / total, self.false / total, self.missed / total]
        drawn = np.random.default_rng(5).multinomial(total, shares, size=1000)
        f1 = 2 * drawn[:, 0] / np.maximum(2 * drawn[:, 0] + drawn[:, 1] + drawn[:, 2], 1)
        low, high = np.quantile(f1, [0.025, 0.975])
        return float(low), float(high)


def median(values: Sequence[float]) -> str:
    """The median with a bootstrap's 95 % interval."""
    if not values:
        return "none (n=0)"
    data = np.asarray(values)
    drawn = np.random.default_rng(5).choice(data, size=(1000, len(data)))
    low, high = np.quantile(np.median(drawn, axis=1), [0.025, 0.975])
    return f"{_short(float(np.median(data)))} ({_short(low)}-{_short(high)}, n={len(data):,})"


def token_f1(one: str, other: str) -> float:
    """How far two texts have the same words, as often: the harmonic mean of both directions."""
    mine, theirs = (Counter(_WORD.findall(text.casefold())) for text in (one, other))
    return Found((mine & theirs).total(), (mine - theirs).total(), (theirs - mine).total()).f1


def partition(mine: Mapping[str, Hashable], theirs: Mapping[str, Hashable]) -> Found:
    """Pairs of things that are together in one partition and in the other, of those in both."""
    both = mine.keys() & theirs.keys()
    together = _pairs(Counter((mine[one], theirs[one]) for one in both))
    said = _pairs(Counter(mine[one] for one in both))
    there = _pairs(Counter(theirs[one] for one in both))
    return Found(together, said - together, there - together)


def _pairs(sizes: Counter[Hashable] | Counter[tuple[Hashable, Hashable]]) -> int:
    return sum(comb(size, 2) for size in sizes.values())


def _short(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")
