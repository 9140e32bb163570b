"""Outlook's conversation index, against published vectors and one real mailbox."""

from __future__ import annotations

import base64
import email
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from commtrace.reconstruction.conversation_index import decode, implied_ancestors, names

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"


def as_hex(index: str) -> str:
    return base64.b64decode(index).hex()


def test_the_published_vector_of_outlooks_own_layout_is_read_to_the_tick():
    found = decode(
        as_hex("AdQc2DN7rLoS3hgnE/O76rpFzxN/EwAddF4A"), datetime(2018, 7, 16, 22, 0, tzinfo=UTC)
    )
    assert found.layout == "A"
    assert found.root == datetime(2018, 7, 16, 7, 40, 0, 279961, tzinfo=UTC)
    assert found.levels[0] - found.root == timedelta(
        hours=14, minutes=3, seconds=22, microseconds=547610
    )


def test_exchanges_layout_gives_the_parents_time_that_the_quoted_header_confirms():
    found = decode(
        as_hex("AQHVhR9LGUVEvKQVEkujU+rrTdrjGqdoYWkAgAAF6gA="),
        datetime(2019, 10, 23, 15, 44, 44, tzinfo=UTC),
    )
    assert found.layout == "B"
    assert found.root.replace(microsecond=0) == datetime(2019, 10, 17, 19, 15, 52, tzinfo=UTC)
    assert found.levels[0].replace(microsecond=0) == datetime(2019, 10, 23, 15, 23, 31, tzinfo=UTC)


def test_without_the_messages_own_date_only_the_root_is_dated():
    found = decode(as_hex("AQHVhR9LGUVEvKQVEkujU+rrTdrjGqdoYWkAgAAF6gA="), None)
    assert found.root is not None
    assert found.levels == (None, None)


def test_a_level_after_the_message_itself_is_not_believed(index):
    made = index("2022-01-10 09:00", "2022-01-12 09:00", "2022-01-11 12:00")
    found = decode(made, datetime(2022, 1, 11, 12, 0, tzinfo=UTC))
    assert found.levels[0] is None
    assert found.levels[1] is not None


def test_a_configuration_items_header_gives_no_time():
    assert decode("010000000000" + "ab" * 16, datetime(2022, 1, 1, tzinfo=UTC)).root is None


@pytest.mark.parametrize("index", ["", "01", "02" + "00" * 21, "zz" * 22])
def test_what_is_no_index_names_nothing(index):
    assert decode(index, None) is None


def test_a_remainder_of_less_than_five_bytes_is_dropped():
    assert names("01" + "ab" * 21 + "cdef") == ("01" + "ab" * 21,)


def test_every_prefix_of_a_leaf_is_an_ancestor(index):
    leaf = index("2022-01-10 09:00", "2022-01-10 10:00", "2022-01-10 11:00", "2022-01-10 12:00")
    assert implied_ancestors([leaf]) == {leaf[:44], leaf[:54], leaf[:64]}


def test_one_real_mailbox_holds_253_indices_and_lacks_120_of_157_ancestors():
    packed = CORPORA / "enron_eml" / "freeeed" / "enron-edrm-bailey-s-eml.tar.xz"
    if not packed.is_file():
        pytest.skip("the public corpora are not on this machine")
    written = []
    with tarfile.open(packed) as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is None or not member.name.endswith(".eml"):
                continue
            found = email.message_from_binary_file(stream)["Thread-Index"]
            if found:
                written.append(base64.b64decode("".join(found.split()) + "==").hex())
    held = {prefixes[-1] for index in written if (prefixes := names(index))}
    ancestors = implied_ancestors(written)
    assert (len(held), len(ancestors), len(ancestors - held)) == (253, 157, 120)


def test_a_chain_of_thousands_of_levels_is_no_conversation():
    assert names("01" + "ab" * 21 + "cd" * 50_000) == ()
