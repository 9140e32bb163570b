"""A page saved with all that it shows (MHTML, RFC 2557), or a mail that Outlook saved so.

A mail is read as one. Of a saved page its root is handed on as the page that it is; the pictures,
styles and frames it carries belong to it and are not read apart.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace

from commtrace.model import Embedded, Found, Problem, ProblemKind
from commtrace.plugins import Item, parser

from . import _head, _mime
from ._mimetext import charset_of
from ._parts import Part, Refused, by_fast_parser, by_standard_library, guarded
from ._text import clean_line, decode

NO_PAGE = "No page was found in the saved file; open it in a browser and save it as PDF."
_SUFFIXES = (".mht", ".mhtml")
_SAVED = re.compile(r"<?saved by ", re.IGNORECASE)


def _claims(item: Item) -> bool:
    return item.suffix in _SUFFIXES and _head.looks_like_headers(item.head)


@parser(suffixes=_SUFFIXES, claims=_claims)
def mht(item: Item) -> Iterator[Found]:
    """Page or e-mail saved in one file (.mht, .mhtml)."""
    raw = item.read()
    head = _head.read_head(raw)
    if "@" in head.first(b"from") and not _SAVED.match(head.first(b"from").strip()):
        yield from _mime.read_message(raw, source=item.source, reader="mht")
        return
    page = _page(_tree(head))
    if page is None or not page.content:
        yield Problem(source=item.source, reader="mht", kind=ProblemKind.NO_TEXT, what=NO_PAGE)
        return
    name = item.name.rpartition(".")[0] or item.name
    yield Embedded(
        source=replace(item.source, part=(*item.source.part, "saved page")),
        name=clean_line(f"{name}.html"),
        media_type="text/html",
        data=_with_charset(page),
    )


def _tree(head: _head.Head) -> Part:
    data, _ = guarded(_mime.minimal(head))
    try:
        return by_fast_parser(data, composite=True)
    except Refused:
        return by_standard_library(data)


def _with_charset(page: Part) -> bytes:
    """The bytes of a page that says its charset itself, or in UTF-8 where only its part did."""
    content = page.content or b""
    stated = charset_of(page.content_type)
    if stated is None or charset_of("", content) is not None:
        return content
    return codecs.BOM_UTF8 + decode(content, stated)[0].encode("utf-8", "replace")


def _page(part: Part, depth: int = 0) -> Part | None:
    """The first page of the parts, which is the root where none is named (RFC 2387 3.2)."""
    if part.children is None:
        return part if part.media_type in ("text/html", "application/xhtml+xml") else None
    found = (_page(child, depth + 1) for child in part.children if depth < 100)
    return next((one for one in found if one is not None), None)
