"""The sample mailboxes: the same bytes every time, nobody real in them, true to their formats."""

from __future__ import annotations

import base64
import email
import io
import mailbox
import re
import tomllib
import zipfile
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import extract_msg
import pypdfium2
import pytest

from commtrace import casefile
from commtrace.sample_mailboxes import _mailboxes, make
from commtrace.sample_mailboxes._dice import Dice
from commtrace.sample_mailboxes._outlook import level_times, reply_index, root_index

SAMPLE = Path(make.__file__).parent
MAILBOXES = SAMPLE / "mailboxes"
ADDRESS = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
KENT = ("kent.gov.uk", "Kent County", "KCC")


@pytest.fixture(scope="module")
def supplied(told, mails):
    return [m for m in mails if any(_mailboxes.held(box, m) for box in told.mailboxes)]


@pytest.fixture(scope="module")
def made():
    return dict(make.files())


def committed():
    return {p.relative_to(MAILBOXES).as_posix(): p for p in MAILBOXES.rglob("*") if p.is_file()}


def words(data):
    document = pypdfium2.PdfDocument(data)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return text.split()


def typst_release(data):
    found = re.search(rb"Typst ([\d.]+)", data)
    return found and found[1]


def test_the_committed_mailboxes_are_what_the_generator_writes(made):
    there = committed()
    assert sorted(there) == sorted(made)
    for name, data in made.items():
        held = there[name].read_bytes()
        if name.endswith(".pdf") and typst_release(held) != typst_release(data):
            assert words(held) == words(data), name
        else:
            assert held == data, name


def test_two_runs_give_the_same_bytes(made):
    assert dict(make.files()) == made


def test_the_generator_writes_into_the_folder_it_is_given(made, tmp_path, capsys):
    make.main(["--out", str(tmp_path / "out")])
    assert len([p for p in (tmp_path / "out").rglob("*") if p.is_file()]) == len(made)
    assert f"{len(made)} files" in capsys.readouterr().out


def test_there_are_about_six_hundred_mails_a_dozen_letters_and_seven_mailboxes(
    told, supplied, made
):
    assert 550 <= len(supplied) <= 700
    assert len(told.mailboxes) == 7
    letters = [name for name in made if name.startswith("letters/")]
    assert len([name for name in letters if not name.endswith(".csv")]) == 13
    assert {box.kind for box in told.mailboxes} == {"eml", "msg", "mboxo", "mboxrd", "mboxcl2"}


def test_the_sample_is_small(made):
    assert sum(map(len, made.values())) < 8_000_000
    assert max(map(len, made.values())) < 1_000_000


def test_every_mail_but_the_planted_absences_is_in_somebodys_material(told, mails, supplied):
    absent = {m.key for m in mails} - {m.key for m in supplied}
    assert absent == {"august", "gone", "sitrep-12"}


def test_no_two_mails_say_the_same(mails):
    assert len({mail.draft.body for mail in mails}) == len(mails)


def test_every_address_ends_in_example():
    for path in (SAMPLE / "story.toml", SAMPLE / "case.toml", SAMPLE / "planted.toml"):
        hosts = set(ADDRESS.findall(path.read_text(encoding="utf-8")))
        assert {h for h in hosts if not h.endswith(".example")} == set()


def test_every_address_in_the_mailboxes_ends_in_example(told, made):
    for name, data in made.items():
        if name.endswith((".eml", ".mbox")):
            hosts = set(ADDRESS.findall(data.decode("latin-1")))
            assert {h for h in hosts if not h.endswith(".example")} == set(), name


def test_no_real_council_is_named(made):
    for name, data in made.items():
        text = (
            data.decode("utf-16-le", "ignore") if name.endswith(".msg") else data.decode("latin-1")
        )
        assert not [word for word in KENT if word in text], name


def test_every_mail_and_letter_is_marked_synthetic(made):
    for name, data in made.items():
        if name.endswith(".eml"):
            assert b"\r\nX-Synthetic: yes\r\n" in data
        elif name.endswith(".mbox"):
            starts = re.findall(rb"(?:^|\n\n)From \S+ \w{3} \w{3} ", data)
            assert data.count(b"\nX-Synthetic: yes\n") >= len(starts)
        elif name.endswith(".msg"):
            assert "X-Synthetic".encode("utf-16-le") in data
        elif name.endswith(".pdf"):
            assert "SYNTHETIC" in words(data)
        elif name.endswith(".csv"):
            assert b"SYNTHETIC" in data.partition(b"\n")[0]
        else:
            header = zipfile.ZipFile(io.BytesIO(data)).read("word/header1.xml")
            assert b"SYNTHETIC" in header


def test_the_log_of_letters_has_a_row_for_each_letter(made):
    rows = made["letters/log of letters.csv"].decode("utf-8-sig").splitlines()
    assert len(rows) - 2 == len([n for n in made if n.endswith((".pdf", ".docx"))])


def test_bcc_stands_in_the_senders_copy_only(made, told, by_key):
    promise = by_key["promise"].message_id
    blind = {person.address for person in by_key["promise"].bcc}
    assert len(blind) == 23
    copies = [
        (name, message)
        for name, data in made.items()
        for message in messages(name, data)
        if message["Message-ID"] == f"<{promise}>"
    ]
    with_bcc = [name for name, message in copies if message["Bcc"]]
    assert with_bcc == ["transport-helpdesk/Sent.mbox"]
    assert len(copies) == 2
    for name, message in copies:
        if name not in with_bcc:
            assert not [a for a in blind if a in message.as_string()]


def messages(name, data):
    if name.endswith(".eml"):
        yield email.message_from_bytes(data)
    elif name.endswith(".mbox"):
        for block in re.split(rb"(?:^|(?<=\n\n))From \S+ \w{3} \w{3} .*\n", data)[1:]:
            yield email.message_from_bytes(block)


def test_copies_of_one_mail_have_one_id_and_each_its_own_way(made):
    found = {}
    for name, data in made.items():
        for message in messages(name, data):
            if message["Received"]:
                found.setdefault(message["Message-ID"], []).append(message["Received"])
    shared = [ways for ways in found.values() if len(ways) > 1]
    assert len(shared) > 5
    assert all(len(set(ways)) == len(ways) for ways in shared)


def test_a_third_of_the_mails_carry_a_conversation_index(supplied):
    share = sum(mail.is_outlook for mail in supplied) / len(supplied)
    assert 0.30 <= share <= 0.40


def test_a_conversation_index_tells_the_mails_own_time(supplied, by_key):
    for mail in supplied:
        *_, own = level_times(mail.index, mail.at)
        assert timedelta(0) <= mail.at - own <= timedelta(minutes=15), mail.key


def test_a_conversation_index_tells_when_an_answered_mail_from_another_program_was_sent(
    supplied, by_key
):
    checked = 0
    for mail in supplied:
        parent = by_key.get(mail.draft.parent)
        if parent is None or not mail.is_outlook or parent.is_outlook:
            continue
        checked += 1
        assert mail.index[:22] == parent.index
        told_at = level_times(mail.index, mail.at)[-2]
        assert timedelta(0) <= parent.at - told_at < timedelta(seconds=2)
    assert checked > 20


def test_the_index_in_the_header_is_the_index_of_the_mail(made, by_key):
    header = next(
        message["Thread-Index"]
        for message in messages("Sent.mbox", made["transport-helpdesk/Sent.mbox"])
        if message["Message-ID"] == f"<{by_key['gone-forward'].message_id}>"
    )
    index = base64.b64decode("".join(header.split()))
    assert index == by_key["gone-forward"].index
    assert len(index) == 27


def test_the_decoder_reads_a_published_index_of_exchange():
    # amd-gfx mail of 2019-10-23 15:44:44Z; its quoted header puts the parent at 15:23 UTC.
    index = base64.b64decode("AQHVhR9LGUVEvKQVEkujU+rrTdrjGqdoYWkAgAAF6gA=")
    root, parent, _ = level_times(index, datetime(2019, 10, 23, 15, 44, 44, tzinfo=UTC))
    assert root.replace(microsecond=0) == datetime(2019, 10, 17, 19, 15, 52, tzinfo=UTC)
    assert parent.replace(microsecond=0) == datetime(2019, 10, 23, 15, 23, 31, tzinfo=UTC)


def test_levels_add_up_and_stay_right_over_months():
    dice = Dice("a test")
    start = datetime(2021, 9, 1, 8, 0, tzinfo=UTC)
    index, times = root_index(start, dice), [start]
    for days in (0, 3, 40, 41, 190):
        times.append(start + timedelta(days=days, minutes=5))
        index = reply_index(index, times[-1], dice)
    read = level_times(index, times[-1])
    assert all(
        timedelta(0) <= said - seen < timedelta(seconds=2)
        for said, seen in zip(times, read, strict=True)
    )


def test_every_mbox_is_split_by_the_standard_library_into_what_the_custodian_holds(
    told, supplied, tmp_path
):
    counts = _mailboxes.counts(told.mailboxes, supplied)
    for box in told.mailboxes:
        if box.kind in {"mboxrd", "mboxo"}:
            total = 0
            for file in sorted((MAILBOXES / box.folder).glob("*.mbox")):
                copy = tmp_path / f"{box.folder} {file.name}"  # the library opens for writing
                copy.write_bytes(file.read_bytes())
                split = mailbox.mbox(copy)
                total += len(split)
                split.close()
            assert total == counts[box.folder]


def test_a_body_line_that_begins_with_from_is_in_the_mailboxes(made):
    assert any(b"\n>From " in data for name, data in made.items() if name.endswith(".mbox"))


def test_a_msg_file_is_read_back_whole(made, by_key):
    mail = by_key["medical"]
    name = next(n for n in made if n.startswith("o.tarrant/Inbox") and "medical needs" in n)
    with extract_msg.openMsg(made[name]) as message:
        assert message.messageId == f"<{mail.message_id}>"
        assert message.subject == mail.subject
        assert message.body.replace("\r\n", "\n") == mail.text
        assert message.date == mail.at
        assert message.sender == "Honor Whitlock <h.whitlock@wantsum.example>"
        assert [r.email for r in message.recipients] == ["o.tarrant@wantsum.example"]
        assert [a.longFilename for a in message.attachments] == ["medical needs Wickerbourne.csv"]
        assert message.getStream("__substg1.0_00710102") == mail.index


def test_council_staff_write_on_working_days(told, supplied):
    staff = [
        m for m in supplied if m.sender.party in {"get", "cype"} and m.sender.manner == "council"
    ]
    assert [m.key for m in staff if not told.working.counts(m.at.date())] == []


def test_families_write_at_weekends_too(supplied):
    days = [m.at.weekday() for m in supplied if m.sender.party == "families"]
    assert sum(day >= 5 for day in days) >= 10


def test_weekly_traffic_is_more_uneven_than_chance(told, supplied):
    days = told.working.days(date(2021, 9, 6), date(2021, 12, 24))
    counts = dict.fromkeys(days, 0)
    for mail in supplied:
        if mail.sender.party == "cype" and "get" in {p.party for p in (*mail.to, *mail.cc)}:
            counts[mail.at.date()] = counts.get(mail.at.date(), 0) + 1
    weeks = [sum(counts[day] for day in days[i : i + 5]) for i in range(0, len(days), 5)]
    mean = sum(weeks) / len(weeks)
    spread = sum((week - mean) ** 2 for week in weeks) / (len(weeks) - 1) / mean
    assert 1.4 <= spread <= 2.6
    total = sum(weeks[-12:])
    shortest = 60 * (0.01 ** (-spread / total) - 1)
    assert shortest < 13, "the planted silence of 13 working days must be testable"


def test_the_dates_of_mails_are_what_their_headers_say(made, by_key):
    message = next(
        m for m in messages("Inbox.mbox", made["transport-helpdesk/Inbox.mbox"])
        if m["Message-ID"] == f"<{by_key['unanswered-1'].message_id}>"
    )  # fmt: skip
    assert parsedate_to_datetime(message["Date"]) == by_key["unanswered-1"].at


def test_the_case_file_is_valid_and_knows_every_address(told):
    brief = casefile.load(SAMPLE / "case.toml")
    addresses = {a for party in brief.parties for a in party.addresses}
    domains = {d for party in brief.parties for d in party.domains}
    unknown = {
        p.address for p in told.cast.values()
        if p.address not in addresses and p.domain not in domains
    }  # fmt: skip
    assert unknown == {"o.tarrant.wantsum@fastmailer.example", "bulletin@transportbulletin.example"}
    assert {c.path for c in brief.custodians} == {box.folder for box in told.mailboxes}
    assert len(brief.audiences[0].members) == 27


def test_planted_message_ids_are_those_of_the_story(by_key):
    planted = tomllib.loads((SAMPLE / "planted.toml").read_text(encoding="utf-8"))
    rows = [
        *planted["plants"],
        *(d for plant in planted["plants"] for d in plant["decoys"]),
        *planted["also"],
    ]
    for row in rows:
        assert [by_key[key].message_id for key in row["mails"]] == row["message_ids"], row


def test_all_twenty_two_gaps_are_planted_each_with_a_decoy():
    planted = tomllib.loads((SAMPLE / "planted.toml").read_text(encoding="utf-8"))
    assert sorted(plant["number"] for plant in planted["plants"]) == list(range(1, 23))
    assert all(plant["decoys"] for plant in planted["plants"])
