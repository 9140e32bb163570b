"""What is read the short way is read no differently from what is read with patience."""

from __future__ import annotations

import pytest

from commtrace.moments import Basis
from commtrace.parsers import _address, _head, _maildate

BLOCKS = (
    b"From: a@x.example\nTo: b@x.example\n\nbody",
    b"From: a@x.example\r\nSubject: one\r\n two\r\n\tthree\r\n\r\nbody\r\n",
    b"From: a@x.example\n \nTo : b@x.example\n\n",
    b"From:a@x.example\nFROM: b@x.example\nX-Other: c\n d\n\nbody\n\nmore",
    b"Subject: mixed\r\nFrom: a@x.example\n\r\nbody",
    b"Subject: \nFrom: a@x.example\n\n",
    b"Subject: a: b: c\n  \n d\n\nbody",
)


@pytest.mark.parametrize("block", BLOCKS)
def test_a_usual_header_block_reads_the_same_either_way(block: bytes) -> None:
    usual = _head.Head(block, len(block), {})
    any_ = _head.Head(block, len(block), {})
    assert _head._collect_usual(usual, 0)
    _head._collect_any(any_, 0)
    assert usual == any_
    assert list(usual.values) == list(any_.values)


@pytest.mark.parametrize(
    "block",
    [b"From: a\nno header\n\n", b"From: a\rTo: b\n\n", b"From: a", b" From: a\n\n",
     b"Fr om: a\n\n", b">From a\nTo: b\n\n", b"From\n : a\n\n", b"x" * 201 + b": a\n\n"],
)  # fmt: skip
def test_an_unusual_block_is_left_to_the_patient_reader(block: bytes) -> None:
    assert not _head._collect_usual(_head.Head(block, len(block), {}), 0)


@pytest.mark.parametrize(
    "text",
    [
        "Ann <a@x.example>, Bob <b@x.example>",
        '"Bailey, Susan" <s@x.example>,\n <t@x.example> , u@x.example',
        "=?utf-8?Q?A=2C_B?= <a@x.example>, 'c@x.example' <c@x.example>,",
        "<undisclosed@x.example>, <'d@x.example'>, a b@x.example at y.example <q@x.example>",
    ],
)
def test_a_list_reads_the_same_one_by_one(text: str) -> None:
    several = _address._several(text)
    assert several is not None
    assert several == _address._read(text)


@pytest.mark.parametrize(
    "text",
    ["Bailey, Susan <s@x.example>", "team: a@x.example, b@x.example;", '"open <a@x.example>, b@x',
     "<Bailey>, Susan <s@x.example>", "a@x.example (one, two), b@x.example"],
)  # fmt: skip
def test_a_list_whose_commas_may_mean_more_is_left_to_the_scanner(text: str) -> None:
    assert _address._several(text) is None


@pytest.mark.parametrize(
    "said",
    ["Mon, 7 Feb 2022 09:30:00 +0000", "07 Feb 2022 09:30:59 -0530", "7 Feb 2022 23:59:00 +1400",
     "Mon, 7 Feb 2022 09:30:00 +0100 (CET)"],
)  # fmt: skip
def test_a_usual_date_reads_the_same_either_way(said: str) -> None:
    usual = _maildate._usual(said)
    written = _maildate._parts(said)
    assert usual is not None
    assert written is not None
    wall = _maildate._wall(written)
    assert wall is not None
    offsets, doubt = _maildate._zone(written.zone, wall)
    patient = _maildate._moment(wall, offsets, said, Basis.DATE_HEADER)
    assert doubt is None
    assert _maildate.mail_date(said, Basis.DATE_HEADER) == (patient, ())


@pytest.mark.parametrize(
    "said",
    ["Tue, 7 Feb 2022 09:30:00 +0000", "7 Feb 2022 09:30:00 -0000", "7 Feb 1960 09:30:00 +0000",
     "30 Feb 2022 09:30:00 +0000", "7 Feb 2022 09:30:60 +0000", "7 Feb 2022 09:30:00 +1500"],
)  # fmt: skip
def test_a_date_with_any_doubt_is_left_to_the_patient_reader(said: str) -> None:
    assert _maildate._usual(said) is None
