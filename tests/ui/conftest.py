"""A synthetic case behind the pages, and each page run without a browser."""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from commtrace.ui import serve, state

ROOT = Path(__file__).parents[2]


def _synthetic() -> ModuleType:
    for name in ("synthetic_box", "synthetic"):
        if name not in sys.modules:
            spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
            assert spec is not None
            assert spec.loader is not None
            sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules[name])
    return sys.modules["synthetic"]


@pytest.fixture(scope="session")
def synthetic() -> ModuleType:
    return _synthetic()


@pytest.fixture
def case(synthetic: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """A case of 600 communications that the pages open."""
    found = synthetic.SyntheticCase(600)
    monkeypatch.setenv(serve.CASE_VARIABLE, "synthetic")
    monkeypatch.setattr(state, "opener", lambda _folder: found)
    st.cache_resource.clear()
    yield found
    st.cache_resource.clear()


@pytest.fixture
def visit(case: object) -> Callable[..., AppTest]:
    """Open a page by its name, with what its address says."""

    def run(name: str = "", **query: str) -> AppTest:
        app = AppTest.from_file(str(serve.FRAME), default_timeout=30)
        for key, value in query.items():
            app.query_params[key] = value
        app.run()
        if name:
            app.switch_page(f"{name}.py")
            for key, value in query.items():
                app.query_params[key] = value
            app.run()
        assert not app.exception, app.exception
        return app

    return run
