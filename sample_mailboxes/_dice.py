"""Seeded chance that is the same on every machine and every Python: SHA-256 in counter mode.

Each label has its own sequence, so a change to one part of the story leaves the others as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
_SEED = "Wantsum 2022"


class Dice:
    """A sequence of numbers that follows from its label alone."""

    def __init__(self, *label: str) -> None:
        self._label = "|".join((_SEED, *label))
        self._thrown = 0

    def bytes(self, count: int) -> bytes:
        """`count` bytes, at most 32."""
        self._thrown += 1
        return hashlib.sha256(f"{self._label}|{self._thrown}".encode()).digest()[:count]

    def share(self) -> float:
        """A number in [0, 1)."""
        return int.from_bytes(self.bytes(6), "big") / (1 << 48)

    def below(self, limit: int) -> int:
        """A whole number in [0, limit)."""
        return int(self.share() * limit)

    def pick(self, items: Sequence[T]) -> T:
        """One of `items`."""
        return items[self.below(len(items))]

    def weighted(self, items: Sequence[tuple[T, float]]) -> T:
        """One of `items`, each with its weight."""
        left = self.share() * sum(weight for _, weight in items)
        for item, weight in items:
            left -= weight
            if left < 0:
                return item
        return items[-1][0]

    def poisson(self, mean: float) -> int:
        """A Poisson count (Knuth's product of uniforms; `mean` is small here)."""
        count, product = 0, self.share()
        limit = 2.718281828459045**-mean
        while product > limit:
            count, product = count + 1, product * self.share()
        return count
