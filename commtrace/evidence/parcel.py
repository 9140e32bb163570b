"""What a worker hands over, packed as plain strings and numbers.

`marshal` is the cheapest way between two processes of one interpreter, and unlike pickle it can
carry no code. A spool file is a row of frames, each with its length before it, so that a frame cut
off by a crash is seen and left out.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator
from typing import Any, BinaryIO

RECORD, PROBLEM, INNER, DECLARED, PROPOSAL = "r", "p", "i", "d", "o"
MOST_IN_FRAME = 1000
Entry = list[Any]  # one of the above, the part, and what `reading` says of each
_LENGTH = 8


def packed(entries: list[Entry]) -> bytes:
    """The entries as bytes."""
    return marshal.dumps(entries)


def unpacked(data: bytes) -> list[Entry]:
    """The entries that `packed` made bytes of."""
    if not data:
        return []
    found: list[Entry] = marshal.loads(data)  # noqa: S302 - from our own worker, and carries no code
    return found


def write(stream: BinaryIO, entries: list[Entry]) -> None:
    """Add one frame to a spool."""
    data = packed(entries)
    stream.write(len(data).to_bytes(_LENGTH, "big") + data)
    stream.flush()


def read(stream: BinaryIO) -> Iterator[list[Entry]]:
    """The frames of a spool, as far as they are whole."""
    while len(head := stream.read(_LENGTH)) == _LENGTH:
        data = stream.read(int.from_bytes(head, "big"))
        if len(data) < int.from_bytes(head, "big"):
            return
        yield unpacked(data)
