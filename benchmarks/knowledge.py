"""What one fact costs: who could have known it, by three layers, the last useful moment, a clock.

Columns by chance: `--messages` among a thirtieth as many people, two recipients each, thirty
parties, eight messages a thread; a hundred of them carry the fact. Reading texts is no part of it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from time import perf_counter

import numpy as np

from commtrace.brief import Brief
from commtrace.model import (
    Channel,
    CommunicationId,
    Identity,
    IdentityId,
    IdentityKind,
    Membership,
    Party,
    PartyKind,
    Source,
)
from commtrace.reconstruction.brokerage import bridges, two_paths
from commtrace.reconstruction.carriers import carriers
from commtrace.reconstruction.knowledge import knowledge, last_useful
from commtrace.reconstruction.reach import news
from commtrace.reconstruction.sendings import sendings
from commtrace.view import TO, View

_PARTIES, _RECIPIENTS, _IN_A_THREAD, _CARRYING = 30, 2, 8, 100


def made(messages: int, seed: int = 7) -> View:
    """A view of so many messages, with no more in it than its columns."""
    dice, people = np.random.default_rng(seed), max(40, messages // 30)
    start = np.sort(dice.integers(1_600_000_000, 1_640_000_000, messages))
    party = dice.integers(0, _PARTIES, people)
    sender = (people * dice.random(messages) ** 2).astype(np.int64)  # a few write most
    recipient = (people * dice.random(messages * _RECIPIENTS) ** 2).astype(np.int64)
    parties = tuple(
        Party(id=f"p{n}", label=f"P{n}", kind=PartyKind.DIRECTORATE) for n in range(_PARTIES)
    )
    identities = tuple(
        Identity(
            id=IdentityId(f"i{n}"),
            label=f"i{n}",
            kind=IdentityKind.SHARED_MAILBOX if n % 500 == 0 else IdentityKind.PERSON,
            members=(),
            parties=(Membership(party=f"p{party[n]}"),),
            because=(),
        )
        for n in range(people)
    )
    no = np.zeros(messages, dtype=np.bool_)
    source = Source(sha256="", path="")
    return View(
        as_of=datetime(2022, 1, 1, tzinfo=UTC), brief=Brief(),
        ids=tuple(CommunicationId(str(n)) for n in range(messages)), whens=(None,) * messages,
        subjects=("",) * messages, sources=(source,) * messages,
        channels=(Channel.EMAIL,) * messages, start=start, end=start + 1, sender=sender,
        sender_party=party[sender], recipient_offsets=np.arange(messages + 1) * _RECIPIENTS,
        recipient=recipient, recipient_party=party[recipient],
        recipient_kind=np.full(len(recipient), TO),
        thread=dice.permutation(messages) // _IN_A_THREAD,
        parent=np.full(messages, -1), automatic=no, bulk=no, forward=no, identities=identities,
        parties=parties, threads=(), links=(), ghosts=(), contacts=(), coverage=(), weeks=(),
        handoffs=(), acts={}, custodians_holding={}, calendars={}, criteria={}, text=_nothing,
        new_text=_nothing,
    )  # fmt: skip


def _nothing(_: Iterable[CommunicationId]) -> dict[CommunicationId, str]:
    return {}


def main() -> None:
    """Print the seconds of each part, the fastest of `--rounds`."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--messages", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    view = made(given.messages)
    begin = given.messages // 10
    carrying, known = range(begin, begin + _CARRYING), carriers(view)
    deadline = int(view.start[-1])
    whole, places = sendings(view), ((view.start - view.start[0]) // 86_400).tolist()
    parts: dict[str, Callable[[], object]] = {
        "the carriers, once for a case": lambda: carriers(view),
        "one fact, three layers": lambda: knowledge(view, carrying, known),
        "last useful moment": lambda: last_useful(view, range(5), deadline, known),
        "clock between two parties": lambda: news(whole, 0, 1, len(view.identities)),
        "two-paths and bridges": lambda: bridges(two_paths(whole, places)),
    }
    print(f"{given.messages:,} messages, {len(whole):,} sendings, {len(view.identities):,} people")
    for name, part in parts.items():
        seconds = []
        for _ in range(given.rounds):
            started = perf_counter()
            part()
            seconds.append(perf_counter() - started)
        print(f"{name}: {min(seconds):.2f} s")


if __name__ == "__main__":
    main()
