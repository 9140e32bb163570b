"""A case: made, opened, decided on; what is derived follows the evidence and case.toml."""

from __future__ import annotations

import sqlite3

import pytest

from commtrace.brief import KnownMissing
from commtrace.case import Case
from commtrace.errors import CallError, CaseError, CaseFileError
from commtrace.model import Disposition, Zone

LETTER = (
    "14 February 2022\n\nDear Sir\n\nPlease can you tell us the route?\n\nYours faithfully\nA\n"
)


def mail(number: int, **headers: str) -> bytes:
    lines = {
        "From": "Ada <ada@one.example>",
        "To": "Ben <ben@two.example>",
        "Subject": f"Route {number}",
        "Date": f"Mon, 7 Feb 2022 09:{number:02d}:00 +0000",
        "Message-ID": f"<{number}@one.example>",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{head}\r\nPlease can you tell me about route {number}?\r\n".encode()


@pytest.fixture
def box(tmp_path):
    folder = tmp_path / "box"
    folder.mkdir()
    (folder / "1.eml").write_bytes(mail(1))
    (folder / "letter.txt").write_text(LETTER, encoding="utf-8")
    return folder


def test_a_case_nobody_configured_shows_who_wrote_to_whom(tmp_path, box):
    case = Case.create(tmp_path / "case")
    case.ingest([box])
    view = case.view()
    labels = {party.label for party in view.parties if party.provisional}
    assert {"one.example", "two.example"} <= labels
    assert {u.address for u in case.unknown_addresses()} >= {"ada@one.example", "ben@two.example"}


def test_a_second_ingest_changes_nothing_and_late_disclosure_adds(tmp_path, box):
    case = Case.create(tmp_path / "case")
    case.ingest([box])
    first = case.fingerprint()
    case.ingest([box])
    assert case.fingerprint() == first
    (box / "2.eml").write_bytes(mail(2))
    case.ingest([box])
    assert case.fingerprint() != first
    assert case.reconciliation().communications == 3


def test_placing_an_address_takes_it_off_the_list_of_the_unknown(tmp_path, box):
    text = '[[parties]]\nid = "get"\nlabel = "GET"  # transport\nkind = "directorate"\n'
    case = Case.create(tmp_path / "case", text=text)
    case.ingest([box])
    case.place("ben@two.example", "get")
    assert "ben@two.example" not in {u.address for u in case.unknown_addresses()}
    assert "# transport" in (case.folder / "case.toml").read_text(encoding="utf-8")


def test_a_place_in_the_evidence_gives_its_bytes_again(tmp_path, box):
    case = Case.create(tmp_path / "case")
    case.ingest([box])
    source = next(s for s in case.view().sources if s.path.endswith("1.eml"))
    assert case.bytes(source) == (box / "1.eml").read_bytes()


def test_a_decision_needs_a_name_and_a_reason(sample_copy):
    finding = sample_copy.findings()[0]
    with pytest.raises(CallError, match="name"):
        sample_copy.decide(finding.id, Disposition.CONFIRMED, "seen", " ")
    with pytest.raises(CallError, match="reason"):
        sample_copy.decide(finding.id, Disposition.CONFIRMED, "", "R. Eviewer")


def test_a_reason_longer_than_a_page_is_sent_back(sample_copy):
    finding = sample_copy.findings()[0]
    with pytest.raises(CallError, match="4,000 characters"):
        sample_copy.decide(finding.id, Disposition.CONFIRMED, "x" * 4001, "R. Eviewer")


def test_a_decision_survives_a_new_opening_and_a_second_ingest(sample_copy):
    finding = sample_copy.findings()[0]
    sample_copy.decide(finding.id, Disposition.EXPLAINED, "answered by telephone", "R. Eviewer")
    again = Case.open(sample_copy.folder)
    assert again.decisions()[finding.id].because == "answered by telephone"
    assert not again.changed_since_decided(again.finding(finding.id))
    again.close()


def test_decisions_are_kept_one_after_the_other(sample_copy):
    finding = sample_copy.findings()[0]
    for reason in ("first reading", "second reading"):
        sample_copy.decide(finding.id, Disposition.CONFIRMED, reason, "R. Eviewer")
    history = sample_copy.history(finding.id)
    assert [decision.because for decision in history] == ["first reading", "second reading"]
    assert history[1].previous not in {"", history[0].previous}


def test_the_same_case_gives_the_same_findings(sample, sample_copy):
    assert sample_copy.findings() == sample.findings()


def test_every_finding_cites_a_file_of_the_ledger(sample):
    known = {(file.path, file.sha256) for file in sample.files()}
    for finding in sample.findings():
        assert {(c.source.path, c.source.sha256) for c in finding.cites} <= known


def test_the_ledger_balances(sample):
    total = sample.reconciliation()
    assert total.balanced
    assert total.files == len(sample.files())


def test_a_ledger_whose_rows_are_not_in_the_store_does_not_balance(sample_copy):
    with sqlite3.connect(sample_copy.folder / "case.db") as database:
        database.execute("DELETE FROM record WHERE id = (SELECT max(id) FROM record)")
    database.close()
    assert not sample_copy.reconciliation().balanced


def test_a_search_finds_words_of_the_text(tmp_path, box):
    case = Case.create(tmp_path / "case")
    case.ingest([box])
    (found,) = case.search("faithfully")
    assert "Yours faithfully" in case.text(found)


def test_a_folder_that_is_no_case_is_answered_in_one_sentence(tmp_path):
    with pytest.raises(CaseError, match="is not a case: make one with `commtrace new"):
        Case.open(tmp_path)


def test_a_folder_that_holds_something_is_not_made_a_case(tmp_path, box):
    with pytest.raises(CaseError, match="is not empty"):
        Case.create(box)


def test_a_broken_case_file_is_said_on_opening(tmp_path):
    case = Case.create(tmp_path / "case")
    (case.folder / "case.toml").write_text("titel = 1", encoding="utf-8")
    with pytest.raises(CaseFileError, match="line 1"):
        Case.open(case.folder)


def test_a_path_that_is_not_there_and_a_path_inside_the_case_are_wrong_calls(tmp_path):
    case = Case.create(tmp_path / "case")
    with pytest.raises(CallError, match="is not there"):
        case.ingest([tmp_path / "nowhere"])
    with pytest.raises(CallError, match="inside the case"):
        case.ingest([case.folder / "evidence"])


def test_an_unknown_template_names_those_there_are(tmp_path):
    with pytest.raises(CallError, match="kent-send-transport"):
        Case.create(tmp_path / "case", template="leeds")


def test_the_register_grows_from_the_case_and_the_chain_says_by_whom(tmp_path):
    case = Case.create(tmp_path / "case")
    case.register_missing(KnownMissing(what="notebook", who_says="a minute"), who="R. Eviewer")
    assert case.register() == (KnownMissing(what="notebook", who_says="a minute"),)
    row = next(row for row in case.custody() if row.action == "register")
    assert (row.who, row.words["what"]) == ("R. Eviewer", "notebook")
    assert case.verify().faults == ()
    with pytest.raises(CallError, match="needs the name"):
        case.register_missing(KnownMissing(what="diary"), who="")


def test_a_request_in_a_disclaimer_that_everybody_sends_is_nobodys(tmp_path):
    """Twenty-one messages of three officers end alike: their last words ask for nothing."""
    notice = (
        "Could you please tell the writer at once if this came to you by mistake, and would you"
        " kindly destroy every copy of it that you hold."
    )
    folder = tmp_path / "mail"
    folder.mkdir()
    for n in range(21):
        who = ("gina", "omar", "pat")[n % 3]
        head = mail(n, From=f"{who}@one.example").partition(b"\r\n\r\n")[0].decode()
        words = f"The bus of route {n} is late again.\r\n\r\n{notice}\r\n"
        (folder / f"{n:02}.eml").write_text(f"{head}\r\n\r\n{words}", encoding="utf-8")
    case = Case.create(tmp_path / "case")
    case.ingest([folder])
    view = case.view()
    assert not any(view.acts.values())
    assert not any("destroy" in words for words in view.new_text(view.ids).values())
    assert all("destroy" in words for words in view.text(view.ids).values())
    assert Zone.BOILERPLATE in [one.zone for one in case.segments(view.ids[0])]
    case.close()


def test_a_request_that_only_the_model_reads_counts_where_the_case_file_asks_for_it(tmp_path):
    box = tmp_path / "box"
    box.mkdir()
    letter = mail(1).replace(
        b"Please can you tell me about route 1?",
        b"It would work for me if you could find half an hour to meet next week.",
    )
    (box / "1.eml").write_bytes(letter)
    read = {}
    for name, text in (("plain", ""), ("wide", "requests_by_model = true\n")):
        case = Case.create(tmp_path / name, text=text)
        case.ingest([box])
        read[name] = [act.cue for acts in case.view().acts.values() for act in acts]
    assert read["plain"] == []
    assert len(read["wide"]) == 1
    assert read["wide"][0].startswith("model: ")
