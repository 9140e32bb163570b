"""Writes a BagIt bag (RFC 8493, version 1.0): a payload, its manifests, and what to know of it.

Each file is hashed while it is copied. The bag appears whole under its name or not at all.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256, sha512
from pathlib import Path

from commtrace.errors import CallError, CaseError
from commtrace.evidence.values import MIB
from commtrace.evidence.walk import say_error

_ALGORITHMS = {"sha256": sha256, "sha512": sha512}
_DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


@dataclass
class Bag:
    """A bag in the making: `payload` is its folder `data`, into which files go by `add`."""

    folder: Path
    sums: dict[str, dict[str, str]] = field(default_factory=dict)
    octets: int = 0

    @property
    def payload(self) -> Path:
        """Where the payload lies."""
        return self.folder / "data"

    def add(self, source: Path, name: str) -> str:
        """Copy a file into the payload under a path of our own making; returns its SHA-256."""
        target = self.payload / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as there, target.open("xb") as here:
            while part := there.read(MIB):
                here.write(part)
        return self.note(name)

    def note(self, name: str) -> str:
        """Take a file that lies in the payload already into the manifests; returns its SHA-256."""
        path = self.payload / name
        self.octets += path.stat().st_size
        sums = self.sums[f"data/{name}"] = _sums(path)
        return sums["sha256"]

    def close(self, said: Mapping[str, str]) -> None:
        """Write the manifests and `bag-info.txt`, which holds `said` and the payload's Oxum."""
        told = {**said, "Payload-Oxum": f"{self.octets}.{len(self.sums)}"}
        info = "".join(f"{name}: {_one_line(value)}\n" for name, value in told.items())
        tags = {"bagit.txt": _DECLARATION, "bag-info.txt": info}
        for algorithm in _ALGORITHMS:
            tags[f"manifest-{algorithm}.txt"] = _manifest(algorithm, self.sums)
        for name, text in tags.items():
            _write(self.folder / name, text)
        sums = {name: _sums(self.folder / name) for name in tags}
        for algorithm in _ALGORITHMS:
            _write(self.folder / f"tagmanifest-{algorithm}.txt", _manifest(algorithm, sums))


@contextmanager
def bag(out: Path) -> Iterator[Bag]:
    """A bag that is moved to `out` once it is closed.

    Raises CallError if something is there already, CaseError if it cannot be written.
    """
    if os.path.lexists(out) and not (out.is_dir() and not any(out.iterdir())):
        raise CallError(f"{out} is there already; name a folder that does not exist yet.")
    waiting = out.with_name(f".{out.name}.part")
    try:
        shutil.rmtree(waiting, ignore_errors=True)
        (waiting / "data").mkdir(parents=True)
        yield Bag(waiting)
        waiting.replace(out)
    except OSError as error:
        what = f"{out} cannot be written ({say_error(error)}); name a folder with room."
        raise CaseError(what) from error
    finally:
        shutil.rmtree(waiting, ignore_errors=True)


def _sums(path: Path) -> dict[str, str]:
    made = {name: algorithm() for name, algorithm in _ALGORITHMS.items()}
    with path.open("rb", buffering=0) as stream:
        while part := stream.read(MIB):
            for total in made.values():
                total.update(part)
    return {name: total.hexdigest() for name, total in made.items()}


def _manifest(algorithm: str, sums: Mapping[str, Mapping[str, str]]) -> str:
    lines = (f"{sums[name][algorithm]}  {_encoded(name)}\n" for name in sorted(sums))
    return "".join(lines)


def _encoded(name: str) -> str:
    """A path in a manifest: RFC 8493, section 2.1.3."""
    return name.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
