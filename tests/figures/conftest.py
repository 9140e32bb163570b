"""A synthetic case of 3,000 communications, and its figures' ground."""

import importlib.util
import sys
from pathlib import Path

import pytest

from commtrace.figures.gaps import Gap, gaps
from commtrace.figures.ground import Ground, ground

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def case() -> object:
    if "synthetic" not in sys.modules:
        path = ROOT / "benchmarks" / "synthetic.py"
        spec = importlib.util.spec_from_file_location("synthetic", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["synthetic"] = module
        spec.loader.exec_module(module)
    return sys.modules["synthetic"].SyntheticCase(3000)


@pytest.fixture(scope="session")
def base(case: object) -> Ground:
    return ground(case.view())


@pytest.fixture(scope="session")
def bars(base: Ground, case: object) -> tuple[Gap, ...]:
    return gaps(base, case.findings(), case.reference)
