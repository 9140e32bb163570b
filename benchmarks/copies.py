"""How well the copy matrix tells which copies were taken out of mailboxes, and Chapman how many.

    python benchmarks/copies.py NAME=PATH[,PATH] ... [--cases FOLDER] [--seeds 3] [--least 20]

Real mail is dealt out to pseudo-mailboxes: everybody who is named in From, To or Cc of at least
`--least` messages gets a copy of each. Of all copies 5 % are taken out at random, never the last
copy of a message; blind copies and what a machine sent stay as they are. Then the product says
which copies ought to be there (`View.absent_copies`); nothing of what was taken out is looked up.
The baseline compares written addresses alone. Chapman's estimate is simulated on 400 messages, with
a tenth taken out of each of two mailboxes, once independently and once the same from both.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from archives import Archive, read
from scores import Found, median

from commtrace.brief import Brief, Custodian
from commtrace.model import Communication, CommunicationId, Sighting
from commtrace.moments import local_day
from commtrace.reconstruction.recapture import chapman
from commtrace.view import CC, NOBODY, TO, View

_TAKEN, _CHAPMAN = 0.05, 0.10
Cell = tuple[CommunicationId, str]  # communication, custodian


def main() -> None:
    """Print the table."""
    said = _arguments()
    print("| what | on | measured | baseline |\n|---|---|---|---|")
    for given in said.mail:
        name, _, paths = given.partition("=")
        archive = read(name, [Path(path) for path in paths.split(",")], cases=said.cases)
        for row in _rows(archive, said.seeds, said.least):
            print("| " + " | ".join(row) + " |", flush=True)
    for both, what in ((False, "each side loses its own 10 %"), (True, "both lose the same 10 %")):
        share = median(_simulated(both=both))
        print(f"| Chapman's estimate as a share of the truth | simulated, {what} | {share} | |")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("mail", nargs="+", metavar="NAME=PATH,...")
    parser.add_argument("--cases", type=Path, help="where to keep what was ingested")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--least", type=int, default=20, help="messages of a pseudo-mailbox")
    return parser.parse_args()


def _rows(archive: Archive, seeds: int, least: int) -> Iterator[tuple[str, str, str, str]]:
    dealt = _dealt(archive, least)
    mailboxes = {name for names in dealt.values() for name in names}
    found, plain = Found(0, 0, 0), Found(0, 0, 0)
    for seed in range(seeds):
        taken = _taken(dealt, _TAKEN, random.Random(seed))  # noqa: S311 - reproducible
        view = _view(archive, dealt, taken)
        said = {(copy.communication, copy.custodian) for copy in view.absent_copies}
        found += _judged(said, taken)
        plain += _judged(_named_and_not_held(archive, dealt, taken), taken)
    on = f"{archive.name}, {len(mailboxes)} mailboxes"
    yield "copies taken out, 5 %", on, str(found), str(plain)


def _judged(said: set[Cell], taken: set[Cell]) -> Found:
    return Found(len(said & taken), len(said - taken), len(taken - said))


def _dealt(archive: Archive, least: int) -> Mapping[CommunicationId, list[str]]:
    """Whose pseudo-mailboxes get a copy of each message: the addresses of who is named in it.

    Who is who is taken from the product, so that its errors in that are not counted here.
    """
    view = archive.view(stripped=False)
    named = {
        view.ids[row]: sorted(
            {int(view.sender[row]), *view.identities_to(row, (TO, CC))} - {NOBODY}
        )
        for row in range(view.dated)
    }
    times = Counter(who for people in named.values() for who in people)
    address = {who: _address(view, who) for who in times}
    return {
        identifier: [address[who] for who in people if times[who] >= least and address[who]]
        for identifier, people in named.items()
    }


def _address(view: View, who: int) -> str:
    members = view.identities[who].members
    return next((one.address.casefold() for one in members if "@" in one.address), "")


def _taken(
    dealt: Mapping[CommunicationId, list[str]], share: float, dice: random.Random
) -> set[Cell]:
    """Copies to take out; one of each message always stays."""
    found = set()
    for identifier, names in dealt.items():
        lost = [name for name in names if dice.random() < share]
        found |= {(identifier, name) for name in lost[: len(names) - 1]}
    return found


def _view(archive: Archive, dealt: Mapping[CommunicationId, list[str]], taken: set[Cell]) -> View:
    """The product's view of the mailboxes that are left."""
    days: dict[str, list[object]] = defaultdict(list)
    rows = []
    for one in archive.rows:
        names = dealt.get(one.id, [])
        for name in names:
            days[name].append(local_day(one.when.earliest) if one.when else None)
        held = [name for name in names if (one.id, name) not in taken]
        rows.append(replace(one, sightings=_sightings(one, held)))
    custodians = tuple(
        Custodian(name=name, address=name, since=min(own), until=max(own))  # type: ignore[type-var,arg-type]
        for name, own in sorted(days.items())
    )
    return replace(archive, rows=rows, brief=Brief(custodians=custodians)).view(stripped=False)


def _sightings(one: Communication, held: Sequence[str]) -> tuple[Sighting, ...]:
    source = one.sightings[0].source
    return tuple(Sighting(source=source, custodian=name) for name in held) or (
        Sighting(source=source),
    )


def _named_and_not_held(
    archive: Archive, dealt: Mapping[CommunicationId, list[str]], taken: set[Cell]
) -> set[Cell]:
    """The baseline: addresses written in From, To or Cc whose mailbox holds no copy."""
    mailboxes = {name for names in dealt.values() for name in names}
    return {
        (one.id, name)
        for one in archive.rows
        for name in _written(one)
        if name in mailboxes and ((one.id, name) in taken or name not in dealt.get(one.id, ()))
    }


def _written(one: Communication) -> list[str]:
    people = [one.sender, *one.to, *one.cc]
    return sorted({person.address.casefold() for person in people if person is not None})


def _simulated(*, both: bool, true: int = 400, times: int = 1000) -> list[float]:
    """Chapman's estimate as a share of the truth, where mailboxes lose a tenth of what passed."""
    dice = np.random.default_rng(5)
    found = []
    for _ in range(times):
        lost = dice.random((2, true)) < _CHAPMAN
        held = ~(lost[:1].repeat(2, axis=0) if both else lost)
        estimate, _, _ = chapman(int(held[0].sum()), int(held[1].sum()), int(held.all(0).sum()))
        found.append(estimate / true)
    return found


if __name__ == "__main__":
    main()
