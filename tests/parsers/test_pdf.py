"""PDFs: text by page and block, and each way a PDF can have none."""

from __future__ import annotations

import io

import pytest
from papers import SHARED, column, embedded, item, pdf_file, problems, record
from pypdf import PdfWriter

from commtrace.model import ProblemKind
from commtrace.moments import say
from commtrace.parsers.pdf import pdf

DWP = "govuk-notify/example_dwp_pdf.pdf"
GUARDIAN = "govuk-notify/public_guardian_sample.pdf"
WINDOW = "Mrs A Okafor\n12 Mill Lane\nWantsum\nCT5 2BC"
HEAD = "Wantsum County Council\nSessions House\nWantsum\nCT9 1XQ"
REST = (
    "11 February 2022\n\nDear Mrs Okafor\n\nYour appeal\n\nThe panel met.\n\n"
    "Yours sincerely\n\nJane Smith"
)


def rewritten(data: bytes, change) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(data))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_letter_drawn_out_of_order_is_read_from_top_to_bottom():
    lines = [*column(72, 560, REST), *column(72, 700, WINDOW), *column(380, 780, HEAD)]
    found = record(pdf, "a.pdf", pdf_file([lines]))
    assert found.text.startswith("Wantsum County Council")
    assert found.text.index("Mrs A Okafor") < found.text.index("11 February")
    assert (say(found.sent), found.to[0].name, found.sender.name, found.subject) == (
        "11 Feb 2022", "Mrs A Okafor", "Jane Smith", "Your appeal",
    )  # fmt: skip


def test_blocks_are_set_off_by_blank_lines_and_columns_by_wide_gaps():
    text = record(pdf, "a.pdf", pdf_file([column(72, 760, "One\nTwo\n\nThree")])).text
    assert text == "One\nTwo\n\nThree"


def test_pages_are_joined_with_a_form_feed():
    pages = [column(72, 760, "First page"), column(72, 760, "Second page")]
    assert record(pdf, "a.pdf", pdf_file(pages)).text == "First page\fSecond page"


def test_a_page_without_text_is_named():
    data = pdf_file([column(72, 760, "Words"), []])
    (found,) = problems(pdf, "a.pdf", data)
    assert found.kind is ProblemKind.NO_TEXT
    assert "page 2" in found.what


def test_a_pdf_without_any_text_gives_a_problem_and_no_record():
    (found,) = pdf.read(item("a.pdf", pdf_file([[]])))
    assert found.kind is ProblemKind.NO_TEXT
    assert "OCR" in found.what


def test_a_locked_pdf_asks_for_its_password():
    data = rewritten(
        pdf_file([column(72, 760, "Secret")]),
        lambda writer: writer.encrypt("x", algorithm="RC4-128"),
    )
    (found,) = problems(pdf, "a.pdf", data)
    assert found.kind is ProblemKind.PASSWORD_NEEDED


def test_a_file_attached_to_a_pdf_is_handed_on():
    data = rewritten(
        pdf_file([column(72, 760, "Words")]),
        lambda writer: writer.add_attachment("annex.txt", b"Annex words"),
    )
    (inside,) = embedded(pdf, "a.pdf", data)
    assert (inside.name, inside.data, inside.source.part) == (
        "annex.txt", b"Annex words", ("attachment 1",),
    )  # fmt: skip
    assert record(pdf, "a.pdf", data).attachments[0].name == "annex.txt"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.4\nnothing else", ProblemKind.TRUNCATED),
        (b"%PDF-1.4\nnothing else\n%%EOF\n", ProblemKind.CORRUPT),
        (b"", ProblemKind.EMPTY),
    ],
)
def test_a_broken_pdf_says_how_it_is_broken(data, kind):
    (found,) = problems(pdf, "a.pdf", data)
    assert found.kind is kind


def test_a_pdf_is_claimed_even_with_junk_before_it():
    assert pdf.claims(item("a.bin", b"\r\n\r\njunk\n" + pdf_file([[]])))


@pytest.mark.skipif(not (SHARED / "letters").exists(), reason="the corpus of letters is not here")
@pytest.mark.parametrize(
    ("path", "date", "to", "subject"),
    [
        (DWP, "23 Apr 2018", "MR J DOE", "Your State Pension forecast"),
        (GUARDIAN, "30 Mar 2020", "Addressee", "Notify letter testing"),
        ("freeeed/09.pdf", "28 Nov 2008", "Cognos Customer",
         "Transfer of Business Processes from Cognos to IBM, effective January 1, 2009"),
    ],
)  # fmt: skip
def test_real_letters_give_their_date_addressee_and_subject(path, date, to, subject):
    file = SHARED / "letters" / path
    found = record(pdf, file.name, file.read_bytes())
    assert (say(found.sent), found.to[0].name, found.subject) == (date, to, subject)


@pytest.mark.skipif(not (SHARED / "letters").exists(), reason="the corpus of letters is not here")
def test_a_letter_template_without_a_date_is_given_none():
    file = SHARED / "letters" / "govuk-notify" / "no_resources_on_last_page.pdf"
    assert record(pdf, "template.pdf", file.read_bytes()).sent is None
