"""Addresses that more than one person uses, and people who write for others.

A household writes from one address under two names or as a family; several officers may share what
looks like one person's address; a delegate sends in somebody else's name (RFC 5322 section 3.6.2:
Sender and From; MAPI PidTagSentRepresenting). Each is shown with its reason and never made one
person: an address counts for itself, and whoever signs is for a reader to say.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from commtrace.model import (
    Address,
    Communication,
    Identity,
    IdentityKind,
    SharedUse,
    Sharing,
)
from commtrace.moments import say_day
from commtrace.reconstruction import names
from commtrace.reconstruction.addresses import is_webmail
from commtrace.reconstruction.identity import NOBODY, Directory
from commtrace.reconstruction.names import Name

_BEHALF = re.compile(r"Sent by (?P<actual>.+) on behalf of (?P<other>.+)\.")
_WRITTEN = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>\s]+)>")
_COUPLE = re.compile(
    r"^\W*(?:mr|mrs|ms|miss|mx|dr|prof)\W+(?:and|&|\+)\W*(?:mr|mrs|ms|miss|mx|dr|prof)\b"
    r"|^\W*[^\W\d_]{2,}\W+(?:and|&|\+)\W+[^\W\d_]{2,}\W+[^\W\d_]{3,}\W*$"
    r"|^\W*[^\W\d_]{2,}\W+[^\W\d_]{2,}\W+(?:and|&|\+)\W+[^\W\d_]{2,}\W+[^\W\d_]{3,}\W*$"
    r"|^\W*(?:the\W+)?[^\W\d_]{3,}\W+(?:family|household)\W*$"
    r"|^\W*(?:the\W+)?(?:family|household)\W+[^\W\d_]{3,}\W*$",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"\b(?:services?|teams?|departments?|council|office|support|enquiries|group|unit|committee"
    r"|board|trust|schools?|ltd|limited|transport|solutions|partners|centre|desk|admin\w*|sales"
    r"|marketing|legal|finance|communications|policy|operations|solicitors|associates|consultants"
    r"|information|welfare|support|homes?|cars|taxis|coaches|travel)\b",
    re.IGNORECASE,
)


def sharing(rows: Sequence[Communication], people: Directory) -> tuple[Sharing, ...]:
    """Who shares an address or writes for somebody else, in order of identity and use."""
    found = [*_shared(rows, people), *_delegates(rows, people)]
    return tuple(sorted(found, key=lambda one: (one.who, one.use, one.other or "", one.why)))


def _shared(rows: Sequence[Communication], people: Directory) -> Iterator[Sharing]:
    """Addresses that write under names of more than one person."""
    signed: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.sender is not None and "@" in row.sender.address and row.sender.name.strip():
            place = people.find(row.sender)
            if place != NOBODY:
                signed[place, row.sender.address.casefold()][row.sender.name.strip()] += 1
    for (place, address), written in sorted(signed.items()):
        who = people.identities[place]
        if who.kind is IdentityKind.PERSON:
            one = _use(who, address, written)
            if one is not None:
                yield one


def _use(who: Identity, address: str, written: Mapping[str, int]) -> Sharing | None:
    couple = sorted(n for n in written if _COUPLE.search(n) and not _OFFICE.search(n))
    if couple:
        why = f"{address} writes as “{couple[0]}”."
        return Sharing(who=who.id, use=SharedUse.HOUSEHOLD, why=why)
    often = sorted(
        name for name, times in written.items() if times >= names.OFTEN and "@" not in name
    )
    read = {name: names.name(name) for name in often}
    apart = next(
        (
            (one, other)
            for one, other in combinations(often, 2)
            if names.unlike(read[one], read[other])
        ),
        None,
    )
    if apart is None:
        return None
    why = f"{address} writes as “{apart[0]}” and as “{apart[1]}”."
    home = is_webmail(address.rpartition("@")[2]) or _one_family(read[apart[0]], read[apart[1]])
    use = SharedUse.HOUSEHOLD if home else SharedUse.SEVERAL_PEOPLE
    return Sharing(who=who.id, use=use, why=why)


def _one_family(one: Name, other: Name) -> bool:
    return one.words[-1] == other.words[-1] and one.words[0] != other.words[0]


def _delegates(rows: Sequence[Communication], people: Directory) -> Iterator[Sharing]:
    """Who sent messages in whose name, how often and from when to when."""
    sent: dict[tuple[int, int], list[Communication]] = defaultdict(list)
    for row in rows:
        for doubt in row.doubts:
            match = _BEHALF.fullmatch(doubt)
            if match is None:
                continue
            actual, other = (people.find(_read(match[part])) for part in ("actual", "other"))
            if NOBODY not in (actual, other) and actual != other:
                sent[actual, other].append(row)
    for (actual, other), some in sorted(sent.items()):
        days = sorted(one.when.earliest for one in some if one.when)
        span = f", {say_day(days[0])} to {say_day(days[-1])}" if days else ""
        count = f"{len(some):,} message" + ("s" if len(some) > 1 else "")
        why = f"Sent {count} on behalf of {people.identities[other].label}{span}."
        yield Sharing(
            who=people.identities[actual].id,
            use=SharedUse.DELEGATE,
            why=why,
            other=people.identities[other].id,
        )


def _read(written: str) -> Address:
    match = _WRITTEN.fullmatch(written.strip())
    if match:
        return Address(name=match["name"].strip(), address=match["address"])
    return (
        Address(name="", address=written) if "@" in written else Address(name=written, address="")
    )
