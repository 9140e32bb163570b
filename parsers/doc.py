"""A Word 97-2003 document, read through a converter of another maker where one is installed.

antiword keeps a letter's lines best and catdoc reads more damaged files; where both are here, what
one reads is checked against the other. Headers, comments and text boxes, which they leave out, come
from the document's own piece table (`_doctext`), as do the bare words where no converter is here.
"""

from __future__ import annotations

import io
import re
import struct
from collections import Counter
from collections.abc import Iterator

import olefile  # type: ignore[import-untyped]

from commtrace.model import Found, Problem, ProblemKind
from commtrace.moments import plausible, say_day
from commtrace.plugins import Item, parser

from . import _doctext, _ole, _paper, _program
from ._text import clean, decode

_LARGEST = 128 << 20  # bytes
_LARGEST_TEXT = 20_000_000  # characters
_SUFFIXES = (".doc", ".dot")
_BROKEN = (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, struct.error)
_WORD = re.compile(r"\w+")
_CONVERTERS = ("antiword", "catdoc", "soffice")
_ENOUGH = 20  # words from which two readings are compared
_ABSENT = (
    "This Word document is read by antiword, catdoc or LibreOffice, none of which is installed"
    " here; install one, or save the document as .docx and supply that as well."
)
_BARE = (
    "No converter for Word 97-2003 documents is installed, so only the bare words were read, among"
    " them any that were deleted with tracking on; install antiword for the layout."
)
_LOCKED = "The Word document is locked with a password; ask for the password or an open copy."
_DAMAGED = "The Word document is damaged or cut off; ask for the file again."
_NO_TEXT = "No text was found in the Word document; a copy saved as .docx or PDF would help."
_BODY_ONLY = "Tracked changes and embedded files of a Word 97-2003 document are not read."
_NO_HEADERS = "Headers, footers and comments of this older Word document are not read."
_ONE = "Read by {reader} alone; there was no second reader to compare with."
_DIFFER = "The readers of this document find different words in it; check its text."
_SHORT = (
    "antiword read little of this document; what another reader found stands here, without layout."
)
_PICTURE = re.compile(r"^\[pic\]$", re.MULTILINE)


def _is_document(item: Item) -> bool:
    """Whether a compound file holds a Word document."""
    try:
        return "WordDocument" in _ole.names(item.read())
    except (_ole.NotCompoundError, *_BROKEN):
        return item.suffix in _SUFFIXES


@parser(suffixes=_SUFFIXES, magic=(_ole.MAGIC,), claims=_is_document)
def doc(item: Item) -> Iterator[Found]:
    """Word 97-2003 document (.doc), through antiword, catdoc or LibreOffice."""
    if item.size > _LARGEST:
        yield _problem(item, ProblemKind.LIMIT_SIZE, "The Word document is too large to be read.")
        return
    data = item.read()
    locked, doubts = _facts(data)
    if locked:
        yield _problem(item, ProblemKind.PASSWORD_NEEDED, _LOCKED)
        return
    own = _doctext.words(data)
    if own is None and not any(map(_program.is_installed, _CONVERTERS)):
        yield _problem(item, ProblemKind.UNSUPPORTED_TYPE, _ABSENT)
        return
    text, how = _converted(data, own)
    if not text.strip() and own is not None:
        text, how = own.body.strip("\n"), (_BARE,)
    text = _with_around(text, own)
    if not text.strip():
        kind = ProblemKind.CORRUPT if doubts is None else ProblemKind.NO_TEXT
        what = _DAMAGED if doubts is None else _NO_TEXT
        yield _problem(item, kind, what)
        return
    left_out = _NO_HEADERS if own is None else _BODY_ONLY
    document = _paper.Document(
        units=(text[:_LARGEST_TEXT],), unit="text", doubts=(*(doubts or ()), *how, left_out)
    )
    yield from _paper.read(item, document, reader="doc")


def _with_around(text: str, own: _doctext.Words | None) -> str:
    """The body with headers above it, and footers, text boxes and comments labelled below."""
    if own is None:
        return text
    below = [("Footer", footer) for footer in own.footers]
    below += [(label, words) for label, words in (("Text box", own.boxes),
              ("Comments", own.comments)) if words and words not in text]  # fmt: skip
    labelled = [f"[{label}: {words}]" for label, words in below]
    return "\n\n".join(part for part in (*own.headers, text, *labelled) if part.strip())


def _facts(data: bytes) -> tuple[bool, tuple[str, ...] | None]:
    """Whether the document is locked, and what its container and its summary say; None if neither.

    fEncrypted is a bit of the header of the stream WordDocument (MS-DOC 2.5.2); the times of the
    summary are the machine's that saved it, and so doubts and no dates.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            head = container.openstream("WordDocument").read(32)
            locked = len(head) > 11 and bool(head[11] & 0x01)
            saved = container.get_metadata()
            said = [*_ole.doubts(data)]
            for what, when in (("created", saved.create_time), ("saved", saved.last_saved_time)):
                if when is not None and plausible(when):
                    said.append(f"The file itself says it was {what} on {say_day(when.date())}.")
    except (_ole.NotCompoundError, *_BROKEN):
        return False, None
    return locked, tuple(said)


def _converted(data: bytes, own: _doctext.Words | None) -> tuple[str, tuple[str, ...]]:
    """The document's text, and doubts on how it was had.

    What antiword reads is held against catdoc and the piece table; one that agrees is enough.
    """
    laid_out, plain = _antiword(data), _catdoc(data)
    others = [text for text in (plain, own.body if own else None) if text]
    if laid_out is None and plain is None:
        return _libreoffice(data) or "", ()
    if laid_out is None:
        return plain or "", () if own else (_ONE.format(reader="catdoc"),)
    if not others:
        return laid_out, (_ONE.format(reader="antiword"),)
    words = _counted(laid_out)
    longest = max(others, key=lambda text: _counted(text).total())
    if _counted(longest).total() >= max(_ENOUGH, 2 * words.total() + 1):
        return longest, (_SHORT,)
    agrees = any(_agree(words, _counted(text)) for text in others)
    return laid_out, () if agrees else (_DIFFER,)


def _counted(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))


def _agree(ours: Counter[str], theirs: Counter[str]) -> bool:
    """Whether nine words in ten are in both; of next to nothing, nothing is said."""
    apart = ((ours - theirs) + (theirs - ours)).total()
    both = ours.total() + theirs.total()
    return both < _ENOUGH or apart * 10 <= both


def _antiword(data: bytes) -> str | None:
    if not _program.is_installed("antiword"):
        return None
    try:
        with _program.private_folder() as folder:
            place = folder / "document.doc"
            place.write_bytes(data)
            arguments = ["-m", "UTF-8.txt", "-w", "0", str(place)]
            printed = _program.run("antiword", arguments, folder=folder)
    except (_program.MissingProgramError, _program.ProgramFailedError, OSError):
        return None
    return _PICTURE.sub("", clean(decode(printed, "utf-8")[0])).strip("\n") or None


def _catdoc(data: bytes) -> str | None:
    if not _program.is_installed("catdoc"):
        return None
    try:
        with _program.private_folder() as folder:
            place = folder / "document.doc"
            place.write_bytes(data)
            printed = _program.run("catdoc", ["-d", "utf-8", "-w", str(place)], folder=folder)
    except (_program.MissingProgramError, _program.ProgramFailedError, OSError):
        return None
    return clean(decode(printed, "utf-8")[0]).strip("\n") or None


def _libreoffice(data: bytes) -> str | None:
    if not _program.is_installed("soffice"):
        return None
    try:
        with _program.private_folder() as folder:
            place = folder / "document.doc"
            place.write_bytes(data)
            arguments = ["--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir",
                         str(folder), str(place)]  # fmt: skip
            _program.run("soffice", arguments, folder=folder)
            made = folder / "document.txt"
            printed = made.read_bytes() if made.is_file() else b""
    except (_program.MissingProgramError, _program.ProgramFailedError, OSError):
        return None
    return clean(decode(printed, "utf-8")[0]).strip("\n") or None


def _problem(item: Item, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=item.source, reader="doc", kind=kind, what=what)
