"""Data that ships with commtrace: norms, calendars, word lists, and templates of `case.toml`."""

from __future__ import annotations

from importlib.resources import files

from commtrace.errors import CallError


def template(name: str | None) -> str:
    """The text of a `case.toml` template, the blank one for None; CallError if there is none."""
    folder = files(__name__) / "templates"
    wanted = folder / f"{name or 'blank'}.toml"
    known = sorted(item.name.removesuffix(".toml") for item in folder.iterdir())
    if (name or "blank") not in known:
        raise CallError(f'There is no template "{name}". Known: {", ".join(known)}.')
    return wanted.read_text(encoding="utf-8")
