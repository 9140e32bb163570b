"""Silences of a series of messages and how unusual they are (gap-science 5.2 to 5.4).

Days are whole numbers: places in a party's calendar of active days. Pure arithmetic; knows no
message, party or rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from commtrace.view import Ints

_LEAST_WEEKS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A maximal run of active days without a message.

    `last` is the position in the series of the message before it, `after` the day of that message,
    `width` its active days, `open` whether the evidence ends in it. `events` is the number of
    messages in the `baseline` active days before, `dispersion` their quasi-Poisson factor, `p` the
    chance of so long a silence. `rank` is the share of this series' earlier silences, this one
    among them, that were as long; `longest` the longest of them.
    """

    last: int
    after: int
    width: int
    open: bool
    events: int
    baseline: int
    dispersion: float
    p: float
    rank: float
    longest: int

    @property
    def unusual_for_itself(self) -> bool:
        """Whether the series' own history agrees: rank at most .05, or nothing half as long."""
        return self.rank <= 0.05 or 2 * self.longest < self.width


def silences(
    days: Ints, end: int | None, *, baseline: int, events: int, week: int
) -> list[Silence]:
    """Every maximal silence of a series that has a full baseline of at least `events` messages.

    `days` are the messages' active days, sorted, the first one being where the series begins; `end`
    is the last observed day, for the silence that is still open (None: none is looked at); `week`
    is the active days of a week.
    """
    if len(days) < events:
        return []
    ends = np.append(days[1:], days[-1] if end is None else end + 1)
    widths = ends - days - 1
    counts = np.bincount(days - days[0])
    found: list[Silence] = []
    earlier: list[int] = []
    for last in np.flatnonzero(widths >= 1).tolist():
        width, after = int(widths[last]), int(days[last])
        since = int(np.searchsorted(days, after - baseline + 1))
        number = last + 1 - since
        if number >= events and after - int(days[0]) + 1 >= baseline:
            factor = dispersion(_weekly(counts, after - int(days[0]), week))
            found.append(
                Silence(
                    last=last,
                    after=after,
                    width=width,
                    open=last == len(days) - 1,
                    events=number,
                    baseline=baseline,
                    dispersion=factor,
                    p=chance(number, factor, width, baseline),
                    rank=(1 + sum(w >= width for w in earlier)) / (1 + len(earlier)),
                    longest=max(earlier, default=0),
                )
            )
        earlier.append(width)
    return found


def chance(events: int, factor: float, width: int, baseline: int) -> float:
    """`(T / (T + w)) ** (S / phi)`: the chance that `width` days pass without a message.

    The conditional-exact Poisson gap with a quasi-likelihood effective count.
    """
    return float((baseline / (baseline + width)) ** (events / factor))


def shortest_detectable(events: int, factor: float, alpha: float, baseline: int) -> float:
    """`T (alpha ** (-phi / S) - 1)`: the active days from which a silence has p at most `alpha`."""
    return float(baseline * (alpha ** (-factor / events) - 1))


def dispersion(weekly: Ints) -> float:
    """The variance-to-mean ratio of weekly counts, at least 1; 1 where there are under 8 weeks."""
    mean = float(weekly.mean()) if len(weekly) else 0.0
    if len(weekly) < _LEAST_WEEKS or mean == 0:
        return 1.0
    return max(1.0, float(weekly.var(ddof=1)) / mean)


def adjusted(chances: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg's adjusted p of each chance (JRSS B 57, 1995), in the order given."""
    total = len(chances)
    order = sorted(range(total), key=lambda i: chances[i])
    result = [1.0] * total
    least = 1.0
    for rank in range(total, 0, -1):
        place = order[rank - 1]
        least = min(least, chances[place] * total / rank)
        result[place] = least
    return result


def _weekly(counts: Ints, until: int, week: int) -> Ints:
    """Counts of whole weeks of `week` active days, backwards from the day `until`, it included."""
    kept = counts[: until + 1]
    whole = len(kept) // week * week
    sums: Ints = kept[len(kept) - whole :].reshape(-1, week).sum(axis=1)
    return sums
