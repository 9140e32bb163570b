"""The body of an internet message: its text, its attachments, and the messages within it.

The tree comes from fast-mail-parser, fed the content headers and body that `_rfc5322` found;
where it refuses, from the standard library. Either is guarded against depth and size first, and
an attached message is never flattened into the one that carries it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

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

from . import _cms, _pgp, _tnef
from ._head import Head, read_head
from ._meetingcard import CHANGED, carried
from ._mimetext import Text, charset_of, chosen, joined, stub, undivided, with_outside
from ._msg_parts import body as body_of
from ._partkinds import CALENDARS, MESSAGES, NOT_BODY, PKCS7, TNEF, worth_reading
from ._parts import (
    LARGEST_STANDARD,
    TOO_DEEP_TYPE,
    Part,
    Refused,
    by_fast_parser,
    by_standard_library,
    guarded,
)
from ._portals import PORTAL, is_notice, is_wrapper
from ._reports import HEADERS_ONLY, RECALL, REPORTED, copied_id, is_recall, told
from ._rfc5322 import envelope
from ._text import clean, clean_line, decode

MANY_PARTS = "The message has more than 5,000 parts; the rest were not read."
TOO_DEEP = "Parts nested more than 100 deep were kept as one attachment and not read."
TOO_LARGE = "Only the first 64 MB of the message were read."
TOO_LARGE_DAMAGED = "The message is damaged, and only its first 32 MB were read."
SEALED = "The message is encrypted. A decrypted copy from the mailbox's owner would help."
RIGHTS = "The message is rights-protected. An unprotected copy from its sender would help."
SIGNED_SHUT = "The signed envelope that holds the message is damaged. Another copy would help."
WRAPPED = "The message's text was read from its winmail.dat."
NO_HEADERS = "No message headers were found. The file may be damaged or of another kind."

_MOST_PARTS = 5_000
_DEEPEST = 100
_LARGEST = 64_000_000
_LARGEST_TEXT = 10_000_000  # characters
_MOST_ENVELOPES = 10  # within one another
_REPORTS = frozenset({Mark.DELIVERY_REPORT, Mark.READ_RECEIPT})


@dataclass(slots=True)
class _Body:
    """What a walk over the parts gathers."""

    source: Source
    reader: str
    attachments: list[Attachment] = field(default_factory=list)
    found: list[Embedded | Problem] = field(default_factory=list)
    problems: dict[ProblemKind, str] = field(default_factory=dict)
    doubts: dict[str, None] = field(default_factory=dict)
    marks: dict[Mark, None] = field(default_factory=dict)
    meeting: dict[str, str] = field(default_factory=dict)  # its head, and what it describes
    reported: list[tuple[str, bytes]] = field(default_factory=list)
    wrapped: str = ""
    parts: int = 0
    messages: int = 0
    envelopes: int = 0
    shut: bool = False


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
    if not _REPORTS.isdisjoint(fields["marks"]):
        text = _with_report(text, body, fields)
    if is_recall(fields["subject"], text):
        fields["doubts"] = (*fields["doubts"], RECALL)
    yield Record(
        source=source, channel=Channel.MEETING if body.meeting else Channel.EMAIL,
        reader=body.reader, text=text, attachments=tuple(body.attachments), **fields,
    )  # fmt: skip
    yield from body.found
    for kind, what in body.problems.items():
        yield Problem(source=source, reader=body.reader, kind=kind, what=what)


def _with_report(text: str, body: _Body, fields: dict[str, Any]) -> str:
    """The text with what a report says of each recipient; its message is referred to."""
    said, about = told(body.reported)
    about = about or copied_id(text)
    fields["references"] = tuple(dict.fromkeys((*fields["references"], *about)))
    return f"{text}\n\n{said}".strip("\n") if said and said not in text else text


def _read_body(head: Head, source: Source, reader: str) -> tuple[_Body, str]:
    body = _Body(source, f"{reader}/fast")
    text = _with_meeting(joined(_texts(head, body, 0), body.doubts), body)
    kind = head.values.get(b"content-type", [b""])[0]
    if kind.lower().startswith(b"multipart/"):
        text = with_outside(text, head, kind, body.doubts)
    if body.wrapped and stub(text, body.wrapped):
        text = body.wrapped
        body.doubts[WRAPPED] = None
    if not (text.strip() or body.attachments) and kind.lower().startswith(b"multipart/"):
        text = undivided(head.data[head.body :][:_LARGEST_TEXT], body.doubts)
    text = _out_of_armour(text, body)
    return body, text[:_LARGEST_TEXT].strip("\n")


def _texts(head: Head, body: _Body, depth: int) -> list[Text]:
    """The texts of a message or a signed content; attachments are noted on the way."""
    kind = head.values.get(b"content-type", [b""])[0].lower()
    composite = b"multipart" in kind or b"message" in kind
    data, deep = minimal(head), False
    if composite:
        data, deep = guarded(data)
    if len(data) > _LARGEST:
        data = data[:_LARGEST]
        body.problems[ProblemKind.LIMIT_SIZE] = TOO_LARGE
    if deep:
        body.problems[ProblemKind.LIMIT_DEPTH] = TOO_DEEP
    try:
        tree = by_fast_parser(data, composite=composite)
    except Refused:
        body.reader = body.reader.replace("/fast", "/compat32")
        if len(data) > LARGEST_STANDARD:
            body.problems[ProblemKind.LIMIT_SIZE] = TOO_LARGE_DAMAGED
        tree = by_standard_library(data)
    return _collect(tree, body, depth)


def minimal(head: Head) -> bytes:
    """The content headers and the body: all that concerns the tree, and nothing to upset it."""
    lines = [
        name + b": " + values[0].replace(b"\n", b" ")[:20_000]
        for name, values in head.values.items()
        if name in (b"content-type", b"content-transfer-encoding", b"content-disposition")
    ]
    return b"\n".join([*lines, b"", head.data[head.body :]])


def _collect(part: Part, body: _Body, depth: int) -> list[Text]:
    """The body text of a part and those below it; attachments are noted on the way."""
    body.parts += 1
    if body.parts > _MOST_PARTS:
        body.problems[ProblemKind.LIMIT_COUNT] = MANY_PARTS
        return []
    kind = part.media_type
    if part.is_message or kind in MESSAGES:
        _embed_message(part, body)
        return []
    if part.children is None:
        return _leaf(part, body, depth)
    if kind == "multipart/encrypted":
        _seal(body)
        body.shut = True  # what lies in it is ciphertext
    elif kind == "multipart/signed":
        body.marks[Mark.SIGNED] = None
    if depth > _DEEPEST:
        body.problems[ProblemKind.LIMIT_DEPTH] = TOO_DEEP
        return []
    groups = [_collect(child, body, depth + 1) for child in part.children]
    if kind == "multipart/alternative":
        return chosen(groups, body.doubts)
    return [text for group in groups for text in group]


def _leaf(part: Part, body: _Body, depth: int) -> list[Text]:
    kind, content = part.media_type, part.content or b""
    if kind.startswith(TOO_DEEP_TYPE):
        body.problems[ProblemKind.LIMIT_DEPTH] = TOO_DEEP
        _attach(part, body, name="parts nested too deep")
        return []
    if kind in PKCS7 or (part.name.lower().endswith(".p7m") and "octet-stream" in kind):
        return _opened(part, body, depth)
    if kind in TNEF or part.name.lower() == "winmail.dat":
        _unwrap(part, body)
        return []
    if kind in REPORTED or kind in HEADERS_ONLY:
        body.reported.append((kind, content))
    textual = kind.startswith("text/") or "/" not in kind
    shown = part.disposition != "attachment" and (depth == 0 or not part.name)
    if not (textual and shown and kind not in NOT_BODY):
        _attach(part, body, name=part.name)
        return []
    html = kind == "text/html"
    text, doubt = decode(content, charset_of(part.content_type, content if html else b""))
    if doubt:
        body.doubts[doubt] = None
    return [Text("", text) if html else Text(clean(text))]


def _attach(part: Part, body: _Body, *, name: str) -> None:
    content = part.content or b""
    kind = _label(part, body, name=name)
    if is_wrapper(name):
        _seal(body, PORTAL)
    elif kind == "application/x-microsoft-rpmsg-message" or name.lower().endswith(".rpmsg"):
        body.problems[ProblemKind.RIGHTS_PROTECTED] = RIGHTS
        body.marks[Mark.ENCRYPTED] = None
    if content and _may_invite(part, kind) and _is_invitation(part, body):
        return
    if content and not body.shut and not is_wrapper(name) and worth_reading(part, kind):
        place = f"attachment {len(body.attachments)}"
        body.found.append(_embedded(body, place, name, kind, content))


def _may_invite(part: Part, kind: str) -> bool:
    return kind in CALENDARS or part.name.lower().endswith(".ics")


def _is_invitation(part: Part, body: _Body) -> bool:
    """Whether a calendar part is what the mail says (RFC 6047): then it is read into the mail."""
    text, _ = decode(part.content or b"", charset_of(part.content_type))
    found = carried(text)
    for card in found:
        body.meeting.setdefault("\n".join(card.head), card.description)
        body.doubts.update(dict.fromkeys(doubt for doubt in card.doubts if doubt != CHANGED))
    return bool(found)


def _with_meeting(text: str, body: _Body) -> str:
    """When and where a meeting is stands above the words of the mail that asks to it."""
    heads = list(body.meeting)
    said = [] if text.strip() else [words for words in body.meeting.values() if words]
    return "\n\n".join([*heads, *said, *([text] if text.strip() else [])]) if heads else text


def _label(part: Part, body: _Body, *, name: str) -> str:
    """List a part as attached; its media type on one line."""
    content = part.content or b""
    kind = clean_line(part.media_type)[:200]
    digest = sha256(content).hexdigest()
    body.attachments.append(
        Attachment(name=name, media_type=kind, size=len(content), sha256=digest)
    )
    return kind


def _opened(part: Part, body: _Body, depth: int) -> list[Text]:
    """The texts inside an S/MIME envelope, which belong to this message (RFC 8551 section 3)."""
    content = part.content or b""
    _label(part, body, name=part.name or "smime.p7m")
    found = _cms.read(_cms.binary(content))
    if found is not None and found.content and body.envelopes < _MOST_ENVELOPES:
        body.envelopes += 1
        body.marks.update({Mark.SIGNED: None} if found.kind is _cms.Kind.SIGNED else {})
        return _texts(read_head(found.content), body, depth + 1)
    stated = "signed-data" in part.content_type.lower()
    if stated or (found is not None and found.kind is not _cms.Kind.ENCRYPTED):
        body.marks[Mark.SIGNED] = None
        body.problems[ProblemKind.CORRUPT] = SIGNED_SHUT
    else:
        _seal(body)
    return []


def _unwrap(part: Part, body: _Body) -> None:
    """Open a winmail.dat: what is attached in it is attached to this message."""
    content = part.content or b""
    if not content.startswith(_tnef.MAGIC):
        _attach(part, body, name=part.name)
        return
    _label(part, body, name=part.name or "winmail.dat")
    whole = _tnef.read(content)
    said, doubts = body_of(whole.message)
    body.wrapped = said if len(said) > len(body.wrapped) else body.wrapped
    body.doubts.update(dict.fromkeys((*whole.message.doubts, *doubts)))
    first = len(body.attachments) + 1
    for label, found in _tnef.attached(whole, body.source, reader=body.reader, first=first):
        body.attachments.append(label)
        body.found.append(found)


def _embed_message(part: Part, body: _Body) -> None:
    body.messages += 1
    content = part.content or b""
    name = part.name or f"message {body.messages}"
    digest = sha256(content).hexdigest()
    body.reported.append(("message/rfc822", content))
    body.attachments.append(
        Attachment(name=name, media_type="message/rfc822", size=len(content), sha256=digest)
    )
    if content:
        place = f"message {body.messages}"
        known_as = name if name.lower().endswith(".eml") else f"{name}.eml"
        body.found.append(_embedded(body, place, known_as, "message/rfc822", content))


def _embedded(body: _Body, place: str, name: str, kind: str, content: bytes) -> Embedded:
    within = replace(body.source, part=(*body.source.part, place))
    return Embedded(source=within, name=name or place, media_type=kind, data=content)


def _seal(body: _Body, what: str = SEALED) -> None:
    body.marks[Mark.ENCRYPTED] = None
    body.problems[ProblemKind.ENCRYPTED] = what


def _out_of_armour(text: str, body: _Body) -> str:
    """The text without OpenPGP armour: signed words stay, ciphertext is left out and said."""
    found = _pgp.opened(text)
    body.marks.update({Mark.SIGNED: None} if found.signed else {})
    if found.encrypted:
        _seal(body)
    elif is_notice(found.text):
        _seal(body, PORTAL)
    return found.text
