"""Bundles: where items begin, what an ordinary document shows, and that a ruling holds exactly."""

from __future__ import annotations

import io
import json
import time
from dataclasses import replace

import docx as word
import pytest
from bundles import HELD_OUT, ORDINARY, WRITING, Bundle, experience, letter, mail, minutes, pdf_of
from papers import item

from commtrace.model import Channel, Found, Grade, Problem, Proposal, Record, RulingKind
from commtrace.moments import say
from commtrace.parsers import _paper
from commtrace.parsers.docx import docx
from commtrace.parsers.pdf import pdf


def read(data: bytes, *, told: object = None, parser=pdf) -> list[Found]:
    paper = item("bundle.pdf", data)
    if told is not None:
        value = told if isinstance(told, str) else json.dumps(told)
        paper = replace(paper, told={RulingKind.BUNDLE: value})
    return list(parser.read(paper))


def records(found: list[Found]) -> list[Record]:
    return [one for one in found if isinstance(one, Record)]


def proposal(found: list[Found]) -> Proposal | None:
    return next((one for one in found if isinstance(one, Proposal)), None)


def first_pages(found: list[Found]) -> list[int]:
    """The first page of every item, as the proposal says it was read."""
    said = proposal(found)
    applied = said is not None and said.applied
    return [one["first"] for one in json.loads(said.value)["items"]] if applied else [1]


def words_of(value: object) -> str:
    return json.dumps(value)


@pytest.mark.parametrize("bundle", [*WRITING, *HELD_OUT], ids=lambda bundle: bundle.name)
def test_a_bundle_is_parted_where_its_items_begin(bundle: Bundle):
    assert first_pages(read(pdf_of(bundle))) == list(bundle.starts)


@pytest.mark.parametrize("bundle", ORDINARY, ids=lambda bundle: bundle.name)
def test_an_ordinary_long_document_is_not_parted(bundle: Bundle):
    found = read(pdf_of(bundle))
    assert len(records(found)) == 1
    assert not (proposal(found) and proposal(found).applied)


def test_every_page_of_a_bundle_is_in_exactly_one_item():
    for bundle in (*WRITING, *HELD_OUT):
        items = json.loads(proposal(read(pdf_of(bundle))).value)["items"]
        pages = [page for one in items for page in range(one["first"], one["last"] + 1)]
        assert pages == list(range(1, len(bundle.sheets) + 1))


def test_an_item_of_a_bundle_has_its_pages_its_date_and_says_that_it_is_not_confirmed():
    sheets = [*letter(1, pages=2), *mail(2), *letter(5)]
    one, two, three = records(read(pdf_of(Bundle("b", tuple(sheets), (1, 3, 4)))))
    assert [r.source.part for r in (one, two, three)] == [("pages 1-2",), ("page 3",), ("page 4",)]
    assert [say(r.sent) for r in (one, three)] == ["17 Mar 2022", "8 Jun 2022"]
    assert (one.channel, two.channel) == (Channel.LETTER, Channel.EMAIL)
    assert all(r.grade is Grade.REPORTED and _paper.UNCONFIRMED in r.doubts for r in (one, two))


def test_weak_evidence_only_proposes_and_the_outline_says_what_each_page_begins_with():
    bundle = next(one for one in ORDINARY if one.name == "a report with case studies")
    said = proposal(read(pdf_of(bundle)))
    value = json.loads(said.value)
    assert not said.applied
    assert [page for page, _ in value["outline"]] == list(range(1, len(bundle.sheets) + 1))
    assert value["outline"][7][1] == "Case study 1"


RULED = {
    "unit": "page",
    "items": [
        {"first": 1, "last": 1, "date": None, "title": "A note"},
        {"first": 2, "last": 4, "date": "2022-02-14", "title": "What happened"},
    ],
}


def test_a_ruling_holds_exactly_with_its_dates_and_is_proposed_again_as_applied():
    data = pdf_of(Bundle("b", tuple(experience(n)[0] for n in range(1, 5)), (1,)))
    found = read(data, told=RULED)
    one, two = records(found)
    assert (one.source.part, two.source.part) == (("page 1",), ("pages 2-4",))
    assert (say(two.sent), two.subject) == ("14 Feb 2022", "What happened")
    assert _paper.BY_RULING in two.doubts
    assert _paper.UNCONFIRMED not in two.doubts
    again = proposal(found)
    assert again.applied
    assert [one["first"] for one in json.loads(again.value)["items"]] == [1, 2]


def test_what_was_proposed_can_be_ruled_and_gives_the_same_items():
    data = pdf_of(WRITING[1])
    before = read(data)
    after = read(data, told=proposal(before).value)
    assert [(r.source, r.text, r.channel) for r in records(before)] == [
        (r.source, r.text, r.channel) for r in records(after)
    ]


@pytest.mark.parametrize(
    "told",
    [
        "no JSON", "[]", '{"items": [{"first": 1}]}',
        words_of({"items": [{"first": 1, "last": 2}, {"first": 4, "last": 4}]}),
        words_of({"items": [{"first": 1, "last": 9}]}),
        words_of({"items": [{"first": 1, "last": 4, "date": "the 3rd"}]}),
        words_of({"items": [{"first": 1, "last": 4}], "unit": "paragraph"}),
    ],
)  # fmt: skip
def test_a_ruling_that_does_not_fit_is_said_so_and_the_bundle_is_read_without(told: str):
    data = pdf_of(Bundle("b", tuple(experience(n)[0] for n in range(1, 5)), (1,)))
    found = read(data, told=told)
    assert [one.what for one in found if isinstance(one, Problem)]
    assert records(found) == records(read(data))


def test_one_long_document_of_150_pages_takes_seconds():
    bundle = Bundle("b", tuple(s for n in range(1, 51) for s in experience(n, pages=3)), (1,))
    data = pdf_of(bundle)
    start = time.perf_counter()
    found = read(data)
    assert len(records(found)) == 50
    assert time.perf_counter() - start < 10


def test_minutes_of_one_meeting_are_minutes_and_not_parted():
    (found,) = records(read(pdf_of(Bundle("b", tuple(minutes(1, 9)), (1,)))))
    assert found.channel is Channel.MINUTE


def _saved(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _experiences(*, breaks: bool):
    document = word.Document()
    document.add_heading("Families' experiences", 0)
    document.add_paragraph("An introduction. " * 30)
    for n in range(1, 7):
        if breaks:
            document.add_page_break()
        document.add_heading(f"Experience {n}", 1)
        document.add_paragraph(f"Date: {n} March 2022")
        document.add_heading("What happened", 2)
        document.add_paragraph("The taxi was late again. " * 12)
    return document


@pytest.mark.parametrize("breaks", [True, False])
def test_a_word_file_of_experiences_is_parted_at_its_headings(breaks: bool):
    found = read(_saved(_experiences(breaks=breaks)), parser=docx)
    assert [r.source.part for r in records(found)][:3] == [
        ("paragraphs 1-2",), ("paragraphs 3-6",), ("paragraphs 7-10",),
    ]  # fmt: skip
    assert [say(r.sent) for r in records(found)[1:3]] == ["1 Mar 2022", "2 Mar 2022"]
    assert json.loads(proposal(found).value)["unit"] == "paragraph"


def test_every_paragraph_of_a_word_file_is_in_exactly_one_item():
    data = _saved(_experiences(breaks=True))
    whole = read(data, told={"unit": "paragraph", "items": [{"first": 1, "last": 26}]}, parser=docx)
    parted = "".join(r.text for r in records(read(data, parser=docx)))
    assert "".join(parted.split()) == "".join(records(whole)[0].text.split())


def test_a_word_file_of_letters_is_parted_at_its_page_breaks():
    document = word.Document()
    for n in range(1, 4):
        lines = ["Wantsum County Council", f"{n} March 2022", "Dear Mrs Okafor", "Your appeal",
                 "The panel met. " * 12, "Yours sincerely", "Jane Smith"]  # fmt: skip
        for line in lines:
            document.add_paragraph(line)
        if n < 3:
            document.add_page_break()
    found = read(_saved(document), parser=docx)
    assert [say(r.sent) for r in records(found)] == ["1 Mar 2022", "2 Mar 2022", "3 Mar 2022"]


def test_an_ordinary_policy_in_word_is_not_parted():
    document = word.Document()
    document.add_heading("Transport policy", 0)
    for n in range(1, 25):
        document.add_heading(f"{n}. Who is entitled", 1)
        document.add_paragraph("The council decides. " * 20)
    for letter_ in "ABC":
        document.add_page_break()
        document.add_heading(f"Appendix {letter_}", 1)
        document.add_paragraph("Dear [parent or carer]")
        document.add_paragraph("We write about transport. " * 10)
    found = read(_saved(document), parser=docx)
    assert len(records(found)) == 1
    assert not proposal(found).applied


def _letter_behind(words: int):
    document = word.Document()
    document.add_paragraph("Harbour Trust, Quay House. " + "A charity. " * ((words - 4) // 2))
    document.add_heading("Admissions Office", 1)
    said = "Thank you for your letter. " * 20
    for line in (
        "14 Quay Street",
        "3 March 2022",
        "Dear Mr Hale",
        said,
        "Yours sincerely",
        "I Roy",
    ):
        document.add_paragraph(line)
    return read(_saved(document), parser=docx)


def test_a_letterhead_above_the_one_letter_of_a_word_file_is_no_item_of_its_own():
    found = _letter_behind(12)
    assert len(records(found)) == 1
    assert proposal(found) is None


def test_a_letter_behind_pages_of_something_else_is_proposed():
    assert proposal(_letter_behind(120)) is not None
