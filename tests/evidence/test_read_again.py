"""A file that is read again under a ruling: the latest reading counts, and every id still leads."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from commtrace.errors import CaseError
from commtrace.evidence.ingest import alone, reread
from commtrace.evidence.workers import serial
from commtrace.model import Counts, Ruling, RulingKind, Source

pytestmark = pytest.mark.usefixtures("mock_format")
PAGES = "pages the first|the second|the third"


def ruling(place, value, part=()):
    sha256 = place.store.files()[0].sha256
    return Ruling(
        source=Source(sha256=sha256, path="elsewhere.mock", part=part),
        kind=RulingKind.BUNDLE, value=value, because="it is so", who="A. Auditor",
        when=datetime(2022, 5, 6, tzinfo=UTC),
    )  # fmt: skip


def read_again(place, *rulings, read=serial):
    sha256 = place.store.files()[0].sha256
    return reread([sha256], case_folder=place.case, store=place.store, rulings=rulings, read=read)


def ids(place):
    return [one.id for one in place.store.communications()]


def test_a_file_is_read_as_was_decided(place):
    place.mock("a.mock", PAGES)
    place.ingest()
    assert place.texts() == ["the first|the second|the third"]
    found = read_again(place, ruling(place, "apart"))
    assert place.texts() == ["the first", "the second", "the third"]
    assert found.balanced
    assert place.store.differences() == ()
    assert place.store.count() == 3


def test_the_ledger_is_that_of_the_latest_reading(place):
    place.mock("a.mock", PAGES, "raise x")
    place.ingest()
    read_again(place, ruling(place, "apart"))
    (top,) = place.store.contained()
    assert top.inside == Counts(read=3)
    assert len(place.store.problems()) == 1
    assert place.store.files()[0].communications == 3


def test_the_id_of_the_whole_leads_to_its_first_part_and_back(place):
    place.mock("a.mock", PAGES)
    place.ingest()
    (whole,) = ids(place)
    read_again(place, ruling(place, "apart"))
    parts = {text: name for name, text in place.store.texts(ids(place)).items()}
    assert place.store.resolve(whole) == parts["the first"]
    read_again(place)
    assert ids(place) == [whole]
    assert {place.store.resolve(name) for name in parts.values()} == {whole}


def test_an_id_that_is_given_again_is_that_of_the_same_text(place):
    place.mock("a.mock", PAGES)
    place.ingest()
    read_again(place, ruling(place, "apart"))
    before = place.store.texts(ids(place))
    read_again(place, ruling(place, "together"))
    read_again(place, ruling(place, "apart"))
    assert place.store.texts(ids(place)) == before


def test_a_search_finds_what_is_current_only(place):
    place.mock("a.mock", PAGES)
    place.ingest()
    read_again(place, ruling(place, "apart"))
    (name,) = place.store.search("second")
    assert place.store.texts([name]) == {name: "the second"}


def test_a_fingerprint_changes_with_the_reading_and_comes_back(place, another):
    for one in (place, another):
        one.mock("a.mock", PAGES)
        one.ingest()
    before = place.store.fingerprint()
    read_again(place, ruling(place, "apart"))
    assert place.store.fingerprint() != before
    read_again(another, ruling(another, "together"))
    read_again(another, ruling(another, "apart"))
    assert place.store.fingerprint() == another.store.fingerprint()


def test_a_copy_elsewhere_stays_when_its_twin_is_read_in_parts(place):
    place.mock("a.mock", PAGES)
    place.mock("b.mock", "say the second")
    place.ingest()
    read_again(place, ruling(place, "apart"))
    assert place.texts() == ["the first", "the second", "the second", "the third"]


def test_an_embedded_thing_is_told_what_was_decided_on_it(place):
    place.mock("a.mock", f"attach {PAGES.replace('|', '/')}", "attach pages other")
    place.ingest()
    read_again(place, ruling(place, "apart", part=("message 1",)))
    parts = {one.source.part for one in place.store.communications()}
    assert parts == {("message 1", "page 1"), ("message 2",)}


def test_the_latest_ruling_on_a_place_counts(place):
    place.mock("a.mock", PAGES)
    place.ingest()
    read_again(place, ruling(place, "together"), ruling(place, "apart"))
    assert place.store.count() == 3


def test_proposals_are_kept_and_are_those_of_the_latest_reading(place):
    place.mock("a.mock", PAGES)
    place.ingest()
    (before,) = place.store.proposals()
    assert (before.source.path, before.kind, before.applied) == ("a.mock", RulingKind.BUNDLE, False)
    read_again(place, ruling(place, "apart"))
    (after,) = place.store.proposals()
    assert after.applied


def test_a_large_file_is_read_again_whole_or_not_at_all(place, monkeypatch):
    place.mock("a.mock", PAGES, "repeat 6000")
    place.ingest()
    before = place.dump()
    add, calls = place.store.add_files, 0

    def failing(found):
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        return add(found)

    monkeypatch.setattr(place.store, "add_files", failing)
    with pytest.raises(KeyboardInterrupt):
        read_again(place, ruling(place, "apart"))
    monkeypatch.undo()
    assert place.dump() == before
    assert place.store.differences() == ()


def test_a_worker_that_does_not_come_back_leaves_what_was_read(place):
    from cells import cell

    place.mock("a.mock", PAGES)
    place.ingest()
    before = place.dump()
    found = read_again(place, ruling(place, "and die"), read=cell(workers=1))
    assert "What was read before is kept" in found.warnings[0]
    assert place.dump() == before


def test_a_later_ingest_leaves_the_latest_reading_as_it_is(place):
    place.mock("a.mock", PAGES)
    place.ingest()
    read_again(place, ruling(place, "apart"))
    before = place.dump()
    place.ingest()
    assert place.dump() == before


def test_a_new_file_is_read_as_was_decided_on_its_content(place, another):
    place.mock("a.mock", PAGES)
    place.ingest()
    another.mock("b.mock", PAGES)
    another.ingest(rulings=[ruling(place, "apart")])
    assert another.store.count() == 3


def test_no_file_is_read_again_while_an_ingest_is_under_way(place):
    place.mock("a.mock", PAGES)
    place.ingest()
    with alone(place.case), pytest.raises(CaseError, match="under way"):
        read_again(place, ruling(place, "apart"))


def test_a_content_whose_copy_is_gone_is_said(place):
    place.mock("a.mock", PAGES)
    place.ingest()
    (sha256,) = {file.sha256 for file in place.store.files()}
    (place.case / "evidence" / sha256[:2] / sha256).unlink()
    with pytest.raises(LookupError, match="kept copy"):
        read_again(place, ruling(place, "apart"))
