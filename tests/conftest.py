"""Fixtures that every folder of tests may ask for: the sample case, built once a run."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from commtrace.case import Case, sample_case

# No timing gates a test: on a busy machine an example takes as long as it takes.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
TESTS = str(Path(__file__).parent)
if TESTS not in sys.path:  # stories.py is shared
    sys.path.insert(0, TESTS)


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory) -> Path:
    """The folder of the sample case. Read only: a test that decides or ingests takes a copy."""
    folder = tmp_path_factory.mktemp("sample") / "case"
    sample_case(folder).close()
    return folder


@pytest.fixture(scope="session")
def sample(sample_folder) -> Case:
    """The sample case, open. Read only."""
    case = Case.open(sample_folder)
    yield case
    case.close()


@pytest.fixture
def sample_copy(sample_folder, tmp_path) -> Case:
    """A copy of the sample case that a test may change."""
    shutil.copytree(sample_folder, tmp_path / "case")
    case = Case.open(tmp_path / "case")
    yield case
    case.close()
