"""Subjects: what is left without "Re:" and "[list]" (RFC 5256, 2.1), and which say *forward*."""

from __future__ import annotations

import re
from functools import lru_cache

_REPLY = r"re|aw|sv|antw|r[ée]p|ref|ynt|odp|回复|回覆|答复|答覆"  # as mail programs write it
_FORWARD = r"fw|fwd|wg|tr|forwarded|转发|轉寄|轉發"
_BLOB = r"\[[^\[\]]{0,80}\]\s*"
_LEADER = re.compile(
    rf"\s*(?:(?:{_REPLY}|{_FORWARD})\s*(?:{_BLOB}|\(\d+\)\s*)?[:：]\s*)", re.IGNORECASE
)
_LEADING_BLOB = re.compile(rf"\s*{_BLOB}(?=\S)")
_TRAILER = "(fwd)"
_FORWARD_LEADER = re.compile(rf"\s*(?:{_BLOB})?(?:{_FORWARD})\s*[:：]", re.IGNORECASE)
_REPLY_LEADER = re.compile(
    rf"\s*(?:{_BLOB})?(?:{_REPLY})\s*(?:\[\d+\]|\(\d+\))?\s*[:：]", re.IGNORECASE
)
_LONGEST = 998  # one line of RFC 5322; more is no subject


@lru_cache(maxsize=65536)
def base_subject(subject: str) -> str:
    """The base subject, case-folded, white space collapsed: "" where nothing is left."""
    text = " ".join(subject[:_LONGEST].split())
    while text[-len(_TRAILER) :].lower() == _TRAILER:
        text = text[: -len(_TRAILER)].rstrip()
    place = 0
    while match := _LEADER.match(text, place) or _LEADING_BLOB.match(text, place):
        place = match.end()
    return text[place:].strip().casefold()


def says_forward(subject: str) -> bool:
    """Whether the subject begins with a forward mark ("FW:", "Fwd:", "WG:", "TR:")."""
    return _FORWARD_LEADER.match(subject) is not None


def says_reply(subject: str) -> bool:
    """Whether the subject begins with a reply mark ("Re:", "AW:", "SV:")."""
    return _REPLY_LEADER.match(subject) is not None


Series = tuple[int, int, int]  # version, number, length
_SERIES = re.compile(
    r"\[[^\[\]]{0,60}?(?:\bv(\d{1,3})\b[^\[\]]{0,40}?)?\b(\d{1,4})/(\d{1,4})\]",
    re.IGNORECASE,
)
_VERSION = re.compile(r"\[[^\[\]]{0,60}?\bv(\d{1,3})\b[^\[\]]{0,40}\]", re.IGNORECASE)


@lru_cache(maxsize=65536)
def series_of(subject: str) -> Series | None:
    """Version, number and length of a numbered series ("[PATCH v2 3/7]"); None for no member.

    A lone item of a version ("[PATCH v2]") is number 1 of 1; the number 0 is a covering letter.
    """
    text = subject[:_LONGEST]
    if match := _SERIES.search(text):
        return int(match[1] or 1), int(match[2]), int(match[3])
    if match := _VERSION.search(text):
        return int(match[1]), 1, 1
    return None
