"""What these tests share: a case to ingest into, and ways to write down what it holds."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # worker processes import mock_format by name

from mock_format import mock

from commtrace import plugins
from commtrace.evidence.ingest import ingest
from commtrace.evidence.workers import serial
from commtrace.store import Store


class Place:
    """A folder of evidence and a case beside it."""

    def __init__(self, folder: Path) -> None:
        self.case = folder / "case"
        self.evidence = folder / "evidence"
        self.evidence.mkdir(exist_ok=True)
        self.case.mkdir(exist_ok=True)
        self.store = Store(f"sqlite:///{self.case / 'case.db'}")

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.evidence / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def mock(self, name: str, *commands: str) -> Path:
        return self.write(name, "MOCK\n" + "\n".join(commands))

    def ingest(self, *paths: Path, read=serial, **told):
        given = paths or (self.evidence,)
        return ingest(given, case_folder=self.case, store=self.store, read=read, **told)

    def states(self) -> dict[str, str]:
        return {file.path: str(file.status) for file in self.store.files()}

    def reasons(self) -> dict[str, str]:
        return {file.path: file.reason for file in self.store.files()}

    def kinds(self) -> set[tuple[str, str]]:
        return {(p.source.path, str(p.kind)) for p in self.store.problems()}

    def texts(self) -> list[str]:
        ids = [c.id for c in self.store.communications()]
        return sorted(self.store.texts(ids).values())

    def dump(self) -> list[str]:
        """All that the case says, as lines that do not depend on how it came about."""
        said = [repr(row) for row in self.store.files()]
        said += [repr(row) for row in self.store.problems()]
        said += [repr(row) for row in self.store.communications()]
        texts = self.store.texts([c.id for c in self.store.communications()])
        return [*said, *(f"{name} {text}" for name, text in sorted(texts.items()))]


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def another(tmp_path):
    """A second case over a second folder of evidence."""
    folder = tmp_path / "another"
    folder.mkdir()
    made = Place(folder)
    yield made
    made.store.close()


@pytest.fixture
def mock_format(monkeypatch):
    """The mock format beside the real ones, in this process."""
    real = plugins.parsers()
    monkeypatch.setattr(plugins, "parsers", lambda: (*real, mock))
