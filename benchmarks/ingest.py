"""Ingest end to end against what one would write with the standard library, in the same run.

    python benchmarks/ingest.py [MBOX ...] [--messages 5000] [--rounds 3]

Every contender does the same work: split the mailbox, SHA-256 of each message and attachment, MIME
tree, text (HTML as text where there is no plain one), addresses, date, SQLite and an FTS5 index.
`policy.default` and `compat32` are the two policies of `email`; commtrace besides copies the file
in by content, reads in capped worker processes, groups copies and keeps a ledger. CPU is user and
system time of the whole process tree, memory the peak of any one process; medians of the rounds.
Without MBOX a synthetic one is made, the same each time.
"""

from __future__ import annotations

import argparse
import contextlib
import mailbox
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

_WORDS = """
transport school panel parent bus route meeting agreed decision letter child review budget
officer council forum response reply confirm attached minutes Monday Thursday term taxi
pick-up assessment need place provider contract cost delay apology concern asked told when
whether before after because please thank regards unfortunately currently working days
""".split()  # noqa: SIM905 - a list of words reads best as words
CONTENDERS = ("policy.default", "compat32", "commtrace")


def synthetic(target: Path, messages: int) -> None:
    """Write an mboxrd file of `messages` messages of about 20 kB, much like council mail."""
    chance = random.Random(20220207)  # noqa: S311 - a benchmark wants the same file each time
    with target.open("wb") as stream:
        for number in range(messages):
            stream.write(b"From someone@wantsum.example Mon Feb  7 09:30:00 2022\n")
            body = _message(chance, number).replace(b"\nFrom ", b"\n>From ")
            stream.write(body + b"\n\n")


def _text(chance: random.Random, words: int) -> str:
    lines = []
    while words > 0:
        lines.append(" ".join(chance.choice(_WORDS) for _ in range(12)))
        words -= 12
    return "\n".join(lines)


def _message(chance: random.Random, number: int) -> bytes:
    made = EmailMessage(policy=policy.SMTP.clone(linesep="\n", max_line_length=200))
    people = [f"Person {chance.randrange(300)}" for _ in range(chance.randrange(2, 9))]
    written = [f'"{name}" <{name.replace(" ", ".").lower()}@wantsum.example>' for name in people]
    made["From"], made["To"] = written[0], ", ".join(written[1:])
    made["Subject"] = ("Re: " * (number % 2)) + _text(chance, 6).partition("\n")[0][:60] + " – é"
    day, hour = 1 + number % 28, number % 24
    made["Date"] = f"{day} Feb 2022 {hour:02}:{number % 60:02}:{number // 60 % 60:02} +0000"
    made["Message-ID"] = f"<{number}@wantsum.example>"
    if number:
        made["References"] = f"<{number - 1}@wantsum.example>"
    for hop in range(4):
        made.add_header("Received", f"from h{hop}.example by h{hop + 1}.example with ESMTPS; x")
    text = _text(chance, chance.randrange(60, 500))
    made.set_content(text + "\n> " + _text(chance, 200).replace("\n", "\n> "))
    if number % 2:
        made.add_alternative(
            "<html><head><style>p{margin:0}</style></head><body>"
            + "".join(f"<p class=x>{line}&nbsp;</p>" for line in text.split("\n"))
            + "</body></html>", subtype="html")  # fmt: skip
    if number % 4 == 0:
        data = chance.randbytes(chance.randrange(10_000, 60_000))
        made.add_attachment(data, maintype="application", subtype="octet-stream",
                            filename=f"plan {number}.png")  # fmt: skip
    return made.as_bytes()


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
CREATE TABLE message(id INTEGER PRIMARY KEY, sha256 TEXT, message_id TEXT, sent TEXT, sender TEXT,
    recipients TEXT, refs TEXT, attachments TEXT, subject TEXT, people TEXT, text TEXT);
CREATE INDEX by_id ON message(message_id); CREATE INDEX by_sent ON message(sent);
CREATE INDEX by_sender ON message(sender);
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
            number += 1
            rows.append((number, sha256(data).hexdigest(), *_facts(parser.parsebytes(data))))
            if len(rows) == 1000:
                _write(database, rows)
                rows = []
    _write(database, rows)
    database.close()
    return number


def _write(database: sqlite3.Connection, rows: list[Any]) -> None:
    database.execute("BEGIN IMMEDIATE")
    marks = ",".join("?" * 11)
    database.executemany(f"INSERT INTO message VALUES ({marks})", rows)  # noqa: S608 - marks only
    searched = [(row[0], row[8], row[9], row[10]) for row in rows]
    database.executemany("INSERT INTO search(rowid, subject, people, text) VALUES (?,?,?,?)",
                         searched)  # fmt: skip
    database.execute("COMMIT")


def _facts(message: Message) -> tuple[Any, ...]:
    def written(name: str) -> str:
        return ", ".join(_header(value) for value in message.get_all(name, []))

    sent = None
    with contextlib.suppress(ValueError, TypeError):
        sent = parsedate_to_datetime(written("Date")).isoformat()
    sender = getaddresses([written("From")])
    recipients = getaddresses([written("To"), written("Cc"), written("Bcc")])
    text, attachments = _content(message)
    people = "\n".join(f"{name} {address}" for name, address in [*sender, *recipients])
    return (
        written("Message-ID").strip("<> "), sent, sender[0][1] if sender else "",
        repr(recipients), written("References") + written("In-Reply-To"), repr(attachments),
        _storable(written("Subject")), _storable(people), _storable(text),
    )  # fmt: skip


def _header(value: Any) -> str:
    try:
        return str(make_header(decode_header(str(value))))
    except (LookupError, ValueError):
        return str(value)


def _content(message: Message) -> tuple[str, list[tuple[str, int, str]]]:
    plain: list[str] = []
    pages: list[str] = []
    attachments = []
    for part in message.walk():
        if part.is_multipart():
            continue
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
    asked.add_argument("--messages", type=int, default=5000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--contender", choices=CONTENDERS)
    told = asked.parse_args()
    if told.contender:
        _contend(told.contender, told.mbox)
        return
    with tempfile.TemporaryDirectory() as folder:
        paths = told.mbox
        if not paths:
            paths = [Path(folder) / "synthetic.mbox"]
            synthetic(paths[0], told.messages)
        _table(paths, told.rounds)


def _table(paths: list[Path], rounds: int) -> None:
    size = sum(path.stat().st_size for path in paths)
    runs: dict[str, list[tuple[float, float, float, int]]] = {name: [] for name in CONTENDERS}
    for _ in range(rounds):
        for name in CONTENDERS:
            runs[name].append(_measure(name, paths))
    ours_cpu = statistics.median(run[0] for run in runs["commtrace"])
    print(f"{size / 1e6:.1f} MB in {len(paths)} file(s), median of {rounds}, {os.cpu_count()} CPUs")
    print(f"{'':16}{'messages':>9}{'CPU s':>8}{'msg/CPU-s':>11}{'MB/CPU-s':>10}{'wall s':>8}"
          f"{'peak MB':>9}{'commtrace is':>14}")  # fmt: skip
    for name, found in runs.items():
        cpu, wall, peak, count = (statistics.median(column) for column in zip(*found, strict=True))
        print(f"{name:16}{count:9.0f}{cpu:8.2f}{count / cpu:11.0f}{size / 1e6 / cpu:10.1f}"
              f"{wall:8.2f}{peak:9.0f}{cpu / ours_cpu:13.1f}x")  # fmt: skip


if __name__ == "__main__":
    main()
