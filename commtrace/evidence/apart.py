"""Works through many small batches in the same walled processes that read files, on all cores.

For pure functions over what is in the store already: nothing is told apart but batches, and one
whose worker is lost is worked through here instead, so that no answer is ever missing.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Expired
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from pebble import ProcessExpired

from commtrace.evidence.workers import Limits, _pool

T = TypeVar("T")
R = TypeVar("R")
_AHEAD = 3  # batches under way for each process


def apart(
    function: Callable[[list[T]], R], batches: Iterable[list[T]], *, workers: int | None = None
) -> Iterator[R]:
    """`function(batch)` for each batch, in their order; the function must be picklable by name.

    `workers` is the number of processes (as many as there are processors, at most four).
    """
    count = workers or max(1, min(4, os.cpu_count() or 1))
    limits = Limits()
    with _pool(count, limits, None) as pool:
        running: deque[tuple[Future[R], list[T]]] = deque()
        for batch in batches:
            future = pool.schedule(function, args=(batch,), timeout=limits.seconds)
            running.append((future, batch))
            if len(running) >= _AHEAD * count:
                yield _answer(function, *running.popleft())
        while running:
            yield _answer(function, *running.popleft())


def _answer(function: Callable[[list[T]], R], future: Future[R], batch: list[T]) -> R:
    try:
        return future.result()
    except (Expired, ProcessExpired, BrokenProcessPool, MemoryError):
        return function(batch)
