"""Keeps the evidence and the decisions of a case: append-only, keyed by content, at a URL.

Imports the model alone. `Store` is its one public name; what is derived may be deleted any time.
"""

from commtrace.store.store import Store

__all__ = ["Store"]
