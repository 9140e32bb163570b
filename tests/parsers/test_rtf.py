"""Rich text as Outlook packs it: unpacked, its HTML or text taken out, its limits kept."""

from __future__ import annotations

import time

import pytest
from compressed_rtf import compress
from papers import outlook, record

from commtrace.parsers import _rtf
from commtrace.parsers.msg import msg

WRAPPED = (
    rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}"
    rb"{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Dear all, the caf\'e9 is \u8364?5{\*\htmltag84 <b>}"
    rb"\htmlrtf {\b\htmlrtf0 shut{\*\htmltag92 </b>}\htmlrtf }\htmlrtf0{\*\htmltag72 </p>}"
    rb"\htmlrtf }\htmlrtf0}"
)


def test_html_wrapped_in_rich_text_comes_out_as_html():
    assert _rtf.to_text(WRAPPED) == ("<p>Dear all, the café is €5<b>shut</b></p>", True)


def test_plain_rich_text_comes_out_as_its_words():
    rtf = rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator X;}One\par Two\tab 3}"
    assert _rtf.to_text(rtf) == ("One\nTwo\t3", False)


def test_a_font_of_another_alphabet_is_read_in_its_code_page():
    rtf = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}\f1 \'cf\'f0}"
    assert _rtf.to_text(rtf)[0] == "Пр"


def test_a_message_with_rich_text_alone_is_read():
    data = outlook({"class": "IPM.Note"}, binaries={0x1009: compress(WRAPPED)})
    assert record(msg, "a.msg", data).text.strip() == "Dear all, the café is €5shut"


def test_a_wrong_checksum_is_a_doubt_and_the_text_is_kept():
    packed = bytearray(compress(WRAPPED))
    packed[12] ^= 1
    rtf, doubt = _rtf.unpack(bytes(packed))
    assert (rtf.startswith(b"{\\rtf1"), doubt) == (True, _rtf.CHECKSUM)


@pytest.mark.parametrize("raw", [b"", b"x" * 15, b"x" * 40, b"\0" * 16])
def test_what_is_no_packed_rich_text_is_said_so(raw):
    assert _rtf.unpack(raw) == (b"", _rtf.UNREADABLE)


def test_rich_text_too_large_to_unpack_is_left_out():
    raw = (
        (len(b"x") + 12).to_bytes(4, "little") + (1 << 30).to_bytes(4, "little") + b"LZFu\0\0\0\0x"
    )
    assert _rtf.unpack(raw) == (b"", _rtf.TOO_LARGE)


@pytest.mark.parametrize("rtf", [b"{" * 500_000, b"\\'e9" * 200_000, b"}" * 300_000])
def test_a_megabyte_of_braces_or_bytes_is_read_in_a_blink(rtf):
    before = time.process_time()
    _rtf.to_text(rtf)
    assert time.process_time() - before < 5
