"""Which messages hold which words: runs of four words, indexed once, looked up for each quotation.

Runs that many messages share (a list's footer, a disclaimer) tell nothing and do not count. The
share of a quotation's runs that a message's own words hold is Broder's containment (1997).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count

import numpy as np

_RUN = 4  # words
_WORD = re.compile(r"\w+")
_LONGEST = 20_000  # characters of one text that are compared
_COMMON = 40  # messages: a run that more of them share is a formula
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
Runs = np.ndarray[tuple[int], np.dtype[np.uint64]]


class Vocabulary:
    """Words by number, in the order in which they are met."""

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict(count().__next__)

    def runs(self, text: str, longest: int) -> Runs:
        """The distinct runs of four words at the beginning of a text; none of a shorter one."""
        words = _WORD.findall(text[:longest].casefold())
        if len(words) < _RUN:
            return np.zeros(0, dtype=np.uint64)
        numbers = np.fromiter(map(self._numbers.__getitem__, words), np.uint64, len(words))
        one, two, three = _FACTORS
        mixed = ((numbers[:-3] * one + numbers[1:-2]) * two + numbers[2:-1]) * three + numbers[3:]
        mixed ^= mixed >> np.uint64(29)
        mixed.sort()
        first = np.ones(len(mixed), dtype=np.bool_)
        first[1:] = mixed[1:] != mixed[:-1]
        found: Runs = mixed[first]
        return found


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

    def __init__(self, texts: Iterable[tuple[int, str]], size: int) -> None:
        self._vocabulary = Vocabulary()
        runs, rows = [], []
        for row, text in texts:
            found = self._vocabulary.runs(text, _LONGEST)
            runs.append(found)
            rows.append(np.full(len(found), row, dtype=np.int32))
        every = np.concatenate(runs) if runs else np.zeros(0, dtype=np.uint64)
        order = np.argsort(every, kind="stable")
        every = every[order]
        self._rows = (np.concatenate(rows) if rows else np.zeros(0, dtype=np.int32))[order]
        begins = np.ones(len(every), dtype=np.bool_)
        begins[1:] = every[1:] != every[:-1]
        self._runs = every[begins]
        self._first = np.append(np.flatnonzero(begins), len(every))
        times = np.diff(self._first)
        telling = np.repeat(times <= _COMMON, times)
        self._own = np.bincount(self._rows[telling], minlength=size)

    def held(self, words: str, *, longest: int = _LONGEST) -> Held:
        """Which messages hold how much of `words` (of their first `longest` characters)."""
        runs = self._vocabulary.runs(words, longest)
        if not len(runs) or not len(self._runs):
            return Held(len(runs), len(runs), {}, {})
        place = np.minimum(np.searchsorted(self._runs, runs), len(self._runs) - 1)
        place = place[self._runs[place] == runs]
        first, times = self._first[place], self._first[place + 1] - self._first[place]
        nowhere, telling = len(runs) - len(place), times <= _COMMON
        total = nowhere + int(telling.sum())
        first, times = first[telling], times[telling]
        if not len(first):
            return Held(total, nowhere, {}, {})
        ends = np.cumsum(times)
        places = np.arange(ends[-1]) + np.repeat(first - (ends - times), times)
        rows, hits = np.unique(self._rows[places], return_counts=True)
        names, own = rows.tolist(), np.maximum(self._own[rows], _RUN)
        share = dict(zip(names, (hits / total).tolist(), strict=True))
        return Held(total, nowhere, share, dict(zip(names, (hits / own).tolist(), strict=True)))
