"""Outlook stores: items by folder and kind, people, attachments, attached messages, damage.

The stores are made here (`stores.py`); libpff, where it is installed, reads them alike.
"""

from __future__ import annotations

import io
import random
import struct
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from papers import embedded, item, problems, read
from stores import NAMED, Mail, properties, store

from commtrace.evidence.ingest import ingest
from commtrace.evidence.workers import processes
from commtrace.model import (
    Channel,
    Declared,
    Mark,
    Problem,
    ProblemKind,
    Proposal,
    Record,
    RulingKind,
)
from commtrace.moments import Basis, utc_text
from commtrace.parsers import _ltp, _meeting, _ndb, _outlook, _program, _pst
from commtrace.parsers import pst as module
from commtrace.parsers.pst import pst
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
        ("IPM.Schedule.Meeting.Request", Channel.MEETING, ()),
        ("IPM.SkypeTeams.Message", Channel.CHAT, ()),
        ("IPM.Note.Microsoft.Conversation", Channel.CHAT, ()),
        ("IPM.Note.SMIME.MultipartSigned", Channel.EMAIL, (Mark.SIGNED,)),
        ("IPM.Note.SMIME", Channel.EMAIL, (Mark.ENCRYPTED,)),
        ("REPORT.IPM.Note.NDR", Channel.EMAIL, (Mark.DELIVERY_REPORT,)),
        ("REPORT.IPM.Note.IPNRN", Channel.EMAIL, (Mark.READ_RECEIPT,)),
        ("IPM.Note.Rules.OofTemplate.Microsoft", Channel.EMAIL, (Mark.AUTOMATIC,)),
    ],
)
def test_the_class_of_an_item_decides_its_channel_and_marks(item_class, channel, marks):
    found = only(values={**LETTER, "class": item_class})
    assert (found.channel, found.marks) == (channel, marks)


@pytest.mark.parametrize(
    "item_class", ["IPM.Contact", "IPM.DistList", "IPM.Task", "IPM.Activity", "IPM.Odd"]
)
def test_what_is_no_communication_is_named_by_its_class(item_class):
    data = store({("Box",): [Mail({**LETTER, "class": item_class})]})
    (problem,) = problems(pst, "box.pst", data)
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


def test_a_message_attached_to_another_is_read_like_any_other():
    inner = Mail(
        {**LETTER, "subject": "Earlier"}, recipients=[(1, BOB), (2, ANN)],
        attachments=[{"file": "Menu.txt", "mime": "text/plain", 0x3701: b"Peas", 0x3705: 1}],
    )  # fmt: skip
    data = store({("Inbox",): [Mail(LETTER, inside=[inner])]})
    outer, found = records(data)
    assert found.source.part == (*outer.source.part, "attachment 1")
    assert (found.subject, found.text) == ("Earlier", "We start on Monday.")
    assert [one.address for one in (*found.to, *found.cc)] == [BOB["smtp"], ANN["smtp"]]
    assert not found.doubts
    (menu,) = embedded(pst, "box.pst", data)
    assert menu.source.part == (*found.source.part, "attachment 1")


KINDS_OF_STORE = [(True, 0), (True, 1), (True, 2), (False, 0), (False, 1), (False, 2)]


def of_each_kind(wide: bool, method: int) -> bytes:
    inner = Mail({**LETTER, "subject": "Earlier"}, recipients=[(1, BOB)])
    mail = Mail(LETTER, recipients=[(1, BOB), (2, ANN)], inside=[inner])
    many = {(f"Box {n}",): [mail] * 30 for n in range(4)}
    return store(many, wide=wide, method=method)


@pytest.mark.parametrize(("wide", "method"), KINDS_OF_STORE)
def test_stores_of_each_kind_and_encoding_give_the_same(wide, method):
    data = of_each_kind(wide, method)
    assert kinds(data) == []
    found = records(data)
    assert len(found) == 240
    assert {(one.text, one.to[0].address) for one in found} == {
        ("We start on Monday.", BOB["smtp"])
    }


@pytest.mark.parametrize(("wide", "method"), KINDS_OF_STORE)
def test_another_reader_finds_the_same_items_in_each_kind_of_store(wide, method):
    pypff = pytest.importorskip("pypff", reason="libpff is not installed")
    theirs = pypff.file()
    theirs.open_file_object(io.BytesIO(of_each_kind(wide, method)))
    top = theirs.root_folder.get_sub_folder(0)
    boxes = [top.get_sub_folder(n) for n in range(top.number_of_sub_folders)]
    subjects = [box.get_sub_message(n).subject for box in boxes for n in range(30)]
    assert subjects == ["RE: School meals"] * 120


def test_a_meeting_says_when_and_where_and_who_called_it():
    values = {
        "class": "IPM.Appointment", "subject": "PACT", "body": "Agenda follows.",
        NAMED["start"]: datetime(2022, 2, 7, 10, 0, tzinfo=UTC),
        NAMED["end"]: datetime(2022, 2, 7, 11, 30, tzinfo=UTC),
        NAMED["where"]: "Town Hall", NAMED["changed"]: SENT,
    }  # fmt: skip
    people = [(1, {**ANN, 0x5FFD: 3}), (1, BOB), (3, {"name": "Room 5"})]
    found = only(values=values, recipients=people)
    head = "When: 7 Feb 2022, 10:00 to 11:30\nWhere: Town Hall\nRooms: Room 5"
    assert found.text == f"{head}\n\nAgenda follows."
    assert (found.channel, found.sender.address) == (Channel.MEETING, ANN["smtp"])
    assert [[one.name for one in kind] for kind in (found.to, found.cc, found.bcc)] == [
        ["Bob Birch"], [], []]  # fmt: skip
    assert (found.sent.basis, found.sent.earliest) == (Basis.CALENDAR, SENT)
    assert not found.doubts


def test_a_meeting_of_which_nothing_tells_when_it_was_called_stands_at_its_own_time():
    start, end = datetime(2022, 2, 7, 10, tzinfo=UTC), datetime(2022, 2, 7, 12, tzinfo=UTC)
    values = {"class": "IPM.Appointment", NAMED["start"]: start, NAMED["end"]: end}
    found = only(values={**values, "subject": "PACT"})
    assert (found.sent.earliest, found.sent.latest) == (start, end)
    assert _meeting.OF_THE_MEETING in found.doubts


def test_a_cancelled_meeting_says_so():
    values = {**LETTER, "class": "IPM.Appointment", NAMED["start"]: SENT, NAMED["state"]: 5}
    assert _meeting.CANCELLED in only(values=values).doubts


def test_the_members_of_a_chat_are_its_audience():
    values = {
        "class": "IPM.SkypeTeams.Message", "sender": "Ann Archer", 0x0039: SENT,
        "sender_smtp": "ann@council.example", 0x1013: b"<p>On my way</p>",
    }  # fmt: skip
    found = only(values=values, recipients=[(1, BOB), (1, {"name": "Cy"})])
    assert (found.channel, found.text) == (Channel.CHAT, "On my way")
    assert [one.name for one in found.to] == ["Bob Birch", "Cy"]


def test_a_message_from_copilot_says_that_it_is_no_person():
    found = only(values={**LETTER, "class": "IPM.SkypeTeams.Message.Copilot.Word"})
    assert _outlook.COPILOT in found.doubts


def test_messages_too_deep_in_one_another_are_a_problem():
    mail = Mail(LETTER)
    for _ in range(22):
        mail = Mail(LETTER, inside=[mail])
    data = store({("Inbox",): [mail]})
    assert len(records(data)) == 21
    assert kinds(data) == [ProblemKind.LIMIT_DEPTH]


def test_what_an_attached_message_leaves_in_doubt_is_no_doubt_of_the_one_that_holds_it():
    inner = Mail({"class": "IPM.Note", "subject": "Earlier", "display_to": "Bob Birch"})
    outer, found = records(
        store({("Inbox",): [Mail(LETTER, recipients=[(1, BOB)], inside=[inner])]})
    )
    assert _outlook.NAMES_ONLY in found.doubts
    assert not outer.doubts


def test_attachments_that_are_more_than_the_whole_store_are_not_unfolded(monkeypatch):
    monkeypatch.setattr(module, "_ROOM", -(10**9))
    mail = Mail(LETTER, attachments=[{"file": "a.txt", 0x3701: b"Peas", 0x3705: 1}])
    assert kinds(store({("Inbox",): [mail]})) == [ProblemKind.LIMIT_RATIO]


def test_blocks_that_name_one_another_without_end_are_refused():
    data = store({("Inbox",): [Mail(LETTER)]})
    blocks = _ndb.opened(io.BytesIO(data), data[:4096], len(data))
    many = struct.pack("<BBHI1000Q", 1, 1, 1000, 0, *([4] * 1000))
    blocks._block = lambda number: many if number & 2 else bytes(8000)
    with pytest.raises(ValueError, match="more than the store"):
        blocks.pieces(2)


@pytest.mark.parametrize("end", [4, 12, 40, 90])
def test_a_cut_table_of_properties_is_refused(end):
    with pytest.raises(_pst.BROKEN):
        _ltp.properties(_ltp.Heap(None, [properties(LETTER)[:end]], {}))


def test_the_properties_of_a_block_are_read_with_their_types():
    kept = _pst.Values(_ltp.properties(_ltp.Heap(None, [properties(LETTER)], {})))
    assert kept.line(0x0037) == "RE: School meals"
    assert kept.time(0x0039) == SENT


def test_items_outside_every_folder_are_counted_and_read_only_where_that_is_decided():
    data = store({("Inbox",): [Mail(LETTER), Mail(LETTER, listed=False)]})
    (proposal,) = (one for one in read(pst, "box.pst", data) if isinstance(one, Proposal))
    assert (proposal.kind, proposal.value, proposal.applied) == (
        RulingKind.DELETED_ITEMS, "true", False)  # fmt: skip
    assert proposal.why.startswith("1 item lies in the store outside every folder")
    assert len(records(data)) == 1
    told = replace(item("box.pst", data), told={RulingKind.DELETED_ITEMS: "true"})
    found = list(pst.read(told))
    (proposal,) = (one for one in found if isinstance(one, Proposal))
    assert proposal.applied
    last = [one for one in found if isinstance(one, Record)][-1]
    assert (last.source.part, last.marks) == (("recovered", "item 2097220"), (Mark.DELETED,))


def test_items_that_a_damaged_store_does_not_list_are_read_with_a_doubt():
    data = bytearray(store({("Inbox",): [Mail(LETTER), Mail(LETTER, listed=False)]}))
    data[4] ^= 1  # the header's checksum
    found = records(bytes(data))
    assert module.UNLISTED in found[1].doubts
    (problem,) = problems(pst, "box.pst", bytes(data))
    assert (problem.kind, "its header" in problem.what) == (ProblemKind.DOUBTFUL, True)


def test_an_altered_block_is_a_doubt_of_its_item_and_of_the_store():
    data = store({("Inbox",): [Mail(LETTER), Mail({**LETTER, "body": "On Friday."})]})
    wanted = "On Friday.".encode("utf-16-le")
    altered = data.replace(wanted, "On Sunday.".encode("utf-16-le"))
    first, second = records(altered)
    assert (module.ALTERED in first.doubts, module.ALTERED in second.doubts) == (False, True)
    assert kinds(altered) == [ProblemKind.DOUBTFUL]


def test_items_of_the_folder_for_deleted_things_are_marked():
    data = store({("Deleted Items",): [Mail(LETTER)], ("Inbox",): [Mail(LETTER)]})
    assert [one.marks for one in records(data)] == [(Mark.DELETED,), ()]


def test_a_folder_and_the_store_declare_how_many_items_they_hold():
    data = store({("Inbox",): [Mail(LETTER), Mail(LETTER)]})
    declared = [one for one in read(pst, "box.pst", data) if isinstance(one, Declared)]
    own = [(one.source.part, one.what, one.number) for one in declared if not one.by]
    assert own == [((), "items", 2), (("Inbox",), "items", 2)]


@pytest.mark.skipif(not _program.is_installed("readpst"), reason="readpst is not installed")
def test_a_second_reader_counts_the_messages():
    data = store({("Inbox",): [Mail(LETTER, recipients=[(1, BOB)]), Mail(LETTER)]})
    (second,) = (o for o in read(pst, "box.pst", data) if isinstance(o, Declared) and o.by)
    assert (second.by, second.what, second.number) == ("readpst", "messages", 2)


def test_a_store_shorter_than_it_says_is_truncated_and_what_is_there_is_read():
    data = store({("Inbox",): [Mail(LETTER)]}, stated_end=10_000_000)
    assert kinds(data) == [ProblemKind.TRUNCATED]
    assert len(records(data)) == 1


def test_a_store_cut_in_half_is_truncated_and_damaged():
    data = store({("Inbox",): [Mail(LETTER)]})
    assert kinds(data[: len(data) // 2]) == [ProblemKind.TRUNCATED, ProblemKind.CORRUPT]


@pytest.mark.parametrize("root", [216, 232])  # of the nodes, of the blocks
def test_what_a_broken_index_hides_is_found_without_it_and_says_so(root):
    mails = [Mail(LETTER, recipients=[(1, BOB)]) for _ in range(90)]
    data = bytearray(store({("Inbox",): mails}))
    struct.pack_into("<Q", data, root + 8, 0x7FFFFE00)
    assert len(records(bytes(data))) == 90
    assert kinds(bytes(data)) == [ProblemKind.CORRUPT, ProblemKind.DOUBTFUL]
    assert problems(pst, "box.pst", bytes(data))[0].what == module.ANEW


def test_a_header_that_names_one_root_for_both_trees_ends_no_reading():
    data = bytearray(store({("Inbox",): [Mail(LETTER)]}))
    data[216 + 8 : 216 + 16] = data[232 + 8 : 232 + 16]
    assert ProblemKind.CORRUPT in kinds(bytes(data))


def test_a_store_of_which_only_the_end_is_lost_is_read_as_far_as_it_goes():
    data = bytearray(store({("Inbox",): [Mail(LETTER) for _ in range(60)]}))
    end = len(data)  # the roots lay behind it
    struct.pack_into("<QQQQ", data, 216, 1, end + 512, 1, end + 1024)
    struct.pack_into("<Q", data, 184, end + 4096)
    found = read(pst, "box.pst", bytes(data))
    assert sum(isinstance(one, Record) for one in found) == 60
    assert [one.kind for one in found if isinstance(one, Problem)] == [
        ProblemKind.TRUNCATED, ProblemKind.CORRUPT, ProblemKind.DOUBTFUL]  # fmt: skip


def test_an_empty_store_says_so():
    assert kinds(store({})) == [ProblemKind.EMPTY]


def test_a_store_read_twice_gives_the_same():
    data = store({("Inbox",): [Mail(LETTER, recipients=[(1, BOB)], inside=[Mail(LETTER)])]})
    assert read(pst, "box.pst", data) == read(pst, "box.pst", data)


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
    found = [one for one in read(pst, "box.pst", data) if isinstance(one, Record | Problem)]
    assert [one.source.part[-1] for one in found] == ["item 2097188", "item 2097220"]
