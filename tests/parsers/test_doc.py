"""Word 97-2003 documents: read through converters, and what is said where none is there."""

import io
import random
import struct

import pytest
from papers import SHARED, outlook, problems, record

from commtrace.model import ProblemKind
from commtrace.parsers import _doctext, _program, doc
from commtrace.plugins import choose

REAL = SHARED / "letters" / "poi-doc" / "57843.doc"


@pytest.fixture
def real(tmp_path):
    import tarfile

    if REAL.is_file():
        return REAL.read_bytes()
    packed = [*SHARED.glob("letters*.tar.xz"), *(SHARED / "letters").glob("*.tar.xz")]
    for one in packed:
        with tarfile.open(one) as archive:
            archive.extractall(tmp_path, filter="data")
    found = next(tmp_path.rglob("57843.doc"), None)
    if found is None:
        pytest.skip("the shared corpora are not here")
    return found.read_bytes()


def needs(*programs):
    missing = [one for one in programs if not _program.is_installed(one)]
    if missing:
        pytest.skip(f"{missing[0]} is not installed here")


def without(monkeypatch, *programs):
    real = _program.is_installed
    monkeypatch.setattr(_program, "is_installed", lambda one: one not in programs and real(one))


def test_a_letter_is_read_and_the_two_converters_agree(real):
    needs("antiword", "catdoc")
    found = record(doc.doc, "a.doc", real)
    assert (found.salutation, found.sent.said) == ("Dear Governor Bush", "December 17, 2000")
    assert doc._DIFFER not in found.doubts
    assert doc._NO_HEADERS in found.doubts  # of Word 95, whose piece table is another


@pytest.mark.parametrize(("absent", "reader"), [("catdoc", "antiword"), ("antiword", "catdoc")])
def test_one_converter_alone_is_said_to_be_alone(real, monkeypatch, absent, reader):
    needs("antiword", "catdoc")
    without(monkeypatch, absent)
    found = record(doc.doc, "a.doc", real)
    assert "411 directory assistance" in found.text
    assert doc._ONE.format(reader=reader) in found.doubts


def test_without_a_converter_the_reader_is_told_what_would_help(real, monkeypatch):
    without(monkeypatch, "antiword", "catdoc", "soffice")
    (found,) = problems(doc.doc, "a.doc", real)
    assert found.kind is ProblemKind.UNSUPPORTED_TYPE
    assert "install one" in found.what


def test_converters_that_disagree_are_a_doubt(real, monkeypatch):
    monkeypatch.setattr(doc, "_antiword", lambda _: "one two three " * 20)
    monkeypatch.setattr(doc, "_catdoc", lambda _: "four five six " * 20)
    monkeypatch.setattr(_program, "is_installed", lambda _: True)
    assert doc._DIFFER in record(doc.doc, "a.doc", real).doubts


def test_a_converter_that_reads_little_gives_way(real, monkeypatch):
    monkeypatch.setattr(doc, "_antiword", lambda _: "one")
    monkeypatch.setattr(doc, "_catdoc", lambda _: "four five six " * 20)
    monkeypatch.setattr(_program, "is_installed", lambda _: True)
    assert doc._SHORT in record(doc.doc, "a.doc", real).doubts


def test_a_locked_document_asks_for_its_password(real):
    place = real.index(b"\xdc\xa5")  # wIdent of the header (Word 95)
    locked = bytearray(real)
    locked[place + 11] |= 1
    assert [one.kind for one in problems(doc.doc, "a.doc", bytes(locked))] == [
        ProblemKind.PASSWORD_NEEDED
    ]


def test_an_outlook_message_is_no_word_document():
    from papers import item

    data = outlook({"class": "IPM.Note", "subject": "x", "body": "y"})
    assert [one.name for one in choose(item("a.doc", data))] == ["msg"]


def word_97(body, *, header="", comment=""):
    """A Word 97 document of one piece, in the bytes that its piece table is read from."""
    from extract_msg import OleWriter

    stories = [*[""] * 7, f"{header}\r", *[""] * 4]
    headers = "".join(stories) if header else ""
    text = f"{body}\r" + headers + comment
    lengths = (len(body) + 1, 0, len(headers), 0, len(comment), 0, 0, 0)
    ends = [0]
    for story in stories:
        ends.append(ends[-1] + len(story))
    plcf = struct.pack("<14i", *ends, ends[-1]) if header else b""
    pieces = struct.pack("<ii", 0, len(text)) + struct.pack("<HIH", 0, 0x800, 0)
    clx = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    fib = bytearray(0x800)
    struct.pack_into("<H8xH", fib, 0, 0xA5EC, 0x0200)
    struct.pack_into("<8i", fib, 0x4C, *lengths)
    struct.pack_into("<II", fib, 0xF2, 0, len(plcf))
    struct.pack_into("<II", fib, 0x1A2, len(plcf), len(clx))
    writer = OleWriter(bytes.fromhex("0609020000000000c000000000000046"))
    writer.addEntry("WordDocument", bytes(fib) + text.encode("utf-16-le") + bytes(4096))
    writer.addEntry("1Table", plcf + clx + bytes(4096))
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_what_stands_around_the_body_is_read_from_the_document_itself(monkeypatch):
    without(monkeypatch, "antiword", "catdoc", "soffice")
    data = word_97("Dear Mrs Okafor", header="Kent County Council", comment="why?")
    found = record(doc.doc, "a.doc", data)
    assert found.text == "Kent County Council\n\nDear Mrs Okafor\n\n[Comments: why?]"
    assert doc._BARE in found.doubts


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\x13 PAGE \x14 7\x15b", "a 7b"),
        ("\x13 HYPERLINK \x13 x \x15\x14shown\x15", "shown"),
        ("A\x07B\x07\x07C\x07D\x07\x07", "A    B\nC    D\n"),
        ("one\x0btwo\x1ethree\x1f", "one\ntwo\u2011three"),
    ],
)
def test_marks_of_layout_are_no_words(raw, shown):
    assert _doctext.shown(raw) == shown


def test_no_damage_to_the_piece_table_raises():
    dice = random.Random(7)  # noqa: S311 - a seed makes damage repeatable
    original = word_97("Dear Mrs Okafor", header="Kent County Council", comment="why?")
    for _ in range(500):
        data = bytearray(original)
        for _ in range(dice.randint(1, 8)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        found = _doctext.words(bytes(data))
        assert found is None or isinstance(found.body, str)
