"""An OpenDocument text (LibreOffice, Google Docs) as a letter, minutes or a note.

Read with lxml out of the zip as Word documents are; nothing is fetched and no entity resolved.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree  # type: ignore[import-untyped]

from commtrace.model import Attachment, Embedded, Found, Problem, ProblemKind, Source
from commtrace.plugins import Item, parser

from . import _paper, _zip
from ._odttext import document_text
from ._oleobject import unwrapped
from ._text import clean_line

_LARGEST_XML = 64 << 20  # bytes of one XML member
_LARGEST_FILES = 256 << 20  # bytes of all embedded files together
_MOST_FILES = 1_000
_TYPE = b"application/vnd.oasis.opendocument.text"
_SUFFIXES = (".odt", ".ott", ".odm")
_FOLDERS = ("Pictures/", "media/", "Media/")
_TYPES = {
    ".png": "image/png", ".jpeg": "image/jpeg", ".jpg": "image/jpeg", ".gif": "image/gif",
    ".emf": "image/emf", ".wmf": "image/wmf", ".tif": "image/tiff", ".svg": "image/svg+xml",
}  # fmt: skip


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
    manifest = _zip.member(archive, "META-INF/manifest.xml", limit=_LARGEST_XML) or b""
    if b"encryption-data" in manifest:
        what = "The document is locked with a password; ask for the password or an open copy."
        yield _problem(item, ProblemKind.PASSWORD_NEEDED, what)
        return
    content = _tree(archive, "content.xml")
    if content is None:
        what = "The document has no content; ask for the file again."
        yield _problem(item, ProblemKind.CORRUPT, what)
        return
    text = document_text(content, _tree(archive, "styles.xml"))
    files, problems = _files(item.source, archive)
    if text.text.strip():
        document = _paper.Document(
            units=(text.text,),
            unit="text",
            attachments=tuple(_label(file) for file in files),
            emphasised=text.emphasised,
            doubts=text.doubts,
        )
        yield from _paper.read(item, document, reader="odt")
    else:
        what = "The document holds no text; pictures in it may need text recognition (OCR)."
        yield _problem(item, ProblemKind.NO_TEXT, what)
    yield from problems
    yield from files


def _tree(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    data = _zip.member(archive, name, limit=_LARGEST_XML)
    if data is None:
        return None
    rules = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    return etree.fromstring(data, rules)


def _files(source: Source, archive: zipfile.ZipFile) -> tuple[list[Embedded], list[Problem]]:
    files: list[Embedded] = []
    problems: list[Problem] = []
    left = _LARGEST_FILES
    inside = sorted({name for name in archive.namelist() if _is_file(name)})
    if len(inside) > _MOST_FILES:
        what = "The document holds more than 1,000 files; the rest were not read."
        problems.append(
            Problem(source=source, reader="odt", kind=ProblemKind.LIMIT_COUNT, what=what)
        )
    flaws: list[tuple[ProblemKind, str]] = []
    for name in inside[:_MOST_FILES]:
        try:
            data = _zip.member(archive, name, limit=left) or b""
        except _zip.TooLargeError:
            flaws.append((ProblemKind.LIMIT_SIZE, "is too large to be read"))
        except _zip.RatioError:
            what = "unpacks to far more than files do; it was not read"
            flaws.append((ProblemKind.LIMIT_RATIO, what))
        except _zip.BROKEN:
            flaws.append((ProblemKind.CORRUPT, "is damaged"))
        else:
            left -= len(data)
            if data:
                place = _place(source, len(files) + 1)
                files.append(_file(place, clean_line(name.rpartition("/")[2]), data))
    for number, (kind, what) in enumerate(flaws, len(files) + 1):
        problems.append(_unread(_place(source, number), kind, what))
    return files, problems


def _place(source: Source, number: int) -> Source:
    """Files that were read come first, as the record lists them; then those that were not."""
    return replace(source, part=(*source.part, f"attachment {number}"))


def _is_file(name: str) -> bool:
    """Pictures, and objects that are a stream of their own ("Object 1", not its parts)."""
    if name.endswith("/"):
        return False
    return name.startswith(_FOLDERS) or (name.startswith("Object ") and "/" not in name)


def _file(place: Source, name: str, data: bytes) -> Embedded:
    known, inside = unwrapped(data)
    suffix = f".{name.rpartition('.')[2].lower()}"
    kind = _TYPES.get(suffix, "application/octet-stream")
    return Embedded(source=place, name=known or name, media_type=kind, data=inside)


def _label(file: Embedded) -> Attachment:
    digest = hashlib.sha256(file.data).hexdigest()
    return Attachment(
        name=file.name, media_type=file.media_type, size=len(file.data), sha256=digest
    )


def _unread(place: Source, kind: ProblemKind, what: str) -> Problem:
    number = place.part[-1].rpartition(" ")[2]
    said = f"File {number} inside the document {what}."
    return Problem(source=place, reader="odt", kind=kind, what=said)


def _problem(item: Item, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=item.source, reader="odt", kind=kind, what=what)
