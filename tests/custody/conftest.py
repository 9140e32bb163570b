"""A small case with everything a case can hold, made in this process and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from commtrace.case import Case
from commtrace.evidence import ingest
from commtrace.evidence.workers import serial

LETTER = """From: Rosa Quill <rosa{n}@families.example>\r
To: Transport Desk <desk@council.example>\r
Date: Mon, {day:02} Feb 2022 10:00:00 +0000\r
Message-ID: <m{n}@families.example>\r
Subject: Taxi {n}\r
Content-Type: text/plain; charset=utf-8\r
\r
Please confirm the taxi for route {n}. Could you reply by Friday?\r
"""


def write_letters(folder: Path, numbers) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for n in numbers:
        (folder / f"{n:03}.eml").write_bytes(LETTER.format(n=n, day=n % 27 + 1).encode())
    return folder


@pytest.fixture
def in_this_process(monkeypatch):
    """Files are read here and not in processes of their own."""
    monkeypatch.setattr(ingest, "processes", lambda: serial)


@pytest.fixture(scope="session")
def kept_folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("custody")
    box = write_letters(folder / "box", range(12))
    (box / "again.eml").write_bytes((box / "003.eml").read_bytes())
    (box / "odd.bin").write_bytes(b"\x00\x01\x02nothing known")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingest, "processes", lambda: serial)
        case = Case.create(folder / "case")
        case.ingest([box], custodian="Anna Vane", supplied_by="the council, on paper")
        case.view()
        case.close()
    return folder / "case"


@pytest.fixture
def kept(kept_folder, tmp_path) -> Path:
    """A copy of the small case that a test may change."""
    shutil.copytree(kept_folder, tmp_path / "case")
    return tmp_path / "case"


@pytest.fixture
def letters():
    return write_letters
