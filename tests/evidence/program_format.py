"""A format whose parser runs a program: a shell script stands in for `antiword`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from commtrace import plugins, programs
from commtrace.model import Channel, Found, Record
from commtrace.parsers import _program
from commtrace.plugins import Item, parser


@parser(suffixes=(".run",), magic=(b"RUN\n",))
def runs(item: Item) -> Iterator[Found]:
    """What its program prints."""
    words = item.read().decode().split("\n", 1)[1]
    yield Record(source=item.source, channel=Channel.NOTE, reader="runs", text=said(words))


def said(words: str) -> str:
    if words == "other":
        subprocess.run(["/bin/true"], check=False)
    if words == "bare":
        subprocess.run([programs.installed()["antiword"]], check=False)
    if words == "python":
        subprocess.run([*programs.warden()[:3], "-c", "1"], check=False)
    if words.startswith("remove "):
        os.unlink(words.removeprefix("remove "))  # noqa: PTH108 - as a library would
    with _program.private_folder() as folder:
        (folder / "given").write_text("given", "utf-8")
        mode = oct(folder.stat().st_mode & 0o777)
        shown = _program.run("antiword", [words], data=b"fed ", folder=folder, seconds=30)
        return f"{shown.decode()}{mode} {sorted(one.name for one in folder.iterdir())}"


def prepare() -> None:
    """Let this process know this format alone, and a script as its program."""
    plugins.parsers = lambda: (runs,)
    installed = {"antiword": os.environ["COMMTRACE_TEST_PROGRAM"]}
    programs.installed = lambda: installed


def here(monkeypatch, script: Path) -> None:
    """The script as a program of this process."""
    monkeypatch.setattr(programs, "installed", lambda: {"antiword": str(script)})


def script(folder: Path) -> Path:
    """A program that prints what it is fed, leaves a file, and does what its argument says."""
    path = folder / "program"
    path.write_text(
        f"""#!{sys.executable} -IS
import os, socket, subprocess, sys, time
word = sys.argv[1]
sys.stderr.write("secret of the program")
if word == "plain":
    open("left", "w").write("x"); os.mkdir("below"); os.symlink("/etc", "below/link")
    print(sys.stdin.read() + open("given").read(), end=" ")
elif word.startswith("hang "):
    pids = word.removeprefix("hang ")
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"],
                             start_new_session=True)
    with open(pids, "w") as noted:
        noted.write(f"{{os.getpid()}} {{child.pid}} {{os.getppid()}}")
    os.rename(pids, pids + ".done")
    time.sleep(600)
elif word == "fail":
    sys.exit(3)
elif word == "many":
    while True: os.write(1, b"x" * 65536)
elif word == "eat":
    held = bytearray(1 << 33)
elif word == "connect":
    try: socket.create_connection(("127.0.0.1", 9), timeout=1)
    except OSError as error: print(error.errno, end=" ")
    print([name for _, name in socket.if_nameindex()], end=" ")
""",
        "utf-8",
    )
    path.chmod(0o755)
    return path
