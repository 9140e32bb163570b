"""A store to put records in."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from commtrace.store import Store

sys.path.insert(0, str(Path(__file__).parent))  # for correspondence.py


@pytest.fixture
def store(tmp_path):
    with Store(f"sqlite:///{tmp_path / 'case.db'}") as made:
        yield made
