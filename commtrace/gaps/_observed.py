"""What supplied mailboxes could have shown: which days, which folders, and which exchange.

A mailbox of which only sent items were collected cannot show what was received, nor the reverse;
and one that other mail shows to be empty or thin (see `coverage_hole`) cannot show those days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from commtrace.gaps._bare import is_bare
from commtrace.gaps._folders import collected
from commtrace.gaps._register import shows
from commtrace.model import Coverage
from commtrace.view import Ints, View

_TOGETHER = 0.8  # share of the baseline that the covering mailboxes hold between them
_DIRECTIONS = (True, False)  # of a pair one side sends, the other receives
_EACH = 0.5  # share that one side's covering mailboxes hold, for that side to be observed


def covering(view: View, identity: int, first: date, last: date, *, sent: bool) -> Coverage | None:
    """The stretch of somebody's own mailbox that could show what they sent (or else received)."""
    boxes = _supplied(view, identity, first, last, sent=sent)
    return next((box for box in boxes if not is_bare(view, box, first, last, sent=sent)), None)


def supplied(view: View, identity: int, first: date, last: date, *, sent: bool) -> Coverage | None:
    """The stretch of somebody's own mailbox that was supplied for these days, bare or not."""
    return next(_supplied(view, identity, first, last, sent=sent), None)


def _supplied(
    view: View, identity: int, first: date, last: date, *, sent: bool
) -> Iterator[Coverage]:
    name = view.identities[identity].id if identity >= 0 else None
    for box in view.coverage if name is not None else ():
        if box.identity == name and _is_supplied(view, box, first, last, sent=sent):
            yield box


def both_sides(
    view: View, asker: int, addressees: Iterable[int], first: date, last: date
) -> tuple[Coverage | None, Coverage | None]:
    """The asker's mailbox that could show what came, and an addressee's that shows what they sent.

    None in the place of either whose mailbox covers these days nowhere.
    """
    mine = covering(view, asker, first, last, sent=False)
    theirs = (covering(view, who, first, last, sent=True) for who in addressees)
    return mine, next(filter(None, theirs), None)


def _is_supplied(view: View, box: Coverage, first: date, last: date, *, sent: bool) -> bool:
    return shows(view, box, first, last) and collected(view, box, sent=sent)


def _shows(view: View, box: Coverage, first: date, last: date, *, sent: bool) -> bool:
    there = _is_supplied(view, box, first, last, sent=sent)
    return there and not is_bare(view, box, first, last, sent=sent)


def party_covered(view: View, party: int, first: date, last: date, *, sent: bool) -> bool:
    """Whether any mailbox of a party could show what it sent (or else received) on these days."""
    return covered_until(view, party, first, last, sent=sent) is not None


def covered_until(view: View, party: int, first: date, last: date, *, sent: bool) -> date | None:
    """The last day on which a mailbox that covers these days could show it, if any covers them."""
    ends = (
        box.last
        for box in view.mailboxes_of_party.get(view.parties[party].id, ())
        if _shows(view, box, first, last, sent=sent)
    )
    return max(ends, default=None)


def answerable(view: View, party: int) -> bool:
    """Whether a party may be held to owe something.

    One guessed from a mail domain counts only where mailboxes of it were supplied, if any were:
    otherwise every stranger that a council writes to would owe it a reply.
    """
    one = view.parties[party]
    return not (one.provisional and view.coverage) or bool(view.mailboxes_of_party.get(one.id))


@dataclass(frozen=True, slots=True)
class Side:
    """One party's mailboxes that cover a time, and whether they show the exchange."""

    observed: bool
    mailboxes: tuple[Coverage, ...]


@dataclass
class Sides:
    """The mailboxes of a directed pair of parties and which of the pair's `rows` each holds."""

    view: View
    pair: tuple[int, int]
    rows: Ints
    _sums: dict[frozenset[str], Ints] = field(default_factory=dict)

    def __post_init__(self) -> None:
        view = self.view
        self._boxes = tuple(
            tuple(
                box
                for box in view.mailboxes_of_party.get(view.parties[party].id, ())
                if collected(view, box, sent=sent)
            )
            for party, sent in zip(self.pair, _DIRECTIONS, strict=True)
        )
        holding = self.view.custodians_holding
        self._holders = [set(holding.get(self.view.ids[row], ())) for row in self.rows.tolist()]

    def ends(self, latest: date, after: date) -> Iterator[date]:
        """The days after `after`, latest first, on which a mailbox of either side ends."""
        lasts = {min(box.last, latest) for boxes in self._boxes for box in boxes}
        yield from sorted((day for day in lasts if day > after), reverse=True)

    def over(
        self, first: date, quiet: date, last: date, since: int, until: int
    ) -> tuple[Side, Side] | None:
        """Both sides, if the mailboxes that cover `first` to `last` show rows `since` to `until`.

        From `quiet` on, where nothing is on record, none of them is empty or thin. None where they
        hold less than four fifths of these rows: then nothing can be claimed.
        """
        covering = [
            tuple(
                box
                for box in boxes
                if shows(self.view, box, first, last)
                and not is_bare(self.view, box, quiet, last, sent=sent)
            )
            for boxes, sent in zip(self._boxes, _DIRECTIONS, strict=True)
        ]
        names = [frozenset(box.custodian for box in boxes) for boxes in covering]
        if self._share(names[0] | names[1], since, until) < _TOGETHER:
            return None
        sides = tuple(
            Side(self._share(name, since, until) >= _EACH, boxes)
            for name, boxes in zip(names, covering, strict=True)
        )
        return sides[0], sides[1]

    def _share(self, names: frozenset[str], since: int, until: int) -> float:
        if not names:
            return 0.0
        if names not in self._sums:
            held = [bool(holders & names) for holders in self._holders]
            self._sums[names] = np.concatenate([[0], np.cumsum(held)]).astype(np.int64)
        sums = self._sums[names]
        return float(sums[until] - sums[since]) / max(1, until - since)
