"""Threads and conversation indices, held against other programs' threads and the parents' dates."""

from __future__ import annotations

import email
import json
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from archives import Archive, read
from scores import Found, Share, partition

from commtrace.model import LinkBasis
from commtrace.reconstruction import conversation_index
from commtrace.reconstruction.index_clocks import IndexClocks

_SECONDS, _FOLDS = timedelta(seconds=2), 10
_NOTMUCH = Path("gold_threads/notmuch-corpora/corpora")
_FOLDERS = ("default", "lkml", "threading/ghost-root", "threading/parent-priority")
_LISTS = {
    "openbmc-2020-03_04": Path("mbox/openbmc/openbmc-2020-03_04.mbox"),
    "twisted-python-2005": Path("mbox/twisted-python/twisted-python-2005.mbox"),
}
_BAILEY = Path("enron_eml/freeeed")
Row = tuple[str, str, str, str, str]


def corpora(folder: Path, cases: Path | None) -> list[Archive]:
    """All mail of the corpora that may carry a conversation index, one archive a kind."""
    kinds = ("mbox", "eml", "enron_eml", "msg", "pst", "ost")
    return [read(kind, [folder / kind], cases=cases) for kind in kinds if (folder / kind).is_dir()]


def partitions(folder: Path, cases: Path | None) -> Iterator[Row]:
    """Which messages are one thread, as notmuch says and as the headers' closure says."""
    for name, path in _LISTS.items():
        if not (folder / path).is_file():
            continue
        threads = json.loads((folder / "threads" / f"{name}.notmuch.json").read_text("utf-8"))
        archive = read(name, [folder / path], cases=cases)
        found = partition(_threads(archive), threads)
        yield "thread partition, with headers", f"{name} (notmuch)", str(found), "", ""
    total = Found(0, 0, 0)
    for name in _FOLDERS:
        paths = [p for p in sorted((folder / _NOTMUCH / name).rglob("*")) if p.is_file()]
        if paths:
            archive = read(name.replace("/", "-"), [folder / _NOTMUCH / name], cases=cases)
            view = archive.view(stripped=False)
            mine = {
                one.message_id: view.threads[int(view.thread[row])].id
                for row, one in enumerate(archive.rows)
                if one.message_id
            }
            total += partition(mine, _closure(paths))
    yield "thread partition, with headers", "gold_threads (closure of ids)", str(total), "", ""


def _threads(archive: Archive) -> dict[str, str]:
    """The product's thread of each id as far as headers tie it.

    A hijack is joined again and what only a quotation ties is not: the other programs know neither.
    """
    view = archive.view(stripped=False)
    up: dict[str, str] = {}

    def top(one: str) -> str:
        while up.setdefault(one, one) != one:
            one = up[one]
        return one

    for link in view.links:
        if link.basis <= LinkBasis.THREAD_INDEX:
            up[top(link.child)] = top(link.parent)
    for ghost in view.ghosts:
        if any(basis <= LinkBasis.THREAD_INDEX for basis in ghost.bases):
            for one in ghost.cited_by:
                up[top(one)] = top(ghost.id)
    return {one.message_id: top(one.id) for one in archive.rows if one.message_id}


def _closure(paths: Sequence[Path]) -> dict[str, str]:
    """Which ids (RFC 5322: with an @) name one another in any header, or through others.

    Messages that cite something else, made up by hand, are not judged.
    """
    up: dict[str, str] = {}

    def top(one: str) -> str:
        while up.setdefault(one, one) != one:
            one = up[one]
        return one

    own = []
    for path in paths:
        one = email.message_from_bytes(path.read_bytes())
        fields = (one["Message-ID"], one["References"], one["In-Reply-To"])
        ids = [
            found
            for field in fields
            for found in re.findall(r"<([^<>\s]+@[^<>\s]+)>", str(field or ""))
        ]
        bogus = any(re.search(r"<[^<>@]*>", str(field or "")) for field in fields)
        if one["Message-ID"] and ids and not bogus:
            own.append(ids[0])
        for other in ids[1:]:
            up[top(other)] = top(ids[0])
    return {one: top(one) for one in own}


def bailey(folder: Path, cases: Path | None) -> Iterator[Row]:
    """The distinct indices of one mailbox, the ancestors they imply, and how many are absent."""
    if not (folder / _BAILEY).is_dir():
        return
    archive = read("bailey", [folder / _BAILEY], cases=cases)
    indices = {one.thread_index.lower() for one in archive.rows if one.thread_index}
    held = {names[-1] for index in indices if (names := conversation_index.names(index))}
    implied = conversation_index.implied_ancestors(held)
    measured = f"{len(held)}/{len(implied)}/{len(implied - held)}"
    yield "Bailey: indices/ancestors/missing", "enron_eml", measured, "", "253/157/120"


def index_times(archives: Sequence[Archive]) -> Iterator[Row]:
    """How near the time that an index gives its parent is to that parent's own Date.

    By archive and in all; a reply's own parent teaches nothing of its sender's clock: replies are
    parted in ten, and each tenth is read with what the others taught. Beside it the time as it
    stands in the index.
    """
    total: dict[str, list[tuple[bool, bool | None]]] = {}
    for archive in archives:
        mine: dict[str, list[tuple[bool, bool | None]]] = {}
        for fold in range(_FOLDS):
            for kind, one in _dated(archive, fold):
                mine.setdefault(kind, []).append(one)
        for kind, found in sorted(mine.items()):
            total.setdefault(kind, []).extend(found)
            yield _index_row(kind, archive.name, found)
    for kind, found in sorted(total.items()):
        yield _index_row(kind, "all archives", found)


def _index_row(kind: str, name: str, found: Sequence[tuple[bool, bool | None]]) -> Row:
    raw = [as_it_stands for _, as_it_stands in found if as_it_stands is not None]
    share = Share(sum(right for right, _ in found), len(found))
    return f"conversation-index time, {kind}", name, str(share), str(Share(sum(raw), len(raw))), ""


def _dated(archive: Archive, fold: int) -> Iterator[tuple[str, tuple[bool, bool | None]]]:
    """Of each reply of a tenth whose index dates its parent: whether that is right to 2 s."""
    rows = archive.rows
    held = {
        names[-1]: row
        for row, one in enumerate(rows)
        if (names := conversation_index.names(one.thread_index or ""))
    }
    clocks = IndexClocks(rows, held)
    pairs = [(row, up) for row, up in enumerate(archive.gold) if up is not None and up >= 0]
    for row, parent in pairs:
        if row % _FOLDS != fold and rows[row].thread_index:
            clocks.learn(row, parent)
    for row, parent in pairs:
        when = rows[parent].when
        decoded = clocks.decoded(row) if row % _FOLDS == fold else None
        if decoded is None or when is None or len(decoded.names) < 3:
            continue
        told, raw = clocks.dating(row, decoded.names[-2]), decoded.as_read[-2]
        if told is None:
            continue
        outlook = "in Outlook" if rows[parent].thread_index else "elsewhere"
        near = abs(told.time - when.earliest) <= _SECONDS
        stands = abs(raw - when.earliest) <= _SECONDS if raw is not None else None
        yield f"layout {decoded.layout}, parent written {outlook}", (near, stands)
