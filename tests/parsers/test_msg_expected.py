"""Real Outlook files against what three other readers say of them; 99 % of fields must agree.

Times are compared by what they rest on, people as sets of addresses. Where the three contradict
each other, a field agrees if ours is what one of them says: an Exchange directory name beside the
address that the message's own From header gives, a letter beside the U+FFFD of a reader that could
not decode it.

The differences that are left (5 of 1,076 fields): a sender that stands in the "represented"
properties alone (two fields, and readpst shows the same in a store); of a file damaged on purpose a
recipient of the display line and the name of an attachment (its characters below U+0020 are shown
as pictures); an organiser who stands in the list of those invited, and whom we do not count as told
by himself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from papers import SHARED, item

from commtrace.model import Address, Embedded, Mark, Problem, Record
from commtrace.moments import Basis, utc_text
from commtrace.parsers.msg import msg
from commtrace.plugins import choose

EXPECTED = SHARED / "expected" / "msg.expected.jsonl"
pytestmark = pytest.mark.skipif(
    not EXPECTED.exists() or not (SHARED / "msg").exists(),
    reason="the corpus of real Outlook files is not here",
)
NO_MESSAGE = ("IPM.Contact", "IPM.Task")


def rows() -> list[dict[str, object]]:
    lines = EXPECTED.read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def people(addresses: tuple[Address, ...]) -> list[str]:
    return sorted({(one.address or one.name).lower() for one in addresses})


def when(found: Record, basis: Basis) -> str | None:
    times = [t for t in (found.sent, found.received) if t and t.basis is basis]
    return utc_text(times[0].earliest) if times else None


def bracketed(identifier: str | None) -> str | None:
    return f"<{identifier}>" if identifier else None


def ours(found: list[object], record: Record) -> dict[str, object]:
    inside = [one for one in found if isinstance(one, Embedded)]
    sender = record.sender
    return {
        "subject": record.subject,
        "sender_name": sender.name if sender else None,
        "sender_email": sender.address.lower() if sender else None,
        "client_submit_utc": when(record, Basis.MAPI_SUBMIT),
        "delivery_utc": when(record, Basis.MAPI_DELIVERY),
        "message_id": bracketed(record.message_id),
        "in_reply_to": bracketed(record.in_reply_to),
        "to": people(record.to),
        "cc": people(record.cc),
        "bcc": people(record.bcc),
        "n_attachments": len(record.attachments),
        "attachment_names": sorted(one.name for one in record.attachments),
        "n_embedded_messages": sum(
            one.media_type == "application/vnd.ms-outlook" for one in inside
        ),
        "is_draft_unsent": Mark.DRAFT in record.marks,
    }


def plain(theirs: object) -> object:
    return sorted(set(theirs)) if isinstance(theirs, list) else theirs


def compared() -> Iterator[tuple[str, str, object, object, bool]]:
    for row in rows():
        path = SHARED / str(row["file"])
        if "tools" not in row or not path.exists() or row["message_class"] in NO_MESSAGE:
            continue
        found = list(msg.read(item(path.name, path.read_bytes())))
        record = next(one for one in found if isinstance(one, Record))
        if record.sent and record.sent.basis is Basis.DATE_HEADER:
            mine = utc_text(record.sent.earliest)
            theirs = row["transport_header_date_utc"]
            yield path.name, "transport_header_date_utc", mine, theirs, mine == theirs
        for field, mine in ours(found, record).items():
            theirs = plain(row[field])
            others = [theirs, *row["disagreements"].get(field, {}).values()]
            agrees = any(mine == plain(one) or not (mine or one) for one in others)
            yield path.name, field, mine, theirs, agrees


def test_at_least_99_of_100_fields_agree():
    results = list(compared())
    agreeing = sum(agrees for *_, agrees in results)
    for name, field, mine, theirs, agrees in results:
        if not agrees:
            print(f"{name}: {field}: ours {mine!r:.120}, theirs {theirs!r:.120}")  # noqa: T201
    print(f"{agreeing} of {len(results)} fields agree: {agreeing / len(results):.2%}")  # noqa: T201
    assert len(results) > 1_000
    assert agreeing / len(results) >= 0.99


def test_contacts_and_tasks_are_named_and_not_read_as_mail():
    for row in rows():
        path = SHARED / str(row["file"])
        if row.get("message_class") in NO_MESSAGE and path.exists():
            (problem,) = msg.read(item(path.name, path.read_bytes()))
            assert isinstance(problem, Problem)


def test_a_mail_that_is_only_named_msg_is_left_to_the_format_that_claims_it():
    path = SHARED / "msg" / "aleph" / "fnf.msg"
    if not path.exists():
        pytest.skip("this file is not here")
    assert msg not in choose(item(path.name, path.read_bytes()))
