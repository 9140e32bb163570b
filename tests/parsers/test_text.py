"""Bytes to text: charsets from an allow-list, and no control character left."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commtrace.parsers._text import clean, clean_line, decode

UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

CHARSETS = [
    (b"plain", None, "plain"),
    (b"plain", "us-ascii", "plain"),
    ("café".encode(), None, "café"),
    ("café".encode(), "utf-8", "café"),
    ("café".encode("utf-8-sig"), None, "café"),
    ("café".encode("utf-8-sig"), "iso-8859-1", "café"),
    ("café".encode("cp1252"), None, "café"),
    ("café".encode("latin-1"), "iso-8859-1", "café"),
    ("“quoted” – £5".encode("cp1252"), "iso-8859-1", "“quoted” – £5"),
    ("“quoted” – £5".encode("cp1252"), "us-ascii", "“quoted” – £5"),
    ("“quoted” – £5".encode(), "iso-8859-1", "“quoted” – £5"),
    ("“quoted”".encode(), "windows-1252", "“quoted”"),
    ("Łódź".encode("iso8859-2"), "ISO-8859-2", "Łódź"),
    ("Привет".encode("koi8-r"), "koi8-r", "Привет"),
    ("Привет".encode("cp1251"), "windows-1251", "Привет"),
    ("日本語".encode("iso2022_jp"), "iso-2022-jp", "日本語"),
    ("日本語".encode("iso2022_jp"), None, "日本語"),
    ("日本語".encode("shift_jis"), "x-sjis", "日本語"),
    ("日本語".encode("euc_jp"), "euc-jp", "日本語"),
    ("한국어".encode("cp949"), "ks_c_5601-1987", "한국어"),
    ("中文".encode("gb18030"), "gb2312", "中文"),
    ("中文".encode("big5"), "big5", "中文"),
    ("šį".encode("cp1257"), "windows-1257", "šį"),
    ("שלום".encode("iso8859-8"), "iso-8859-8-i", "שלום"),
    ("hello world".encode("utf-16"), None, "hello world"),
    ("hello world".encode("utf-16-le"), None, "hello world"),
    ("hello world".encode("utf-16-be"), None, "hello world"),
    ("caf\u00e9".encode("mac-roman"), "macintosh", "café"),
    (b"plain", "unknown-8bit", "plain"),
    (b"plain", '"utf-8"', "plain"),
    (b"plain", "", "plain"),
    (b"", None, ""),
]


@pytest.mark.parametrize(("data", "declared", "text"), CHARSETS)
def test_bytes_are_read_in_the_charset_they_are_in(data, declared, text):
    assert decode(data, declared)[0] == text


@pytest.mark.parametrize(
    "charset",
    ["utf-7", "UTF7", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "zlib", "bz2",
     "hex", "base64", "rot13", "undefined", "x-nosuch", "../../etc", "utf-8\x00", "a" * 5000],
)  # fmt: skip
def test_a_charset_outside_the_list_is_never_used(charset):
    text, doubt = decode(b"+ADw-script+AD4- \\ud800 \xe9", charset)
    assert text == "+ADw-script+AD4- \\ud800 é"
    assert doubt


@pytest.mark.parametrize(
    ("data", "declared"),
    [
        (b"caf\xe9", None),
        (b"caf\xe9", "utf-8"),
        ("café".encode(), "iso-8859-1"),
        (b"caf\xe9", "us-ascii"),
        (b"abc", "x-nosuch"),
        ("hello world".encode("utf-16-le"), None),
    ],
)
def test_what_had_to_be_assumed_is_said(data, declared):
    assert decode(data, declared)[1]


@pytest.mark.parametrize(("data", "declared"), [(b"abc", None), ("é".encode(), "utf-8")])
def test_what_was_plain_raises_no_doubt(data, declared):
    assert decode(data, declared)[1] is None


def test_cyrillic_without_a_label_is_detected_and_said_so():
    text, doubt = decode("Привет, как дела у вас сегодня".encode("koi8-r"), None)
    assert text == "Привет, как дела у вас сегодня"
    assert "detected" in doubt


def test_line_ends_of_every_kind_become_line_feeds():
    assert clean("a\r\nb\rc\x0bd\x0ce\u2028f\u2029g\x85h") == "a\nb\nc\nd\ne\nf\ng\nh"


def test_controls_are_made_visible_and_tabs_kept():
    assert clean("a\x00b\x07c\x1bd\x7fe\tf\x9bg") == "a␀b␇c␛d␡e\tf\ufffdg"


def test_a_lone_surrogate_cannot_reach_a_database():
    assert clean("a\ud800b\udfff") == "a\ufffdb\ufffd"


def test_a_header_line_holds_no_line_break():
    assert clean_line("hello\r\nX-Injected: yes\t\u2028 end ") == "hello X-Injected: yes end"


@settings(deadline=None)
@given(st.text(), st.sampled_from([None, "utf-8", "utf-16", "big5", "utf-7", "iso-2022-jp"]))
def test_no_text_keeps_an_unsafe_character(text, declared):
    data = text.encode("utf-8", "surrogatepass")
    assert not UNSAFE.search(clean(decode(data, declared)[0]))
    assert "\n" not in clean_line(text)


@settings(deadline=None)
@given(st.binary(max_size=300), st.none() | st.text(max_size=12))
def test_no_bytes_and_no_label_make_decoding_fail(data, declared):
    text, _ = decode(data, declared)
    assert not UNSAFE.search(clean(text))


@settings(deadline=None)
@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"],
                                      blacklist_characters="\ufeff\ufffe\uffff")))  # fmt: skip
def test_utf_8_survives_a_round_trip(text):
    assert clean(decode(text.encode(), "utf-8")[0]) == text
