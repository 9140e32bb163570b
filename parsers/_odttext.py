"""The text of an OpenDocument text (ISO/IEC 26300), in the order a reader meets it.

Headers come first and footers, notes and comments last, each labelled; tracked deletions and text
that is not shown are kept and labelled. The walk is a loop, so no depth of nesting breaks it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]

from ._layout import Around, Lines, Text, assembled
from ._text import clean_line

_SPACES = {
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0": "draw",
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0": "fo",
    "http://purl.org/dc/elements/1.1/": "dc",
}
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DROPPED = frozenset({
    "text:tracked-changes", "text:sequence-decls", "text:variable-decls", "office:forms",
    "text:user-field-decls", "text:table-of-content-source", "text:bibliography-source",
    "draw:object", "draw:object-ole", "office:binary-data", "text:note-citation", "dc:creator",
    "dc:date", "text:index-title-template", "style:font-face", "office:event-listeners",
})  # fmt: skip
_PARAGRAPHS = ("text:p", "text:h")
_ASIDE = ("text:note", "office:annotation", "draw:text-box")
_MOST_SPACES = 400
_HEADERS = ("header", "header-left", "header-first")
_FOOTERS = ("footer", "footer-left", "footer-first")


@dataclass(slots=True)
class _Paragraph:
    heading: bool
    bold: bool
    pieces: list[str] = field(default_factory=list)
    weights: list[bool] = field(default_factory=list)


@dataclass(slots=True)
class _Reading:
    """Where the walk stands: the lines that are being written, and what stands around them."""

    around: Around
    bold: frozenset[str]
    deletions: dict[str, str] = field(default_factory=dict)
    lines: Lines = field(default_factory=Lines)
    outer: list[tuple[Lines, list[_Paragraph]]] = field(default_factory=list)
    paragraphs: list[_Paragraph] = field(default_factory=list)
    spans: list[bool] = field(default_factory=list)

    def write(self, text: str | None) -> None:
        if not text or not self.paragraphs:
            return
        paragraph = self.paragraphs[-1]
        paragraph.pieces.append(text)
        if text.strip():
            paragraph.weights.append(paragraph.bold or any(self.spans))


def document_text(content: etree._Element, styles: etree._Element | None = None) -> Text:
    """All the text of a document from the trees of its content and of its styles."""
    around = Around()
    bold = _bold_styles(content) | _bold_styles(styles)
    deletions = _deletions(content, around, bold)
    for tree in (styles,):
        for name in _HEADERS if tree is not None else ():
            around.headers += _margins(tree, name, around, bold)
        for name in _FOOTERS if tree is not None else ():
            around.footers += _margins(tree, name, around, bold)
    body = content.find(f"{_OFFICE}body")
    reading = _Reading(around, bold, deletions)
    _walk(body if body is not None else content, reading)
    return assembled(reading.lines, around)


def _margins(tree: etree._Element, name: str, around: Around, bold: frozenset[str]) -> list[str]:
    found = []
    for element in tree.iter(f"{_STYLE}{name}"):
        reading = _Reading(around, bold)
        _walk(element, reading)
        found.append(reading.lines.joined())
    return found


def _deletions(content: etree._Element, around: Around, bold: frozenset[str]) -> dict[str, str]:
    """What was deleted with tracking on, by the id of the change."""
    found: dict[str, str] = {}
    for region in content.iter(f"{_TEXT}changed-region"):
        deletion = region.find(f"{_TEXT}deletion")
        if deletion is None:
            continue
        reading = _Reading(around, bold)
        for child in deletion:
            if _name(child) in ("text:p", "text:h", "text:list", "table:table"):
                _walk(child, reading)
        text = clean_line(reading.lines.joined())
        if text:
            around.tracked = True
            found[region.get(f"{_TEXT}id") or _xml_id(region)] = text
    return found


def _xml_id(element: etree._Element) -> str:
    return element.get("{http://www.w3.org/XML/1998/namespace}id") or ""


def _name(element: etree._Element) -> str:
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    space, _, name = tag[1:].partition("}")
    return f"{_SPACES.get(space, '?')}:{name}"


def _bold_styles(tree: etree._Element | None) -> frozenset[str]:
    if tree is None:
        return frozenset()
    return frozenset(
        style.get(f"{_STYLE}name") or ""
        for style in tree.iter(f"{_STYLE}style")
        for properties in style.iter(f"{_STYLE}text-properties")
        if properties.get(f"{_FO}font-weight") in ("bold", "600", "700", "800", "900")
    )


def _walk(top: etree._Element, reading: _Reading) -> None:
    walk = etree.iterwalk(top, events=("start", "end"))
    for event, element in walk:
        name = _name(element)
        if event == "start" and (not name or name in _DROPPED):
            walk.skip_subtree()
            if element is not top:
                continue  # its end event writes the text behind it
        elif event == "start":
            _enter(reading, element, name)
        if event == "end":
            if name and name not in _DROPPED:
                _leave(reading, element, name)
            if element is not top:
                reading.write(element.tail)
    while reading.paragraphs:
        _end_paragraph(reading)


def _enter(reading: _Reading, element: etree._Element, name: str) -> None:
    if name in _PARAGRAPHS:
        bold = element.get(f"{_TEXT}style-name") in reading.bold
        reading.paragraphs.append(_Paragraph(name == "text:h", bold))
    elif name in _ASIDE:
        reading.outer.append((reading.lines, reading.paragraphs))
        reading.lines, reading.paragraphs = Lines(), []
    elif name == "text:span":
        reading.spans.append(element.get(f"{_TEXT}style-name") in reading.bold)
    elif name in ("text:hidden-text", "text:hidden-paragraph"):
        _hidden(reading, element)
    elif name in _MARKS:
        _MARKS[name](reading, element)
    if name not in _ASIDE:
        reading.write(element.text)


def _hidden(reading: _Reading, element: etree._Element) -> None:
    text = clean_line(element.get(f"{_TEXT}string-value") or "")
    if text:
        reading.around.hidden = True
        reading.write(f"[hidden: {text}]")


def _spaces(reading: _Reading, element: etree._Element) -> None:
    count = element.get(f"{_TEXT}c") or "1"
    reading.write(" " * min(int(count) if count.isdecimal() else 1, _MOST_SPACES))


def _change(reading: _Reading, element: etree._Element) -> None:
    deleted = reading.deletions.get(element.get(f"{_TEXT}change-id") or "")
    if not deleted:
        return
    if reading.paragraphs:
        reading.write(f"[deleted: {deleted}]")
    else:
        reading.lines.paragraph(f"[deleted: {deleted}]")


def _open_row(reading: _Reading, _: etree._Element) -> None:
    reading.lines.open_row()


def _open_cell(reading: _Reading, _: etree._Element) -> None:
    reading.lines.open_cell()


_MARKS: dict[str, Callable[[_Reading, etree._Element], None]] = {
    "text:s": _spaces,
    "text:tab": lambda reading, _: reading.write("    "),
    "text:line-break": lambda reading, _: reading.write("\n"),
    "text:change": _change,
    "table:table-row": _open_row,
    "table:table-cell": _open_cell,
    "table:covered-table-cell": _open_cell,
}


def _leave(reading: _Reading, element: etree._Element, name: str) -> None:
    if name in _PARAGRAPHS and reading.paragraphs:
        _end_paragraph(reading)
    elif name in _ASIDE:
        _end_aside(reading, element, name)
    elif name == "text:span" and reading.spans:
        reading.spans.pop()
    elif name in ("table:table-cell", "table:covered-table-cell"):
        reading.lines.close_cell()
    elif name == "table:table-row":
        reading.lines.close_row()


def _end_aside(reading: _Reading, element: etree._Element, name: str) -> None:
    while reading.paragraphs:
        _end_paragraph(reading)
    text = reading.lines.joined()
    reading.lines, reading.paragraphs = reading.outer.pop()
    if name == "draw:text-box":
        reading.lines.block(text.split("\n"))
    elif name == "text:note":
        kind = element.get(f"{_TEXT}note-class")
        reading.around.notes.append(("Endnote" if kind == "endnote" else "Footnote", text))
    else:
        who = clean_line(element.findtext(f"{_DC}creator") or "")
        when = clean_line(element.findtext(f"{_DC}date") or "")[:10]
        reading.around.comments.append((", ".join(part for part in (who, when) if part), text))


def _end_paragraph(reading: _Reading) -> None:
    paragraph = reading.paragraphs.pop()
    weights = paragraph.weights
    bold = paragraph.heading or (bool(weights) and all(weights))
    reading.lines.paragraph("".join(paragraph.pieces), emphasised=bold)
