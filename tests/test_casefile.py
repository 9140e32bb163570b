"""case.toml: what the auditor may say, and the one sentence that answers what cannot be meant."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from importlib.resources import files

import pytest

from commtrace import casechanges, casefile
from commtrace.brief import KnownMissing
from commtrace.errors import CallError, CaseFileError
from commtrace.model import Channel

TEMPLATES = list(files("commtrace.data").joinpath("templates").iterdir())

TWO_PARTIES = '[[parties]]\nid = "a"\n[[parties]]\nid = "b"\n'

COMPLAINTS = {
    "an unknown key": ('titel = "A"', "line 1: titel is not a key that is known here"),
    "an unknown key deep inside": (
        'title = "A"\n[[events]]\nid = "x"\ndate = 2022-01-01\nwhen = "later"\n',
        "line 5: events.0.when is not a key",
    ),
    "a day in quotation marks": (
        'as_of = "2022-01-01"',
        "line 1: as_of must be a day written like",
    ),
    "text that should be a list": ('terms_of_reference = "all"', "must be a list of texts"),
    "a period that ends before it begins": (
        "period = [2022-03-31, 2021-09-01]",
        "the first not after the second",
    ),
    "an event outside the period": (
        'period = [2021-09-01, 2022-03-31]\n[[events]]\nid = "x"\ndate = 2023-01-01\n',
        "line 4: events.0.date lies outside the period",
    ),
    "memberships that overlap": (
        TWO_PARTIES
        + '[[people]]\nname = "P"\nmembership = [{ party = "a", until = 2022-01-20 }, '
        + '{ party = "b", since = 2022-01-17 }]\n',
        "line 7: people.0.membership overlaps",
    ),
    "a party nobody defined": (
        '[[people]]\nname = "P"\nmembership = [{ party = "get" }]\n',
        'names "get", which is no id under [[parties]]',
    ),
    "a party defined twice": ('[[parties]]\nid = "a"\n[[parties]]\nid = "a"\n', "is used twice"),
    "a kind of party that does not exist": (
        '[[parties]]\nid = "a"\nkind = "quango"\n',
        "line 3: parties.0.kind must be one of directorate",
    ),
    "a reference of a matter without its number": (
        'case_references = ["COM/2022"]',
        'must hold letters, and "#" for a number',
    ),
    "a negative number of days": (
        TWO_PARTIES + '[[expected]]\nfrom = "a"\nto = "b"\nwhat = "x"\nwithin_working_days = -1\n',
        "must be a whole number that is not negative",
    ),
    "text that is no TOML": ("title = ", "cannot be read as TOML"),
}


@pytest.mark.parametrize(("text", "sentence"), COMPLAINTS.values(), ids=COMPLAINTS.keys())
def test_what_cannot_be_meant_is_answered_in_one_sentence_with_its_line(text, sentence):
    with pytest.raises(CaseFileError, match=r"^case\.toml") as caught:
        casefile.parse(text)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_empty_file_is_a_case():
    brief = casefile.parse("")
    assert brief.title == "Untitled case"
    assert brief.parties == ()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.name)
def test_every_template_loads(template):
    assert casefile.parse(template.read_text(encoding="utf-8")).time_zone == "Europe/London"


def test_every_example_in_the_blank_template_is_understood_once_its_comment_sign_is_taken_away():
    text = next(t for t in TEMPLATES if t.name == "blank.toml").read_text(encoding="utf-8")
    lines = []
    for line in text.splitlines():
        bare = line.removeprefix("# ")
        example = line.startswith("# ") and ("=" in bare or bare.startswith("["))
        lines.append(bare if example and not bare[0].isupper() else line)
    lines.append('[[parties]]\nid = "cype"\n[[parties]]\nid = "families"\n')
    text = "\n".join(lines).replace("# period", "period")
    assert len(tomllib.loads(text)) >= 15
    brief = casefile.parse(text)
    assert brief.people[0].membership[1].since == date(2022, 1, 17)


def test_an_address_is_placed_in_a_party_and_the_comments_stay():
    text = '# who\n[[parties]]\nid = "get"  # transport\naddresses = ["a@x.example"]\n'
    changed = casechanges.place(text, "B@x.example", "get")
    assert casefile.parse(changed).parties[0].addresses == ("a@x.example", "b@x.example")
    assert "# who" in changed
    assert "# transport" in changed


def test_an_address_belongs_to_one_party_only():
    text = '[[parties]]\nid = "get"\naddresses = ["a@x.example"]\n[[parties]]\nid = "cype"\n'
    with pytest.raises(CallError, match="already belongs to get"):
        casechanges.place(text, "a@x.example", "cype")


BOXES = casefile.parse(
    '[[custodians]]\nname = "A. Officer"\naddress = "A@x.example"\npath = "mailboxes"\n'
    '[[custodians]]\naddress = "b@x.example"\npath = "mailboxes/b"\n'
)


@pytest.mark.parametrize(
    ("path", "custodian"),
    [
        ("mailboxes/1.eml", "a@x.example"),
        ("mailboxes/b/1.eml", "b@x.example"),
        ("mailboxes/bee/1.eml", "a@x.example"),
        ("mailboxes2/1.eml", None),
    ],
)
def test_a_path_belongs_to_the_custodian_of_the_longest_folder(path, custodian):
    assert BOXES.custodian_at(path) == custodian


def test_a_custodian_may_be_given_by_name_or_address():
    assert BOXES.custodian_named("a. officer") == "a@x.example"
    assert BOXES.custodian_named("nobody@x.example") == "nobody@x.example"


def test_a_line_of_the_register_is_added_and_the_comments_are_kept():
    text = 'title = "Route"  # the case\n\n[[known_missing]]\nwhat = "notebook"  # brown\n'
    missing = KnownMissing(
        what="mailbox of  the helpdesk", who_says="minute", asked_for=date(2022, 5, 4),
        since=date(2022, 2, 1), holder="a@one.example", channel=Channel.EMAIL, answered="searched",
    )  # fmt: skip
    changed = casechanges.register(text, missing)
    assert "# the case" in changed
    assert "# brown" in changed
    assert [one.what for one in casefile.parse(changed).known_missing] == [
        "notebook", "mailbox of the helpdesk",
    ]  # fmt: skip
    assert casefile.parse(changed).known_missing[1] == replace(
        missing, what="mailbox of the helpdesk"
    )


def test_the_first_line_of_a_register_makes_it():
    changed = casechanges.register('title = "Route"\n', KnownMissing(what="notebook"))
    assert casefile.parse(changed).known_missing == (KnownMissing(what="notebook"),)


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (KnownMissing(what=" "), "Say what it is"),
        (KnownMissing(what="notebook"), "says the same already"),
    ],
)
def test_a_line_that_says_nothing_new_is_sent_back(missing, said):
    with pytest.raises(CallError, match=said):
        casechanges.register('[[known_missing]]\nwhat = "notebook"\n', missing)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('channel = "pigeon"', "known_missing.0.channel must be one of"),
        ("since = 2022-03-01\nuntil = 2022-02-01", "known_missing.0.since is after until"),
    ],
)
def test_a_line_of_the_register_that_cannot_be_meant_is_said_with_its_place(line, said):
    with pytest.raises(CaseFileError, match=said):
        casefile.parse(f'[[known_missing]]\nwhat = "notebook"\n{line}\n')


def test_an_audience_has_members_or_a_table():
    text = (
        '[[audiences]]\nid = "roll"\nfrom = "roll.csv"\nmembers = [{ address = "a@one.example" }]\n'
    )
    with pytest.raises(CaseFileError, match="exclude each other"):
        casefile.parse(text)
