"""What the store keeps: everything once, searchable, sealed, and readable while it is written."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from correspondence import attached, letter, person

from commtrace.errors import CallError, CaseError
from commtrace.model import Decision, Disposition, Mark, Source
from commtrace.moments import Basis, days
from commtrace.store import Store, codec, dialect


def test_a_record_comes_back_as_it_was(store):
    whole = letter(
        "a.eml",
        received=days(datetime(2022, 3, 1).date(), datetime(2022, 3, 4).date(), "w/c", Basis.STAMP),  # noqa: DTZ001
        reply_to=(person("office"),),
        cc=(person("carol"),),
        bcc=(person("chair"),),
        message_id="m1",
        in_reply_to="m0",
        references=("m-1", "m0"),
        thread_index="01d8",
        our_ref="WCC/1",
        your_ref="T/2",
        salutation="Dear Anna",
        folder="Inbox",
        delivered_to=("ben@wantsum.example",),
        attachments=(attached("plan.pdf"),),
        marks=(Mark.BULK, Mark.DRAFT),
        doubts=("day first",),
    )
    store.add_records([whole])
    (found,) = store.communications()
    assert store.record(found.id) == whole
    assert store.records(found.id) == (whole,)


def test_a_communication_carries_what_its_record_says(store):
    store.add_records([letter("a.eml", message_id="m1", cc=(person("carol"),))], custodian="anna")
    (found,) = store.communications()
    assert (found.subject, found.message_id, found.cc) == ("Transport", "m1", (person("carol"),))
    assert found.sightings[0].custodian == "anna"


def test_the_most_complete_copy_is_shown_and_cited(store):
    long = "A text that is long enough to be found inside another one. "
    store.add_records(
        [
            letter("a.eml", message_id="m", text=long),
            letter("b.eml", message_id="m", text=long + "And more."),
        ]
    )
    (found,) = store.communications()
    assert store.texts([found.id]) == {found.id: long + "And more."}
    assert found.source.path == "b.eml"


def test_adding_twice_changes_nothing(store):
    store.add_records([letter("a.eml"), letter("b.eml", message_id="m1", second=90)])
    before = [repr(c) for c in store.communications()], store.files(), store.fingerprint()
    store.add_records([letter("b.eml", message_id="m1", second=90), letter("a.eml")])
    assert ([repr(c) for c in store.communications()], store.files(), store.fingerprint()) == before


def test_equal_addresses_are_one_object(store):
    store.add_records([letter("a.eml"), letter("b.eml", second=90)])
    one, other = store.communications()
    assert one.sender is other.sender


def test_communications_come_sorted_by_id(store):
    store.add_records([letter(f"{n}.eml", second=60 * n) for n in range(50)])
    ids = [c.id for c in store.communications()]
    assert ids == sorted(ids)
    assert len(ids) == 50


@pytest.mark.parametrize(
    "words",
    ["daughter", "DAUGHTER bus", '"bus for my daughter"', "anna@wantsum.example", "transport"],
)
def test_search_finds_words_phrases_people_and_subjects(store, words):
    store.add_records([letter("a.eml"), letter("b.eml", second=90, text="Nothing.", subject="x",
                                               sender=person("zoe"))])  # fmt: skip
    assert [store.record(i).source.path for i in store.search(words)] == ["a.eml"]


@pytest.mark.parametrize("words", ["", '"', "AND", "a OR (", "text:*", "NEAR(a b", "-x", "a\0b"])
def test_search_takes_whatever_is_typed(store, words):
    store.add_records([letter("a.eml")])
    assert isinstance(store.search(words), list)


def test_words_with_accents_are_found_without_them(store):
    store.add_records([letter("a.eml", text="Her café visit was agreed.")])
    assert len(store.search("cafe")) == 1


def test_text_that_cannot_be_stored_is_shown_by_its_stand_ins(store):
    store.add_records([letter("a.eml", text="a\0b\ud800c", subject="x\ud83d",
                              sender=replace(person("anna"), name="A\udcff"))])  # fmt: skip
    (found,) = store.communications()
    assert store.texts([found.id]) == {found.id: "a␀b?c"}
    assert "\ud83d" not in found.subject


def test_one_text_is_stored_once(store, tmp_path):
    store.add_records([letter("a.eml", message_id="m"), letter("b.eml", message_id="m")])
    with closing(sqlite3.connect(tmp_path / "case.db")) as raw, raw:
        assert raw.execute("SELECT count(*) FROM body").fetchone() == (1,)
    raw.close()


def test_decisions_are_chained_and_come_back_in_order(store):
    when = datetime(2026, 3, 2, 10, tzinfo=UTC)
    cites = (Source(sha256="0" * 64, path="a.eml", part=("page 3",)),)
    made = Decision(subject="f1", state=Disposition.CONFIRMED, because="seen", who="R. Ahmed",
                    when=when, exhibits="e", cites=cites)  # fmt: skip
    first = store.add_decision(made)
    second = store.add_decision(replace(made, state=Disposition.EXPLAINED))
    assert (first.previous, len(second.previous)) == ("", 64)
    assert store.decisions() == (first, second)
    assert store.broken_audit() is None


def test_a_decision_that_was_altered_breaks_the_chain(store, tmp_path):
    when = datetime(2026, 3, 2, 10, tzinfo=UTC)
    made = Decision(subject="f1", state=Disposition.CONFIRMED, because="", who="x", when=when)
    for _ in range(3):
        store.add_decision(made)
    with closing(sqlite3.connect(tmp_path / "case.db")) as raw, raw:
        raw.execute("UPDATE audit SET words = replace(words, 'confirmed', 'not material') "
                    "WHERE id = 2")  # fmt: skip
    raw.close()
    assert store.broken_audit() == 2


def test_a_decision_that_was_purged_leaves_a_chain_that_verifies(store, tmp_path):
    when = datetime(2026, 3, 2, 10, tzinfo=UTC)
    made = Decision(subject="f1", state=Disposition.CONFIRMED, because="", who="x", when=when)
    for _ in range(3):
        store.add_decision(made)
    with closing(sqlite3.connect(tmp_path / "case.db")) as raw, raw:
        raw.execute("UPDATE audit SET words = NULL, who = NULL, salt = NULL WHERE id = 2")
    raw.close()
    assert store.broken_audit() is None
    assert len(store.decisions()) == 2


def test_what_was_derived_is_kept_by_kind_version_and_id(store):
    store.derived_put("acts", "1", {"a": "[1]", "b": "[]"})
    store.derived_put("acts", "1", {"a": "[2]"})
    assert store.derived_get("acts", "1", ["a", "b", "c"]) == {"a": "[1]", "b": "[]"}
    assert store.derived_get("acts", "2", ["a"]) == {}


def test_settings_are_kept(store):
    assert store.setting("x") is None
    store.set_setting("x", "1")
    store.set_setting("x", "2")
    assert store.setting("x") == "2"


def test_the_fingerprint_follows_the_evidence_and_nothing_else(store):
    store.add_records([letter("a.eml")])
    before = store.fingerprint()
    store.set_setting("x", "1")
    store.derived_put("acts", "1", {"a": "[]"})
    assert store.fingerprint() == before
    store.arrive(path="late", sha256=None, size=0, status="failed", reason="x")
    assert store.fingerprint() != before


def test_a_reader_is_not_disturbed_by_a_writer(store, tmp_path):
    store.add_records([letter(f"{n}.eml", second=60 * n) for n in range(5)])
    reading = store.communications()
    next(reading)
    with Store(f"sqlite:///{tmp_path / 'case.db'}") as writer:
        writer.add_records([letter("late.eml", second=6000)])
    assert len(list(reading)) == 4
    assert len(list(store.communications())) == 6


def test_a_batch_is_kept_whole_or_not_at_all(store):
    def halfway():
        with store.batch():
            store.arrive(path="a", sha256="0" * 64, size=1)
            raise KeyError

    with pytest.raises(KeyError):
        halfway()
    assert store.files() == ()


def test_a_full_disk_is_said_in_a_sentence_and_loses_nothing_before_it(store, tmp_path):
    store.add_records([letter("a.eml")])
    with store._engine.begin() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    big = [letter(f"{n}.eml", text=f"{n} word " * 2000, second=n * 60) for n in range(100)]
    with pytest.raises(CaseError, match="cannot be written"):
        store.add([codec.encode(r) for r in big], sha256="1" * 64, size=1)
    assert len(list(store.communications())) == 1


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "case.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(CaseError, match="damaged"):
        Store(f"sqlite:///{tmp_path / 'case.db'}")


@pytest.mark.parametrize("url", ["nonsense", "postgresql://x/y"])
def test_a_url_that_cannot_hold_a_case_is_a_wrong_call(url):
    with pytest.raises(CallError):
        Store(url)


def test_a_case_of_another_layout_is_refused(tmp_path):
    url = f"sqlite:///{tmp_path / 'case.db'}"
    with Store(url) as made:
        made.set_setting("schema", "999")
    with pytest.raises(CaseError, match="another version"):
        Store(url)


def test_a_network_drive_keeps_the_older_journal_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(dialect, "on_network_drive", lambda _: True)
    with Store(f"sqlite:///{tmp_path / 'case.db'}") as made:
        assert "network drive" in made.notes[0]
        with made._engine.begin() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"


@pytest.mark.parametrize(("kind", "network"), [("cifs", True), ("nfs4", True), ("ext4", False)])
def test_a_network_drive_is_told_by_its_file_system(tmp_path, kind, network):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\n//server/x {tmp_path} {kind} rw 0 0\n", "utf-8")
    assert dialect.on_network_drive(tmp_path / "case", mounts) is network


def test_an_index_that_is_younger_than_the_case_is_made_when_the_case_is_opened(tmp_path):
    Store(f"sqlite:///{tmp_path / 'case.db'}").close()
    with closing(sqlite3.connect(tmp_path / "case.db")) as database, database:
        database.execute("DROP INDEX record_body")
    Store(f"sqlite:///{tmp_path / 'case.db'}").close()
    with closing(sqlite3.connect(tmp_path / "case.db")) as database, database:
        names = [row[1] for row in database.execute("PRAGMA index_list(record)")]
    assert "record_body" in names
