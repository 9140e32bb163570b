"""Outlook stores: items by folder and kind, people, attachments, attached messages, damage.

The stores are made here (`stores.py`); libpff reads them as it reads Outlook's own.
"""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest

pytest.importorskip("pypff", reason="the library that reads Outlook stores is not installed")
from papers import embedded, item, problems, read
from stores import Mail, properties, store

from commtrace.evidence.ingest import ingest
from commtrace.evidence.workers import processes, serial
from commtrace.model import Channel, Embedded, Mark, ProblemKind, Record
from commtrace.moments import Basis, utc_text
from commtrace.parsers import _outlook, _pst
from commtrace.parsers import pst as module
from commtrace.parsers.pst import pst
from commtrace.plugins import choose
from commtrace.store import Store

SENT = datetime(2024, 3, 5, 9, 30, tzinfo=UTC)
ANN = {"name": "Ann Archer", "smtp": "ann@council.example"}
BOB = {"name": "Bob Birch", "smtp": "bob@council.example"}
LETTER = {
    "class": "IPM.Note", "subject": "\x01\x05RE: School meals", "body": "We start on Monday.",
    "sender": "Ann Archer", "sender_smtp": "ann@council.example", "id": "<7@council.example>",
    "reply_to_id": "<6@council.example>", 0x0039: SENT, 0x0E06: SENT,
}  # fmt: skip


def records(data: bytes) -> list[Record]:
    return [one for one in read(pst, "box.pst", data) if isinstance(one, Record)]


def only(**changes) -> Record:
    mail = replace(Mail(LETTER, recipients=[(1, BOB)]), **changes)
    (found,) = records(store({("Inbox",): [mail]}))
    return found


def kinds(data: bytes) -> list[ProblemKind]:
    return [one.kind for one in problems(pst, "box.pst", data)]


def test_a_sent_item_without_transport_headers_has_its_people_times_and_ids():
    found = only(recipients=[(1, BOB), (2, ANN), (3, {"name": "Cy"})])
    assert found.sender.address == "ann@council.example"
    assert [one.address for one in (*found.to, *found.cc)] == [BOB["smtp"], ANN["smtp"]]
    assert [one.name for one in found.bcc] == ["Cy"]
    assert (utc_text(found.sent.earliest), found.sent.basis) == (
        "2024-03-05T09:30:00Z", Basis.MAPI_SUBMIT)  # fmt: skip
    assert (found.message_id, found.in_reply_to) == ("7@council.example", "6@council.example")
    assert found.text == "We start on Monday."
    assert not found.doubts


def test_the_length_of_the_prefix_is_no_part_of_the_subject():
    assert only().subject == "RE: School meals"


def test_the_place_of_an_item_is_its_folders_and_its_number():
    boxes = {("Inbox",): [], ("Inbox", "Meals"): [Mail(LETTER)], ("Sent Items",): [Mail(LETTER)]}
    found = records(store(boxes))
    assert [one.source.part for one in found] == [
        ("Inbox", "Meals", "item 2097188"), ("Sent Items", "item 2097220")]  # fmt: skip
    assert [one.folder for one in found] == ["Inbox/Meals", "Sent Items"]


def test_transport_headers_give_what_outlook_did_not_keep():
    headers = "From: Ann <ann@council.example>\r\nTo: all@council.example\r\nReferences: <1@x>\r\n"
    found = only(values={"class": "IPM.Note", "subject": "Meals", "headers": headers},
                 recipients=())  # fmt: skip
    assert found.sender.address == "ann@council.example"
    assert [one.address for one in found.to] == ["all@council.example"]
    assert found.references == ("1@x",)
    assert _outlook.BY_TO_HEADER in found.doubts


def test_the_mailbox_that_received_a_message_is_named_by_its_e_mail_address():
    directory = {"address": "/O=COUNCIL/CN=BOB", "received_by": "/o=Council/cn=Bob"}
    found = only(values={**LETTER, 0x0076: directory["received_by"], 0x0040: "Bob Birch"},
                 recipients=[(1, {**BOB, "address": directory["address"]})])  # fmt: skip
    assert found.delivered_to == ("bob@council.example",)


def test_a_mailing_list_in_the_headers_is_no_owner_of_a_store():
    headers = "Delivered-To: list@other.example\r\nFrom: x@other.example\r\nTo: y@other.example\r\n"
    values = {**LETTER, "headers": headers, 0x0076: "/o=Council/cn=Bob", 0x0040: "Bob Birch"}
    assert only(values=values).delivered_to == ()


def test_a_page_is_read_where_there_is_no_plain_text():
    page = b"<html><body><p>Meals <b>start</b></p></body></html>"
    assert only(values={"class": "IPM.Note", 0x1013: page, "sender": "Ann"}).text == "Meals start"


@pytest.mark.parametrize(
    ("item_class", "channel", "marks"),
    [
        ("IPM.Appointment", Channel.MEETING, ()),
        ("IPM.Schedule.Meeting.Request", Channel.EMAIL, ()),
        ("REPORT.IPM.Note.NDR", Channel.EMAIL, (Mark.DELIVERY_REPORT,)),
        ("REPORT.IPM.Note.IPNRN", Channel.EMAIL, (Mark.READ_RECEIPT,)),
        ("IPM.Note.Rules.OofTemplate.Microsoft", Channel.EMAIL, (Mark.AUTOMATIC,)),
    ],
)
def test_the_class_of_an_item_decides_its_channel_and_marks(item_class, channel, marks):
    found = only(values={**LETTER, "class": item_class})
    assert (found.channel, found.marks) == (channel, marks)


@pytest.mark.parametrize("item_class", ["IPM.Contact", "IPM.Task", "IPM.Microsoft.Odd"])
def test_what_is_no_communication_is_named_by_its_class(item_class):
    data = store({("Box",): [Mail({**LETTER, "class": item_class})]})
    (problem,) = read(pst, "box.pst", data)
    assert problem.kind is ProblemKind.UNSUPPORTED_TYPE
    assert item_class in problem.what


def test_an_empty_shell_is_a_problem_and_no_record():
    assert kinds(store({("Box",): [Mail({"class": "IPM.Note"})]})) == [ProblemKind.EMPTY]


def test_an_attachment_is_evidence_of_its_own_with_its_bytes():
    mail = Mail(LETTER, attachments=[{"file": "Menu.txt", "mime": "text/plain", 0x3701: b"Peas",
                                      0x3705: 1}])  # fmt: skip
    data = store({("Inbox",): [mail]})
    (found,) = embedded(pst, "box.pst", data)
    assert (found.name, found.media_type, found.data) == ("Menu.txt", "text/plain", b"Peas")
    assert found.source.part == ("Inbox", "item 2097188", "attachment 1")
    assert [one.name for one in records(data)[0].attachments] == ["Menu.txt"]


def test_an_attachment_kept_elsewhere_is_said_not_to_be_in_evidence():
    mail = Mail(LETTER, attachments=[{"file": "Menu.txt", 0x3705: 2}])
    (problem,) = problems(pst, "box.pst", store({("Inbox",): [mail]}))
    assert "not in evidence" in problem.what


def test_a_message_attached_to_another_is_read_and_says_what_is_out_of_reach():
    mail = Mail(LETTER, inside=[{**LETTER, "subject": "Earlier", "display_to": "Bob Birch"}])
    outer, inner = records(store({("Inbox",): [mail]}))
    assert inner.source.part == (*outer.source.part, "attachment 1")
    assert (inner.subject, inner.text, inner.sender.address) == (
        "Earlier", "We start on Monday.", "ann@council.example")  # fmt: skip
    assert [one.name for one in inner.to] == ["Bob Birch"]
    assert module.INSIDE in inner.doubts


def test_attachments_of_an_attached_message_are_a_problem_that_says_what_helps():
    mail = Mail(LETTER, inside=[{**LETTER, 0x0E07: 0x10}])
    (problem,) = problems(pst, "box.pst", store({("Inbox",): [mail]}))
    assert (problem.what, problem.source.part[-1]) == (module.HOLDS, "attachment 1")


@pytest.mark.parametrize("end", [4, 12, 40, 90])
def test_a_cut_table_of_properties_is_refused(end):
    with pytest.raises(_pst.BROKEN):
        _pst.property_context(properties(LETTER)[:end], 8176)


def test_the_properties_of_a_block_are_read_with_their_types():
    kept, outside = _pst.property_context(properties(LETTER), 8176)
    assert kept.line(0x0037) == "RE: School meals"
    assert kept.time(0x0039) == SENT
    assert not outside


def test_an_item_that_its_folder_does_not_list_is_not_lost_in_silence():
    data = store({("Inbox",): [Mail(LETTER), Mail(LETTER, listed=False)]})
    (problem,) = problems(pst, "box.pst", data)
    assert (problem.what, problem.source.part) == (module.UNLISTED, ("Inbox", "item 2097220"))


def test_a_store_shorter_than_it_says_is_truncated_and_what_is_there_is_read():
    data = store({("Inbox",): [Mail(LETTER)]}, stated_end=10_000_000)
    assert kinds(data) == [ProblemKind.TRUNCATED]
    assert len(records(data)) == 1


def test_a_store_cut_in_half_is_truncated_and_damaged():
    data = store({("Inbox",): [Mail(LETTER)]})
    assert kinds(data[: len(data) // 2]) == [ProblemKind.TRUNCATED, ProblemKind.CORRUPT]


def test_an_empty_store_says_so():
    assert kinds(store({})) == [ProblemKind.EMPTY]


def test_a_store_is_not_claimed_where_the_library_is_not_installed(monkeypatch):
    box = item("box.pst", store({}))
    assert choose(box) == (pst,)
    monkeypatch.setitem(sys.modules, "pypff", None)
    assert choose(box) == ()


def test_a_store_read_twice_gives_the_same():
    data = store({("Inbox",): [Mail(LETTER, recipients=[(1, BOB)], inside=[LETTER])]})
    assert read(pst, "box.pst", data) == read(pst, "box.pst", data)


def test_the_ledger_names_the_extra_and_reads_the_store_once_it_is_installed(tmp_path, monkeypatch):
    (tmp_path / "box.pst").write_bytes(store({("Inbox",): [Mail(LETTER)]}))
    (tmp_path / "case").mkdir()
    ledger = Store(f"sqlite:///{tmp_path / 'case' / 'case.db'}")

    def state() -> tuple[str, str]:
        ingest((tmp_path / "box.pst",), case_folder=tmp_path / "case", store=ledger, read=serial)
        (file,) = ledger.files()
        return str(file.status), file.reason

    with monkeypatch.context() as without:
        without.setitem(sys.modules, "pypff", None)
        status, reason = state()
        assert status == "unsupported"
        assert "install commtrace[pst]" in reason
    assert state() == ("read", "Read whole.")


def test_no_mutant_of_a_store_stops_the_reading_of_another_file(tmp_path):
    chance = random.Random(7)  # noqa: S311 - a fixed seed, no secret
    whole = store({("Inbox",): [Mail(LETTER, recipients=[(1, BOB)], attachments=[
        {"file": "a.txt", 0x3701: b"Peas", 0x3705: 1}])]})  # fmt: skip
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    for number in range(40):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            data[chance.choice([chance.randrange(564), chance.randrange(0x4800, len(data))])] = (
                chance.randrange(256))  # fmt: skip
        (evidence / f"{number}.pst").write_bytes(b"!BDN" + data[4:])
    (evidence / "z.pst").write_bytes(whole)
    (tmp_path / "case").mkdir()
    ledger = Store(f"sqlite:///{tmp_path / 'case' / 'case.db'}")
    pool = processes(2)
    ingest((evidence,), case_folder=tmp_path / "case", store=ledger, read=pool)
    states = {file.path.rpartition("/")[2]: str(file.status) for file in ledger.files()}
    assert len(states) == 41
    assert states["z.pst"] == "read"


def test_what_is_found_of_an_item_is_one_record_or_one_problem_and_its_parts():
    data = store({("Inbox",): [Mail(LETTER), Mail({**LETTER, "class": "IPM.Contact"})]})
    found = [one for one in read(pst, "box.pst", data) if not isinstance(one, Embedded)]
    assert [one.source.part[-1] for one in found] == ["item 2097188", "item 2097220"]
