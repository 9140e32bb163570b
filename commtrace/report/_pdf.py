"""The working paper as a tagged PDF (PDF/UA-1), set by typst from values handed in as JSON.

Evidence reaches the typesetter as strings in a data file, never as markup, so it is inert. Fonts
are files of the `font-source-sans-pro` package and typst's own; nothing of the system is used, no
date is written, and the same paper gives the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unicodedata import normalize

import pypdfium2  # type: ignore[import-untyped]
import typst

from commtrace.report import _words as words
from commtrace.report._figure import Drawn
from commtrace.report._ledger import LISTED
from commtrace.report._limits import SHOWN
from commtrace.report._method import METHOD
from commtrace.report.paper import IN_DECISIONS, IN_HANDOFFS, NO_RULE, Paper, findings_note

_FACES = ("Regular", "It", "Semibold", "Bold")
_SCALE = 1.6  # pixels a point of a preview: about 115 dots an inch
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


def document(paper: Paper, timeline: Drawn) -> bytes:
    """The PDF of a paper."""
    data = _data(paper, timeline)
    try:
        return _compile(data, timeline.svg)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
    plain = _mapped(data, lambda text: re.sub(r"[^\n\x20-\x7e\u200b]", words.code_mark, text))
    return _compile(plain, re.sub(r"[^\n\x20-\x7e]", words.code_mark, timeline.svg))


def preview(data: bytes) -> list[bytes]:
    """Each page of a PDF as PNG."""
    pages = []
    document_ = pypdfium2.PdfDocument(data)
    try:
        for page in document_:
            out = BytesIO()
            page.render(scale=_SCALE).to_pil().save(out, "PNG")
            pages.append(out.getvalue())
    finally:
        document_.close()
    return pages


def _compile(data: Any, svg: str) -> bytes:
    with TemporaryDirectory(prefix="commtrace-paper-") as folder:
        root = Path(folder)
        source = files("commtrace.report") / "paper.typ"
        (root / "paper.typ").write_bytes(source.read_bytes())
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=True), encoding="utf-8")
        if svg:
            (root / "timeline.svg").write_text(_printable(svg), encoding="utf-8")
        fonts = _fonts(root / "fonts")
        return typst.compile(
            str(root / "paper.typ"), root=str(root), font_paths=fonts, pdf_standards=["ua-1"]
        )


def _fonts(folder: Path) -> typst.Fonts:
    """One file a face: the package holds each face twice, and a folder's order is no promise."""
    folder.mkdir()
    source = files("font_source_sans_pro") / "files"
    for face in _FACES:
        data = (source / f"SourceSansPro-{face}.ttf").read_bytes()
        (folder / f"{face}.ttf").write_bytes(data)
    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])


def _data(paper: Paper, timeline: Drawn) -> Any:
    value = asdict(replace(paper, limits=replace(paper.limits, inside=())))
    shown = paper.register[: paper.options.in_register]
    value["register"] = [
        {
            "reference": one.reference,
            "rule": one.rule_title,
            "lead": one.lead,
            "severity": one.severity,
            "observability": one.observability,
            "decision": one.decision.state,
        }
        for one in shown
    ]
    value["register_total"] = f"{len(paper.register):,}"
    value["short_title"] = words.shorten(paper.title, 80)
    value["ceiling"] = words.CEILING
    value["general_method"] = METHOD
    value["no_rule"] = NO_RULE
    value["findings_note"] = findings_note(paper)
    value["timeline"] = {"alt": timeline.alt, "caption": timeline.caption} if timeline.svg else None
    value["decisions"] = value["decisions"][:IN_DECISIONS]
    value["more_decisions"] = words.bounded(len(paper.decisions), IN_DECISIONS, "decision")
    value["limits"]["custodians"] = value["limits"]["custodians"][:SHOWN]
    value["limits"]["more"] = words.bounded(len(paper.limits.custodians), SHOWN, "custodian")
    value["handoffs"] = value["handoffs"][:IN_HANDOFFS]
    value["more_handoffs"] = words.bounded(len(paper.handoffs), IN_HANDOFFS, "pair")
    value["limits"]["inside_unread"] = [
        (one.path, one.place, one.name, one.status, one.reason)
        for one in paper.limits.inside_unread[:SHOWN]
    ]
    value["limits"]["more_inside"] = words.bounded(len(paper.limits.inside_unread), SHOWN, "item")
    value["level_names"], value["listed"] = words.LEVELS, LISTED
    for name in ("files", "problems", "not_read", "inside"):
        del value["limits"][name]
    return _mapped(value, lambda text: _breakable(_printable(text)))


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(str(value))
    if isinstance(value, dict):
        return {str(key): _mapped(item, change) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(item, change) for item in value]
    return value


def _printable(text: str) -> str:
    return _NOT_PRINTED.sub(words.code_mark, normalize("NFC", text))


def _breakable(text: str) -> str:
    """A zero-width space in long runs, so that a path or an address never leaves its column.

    A hash stands whole: it has a line of its own, and must be found by searching the paper.
    """
    if _HASH.fullmatch(text):
        return text
    return _LONG_RUN.sub(lambda run: _JOINT.sub("\u200b", run[0]), text)
