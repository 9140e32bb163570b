"""Small cases made by chance, as columns: what brokerage and knowledge are held against."""

from __future__ import annotations

from random import Random

import numpy as np

from commtrace.reconstruction.sendings import Sendings


def columns(entries) -> Sendings:
    """From (row, sender, recipient, sender party, recipient party, start, end, thread)."""
    turned = list(zip(*entries, strict=True)) or [()] * 8
    names = (
        "row", "sender", "recipient", "sender_party", "recipient_party", "start", "end", "thread",
    )  # fmt: skip
    made = {name: np.array(one, dtype=np.int64) for name, one in zip(names, turned, strict=True)}
    return Sendings(**made)


def by_chance(seed: int, *, people: int = 5, messages: int = 12, wide: int = 4) -> Sendings:
    """Up to `messages` messages among `people`, in three parties and two threads, times tied often.

    Some times are as wide as a letter's day; people may change their party once.
    """
    dice = Random(seed)  # noqa: S311 - a seeded generator is the point
    moves = {
        who: (dice.randrange(3), dice.randrange(3), dice.randrange(30)) for who in range(people)
    }

    def party(who: int, start: int) -> int:
        before, after, when = moves[who]
        return before if start < when else after

    times = sorted(dice.randrange(30) for _ in range(dice.randrange(messages + 1)))
    entries = []
    for row, start in enumerate(times):
        end = start + (dice.randrange(2, 2 + wide) if dice.random() < 0.3 else 1)
        sender, thread = dice.randrange(people), dice.randrange(2)
        others = set(dice.sample(range(people), dice.randrange(1, 4))) - {sender}
        entries += [
            (row, sender, r, party(sender, start), party(r, start), start, end, thread)
            for r in sorted(others)
        ]
    return columns(entries)
