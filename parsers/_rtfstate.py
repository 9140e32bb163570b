"""Where the reading of an RTF document stands: the open groups, the sinks of text, what was found.

Bytes gather until their charset can be applied to all of them; text that was deleted or is not
shown stands in brackets. What the words of RTF do is left to `_rtfwords`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ._layout import Around, Lines

DEEPEST = 2_000  # groups within groups
MOST_TOKENS = 10_000_000
LARGEST_FILES = 256 << 20  # bytes of all pictures and objects together
DEEP = "The document is nested deeper than documents are; its layout there was not followed."
LONG = "The document is longer than is read; only its beginning was read."
UNENDED = "The document does not end as it should; it may be cut short."
TRAILING = "Other bytes follow the end of the document; they were not read."


@dataclass(frozen=True, slots=True)
class Inside:
    """A file within a document: its name or kind of file, and its bytes."""

    name: str
    data: bytes = field(repr=False)


@dataclass(slots=True)
class Sink:
    """A stretch of text that is read for itself: the body, a header, a note, a text box."""

    lines: Lines = field(default_factory=Lines)
    pieces: list[str] = field(default_factory=list)
    bold: list[bool] = field(default_factory=list)
    in_row: bool = False
    heading: bool = False


@dataclass(slots=True)
class Group:
    """What holds until the group closes."""

    sink: Sink
    skip: bool = False
    twin: bool = False  # skipped for the sake of a twin in Unicode that follows
    table: bool = False  # inside the font table
    unicode_width: int = 1
    charset: str = "cp1252"
    bold: bool = False
    hidden: bool = False
    deleted: bool = False
    hexadecimal: list[str] | None = None  # where a picture's or an object's digits go
    binary: list[bytes] | None = None
    close: Callable[[], None] | None = None


@dataclass(slots=True)
class Reader:
    group: Group
    stack: list[Group] = field(default_factory=list)
    beyond: int = 0  # groups opened below the deepest that is followed
    around: Around = field(default_factory=Around)
    files: list[Inside] = field(default_factory=list)
    problems: dict[str, None] = field(default_factory=dict)
    room: int = LARGEST_FILES
    charset: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0
    pending: bytearray = field(default_factory=bytearray)
    pending_charset: str = "cp1252"
    to_skip: int = 0
    fresh: bool = False  # right after an opening brace: only there a star marks a destination
    starred: bool = False
    picture: str = ""
    author: str = ""
    mark: str = ""  # the bracket that is open: "deleted" or "hidden"

    def write(self, text: str) -> None:
        self.flush()
        self.put(text)

    def put(self, text: str) -> None:
        """Text of the document goes to the sink, in brackets where it was deleted or hidden."""
        group = self.group
        if group.skip or not text:
            return
        mark = "deleted" if group.deleted else "hidden" if group.hidden else ""
        if mark != self.mark and text.strip():
            self.bracket(mark)
        group.sink.pieces.append(text)
        if text.strip():
            group.sink.bold.append(group.bold)

    def bracket(self, mark: str) -> None:
        pieces = self.group.sink.pieces
        if self.mark:
            pieces.append("]")
        if mark:
            pieces.append(f"[{mark}: ")
        self.around.tracked |= mark == "deleted"
        self.around.hidden |= mark == "hidden"
        self.mark = mark

    def byte(self, value: int) -> None:
        if self.group.skip:
            return
        if self.pending and self.group.charset != self.pending_charset:
            self.flush()
        self.pending_charset = self.group.charset
        self.pending.append(value)

    def flush(self) -> None:
        if self.pending:
            text = self.pending.decode(self.pending_charset, "replace")
            self.pending.clear()
            self.put(text)

    def end_paragraph(self) -> None:
        self.flush()
        sink = self.group.sink
        if self.mark:
            self.bracket("")
        text = _paired("".join(sink.pieces))
        emphasised = sink.heading or (bool(sink.bold) and all(sink.bold))
        sink.lines.paragraph(text, emphasised=emphasised)
        sink.pieces.clear()
        sink.bold.clear()

    def end_sink(self) -> list[str]:
        """Close the open sink: its lines."""
        if self.group.sink.pieces:
            self.end_paragraph()
        while self.group.sink.lines.rows:
            end_row(self.group.sink.lines)
        return self.group.sink.lines.joined().split("\n")


def end_row(lines: Lines) -> None:
    """Close the row of a table; what stands behind its last cell goes on below it."""
    if len(lines.containers) > 1:
        rest = lines.containers.pop()
        lines.close_row()
        lines.block(line for line in rest if line)
    else:
        lines.close_row()


def _paired(text: str) -> str:
    r"""Characters beyond U+FFFF, which `\u` writes as two halves, put together."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
