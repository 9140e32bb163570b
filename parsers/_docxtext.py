"""The text of a Word document (ISO/IEC 29500, WordprocessingML), in the order a reader meets it.

Headers come first and footers, notes and comments last, each labelled; tracked deletions and
comments are kept and labelled, because what was taken out is evidence. The walk is a loop, so no
depth of nesting breaks it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]

from ._text import clean, clean_line

TRACKED = "The document has tracked deletions; they are kept in the text, marked [deleted: ...]."
COMMENTED = "The document has comments; they stand at the end of the text."

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_DROPPED = frozenset({"pPr", "rPr", "tblPr", "tcPr", "trPr", "sectPr", "instrText", "fldData",
    "Fallback",
})  # fmt: skip
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_RUNNING = 90  # characters; a longer paragraph is running text
_BREAK, _HEADING = "\f", "\x1c"  # marks of ours in the text: XML 1.0 can hold neither
_MARKS = {"tab": "    ", "ptab": "    ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_BLANK = " \t\n\f\x1c"
_HEADINGS = ("heading", "title", "subtitle", "subject")


@dataclass(frozen=True, slots=True)
class Text:
    """A document's text, its bold lines and headings, and doubts.

    A paragraph is a line with words, and the blank lines below it; `begins` are the numbers, from
    1, of those that stand behind a page break or are headings. Both are () where nobody counted.
    """

    text: str
    emphasised: tuple[str, ...]
    doubts: tuple[str, ...]
    paragraphs: tuple[str, ...] = ()
    begins: tuple[int, ...] = ()


@dataclass(slots=True)
class _Reading:
    """Where the walk stands: enclosing containers of lines, open paragraphs, what was seen."""

    containers: list[list[str]] = field(default_factory=lambda: [[]])
    rows: list[list[list[str]]] = field(default_factory=list)
    paragraphs: list[_Paragraph] = field(default_factory=list)
    emphasised: list[str] = field(default_factory=list)
    deletions: list[bool] = field(default_factory=list)
    deleted: bool = False

    def add(self, text: str, *, bold: bool | None = None) -> None:
        """Write into the open paragraph; `bold` None is white space or a mark of ours."""
        if not self.paragraphs:
            self.paragraphs.append(_Paragraph())
        self.paragraphs[-1].pieces.append(text)
        if bold is not None and text.strip():
            self.paragraphs[-1].bold.append(bold)


@dataclass(slots=True)
class _Paragraph:
    pieces: list[str] = field(default_factory=list)
    bold: list[bool] = field(default_factory=list)
    heading: bool = False
    section: bool = False  # a section ends with it, so that the next page begins another


def document_text(
    body: etree._Element | None,
    *,
    headers: Sequence[etree._Element | None] = (),
    footers: Sequence[etree._Element | None] = (),
    footnotes: etree._Element | None = None,
    endnotes: etree._Element | None = None,
    comments: etree._Element | None = None,
) -> Text:
    """All the text of a document from the trees of its parts."""
    main = _lines(body)
    emphasised = [*main.emphasised]
    head = _distinct(headers)
    foot = _distinct(footers)
    blocks = [*head, _joined(main), *(_labelled("Footer", text) for text in foot)]
    for label, tree in (("Footnote", footnotes), ("Endnote", endnotes)):
        blocks += [_labelled(label, text) for text in _notes(tree, label.lower())]
    said = list(_comments(comments))
    blocks += said
    doubts = [TRACKED] if main.deleted else []
    doubts += [COMMENTED] if said else []
    raw = "\n\n".join(block.strip("\n") for block in blocks if block.strip(_BLANK))
    paragraphs, begins = _paragraphs(raw)
    text = "\n".join(paragraphs).rstrip("\n")
    return Text(text, tuple(emphasised), tuple(doubts), paragraphs, begins)


def _paragraphs(raw: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Lines with words, each with the blank ones below it, and which of them begin something."""
    found: list[str] = []
    begins: list[int] = []
    broken = False
    for line in raw.split("\n"):
        for number, piece in enumerate(line.split(_BREAK)):
            broken = broken or number > 0
            text = clean(piece.replace(_HEADING, ""))
            if not text.strip():
                found[-1:] = [found[-1] + "\n"] if found else []
                continue
            found.append(text)
            if broken or _HEADING in piece:
                begins.append(len(found))
            broken = False
    return tuple(found), tuple(begins)


def _distinct(trees: Sequence[etree._Element | None]) -> list[str]:
    """The texts of headers or footers, each once: Word keeps one for each kind of page."""
    found = [_plain(_lines(tree)) for tree in trees if tree is not None]
    return [text for text in dict.fromkeys(found) if text]


def _joined(reading: _Reading) -> str:
    return "\n".join(line for container in reading.containers for line in container)


def _plain(reading: _Reading) -> str:
    """The text of a part in which nothing begins: a header, a note, a comment."""
    return _joined(reading).replace(_BREAK, "\n").replace(_HEADING, "").strip()


def _labelled(label: str, text: str) -> str:
    return f"[{label}: {text.strip()}]"


def _name(element: etree._Element) -> str:
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    if tag.startswith((_W, _STRICT)):
        return tag.rpartition("}")[2]
    return "Fallback" if tag == _FALLBACK else "?"


def _value(element: etree._Element, name: str) -> str | None:
    value: str | None = element.get(_W + name) or element.get(_STRICT + name)
    return value


def _lines(tree: etree._Element | None) -> _Reading:
    """The lines under an element; a text box is read where it is anchored, once."""
    reading = _Reading()
    if tree is None:
        return reading
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        name = _name(element)
        if event == "end":
            _leave(reading, name)
        elif name == "pPr":
            _style(reading, element)
            walk.skip_subtree()
        elif name in _DROPPED:
            walk.skip_subtree()
        else:
            _enter(reading, element, name)
    while reading.paragraphs:
        _end_paragraph(reading)
    return reading


def _style(reading: _Reading, properties: etree._Element) -> None:
    for child in properties:
        if _name(child) == "pStyle" and reading.paragraphs:
            style = (_value(child, "val") or "").lower()
            reading.paragraphs[-1].heading = style.startswith(_HEADINGS)
        elif _name(child) == "pageBreakBefore" and reading.paragraphs:
            if (_value(child, "val") or "true") not in ("0", "false", "off"):
                reading.paragraphs[-1].pieces.append(_BREAK)
        elif _name(child) == "sectPr" and reading.paragraphs:
            kinds = [_value(one, "val") for one in child if _name(one) == "type"]
            reading.paragraphs[-1].section = "continuous" not in kinds


def _enter(reading: _Reading, element: etree._Element, name: str) -> None:
    if name == "p":
        reading.paragraphs.append(_Paragraph())
    elif name == "tr":
        reading.rows.append([])
    elif name == "tc":
        reading.containers.append([])
    elif name in ("t", "delText"):
        reading.add(element.text or "", bold=_is_bold(element))
    elif name in ("del", "moveFrom"):
        holds = _holds_text(element)
        reading.deletions.append(holds)
        if holds:
            reading.deleted = True
            reading.add("[deleted: ")
    elif name in _MARKS and reading.paragraphs:
        page = name == "br" and _value(element, "type") == "page"
        reading.add(_BREAK if page else _MARKS[name])


def _leave(reading: _Reading, name: str) -> None:
    if name == "p" and reading.paragraphs:
        _end_paragraph(reading)
    elif name in ("del", "moveFrom") and reading.deletions:
        if reading.deletions.pop():
            reading.add("]")
    elif name == "tc" and len(reading.containers) > 1:
        cell = reading.containers.pop()
        if reading.rows:
            reading.rows[-1].append(cell)
        else:
            reading.containers[-1] += cell
    elif name == "tr" and reading.rows:
        _end_row(reading, reading.rows.pop())


def _end_paragraph(reading: _Reading) -> None:
    """Running text and headings are set off by blank lines; short lines stay together."""
    paragraph = reading.paragraphs.pop()
    text = "".join(paragraph.pieces).rstrip(" \t\n")
    emphasised = paragraph.heading or (bool(paragraph.bold) and all(paragraph.bold))
    words = text.strip(_BLANK)
    if words and emphasised:
        reading.emphasised += [clean_line(line) for line in words.split("\n")]
        text = text.replace(words, _HEADING + words) if len(words) <= _RUNNING else text
    text += _BREAK if paragraph.section else ""
    apart = len(text) > _RUNNING or (emphasised and bool(words))
    lines = reading.containers[-1]
    if apart and lines and lines[-1]:
        lines.append("")
    lines += text.split("\n")
    if apart:
        lines.append("")


def _end_row(reading: _Reading, cells: list[list[str]]) -> None:
    cells = [[line.replace(_BREAK, "").replace(_HEADING, "") for line in cell] for cell in cells]
    reading.containers[-1] += row_lines(cells)


def row_lines(cells: Sequence[Sequence[str]]) -> list[str]:
    """A table's row: one line where cells are single lines; else (a letterhead) a block a cell."""
    filled = [[line for line in cell if line.strip()] for cell in cells]
    if all(len(cell) <= 1 for cell in filled):
        return ["    ".join(cell[0].strip() if cell else "" for cell in filled).rstrip()]
    lines: list[str] = []
    for cell in cells:
        block = "\n".join(cell).strip("\n")
        if block:
            lines += [*block.split("\n"), ""]
    return lines


def _holds_text(element: etree._Element) -> bool:
    return any(_name(child) in ("t", "delText") and child.text for child in element.iter())


def _is_bold(text: etree._Element) -> bool:
    run = text.getparent()
    if run is None or _name(run) != "r":
        return False
    for properties in run:
        if _name(properties) == "rPr":
            for child in properties:
                if _name(child) == "b":
                    return (_value(child, "val") or "true") not in ("0", "false", "off")
            return False
    return False


def _notes(tree: etree._Element | None, kind: str) -> Iterator[str]:
    if tree is None:
        return
    for note in tree:
        if _name(note) == kind and (_value(note, "type") or "normal") == "normal":
            text = _plain(_lines(note))
            if text:
                yield text


def _comments(tree: etree._Element | None) -> Iterator[str]:
    if tree is None:
        return
    for comment in tree:
        if _name(comment) == "comment":
            text = _plain(_lines(comment))
            who = clean_line(_value(comment, "author") or "")
            when = clean_line(_value(comment, "date") or "")[:10]
            by = ", ".join(part for part in (who, when) if part)
            yield _labelled(f"Comment by {by}" if by else "Comment", text)
