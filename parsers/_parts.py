"""The tree of a message's parts, from whichever library can read it, in one plain shape.

fast-mail-parser reads nearly all mail; a transfer encoding or structure it refuses, and text it
would drop, go to the standard library. Its native recursion overflows on deep nesting, so a linear
scan measures the depth first and shuts what lies too deep.
"""

from __future__ import annotations

import email
import email.errors
import email.message
import email.policy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from fast_mail_parser import ParseError, PyLazyMimePart, parse_email_tree

from ._text import clean_line
from ._words import characters, words

TOO_DEEP_TYPE = "too-deep"
_DEEPEST = 100
LARGEST_STANDARD = 32_000_000  # the standard library holds about nine times what it reads
_NESTING = re.compile(
    rb"^content-type[ \t]*:(?:[ \t]|\r?\n[ \t])*(multipart/)"  # 1: a container opens
    rb"|\bboundary[ \t]*=[ \t]*(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))"  # 2, 3: its delimiter
    rb"|^--([^\r\n]{1,210})",  # 4: perhaps a delimiter
    re.IGNORECASE | re.MULTILINE,
)
_TYPE = rb"^(content-type[ \t]*:(?:[ \t]|\r?\n[ \t])*messag)"
_ATTACHED = re.compile(_TYPE + rb"e(?=/)", re.IGNORECASE | re.MULTILINE)
_SHUT = re.compile(_TYPE + rb"3(?=/)", re.IGNORECASE | re.MULTILINE)
BOUNDARY = re.compile(
    rb"\bboundary[ \t]*=[ \t]*(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE
)
_AFTER_DELIMITER = re.compile(rb"(?:--)?[ \t]*(?:[\r\n]|\Z)")
_MOST_BOUNDARIES = 300  # looked for one by one


class Refused(Exception):  # noqa: N818 - it says what happened, and never leaves the parsers
    """The fast parser cannot read this message faithfully."""


@dataclass(slots=True)
class Part:
    """One node: a leaf has `content` (decoded bytes), a container `children`, never both.

    `content_type` is the whole header as characters; `typed` whether there was one.
    """

    media_type: str
    content_type: str
    typed: bool
    name: str
    disposition: str
    content: bytes | None
    children: Sequence[Part] | None
    is_message: bool


def guarded(data: bytes) -> tuple[bytes, bool]:
    """`data` with containers nested deeper than 100 shut, and whether there were any.

    A shut container has the type `too-deep/...`, so its raw bytes stay as one leaf.
    """
    if data.lower().count(b"multipart/") < _DEEPEST:
        return data, False
    pieces: list[bytes] = []
    stack: list[bytes] = []
    place = 0
    known: set[bytes] = set()
    for match in _NESTING.finditer(data):
        if match[1] is not None:
            if len(stack) >= _DEEPEST:
                pieces += (data[place : match.start(1)], TOO_DEEP_TYPE.encode(), b"/")
                place = match.end(1)
            else:
                stack.append(b"")  # its delimiter, if it has one, comes next
        elif match[4] is not None:
            _close(match[4], stack, known)
        elif stack and not stack[-1]:
            stack[-1] = match[2] or match[3]
            known.add(stack[-1])
    if not pieces:
        return data, False
    return b"".join([*pieces, data[place:]]), True


def _close(line: bytes, stack: list[bytes], known: set[bytes]) -> None:
    """A delimiter line ends every container opened below its own, and `--` after it its own."""
    name = line.rstrip()
    ends = name not in known and name.endswith(b"--")
    name = name[:-2] if ends else name
    if name not in known or name not in stack:
        return
    while stack and stack[-1] != name:
        stack.pop()
    if ends:
        stack.pop()


def by_fast_parser(data: bytes, *, composite: bool) -> Part:
    """The tree by fast-mail-parser; raises `Refused` where it errs or would lose text.

    `composite` says whether the message may have parts at all.
    """
    if composite and _splits_wrongly(data):
        raise Refused
    shut = _shut(data) if composite else data
    try:
        return _fast(parse_email_tree(shut, mode="lazy"), opened=shut is not data)
    except ParseError as error:
        raise Refused from error


def _shut(data: bytes) -> bytes:
    """`data` with attached messages made opaque: a library would read, and copy, them as well."""
    if b"message/" not in data.lower():
        return data
    return _ATTACHED.sub(rb"\g<1>3", data)


def _opened(content: bytes) -> bytes:
    return _SHUT.sub(rb"\g<1>e", content)


def _splits_wrongly(data: bytes) -> bool:
    """Whether a line begins like a delimiter and is none, e.g. `--b10` where `b1` is declared.

    fast-mail-parser 0.10 splits there all the same, and text after it is read as headers.
    """
    for boundary in dict.fromkeys(islice(_boundaries(data), _MOST_BOUNDARIES)):
        mark = b"\n--" + boundary.rstrip()
        place = data.find(mark)
        while place >= 0:
            if _AFTER_DELIMITER.match(data, place + len(mark)) is None:
                return True
            place = data.find(mark, place + len(mark))
    return False


def _boundaries(data: bytes) -> Iterator[bytes]:
    for letters in (b"oundary", b"OUNDARY"):
        place = data.find(letters)
        while place >= 0:
            match = BOUNDARY.match(data, place - 1) if place else None
            if match:
                yield match[1] or match[2]
            place = data.find(letters, place + 1)


def _fast(node: PyLazyMimePart, *, opened: bool) -> Part:
    headers = node.headers
    kind = node.content_type.lower().replace("messag3/", "message/")
    content = None if kind.startswith("multipart/") else node.content
    if content is None and not node.children:
        raise Refused  # a container without parts: its bytes would be lost
    if content is not None and not content and _is_text(headers):
        raise Refused  # a part without its blank line: text was read as headers
    typed = (
        headers.get("Content-Type") or headers.get("Content-type") or headers.get("content-type")
    )
    children = (
        None
        if content is not None
        else [_fast(child, opened=opened) for child in node.children[:5_001]]
    )
    return Part(
        media_type=kind, content_type=typed[0] if typed else "", typed=bool(typed),
        name=clean_line(words(node.filename))[:500] if node.filename else "",
        disposition=(node.disposition or "").lower(),
        content=_opened(content) if opened and content else content, children=children,
        is_message=node.is_message or kind == "message/rfc822",
    )  # fmt: skip


def _is_text(headers: dict[str, list[str]]) -> bool:
    return any(not name.lower().startswith(("content-", "x-", "mime-")) for name in headers)


def by_standard_library(data: bytes) -> Part:
    """The tree by `email` under compat32, the lenient policy; attached messages stay bytes."""
    shut = _shut(data[:LARGEST_STANDARD])
    try:
        return _standard(email.message_from_bytes(shut, policy=email.policy.compat32))
    except RecursionError:
        return Part(
            media_type=TOO_DEEP_TYPE, content_type="", typed=False, name="", disposition="",
            content=data, children=None, is_message=False,
        )  # fmt: skip


def _standard(node: email.message.Message) -> Part:
    payload = node.get_payload() if node.is_multipart() else None
    typed = node.get("Content-Type")
    kind = clean_line(node.get_content_type()).replace("messag3/", "message/")
    parts = payload if isinstance(payload, list) else None
    part = Part(
        media_type=kind, content_type=_said(typed), typed=typed is not None,
        name=words(_file_name(node))[:500], disposition=_disposition(node), content=None,
        children=None, is_message=kind.startswith("message/rfc822"),
    )  # fmt: skip
    if parts is not None and not kind.startswith("message/"):
        return replace(part, children=[_standard(one) for one in _messages(parts)])
    if parts is not None:
        return replace(part, content=b"\n".join(_bytes(one) for one in _messages(parts)))
    content = _opened(_payload(node))
    if kind.startswith("multipart/"):  # no delimiter was found: all of it is text
        part = replace(part, media_type="text/plain")
    return replace(part, content=content)


def _messages(parts: Sequence[object]) -> list[email.message.Message]:
    return [one for one in parts[:5_001] if isinstance(one, email.message.Message)]


def _said(value: object) -> str:
    raw = str(value or "").encode("utf-8", "surrogateescape")
    return clean_line(characters(raw)[0])


def _file_name(node: email.message.Message) -> str:
    try:
        return _said(node.get_filename())
    except (LookupError, ValueError, TypeError):
        return ""


def _disposition(node: email.message.Message) -> str:
    return _said(node.get("Content-Disposition")).partition(";")[0].strip().lower()


def _payload(node: email.message.Message) -> bytes:
    try:
        decoded = node.get_payload(decode=True)
    except (LookupError, ValueError, AssertionError, TypeError, AttributeError):
        return _bytes(node).partition(b"\n\n")[2]  # undecoded, and so not lost
    return decoded if isinstance(decoded, bytes) else b""


def _bytes(node: email.message.Message) -> bytes:
    try:
        return node.as_bytes()
    except (LookupError, ValueError, TypeError, AttributeError):
        return b""
