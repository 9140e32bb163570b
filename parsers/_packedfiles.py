"""Files packed inside a document: the pictures and objects of Word, OpenDocument and workbooks.

Each is evidence of its own. Those that were read are numbered first, as the record lists them;
then those that were not, each with the reason. The XML of such a document is read here too: nothing
is fetched and no entity resolved.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lxml import etree  # type: ignore[import-untyped]

from commtrace.model import Attachment, Embedded, Problem, ProblemKind, Source

from . import _zip
from ._oleobject import unwrapped
from ._text import clean_line

LARGEST_XML = 64 << 20  # bytes of one XML member
_LARGEST = 256 << 20  # bytes of all embedded files together
_MOST = 1_000
_TYPES = {
    ".png": "image/png", ".jpeg": "image/jpeg", ".jpg": "image/jpeg", ".gif": "image/gif",
    ".emf": "image/emf", ".wmf": "image/wmf", ".tif": "image/tiff", ".tiff": "image/tiff",
    ".svg": "image/svg+xml",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Packed:
    """What lay packed in a document: what could be read, and a problem for whatever could not."""

    files: list[Embedded] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def labels(self) -> tuple[Attachment, ...]:
        """The label of each file that was read."""
        return tuple(_label(file) for file in self.files)


def packed(
    archive: zipfile.ZipFile,
    source: Source,
    wanted: Callable[[str], bool],
    *,
    reader: str,
    whole: str,
) -> Packed:
    """The members whose names are `wanted`; `whole` is a noun for what they lie in."""
    files: list[Embedded] = []
    flaws: list[tuple[ProblemKind, str]] = []
    left = _LARGEST
    inside = sorted({name for name in archive.namelist() if wanted(name)})
    for name in inside[:_MOST]:
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
    problems = [
        Problem(source=_place(source, number), reader=reader, kind=kind,
                what=f"File {number} inside the {whole} {what}.")
        for number, (kind, what) in enumerate(flaws, len(files) + 1)
    ]  # fmt: skip
    if len(inside) > _MOST:
        what = f"The {whole} holds more than {_MOST:,} files; the rest were not read."
        problems.insert(
            0, Problem(source=source, reader=reader, kind=ProblemKind.LIMIT_COUNT, what=what)
        )
    return Packed(files, problems)


def _place(source: Source, number: int) -> Source:
    return replace(source, part=(*source.part, f"attachment {number}"))


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


def tree(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    """The XML of a member, None where there is none; raises as `_zip.member` and lxml do."""
    data = _zip.member(archive, name, limit=LARGEST_XML)
    if data is None:
        return None
    rules = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    return etree.fromstring(data, rules)
