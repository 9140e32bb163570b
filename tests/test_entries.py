"""Manual entries: written, read again as evidence of their own grade, corrected, never changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtrace.case import Case
from commtrace.entries import FIRST_LINE, Entry, as_text, checked, parse, person
from commtrace.errors import CallError
from commtrace.model import Address, Channel, Disposition, Grade, ProblemKind, Source

ADA = Address(name="Ada Reed", address="ada@one.example", said="")
BEN = Address(name="Ben Cole", address="ben@two.example", said="")
CALL = Entry(
    channel=Channel.CALL,
    earliest=datetime(2022, 2, 14, 9, tzinfo=UTC),
    latest=datetime(2022, 2, 14, 12, tzinfo=UTC),
    said="14 Feb 2022, in the morning",
    sender=ADA,
    to=(BEN,),
    subject="Route W26",
    text='He said: "it starts on Monday".\nI asked for it in writing.',
    author="A. Officer",
    basis="own memory and the diary of that day",
)


@pytest.fixture
def case(tmp_path):
    made = Case.create(tmp_path / "case")
    yield made
    made.close()


def test_an_entry_is_evidence_of_its_own_grade_that_says_who_entered_it(case):
    identifier = case.enter(CALL, who="R. Eviewer")
    found = case.communication(identifier)
    assert (found.grade, found.channel, found.sender) == (Grade.ENTERED, Channel.CALL, ADA)
    assert found.doubts == (
        "Entered by hand by A. Officer on the basis of: own memory and the diary of that day.",
    )
    assert case.text(identifier) == CALL.text
    assert found.sent.said == "14 Feb 2022, in the morning"


def test_the_name_of_an_entrys_file_holds_its_number_and_its_channel_only(case):
    case.enter(CALL, who="R. Eviewer")
    case.enter(replace(CALL, channel=Channel.MEETING), who="R. Eviewer")
    names = sorted(path.name for path in (case.folder / "entries").iterdir())
    assert names == ["entry-0001-call.toml", "entry-0002-meeting.toml"]
    assert [one.name for one in case.entries()] == names


def test_the_audit_chain_says_who_entered_it_and_the_case_verifies(case):
    case.enter(CALL, who="R. Eviewer")
    (found,) = case.entries()
    assert found.who == "R. Eviewer"
    assert found.when is not None
    assert case.verify().faults == ()
    assert case.reconciliation().balanced


def test_an_altered_entry_is_a_fault(case):
    case.enter(CALL, who="R. Eviewer")
    path = next((case.folder / "entries").iterdir())
    path.write_bytes(path.read_bytes().replace(b"Monday", b"Friday"))
    assert any("altered" in fault.what for fault in case.verify().faults)


def test_the_same_entry_is_not_taken_twice(case):
    case.enter(CALL, who="R. Eviewer")
    with pytest.raises(CallError, match="in the case already"):
        case.enter(CALL, who="R. Eviewer")


def test_two_entries_of_one_call_by_two_people_stay_two(case):
    case.enter(CALL, who="R. Eviewer")
    case.enter(replace(CALL, author="B. Other"), who="R. Eviewer")
    assert case.reconciliation().communications == 2


def test_a_correction_replaces_an_entry_which_stays_and_no_longer_counts(case):
    first = case.enter(CALL, who="R. Eviewer")
    second = case.enter(replace(CALL, text="It starts on Friday.", replaces=first), who="R. E.")
    assert [(one.id, one.replaced_by) for one in case.entries()] == [
        (first, second),
        (second, None),
    ]
    assert case.view().ids == (second,)
    assert case.text(first) == CALL.text


def test_a_correction_names_an_entry_that_is_there(case):
    with pytest.raises(CallError, match="no entry 0123456789abcdef"):
        case.enter(replace(CALL, replaces="0123456789abcdef"), who="R. Eviewer")


def test_a_purged_entry_is_gone_and_its_number_is_not_used_again(case):
    case.enter(CALL, who="R. Eviewer")
    (file,) = case.files()
    case.purge(items=[file.sha256], because="asked for", who="R. Eviewer")
    assert case.entries() == ()
    assert not list((case.folder / "entries").iterdir())
    case.enter(replace(CALL, text="Another."), who="R. Eviewer")
    assert [one.name for one in case.entries()] == ["entry-0002-call.toml"]


def test_an_entry_that_came_with_the_evidence_is_one_too(tmp_path, case):
    box = tmp_path / "box"
    box.mkdir()
    (box / "note.toml").write_text(as_text(CALL), encoding="utf-8")
    case.ingest([box])
    (found,) = case.entries()
    assert (found.name, found.who, found.author) == ("note.toml", "", "A. Officer")


def test_the_same_entry_gives_the_same_readable_file():
    text = as_text(CALL)
    assert text == as_text(CALL)
    assert text.startswith(f'{FIRST_LINE}\nchannel = "call"\nearliest = 2022-02-14T09:00:00Z\n')
    assert 'text = """\nHe said: "it starts on Monday".\nI asked for it in writing."""' in text


def test_an_entry_without_words_for_its_time_is_given_them():
    assert checked(replace(CALL, said="")).said == "14 Feb 2022"


def test_times_are_kept_in_utc():
    east = timezone(timedelta(hours=2))
    made = checked(replace(CALL, earliest=datetime(2022, 2, 14, 11, tzinfo=east)))
    assert as_text(made) == as_text(CALL)


WRONG = [
    ({"author": " "}, "who writes it down"),
    ({"basis": ""}, "how it is known"),
    ({"text": "", "subject": ""}, "what was said"),
    ({"sender": None, "to": ()}, "at least one person"),
    ({"to": (Address(name=" ", address="", said="x"),)}, "a name or an address"),
    ({"to": (BEN,) * 201}, "at most 200 people"),
    ({"text": "x" * 100_001}, "at most 100,000 characters"),
    ({"subject": "x" * 401}, "at most 400 characters"),
    ({"latest": CALL.earliest}, "ends before it begins"),
    ({"earliest": datetime(2022, 2, 14, 9)}, "need a zone"),  # noqa: DTZ001 - the naive time is the case
    ({"earliest": datetime(1066, 2, 14, 9, tzinfo=UTC)}, "outside the years"),
    ({"replaces": "the first one"}, "by the id"),
]


@pytest.mark.parametrize(("change", "said"), WRONG)
def test_an_entry_that_cannot_be_meant_is_answered_in_one_sentence(change, said):
    with pytest.raises(CallError, match=said):
        checked(replace(CALL, **change))


def test_an_entry_about_the_future_is_sent_back(case):
    later = datetime(2099, 1, 1, tzinfo=UTC)
    with pytest.raises(CallError, match="lies ahead"):
        case.enter(replace(CALL, earliest=later, latest=later + timedelta(hours=1)), who="R. E.")


def test_an_entry_needs_the_name_of_whoever_enters_it(case):
    with pytest.raises(CallError, match="needs the name"):
        case.enter(CALL, who=" ")


BROKEN = [
    "channel = 1",
    'channel = "pigeon"',
    "earliest = 2022-02-14T09:00:00",
    'to = "Ben"',
    "to = [1]",
    'to = [{ name = "Ben", age = 4 }]',
    "nonsense",
    "basis = 7",
    "extra = 1",
    "a = " + "[" * 5000,
]


def test_a_file_that_is_no_whole_entry_is_a_problem_and_no_crash(tmp_path, case):
    box = tmp_path / "box"
    box.mkdir()
    for number, line in enumerate(BROKEN):
        key = line.partition(" ")[0]
        kept = [one for one in as_text(CALL).splitlines() if not one.startswith(f"{key} =")]
        text = "\n".join([kept[0], line, *kept[1:]])
        (box / f"{number}.toml").write_text(text, encoding="utf-8")
    case.ingest([box])
    assert {(p.kind, p.reader) for p in case.problems()} == {(ProblemKind.CORRUPT, "entry")}
    assert len(case.problems()) == len(BROKEN)
    assert case.reconciliation().balanced


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
line = words.filter(lambda said: said.split())


@given(text=words, subject=line, author=line, basis=line, name=line)
def test_whatever_is_entered_is_read_back(text, subject, author, basis, name):
    person = Address(name=name, address="", said="")
    made = checked(
        replace(CALL, text=text, subject=subject, author=author, basis=basis, to=(person,))
    )
    assert parse(as_text(made)) == made


def test_a_place_gives_the_communication_read_there(case):
    identifier = case.enter(CALL, who="R. Eviewer")
    (file,) = case.files()
    assert case.store.at(Source(sha256=file.sha256, path="any")) == identifier


@pytest.mark.parametrize(
    ("words", "name", "address"),
    [
        ("Ada Reed <ada@one.example>", "Ada Reed", "ada@one.example"),
        ("ada@one.example", "", "ada@one.example"),
        (" Ada  Reed ", "Ada Reed", ""),
    ],
)
def test_a_person_is_a_name_an_address_or_both(words, name, address):
    found = person(words)
    assert (found.name, found.address) == (name, address)


PARTIES = """as_of = 2022-06-30
[[parties]]
id = "one"
kind = "families"
domains = ["one.example"]
[[parties]]
id = "two"
kind = "directorate"
domains = ["two.example"]
"""
ASKED = b"""From: Ada Reed <ada@one.example>
To: Ben Cole <ben@two.example>
Subject: Route
Date: Mon, 7 Feb 2022 09:00:00 +0000
Message-ID: <1@one.example>

Please can you tell me when the route starts?
"""


def test_a_call_between_people_known_by_name_bears_on_the_request_one_of_them_wrote(tmp_path):
    box = tmp_path / "box"
    box.mkdir()
    (box / "1.eml").write_bytes(ASKED)
    case = Case.create(tmp_path / "case", text=PARTIES)
    case.ingest([box], custodian="ben@two.example")
    (before,) = case.findings()
    case.decide(before.id, Disposition.CONFIRMED, "no answer is held", "R. Eviewer")
    case.enter(replace(CALL, sender=person("Ben Cole"), to=(person("Ada Reed"),)), who="R. E.")
    (gap,) = case.findings()
    (said,) = (c.because for c in gap.checks if c.what.startswith("It was dealt with by telephone"))
    assert said.startswith("an entry by A. Officer of 14 Feb 2022 says so")
    assert case.decisions()[gap.id].because == "no answer is held"
    case.close()
