"""Every input file is in exactly one state, and the sums agree."""

from __future__ import annotations

import pytest

from commtrace.evidence.ledger import Stored, imbalance
from commtrace.evidence.values import Tally

pytestmark = pytest.mark.usefixtures("mock_format")


def test_each_file_is_in_one_state_with_a_reason(place):
    place.mock("read.mock", "say x")
    place.mock("again.mock", "say x")
    place.mock("partly.mock", "say y", "raise z")
    place.mock("failed.mock", "raise z")
    place.write("unsupported.xyz", b"\x01\x02\x03")
    place.write("Thumbs.db", b"x")
    found = place.ingest()
    assert place.states() == {
        "Thumbs.db": "excluded",
        "again.mock": "read",
        "failed.mock": "failed",
        "partly.mock": "partly",
        "read.mock": "duplicate",
        "unsupported.xyz": "unsupported",
    }
    assert all(place.reasons().values())
    assert (found.files, found.balanced) == (6, True)


def test_sums_that_do_not_agree_are_said():
    tally = Tally(reader="mock", records=3)
    assert "3 communications" in imbalance(tally, Stored(records=2))
    assert imbalance(tally, Stored(records=3)) is None


def test_two_records_at_one_place_are_noticed(place):
    place.mock("a.mock", "same twice")
    found = place.ingest()
    assert not found.balanced
    assert "do not agree" in found.warnings[0]


def test_a_doubt_alone_leaves_a_file_read(place):
    place.mock("a.mock", "say x", "doubt the date is day first")
    place.ingest()
    assert place.states() == {"a.mock": "read"}


def test_zero_bytes_fail_as_empty(place):
    place.write("nothing.eml", b"")
    place.ingest()
    assert place.reasons() == {"nothing.eml": "It holds no bytes."}
    assert place.kinds() == {("nothing.eml", "empty")}


def test_one_byte_is_unsupported(place):
    place.write("one", b"\x00")
    place.ingest()
    assert place.states() == {"one": "unsupported"}


def test_a_file_with_nothing_inside_fails(place):
    place.mock("a.mock")
    place.ingest()
    assert place.states() == {"a.mock": "failed"}


def test_a_format_that_is_known_and_not_read_is_named(place):
    place.write("box.pst", b"no store at all")
    place.write("all.7z", b"7z\xbc\xaf\x27\x1c" + bytes(100))
    place.ingest()
    assert "ask for another copy" in place.reasons()["box.pst"]
    assert "unpack it" in place.reasons()["all.7z"]


def test_a_wrong_extension_is_read_by_content_and_doubted(place):
    place.write("letter.eml", b"MOCK\nsay x")
    place.ingest()
    assert place.states() == {"letter.eml": "read"}
    assert place.kinds() == {("letter.eml", "doubtful")}


def test_two_formats_that_claim_one_file_make_it_ambiguous(place, monkeypatch):
    from dataclasses import replace

    from mock_format import mock

    from commtrace import plugins

    monkeypatch.setattr(plugins, "parsers", lambda: (mock, replace(mock, name="mimic")))
    place.mock("a.mock", "say x")
    place.ingest()
    assert place.states() == {"a.mock": "unsupported"}
    assert place.kinds() == {("a.mock", "ambiguous")}


def test_a_file_is_tried_again_when_its_reader_appears(place, monkeypatch):
    from commtrace import plugins

    known = plugins.parsers()
    place.mock("a.mock", "say x")
    monkeypatch.setattr(plugins, "parsers", lambda: ())
    place.ingest()
    assert place.states() == {"a.mock": "unsupported"}
    monkeypatch.setattr(plugins, "parsers", lambda: known)
    place.ingest()
    assert place.states() == {"a.mock": "read"}
    assert place.store.problems() == ()


def test_a_file_that_failed_is_tried_again_by_a_later_version(place):
    path = place.mock("a.mock", "raise x")
    place.ingest(version="1")
    place.ingest(version="1")
    assert len(place.store.attempts(place.store.files()[0].sha256)) == 1
    place.ingest(path, version="2")
    assert len(place.store.attempts(place.store.files()[0].sha256)) == 2


def test_progress_counts_every_file(place):
    for number in range(5):
        place.mock(f"{number}.mock", f"say {number}")
    place.mock("5.mock", "say 0")
    told = []
    place.ingest(progress=lambda *said: told.append(said[:2]))
    assert told == [(number, 6) for number in range(1, 7)]
