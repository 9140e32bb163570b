"""Who is named by an address header: never the display name, never half a list."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commtrace.parsers._address import (
    COMMA,
    DISGUISED,
    INTERNATIONAL,
    NAMES_ANOTHER,
    NO_ADDRESS,
    REWRITTEN,
    SEVERAL_IN_ONE,
    TOO_MANY,
    UNCLOSED,
    addresses,
)

ONE = [
    ("alice@council.gov.uk", "", "alice@council.gov.uk"),
    ("<alice@council.gov.uk>", "", "alice@council.gov.uk"),
    ("Alice Smith <alice@x.uk>", "Alice Smith", "alice@x.uk"),
    ('"Alice Smith" <alice@x.uk>', "Alice Smith", "alice@x.uk"),
    ('"Smith, Alice" <alice@x.uk>', "Smith, Alice", "alice@x.uk"),
    ('"Smith, Alice (CYPE)" <alice@x.uk>', "Smith, Alice (CYPE)", "alice@x.uk"),
    ("alice@x.uk (Alice Smith)", "Alice Smith", "alice@x.uk"),
    ("alice@x.uk (Alice (SEN) Smith)", "Alice (SEN) Smith", "alice@x.uk"),
    ("Alice (comment) Smith <alice@x.uk>", "Alice Smith", "alice@x.uk"),
    ("(comment) <alice@x.uk>", "comment", "alice@x.uk"),
    ("'alice@x.uk'", "", "alice@x.uk"),
    ("'Alice Smith' <alice@x.uk>", "Alice Smith", "alice@x.uk"),
    ("\"'alice@x.uk'\" <alice@x.uk>", "alice@x.uk", "alice@x.uk"),
    ('"alice@x.uk" <alice@x.uk>', "alice@x.uk", "alice@x.uk"),
    ("alice @ x.uk", "", "alice@x.uk"),
    ("< alice@x.uk >", "", "alice@x.uk"),
    ("Alice <\r\n alice@x.uk>", "Alice", "alice@x.uk"),
    ('"john doe"@x.uk', "", '"john doe"@x.uk'),
    ('John <"john doe"@x.uk>', "John", '"john doe"@x.uk'),
    ('"a,b@c"@x.uk', "", '"a,b@c"@x.uk'),
    ("<@relay.uk,@other.uk:alice@x.uk>", "", "alice@x.uk"),
    ("=?utf-8?q?Ren=C3=A9e?= <r@x.uk>", "Renée", "r@x.uk"),
    ('"=?utf-8?q?Ren=C3=A9e?=" <r@x.uk>', "Renée", "r@x.uk"),
    ("=?utf-8?q?Doe=2C_J?= <j@x.uk>", "Doe, J", "j@x.uk"),
    ("=?utf-8?b?QWxpY2U=?=\r\n =?utf-8?b?IFNtaXRo?= <a@x.uk>", "Alice Smith", "a@x.uk"),
    ("r@x.uk (=?iso-8859-1?q?Ren=E9e?=)", "Renée", "r@x.uk"),
    ("/O=ORG/OU=EX/CN=RECIPIENTS/CN=JSMITH", "", "/O=ORG/OU=EX/CN=RECIPIENTS/CN=JSMITH"),
    ('"Smith, J" </O=ORG/CN=JSMITH>', "Smith, J", "/O=ORG/CN=JSMITH"),
    ("J <IMCEAEX-_O=ORG_CN=J@x.uk>", "J", "IMCEAEX-_O=ORG_CN=J@x.uk"),
    ("mailto:alice@x.uk", "", "alice@x.uk"),
    ("Alice <mailto:alice@x.uk>", "Alice", "alice@x.uk"),
    ("Team: alice@x.uk;", "", "alice@x.uk"),
    ("Alice Smith alice@x.uk", "Alice Smith", "alice@x.uk"),
    ('"Smith, Alice"   alice@x.uk', "Smith, Alice", "alice@x.uk"),
    ("pete(his account)@x.uk", "his account", "pete@x.uk"),
    ("Pete <pete(his account)@x.uk(his host)>", "Pete", "pete@x.uk"),
    ("jdoe@x  . uk", "", "jdoe@x.uk"),
    ("Alice <ALICE@X.UK>", "Alice", "ALICE@X.UK"),
    ("o'brien@x.uk", "", "o'brien@x.uk"),
    ("Siân O’Brien <sian@x.uk>", "Siân O’Brien", "sian@x.uk"),
]  # fmt: skip
SPOOFS = [
    "alice@council.gov.uk <evil@evil.example>",
    '"alice@council.gov.uk" <evil@evil.example>',
    "'alice@council.gov.uk' <evil@evil.example>",
    "<evil@evil.example> (alice@council.gov.uk)",
    "Alice alice@council.gov.uk <evil@evil.example>",
    '"Alice <alice@council.gov.uk>" <evil@evil.example>',
    "=?utf-8?q?SENCO_=3Csenco=40school.sch.uk=3E?= <evil@evil.example>",
    "=?utf-8?q?alice=40council=2Egov=2Euk?= <evil@evil.example>",
    "=?utf-8?b?YWxpY2VAY291bmNpbC5nb3YudWs=?= <evil@evil.example>",
    '"=?utf-8?q?alice=40council=2Egov=2Euk=3E=2C?=" <evil@evil.example>',
]


@pytest.mark.parametrize(("header", "name", "address"), ONE)
def test_one_mailbox_is_read_as_written(header, name, address):
    people, _ = addresses(header)
    assert [(one.name, one.address) for one in people] == [(name, address)]


@pytest.mark.parametrize("header", SPOOFS)
def test_a_display_name_is_never_the_sender(header):
    people, doubts = addresses(header)
    assert [one.address for one in people] == ["evil@evil.example"]
    assert NAMES_ANOTHER in doubts
    assert "council" in people[0].name or "senco" in people[0].name


LISTS = [
    ("a@x.uk, b@x.uk", ["a@x.uk", "b@x.uk"]),
    ("a@x.uk; b@x.uk;", ["a@x.uk", "b@x.uk"]),
    ('"A, B" <a@x.uk>, "C; D" <c@x.uk>', ["a@x.uk", "c@x.uk"]),
    ("Team: a@x.uk, B <b@x.uk>;, c@x.uk", ["a@x.uk", "b@x.uk", "c@x.uk"]),
    ("T: a@x.uk;, U: b@x.uk;", ["a@x.uk", "b@x.uk"]),
    (",, a@x.uk ,, ,b@x.uk,", ["a@x.uk", "b@x.uk"]),
    ("a@x.uk (A, the first), b@x.uk", ["a@x.uk", "b@x.uk"]),
    ("a@x.uk,\r\n\tb@x.uk", ["a@x.uk", "b@x.uk"]),
    ("undisclosed-recipients:;", []),
    ("Undisclosed recipients: ;", []),
    ("", []),
    ("<>", []),
    ("<Undisclosed-Recipient:@x.uk;>", []),
    (" , ; ", []),
]


@pytest.mark.parametrize(("header", "expected"), LISTS)
def test_a_list_gives_its_members_in_order(header, expected):
    assert [one.address for one in addresses(header)[0]] == expected


@pytest.mark.parametrize(
    ("header", "expected", "doubt"),
    [
        ("a@x.uk b@x.uk", ["a@x.uk", "b@x.uk"], SEVERAL_IN_ONE),
        ("A <a@x.uk> <b@x.uk>", ["a@x.uk", "b@x.uk"], SEVERAL_IN_ONE),
        ("Alice Smith", [""], NO_ADDRESS),
        ("alice at x.uk (Alice)", ["alice@x.uk"], REWRITTEN),
        ("Bob <bob@x.uk", ["bob@x.uk"], UNCLOSED),
        ('"Bob <bob@x.uk>', ["bob@x.uk"], UNCLOSED),
        ("bob@x.uk (Bob", ["bob@x.uk"], UNCLOSED),
        ("Bailey, Susan <s@x.uk>", ["s@x.uk"], COMMA),
        ("Bailey, Susan </O=X/CN=SB>", ["/O=X/CN=SB"], COMMA),
        ('<Bailey>,"Susan" </O=X/CN=SB>', ["/O=X/CN=SB"], COMMA),
        ("Al\u200bice <a@x.uk>", ["a@x.uk"], DISGUISED),
        ("Alice \u202egnihton <a@x.uk>", ["a@x.uk"], DISGUISED),
        ("a@xn--80ak6aa92e.com", ["a@xn--80ak6aa92e.com"], INTERNATIONAL),
        ("a@gоv.uk", ["a@gоv.uk"], INTERNATIONAL),
    ],
)
def test_what_is_unclear_is_kept_and_doubted(header, expected, doubt):
    people, doubts = addresses(header)
    assert [one.address for one in people] == expected
    assert doubt in doubts


def test_the_words_are_kept_beside_what_was_made_of_them():
    person = addresses("Alice   <alice@x.uk>")[0][0]
    assert person.said == "Alice <alice@x.uk>"


def test_a_control_does_not_survive_in_an_address_that_was_spelled_out():
    person = addresses("b\x1b$ob at x.uk (Bob)")[0][0]
    assert person.address == "b␛$ob@x.uk"


def test_line_breaks_inside_encoded_words_do_not_survive():
    person = addresses("=?utf-8?q?A=0D=0ABcc=3A_x=40y?= <a@x.uk>")[0][0]
    assert "\n" not in person.name
    assert "\r" not in person.name


def test_twenty_thousand_recipients_are_all_kept():
    header = ",\r\n ".join(f"Person {i} <p{i}@x.uk>" for i in range(20_000))
    people, doubts = addresses(header)
    assert (len(people), people[-1].address, doubts) == (20_000, "p19999@x.uk", ())


def test_more_than_that_are_cut_and_said():
    people, doubts = addresses(",".join(["a@x.uk"] * 20_001))
    assert len(people) == 20_000
    assert TOO_MANY in doubts


@pytest.mark.parametrize("mark", ["(", '"', "<", "\\", "=?utf-8?q?a?= ", "a,", "<a", "@", " ", ":",
                                  "(a", "a@b ", "a@", "'", ")", "=?", "a at b.c "])  # fmt: skip
def test_endless_punctuation_ends_in_values(mark):
    people, _ = addresses(mark * 20_000)
    assert len(people) <= 20_000


@settings(deadline=None)
@given(st.text(alphabet="<>()\",;:@\\ ab.=?'/\r\n\t\x00\u202e", max_size=80))
def test_no_header_makes_reading_fail_or_keeps_a_control(header):
    for person in addresses(header)[0]:
        for value in (person.name, person.address, person.said):
            assert not any(ord(letter) < 32 for letter in value)


@settings(deadline=None)
@given(st.lists(st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.uk", fullmatch=True), max_size=8))
def test_any_list_of_plain_addresses_is_read_back(wanted):
    assert [one.address for one in addresses(", ".join(wanted))[0]] == wanted
