"""What lies inside is read again, as deep, as many and as much as the caps allow."""

from __future__ import annotations

import pytest

from commtrace.evidence import parcel
from commtrace.evidence.originals import embedded_bytes
from commtrace.evidence.reading import read_file
from commtrace.evidence.values import Caps, Task
from commtrace.model import Source
from commtrace.store import Store

pytestmark = pytest.mark.usefixtures("mock_format")


def test_an_attachment_is_read_again(place):
    place.mock("a.mock", "say outer", "attach say inner")
    place.ingest()
    assert place.texts() == ["inner", "outer"]
    assert place.store.files()[0].embedded == 1


def test_a_record_says_where_it_lay(place):
    place.mock("a.mock", "attach say inner")
    place.ingest()
    (found,) = place.store.communications()
    assert found.source.part == ("message 1", "message 1")


def test_a_thousand_containers_are_read_to_the_cap(place):
    place.mock("deep.mock", "nest 1000")
    place.ingest()
    assert place.states() == {"deep.mock": "partly"}
    assert ("deep.mock", "limit_depth") in place.kinds()
    assert len(place.texts()) == 20


def test_a_file_that_contains_itself_ends(place):
    place.mock("quine.mock", "say once", "itself")
    place.ingest()
    assert place.kinds() == {("quine.mock", "loop")}
    assert place.texts() == ["once"]


def _read(place, *commands, **caps):
    path = place.mock("a.mock", *commands)
    size = path.stat().st_size
    task = Task(path="a.mock", sha256="0" * 64, size=size, blob=path, spool=place.case / "x.found",
                encode=Store.encode, caps=Caps(**caps))  # fmt: skip
    return read_file(task)


def test_too_many_things_in_one_stop_its_reading(place):
    found = _read(place, "many 50", "say unread", count=10)
    assert "limit_count" in repr(parcel.unpacked(found.found)[-1])
    assert found.tally.embedded == 11


def test_too_much_inside_stops_its_reading(place):
    found = _read(place, "bytes 5000", "say unread", embedded_bytes=1000)
    assert "limit_size" in repr(parcel.unpacked(found.found)[-1])


def test_a_file_that_unfolds_to_many_times_its_size_stops(place):
    found = _read(place, "bytes 5000", "say unread", ratio=2, ratio_from=100)
    assert "limit_ratio" in repr(parcel.unpacked(found.found)[-1])


def test_pictures_inside_are_counted_and_no_problem(place):
    place.mock("a.mock", "say x", "many 3")
    place.ingest()
    assert place.states() == {"a.mock": "read"}
    assert place.store.files()[0].embedded == 3


def test_a_document_inside_that_nobody_reads_is_a_problem(place):
    place.mock("a.mock", "say x", "attached budget.xlsx application/vnd.ms-excel")
    place.ingest()
    assert place.states() == {"a.mock": "partly"}
    (problem,) = place.store.problems()
    assert "spreadsheet" in problem.what
    assert problem.source.part == ("message 2",)


def test_the_bytes_of_a_part_are_read_again_from_the_kept_copy(place):
    place.mock("a.mock", "say x", "attach attach say inner")
    place.ingest()
    digest = place.store.files()[0].sha256
    source = Source(sha256=digest, path="a.mock", part=("message 2", "message 1"))
    assert embedded_bytes(place.case / "evidence", source) == b"MOCK\nsay inner"


def test_a_place_without_bytes_of_its_own_is_said(place):
    place.mock("a.mock", "say x")
    place.ingest()
    digest = place.store.files()[0].sha256
    with pytest.raises(LookupError):
        embedded_bytes(place.case / "evidence", Source(sha256=digest, path="", part=("page 9",)))
