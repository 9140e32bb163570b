"""Which messages hold which words: runs of four words, indexed once, looked up for each quotation.

Runs that many messages share (a list's footer, a disclaimer) tell nothing and do not count. The
share of a quotation's runs that a message's own words hold is Broder's containment (1997).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

_WORD = re.compile(r"\w+")
_LONGEST = 20_000  # characters of one text that are compared
_COMMON = 40  # messages: a run that more of them share is a formula
_FEWEST = 4  # runs of a message that can be known by its words
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
Runs = np.ndarray[tuple[int], np.dtype[np.uint64]]


@dataclass(slots=True)
class Vocabulary:
    """Words by number, in the order in which they are met."""

    _numbers: dict[str, int] = field(default_factory=dict)

    def runs(self, text: str) -> Runs:
        """The distinct runs of four words of a text, as numbers; none of a shorter text."""
        numbers = self._numbers
        words = _WORD.findall(text[:_LONGEST].casefold())
        if len(words) < 4:
            return np.zeros(0, dtype=np.uint64)
        row = np.array([numbers.setdefault(w, len(numbers)) for w in words], dtype=np.uint64)
        one, two, three = _FACTORS
        mixed = ((row[:-3] * one + row[1:-2]) * two + row[2:-1]) * three + row[3:]
        return np.unique(mixed ^ (mixed >> np.uint64(29)))


@dataclass(frozen=True, slots=True)
class Held:
    """Of a text's `runs` that tell: the share each row holds, and the share of each row's own.

    `nowhere` of the runs stand in no message's own words.
    """

    runs: int
    nowhere: int
    share: Mapping[int, float]
    of_own: Mapping[int, float]


class Wordings:
    """The own words of messages, by row, and which of them hold the words of a quotation."""

    def __init__(self, texts: Iterable[tuple[int, str]], count: int) -> None:
        self._vocabulary = Vocabulary()
        runs, rows = [], []
        for row, text in texts:
            found = self._vocabulary.runs(text)
            runs.append(found)
            rows.append(np.full(len(found), row, dtype=np.int32))
        every = np.concatenate(runs) if runs else np.zeros(0, dtype=np.uint64)
        order = np.argsort(every, kind="stable")
        self._runs = every[order]
        self._rows = (np.concatenate(rows) if rows else np.zeros(0, dtype=np.int32))[order]
        first = np.searchsorted(self._runs, self._runs, side="left")
        last = np.searchsorted(self._runs, self._runs, side="right")
        self._own = np.bincount(self._rows[last - first <= _COMMON], minlength=count)

    def held(self, words: str) -> Held:
        """Which messages hold how much of `words`."""
        runs = self._vocabulary.runs(words)
        first = np.searchsorted(self._runs, runs, side="left")
        last = np.searchsorted(self._runs, runs, side="right")
        telling = last - first <= _COMMON
        count = int(telling.sum())
        pieces = [
            self._rows[a:b]
            for a, b in zip(first[telling].tolist(), last[telling].tolist(), strict=True)
            if b > a
        ]
        nowhere = count - len(pieces)
        if not pieces:
            return Held(count, nowhere, {}, {})
        rows, times = np.unique(np.concatenate(pieces), return_counts=True)
        names = rows.tolist()
        share = dict(zip(names, (times / count).tolist(), strict=True))
        own = np.maximum(self._own[rows], _FEWEST)
        return Held(count, nowhere, share, dict(zip(names, (times / own).tolist(), strict=True)))
