"""Programs of other makers that a reader may run, and where they may work.

A fixed list, looked up once; the cell in which files are read (`evidence.cell`) lets these and
nothing else through, started by the warden that ends them with the reader, and says in which
folder they may write. How a program is run is left to the parsers.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

KNOWN = ("antiword", "catdoc", "readpst", "soffice")
_WARDEN = Path(__file__).absolute().with_name("_warden.py")
_LIMITS = 4  # the arguments of the warden before the program's own
_places: list[Path | None] = [None]
_walled: list[bool] = [False]


@cache
def installed() -> Mapping[str, str]:
    """The absolute path of each known program that is here, by its name; none on Windows."""
    if os.name != "posix":
        return MappingProxyType({})
    found = ((name, shutil.which(name)) for name in KNOWN)
    return MappingProxyType({name: str(Path(path).absolute()) for name, path in found if path})


def warden() -> list[str]:
    """The command that runs a program and ends it when the process that asked for it is gone."""
    return [sys.executable, "-I", "-S", str(_WARDEN)]


def permitted(command: Sequence[object]) -> bool:
    """Whether a command is the warden with a known program."""
    start = warden()
    place = len(start) + _LIMITS
    known = len(command) > place and command[place] in installed().values()
    return known and list(command[: len(start)]) == start


def wall(place: Path | None) -> None:
    """From now on programs may work in `place` only; in no folder where it is None."""
    _walled[0], _places[0] = True, place


def place() -> tuple[Path | None, bool]:
    """The folder that programs may work in, and whether this process may use no other."""
    return _places[0], _walled[0]


def inside(path: object) -> bool:
    """Whether a path is the folder that programs may work in or lies below it, links followed."""
    folder = _places[0]
    if folder is None or not isinstance(path, (str, bytes, os.PathLike)):
        return False
    top, given = os.path.realpath(folder), os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - text
    parent = os.path.realpath(os.path.dirname(given))  # noqa: PTH120 - the last link is not followed
    return given in (top, str(folder)) or parent == top or parent.startswith(top + os.sep)


def wipe(folder: Path) -> None:
    """Remove a folder and all in it, as far as the system lets us; no link is followed."""
    with contextlib.suppress(OSError):
        for parent, folders, files in os.walk(folder, topdown=False, followlinks=False):
            for name in (*files, *folders):
                path = os.path.join(parent, name)  # noqa: PTH118 - a name may be no text
                is_folder = name in folders and not os.path.islink(path)  # noqa: PTH114 - likewise
                (os.rmdir if is_folder else os.unlink)(path)
        folder.rmdir()
