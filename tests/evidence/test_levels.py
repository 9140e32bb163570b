"""The law of the ledger: at every level, what was found is the sum of what became of it."""

from __future__ import annotations

import pytest

from commtrace.evidence import containment
from commtrace.model import Counts

pytestmark = pytest.mark.usefixtures("mock_format")


def levels(place, path=None):
    """The rows below the top by place, of all files or one."""
    return {
        (*((one.source.path,) if path is None else ()), *one.source.part): one
        for one in place.store.contained()
        if path in (None, one.source.path)
    }


def test_a_file_that_is_one_record_has_one_row_and_holds_nothing(place):
    place.mock("a.mock", "holds 0")
    place.ingest()
    (row,) = place.store.contained()
    assert (row.source.path, row.source.part, row.status.value) == ("a.mock", (), "read")
    assert (row.inside, row.size, row.sha256) == (Counts(), 12, row.source.sha256)


def test_messages_read_whole_are_counted_and_have_no_row(place):
    place.mock("a.mock", "say x", "say y", "say z")
    place.ingest()
    (row,) = place.store.contained()
    assert row.inside == Counts(read=3)


def test_every_state_inside_a_file_is_counted_once(place):
    place.mock("a.mock", "say x", "attached p.png image/png", "attached a.xyz x/y",
               "attach say inner", "attach raise x", "attach say y|raise z", "itself")  # fmt: skip
    found = place.ingest()
    rows = levels(place, "a.mock")
    assert rows[()].inside == Counts(
        read=2, partly=1, duplicate=1, unsupported=1, failed=1, excluded=1
    )
    assert rows[()].inside.found == 7
    assert rows[("message 6",)].inside == Counts(read=1)
    assert all(one.reason for one in rows.values())
    assert found.balanced


def test_a_thing_inside_is_named_with_its_own_bytes(place):
    place.mock("a.mock", "attach say inner")
    place.ingest()
    row = levels(place, "a.mock")[("message 1",)]
    assert (row.name, row.media_type, row.size) == ("inner.mock", "text/x-mock", 14)
    assert row.reader == "mock"
    assert len(row.sha256) == 64


def test_a_folder_is_a_level_of_its_own(place):
    place.mock("a.mock", "file Inbox one", "file Inbox two", "file Sent three")
    place.ingest()
    rows = levels(place, "a.mock")
    assert rows[()].inside == Counts(read=2)
    assert rows[("Inbox",)].inside == Counts(read=2)
    assert rows[("Sent",)].inside == Counts(read=1)


def test_a_folder_that_is_come_back_to_is_counted_once(place):
    place.mock("a.mock", "file Inbox one", "file Sent two", "file Inbox three")
    found = place.ingest()
    rows = levels(place, "a.mock")
    assert rows[()].inside == Counts(read=2)
    assert rows[("Inbox",)].inside == Counts(read=2)
    assert found.balanced


def test_what_is_said_later_of_a_message_counts_where_it_lies(place):
    place.mock("a.mock", "say x", "say y", "problem corrupt 1")
    found = place.ingest()
    rows = levels(place, "a.mock")
    assert rows[()].inside == Counts(read=1, partly=1)
    assert rows[("message 1",)].status.value == "partly"
    assert found.balanced


def test_the_law_holds_though_what_is_remembered_is_little(place, monkeypatch):
    monkeypatch.setattr(containment, "_REMEMBERED", 2)
    place.mock("a.mock", *["say x"] * 50, "problem corrupt 50")
    assert place.ingest().balanced


def test_a_place_forgotten_and_met_again_is_not_passed_over_in_silence(place, monkeypatch):
    monkeypatch.setattr(containment, "_REMEMBERED", 2)
    place.mock("a.mock", *["say x"] * 50, "problem corrupt 1")
    found = place.ingest()
    assert not found.balanced
    assert "do not agree with what is listed" in found.warnings[0]


def test_what_was_read_before_a_worker_died_is_counted(place):
    from cells import cell

    place.mock("a.mock", "say x", "repeat 4000", "kill")
    found = place.ingest(read=cell(workers=1))
    rows = levels(place, "a.mock")
    assert rows[()].status.value == "partly"
    assert rows[()].inside.found > 0
    assert rows[("message 2",)].inside.found > 0
    assert found.balanced


def test_the_store_finds_a_level_whose_sum_was_changed(place):
    place.mock("a.mock", "say x", "attached a.xyz x/y")
    place.ingest()
    assert place.store.differences() == ()
    with place.store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE contained SET failed = 1 WHERE part = '[]'")
    assert len(place.store.differences()) == 1


def test_attachments_that_are_all_there_are_no_doubt(place):
    place.mock("a.mock", "holds 2", "enclose say x", "enclose say y")
    place.ingest()
    (top, *_) = place.store.contained()
    assert top.reason == "Read whole."
    assert [(one.what, one.number) for one in top.declared] == [("attachments", 2)]
    assert place.kinds() == set()


def test_attachments_are_counted_against_what_the_message_declares(place):
    place.mock("a.mock", "holds 3", "enclose say x", "enclose raw", "enclose raise y")
    place.ingest()
    said = "3 attachments declared, 1 read, 1 not supported, 1 not read."
    assert place.reasons()["a.mock"].endswith(said)


def test_an_attachment_that_was_not_found_is_a_doubt(place):
    place.mock("a.mock", "holds 2", "enclose say x")
    found = place.ingest()
    assert place.states() == {"a.mock": "read"}
    assert place.reasons()["a.mock"] == "Read whole: 2 attachments declared, 1 read."
    assert place.kinds() == {("a.mock", "doubtful")}
    assert found.balanced


def test_a_picture_beside_the_attachments_changes_nothing(place):
    place.mock("a.mock", "holds 1", "enclose say x", "attached p.png image/png")
    place.ingest()
    assert place.reasons()["a.mock"] == "Read whole."


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("declare 2 messages", "Read whole."),
        ("declare 3 messages", "Read whole: 3 messages declared, 2 read."),
        ("declare 1 items readpst", "Read whole: readpst counts 1 item, 2 read."),
    ],
)
def test_a_container_is_held_to_what_it_declares(place, declared, said):
    place.mock("a.mock", declared, "say x", "say y")
    place.ingest()
    assert place.reasons()["a.mock"] == said
    assert bool(place.kinds()) == (said != "Read whole.")


def test_what_lies_in_folders_counts_for_a_whole_store(place):
    place.mock("a.mock", "file Inbox one", "file Inbox two", "file Sent three", "declare 3 items")
    place.ingest()
    assert place.reasons()["a.mock"] == "Read whole."


def test_each_level_of_a_zip_in_a_message_is_a_row(place):
    place.mock("a.mock", "nest 4")
    place.ingest()
    rows = levels(place, "a.mock")
    deepest = ("message 1", *["message 2"] * 3)
    assert [rows[deepest[:n]].inside.found for n in range(4)] == [1, 2, 2, 2]


def test_places_come_in_the_order_in_which_one_counts(place):
    place.mock("a.mock", *["attach say x"] * 11)
    place.ingest()
    parts = [one.source.part for one in place.store.contained()]
    assert parts == [(), *[(f"message {n}",) for n in range(1, 12)]]


def test_what_lay_inside_in_all_is_summed(place):
    place.mock("a.mock", "attach say inner", "attached a.xyz x/y")
    place.mock("b.mock", "say x")
    place.ingest()
    assert place.store.inside() == Counts(read=3, unsupported=1)
