"""Runs one program under limits and ends it, with all it started, when its asker is gone.

Started as a script of its own: `_warden.py LIFE SECONDS MEMORY SIZE PROGRAM ARGUMENTS...`. LIFE is
the reading end of a pipe whose other end the asker holds, so that even an asker that was killed is
noticed; the limits are CPU seconds, bytes of address space and bytes of any file that is written.
It ends as the program ended; 126 means that the asker was gone.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import select
import signal
import sys
from pathlib import Path

GONE = 126
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER: what the program leaves behind becomes ours
_ENDINGS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def main(arguments: list[str]) -> int:
    """Run the program that the arguments name; its exit status, 128 and more for a signal."""
    life, seconds, memory, size = (int(word) for word in arguments[:4])
    os.set_inheritable(life, False)
    woken = _listen()
    _limit(seconds, memory, size)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    program = arguments[4:]
    child = os.posix_spawn(program[0], program, os.environ, setpgroup=0)
    status = _wait(child, life, woken)
    _end(child)
    if status is None:
        return GONE
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _listen() -> int:
    """A descriptor on which the number of every signal that matters arrives."""
    woken, told = os.pipe()
    os.set_blocking(told, False)
    signal.set_wakeup_fd(told)
    for number in (signal.SIGCHLD, *_ENDINGS):
        signal.signal(number, lambda _number, _frame: None)
    return woken


def _limit(seconds: int, memory: int, size: int) -> None:
    limits = (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, size),
        (resource.RLIMIT_CORE, 0),
    )
    for which, most in limits:
        above = resource.getrlimit(which)[1]
        most = most if above == resource.RLIM_INFINITY else min(most, above)  # noqa: PLW2901 - capped
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(which, (most, most))


def _wait(child: int, life: int, woken: int) -> int | None:
    """How the program ended; None where its asker was gone first, or somebody asked to stop."""
    while True:
        ready, _, _ = select.select([life, woken], [], [])
        if life in ready:
            return None
        if any(number in _ENDINGS for number in os.read(woken, 512)):
            return None
        while (one := _ended()) is not None:
            if one[0] == child:
                return one[1]


def _ended(options: int = os.WNOHANG) -> tuple[int, int] | None:
    """A process of ours that has ended, and how; None where none has."""
    try:
        one = os.waitpid(-1, options)
    except ChildProcessError:
        return None
    return one if one[0] else None


def _end(child: int) -> None:
    """Kill the program's group and whatever of it lives elsewhere."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    while left := _children():
        for one in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        if _ended(0) is None:
            return


def _children() -> list[int]:
    try:
        here = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii")
    except OSError:
        return []
    return [int(word) for word in here.split()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
