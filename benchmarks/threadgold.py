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

_SECONDS, _HOUR = timedelta(seconds=2), timedelta(hours=1)
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
    """How near the time that an index gives its parent is to that parent's own Date."""
    near: dict[tuple[str, str], list[bool]] = {}
    for archive in archives:
        for row, one in enumerate(archive.rows):
            parent = archive.gold[row]
            gap = _gap(archive, row, parent) if parent is not None and parent >= 0 else None
            if gap is None or parent is None:
                continue
            outlook = (
                "written in Outlook" if archive.rows[parent].thread_index else "of another kind"
            )
            near.setdefault((gap[0], outlook), []).append(gap[1] <= _SECONDS)
            near.setdefault((gap[0], f"{outlook}, within an hour"), []).append(gap[1] <= _HOUR)
            del one
    for (layout, outlook), right in sorted(near.items()):
        what = f"conversation-index time, format {layout}, parent {outlook}"
        yield what, "all archives", str(Share(sum(right), len(right))), "", ""


def _gap(archive: Archive, row: int, parent: int) -> tuple[str, timedelta] | None:
    one, other = archive.rows[row], archive.rows[parent]
    if not one.thread_index or one.when is None or other.when is None:
        return None
    decoded = conversation_index.decode(one.thread_index, one.when.earliest)
    if decoded is None or len(decoded.names) < 3:
        return None
    time = decoded.time_of(decoded.names[-2])
    if time is None:
        return None
    return decoded.layout, abs(time - other.when.earliest)
