"""A saved web page, or a letter or a chat of Teams saved as one: its visible text.

Nothing a page points to is fetched. A page that shows a salutation and a close, or a date above a
salutation, is a letter; any other is a page of the web.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from commtrace.model import Channel, Found, Problem, ProblemKind
from commtrace.plugins import Item, parser

from . import _html, _letter, _teams
from ._text import clean, clean_line, decode

_LARGEST = 64 << 20  # bytes
_START = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<!--.{0,2000}?-->|<\?xml[^>]{0,200}\?>)*"
    rb"<(?:!doctype\s+html|html\b|head\b|body\b)",
    re.IGNORECASE | re.DOTALL,
)
_WIDE = tuple("<html".encode(name) for name in ("utf-16-le", "utf-16-be"))
_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,200}>(.{0,1000}?)</title", re.IGNORECASE | re.DOTALL)


def _is_page(item: Item) -> bool:
    """Whether an item begins as an HTML document."""
    head = item.head[:4096]
    return bool(_START.match(head)) or any(mark in head.lower() for mark in _WIDE)


@parser(suffixes=(".html", ".htm", ".xhtml"), claims=_is_page)
def html(item: Item) -> Iterator[Found]:
    """Saved web page, letter, or Teams chat exported as a page (.html)."""
    if not item.size:
        yield _problem(item, ProblemKind.EMPTY, "The file is empty.")
        return
    if item.size > _LARGEST:
        yield _problem(item, ProblemKind.LIMIT_SIZE, "The saved page is too large to be read.")
        return
    data = item.read()
    stated = _CHARSET.search(data[:8192])
    page, doubt = decode(data, stated[1].decode("ascii", "replace") if stated else None)
    chat = _teams.transcript(item, page, (doubt,) if doubt else ())
    if chat:
        yield from chat
        return
    text, doubts = _html.read(page)
    text = clean(text)
    if not text.strip():
        yield _problem(item, ProblemKind.NO_TEXT, "The saved page shows no text.")
        return
    title = _TITLE.search(page[:100_000])
    head = _letter.letterhead(text)
    yield _letter.record(
        item.source,
        text,
        reader="html",
        name=item.name,
        channel=None if head.salutation else Channel.WEB,
        subject=clean_line(_html.to_text(title[1])) if title else "",
        doubts=tuple(d for d in (doubt, *doubts) if d),
    )


def _problem(item: Item, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=item.source, reader="html", kind=kind, what=what)
