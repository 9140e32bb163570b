"""Envelopes that lie alone: S/MIME structures, OpenPGP files, and rights-protected messages.

A signed one is opened and its content read again; what is encrypted is said, with what would help.
Envelopes that came with an internet message are opened by `_mime` and belong to that message.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from commtrace.model import Embedded, Found, Problem, ProblemKind
from commtrace.plugins import Item, parser

from . import _cms, _pgp

_RIGHTS = b"\x76\xe8\x04\x60\xc4\x11\xe3\x86"  # the start of a message.rpmsg (MS-OXORMMS 2.2.2)

_OF_PGP = (".pgp", ".gpg")

ENCRYPTED = "It is encrypted. A decrypted copy from its recipient would help."
PROTECTED = "It is rights-protected. An unprotected copy from its sender would help."
DAMAGED = "The signed envelope is damaged; its content could not be taken out. Ask for it again."


def _is_envelope(item: Item) -> bool:
    """Whether it holds or hides a message; a signature alone, without what it signs, does not."""
    if item.head.startswith(_RIGHTS) or _pgp.is_sealed(item.head):
        return True
    kind = _cms.kind_of(_cms.binary(item.head))
    if kind is not _cms.Kind.SIGNED:
        return kind is not None
    found = _cms.read(_cms.binary(item.read()))
    return found is not None and (found.content is not None or item.suffix == ".p7m")


@parser(suffixes=(".p7m", ".rpmsg", ".pgp", ".gpg"), claims=_is_envelope)
def sealed(item: Item) -> Iterator[Found]:
    """Signed or encrypted envelope (S/MIME .p7m, PGP, rights-protected .rpmsg)."""
    if item.head.startswith(_RIGHTS):
        yield _problem(item, ProblemKind.RIGHTS_PROTECTED, PROTECTED)
        return
    if item.suffix in _OF_PGP or _pgp.is_sealed(item.head):
        yield _problem(item, ProblemKind.ENCRYPTED, ENCRYPTED)
        return
    found = _cms.read(_cms.binary(item.read()))
    if found is None:
        what = "The file is named as an envelope, which its first bytes are not; ask for it again."
        yield _problem(item, ProblemKind.CORRUPT, what)
    elif found.kind is _cms.Kind.ENCRYPTED:
        yield _problem(item, ProblemKind.ENCRYPTED, ENCRYPTED)
    elif not found.content:
        yield _problem(item, ProblemKind.CORRUPT, DAMAGED)
    else:
        place = replace(item.source, part=(*item.source.part, "signed content"))
        yield Embedded(
            source=place,
            name=_inner_name(item.name, found.content),
            media_type="application/octet-stream",
            data=found.content,
        )


def _inner_name(name: str, content: bytes) -> str:
    """What an envelope's content is called: `report.xml.p7m` holds `report.xml`."""
    inner = name[:-4] if name.lower().endswith((".p7m", ".p7s")) else name
    if "." in inner:
        return inner
    plain = content.isascii() and content.decode("ascii").replace("\r", "").replace("\n", "")
    return f"{inner}.txt" if plain and plain.isprintable() else inner


def _problem(item: Item, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=item.source, reader="sealed", kind=kind, what=what)
