"""What a case folder may look like before anything in it is opened or written.

A case can come from somebody else. A link in it would have this program read, write or remove
files outside the case in the user's name.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from commtrace.errors import CaseError

_FOLDERS = ("", "evidence", "entries", "spool")


def make(folder: Path, below: str, texts: Mapping[str, str]) -> None:
    """Make a folder that only its owner may enter, with a folder `below` it and files of `texts`.

    Raises CaseError if it holds anything or cannot be made.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CaseError(f"{folder} is not empty; name a folder that does not exist yet.")
    try:
        (folder / below).mkdir(parents=True)
        folder.chmod(0o700)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise CaseError(f"{folder} cannot be made: {error.strerror}.") from error


def check(folder: Path) -> None:
    """Raise CaseError where the case holds a link, a pipe or a device in place of its own files."""
    for name in _FOLDERS:
        for entry in _entries(folder / name):
            mode = entry.stat(follow_symlinks=False).st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                where = Path(entry.path).relative_to(folder).as_posix()
                raise CaseError(
                    f"{where} in the case is a link or no file at all; a case holds its own files."
                    " Put the file itself in its place, or make a new case."
                )


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except FileNotFoundError:
        return
    except OSError as error:
        why = (error.strerror or "not known why").lower()
        raise CaseError(f"{folder} cannot be listed ({why}); make it readable.") from error
