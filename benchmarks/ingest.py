"""Ingest end to end against what one would write with the standard library, in the same run.

    python benchmarks/ingest.py [MBOX ...] [--messages 20000] [--rounds 3] [--real FOLDER]

Every contender does the same work: split the mailbox and undo its quoting, SHA-256 of each message
(commtrace: of each file) and attachment, MIME tree, text (HTML as text where there is no plain
one), the same headers with encoded words decoded, addresses, sent and received time, conversation
index, attached messages as messages of their own, a key by which copies are found, SQLite and an
FTS5 index of the same text, every transaction forced to the disk. `policy.default` and `compat32`
are the two policies of `email`; commtrace besides copies the file in by content, reads in a capped
worker process, compares alternative texts, groups copies and keeps a ledger. CPU is user and system
time of the whole process tree, memory the peak of any one process; medians of the rounds. "Start"
is the CPU of the same on a mailbox of one message. Without MBOX invented mail is made, the same
each time; `--real` repeats the mail of a folder instead.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import contextlib
import json
import mailbox
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from email import policy
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import letterbox

CONTENDERS = ("policy.default", "compat32", "commtrace")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_NOT_A_LETTER = re.compile(r"[\W_]+")


class _Visible(HTMLParser):
    """The text of a page as a reader would see it."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002 - the parent's name
        """Note where text is hidden and where lines break."""
        self.hidden += tag in {"style", "script"}
        if tag in {"p", "br", "div", "tr"}:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Note where hidden text ends."""
        self.hidden -= tag in {"style", "script"}

    def handle_data(self, data: str) -> None:
        """Keep what is seen."""
        if not self.hidden:
            self.parts.append(data)


_SCHEMA = """
PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
CREATE TABLE message(id INTEGER PRIMARY KEY, sha256 TEXT, message_id TEXT, same TEXT, facts TEXT,
    subject TEXT, people TEXT, text TEXT);
CREATE INDEX by_id ON message(message_id); CREATE INDEX by_same ON message(same);
CREATE VIRTUAL TABLE search USING fts5(subject, people, text, content='message', content_rowid='id',
    tokenize='unicode61 remove_diacritics 2');
"""


def peer(paths: list[Path], folder: Path, chosen: policy.Policy[Any]) -> int:
    """What a careful afternoon with the standard library gives; returns the number of messages."""
    parser: BytesParser[Any] = BytesParser(policy=chosen)
    database = sqlite3.connect(folder / "peer.db", isolation_level=None)
    database.executescript(_SCHEMA)
    number, rows = 0, []
    for path in paths:
        box = mailbox.mbox(str(path), create=False)
        for key in box.iterkeys():
            data = box.get_bytes(key)
            if b">From " in data:
                data = _QUOTED.sub(rb"\1", data)
            waiting: list[Message] = [parser.parsebytes(data)]
            while waiting:
                number += 1
                message = waiting.pop()
                rows.append((number, sha256(data).hexdigest(), *_facts(message, waiting)))
            if len(rows) >= 1000:
                _write(database, rows)
                rows = []
    _write(database, rows)
    database.close()
    return number


def _write(database: sqlite3.Connection, rows: list[Any]) -> None:
    database.execute("BEGIN IMMEDIATE")
    marks = ",".join("?" * 8)
    database.executemany(f"INSERT INTO message VALUES ({marks})", rows)  # noqa: S608 - marks only
    searched = [(row[0], row[5], row[6], row[7]) for row in rows]
    database.executemany("INSERT INTO search(rowid, subject, people, text) VALUES (?,?,?,?)",
                         searched)  # fmt: skip
    database.execute("COMMIT")


def _facts(message: Message, waiting: list[Message]) -> tuple[Any, ...]:
    def written(name: str) -> str:
        return ", ".join(_header(value) for value in message.get_all(name, []))

    def people(name: str) -> list[tuple[str, str]]:
        return getaddresses([written(name)])

    sender, to, cc = people("From"), people("To"), people("Cc")
    text, attachments = _content(message, waiting)
    subject, message_id = _storable(written("Subject")), written("Message-ID").strip("<> ")
    sent = _time(written("Date"))
    hops = [str(value).rpartition(";")[2] for value in message.get_all("Received", [])]
    letters = _NOT_A_LETTER.sub("", text.casefold())
    same = sha256(f"{sent}{sender[:1]}{subject}{letters}".encode("utf-8", "replace")).hexdigest()
    facts = [
        sent, *[_time(hop) for hop in {*hops[:1], *hops[-1:]}], sender, people("Reply-To"), to, cc,
        people("Bcc"), written("In-Reply-To").strip("<> "), written("References").split(),
        _index(written("Thread-Index")), people("Delivered-To"), written("Auto-Submitted"),
        written("Precedence"), written("List-Id"), attachments,
    ]  # fmt: skip
    named = "\n".join(f"{name} {address}" for name, address in [*sender, *to, *cc])
    return (_storable(message_id), same, _storable(json.dumps(facts, ensure_ascii=False)),
            subject, _storable(named), _storable(text))  # fmt: skip


def _time(said: str) -> str | None:
    with contextlib.suppress(ValueError, TypeError):
        return parsedate_to_datetime(said).isoformat()
    return None


def _index(said: str) -> str | None:
    with contextlib.suppress(binascii.Error, ValueError):
        return base64.b64decode("".join(said.split())).hex()
    return None


def _header(value: Any) -> str:
    try:
        return str(make_header(decode_header(str(value))))
    except (LookupError, ValueError):
        return str(value)


def _leaves(message: Message, waiting: list[Message]) -> Iterator[Message]:
    """The parts without parts; attached messages are put among those that wait to be read."""
    payload = message.get_payload()
    if not isinstance(payload, list):
        yield message
        return
    for part in payload:
        if isinstance(part, Message):
            if message.get_content_maintype() == "message":
                waiting.append(part)
            else:
                yield from _leaves(part, waiting)


def _content(message: Message, waiting: list[Message]) -> tuple[str, list[tuple[str, int, str]]]:
    plain: list[str] = []
    pages: list[str] = []
    attachments = []
    for part in _leaves(message, waiting):
        data = part.get_payload(decode=True)
        data = data if isinstance(data, bytes) else b""
        kind = part.get_content_type()
        name = part.get_filename()
        if name or kind not in {"text/plain", "text/html"}:
            attachments.append((str(name), len(data), sha256(data).hexdigest()))
            continue
        try:
            said = data.decode(part.get_content_charset() or "utf-8", "replace")
        except LookupError:
            said = data.decode("latin-1")
        (plain if kind == "text/plain" else pages).append(said)
    if plain:
        return "\n".join(plain), attachments
    visible = _Visible()
    visible.feed("\n".join(pages))
    return "".join(visible.parts), attachments


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def ours(paths: list[Path], folder: Path) -> int:
    """commtrace, as `commtrace ingest` does it."""
    from commtrace.evidence.ingest import ingest  # noqa: PLC0415 - only this contender pays for it
    from commtrace.store import Store  # noqa: PLC0415 - likewise

    with Store(f"sqlite:///{folder / 'case.db'}") as store:
        found = ingest(paths, case_folder=folder, store=store)
        if not found.balanced:
            raise SystemExit(f"The ledger does not balance: {found}")
        return found.communications


def _contend(name: str, paths: list[Path]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        if name == "commtrace":
            count = ours(paths, Path(folder))
        else:
            chosen = policy.default if name == "policy.default" else policy.compat32
            count = peer(paths, Path(folder), chosen)
    print(count)


def _measure(name: str, paths: list[Path]) -> tuple[float, float, float, int]:
    """CPU seconds, wall seconds, peak MB of any process, and messages of one contender."""
    command = [sys.executable, __file__, "--contender", name, *map(str, paths)]
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        said = run.stdout.read() if run.stdout else ""
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    if run.returncode:
        raise SystemExit(f"{name} ended with {run.returncode}")
    return used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, int(said)


def main() -> None:
    """Measure and print the table."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("mbox", nargs="*", type=Path)
    asked.add_argument("--real", type=Path, help="a folder of mailbox files to repeat")
    asked.add_argument("--messages", type=int, default=20_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--contender", choices=CONTENDERS)
    told = asked.parse_args()
    if told.contender:
        _contend(told.contender, told.mbox)
        return
    with tempfile.TemporaryDirectory() as folder:
        one, paths = Path(folder) / "one.mbox", told.mbox
        letterbox.invented(one, 1)
        if not paths:
            paths = [Path(folder) / "many.mbox"]
            if told.real:
                letterbox.repeated(paths[0], told.real, told.messages)
            else:
                letterbox.invented(paths[0], told.messages)
        _table(paths, one, told.rounds)


def _table(paths: list[Path], one: Path, rounds: int) -> None:
    size = sum(path.stat().st_size for path in paths)
    runs: dict[str, list[tuple[float, float, float, int]]] = {name: [] for name in CONTENDERS}
    starts: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    for _ in range(rounds):
        for name in CONTENDERS:
            runs[name].append(_measure(name, paths))
            starts[name].append(_measure(name, [one])[0])
    print(f"{size / 1e6:.1f} MB in {len(paths)} file(s), median of {rounds}, {os.cpu_count()} CPUs")
    print(f"{'':16}{'messages':>9}{'CPU s':>8}{'start':>7}{'msg/CPU-s':>11}{'MB/CPU-s':>10}"
          f"{'wall s':>8}{'peak MB':>9}{'all in':>8}{'less start':>12}")  # fmt: skip
    start = {name: statistics.median(found) for name, found in starts.items()}
    ours_cpu = statistics.median(run[0] for run in runs["commtrace"])
    for name, found in runs.items():
        cpu, wall, peak, count = (statistics.median(column) for column in zip(*found, strict=True))
        bare = (cpu - start[name]) / (ours_cpu - start["commtrace"])
        print(f"{name:16}{count:9.0f}{cpu:8.2f}{start[name]:7.2f}{count / cpu:11.0f}"
              f"{size / 1e6 / cpu:10.1f}{wall:8.2f}{peak:9.0f}{cpu / ours_cpu:7.1f}x"
              f"{bare:11.1f}x")  # fmt: skip


if __name__ == "__main__":
    main()
