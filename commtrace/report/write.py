"""From a case to its papers: the working paper as HTML and PDF, and the workbook beside them.

One paper is made from the case and every format prints it, so their numbers and sentences agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from commtrace.errors import CallError
from commtrace.model import Family
from commtrace.report import _figure, _html, _pdf, _request, _request_docx, _xlsx
from commtrace.report._case import Case
from commtrace.report._files import into
from commtrace.report.paper import MARKING, Options, Paper, paper

REQUESTS = ("disclosure-request.docx", "disclosure-request.pdf")
NAMES = ("working-paper.html", "working-paper.pdf", "findings.xlsx")


def report(
    case: Case,
    out: Path,
    *,
    families: Sequence[str] | None = None,
    include_text: bool = True,
    marking: str = MARKING,
) -> list[Path]:
    """Write the three papers of a case into the folder `out`; returns their paths.

    `families` are names of `Family` (None: all four); `include_text` says whether the words of the
    evidence are quoted; `marking` is the protective marking printed on every page.
    """
    one = _paper(case, families, include_text=include_text, marking=marking)
    out.mkdir(parents=True, exist_ok=True)
    made = (_html_bytes(case, one), _pdf_bytes(case, one), _xlsx.workbook(one))
    return [into(out / name, [data]) for name, data in zip(NAMES, made, strict=True)]


def html(
    case: Case,
    *,
    families: Sequence[str] | None = None,
    include_text: bool = True,
    marking: str = MARKING,
) -> str:
    """The working paper as one self-contained HTML page."""
    one = _paper(case, families, include_text=include_text, marking=marking)
    return _html_bytes(case, one).decode()


def pdf(
    case: Case,
    *,
    families: Sequence[str] | None = None,
    include_text: bool = True,
    marking: str = MARKING,
) -> bytes:
    """The working paper as a tagged PDF (PDF/UA-1)."""
    return _pdf_bytes(case, _paper(case, families, include_text=include_text, marking=marking))


def xlsx(
    case: Case,
    *,
    families: Sequence[str] | None = None,
    include_text: bool = True,
    marking: str = MARKING,
) -> bytes:
    """The workbook of findings, exhibits, handoffs, ledger and coverage."""
    one = _paper(case, families, include_text=include_text, marking=marking)
    return _xlsx.workbook(one)


def request(case: Case, out: Path, *, marking: str = MARKING) -> list[Path]:
    """Write what to ask each holder for into the folder `out`, as DOCX and PDF; their paths."""
    one = _request.disclosure_request(case, marking=marking)
    out.mkdir(parents=True, exist_ok=True)
    made = (_request_docx.document(one), _request.pdf(one))
    return [into(out / name, [data]) for name, data in zip(REQUESTS, made, strict=True)]


def request_docx(case: Case, *, marking: str = MARKING) -> bytes:
    """The disclosure request as a Word file."""
    return _request_docx.document(_request.disclosure_request(case, marking=marking))


def request_pdf(case: Case, *, marking: str = MARKING) -> bytes:
    """The disclosure request as a tagged PDF (PDF/UA-1)."""
    return _request.pdf(_request.disclosure_request(case, marking=marking))


def _paper(
    case: Case, families: Sequence[str] | None, *, include_text: bool, marking: str
) -> Paper:
    chosen = None if families is None else tuple(str(name) for name in families)
    known = [family.value for family in Family]
    if unknown := set(chosen or ()) - set(known):
        raise CallError(f"{min(unknown)} is no family of gaps; known are {', '.join(known)}.")
    return paper(case, Options(families=chosen, include_text=include_text, marking=marking))


def _html_bytes(case: Case, one: Paper) -> bytes:
    figure = _figure.timeline(case, one.options)
    return _html.page(one, timeline=figure.svg, caption=figure.caption).encode()


def _pdf_bytes(case: Case, one: Paper) -> bytes:
    return _pdf.document(one, _figure.timeline(case, one.options))
