"""One internet message in a file of its own (.eml): RFC 5322 headers and a MIME body."""

from __future__ import annotations

from collections.abc import Iterator

from commtrace.model import Found
from commtrace.plugins import Item, parser

from ._head import looks_like_headers
from ._mime import read_message

_TEXTS = ("", ".txt", ".text", ".md", ".log")  # a memorandum may be called so


def _claims(item: Item) -> bool:
    return looks_like_headers(item.head, strict=item.suffix in _TEXTS)


@parser(suffixes=(".eml", ".mime"), claims=_claims)
def eml(item: Item) -> Iterator[Found]:
    """An e-mail saved as a file (.eml)."""
    yield from read_message(item.read(), source=item.source, reader="eml")
