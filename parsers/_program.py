"""Runs a program of another maker on evidence, within walls, and hands back what it prints.

Only a program of `commtrace.programs.KNOWN` runs, by its absolute path, under caps on time, memory
and what it writes, in the network namespace of the worker that asks (which has no network), and is
ended with that worker whatever becomes of it. What it prints on its error channel reaches nobody.
Files lie only in a private folder that is wiped as it is left.
"""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from commtrace import programs

MEBIBYTE = 1 << 20
_PIECE = 1 << 16
_PATIENCE = 5.0  # seconds for the warden to end what it was told to end


class MissingProgramError(Exception):
    """The program is not installed here, or there is no folder in which it may work."""


class ProgramFailedError(Exception):
    """The program did not do its work; the message says how in a few words, none of its own."""


def is_installed(program: str) -> bool:
    """Whether a known program can be run here."""
    return program in programs.installed()


def run(
    program: str,
    arguments: Sequence[str],
    *,
    data: bytes | None = None,
    folder: Path | None = None,
    seconds: float = 60.0,
    memory: int = 2048 * MEBIBYTE,
    most: int = 64 * MEBIBYTE,
) -> bytes:
    """What `program` prints when it is run with `arguments` and given `data` as its input.

    `folder`, from `private_folder`, is where it starts and finds its home and temporary files;
    `seconds` of the clock, `memory` in bytes of address space, `most` bytes printed, and as many
    in any file it writes. Raises MissingProgramError and ProgramFailedError.
    """
    path = programs.installed().get(program)
    if path is None:
        raise MissingProgramError(f"{program} is not installed")
    life, held = os.pipe()
    limits = [str(life), str(int(seconds) + 1), str(memory), str(most)]
    try:
        with subprocess.Popen(  # noqa: S603 - a fixed list, and no shell
            [*programs.warden(), *limits, path, *arguments],
            stdin=subprocess.DEVNULL if data is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder or "/",
            env=_environment(folder),
            pass_fds=(life,),
            start_new_session=True,
        ) as process:
            os.close(life)
            life = -1
            try:
                printed = _exchange(process, data, time.monotonic() + seconds, most)
            finally:
                os.close(held)
                held = -1
                _end(process)
    finally:
        for one in (life, held):
            if one >= 0:
                os.close(one)
    if process.returncode:
        raise ProgramFailedError(f"it ended with status {process.returncode}")
    return printed


def _environment(folder: Path | None) -> dict[str, str]:
    home = str(folder) if folder else "/nonexistent"
    return {
        "PATH": os.defpath, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC",
        "HOME": home, "TMPDIR": home,
    }  # fmt: skip


def _exchange(
    process: subprocess.Popen[bytes], data: bytes | None, until: float, most: int
) -> bytes:
    """Feed the program and gather what it prints, up to `most` bytes and the time `until`."""
    feeder = threading.Thread(target=_feed, args=(process, data or b""), daemon=True)
    if data is not None:
        feeder.start()
    assert process.stdout is not None  # noqa: S101 - asked for above
    gathered: list[bytes] = []
    size = 0
    while True:
        left = until - time.monotonic()
        if left <= 0 or not select.select([process.stdout], [], [], left)[0]:
            raise ProgramFailedError("it took too long")
        piece = os.read(process.stdout.fileno(), _PIECE)
        if not piece:
            break
        gathered.append(piece)
        size += len(piece)
        if size > most:
            raise ProgramFailedError("it printed more than is taken")
    try:
        process.wait(max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise ProgramFailedError("it took too long") from None
    return b"".join(gathered)


def _feed(process: subprocess.Popen[bytes], data: bytes) -> None:
    assert process.stdin is not None  # noqa: S101 - asked for in `run`
    with contextlib.suppress(OSError, ValueError):
        process.stdin.write(data)
        process.stdin.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """The warden sees the pipe of life close and ends the program; then it is waited for."""
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()


@contextlib.contextmanager
def private_folder() -> Iterator[Path]:
    """A folder for this user alone, wiped as it is left.

    In a worker it lies beside the spool of the case, where the next ingest would wipe it too.
    Raises MissingProgramError where this process may write nowhere.
    """
    place, walled = programs.place()
    if walled and place is None:
        raise MissingProgramError("there is no folder to work in")
    if place is not None:
        place.mkdir(mode=0o700, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="commtrace-", dir=place)).absolute()
    try:
        yield folder
    finally:
        programs.wipe(folder)
