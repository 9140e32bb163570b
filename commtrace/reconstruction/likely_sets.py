"""Pairs that may be one, as sets that a person rules on in one act.

In a set everybody is proposed with everybody else, so that a ruling on the set is a ruling on its
pairs and on nothing more. A mail archive whose every address has several spellings gives a set for
each person where it gives hundreds of pairs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from commtrace.model import IdentityId, Likely, Likeness

_Near = dict[IdentityId, set[IdentityId]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelySet:
    """Identities of which every two may be one; `likeness` is the weakest reason among `pairs`."""

    members: tuple[IdentityId, ...]
    likeness: Likeness
    pairs: tuple[Likely, ...]

    @property
    def warns(self) -> bool:
        """Whether a look-alike is among them: a warning, and no reason to make anybody one."""
        return self.likeness is Likeness.LOOKALIKE


def sets(found: Sequence[Likely]) -> tuple[LikelySet, ...]:
    """Sets in which every pair of `found` lies, strongest reason first, then the largest.

    A pair that lies in no set yet begins one, which takes in whoever is proposed with all of its
    members for a reason as strong as the pair's or stronger.
    """
    pair_of = {(one.one, one.other): one for one in found}
    done: set[tuple[IdentityId, IdentityId]] = set()
    made: list[LikelySet] = []
    near: _Near = defaultdict(set)
    for likeness in Likeness:
        here = sorted(p for p in pair_of if pair_of[p].likeness is likeness)
        for one, other in here:
            near[one].add(other)
            near[other].add(one)
        for pair in here:
            if pair not in done:
                inside = list(combinations(_grown(pair, near), 2))
                done.update(inside)
                made.append(_made([pair_of[each] for each in inside], likeness))
    return tuple(sorted(made, key=lambda one: (one.likeness, -len(one.members), one.members)))


def _grown(pair: tuple[IdentityId, IdentityId], near: _Near) -> list[IdentityId]:
    """A pair and everybody who is near all the others, in order of their ids."""
    members = list(pair)
    common = near[pair[0]] & near[pair[1]]
    while common:
        members.append(min(common))
        common &= near[members[-1]]
    return sorted(members)


def _made(pairs: Sequence[Likely], likeness: Likeness) -> LikelySet:
    members = sorted({each for pair in pairs for each in (pair.one, pair.other)})
    return LikelySet(members=tuple(members), likeness=likeness, pairs=tuple(pairs))
