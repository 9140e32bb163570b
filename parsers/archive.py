"""Archives: zip, tar, and single files packed by gzip, bzip2 or xz. Each member is read again.

Members are taken out one at a time and never written by their names, which are labels. What all of
them together may unfold to is bounded before any is handed on, whatever the archive says of itself.
A zip that is an Office, OpenDocument, e-book or program file is left to its own format.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from commtrace.model import Declared, Embedded, Found, Problem, ProblemKind, Source
from commtrace.plugins import Item, parser

from . import _packed, _unzip, _zipentries
from ._text import clean_line
from ._zip import RatioError, TooLargeError

_MIB = 1 << 20
_MOST_MEMBERS = 100_000
_LARGEST_MEMBER = 512 * _MIB
_RATIO, _RATIO_FROM = 100, 50 * _MIB
_LARGEST_TOTAL = 4 << 30
_LONGEST_LABEL = 400
_OTHERS = (  # suffixes of formats that are zips of their own kind
    ".docx", ".docm", ".dotx", ".xlsx", ".xlsm", ".xltx", ".pptx", ".pptm", ".vsdx", ".odt",
    ".ods", ".odp", ".odg", ".ott", ".epub", ".jar", ".war", ".apk", ".ipa", ".xpi", ".whl",
    ".olm", ".kmz", ".pages", ".numbers", ".key", ".one", ".xps", ".oxps",
)  # fmt: skip
_MARKS_OF_OTHERS = frozenset({
    "[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml",
    "META-INF/container.xml", "content.xml",
})  # fmt: skip

LOCKED = "It is locked with a password; unpack the archive with it and supply what is inside."
LINK = "It is a link or a device and no file; nothing was followed."
SHARED = "It shares its bytes with another member, which no archive program writes; it is not read."
GUESSED = (
    "The archive does not say in which character set the name is written; it may read wrongly."
)
TOO_LARGE = "It is larger than is read inside an archive (512 MB); unpack it and supply it singly."
RATIO = "The archive unfolds to more than 100 times its size; reading stopped at this member."
TOO_MANY = (
    "The archive has more than 100,000 members; the rest were not read. Supply them unpacked."
)
SPANNED = "The archive is one part of several; supply all parts joined, or what they unpack to."
NO_DIRECTORY = "The archive's list of members is lost, as in a file that was cut off; those found \
one by one were read, and there may have been more."
COUNTS = "The archive says it holds {stated:,} entries and lists {listed:,}."
DAMAGED = "The archive is damaged or cut off; ask for the file again."
NOTHING = "The archive holds no files."


@dataclass(slots=True)
class _Room:
    """How much the members may still unfold to, and which names are taken."""

    left: int
    taken: dict[str, int] = field(default_factory=dict)

    @property
    def limit(self) -> int:
        """How large the next member may be."""
        return min(self.left, _LARGEST_MEMBER)


def _is_archive(item: Item) -> bool:
    if item.head.startswith((_zipentries.LOCAL, _zipentries.END)):
        return _is_plain_zip(item)
    return _packed.is_tar(item.head) or _packed.packing(item.head) is not None


def _is_plain_zip(item: Item) -> bool:
    if item.suffix in _OTHERS:
        return False
    try:
        with item.open() as stream:
            found = _zipentries.directory(stream, most=1_000)
    except _zipentries.SpannedError:
        return True
    except _zipentries.NotAZipError:
        return item.suffix == ".zip"
    return not any(entry.name in _MARKS_OF_OTHERS for entry in found.entries)


@parser(
    suffixes=(".zip", ".tar", ".tgz", ".gz", ".bz2", ".tbz2", ".xz", ".txz"), claims=_is_archive
)
def archive(item: Item) -> Iterator[Found]:
    """Archive or packed file (.zip, .tar, .gz, .bz2, .xz)."""
    room = _Room(min(_LARGEST_TOTAL, max(_RATIO_FROM, _RATIO * item.size)))
    if item.head.startswith((_zipentries.LOCAL, _zipentries.END)):
        yield from _zip(item, room)
    elif _packed.is_tar(item.head) or _packed.packing(item.head) is not None:
        yield from _tar_or_one(item, room)
    else:
        what = "The file is named as an archive, which its first bytes are not; ask for it again."
        yield _problem(item.source, ProblemKind.CORRUPT, what)


def _zip(item: Item, room: _Room) -> Iterator[Found]:
    with item.open() as stream:
        try:
            found = _zipentries.directory(stream, most=_MOST_MEMBERS)
        except _zipentries.SpannedError:
            yield _problem(item.source, ProblemKind.UNSUPPORTED_TYPE, SPANNED)
            return
        except _zipentries.NotAZipError:
            yield _problem(item.source, ProblemKind.CORRUPT, DAMAGED)
            return
        yield from _of_the_whole(item, found)
        for entry in found.entries:
            if entry.is_folder:
                continue
            place = _place(item, entry.name, room)
            if entry.unsure:
                yield _problem(place, ProblemKind.NAME_UNDECODABLE, GUESSED)
            refused = _refused(entry)
            if refused is not None:
                yield _problem(place, *refused)
                continue
            try:
                yield from _read(place, entry.name, _unzip.unpack(
                    stream, entry, limit=room.limit), room)  # fmt: skip
            except TooLargeError:
                ends, what = _too_large(room)
                yield _problem(place, ends, what)
                if ends is ProblemKind.LIMIT_RATIO:
                    return
            except _unzip.BrokenEntryError:
                what = "The archive lists it where it is not; it may be damaged or cut off."
                yield _problem(place, ProblemKind.CORRUPT, what)
            except _unzip.UnknownMethodError:
                what = "It is packed by a method that is not read; unpack it and supply it."
                yield _problem(place, ProblemKind.UNSUPPORTED_TYPE, what)


def _of_the_whole(item: Item, found: _zipentries.Directory) -> Iterator[Found]:
    """How many members a zip says it has, and where that does not add up."""
    listed = len(found.entries)
    folders = sum(entry.is_folder for entry in found.entries)
    if found.stated is None:
        yield _problem(item.source, ProblemKind.TRUNCATED, NO_DIRECTORY)
    else:
        stated = max(found.stated, listed) - folders
        yield Declared(source=item.source, what="members", number=stated)
    if found.more:
        yield _problem(item.source, ProblemKind.LIMIT_COUNT, TOO_MANY)
    elif found.stated not in (None, listed, listed % 65_536):
        what = COUNTS.format(stated=found.stated, listed=listed)
        yield _problem(item.source, ProblemKind.CORRUPT, what)
    if listed == folders:
        yield _problem(item.source, ProblemKind.EMPTY, NOTHING)


def _refused(entry: _zipentries.Entry) -> tuple[ProblemKind, str] | None:
    if entry.is_locked:
        return ProblemKind.PASSWORD_NEEDED, LOCKED
    if not entry.is_regular:
        return ProblemKind.NOT_REGULAR_FILE, LINK
    if entry.overlaps:
        return ProblemKind.CORRUPT, SHARED
    return None


def _read(
    place: Source, name: str, unpacked: _unzip.Unpacked, room: _Room
) -> Iterator[Embedded | Problem]:
    """A member's bytes as evidence of its own, and what is wrong with them."""
    room.left -= len(unpacked.data)
    if unpacked.flaw:
        kind = ProblemKind.TRUNCATED if unpacked.data else ProblemKind.CORRUPT
        yield _problem(place, kind, unpacked.flaw)
        if not unpacked.data:
            return
    yield Embedded(
        source=place, name=_last(name), media_type="application/octet-stream", data=unpacked.data
    )


def _too_large(room: _Room) -> tuple[ProblemKind, str]:
    """Why a member was not read: its own size, or what all members together unfold to."""
    if room.left <= _LARGEST_MEMBER:
        return ProblemKind.LIMIT_RATIO, RATIO
    room.left -= _LARGEST_MEMBER  # unpacked and thrown away, which takes time all the same
    return ProblemKind.LIMIT_SIZE, TOO_LARGE


def _tar_or_one(item: Item, room: _Room) -> Iterator[Found]:
    """The members of a tar, packed or not, or the one file that a packed file holds."""
    number = 0
    try:
        with item.open() as stream:
            for one in _packed.members(stream, item.head, item.name, total=room.left):
                number += 1
                if number > _MOST_MEMBERS:
                    yield _problem(item.source, ProblemKind.LIMIT_COUNT, TOO_MANY)
                    return
                yield from _of_tar(_place(item, one.name, room), one, room)
    except RatioError:
        yield _problem(item.source, ProblemKind.LIMIT_RATIO, RATIO.replace("this", "the next"))
        return
    except _packed.BROKEN:
        kind = ProblemKind.TRUNCATED if number else ProblemKind.CORRUPT
        yield _problem(item.source, kind, DAMAGED)
        return
    if not number:
        yield _problem(item.source, ProblemKind.EMPTY, NOTHING)


def _of_tar(place: Source, one: _packed.Member, room: _Room) -> Iterator[Embedded | Problem]:
    if not one.is_regular:
        yield _problem(place, ProblemKind.NOT_REGULAR_FILE, LINK)
        return
    try:
        data, whole = one.read(room.limit)
    except TooLargeError:
        yield _problem(place, *_too_large(room))
        return
    flaw = "" if whole else "The archive ends before it does; what came out before that was read."
    yield from _read(place, one.name, _unzip.Unpacked(data, flaw), room)


def _place(item: Item, name: str, room: _Room) -> Source:
    """Where a member lies: its label, and a number where an earlier one has the same."""
    label = clean_line(name.replace("\\", "/"))[:_LONGEST_LABEL].strip() or "without a name"
    first = said = f"member {label}"
    number = room.taken.get(first, 0)
    while said in room.taken:
        number += 1
        said = f"{first} ({number + 1})"
    room.taken[first] = number
    room.taken.setdefault(said, 0)
    return replace(item.source, part=(*item.source.part, said))


def _last(name: str) -> str:
    """The last name of a member's path, which is all that says what it may be."""
    label = clean_line(name.replace("\\", "/")).strip()
    return label.rpartition("/")[2][-_LONGEST_LABEL:] or label[-_LONGEST_LABEL:]


def _problem(source: Source, kind: ProblemKind, what: str) -> Problem:
    return Problem(source=source, reader="archive", kind=kind, what=what)
