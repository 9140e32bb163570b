"""Roots of public lists that nobody else answered, found without threading headers.

    python benchmarks/answeredgold.py NAME=MBOX[,MBOX] ... [--cases FOLDER]

Gold: the tree of In-Reply-To, else the last of References, that the mail itself carries; a root is
answered where any message below it is by another address. A root is not judged where the tree does
not say: where another address wrote what looks like a reply (by subject, quotation or index) on its
subject within 60 days, and that message names no parent. Measured: with In-Reply-To, References
and Thread-Index taken off, a root is unanswered where the rows that the rule `unanswered` would
read (`Traffic.topic`: its thread by evidence, its base subject within 60 days) hold none by another
sender. Positive is *unanswered* (gap-science T5): precision is the share of the roots so called
that the tree leaves unanswered, recall the share of the tree's that are so called; "wrongly" are
those so called though answered, of all roots. The baseline is the subject alone.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from archives import Archive, halves, read
from scores import Found, Share

from commtrace.gaps._columns import between
from commtrace.gaps._traffic import Traffic
from commtrace.view import View

Figures = tuple[object, ...]
_SIXTY_DAYS = 60 * 86400


def answered_rows(archive: Archive) -> Iterator[tuple[str, *Figures]]:
    """Precision and recall of unanswered roots, and the roots wrongly called unanswered."""
    gold = unanswered_by_tree(archive)
    view = archive.view(stripped=True)
    traffic = Traffic(view)
    place = [view.row_of[one.id] for one in archive.rows]
    back = {there: row for row, there in enumerate(place)}
    dated = [row for row in gold if place[row] < view.dated]
    judged = [row for row in dated if not _is_open(archive, traffic, place[row], back)]
    mine = _called(view, place, judged, lambda row: traffic.topic(row).tolist())
    subject = _called(view, place, judged, lambda row: _on_subject(traffic, row))
    found, base = (_found(gold, judged, said) for said in (mine, subject))
    yield (
        "roots unanswered",
        _both(found),
        _both(base),
    )
    yield "roots wrongly called unanswered", Share(found.false, len(judged)), base.false
    yield "roots not judged", Share(len(dated) - len(judged), len(dated))


def unanswered_by_tree(archive: Archive) -> dict[int, bool]:
    """By root's row, whether no message below it is by another address."""
    rows = archive.rows
    parent = [_parent(archive, row) for row in range(len(rows))]
    found = {row: True for row, up in enumerate(archive.gold) if up == -1}
    for row in range(len(rows)):
        top, seen = row, 0
        while (up := parent[top]) is not None and seen < len(rows):
            top, seen = up, seen + 1
        if top in found and top != row and _author(archive, row) != _author(archive, top):
            found[top] = False
    return found


def _parent(archive: Archive, row: int) -> int | None:
    one = archive.rows[row]
    for name in (one.in_reply_to, *one.references[-1:]):
        parent = archive.by_message_id.get(name) if name else None
        if parent is not None and parent != row:
            return parent
    return None


def _author(archive: Archive, row: int) -> str:
    sender = archive.rows[row].sender
    return sender.address.casefold() if sender is not None else ""


def _called(
    view: View, place: Sequence[int], roots: Sequence[int], topic: Callable[[int], Sequence[int]]
) -> set[int]:
    """The roots for which a topic holds nothing by another sender."""
    return {
        root
        for root in roots
        if not any(
            view.sender[row] != view.sender[place[root]] and not view.automatic[row]
            for row in topic(place[root])
        )
    }


def _is_open(archive: Archive, traffic: Traffic, at: int, back: Mapping[int, int]) -> bool:
    """Whether somebody else may have answered a root by a message that names no parent."""
    root = back[at]
    for there in _on_subject(traffic, at):
        row = back[there]
        one = archive.rows[row]
        unknown = archive.gold[row] is None and _parent(archive, row) is None
        if unknown and not one.in_reply_to and _author(archive, row) != _author(archive, root):
            return True
    return False


def _on_subject(traffic: Traffic, row: int) -> list[int]:
    view = traffic.view
    same = traffic.on_subject.get(traffic.subjects[row])
    if same is None:
        return []
    start = int(view.start[row])
    return [one for one in between(same, start, start + _SIXTY_DAYS, view).tolist() if one > row]


def _found(gold: dict[int, bool], judged: Sequence[int], called: set[int]) -> Found:
    hits = sum(gold[row] for row in called)
    return Found(hits, len(called) - hits, sum(gold[row] for row in judged) - hits)


def _both(found: Found) -> str:
    precision = Share(found.hits, found.hits + found.false)
    return f"P {precision} R {Share(found.hits, found.hits + found.missed)}"


def main() -> None:
    """Print the figures of each half of each archive."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("archives", nargs="+", metavar="NAME=MBOX,...")
    parser.add_argument("--cases", type=Path, help="where to keep what was ingested")
    said = parser.parse_args()
    for words in said.archives:
        name, equals, paths = words.partition("=")
        if not equals:
            sys.exit(f"{words}: write NAME=MBOX[,MBOX ...]")
        archive = read(name, [Path(path) for path in paths.split(",")], cases=said.cases)
        for half in halves(archive):
            for row in answered_rows(half):
                print("| " + " | ".join(map(str, (half.name, *row))) + " |", flush=True)


if __name__ == "__main__":
    main()
