"""How a worker process starts: from this package alone, never from the program's main module.

A spawned process runs the main module of its parent again. Under the screen that is a page, which
would be drawn once more in every worker, in the terminal and before any wall stands; under a
script without a guard it is the whole script. No worker needs either.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from multiprocessing.context import SpawnContext, SpawnProcess


class _Process(SpawnProcess):
    """A process that is told of no main module: a spec of this name makes its start pass it by."""

    def start(self) -> None:
        main = sys.modules["__main__"]
        if getattr(main, "__spec__", None) is None:
            main.__spec__ = ModuleSpec("__main__", None)
        super().start()


class Spawning(SpawnContext):
    """The context of every pool of workers."""

    Process = _Process
