"""An OpenDocument text (LibreOffice, Google Docs) as a letter, minutes or a note.

Read with lxml out of the zip as Word documents are; nothing is fetched and no entity resolved.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]

from commtrace.model import Found, Problem, ProblemKind
from commtrace.plugins import Item, parser

from . import _packedfiles, _paper, _zip
from ._odttext import document_text

_TYPE = b"application/vnd.oasis.opendocument.text"
_SUFFIXES = (".odt", ".ott", ".odm")
_FOLDERS = ("Pictures/", "media/", "Media/")


def _is_document(item: Item) -> bool:
    """Whether a zip says that it is an OpenDocument text, or is named as one and says nothing."""
    try:
        with item.open() as stream, zipfile.ZipFile(stream) as archive:
            if "mimetype" not in archive.NameToInfo:
                return item.suffix in _SUFFIXES and "content.xml" in archive.NameToInfo
            said = _zip.member(archive, "mimetype", limit=200) or b""
            return said.strip().startswith(_TYPE)
    except _zip.BROKEN:
        return item.suffix in _SUFFIXES


@parser(suffixes=_SUFFIXES, magic=(b"PK\x03\x04",), claims=_is_document)
def odt(item: Item) -> Iterator[Found]:
    """OpenDocument text (.odt)."""
    try:
        with zipfile.ZipFile(io.BytesIO(item.read())) as archive:
            found = tuple(_document(item, archive))
    except _zip.TooLargeError:
        found = (_problem(item, ProblemKind.LIMIT_SIZE, "The document is too large to read."),)
    except _zip.RatioError:
        what = "The document unpacks to far more than documents do; it was not read."
        found = (_problem(item, ProblemKind.LIMIT_RATIO, what),)
    except (*_zip.BROKEN, etree.LxmlError):
        what = "The document is damaged or cut off; ask for the file again."
        found = (_problem(item, ProblemKind.CORRUPT, what),)
    yield from found


def _document(item: Item, archive: zipfile.ZipFile) -> Iterator[Found]:
    limit = _packedfiles.LARGEST_XML
    manifest = _zip.member(archive, "META-INF/manifest.xml", limit=limit) or b""
    if b"encryption-data" in manifest:
        what = "The document is locked with a password; ask for the password or an open copy."
        yield _problem(item, ProblemKind.PASSWORD_NEEDED, what)
        return
    content = _packedfiles.tree(archive, "content.xml")
    if content is None:
        what = "The document has no content; ask for the file again."
        yield _problem(item, ProblemKind.CORRUPT, what)
        return
    text = document_text(content, _packedfiles.tree(archive, "styles.xml"))
    inside = _packedfiles.packed(archive, item.source, _is_file, reader="odt", whole="document")
    if text.text.strip():
        document = _paper.Document(
            units=(text.text,),
            unit="text",
            attachments=inside.labels(),
            emphasised=text.emphasised,
            doubts=text.doubts,
        )
        yield from _paper.read(item, document, reader="odt")
    else:
        what = "The document holds no text; pictures in it may need text recognition (OCR)."
        yield _problem(item, ProblemKind.NO_TEXT, what)
    yield from inside.problems
    yield from inside.files


def _is_file(name: str) -> bool:
    """Pictures, and objects that are a stream of their own ("Object 1", not its parts)."""
    if name.endswith("/"):
        return False
    return name.startswith(_FOLDERS) or (name.startswith("Object ") and "/" not in name)


def _problem(item: Item, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=item.source, reader="odt", kind=kind, what=what)
