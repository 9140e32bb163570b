"""Archives: each member read again, whatever the archive says of itself, and none by its name."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import time
import zipfile
import zlib

import pytest
from messages import item
from papers import paragraphs, word
from wrapped import zip_of

from commtrace.model import Declared, Embedded, Problem, ProblemKind
from commtrace.parsers.archive import archive
from commtrace.plugins import choose

EML = b"From: a@x.example\nTo: b@x.example\nSubject: hi\n\nHello.\n"


def found(data, name="box.zip"):
    return list(archive.read(item(data, name)))


def members(data, name="box.zip"):
    return [(one.source.part, one.name, one.data) for one in found(data, name)
            if isinstance(one, Embedded)]  # fmt: skip


def kinds(data, name="box.zip"):
    return [(one.source.part, one.kind) for one in found(data, name) if isinstance(one, Problem)]


def tar_of(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    return out.getvalue()


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_each_member_is_read_again_whatever_packed_it(method):
    data = zip_of(("in/a.eml", EML), ("in/", b""), ("b.txt", b"x" * 5000), method=method)
    assert members(data) == [
        (("member in/a.eml",), "a.eml", EML),
        (("member b.txt",), "b.txt", b"x" * 5000),
    ]
    assert [one.number for one in found(data) if isinstance(one, Declared)] == [2]


def test_a_name_that_comes_twice_gets_two_places():
    data = zip_of(("a", b"1"), ("a (2)", b"2"))
    assert [part for part, *_ in members(data)] == [("member a",), ("member a (2)",)]
    twice = zip_of(("a", b"1"), ("b", b"2"), ("c", b"3")).replace(b"b", b"a").replace(b"c", b"a")
    assert [part for part, *_ in members(twice)] == [
        ("member a",), ("member a (2)",), ("member a (3)",),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "label", "last"),
    [
        ("../../evil.eml", "member ../../evil.eml", "evil.eml"),
        ("/etc/passwd", "member /etc/passwd", "passwd"),
        ("C:\\Temp\\a.eml", "member C:/Temp/a.eml", "a.eml"),
        ("CON", "member CON", "CON"),
        ("é.eml", "member é.eml", "é.eml"),
        ("a" * 3000 + ".eml", "member " + "a" * 400, "a" * 396 + ".eml"),
        ("x\ny.eml", "member x y.eml", "x y.eml"),
    ],
)
def test_names_are_labels(name, label, last):
    ((part, known_as, _),) = members(zip_of((name, b"x")))
    assert (part, known_as) == ((label,), last)


def test_a_nul_in_a_name_hides_nothing():
    data = zip_of(("a.eml!b.exe", b"x")).replace(b"a.eml!", b"a.eml\0")
    assert members(data)[0][1] == "a.eml␀b.exe"


def test_a_name_in_no_stated_charset_is_doubted():
    data = zip_of(("b_cher.eml", b"x")).replace(b"b_cher", b"b\x81cher")
    assert members(data)[0][1] == "bücher.eml"
    assert kinds(data) == [(("member bücher.eml",), ProblemKind.NAME_UNDECODABLE)]


def test_a_locked_member_is_listed_and_the_others_are_read():
    data = bytearray(zip_of(("a.eml", EML), ("b.eml", EML)))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert kinds(bytes(data)) == [(("member a.eml",), ProblemKind.PASSWORD_NEEDED)]
    assert [name for _, name, _ in members(bytes(data))] == ["b.eml"]


def test_aes_is_a_password_too():
    data = bytearray(zip_of(("a.eml", EML)))
    data[data.index(b"PK\x01\x02") + 10] = 99
    assert kinds(bytes(data))[0][1] is ProblemKind.PASSWORD_NEEDED


def test_links_are_not_followed():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        link = zipfile.ZipInfo("link")
        link.create_system = 3
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    assert kinds(out.getvalue()) == [(("member link",), ProblemKind.NOT_REGULAR_FILE)]
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as made:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
            info = tarfile.TarInfo(f"n{kind.decode()}")
            info.type, info.linkname = kind, "/etc/passwd"
            made.addfile(info)
    assert {kind for _, kind in kinds(tar.getvalue(), "a.tar")} == {ProblemKind.NOT_REGULAR_FILE}


def overlapping(count: int) -> bytes:
    """Many entries of the directory over one member: 50,000 claimed 524 GB of a 2.4 MB file."""
    one = zip_of(("a", bytes(100_000)))
    at, end = one.index(b"PK\x01\x02"), one.index(b"PK\x05\x06")
    directory = one[at:end] * count
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(directory), at, 0)
    return one[:at] + directory + tail


def test_members_that_share_their_bytes_are_read_once():
    data = overlapping(2_000)
    assert len(members(data)) == 1
    assert [kind for _, kind in kinds(data)] == [ProblemKind.CORRUPT] * 1_999


def test_more_members_than_are_read_are_said(monkeypatch):
    monkeypatch.setattr("commtrace.parsers.archive._MOST_MEMBERS", 10)
    data = zip_of(*((f"{n}", b"x") for n in range(30)))
    assert len(members(data)) == 10
    assert kinds(data) == [((), ProblemKind.LIMIT_COUNT)]
    assert next(one.number for one in found(data) if isinstance(one, Declared)) == 30


def test_a_bomb_is_stopped_before_it_is_held():
    data = zip_of(("a.eml", EML), ("bomb", bytes(60 << 20)), ("b.eml", EML))
    started = time.process_time()
    assert kinds(data) == [(("member bomb",), ProblemKind.LIMIT_RATIO)]
    assert [name for _, name, _ in members(data)] == ["a.eml"]
    assert time.process_time() - started < 5
    assert kinds(gzip.compress(bytes(60 << 20)), "b.gz") == [((), ProblemKind.LIMIT_RATIO)]


def test_a_member_too_large_for_one_is_named_and_the_others_are_read(monkeypatch):
    monkeypatch.setattr("commtrace.parsers.archive._LARGEST_MEMBER", 1_000)
    data = zip_of(("big", bytes(2_000)), ("b.eml", EML))
    assert kinds(data) == [(("member big",), ProblemKind.LIMIT_SIZE)]
    assert [name for _, name, _ in members(data)] == ["b.eml"]


@pytest.mark.parametrize("size", [0, 1, 10, 0xFFFFFFFE, 0xFFFFFFFF])
def test_a_size_that_lies_loses_nothing_and_is_said(size):
    data = bytearray(zip_of(("a.eml", EML)))
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, size)
    assert [inner for *_, inner in members(bytes(data))] == [EML]
    assert [kind for _, kind in kinds(bytes(data))] == [ProblemKind.TRUNCATED]


def test_an_offset_beyond_the_file_is_a_broken_member():
    data = bytearray(zip_of(("a.eml", EML), ("b.eml", EML)))
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 42, 0xFFFFFF)
    assert [name for _, name, _ in members(bytes(data))] == ["b.eml"]
    assert kinds(bytes(data)) == [(("member a.eml",), ProblemKind.CORRUPT)]


def test_the_members_of_a_zip_cut_off_are_read_as_far_as_they_go():
    data = zip_of(("a.eml", EML), ("b.txt", bytes(range(256)) * 40))
    cut = data[: data.index(b"PK\x01\x02") - 300]
    assert [name for _, name, _ in members(cut)][:1] == ["a.eml"]
    assert ((), ProblemKind.TRUNCATED) in kinds(cut)


def test_a_zip_written_as_a_stream_is_read_with_and_without_its_directory():
    class Pipe(io.RawIOBase):
        def __init__(self):
            self.out = bytearray()

        def writable(self):
            return True

        def write(self, data):
            self.out += data
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.eml", EML)
        made.writestr("b.eml", EML)
    data = bytes(pipe.out)
    whole = [inner for *_, inner in members(data)]
    cut = [inner for *_, inner in members(data[: data.index(b"PK\x01\x02")])]
    assert whole == cut == [EML, EML]


def test_zip64_is_read():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made, made.open("a.eml", "w", force_zip64=True) as stream:
        stream.write(EML)
    assert [inner for *_, inner in members(out.getvalue())] == [EML]


def test_one_part_of_several_is_said():
    data = bytearray(zip_of(("a", b"x")))
    struct.pack_into("<HH", data, data.index(b"PK\x05\x06") + 4, 3, 2)
    assert kinds(bytes(data)) == [((), ProblemKind.UNSUPPORTED_TYPE)]


def test_an_empty_zip_says_so():
    assert kinds(zip_of()) == [((), ProblemKind.EMPTY)]


@pytest.mark.parametrize("method", [9, 93, 98, 12345])
def test_a_method_that_is_not_read_is_said(method):
    data = bytearray(zip_of(("a.eml", EML)))
    struct.pack_into("<H", data, data.index(b"PK\x01\x02") + 10, method)
    assert kinds(bytes(data)) == [(("member a.eml",), ProblemKind.UNSUPPORTED_TYPE)]


@pytest.mark.parametrize(
    ("name", "pack"),
    [("a.tar", bytes), ("a.tar.gz", gzip.compress), ("a.tgz", gzip.compress),
     ("a.tar.bz2", bz2.compress), ("a.tar.xz", lzma.compress)],
)  # fmt: skip
def test_a_tar_is_read_packed_or_not(name, pack):
    data = pack(tar_of(("in/a.eml", EML), ("n" * 300, b"x"), ("in/a.eml", b"y")))
    parts = [part for part, *_ in members(data, name)]
    assert parts == [
        ("member in/a.eml",), (f"member {'n' * 300}",), ("member in/a.eml (2)",),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "pack", "inner"),
    [("a.mbox.gz", gzip.compress, "a.mbox"), ("a.bz2", bz2.compress, "a"),
     ("A.EML.XZ", lzma.compress, "A.EML")],
)  # fmt: skip
def test_a_packed_file_is_read_as_what_it_holds(name, pack, inner):
    assert members(pack(EML), name) == [((f"member {inner}",), inner, EML)]


def test_a_tar_cut_off_keeps_what_came_before():
    data = tar_of(("a.eml", EML), ("b.eml", EML * 500))[:20_000]
    first, second = members(data, "a.tar")
    assert (first[1], second[1]) == ("a.eml", "b.eml")
    assert 8_000 < len(second[2]) < 18_500
    assert ProblemKind.TRUNCATED in {kind for _, kind in kinds(data, "a.tar")}


def test_packed_files_cut_off_are_said():
    cut = gzip.compress(EML * 100)[:-9]
    assert ProblemKind.TRUNCATED in {kind for _, kind in kinds(cut, "a.eml.gz")}


@pytest.mark.parametrize(
    ("data", "name", "format_"),
    [
        (word(paragraphs("Hello")), "a.docx", "docx"),
        (word(paragraphs("Hello")), "a.zip", "docx"),
        (zip_of(("a.eml", EML)), "a.zip", "archive"),
        (zip_of(("a.eml", EML)), "without", "archive"),
        (zip_of(("[Content_Types].xml", b"x"), ("ppt/a.xml", b"x")), "a.pptx", None),
        (zip_of(("[Content_Types].xml", b"x"), ("ppt/a.xml", b"x")), "without", None),
        (zip_of(("mimetype", b"application/epub+zip")), "a.epub", None),
        (zip_of(("META-INF/MANIFEST.MF", b"x")), "a", None),
        (b"PK\x03\x04" + bytes(50), "a.zip", "archive"),
        (b"PK\x03\x04" + bytes(50), "a.bin", None),
        (b"no archive", "a.zip", "archive"),
        (gzip.compress(EML), "a.gz", "archive"),
        (tar_of(("a", b"x")), "x", "archive"),
    ],
)
def test_only_plain_archives_are_claimed(data, name, format_):
    assert [one.name for one in choose(item(data, name))] == ([format_] if format_ else [])


def test_no_archive_is_a_problem():
    for data in (b"no archive", b"PK\x03\x04" + bytes(50)):
        assert kinds(data) == [((), ProblemKind.CORRUPT)]


def test_a_checksum_that_does_not_fit_is_said_and_the_bytes_are_read():
    data = bytearray(zip_of(("a.eml", EML), method=zipfile.ZIP_STORED))
    at = data.index(b"Hello")
    data[at] ^= 1
    assert zlib.crc32(bytes(data[at : at + 7])) != zlib.crc32(b"Hello.\n")
    assert kinds(bytes(data)) == [(("member a.eml",), ProblemKind.TRUNCATED)]
    assert len(members(bytes(data))) == 1


LIES = [0, 1, 100, 2**31, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1]


def wide(size: int, packed: int, start: int) -> bytes:
    return struct.pack("<HHQQQ", 1, 24, size, packed, start)


@pytest.mark.parametrize("number", LIES)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_zip64_numbers_that_lie_end_in_values(place, number):
    numbers = [5, 5, 0]
    numbers[place] = number
    extra, full = wide(*numbers), 0xFFFFFFFF
    member = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 45, 0, 0, 0, 0, 0, 5, 5, 1, 0) + b"ahello"
    entry = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 45, 45, 0, 0, 0, 0, 0, full, full, 1,
                        len(extra), 0, 0, 0, 0, full) + b"a" + extra  # fmt: skip
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), len(member), 0)
    assert [type(one) for one in found(member + entry + end)][1:]
    assert found(member.replace(b"a", b"a" + extra) + extra)


@pytest.mark.parametrize("number", LIES)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_zip64_directory_that_lies_loses_no_member(place, number):
    whole = zip_of(("a.eml", EML))
    at, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    numbers = [1, end - at, at]
    numbers[place] = number
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, numbers[0], *numbers)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, end, 1)
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF, 2**32 - 1,
                       2**32 - 1, 0)  # fmt: skip
    data = whole[:end] + record + locator + tail
    assert [inner for *_, inner in members(data)] in ([EML], [])
    assert found(data)


def test_many_members_of_one_name_without_a_directory_are_read_in_linear_time():
    header = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 8, 8, 0, 0, 0, 0, 0, 1, 0) + b"a"
    started = time.process_time()
    found(header * 60_000)
    assert time.process_time() - started < 10
