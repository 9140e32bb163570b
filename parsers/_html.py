"""HTML to the text a reader would see, line by line, with quotation kept as "> ".

The tree is lexbor's (HTML5); which elements break a line is decided here. Nothing recurses: a page
too deep or too large for a tree is read by a plain scan instead, so its text is never lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

HIDDEN = "The HTML has text that a mail program would not show; it is included."
TOO_DEEP = "The HTML is too deeply nested or too large for its structure; its bare text was read."

# fmt: off
_DROPPED = frozenset({
    "head", "script", "style", "title", "noframes", "template", "object", "iframe", "svg", "math",
    "select", "-comment", "-doctype",
})
_PARAGRAPH = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "dl", "table",
    "figure", "fieldset",
})
_BLOCK = _PARAGRAPH | {
    "html", "body", "div", "li", "tr", "dt", "dd", "address", "article", "aside", "footer",
    "header", "main", "nav", "section", "form", "center", "caption", "thead", "tbody", "tfoot",
    "legend", "hr", "figcaption",
}
# Void, or closed by the next of its kind: neither deepens the tree.
_VOID = frozenset({
    "br", "hr", "img", "input", "meta", "link", "wbr", "area", "base", "col", "embed", "source",
    "track", "param", "p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "thead", "tfoot",
})
# fmt: on
_RULE = "_" * 32  # what Outlook writes for a rule when it saves a message as plain text
_MANY_TAGS = 4_000
_DEEPEST = 2_000
_DEEPEST_QUOTE = 50  # each level costs two characters on every line
_LARGEST = 20_000_000  # characters
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_SPACE = re.compile(r"[ \t\n\r\f]+")
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|mso-hide\s*:\s*all|"
    r"(?<![-\w])opacity\s*:\s*0(?![.\d])",
    re.IGNORECASE,
)

_SIGNS = ("none", "hidden", "mso-hide", "opacity", "font-size:0", "font-size: 0", "font-size :")


def to_text(html: str) -> str:
    """The text of an HTML page or fragment; quoted blocks have "> " before each line."""
    return read(html)[0]


def read(html: str) -> tuple[str, tuple[str, ...]]:
    """The text of `html`, and doubts: that hidden text is included, or that structure was lost."""
    if too_deep(html):
        return _scan(html), (TOO_DEEP,)
    lowered = html.lower()
    page = _Page(looks_for_hidden=any(sign in lowered for sign in _SIGNS))
    root = LexborHTMLParser(html).root
    if root is not None:
        _walk(root, page)
    return page.text(), (HIDDEN,) if page.hidden else ()


def words_of(html: str) -> str:
    """The words of a page without its layout: a quick look, for comparing."""
    if too_deep(html):
        return _scan(html)
    page = LexborHTMLParser(html)
    page.strip_tags(["script", "style", "head"])
    return page.body.text(separator=" ") if page.body else ""


def too_deep(html: str) -> bool:
    """Whether a page has more or deeper elements than a tree is made of."""
    if len(html) > _LARGEST:
        return True
    if html.count("<") < _MANY_TAGS:
        return False
    depth = deepest = 0
    for close, name in _TAG.findall(html):
        if name.lower() in _VOID:
            continue
        depth = max(0, depth - 1) if close else depth + 1
        deepest = max(deepest, depth)
    return deepest > _DEEPEST


@dataclass(slots=True)
class _Page:
    """Lines as they are written: the open line, the quotation depth, and what was seen."""

    lines: list[str] = field(default_factory=list)
    open_: list[str] = field(default_factory=list)
    depth: int = 0
    preserve: int = 0
    hidden: bool = False
    looks_for_hidden: bool = False
    gap: bool = False

    def write(self, text: str) -> None:
        if self.preserve:
            first, *rest = text.split("\n")
            self._add(first)
            for line in rest:
                self.end_line()
                self._add(line)
            return
        text = _SPACE.sub(" ", text)
        if text == " " and not self.open_:
            return
        self._add(text)

    def _add(self, text: str) -> None:
        if not text:
            return
        if not self.open_ and self.gap and text.strip():
            self._blank()
        self.open_.append(text)

    def _quote(self) -> str:
        return "> " * min(self.depth, _DEEPEST_QUOTE)

    def _blank(self) -> None:
        self.gap = False
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append(self._quote())

    def end_line(self) -> None:
        """End the open line, even if it is empty (`<br>`)."""
        line = "".join(self.open_).replace("\xa0", " ").rstrip()
        self.lines.append(self._quote() + (line if self.preserve else line.lstrip(" ")))
        self.open_.clear()

    def block(self, *, paragraph: bool) -> None:
        """A block begins or ends: no line runs across it; a paragraph wants a blank line."""
        if self.open_:
            if "".join(self.open_).strip(" \t"):
                self.end_line()
            else:
                self.open_.clear()
        self.gap = self.gap or paragraph

    def text(self) -> str:
        self.block(paragraph=False)
        kept: list[str] = []
        for raw in self.lines:
            line = raw.rstrip()
            if line or (kept and kept[-1:] != [""]) or kept[-2:] != ["", ""]:
                kept.append(line)
        return "\n".join(kept).strip("\n")


def _walk(root: LexborNode, page: _Page) -> None:
    node: LexborNode | None = root
    while node is not None:
        child = node.first_child if _enter(node, page) else None
        if child is not None:
            node = child
            continue
        while node is not None:
            _leave(node, page)
            if node.mem_id == root.mem_id:
                return
            following = node.next
            if following is not None:
                node = following
                break
            node = node.parent


def _enter(node: LexborNode, page: _Page) -> bool:
    """Write what an element puts before its children; whether they are to be read."""
    tag = node.tag or ""
    if tag == "-text":
        page.write(node.text_content or "")
        return False
    if tag in _DROPPED:
        return False
    if tag == "br":
        page.end_line()
        return False
    if tag in _BLOCK:
        page.block(paragraph=tag in _PARAGRAPH)
    if tag == "hr":
        page.write(_RULE)
        return False
    if tag == "blockquote":
        page.depth += 1
    elif tag in ("pre", "textarea"):
        page.preserve += 1
    elif tag == "li":
        page.write("- ")
    if page.looks_for_hidden and not page.hidden:
        page.hidden = _is_hidden(node)
    return True


def _leave(node: LexborNode, page: _Page) -> None:
    tag = node.tag or ""
    if tag in ("td", "th") and page.open_ and node.next is not None:
        page.open_.append("\t")
    elif tag in _BLOCK:
        page.block(paragraph=tag in _PARAGRAPH)
        if tag == "blockquote":
            page.depth -= 1
    if tag in ("pre", "textarea"):
        page.preserve -= 1


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    unseen = "hidden" in attributes or bool(_UNSEEN.search(attributes.get("style") or ""))
    return unseen and bool(node.text().strip())


def _scan(html: str) -> str:
    """The text between tags, by one pass over the characters; for pages too deep for a tree."""
    page = _Page()
    for name, closing, text in _pieces(html):
        if name == "br":
            page.end_line()
        elif name in _BLOCK:
            page.block(paragraph=name in _PARAGRAPH)
            page.depth += _quotes(name, closing, page.depth)
        elif name in ("td", "th") and closing and page.open_:
            page.open_.append("\t")
        if text:
            page.write(unescape(text))
    return page.text()


def _pieces(html: str) -> Iterator[tuple[str, bool, str]]:
    """Each tag's name, whether it closes, and the text after it; what scripts hold is left out."""
    place = html.find("<")
    yield "", False, html if place < 0 else html[:place]
    lowered = html.lower() if len(html.lower()) == len(html) else html
    while place >= 0:
        end = html.find(">", place)
        if end < 0:
            yield "", False, html[place + 1 :]
            return
        name, closing = _tag_name(lowered[place + 1 : min(end, place + 32)])
        if name in ("script", "style", "head") and not closing:
            after = lowered.find(f"</{name}", end)
            end = html.find(">", after) if after >= 0 else end
        place = html.find("<", end + 1)
        yield name, closing, html[end + 1 : place if place >= 0 else len(html)]


def _tag_name(inside: str) -> tuple[str, bool]:
    closing = inside.startswith("/")
    words = inside.lstrip("/").replace("/", " ").split(maxsplit=1)
    return (words[0] if words else ""), closing


def _quotes(name: str, closing: bool, depth: int) -> int:
    if name != "blockquote":
        return 0
    return -min(1, depth) if closing else int(depth < _DEEPEST_QUOTE)
