"""A format that exists only in tests: the file's content commands what its parser does.

Each line after the first is a command; `say WORDS` yields a record, the others misbehave.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

from commtrace import plugins
from commtrace.model import (
    Attachment,
    Channel,
    Declared,
    Embedded,
    Found,
    Problem,
    ProblemKind,
    Proposal,
    Record,
    RulingKind,
)
from commtrace.plugins import Item, parser

MAGIC = b"MOCK\n"


@parser(suffixes=(".mock",), magic=(MAGIC,))
def mock(item: Item) -> Iterator[Found]:
    """What the content commands."""
    for number, line in enumerate(item.read().decode().splitlines()[1:], 1):
        command, _, words = line.partition(" ")
        source = replace(item.source, part=(*item.source.part, f"message {number}"))
        if command == "say":
            yield Record(source=source, channel=Channel.NOTE, reader="mock", text=words)
        elif command == "repeat":
            for n in range(int(words)):
                place = replace(source, part=(*source.part, f"copy {n}"))
                yield Record(source=place, channel=Channel.NOTE, reader="mock", text=f"{n} " * 500)
        elif command == "same":
            yield Record(source=item.source, channel=Channel.NOTE, reader="mock", text=words)
            yield Record(source=item.source, channel=Channel.NOTE, reader="mock", text=words)
        elif command == "doubt":
            yield Problem(source=source, reader="mock", kind=ProblemKind.DOUBTFUL, what=words)
        elif command == "attach":
            data = MAGIC + words.replace("|", "\n").encode()
            yield Embedded(source=source, name="inner.mock", media_type="text/x-mock", data=data)
        elif command == "nest":
            depth = int(words)
            yield from _nested(source, depth)
        elif command == "itself":
            yield Embedded(source=source, name="a.mock", media_type="text/x-mock", data=item.read())
        elif command == "many":
            for n in range(int(words)):
                place = replace(source, part=(*source.part, f"{n}"))
                yield Embedded(source=place, name="p.png", media_type="image/png", data=b"\x89PNG")
        elif command == "bytes":
            yield Embedded(source=source, name="a.bin", media_type="image/png",
                           data=b"\0" * int(words))  # fmt: skip
        elif command in _LEVELS:
            yield from _LEVELS[command](item, source, words)
        elif command == "attached":
            name, _, media_type = words.partition(" ")
            yield Embedded(source=source, name=name, media_type=media_type, data=b"\x01\x02\x03")
        else:
            _misbehave(command, words)


def _nested(source, depth):
    inner = f"nest {depth - 1}" if depth > 1 else "say the innermost"
    yield Embedded(source=source, name="n.mock", media_type="text/x-mock",
                   data=MAGIC + f"say level {depth}\n{inner}".encode())  # fmt: skip


def _holds(item, _, words):
    """A record of the item itself that declares so many attachments."""
    labels = [Attachment(name=f"{n}", media_type="", size=1, sha256="0" * 64)
              for n in range(int(words))]  # fmt: skip
    yield Record(source=item.source, channel=Channel.NOTE, reader="mock", text="it holds things",
                 attachments=tuple(labels))  # fmt: skip


def _encloses(item, source, words):
    number = source.part[-1].rpartition(" ")[2]
    place = replace(item.source, part=(*item.source.part, f"attachment {number}"))
    data = words.encode() if words.startswith("raw") else MAGIC + words.replace("|", "\n").encode()
    yield Embedded(source=place, name="e.mock", media_type="text/x-mock", data=data)


def _declares(item, _, words):
    number, what, *by = words.split(" ")
    yield Declared(source=item.source, what=what, number=int(number), by=" ".join(by))


def _files(item, source, words):
    """A record in a folder of the item."""
    folder, _, text = words.partition(" ")
    place = replace(item.source, part=(*item.source.part, folder, source.part[-1]))
    yield Record(source=place, channel=Channel.NOTE, reader="mock", text=text)


def _problem(item, source, words):
    """A problem at its own place, or at that of an earlier line: `problem corrupt 2`."""
    kind, _, line = words.partition(" ")
    place = replace(item.source, part=(*item.source.part, f"message {line}")) if line else source
    yield Problem(source=place, reader="mock", kind=ProblemKind(kind), what=f"It is {kind}.")


def _pages(item, _, words):
    """One record of pages as they were told apart, or one of all where nobody did."""
    said = item.told.get(RulingKind.BUNDLE)
    yield Proposal(source=item.source, reader="mock", kind=RulingKind.BUNDLE, value="1",
                   why="It may be several.", applied=said is not None)  # fmt: skip
    for number, text in enumerate(words.split("|") if said == "apart" else [words], 1):
        page = () if said is None else (f"page {number}",)
        place = replace(item.source, part=(*item.source.part, *page))
        yield Record(source=place, channel=Channel.NOTE, reader="mock", text=text)
    if said == "and die":
        _misbehave("kill", "")


_LEVELS = {
    "holds": _holds, "enclose": _encloses, "declare": _declares, "file": _files,
    "problem": _problem, "pages": _pages,
}  # fmt: skip


def _misbehave(command: str, words: str) -> None:
    if command == "hang":
        while True:
            signal.pause()
    elif command == "spin":
        while True:
            pass
    elif command == "segv":
        ctypes.string_at(0)
    elif command == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif command == "oom":
        held = []
        while True:
            held.append(b"x" * (16 << 20))
    elif command == "exit0":
        os._exit(0)
    elif command == "raise":
        raise ValueError(words)
    elif command == "recurse":
        _misbehave(command, words)
    elif command == "spew":
        print(words * 1000)  # noqa: T201 - the point
        sys.stderr.write(words * 1000)
        os.write(1, words.encode())
    elif command == "fork":
        os.fork()
    elif command == "run":
        subprocess.run(["/bin/true"], check=False)
    elif command == "write":
        with open(words, "w", encoding="utf-8") as target:  # noqa: PTH123 - as a library would
            target.write("x")
    elif command == "connect":
        socket.create_connection(("127.0.0.1", int(words)), timeout=1)


def prepare() -> None:
    """Let this process know the mock format and no other."""
    plugins.parsers = lambda: (mock,)
