"""Header text: raw bytes to characters, and RFC 2047 encoded words to what they say.

Decoding comes after the structure of a header was read, never before it, and its result is never
parsed again: an encoded comma or angle bracket is a character in a name, not punctuation.
"""

from __future__ import annotations

import binascii
import re
from functools import lru_cache

from ._text import clean_line, decode

_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?\r\n]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]{1,80}\?[bBqQ]\?)")
_HEX = re.compile(rb"=([0-9a-fA-F]{2})")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
UNREADABLE_WORD = "An encoded word in a header could not be decoded and stands as written."
_UNCERTAIN = "A header has bytes in no stated charset."


def characters(raw: bytes) -> tuple[str, str | None]:
    """A raw header value as text, and a doubt if its bytes are neither ASCII nor UTF-8."""
    if raw.isascii():
        return raw.decode("ascii"), None
    text, doubt = decode(raw, None)
    return text, f"{_UNCERTAIN} {doubt}" if doubt else None


def words(text: str) -> str:
    """`text` with its encoded words decoded, on one line and without control characters.

    RFC 2047; adjacent words of one charset are joined before they are decoded, because senders
    split inside a character. A word that cannot be decoded stays as it is.
    """
    if "=?" not in text:
        return clean_line(text)
    return clean_line("".join(_pieces(_BETWEEN_WORDS.sub(r"\1", text))))


def unreadable(text: str) -> bool:
    """Whether decoded `text` still holds something that looks like an encoded word."""
    return "=?" in text and _WORD.search(text) is not None


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    pending, charset, end = bytearray(), "", 0
    for match in _WORD.finditer(text):
        data = _payload(match[2], match[3])
        label = match[1].partition("*")[0].lower()  # RFC 2231 adds a language after "*"
        plain = text[end : match.start()]
        if pending and (plain or data is None or label != charset):
            pieces.append(decode(bytes(pending), charset)[0])
            pending.clear()
        pieces.append(plain)
        if data is None:
            pieces.append(match[0])
        else:
            pending += data
            charset = label
        end = match.end()
    if pending:
        pieces.append(decode(bytes(pending), charset)[0])
    pieces.append(text[end:])
    return pieces


@lru_cache(maxsize=4096)
def _payload(encoding: str, text: str) -> bytes | None:
    data = text.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return _HEX.sub(lambda match: bytes((int(match[1], 16),)), data.replace(b"_", b" "))
    letters = _NOT_BASE64.sub(b"", data)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    if not letters and data:
        return None
    try:
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return None
