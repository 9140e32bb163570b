"""How well people are told: pairs of spellings and addresses proposed as one, against a gold list.

    python benchmarks/identities.py FOLDER

FOLDER holds Aliases.csv and Persons.csv (one line a spelling, as scanned mail has it). Everybody is
proposed from the spellings alone, without any mail. Half of the persons (by their number's parity)
were looked at while the rules were written; the other half is held out. Precision and recall are of
pairs, before and after proposals are joined in chains, with a bootstrap by person; the baselines
join equal strings of letters, and equal names in any order. "Reachable" leaves out of the gold the
spellings that share no three letters in a row with any other of their person (roles, errors of the
gold itself), which nothing written in them could join.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from scores import Found

from commtrace.brief import Brief
from commtrace.model import Address, Channel, Communication, CommunicationId, Sighting, Source
from commtrace.reconstruction.identity import directory
from commtrace.reconstruction.likeness import likely

Gold = Mapping[str, str]  # person by alias


def main() -> None:
    """Print the table."""
    gold = read(Path(sys.argv[1]))
    print("| spellings of | measured | baseline: same letters | baseline: same words |")
    print("|---|---|---|---|")
    for name, part in halves(gold).items():
        several = of_several(part)
        for what, some in (
            (name, part),
            (f"{name}, of several spellings", several),
            (f"{name}, of several spellings, reachable", reachable(several)),
        ):
            cells = [score(some, way) for way in (proposed, same_letters, same_words)]
            print(f"| {what} ({len(some):,}) | " + " | ".join(map(str, cells)) + " |")


def read(folder: Path) -> Gold:
    """The person of each alias."""
    with (folder / "Aliases.csv").open(encoding="utf-8") as stream:
        return {row["Alias"]: row["PersonId"] for row in csv.DictReader(stream)}


def halves(gold: Gold) -> Mapping[str, Gold]:
    """Persons of even numbers, and those of odd ones, which were held out."""
    return {
        "persons looked at": {a: p for a, p in gold.items() if int(p) % 2 == 0},
        "persons held out": {a: p for a, p in gold.items() if int(p) % 2},
    }


def of_several(gold: Gold) -> Gold:
    """The aliases of persons that have more than one."""
    times = Counter(gold.values())
    return {alias: person for alias, person in gold.items() if times[person] > 1}


def reachable(gold: Gold) -> Gold:
    """The aliases that share three letters in a row with another of their person."""
    by: dict[str, list[str]] = defaultdict(list)
    for alias, person in gold.items():
        by[person].append(alias)
    return {
        alias: person
        for alias, person in gold.items()
        if len(by[person]) == 1
        or any(grams(alias) & grams(other) for other in by[person] if other != alias)
    }


def grams(words: str) -> set[str]:
    """Three letters in a row."""
    letters = "".join(sign for sign in words.casefold() if sign.isalpha())
    return {letters[n : n + 3] for n in range(len(letters) - 2)}


def proposed(aliases: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Pairs that the product proposes or joins itself."""
    people = directory([_mail(n, alias) for n, alias in enumerate(aliases)], Brief())
    of: dict[str, list[str]] = defaultdict(list)
    for alias in aliases:
        of[people.identities[people.find(_address(alias))].id].append(alias)
    for group in of.values():
        yield from combinations(group, 2)
    for pair in likely(people.identities):
        yield from ((one, other) for one in of[pair.one] for other in of[pair.other])


def _address(alias: str) -> Address:
    """As a header's reader gives it: an address alone, or what stands before and around one."""
    alone = "@" in alias and " " not in alias
    return Address(name="", address=alias) if alone else Address(name=alias, address="")


def _mail(number: int, alias: str) -> Communication:
    return Communication(
        id=CommunicationId(str(number)), channel=Channel.EMAIL,
        sightings=(Sighting(source=Source(sha256="0" * 64, path=str(number))),),
        sent=None, received=None, sender=_address(alias), reply_to=(), to=(), cc=(), bcc=(),
        subject="", message_id=None, in_reply_to=None, references=(), thread_index=None,
        our_ref=None, your_ref=None, attachments=(), marks=(), reader="gold", doubts=(),
    )  # fmt: skip


def _grouped(aliases: Sequence[str], key: Callable[[str], str]) -> Iterable[tuple[str, str]]:
    by: dict[str, list[str]] = defaultdict(list)
    for alias in aliases:
        by[key(alias)].append(alias)
    for group in by.values():
        yield from combinations(group, 2)


def same_letters(aliases: Sequence[str]) -> Iterable[tuple[str, str]]:
    """The baseline: equal but for signs, spaces and case."""
    return _grouped(aliases, lambda one: "".join(s for s in one.casefold() if s.isalpha()))


def same_words(aliases: Sequence[str]) -> Iterable[tuple[str, str]]:
    """The baseline: the same words in any order."""
    return _grouped(aliases, lambda one: " ".join(sorted(one.casefold().split())))


def score(gold: Gold, way: Callable[[Sequence[str]], Iterable[tuple[str, str]]]) -> Found:
    """Pairs in the chains that a way gives, against the gold's."""
    top = {alias: alias for alias in gold}

    def root(alias: str) -> str:
        while top[alias] != alias:
            alias = top[alias]
        return alias

    for one, other in way(sorted(gold)):
        top[max(root(one), root(other))] = min(root(one), root(other))
    said = _pairs(Counter(root(alias) for alias in gold))
    there = _pairs(Counter(gold.values()))
    both = _pairs(Counter((root(alias), person) for alias, person in gold.items()))
    return Found(both, said - both, there - both)


def _pairs(sizes: Counter[object] | Counter[str] | Counter[tuple[str, str]]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


if __name__ == "__main__":
    main()
