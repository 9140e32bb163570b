"""Keeps the evidence and the decisions of a case: append-only, keyed by content, at a URL.

Imports the model alone. `Store` is its one public name; what is derived may be deleted any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commtrace.store.store import Store

__all__ = ["Store"]


def __getattr__(name: str) -> object:
    """Load the store when it is asked for: a worker that only encodes rows needs no database."""
    if name == "Store":
        from commtrace.store.store import Store  # noqa: PLC0415 - see the docstring

        return Store
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
