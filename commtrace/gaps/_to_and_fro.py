"""Matters of an outside party that go to and fro between two bodies, the party not written to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from commtrace.gaps._columns import Grouped, asks, between, share, tokens
from commtrace.gaps._wording import OUTSIDE
from commtrace.view import NOBODY, TO, View

_SAME_MATTER = 0.5  # share of the telling words of the request's subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """The outside party's request and the rows by which two bodies passed it to each other."""

    request: int
    outsider: int
    one: int
    other: int
    passes: tuple[int, ...]


def exchanges(view: View, at_least: int) -> Iterator[Exchange]:
    """Each thread's longest exchange of at least `at_least` passes, the asker not written to."""
    long_enough = (rows for rows in view.rows_of_thread if len(rows) > at_least)
    for rows in long_enough:
        ordered = [row for row in rows.tolist() if row < view.dated]
        request = next((row for row in ordered if _outside_request(view, row)), None)
        if request is None:
            continue
        best = _longest(view, request, [row for row in ordered if row > request])
        if best is not None and len(best.passes) >= at_least:
            yield best


def _outside_request(view: View, row: int) -> bool:
    party = int(view.sender_party[row])
    if party == NOBODY or view.parties[party].kind not in OUTSIDE or view.automatic[row]:
        return False
    return asks(view, row)


def _longest(view: View, request: int, later: list[int]) -> Exchange | None:
    """The longest alternation before the asker's side is written to."""
    outsider = int(view.sender_party[request])
    turns: dict[tuple[int, int], list[int]] = {}
    for row in later:
        sender = int(view.sender_party[row])
        if view.automatic[row] or sender in {NOBODY, outsider}:
            continue
        if outsider in view.parties_to(row):
            break
        for taker in view.parties_to(row, (TO,)):
            if taker in {sender, outsider} or not _bodies(view, sender, taker):
                continue
            passes = turns.setdefault((min(sender, taker), max(sender, taker)), [])
            if not passes or int(view.sender_party[passes[-1]]) != sender:
                passes.append(row)
    if not turns:
        return None
    (one, other), passes = max(turns.items(), key=lambda item: (len(item[1]), item[0]))
    return Exchange(request=request, outsider=outsider, one=one, other=other, passes=tuple(passes))


def _bodies(view: View, one: int, other: int) -> bool:
    return all(view.parties[party].kind not in OUTSIDE for party in (one, other))


def answered(view: View, exchange: Exchange, received: Grouped) -> list[int]:
    """Messages of either body to the asker on the matter, up to the last pass."""
    wanted = tokens(view.subjects[exchange.request])
    asker = int(view.sender[exchange.request])
    rows = received[asker] if asker != NOBODY else received[0][:0]
    end = int(view.start[exchange.passes[-1]])
    start = int(view.start[exchange.request])
    return [
        int(row)
        for row in between(rows[rows < view.dated], start, end + 1, view)
        if int(view.sender_party[row]) in {exchange.one, exchange.other}
        and not view.automatic[row]
        and share(wanted, tokens(view.subjects[row])) >= _SAME_MATTER
    ]
