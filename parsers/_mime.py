"""The body of an internet message: its text, its attachments, and the messages within it.

The tree comes from fast-mail-parser, fed the content headers and body that `_rfc5322` found;
where it refuses, from the standard library. Either is guarded against depth and size first, and
an attached message is never flattened into the one that carries it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256

from commtrace.model import (
    Attachment,
    Channel,
    Embedded,
    Mark,
    Problem,
    ProblemKind,
    Record,
    Source,
)

from ._head import Head, read_head
from ._html import read as read_html
from ._html import words_of
from ._parts import (
    BOUNDARY,
    LARGEST_STANDARD,
    TOO_DEEP_TYPE,
    Part,
    Refused,
    by_fast_parser,
    by_standard_library,
    guarded,
)
from ._rfc5322 import envelope
from ._text import clean, clean_line, decode

NO_PARTS = "The message says it has parts, but none were found; its body was read as plain text."
DISAGREE = "The plain text and the HTML of the message differ; the plain text was read."
STUB = "The plain text part says little; the HTML part was read."
OUTSIDE = "The message has text outside its parts, which mail programs do not show; it is included."
CUT_SHORT = "The last part of the message does not end; the message may be cut short."
MANY_PARTS = "The message has more than 5,000 parts; the rest were not read."
TOO_DEEP = "Parts nested more than 100 deep were kept as one attachment and not read."
TOO_LARGE = "Only the first 64 MB of the message were read."
TOO_LARGE_DAMAGED = "The message is damaged, and only its first 32 MB were read."
SEALED = "The message is encrypted. A decrypted copy from the mailbox's owner would help."
RIGHTS = "The message is rights-protected. An unprotected copy from its sender would help."
SIGNED_SHUT = "The text lies inside a signed envelope (PKCS #7), which is listed as an attachment."
NO_HEADERS = "No message headers were found. The file may be damaged or of another kind."

_MOST_PARTS = 5_000
_DEEPEST = 100
_LARGEST = 64_000_000
_LARGEST_TEXT = 10_000_000  # characters
_SMALL_IMAGE = 16_384  # bytes: logos and rules in signatures
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\"';\s]+)", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([-\w.:]{1,40})", re.IGNORECASE)
_NOT_BODY = frozenset({"text/calendar", "text/x-vcard", "text/vcard", "text/csv", "text/rtf",
                       "text/xml", "text/rfc822-headers", "text/directory"})  # fmt: skip
_NOT_EVIDENCE = frozenset({
    "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
    "message/delivery-status", "message/disposition-notification", "text/rfc822-headers",
    "application/pgp-encrypted", "message/feedback-report",
})  # fmt: skip
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())
_NO_BREAK = "\xa0".encode()
_MESSAGES = frozenset({"message/rfc822", "message/global", "message/news"})


@dataclass(slots=True)
class _Body:
    """What a walk over the parts gathers."""

    source: Source
    reader: str
    attachments: list[Attachment] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    problems: dict[ProblemKind, str] = field(default_factory=dict)
    doubts: dict[str, None] = field(default_factory=dict)
    marks: dict[Mark, None] = field(default_factory=dict)
    parts: int = 0
    messages: int = 0


@dataclass(frozen=True, slots=True)
class _Text:
    """A stretch of body text; `html` keeps the page it came from, to compare alternatives."""

    text: str
    html: str | None = None


def read_message(
    raw: bytes, *, source: Source, reader: str, doubts: tuple[str, ...] = ()
) -> Iterator[Record | Embedded | Problem]:
    """One internet message: its record, then what lies inside it and what could not be read.

    `raw` is the message as it lies in the evidence; `reader` the format's name. Never raises.
    """
    head = read_head(raw)
    if not head.headers and not head.from_line:
        kind = ProblemKind.CORRUPT if raw.strip() else ProblemKind.EMPTY
        yield Problem(source=source, reader=reader, kind=kind, what=NO_HEADERS)
        return
    if not head.headers:
        doubts = (*doubts, NO_HEADERS)
    fields = envelope(head)
    body, text = _read_body(head, source, reader)
    fields["doubts"] = tuple(dict.fromkeys((*doubts, *fields["doubts"], *body.doubts)))
    fields["marks"] = tuple(dict.fromkeys((*fields["marks"], *body.marks)))
    yield Record(
        source=source, channel=Channel.EMAIL, reader=body.reader, text=text,
        attachments=tuple(body.attachments), **fields,
    )  # fmt: skip
    yield from body.embedded
    for kind, what in body.problems.items():
        yield Problem(source=source, reader=body.reader, kind=kind, what=what)


def _read_body(head: Head, source: Source, reader: str) -> tuple[_Body, str]:
    kind = head.values.get(b"content-type", [b""])[0].lower()
    composite = b"multipart" in kind or b"message" in kind
    data, deep = _minimal(head), False
    if composite:
        data, deep = guarded(data)
    body = _Body(source, f"{reader}/fast")
    if len(data) > _LARGEST:
        data = data[:_LARGEST]
        body.problems[ProblemKind.LIMIT_SIZE] = TOO_LARGE
    if deep:
        body.problems[ProblemKind.LIMIT_DEPTH] = TOO_DEEP
    problems = dict(body.problems)
    try:
        texts = _collect(by_fast_parser(data, composite=composite), body, 0)
    except Refused:
        body = _Body(source, f"{reader}/compat32", problems=problems)
        if len(data) > LARGEST_STANDARD:
            body.problems[ProblemKind.LIMIT_SIZE] = TOO_LARGE_DAMAGED
        texts = _collect(by_standard_library(data), body, 0)
    text = _joined(texts, body)
    if kind.startswith(b"multipart/"):
        kind = head.values[b"content-type"][0]  # a delimiter is written as it was declared
        text = _with_outside(text, head, kind, body)
    _sealed_text(text, body)
    return body, text[:_LARGEST_TEXT].strip("\n")


def _minimal(head: Head) -> bytes:
    """The content headers and the body: all that concerns the tree, and nothing to upset it."""
    lines = [
        name + b": " + values[0].replace(b"\n", b" ")[:20_000]
        for name, values in head.values.items()
        if name in (b"content-type", b"content-transfer-encoding", b"content-disposition")
    ]
    return b"\n".join([*lines, b"", head.data[head.body :]])


def _collect(part: Part, body: _Body, depth: int) -> list[_Text]:
    """The body text of a part and those below it; attachments are noted on the way."""
    body.parts += 1
    if body.parts > _MOST_PARTS:
        body.problems[ProblemKind.LIMIT_COUNT] = MANY_PARTS
        return []
    kind = part.media_type
    if part.is_message or kind in _MESSAGES:
        _embed_message(part, body)
        return []
    if part.children is None:
        return _leaf(part, body, root=depth == 0)
    if kind == "multipart/encrypted":
        _seal(body)
    if depth > _DEEPEST:
        body.problems[ProblemKind.LIMIT_DEPTH] = TOO_DEEP
        return []
    groups = [_collect(child, body, depth + 1) for child in part.children]
    if kind == "multipart/alternative":
        return _chosen(groups, body)
    return [text for group in groups for text in group]


def _chosen(groups: list[list[_Text]], body: _Body) -> list[_Text]:
    """Of several renderings of one text: the plain one, unless it says next to nothing."""
    plain = next((g for g in groups if g and all(t.html is None for t in g) and _says(g)), None)
    rich = next((g for g in reversed(groups) if any(t.html is not None for t in g)), None)
    if plain is None or rich is None:
        return rich or plain or next((g for g in groups if g), [])
    said = " ".join(t.text for t in plain)
    shown = " ".join(words_of(t.html) if t.html is not None else t.text for t in rich)
    if _letters(said) == _letters(shown):
        return plain  # as nearly always; the words need not be taken apart
    seen, page = _vocabulary(said), _vocabulary(shown)
    if len(page) >= 20 and len(seen) * 5 < len(page):
        body.doubts[STUB] = None
        return rich
    union = len(seen | page)
    if union >= 20 and len(seen & page) < 0.6 * union:
        body.doubts[DISAGREE] = None
    return plain


def _says(group: list[_Text]) -> bool:
    return any(text.text.strip() for text in group)


def _letters(text: str) -> bytes:
    return text.encode("utf-8", "replace").translate(None, _NO_LETTERS).replace(_NO_BREAK, b"")


def _vocabulary(text: str) -> set[str]:
    return set(filter(str.isalpha, set(text.lower().split())))


def _joined(texts: list[_Text], body: _Body) -> str:
    pieces: list[str] = []
    for one in texts:
        text = one.text
        if one.html is not None:
            text, doubts = read_html(one.html)
            body.doubts.update(dict.fromkeys(doubts))
            text = clean(text) if text.strip() else ""
        if text.strip():
            pieces.append(text.strip("\n"))
    return "\n".join(pieces)


def _leaf(part: Part, body: _Body, *, root: bool) -> list[_Text]:
    kind, content = part.media_type, part.content or b""
    if kind.startswith(TOO_DEEP_TYPE):
        body.problems[ProblemKind.LIMIT_DEPTH] = TOO_DEEP
        _attach(part, body, name="parts nested too deep")
        return []
    textual = kind.startswith("text/") or "/" not in kind
    shown = part.disposition != "attachment" and (root or not part.name)
    if not (textual and shown and kind not in _NOT_BODY):
        _attach(part, body, name=part.name)
        return []
    html = kind == "text/html"
    text, doubt = decode(content, _charset(part, content, html=html))
    if doubt:
        body.doubts[doubt] = None
    return [_Text("", text) if html else _Text(clean(text))]


def _charset(part: Part, content: bytes, *, html: bool) -> str | None:
    named = _CHARSET.search(part.content_type)
    if named:
        return named[1]
    meta = _META.search(content[:4096]) if html else None
    return meta[1].decode("ascii", "replace") if meta else None


def _attach(part: Part, body: _Body, *, name: str) -> None:
    content = part.content or b""
    kind = clean_line(part.media_type)[:200]
    digest = sha256(content).hexdigest()
    body.attachments.append(
        Attachment(name=name, media_type=kind, size=len(content), sha256=digest)
    )
    if kind == "application/x-microsoft-rpmsg-message" or name.lower().endswith(".rpmsg"):
        body.problems[ProblemKind.RIGHTS_PROTECTED] = RIGHTS
        body.marks[Mark.ENCRYPTED] = None
    if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        _pkcs7(part, body)
    if content and _worth_reading(part, kind):
        place = f"attachment {len(body.attachments)}"
        body.embedded.append(_embedded(body, place, name, kind, content))


def _worth_reading(part: Part, kind: str) -> bool:
    """Whether an attachment may be evidence: no signature, report data or small picture."""
    if kind in _NOT_EVIDENCE or kind.startswith(TOO_DEEP_TYPE):
        return False
    shown = part.disposition == "inline" or not part.name or part.disposition == ""
    return not (kind.startswith("image/") and shown and len(part.content or b"") < _SMALL_IMAGE)


def _pkcs7(part: Part, body: _Body) -> None:
    if "signed-data" in part.content_type.lower():
        body.doubts[SIGNED_SHUT] = None
    else:
        _seal(body)


def _embed_message(part: Part, body: _Body) -> None:
    body.messages += 1
    content = part.content or b""
    name = part.name or f"message {body.messages}"
    digest = sha256(content).hexdigest()
    body.attachments.append(
        Attachment(name=name, media_type="message/rfc822", size=len(content), sha256=digest)
    )
    if content:
        place = f"message {body.messages}"
        known_as = name if name.lower().endswith(".eml") else f"{name}.eml"
        body.embedded.append(_embedded(body, place, known_as, "message/rfc822", content))


def _embedded(body: _Body, place: str, name: str, kind: str, content: bytes) -> Embedded:
    within = replace(body.source, part=(*body.source.part, place))
    return Embedded(source=within, name=name or place, media_type=kind, data=content)


def _seal(body: _Body) -> None:
    body.marks[Mark.ENCRYPTED] = None
    body.problems[ProblemKind.ENCRYPTED] = SEALED


def _sealed_text(text: str, body: _Body) -> None:
    if text.lstrip().startswith("-----BEGIN PGP MESSAGE-----"):
        _seal(body)


def _with_outside(text: str, head: Head, kind: bytes, body: _Body) -> str:
    """Add text outside the delimiters, which no part holds (RFC 2046 section 5.1.1)."""
    match = BOUNDARY.search(kind)
    if match is None:
        return text
    mark = b"--" + (match[1] or match[2])
    data, start = head.data, head.body
    first, last = data.find(mark, start), data.rfind(mark + b"--", start)
    if last < 0:
        body.doubts[CUT_SHORT] = None
    before = data[start:first] if start < first < start + 100_000 else b""
    after = data[last + len(mark) + 2 :] if last >= 0 else b""
    lowered = before[:2000].lower()
    if b"mime" in lowered or b"multi-part" in lowered or b"multipart" in lowered:
        before = b""  # the customary note to programs that cannot show parts
    outside = [clean(decode(one, None)[0]).strip() for one in (before, after) if one.strip()]
    outside = [one for one in outside if one not in text and any(map(str.isalnum, one))]
    if not outside:
        return text
    body.doubts[OUTSIDE] = None
    return "\n".join([text, *outside]) if text else "\n".join(outside)
