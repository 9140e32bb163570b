"""The text of a message out of its parts: the better of several renderings, and what is outside.

Knows nothing of how the parts were found; each assumption is a doubt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ._head import Head
from ._html import read as read_html
from ._html import words_of
from ._parts import BOUNDARY
from ._text import clean, decode

NO_PARTS = "The message says it has parts, but none were found; its body was read as plain text."
DISAGREE = "The plain text and the HTML of the message differ; the plain text was read."
SEVERAL = "Several plain texts were sent as alternatives and differ; all of them were read."
STUB = "The plain text part says little; the HTML part was read."
OUTSIDE = "The message has text outside its parts, which mail programs do not show; it is included."
CUT_SHORT = "The last part of the message does not end; the message may be cut short."

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\"';\s]+)", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([-\w.:]{1,40})", re.IGNORECASE)
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())
_NO_BREAK = "\xa0".encode()


@dataclass(frozen=True, slots=True)
class Text:
    """A stretch of body text; `html` keeps the page it came from, to compare alternatives."""

    text: str
    html: str | None = None


def charset_of(content_type: str, page: bytes = b"") -> str | None:
    """The charset that a part's Content-Type names, else the one that a page names itself."""
    named = _CHARSET.search(content_type)
    if named:
        return named[1]
    meta = _META.search(page[:4096])
    return meta[1].decode("ascii", "replace") if meta else None


def chosen(groups: list[list[Text]], doubts: dict[str, None]) -> list[Text]:
    """Of several renderings of one text: the plain one, unless it says next to nothing."""
    plain = _plain([g for g in groups if g and all(t.html is None for t in g) and _says(g)], doubts)
    rich = next((g for g in reversed(groups) if any(t.html is not None for t in g)), None)
    if plain is None or rich is None:
        return rich or plain or next((g for g in groups if g), [])
    said = " ".join(t.text for t in plain)
    shown = " ".join(words_of(t.html) if t.html is not None else t.text for t in rich)
    if _letters(said) == _letters(shown):
        return plain  # as nearly always; the words need not be taken apart
    seen, page = _vocabulary(said), _vocabulary(shown)
    if len(page) >= 20 and len(seen) * 5 < len(page):
        doubts[STUB] = None
        return rich
    union = len(seen | page)
    if union >= 20 and len(seen & page) < 0.6 * union:
        doubts[DISAGREE] = None
    return plain


def _plain(groups: list[list[Text]], doubts: dict[str, None]) -> list[Text] | None:
    """The first of the plain renderings, and those that say what it does not."""
    if not groups:
        return None
    found = list(groups[0])
    said = b"".join(_letters(text.text) for text in found)
    for group in groups[1:]:
        more = [text for text in group if _letters(text.text) not in said]
        found += more
        doubts.update(dict.fromkeys([SEVERAL] if more else []))
    return found


def stub(text: str, fuller: str) -> bool:
    """Whether a text says next to nothing beside a fuller one."""
    return not text.strip() or len(_vocabulary(fuller)) > max(20, 5 * len(_vocabulary(text)))


def _says(group: list[Text]) -> bool:
    return any(text.text.strip() for text in group)


def _letters(text: str) -> bytes:
    return text.encode("utf-8", "replace").translate(None, _NO_LETTERS).replace(_NO_BREAK, b"")


def _vocabulary(text: str) -> set[str]:
    return set(filter(str.isalpha, set(text.lower().split())))


def joined(texts: list[Text], doubts: dict[str, None]) -> str:
    """The texts one below the other, pages as their words."""
    pieces: list[str] = []
    for one in texts:
        text = one.text
        if one.html is not None:
            text, of_page = read_html(one.html)
            doubts.update(dict.fromkeys(of_page))
            text = clean(text) if text.strip() else ""
        if text.strip():
            pieces.append(text.strip("\n"))
    return "\n".join(pieces)


def undivided(data: bytes, doubts: dict[str, None]) -> str:
    """A body as plain text, where a message of parts shows neither text nor attachments."""
    text = clean(decode(data, None)[0])
    if not any(map(str.isalnum, text)):
        return ""
    doubts[NO_PARTS] = None
    return text


def with_outside(text: str, head: Head, kind: bytes, doubts: dict[str, None]) -> str:
    """Add text outside the delimiters, which no part holds (RFC 2046 section 5.1.1)."""
    match = BOUNDARY.search(kind)
    if match is None:
        return text
    mark = b"--" + (match[1] or match[2])
    data, start = head.data, head.body
    first, last = data.find(mark, start), data.rfind(mark + b"--", start)
    if last < 0:
        doubts[CUT_SHORT] = None
    before = data[start:first] if start < first < start + 100_000 else b""
    after = data[last + len(mark) + 2 :] if last >= 0 else b""
    lowered = before[:2000].lower()
    if b"mime" in lowered or b"multi-part" in lowered or b"multipart" in lowered:
        before = b""  # the customary note to programs that cannot show parts
    outside = [clean(decode(one, None)[0]).strip() for one in (before, after) if one.strip()]
    outside = [one for one in outside if one not in text and any(map(str.isalnum, one))]
    if not outside:
        return text
    doubts[OUTSIDE] = None
    return "\n".join([text, *outside]) if text else "\n".join(outside)
