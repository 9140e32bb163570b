"""A public mailing list, threaded as notmuch threads it."""

from __future__ import annotations

import email
import json
import lzma
import re
from collections import defaultdict
from datetime import UTC
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

import pytest

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
NAME = "openbmc-2020-03_04"


def opened(path):
    for found in (path, path.with_name(path.name + ".xz")):
        if found.is_file():
            data = found.read_bytes()
            return lzma.decompress(data) if found.suffix == ".xz" else data
    pytest.skip("the public corpora are not on this machine")


def ids(header):
    return re.findall(r"<([^<>\s]+)>", str(header or ""))


def people(message, field):
    return "; ".join(address for _, address in getaddresses([str(message[field] or "")]) if address)


def test_a_public_list_falls_into_the_threads_that_notmuch_finds(mail, view):
    expected = json.loads(opened(CORPORA / "threads" / f"{NAME}.notmuch.json"))
    raw = opened(CORPORA / "mbox" / "openbmc" / f"{NAME}.mbox")
    messages = {}
    for part in re.split(rb"(?m)^From .*\n", raw)[1:]:
        one = email.message_from_bytes(part)
        (identifier,) = ids(one["Message-ID"])[:1] or (None,)
        if identifier is None or identifier in messages:
            continue
        sent = parsedate_to_datetime(str(one["Date"]))
        messages[identifier] = mail(
            f"{sent.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
            people(one, "From"), people(one, "To"), str(one["Subject"] or ""),
            cc=people(one, "Cc"), mid=identifier, refs=ids(one["References"]),
            re=next(iter(ids(one["In-Reply-To"])), None),
        )  # fmt: skip
    seen = view(list(messages.values()))
    place = {one.id: identifier for identifier, one in messages.items()}
    mine, theirs = defaultdict(set), defaultdict(set)
    for row, one in enumerate(seen.ids):
        mine[int(seen.thread[row])].add(place[one])
    for identifier, group in expected.items():
        if identifier in messages:
            theirs[group].add(identifier)
    assert {frozenset(g) for g in mine.values()} == {frozenset(g) for g in theirs.values()}
