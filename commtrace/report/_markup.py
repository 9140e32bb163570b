"""The small pieces of HTML that a page is made of: escaped words, paragraphs, tables, links within.

Every word passes `esc`; a link goes to a place in the same page and nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from html import escape

from commtrace.report import _words as words

PARTS = (
    ("limits", "Coverage and limits"),
    ("glance", "Findings at a glance"),
    ("timeline", "Timeline"),
    ("handoffs", "Handoffs between parties"),
    ("findings", "Findings"),
    ("ledger", "Evidence ledger"),
    ("exhibits", "Exhibits"),
    ("method", "Method"),
    ("sign", "Review and sign-off"),
)


def section(name: str, *pieces: str) -> str:
    """A part of the page under its heading; `name` is one of `PARTS`."""
    title = dict(PARTS)[name]
    inner = "".join(pieces)
    return f'<section aria-labelledby="{name}">\n<h2 id="{name}">{title}</h2>\n{inner}</section>\n'


def esc(text: str) -> str:
    """Text made safe to stand in HTML."""
    return escape(words.visible(text), quote=True)


def paragraph(text: str, style: str = "") -> str:
    """A paragraph; "" for no text."""
    kind = f' class="{style}"' if style else ""
    return f"<p{kind}>{esc(text)}</p>\n" if text else ""


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    caption: str = "",
    right: Sequence[int] = (),
    short: Sequence[int] = (),
    code: Sequence[int] = (),
    known: Collection[str] = (),
) -> str:
    """A table whose first column heads its rows; `right`, `short`, `code` name columns.

    A cell that is a list of references links those that are `known`: printed in this page.
    """

    def style(column: int) -> str:
        kind = "right" if column in right else "short" if column in short else ""
        return f' class="{kind}"' if kind else ""

    def cell(column: int, text: str) -> str:
        shown = f"<code>{esc(text)}</code>" if column in code else linked(text, known)
        if column == 0:
            return f'<th scope="row"{style(column)}>{shown}</th>'
        return f"<td{style(column)}>{shown}</td>"

    header = "".join(f'<th scope="col"{style(n)}>{esc(name)}</th>' for n, name in enumerate(head))
    body = "".join(
        f"<tr>{''.join(cell(n, text) for n, text in enumerate(row))}</tr>\n" for row in rows
    )
    named = f"<caption>{esc(caption)}</caption>" if caption else ""
    return (
        f'<div class="scroll"><table>{named}<thead><tr>{header}</tr></thead>\n'
        f"<tbody>\n{body}</tbody></table></div>\n"
    )


def linked(text: str, known: Collection[str]) -> str:
    """Text, in which references of findings that this page prints in full are links to them."""
    if not known:
        return esc(text)
    return ", ".join(
        f'<a href="#{esc(part)}">{esc(part)}</a>' if part in known else esc(part)
        for part in text.split(", ")
    )
