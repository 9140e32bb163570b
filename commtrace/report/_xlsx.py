"""The workbook: every finding, exhibit, handoff and file as rows to sort, filter and answer.

Cells are strings or numbers, never formulas or links, whatever the evidence holds. A text longer
than a cell can be goes on in the rows below it, marked; nothing is cut in silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from commtrace.report import _acts
from commtrace.report import _words as words
from commtrace.report._method import METHOD
from commtrace.report.paper import Paper

_CELL = 16_000  # characters: Excel holds 32,767 UTF-16 units, and a character may take two
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed date in the file's properties, no clock
_CHECKS, _DECISION, _RESPONSE = "Checks", "Decision", "Response of the party"

Cell = str | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet before it is written: column names with widths in characters, and rows."""

    name: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[Cell, ...], ...]
    answer: tuple[int, ...] = field(default=())  # columns the reader is to fill in


def workbook(paper: Paper) -> bytes:
    """The workbook of a paper; the same paper gives the same bytes."""
    out = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    book.set_properties(
        {
            "title": f"{paper.title}: findings",
            "subject": f"Case fingerprint {paper.fingerprint}",
            "author": "commtrace",
            "created": _CREATED,
        }
    )
    formats = _formats(book)
    _read_me(book, formats, paper)
    for make in (_findings, _exhibits, _handoffs, _ledger, _inside, _coverage):
        _write(book, formats, make(paper), paper)
    if paper.act_rulings:
        _write(book, formats, _rulings(paper), paper)
    book.close()
    return out.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    base = {"font_name": "Calibri", "font_size": 10, "valign": "top", "text_wrap": True}
    head = {
        **base,
        "bold": True,
        "bg_color": "#1D3557",
        "font_color": "#FFFFFF",
        "valign": "vcenter",
    }
    cell = {**base, "num_format": "@", "bottom": 1, "bottom_color": "#DDE3EA"}
    return {
        "text": book.add_format(cell),
        "number": book.add_format(
            {**base, "num_format": "#,##0", "bottom": 1, "bottom_color": "#DDE3EA"}
        ),
        "head": book.add_format(head),
        "answer": book.add_format(
            {
                **base,
                "num_format": "@",
                "bg_color": "#FFF8E1",
                "border": 1,
                "border_color": "#E5D9B0",
            }
        ),
        "answer_head": book.add_format({**head, "bg_color": "#8A6D1B"}),
        "title": book.add_format({**base, "bold": True, "font_size": 16, "text_wrap": False}),
        "label": book.add_format({**base, "bold": True}),
        "plain": book.add_format({**base, "num_format": "@"}),
        "Grave": book.add_format({**cell, "bold": True, "font_color": "#9B1C31"}),
        "Material": book.add_format({**cell, "bold": True, "font_color": "#8A5A00"}),
    }


def _read_me(book: Any, formats: dict[str, Any], paper: Paper) -> None:
    sheet = book.add_worksheet("Read me")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 110)
    sheet.write_string(0, 0, paper.title[:_CELL], formats["title"])
    for number, (label, text) in enumerate(_read_me_rows(paper), 2):
        sheet.write_string(number, 0, label, formats["label"])
        sheet.write_string(number, 1, words.shorten(text, _CELL), formats["plain"])
    _page(sheet, paper)


def _read_me_rows(paper: Paper) -> list[tuple[str, str]]:
    rows = [
        ("What this is", "The workbook of the working paper: gaps in the communication record."),
        ("Protective marking", paper.marking),
        ("Period", paper.period),
        ("Evidence up to", paper.as_of),
        ("Case fingerprint", paper.fingerprint),
        ("Head of the audit chain", paper.head),
        ("commtrace", f"version {paper.version}"),
        ("Review", paper.decided),
        ("Limit", words.CEILING),
    ]
    rows += [("Terms of reference", term) for term in paper.terms]
    rows += [("Method", text) for text in METHOD]
    rows += [
        ("Findings", "One row a finding. The yellow columns are for the reader's answer."),
        ("Exhibits", "One row a place in the evidence, with the file's SHA-256."),
        ("Handoffs", "How matters passed between parties fared; waits in elapsed working days."),
        ("Ledger", "Every file received and what became of it."),
        (
            "Inside",
            "Every container and what lay inside it; a message that holds nothing is only counted.",
        ),
        ("Coverage", "Whose material could have shown what, and the weeks not covered."),
    ]
    rows += [("Rulings", f"{words.RULED}. {words.RULED_NOTE}")] if paper.act_rulings else []
    return rows


def _findings(paper: Paper) -> Sheet:
    columns = (
        ("Reference", 11), ("Family", 11), ("Rule", 18), ("Finding", 70), ("Severity", 10),
        ("Strength", 13), ("Observability", 14), ("Parties", 26), ("Owed the next step", 22),
        ("Window", 24), ("Measured", 30), ("Areas", 30), (_CHECKS, 60), ("Exhibits", 14),
        ("Also found by", 16), (_DECISION, 16), ("Decided by", 18), ("Decided on", 20),
        ("Reason", 40), (_RESPONSE, 40), ("Finding id", 18),
    )  # fmt: skip
    rows = tuple(
        (
            one.reference, one.family.value.capitalize(), one.rule_title, one.sentence,
            one.severity, one.strength, one.observability, ", ".join(one.parties), one.owes,
            one.window,
            "; ".join(f"{name}: {value}" for name, value in (*one.measure, *one.gunning)),
            "; ".join(one.areas),
            "\n".join(f"{c.outcome}: {c.what}" + (f" ({c.because})" if c.because else "")
                      for c in one.checks),
            ", ".join(str(cited.exhibit.number) for cited in one.cited), ", ".join(one.also),
            one.decision.state, one.decision.who, one.decision.when,
            one.decision.because + (" [exhibits changed since]" if one.decision.changed else ""),
            "", one.id,
        )
        for one in paper.register
    )  # fmt: skip
    return Sheet(name="Findings", columns=columns, rows=rows, answer=(19,))


def _exhibits(paper: Paper) -> Sheet:
    columns = (
        ("Exhibit", 9), ("Cited by", 22), ("What", 46), ("When", 22), ("Subject", 40),
        ("File", 56), ("Place", 30), ("SHA-256", 68),
    )  # fmt: skip
    rows = tuple(
        (
            one.number, ", ".join(one.cited_by), one.what, one.when, one.subject, one.path,
            one.place, one.sha256,
        )
        for one in paper.exhibits
    )  # fmt: skip
    return Sheet(name="Exhibits", columns=columns, rows=rows)


def _handoffs(paper: Paper) -> Sheet:
    columns = (
        ("Passed by", 34), ("Passed to", 34), ("Handoffs", 10), ("Taken up", 10),
        ("Taken up late", 12), ("No next step on record", 14), ("Not yet due", 10),
        ("Not testable", 10), ("Median wait, working days", 16),
    )  # fmt: skip
    rows = tuple(
        (
            one.giver, one.taker, one.passed, one.taken_up, one.late, one.not_taken_up,
            one.not_yet_due, one.not_testable, one.median,
        )
        for one in paper.handoffs
    )  # fmt: skip
    return Sheet(name="Handoffs", columns=columns, rows=rows)


def _ledger(paper: Paper) -> Sheet:
    columns = (
        ("File", 60), ("State", 22), ("Reason", 50), ("Reader", 10), ("Communications", 15),
        ("Inside it", 10), ("Problems", 10), ("Custodian", 30), ("Supplied by", 24),
        ("Size in bytes", 14), ("SHA-256", 68),
    )  # fmt: skip
    rows = tuple(
        (
            one.path, one.status, one.reason, one.reader, one.communications, one.embedded,
            one.problems, one.custodian, one.supplied_by, one.size, one.sha256,
        )
        for one in paper.limits.files
    )  # fmt: skip
    return Sheet(name="Ledger", columns=columns, rows=rows)


def _inside(paper: Paper) -> Sheet:
    columns = (
        ("File", 50), ("Place", 30), ("Name", 40), ("State", 22), ("Reason", 50), ("Reader", 10),
        *((name, 10) for name in words.LEVELS[2:]), ("Declared", 24), ("Size in bytes", 14),
        ("SHA-256", 68),
    )  # fmt: skip
    rows = tuple(
        (
            one.path, one.place, one.name, one.status, one.reason, one.reader, one.found,
            *one.states, one.declared, one.size, one.sha256,
        )
        for one in paper.limits.inside
    )  # fmt: skip
    return Sheet(name="Inside", columns=columns, rows=rows)


def _coverage(paper: Paper) -> Sheet:
    columns = (
        ("Custodian", 38), ("Channel", 10), ("Days", 28), ("Basis", 28), ("Completeness", 44),
        ("Weeks not covered", 60),
    )  # fmt: skip
    rows = tuple(
        (one.custodian, one.channel, one.days, one.basis, one.completeness, one.not_covered)
        for one in paper.limits.custodians
    )
    rows += tuple((party, "", "", "no mailbox supplied", "", "") for party in paper.limits.without)
    return Sheet(name="Coverage", columns=columns, rows=rows)


def _rulings(paper: Paper) -> Sheet:
    columns = tuple(zip(_acts.HEAD, (70, 40, 40, 24, 20, 50), strict=True))
    rows = tuple(one.cells for one in paper.act_rulings)
    return Sheet(name="Rulings", columns=columns, rows=rows)


def _write(book: Any, formats: dict[str, Any], plan: Sheet, paper: Paper) -> None:
    sheet = book.add_worksheet(plan.name)
    for column, (name, width) in enumerate(plan.columns):
        sheet.set_column(column, column, width)
        style = "answer_head" if column in plan.answer else "head"
        sheet.write_string(0, column, name, formats[style])
    sheet.set_row(0, 30)
    sheet.freeze_panes(1, 1)
    at = 1
    for row in plan.rows:
        at = _write_row(sheet, formats, at, row, plan.answer)
    sheet.autofilter(0, 0, max(at - 1, 1), len(plan.columns) - 1)
    _page(sheet, paper)


def _write_row(
    sheet: Any, formats: dict[str, Any], at: int, row: Sequence[Cell], answer: Sequence[int]
) -> int:
    """Write one row and, below it, what did not fit into its cells; returns the next free row."""
    pieces = [pieces_of(cell) if isinstance(cell, str) else [cell] for cell in row]
    depth = max((len(piece) for piece in pieces), default=1)
    for step in range(depth):
        for column, piece in enumerate(pieces):
            value = piece[step] if step < len(piece) else _again(row, column)
            style = "answer" if column in answer else _style(value)
            if isinstance(value, int):
                sheet.write_number(at + step, column, value, formats["number"])
            else:
                sheet.write_string(at + step, column, value, formats[style])
    return at + depth


def _style(value: Cell) -> str:
    """The format of a cell: the two graver steps of severity have their own."""
    return value if value in {"Grave", "Material"} and isinstance(value, str) else "text"


def _again(row: Sequence[Cell], column: int) -> Cell:
    """The key of a row is repeated on the rows that carry on its text; other cells stay empty."""
    return row[0] if column == 0 else ""


def pieces_of(text: str) -> list[str]:
    """`text` as cells of a length Excel can hold, each but the last marked as going on."""
    if len(text) <= _CELL:
        return [text]
    parts = [text[start : start + _CELL] for start in range(0, len(text), _CELL)]
    more = [f"{part} [continued below]" for part in parts[:-1]]
    return [*more, parts[-1]]


def _page(sheet: Any, paper: Paper) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    marking = words.shorten(paper.marking, 100).replace("&", "&&")
    sheet.set_footer(f"&L{marking}&CPage &P of &N&R{paper.fingerprint}")
