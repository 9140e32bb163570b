"""The walls of a worker process: memory, network, writing, programs and output.

What the operating system can refuse, it refuses (RLIMIT_AS, a network namespace of its own); an
audit hook refuses the rest to Python code (PEP 578 is no sandbox against native code, and is not
the only wall). A thread watches the resident memory everywhere.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

from commtrace import programs

OUT_OF_MEMORY = 86  # the exit status of a worker that went over its memory
LEFT = 87  # the exit status of a worker that a parser ended with success and no result
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_WATCH_SECONDS = 0.05
_FORBIDDEN = frozenset({
    "socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname",
    "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile",
    "os.rename", "os.chmod", "os.link", "os.symlink", "os.truncate", "shutil.rmtree",
    "shutil.move", "ftplib.connect", "urllib.Request", "webbrowser.open",
})  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_reading = threading.Event()
_leave = os._exit
_writable: set[str] = {os.devnull}
_NO_END = 1 << 62
_allowed = [_NO_END]


def enter(memory: int, prepare: Callable[[], None] | None) -> None:
    """Build the walls around this process; `memory` is in bytes. There is no way back."""
    _silence()
    sys.dont_write_bytecode = True
    if prepare is not None:
        prepare()
    _load_parsers()
    programs.installed()
    programs.wall(None)
    _leave_network()
    _cap_memory(memory)
    threading.Thread(target=_watch, args=(memory,), daemon=True).start()
    os._exit = _leave_loudly
    sys.addaudithook(_refuse)


def _leave_loudly(status: int) -> NoReturn:
    """End this process; never with success while a file is being read: nobody would notice."""
    _leave(LEFT if status == 0 and _reading.is_set() else status)


@contextlib.contextmanager
def reading(spool: Path, *, room: int = _NO_END) -> Iterator[None]:
    """While a file is read: results may be spooled beside `spool`, and `room` bytes be taken.

    Programs may work in a folder beside the spool, which is wiped with the reading. The room comes
    on top of what the process holds already; the cap of `enter` stands above it.
    """
    workroom = spool.with_suffix(".work")
    _writable.add(str(spool.parent))
    programs.wall(workroom)
    _allowed[0] = resident() + room
    _reading.set()
    try:
        yield
    finally:
        _reading.clear()
        _allowed[0] = _NO_END
        programs.wipe(workroom)
        programs.wall(None)


def _load_parsers() -> None:
    from commtrace.plugins import parsers  # noqa: PLC0415 - only a worker loads the format libraries

    parsers()


def _silence() -> None:
    """Nothing that a format library prints may reach a log: it can quote the evidence."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(nowhere, number)
    os.close(nowhere)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")


def _leave_network() -> None:
    """Move into a network namespace without interfaces, where Linux lets us."""
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError, AttributeError):
        unshare = ctypes.CDLL(None, use_errno=True).unshare
        if unshare(_CLONE_NEWNET) != 0:
            unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _cap_memory(memory: int) -> None:
    """Cap the address space (twice the memory: libraries map more than they use); no core dumps."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (2 * memory, 2 * memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _watch(memory: int) -> None:
    pause = threading.Event()
    while not pause.wait(_WATCH_SECONDS):
        if resident() > min(memory, _allowed[0]):
            os._exit(OUT_OF_MEMORY)


def resident() -> int:
    """The resident memory of this process in bytes; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as stream:  # noqa: PTH123 - often, and cheap this way
            return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return _resident_on_windows() if sys.platform == "win32" else 0


def _resident_on_windows() -> int:
    size = ctypes.sizeof(ctypes.c_size_t)
    counters = (ctypes.c_size_t * 10)()
    loader = getattr(ctypes, "windll", None)
    if loader is None:
        return 0
    loader.psapi.GetProcessMemoryInfo(
        loader.kernel32.GetCurrentProcess(), ctypes.byref(counters), ctypes.sizeof(counters)
    )
    return int(counters[2 if size == 8 else 3])  # WorkingSetSize, after two 32-bit fields


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        _refuse_writing(*arguments)
    elif event == "subprocess.Popen":
        _refuse_programs(*arguments)
    elif event in ("os.remove", "os.rmdir"):
        _refuse_removing(*arguments)
    elif event in _FORBIDDEN:
        raise PermissionError("A reading process may not do this.")


def _refuse_writing(path: object, _mode: object, flags: object) -> None:
    if not isinstance(flags, int) or not flags & _WRITING or isinstance(path, int):
        return
    where = os.fsdecode(path) if isinstance(path, (str, bytes)) else ""
    if where in _writable or os.path.dirname(where) in _writable:  # noqa: PTH120 - cheap
        return
    if not programs.inside(where):
        raise PermissionError("A reading process may not write here.")


def _refuse_programs(executable: object, command: object, _cwd: object, _env: object) -> None:
    if not isinstance(command, list) or executable != command[0] or not programs.permitted(command):
        raise PermissionError("A reading process may not start this.")


def _refuse_removing(path: object, within: object = -1) -> None:
    if within != -1 or not programs.inside(path):
        raise PermissionError("A reading process may not remove this.")
