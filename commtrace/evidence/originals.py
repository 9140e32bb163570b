"""The bytes of one thing in the evidence as they came, found again in the kept copy.

What a parser handed on as `Embedded` has bytes of its own; a format may offer those of its records
too (one message of a mailbox). Whatever else was read, a page or an item of an Outlook store, has
none: its file holds it.
"""

from __future__ import annotations

from hashlib import file_digest, sha256
from pathlib import Path

from commtrace import plugins
from commtrace.evidence.copy import blob_path
from commtrace.evidence.reading import inner_item, top_item, within_item
from commtrace.evidence.values import Caps, Task, Told
from commtrace.model import Embedded, Source
from commtrace.plugins import Item

_NONE = "No bytes of their own lie at this place; the whole file holds it."


def embedded_bytes(evidence: Path, source: Source, told: tuple[Told, ...] = ()) -> bytes:
    """The bytes at a place in the evidence folder, found by reading the kept copy again.

    `told` is what was decided on how the file is read. Raises LookupError if the copy is not there
    or is altered, or if nothing with bytes of its own lies at that place.
    """
    blob = blob_path(evidence, source.sha256)
    if not blob.is_file():
        raise LookupError("The kept copy of this file is not in the case.")
    if not source.part:
        return whole_bytes(blob)
    with blob.open("rb") as stream:
        _unaltered(blob, file_digest(stream, "sha256").hexdigest())
    task = Task(path=source.path, sha256=source.sha256, size=blob.stat().st_size, blob=blob,
                spool=blob, encode=lambda _: [], told=told)  # fmt: skip
    found = _bytes(top_item(task), source.part, 0, task)
    if found is None:
        raise LookupError(_NONE)
    return found


def whole_bytes(blob: Path) -> bytes:
    """The bytes of a kept copy; raises LookupError if they are not those that were taken in."""
    data = blob.read_bytes()
    _unaltered(blob, sha256(data).hexdigest())
    return data


def _unaltered(blob: Path, digest: str) -> None:
    if blob.name != digest:
        raise LookupError("The kept copy was altered since it was taken in; supply the file again.")


def _bytes(item: Item, part: tuple[str, ...], depth: int, task: Task) -> bytes | None:
    """What lies at `part`, looked for in an item that is on the way there."""
    chosen = plugins.choose(item)
    if len(chosen) != 1 or depth > Caps().depth:
        return None
    if chosen[0].piece is not None:
        offered = chosen[0].piece(item, part[len(item.source.part) :])
        if offered is not None:
            return offered
    for one in chosen[0].read(item):
        found = within_item(one, item)
        place = found.source.part
        if not isinstance(found, Embedded) or place != part[: len(place)]:
            continue
        if place == part:
            return found.data
        inside = _bytes(inner_item(found, task), part, depth + 1, task)
        if inside is not None:
            return inside
    return None
