"""How many messages a second reader, `readpst` (libpst), finds in an Outlook store.

Only its count is taken, as a check on ours: its output is written into a private folder and wiped.
Where it is not installed, the store is large, or it does not do its work, there is no count.
"""

from __future__ import annotations

import shutil

from commtrace.plugins import Item

from . import _program

NAME = "readpst"
_MOST = 512 << 20  # bytes of a store of which a copy is made for it
_COUNTED = (".eml", ".ics")  # mail and meetings, as it names what it writes


def messages(item: Item) -> int | None:
    """The messages and meetings it finds, those in the folder of deleted items included."""
    if item.size > _MOST or not _program.is_installed(NAME):
        return None
    try:
        with _program.private_folder() as folder:
            store, found = folder / "store.pst", folder / "found"
            with item.open() as given, store.open("wb") as copy:
                shutil.copyfileobj(given, copy)
            found.mkdir()
            arguments = ["-q", "-D", "-j", "0", "-e", "-a", ".none", "-o", "found", "store.pst"]
            seconds = 60.0 + item.size / (4 << 20)
            _program.run(NAME, arguments, folder=folder, seconds=seconds, most=_MOST)
            return sum(one.suffix in _COUNTED for one in found.rglob("*"))
    except (_program.MissingProgramError, _program.ProgramFailedError, OSError):
        return None
