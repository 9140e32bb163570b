"""A process that works on cases in forked children, some of which are killed or run into faults.

Reads one JSON command a line and answers with one: `{"act": "ingest", "case": ..., "box": ...}`,
perhaps with `kill_after` (seconds, then SIGKILL), `fail` (the number of the operation that fails:
a flush, a rename, a link, a write of the database, a commit) or `file_size` (bytes that a file may
have, RLIMIT_FSIZE). The answer has `ended` ("whole", "killed", "said", "raised"), the sentence of
an error, how many operations were counted and how long it took. Everything is imported once.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import select
import signal
import sqlite3
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from commtrace.case import Case
from commtrace.errors import CommtraceError
from commtrace.evidence import ingest
from commtrace.evidence.workers import serial

_WRITES = ("insert", "update", "delete", "replace", "create", "commit")


class Faults:
    """Counts operations that can fail, and fails the one with the number `at` (from 1)."""

    def __init__(self, at: int | None) -> None:
        self.at, self.count = at, 0

    def step(self) -> bool:
        """Whether this operation fails."""
        self.count += 1
        return self.count == self.at

    def install(self) -> None:
        """Put itself before the operating system's calls and the database's."""
        for name in ("fsync", "replace", "rename", "link"):
            setattr(os, name, self._failing(getattr(os, name)))
        faults = self

        class Cursor(sqlite3.Cursor):
            def execute(self, sql: str, *given: Any) -> Any:
                if sql.lstrip()[:7].casefold().startswith(_WRITES) and faults.step():
                    raise sqlite3.OperationalError("disk I/O error")
                return super().execute(sql, *given)

            def executemany(self, sql: str, *given: Any) -> Any:
                if faults.step():
                    raise sqlite3.OperationalError("database or disk is full")
                return super().executemany(sql, *given)

        class Connection(sqlite3.Connection):
            def cursor(self, factory: Any = Cursor) -> Any:
                return super().cursor(factory)

            def commit(self) -> None:
                if faults.step():
                    raise sqlite3.OperationalError("disk I/O error")
                super().commit()

        real = sqlite3.dbapi2.connect
        sqlite3.dbapi2.connect = lambda *given, **told: real(*given, factory=Connection, **told)

    def _failing(self, real: Any) -> Any:
        def call(*given: Any, **told: Any) -> Any:
            if self.step():
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return real(*given, **told)

        return call


def act(command: dict[str, Any]) -> None:
    """Do what a command says to its case."""
    folder = Path(command["case"])
    ingest.processes = lambda: serial
    case = Case.open(folder) if (folder / "case.toml").exists() else Case.create(folder)
    case.ingest([Path(command["box"])], custodian="Anna Vane", supplied_by="ICT")
    case.view()
    case.close()


def work(command: dict[str, Any], answer: int) -> None:
    """In a child: act, and write how it ended."""
    faults = Faults(command.get("fail"))
    if "fail" in command:
        faults.install()
    if limit := command.get("file_size"):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    said, ended = "", "whole"
    try:
        act(command)
    except CommtraceError as error:
        said, ended = str(error), "said"
    except BaseException as error:  # noqa: BLE001 - what is no sentence is what the lane looks for
        where = _where(error)
        said, ended = f"{type(error).__name__} at {where}: {error}", "raised"
    told = {"ended": ended, "said": said, "count": faults.count}
    os.write(answer, json.dumps(told).encode())
    os._exit(0)


def _where(error: BaseException) -> str:
    """The places of ours that an error went through, the innermost first."""
    frames = traceback.extract_tb(error.__traceback__)[::-1]
    ours = [f"{Path(f.filename).name}:{f.lineno}" for f in frames if "commtrace" in f.filename]
    return " < ".join(ours)


def run(command: dict[str, Any]) -> dict[str, Any]:
    """One command in a child of its own."""
    reading, writing = os.pipe()
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(reading)
        work(command, writing)
    os.close(writing)
    told: dict[str, Any] = {"ended": "killed", "said": "", "count": 0}
    if select.select([reading], [], [], command.get("kill_after"))[0]:
        told = json.loads(os.read(reading, 65536) or json.dumps(told))
    else:
        os.kill(child, signal.SIGKILL)
    os.close(reading)
    os.waitpid(child, 0)
    return {**told, "seconds": time.monotonic() - begun}


def main() -> None:
    """Answer commands until there are no more."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
