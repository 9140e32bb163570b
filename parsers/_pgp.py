"""OpenPGP as it stands in text: what was signed is read through, what was encrypted is left out.

Knows the armour only (RFC 9580 section 6 and 7); no signature is checked and nothing is decrypted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SEALED = "-----BEGIN PGP MESSAGE-----"
_ARMOUR_HEADERS = re.compile(r"(?:[A-Za-z][-A-Za-z]{0,30}: [^\n]*\n)*[ \t]*(?:\n|\Z)")
_SIGNATURE = re.compile(
    r"^-----BEGIN PGP SIGNATURE-----[ \t]*\n.*?(?:^-----END PGP SIGNATURE-----[ \t]*\n?|\Z)",
    re.MULTILINE | re.DOTALL,
)
_CIPHER = re.compile(
    r"^-----BEGIN PGP MESSAGE-----[ \t]*\n.*?(?:^-----END PGP MESSAGE-----[ \t]*(?:\n|\Z)|\Z)",
    re.MULTILINE | re.DOTALL,
)
_ESCAPED = re.compile(r"^- (?=-|From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Opened:
    """Text without armour, and whether part of it was signed or encrypted."""

    text: str
    signed: bool
    encrypted: bool


def opened(text: str) -> Opened:
    """The text with signatures and ciphertext taken out; the words that were signed stay.

    Quoted armour ("> -----BEGIN") is somebody else's and left as it is.
    """
    if "-----BEGIN PGP " not in text:
        return Opened(text, signed=False, encrypted=False)
    without, sealed = _CIPHER.subn("", text)
    pieces: list[str] = []
    signed, place = False, 0
    while (start := _line(without, _SIGNED, place)) >= 0:
        signed = True
        pieces.append(without[place:start])
        after = without.find("\n", start) + 1 or len(without)
        headers = _ARMOUR_HEADERS.match(without, after)
        begins = headers.end() if headers else after
        signature = _SIGNATURE.search(without, begins)
        ends = signature.start() if signature else len(without)
        pieces.append(_ESCAPED.sub("", without[begins:ends]))
        place = signature.end() if signature else ends
    pieces.append(without[place:])
    return Opened("".join(pieces), signed=signed, encrypted=bool(sealed))


def _line(text: str, mark: str, start: int) -> int:
    """Where a line that is the mark begins, -1 if there is none."""
    at = text.find(mark, start)
    while at > 0 and text[at - 1] != "\n":
        at = text.find(mark, at + 1)
    return at


def is_sealed(start: bytes) -> bool:
    """Whether a file begins as an encrypted OpenPGP message in armour."""
    return start.lstrip()[:200].startswith(_SEALED.encode())
