"""Worker processes with tight limits that know only the mock format."""

from __future__ import annotations

from mock_format import prepare

from commtrace.evidence.workers import Limits, processes


def cell(workers: int = 2, seconds: float = 20, memory: int = 512 << 20):
    """A pool that knows only the mock format, with tight limits."""
    limits = Limits(seconds=seconds, seconds_per_mebibyte=0, memory=memory)
    return processes(workers, limits=limits, prepare=prepare)
