"""Real Outlook stores against what pffexport and readpst say of them; 98 % of fields must agree.

Items are counted by folder and kind, and compared where a row of theirs has a like one of ours.
A field is compared where the two do not contradict each other. Where pffexport shows an Exchange
directory name and readpst an e-mail address, ours must be the address that readpst shows; where
readpst shows none, ours must be the directory name, or it counts against us.

The differences that are left (16 of 1,554 fields): the list of recipients holds an e-mail address
that neither tool prints (To and Cc of sent items; six meeting requests of which pffexport prints no
recipients; readpst confirms both); an In-Reply-To stands in the headers alone; a sender stands in
the "represented" properties alone, and readpst confirms it.
"""

from __future__ import annotations

import json
import lzma
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from papers import SHARED, item

from commtrace.model import Address, Channel, Declared, Found, Problem, Record
from commtrace.moments import Basis, utc_text
from commtrace.parsers import _program
from commtrace.parsers.pst import pst

EXPECTED = SHARED / "expected"
pytestmark = pytest.mark.skipif(
    not (EXPECTED / "pst.expected.jsonl").exists() or not (SHARED / "pst").exists(),
    reason="the corpus of real Outlook stores is not here",
)
MESSAGE = "application/vnd.ms-outlook"  # theirs give an attached message no name
TOPS = ("Root - Mailbox/IPM_SUBTREE", "Top of Personal Folders", "Top of Outlook data file",
        "Début du fichier de données Outlook")  # fmt: skip


@cache
def found(name: str) -> tuple[Found, ...]:
    path = SHARED / name
    data = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    return tuple(pst.read(item(Path(name.removesuffix(".xz")).name, data)))


def records(name: str) -> list[Record]:
    return [one for one in found(name) if isinstance(one, Record) and not inside(one)]


def inside(one: Record) -> bool:
    return one.source.part[-1].startswith("attachment ")


def expected_stores() -> list[dict[str, object]]:
    return json.loads((EXPECTED / "pst.summary.json").read_text("utf-8"))


def rows() -> list[dict[str, object]]:
    lines = (EXPECTED / "pst.expected.jsonl").read_text("utf-8").splitlines()
    found = [json.loads(line) for line in lines if line.strip()]
    return [one for one in found if "pffexport" in one["tools"]]  # readpst alone repeats them


def folder_of(theirs: str) -> str:
    for top in TOPS:
        if theirs == top or theirs.startswith(f"{top}/"):
            return theirs[len(top) + 1 :]
    return theirs


def people(addresses: tuple[Address, ...]) -> list[str]:
    return sorted({(one.address or one.name).lower() for one in addresses})


def when(record: Record, basis: Basis) -> str | None:
    times = [t for t in (record.sent, record.received) if t and t.basis is basis]
    return utc_text(times[0].earliest) if times else None


def bracketed(identifier: str | None) -> str | None:
    return f"<{identifier}>" if identifier else None


def ours(record: Record) -> dict[str, object]:
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
        "attachment_names": sorted(
            one.name for one in record.attachments if one.media_type != MESSAGE
        ),
    }


def theirs(row: dict[str, object]) -> dict[str, object]:
    given = {**row, **{kind: row["recipients"].get(kind, []) for kind in ("to", "cc", "bcc")}}
    plain = {"sender_email", "to", "cc", "bcc"}
    for name, value in given.items():
        if isinstance(value, str) and name in plain:
            given[name] = value.lower()
        if isinstance(value, list):
            given[name] = sorted(
                {v.lower() for v in value} if name in plain else (v for v in value if v)
            )
    shown = row.get("readpst") or {}
    given["sender_email"] = better(given["sender_email"], shown.get("from"))
    for kind in ("to", "cc"):
        found = {better(one, shown.get(kind)) for one in given[kind]}
        given[kind] = sorted(found) if len(given[kind]) == 1 else given[kind]
    return given


def better(address: str | None, shown: str | None) -> str | None:
    """The address that readpst shows, where pffexport has the name of a directory."""
    if not (address or "").startswith("/o="):
        return address
    said = re.findall(r"[^\s<>\"';,]+@[^\s<>\"';,]+", shown or "")
    return said[0].lower() if len(set(said)) == 1 else address


def likeness(record: Record, row: dict[str, object]) -> int:
    mine, other = ours(record), theirs(row)
    keys = ("message_id", "client_submit_utc", "delivery_utc", "subject", "attachment_names")
    return sum((5 - n) * (mine[k] == other[k]) for n, k in enumerate(keys))


def pairs() -> Iterator[tuple[dict[str, object], Record | None]]:
    free: dict[tuple[str, str], list[Record]] = {}
    for row in rows():
        store, folder = str(row["store"]), folder_of(str(row["folder"]))
        if (store, folder) not in free:
            free[store, folder] = [r for r in records(store) if (r.folder or "") == folder]
        waiting = free[store, folder]
        best = max(waiting, key=lambda r, row=row: likeness(r, row), default=None)
        if best is not None:
            waiting.remove(best)
        yield row, best


def compared() -> Iterator[tuple[str, str, object, object, bool]]:
    for row, record in pairs():
        assert record is not None, f"no item of ours for {row['folder']}: {row['subject']}"
        given, label = theirs(row), f"{row['store']}: {'/'.join(record.source.part)}"
        for name, mine in ours(record).items():
            if name in row["disagreements"] or not (name in row or name in ("to", "cc", "bcc")):
                continue
            if name in ("to", "cc", "bcc") and "recipients" in row["disagreements"]:
                continue
            other = given[name]
            yield label, name, mine, other, mine == other or not (mine or other)


def test_at_least_98_of_100_fields_agree():
    results = list(compared())
    agreeing = sum(agrees for *_, agrees in results)
    for label, name, mine, other, agrees in results:
        if not agrees:
            print(f"{label}: {name}: ours {mine!r:.120}, theirs {other!r:.120}")  # noqa: T201
    by = Counter(name for _, name, *_, agrees in results if not agrees)
    print(f"{agreeing} of {len(results)}: {agreeing / len(results):.2%}; differing {by}")  # noqa: T201
    assert len(results) > 1_000
    assert agreeing / len(results) >= 0.98


@pytest.mark.parametrize("store", [str(one["store"]) for one in expected_stores()] if
                         (EXPECTED / "pst.summary.json").exists() else [])  # fmt: skip
def test_each_store_gives_as_many_items_as_pffexport(store):
    (theirs,) = (one for one in expected_stores() if one["store"] == store)
    kinds: Counter[str] = Counter()
    for one in found(store):
        if isinstance(one, Record) and not inside(one):
            kinds["Meeting" if one.channel is Channel.MEETING else "Message"] += 1
        elif isinstance(one, Problem) and "(IPM.Contact)" in one.what:
            kinds["Contact"] += 1
    expected = Counter(theirs["pffexport_items_by_kind"])
    expected["Meeting"] += expected.pop("Appointment", 0)
    assert +kinds == +expected


@pytest.mark.skipif(not _program.is_installed("readpst"), reason="readpst is not installed")
@pytest.mark.parametrize("store", [str(one["store"]) for one in expected_stores()] if
                         (EXPECTED / "pst.summary.json").exists() else [])  # fmt: skip
def test_readpst_counts_as_many_messages_in_each_store(store):
    (theirs,) = (one for one in found(store) if isinstance(one, Declared) and one.by)
    assert theirs.number == len(records(store))


@pytest.mark.parametrize("store", [str(one["store"]) for one in expected_stores()] if
                         (EXPECTED / "pst.summary.json").exists() else [])  # fmt: skip
def test_no_checksum_of_a_whole_store_is_doubted(store):
    assert not [one for one in found(store) if isinstance(one, Problem) and "checksum" in one.what]


@pytest.mark.parametrize("store", sorted({str(row["store"]) for row in rows()}) if
                         (EXPECTED / "pst.expected.jsonl").exists() else [])  # fmt: skip
def test_each_folder_holds_as_many_messages_as_theirs(store):
    counts: dict[str, int] = defaultdict(int)
    for record in records(store):
        if record.channel is not Channel.MEETING:
            counts[record.folder or ""] += 1
    expected = Counter(
        folder_of(str(r["folder"]))
        for r in rows()
        if r["store"] == store and r["kind"] == "Message"
    )
    assert counts == expected
