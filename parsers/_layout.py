"""The lines of a document as a reader meets them, built paragraph by paragraph and cell by cell.

Running text and headings are set off by blank lines and short lines stay together, so that
`_letter` finds blocks; what stands outside the text (headers, notes, comments) is labelled.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ._docxtext import COMMENTED, TRACKED, row_lines
from ._text import clean, clean_line

HIDDEN = "The document has text that is not shown; it is kept, marked [hidden: ...]."
_RUNNING = 90  # characters; a longer paragraph is running text


@dataclass(frozen=True, slots=True)
class Text:
    """A document's text, its bold lines and headings, and doubts."""

    text: str
    emphasised: tuple[str, ...]
    doubts: tuple[str, ...]


@dataclass(slots=True)
class Lines:
    """The lines so far; a cell of a table has its own until its row is closed."""

    containers: list[list[str]] = field(default_factory=lambda: [[]])
    rows: list[list[list[str]]] = field(default_factory=list)
    emphasised: list[str] = field(default_factory=list)

    def paragraph(self, written: str, *, emphasised: bool = False) -> None:
        """A paragraph is closed."""
        text = written.rstrip()
        if text.strip() and emphasised:
            self.emphasised += [clean_line(line) for line in text.split("\n")]
        apart = len(text) > _RUNNING or (emphasised and bool(text))
        lines = self.containers[-1]
        if apart and lines and lines[-1]:
            lines.append("")
        lines += text.split("\n")
        if apart:
            lines.append("")

    def block(self, lines: Iterable[str]) -> None:
        """Lines that were built apart, such as a text box, where they are anchored."""
        self.containers[-1] += lines

    def open_row(self) -> None:
        """A row of a table begins."""
        self.rows.append([])

    def open_cell(self) -> None:
        """A cell begins."""
        self.containers.append([])

    def close_cell(self) -> None:
        """A cell ends."""
        if len(self.containers) < 2:
            return
        cell = self.containers.pop()
        if self.rows:
            self.rows[-1].append(cell)
        else:
            self.containers[-1] += cell

    def close_row(self) -> None:
        """A row of single lines is one line; a row of blocks (a letterhead) is a block a cell."""
        if not self.rows:
            return
        self.containers[-1] += row_lines(self.rows.pop())

    def joined(self) -> str:
        """All lines as text."""
        return "\n".join(line for container in self.containers for line in container)


@dataclass(slots=True)
class Around:
    """What stands outside the running text, each as plain text."""

    headers: list[str] = field(default_factory=list)
    footers: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)  # label, text
    comments: list[tuple[str, str]] = field(default_factory=list)  # who and when, text
    tracked: bool = False
    hidden: bool = False


def assembled(body: Lines, around: Around) -> Text:
    """A document's whole text: headers first, then the body, footers, notes and comments."""
    blocks = [*_distinct(around.headers), body.joined()]
    blocks += [_labelled("Footer", text) for text in _distinct(around.footers)]
    blocks += [_labelled(label, text) for label, text in around.notes if text.strip()]
    said = [(by, text) for by, text in around.comments if text.strip()]
    blocks += [_labelled(f"Comment by {by}" if by else "Comment", text) for by, text in said]
    doubts = [TRACKED] if around.tracked else []
    doubts += [HIDDEN] if around.hidden else []
    doubts += [COMMENTED] if said else []
    text = clean("\n\n".join(block.strip("\n") for block in blocks if block.strip()))
    return Text(text, tuple(body.emphasised), tuple(doubts))


def _distinct(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(text.strip() for text in texts) if text]


def _labelled(label: str, text: str) -> str:
    return f"[{label}: {text.strip()}]"
