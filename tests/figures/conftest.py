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
    for name in ("synthetic_box", "synthetic"):
        if name not in sys.modules:
            spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
            assert spec is not None
            assert spec.loader is not None
            sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules[name])
    return sys.modules["synthetic"].SyntheticCase(3000)


@pytest.fixture(scope="session")
def base(case: object) -> Ground:
    return ground(case.view())


@pytest.fixture(scope="session")
def bars(base: Ground, case: object) -> tuple[Gap, ...]:
    return gaps(base, case.findings(), case.reference)
