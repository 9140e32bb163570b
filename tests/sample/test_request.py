"""What the sample's holders are asked for, on paper and as a Word file."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import docx
import pypdf
import pytest

from commtrace import report
from commtrace.model import Decision, Disposition, Family
from commtrace.report import _request, _request_docx
from commtrace.report._wanted import Item, Wanted, requests


@pytest.fixture(scope="module")
def asked(case):
    return requests(case)


class Decided:
    """The case, with one decision on every finding."""

    def __init__(self, case, state):
        self.case, self.state = case, state

    def __getattr__(self, name):
        return getattr(self.case, name)

    def decisions(self):
        when = datetime(2022, 5, 4, tzinfo=UTC)
        return {
            one.id: Decision(subject=one.id, state=self.state, because="b", who="w", when=when)
            for one in self.case.findings()
        }


def test_every_gap_of_the_evidence_that_can_be_asked_about_is_asked_about(case, asked):
    named = {reference for one in asked for w in one.wanted for reference, _ in w.reasons}
    rules = {"coverage_hole", "missing_message", "missing_copy", "missing_attachment"}
    found = {case.reference(f) for f in case.findings() if f.rule in rules}
    assert found <= named
    assert {f.family for f in case.findings() if case.reference(f) in named} == {Family.EVIDENCE}


def test_three_copies_that_one_mailbox_lacks_are_one_request_with_three_messages(asked):
    (pell,) = [one for one in asked if one.holder == "Bronwen Pell"]
    (wanted,) = pell.wanted
    assert wanted.ask.startswith("The copy kept of each message sent by Bronwen Pell")
    assert len(wanted.items) == len(wanted.reasons) == 3
    assert pell.party == "GET"
    assert all(item.name.endswith("mail.wantsum.example") for item in wanted.items)


def test_an_absent_message_that_is_quoted_is_asked_for_by_its_sender(asked):
    (helpdesk,) = [one for one in asked if one.holder == "Transport Helpdesk"]
    (item,) = helpdesk.wanted[0].items
    assert item.sender == "Gwen Ostler"


def test_a_request_says_nothing_of_why_anything_is_absent(asked):
    text = " ".join(w.ask for one in asked for w in one.wanted) + _request.OPENING + _request.HOW
    for word in ("delet", "destroy", "fail", "withheld", "conceal", "suspicious"):
        assert word not in text.casefold()


@pytest.mark.parametrize("state", [Disposition.EXPLAINED, Disposition.NOT_MATERIAL])
def test_what_a_person_explained_is_not_asked_for(case, state):
    left = {
        ref for one in requests(Decided(case, state)) for w in one.wanted for ref, _ in w.reasons
    }
    assert left <= {"Register"}


def test_what_a_person_confirmed_is_asked_for_still(case, asked):
    assert requests(Decided(case, Disposition.CONFIRMED)) == asked


def test_both_papers_say_the_same(case, asked):
    paper = pypdf.PdfReader(io.BytesIO(report.request_pdf(case)))
    printed = "".join(page.extract_text() for page in paper.pages).replace("\u200b", "")
    word = docx.Document(io.BytesIO(report.request_docx(case)))
    written = "\n".join(p.text for p in word.paragraphs)
    for one in asked:
        assert one.holder in written
        for wanted in one.wanted:
            assert wanted.ask in written
            assert wanted.ask[:30].split()[0] in printed
    assert "".join(_request.OPENING.split())[:80] in "".join(printed.split())


def test_the_same_case_gives_the_same_bytes_and_no_link(case):
    data = report.request_docx(case)
    assert data == report.request_docx(case)
    assert report.request_pdf(case) == report.request_pdf(case)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert not any(b'TargetMode="External"' in part for part in parts.values())
    assert not any(b"fldSimple" in part or b"instrText" in part for part in parts.values())


def test_hostile_words_stay_words(case):
    evil = "=cmd|' /C calc'!A0 \x00\x0b\ud800 <w:p/> {{ x }} #link(\"http://a.example\")"
    one = _request.disclosure_request(case, marking="OFFICIAL")
    item = Item(when="1 Jan 2022", sender=evil, to=evil, subject=evil, name=evil)
    wanted = Wanted(ask=evil, reasons=(("G-0001", evil),), items=(item,))
    first = replace(one.requests[0], holder=evil, wanted=(wanted,))
    one = replace(one, requests=(first,))
    text = docx.Document(io.BytesIO(_request_docx.document(one)))
    assert "<w:p/>" in "\n".join(p.text for p in text.paragraphs)
    page = pypdf.PdfReader(io.BytesIO(_request.pdf(one)))
    assert all("/Annots" not in each for each in page.pages)


def test_a_case_without_gaps_asks_for_nothing(case):
    one = replace(_request.disclosure_request(case, marking="OFFICIAL"), requests=())
    text = "\n".join(
        p.text for p in docx.Document(io.BytesIO(_request_docx.document(one))).paragraphs
    )
    assert _request.NOTHING in text
    assert _request.pdf(one).startswith(b"%PDF")
