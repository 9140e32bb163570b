"""Values to a tagged PDF (PDF/UA-1) by typst: fonts, and strings that any reader can be shown.

Evidence reaches the typesetter as strings in a data file, never as markup, so it is inert. Fonts
are files of the `font-source-sans-pro` package and typst's own; nothing of the system is used, no
date is written, and the same values give the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unicodedata import normalize

import typst

from commtrace.report import _words as words

_FACES = ("Regular", "It", "Semibold", "Bold")
# What Source Sans and typst's own fonts print between them, tried character by character and in
# random strings. A PDF/UA file may hold no missing glyph, and marks that combine are not set alike
# by every font, so anything else is printed as its code.
_NOT_PRINTED = re.compile(
    "[^\n\t\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u0482"
    "\u048a-\u04ff\u05d0-\u05ea\u0621-\u063a\u0640-\u064a\u0660-\u0669\u0679\u067e\u0686\u0691"
    "\u0698\u06a9\u06af\u06be\u06cc\u1e00-\u1eff\u2010-\u2027\u2030-\u203f\u20a0-\u20a4"
    "\u20a6-\u20bf\u2122\u2190-\u22ff\u2460-\u2606\u2611\u2612\u2713\u2714\u2717\u2718]"
)
_LONG_RUN = re.compile(r"[^\s\u200b]{15,}")
_JOINT = re.compile(r"(?<=[@./_=?&])(?=[^\s@./_=?&])|(?<=[^\s@./_=?&-]{24})(?=\w)")
_HASH = re.compile("[0-9a-f]{64}")


def typeset(template: str, data: Any, drawings: Mapping[str, str] | None = None) -> bytes:
    """The PDF that a template of this package makes of `data` and SVG `drawings` (by file name).

    Where a font lacks a character after all, every character beyond ASCII is written as its code.
    """
    drawn = drawings or {}
    try:
        return _compile(template, data, drawn)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
    plain = mapped(data, lambda text: re.sub(r"[^\n\x20-\x7e\u200b]", words.code_mark, text))
    ascii_only = {n: re.sub(r"[^\n\x20-\x7e]", words.code_mark, svg) for n, svg in drawn.items()}
    return _compile(template, plain, ascii_only)


def _compile(template: str, data: Any, drawings: Mapping[str, str]) -> bytes:
    with TemporaryDirectory(prefix="commtrace-paper-") as folder:
        root = Path(folder)
        for name in {template, "style.typ"}:
            (root / name).write_bytes((files("commtrace.report") / name).read_bytes())
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=True), encoding="utf-8")
        for name, svg in drawings.items():
            (root / name).write_text(printable(svg), encoding="utf-8")
        fonts = _fonts(root / "fonts")
        return typst.compile(
            str(root / template), root=str(root), font_paths=fonts, pdf_standards=["ua-1"]
        )


def _fonts(folder: Path) -> typst.Fonts:
    """One file a face: the package holds each face twice, and a folder's order is no promise."""
    folder.mkdir()
    source = files("font_source_sans_pro") / "files"
    for face in _FACES:
        data = (source / f"SourceSansPro-{face}.ttf").read_bytes()
        (folder / f"{face}.ttf").write_bytes(data)
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])


def mapped(value: Any, change: Callable[[str], str]) -> Any:
    """A value of JSON with every string in it changed."""
    if isinstance(value, str):
        return change(str(value))
    if isinstance(value, dict):
        return {str(key): mapped(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [mapped(item, change) for item in value]
    return value


def printable(text: str) -> str:
    """Text whose every character some font of ours can print."""
    return _NOT_PRINTED.sub(words.code_mark, normalize("NFC", text))


def breakable(text: str) -> str:
    """A zero-width space in long runs, so that a path or an address never leaves its column.

    A hash stands whole: it has a line of its own, and must be found by searching the paper.
    """
    if _HASH.fullmatch(text):
        return text
    return _LONG_RUN.sub(lambda run: _JOINT.sub("\u200b", run[0]), text)
