"""The README's tables are made from the plug-ins' own docstrings: run this file to make them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from commtrace import plugins
from commtrace.cli import app

README = Path(__file__).parents[1] / "README.md"


def formats_table() -> str:
    rows = [(p.name, " ".join(f"`{s}`" for s in p.suffixes), p.title) for p in plugins.parsers()]
    return _table(("format", "suffixes", "what it reads"), rows)


def rules_table() -> str:
    rows = [
        (f"`{r.name}`", str(r.family), r.title,
         ", ".join(f"{k} = {v}" for k, v in r.parameters.items()))
        for r in plugins.rules()
    ]  # fmt: skip
    return _table(("rule", "family", "what it finds", "thresholds"), rows)


def _table(header, rows):
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def filled(text: str) -> str:
    for name, table in (("formats", formats_table()), ("rules", rules_table())):
        pattern = re.compile(rf"(<!-- {name}: [^\n]*-->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text = pattern.sub(lambda m, t=table: f"{m[1]}{t}\n{m[2]}", text)
    return text


COMMANDS = sorted(
    command.name or (command.callback.__name__ if command.callback else "")
    for command in app.registered_commands
)


def test_the_tables_of_the_readme_agree_with_the_plugins():
    text = README.read_text(encoding="utf-8")
    assert text == filled(text), "run: python tests/test_readme.py"


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_shows_each_command(command):
    assert re.search(rf"commtrace {command}\b", README.read_text(encoding="utf-8"))


def test_every_picture_of_the_readme_is_there():
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README.read_text(encoding="utf-8"))
    assert pictures
    assert all((README.parent / picture).is_file() for picture in pictures)


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
