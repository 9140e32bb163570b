"""Putting a file in its place whole or not at all: written beside it, flushed, then moved."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def into(path: Path, pieces: Iterable[bytes]) -> Path:
    """Write `pieces` to `path`; a reader sees the old file or the new one, never a part."""
    waiting = path.with_name(f".{path.name}.part")
    try:
        with waiting.open("wb") as stream:
            for piece in pieces:
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)
    return path
