"""Whose mailbox a sent item lies in, where nothing in the file says so.

What was received names its mailbox (Delivered-To); what was sent does not. A file in the same
mailbox folder as received items of one person, and sent by that person, is taken as theirs and
marked inferred. Without it a mailbox of loose files would seem to hold no sent items at all.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from commtrace.model import Communication, Sighting

_BOX = re.compile(
    r"^\W?(?:inbox|sent\b.*|outbox|drafts?|deleted\b.*|trash|bin|junk\b.*|spam|archived?|cur|new|tmp"
    r"|all mail|maildir)$",
    re.IGNORECASE,
)
_MOST = 2 / 3  # share of a folder's named copies that are one person's


def with_owners(communications: Sequence[Communication]) -> list[Communication]:
    """The communications, those sent by the owner of their mailbox folder said to be theirs."""
    owners = _owners(communications)
    return [_placed(one, owners) for one in communications] if owners else list(communications)


def mailbox_folder(path: str) -> str:
    """The folder of a file, without what only sorts a mailbox (Inbox, Sent Items, cur)."""
    parts = path.replace("\\", "/").split("/")[:-1]
    while parts and _BOX.match(parts[-1]):
        parts.pop()
    return "/".join(parts)


def _owners(communications: Sequence[Communication]) -> dict[str, str]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in communications:
        for copy in one.sightings:
            if copy.custodian and copy.custodian_inferred:
                counts[mailbox_folder(copy.source.path)][copy.custodian] += 1
    found = {}
    for folder, names in counts.items():
        name, most = min(names.items(), key=lambda item: (-item[1], item[0]))
        if most >= _MOST * names.total():
            found[folder] = name
    return found


def _placed(one: Communication, owners: dict[str, str]) -> Communication:
    sender = one.sender.address.casefold() if one.sender else ""
    if not sender or all(copy.custodian for copy in one.sightings):
        return one
    return replace(one, sightings=tuple(_owned(copy, sender, owners) for copy in one.sightings))


def _owned(copy: Sighting, sender: str, owners: dict[str, str]) -> Sighting:
    if copy.custodian or owners.get(mailbox_folder(copy.source.path), "").casefold() != sender:
        return copy
    return replace(copy, custodian=sender, custodian_inferred=True)
