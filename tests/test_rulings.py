"""Rulings: checked in one sentence each, kept for good, obeyed now and at every later ingest."""

from __future__ import annotations

import json

import pytest

from commtrace import rulings
from commtrace.case import Case
from commtrace.errors import CallError, CaseError
from commtrace.model import Disposition, RulingKind, Source
from commtrace.rulings import Place, canonical

LOG = (
    "Date sent,From,To,Subject\n"
    "14/02/2022,Kent County Council,Mrs A Reed,Route W26\n"
    "15/02/2022,Kent County Council,Mr B Cole,Route W27\n"
)
ROLL = "Name,E-mail\nAda Reed,ada@one.example\nBen Cole,BEN@two.example\n"
AS_LETTERS = json.dumps({
    "sheet": None, "header": 1, "as": "communications", "channel": "letter",
    "columns": {"date": "Date sent", "from": "From", "to": "To", "subject": "Subject"},
})  # fmt: skip
AS_AUDIENCE = json.dumps({
    "sheet": None, "header": 1, "as": "audience", "channel": "email",
    "columns": {"name": "Name", "address": "E-mail"},
})  # fmt: skip
HERE = Source(sha256="0" * 64, path="bundle.pdf")
PAGES = {"unit": "page", "items": [{"first": 1, "last": 9, "date": None, "title": ""}]}
BUNDLE = Place(HERE, RulingKind.BUNDLE, PAGES)
TABLE = Place(HERE, RulingKind.TABLE, {"header": 1, "headings": ["Sent", "To"], "sheet": "Log"})
STORE = Place(HERE, RulingKind.DELETED_ITEMS, {})


@pytest.fixture
def case(tmp_path):
    box = tmp_path / "box"
    box.mkdir()
    (box / "log.csv").write_text(LOG, encoding="utf-8")
    made = Case.create(tmp_path / "case")
    made.ingest([box])
    yield made
    made.close()


def place(case, kind=RulingKind.TABLE):
    return next(p.source for p in case.proposals() if p.kind is kind)


def ruled(case, value, because="it is the log of letters sent"):
    return case.rule_on(place(case), RulingKind.TABLE, value, because=because, who="R. Eviewer")


def subjects(case):
    return sorted(one.subject for one in case.communications())


def test_a_table_is_read_as_letters_once_that_is_ruled_and_as_before_once_withdrawn(case, tmp_path):
    before = [one.id for one in case.communications()]
    ruled(case, AS_LETTERS)
    assert subjects(case) == ["Route W26", "Route W27"]
    (kept,) = case.rulings()
    assert (kept.who, kept.because) == ("R. Eviewer", "it is the log of letters sent")
    case.ingest([tmp_path / "box"])
    assert subjects(case) == ["Route W26", "Route W27"]
    assert case.verify().faults == ()
    assert case.reconciliation().balanced
    ruled(case, "null", "it is another list")
    assert [one.id for one in case.communications()] == before
    assert case.rulings() == ()
    assert len(rulings.history(case.store)) == 2


def test_a_ruling_holds_for_the_content_wherever_it_lies_and_is_kept_when_it_is_made_again(
    case, tmp_path
):
    ruled(case, AS_LETTERS)
    ids = [one.id for one in case.communications()]
    other = tmp_path / "late"
    other.mkdir()
    (other / "letters sent.csv").write_text(LOG, encoding="utf-8")
    case.ingest([other])
    assert [one.id for one in case.communications()] == ids
    ruled(case, AS_LETTERS, "the same again")
    assert [one.because for one in case.rulings()] == ["the same again"]


def test_a_ruling_that_was_cut_off_before_the_file_was_read_again_is_obeyed_by_the_next_ingest(
    case, tmp_path
):
    rulings.keep(
        case.store, place(case), RulingKind.TABLE, AS_LETTERS, because="log", who="R. Eviewer"
    )
    assert any("cut off" in note for note in case.verify().notes)
    case.ingest([tmp_path / "box"])
    assert subjects(case) == ["Route W26", "Route W27"]
    assert rulings.waiting(case.store) == ()


def test_a_ruling_needs_a_name_a_reason_and_a_place_where_something_is_to_be_decided(case):
    here = place(case)
    with pytest.raises(CallError, match="needs the name"):
        case.rule_on(here, RulingKind.TABLE, AS_LETTERS, because="x", who="")
    with pytest.raises(CallError, match="needs a reason"):
        case.rule_on(here, RulingKind.TABLE, AS_LETTERS, because=" ", who="R. E.")
    with pytest.raises(CallError, match="nothing of this kind to decide"):
        case.rule_on(here, RulingKind.BUNDLE, "{}", because="x", who="R. E.")
    assert case.rulings() == ()


def test_a_purge_of_the_content_removes_the_rulings_words(case):
    ruled(case, AS_LETTERS)
    case.purge(items=[place(case).sha256], because="not ours", who="R. Eviewer")
    assert case.rulings() == ()


def test_an_audience_from_a_table_has_its_members_once_that_is_ruled(tmp_path):
    box = tmp_path / "box" / "rolls"
    box.mkdir(parents=True)
    (box / "families.csv").write_text(ROLL, encoding="utf-8")
    text = '[[audiences]]\nid = "roll"\nlabel = "Families"\nfrom = "rolls/families.csv"\n'
    case = Case.create(tmp_path / "case", text=text)
    case.ingest([tmp_path / "box"])
    assert case.view().brief.audiences[0].members == ()
    case.rule_on(place(case), RulingKind.TABLE, AS_AUDIENCE, because="the roll", who="R. Eviewer")
    (audience,) = case.view().brief.audiences
    assert [(m.name, m.address) for m in audience.members] == [
        ("Ada Reed", "ada@one.example"),
        ("Ben Cole", "ben@two.example"),
    ]
    case.close()


def items(*spans):
    return json.dumps({"items": [{"first": a, "last": b, "date": d} for a, b, d in spans]})


def test_a_bundles_value_is_kept_in_one_form():
    kept = canonical(BUNDLE, items((1, 4, "2022-02-14"), (5, 9, None)))
    assert json.loads(kept) == {
        "unit": "page",
        "items": [
            {"first": 1, "last": 4, "date": "2022-02-14", "title": ""},
            {"first": 5, "last": 9, "date": None, "title": ""},
        ],
    }


WRONG = [
    (BUNDLE, items((1, 5, None), (5, 9, None)), "Item 2 overlaps the one before it at page 5"),
    (BUNDLE, items((1, 4, None), (6, 9, None)), "Page 5 is in no item"),
    (BUNDLE, items((2, 9, None)), "Page 1 is in no item"),
    (BUNDLE, items((1, 8, None)), "Page 9 is in no item"),
    (BUNDLE, items((1, 10, None)), "The document has 9 pages; item 1 goes beyond them"),
    (BUNDLE, items((1, 9, "2022-02-30")), "date of item 1"),
    (BUNDLE, items((1, 9, "14 February")), "date of item 1"),
    (BUNDLE, items((1, 9, "0001-01-01")), "date of item 1"),
    (BUNDLE, items((1, 9, 20220214)), "date of item 1"),
    (BUNDLE, items((4, 2, None)), "Item 1 of the bundle ends before it begins"),
    (BUNDLE, items((1, True, None)), "Item 1 of the bundle ends before it begins"),
    (BUNDLE, items(), "at least one item"),
    (BUNDLE, '{"items": [1]}', "has a first and a last page"),
    (BUNDLE, '{"items": [{"first": 1, "last": 9, "title": 7}]}', "title of item 1"),
    (BUNDLE, '{"unit": "line", "items": [{"first": 1, "last": 9}]}', "unit of a bundle"),
    (BUNDLE, "[" * 100_000, "not JSON"),
    (BUNDLE, '"' + "x" * (1 << 20) + '"', "longer than a ruling"),
    (BUNDLE, "nonsense", "not JSON"),
    (TABLE, '{"as": "letters"}', "read as one of communications, audience, text"),
    (TABLE, '{"as": "communications", "columns": {"to": "Whom"}}', 'has no column "Whom"'),
    (TABLE, '{"as": "communications", "columns": {"cc": "To"}}', 'has no field "cc"'),
    (TABLE, '{"as": "communications", "columns": {"date": "Sent"}}', "holds from, to, subject"),
    (TABLE, '{"as": "audience", "columns": {}}', "name or the address"),
    (TABLE, '{"as": "text", "header": -1}', "row of a table's headings"),
    (TABLE, '{"as": "text", "channel": "pigeon"}', "channel of a table's rows"),
    (TABLE, '{"as": "text", "columns": {"to": 1}}', "named by their headings"),
    (TABLE, '{"as": "text", "footer": 1}', "says sheet, header"),
    (STORE, '"yes"', "true or false"),
]


@pytest.mark.parametrize(("where", "value", "said"), WRONG)
def test_a_ruling_that_cannot_be_meant_is_answered_in_one_sentence(where, value, said):
    with pytest.raises(CallError, match=said) as error:
        canonical(where, value)
    assert str(error.value).count(". ") == 0


def test_headings_in_another_row_are_not_held_against_those_of_the_proposal():
    value = '{"as": "communications", "header": 3, "columns": {"to": "Recipient"}}'
    assert json.loads(canonical(TABLE, value))["columns"] == {"to": "Recipient"}


def test_a_decision_on_a_finding_survives_a_file_read_again(sample_copy, tmp_path):
    finding = sample_copy.findings()[0]
    sample_copy.decide(finding.id, Disposition.EXPLAINED, "by telephone", "R. Eviewer")
    (tmp_path / "log.csv").write_text(LOG, encoding="utf-8")
    sample_copy.ingest([tmp_path / "log.csv"])
    ruled(sample_copy, AS_LETTERS)
    assert sample_copy.decisions()[finding.id].because == "by telephone"
    assert sample_copy.finding(finding.id).id == finding.id


def test_where_the_kept_copy_is_gone_the_ruling_is_kept_and_what_was_read_stays(case):
    before = subjects(case)
    here = place(case)
    next((case.folder / "evidence").rglob(here.sha256)).unlink()
    with pytest.raises(CaseError, match="could not be read again"):
        ruled(case, AS_LETTERS)
    assert subjects(case) == before
    assert len(case.rulings()) == 1
