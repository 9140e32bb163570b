"""The papers: one content in three formats, the same bytes, and evidence that cannot act."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from types import SimpleNamespace

import openpyxl
import pypdf
import pytest

from commtrace import report
from commtrace.errors import CallError
from commtrace.model import ActVerdict, Severity
from commtrace.report import _xlsx
from commtrace.report._words import visible
from commtrace.report.paper import Options, paper

CELL = 32_767


class Page(HTMLParser):
    """Collects what a browser would load or follow, and the text it would show."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.references, self.words, self.attributes = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.references += [v for n, v in attrs if n in {"src", "href", "action", "data", "poster"}]

    def handle_data(self, data):
        self.words.append(data)


def read(html):
    page = Page()
    page.feed(html)
    return page


def one_line(text):
    return re.sub(r"\s+", " ", text)


def pdf_text(data):
    pages = pypdf.PdfReader(BytesIO(data)).pages
    return one_line(" ".join(page.extract_text() for page in pages)).replace("\u200b", "")


def cells(data):
    book = openpyxl.load_workbook(BytesIO(data))
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row]


def test_report_writes_the_three_papers_and_nothing_else(case, tmp_path):
    made = report.report(case, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in made)
    assert {path.suffix for path in made} == {".html", ".pdf", ".xlsx"}


@pytest.mark.parametrize("make", [report.html, report.xlsx])
def test_the_same_case_gives_the_same_bytes(case, hostile, make):
    assert make(case) == make(case)
    assert make(hostile) == make(hostile)


def test_the_same_case_gives_the_same_pdf(case, hostile, case_pdf, hostile_pdf):
    assert report.pdf(case) == case_pdf
    assert report.pdf(hostile) == hostile_pdf


def test_every_format_carries_every_sentence_severity_and_hash(case):
    html = one_line(" ".join(read(report.html(case)).words))
    pdf = pdf_text(report.pdf(case))
    book = " ".join(str(cell.value) for cell in cells(report.xlsx(case)) if cell.value)
    for one in case.findings():
        for text in (html, pdf, book):
            assert one.sentence in text
            assert case.reference(one) in text
            for cite in one.cites:
                assert cite.source.sha256 in text


def test_every_finding_has_an_exhibit_with_a_hash(case):
    made = paper(case, Options())
    assert len(made.register) == len(case.findings())
    for entry in made.register:
        assert entry.cited
        assert all(re.fullmatch("[0-9a-f]{64}", cited.exhibit.sha256) for cited in entry.cited)


def test_an_exhibit_has_one_number_whatever_families_are_chosen(case):
    whole = paper(case, Options())
    part = paper(case, Options(families=("evidence",)))
    numbers = {e.id: [c.exhibit.number for c in e.cited] for e in whole.register}
    assert [e.rule for e in part.register] == ["missing_message"]
    assert all([c.exhibit.number for c in e.cited] == numbers[e.id] for e in part.register)


def test_a_family_that_does_not_exist_is_a_wrong_call_and_says_which_do(case):
    with pytest.raises(CallError, match="rumours is no family of gaps; known are evidence"):
        report.html(case, families=("rumours",))


def test_who_decided_what_is_listed_at_the_sign_off(case):
    html = report.html(case)
    assert "supplied on 5 May" in html[html.index('id="sign"') :]


def test_coverage_and_limits_come_before_the_first_finding(case):
    html = report.html(case)
    assert html.index('id="limits"') < html.index('id="glance"') < html.index('id="findings"')


def test_a_rule_without_a_finding_says_what_the_material_could_have_shown(case_pdf):
    text = pdf_text(case_pdf)
    assert "Silence. No finding by this rule. The material could have shown it" in text


def test_an_area_without_a_finding_says_so(case):
    assert "No finding in this area." in report.html(case)


def test_a_rule_that_could_not_be_run_is_said_and_not_passed_over(case):
    case.failed = (SimpleNamespace(rule="silence", what="It stopped before its end."),)
    assert "It stopped before its end." in report.html(case)
    assert "It stopped before its end." in pdf_text(report.pdf(case))


def test_a_decision_is_printed_with_name_reason_and_day(case):
    said = "Explained by A. Auditor, 6 May 2022, 11:00: supplied on 5 May."
    assert said in report.html(case)
    assert said in pdf_text(report.pdf(case))


def test_a_decision_on_other_exhibits_is_marked(case):
    key = next(iter(case.decided))
    case.decided = {key: replace(case.decided[key], exhibits="other")}
    assert "The exhibits have changed since." in report.html(case)


def test_what_a_person_ruled_on_a_sentence_is_listed_at_the_sign_off(case):
    said = ("Thank you for the list.", "is no request", "A. Auditor", "It only thanks.")
    html, pdf = report.html(case), pdf_text(report.pdf(case))
    sheet = openpyxl.load_workbook(BytesIO(report.xlsx(case)))["Rulings"]
    assert all(words in html[html.index('id="sign"') :] for words in said)
    assert all(words in pdf for words in said)
    assert set(said) <= {cell.value for cell in sheet[2]}


def test_an_exhibit_whose_act_a_person_tagged_says_so(case):
    (act,) = case.one_view.acts["c1"]
    one = replace(case.ruled[0], verdict=ActVerdict.IS, because="Read aloud.")
    acts = {"c1": (replace(act, cue=f"tagged by {one.signed}", ruled=one),)}
    case.one_view = replace(case.one_view, acts=acts)
    assert "The request (tagged by A. Auditor, 7 May 2022: Read aloud)" in report.html(case)


def test_without_rulings_no_paper_speaks_of_any(case):
    case.ruled = ()
    assert "Sentences ruled" not in report.html(case)
    assert "Rulings" not in openpyxl.load_workbook(BytesIO(report.xlsx(case))).sheetnames


def test_without_text_no_word_of_the_evidence_is_quoted(case):
    words = "When will we be told who drives"
    assert words in report.html(case)
    assert words not in report.html(case, include_text=False)
    assert words not in pdf_text(report.pdf(case, include_text=False))
    assert case.ruled[0].said not in report.html(case, include_text=False)


def test_the_gravest_are_printed_whole_and_the_rest_are_counted(case):
    many = tuple(
        replace(case.found[0], anchor=(f"a{n}",), severity=Severity.LOW) for n in range(60)
    )
    case.found = (case.found[0], *many)
    made = paper(case, Options())
    assert sum(len(rule.entries) for part in made.families for rule in part.rules) == 40
    html = report.html(case)
    assert "The gravest 40 of 61 findings are printed in full." in html
    assert "21 further findings by this rule: see the workbook." in html
    sheet = openpyxl.load_workbook(BytesIO(report.xlsx(case)))["Findings"]
    assert sheet.max_row == 1 + 61


def test_a_case_with_nothing_in_it_still_has_its_papers(case, tmp_path):
    case.found, case.decided = (), {}
    assert "There is no finding" in report.html(case)
    assert "There is no finding" in pdf_text(report.pdf(case))
    assert openpyxl.load_workbook(BytesIO(report.xlsx(case)))["Findings"].max_row == 1


def test_the_page_refers_to_nothing_outside_itself(hostile):
    page = read(report.html(hostile))
    assert all(reference.startswith("#") for reference in page.references)
    assert not {"script", "iframe", "img", "link", "object", "form", "base"} & set(page.tags)
    assert not [name for name in page.attributes if name.startswith("on")]


def test_the_page_forbids_a_browser_to_fetch_anything(case):
    assert "default-src 'none'" in report.html(case)


def test_hostile_words_are_shown_in_the_page_as_they_are_written(hostile):
    text = one_line(" ".join(read(report.html(hostile)).words))
    assert "<script>alert(1)</script>" in text
    assert "[U+202E]drowssap[U+202C][U+0001][U+000B][U+0000][U+D800]" in text


def test_the_page_holds_no_character_that_cannot_be_seen(hostile):
    html = report.html(hostile)
    assert visible(html) == html


def test_the_page_is_valid_for_a_reader_of_headings_and_tables(case):
    page = read(report.html(case))
    assert page.tags.count("h1") == 1
    assert page.tags.count("main") == 1
    assert page.tags.count("table") == page.tags.count("thead")
    assert {"scope", "lang", "aria-labelledby"} <= set(page.attributes)


def test_the_pdf_is_tagged_and_names_its_title_and_language(case_pdf):
    reader = pypdf.PdfReader(BytesIO(case_pdf))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "School transport, winter 2022: working paper"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_the_pdf_carries_no_date_of_making_and_no_link(hostile_pdf):
    reader = pypdf.PdfReader(BytesIO(hostile_pdf))
    assert reader.metadata.creation_date is None
    kinds = {
        note.get_object()["/A"]["/S"]
        for page in reader.pages
        for note in page.get("/Annots", [])
        if "/A" in note.get_object()
    }
    assert kinds <= {"/GoTo"}


def test_every_page_has_its_number_and_the_marking(case):
    reader = pypdf.PdfReader(BytesIO(report.pdf(case, marking="OFFICIAL")))
    total = len(reader.pages)
    for number, page in enumerate(reader.pages, 1):
        text = one_line(page.extract_text())
        assert f"Page {number} of {total}" in text
        assert "OFFICIAL" in text


def test_hostile_words_stand_in_the_pdf_as_words(hostile_pdf):
    text = pdf_text(hostile_pdf)
    assert '#image("x")' in text
    assert "[U+202E]" in text
    assert "[U+4E2D]" in text  # no shipped font has it, and a missing glyph is not allowed


def test_the_figure_has_its_words_for_a_reader_who_cannot_see_it(case_pdf):
    reader = pypdf.PdfReader(BytesIO(case_pdf))
    found = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, dict):
            if node.get("/S") == "/Figure":
                found.append(node.get("/Alt"))
            kids = node.get("/K", [])
            for kid in kids if isinstance(kids, list) else [kids]:
                if not isinstance(kid, int):
                    walk(kid)

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    assert len(found) == 1
    assert found[0]


def test_the_workbook_has_no_formula_and_no_link_whatever_the_evidence_says(hostile):
    book = openpyxl.load_workbook(BytesIO(report.xlsx(hostile)))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                assert cell.hyperlink is None
        assert sheet.sheet_state == "visible"


def test_a_cell_too_long_for_a_workbook_goes_on_below_and_says_so(hostile):
    long = visible(hostile.found[0].sentence)
    sheet = openpyxl.load_workbook(BytesIO(report.xlsx(hostile)))["Findings"]
    pieces = [row[3].value for row in sheet.iter_rows(min_row=2) if row[3].value]
    assert len(pieces) > 2
    assert all(len(piece) <= CELL for piece in pieces)
    assert all(piece.endswith(" [continued below]") for piece in pieces[:-1])
    joined = "".join(piece.removesuffix(" [continued below]") for piece in pieces)
    assert joined == re.sub(r"\s+", " ", long).strip()


def test_a_text_that_looks_like_a_number_stays_a_text(case):
    case.found = (replace(case.found[0], owes="00123"),)
    sheet = openpyxl.load_workbook(BytesIO(report.xlsx(case)))["Findings"]
    assert sheet["I2"].value == "00123"


def test_the_workbook_has_its_sheets_frozen_filtered_and_room_for_an_answer(case):
    book = openpyxl.load_workbook(BytesIO(report.xlsx(case)))
    names = ["Read me", "Findings", "Exhibits", "Handoffs", "Ledger", "Inside", "Coverage"]
    assert book.sheetnames == [*names, "Rulings"]
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")
    head = [cell.value for cell in book["Findings"][1]]
    assert {"Decision", "Response of the party"} <= set(head)


def test_the_ledger_sheet_has_one_row_a_file(case):
    sheet = openpyxl.load_workbook(BytesIO(report.xlsx(case)))["Ledger"]
    assert sheet.max_row == 1 + len(case.files())


def test_pieces_of_a_long_text_lose_nothing():
    text = "".join(chr(65 + n % 26) for n in range(50_000))
    pieces = _xlsx.pieces_of(text)
    assert "".join(piece.removesuffix(" [continued below]") for piece in pieces) == text


def test_a_preview_is_a_picture_of_each_page(case_pdf):
    data = case_pdf
    pictures = report.preview(data)
    assert len(pictures) == len(pypdf.PdfReader(BytesIO(data)).pages)
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


def test_an_unbalanced_ledger_is_said_in_the_paper(case):
    case.numbers = replace(case.numbers, balanced=False)
    assert "The ledger does not balance" in report.html(case)


def test_any_character_whatever_is_printed_or_named_and_never_stops_the_pdf(case):
    # the typesetter refuses a missing glyph, and once stopped on Arabic marks that combine
    chance = random.Random(20220221)  # noqa: S311 - a seeded story, nothing secret
    codes = [chance.randrange(0x20, 0x3000) for _ in range(1500)]
    codes += [chance.randrange(0x3000, 0x110000) for _ in range(300)]
    text = "".join(chr(code) + (" " if n % 7 == 0 else "") for n, code in enumerate(codes))
    case.brief = replace(case.brief, title=text)
    assert "[U+" in pdf_text(report.pdf(case))


def test_a_letter_with_its_accent_apart_is_printed_as_the_letter(case):
    case.brief = replace(case.brief, title="Cafe\u0301 transport")
    assert "Caf\u00e9 transport" in pdf_text(report.pdf(case))


def test_a_reason_longer_than_a_page_is_printed_to_its_end(case):
    key = next(iter(case.decided))
    long = " ".join(f"word{n}" for n in range(3000)) + " and the end"
    case.decided = {key: replace(case.decided[key], because=long)}
    assert pdf_text(report.pdf(case)).count("word2999 and the end") == 2


def test_the_gunning_criteria_of_a_consultation_are_a_table_of_their_own(case):
    shown = {
        "days open": 15,
        "Gunning, 1 formative stage": "no record of a decision before it opened was found",
        "Gunning, 3 adequate time": "open for 15 school days; the criterion is 28 school days",
    }
    first, *others = case.found
    made = replace(case, found=(replace(first, measure=shown), *others))
    (entry,) = (one for one in paper(made, Options()).register if one.gunning)
    assert [name for name, _ in entry.gunning] == ["1 formative stage", "3 adequate time"]
    assert entry.measure == (("days open", "15"),)
    pieces = read(report.html(made)).words
    place = pieces.index("Gunning criterion")
    assert pieces.index("1 formative stage") > place
    assert pieces.index(shown["Gunning, 1 formative stage"]) > place
    assert "Gunning criterion" not in read(report.html(case)).words
    assert "3 adequate time open for 15 school days" in pdf_text(report.pdf(made))
    assert "3 adequate time: open for 15" in " ".join(
        str(c.value) for c in cells(report.xlsx(made))
    )
