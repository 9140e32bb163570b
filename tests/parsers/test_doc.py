"""Word 97-2003 documents: read through converters, and what is said where none is there."""

import pytest
from papers import SHARED, outlook, problems, record

from commtrace.model import ProblemKind
from commtrace.parsers import _program, doc
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
    assert doc._BODY_ONLY in found.doubts


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
