"""How often `silence` calls a series silent in which nothing is missing, and how often it sees one.

Series are made with the traits that real mail has: weekly rates that drift and burst (a gamma
distributed rate for each week, variance-to-mean 2 to 6), days of the week that differ, and runs of
messages on one day. Run `python benchmarks/silence.py`; figures depend on the seed alone.
"""

from __future__ import annotations

import numpy as np

from commtrace.gaps import _rhythm
from commtrace.view import Ints

DAYS = 240  # working days of one series: eleven months
BASELINE, EVENTS, WEEK = 60, 12, 5
START = 150  # the first day of a planted silence
REMOVED = (10, 15, 25, 40)


def made(random: np.random.Generator, rate: float, dispersion: float) -> Ints:
    """Messages for each working day: gamma weekly rates, uneven days of the week."""
    weeks = DAYS // WEEK
    mean = rate * WEEK
    excess = max(dispersion - 1, 1e-6)
    weekly = random.gamma(mean / excess, excess, size=weeks)
    shape = random.dirichlet(np.full(WEEK, 8.0))
    return random.poisson((weekly[:, None] * shape[None, :]).reshape(-1)).astype(np.int64)


def days_of(counts: Ints) -> Ints:
    """The day of each message, sorted."""
    return np.repeat(np.arange(len(counts)), counts)


def tested(counts: Ints) -> list[_rhythm.Silence]:
    """Every silence the rule would test in a series."""
    days = days_of(counts)
    if not len(days):
        return []
    return _rhythm.silences(days, len(counts) - 1, baseline=BASELINE, events=EVENTS, week=WEEK)


def flagged(one: _rhythm.Silence, alpha: float) -> bool:
    """The single decision of the rule: chance and the series' own history."""
    return one.p <= alpha and one.unusual_for_itself


def measure(series: int, seed: int) -> dict[str, float]:
    """False rates among tested silences, and the share of planted silences found, at alpha .01."""
    random = np.random.default_rng(seed)
    found: dict[str, float] = {}
    windows = false = false_chance = families = 0
    hits = dict.fromkeys(REMOVED, 0)
    least = alone = small = seen = 0
    for _ in range(series):
        rate, dispersion = random.uniform(0.5, 2.5), random.uniform(1.5, 5.0)
        counts = made(random, rate, dispersion)
        silences = tested(counts)
        windows += len(silences)
        false += sum(flagged(one, 0.01) for one in silences)
        false_chance += sum(one.p <= 0.01 for one in silences)
        adjusted = _rhythm.adjusted([one.p for one in silences])
        families += any(q <= 0.05 and one.unusual_for_itself
                        for q, one in zip(adjusted, silences, strict=True))  # fmt: skip
        for width in REMOVED:
            hits[width] += _finds(counts, width)
        shortest = _detectable(counts)
        if shortest is not None:
            least, seen = least + _finds(counts, shortest), seen + 1
            alone += _finds(counts, shortest, alone=True)
        small += sum(one.events < EVENTS for one in silences)
    found["tested"] = windows
    found["false rate at .01"] = false / max(1, windows)
    found["false rate at .01, chance alone"] = false_chance / max(1, windows)
    found["series with a false flag after BH .05"] = families / series
    found["power at 1.3 times the shortest detectable, alpha .01"] = alone / max(1, seen)
    found["the same after BH .05"] = least / max(1, seen)
    found["series in which that fits"] = seen
    found["silences tested on fewer than 12 messages"] = small
    found |= {f"power at {width} days": hits[width] / series for width in REMOVED}
    return found


def _detectable(counts: Ints) -> int | None:
    """1.3 times the shortest silence that the days before the removed ones can show at alpha .01.

    None where so long a silence would not end within the series.
    """
    before = counts[START - BASELINE : START]
    weekly = counts[: START // WEEK * WEEK].reshape(-1, WEEK).sum(axis=1)
    events = int(before.sum())
    if events < EVENTS:
        return None
    shortest = _rhythm.shortest_detectable(events, _rhythm.dispersion(weekly), 0.01, BASELINE)
    width = int(np.ceil(1.3 * shortest))
    return width if START + width < DAYS - WEEK else None


def _finds(counts: Ints, width: int, *, alone: bool = False) -> bool:
    """Whether a removed stretch is seen, among all silences of its series or `alone`."""
    start = START
    holed = counts.copy()
    holed[start : start + width] = 0
    silences = tested(holed)
    adjusted = _rhythm.adjusted([one.p for one in silences])
    return any(
        (one.p <= 0.01 if alone else q <= 0.05)
        and one.unusual_for_itself
        and one.after < start + width <= one.after + one.width + 1
        for q, one in zip(adjusted, silences, strict=True)
    )


def main() -> None:
    """Print the figures."""
    for name, value in measure(series=2000, seed=1).items():
        print(f"{name:55} {value:10.4f}" if value < 2 else f"{name:55} {value:10.0f}")


if __name__ == "__main__":
    main()
