"""Word documents: every place where Word keeps words, and what is refused politely."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from papers import embedded, item, paragraphs, problems, read, record, word

from commtrace.model import Channel, ProblemKind
from commtrace.moments import say
from commtrace.parsers import _docxtext, _packedfiles
from commtrace.parsers import docx as module
from commtrace.parsers._ole import MAGIC
from commtrace.parsers.docx import docx
from commtrace.plugins import choose

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def run(text: str, properties: str = "") -> str:
    return f"<w:r>{properties}<w:t>{text}</w:t></w:r>"


def part(root: str, inside: str) -> str:
    return f"<w:{root} {SPACE}>{inside}</w:{root}>"


def written_with_word() -> bytes:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "OFFICIAL"
    document.sections[0].footer.paragraphs[0].text = "Page 1"
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "Mrs A Okafor\n12 Mill Lane\nWantsum\nCT5 2BC"
    table.cell(0, 1).text = "Wantsum County Council\nEmail: send@wantsum.example"
    document.add_paragraph("Our ref: SEN/123    Your ref: AO/1")
    document.add_paragraph("7 March 2022")
    document.add_paragraph("Dear Mrs Okafor")
    document.add_paragraph().add_run("Transport for your son").bold = True
    document.add_paragraph("I write about the bus.")
    routes = document.add_table(1, 2)
    routes.cell(0, 0).text, routes.cell(0, 1).text = "1 May", "Route R7"
    document.add_paragraph("Yours sincerely")
    document.add_paragraph("Jane Smith")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_letter_from_word_is_one_record_with_its_head_read():
    found = record(docx, "a.docx", written_with_word())
    assert (found.channel, say(found.sent), found.our_ref, found.your_ref) == (
        Channel.LETTER, "7 Mar 2022", "SEN/123", "AO/1",
    )  # fmt: skip
    assert (found.sender.name, found.sender.address) == ("Jane Smith", "send@wantsum.example")
    assert (found.to[0].name, found.subject) == ("Mrs A Okafor", "Transport for your son")


def test_headers_tables_and_footers_are_part_of_the_text():
    text = record(docx, "a.docx", written_with_word()).text
    assert text.startswith("OFFICIAL")
    assert "1 May    Route R7" in text
    assert "[Footer: Page 1]" in text


def test_a_tracked_deletion_is_kept_and_labelled():
    body = (
        f"<w:p>{run('We will ')}<w:del w:author='J'><w:r><w:delText>not </w:delText></w:r></w:del>"
        f"{run('pay.')}</w:p>"
    )
    found = record(docx, "a.docx", word(body))
    assert found.text == "We will [deleted: not ]pay."
    assert _docxtext.TRACKED in found.doubts


def test_a_comment_and_a_footnote_are_kept_and_labelled():
    comments = part("comments", f"<w:comment w:author='Jane Smith' w:date='2022-03-07T10:00:00Z'>"
                                f"<w:p>{run('Do not send')}</w:p></w:comment>")  # fmt: skip
    notes = part("footnotes", f"<w:footnote><w:p>{run('See annex')}</w:p></w:footnote>")
    data = word(paragraphs("Hello"), word__comments_DOT_xml=comments, word__footnotes_DOT_xml=notes)
    text = record(docx, "a.docx", data).text
    assert "[Comment by Jane Smith, 2022-03-07: Do not send]" in text
    assert "[Footnote: See annex]" in text


def test_a_text_box_is_read_once_although_word_stores_it_twice():
    box = f"<w:txbxContent><w:p>{run('In the box')}</w:p></w:txbxContent>"
    compatible = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    twice = (
        f"<mc:AlternateContent {compatible}><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )
    data = word(f"<w:p><w:r>{twice}</w:r>{run('Beside it')}</w:p>")
    assert record(docx, "a.docx", data).text == "In the box\nBeside it"


def test_pictures_and_embedded_files_are_listed_and_handed_on():
    data = word(paragraphs("Hello"), word__media__image1_DOT_png=b"\x89PNG...")
    assert record(docx, "a.docx", data).attachments[0].name == "image1.png"
    (inside,) = embedded(docx, "a.docx", data)
    assert (inside.source.part, inside.media_type) == (("attachment 1",), "image/png")


def test_files_that_are_read_are_numbered_as_the_record_lists_them():
    data = word(
        paragraphs("Hello"),
        word__media__image1_DOT_png=bytes(2 << 20),
        word__media__image2_DOT_png=b"\x89PNG rest",
    )
    (found,) = embedded(docx, "a.docx", data)
    (flaw,) = problems(docx, "a.docx", data)
    assert (found.source.part, found.name) == (("attachment 1",), "image2.png")
    assert (flaw.source.part, flaw.kind) == (("attachment 2",), ProblemKind.LIMIT_RATIO)


def test_more_files_than_are_read_are_said(monkeypatch):
    monkeypatch.setattr(_packedfiles, "_MOST", 1)
    data = word(
        paragraphs("Hello"),
        word__media__image1_DOT_png=b"\x89PNG one",
        word__media__image2_DOT_png=b"\x89PNG two",
    )
    (found,) = problems(docx, "a.docx", data)
    assert found.kind is ProblemKind.LIMIT_COUNT


def test_entities_are_not_resolved():
    xml = (
        f'<!DOCTYPE d [<!ENTITY secret SYSTEM "file:///etc/passwd">]><w:document {SPACE}>'
        "<w:body><w:p><w:r><w:t>A&secret;B</w:t></w:r></w:p></w:body></w:document>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", xml)
    assert "root:" not in repr(read(docx, "a.docx", out.getvalue()))


def test_a_document_that_unpacks_to_far_too_much_is_refused():
    data = word(f"<w:p>{run('x' * 3_000_000)}</w:p>")
    (found,) = problems(docx, "a.docx", data)
    assert found.kind is ProblemKind.LIMIT_RATIO


def test_a_document_larger_than_is_read_is_refused(monkeypatch):
    monkeypatch.setattr(_packedfiles, "LARGEST_XML", 100)
    (found,) = problems(docx, "a.docx", word(paragraphs("Hello")))
    assert found.kind is ProblemKind.LIMIT_SIZE


def test_a_locked_document_asks_for_its_password():
    data = MAGIC + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(2000)
    (found,) = problems(docx, "a.docx", data)
    assert found.kind is ProblemKind.PASSWORD_NEEDED


def test_a_cut_document_is_a_problem():
    data = written_with_word()
    (found,) = problems(docx, "a.docx", data[: len(data) // 2])
    assert found.kind is ProblemKind.CORRUPT


def test_a_document_of_pictures_alone_says_that_recognition_would_help():
    data = word("", word__media__image1_DOT_png=b"\x89PNG...")
    (found,) = problems(docx, "a.docx", data)
    assert found.kind is ProblemKind.NO_TEXT


def test_nesting_of_any_depth_is_read_or_refused():
    deep = "<w:tbl><w:tr><w:tc>" * 5000 + paragraphs("x") + "</w:tc></w:tr></w:tbl>" * 5000
    assert read(docx, "a.docx", word(deep))


@pytest.mark.parametrize("name", ["a.docx", "renamed.bin", "no suffix"])
def test_a_document_is_known_by_its_content(name):
    assert [one.name for one in choose(item(name, written_with_word()))] == ["docx"]


def test_another_zip_is_not_claimed():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert not module._is_document(item("a.zip", out.getvalue()))
