"""Holds an exported ledger to the evidence itself, with nothing but the standard library.

`python tests/independent_checker.py SOURCE EXPORT` walks SOURCE, opens archives, mailboxes and
messages its own way, and prints where `commtrace export` disagrees, file by file, level by level.
"""

import contextlib
import email.policy
import hashlib
import io
import json
import mailbox
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

STATES = ("read", "partly", "duplicate", "unsupported", "failed", "excluded")


def rows(export, name):
    return map(json.loads, (Path(export) / f"{name}.jsonl").read_bytes().splitlines())


def inside(data):
    """What lies directly in some bytes: how many things, and the bytes of those that have some."""
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            return len(members), [archive.read(one) for one in members if not one.flag_bits & 1]
    if data.startswith(b"From "):
        with tempfile.TemporaryDirectory() as folder:
            (path := Path(folder) / "box").write_bytes(data)
            with contextlib.closing(mailbox.mbox(path, create=False)) as box:
                return len(box), []
    message = email.message_from_bytes(data, policy=email.policy.default)
    attached = [one.get_payload(decode=True) for one in message.iter_attachments()]
    has_bytes = [one for one in attached if one is not None]  # a message has none of its own
    return (len(attached), has_bytes) if message["From"] and message["Date"] else (None, [])


def opened(data, place, listed, wrong, path):
    """Hold the rows at and beneath a place to what its bytes hold, unless they were not read."""
    row = listed.get(place, {"status": "failed"})
    wrong += [] if place in listed else [f"{path} {place}: is not listed"]
    number, things = (None, []) if row["status"] in {"failed", "unsupported"} else inside(data)
    if number is not None and row["inside"]["found"] != number:
        wrong.append(f"{path} {place}: {number} things lie inside, {row['inside']['found']} listed")
    for thing in things:
        digest = hashlib.sha256(thing).hexdigest()
        below = [p for p, one in listed.items() if p[:-1] == place and one["sha256"] == digest]
        wrong += [] if below else [f"{path} {place}: {digest[:12]} inside is not listed"]
        for inner in below[:1]:
            opened(thing, inner, listed, wrong, path)


def check(source, export):
    """The disagreements between a folder of evidence and an export, a sentence each."""
    wrong, ledger = [], {row["path"]: row for row in rows(export, "evidence")}
    listed, records = {}, {}
    for row in rows(export, "contained"):
        listed.setdefault(row["source"]["sha256"], {})[tuple(row["source"]["part"])] = row
    for one in rows(export, "communications"):
        for seen in one["sightings"]:
            records.setdefault(seen["sha256"], set()).add(tuple(seen["part"]))
    files = {p.relative_to(source).as_posix(): p for p in Path(source).rglob("*") if p.is_file()}
    wrong += [f"{path}: only in one of the two" for path in sorted(files.keys() ^ ledger.keys())]
    for path in sorted(files.keys() & ledger.keys()):
        data, row = files[path].read_bytes(), ledger[path]
        digest = hashlib.sha256(data).hexdigest()
        if row["status"] not in STATES or (row["sha256"], row["size"]) != (digest, len(data)):
            wrong.append(f"{path}: other bytes, or no state, are in the ledger")
        if row["status"] != "duplicate":
            opened(data, (), listed.get(digest, {}), wrong, path)
    for digest, below in listed.items():
        wrong += levels(digest, below, records.get(digest, set()))
    return wrong


def levels(digest, below, records):
    """Every thing in a container is in one state, and their numbers are those of its row."""
    states = dict.fromkeys(records, "read") | {p: one["status"] for p, one in below.items()}
    for place, row in below.items():
        found = Counter(s for p, s in states.items() if p and p[:-1] == place)
        said = {state: row["inside"][state] for state in STATES if row["inside"][state]}
        if dict(found) != said or row["inside"]["found"] != found.total():
            yield f"{digest[:12]} {place}: {dict(found)} lie inside, {said} listed"
        if row["status"] == "read" and not found and place not in records:
            yield f"{digest[:12]} {place}: is said to be read and gave nothing"
    for place in states:
        if place and place[:-1] not in below:
            yield f"{digest[:12]} {place}: nothing is listed that holds it"


if __name__ == "__main__":
    found = check(*sys.argv[1:3])
    print("\n".join(found) or "The ledger agrees.")  # noqa: T201 - a script
    sys.exit(bool(found))
