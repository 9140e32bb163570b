"""A case for bad input, read by the real parsers in this process."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "evidence"))  # for mock_format.py


class Case:
    """Bad files beside a good message; what became of them."""

    def __init__(self, folder: Path) -> None:
        from commtrace.store import Store

        self.folder = folder / "case"
        self.evidence = folder / "evidence"
        self.folder.mkdir()
        self.evidence.mkdir()
        self.store = Store(f"sqlite:///{self.folder / 'case.db'}")
        self.write("good.eml", GOOD)

    def write(self, name: str, content: bytes) -> None:
        (self.evidence / name).write_bytes(content)

    def read(self, read=None):
        from commtrace.evidence.ingest import ingest
        from commtrace.evidence.workers import serial

        found = ingest(
            [self.evidence], case_folder=self.folder, store=self.store, read=read or serial
        )
        files = {file.path: file for file in self.store.files()}
        assert str(files.pop("good.eml").status) == "read"
        assert found.balanced
        assert all(file.reason for file in files.values())
        return files

    def kinds(self, name: str) -> set[str]:
        return {str(p.kind) for p in self.store.problems() if p.source.path == name}

    def messages(self, name: str):
        return [c for c in self.store.communications()
                if any(s.source.path == name for s in c.sightings)]  # fmt: skip


GOOD = (
    b"From: Anna Price <anna.price@wantsum.example>\r\nTo: ben@wantsum.example\r\n"
    b"Date: Mon, 7 Feb 2022 09:30:00 +0000\r\nMessage-ID: <good@wantsum.example>\r\n"
    b"Subject: Transport\r\n\r\nThe good message.\r\n"
)


@pytest.fixture
def bad(tmp_path):
    made = Case(tmp_path)
    yield made
    made.store.close()
