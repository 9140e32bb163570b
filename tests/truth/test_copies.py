"""The truth table of copies: 200 pairs of records that are one message, or must stay two."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from commtrace.model import Address, Channel, Grade, Record
from commtrace.moments import instant
from commtrace.store import Store

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))
from correspondence import attached, letter, person

TEXTS = (
    "The panel met on Monday and agreed that transport for A.B. will start after half term.",
    "Dear Mrs Reed, your complaint 22/0733 was looked at; the charge of £100 was not approved.",
    "Route W26 leaves at 07:45 from the crossroads, and the escort changes from next week on.",
    "Michał's place at Wantsum Gate is confirmed, and the taxi firm was told on Friday already.",
    "Please can you tell us by return which provider takes over, and who has been informed of it?",
)
Pair = tuple[Record, Record]
Change = Callable[[Record], Record]


@dataclass(frozen=True)
class Case:
    """What a second record has other than the first, and whether it is a copy all the same."""

    what: str
    same: bool
    change: Change
    first: Change = lambda record: record
    never: bool = False  # a merge would put words into somebody's mouth, or take them out


def told(**facts: object) -> Change:
    return lambda record: replace(record, **facts)


def later(seconds: int) -> Change:
    def change(record: Record) -> Record:
        when = record.sent.earliest + timedelta(seconds=seconds)
        return replace(record, sent=instant(when, "as written", record.sent.basis))

    return change


def words(change: Callable[[str], str]) -> Change:
    return lambda record: replace(record, text=change(record.text))


def both(*changes: Change) -> Change:
    def change(record: Record) -> Record:
        for one in changes:
            record = one(record)
        return record

    return change


OTHER_ID, NO_ID = told(message_id="other@wantsum.example"), told(message_id=None)
PLAN, MAP = (attached("plan.pdf"),), (attached("map.pdf"),)
ENTRY = told(grade=Grade.ENTERED, message_id=None, reader="entry")


def unique(record: Record) -> Record:
    """Another id, of this record's own."""
    return replace(record, message_id=f"again-{record.message_id}")


CASES = (
    Case("the other mailbox's copy", True, told(folder="Inbox")),
    Case("its own Bcc", True, told(bcc=(person("chair"),))),
    Case("a banner above", True, words(lambda t: f"CAUTION: external sender.\n{t}")),
    Case("a footer below", True, words(lambda t: f"{t}\n-- \nlist@wantsum.example")),
    Case("other white space", True, words(lambda t: t.replace(" ", " \n "))),
    Case("other case and dashes", True, words(lambda t: t.upper().replace(",", " -"))),
    Case("its attachment left out", True, told(attachments=()), told(attachments=PLAN)),
    Case("the sender's name another way", True,
         lambda r: replace(r, sender=replace(r.sender, name="REED, Anna"))),
    Case("the sender's address in capitals", True,
         lambda r: replace(r, sender=replace(r.sender, address=r.sender.address.upper()))),
    Case("the id in angle brackets", True,
         lambda r: replace(r, message_id=f"<{r.message_id}> ")),
    Case("an id made up by an archive", True, unique),
    Case("no id, within the minute", True, both(NO_ID, later(12))),
    Case("no id on either, within the minute", True, both(NO_ID, later(12)), NO_ID),
    Case("recipients in another order", True,
         both(unique, told(to=(person("carl"), person("ben")))),
         told(to=(person("ben"), person("carl")))),
    Case("its accents lost", True, words(lambda t: t.replace("ł", "?").replace("£", "?"))),
    Case("an hour's other clock", True, later(3600)),
    Case("no address of the sender", True,
         told(sender=Address(name="Anna", address="", said=""))),
    Case("no text", True, told(text="")),
    Case("another Reply-To", True, told(reply_to=(person("desk"),))),
    Case("a list's tag in the subject", True, told(subject="[parents] Transport")),
    Case("other words under one id", False,
         words(lambda _: "Nothing of what was said here holds any longer, as the board decided."),
         never=True),
    Case("another sender under one id", False, told(sender=person("mallory")), never=True),
    Case("a sender that looks alike", False,
         told(sender=Address(name="Anna", address="anna@wantsurn.example", said="")), never=True),
    Case("other attachments under one id", False, told(attachments=MAP),
         told(attachments=PLAN), never=True),
    Case("a word taken back", False, words(lambda t: f"{t[:30]}not {t[30:]}"), never=True),
    Case("another sum or number", False, words(lambda t: f"{t[:40]}7{t[40:]}"), never=True),
    Case("its last sentence other", False,
         words(lambda t: f"{t[:-20]}nobody knew of it."), never=True),
    Case("sent again a minute later", False, both(unique, later(61))),
    Case("to somebody else as well", False,
         both(unique, told(to=(person("ben"), person("dora")))), never=True),
    Case("another subject in the same second", False, both(unique, told(subject="Meals"))),
    Case("no id, the next minute", False, both(NO_ID, later(95)), NO_ID),
    Case("no id, another sender", False, both(NO_ID, told(sender=person("mallory"))), NO_ID, True),
    Case("no id, to somebody else", False, both(NO_ID, told(to=(person("dora"),))), NO_ID, True),
    Case("no id, other words", False,
         both(NO_ID, words(lambda t: f"It is the other way round. {t[::-1]}")), NO_ID, True),
    Case("other attachments in the same second", False,
         both(unique, told(attachments=MAP)), told(attachments=PLAN), True),
    Case("undated papers without text", False, told(message_id=None, sent=None, text=""),
         told(message_id=None, sent=None, text=""), True),
    Case("the same letter a year later", False, both(NO_ID, later(365 * 86400)),
         both(NO_ID, told(channel=Channel.LETTER)), True),
    Case("an entry by hand of a message", False, ENTRY, never=True),
    Case("two entries alike", False, ENTRY, ENTRY, True),
    Case("an entry of a message that has no id", False, ENTRY, NO_ID, True),
)  # fmt: skip


def pairs() -> Iterator[tuple[Case, str, Record, Record]]:
    """Every case with every text; no pair shares a day, an id or a sender with another."""
    for number, (case, text) in enumerate((c, t) for c in CASES for t in TEXTS):
        plain = letter(
            f"{number}-a", message_id=f"{number}@wantsum.example", text=f"{text} ({number:03d})",
            subject="Transport", second=number * 86400,
        )  # fmt: skip
        where = sha256(f"{number}-b".encode()).hexdigest()
        other = replace(plain, source=replace(plain.source, sha256=where, path=f"{number}-b"))
        yield case, text, case.first(plain), case.change(case.first(other))


@pytest.fixture(scope="module")
def judged(tmp_path_factory) -> list[tuple[Case, str, bool]]:
    """For each pair, whether the store holds it to be one communication."""
    table = list(pairs())
    path = tmp_path_factory.mktemp("copies") / "case.db"
    with Store(f"sqlite:///{path}") as store:
        with store.batch():
            store.add_records([record for _, _, *two in table for record in two])
        return [
            (case, text, store.at(one.source) == store.at(other.source))
            for case, text, one, other in table
        ]


def test_the_table_has_200_pairs_and_those_that_must_never_merge(judged):
    assert len(judged) >= 200
    assert sum(case.never for case, _, _ in judged) >= 75


def test_no_pair_merges_that_must_never(judged):
    assert [(c.what, text) for c, text, same in judged if c.never and same] == []


def test_every_pair_is_judged_as_the_table_says(judged):
    wrong = [(c.what, text) for c, text, same in judged if same is not c.same]
    assert wrong == []
