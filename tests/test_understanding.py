"""Derived rows are known by a digest of all that they were derived with."""

from __future__ import annotations

import ast
from pathlib import Path

from commtrace import understanding

ROOT = Path(understanding.__file__).parent
VALUES = {"model", "workdays"}  # what the rules give, and calendars that are read later


def imported(file: Path) -> set[str]:
    """The modules of the program that a file imports, below the package."""
    return {
        node.module.removeprefix("commtrace.")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("commtrace.")
    } | {
        alias.name
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "commtrace"
        for alias in node.names
    }


def test_a_change_of_any_module_that_reads_texts_makes_them_be_read_again():
    """It went wrong once: how quoted headers are read had changed, and old rows stayed."""
    reached: set[str] = set()
    waiting = {module for file in (ROOT / "language").glob("*.py") for module in imported(file)}
    while waiting:
        module = waiting.pop()
        if module.split(".")[0] not in {"language", *VALUES} and module not in reached:
            reached.add(module)
            waiting |= imported(ROOT / f"{module.replace('.', '/')}.py")
    assert {f"{module}.py" for module in reached} == set(understanding._READ_WITH)


def test_every_table_of_words_that_reads_texts_is_in_the_digest():
    sources = [
        *(ROOT / "language").glob("*.py"),
        *(ROOT / name for name in understanding._READ_WITH),
    ]
    named = {
        node.value
        for file in sources
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.endswith((".toml", ".tsv"))
        and "/" not in node.value
    }
    assert named == set(understanding._WORDS)
